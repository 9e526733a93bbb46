//! What a patient sees of a booking's money: paying, cards, receipts, refunds.
//!
//! A guest shows a [`PaymentTicket`](super::quote::PaymentTicket) in the header `payment-ticket`; who is signed in shows their
//! session, or a ticket too. No card number is ever sent to us: paying happens on the processor's own page (C-60).
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | POST `/api/v1/payments/bookings/{booking_id}/payment` | `start_payment` | Public, by the quote's signature; idempotent | [`StartPayment`] → 201 [`Checkout`] |
//! | GET the same | `find_payment` | Public, by ticket or session | → [`PaymentStanding`] |
//! | POST `/api/v1/payments/bookings/{booking_id}/payment/repair` | `repair_payment` | the same; idempotent | [`RepairPayment`] → 201 [`Checkout`] |
//! | POST `/api/v1/payments/bookings/{booking_id}/payment/consent` | `agree_to_charge` | the same; idempotent | [`AgreeToCharge`] → [`PaymentStanding`] |
//! | GET `/api/v1/payments/bookings/{booking_id}/refunds` | `list_refunds` | the same | → `Page<PatientRefund>` |
//! | GET `/api/v1/payments/bookings/{booking_id}/invoices` | `list_invoices` | the same | → `Page<Invoice>` |
//! | GET `/api/v1/payments/bookings/{booking_id}/invoices/{invoice_id}/pdf` | `print_invoice` | the same | → PDF |
//! | GET `/api/v1/payments/me/payments` | `list_my_payments` | Account | `?cursor=` → `Page<PaymentStanding>`, the latest first |
//! | GET `/api/v1/payments/me/cards` | `list_cards` | Account | → [`SavedCards`] |
//! | POST the same | `add_card` | Account; idempotent | [`AddCard`] → 201 [`Checkout`] |
//! | DELETE `/api/v1/payments/me/cards/{saved_card_id}` | `delete_card` | Account | → 204 |
//!
//! Problems: 403 `quote-signature`, 410 `quote-expired`, 409 `quote-used`, 409 `bulk-billed` (C-52), 409 `nothing-due`, 409
//! `already-paid`, 409 `card-in-use`, 409 `practice-not-ready`, 503 `processor-unavailable` (what was entered is kept; nothing was
//! charged).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    quote::Collection,
    state::{PaymentFailure, PaymentStatus, RefundReason, RefundStatus},
};
use crate::{
    AudCents, BookingId, InvoiceId, OrganizationId, PaymentId, QuoteId, RefundId, SavedCardId,
    bookings::{ConsentGiven, Quote},
    personal::{Personal, PersonalData},
};

/// The text agreed to before a card is kept or charged without its holder.
pub const CARD_TEXT: &str = "card-storage";
/// The text agreed to before more is charged than a quote said.
pub const CHARGE_TEXT: &str = "higher-charge";

/// Begins to pay for a booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StartPayment {
    /// As bookings signed it.
    pub quote: Quote,
    /// The text `card-storage` as it was read and agreed to; needed where the card is charged later, or may be for a fee that is above
    /// what is taken now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentGiven>,
    /// A card that is kept already, of who is signed in: no page is opened unless the bank asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_card_id: Option<SavedCardId>,
    /// Keeps the card for the next booking, too; only for who is signed in. For this booking's fees it is kept whatever this says. A page
    /// that is open and for which it was said otherwise is closed, and another one is opened.
    #[serde(default)]
    pub keep_card: bool,
}

/// Gives another card after one failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepairPayment {
    /// A card that is kept already; without it the processor's page asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_card_id: Option<SavedCardId>,
}

/// Agrees to pay more than the quote said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgreeToCharge {
    /// The new whole price, as it was on the screen.
    pub total_cents: AudCents,
    /// The text `higher-charge` as it was read and agreed to.
    pub consent: ConsentGiven,
}

/// Keeps a card without paying for anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddCard {
    /// The text `card-storage` as it was read and agreed to.
    pub consent: ConsentGiven,
}

/// Where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checkout {
    /// Of which payment; none where only a card is kept.
    pub payment_id: Option<PaymentId>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The processor's page, to go to in the same window; none when nothing is left to do.
    pub address: Option<String>,
    /// Until when the page is open.
    pub expires_at: Option<Timestamp>,
}

impl PersonalData for Checkout {}

/// A booking's payment, as the patient sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentStanding {
    /// Which.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// What was offered.
    pub quote_id: QuoteId,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How it is collected.
    pub collection: Collection,
    /// The whole price.
    pub total_cents: AudCents,
    /// Held on the card and not taken.
    pub held_cents: AudCents,
    /// Taken.
    pub paid_cents: AudCents,
    /// Gone back, or on its way.
    pub refunded_cents: AudCents,
    /// Part of what was taken that is a fee for cancelling late or not coming.
    pub fee_cents: AudCents,
    /// A fee that is owed and not taken yet.
    pub fee_owed_cents: AudCents,
    /// When the held or saved card is charged; none when nothing is planned.
    pub charged_at: Option<Timestamp>,
    /// Why the last try did not work.
    pub failure: Option<PaymentFailure>,
    /// Until when another card can be given; none where none is needed, and once that is over.
    pub repair_until: Option<Timestamp>,
    /// A higher price to agree to, if the practice asks for one.
    pub asked_cents: Option<AudCents>,
    /// Why it does, in its own words.
    pub asked_reason: Option<Personal<String>>,
    /// The page that is open at the processor.
    pub checkout: Option<Checkout>,
    /// `visa`, and the last four digits.
    pub card: Option<(String, Personal<String>)>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl PersonalData for PaymentStanding {}

/// A refund, as the patient sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientRefund {
    /// Which.
    pub refund_id: RefundId,
    /// How much.
    pub amount_cents: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// Where it stands.
    pub status: RefundStatus,
    /// When it was decided.
    pub created_at: Timestamp,
}

impl PersonalData for PatientRefund {}

/// The cards of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedCards {
    /// The latest first.
    pub items: Vec<SavedCard>,
}

impl PersonalData for SavedCards {}

/// A card that the processor keeps; we know no more of it than this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedCard {
    /// Which.
    pub saved_card_id: SavedCardId,
    /// `visa`.
    pub brand: String,
    /// The last four digits.
    pub last_four: Personal<String>,
    /// The last month in which it is good, as its first day.
    pub good_until: Date,
    /// When it was kept.
    pub created_at: Timestamp,
}

super::codes::codes! {
    /// What a document about money is.
    InvoiceKind {
        /// What a practice charged a patient.
        TaxInvoice = "tax_invoice",
        /// What a practice gave back; it names the invoice that it corrects.
        AdjustmentNote = "adjustment_note",
        /// What was given back and came back from the bank; it names the adjustment note that it takes back.
        ReversalNote = "reversal_note",
        /// What the platform charged a practice in a month.
        PlatformInvoice = "platform_invoice",
    }
}

/// A document about money. Numbers of one issuer have no gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invoice {
    /// Which.
    pub invoice_id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number with the issuer, from one up.
    pub number: i64,
    /// The day it was issued, at the practice.
    pub issued_on: Date,
    /// The issuer's name.
    pub issuer_name: String,
    /// The issuer's Australian Business Number.
    pub issuer_abn: Option<String>,
    /// To whom; none once the time of the record is over.
    pub recipient_name: Option<Personal<String>>,
    /// What for.
    pub lines: Vec<InvoiceLine>,
    /// The whole, GST included.
    pub total_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
    /// What Medicare is expected to pay back.
    pub rebate_cents: AudCents,
    /// Which document it corrects.
    pub corrects: Option<i64>,
}

impl PersonalData for Invoice {}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvoiceLine {
    /// `Appointment`, `Fee for a late cancellation`: nothing clinical where the type is discreet.
    pub text: String,
    /// The day of the service.
    pub service_date: Option<Date>,
    /// The schedule's item.
    pub item_number: Option<String>,
    /// GST included.
    pub amount_cents: AudCents,
    /// The GST in it; zero for what is free of it.
    pub gst_cents: AudCents,
}
