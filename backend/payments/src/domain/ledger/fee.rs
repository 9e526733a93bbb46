//! The platform's fee, and how much of it goes back with what goes back to a patient.

use shared_types::{AudCents, payments::rules::fee_reversed};

/// The platform's fee in an amount, and the GST in the fee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlatformFee {
    /// All of it, GST included.
    pub whole_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
}

/// What the ledger says of a payment's fee: what was taken, and what has gone back of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeStanding {
    /// With what was captured.
    pub taken: PlatformFee,
    /// With refunds and lost chargebacks.
    pub back: PlatformFee,
}

impl FeeStanding {
    /// The fee that goes back once this much of it does, with its share of the GST: cents are rounded down, and what is over
    /// comes with the last cent. `None` when more would go back than was taken.
    pub fn going_back(&self, whole_cents: AudCents) -> Option<PlatformFee> {
        if whole_cents == AudCents::ZERO {
            return Some(PlatformFee::default());
        }
        let after = self.back.whole_cents.checked_add(whole_cents)?;
        let gst_after = fee_reversed(self.taken.gst_cents, self.taken.whole_cents, after)?;
        Some(PlatformFee { whole_cents, gst_cents: gst_after.checked_sub(self.back.gst_cents)? })
    }

    /// The fee that goes back when `back` of `captured` has gone back in all.
    pub fn in_proportion(&self, captured: AudCents, back: AudCents) -> Option<PlatformFee> {
        let target = fee_reversed(self.taken.whole_cents, captured, back)?;
        self.going_back(AudCents(target.checked_sub(self.back.whole_cents)?.0.max(0)))
    }
}
