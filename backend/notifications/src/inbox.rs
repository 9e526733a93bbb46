//! What notifications does with other services' events.

mod appointment_cancelled;
mod appointment_confirmed;
mod appointment_moved;
mod appointment_requested;
mod assignment_changed;
mod dispute;
mod erasure_requested;
mod expiring;
mod invitation_made;
pub mod lateness_said;
mod mail_requested;
mod manage_code_requested;
mod money;
mod no_show_noted;
mod notices;
mod over;
mod plan_reminders;
mod queueing;
mod reader;
mod series_booked;
mod signing_key_published;
mod time_proposed;
mod visit_presumed;

use futures::future::BoxFuture;
use kernel::{Core, Subscriber, outbox::Envelope};
use shared_types::{
    bookings::{AppointmentStatus, BookingsEvent, LatenessFact, NotTakenFact},
    payments::PaymentsEvent,
    users::UsersEvent,
};
use sqlx::PgConnection;

use self::lateness_said::News;
use crate::{
    domain::{channels::Texts, message::Template, sender::Sender},
    store,
};

/// Turns bookings' facts into messages and plans, and learns from users whose signatures to believe and how patients want to be
/// reminded.
pub struct Inbox {
    /// The service's core.
    pub core: Core,
    /// Who writes.
    pub sender: Sender,
    /// What can be done with text messages.
    pub texts: Texts,
}

impl Subscriber for Inbox {
    fn listens_to(&self) -> &'static [&'static str] {
        &["bookings", "users", "payments"]
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
                    "appointment_requested"
                    | "payment_awaited"
                    | "appointment_confirmed"
                    | "series_booked"
                    | "appointment_moved"
                    | "appointment_cancelled"
                    | "appointment_changed"
                    | "appointment_bulk_billed"
                    | "time_proposed"
                    | "proposal_withdrawn"
                    | "time_not_taken"
                    | "lateness_said"
                    | "time_offered"
                    | "visit_presumed"
                    | "no_show_noted"
                    | "dispute_opened"
                    | "dispute_decided"
                    | "booking_claimed"
                    | "booking_destroyed"
                    | "manage_code_requested",
                ) => self.receive_bookings(conn, envelope, envelope.event()?).await,
                (
                    "users",
                    "signing_key_published"
                    | "tokens_revoked"
                    | "mail_requested"
                    | "invitation_made"
                    | "patient_contact_changed"
                    | "own_details_changed"
                    | "leave_ended"
                    | "erasure_requested",
                ) => self.receive_users(conn, envelope, envelope.event()?).await,
                (
                    "payments",
                    "payment_step_completed"
                    | "payment_step_failed"
                    | "payment_changed"
                    | "refund_made"
                    | "refund_failed"
                    | "charge_asked"
                    | "invoice_issued",
                ) => self.receive_payments(conn, envelope, envelope.event()?).await,
                ("payments", "assignment_changed") => {
                    self.receive_assignment(conn, envelope, envelope.event()?).await
                }
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
        envelope: &Envelope,
        event: BookingsEvent,
    ) -> anyhow::Result<()> {
        let (sender, told_at) = (&self.sender, envelope.occurred_at);
        if was_never_made(&event) {
            if let BookingsEvent::AppointmentMoved(fact) = &event {
                store::payer::keep(conn, fact, Some(told_at)).await?;
            }
            return Ok(());
        }
        if let BookingsEvent::TimeProposed(fact) = &event {
            // The time takes the place of one that was proposed before.
            over::proposed(conn, fact.appointment.booking_id).await?;
        }
        if !is_told_again(conn, &event).await? {
            notices::tell(conn, &self.core, envelope, &event).await?;
        }
        let expires_at = expiring::of_bookings(&event);
        let draft = match event {
            BookingsEvent::AppointmentRequested(fact) => {
                store::payer::keep(conn, &fact, None).await?;
                store::owner::keep(conn, fact.booking_id, fact.account_id, fact.patient_id).await?;
                store::guest_number::keep(conn, &fact).await?;
                store::offered::taken(conn, &fact).await?;
                appointment_requested::write(&fact, reader::of(conn, &fact).await?, sender, told_at)?
            }
            // Who pays too late is written to, and nobody else before it is booked.
            BookingsEvent::PaymentAwaited(fact) => {
                store::payer::keep(conn, &fact, Some(told_at)).await?;
                store::guest_number::keep(conn, &fact).await?;
                store::offered::taken(conn, &fact).await?;
                let (account_id, patient_id) = (fact.account_id, fact.patient_id);
                return Ok(store::owner::keep(conn, fact.booking_id, account_id, patient_id).await?);
            }
            BookingsEvent::AppointmentConfirmed(fact) => {
                store::payer::keep(conn, &fact, None).await?;
                store::owner::keep(conn, fact.booking_id, fact.account_id, fact.patient_id).await?;
                store::guest_number::keep(conn, &fact).await?;
                store::offered::taken(conn, &fact).await?;
                plan_reminders::anew(conn, &self.core, &fact, told_at).await?;
                // The letter about its series names it.
                if fact.series_id.is_some() {
                    return Ok(());
                }
                appointment_confirmed::write(&fact, reader::of(conn, &fact).await?, sender, told_at)?
            }
            BookingsEvent::SeriesBooked(fact) => {
                let Some(first) = fact.visits.first() else { return Ok(()) };
                let reader = reader::of(conn, first).await?;
                let letter = series_booked::write(conn, fact, reader, sender, told_at).await?;
                return self.queue_letter(conn, envelope, letter).await;
            }
            BookingsEvent::AppointmentMoved(fact) => {
                store::payer::keep(conn, &fact, None).await?;
                store::guest_number::keep(conn, &fact).await?;
                plan_reminders::anew(conn, &self.core, &fact, told_at).await?;
                self.tell_series_anew(conn, envelope, &fact).await?;
                appointment_moved::write(&fact, reader::of(conn, &fact).await?, sender, told_at)?
            }
            BookingsEvent::AppointmentCancelled(fact) => {
                plan_reminders::no_more(conn, &fact).await?;
                over::cancelled(conn, &fact).await?;
                self.tell_series_anew(conn, envelope, &fact).await?;
                appointment_cancelled::write(&fact, reader::of(conn, &fact).await?, sender, told_at)?
            }
            // Whoever is there, or said that they will come, knows it.
            BookingsEvent::AppointmentChanged(fact) => {
                over::noted(conn, &fact).await?;
                return Ok(plan_reminders::no_more(conn, &fact).await?);
            }
            // The refund's letter and the one about the benefit tell of it; reminders name no price.
            BookingsEvent::AppointmentBulkBilled(fact) => {
                over::owed(conn, fact.booking_id).await?;
                return Ok(store::payer::keep(conn, &fact, None).await?);
            }
            BookingsEvent::TimeProposed(fact) => {
                time_proposed::write(&fact, reader::of(conn, &fact.appointment).await?, sender)?
            }
            // Who was written to finds that out where they would answer, or refused it there; nobody is written to about it from now on.
            BookingsEvent::ProposalWithdrawn { booking_id }
            | BookingsEvent::TimeNotTaken(NotTakenFact { booking_id, .. }) => {
                return Ok(over::proposed(conn, booking_id).await?);
            }
            BookingsEvent::LatenessSaid(fact) => return self.tell_lateness(conn, envelope, &fact).await,
            BookingsEvent::VisitPresumed(fact) => {
                let locale = store::contact::locale(conn, fact.appointment.booking_id).await?;
                let written = visit_presumed::write(&fact, sender, self.core.now(), locale)?;
                let Some(draft) = written else { return Ok(()) };
                draft
            }
            BookingsEvent::NoShowNoted(fact) => {
                let locale = store::contact::locale(conn, fact.appointment.booking_id).await?;
                let written = no_show_noted::write(&fact, sender, self.core.now(), locale)?;
                let Some(draft) = written else { return Ok(()) };
                draft
            }
            BookingsEvent::DisputeOpened(fact) | BookingsEvent::DisputeDecided(fact) => {
                over::disputed(conn, fact.appointment.booking_id).await?;
                let reader = reader::of(conn, &fact.appointment).await?;
                let Some(draft) = dispute::write(&fact, reader, sender)? else { return Ok(()) };
                draft
            }
            // What comes too late to open anything is not sent.
            BookingsEvent::ManageCodeRequested(fact) if fact.expires_at <= self.core.now() => return Ok(()),
            BookingsEvent::ManageCodeRequested(fact) => manage_code_requested::write(&fact, told_at)?,
            BookingsEvent::BookingClaimed(claim) => {
                let (account_id, patient_id) = (Some(claim.account_id), Some(claim.patient_id));
                store::guest_number::forget(conn, claim.booking_id).await?;
                store::owner::keep(conn, claim.booking_id, account_id, patient_id).await?;
                // What waits to go to the guest's number goes as the member wants, or not at all.
                store::other_way::chosen_anew(conn, claim.patient_id, self.core.now()).await?;
                store::by_text::chosen_anew(conn, claim.patient_id).await?;
                return lateness_said::chosen_anew(conn, &self.core, claim.patient_id).await;
            }
            BookingsEvent::BookingDestroyed { booking_id } => {
                store::notice::forget(conn, booking_id).await?;
                store::payer::forget(conn, booking_id).await?;
                store::guest_number::forget(conn, booking_id).await?;
                store::appointment::forget(conn, booking_id).await?;
                return Ok(store::owner::forget(conn, booking_id).await?);
            }
            // users writes the letter to whoever waits; whom it is for says where a text message goes if that does not arrive.
            BookingsEvent::TimeOffered(offer) => return Ok(store::offered::keep(conn, &offer).await?),
            // Of a fee that is let go payments tells; a quote is nothing that notifications would have to believe; and of a statement, a
            // mistake and of who was not there users writes to the practice.
            BookingsEvent::LateFeeWaived { .. }
            | BookingsEvent::WebhookStopped(_)
            | BookingsEvent::NextFreeChanged(_)
            | BookingsEvent::SigningKeyPublished(_)
            | BookingsEvent::StatementAdded(_)
            | BookingsEvent::MistakeAsked(_)
            | BookingsEvent::AbsenceSaid(_)
            | BookingsEvent::ErasureAnswered(_) => return Ok(()),
        };
        self.queue(conn, envelope, &draft, expires_at).await?;
        Self::expire(conn, envelope, expires_at).await
    }

    /// Tells a patient by the way that they want that it is late, or on time after all.
    async fn tell_lateness(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        fact: &LatenessFact,
    ) -> anyhow::Result<()> {
        let now = self.core.now();
        match lateness_said::write(conn, fact, (&self.sender, self.texts), now).await? {
            None => return Ok(()),
            Some(News::Mail(draft)) => self.queue(conn, envelope, &draft, None).await?,
            Some(News::Text(draft)) => {
                if store::message::queue_text(conn, self.core.id(), envelope.event_id, &draft, now).await? {
                    self.note_queued(conn, draft.about).await?;
                }
            }
        }
        store::lateness::keep(conn, envelope.event_id, fact.minutes).await?;
        Self::expire(conn, envelope, Some(fact.appointment.start)).await
    }

    async fn receive_payments(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        event: PaymentsEvent,
    ) -> anyhow::Result<()> {
        if let PaymentsEvent::PaymentChanged(payment) = &event {
            return Ok(money::settled(conn, payment, envelope.aggregate_version).await?);
        }
        let version = envelope.aggregate_version;
        if let PaymentsEvent::PaymentStepCompleted { booking_id, .. } = &event {
            return Ok(money::repaired(conn, *booking_id, version).await?);
        }
        if let PaymentsEvent::ChargeAsked(asked) = &event {
            money::asked(conn, asked).await?;
        }
        let Some(draft) = money::write(conn, (&event, version), &self.sender).await? else { return Ok(()) };
        self.queue(conn, envelope, &draft, None).await
    }

    async fn receive_assignment(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        event: PaymentsEvent,
    ) -> anyhow::Result<()> {
        let age = self.core.now().duration_since(envelope.occurred_at);
        let Some(draft) = assignment_changed::write(conn, &event, &self.sender, age).await? else {
            return Ok(());
        };
        self.queue(conn, envelope, &draft, None).await
    }

    async fn receive_users(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        event: UsersEvent,
    ) -> anyhow::Result<()> {
        match event {
            UsersEvent::MailRequested(request) => {
                let draft = mail_requested::write(&request, &self.sender, envelope.occurred_at)?;
                let expires_at = expiring::of_account(&request);
                self.queue(conn, envelope, &draft, expires_at).await?;
                Self::expire(conn, envelope, expires_at).await
            }
            UsersEvent::InvitationMade(fact) => {
                let draft = invitation_made::write(&fact, &self.sender)?;
                self.queue(conn, envelope, &draft, None).await
            }
            UsersEvent::PatientContactChanged(contact) => {
                let patient = contact.patient_id;
                store::contact::keep(conn, &contact).await?;
                store::other_way::chosen_anew(conn, patient, self.core.now()).await?;
                store::by_text::chosen_anew(conn, patient).await?;
                lateness_said::chosen_anew(conn, &self.core, patient).await
            }
            UsersEvent::SigningKeyPublished(key) => {
                signing_key_published::receive(conn, &self.core, &key).await
            }
            // Notifications collects nothing from people, so there is nothing to agree to, and gives staff nothing to keep.
            UsersEvent::ConsentTextPublished(_)
            | UsersEvent::AccessGranted(_)
            | UsersEvent::StaffLeft(_)
            | UsersEvent::ConsentWithdrawn(_) => Ok(()),
            UsersEvent::LeaveEnded(fact) => Ok(store::owner::tell_no_more(conn, &fact).await?),
            UsersEvent::OwnDetailsChanged(fact) => Ok(store::owner::tell_elsewhere(conn, &fact).await?),
            UsersEvent::TokensRevoked(revocation) => Ok(kernel::session::revoke(conn, &revocation).await?),
            UsersEvent::ErasureRequested(request) => {
                erasure_requested::receive(conn, &self.core, &request).await
            }
        }
    }
}

/// Whether it is told once more that an appointment will not take place, because money came for it too late: its patient knows.
async fn is_told_again(conn: &mut PgConnection, event: &BookingsEvent) -> sqlx::Result<bool> {
    let BookingsEvent::AppointmentCancelled(fact) = event else { return Ok(false) };
    store::message::is_outdated(conn, fact.booking_id, Template::AppointmentCancelled).await
}

/// What was never paid for was never booked: nobody is written to about it.
fn was_never_made(event: &BookingsEvent) -> bool {
    match event {
        // What a practice has not answered has no reason.
        BookingsEvent::AppointmentCancelled(fact) => {
            fact.status == AppointmentStatus::Expired && fact.reason.is_some()
        }
        BookingsEvent::AppointmentMoved(fact) => fact.status == AppointmentStatus::AwaitingPayment,
        BookingsEvent::AppointmentRequested(_)
        | BookingsEvent::PaymentAwaited(_)
        | BookingsEvent::AppointmentConfirmed(_)
        | BookingsEvent::SeriesBooked(_)
        | BookingsEvent::AppointmentChanged(_)
        | BookingsEvent::AppointmentBulkBilled(_)
        | BookingsEvent::TimeProposed(_)
        | BookingsEvent::ProposalWithdrawn { .. }
        | BookingsEvent::TimeNotTaken(_)
        | BookingsEvent::LatenessSaid(_)
        | BookingsEvent::TimeOffered(_)
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
        | BookingsEvent::NextFreeChanged(_)
        | BookingsEvent::SigningKeyPublished(_)
        | BookingsEvent::StatementAdded(_)
        | BookingsEvent::BookingDestroyed { .. }
        | BookingsEvent::ErasureAnswered(_) => false,
    }
}
