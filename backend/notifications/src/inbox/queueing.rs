//! What is written is queued: once for each event, to whom it concerns now, with a note in the log.

use jiff::Timestamp;
use kernel::outbox::Envelope;
use sqlx::PgConnection;

use super::Inbox;
use crate::{
    by_text::{self, Writing},
    domain::{
        message::{About, Draft},
        series::Letter,
    },
    noting, store,
};

/// Who does it, for the log.
const SELF: &str = "notifications.inbox";

impl Inbox {
    /// Queues a message, unless a later one has told more already. Who has no address gets a text message, if they want those or agreed to
    /// them; who gave the desk neither is told by the desk. `until` is when what it carries ends, if that does.
    pub(super) async fn queue(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        draft: &Draft,
        until: Option<Timestamp>,
    ) -> anyhow::Result<()> {
        let draft = &readdressed(conn, draft.clone()).await?;
        if let Some(booking_id) = draft.about.booking_id()
            && store::message::is_outdated(conn, booking_id, draft.template).await?
        {
            tracing::warn!(
                event.id = %envelope.event_id, message.template = draft.template.code(),
                "an event came after a later one of its booking; no message is sent for it"
            );
            return Ok(());
        }
        if let Some(booking_id) = draft.about.booking_id().filter(|_| draft.template.is_news()) {
            store::by_text::drop_overtaken(conn, booking_id, draft.template).await?;
        }
        if draft.recipient.expose().is_empty() {
            let told = (draft, until);
            return by_text::without_address(conn, self.by_text(), envelope.event_id, told).await;
        }
        let core = &self.core;
        if store::message::queue_message(conn, core.id(), envelope.event_id, draft, core.now()).await? {
            self.note_queued(conn, draft.about).await?;
        }
        Ok(())
    }

    /// Queues a letter about a series, or a text message for who has no address and wants those.
    pub(super) async fn queue_letter(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        letter: Option<Letter>,
    ) -> anyhow::Result<()> {
        let Some(Letter { series_id, visits, draft }) = letter else { return Ok(()) };
        let letter = Letter { series_id, visits, draft: readdressed(conn, draft).await? };
        if letter.draft.recipient.expose().is_empty() {
            let told = (&letter.draft, None);
            by_text::without_address(conn, self.by_text(), envelope.event_id, told).await?;
            return Ok(store::series_letter::keep_visits(conn, envelope.event_id, &letter).await?);
        }
        let core = &self.core;
        if store::series_letter::queue(conn, core.id(), envelope.event_id, &letter, core.now()).await? {
            self.note_queued(conn, letter.draft.about).await?;
        }
        Ok(())
    }

    /// Has what was queued for an event not sent any more from then on.
    pub(super) async fn expire(
        conn: &mut PgConnection,
        envelope: &Envelope,
        at: Option<Timestamp>,
    ) -> anyhow::Result<()> {
        let Some(at) = at else { return Ok(()) };
        Ok(store::message::expire(conn, envelope.event_id, at).await?)
    }

    fn by_text(&self) -> Writing<'_> {
        let Self { core, sender, texts } = self;
        Writing { core, sender, texts: *texts, by: SELF }
    }

    pub(super) async fn note_queued(&self, conn: &mut PgConnection, about: About) -> sqlx::Result<()> {
        noting::queued(conn, &self.core, SELF, about).await
    }
}

/// A message as it is sent: where whoever booked may no longer act for the patient, it goes to the patient's own address.
async fn readdressed(conn: &mut PgConnection, draft: Draft) -> sqlx::Result<Draft> {
    let address = match draft.about.booking_id() {
        Some(booking_id) => store::owner::write_to(conn, booking_id).await?,
        None => None,
    };
    let recipient = address.unwrap_or_else(|| draft.recipient.clone());
    Ok(Draft { recipient, ..draft })
}
