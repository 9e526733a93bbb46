//! Money, for patients with an account: one function per endpoint. Paths are for fetching and, where they end in `pdf`, for links.

use shared_types::{
    BookingId, InvoiceId, Problem, SavedCardId,
    payments::pay::{AddCard, Checkout},
};

use super::{ApiClient, Method};

/// `SavedCards`.
pub const CARDS: &str = "/api/v1/payments/me/cards";

/// `Page<PaymentStanding>`: what somebody paid.
pub fn list_my_payments(cursor: Option<&str>) -> String {
    with_cursor("/api/v1/payments/me/payments", cursor)
}

/// `Page<PatientRefund>`: what of a booking's money went back, or is on its way; the earliest first.
pub fn list_refunds(booking_id: BookingId) -> String {
    format!("/api/v1/payments/bookings/{booking_id}/refunds")
}

/// `Page<Invoice>`: a booking's documents.
pub fn list_invoices(booking_id: BookingId) -> String {
    format!("/api/v1/payments/bookings/{booking_id}/invoices")
}

/// One of them as a file.
pub fn print_invoice(booking_id: BookingId, invoice_id: InvoiceId) -> String {
    format!("{}/{invoice_id}/pdf", list_invoices(booking_id))
}

/// Opens the page on which a card is given. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid` when the text has changed, `/problems/processor-unavailable`.
pub async fn add_card(client: &ApiClient, card: &AddCard, key: String) -> Result<Checkout, Problem> {
    client.send(Method::Post, CARDS, Some(card), Some(key)).await
}

/// Has a card forgotten.
///
/// # Errors
/// `/problems/card-in-use`, 404.
pub async fn delete_card(client: &ApiClient, saved_card_id: SavedCardId) -> Result<(), Problem> {
    client.send(Method::Delete, &format!("{CARDS}/{saved_card_id}"), None::<&()>, None).await
}

/// A list from where its last page ended.
pub(super) fn with_cursor(path: &str, cursor: Option<&str>) -> String {
    match cursor {
        Some(cursor) => format!("{path}?cursor={}", super::segment(cursor)),
        None => path.to_owned(),
    }
}
