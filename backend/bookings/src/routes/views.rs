//! What several endpoints show and look up in the same way.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use kernel::{
    Core, Reject,
    audit::{self, Actor, Outcome, Purpose},
    ticket,
};
use shared_types::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, OrganizationId, PatientId, PractitionerRoleId,
    Problem, Zone,
    bookings::{
        Appointment, AppointmentFact, AppointmentStatus, Hold, Quote, free_times, proposal::Proposed,
    },
    payments::quote::PaymentTicket,
    personal::Personal,
    problem::FieldError,
    time::when_words,
    users::NoteTicket,
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    domain::{TransitionError, Why, cohorts, sign_ticket},
    state::State,
    store::{
        appointment::{self, AppointmentRow},
        calendar::{self, Calendar, TypeRow},
        funding,
        hold::HoldRow,
        proposal, schedule,
    },
    visitor::{Visitor, actor_for, may_see, may_see_money},
};

/// How long somebody may look at a free time whose notice begins meanwhile and still get it.
const LOOKED_AT: SignedDuration = SignedDuration::from_mins(5);

/// How many other times a loser is shown.
pub const ALTERNATIVES: usize = 6;
/// How far around the wanted time they are looked for, in days.
const ALTERNATIVE_DAYS: i32 = 14;

/// How long after a hold's end its notes are still taken: what was typed in time may be on its way.
const NOTES_AFTER_HOLD: SignedDuration = SignedDuration::from_mins(5);

/// Furthest ahead that any calendar reaches, in days.
const FURTHEST_DAYS: i64 = 366;

/// Where to look for a start that somebody asked for: what is sent may lie thousands of years away.
pub fn within_reach(wanted: Timestamp, now: Timestamp) -> Timestamp {
    let furthest = now.saturating_add(SignedDuration::from_hours(24 * FURTHEST_DAYS)).unwrap_or(now);
    wanted.clamp(now, furthest)
}

/// A role's calendar with the days around an instant within reach, and one of its types.
pub async fn calendar_around(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    appointment_type: AppointmentTypeId,
    around: Timestamp,
) -> Result<(Calendar, TypeRow), Reject> {
    let calendar = days_around(conn, role, around).await?;
    let row = calendar.find_type(appointment_type).cloned();
    let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
    if calendar.offering(&row).is_none() {
        return Err(Problem::new("not-bookable", 409, "This provider cannot be booked here")
            .detail("Call the practice instead.")
            .into());
    }
    Ok((calendar, row))
}

/// A role's calendar with the days in which alternatives to an instant are looked for.
pub async fn days_around(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    around: Timestamp,
) -> Result<Calendar, Reject> {
    let day = around.to_zoned(jiff::tz::TimeZone::UTC).date();
    let (from, to) = (plus_days(day, -ALTERNATIVE_DAYS - 1), plus_days(day, ALTERNATIVE_DAYS + 1));
    load_calendar(conn, role, from, to).await
}

/// A role's calendar, or 404.
pub async fn load_calendar(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    from: Date,
    to: Date,
) -> Result<Calendar, Reject> {
    let calendar = calendar::load(conn, role, from, to).await?;
    calendar.ok_or_else(|| Problem::not_found("This provider").into())
}

pub fn plus_days(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

/// Whether a start is one that the rules and the practitioner's other calendar offer, or did when it was shown, whoever may
/// have it.
pub fn is_offered(calendar: &Calendar, row: &TypeRow, start: Timestamp, now: Timestamp) -> bool {
    let Some(offering) = calendar.offering(row) else { return false };
    let just_it = start..start.saturating_add(SignedDuration::from_micros(1)).unwrap_or(start);
    let (availability, elsewhere) = (calendar.availability_for(row), calendar.elsewhere(now));
    let offered_at =
        |then| !free_times(&availability, &offering, &elsewhere, just_it.clone(), then).is_empty();
    let shown = now.saturating_sub(LOOKED_AT).unwrap_or(now);
    offered_at(now) || (start > now && offered_at(shown))
}

/// The time is gone: 409 with the nearest other ones.
pub async fn time_taken(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    wanted: Timestamp,
    now: Timestamp,
) -> Result<Problem, Reject> {
    let alternatives = alternatives(conn, calendar, row, wanted, now).await?;
    Ok(Problem::new("time-taken", 409, "That time is no longer free")
        .detail("Nothing was booked. What you entered is kept: choose another time.")
        .alternatives(alternatives))
}

/// The group that meets then meets for less time: what was sent at `field` does not fit.
pub fn session_shorter(field: &str) -> Problem {
    let detail = "A group meets at this time, and for less long: choose its length or another time";
    Problem::invalid(vec![FieldError::new(field, detail)])
}

/// The free times nearest to one, in order of time.
pub async fn alternatives(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    wanted: Timestamp,
    now: Timestamp,
) -> Result<Vec<Timestamp>, Reject> {
    let wanted = within_reach(wanted, now);
    let day = calendar.role.time_zone.date(wanted);
    let window = calendar.window(plus_days(day, -ALTERNATIVE_DAYS), plus_days(day, ALTERNATIVE_DAYS));
    let taken = calendar::busy(conn, &calendar.takes(row), &window, now).await?;
    let mut starts = calendar.free_times(row, &taken, &window, now);
    starts.sort_by_key(|start| start.duration_since(wanted).abs());
    starts.truncate(ALTERNATIVES);
    starts.sort_unstable();
    Ok(starts)
}

/// A hold as its keeper sees it, read again later: with its provider as they are now.
pub async fn hold_again(
    conn: &mut PgConnection,
    state: &State,
    hold: HoldRow,
    account_id: Option<AccountId>,
) -> Result<Hold, Reject> {
    let day = hold.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(conn, hold.practitioner_role_id, day, day).await?;
    hold_view(conn, state, hold, calendar, account_id).await
}

/// A hold as its keeper sees it; `account_id` is who is signed in.
pub async fn hold_view(
    conn: &mut PgConnection,
    state: &State,
    hold: HoldRow,
    calendar: Calendar,
    account_id: Option<AccountId>,
) -> Result<Hold, Reject> {
    let now = state.core.now();
    let note_ticket = note_ticket(state, &hold, calendar.role.organization_id, account_id)?;
    let questions = match &note_ticket {
        Some(_) => schedule::questions(conn, hold.appointment_type.appointment_type_id).await?,
        None => Vec::new(),
    };
    let rules = match calendar.role.organization_id {
        Some(practice) => {
            funding::rules_of(conn, practice, hold.appointment_type.appointment_type_id).await?
        }
        None => Vec::new(),
    };
    Ok(Hold {
        hold_id: hold.hold_id,
        booking_id: hold.booking_id,
        status: hold.status_at(now),
        role: hold.offered.on_its_clocks(calendar.role),
        appointment_type: hold.appointment_type,
        start: hold.starts_at,
        end: hold.ends_at,
        expires_at: hold.expires_at,
        as_of: now,
        quote: hold.quote,
        policy: hold.policy,
        questions,
        note_ticket,
        cohorts: cohorts(&rules),
        cohort: hold.cohort,
    })
}

/// By which users believes that this browser or account keeps the time; none where there is no practice to write to.
fn note_ticket(
    state: &State,
    hold: &HoldRow,
    organization_id: Option<OrganizationId>,
    account_id: Option<AccountId>,
) -> Result<Option<Personal<String>>, Reject> {
    let Some(organization_id) = organization_id else { return Ok(None) };
    let body = NoteTicket {
        booking_id: hold.booking_id,
        organization_id,
        account_id,
        // For whom it is, the confirmation says.
        patient_id: None,
        start: hold.starts_at,
    };
    let expires_at = hold.expires_at.saturating_add(NOTES_AFTER_HOLD).unwrap_or(hold.expires_at);
    let ticket = ticket::sign(&state.signer, NoteTicket::KIND, expires_at, &body);
    ticket.map(|ticket| Some(ticket.into())).map_err(|error| Reject::internal(&error))
}

/// An appointment as its holder sees it.
pub fn appointment_view(row: &AppointmentRow, calendar: Calendar, now: Timestamp) -> Appointment {
    let repair_until = repair_until(row, now);
    Appointment {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        version: row.version,
        status: row.status,
        role: row.offered.on_its_clocks(calendar.role),
        appointment_type: row.appointment_type.clone(),
        start: row.starts_at,
        end: row.ends_at,
        policy: row.policy,
        cancelling_now: row.standing().cancelling(now),
        as_of: now,
        email_hint: mask(row.email.expose()),
        reply_by: row.reply_by.filter(|_| row.status == AppointmentStatus::Requested),
        attendance_confirmed_at: row.attendance_confirmed_at,
        reason: row.reason,
        series_id: row.series_id,
        late_minutes: None,
        // Asked where one appointment is shown, as the lateness is.
        asked_first: false,
        // Asked where it can be answered, as well.
        proposed: None,
        quote: quote_that_binds(row),
        pay_until: row.money.pay_until.filter(|_| row.status == AppointmentStatus::AwaitingPayment),
        payment_failure: row.money.failure.filter(|_| repair_until.is_some() || is_unpaid(row, now)),
        repair_until,
        payment_ticket: None,
    }
}

/// The time that a practice proposes for an appointment, while that can be answered; none for an earlier link of the chain.
pub async fn proposed_for(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    now: Timestamp,
) -> sqlx::Result<Option<Proposed>> {
    let open = proposal::open(conn, row.booking_id, now).await?;
    Ok(open.filter(|open| open.appointment_id == row.appointment_id).map(|open| open.proposed()))
}

/// The offer, while anything of it is owed: what was bulk billed afterwards costs none of what was quoted.
fn quote_that_binds(row: &AppointmentRow) -> Option<Quote> {
    let bulk_billed = row.appointment_type.bulk_billed;
    row.money.quote.clone().filter(|quote| !bulk_billed || quote.fee_cents == AudCents::ZERO)
}

/// Whether a visitor may see how an appointment is paid. Who only helps with appointments does not, and what a reminder's link opens can
/// cancel and do no more.
pub async fn sees_money(
    conn: &mut PgConnection,
    core: &Core,
    visitor: &Visitor,
    row: &AppointmentRow,
) -> Result<bool, Reject> {
    let member =
        visitor.claims.as_ref().is_some_and(|claims| may_see_money(claims, row.account_id, row.patient_id));
    let access = appointment::access(conn, row.appointment_id, &visitor.holder, core.now()).await?;
    Ok(member || access.is_some_and(|access| access.by_guest || access.by_link))
}

/// An appointment without how it is paid.
pub fn without_money(appointment: Appointment) -> Appointment {
    Appointment {
        quote: None,
        pay_until: None,
        payment_failure: None,
        repair_until: None,
        payment_ticket: None,
        ..appointment
    }
}

/// Until when another card can be given, for the visit or for a fee that is owed. What waits for its first payment waits no
/// longer for another card.
fn repair_until(row: &AppointmentRow, now: Timestamp) -> Option<Timestamp> {
    let may_owe = is_owed(row) || row.status.is_upcoming();
    let until = row.money.repair_until.filter(|until| may_owe && now < *until)?;
    let waits = row.money.pay_until.filter(|_| row.status == AppointmentStatus::AwaitingPayment);
    Some(waits.map_or(until, |ends| until.min(ends)))
}

/// Whether the time to give another card is over and something is owed all the same: it is settled with the practice. What was to come is
/// cancelled instead, and costs nothing.
fn is_unpaid(row: &AppointmentRow, now: Timestamp) -> bool {
    is_owed(row) && row.money.repair_until.is_some_and(|until| until <= now)
}

/// Whether a visit that took place, or one that did not and has a fee, is owed.
fn is_owed(row: &AppointmentRow) -> bool {
    let has_fee = [AppointmentStatus::CancelledLate, AppointmentStatus::NoShowPatient].contains(&row.status)
        && row.late_fee_cents > AudCents::ZERO;
    has_fee || row.status == AppointmentStatus::Completed
}

/// By which payments believes that somebody holds this booking; none for what was never quoted.
pub fn payment_ticket(
    state: &State,
    account_id: Option<AccountId>,
    row: &AppointmentRow,
    organization_id: Option<OrganizationId>,
) -> Option<PaymentTicket> {
    row.money.quote.as_ref()?;
    let now = state.core.now();
    let ticket = PaymentTicket {
        booking_id: row.booking_id,
        account_id,
        patient_id: row.patient_id,
        organization_id,
        expires_at: now,
        kid: String::new(),
        signature: String::new(),
    };
    Some(sign_ticket(ticket, &state.signer, now))
}

/// An appointment as the other services need it.
pub fn appointment_fact(
    row: &AppointmentRow,
    calendar: &Calendar,
    manage_token: Option<String>,
) -> AppointmentFact {
    AppointmentFact {
        booking_id: row.booking_id,
        appointment_id: row.appointment_id,
        sequence: row.sequence,
        status: row.status,
        role: row.offered.on_its_clocks(calendar.told_role(row.appointment_type.home_visit)),
        discreet: calendar.discreet,
        appointment_type_name: row.appointment_type.name.clone(),
        telehealth: row.appointment_type.telehealth,
        start: row.starts_at,
        end: row.ends_at,
        quote_id: row.quote_id,
        price_cents: row.appointment_type.price_cents,
        bulk_billed: row.appointment_type.bulk_billed,
        policy: row.policy,
        patient_name: row.patient_name.clone(),
        email: row.email.clone(),
        manage_token: manage_token.map(Into::into),
        account_id: row.account_id,
        patient_id: row.patient_id,
        reason: row.reason,
        reply_by: row.reply_by.filter(|_| row.status == AppointmentStatus::Requested),
        quote: row.money.quote.clone(),
        late_fee_cents: row.late_fee_cents,
        claimant: row.money.claimant.clone(),
        series_id: row.series_id,
        text_to: row.text_to.clone(),
    }
}

/// Why a step of an appointment's life cannot be taken, for people who tried.
pub fn refusal(error: TransitionError, zone: Zone, now: Timestamp) -> Problem {
    let wrong_state =
        || Problem::new("wrong-state", 409, "This cannot be done with the appointment as it stands");
    match error.why {
        Why::State => wrong_state().detail("Nothing was changed. Look at it again, then decide."),
        Why::TooLate => {
            wrong_state().detail("Nothing was changed. The time in which it could be done is over.")
        }
        Why::TooEarly(from) => Problem::new("too-early", 409, "It is too early for this")
            .detail(format!("Nothing was changed. It can be done from {} on.", when_words(from, now, zone))),
        Why::NotAttested => Problem::invalid(vec![FieldError::new(
            "/attested",
            "Say that the practitioner was there and the patient was not",
        )]),
    }
}

/// What somebody may do who has opened a reminder's link to cancel.
const CANCELLING: [&str; 2] = ["cancel_appointment", "find_appointment"];

/// An appointment that a visitor may see, in the transaction that it was read in.
pub struct Held {
    pub tx: Transaction<'static, Postgres>,
    pub row: AppointmentRow,
    pub calendar: Calendar,
    /// Who the visitor is, for the audit log.
    pub actor: Actor,
    /// Whose it is, for the same.
    pub whose: Option<PatientId>,
}

/// Begins a transaction with an appointment that the visitor may see: with the account of its patient or of who acts for
/// them, with the cookie it was made with, or with its opened link. 404 for everybody else, written down as refused.
pub async fn begin_for_visitor(
    core: &Core,
    appointment_id: AppointmentId,
    visitor: &Visitor,
    action: &'static str,
) -> Result<Held, Reject> {
    let not_found = || Reject::from(Problem::not_found("This appointment"));
    let mut tx = core.begin().await?;
    let access = appointment::access(&mut tx, appointment_id, &visitor.holder, core.now()).await?;
    let access = access.ok_or_else(not_found)?;
    let whose = access.patient_id;
    let member = visitor.claims.as_ref().filter(|claims| may_see(claims, access.account_id, whose));
    let actor = match (member, visitor.holder.guest) {
        (Some(claims), _) => actor_for(claims, whose),
        (None, Some(guest)) if access.by_guest => Actor::Guest(guest),
        (None, _) if access.by_link => Actor::Link(access.booking_id),
        (None, _) if access.by_cancelling_link && CANCELLING.contains(&action) => {
            Actor::Link(access.booking_id)
        }
        (None, _) => {
            let entry = audit::Entry {
                actor: visitor.actor(),
                action,
                resource: access.booking_id.into(),
                whose,
                purpose: Purpose::Booking,
                outcome: Outcome::Denied,
            };
            audit::record(&mut tx, core, entry).await?;
            core.commit(tx).await?;
            return Err(not_found());
        }
    };
    let row = appointment::by_id(&mut tx, appointment_id).await?.ok_or_else(not_found)?;
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
    Ok(Held { tx, row, calendar, actor, whose })
}

/// An appointment once more, its resources locked: whoever had them until now may have changed it.
pub async fn read_again(conn: &mut PgConnection, row: &AppointmentRow) -> Result<AppointmentRow, Reject> {
    let again = appointment::by_id(conn, row.appointment_id).await?;
    again.ok_or_else(|| Problem::not_found("This appointment").into())
}

/// `j…@example.org`: enough to know one's own address again.
fn mask(email: &str) -> String {
    match (email.chars().next(), email.rsplit_once('@')) {
        (Some(first), Some((_, domain))) => format!("{first}…@{domain}"),
        _ => String::new(),
    }
}
