//! Tables `users.mailbox_epoch`, `users.mailbox_grant` and `users.staff_certificate`: practices' mailboxes.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sealing::{
    counter::Epoch,
    directory::{Statement, VerifiedLeaf},
    mailbox::PracticeEpoch,
    suite::KeyId,
};
use shared_types::{BookingId, OrganizationId};
use sqlx::PgConnection;

use super::key_log::{LeafRow, read_index, stored_index};
use crate::domain::mailbox::{Certified, Given};

/// One epoch of a practice.
#[derive(Clone, Debug)]
pub struct EpochRow {
    /// What its leaf says.
    pub practice: PracticeEpoch,
    /// The leaf.
    pub verified: VerifiedLeaf,
    /// Where it was published.
    pub leaf: LeafRow,
}

/// Whether an owner has begun any epoch.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_there(conn: &mut PgConnection, organization_id: OrganizationId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(select from users.mailbox_epoch where organization_id = $1) as "there!""#,
        organization_id.0,
    )
    .fetch_one(conn)
    .await
}

/// The epoch that notes are sealed to now.
///
/// # Errors
/// When a table cannot be read, or holds a leaf that was not let in.
pub async fn newest_epoch(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Option<EpochRow>> {
    let row = sqlx::query!(
        "select leaf.leaf_index, leaf.data from users.mailbox_epoch join users.key_leaf leaf using (leaf_index) \
         where organization_id = $1 order by epoch desc limit 1",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| read(LeafRow { index: read_index(row.leaf_index), data: row.data })).transpose()
}

/// A practice's epochs from one on, the first one first.
///
/// # Errors
/// As [`newest_epoch`].
pub async fn epochs(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    from: u32,
) -> sqlx::Result<Vec<EpochRow>> {
    let rows = sqlx::query!(
        "select leaf.leaf_index, leaf.data from users.mailbox_epoch join users.key_leaf leaf using (leaf_index) \
         where organization_id = $1 and epoch >= $2 order by epoch",
        organization_id.0,
        stored_epoch(from),
    )
    .fetch_all(conn)
    .await?;
    let leaf = |index, data| read(LeafRow { index: read_index(index), data });
    rows.into_iter().map(|row| leaf(row.leaf_index, row.data)).collect()
}

fn read(leaf: LeafRow) -> sqlx::Result<EpochRow> {
    let verified = leaf.read()?;
    match verified.statement() {
        Statement::Practice(practice) => Ok(EpochRow { practice: practice.clone(), verified, leaf }),
        Statement::Account(_) => Err(sqlx::Error::Decode("an epoch's leaf is a person's".into())),
    }
}

/// Begins an epoch, whose leaf is in the log. False when somebody else has begun it.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert_epoch(
    conn: &mut PgConnection,
    practice: &PracticeEpoch,
    leaf_index: u64,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let key_id = practice.mailbox_key_id();
    let done = sqlx::query!(
        "insert into users.mailbox_epoch (organization_id, epoch, key_id, leaf_index, begun_at) \
         values ($1, $2, $3, $4, $5) on conflict on constraint mailbox_epoch_pkey do nothing",
        practice.organization().0,
        stored_epoch(practice.epoch().get()),
        key_id.0.as_slice(),
        stored_index(leaf_index),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps keys for their holders. What somebody holds already stays as it is.
///
/// # Errors
/// When the table cannot be changed, or an epoch was not begun.
pub async fn insert_grants(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    grants: &[Given],
    now: Timestamp,
) -> sqlx::Result<()> {
    for grant in grants {
        sqlx::query!(
            "insert into users.mailbox_grant (organization_id, epoch, key_id, account_id, sealed, given_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict on constraint mailbox_grant_pkey do nothing",
            organization_id.0,
            stored_epoch(grant.epoch.get()),
            grant.key_id.0.as_slice(),
            grant.account_id.map(|account_id| account_id.0),
            grant.sealed,
            now.to_sqlx() as jiff_sqlx::Timestamp,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Keeps certificates. The first one for somebody's keys in an epoch stays.
///
/// # Errors
/// When the table cannot be changed, or an epoch was not begun.
pub async fn insert_certificates(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    certificates: &[Certified],
    now: Timestamp,
) -> sqlx::Result<()> {
    for certified in certificates {
        sqlx::query!(
            "insert into users.staff_certificate (organization_id, epoch, key_id, account_id, certificate, issued_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict on constraint staff_certificate_pkey do nothing",
            organization_id.0,
            stored_epoch(certified.epoch.get()),
            certified.key_id.0.as_slice(),
            certified.account_id.0,
            certified.certificate,
            now.to_sqlx() as jiff_sqlx::Timestamp,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A key that somebody holds.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Of which epoch.
    pub epoch: u32,
    /// The name of the holder's keys.
    pub key_id: Vec<u8>,
    /// Whether it is the recovery key that holds it.
    pub is_recovery: bool,
    /// The key, sealed.
    pub sealed: Vec<u8>,
}

/// Every key that anybody was given of a practice's mailbox, the first epoch first.
///
/// # Errors
/// When the table cannot be read.
pub async fn grants(conn: &mut PgConnection, organization_id: OrganizationId) -> sqlx::Result<Vec<GrantRow>> {
    let rows = sqlx::query!(
        r#"select epoch, key_id, account_id is null as "is_recovery!", sealed from users.mailbox_grant
           where organization_id = $1 order by epoch, given_at, key_id"#,
        organization_id.0,
    )
    .fetch_all(conn)
    .await?;
    let grants = rows.into_iter().map(|row| GrantRow {
        epoch: read_epoch(row.epoch),
        key_id: row.key_id,
        is_recovery: row.is_recovery,
        sealed: row.sealed,
    });
    Ok(grants.collect())
}

/// The keys of epochs from one on that some keys hold, the first one first.
///
/// # Errors
/// When the table cannot be read.
pub async fn grants_to(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    key_id: KeyId,
    from: u32,
) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!(
        "select sealed from users.mailbox_grant \
         where organization_id = $1 and key_id = $2 and epoch >= $3 and account_id is not null order by epoch",
        organization_id.0,
        key_id.0.as_slice(),
        stored_epoch(from),
    )
    .fetch_all(conn)
    .await
}

/// Whether an owner has certified somebody's keys for an epoch.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_certified(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    epoch: Epoch,
    key_id: KeyId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
               select from users.staff_certificate where organization_id = $1 and epoch = $2 and key_id = $3
           ) as "certified!""#,
        organization_id.0,
        stored_epoch(epoch.get()),
        key_id.0.as_slice(),
    )
    .fetch_one(conn)
    .await
}

/// The certificates of the staff who wrote about a booking.
///
/// # Errors
/// When a table cannot be read.
pub async fn certificates_of(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!(
        "select certificate from users.staff_certificate where (organization_id, epoch, key_id) in ( \
             select thread.organization_id, note.epoch, note.key_id \
             from users.sealed_note note join users.note_thread thread using (booking_id) \
             where note.booking_id = $1 and note.author_side = 'practice' \
         ) order by epoch, issued_at, key_id",
        booking_id.0,
    )
    .fetch_all(conn)
    .await
}

/// An epoch, which the tables keep from being below one.
pub fn read_epoch(stored: i32) -> u32 {
    stored.unsigned_abs()
}

/// The same for the tables; epochs are dense, so none comes near the end.
pub fn stored_epoch(epoch: u32) -> i32 {
    i32::try_from(epoch).unwrap_or(i32::MAX)
}
