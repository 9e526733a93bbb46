//! Until when what an event asks for is worth sending: a code, a link that does one thing, a time that is kept for a while, and what one
//! can object to are of no use afterwards, and would only lead somebody to a page that says so.

use jiff::Timestamp;
use shared_types::{
    bookings::BookingsEvent,
    users::{AccountMail, MailRequest},
};

/// Of what bookings tell.
pub fn of_bookings(event: &BookingsEvent) -> Option<Timestamp> {
    match event {
        BookingsEvent::ManageCodeRequested(fact) => Some(fact.expires_at),
        BookingsEvent::TimeProposed(fact) => Some(fact.expires_at),
        BookingsEvent::VisitPresumed(fact) => Some(fact.dispute_by),
        BookingsEvent::NoShowNoted(fact) => Some(fact.dispute_by),
        BookingsEvent::AppointmentRequested(_)
        | BookingsEvent::AppointmentConfirmed(_)
        | BookingsEvent::AppointmentMoved(_)
        | BookingsEvent::AppointmentCancelled(_)
        | BookingsEvent::AppointmentChanged(_)
        | BookingsEvent::AppointmentBulkBilled(_)
        | BookingsEvent::SeriesBooked(_)
        | BookingsEvent::ProposalWithdrawn { .. }
        | BookingsEvent::TimeNotTaken(_)
        | BookingsEvent::AbsenceSaid(_)
        | BookingsEvent::MistakeAsked(_)
        | BookingsEvent::LatenessSaid(_)
        | BookingsEvent::TimeOffered(_)
        | BookingsEvent::PaymentAwaited(_)
        | BookingsEvent::LateFeeWaived { .. }
        | BookingsEvent::DisputeOpened(_)
        | BookingsEvent::DisputeDecided(_)
        | BookingsEvent::WebhookStopped(_)
        | BookingsEvent::BookingClaimed(_)
        | BookingsEvent::NextFreeChanged(_)
        | BookingsEvent::SigningKeyPublished(_)
        | BookingsEvent::StatementAdded(_)
        | BookingsEvent::BookingDestroyed { .. }
        | BookingsEvent::ErasureAnswered(_) => None,
    }
}

/// Of a letter about an account. What happened to it is worth knowing however late.
pub fn of_account(request: &MailRequest) -> Option<Timestamp> {
    match request.mail {
        AccountMail::VerifyEmail
        | AccountMail::ResetPassword
        | AccountMail::ChangeEmail
        | AccountMail::TimeOffered
        | AccountMail::RequestWaits
        | AccountMail::AbsenceSaid => request.expires_at,
        AccountMail::AccountExists
        | AccountMail::NewDevice
        | AccountMail::PasswordChanged
        | AccountMail::EmailChanged
        | AccountMail::SignInChanged
        | AccountMail::SessionEnded
        | AccountMail::AccountClosed
        | AccountMail::PatientStatement
        | AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::MistakeToDecide
        | AccountMail::WebhookStopped => None,
    }
}
