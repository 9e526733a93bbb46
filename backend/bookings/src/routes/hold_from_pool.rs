//! `POST /api/v1/bookings/pools/{pool_id}/holds`: keeps a time with somebody of a pool for ten minutes.

use axum::{
    extract::{Path, State as Extract},
    http::header,
};
use jiff::{Timestamp, ToSpan as _};
use kernel::{
    Created, Json, Reject,
    address::ClientAddress,
    audit, cookies,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    PoolId, Problem,
    bookings::{
        CreateHold, Hold,
        pools::{HoldFromPool, Pool, PoolMember, Rotation},
    },
    problem::FieldError,
};
use sqlx::{Connection as _, PgConnection};

use super::{
    create_hold::{GUEST_SECONDS, GuestCookie, guest, held, not_too_many, replay, take},
    pools::bookable,
    views::{ALTERNATIVES, alternatives, days_around, hold_again, hold_view, is_offered, within_reach},
};
use crate::{
    domain::in_turn,
    state::State,
    store::{hold, pool},
    visitor::{Keeper, Visitor},
};

/// Creates a hold with whoever's turn it is; where somebody else is quicker there, with the next, each in a savepoint. Who asks
/// for a time of the pool that they hold already gets that hold again, as it is.
pub async fn hold_from_pool(
    Extract(state): Extract<State>,
    address: ClientAddress,
    visitor: Visitor,
    Path(pool_id): Path<PoolId>,
    key: IdempotencyKey,
    Json(wanted): Json<HoldFromPool>,
) -> Result<(Option<GuestCookie>, Created<Json<Hold>>), Reject> {
    state.holds_per_address.check(address)?;
    let (guest_hash, new_cookie) = guest(&state, &visitor.holder);
    let new_cookie = new_cookie.filter(|_| visitor.claims.is_none());
    let asks = Asks { visitor: &visitor, guest_hash, newcomer: new_cookie.is_some() };
    let hold = keep_time(&state, key, (pool_id, wanted), &asks).await?;
    let cookie = new_cookie.map(|secret| cookies::set(cookies::GUEST, &secret, GUEST_SECONDS));
    Ok((cookie.map(|cookie| [(header::SET_COOKIE, cookie)]), Created(Json(hold))))
}

/// Who asks.
struct Asks<'a> {
    visitor: &'a Visitor,
    guest_hash: [u8; 32],
    /// Whether they are given a cookie with the reply.
    newcomer: bool,
}

async fn keep_time(
    state: &State,
    key: IdempotencyKey,
    asked: (PoolId, HoldFromPool),
    asks: &Asks<'_>,
) -> Result<Hold, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let (pool_id, wanted) = asked;
    let keeper = Keeper { guest: Some(asks.guest_hash), ..asks.visitor.keeper() };
    let mut tx = core.begin().await?;
    // As in `create_hold`, the key alone names a guest without a cookie.
    let begun = idempotency::begin::<_, Hold>(&mut tx, core, "hold_from_pool", "guest", key, &asked).await?;
    let ticket = match begun {
        Begun::New(ticket) => ticket,
        Begun::Replay(hold) => {
            if asks.newcomer {
                hold::adopt(&mut tx, hold.hold_id, &asks.guest_hash).await?;
            }
            replay(&mut tx, &hold, &keeper).await?;
            core.commit(tx).await?;
            return Ok(hold);
        }
    };
    let pool = bookable(&mut tx, pool_id).await?;
    hold::lock_keeper(&mut tx, &keeper).await?;
    let live = hold::live_of(&mut tx, &keeper, now).await?;
    let tries = order(&mut tx, &pool, &wanted, now).await?;
    let wishes = || tries.iter().map(|member| wish(member, wanted.start));
    if let Some(kept) = live.iter().find(|hold| wishes().any(|wish| hold.keeps(&wish))) {
        let view = hold_again(&mut tx, state, kept.clone(), keeper.account).await?;
        ticket.finish(&mut tx, 201, &view).await?;
        core.commit(tx).await?;
        return Ok(view);
    }
    not_too_many(&mut tx, &live).await?;
    for wish in wishes() {
        let near = within_reach(wish.start, now);
        let calendar = days_around(&mut tx, wish.practitioner_role_id, near).await?;
        let Some(row) = calendar.find_type(wish.appointment_type_id).cloned() else { continue };
        if !is_offered(&calendar, &row, wish.start, now) {
            continue;
        }
        let mut attempt = tx.begin().await?;
        let Some(hold) = take(&mut attempt, state, &wish, &keeper, (&calendar, &row)).await? else {
            attempt.rollback().await?;
            continue;
        };
        attempt.commit().await?;
        audit::record(&mut tx, core, held(asks.visitor, &asks.guest_hash, "hold_from_pool", &hold)).await?;
        let view = hold_view(&mut tx, state, hold, calendar, keeper.account).await?;
        ticket.finish(&mut tx, 201, &view).await?;
        core.commit(tx).await?;
        return Ok(view);
    }
    tx.rollback().await?;
    let mut conn = core.pool.acquire().await?;
    Err(taken(&mut conn, &tries, wanted.start, now).await?.into())
}

/// Who is tried, in order: by turn, or only whom the patient chose.
async fn order<'a>(
    conn: &mut PgConnection,
    pool: &'a Pool,
    wanted: &HoldFromPool,
    now: Timestamp,
) -> Result<Vec<&'a PoolMember>, Reject> {
    let wrong = |detail: &str| Problem::invalid(vec![FieldError::new("/practitioner_role_id", detail)]);
    let members = &pool.members;
    let named = |role| members.iter().find(move |member| member.practitioner_role_id == role);
    match (pool.rotation, wanted.practitioner_role_id) {
        (Rotation::Choose, None) => Err(wrong("Choose with whom").into()),
        (Rotation::Fair, Some(_)) => Err(wrong("Here the practice says with whom").into()),
        (Rotation::Choose, Some(role)) => {
            let chosen = named(role).ok_or_else(|| wrong("Choose one of those who can be booked"))?;
            Ok(vec![chosen])
        }
        (Rotation::Fair, None) => {
            let day = pool.time_zone.date(within_reach(wanted.start, now));
            let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
            let week = pool.time_zone.days(monday, monday.saturating_add(6.days()));
            let roles: Vec<_> = pool.members.iter().map(|member| member.practitioner_role_id).collect();
            let turns = pool::turns(conn, &roles, &week, now).await?;
            Ok(in_turn(turns).into_iter().filter_map(named).collect())
        }
    }
}

fn wish(member: &PoolMember, start: Timestamp) -> CreateHold {
    CreateHold {
        practitioner_role_id: member.practitioner_role_id,
        appointment_type_id: member.appointment_type_id,
        start,
        cohort: None,
    }
}

/// Nobody of them has that time: 409 with the nearest others that any of them has.
async fn taken(
    conn: &mut PgConnection,
    tries: &[&PoolMember],
    wanted: Timestamp,
    now: Timestamp,
) -> Result<Problem, Reject> {
    let mut starts = Vec::new();
    for member in tries {
        let calendar = days_around(conn, member.practitioner_role_id, within_reach(wanted, now)).await?;
        if let Some(row) = calendar.find_type(member.appointment_type_id) {
            starts.extend(alternatives(conn, &calendar, row, wanted, now).await?);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    starts.sort_by_key(|start| start.duration_since(wanted).abs());
    starts.truncate(ALTERNATIVES);
    starts.sort_unstable();
    Ok(Problem::new("time-taken", 409, "That time is no longer free")
        .detail("Nothing was booked. What you entered is kept: choose another time.")
        .alternatives(starts))
}
