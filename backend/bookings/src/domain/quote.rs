//! The binding offer, the ticket by which payments knows whose a booking is, and their signatures.

use jiff::{SignedDuration, Timestamp};
use kernel::keys::Signer;
use shared_types::{
    bookings::Quote,
    payments::quote::{PaymentTicket, TICKET_MINUTES, quote_message, ticket_message},
};

/// Signs a quote: fills in `kid` and `signature`.
pub fn sign_quote(mut quote: Quote, signer: &Signer) -> Quote {
    quote.kid = signer.kid().to_owned();
    quote.signature = signer.sign(quote_message(&quote).as_bytes());
    quote
}

/// Signs a ticket that is good for an hour: fills in all but whose it is.
pub fn sign_ticket(mut ticket: PaymentTicket, signer: &Signer, now: Timestamp) -> PaymentTicket {
    ticket.expires_at = now.saturating_add(SignedDuration::from_mins(TICKET_MINUTES)).unwrap_or(now);
    ticket.kid = signer.kid().to_owned();
    ticket.signature = signer.sign(ticket_message(&ticket).as_bytes());
    ticket
}
