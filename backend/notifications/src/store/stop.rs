//! Table `notifications.reminder_stop`: addresses and numbers to which no reminders go any more, because whoever reads there
//! said so.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{PatientId, notifications::MessageStatus, users::ContactChannel};
use sqlx::PgConnection;

/// Stops reminders, and drops those that were written and are not sent. The address of a mail is compared without its letters'
/// size. False when they were stopped before.
pub async fn stop(
    conn: &mut PgConnection,
    channel: ContactChannel,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let stopped = sqlx::query!(
        "insert into notifications.reminder_stop (channel, address, stopped_at) values ($1, lower($2), $3) \
         on conflict on constraint reminder_stop_pkey do nothing",
        channel.code(),
        address,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    // The plans first, as everybody does who changes both.
    let plans = sqlx::query_scalar!(
        "select plan.message_plan_id from notifications.message \
         join notifications.message_plan as plan on plan.message_plan_id = message.event_id \
         where message.channel = $1 and lower(message.recipient) = lower($2) and message.status in ($3, $4) \
         for update of plan",
        channel.code(),
        address,
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message set status = $4, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where event_id = any($1) and channel = $2 and lower(recipient) = lower($3) and status in ($5, $6)",
        &plans,
        channel.code(),
        address,
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .execute(conn)
    .await?;
    Ok(stopped.rows_affected() == 1)
}

/// Lets reminders go there again. False when they were not stopped.
pub async fn resume(conn: &mut PgConnection, channel: ContactChannel, address: &str) -> sqlx::Result<bool> {
    let resumed = sqlx::query!(
        "delete from notifications.reminder_stop where channel = $1 and address = lower($2)",
        channel.code(),
        address,
    )
    .execute(conn)
    .await?;
    Ok(resumed.rows_affected() == 1)
}

/// Patients whose text messages go to a number.
pub async fn patients_at(conn: &mut PgConnection, mobile: &str) -> sqlx::Result<Vec<PatientId>> {
    sqlx::query_scalar!(
        r#"select patient_id as "patient_id: PatientId" from notifications.contact where mobile = $1 order by patient_id"#,
        mobile,
    )
    .fetch_all(conn)
    .await
}
