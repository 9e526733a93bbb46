//! Sends notices to devices, every second, twenty at once. Nothing is open in the database while push services answer: a batch is
//! taken for two minutes, and whoever dies with it leaves it to the next one; a device that is sent a notice twice shows it once.
//! What did not get through is tried again as mail is, up to six times and while it is of use. A browser that wants no messages
//! any more is forgotten.

use futures::future::join_all;
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use sqlx::PgConnection;

use crate::{
    domain::{
        locale::Locale,
        pushing::{self, Urgency, says_anew_of, topic, ttl_seconds},
        retry::next_attempt,
    },
    gateways::web_push::{BrowserKeys, Push, PushError, WebPush},
    store::{
        contact,
        push::{self, Due},
    },
    telling::awake_from,
};

const BATCH: i64 = 20;
/// Longer than any answer may take.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// One batch. Says how many were tried.
///
/// # Errors
/// When a table cannot be read or changed; what was taken is due again after the lease.
pub async fn send_pushes(core: &Core, web_push: &WebPush) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    push::drop_needless(&mut tx, core.now()).await?;
    let batch = push::claim(&mut tx, core.now(), LEASE, BATCH).await?;
    let languages = languages(&mut tx, &batch).await?;
    core.commit(tx).await?;
    let told = batch.iter().zip(languages);
    let results = join_all(told.map(|(due, locale)| send(core, web_push, due, locale))).await;
    for (due, result) in batch.iter().zip(results) {
        settle(core, due, result).await?;
    }
    Ok(u64::try_from(batch.len())?)
}

/// The languages of notices: each that of its booking's patient. A time that is held for who waits is no booking yet.
async fn languages(conn: &mut PgConnection, batch: &[Due]) -> sqlx::Result<Vec<Locale>> {
    let mut languages = Vec::with_capacity(batch.len());
    for due in batch {
        languages.push(match due.booking_id {
            Some(booking_id) => contact::locale(conn, booking_id).await?,
            None => Locale::English,
        });
    }
    Ok(languages)
}

async fn send(core: &Core, web_push: &WebPush, due: &Due, locale: Locale) -> Result<(), PushError> {
    let now = core.now();
    let keys = BrowserKeys::new(&due.p256dh, &due.auth).ok_or(PushError::Unwritable)?;
    let topic = topic(due.push_subscription_id, says_anew_of(due.kind, due.booking_id), due.notice_id);
    let message = pushing::message(due.kind, due.start, due.zone, topic.clone(), locale);
    let text = serde_json::to_string(&message).map_err(|_| PushError::Unwritable)?;
    let push = Push {
        endpoint: &due.endpoint,
        keys: &keys,
        text: &text,
        urgency: Urgency::of(due.kind),
        topic: &topic,
        ttl_seconds: ttl_seconds(due.useful_until, now),
    };
    web_push.send(push, now).await
}

/// Writes down what came of it.
async fn settle(core: &Core, due: &Due, result: Result<(), PushError>) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    match result {
        Ok(()) => push::finish(&mut tx, due).await?,
        Err(PushError::Gone) => {
            if push::remove(&mut tx, due.account_id, due.push_subscription_id).await? {
                let entry = Entry {
                    actor: Actor::System("notifications.send_pushes"),
                    action: "forget_push_subscription",
                    resource: due.account_id.into(),
                    whose: None,
                    purpose: Purpose::Account,
                    outcome: Outcome::Allowed,
                };
                audit::record(&mut tx, core, entry).await?;
            }
        }
        Err(error) => {
            let (id, attempts) = (due.notice_id, due.attempts);
            let next = next_attempt(attempts, core.now()).filter(|_| !error.is_final());
            let next = match next {
                Some(next) => Some(awake_from(&mut tx, due.account_id, due.zone, next).await?),
                None => None,
            };
            match next.filter(|next| *next < due.useful_until) {
                Some(next) => {
                    tracing::warn!(notice.id = %id, attempts, %error, "a device will be told again");
                    push::retry(&mut tx, due, next).await?;
                }
                None => {
                    tracing::error!(notice.id = %id, attempts, %error, "a device could not be told");
                    push::finish(&mut tx, due).await?;
                }
            }
        }
    }
    core.commit(tx).await?;
    Ok(())
}
