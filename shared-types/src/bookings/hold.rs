//! A time that is kept, and what it was offered for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AppointmentType, BookedRole, Question};
use crate::{
    AppointmentTypeId, AudCents, BookingId, HoldId, PractitionerRoleId, QuoteId,
    payments::{funding::Cohort, quote::QuoteTerms},
    personal::Personal,
};

/// How long a hold keeps a time, in minutes.
pub const HOLD_MINUTES: i64 = 10;

/// Asks to keep a time. Sent with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateHold {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// What the patient has, where the price goes by it; the price for everybody when absent. Asking again for a time that is held
    /// already with something else here prices it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Cohort>,
}

/// A kept time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hold {
    /// Which.
    pub hold_id: HoldId,
    /// The booking it begins.
    pub booking_id: BookingId,
    /// Where it stands.
    pub status: HoldStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// What.
    pub appointment_type: AppointmentType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// The clock of the reply, so that a countdown need not trust the device's.
    pub as_of: Timestamp,
    /// What was offered, signed.
    pub quote: Quote,
    /// What cancelling costs and until when it does not.
    pub policy: CancellationPolicy,
    /// What the practice asks beforehand, in its order. The answers go to it sealed; where there is nobody to seal to,
    /// nothing is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// By which users takes a sealed note before the booking is made ([`crate::users::NoteTicket`]): good until five
    /// minutes after the hold ends. Absent where there is no practice to seal to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_ticket: Option<Personal<String>>,
    /// For which sorts of patients there is a price of its own; empty where it is the same for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<Cohort>,
    /// For which of them it is priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Cohort>,
}

/// Where a hold stands: `active → consumed | released | expired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HoldStatus {
    /// The time is kept.
    Active,
    /// It became an appointment.
    Consumed,
    /// The patient let it go.
    Released,
    /// The ten minutes ran out.
    Expired,
}

impl HoldStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Active, Self::Consumed, Self::Released, Self::Expired];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Consumed => "consumed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// Reads [`HoldStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A binding offer: what, how much, until when. Signed with bookings' Ed25519 key over
/// [`quote_message`](crate::payments::quote::quote_message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quote {
    /// Which.
    pub quote_id: QuoteId,
    /// For which booking.
    pub booking_id: BookingId,
    /// The practitioner's fee.
    pub fee_cents: AudCents,
    /// What Medicare pays back.
    pub rebate_cents: AudCents,
    /// What the patient pays in the end.
    pub gap_cents: AudCents,
    /// Until when it binds.
    pub expires_at: Timestamp,
    /// How it is collected and what cancelling costs. Quotes made before anything was collected through us have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<QuoteTerms>,
    /// Which key signed it.
    pub kid: String,
    /// The signature, base64url without padding.
    pub signature: String,
}

/// What cancelling costs: snapshotted at hold, so later edits never touch a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancellationPolicy {
    /// Up to how many hours before the start cancelling is without charge.
    pub free_until_hours: u16,
    /// The fee after that; always zero for bulk-billed appointments.
    pub late_fee_cents: AudCents,
}
