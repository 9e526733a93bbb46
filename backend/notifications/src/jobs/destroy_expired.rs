//! Destroys messages three months after they were written (C-43): what they said is forgotten long before, and that they were
//! sent is in the audit log. Plans of reminders go as late, and what reminders were written from a day after the appointment;
//! both are copies or say only when, so they are not registered. With them go notices, the ids of text messages
//! that came in, who paid for visits of that long ago, guests' numbers, and the links that stop reminders. Who began to pay and did not
//! book goes after thirty days, and for whom a time was held once it is over. Each hour, a thousand at a time; a failure is tried again at
//! the next look.

use jiff::SignedDuration;
use kernel::{
    Core,
    retention::{Destroyed, register},
};

use crate::store::{
    appointment, guest_number, notice, offered, payer, plan, retention::destroy_messages, text, unsubscribe,
};

const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long after an appointment nobody is reminded of it any more for certain.
const OVER: SignedDuration = SignedDuration::from_hours(24);
/// How long after it was begun no money comes any more for what was not booked: a payment page lives a day.
const UNBOOKED: SignedDuration = SignedDuration::from_hours(30 * 24);
const BATCH: i64 = 1000;

/// One batch. Says how many went.
///
/// # Errors
/// When the table cannot be changed.
pub async fn destroy_expired(core: &Core) -> anyhow::Result<u64> {
    let mut tx = core.begin().await?;
    let gone = destroy_messages(&mut tx, core.now() - KEPT, BATCH).await?;
    if let Some(destroyed) = Destroyed::unnamed("message", &gone) {
        register(&mut tx, core, &destroyed).await?;
    }
    let plans = plan::forget_old(&mut tx, core.now() - KEPT, BATCH).await?;
    let appointments = appointment::forget_ended(&mut tx, core.now() - OVER, BATCH).await?;
    let received = text::forget_received(&mut tx, core.now() - KEPT, BATCH).await?;
    let notices = notice::forget_old(&mut tx, core.now() - KEPT, BATCH).await?;
    let payers = payer::forget_over(&mut tx, (core.now() - KEPT, core.now() - UNBOOKED), BATCH).await?;
    let guests = guest_number::forget_over(&mut tx, core.now() - KEPT, BATCH).await?;
    let links = unsubscribe::forget_over(&mut tx, core.now(), BATCH).await?;
    let offers = offered::forget_over(&mut tx, core.now() - OVER, BATCH).await?;
    core.commit(tx).await?;
    Ok(gone.len() as u64 + plans + appointments + received + notices + payers + guests + links + offers)
}
