//! The binding offer and its signature.

use kernel::keys::Signer;
use shared_types::bookings::Quote;

/// Signs a quote: fills in `kid` and `signature`.
pub fn sign_quote(mut quote: Quote, signer: &Signer) -> Quote {
    quote.kid = signer.kid().to_owned();
    quote.signature = signer.sign(quote_message(&quote).as_bytes());
    quote
}

/// What is signed: a version, then every field but the signature, one to a line. Payments rebuilds it to verify.
pub fn quote_message(quote: &Quote) -> String {
    format!(
        "hellomapper-quote-1\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
        quote.quote_id,
        quote.booking_id,
        quote.fee_cents.0,
        quote.rebate_cents.0,
        quote.gap_cents.0,
        quote.expires_at,
        quote.kid
    )
}
