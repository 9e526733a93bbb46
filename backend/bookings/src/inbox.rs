//! What bookings does with other services' events.

mod attendance_answered;
mod erasure_requested;
mod leave_ended;
mod tell_webhooks;

use futures::future::BoxFuture;
use kernel::{Core, consent, keys, outbox::Envelope, session};
use shared_types::{
    notifications::NotificationsEvent, payments::PaymentsEvent, providers::ProvidersEvent, users::UsersEvent,
};
use sqlx::PgConnection;

use crate::store::{access_grant, reply, role};

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
                    // Letters are notifications' business, and what a booking rests on is ended by cancelling it.
                    UsersEvent::InvitationMade(_)
                    | UsersEvent::MailRequested(_)
                    | UsersEvent::PatientContactChanged(_)
                    | UsersEvent::ConsentWithdrawn(_) => Ok(()),
                },
                "providers" => match envelope.event()? {
                    ProvidersEvent::PractitionerRoleChanged(fact) => {
                        role::keep(conn, &fact, envelope.aggregate_version).await
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
                _ => match envelope.event()? {
                    // Nothing waits for a payment yet: appointments are confirmed when nothing is due.
                    PaymentsEvent::PaymentStepCompleted { .. } | PaymentsEvent::ErasureAnswered(_) => Ok(()),
                },
            }
        })
    }
}
