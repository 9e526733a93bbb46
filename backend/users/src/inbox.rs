//! What users does with other services' events: it learns practices' names from providers, for the letters it writes; and
//! from bookings whose each booking is, for the notes about it, and the key that signs its tickets. All of them answer when
//! somebody is erased.

mod answer_wanted;
mod booking_destroyed;
mod dispute;
mod mistake_asked;
mod statement_added;
mod time_offered;
mod webhook_stopped;

use anyhow::Result;
use futures::future::BoxFuture;
use kernel::{Core, Subscriber, keys, outbox::Envelope};
use shared_types::{
    bookings::{AppointmentFact, BookingsEvent},
    notifications::NotificationsEvent,
    payments::PaymentsEvent,
    providers::ProvidersEvent,
};
use sqlx::PgConnection;

use crate::store::{booking, erasure, note, organization};

/// Listens to all the others.
pub struct Inbox {
    /// For the clock.
    pub core: Core,
}

impl Subscriber for Inbox {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings", "notifications", "payments", "providers"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            match envelope.producer.as_str() {
                "bookings" => self.receive_bookings(conn, envelope).await,
                "notifications" => match envelope.event()? {
                    NotificationsEvent::ErasureAnswered(answer) => {
                        Ok(erasure::insert_answer(conn, &answer).await?)
                    }
                    // What somebody answered is bookings' business.
                    NotificationsEvent::ReplyLinkMade(_) | NotificationsEvent::AttendanceAnswered(_) => {
                        Ok(())
                    }
                },
                "payments" => match envelope.event()? {
                    PaymentsEvent::ErasureAnswered(answer) => {
                        Ok(erasure::insert_answer(conn, &answer).await?)
                    }
                    // Money is between payments and who pays.
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
                    | PaymentsEvent::PracticeAccountChanged(_)
                    | PaymentsEvent::FundingChanged(_)
                    | PaymentsEvent::AssignmentChanged(_)
                    | PaymentsEvent::ClaimChanged(_) => Ok(()),
                },
                _ => receive_providers(conn, envelope).await,
            }
        })
    }
}

impl Inbox {
    async fn receive_bookings(&self, conn: &mut PgConnection, envelope: &Envelope) -> Result<()> {
        match envelope.event()? {
            BookingsEvent::AppointmentRequested(fact) => {
                keep_booking(conn, &fact, envelope.aggregate_version).await?;
                answer_wanted::requested(conn, &self.core, &fact).await
            }
            BookingsEvent::AppointmentConfirmed(fact)
            | BookingsEvent::AppointmentMoved(fact)
            | BookingsEvent::AppointmentCancelled(fact)
            | BookingsEvent::AppointmentChanged(fact)
            | BookingsEvent::AppointmentBulkBilled(fact) => {
                keep_booking(conn, &fact, envelope.aggregate_version).await
            }
            BookingsEvent::BookingClaimed(claim) => Ok(booking::claim(conn, &claim).await?),
            BookingsEvent::SigningKeyPublished(key) => keys::learn(conn, &self.core, &key).await,
            BookingsEvent::StatementAdded(fact) => statement_added::receive(conn, &self.core, &fact).await,
            BookingsEvent::BookingDestroyed { booking_id } => {
                booking_destroyed::receive(conn, &self.core, booking_id).await
            }
            BookingsEvent::ErasureAnswered(answer) => Ok(erasure::insert_answer(conn, &answer).await?),
            BookingsEvent::TimeOffered(fact) => time_offered::receive(conn, &self.core, &fact).await,
            BookingsEvent::DisputeOpened(fact) | BookingsEvent::DisputeDecided(fact) => {
                dispute::receive(conn, &self.core, &fact).await
            }
            BookingsEvent::AbsenceSaid(fact) => answer_wanted::absence_said(conn, &self.core, &fact).await,
            BookingsEvent::MistakeAsked(asked) => mistake_asked::receive(conn, &self.core, &asked).await,
            BookingsEvent::WebhookStopped(stopped) => {
                webhook_stopped::receive(conn, &self.core, &stopped).await
            }
            BookingsEvent::SeriesBooked(_)
            | BookingsEvent::TimeProposed(_)
            | BookingsEvent::ProposalWithdrawn { .. }
            | BookingsEvent::TimeNotTaken(_)
            | BookingsEvent::LatenessSaid(_)
            | BookingsEvent::PaymentAwaited(_)
            | BookingsEvent::LateFeeWaived { .. }
            | BookingsEvent::VisitPresumed(_)
            | BookingsEvent::NoShowNoted(_)
            | BookingsEvent::ManageCodeRequested(_)
            | BookingsEvent::NextFreeChanged(_) => Ok(()),
        }
    }
}

/// The notes that came before stay, now that their booking is known.
async fn keep_booking(conn: &mut PgConnection, fact: &AppointmentFact, version: i64) -> Result<()> {
    booking::keep(conn, fact, version).await?;
    note::stay(conn, fact.booking_id).await?;
    Ok(())
}

async fn receive_providers(conn: &mut PgConnection, envelope: &Envelope) -> Result<()> {
    match envelope.event()? {
        ProvidersEvent::PractitionerRoleChanged(role) => {
            // A role carries its practice's name; of several roles the last told counts.
            if let (Some(id), Some(name)) = (role.organization_id, role.organization_name) {
                organization::keep(conn, id, &name, envelope.occurred_at).await?;
            }
            Ok(())
        }
        ProvidersEvent::ErasureAnswered(answer) => Ok(erasure::insert_answer(conn, &answer).await?),
    }
}
