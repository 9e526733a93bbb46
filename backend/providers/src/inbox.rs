//! What providers does with other services' events.

use futures::future::BoxFuture;
use kernel::outbox::Envelope;
use shared_types::bookings::BookingsEvent;
use sqlx::PgConnection;

use crate::store::next_free;

/// Listens to bookings.
pub struct Subscriber;

impl kernel::Subscriber for Subscriber {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            match envelope.event()? {
                BookingsEvent::NextFreeChanged(fact) => next_free::replace(conn, &fact).await,
                BookingsEvent::AppointmentConfirmed(_)
                | BookingsEvent::AppointmentMoved(_)
                | BookingsEvent::AppointmentCancelled(_)
                | BookingsEvent::ManageCodeRequested(_)
                | BookingsEvent::SigningKeyPublished(_) => Ok(()),
            }
        })
    }
}
