//! Table `notifications.message_plan`: which reminders there will be. Whoever changes a plan and its message locks the plan
//! first.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, EventId, notifications::MessageStatus, users::ContactChannel};
use sqlx::PgConnection;

use super::message::read_channel;
use crate::domain::plan::{Kind, PlanState, Planned, Why};

/// Plans a reminder. A plan that is there for the same version stays as it is.
pub async fn insert(
    conn: &mut PgConnection,
    message_plan_id: EventId,
    booking_id: BookingId,
    version: i32,
    planned: &Planned,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notifications.message_plan (message_plan_id, booking_id, version, kind, channels, due_at, \
         useful_until, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict on constraint message_plan_once do nothing",
        message_plan_id.0,
        booking_id.0,
        version,
        planned.kind.code(),
        &codes(&planned.kind.channels()),
        planned.due_at.to_sqlx() as jiff_sqlx::Timestamp,
        planned.useful_until.to_sqlx() as jiff_sqlx::Timestamp,
        PlanState::Planned.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what is not sent yet of a booking's plans for versions before that one, with the messages that were written for them
/// and their words. One that was sent goes no other way any more, should somebody report that it did not arrive.
pub async fn drop_before(
    conn: &mut PgConnection,
    booking_id: BookingId,
    version: i32,
    why: Why,
) -> sqlx::Result<()> {
    let plans = sqlx::query_scalar!(
        "select message_plan_id from notifications.message_plan where booking_id = $1 and version < $2 for update",
        booking_id.0,
        version,
    )
    .fetch_all(&mut *conn)
    .await?;
    let written = sqlx::query_scalar!(
        "update notifications.message set status = $2, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where event_id = any($1) and status in ($3, $4) returning event_id",
        &plans,
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message_plan set channels = '{}' where message_plan_id = any($1)",
        &plans
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message_plan set state = $3, dropped_why = $4 \
         where message_plan_id = any($1) and (state = $5 or message_plan_id = any($2))",
        &plans,
        &written,
        PlanState::Dropped.code(),
        why.code(),
        PlanState::Planned.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A plan whose moment has come.
#[derive(Debug)]
pub struct Due {
    /// Which. What is written for it carries this as its cause.
    pub message_plan_id: EventId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// Which reminder.
    pub kind: Kind,
    /// The ways that are left to try.
    pub channels: Vec<ContactChannel>,
    /// From when on it is not sent any more.
    pub useful_until: Timestamp,
}

/// Takes plans that are due, for the caller's transaction.
pub async fn claim_due(conn: &mut PgConnection, now: Timestamp, limit: i64) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"select message_plan_id as "message_plan_id: EventId", booking_id as "booking_id: BookingId", kind, channels,
               useful_until
           from notifications.message_plan where state = $2 and due_at <= $1
           order by due_at limit $3 for update skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        PlanState::Planned.code(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let unknown = || sqlx::Error::Decode("the database holds an unknown kind of reminder".into());
            let kind = Kind::from_code(&row.kind).ok_or_else(unknown)?;
            Ok(Due {
                message_plan_id: row.message_plan_id,
                booking_id: row.booking_id,
                kind,
                channels: read_channels(&row.channels)?,
                useful_until: row.useful_until.to_jiff(),
            })
        })
        .collect()
}

/// A message was written for it; these ways are left if it fails.
pub async fn mark_written(
    conn: &mut PgConnection,
    message_plan_id: EventId,
    left: &[ContactChannel],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message_plan set state = $2, channels = $3 where message_plan_id = $1",
        message_plan_id.0,
        PlanState::Written.code(),
        &codes(left),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It will not be sent.
pub async fn mark_dropped(conn: &mut PgConnection, message_plan_id: EventId, why: Why) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message_plan set state = $2, dropped_why = $3 where message_plan_id = $1",
        message_plan_id.0,
        PlanState::Dropped.code(),
        why.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It waits until then.
pub async fn postpone(
    conn: &mut PgConnection,
    message_plan_id: EventId,
    due_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message_plan set due_at = $2 where message_plan_id = $1",
        message_plan_id.0,
        due_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks the plan that a message was written for, if it was one, and says until when it is of use. None for other messages.
pub async fn lock(conn: &mut PgConnection, caused_by: EventId) -> sqlx::Result<Option<Timestamp>> {
    let useful_until = sqlx::query_scalar!(
        "select useful_until from notifications.message_plan where message_plan_id = $1 for update",
        caused_by.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(useful_until.map(|until| until.to_jiff()))
}

/// Lets a reminder that could not be delivered go the next way that is left, at once.
pub async fn take_next_way(
    conn: &mut PgConnection,
    message_plan_id: EventId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let again = sqlx::query!(
        "update notifications.message_plan set state = $3, due_at = $2 \
         where message_plan_id = $1 and state = $4 and cardinality(channels) > 0 and useful_until > $2",
        message_plan_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        PlanState::Planned.code(),
        PlanState::Written.code(),
    )
    .execute(conn)
    .await?;
    Ok(again.rows_affected() == 1)
}

/// Drops reminders that were written, are not with anybody who sends them now, and whose time is over. Says how many.
pub async fn drop_late(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let plans = sqlx::query_scalar!(
        "select plan.message_plan_id from notifications.message \
         join notifications.message_plan as plan on plan.message_plan_id = message.event_id \
         where message.status = $2 and message.next_attempt_at <= $1 and plan.useful_until <= $1 \
         for update of plan skip locked",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        MessageStatus::Queued.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    if plans.is_empty() {
        return Ok(0);
    }
    let dropped = sqlx::query_scalar!(
        "update notifications.message set status = $3, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where event_id = any($1) and status = $4 and next_attempt_at <= $2 returning event_id",
        &plans,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message_plan set state = $2, dropped_why = $3 where message_plan_id = any($1)",
        &dropped,
        PlanState::Dropped.code(),
        Why::Late.code(),
    )
    .execute(conn)
    .await?;
    Ok(dropped.len() as u64)
}

/// Deletes a batch of plans whose time was over before `before`.
pub async fn forget_old(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select message_plan_id from notifications.message_plan where useful_until < $1 \
             order by useful_until limit $2 for update skip locked \
         ) \
         delete from notifications.message_plan as plan using old where plan.message_plan_id = old.message_plan_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

fn codes(channels: &[ContactChannel]) -> Vec<String> {
    channels.iter().map(|channel| channel.code().to_owned()).collect()
}

/// Reads channels by their names in the database.
pub fn read_channels(codes: &[String]) -> sqlx::Result<Vec<ContactChannel>> {
    codes.iter().map(|code| read_channel(code)).collect()
}
