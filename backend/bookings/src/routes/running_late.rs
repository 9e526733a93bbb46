//! `POST /api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/running-late`: the desk says by how much
//! somebody runs late today. Those who are to come soon and do not know it yet are told; who cannot be written to is named to the desk.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use jiff::Timestamp;
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Resource},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, BookingId, OrganizationId, PatientId, PractitionerRoleId, Problem,
    bookings::{
        BookingsEvent, LatenessFact,
        running_late::{RunningLate, RunningLateSaid, SayRunningLate},
    },
};
use sqlx::PgConnection;

use super::{practice::calendar_of_practice, views::appointment_fact};
use crate::{
    domain::{counts_until, is_news, late_by},
    state::State,
    store::{
        appointment::{self, AppointmentRow},
        calendar::Calendar,
        reservation, running_late,
    },
};

/// The name of the act, for the practice and for each patient who is told.
const ACTION: &str = "say_running_late";

/// Says it of today, as last seen.
pub async fn say_running_late(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): Path<(OrganizationId, PractitionerRoleId)>,
    key: IdempotencyKey,
    Json(body): Json<SayRunningLate>,
) -> Result<Plain<RunningLateSaid>, Reject> {
    let core = &state.core;
    let wanted = body.check().map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, core.now()).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    let holder = format!("{role} {}", caller.account_id);
    // Who arrives, cancels or moves at this moment is done before, or comes after.
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let begun: Begun<RunningLateSaid> =
        idempotency::begin(&mut tx, core, ACTION, &holder, key, &wanted).await?;
    let said = match begun {
        Begun::Replay(said) => said,
        Begun::New(ticket) => {
            let said = say(&mut tx, core, &calendar, &actor, wanted).await?;
            audit::record(&mut tx, core, entry(&actor, organization_id.into(), None)).await?;
            ticket.finish(&mut tx, 200, &said).await?;
            said
        }
    };
    core.commit(tx).await?;
    Ok(Plain(said))
}

/// By how many minutes an appointment is likely to begin late, as its patient sees it.
pub async fn lateness_of(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    calendar: &Calendar,
    now: Timestamp,
) -> sqlx::Result<Option<u16>> {
    let zone = calendar.role.time_zone;
    if zone.date(row.starts_at) != zone.date(now) {
        return Ok(None);
    }
    let said = running_late::find(conn, row.practitioner_role_id, zone.date(now)).await?;
    Ok(said.and_then(|said| late_by(said, row.status, row.starts_at, now)))
}

/// Writes it down and tells those to whom it is news: who is to come in the next hours, and that it is over, everybody who was
/// told that it is late.
async fn say(
    conn: &mut PgConnection,
    core: &Core,
    calendar: &Calendar,
    actor: &Actor,
    SayRunningLate { version, minutes }: SayRunningLate,
) -> Result<RunningLateSaid, Reject> {
    let (now, role, zone) = (core.now(), calendar.role.practitioner_role_id, calendar.role.time_zone);
    let date = zone.date(now);
    let before = running_late::find(conn, role, date).await?;
    if before.map_or(0, |said| said.version) != version {
        return Err(stale().into());
    }
    let said = RunningLate { date, minutes, said_at: now, version: version.saturating_add(1) };
    running_late::say(conn, role, said).await?;
    let midnight = zone.days(date, date).end;
    let until = if minutes == 0 { midnight } else { midnight.min(counts_until(now)) };
    let expected = running_late::expected(conn, role, &(now..until)).await?;
    let news = expected.into_iter().filter(|(_, told)| is_news(*told, minutes));
    let tell: Vec<_> = news.map(|(appointment_id, _)| appointment_id).collect();
    let mut to_call = Vec::new();
    for appointment_id in &tell {
        to_call.extend(tell_patient(conn, core, calendar, actor, (*appointment_id, minutes)).await?);
    }
    running_late::note_told(conn, &tell, minutes).await?;
    let told = u32::try_from(tell.len().saturating_sub(to_call.len())).unwrap_or(u32::MAX);
    Ok(RunningLateSaid { running_late: said, told, to_call })
}

/// Says it of one appointment. Gives its booking where nothing reaches its patient: the desk is told so once, too, as they would be.
async fn tell_patient(
    conn: &mut PgConnection,
    core: &Core,
    calendar: &Calendar,
    actor: &Actor,
    (appointment_id, minutes): (AppointmentId, u16),
) -> Result<Option<BookingId>, Reject> {
    let Some(row) = appointment::by_id(conn, appointment_id).await? else { return Ok(None) };
    let version = core.now().as_microsecond();
    let about = About { aggregate: "lateness", id: row.booking_id.to_string(), version };
    let fact = LatenessFact { appointment: appointment_fact(&row, calendar, None), minutes };
    outbox::tell(conn, core, about, &BookingsEvent::LatenessSaid(fact)).await?;
    audit::record(conn, core, entry(actor, row.booking_id.into(), row.patient_id)).await?;
    Ok((!row.reachable().is_told()).then_some(row.booking_id))
}

/// Somebody at the practice said it first.
fn stale() -> Problem {
    Problem::new("stale-version", 409, "Somebody else has said how late it is")
        .detail("Nothing was changed and nobody was told. Look at the day again, then decide.")
}

fn entry(actor: &Actor, resource: Resource, whose: Option<PatientId>) -> audit::Entry {
    audit::Entry {
        actor: actor.clone(),
        action: ACTION,
        resource,
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    }
}
