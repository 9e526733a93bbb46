//! What payments does with other services' events.

mod appointment_cancelled;
mod appointment_confirmed;
mod signing_key_published;

use futures::future::BoxFuture;
use kernel::{
    Core, Subscriber,
    audit::{self, Actor, Entry, Outcome},
    outbox::Envelope,
};
use shared_types::{BookingId, bookings::BookingsEvent, users::UsersEvent};
use sqlx::PgConnection;

/// Reacts to bookings, and learns from both whose signatures to believe.
pub struct Inbox {
    /// The service's core.
    pub core: Core,
}

impl Subscriber for Inbox {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings", "users"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            match (envelope.producer.as_str(), envelope.name.as_str()) {
                (
                    "bookings",
                    "appointment_confirmed"
                    | "appointment_moved"
                    | "appointment_cancelled"
                    | "signing_key_published",
                ) => self.receive_bookings(conn, envelope.event()?).await,
                ("users", "signing_key_published") => self.receive_users(conn, envelope.event()?).await,
                // Not for us, or told by a newer build than this one.
                _ => Ok(()),
            }
        })
    }
}

impl Inbox {
    async fn receive_bookings(&self, conn: &mut PgConnection, event: BookingsEvent) -> anyhow::Result<()> {
        match event {
            BookingsEvent::AppointmentConfirmed(fact) => {
                appointment_confirmed::receive(conn, &self.core, &fact).await
            }
            BookingsEvent::AppointmentCancelled(fact) => {
                appointment_cancelled::receive(conn, &self.core, &fact).await
            }
            // The money follows the booking, whichever of its appointments stands.
            BookingsEvent::AppointmentMoved(_) => Ok(()),
            BookingsEvent::SigningKeyPublished(key) => {
                signing_key_published::receive(conn, &self.core, "bookings", &key).await
            }
            BookingsEvent::ManageCodeRequested(_) | BookingsEvent::NextFreeChanged(_) => Ok(()),
        }
    }

    async fn receive_users(&self, conn: &mut PgConnection, event: UsersEvent) -> anyhow::Result<()> {
        match event {
            UsersEvent::SigningKeyPublished(key) => {
                signing_key_published::receive(conn, &self.core, "users", &key).await
            }
            // Payments collects nothing from people yet, so there is nothing to agree to.
            UsersEvent::ConsentTextPublished(_) => Ok(()),
        }
    }
}

/// Notes an act on a booking's money, in the act's own transaction.
async fn note(
    conn: &mut PgConnection,
    core: &Core,
    action: &'static str,
    booking_id: BookingId,
) -> sqlx::Result<()> {
    let entry = Entry {
        actor: Actor::System("payments.inbox"),
        action,
        resource_kind: "booking",
        resource_id: booking_id.0,
        purpose: "payment",
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}
