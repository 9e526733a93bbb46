//! Table `notifications.reminder_stop`: addresses and numbers to which no reminders go any more, because whoever reads there
//! said so.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{PatientId, users::ContactChannel};
use sqlx::PgConnection;

use super::other_way;

/// Stops reminders. Those that were written and are not sent go another way, where one is left. The address of a mail is compared
/// without its letters' size. False when they were stopped before.
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
    other_way::stopped(conn, channel, address, now).await?;
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

/// Whether reminders do not go there.
pub async fn is_stopped(
    conn: &mut PgConnection,
    channel: ContactChannel,
    address: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from notifications.reminder_stop where channel = $1 and address = lower($2)) as "stopped!""#,
        channel.code(),
        address,
    )
    .fetch_one(conn)
    .await
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
