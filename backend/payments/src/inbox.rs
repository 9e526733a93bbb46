//! What payments does with other services' events.

mod appointment_cancelled;
mod appointment_confirmed;
mod booking_claimed;
mod consent_withdrawn;
mod erasure_requested;
mod signing_key_published;

use futures::future::BoxFuture;
use kernel::{
    Core, Subscriber,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::Envelope,
};
use shared_types::{BookingId, bookings::BookingsEvent, users::UsersEvent};
use sqlx::PgConnection;

use crate::store;

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
                    | "booking_claimed"
                    | "booking_destroyed"
                    | "signing_key_published",
                ) => self.receive_bookings(conn, envelope.event()?).await,
                (
                    "users",
                    "signing_key_published"
                    | "tokens_revoked"
                    | "consent_text_published"
                    | "consent_withdrawn"
                    | "erasure_requested",
                ) => self.receive_users(conn, envelope.event()?).await,
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
            BookingsEvent::AppointmentMoved(_)
            | BookingsEvent::AppointmentRequested(_)
            | BookingsEvent::TimeProposed(_)
            | BookingsEvent::TimeOffered(_)
            | BookingsEvent::LateFeeWaived { .. }
            | BookingsEvent::DisputeOpened(_)
            | BookingsEvent::DisputeDecided(_)
            | BookingsEvent::WebhookStopped(_)
            | BookingsEvent::AppointmentChanged(_) => Ok(()),
            BookingsEvent::SigningKeyPublished(key) => {
                signing_key_published::receive(conn, &self.core, "bookings", &key).await
            }
            BookingsEvent::BookingClaimed(claim) => booking_claimed::receive(conn, &claim).await,
            // The record of money has a time of its own; whose it was goes with the booking.
            BookingsEvent::BookingDestroyed { booking_id } => {
                Ok(store::owner::forget(conn, booking_id).await?)
            }
            BookingsEvent::ManageCodeRequested(_)
            | BookingsEvent::NextFreeChanged(_)
            | BookingsEvent::StatementAdded(_)
            | BookingsEvent::ErasureAnswered(_) => Ok(()),
        }
    }

    async fn receive_users(&self, conn: &mut PgConnection, event: UsersEvent) -> anyhow::Result<()> {
        match event {
            UsersEvent::SigningKeyPublished(key) => {
                signing_key_published::receive(conn, &self.core, "users", &key).await
            }
            UsersEvent::ConsentTextPublished(text) => Ok(kernel::consent::keep_text(conn, &text).await?),
            UsersEvent::TokensRevoked(revocation) => Ok(kernel::session::revoke(conn, &revocation).await?),
            UsersEvent::ConsentWithdrawn(fact) => consent_withdrawn::receive(conn, &self.core, &fact).await,
            UsersEvent::ErasureRequested(request) => {
                erasure_requested::receive(conn, &self.core, &request).await
            }
            // Nothing here is opened by a letter or a grant, and nobody is written to.
            UsersEvent::InvitationMade(_)
            | UsersEvent::AccessGranted(_)
            | UsersEvent::MailRequested(_)
            | UsersEvent::LeaveEnded(_)
            | UsersEvent::PatientContactChanged(_) => Ok(()),
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
        resource: booking_id.into(),
        whose: None,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
