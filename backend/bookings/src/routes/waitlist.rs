//! `/api/v1/bookings/me/waitlist`: waiting for an earlier time.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::Timestamp;
use kernel::{
    Created, Disclosed, Json, Reject, SignedIn, access,
    audit::{self, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    Problem, WaitlistEntryId,
    bookings::{
        HoldStatus,
        waitlist::{JoinWaitlist, MOST_ENTRIES, WaitlistEntry, WaitlistOffer},
    },
    page::Page,
    problem::FieldError,
    users::{Claims, DelegationScope},
};
use sqlx::PgConnection;

use super::views::load_calendar;
use crate::{
    state::State,
    store::{
        calendar, hold, reservation,
        waitlist::{self, EntryRow},
        waitlist_offer,
    },
    visitor::{actor_for, may_see},
};

/// Joins a waitlist, for oneself or for somebody whose appointments one looks after. Whose appointment the practice did not
/// keep comes first, which is looked up here and not asked.
pub async fn join_waitlist(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<JoinWaitlist>,
) -> Result<Created<Disclosed<WaitlistEntry>>, Reject> {
    let (core, now, action) = (&state.core, state.core.now(), "join_waitlist");
    if let Some(patient_id) = body.patient_id {
        let (scope, purpose) = (DelegationScope::Appointments, Purpose::Booking);
        access::act_for(core, &caller, patient_id, scope, action, purpose).await?;
    }
    let patient_id = body.patient_id.or(caller.patient_id);
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let id = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(id) => id,
        Begun::New(ticket) => {
            check(&mut tx, &body, now).await?;
            waitlist::lock_account(&mut tx, caller.account_id).await?;
            if waitlist::count(&mut tx, caller.account_id).await? >= MOST_ENTRIES {
                return Err(Problem::new("waitlist-full", 409, "You wait for ten times already")
                    .detail("Nothing was changed. Leave one of the waitlists first.")
                    .into());
            }
            if let Some(patient) = patient_id {
                waitlist::lock_patient(&mut tx, patient).await?;
            }
            let lost = waitlist::lost(&mut tx, caller.account_id, patient_id, &body.choices(), now).await?;
            let id: WaitlistEntryId = core.id();
            waitlist::insert(&mut tx, id, caller.account_id, patient_id, &body, lost, now).await?;
            ticket.finish(&mut tx, 201, &id).await?;
            id
        }
    };
    let row = waitlist::find(&mut tx, id).await?.ok_or_else(not_found)?;
    let receipt = audit::record(&mut tx, core, entry(&caller, &row, action, Outcome::Allowed)).await?;
    let view = view(&mut tx, &caller, row, now).await?;
    Ok(Created(Disclosed::commit(core, tx, receipt, view).await?))
}

/// Whether times of all that is wanted can be booked here, and there can be a time that suits.
async fn check(conn: &mut PgConnection, body: &JoinWaitlist, now: Timestamp) -> Result<(), Reject> {
    let day = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = load_calendar(conn, body.practitioner_role_id, day, day).await?;
    body.check(first.role.time_zone.date(now)).map_err(Problem::invalid)?;
    let row = first.find_type(body.appointment_type_id);
    let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
    if first.offering(row).is_none() {
        return Err(Problem::new("not-bookable", 409, "This provider cannot be booked here")
            .detail("Nothing was changed. Call the practice instead.")
            .into());
    }
    for (nth, other) in body.others.iter().enumerate() {
        let known = calendar::load(conn, other.practitioner_role_id, day, day).await?;
        let offered = known.as_ref().is_some_and(|calendar| {
            let row = calendar.find_type(other.appointment_type_id);
            row.is_some_and(|row| calendar.offering(row).is_some())
        });
        if !offered {
            let detail = "This practitioner cannot be booked for that here";
            return Err(Problem::invalid(vec![FieldError::new(format!("/others/{nth}"), detail)]).into());
        }
    }
    Ok(())
}

/// Every waitlist that the caller is on, or somebody whose appointments they look after. Each that is read is written down.
pub async fn list_waitlist(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<Page<WaitlistEntry>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Appointments));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    let mut tx = core.begin().await?;
    let mut items = Vec::new();
    for row in waitlist::of(&mut tx, caller.account_id, &patients).await? {
        let seen = entry(&caller, &row, "list_waitlist", Outcome::Allowed);
        items.push((view(&mut tx, &caller, row, now).await?, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Leaves a waitlist, and lets a time go that was offered. That one has left already is no mistake.
pub async fn leave_waitlist(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(id): Path<WaitlistEntryId>,
) -> Result<NoContent, Reject> {
    let (core, now, action) = (&state.core, state.core.now(), "leave_waitlist");
    let mut tx = core.begin().await?;
    waitlist::lock_resources(&mut tx, id).await?;
    let row = waitlist::find(&mut tx, id).await?.ok_or_else(not_found)?;
    if !may_see(&caller, Some(row.account_id), row.patient_id) {
        audit::record(&mut tx, core, entry(&caller, &row, action, Outcome::Denied)).await?;
        core.commit(tx).await?;
        return Err(not_found().into());
    }
    if let Some(offer) = waitlist_offer::open(&mut tx, id, now).await? {
        let_go(&mut tx, &offer, now).await?;
    }
    if waitlist::withdraw(&mut tx, id, now).await? {
        audit::record(&mut tx, core, entry(&caller, &row, action, Outcome::Allowed)).await?;
    }
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Lets a time go that somebody was offered, whose resources are locked: the next one is asked.
pub(super) async fn let_go(
    conn: &mut PgConnection,
    offer: &WaitlistOffer,
    now: Timestamp,
) -> sqlx::Result<()> {
    if hold::end(conn, offer.hold_id, HoldStatus::Released).await? {
        reservation::free_hold(conn, offer.hold_id).await?;
        waitlist_offer::declined(conn, offer.hold_id).await?;
        reservation::tell_next_free_soon(conn, &[offer.practitioner_role_id], now).await?;
    }
    Ok(())
}

fn not_found() -> Problem {
    Problem::not_found("This place on a waitlist")
}

/// A place as whoever may see it does. What is offered is held for the account that joined, and for no other.
async fn view(
    conn: &mut PgConnection,
    caller: &Claims,
    row: EntryRow,
    now: Timestamp,
) -> Result<WaitlistEntry, Reject> {
    let offer = waitlist_offer::open(conn, row.waitlist_entry_id, now).await?;
    let with = waitlist::with(conn, &[row.waitlist_entry_id]).await?;
    Ok(WaitlistEntry {
        ahead: waitlist::ahead(conn, &row).await?,
        waitlist_entry_id: row.waitlist_entry_id,
        patient_id: row.patient_id,
        status: row.status_with(offer.as_ref()),
        with: with.into_iter().map(|(_, _, waited_for)| waited_for).collect(),
        wishes: row.wishes,
        joined_at: row.joined_at,
        priority: row.priority,
        offer: offer.filter(|_| row.account_id == caller.account_id),
        removed_reason: row.removed_reason,
        as_of: now,
    })
}

fn entry(caller: &SignedIn, row: &EntryRow, action: &'static str, outcome: Outcome) -> audit::Entry {
    audit::Entry {
        actor: actor_for(caller, row.patient_id),
        action,
        resource: audit::Resource { kind: "waitlist_entry", id: row.waitlist_entry_id.0 },
        whose: row.patient_id,
        purpose: Purpose::Booking,
        outcome,
    }
}
