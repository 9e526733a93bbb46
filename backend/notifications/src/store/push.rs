//! Tables `notifications.push_subscription` and `notifications.push_message`: the browsers that are sent notices, and what is to
//! be sent to them.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, NoticeId, PushSubscriptionId, Zone,
    notifications::{NoticeKind, push::PushSubscription},
};
use sqlx::PgConnection;

use super::{appointment::read_zone, notice::read_kind};

/// A browser, as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// Whose it is.
    pub account_id: AccountId,
    /// Its address at the push service.
    pub endpoint: &'a str,
    /// Its public key.
    pub p256dh: &'a [u8],
    /// What it and we alone know.
    pub auth: &'a [u8],
}

/// Lets one request at a time count and add an account's browsers.
pub async fn lock_account(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('browsers of ' || $1::uuid::text, 0))",
        account_id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An account's browsers, the earliest first.
pub async fn list(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<PushSubscription>> {
    let rows = sqlx::query!(
        r#"select push_subscription_id as "id: PushSubscriptionId", endpoint, created_at
           from notifications.push_subscription where account_id = $1 order by created_at, push_subscription_id"#,
        account_id.0,
    )
    .fetch_all(conn)
    .await?;
    let items = rows.into_iter().map(|row| PushSubscription {
        push_subscription_id: row.id,
        endpoint: row.endpoint,
        since: row.created_at.to_jiff(),
    });
    Ok(items.collect())
}

/// Keeps a browser; one that is kept already gets its keys anew. Whoever used it before is told there no more: it is one
/// account's at a time. Says which it is, and since when.
pub async fn put(
    conn: &mut PgConnection,
    id: PushSubscriptionId,
    browser: Browser<'_>,
    now: Timestamp,
) -> sqlx::Result<PushSubscription> {
    let row = sqlx::query!(
        r#"insert into notifications.push_subscription as old
               (push_subscription_id, account_id, endpoint, p256dh, auth, created_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint push_subscription_endpoint_key do update
           set account_id = excluded.account_id, p256dh = excluded.p256dh, auth = excluded.auth,
               created_at = case when old.account_id = excluded.account_id then old.created_at else excluded.created_at end
           returning push_subscription_id as "id: PushSubscriptionId", created_at"#,
        id.0,
        browser.account_id.0,
        browser.endpoint,
        browser.p256dh,
        browser.auth,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await?;
    Ok(PushSubscription {
        push_subscription_id: row.id,
        endpoint: browser.endpoint.to_owned(),
        since: row.created_at.to_jiff(),
    })
}

/// Forgets an account's browser, with what waits for it. False when the account has no such browser.
pub async fn remove(
    conn: &mut PgConnection,
    account_id: AccountId,
    id: PushSubscriptionId,
) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "delete from notifications.push_subscription where push_subscription_id = $1 and account_id = $2",
        id.0,
        account_id.0,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected() == 1)
}

/// A notice that devices are to show.
#[derive(Clone, Copy, Debug)]
pub struct Queued {
    /// Which.
    pub notice_id: NoticeId,
    /// Of which account.
    pub account_id: AccountId,
    /// Of which booking.
    pub booking_id: Option<BookingId>,
    /// When to send it first.
    pub due: Timestamp,
    /// Until when it is worth reading.
    pub useful_until: Timestamp,
}

/// Has a notice sent to each of its account's browsers, instead of what waits there about the same booking.
pub async fn queue(conn: &mut PgConnection, queued: &Queued) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.push_message as former using notifications.notice as notice \
         where former.notice_id = notice.notice_id and notice.booking_id = $1 and notice.account_id = $2",
        queued.booking_id.map(|id| id.0),
        queued.account_id.0,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into notifications.push_message (push_subscription_id, notice_id, useful_until, next_attempt_at) \
         select push_subscription_id, $1, $3, $4 from notifications.push_subscription where account_id = $2",
        queued.notice_id.0,
        queued.account_id.0,
        queued.useful_until.to_sqlx() as jiff_sqlx::Timestamp,
        queued.due.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A notice and a browser, taken for one try.
#[derive(Debug)]
pub struct Due {
    /// To which browser.
    pub push_subscription_id: PushSubscriptionId,
    /// Which notice.
    pub notice_id: NoticeId,
    /// Whose both are.
    pub account_id: AccountId,
    /// The browser's address at the push service.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: Vec<u8>,
    /// What it and we alone know.
    pub auth: Vec<u8>,
    /// What happened.
    pub kind: NoticeKind,
    /// To which booking.
    pub booking_id: Option<BookingId>,
    /// When that starts.
    pub start: Timestamp,
    /// On whose clocks.
    pub zone: Zone,
    /// Until when it is worth reading.
    pub useful_until: Timestamp,
    /// Which try this is, from 1. The result of a lower one no longer counts.
    pub attempts: i32,
}

/// Drops what is not to be shown on a device any more: it is over, or was read on a page, or its account wants no notices, or the
/// browser is somebody else's now.
pub async fn drop_needless(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.push_message as needless \
         using notifications.notice as notice, notifications.push_subscription as browser \
         where needless.notice_id = notice.notice_id \
         and needless.push_subscription_id = browser.push_subscription_id and needless.next_attempt_at <= $1 \
         and (needless.useful_until <= $1 or notice.read_at is not null or browser.account_id <> notice.account_id \
             or exists (select from notifications.preference as wanted \
                 where wanted.account_id = notice.account_id and not wanted.in_app))",
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes what is due, for so long that its result is surely known by then; a process that dies leaves it to be taken again.
pub async fn claim(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"with due as materialized (
               select push_subscription_id, notice_id from notifications.push_message
               where next_attempt_at <= $1 order by next_attempt_at limit $3 for update skip locked
           )
           update notifications.push_message as taken
           set attempts = taken.attempts + 1, next_attempt_at = $2
           from due
               join notifications.notice as notice on notice.notice_id = due.notice_id
               join notifications.push_subscription as browser
                   on browser.push_subscription_id = due.push_subscription_id and browser.account_id = notice.account_id
           where taken.push_subscription_id = due.push_subscription_id and taken.notice_id = due.notice_id
           returning taken.push_subscription_id, taken.notice_id, taken.useful_until, taken.attempts,
               browser.account_id, browser.endpoint, browser.p256dh, browser.auth, notice.kind,
               notice.booking_id as "booking_id?", notice.starts_at, notice.time_zone"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        (now + lease).to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Due {
                push_subscription_id: row.push_subscription_id.into(),
                notice_id: row.notice_id.into(),
                account_id: row.account_id.into(),
                endpoint: row.endpoint,
                p256dh: row.p256dh,
                auth: row.auth,
                kind: read_kind(&row.kind)?,
                booking_id: row.booking_id.map(BookingId::from),
                start: row.starts_at.to_jiff(),
                zone: read_zone(&row.time_zone)?,
                useful_until: row.useful_until.to_jiff(),
                attempts: row.attempts,
            })
        })
        .collect()
}

/// Sent, or given up: forgets that it was to be sent, unless somebody else took it meanwhile.
pub async fn finish(conn: &mut PgConnection, due: &Due) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.push_message \
         where push_subscription_id = $1 and notice_id = $2 and attempts = $3",
        due.push_subscription_id.0,
        due.notice_id.0,
        due.attempts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has it tried again then, unless somebody else took it meanwhile.
pub async fn retry(conn: &mut PgConnection, due: &Due, at: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.push_message set next_attempt_at = $4 \
         where push_subscription_id = $1 and notice_id = $2 and attempts = $3",
        due.push_subscription_id.0,
        due.notice_id.0,
        due.attempts,
        at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
