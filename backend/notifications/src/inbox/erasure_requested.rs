//! Somebody is to be erased: every message to them goes, sent or not, but the one that says that their account is closed.

use kernel::{
    Core, erasure,
    outbox::{self, About},
};
use shared_types::{
    notifications::NotificationsEvent,
    users::{Erased, ErasureRequest},
};
use sqlx::PgConnection;

use crate::store;

/// Erases, and answers.
pub async fn receive(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<()> {
    let (account_id, patients) = (request.account_id, request.patients());
    let gone = store::erasure::erase(conn, account_id, &patients, request.email.expose()).await?;
    let erased = vec![
        Erased::new("message", gone.messages),
        Erased::new("appointment (for reminders)", gone.appointments),
        Erased::new("payer", gone.payers),
        Erased::new("guest_number", gone.guests),
        Erased::new("message_plan", gone.plans),
        Erased::new("contact", gone.contacts),
        Erased::new("reminder_stop", gone.stops),
        Erased::new("unsubscribe_link", gone.links),
        Erased::new("preference", gone.preferences),
        Erased::new("notice", gone.notices),
        Erased::new("push_subscription", gone.browsers),
        Erased::new("offered", gone.offers),
        Erased::new("booking_owner (the tie to the account)", gone.ties),
        erasure::forget_replies(conn, account_id).await?,
    ];
    let answer = erasure::answer(conn, core, "notifications", request, erased, Vec::new()).await?;
    let about = About { aggregate: "erasure", id: request.erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &NotificationsEvent::ErasureAnswered(answer)).await?;
    Ok(())
}
