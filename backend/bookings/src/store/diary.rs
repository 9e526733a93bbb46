//! What a practice's calendar shows: its people, what is booked with them and what else takes their time.

use std::{collections::HashMap, ops::Range};

use anyhow::{Context as _, Result};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentId, AudCents, BookingId, GroupSessionId, OrganizationId, PatientId, PractitionerRoleId,
    ProposalId, Zone,
    bookings::{
        AppointmentStatus, AppointmentType, CancellationPolicy, Cancelling, ChangeReason, PracticePatient,
        Quote,
        home_visit::VisitAddress,
        mistake::IfMistake,
        practice::{CalendarAppointment, GroupSeat, Reachable, TakenBy, TakenSpan},
        proposal::{NotTaken, Proposed},
        resources::PracticeResource,
        schedule::Holiday,
    },
    payments::PaymentStep,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{payment_standing, statement};
use crate::domain::{Standing, may_be_error, money_moved, no_show_fee};

/// An appointment as a calendar shows it, with what its next steps go by. What the reader may do with it is left out.
#[derive(Clone, Debug)]
pub struct Entry {
    pub appointment: CalendarAppointment,
    /// With whom, and in the zone of which place.
    pub practitioner_name: String,
    pub time_zone: Zone,
    pub standing: Standing,
    /// Whether nothing stands against saying that it never was one.
    pub may_be_error: bool,
    /// What saying so means.
    pub if_mistake: IfMistake,
    /// Whether what was noted of it is disputed, and nobody has decided.
    pub disputed: bool,
    /// Whose record it is.
    pub whose: Option<PatientId>,
}

/// What is booked with some roles within a window, in order of time; of each booking the newest link.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn entries(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    window: &Range<Timestamp>,
) -> Result<Vec<Entry>> {
    load(conn, None, roles, window).await
}

/// One appointment.
///
/// # Errors
/// As [`entries`], and when there is no such appointment.
pub async fn entry(conn: &mut PgConnection, appointment: AppointmentId) -> Result<Entry> {
    entries_of(conn, &[appointment]).await?.pop().context("one is found for one")
}

/// Some appointments, in the order in which they are asked for.
///
/// # Errors
/// As [`entries`], and when one of them is not there.
pub async fn entries_of(conn: &mut PgConnection, appointments: &[AppointmentId]) -> Result<Vec<Entry>> {
    let nowhen = Timestamp::UNIX_EPOCH..Timestamp::UNIX_EPOCH;
    let found = load(conn, Some(appointments), &[], &nowhen).await?;
    let found: HashMap<_, _> =
        found.into_iter().map(|entry| (entry.appointment.appointment_id, entry)).collect();
    let wanted = appointments.iter().map(|id| found.get(id).cloned().context("the appointment is there"));
    wanted.collect()
}

async fn load(
    conn: &mut PgConnection,
    appointments: Option<&[AppointmentId]>,
    roles: &[PractitionerRoleId],
    window: &Range<Timestamp>,
) -> Result<Vec<Entry>> {
    let appointments: Option<Vec<Uuid>> = appointments.map(|ids| ids.iter().map(|id| id.0).collect());
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query_file!(
        "src/store/diary/load.sql",
        appointments as Option<Vec<Uuid>>,
        &roles,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let status = AppointmentStatus::from_code(&row.status).context("a known appointment status")?;
        let known = |code: String| ChangeReason::from_code(&code).context("a known reason");
        let reply_by = row.reply_by.map(|at| at.to_jiff());
        let attendance_confirmed_at = row.attendance_confirmed_at.map(|at| at.to_jiff());
        let standing = Standing {
            status,
            start: row.starts_at.to_jiff(),
            policy: row.policy.0,
            late_fee_cents: row.late_fee_cents,
            reply_by,
            attendance_confirmed_at,
            completed_at: row.completed_at.map(|at| at.to_jiff()),
            presumed: row.presumed,
            no_show_fee_cents: no_show_fee(
                row.quote.as_deref(),
                row.policy.0,
                row.appointment_type.bulk_billed,
            ),
            claim_lodged: row.claim_lodged_at.is_some(),
        };
        let takes = row.taken_from.zip(row.taken_until);
        let appointment = CalendarAppointment {
            appointment_id: row.appointment_id,
            booking_id: row.booking_id,
            practitioner_role_id: row.practitioner_role_id,
            version: row.version,
            status,
            reason: row.reason.map(known).transpose()?,
            appointment_type: row.appointment_type.0,
            start: standing.start,
            end: row.ends_at.to_jiff(),
            takes: takes.map(|(from, until)| (from.to_jiff(), until.to_jiff())),
            fitted_in: row.fitted_in,
            reply_by: reply_by.filter(|_| status == AppointmentStatus::Requested),
            attendance_confirmed_at,
            acts: Vec::new(),
            may_reschedule: false,
            may_propose: false,
            proposed: proposed(
                row.proposal_id,
                row.proposed_start.zip(row.proposed_end).map(|(from, until)| from.to_jiff()..until.to_jiff()),
                row.answer_until.map(|at| at.to_jiff()),
            ),
            not_taken: not_taken(row.not_taken_start.map(|at| at.to_jiff()), row.not_taken_status.as_deref()),
            policy: standing.policy,
            cancelling_now: Cancelling::NotPossible,
            late_fee_cents: standing.late_fee_cents,
            no_show_fee_cents: standing.no_show_fee_cents,
            reachable: Reachable::of(&row.email, row.wants_texts),
            patient: PracticePatient {
                name: row.name.into(),
                preferred_name: row.preferred_name.map(Into::into),
                date_of_birth: row.date_of_birth.to_jiff().into(),
                email: row.email.into(),
                mobile: row.mobile.into(),
            },
            statements: Vec::new(),
            resources: row.resources.0,
            series_id: row.series_id.map(Into::into),
            group: group_seat(row.group_session_id, row.group_seats, row.seats_taken),
            visit: visit(row.visit_street, row.visit_locality, row.visit_postcode),
            if_mistake: None,
            booked_zone: row.booked_zone.map(|zone| zone.parse()).transpose()?,
        };
        let may_be_error = may_be_error(status, row.disputed, row.said_by_patient.unwrap_or(false)).is_ok();
        let disputed = row.disputed;
        let payment = row.payment_status.map(|code| payment_standing::known(&code)).transpose()?;
        let step = |code: String| PaymentStep::from_code(&code).context("a known payment step");
        let if_mistake = IfMistake {
            money: money_moved(payment.zip(row.left_cents), row.payment_step.map(step).transpose()?),
            claim_lodged: standing.claim_lodged,
            asked_at: row.mistake_asked_at.map(|at| at.to_jiff()),
        };
        Ok(Entry {
            appointment,
            practitioner_name: row.practitioner_name,
            time_zone: row.time_zone.parse()?,
            standing,
            may_be_error,
            if_mistake,
            disputed,
            whose: row.patient_id,
        })
    });
    with_statements(conn, entries.collect::<Result<_>>()?).await
}

/// The session of somebody who has a seat in one; the database has all of it or none.
fn group_seat(id: Option<GroupSessionId>, seats: Option<i16>, taken: i64) -> Option<GroupSeat> {
    let (group_session_id, seats) = (id?, u16::try_from(seats?).ok()?);
    Some(GroupSeat { group_session_id, seats_taken: u16::try_from(taken).unwrap_or(seats), seats })
}

/// Where somebody is visited; the database has all of it or none.
fn visit(street: Option<String>, locality: Option<String>, postcode: Option<String>) -> Option<VisitAddress> {
    let (street, locality, postcode) = (street?, locality?, postcode?);
    Some(VisitAddress {
        street: street.into(),
        locality: locality.into(),
        postcode: postcode.into(),
        point: None,
    })
}

/// Another time that is proposed; the database has all of it or none.
fn proposed(
    id: Option<ProposalId>,
    visit: Option<Range<Timestamp>>,
    answer_until: Option<Timestamp>,
) -> Option<Proposed> {
    let (proposal_id, visit, answer_until) = (id?, visit?, answer_until?);
    Some(Proposed { proposal_id, start: visit.start, end: visit.end, answer_until })
}

/// A time that was proposed in vain; the database has all of it or none.
fn not_taken(start: Option<Timestamp>, status: Option<&str>) -> Option<NotTaken> {
    let (start, status) = (start?, status?);
    Some(NotTaken { start, refused: status == "refused" })
}

/// Adds what patients say beside these records.
async fn with_statements(conn: &mut PgConnection, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let bookings: Vec<_> = entries.iter().map(|entry| entry.appointment.booking_id).collect();
    let mut said = statement::of_bookings(conn, &bookings).await?;
    for Entry { appointment, .. } in &mut entries {
        let its_own = said.extract_if(.., |(booking_id, _)| *booking_id == appointment.booking_id);
        appointment.statements = its_own.map(|(_, statement)| statement).collect();
    }
    Ok(entries)
}

/// What takes these roles' time within a window and is no appointment with them: times that are held, what their
/// practitioners do elsewhere, and what their other calendars say; all of the window, once what one said is too old.
///
/// # Errors
/// When the database fails.
pub async fn taken(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    window: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<Vec<(PractitionerRoleId, TakenSpan)>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId",
               lower(reservation.during) as "start!", upper(reservation.during) as "end!",
               case role.practitioner_role_id
                   when hold.practitioner_role_id then hold.expires_at
                   when session.practitioner_role_id then seats.until
               end as held_until
           from bookings.role
               join bookings.reservation on reservation.resource_id = role.resource_id
               left join bookings.hold on hold.hold_id = reservation.hold_id
               left join bookings.appointment on appointment.appointment_id = reservation.appointment_id
               left join bookings.group_session session on session.group_session_id = reservation.group_session_id
               left join lateral (
                   select max(kept.expires_at) as until, bool_or(seat.appointment_id is not null) as booked
                   from bookings.group_seat seat left join bookings.hold kept using (hold_id)
                   where seat.group_session_id = session.group_session_id
               ) seats on true
           where role.practitioner_role_id = any($1) and reservation.during && tstzrange($2, $3)
               and (hold.hold_id is null or (hold.status = 'active' and hold.expires_at > $4))
               and appointment.practitioner_role_id is distinct from role.practitioner_role_id
               -- A session in which somebody is booked is shown by who comes to it.
               and (session.practitioner_role_id is distinct from role.practitioner_role_id or not seats.booked)
               -- One whose holds have all lapsed takes no time, like any of them alone.
               and (session.group_session_id is null or seats.booked or seats.until > $4)
           union all
           select practitioner_role_id, lower(during), upper(during), null from bookings.external_busy
           where practitioner_role_id = any($1) and during && tstzrange($2, $3)
           union all
           -- What was never read or is too old by now says nothing of any time, and none is sold (`Calendar::elsewhere`).
           select practitioner_role_id, $2::timestamptz, $3::timestamptz, null from bookings.external_calendar
           where practitioner_role_id = any($1) and (fresh_until > $4) is not true
           -- The calendar's tag is of all of it: the same spans come in the same order.
           order by 1, 2, 3, 4"#,
        &roles,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let spans = rows.into_iter().map(|row| {
        let by = match row.held_until {
            Some(until) => TakenBy::Held { until: until.to_jiff() },
            None => TakenBy::Elsewhere,
        };
        (row.practitioner_role_id, TakenSpan { start: row.start.to_jiff(), end: row.end.to_jiff(), by })
    });
    Ok(spans.collect())
}

/// A practice's people and places, in order of their names, each with the version of its schedule.
///
/// # Errors
/// When the database fails.
pub async fn roles(
    conn: &mut PgConnection,
    organization: OrganizationId,
) -> sqlx::Result<Vec<(PractitionerRoleId, Option<i32>)>> {
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId", schedule.version as "version?"
           from bookings.role left join bookings.schedule using (practitioner_role_id)
           where role.organization_id = $1 order by role.name, role.practitioner_role_id limit 200"#,
        organization.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.practitioner_role_id, row.version)).collect())
}

/// The public holidays of a role's place on some days, both included.
///
/// # Errors
/// When the database fails.
pub async fn holidays(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    days: (Date, Date),
) -> sqlx::Result<Vec<Holiday>> {
    let found = holidays_of(conn, &[role], days).await?;
    Ok(found.into_iter().map(|(_, holiday)| holiday).collect())
}

/// The public holidays of some roles' places on some days, both included; a day has one name for each role.
///
/// # Errors
/// When the database fails.
pub async fn holidays_of(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    (from, to): (Date, Date),
) -> sqlx::Result<Vec<(PractitionerRoleId, Holiday)>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"select distinct on (role.practitioner_role_id, holiday.date)
               role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", holiday.date, holiday.name
           from bookings.role join bookings.holiday on holiday.scope = any(role.holiday_scopes)
           where role.practitioner_role_id = any($1) and holiday.date between $2 and $3
           order by role.practitioner_role_id, holiday.date, holiday.name"#,
        &roles,
        from.to_sqlx() as jiff_sqlx::Date,
        to.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    let holidays = rows
        .into_iter()
        .map(|row| (row.practitioner_role_id, Holiday { date: row.date.to_jiff(), name: row.name }));
    Ok(holidays.collect())
}
