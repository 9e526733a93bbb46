//! What an account that looks is told of an event, beside the message; and staff of what became of what they proposed.

use jiff::Timestamp;
use kernel::{Core, outbox::Envelope};
use shared_types::{
    EventId,
    bookings::{AppointmentFact, BookingsEvent},
    notifications::NoticeKind,
};
use sqlx::PgConnection;

use crate::{
    store::{notice::New, owner},
    telling,
};

/// Tells it, where an account made or claimed the booking or was given it, or waits, or proposed a time for a practice.
pub async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    envelope: &Envelope,
    event: &BookingsEvent,
) -> sqlx::Result<()> {
    let caused_by = envelope.event_id;
    let new = match event {
        BookingsEvent::AppointmentRequested(fact) => {
            of(conn, caused_by, fact, NoticeKind::Requested, fact.start).await?
        }
        BookingsEvent::AppointmentConfirmed(fact) => {
            of(conn, caused_by, fact, NoticeKind::Confirmed, fact.start).await?
        }
        BookingsEvent::AppointmentMoved(fact) => {
            of(conn, caused_by, fact, NoticeKind::Moved, fact.start).await?
        }
        BookingsEvent::AppointmentCancelled(fact) => {
            of(conn, caused_by, fact, NoticeKind::Cancelled, fact.start).await?
        }
        BookingsEvent::TimeProposed(proposal) => {
            of(conn, caused_by, &proposal.appointment, NoticeKind::TimeProposed, proposal.start).await?
        }
        BookingsEvent::LatenessSaid(late) => {
            let kind = if late.minutes > 0 { NoticeKind::RunningLate } else { NoticeKind::OnTime };
            let new = of(conn, caused_by, &late.appointment, kind, late.appointment.start).await?;
            new.filter(|new| core.now() < new.start)
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
        BookingsEvent::TimeNotTaken(fact) => Some(New {
            caused_by,
            account_id: fact.proposed_by,
            kind: if fact.refused { NoticeKind::TimeRefused } else { NoticeKind::TimeUnanswered },
            // It is somebody else's booking: they find it in the calendar.
            booking_id: None,
            version: None,
            start: fact.stands_at,
            zone: fact.time_zone,
            useful_until: fact.stands_at,
        }),
        // Of a visit that nobody marked or came to and of a dispute a message tells with more words, and of each visit of a series its own event.
        BookingsEvent::AppointmentChanged(_)
        | BookingsEvent::AppointmentBulkBilled(_)
        | BookingsEvent::SeriesBooked(_)
        | BookingsEvent::ProposalWithdrawn { .. }
        | BookingsEvent::VisitPresumed(_)
        | BookingsEvent::NoShowNoted(_)
        | BookingsEvent::AbsenceSaid(_)
        | BookingsEvent::MistakeAsked(_)
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

/// The same of an appointment, for the account that is told of it, if any is.
async fn of(
    conn: &mut PgConnection,
    caused_by: EventId,
    fact: &AppointmentFact,
    kind: NoticeKind,
    start: Timestamp,
) -> sqlx::Result<Option<New>> {
    let account_id = owner::told(conn, fact.booking_id, fact.account_id).await?;
    Ok(account_id.map(|account_id| New {
        caused_by,
        account_id,
        kind,
        booking_id: Some(fact.booking_id),
        version: Some(fact.sequence),
        start,
        zone: fact.role.time_zone,
        useful_until: start,
    }))
}
