//! What an account that looks is told of an event, beside the message.

use kernel::{Core, outbox::Envelope};
use shared_types::{
    bookings::{AppointmentFact, BookingsEvent},
    notifications::NoticeKind,
};
use sqlx::PgConnection;

use crate::{store::notice::New, telling};

/// Tells it, where an account made or claimed the booking, or waits.
pub async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    envelope: &Envelope,
    event: &BookingsEvent,
) -> sqlx::Result<()> {
    let caused_by = envelope.event_id;
    let of = |fact: &AppointmentFact, kind, start| {
        let (booking_id, zone) = (Some(fact.booking_id), fact.role.time_zone);
        let version = Some(fact.sequence);
        fact.account_id.map(|account_id| New {
            caused_by,
            account_id,
            kind,
            booking_id,
            version,
            start,
            zone,
            useful_until: start,
        })
    };
    let new = match event {
        BookingsEvent::AppointmentRequested(fact) => of(fact, NoticeKind::Requested, fact.start),
        BookingsEvent::AppointmentConfirmed(fact) => of(fact, NoticeKind::Confirmed, fact.start),
        BookingsEvent::AppointmentMoved(fact) => of(fact, NoticeKind::Moved, fact.start),
        BookingsEvent::AppointmentCancelled(fact) => of(fact, NoticeKind::Cancelled, fact.start),
        BookingsEvent::TimeProposed(proposal) => {
            of(&proposal.appointment, NoticeKind::TimeProposed, proposal.start)
        }
        BookingsEvent::LatenessSaid(late) => {
            let kind = if late.minutes > 0 { NoticeKind::RunningLate } else { NoticeKind::OnTime };
            of(&late.appointment, kind, late.appointment.start).filter(|new| core.now() < new.start)
        }
        BookingsEvent::TimeOffered(offer) => Some(New {
            caused_by,
            account_id: offer.account_id,
            kind: NoticeKind::TimeOffered,
            booking_id: None,
            version: None,
            start: offer.start,
            zone: offer.role.time_zone,
            useful_until: offer.expires_at,
        }),
        // Of a dispute a message tells with more words, and of each visit of a series its own event.
        BookingsEvent::AppointmentChanged(_)
        | BookingsEvent::SeriesBooked(_)
        | BookingsEvent::DisputeOpened(_)
        | BookingsEvent::DisputeDecided(_)
        | BookingsEvent::WebhookStopped(_)
        | BookingsEvent::PaymentAwaited(_)
        | BookingsEvent::LateFeeWaived { .. }
        | BookingsEvent::BookingClaimed(_)
        | BookingsEvent::ManageCodeRequested(_)
        | BookingsEvent::NextFreeChanged(_)
        | BookingsEvent::SigningKeyPublished(_)
        | BookingsEvent::StatementAdded(_)
        | BookingsEvent::BookingDestroyed { .. }
        | BookingsEvent::ErasureAnswered(_) => None,
    };
    match new {
        Some(new) => telling::tell(conn, core, &new).await,
        None => Ok(()),
    }
}
