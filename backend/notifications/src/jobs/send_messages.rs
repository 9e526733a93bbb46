//! Sends what is due, every second, twenty messages at a time. A message that fails for the sixth time is given up;
//! somebody should look then.
//!
//! A message goes out at least once. No transaction is open while a mail server is spoken to, so a message is taken
//! for ten minutes in one transaction, sent, and its result noted in another. When the process dies, or the server's
//! last answer is lost, between sending and noting, the message is sent again; both carry the same `Message-ID`,
//! which mail programs and servers know repeats by. Two workers never send the same try.

use futures::{StreamExt as _, stream};
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};

use crate::{
    domain::retry::next_attempt,
    gateways::mail::{Mail, MailError},
    store::message::{Claimed, claim_messages, mark_failed, mark_sent},
};

const BATCH: i64 = 20;
/// How many conversations with the mail server at once.
const AT_ONCE: usize = 4;
/// How long a message is ours: longer than a whole batch of conversations that all run into their time limit.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// One batch. Says how many messages were tried.
///
/// # Errors
/// When the table cannot be read or changed; what was taken is due again after the lease.
pub async fn send_messages(core: &Core, mail: &dyn Mail) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let claimed = claim_messages(&mut tx, core.now(), LEASE, BATCH).await?;
    core.commit(tx).await?;
    let tried = u64::try_from(claimed.len())?;
    let results: Vec<_> = stream::iter(claimed)
        .map(|message| send(core, mail, message))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    results.into_iter().collect::<anyhow::Result<()>>()?;
    Ok(tried)
}

async fn send(core: &Core, mail: &dyn Mail, message: Claimed) -> anyhow::Result<()> {
    match mail.send(&message.letter).await {
        Ok(()) => note_sent(core, &message).await,
        Err(error) => note_failed(core, &message, &error).await,
    }
}

async fn note_sent(core: &Core, message: &Claimed) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    let noted = mark_sent(&mut tx, message, core.now()).await?;
    if let (true, Some(booking_id)) = (noted, message.booking_id) {
        let entry = Entry {
            actor: Actor::System("notifications.send_messages"),
            action: "send_message",
            resource: booking_id.into(),
            whose: None,
            purpose: Purpose::Booking,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

async fn note_failed(core: &Core, message: &Claimed, error: &MailError) -> anyhow::Result<()> {
    let next = next_attempt(message.attempts, core.now());
    let id = message.letter.message_id;
    match next {
        Some(_) => {
            tracing::warn!(message.id = %id, attempts = message.attempts, %error, "a message will be tried again");
        }
        None => {
            tracing::error!(message.id = %id, attempts = message.attempts, %error, "a message was given up")
        }
    }
    let mut tx = core.begin().await?;
    mark_failed(&mut tx, message, next, &error.to_string()).await?;
    core.commit(tx).await?;
    Ok(())
}
