//! Taking a sealed note: the same for every way in. What differs is who writes, and who of the patient's side reads.

use jiff::Timestamp;
use kernel::{Core, Reject};
use sealing::identity::IdentityKeys;
use shared_types::{
    AccountId, BookingId, OrganizationId, Problem,
    problem::FieldError,
    users::{NoteAuthor, NoteKept},
};
use sqlx::PgConnection;

use crate::{
    domain::envelope::{Sealed, Wanted},
    store::{
        identity,
        mailbox::{self, EpochRow},
        note::{self, NewestRow, ThreadRow},
    },
};

/// The largest body that carries a note: eight megabytes as base64url, and what is around them.
pub const MAX_BODY: usize = 12 * 1024 * 1024;
/// How many notes a booking has.
const NOTES: i32 = 20;
/// How many bytes all versions of them have together.
const BYTES: i64 = 32 * 1024 * 1024;

/// Reads an envelope beside the requests that others wait for: eight megabytes take a moment.
///
/// # Errors
/// 422 when it is none, or its signature does not hold.
pub async fn read(text: String) -> Result<Sealed, Reject> {
    let sealed = tokio::task::spawn_blocking(move || Sealed::read(&text)).await;
    let sealed = sealed.map_err(|error| Reject::internal(&error))?;
    Ok(sealed.map_err(Problem::from)?)
}

/// Where a note goes, who wrote it and who reads it.
pub struct Destination<'a> {
    /// About which booking.
    pub booking_id: BookingId,
    /// The practice as it is now.
    pub practice: &'a EpochRow,
    /// Who wrote it.
    pub author: NoteAuthor,
    /// The writer's keys; none for a guest.
    pub signer: Option<&'a IdentityKeys>,
    /// The keys on the patient's side that it has to be sealed to.
    pub readers: &'a [IdentityKeys],
    /// When it is destroyed unless the booking is told by then.
    pub destroy_at: Option<Timestamp>,
}

/// Keeps a note, if all of it is as it has to be.
///
/// # Errors
/// 409 when it is of an old epoch or not the next version, or the booking has no room for it; 422 when it is not sealed as
/// it has to be.
pub async fn keep(
    conn: &mut PgConnection,
    core: &Core,
    sealed: &Sealed,
    to: &Destination<'_>,
) -> Result<NoteKept, Reject> {
    let practice = &to.practice.practice;
    let wanted = Wanted { booking_id: to.booking_id, practice, signer: to.signer, readers: to.readers };
    wanted.check(&sealed.envelope).map_err(Problem::from)?;
    let (now, epoch) = (core.now(), practice.epoch().get());
    let thread =
        note::lock_thread(conn, to.booking_id, practice.organization(), epoch, to.destroy_at, now).await?;
    let newest = note::newest_version(conn, sealed.envelope.note()).await?;
    require_next(sealed, to, newest)?;
    require_room(sealed, thread)?;
    if !note::insert(conn, sealed, to.author, now).await? {
        return Err(not_the_next_version().into());
    }
    Ok(NoteKept { note_id: sealed.envelope.note(), version: sealed.envelope.version().get() })
}

/// Versions are dense, all of one booking and of one writer. What a guest wrote, whoever claimed the booking may go on with.
fn require_next(sealed: &Sealed, to: &Destination<'_>, newest: Option<NewestRow>) -> Result<(), Problem> {
    let version = sealed.envelope.version().get();
    let Some(newest) = newest else {
        return if version == 1 { Ok(()) } else { Err(not_the_next_version()) };
    };
    let same_writer = match (newest.author, to.author) {
        (NoteAuthor::Guest, NoteAuthor::Patient { .. }) => true,
        (before, now) => before == now,
    };
    if newest.booking_id != to.booking_id || !same_writer {
        let detail = "Give it an id of its own: there is another note with this one";
        return Err(Problem::invalid(vec![FieldError::new("/envelope", detail)]));
    }
    if newest.version.checked_add(1) == Some(version) { Ok(()) } else { Err(not_the_next_version()) }
}

fn require_room(sealed: &Sealed, thread: ThreadRow) -> Result<(), Problem> {
    let one_more = sealed.envelope.version().get() == 1;
    let bytes = i64::try_from(sealed.bytes.len()).unwrap_or(i64::MAX);
    if (one_more && thread.notes >= NOTES) || thread.bytes.saturating_add(bytes) > BYTES {
        return Err(Problem::new("notes-full", 409, "There is no more room for this appointment").detail(
            "This was not sent; what was sent before is kept. Call the practice, or bring it along.",
        ));
    }
    Ok(())
}

fn not_the_next_version() -> Problem {
    Problem::new("note-version", 409, "This note has changed since you opened it")
        .detail("Nothing was changed. Fetch the notes again, then send your change once more.")
}

/// The practice as notes are sealed to it now.
///
/// # Errors
/// 404 with the type `no-keys` when no owner has begun an epoch.
pub async fn practice_now(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<EpochRow, Reject> {
    let newest = mailbox::newest_epoch(conn, organization_id).await?;
    newest.ok_or_else(|| no_keys("This practice cannot be written to yet.").into())
}

/// The keys of somebody who writes.
///
/// # Errors
/// 404 with the type `no-keys` when they have made none.
pub async fn writers_keys(conn: &mut PgConnection, account_id: AccountId) -> Result<IdentityKeys, Reject> {
    let row = identity::find(conn, account_id).await?;
    row.map(|row| row.keys).ok_or_else(|| no_keys("Make your keys first.").into())
}

/// The newest keys of those accounts that have some.
///
/// # Errors
/// When a table cannot be read.
pub async fn keys_of(conn: &mut PgConnection, accounts: &[AccountId]) -> sqlx::Result<Vec<IdentityKeys>> {
    Ok(identity::list(conn, accounts).await?.into_iter().map(|row| row.keys).collect())
}

/// There is nothing to seal to.
pub fn no_keys(detail: &str) -> Problem {
    Problem::new("no-keys", 404, "There are no keys yet").detail(format!("Nothing was changed. {detail}"))
}
