//! Who may see a booking's money: who shows a ticket that bookings signed for it, or whose session may act for its patient; where it is
//! for nobody in particular, whose account made it.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    Caller, Core, Reject,
    access::{Refusal, act_for},
    audit::{Actor, Purpose},
    keys,
    openapi::{Argument, Operation},
};
use shared_types::{
    AccountId, BookingId,
    payments::quote::{PaymentTicket, TICKET_HEADER, ticket_message},
    users::{Claims, DelegationScope},
};
use sqlx::PgConnection;

use crate::store::{owner, signing_key};

/// A caller. Nothing is known yet of whether the ticket is any good; the claims are.
#[derive(Clone, Debug)]
pub struct Payer {
    ticket: Option<PaymentTicket>,
    claims: Option<Arc<Claims>>,
}

impl Argument for Payer {
    fn describe(operation: &mut Operation<'_>) {
        let description = "Shows that the booking is the caller's, as bookings gave it with the appointment: base64url of \
                           its JSON. Who is signed in and booked it needs none.";
        operation.header::<Option<String>>(TICKET_HEADER, description);
        operation.problem(404);
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Payer {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        let Ok(Caller(claims)) = Caller::from_request_parts(parts, state).await;
        let ticket = parts.headers.get(TICKET_HEADER).and_then(|value| value.to_str().ok()).and_then(read);
        Ok(Self { ticket, claims })
    }
}

/// What cannot be read shows nothing.
fn read(header: &str) -> Option<PaymentTicket> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header.trim_end_matches('=')).ok()?).ok()
}

impl Payer {
    /// The account that is signed in.
    pub fn account_id(&self) -> Option<AccountId> {
        self.claims.as_ref().map(|claims| claims.account_id)
    }

    /// Lets them at a booking's money, and says as whom.
    ///
    /// # Errors
    /// 404 for everybody else, who may not know that there is any.
    pub async fn at(
        &self,
        conn: &mut PgConnection,
        core: &Core,
        booking_id: BookingId,
        action: &'static str,
    ) -> Result<Actor, Reject> {
        if self.shows(conn, core, booking_id).await? {
            let signed_in = self.claims.as_ref().map(|claims| Actor::of(claims));
            return Ok(signed_in.unwrap_or(Actor::Link(booking_id)));
        }
        let Some(claims) = &self.claims else { return Err(Refusal::Hidden.into()) };
        match owner::find(conn, booking_id).await? {
            // It is its patient's, whoever booked it: leave to act for them may have ended since.
            Some((_, Some(patient_id))) => {
                act_for(core, claims, patient_id, DelegationScope::Payments, action, Purpose::Payment).await
            }
            Some((Some(account_id), None)) if account_id == claims.account_id => Ok(Actor::of(claims)),
            Some((_, None)) | None => Err(Refusal::Hidden.into()),
        }
    }

    /// Whether the ticket is bookings', for that booking, and still good.
    async fn shows(&self, conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> sqlx::Result<bool> {
        let Some(ticket) = &self.ticket else { return Ok(false) };
        if ticket.booking_id != booking_id || ticket.expires_at <= core.now() {
            return Ok(false);
        }
        let key = signing_key::find_of_bookings(conn, &ticket.kid).await?;
        let message = ticket_message(ticket);
        Ok(key.is_some_and(|key| keys::verify(&key, message.as_bytes(), &ticket.signature)))
    }
}
