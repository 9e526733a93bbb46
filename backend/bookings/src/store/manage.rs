//! Manage links, the sessions they open, and codes by mail. Only hashes are stored.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{BookingId, notifications::ReplyPurpose};
use sqlx::PgConnection;

/// Wrong dates of birth after which only a mailed code opens a link; likewise wrong codes after which a code is dead.
pub const TRIES: i16 = 5;
/// Codes that one link may send.
pub const CODES: i16 = 5;

/// A link as kept.
pub struct Link {
    pub booking_id: BookingId,
    pub date_of_birth: jiff::civil::Date,
    pub wrong_proofs: i16,
    pub code_hash: Option<Vec<u8>>,
    pub code_expires_at: Option<Timestamp>,
    pub wrong_codes: i16,
    pub codes_sent: i16,
    /// It was a reminder's link: what it opens can cancel and do no more.
    pub only_cancels: bool,
}

/// Writes a booking's link.
///
/// # Errors
/// When the database fails.
pub async fn insert_link(
    conn: &mut PgConnection,
    booking: BookingId,
    token_hash: &[u8; 32],
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.manage_link (booking_id, token_hash, expires_at) values ($1, $2, $3)",
        booking as BookingId,
        token_hash.as_slice(),
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A link that has not died, locked: the booking's own, or a reminder's that cancels, while the appointment begins when the
/// reminder said. Wrong proofs count together, whichever it was.
///
/// # Errors
/// When the database fails.
pub async fn find_link(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query!(
        r#"with reply as materialized (
               select reply.booking_id from bookings.reply_link reply
               where reply.token_hash = $1 and reply.purpose = $3 and reply.starts_at > $2 and reply.starts_at = (
                   select newest.starts_at from bookings.appointment newest
                   where newest.booking_id = reply.booking_id order by newest.sequence desc, newest.created_at desc limit 1
               )
           )
           select link.booking_id as "booking_id: BookingId", party.date_of_birth, link.wrong_proofs, link.code_hash,
               link.code_expires_at, link.wrong_codes, link.codes_sent, link.token_hash <> $1 as "only_cancels!"
           from bookings.manage_link link join bookings.appointment_party party using (booking_id)
           where (link.token_hash = $1 or link.booking_id = (select booking_id from reply)) and link.expires_at > $2
           for update of link"#,
        token_hash.as_slice(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        ReplyPurpose::Cancel.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Link {
        booking_id: row.booking_id,
        date_of_birth: row.date_of_birth.to_jiff(),
        wrong_proofs: row.wrong_proofs,
        code_hash: row.code_hash,
        code_expires_at: row.code_expires_at.map(|at| at.to_jiff()),
        wrong_codes: row.wrong_codes,
        codes_sent: row.codes_sent,
        only_cancels: row.only_cancels,
    }))
}

/// Counts a wrong date of birth.
///
/// # Errors
/// When the database fails.
pub async fn count_wrong_proof(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.manage_link set wrong_proofs = wrong_proofs + 1 where booking_id = $1",
        booking as BookingId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts a wrong code.
///
/// # Errors
/// When the database fails.
pub async fn count_wrong_code(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.manage_link set wrong_codes = wrong_codes + 1 where booking_id = $1",
        booking as BookingId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers the hash of a code that is being mailed; an older code dies.
///
/// # Errors
/// When the database fails.
pub async fn store_code(
    conn: &mut PgConnection,
    booking: BookingId,
    code_hash: &[u8; 32],
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.manage_link set code_hash = $2, code_expires_at = $3, wrong_codes = 0, codes_sent = codes_sent + 1 \
         where booking_id = $1",
        booking as BookingId,
        code_hash.as_slice(),
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses up a code: the mail that carried it was read, so the address is verified.
///
/// # Errors
/// When the database fails.
pub async fn use_code(conn: &mut PgConnection, booking: BookingId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.manage_link set code_hash = null, code_expires_at = null where booking_id = $1",
        booking as BookingId
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings.appointment_party set email_verified_at = coalesce(email_verified_at, $2) where booking_id = $1",
        booking as BookingId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a link's death along with its appointment.
///
/// # Errors
/// When the database fails.
pub async fn extend_link(
    conn: &mut PgConnection,
    booking: BookingId,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.manage_link set expires_at = $2 where booking_id = $1",
        booking as BookingId,
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a link that has not died another secret and another death. A code that was mailed for it dies. False where there is none.
///
/// # Errors
/// When the database fails.
pub async fn renew_link(
    conn: &mut PgConnection,
    booking: BookingId,
    token_hash: &[u8; 32],
    (now, expires_at): (Timestamp, Timestamp),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.manage_link set token_hash = $2, expires_at = $3, code_hash = null, code_expires_at = null \
         where booking_id = $1 and expires_at > $4",
        booking as BookingId,
        token_hash.as_slice(),
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens a session, as far as the link goes.
///
/// # Errors
/// When the database fails.
pub async fn insert_session(
    conn: &mut PgConnection,
    session_hash: &[u8; 32],
    link: &Link,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.manage_session (session_hash, booking_id, expires_at, only_cancels) values ($1, $2, $3, $4)",
        session_hash.as_slice(),
        link.booking_id as BookingId,
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        link.only_cancels,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has the links that were mailed for bookings open nothing any more, and ends the sessions that they opened. `salt` is in no link and
/// kept nowhere, so nobody has the secret of what stands there now; that something does lets later reminders have links of their own.
///
/// # Errors
/// When the database fails.
pub async fn end_all(conn: &mut PgConnection, bookings: &[BookingId], salt: &[u8; 32]) -> sqlx::Result<()> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    sqlx::query!(
        "update bookings.manage_link set token_hash = sha256($2::bytea || token_hash), code_hash = null, code_expires_at = null \
         where booking_id = any($1)",
        &bookings,
        salt.as_slice(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from bookings.manage_session where booking_id = any($1)", &bookings)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets links that have died. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_links(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from bookings.manage_link where expires_at <= $1",
        now.to_sqlx() as jiff_sqlx::Timestamp
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets sessions that have ended. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_sessions(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from bookings.manage_session where expires_at <= $1",
        now.to_sqlx() as jiff_sqlx::Timestamp
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
