//! `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/schedule/outside`: what is booked and to come and
//! lies outside of a role's hours, as they are, or as somebody is about to set them. Nothing is moved by asking.

use std::collections::HashSet;

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use shared_types::{
    AppointmentId, AppointmentTypeId, OrganizationId, PatientId, PractitionerRoleId, Zone,
    bookings::schedule::{
        Holiday, MOST_OUTSIDE, OutsideAppointment, OutsideHours, OutsideVisit, PutSchedule,
    },
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{
    practice::calendar_of_practice,
    role_schedule::{check, editor},
};
use crate::{
    domain::{Seen, hours_for, is_within},
    state::State,
    store::{calendar::Calendar, diary, schedule},
};

type OfRole = Path<(OrganizationId, PractitionerRoleId)>;

/// Lists what lies outside of a role's hours as they are. Each booking that is shown is written down with the practice as the
/// reason; where there is none, that somebody looked.
pub async fn list_outside(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
) -> Result<Disclosed<OutsideHours>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let to_come = ToCome::load(&mut tx, &calendar, now).await?;
    let hours = schedule::find(&mut tx, role, calendar.role.time_zone.date(now)).await?;
    let outside = to_come.outside(&hours);
    let actor = Actor::for_practice(&caller, organization_id);
    disclose(core, tx, (actor, "list_outside", organization_id), outside).await
}

/// Says what lies within a role's hours as they are and would lie outside of others, before those are set. It changes nothing.
pub async fn check_outside(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(body): Json<PutSchedule>,
) -> Result<Disclosed<OutsideHours>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "check_outside").await?;
    let today = calendar.role.time_zone.date(now);
    check(&mut tx, role, &body, today).await?;
    let to_come = ToCome::load(&mut tx, &calendar, now).await?;
    let hours = schedule::find(&mut tx, role, today).await?;
    let already: HashSet<_> = to_come.outside(&hours).iter().map(|one| one.appointment_id).collect();
    let mut outside = to_come.outside(&body);
    outside.retain(|one| !already.contains(&one.appointment_id));
    disclose(core, tx, (actor, "check_outside", organization_id), outside).await
}

/// What is booked with a role and still to come, with what its hours go by.
pub struct ToCome {
    zone: Zone,
    holidays: Vec<Holiday>,
    /// In order of time, each with its type, where that is still offered, and where somebody is seen.
    booked: Vec<(Option<AppointmentTypeId>, Seen, OutsideAppointment)>,
}

impl ToCome {
    /// Loads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(conn: &mut PgConnection, calendar: &Calendar, now: Timestamp) -> Result<Self, Reject> {
        let (role, zone) = (calendar.role.practitioner_role_id, calendar.role.time_zone);
        let booked = schedule::to_come(conn, role, now).await?;
        let last = booked.iter().map(|(_, _, one)| one.end).max().unwrap_or(now);
        let holidays = diary::holidays(conn, role, (zone.date(now), zone.date(last))).await?;
        let booked = booked
            .into_iter()
            .map(|(of, seen, one)| (calendar.find_type(of).map(|row| row.appointment_type_id), seen, one))
            .collect();
        Ok(Self { zone, holidays, booked })
    }

    /// What lies outside of such hours, in order of time.
    pub fn outside(&self, hours: &PutSchedule) -> Vec<OutsideAppointment> {
        let place = (self.zone, &self.holidays[..]);
        let outside = self.booked.iter().filter(|(offered, seen, one)| {
            let availability = hours_for(hours, place, *offered);
            !is_within(&availability, *seen, one.start, one.end)
        });
        outside.map(|(_, _, one)| one.clone()).collect()
    }
}

/// Adds who comes, writes down what is shown, and commits.
async fn disclose(
    core: &Core,
    mut tx: Transaction<'static, Postgres>,
    (actor, action, organization_id): (Actor, &'static str, OrganizationId),
    mut outside: Vec<OutsideAppointment>,
) -> Result<Disclosed<OutsideHours>, Reject> {
    let read = |resource: Resource, whose: Option<PatientId>| audit::Entry {
        actor: actor.clone(),
        action,
        resource,
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    let count = u32::try_from(outside.len()).unwrap_or(u32::MAX);
    outside.truncate(MOST_OUTSIDE);
    let ids: Vec<AppointmentId> = outside.iter().map(|one| one.appointment_id).collect();
    let mut come = schedule::who_come(&mut tx, &ids).await?;
    let (mut items, mut seen) = (Vec::new(), Vec::new());
    for appointment in outside {
        // Whoever was erased meanwhile is not shown by the calendar either.
        let Some(who) = come.remove(&appointment.appointment_id) else { continue };
        seen.push(read(who.booking_id.into(), who.whose));
        items.push(OutsideVisit {
            booking_id: who.booking_id,
            appointment,
            name: who.name,
            preferred_name: who.preferred_name,
        });
    }
    let receipt = match audit::record_all(&mut tx, core, &seen).await? {
        Some(receipt) => receipt,
        None => audit::record(&mut tx, core, read(organization_id.into(), None)).await?,
    };
    Ok(Disclosed::commit(core, tx, receipt, OutsideHours { items, count }).await?)
}
