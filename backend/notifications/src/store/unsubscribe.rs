//! Table `notifications.unsubscribe_link`: by which somebody who gets reminders by mail says that they want no more. Only hashes
//! are kept, and the link in a mail until it is sent.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, MessageId, PatientId, personal::Personal};
use sqlx::PgConnection;

/// A link to write down.
#[derive(Debug)]
pub struct New<'a> {
    /// The mail that carries it.
    pub message_id: MessageId,
    /// What its header says.
    pub url: &'a str,
    /// The fingerprint of its secret.
    pub token_hash: &'a [u8; 32],
    /// About which booking the mail is.
    pub booking_id: BookingId,
    /// Where it goes.
    pub address: &'a str,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Keeps a link, and gives it to its mail.
pub async fn insert(conn: &mut PgConnection, link: &New<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notifications.unsubscribe_link (token_hash, booking_id, address, expires_at) values ($1, $2, $3, $4)",
        link.token_hash.as_slice(),
        link.booking_id.0,
        link.address,
        link.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message set unsubscribe_url = $2 where message_id = $1",
        link.message_id.0,
        link.url,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a link is about.
#[derive(Debug)]
pub struct Link {
    /// Of which booking's reminder.
    pub booking_id: BookingId,
    /// Whose booking it is, where that is known.
    pub patient_id: Option<PatientId>,
    /// To which address reminders are stopped.
    pub address: Personal<String>,
}

/// A link that works.
pub async fn find(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query!(
        r#"select link.booking_id as "booking_id: BookingId", link.address, owner.patient_id as "patient_id?: PatientId"
           from notifications.unsubscribe_link as link
               left join notifications.booking_owner as owner on owner.booking_id = link.booking_id
           where link.token_hash = $1 and link.expires_at > $2"#,
        token_hash.as_slice(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Link {
        booking_id: row.booking_id,
        patient_id: row.patient_id,
        address: row.address.into(),
    }))
}

/// Forgets a batch of links that do not work any more. Says how many.
pub async fn forget_over(conn: &mut PgConnection, now: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select token_hash from notifications.unsubscribe_link where expires_at <= $1 \
             order by expires_at limit $2 for update skip locked \
         ) \
         delete from notifications.unsubscribe_link as link using old where link.token_hash = old.token_hash",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
