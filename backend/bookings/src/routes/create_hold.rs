//! `POST /api/v1/bookings/holds`: keeps a time for ten minutes.

use axum::{
    extract::State as Extract,
    http::{HeaderName, HeaderValue, header},
};
use jiff::SignedDuration;
use kernel::{
    Created, Json, Reject,
    address::ClientAddress,
    audit::{self, Actor, Outcome, Purpose},
    cookies::{self, Holder},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    Problem,
    bookings::{CreateHold, HOLD_MINUTES, Hold},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cannot_be_charged::cannot_be_charged,
    views::{calendar_around, hold_again, hold_view, is_offered, time_taken, within_reach},
};
use crate::{
    domain::Offer,
    holding,
    state::State,
    store::{
        calendar::{Calendar, TypeRow},
        hold::{self, HoldRow},
        offered::Offered,
        reservation::{self, ReserveError},
        waitlist_offer,
    },
    visitor::{Keeper, Visitor},
};

/// How many times one guest or one account may keep at once.
const HOLDS_AT_ONCE: usize = 2;
/// How long a browser stays a guest, in seconds: a day.
pub const GUEST_SECONDS: i64 = 24 * 60 * 60;

/// The cookie that a new guest is known by.
pub type GuestCookie = [(HeaderName, HeaderValue); 1];

/// Creates a hold. The exclusion constraint decides who gets a time; the loser is shown the nearest others. Who asks for
/// the very time they hold already gets that hold again, as it is.
pub async fn create_hold(
    Extract(state): Extract<State>,
    address: ClientAddress,
    visitor: Visitor,
    key: IdempotencyKey,
    Json(wanted): Json<CreateHold>,
) -> Result<(Option<GuestCookie>, Created<Json<Hold>>), Reject> {
    let (hold, cookie) = hold_for(&state, address, &visitor, key, &wanted).await?;
    Ok((cookie.map(|cookie| [(header::SET_COOKIE, cookie)]), Created(Json(hold))))
}

/// Keeps a time for a visitor, whatever they speak. With it goes the cookie by which a newcomer is known from now on.
pub async fn hold_for(
    state: &State,
    address: ClientAddress,
    visitor: &Visitor,
    key: IdempotencyKey,
    wanted: &CreateHold,
) -> Result<(Hold, Option<HeaderValue>), Reject> {
    state.holds_per_address.check(address)?;
    let (guest_hash, new_cookie) = guest(state, &visitor.holder);
    // A member is known by their account, wherever they go on: no cookie is left behind that outlives their sign-out.
    let new_cookie = new_cookie.filter(|_| visitor.claims.is_none());
    let hold = keep_time(state, key, wanted, visitor, &guest_hash, new_cookie.is_some()).await?;
    Ok((hold, new_cookie.map(|secret| cookies::set(cookies::GUEST, &secret, GUEST_SECONDS))))
}

/// Who the guest is: the one of the cookie, or a new one with a cookie to set.
pub fn guest(state: &State, holder: &Holder) -> ([u8; 32], Option<String>) {
    match holder.guest {
        Some(hash) => (hash, None),
        None => {
            let secret: [u8; 32] = state.core.chance.bytes();
            let secret = secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            (kernel::chance::hash_secret(&secret), Some(secret))
        }
    }
}

async fn keep_time(
    state: &State,
    key: IdempotencyKey,
    wanted: &CreateHold,
    visitor: &Visitor,
    guest_hash: &[u8; 32],
    newcomer: bool,
) -> Result<Hold, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let keeper = Keeper { guest: Some(*guest_hash), ..visitor.keeper() };
    let mut tx = core.begin().await?;
    // The key alone names a guest without a cookie: a retry of the very first request must find its reply.
    let begun = idempotency::begin::<_, Hold>(&mut tx, core, "create_hold", "guest", key, wanted).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(hold) => {
            if newcomer {
                hold::adopt(&mut tx, hold.hold_id, guest_hash).await?;
            }
            replay(&mut tx, &hold, &keeper).await?;
            core.commit(tx).await?;
            return Ok(hold);
        }
    };
    hold::lock_keeper(&mut tx, &keeper).await?;
    let live = hold::live_of(&mut tx, &keeper, now).await?;
    if let Some(kept) = live.iter().find(|hold| hold.keeps(wanted)) {
        // Another tab, or a second press with a key of its own: what is wanted is theirs already.
        let before = kept.booking_id;
        let kept = priced_for(&mut tx, state, kept.clone(), wanted).await?;
        if kept.booking_id != before {
            audit::record(&mut tx, core, held(visitor, guest_hash, "create_hold", &kept)).await?;
        }
        let view = hold_again(&mut tx, state, kept, keeper.account).await?;
        ticket.finish(&mut tx, 201, &view).await?;
        core.commit(tx).await?;
        return Ok(view);
    }
    let near = within_reach(wanted.start, now);
    let (calendar, row) =
        calendar_around(&mut tx, wanted.practitioner_role_id, wanted.appointment_type_id, near).await?;
    not_too_many(&mut tx, &live).await?;
    if !is_offered(&calendar, &row, wanted.start, now) {
        return Err(time_taken(&mut tx, &calendar, &row, wanted.start, now).await?.into());
    }
    let Some(hold) = take(&mut tx, state, wanted, &keeper, (&calendar, &row)).await? else {
        tx.rollback().await?;
        let mut conn = core.pool.acquire().await?;
        // The day may have filled up meanwhile: then no other time of it is free, either.
        let (calendar, row) =
            calendar_around(&mut conn, wanted.practitioner_role_id, wanted.appointment_type_id, near).await?;
        return Err(time_taken(&mut conn, &calendar, &row, wanted.start, now).await?.into());
    };
    audit::record(&mut tx, core, held(visitor, guest_hash, "create_hold", &hold)).await?;
    let view = hold_view(&mut tx, state, hold, calendar, keeper.account).await?;
    ticket.finish(&mut tx, 201, &view).await?;
    core.commit(tx).await?;
    Ok(view)
}

/// Takes a time that the rules offer, for a hold of its own. None when somebody else has it, or the last of its day; what was
/// done in the transaction, or since its savepoint, is to be taken back then.
pub async fn take(
    conn: &mut PgConnection,
    state: &State,
    wanted: &CreateHold,
    keeper: &Keeper,
    (calendar, row): (&Calendar, &TypeRow),
) -> Result<Option<HoldRow>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let offer = holding::offer(conn, calendar, row, wanted.start, wanted.cohort).await?;
    let offer = offer.map_err(|why| cannot_be_charged(why, &row.name))?;
    let hold = new_hold(state, wanted, calendar, (offer, row.version))?;
    let place = holding::place(calendar, row, &(hold.starts_at..hold.ends_at));
    reservation::lock_all(conn, &place.resources).await?;
    if row.daily_cap.is_some() {
        // Whoever else wanted the last of the day has it by now.
        let near = within_reach(wanted.start, now);
        let (calendar, row) =
            calendar_around(conn, wanted.practitioner_role_id, wanted.appointment_type_id, near).await?;
        if !is_offered(&calendar, &row, wanted.start, now) {
            return Ok(None);
        }
    }
    reservation::clear_lapsed(conn, &place.resources, &place.during, now).await?;
    let nobody = core.chance.bytes();
    hold::insert(conn, &hold, &keeper.guest.unwrap_or(nobody), keeper.account, now).await?;
    match reservation::keep(conn, &|| core.id(), &place, hold.hold_id).await {
        Ok(()) => {}
        Err(ReserveError::TimeTaken | ReserveError::SessionShorter) => return Ok(None),
        Err(ReserveError::Database(error)) => return Err(error.into()),
    }
    reservation::tell_next_free_soon(conn, &[wanted.practitioner_role_id], now).await?;
    Ok(Some(hold))
}

/// A hold as it is; for another sort of patient than before, with an offer of its own and the same time left. It begins another
/// booking then, or the cheaper of two offers could be paid for the dearer one.
async fn priced_for(
    conn: &mut PgConnection,
    state: &State,
    kept: HoldRow,
    wanted: &CreateHold,
) -> Result<HoldRow, Reject> {
    if wanted.cohort.is_none() || wanted.cohort == kept.cohort {
        return Ok(kept);
    }
    let near = within_reach(wanted.start, state.core.now());
    let (calendar, row) =
        calendar_around(conn, wanted.practitioner_role_id, wanted.appointment_type_id, near).await?;
    let offer = holding::offer(conn, &calendar, &row, kept.starts_at, wanted.cohort).await?;
    let offer = offer.map_err(|why| cannot_be_charged(why, &row.name))?;
    let (booking_id, practice) = (state.core.id(), calendar.role.organization_id);
    let ids = (kept.hold_id, booking_id);
    let priced = HoldRow {
        booking_id,
        quote: holding::quote(state, ids, practice, &offer, (kept.starts_at, kept.expires_at)),
        appointment_type: offer.appointment_type,
        policy: offer.policy,
        cohort: offer.cohort,
        // The time is the one that was offered; the copy of its type is new.
        offered: Offered { type_version: row.version, ..kept.offered },
        ..kept.clone()
    };
    // Another tab may have booked it meanwhile.
    Ok(if hold::price_anew(conn, &priced).await? { priced } else { kept })
}

/// That somebody holds a time, for the audit log.
pub fn held(visitor: &Visitor, guest_hash: &[u8; 32], action: &'static str, hold: &HoldRow) -> audit::Entry {
    audit::Entry {
        actor: visitor.claims.as_ref().map_or(Actor::Guest(*guest_hash), |claims| Actor::of(claims)),
        action,
        resource: hold.booking_id.into(),
        whose: None,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    }
}

/// Nobody keeps more than two times at once. What was offered to who waits they did not choose to keep.
pub async fn not_too_many(conn: &mut PgConnection, live: &[HoldRow]) -> Result<(), Reject> {
    if live.len() < HOLDS_AT_ONCE {
        return Ok(());
    }
    let ids: Vec<_> = live.iter().map(|hold| hold.hold_id).collect();
    if live.len() - waitlist_offer::count_open(conn, &ids).await? < HOLDS_AT_ONCE {
        return Ok(());
    }
    Err(Problem::new("too-many-holds", 409, "You are holding two times already")
        .detail("Confirm or let go of one of them, then choose this time again.")
        .into())
}

/// Whether the reply of the first time may go out again: to the guest it was made for. A newcomer with the key has
/// adopted the hold by now, since the reply that carried the first cookie never arrived; the key is a random secret of
/// that browser, unlike an id. Somebody with a cookie of their own is another guest.
pub async fn replay(conn: &mut PgConnection, hold: &Hold, keeper: &Keeper) -> Result<(), Reject> {
    match hold::resource_of(conn, hold.hold_id, keeper).await? {
        Some(_) => Ok(()),
        None => Err(Problem::new("idempotency-key-reused", 422, "This key was used by another browser")
            .detail("Make a new Idempotency-Key for a new request.")
            .into()),
    }
}

fn new_hold(
    state: &State,
    wanted: &CreateHold,
    calendar: &Calendar,
    (offer, type_version): (Offer, i32),
) -> Result<HoldRow, Reject> {
    let out_of_time = || Problem::invalid(vec![FieldError::new("/start", "this is too far away")]);
    let minutes = |count: i64| SignedDuration::from_mins(count);
    let length = minutes(offer.appointment_type.duration_minutes.into());
    let ends_at = wanted.start.checked_add(length).map_err(|_| out_of_time())?;
    let expires_at = state.core.now().checked_add(minutes(HOLD_MINUTES)).map_err(|_| out_of_time())?;
    let with = (wanted.practitioner_role_id, calendar.role.organization_id);
    let offer = (offer, calendar.offered(type_version));
    Ok(holding::begin(state, with, offer, &(wanted.start..ends_at), expires_at))
}
