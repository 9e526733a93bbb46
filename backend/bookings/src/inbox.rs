//! What bookings does with other services' events.

mod attendance_answered;
mod booking_bulk_billed;
mod erasure_requested;
mod leave_ended;
mod own_details_changed;
pub mod payment_step;
mod staff_left;
mod tell_webhooks;

use futures::future::BoxFuture;
use kernel::{Core, consent, keys, outbox::Envelope, session};
use shared_types::{
    notifications::NotificationsEvent, payments::PaymentsEvent, providers::ProvidersEvent, users::UsersEvent,
};
use sqlx::PgConnection;

use crate::store::{access_grant, appointment, funding, payment_standing, reply, reservation, role};

/// Listens to all the others, and to what bookings itself tells: practices' webhooks are told it, too.
pub struct Subscriber {
    /// For the clock.
    pub core: Core,
}

impl kernel::Subscriber for Subscriber {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings", "users", "providers", "payments", "notifications"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            match envelope.producer.as_str() {
                "bookings" => tell_webhooks::receive(conn, &self.core, envelope).await,
                "users" => match envelope.event()? {
                    UsersEvent::ConsentTextPublished(text) => Ok(consent::keep_text(conn, &text).await?),
                    UsersEvent::SigningKeyPublished(key) => keys::learn(conn, &self.core, &key).await,
                    UsersEvent::TokensRevoked(revocation) => Ok(session::revoke(conn, &revocation).await?),
                    UsersEvent::AccessGranted(grant) => Ok(access_grant::keep(conn, &grant).await?),
                    UsersEvent::ErasureRequested(request) => {
                        erasure_requested::receive(conn, &self.core, &request).await
                    }
                    UsersEvent::LeaveEnded(fact) => leave_ended::receive(conn, &self.core, fact).await,
                    UsersEvent::OwnDetailsChanged(fact) => {
                        own_details_changed::receive(conn, &self.core, &fact).await
                    }
                    UsersEvent::StaffLeft(fact) => staff_left::receive(conn, &self.core, fact).await,
                    // Letters are notifications' business, and what a booking rests on is ended by cancelling it.
                    UsersEvent::InvitationMade(_)
                    | UsersEvent::MailRequested(_)
                    | UsersEvent::PatientContactChanged(_)
                    | UsersEvent::ConsentWithdrawn(_) => Ok(()),
                },
                "providers" => match envelope.event()? {
                    ProvidersEvent::PractitionerRoleChanged(fact) => {
                        // Whether it can be booked, and by which clocks and holidays.
                        if role::keep(conn, &fact, envelope.aggregate_version, self.core.now()).await? {
                            let roles = [fact.practitioner_role_id];
                            reservation::tell_next_free_soon(conn, &roles, self.core.now()).await?;
                        }
                        Ok(())
                    }
                    ProvidersEvent::ErasureAnswered(_) => Ok(()),
                },
                "notifications" => match envelope.event()? {
                    NotificationsEvent::ReplyLinkMade(link) => Ok(reply::keep(conn, &link).await?),
                    NotificationsEvent::AttendanceAnswered(fact) => {
                        attendance_answered::receive(conn, &self.core, fact).await
                    }
                    NotificationsEvent::ErasureAnswered(_) => Ok(()),
                },
                _ => self.receive_payments(conn, envelope).await,
            }
        })
    }
}

impl Subscriber {
    async fn receive_payments(&self, conn: &mut PgConnection, envelope: &Envelope) -> anyhow::Result<()> {
        let (core, version) = (&self.core, envelope.aggregate_version);
        match envelope.event()? {
            PaymentsEvent::PaymentStepCompleted { booking_id, step } => {
                payment_step::completed(conn, core, booking_id, step).await
            }
            PaymentsEvent::PaymentStepFailed(failed) => payment_step::failed(conn, core, &failed).await,
            PaymentsEvent::PaymentLapsed { booking_id } => payment_step::lapsed(conn, core, booking_id).await,
            PaymentsEvent::BookingBulkBilled { booking_id } => {
                booking_bulk_billed::receive(conn, core, booking_id).await
            }
            PaymentsEvent::PaymentChanged(fact) => Ok(payment_standing::keep(conn, &fact, version).await?),
            PaymentsEvent::PracticeAccountChanged(fact) => {
                Ok(funding::keep_account(conn, &fact, version).await?)
            }
            PaymentsEvent::FundingChanged(fact) => {
                // Search shows prices beside the next free times.
                if let Some(role) = funding::keep(conn, &fact).await? {
                    reservation::tell_next_free_soon(conn, &[role], core.now()).await?;
                }
                Ok(())
            }
            PaymentsEvent::ClaimChanged(fact) if fact.is_lodged => {
                Ok(appointment::note_claimed(conn, fact.booking_id, core.now()).await?)
            }
            // Letters are notifications' business, and money that is under way changes no appointment.
            PaymentsEvent::ClaimChanged(_)
            | PaymentsEvent::RefundMade(_)
            | PaymentsEvent::RefundFailed(_)
            | PaymentsEvent::ChargeAsked(_)
            | PaymentsEvent::InvoiceIssued(_)
            | PaymentsEvent::ChargebackChanged(_)
            | PaymentsEvent::PayoutChanged(_)
            | PaymentsEvent::AssignmentChanged(_)
            | PaymentsEvent::ErasureAnswered(_) => Ok(()),
        }
    }
}
