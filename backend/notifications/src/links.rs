//! Links for one booking that do one thing. bookings, whose appointments they act on, is told their hashes in the transaction
//! that writes them into a message, so it knows them before anybody reads it.

use jiff::Timestamp;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    BookingId,
    notifications::{NotificationsEvent, ReplyLinkFact, ReplyPurpose},
};
use sqlx::PgConnection;

/// Makes one, and gives its secret.
pub async fn make(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    purpose: ReplyPurpose,
    start: Timestamp,
) -> sqlx::Result<String> {
    let (token, token_hash) = core.chance.link_token();
    let about =
        About { aggregate: "reply_link", id: booking_id.to_string(), version: core.now().as_millisecond() };
    let fact = ReplyLinkFact { booking_id, purpose, start, token_hash };
    outbox::tell(conn, core, about, &NotificationsEvent::ReplyLinkMade(fact)).await?;
    Ok(token)
}
