//! What was said of a booking is over: it is answered, it stands elsewhere by now, or nothing is owed for it. What is not sent of that is
//! dropped, and what was sent goes no other way any more.

use shared_types::{
    BookingId,
    bookings::{AppointmentFact, AppointmentStatus},
};
use sqlx::PgConnection;

use crate::{
    domain::message::Template,
    store::{
        message::{drop_unsent, drop_waiting},
        notice,
    },
};

/// Another time is proposed, or none any more.
pub async fn proposed(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    drop_unsent(conn, booking_id, &[Template::TimeProposed]).await?;
    notice::forget_proposals(conn, booking_id).await
}

/// It will not take place: what waits to say otherwise, or to ask for something, is not sent after the letter that says so, and does not
/// hold that letter up either. What was given up stays in its practice's list: that letter may go another way, or none, and the practice
/// would not learn that the address does not work.
pub async fn cancelled(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<()> {
    let over = [
        Template::AppointmentMoved,
        Template::PaymentFailed,
        Template::BalanceFailed,
        Template::ChargeAsked,
        Template::AssignmentAsked,
        Template::VisitPresumed,
    ];
    drop_waiting(conn, fact.booking_id, &over).await?;
    if needs_first_letter(fact) {
        return Ok(());
    }
    let first = [Template::AppointmentRequested, Template::AppointmentConfirmed];
    drop_waiting(conn, fact.booking_id, &first).await
}

/// Whether its first letter is sent although it is off: the link behind which a guest can object to a fee for cancelling late stands in
/// that one, and is not kept.
pub fn needs_first_letter(fact: &AppointmentFact) -> bool {
    fact.status == AppointmentStatus::CancelledLate && fact.account_id.is_none()
}

/// Where it stands now, it does not count as having taken place any more, or not as missed.
pub async fn noted(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<()> {
    let mut over = Vec::new();
    if fact.status != AppointmentStatus::Completed {
        over.push(Template::VisitPresumed);
    }
    if fact.status != AppointmentStatus::NoShowPatient {
        over.push(Template::NoShowNoted);
    }
    drop_unsent(conn, fact.booking_id, &over).await
}

/// Its patient has said that it was otherwise than noted, or there is nothing to answer any more.
pub async fn disputed(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    let over = [Template::VisitPresumed, Template::NoShowNoted, Template::DisputeOpened];
    drop_unsent(conn, booking_id, &over).await
}

/// Medicare pays all of it.
pub async fn owed(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    let over = [Template::PaymentFailed, Template::BalanceFailed, Template::ChargeAsked];
    drop_unsent(conn, booking_id, &over).await
}
