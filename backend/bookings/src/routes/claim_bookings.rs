//! `POST /api/v1/bookings/me/claims`: what somebody booked as a guest becomes theirs. Users states in a signed ticket
//! that they read the mail of an address and when they were born; bookings made with both are given to them.

use axum::extract::State as Extract;
use kernel::{
    Core, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
    ticket,
};
use shared_types::{
    BookingId, Problem,
    bookings::{BookingClaim, BookingsEvent, ClaimBookings, ClaimedBookings},
    problem::FieldError,
    users::ClaimStatement,
};
use sqlx::PgConnection;

use crate::{state::State, store::party};

/// Claims them. Doing it twice is no mistake: the second time there is nothing left.
pub async fn claim_bookings(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<ClaimBookings>,
) -> Result<Json<ClaimedBookings>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let text = body.ticket.expose();
    let statement = ticket::open::<ClaimStatement>(&mut tx, "users", ClaimStatement::KIND, text, now).await?;
    // A ticket is for the account it was made for, whoever brings it.
    let statement = statement.filter(|statement| statement.account_id == caller.account_id);
    let statement = statement.ok_or_else(|| {
        Problem::invalid(vec![FieldError::new("/ticket", "Get a new ticket and try again")])
    })?;
    let bookings = party::claim(&mut tx, &statement, now).await?;
    for booking in &bookings {
        let entry = audit::Entry {
            actor: Actor::of(&caller),
            action: "claim_bookings",
            resource: (*booking).into(),
            whose: Some(statement.patient_id),
            purpose: Purpose::OwnRecord,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
        tell(&mut tx, core, *booking, &statement).await?;
    }
    core.commit(tx).await?;
    Ok(Json(ClaimedBookings { bookings }))
}

/// A booking is claimed once, so the first version of the claim is the last.
async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    statement: &ClaimStatement,
) -> sqlx::Result<()> {
    let about = About { aggregate: "booking_claim", id: booking_id.to_string(), version: 1 };
    let (account_id, patient_id) = (statement.account_id, statement.patient_id);
    let event = BookingsEvent::BookingClaimed(BookingClaim { booking_id, account_id, patient_id });
    outbox::tell(conn, core, about, &event).await?;
    Ok(())
}
