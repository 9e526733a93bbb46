//! What providers does with other services' events.

mod erasure_requested;

use futures::future::BoxFuture;
use kernel::{Core, keys, outbox::Envelope, session};
use shared_types::{bookings::BookingsEvent, payments::PaymentsEvent, users::UsersEvent};
use sqlx::PgConnection;

use crate::store::{bulk_billing, next_free};

/// Listens to bookings, users and payments.
pub struct Subscriber {
    /// For the clock.
    pub core: Core,
}

impl kernel::Subscriber for Subscriber {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings", "users", "payments"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            if envelope.producer == "users" {
                return self.receive_users(conn, envelope.event()?).await;
            }
            if envelope.producer == "payments" {
                return receive_payments(conn, envelope).await;
            }
            match envelope.event()? {
                BookingsEvent::NextFreeChanged(fact) => next_free::replace(conn, &fact).await,
                BookingsEvent::AppointmentRequested(_)
                | BookingsEvent::AppointmentConfirmed(_)
                | BookingsEvent::SeriesBooked(_)
                | BookingsEvent::AppointmentMoved(_)
                | BookingsEvent::AppointmentCancelled(_)
                | BookingsEvent::AppointmentChanged(_)
                | BookingsEvent::AppointmentBulkBilled(_)
                | BookingsEvent::TimeProposed(_)
                | BookingsEvent::ProposalWithdrawn { .. }
                | BookingsEvent::TimeNotTaken(_)
                | BookingsEvent::LatenessSaid(_)
                | BookingsEvent::TimeOffered(_)
                | BookingsEvent::PaymentAwaited(_)
                | BookingsEvent::LateFeeWaived { .. }
                | BookingsEvent::VisitPresumed(_)
                | BookingsEvent::NoShowNoted(_)
                | BookingsEvent::AbsenceSaid(_)
                | BookingsEvent::MistakeAsked(_)
                | BookingsEvent::DisputeOpened(_)
                | BookingsEvent::DisputeDecided(_)
                | BookingsEvent::WebhookStopped(_)
                | BookingsEvent::BookingClaimed(_)
                | BookingsEvent::ManageCodeRequested(_)
                | BookingsEvent::SigningKeyPublished(_)
                | BookingsEvent::StatementAdded(_)
                | BookingsEvent::BookingDestroyed { .. }
                | BookingsEvent::ErasureAnswered(_) => Ok(()),
            }
        })
    }
}

impl Subscriber {
    async fn receive_users(&self, conn: &mut PgConnection, event: UsersEvent) -> anyhow::Result<()> {
        match event {
            UsersEvent::SigningKeyPublished(key) => keys::learn(conn, &self.core, &key).await,
            UsersEvent::TokensRevoked(revocation) => Ok(session::revoke(conn, &revocation).await?),
            UsersEvent::ErasureRequested(request) => {
                erasure_requested::receive(conn, &self.core, &request).await
            }
            // Listings ask nobody to agree to anything and hold no patient's data.
            UsersEvent::ConsentTextPublished(_)
            | UsersEvent::InvitationMade(_)
            | UsersEvent::AccessGranted(_)
            | UsersEvent::MailRequested(_)
            | UsersEvent::PatientContactChanged(_)
            | UsersEvent::OwnDetailsChanged(_)
            | UsersEvent::LeaveEnded(_)
            | UsersEvent::StaffLeft(_)
            | UsersEvent::ConsentWithdrawn(_) => Ok(()),
        }
    }
}

/// Of money, listings say only whether a practice bulk bills everything.
async fn receive_payments(conn: &mut PgConnection, envelope: &Envelope) -> anyhow::Result<()> {
    match envelope.event()? {
        PaymentsEvent::PracticeAccountChanged(fact) => {
            Ok(bulk_billing::keep(conn, &fact, envelope.aggregate_version).await?)
        }
        PaymentsEvent::PaymentStepCompleted { .. }
        | PaymentsEvent::PaymentStepFailed(_)
        | PaymentsEvent::PaymentLapsed { .. }
        | PaymentsEvent::BookingBulkBilled { .. }
        | PaymentsEvent::PaymentChanged(_)
        | PaymentsEvent::RefundMade(_)
        | PaymentsEvent::RefundFailed(_)
        | PaymentsEvent::ChargeAsked(_)
        | PaymentsEvent::InvoiceIssued(_)
        | PaymentsEvent::ChargebackChanged(_)
        | PaymentsEvent::PayoutChanged(_)
        | PaymentsEvent::FundingChanged(_)
        | PaymentsEvent::AssignmentChanged(_)
        | PaymentsEvent::ClaimChanged(_)
        | PaymentsEvent::ErasureAnswered(_) => Ok(()),
    }
}
