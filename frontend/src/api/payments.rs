//! The payments service: one function per endpoint; claims and the agreements that they rest on stand in `claims`. Card numbers stand in
//! bodies only, never in an address.

use serde::{Serialize, de::DeserializeOwned};
use shared_types::{
    BookingId, PatientId, Problem,
    page::Page,
    payments::{
        coverage::{COVERAGE_TEXT, Coverage, PutCoverage},
        pay::{
            AgreeToCharge, CARD_TEXT, CHARGE_TEXT, Checkout, Invoice, PatientRefund, PaymentStanding,
            RepairPayment, StartPayment,
        },
        quote::PaymentTicket,
    },
};

use super::{ApiClient, Method, OwnBooking};

/// `Coverage`: what is kept of a patient's cards.
pub fn get_coverage(patient_id: PatientId) -> String {
    format!("/api/v1/payments/me/coverage/{patient_id}")
}

/// `ConsentText`: what is agreed to before card numbers are kept.
pub fn get_coverage_consent() -> String {
    format!("/api/v1/payments/consent-texts/{COVERAGE_TEXT}")
}

/// Keeps card numbers; what is left out stays as it is.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`, 404.
pub async fn put_coverage(
    client: &ApiClient,
    patient_id: PatientId,
    coverage: &PutCoverage,
) -> Result<Coverage, Problem> {
    client.send(Method::Put, &get_coverage(patient_id), Some(coverage), None).await
}

/// Forgets a patient's cards.
///
/// # Errors
/// 404.
pub async fn delete_coverage(client: &ApiClient, patient_id: PatientId) -> Result<(), Problem> {
    client.send(Method::Delete, &get_coverage(patient_id), None::<&()>, None).await
}

/// Sends what only who holds the booking may.
pub(super) async fn send<B: Serialize, T: DeserializeOwned>(
    client: &ApiClient,
    booking: &OwnBooking,
    (method, path): (Method, &str),
    body: Option<&B>,
    key: Option<String>,
) -> Result<T, Problem> {
    let send = async |ticket: &PaymentTicket| {
        client.send_with_ticket(method, path, body, (ticket, key.clone())).await
    };
    booking.ask(client, send).await
}

/// A booking's payment.
fn payment(booking_id: BookingId) -> String {
    format!("/api/v1/payments/bookings/{booking_id}/payment")
}

/// `ConsentText`: what is agreed to before a card is kept or charged without its holder.
pub fn get_card_consent() -> String {
    format!("/api/v1/payments/consent-texts/{CARD_TEXT}")
}

/// `ConsentText`: what is agreed to before more is charged than a quote said.
pub fn get_charge_consent() -> String {
    format!("/api/v1/payments/consent-texts/{CHARGE_TEXT}")
}

/// Begins to pay for a booking, as it was quoted.
///
/// # Errors
/// `/problems/quote-expired`, `/problems/nothing-due`, `/problems/processor-unavailable`.
pub async fn start_payment(
    client: &ApiClient,
    start: &StartPayment,
    key: String,
) -> Result<Checkout, Problem> {
    client.send(Method::Post, &payment(start.quote.booking_id), Some(start), Some(key)).await
}

/// Gives another card after one failed.
///
/// # Errors
/// `/problems/nothing-due`, `/problems/processor-unavailable`, 404.
pub async fn repair_payment(
    client: &ApiClient,
    booking: &OwnBooking,
    repair: RepairPayment,
    key: String,
) -> Result<Checkout, Problem> {
    let path = format!("{}/repair", payment(booking.booking_id()));
    send(client, booking, (Method::Post, &path), Some(&repair), Some(key)).await
}

/// Where a booking's payment stands.
///
/// # Errors
/// 404 while nothing was begun, or for whose booking it is not.
pub async fn find_payment(client: &ApiClient, booking: &OwnBooking) -> Result<PaymentStanding, Problem> {
    send(client, booking, (Method::Get, &payment(booking.booking_id())), None::<&()>, None).await
}

/// Agrees to a higher price: by the ticket of who holds the booking, or by the session. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/nothing-due` when another price is asked for by now, `/problems/invalid` when the text has changed,
/// `/problems/bulk-billed`, 404.
pub async fn agree_to_charge(
    client: &ApiClient,
    booking_id: BookingId,
    agreed: &AgreeToCharge,
    (own, key): (Option<&OwnBooking>, String),
) -> Result<PaymentStanding, Problem> {
    let path = format!("{}/consent", payment(booking_id));
    match own {
        Some(own) => send(client, own, (Method::Post, &path), Some(agreed), Some(key)).await,
        None => client.send(Method::Post, &path, Some(agreed), Some(key)).await,
    }
}

/// A booking's documents, for who holds the booking.
///
/// # Errors
/// 404 for everybody else.
pub async fn list_own_invoices(client: &ApiClient, booking: &OwnBooking) -> Result<Page<Invoice>, Problem> {
    let path = format!("/api/v1/payments/bookings/{}/invoices", booking.booking_id());
    send(client, booking, (Method::Get, &path), None::<&()>, None).await
}

/// What of a booking's money went back, or is on its way, for who holds the booking.
///
/// # Errors
/// 404 for everybody else.
pub async fn list_own_refunds(
    client: &ApiClient,
    booking: &OwnBooking,
) -> Result<Page<PatientRefund>, Problem> {
    let path = super::money::list_refunds(booking.booking_id());
    send(client, booking, (Method::Get, &path), None::<&()>, None).await
}
