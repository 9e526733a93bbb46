//! Money that goes back: by a refund, or because a bank decides about it.

use shared_types::{
    AudCents, ChargebackId, RefundId,
    payments::PaymentStatus::{
        self, AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost, NotRequired,
        PartRefunded, Refunded, Voided, Won,
    },
};

use super::{Money, Next};
use crate::domain::payment::Payment;

impl Payment {
    pub(super) fn refund_begun(self, cents: AudCents) -> Next {
        let is_there = AudCents::ZERO < cents && cents <= self.kept_cents();
        match self.status {
            // What a bank keeps for good of one charge leaves the others; how much of each that is, is looked up before.
            Captured | PartRefunded | Won | Lost if is_there => {
                let refunding_cents = self.refunding_cents.checked_add(cents)?;
                Self { refunding_cents, ..self }.only()
            }
            // A bank that disputes has the money already.
            Captured | PartRefunded | Won | NotRequired | Awaiting | CardSaved | Authorised | Refunded
            | Failed | AuthExpired | Voided | Disputed | Lost => None,
        }
    }

    /// One that the processor began without us was never on its way here.
    pub(super) fn refund_done(self, refund_id: RefundId, cents: AudCents) -> Next {
        let refunded = self.refunded_cents.checked_add(cents)?;
        let refunding = AudCents(self.refunding_cents.0.saturating_sub(cents.0).max(0));
        let within = refunded.checked_add(refunding)? <= self.captured_cents;
        if cents <= AudCents::ZERO || !within {
            return None;
        }
        let kept = AudCents(self.captured_cents.0 - refunded.0);
        let after = Self {
            refunded_cents: refunded,
            refunding_cents: refunding,
            fee_cents: self.fee_cents.min(kept),
            status: self.returned(refunded),
            ..self
        };
        Some((after, Some(Money::Refunded { refund_id, cents })))
    }

    pub(super) fn refund_failed(self, refund_id: RefundId, cents: AudCents, is_booked: bool) -> Next {
        if cents <= AudCents::ZERO {
            return None;
        }
        if !is_booked {
            // What somebody gave back at the processor meanwhile may have been taken off it already.
            let refunding_cents = self.refunding_cents.checked_sub(cents)?.max(AudCents::ZERO);
            return Self { refunding_cents, ..self }.only();
        }
        if self.is_bulk_billed() {
            // What was paid has to be back: this stays a difference with the processor, and somebody has to look.
            return None;
        }
        let refunded = self.refunded_cents.checked_sub(cents).filter(|left| *left >= AudCents::ZERO)?;
        let after = Self { refunded_cents: refunded, status: self.returned(refunded), ..self };
        Some((after, Some(Money::RefundReturned { refund_id })))
    }

    /// Where it stands when so much of what was taken has gone back. A dispute goes on whatever else happens.
    fn returned(&self, refunded: AudCents) -> PaymentStatus {
        match self.status {
            Disputed => Disputed,
            Lost => Lost,
            NotRequired | Awaiting | CardSaved | Authorised | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Won => {
                if refunded == AudCents::ZERO {
                    Captured
                } else if refunded < self.captured_cents {
                    PartRefunded
                } else {
                    Refunded
                }
            }
        }
    }

    pub(super) fn disputed(self, chargeback_id: ChargebackId, cents: AudCents) -> Next {
        let status = match self.status {
            // A bank may dispute what has gone back already.
            Captured | PartRefunded | Refunded | Won | Disputed => Disputed,
            Lost => Lost,
            NotRequired | Awaiting | CardSaved | Authorised | Failed | AuthExpired | Voided => return None,
        };
        let within = AudCents::ZERO < cents && cents <= self.captured_cents;
        let possible = within && !self.is_bulk_billed();
        let money = Money::ChargebackOpened { chargeback_id, cents };
        possible.then_some((Self { status, ..self }, Some(money)))
    }

    pub(super) fn decided(self, how: PaymentStatus, money: Money) -> Next {
        match self.status {
            Disputed => Some((Self { status: how, ..self }, Some(money))),
            // Two charges of one payment were disputed. One loss stays, and what has gone on since goes on.
            Won => Some((Self { status: how, ..self }, Some(money))),
            Lost | Captured | PartRefunded | Refunded => Some((self, Some(money))),
            NotRequired | Awaiting | CardSaved | Authorised | Failed | AuthExpired | Voided => None,
        }
    }
}
