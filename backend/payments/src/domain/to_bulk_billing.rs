//! Whether a visit that is charged for can be bulk billed instead, and how far that is. Nothing is charged for what is bulk billed
//! (C-52), so what was paid has to go back first; and Medicare is asked only for items that the practice names.

use shared_types::{
    AudCents,
    payments::{
        PaymentStatus,
        practice::{BulkBillStatus, ToBulkBilling},
    },
};

/// What it goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where the payment stands.
    pub status: PaymentStatus,
    /// It is bulk billed already.
    pub bulk_billed: bool,
    /// Taken, and neither gone back nor on its way.
    pub kept_cents: AudCents,
    /// Bookings has told of the booking.
    pub is_booked: bool,
    /// The practice wishes it, and it is under way.
    pub asked: bool,
    /// The practice wished it, and the money could not be given back.
    pub failed: bool,
    /// A bank has some of what was taken, or took it for good.
    pub with_bank: bool,
    /// A refund has not arrived yet, or waits for somebody's decision.
    pub refund_under_way: bool,
    /// The visit was cancelled, or the patient did not come: there is nothing that Medicare would pay for.
    pub called_off: bool,
    /// Medicare has a claim for it.
    pub claimed: bool,
    /// It is private, and the practice names an item for such visits that is in force on its day.
    pub has_item: bool,
    /// The practice has entered a provider number, whosever it is.
    pub has_number: bool,
}

/// Why it cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is bulk billed already.
    BulkBilled,
    /// Medicare has a claim for it.
    Claimed,
    /// A bank has the money, or it is the cardholder's already.
    Disputed,
    /// The patient is about to pay for a time that is not booked yet, and may never be.
    NotBooked,
    /// The visit does not take place, or did not.
    CalledOff,
    /// Another refund has not arrived yet.
    RefundUnderWay,
    /// The practice names no item for such visits that is in force.
    NoItem,
    /// The practice has entered no provider number.
    NoNumber,
}

impl Facts {
    /// What can be said beside the payment; `None` where there is nothing to offer and nothing has begun.
    pub fn standing(&self) -> Option<ToBulkBilling> {
        let status = if self.bulk_billed {
            // Of what was bulk billed from the start nothing is said.
            self.asked.then_some(BulkBillStatus::Done)
        } else if self.asked {
            Some(self.under_way())
        } else if self.failed {
            Some(BulkBillStatus::NotRefunded)
        } else {
            self.refusal().is_none().then_some(BulkBillStatus::Possible)
        };
        status.map(|status| ToBulkBilling { status, gives_back_cents: self.kept_cents.max(AudCents::ZERO) })
    }

    /// Why it cannot be bulk billed instead, if so. What is under way already is asked for once more without effect.
    pub fn refusal(&self) -> Option<Refusal> {
        if self.bulk_billed {
            return Some(Refusal::BulkBilled);
        }
        // Of several charges, a bank may decide about one: where the payment stands does not say so.
        if self.with_bank && self.kept_cents > AudCents::ZERO {
            return Some(Refusal::Disputed);
        }
        let by_status = match self.status {
            PaymentStatus::Disputed | PaymentStatus::Lost => return Some(Refusal::Disputed),
            PaymentStatus::Awaiting if !self.is_booked => Some(Refusal::NotBooked),
            PaymentStatus::Voided => Some(Refusal::CalledOff),
            PaymentStatus::NotRequired
            | PaymentStatus::Awaiting
            | PaymentStatus::CardSaved
            | PaymentStatus::Authorised
            | PaymentStatus::Captured
            | PaymentStatus::PartRefunded
            | PaymentStatus::Refunded
            | PaymentStatus::Failed
            | PaymentStatus::AuthExpired
            | PaymentStatus::Won => None,
        };
        if self.asked {
            return None;
        }
        let others = [
            (self.claimed, Refusal::Claimed),
            (self.called_off, Refusal::CalledOff),
            (self.refund_under_way, Refusal::RefundUnderWay),
            (!self.has_item, Refusal::NoItem),
            (!self.has_number, Refusal::NoNumber),
        ];
        by_status.or_else(|| others.into_iter().find_map(|(is_so, why)| is_so.then_some(why)))
    }

    /// A bank that decided for the cardholder has taken what was to go back.
    fn under_way(&self) -> BulkBillStatus {
        match self.status {
            PaymentStatus::Lost => BulkBillStatus::NotRefunded,
            PaymentStatus::NotRequired
            | PaymentStatus::Awaiting
            | PaymentStatus::CardSaved
            | PaymentStatus::Authorised
            | PaymentStatus::Captured
            | PaymentStatus::PartRefunded
            | PaymentStatus::Refunded
            | PaymentStatus::Failed
            | PaymentStatus::AuthExpired
            | PaymentStatus::Voided
            | PaymentStatus::Disputed
            | PaymentStatus::Won => BulkBillStatus::UnderWay,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{PaymentStatus, practice::BulkBillStatus},
    };

    use super::{Facts, Refusal};

    /// A visit of a practice that claims, paid with the booking.
    const PAID: Facts = Facts {
        status: PaymentStatus::Captured,
        bulk_billed: false,
        kept_cents: AudCents(11_000),
        is_booked: true,
        asked: false,
        failed: false,
        with_bank: false,
        refund_under_way: false,
        called_off: false,
        claimed: false,
        has_item: true,
        has_number: true,
    };

    #[test]
    fn it_is_refused_for_one_reason_and_then_nothing_is_offered() {
        for (facts, why) in [
            (Facts { bulk_billed: true, ..PAID }, Refusal::BulkBilled),
            (Facts { claimed: true, has_item: false, ..PAID }, Refusal::Claimed),
            (Facts { status: PaymentStatus::Disputed, ..PAID }, Refusal::Disputed),
            (Facts { status: PaymentStatus::Lost, ..PAID }, Refusal::Disputed),
            (Facts { status: PaymentStatus::PartRefunded, with_bank: true, ..PAID }, Refusal::Disputed),
            (Facts { status: PaymentStatus::Awaiting, is_booked: false, ..PAID }, Refusal::NotBooked),
            (Facts { status: PaymentStatus::Voided, ..PAID }, Refusal::CalledOff),
            (Facts { called_off: true, refund_under_way: true, ..PAID }, Refusal::CalledOff),
            (Facts { refund_under_way: true, has_item: false, ..PAID }, Refusal::RefundUnderWay),
            (Facts { has_item: false, has_number: false, ..PAID }, Refusal::NoItem),
            (Facts { has_number: false, ..PAID }, Refusal::NoNumber),
        ] {
            assert_eq!((facts.refusal(), facts.standing()), (Some(why), None), "{facts:?}");
        }
    }

    #[test]
    fn what_is_under_way_is_asked_for_again_without_effect() {
        let asked = Facts { asked: true, refund_under_way: true, ..PAID };
        for (status, refusal) in [
            (PaymentStatus::Captured, None),
            (PaymentStatus::Voided, None),
            (PaymentStatus::Disputed, Some(Refusal::Disputed)),
        ] {
            assert_eq!(Facts { status, ..asked }.refusal(), refusal, "{status:?}");
        }
        assert_eq!(Facts { bulk_billed: true, ..asked }.refusal(), Some(Refusal::BulkBilled));
    }

    #[test]
    fn nothing_stands_in_the_way_wherever_the_money_is_the_practices_or_nobodys() {
        for status in [
            PaymentStatus::NotRequired,
            PaymentStatus::Awaiting,
            PaymentStatus::CardSaved,
            PaymentStatus::Authorised,
            PaymentStatus::Captured,
            PaymentStatus::PartRefunded,
            PaymentStatus::Refunded,
            PaymentStatus::Failed,
            PaymentStatus::AuthExpired,
            PaymentStatus::Won,
        ] {
            assert_eq!(Facts { status, ..PAID }.refusal(), None, "{status:?}");
        }
    }

    #[test]
    fn what_a_bank_has_of_money_that_is_back_does_not_matter() {
        let back = Facts { status: PaymentStatus::Refunded, kept_cents: AudCents::ZERO, ..PAID };
        assert_eq!(Facts { with_bank: true, ..back }.refusal(), None);
    }

    #[test]
    fn how_far_it_is_can_be_read_beside_the_payment() {
        use BulkBillStatus::{Done, NotRefunded, Possible, UnderWay};
        let nothing = Facts { kept_cents: AudCents::ZERO, ..PAID };
        let back = Facts { status: PaymentStatus::Refunded, ..nothing };
        let held = Facts { status: PaymentStatus::Authorised, ..nothing };
        for (facts, status, cents) in [
            (PAID, Possible, 11_000),
            (held, Possible, 0),
            (Facts { asked: true, ..PAID }, UnderWay, 11_000),
            (Facts { asked: true, refund_under_way: true, kept_cents: AudCents::ZERO, ..PAID }, UnderWay, 0),
            (Facts { asked: true, status: PaymentStatus::Disputed, ..PAID }, UnderWay, 11_000),
            (Facts { asked: true, status: PaymentStatus::Lost, ..PAID }, NotRefunded, 11_000),
            (Facts { failed: true, ..PAID }, NotRefunded, 11_000),
            (Facts { asked: true, bulk_billed: true, ..back }, Done, 0),
            (Facts { asked: true, bulk_billed: true, status: PaymentStatus::Voided, ..nothing }, Done, 0),
        ] {
            let shown = facts.standing().unwrap();
            assert_eq!((shown.status, shown.gives_back_cents), (status, AudCents(cents)), "{facts:?}");
        }
    }
}
