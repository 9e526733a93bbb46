//! What payments does with other services' events.

mod appointment_bulk_billed;
mod appointment_cancelled;
mod appointment_changed;
mod appointment_confirmed;
mod appointment_moved;
mod booking_claimed;
mod consent_withdrawn;
mod erasure_requested;
mod fee_not_owed;
mod leave_ended;
pub mod owed;
mod signing_key_published;

use futures::future::BoxFuture;
use kernel::{
    Core, Subscriber,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::Envelope,
};
use shared_types::{
    BookingId,
    bookings::{AppointmentFact, BookingsEvent},
    payments::claim::NoVisit,
    users::UsersEvent,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{assigning, claiming, field_cipher::FieldCipher, invoicing, store};

/// Reacts to bookings, and learns from both whose signatures to believe.
pub struct Inbox {
    /// The service's core.
    pub core: Core,
    /// Seals who a bulk-billed booking is for.
    pub cipher: FieldCipher,
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
            if envelope.producer == "bookings" {
                // Of any kind: it says that what was told before has come.
                store::heard::note(conn, "bookings", envelope.occurred_at).await?;
            }
            match (envelope.producer.as_str(), envelope.name.as_str()) {
                (
                    "bookings",
                    "appointment_confirmed"
                    | "appointment_moved"
                    | "appointment_requested"
                    | "appointment_cancelled"
                    | "appointment_changed"
                    | "appointment_bulk_billed"
                    | "payment_awaited"
                    | "late_fee_waived"
                    | "dispute_decided"
                    | "booking_claimed"
                    | "booking_destroyed"
                    | "signing_key_published",
                ) => self.receive_bookings(conn, envelope.event_id.0, envelope.event()?).await,
                (
                    "users",
                    "signing_key_published"
                    | "tokens_revoked"
                    | "consent_text_published"
                    | "consent_withdrawn"
                    | "leave_ended"
                    | "erasure_requested",
                ) => self.receive_users(conn, envelope.event()?).await,
                // Not for us, or told by a newer build than this one.
                _ => Ok(()),
            }
        })
    }
}

impl Inbox {
    async fn receive_bookings(
        &self,
        conn: &mut PgConnection,
        cause: Uuid,
        event: BookingsEvent,
    ) -> anyhow::Result<()> {
        match event {
            BookingsEvent::AppointmentConfirmed(fact) => {
                invoicing::keep_visit(conn, &self.core, &fact).await?;
                appointment_confirmed::receive(conn, &self.core, &fact).await?;
                assigning::booked(conn, &self.core, &self.cipher, &fact).await
            }
            BookingsEvent::AppointmentCancelled(fact) => {
                appointment_cancelled::receive(conn, &self.core, cause, &fact).await?;
                nothing_to_claim(conn, &self.core, &fact).await
            }
            BookingsEvent::AppointmentMoved(fact) => {
                invoicing::keep_visit(conn, &self.core, &fact).await?;
                appointment_moved::receive(conn, &self.core, &fact).await?;
                assigning::booked(conn, &self.core, &self.cipher, &fact).await?;
                let on = fact.role.time_zone.date(fact.start);
                claiming::moved(conn, &self.core, fact.booking_id, on).await
            }
            BookingsEvent::AppointmentChanged(fact) => {
                appointment_changed::receive(conn, &self.core, cause, &fact).await
            }
            BookingsEvent::AppointmentBulkBilled(fact) => {
                appointment_bulk_billed::receive(conn, &self.core, &self.cipher, &fact).await
            }
            // The payment begins with the patient's own request; whose it is, is known from now on.
            BookingsEvent::PaymentAwaited(fact) => {
                invoicing::keep_visit(conn, &self.core, &fact).await?;
                Ok(store::owner::keep(conn, fact.booking_id, fact.account_id, fact.patient_id).await?)
            }
            BookingsEvent::LateFeeWaived { booking_id, waived_by: _ } => {
                fee_not_owed::waived(conn, &self.core, cause, booking_id).await
            }
            BookingsEvent::DisputeDecided(dispute) => {
                fee_not_owed::decided(conn, &self.core, cause, &dispute).await
            }
            // Who is quick has paid before the practice is asked.
            BookingsEvent::AppointmentRequested(fact) => {
                Ok(invoicing::keep_visit(conn, &self.core, &fact).await?)
            }
            BookingsEvent::SeriesBooked(_)
            | BookingsEvent::TimeProposed(_)
            | BookingsEvent::ProposalWithdrawn { .. }
            | BookingsEvent::TimeNotTaken(_)
            | BookingsEvent::LatenessSaid(_)
            | BookingsEvent::TimeOffered(_)
            | BookingsEvent::VisitPresumed(_)
            | BookingsEvent::NoShowNoted(_)
            | BookingsEvent::AbsenceSaid(_)
            | BookingsEvent::MistakeAsked(_)
            | BookingsEvent::DisputeOpened(_)
            | BookingsEvent::WebhookStopped(_) => Ok(()),
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
            UsersEvent::LeaveEnded(ended) => leave_ended::receive(conn, &self.core, &ended).await,
            // Nothing here is opened by a grant or by what staff were given, and nobody is written to. Who is claimed for is told with the
            // appointment.
            UsersEvent::InvitationMade(_)
            | UsersEvent::StaffLeft(_)
            | UsersEvent::AccessGranted(_)
            | UsersEvent::MailRequested(_)
            | UsersEvent::OwnDetailsChanged(_)
            | UsersEvent::PatientContactChanged(_) => Ok(()),
        }
    }
}

/// The visit will not take place, or did not after all: what Medicare does not have is taken back, and nobody is asked about it any
/// more. What Medicare has of a visit that was none says from now on why it was none.
async fn nothing_to_claim(
    conn: &mut PgConnection,
    core: &Core,
    fact: &AppointmentFact,
) -> anyhow::Result<()> {
    if let Some(why) = NoVisit::of(fact.status) {
        store::claimant::set_no_visit(conn, fact.booking_id, why).await?;
    }
    claiming::called_off(conn, core, fact.booking_id).await?;
    assigning::called_off(conn, core, fact.booking_id).await
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
        whose: store::owner::patient(conn, booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
