//! How an administrator finds a payment: by one thing that is known of it. All of it goes in a body, so that no address has it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AudCents, BookingId, OrganizationId, PaymentId, payments::state::PaymentStatus, personal::PersonalData,
};

/// The most characters of a name of the processor's.
pub const OBJECT_NAME: usize = 255;

/// By what payments are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum FindPayments {
    /// The booking that it is for.
    Booking {
        /// Which.
        booking_id: BookingId,
    },
    /// A receipt or another document about it; each practice has its own numbers.
    Receipt {
        /// Whose.
        organization_id: OrganizationId,
        /// Its number, above zero.
        number: i64,
    },
    /// The processor's name for a charge, a page, a refund or a dispute: `pi_…`, `ch_…`, `cs_…`, `re_…`, `dp_…`. 1 to 255 characters.
    Object {
        /// The name.
        object: String,
    },
    /// The day of the visit, at the place of the practice.
    Day {
        /// At which practice.
        organization_id: OrganizationId,
        /// Which day.
        day: Date,
        /// The `next` of the page before.
        #[serde(default)]
        after: Option<PaymentId>,
    },
}

/// A payment that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FoundPayment {
    /// Which.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// What they are called on documents.
    pub legal_name: Option<String>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The whole price.
    pub total_cents: AudCents,
    /// Taken.
    pub captured_cents: AudCents,
    /// Gone back.
    pub refunded_cents: AudCents,
    /// When the visit begins, where that is known.
    pub starts_at: Option<Timestamp>,
}

impl PersonalData for FoundPayment {}
