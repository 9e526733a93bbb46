//! Column `late_minutes` of `notifications.message`: what a text message says of lateness, so that it can be said by mail.

use shared_types::{BookingId, EventId, notifications::MessageStatus, users::ContactChannel};
use sqlx::PgConnection;

use crate::domain::message::Template;

/// A text message about lateness that is not sent any more.
#[derive(Clone, Copy, Debug)]
pub struct Unsent {
    /// What caused it.
    pub event_id: EventId,
    /// About which booking.
    pub booking_id: BookingId,
    /// How late it says that it is; none where it was written before that was kept.
    pub minutes: Option<u16>,
}

/// Keeps how late the text message says that it is which an event asked for.
pub async fn keep(conn: &mut PgConnection, event_id: EventId, minutes: u16) -> anyhow::Result<()> {
    sqlx::query!(
        "update notifications.message set late_minutes = $2 where event_id = $1 and template = $3 and channel = $4",
        event_id.0,
        i16::try_from(minutes)?,
        Template::RunningLate.code(),
        ContactChannel::Sms.code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops what would be said of lateness in text messages to a number, and what was given up there, which could be sent again.
pub async fn take_back(conn: &mut PgConnection, mobile: &str) -> anyhow::Result<Vec<Unsent>> {
    let rows = sqlx::query!(
        r#"update notifications.message set status = $4, recipient = null, subject = null, body_text = null, body_html = null
           where recipient = $1 and channel = $2 and template = $3 and status in ($5, $6)
           returning event_id, booking_id as "booking_id!", late_minutes"#,
        mobile,
        ContactChannel::Sms.code(),
        Template::RunningLate.code(),
        MessageStatus::Dropped.code(),
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let minutes = row.late_minutes.map(u16::try_from).transpose()?;
            Ok(Unsent { event_id: row.event_id.into(), booking_id: row.booking_id.into(), minutes })
        })
        .collect()
}
