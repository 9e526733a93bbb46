//! `POST /api/v1/bookings/holds`: keeps a time for ten minutes.

use std::ops::Range;

use axum::{
    extract::State as Extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Json, Reject,
    address::ClientAddress,
    audit::{self, Actor, Outcome, Purpose},
    cookies::{self, Holder},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AudCents, Problem,
    bookings::{CancellationPolicy, CreateHold, HOLD_MINUTES, Hold, HoldStatus, Quote},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::views::{calendar_around, hold_again, hold_view, is_offered, time_taken, within_reach};
use crate::{
    domain::sign_quote,
    state::State,
    store::{
        calendar::{Calendar, TypeRow},
        hold::{self, HoldRow},
        reservation::{self, ReserveError},
    },
    visitor::{Keeper, Visitor},
};

/// How many times one guest or one account may keep at once.
const HOLDS_AT_ONCE: usize = 2;
/// How long a browser stays a guest, in seconds: a day.
const GUEST_SECONDS: i64 = 24 * 60 * 60;

/// Creates a hold. The exclusion constraint decides who gets a time; the loser is shown the nearest others. Who asks for
/// the very time they hold already gets that hold again, as it is.
pub async fn create_hold(
    Extract(state): Extract<State>,
    address: ClientAddress,
    visitor: Visitor,
    key: IdempotencyKey,
    Json(wanted): Json<CreateHold>,
) -> Result<Response, Reject> {
    state.holds_per_address.check(address)?;
    let (guest_hash, new_cookie) = guest(&state, &visitor.holder);
    // A member is known by their account, wherever they go on: no cookie is left behind that outlives their sign-out.
    let new_cookie = new_cookie.filter(|_| visitor.claims.is_none());
    let hold = keep_time(&state, key, &wanted, &visitor, &guest_hash, new_cookie.is_some()).await?;
    let mut response = (StatusCode::CREATED, axum::Json(hold)).into_response();
    if let Some(secret) = new_cookie {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookies::set(cookies::GUEST, &secret, GUEST_SECONDS));
    }
    Ok(response)
}

/// Who the guest is: the one of the cookie, or a new one with a cookie to set.
fn guest(state: &State, holder: &Holder) -> ([u8; 32], Option<String>) {
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
        let view = hold_again(&mut tx, state, kept.clone(), keeper.account).await?;
        ticket.finish(&mut tx, 201, &view).await?;
        core.commit(tx).await?;
        return Ok(view);
    }
    let near = within_reach(wanted.start, now);
    let (calendar, row) =
        calendar_around(&mut tx, wanted.practitioner_role_id, wanted.appointment_type_id, near).await?;
    if live.len() >= HOLDS_AT_ONCE {
        return Err(Problem::new("too-many-holds", 409, "You are holding two times already")
            .detail("Confirm or let go of one of them, then choose this time again.")
            .into());
    }
    if !is_offered(&calendar, &row, wanted.start, now) {
        return Err(time_taken(&mut tx, &calendar, &row, wanted.start, now).await?.into());
    }
    let hold = new_hold(state, wanted, &calendar, &row, now)?;
    let during = during(&row, &hold);
    reservation::lock(&mut tx, calendar.resource_id).await?;
    reservation::clear_lapsed(&mut tx, calendar.resource_id, &during, now).await?;
    hold::insert(&mut tx, &hold, guest_hash, keeper.account, now).await?;
    match reservation::reserve(&mut tx, core.id(), calendar.resource_id, &during, hold.hold_id).await {
        Ok(()) => {}
        Err(ReserveError::TimeTaken) => {
            tx.rollback().await?;
            let mut conn = core.pool.acquire().await?;
            return Err(time_taken(&mut conn, &calendar, &row, wanted.start, now).await?.into());
        }
        Err(ReserveError::Database(error)) => return Err(error.into()),
    }
    reservation::tell_next_free_soon(&mut tx, wanted.practitioner_role_id, now).await?;
    let entry = audit::Entry {
        actor: visitor.claims.as_ref().map_or(Actor::Guest(*guest_hash), |claims| Actor::of(claims)),
        action: "create_hold",
        resource: hold.booking_id.into(),
        whose: None,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    let view = hold_view(state, hold, calendar, keeper.account)?;
    ticket.finish(&mut tx, 201, &view).await?;
    core.commit(tx).await?;
    Ok(view)
}

/// Whether the reply of the first time may go out again: to the guest it was made for. A newcomer with the key has
/// adopted the hold by now, since the reply that carried the first cookie never arrived; the key is a random secret of
/// that browser, unlike an id. Somebody with a cookie of their own is another guest.
async fn replay(conn: &mut PgConnection, hold: &Hold, keeper: &Keeper) -> Result<(), Reject> {
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
    row: &TypeRow,
    now: Timestamp,
) -> Result<HoldRow, Reject> {
    let core = &state.core;
    let out_of_time = || Problem::invalid(vec![FieldError::new("/start", "this is too far away")]);
    let minutes = |count: i64| SignedDuration::from_mins(count);
    let ends_at =
        wanted.start.checked_add(minutes(row.duration_minutes.into())).map_err(|_| out_of_time())?;
    let expires_at = now.checked_add(minutes(HOLD_MINUTES)).map_err(|_| out_of_time())?;
    let booking_id = core.id();
    let quote = Quote {
        quote_id: core.id(),
        booking_id,
        fee_cents: row.price_cents,
        rebate_cents: AudCents::ZERO,
        gap_cents: row.price_cents,
        expires_at,
        kid: String::new(),
        signature: String::new(),
    };
    let policy = calendar
        .schedule
        .map_or(CancellationPolicy { free_until_hours: 0, late_fee_cents: AudCents::ZERO }, |schedule| {
            schedule.policy
        });
    // Health Insurance Act 1973 s 20A (C-52): nothing is ever charged for a bulk-billed appointment.
    let policy = if row.bulk_billed {
        CancellationPolicy { late_fee_cents: AudCents::ZERO, ..policy }
    } else {
        policy
    };
    Ok(HoldRow {
        hold_id: core.id(),
        booking_id,
        practitioner_role_id: wanted.practitioner_role_id,
        starts_at: wanted.start,
        ends_at,
        status: HoldStatus::Active,
        expires_at,
        appointment_type: row.appointment_type(),
        policy,
        quote: sign_quote(quote, &state.signer),
    })
}

/// The appointment with its buffers.
fn during(row: &TypeRow, hold: &HoldRow) -> Range<Timestamp> {
    let before = SignedDuration::from_mins(row.buffer_before_minutes.into());
    let after = SignedDuration::from_mins(row.buffer_after_minutes.into());
    hold.starts_at.saturating_sub(before).unwrap_or(hold.starts_at)
        ..hold.ends_at.saturating_add(after).unwrap_or(hold.ends_at)
}
