//! Table `notifications.notice`: what accounts are told while they look.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, EventId, NoticeId, Zone,
    notifications::{Notice, NoticeKind},
};
use sqlx::{PgConnection, PgExecutor};

use super::appointment::read_zone;

/// How many are listed.
const LISTED: i64 = 50;

/// Something to tell an account.
#[derive(Clone, Copy, Debug)]
pub struct New {
    /// What caused it: an event, or the plan of a reminder.
    pub caused_by: EventId,
    /// Whom to tell.
    pub account_id: AccountId,
    /// What.
    pub kind: NoticeKind,
    /// Of which booking.
    pub booking_id: Option<BookingId>,
    /// How often that had changed, where there may be later news of it already.
    pub version: Option<i32>,
    /// When it starts.
    pub start: Timestamp,
    /// On whose clocks.
    pub zone: Zone,
    /// Until when it is worth reading.
    pub useful_until: Timestamp,
}

/// Tells it, once, unless the account wants to be told nothing while it looks, or later news came before. False when it was not
/// told.
pub async fn tell(
    conn: &mut PgConnection,
    notice_id: NoticeId,
    new: &New,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let told = sqlx::query!(
        "insert into notifications.notice (notice_id, event_id, account_id, kind, booking_id, starts_at, time_zone, created_at) \
         select $1, $2, $3, $4, $5, $6, $7, $8 \
         where not exists (select from notifications.preference where account_id = $3 and not in_app) \
         and not exists (select from notifications.appointment where booking_id = $5 and version > $9) \
         on conflict on constraint notice_once do nothing",
        notice_id.0,
        new.caused_by.0,
        new.account_id.0,
        new.kind.code(),
        new.booking_id.map(|id| id.0),
        new.start.to_sqlx() as jiff_sqlx::Timestamp,
        new.zone.name(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        new.version,
    )
    .execute(conn)
    .await?;
    Ok(told.rows_affected() == 1)
}

/// An account's newest.
pub async fn list(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<Notice>> {
    let rows = sqlx::query!(
        r#"select notice_id as "notice_id: NoticeId", kind, booking_id as "booking_id: BookingId", starts_at, time_zone,
               created_at, read_at is not null as "read!"
           from notifications.notice where account_id = $1 order by created_at desc, notice_id desc limit $2"#,
        account_id.0,
        LISTED,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Notice {
                notice_id: row.notice_id,
                kind: read_kind(&row.kind)?,
                booking_id: row.booking_id,
                start: row.starts_at.to_jiff(),
                time_zone: read_zone(&row.time_zone)?,
                told_at: row.created_at.to_jiff(),
                read: row.read,
            })
        })
        .collect()
}

/// Reads what happened by its name in the database.
pub fn read_kind(code: &str) -> sqlx::Result<NoticeKind> {
    let unknown = || sqlx::Error::Decode("the database holds an unknown kind of notice".into());
    NoticeKind::from_code(code).ok_or_else(unknown)
}

/// How many an account has not read, and which is its newest. Every process finds the same, whichever of them wrote it, and
/// whatever was committed late is in the next answer.
pub async fn standing(
    executor: impl PgExecutor<'_>,
    account_id: AccountId,
) -> sqlx::Result<(i64, Option<NoticeId>)> {
    let row = sqlx::query!(
        r#"select (select count(*) from notifications.notice where account_id = $1 and read_at is null) as "unread!",
               (select notice_id from notifications.notice where account_id = $1
                order by created_at desc, notice_id desc limit 1) as "newest: NoticeId""#,
        account_id.0,
    )
    .fetch_one(executor)
    .await?;
    Ok((row.unread, row.newest))
}

/// Marks what an account was told up to a notice of its own as read. Says how many.
pub async fn read(
    conn: &mut PgConnection,
    account_id: AccountId,
    up_to: NoticeId,
    now: Timestamp,
) -> sqlx::Result<u64> {
    let read = sqlx::query!(
        "update notifications.notice as notice set read_at = $3 from notifications.notice as last \
         where last.notice_id = $2 and last.account_id = $1 and notice.account_id = $1 and notice.read_at is null \
         and (notice.created_at, notice.notice_id) <= (last.created_at, last.notice_id)",
        account_id.0,
        up_to.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(read.rows_affected())
}

/// Takes back that there is an appointment to come, and whether it is late: it has changed, or there is none.
pub async fn forget_reminders(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.notice where booking_id = $1 and kind in ($2, $3, $4)",
        booking_id.0,
        NoticeKind::Reminder.code(),
        NoticeKind::RunningLate.code(),
        NoticeKind::OnTime.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes what was said of proposed times back: the practice proposes none any more.
pub async fn forget_proposals(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.notice where booking_id = $1 and kind = $2",
        booking_id.0,
        NoticeKind::TimeProposed.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what a booking's notices said.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.notice where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a batch of notices from before then. Says how many.
pub async fn forget_old(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select notice_id from notifications.notice where created_at < $1 \
             order by created_at limit $2 for update skip locked \
         ) \
         delete from notifications.notice as notice using old where notice.notice_id = old.notice_id",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
