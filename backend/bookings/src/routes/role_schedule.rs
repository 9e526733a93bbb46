//! `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/schedule` and `/keeper`: when somebody can be
//! booked, and who may say so.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Core, Json, Reject, SignedIn,
    access::Refusal,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, Problem,
    bookings::schedule::{PutKeeper, PutSchedule, RoleSchedule, SchedulePut},
    problem::FieldError,
    users::StaffRole,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{outside_hours::ToCome, practice::calendar_of_practice, views::plus_days};
use crate::{
    state::State,
    store::{calendar::Calendar, diary, reservation, schedule},
};

/// Who may change anybody's schedule at the practice.
pub const EDITORS: [StaffRole; 2] = [StaffRole::Manager, StaffRole::Owner];

type OfRole = Path<(OrganizationId, PractitionerRoleId)>;

/// Finds a role's schedule, with the holidays of the next year.
pub async fn find_schedule(
    Extract(state): Extract<State>,
    Path((organization_id, role)): OfRole,
) -> Result<Plain<RoleSchedule>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut conn = core.pool.acquire().await?;
    let calendar = calendar_of_practice(&mut conn, organization_id, role, now).await?;
    Ok(Plain(read(&mut conn, &calendar, now).await?))
}

/// Sets a role's schedule, as last seen, and says what is booked outside of it. Nothing that is booked is touched.
pub async fn put_schedule(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(body): Json<PutSchedule>,
) -> Result<Plain<SchedulePut>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "put_schedule").await?;
    let today = calendar.role.time_zone.date(now);
    check(&mut tx, role, &body, today).await?;
    // Whoever books at this moment is done before the hours change, or finds them changed.
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let new_id = || core.id::<Uuid>();
    if !schedule::put(&mut tx, role, &body, &new_id, today).await? {
        return Err(stale().into());
    }
    reservation::tell_next_free_soon(&mut tx, &[role], now).await?;
    let outside = ToCome::load(&mut tx, &calendar, now).await?.outside(&body);
    let schedule = read(&mut tx, &calendar, now).await?;
    note(&mut tx, core, actor, organization_id, "put_schedule").await?;
    core.commit(tx).await?;
    Ok(Plain(SchedulePut { schedule, outside }))
}

/// Gives a role's schedule to somebody to keep.
pub async fn put_keeper(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(body): Json<PutKeeper>,
) -> Result<NoContent, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    calendar_of_practice(&mut tx, organization_id, role, now).await?;
    schedule::put_keeper(&mut tx, role, body.account_id, now).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, core, actor, organization_id, "put_keeper").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Lets managers, owners and the role's keeper go on, and says who acts. Others are refused, and it is written down.
pub async fn editor(
    core: &Core,
    conn: &mut PgConnection,
    caller: &SignedIn,
    organization_id: OrganizationId,
    role: PractitionerRoleId,
    action: &'static str,
) -> Result<Actor, Reject> {
    let actor = Actor::for_practice(caller, organization_id);
    let keeps = schedule::keeper(conn, role).await? == Some(caller.account_id)
        && caller.works_at(organization_id, &[StaffRole::Practitioner]);
    if keeps || caller.works_at(organization_id, &EDITORS) {
        return Ok(actor);
    }
    // In a transaction of its own: the caller's ends with the refusal.
    let mut tx = core.begin().await?;
    let entry = audit::Entry {
        actor,
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Denied,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Err(Refusal::NotAllowed.into())
}

/// Writes down that somebody changed what can be booked.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    organization_id: OrganizationId,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource: organization_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}

/// Somebody else changed it meanwhile.
pub fn stale() -> Problem {
    Problem::new("stale-version", 409, "This has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// Refuses a schedule that cannot be set: 422. `today` is the day at the place.
pub async fn check(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    wanted: &PutSchedule,
    today: Date,
) -> Result<(), Reject> {
    wanted.check(today).map_err(Problem::invalid)?;
    let known = schedule::types(conn, role).await?;
    let is_known = |id: AppointmentTypeId| known.iter().any(|of| of.appointment_type_id == id);
    let unknown = wanted.rules.iter().position(|rule| !rule.only.iter().copied().all(is_known));
    match unknown {
        Some(nth) => {
            let error =
                FieldError::new(format!("/rules/{nth}/only"), "Choose from this role's appointment types");
            Err(Problem::invalid(vec![error]).into())
        }
        None => Ok(()),
    }
}

async fn read(conn: &mut PgConnection, calendar: &Calendar, now: Timestamp) -> Result<RoleSchedule, Reject> {
    let (role, zone) = (calendar.role.practitioner_role_id, calendar.role.time_zone);
    let today = zone.date(now);
    Ok(RoleSchedule {
        practitioner_role_id: role,
        time_zone: zone,
        schedule: schedule::find(conn, role, today).await?,
        holidays: diary::holidays(conn, role, (today, plus_days(today, 366))).await?,
        keeper: schedule::keeper(conn, role).await?,
        as_of: now,
    })
}
