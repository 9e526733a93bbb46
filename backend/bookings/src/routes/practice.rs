//! What the endpoints of a practice's calendar have in common: whose appointment it is, and what its staff may do with it.

use kernel::{
    Core, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, OrganizationId, PatientId, PractitionerRoleId, Problem, Zone,
    bookings::practice::{ActName, CALENDAR_STAFF, CalendarAppointment, PracticeAct},
    problem::FieldError,
    providers::Unlisted,
};
use sqlx::PgConnection;

use super::{cases::appointment_of, propose_time::answer_by, views::Held};
use crate::{
    domain::decides_dispute,
    store::{
        calendar::{self, Calendar},
        diary::{self, Entry},
    },
};

/// Begins a transaction with an appointment of the practice. 404 for what is another's, written down as refused.
pub async fn begin_for_practice(
    core: &Core,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    caller: &SignedIn,
    action: &'static str,
) -> Result<Held, Reject> {
    let not_found = || Reject::from(Problem::not_found("This appointment"));
    let mut tx = core.begin().await?;
    let (row, calendar) = appointment_of(&mut tx, appointment_id).await?.ok_or_else(not_found)?;
    let whose = row.patient_id;
    if calendar.role.organization_id != Some(organization_id) {
        let entry = audit::Entry {
            actor: Actor::of(caller),
            action,
            resource: row.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Denied,
        };
        audit::record(&mut tx, core, entry).await?;
        core.commit(tx).await?;
        return Err(not_found());
    }
    Ok(Held { tx, row, calendar, actor: Actor::for_practice(caller, organization_id), whose })
}

/// The calendar of one of the practice's roles on the days around an instant. 404 for another's.
pub async fn calendar_of_practice(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    role: PractitionerRoleId,
    at: jiff::Timestamp,
) -> Result<Calendar, Reject> {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = calendar::load(conn, role, day, day).await?;
    let ours = found.filter(|calendar| calendar.role.organization_id == Some(organization_id));
    ours.ok_or_else(|| Problem::not_found("This practitioner").into())
}

/// Refuses a new time with somebody whose listing the platform suspended: 409. What is booked stands, and can be given to somebody
/// else. Who left the directory, or was taken out by the practice itself, may still be in its own calendar.
pub fn refuse_suspended(calendar: &Calendar) -> Result<(), Problem> {
    let why = match calendar.unlisted {
        None | Some(Unlisted::Left) => return Ok(()),
        Some(Unlisted::Suspended) => "HelloMapper has suspended the listing.",
        Some(Unlisted::RegistrationLapsed) => {
            "HelloMapper has suspended the listing, because the registration is not in force."
        }
    };
    let title = "Nothing new is booked with this practitioner at the moment";
    let detail = format!(
        "{why} Nothing was changed, and what is booked stands. Choose another practitioner, or write to us about the suspension."
    );
    Err(Problem::new("listing-suspended", 409, title).detail(detail))
}

/// Refuses a reason that is not for a practice to give: 422. The platform's own says of a practitioner what no practice decides.
pub fn refuse_reason(act: PracticeAct) -> Result<(), Problem> {
    if act.reason().is_none_or(|reason| act.name().reasons().contains(&reason)) {
        return Ok(());
    }
    Err(Problem::invalid(vec![FieldError::new("/reason", "Choose why")]))
}

/// An appointment in a list of what the desk has to do.
pub struct Listed {
    /// With what the reader may do with it.
    pub appointment: CalendarAppointment,
    /// With whom.
    pub practitioner_name: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// Whether what was noted of it is disputed, and nobody has decided.
    pub disputed: bool,
    /// What is written down of its being read.
    pub seen: audit::Entry,
}

/// Loads them in their order, for a list that is called like that in the log.
pub async fn listed(
    conn: &mut PgConnection,
    appointments: &[AppointmentId],
    organization_id: OrganizationId,
    (caller, action): (&SignedIn, &'static str),
    now: jiff::Timestamp,
) -> Result<Vec<Listed>, Reject> {
    let listed = diary::entries_of(conn, appointments).await?.into_iter().map(|entry| {
        let (practitioner_name, time_zone) = (entry.practitioner_name.clone(), entry.time_zone);
        let disputed = entry.disputed;
        let (appointment, whose) = for_reader(entry, organization_id, caller, now);
        let seen = audit::Entry {
            actor: Actor::for_practice(caller, organization_id),
            action,
            resource: appointment.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        Listed { appointment, practitioner_name, time_zone, disputed, seen }
    });
    Ok(listed.collect())
}

/// Adds what the reader may do with it now.
pub fn for_reader(
    entry: Entry,
    organization_id: OrganizationId,
    caller: &SignedIn,
    now: jiff::Timestamp,
) -> (CalendarAppointment, Option<PatientId>) {
    let Entry { mut appointment, standing, may_be_error, if_mistake, disputed, whose, .. } = entry;
    let may = |act: &ActName| {
        let stands_against = (*act == ActName::EnterInError && !may_be_error)
            || (disputed && decides_dispute(*act, standing.status));
        caller.works_at(organization_id, act.staff()) && standing.allows(*act, now) && !stands_against
    };
    appointment.acts = ActName::ALL.into_iter().filter(may).collect();
    appointment.if_mistake = Some(if_mistake).filter(|_| appointment.acts.contains(&ActName::EnterInError));
    appointment.may_reschedule =
        caller.works_at(organization_id, &CALENDAR_STAFF) && standing.reschedule().is_ok();
    // Who has no address reads of no other time, and has no link to agree by.
    appointment.may_propose = caller.works_at(organization_id, &CALENDAR_STAFF)
        && !appointment.patient.email.expose().is_empty()
        && standing.move_by_patient(now).is_ok()
        && answer_by(now, standing.start, standing.start).is_ok();
    appointment.proposed = appointment.proposed.filter(|proposed| now < proposed.answer_until);
    // What was proposed in vain matters while something else could still be done about it.
    let open_to_change = appointment.proposed.is_none() && standing.move_by_patient(now).is_ok();
    appointment.not_taken = appointment.not_taken.filter(|_| open_to_change);
    appointment.cancelling_now = standing.cancelling(now);
    (appointment, whose)
}
