//! Tables `users.note_thread` and `users.sealed_note`: what patients and practices tell each other, sealed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, NoteId, OrganizationId, PatientId,
    users::{BookingWithNotes, NoteAuthor, SealedNote},
};
use sqlx::PgConnection;

use super::mailbox::{read_epoch, stored_epoch};
use crate::domain::envelope::Sealed;

/// What there is of a booking's notes so far.
#[derive(Clone, Copy, Debug)]
pub struct ThreadRow {
    /// How many notes.
    pub notes: i32,
    /// How many bytes, all versions together.
    pub bytes: i64,
}

/// A booking's notes, begun if there are none; nobody else adds one until the transaction ends. `destroy_at` is when they
/// go unless the booking is told by then.
///
/// # Errors
/// When the table cannot be changed.
pub async fn lock_thread(
    conn: &mut PgConnection,
    booking_id: BookingId,
    organization_id: OrganizationId,
    epoch: u32,
    destroy_at: Option<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<ThreadRow> {
    sqlx::query!(
        "insert into users.note_thread (booking_id, organization_id, epoch, newest_at, destroy_at) \
         values ($1, $2, $3, $4, $5) on conflict on constraint note_thread_pkey do nothing",
        booking_id.0,
        organization_id.0,
        stored_epoch(epoch),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        destroy_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        ThreadRow,
        "select notes, bytes from users.note_thread where booking_id = $1 for update",
        booking_id.0,
    )
    .fetch_one(conn)
    .await
}

/// The newest version of a note.
#[derive(Clone, Copy, Debug)]
pub struct NewestRow {
    /// The booking it belongs to.
    pub booking_id: BookingId,
    /// Its version.
    pub version: u32,
    /// Who wrote it.
    pub author: NoteAuthor,
}

/// The newest version of a note, whichever booking's it is.
///
/// # Errors
/// When the table cannot be read.
pub async fn newest_version(conn: &mut PgConnection, note_id: NoteId) -> sqlx::Result<Option<NewestRow>> {
    let row = sqlx::query!(
        r#"select booking_id as "booking_id: BookingId", version, author_side, account_id as "account_id: AccountId"
           from users.sealed_note where note_id = $1 order by version desc limit 1"#,
        note_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let author = author(&row.author_side, row.account_id)?;
        Ok(NewestRow { booking_id: row.booking_id, version: row.version.unsigned_abs(), author })
    })
    .transpose()
}

/// Adds a version and counts it in. False when there is one of that number: another note was quicker.
///
/// # Errors
/// When a table cannot be changed.
pub async fn insert(
    conn: &mut PgConnection,
    sealed: &Sealed,
    author: NoteAuthor,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let envelope = &sealed.envelope;
    let (signer, (side, account_id)) = (envelope.signed_by().key_id(), stored_author(author));
    let version = i32::try_from(envelope.version().get()).unwrap_or(i32::MAX);
    let done = sqlx::query!(
        "insert into users.sealed_note (note_id, version, booking_id, epoch, author_side, account_id, key_id, \
         padded_bytes, envelope, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict on constraint sealed_note_pkey do nothing",
        envelope.note().0,
        version,
        envelope.booking().0,
        stored_epoch(envelope.epoch().get()),
        side,
        account_id.map(|account_id| account_id.0),
        signer.0.as_slice(),
        i32::try_from(envelope.padded_length()).unwrap_or(i32::MAX),
        sealed.bytes,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update users.note_thread set notes = notes + $2, bytes = bytes + $3, newest_at = $4, newest_by_practice = $5 \
         where booking_id = $1",
        envelope.booking().0,
        i32::from(version == 1),
        i64::try_from(sealed.bytes.len()).unwrap_or(i64::MAX),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        side == "practice",
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A booking's notes in their newest versions, in the order in which their first versions came.
///
/// # Errors
/// When the table cannot be read.
pub async fn list(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Vec<SealedNote>> {
    let rows = sqlx::query!(
        r#"select note.note_id as "note_id: NoteId", note.version, note.epoch, note.author_side,
               note.account_id as "account_id: AccountId", note.padded_bytes, note.envelope, note.created_at
           from users.sealed_note note
               join users.sealed_note first on first.note_id = note.note_id and first.version = 1
           where note.booking_id = $1
               and not exists (
                   select from users.sealed_note later
                   where later.note_id = note.note_id and later.version = note.version + 1
               )
           order by first.created_at, note.note_id"#,
        booking_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(SealedNote {
                note_id: row.note_id,
                version: row.version.unsigned_abs(),
                epoch: read_epoch(row.epoch),
                author: author(&row.author_side, row.account_id)?,
                created_at: row.created_at.to_jiff(),
                padded_bytes: row.padded_bytes.unsigned_abs().into(),
                envelope: URL_SAFE_NO_PAD.encode(row.envelope),
            })
        })
        .collect()
}

/// Somebody of the practice has opened a booking's notes.
///
/// # Errors
/// When the table cannot be changed.
pub async fn opened(conn: &mut PgConnection, booking_id: BookingId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.note_thread set opened_at = $2 where booking_id = $1",
        booking_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where a page goes on: after that time and booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last row's newest note came.
    pub newest_at: Timestamp,
    /// Which booking it is.
    pub booking_id: BookingId,
}

impl After {
    /// As text for a URL.
    pub fn encode(self) -> String {
        format!("{}~{}", self.newest_at.as_microsecond(), self.booking_id)
    }

    /// Reads [`After::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let (newest_at, id) = text.split_once('~')?;
        let newest_at = Timestamp::from_microsecond(newest_at.parse().ok()?).ok()?;
        Some(Self { newest_at, booking_id: id.parse().ok()? })
    }
}

/// A practice's bookings that have notes, the one with the newest note first; beside each, whose record it is. Notes of a
/// booking that is still being made are not there.
///
/// # Errors
/// When a table cannot be read.
pub async fn inbox(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<(BookingWithNotes, Option<PatientId>)>> {
    let rows = sqlx::query!(
        r#"select thread.booking_id as "booking_id: BookingId", booking.starts_at, thread.notes, thread.newest_at,
               not thread.newest_by_practice and coalesce(thread.opened_at < thread.newest_at, true) as "unread!",
               booking.patient_id as "patient_id: PatientId"
           from users.note_thread thread join users.booking using (booking_id)
           where thread.organization_id = $1 and booking.organization_id = $1 and thread.notes > 0
               and ($2::timestamptz is null or (thread.newest_at, thread.booking_id) < ($2, $3))
           order by thread.newest_at desc, thread.booking_id desc limit $4"#,
        organization_id.0,
        after.map(|after| after.newest_at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after.map(|after| after.booking_id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| {
        let booking = BookingWithNotes {
            booking_id: row.booking_id,
            start: row.starts_at.to_jiff(),
            notes: row.notes.unsigned_abs(),
            newest_at: row.newest_at.to_jiff(),
            unread: row.unread,
        };
        (booking, row.patient_id)
    });
    Ok(listed.collect())
}

/// The booking was told: its notes stay.
///
/// # Errors
/// When the table cannot be changed.
pub async fn stay(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("update users.note_thread set destroy_at = null where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Destroys a batch of notes whose booking was never told. Says of which bookings. One that was told in the very moment in
/// which its first note came is only found here: its notes stay.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_due(
    conn: &mut PgConnection,
    now: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<BookingId>> {
    sqlx::query_scalar!(
        r#"with due as (
               select booking_id from users.note_thread where destroy_at <= $1
               order by destroy_at limit $2 for update skip locked
           ), told as (
               update users.note_thread thread set destroy_at = null
               where thread.booking_id in (select due.booking_id from due join users.booking using (booking_id))
           )
           delete from users.note_thread thread
           where thread.booking_id in (select due.booking_id from due)
               and not exists (select from users.booking where booking.booking_id = thread.booking_id)
           returning thread.booking_id as "booking_id: BookingId""#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await
}

fn stored_author(author: NoteAuthor) -> (&'static str, Option<AccountId>) {
    match author {
        NoteAuthor::Guest => ("guest", None),
        NoteAuthor::Patient { account_id } => ("patient", Some(account_id)),
        NoteAuthor::Practice { account_id } => ("practice", Some(account_id)),
    }
}

fn author(side: &str, account_id: Option<AccountId>) -> sqlx::Result<NoteAuthor> {
    match (side, account_id) {
        ("guest", None) => Ok(NoteAuthor::Guest),
        ("patient", Some(account_id)) => Ok(NoteAuthor::Patient { account_id }),
        ("practice", Some(account_id)) => Ok(NoteAuthor::Practice { account_id }),
        (side, _) => {
            Err(sqlx::Error::Decode(format!("the database holds an unknown author {side:?}").into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::After;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let after = After {
            newest_at: "2026-11-26T09:15:00Z".parse().unwrap(),
            booking_id: Uuid::from_u128(7).into(),
        };
        assert_eq!(After::decode(&after.encode()), Some(after));
        for text in ["", "~", "1~2", "x~00000000-0000-0000-0000-000000000007", "99999999999999999999~7"] {
            assert_eq!(After::decode(text), None, "{text}");
        }
    }
}
