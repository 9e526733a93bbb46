//! Sends what is due, every second, twenty messages at a time. A message that is refused for good, fails for the sixth time, or is a
//! reminder whose next try would come too late, is given up; then a reminder goes the next way that is left, what a letter was to say
//! goes by text message where its patient wants those, or a notice says that it did not arrive, what a text message was to say of
//! lateness goes by mail, unless it went where a letter had not arrived, and the practice sees what did not arrive.
//!
//! A message goes out at least once. No transaction is open while a gateway is spoken to, so a message is taken for ten
//! minutes in one transaction, sent, and its result noted in another. When the process dies, or the gateway's last answer is
//! lost, between sending and noting, the message is sent again; mails then carry the same `Message-ID`, which mail programs and
//! servers know repeats by, and text messages come twice. Two workers never send the same try. Whether it is still wanted is
//! looked at right before: what is dropped later than that, while the gateway is spoken to, goes out all the same.

use futures::{StreamExt as _, stream};
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::ContactChannel;
use sqlx::PgConnection;

use crate::{
    by_text::{self, Writing},
    domain::{retry::next_attempt, sender::Sender},
    gateways::{Gateways, mail::MailError, sms::SmsError},
    giving_up::go_the_other_way,
    store::{
        appointment::quiet_of,
        message::{
            Claimed, Parcel, claim_messages, drop_expired, drop_late_lateness, is_wanted, mark_failed,
            mark_sent, wait,
        },
        plan,
    },
};

/// Who does it, for the log.
const SELF: &str = "notifications.send_messages";
const BATCH: i64 = 20;
/// How many conversations with gateways at once.
const AT_ONCE: usize = 4;
/// How long a message is ours: longer than a whole batch of conversations that all run into their time limit.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// Why a try failed. Says nothing personal.
struct Failure {
    error: String,
    is_final: bool,
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        Self { error: error.to_string(), is_final: error.is_final() }
    }
}

impl From<SmsError> for Failure {
    fn from(error: SmsError) -> Self {
        Self { error: error.to_string(), is_final: error.is_final() }
    }
}

/// One batch. Says how many messages were tried.
///
/// # Errors
/// When the table cannot be read or changed; what was taken is due again after the lease.
pub async fn send_messages(core: &Core, sender: &Sender, gateways: &Gateways) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    plan::drop_late(&mut tx, core.now()).await?;
    drop_late_lateness(&mut tx, core.now()).await?;
    drop_expired(&mut tx, core.now()).await?;
    let claimed = claim_messages(&mut tx, core.now(), LEASE, BATCH).await?;
    core.commit(tx).await?;
    let tried = u64::try_from(claimed.len())?;
    let results: Vec<_> = stream::iter(claimed)
        .map(|message| send(core, sender, gateways, message))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    results.into_iter().collect::<anyhow::Result<()>>()?;
    Ok(tried)
}

async fn send(core: &Core, sender: &Sender, gateways: &Gateways, message: Claimed) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    let goes = goes_now(&mut tx, core, &message).await?;
    core.commit(tx).await?;
    if !goes {
        return Ok(());
    }
    match hand_over(gateways, &message.parcel).await {
        Ok(()) => note_sent(core, &message).await,
        Err(failure) => {
            let writing = Writing { core, sender, texts: gateways.texts(), by: SELF };
            note_failed(writing, &message, &failure).await
        }
    }
}

/// Whether it is still wanted, and its hour has come: a reminder that was written in the evening, before a downtime, wakes
/// nobody at night. One whose time ran out since it was taken goes back, and is dropped at the next look.
async fn goes_now(conn: &mut PgConnection, core: &Core, message: &Claimed) -> anyhow::Result<bool> {
    let useful_until = plan::lock(conn, message.caused_by).await?;
    if !is_wanted(conn, message).await? {
        return Ok(false);
    }
    let Some((booking_id, useful_until)) = message.booking_id.zip(useful_until) else {
        return goes_by_day(conn, core, message).await;
    };
    let (quiet, now) = (quiet_of(conn, booking_id).await?, core.now());
    let awake = quiet.map_or(now, |quiet| quiet.awake_from(now));
    if awake > now || useful_until <= now {
        wait(conn, message, awake).await?;
        return Ok(false);
    }
    Ok(true)
}

/// Nor does a text message in the place of a letter wake anybody, unless what it is about is over by the morning.
async fn goes_by_day(conn: &mut PgConnection, core: &Core, message: &Claimed) -> anyhow::Result<bool> {
    let due = match message.parcel {
        Parcel::Mail(_) => None,
        Parcel::Text(_) => by_text::not_before(conn, core, message.message_id).await?,
    };
    let Some(due) = due else { return Ok(true) };
    wait(conn, message, due).await?;
    Ok(false)
}

async fn hand_over(gateways: &Gateways, parcel: &Parcel) -> Result<(), Failure> {
    match (parcel, &gateways.sms) {
        (Parcel::Mail(letter), _) => Ok(gateways.mail.send(letter).await?),
        (Parcel::Text(text), Some(sms)) => Ok(sms.send(text).await?),
        (Parcel::Text(_), None) => {
            Err(Failure { error: "text messages are not sent any more".to_owned(), is_final: true })
        }
    }
}

async fn note_sent(core: &Core, message: &Claimed) -> anyhow::Result<()> {
    let mut tx = core.begin().await?;
    let noted = mark_sent(&mut tx, message, core.now()).await?;
    if let (true, Some(booking_id)) = (noted, message.booking_id) {
        let entry = Entry {
            actor: Actor::System(SELF),
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

async fn note_failed(writing: Writing<'_>, message: &Claimed, failure: &Failure) -> anyhow::Result<()> {
    let (core, id, error) = (writing.core, message.message_id, &failure.error);
    let mut tx = core.begin().await?;
    let useful_until = plan::lock(&mut tx, message.caused_by).await?;
    let is_reminder = useful_until.is_some();
    let next = next_attempt(message.attempts, core.now()).filter(|_| !failure.is_final);
    // Nobody is reminded in the night because the first try failed in the evening.
    let quiet = match message.booking_id.filter(|_| is_reminder) {
        Some(booking_id) => quiet_of(&mut tx, booking_id).await?,
        None => None,
    };
    let next = next.map(|next| quiet.map_or(next, |quiet| quiet.awake_from(next)));
    // Another way may still be in time where another try would not.
    let next = next.filter(|next| useful_until.is_none_or(|until| *next < until));
    match next {
        Some(_) => {
            tracing::warn!(message.id = %id, attempts = message.attempts, %error, "a message will be tried again");
        }
        None => {
            tracing::error!(message.id = %id, attempts = message.attempts, %error, "a message was given up")
        }
    }
    let noted = mark_failed(&mut tx, message, next, error).await?;
    match (noted && next.is_none(), is_reminder) {
        (true, true) => {
            plan::take_next_way(&mut tx, message.caused_by, core.now()).await?;
        }
        (true, false) => {
            let way = match message.parcel {
                Parcel::Mail(_) => ContactChannel::Email,
                Parcel::Text(_) => ContactChannel::Sms,
            };
            go_the_other_way(&mut tx, writing, message.message_id, way).await?;
        }
        (false, _) => {}
    }
    core.commit(tx).await?;
    Ok(())
}
