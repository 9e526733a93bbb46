//! What is owed changes: fees for cancelling late or not coming, a higher price, and Medicare paying after all.

use jiff::Timestamp;
use shared_types::{
    AudCents,
    payments::{
        IntentPurpose,
        PaymentStatus::{
            AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost, NotRequired,
            PartRefunded, Refunded, Voided, Won,
        },
        funding::FundingMode,
        quote::Collection,
        rules,
    },
};

use super::Next;
use crate::domain::{
    ledger::PlatformFee,
    payment::{Due, Payment},
};

impl Payment {
    /// Owed once for a booking, never more than may be charged, and never where Medicare pays. A page on which another card is being
    /// given asks for the visit, or for a higher price, so it is closed: the next one asks for the fee.
    pub(super) fn fee_owed(
        self,
        purpose: IntentPurpose,
        cents: AudCents,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Next {
        match purpose {
            IntentPurpose::LateFee | IntentPurpose::NoShowFee => {}
            IntentPurpose::Visit | IntentPurpose::Balance => return None,
        }
        let owed = rules::fee_owed(cents, self.patient_charge_cents, self.is_bulk_billed());
        let is_known = self.fee_owed_cents > AudCents::ZERO || self.fee_cents > AudCents::ZERO;
        match self.status {
            CardSaved | Authorised | Captured | PartRefunded | Failed | AuthExpired | Won => {}
            Awaiting if self.is_being_repaired() => {}
            NotRequired | Awaiting | Refunded | Voided | Disputed | Lost => return None,
        }
        if owed == AudCents::ZERO || is_known {
            return self.only();
        }
        let (fee_kind, fee_due_at) = (Some(purpose), Some(due_at));
        let was_declined = self.balance_left_cents() > AudCents::ZERO;
        let closes = self.is_being_repaired() || was_declined;
        let due = if closes { Some((Due::Void, now)) } else { self.due };
        // Nobody agrees any more to a higher price for what does not take place, nor gives another card for one.
        let after = Self { fee_kind, fee_owed_cents: owed, fee_due_at, asked_cents: None, due, ..self };
        if after.status.keeps_money() {
            let status = after.status;
            return after.mended(status).only();
        }
        after.only()
    }

    /// Without the fee nothing is left to collect of an appointment that does not stand.
    pub(super) fn fee_waived(self, now: Timestamp) -> Next {
        let was_owed = self.fee_owed_cents > AudCents::ZERO;
        let after = Self {
            fee_owed_cents: AudCents::ZERO,
            fee_cents: AudCents::ZERO,
            fee_due_at: None,
            asked_cents: None,
            ..self
        };
        match after.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired if was_owed => after.let_go(now),
            // Nobody has to give another card for it any more.
            Captured | PartRefunded | Won if was_owed => {
                let status = after.status;
                after.mended(status).only()
            }
            NotRequired | Awaiting | CardSaved | Authorised | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Disputed | Won | Lost => after.only(),
        }
    }

    pub(super) fn fee_kept(self) -> Next {
        let free = AudCents((self.kept_cents().0 - self.fee_cents.0).max(0));
        let kept = self.fee_owed_cents.min(free);
        match self.status {
            Captured | PartRefunded | Won => Self {
                fee_cents: self.fee_cents.checked_add(kept)?,
                fee_owed_cents: self.fee_owed_cents.checked_sub(kept)?,
                ..self
            }
            .only(),
            NotRequired | Awaiting | CardSaved | Authorised | Refunded | Failed | AuthExpired | Voided
            | Disputed | Lost => None,
        }
    }

    pub(super) fn asked(self, cents: AudCents) -> Next {
        if !self.may_ask_for(cents) {
            return None;
        }
        match self.status {
            CardSaved | Authorised | Captured | PartRefunded | Won => {
                Self { asked_cents: Some(cents), ..self }.only()
            }
            NotRequired | Awaiting | Refunded | Failed | AuthExpired | Voided | Disputed | Lost => None,
        }
    }

    /// The card is charged for it once more, so what it said before is over. Another card may still be needed for the visit.
    pub(super) fn agreed(self, cents: AudCents) -> Next {
        if self.asked_cents == Some(cents) {
            let failure = self.failure.filter(|_| !self.status.keeps_money());
            return Self { agreed_cents: Some(cents), asked_cents: None, failure, ..self }.only();
        }
        (self.agreed_cents == Some(cents)).then_some((self, None))
    }

    /// Health Insurance Act 1973 s 20A (C-52): no charge of any kind is left, not even a planned one.
    pub(super) fn moved_to_bulk_billing(self) -> Next {
        let status = match self.status {
            NotRequired | Awaiting => NotRequired,
            CardSaved | Failed | AuthExpired | Voided => Voided,
            Refunded => Refunded,
            Authorised | Captured | PartRefunded | Disputed | Won | Lost => return None,
        };
        Self {
            funding: FundingMode::BulkBilled,
            bulk_billed: true,
            collection: Collection::AtPractice,
            patient_charge_cents: AudCents::ZERO,
            platform_fee: PlatformFee::default(),
            fee_cents: AudCents::ZERO,
            fee_kind: None,
            fee_owed_cents: AudCents::ZERO,
            fee_due_at: None,
            asked_cents: None,
            agreed_cents: None,
            ..self.mended(status)
        }
        .only()
    }
}
