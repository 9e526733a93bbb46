//! From the processor's page to money that is taken: what happens to a card, and what is held on it.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    payments::{
        PaymentFailure,
        PaymentStatus::{
            AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost, NotRequired,
            PartRefunded, Refunded, Voided, Won,
        },
        rules,
    },
};

use super::{Facts, Money, Next};
use crate::domain::payment::{Due, Payment};

/// Held money has to be there this long after the start: a visit that nobody marks is completed then.
const HELD_AFTER_START: SignedDuration = SignedDuration::from_hours(14);
/// So long a hold lives that was made without the patient, in whole days: what is assumed where the bank says nothing.
const HOLD_LIVES: SignedDuration = SignedDuration::from_hours(24 * rules::AUTHORISE_BEFORE_DAYS);

impl Payment {
    /// The repair window stays open while the patient tries another card.
    pub(super) fn page_opened(self) -> Next {
        match self.status {
            Failed | AuthExpired => Self { status: Awaiting, ..self }.only(),
            Awaiting | CardSaved | Authorised | Captured | PartRefunded | Won => self.only(),
            NotRequired | Refunded | Voided | Disputed | Lost => None,
        }
    }

    pub(super) fn card_saved(self) -> Next {
        match self.status {
            Awaiting | Failed | AuthExpired => self.mended(CardSaved).only(),
            // It says nothing new of what has come further, or of what is over.
            CardSaved | Authorised | Captured | PartRefunded | Refunded | Voided | Disputed | Won | Lost
            | NotRequired => self.only(),
        }
    }

    /// A hold without the patient lives shorter than one with them. One that would not outlive the visit is let go, and made again from
    /// the card when its time comes.
    pub(super) fn held(self, cents: AudCents, facts: &Facts) -> Next {
        let now = facts.now;
        if cents <= AudCents::ZERO || cents > self.chargeable_cents() {
            return None;
        }
        let is_short = self.starts_at.zip(facts.hold_expires_at).is_some_and(|(start, until)| {
            now < rules::authorise_at(start) && until < start + HELD_AFTER_START
        });
        match self.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired if is_short => {
                Self { held_cents: AudCents::ZERO, due: Some((Due::Void, now)), ..self.mended(CardSaved) }
                    .only()
            }
            Awaiting | CardSaved | Authorised | Failed | AuthExpired => {
                Self { held_cents: cents, ..self.mended(Authorised) }.only()
            }
            // It came too late and is let go again.
            Voided => Self { due: Some((Due::Void, now)), ..self }.only(),
            Captured | PartRefunded | Refunded | Disputed | Won | Lost => self.only(),
            NotRequired => None,
        }
    }

    /// Money that was taken is taken, wherever the payment stood; what should not have been is refunded.
    pub(super) fn taken(self, cents: AudCents, money: Money) -> Next {
        let captured = self.captured_cents.checked_add(cents)?;
        if cents <= AudCents::ZERO || !self.may_take(cents) {
            return None;
        }
        let status = match self.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired | Voided | Captured => Captured,
            PartRefunded | Refunded => PartRefunded,
            Disputed => Disputed,
            Won => Won,
            Lost => Lost,
            NotRequired => return None,
        };
        let fee = AudCents(self.fee_owed_cents.0.min(cents.0));
        let after = Self {
            captured_cents: captured,
            held_cents: AudCents::ZERO,
            fee_cents: self.fee_cents.checked_add(fee)?,
            fee_owed_cents: self.fee_owed_cents.checked_sub(fee)?,
            ..self.mended(status)
        };
        Some((after, Some(money)))
    }

    pub(super) fn hold_expired(self, now: Timestamp) -> Next {
        match self.status {
            Authorised => Self {
                status: AuthExpired,
                held_cents: AudCents::ZERO,
                failure: Some(PaymentFailure::HoldExpired),
                repair_until: Some(self.repairable_until(now)),
                ..self
            }
            .only(),
            NotRequired | Awaiting | CardSaved | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Disputed | Won | Lost => self.only(),
        }
    }

    /// A window that is open does not grow by another failure.
    pub(super) fn failed(self, failure: PaymentFailure, now: Timestamp) -> Next {
        match self.status {
            Awaiting | CardSaved | Authorised | Failed => Self {
                status: Failed,
                held_cents: AudCents::ZERO,
                failure: Some(failure),
                repair_until: Some(self.repair_until.unwrap_or(self.repairable_until(now))),
                ..self
            }
            .only(),
            // The rest of a fee can be paid with another card, as the whole of one can.
            Captured | PartRefunded | Won if self.is_fee_due(now) => Self {
                failure: Some(failure),
                repair_until: Some(self.repair_until.unwrap_or(self.repairable_until(now))),
                ..self
            }
            .only(),
            // So can what was agreed to beyond the price. Where it was asked for anew once the time was over, there is time anew.
            Captured | PartRefunded | Won if self.owes_balance() => {
                let open = self.repair_until.filter(|until| now < *until);
                let repair_until = Some(open.unwrap_or(self.repairable_until(now)));
                Self { failure: Some(failure), repair_until, ..self }.only()
            }
            AuthExpired | Captured | PartRefunded | Won => Self { failure: Some(failure), ..self }.only(),
            NotRequired | Refunded | Voided | Disputed | Lost => self.only(),
        }
    }

    pub(in crate::domain::payment) fn is_fee_due(&self, now: Timestamp) -> bool {
        self.fee_owed_cents > AudCents::ZERO && self.fee_due_at.is_none_or(|due_at| due_at <= now)
    }

    /// Before the start the window ends with it; after the visit there is a whole one.
    pub(super) fn repairable_until(&self, now: Timestamp) -> Timestamp {
        let whole = now + SignedDuration::from_hours(rules::REPAIR_HOURS);
        match self.starts_at {
            Some(start) if now < start => rules::repair_until(now, start),
            Some(_) | None => whole,
        }
    }

    pub(super) fn let_go(self, now: Timestamp) -> Next {
        let was_asked_for = match self.status {
            NotRequired => false,
            Awaiting | CardSaved | Authorised | Failed | AuthExpired => true,
            Refunded | Voided | Lost => return self.only(),
            // What was taken goes back by a refund.
            Captured | PartRefunded | Disputed | Won => return None,
        };
        let mut after = Self {
            held_cents: AudCents::ZERO,
            fee_owed_cents: AudCents::ZERO,
            fee_due_at: None,
            asked_cents: None,
            ..self.mended(Voided)
        };
        after.due = was_asked_for.then_some((Due::Void, now));
        after.only()
    }

    /// Money that would be let go before the new visit is over is let go now, and held again from the card when its time comes. Another
    /// card can be given until the new start at the latest. Where the time for it ended while the visit counted as over, there is time anew.
    pub(super) fn moved(self, start: Timestamp, facts: &Facts) -> Next {
        if self.starts_at == Some(start) {
            return self.only();
        }
        let lives_until = facts.hold_expires_at.unwrap_or(facts.now + HOLD_LIVES);
        let mut after = Self { starts_at: Some(start), completed_at: None, ..self };
        after.repair_until = match after.status {
            Awaiting | Failed | AuthExpired if after.repair_until.is_some_and(|until| until <= facts.now) => {
                Some(after.repairable_until(facts.now))
            }
            NotRequired | Awaiting | CardSaved | Authorised | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Disputed | Won | Lost => {
                after.repair_until.map(|until| until.min(start))
            }
        };
        match after.status {
            Authorised if lives_until < start + HELD_AFTER_START => Self {
                held_cents: AudCents::ZERO,
                due: Some((Due::Void, facts.now)),
                ..after.mended(CardSaved)
            }
            .only(),
            NotRequired | Awaiting | CardSaved | Authorised | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Disputed | Won | Lost => after.only(),
        }
    }

    pub(super) fn completed(self, now: Timestamp) -> Next {
        match self.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired => {
                Self { completed_at: self.completed_at.or(Some(now)), ..self }.only()
            }
            NotRequired | Captured | PartRefunded | Refunded | Voided | Disputed | Won | Lost => self.only(),
        }
    }

    /// Nothing more is taken for the visit before it is over. What a card is being asked for already is not called off: its bank may have
    /// given the money, and no second try is made beside it.
    pub(super) fn not_over(self) -> Next {
        match self.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired => {
                Self { completed_at: None, ..self }.only()
            }
            NotRequired | Captured | PartRefunded | Refunded | Voided | Disputed | Won | Lost => self.only(),
        }
    }

    /// When somebody noted that the visit was over, where that is certain, of when bookings said so. [`Self::completed_at`] is no word
    /// for it: once money was taken it is not kept up, since nothing is taken by it any more. One that nobody marked counts as over hours
    /// after its start; one that was moved since, or is known not to take place, was not over.
    pub fn noted_over_at(&self, over_at: Option<Timestamp>) -> Option<Timestamp> {
        let (start, over) = self.starts_at.zip(over_at)?;
        let by_somebody = (start..start + HELD_AFTER_START).contains(&over);
        (by_somebody && !self.is_called_off()).then_some(over)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::{AudCents, payments::IntentPurpose};

    use crate::domain::payment::{
        Change, Facts,
        fixtures::{awaiting, days},
    };

    /// The payment of a visit in two weeks after these, the first of them so many hours after its start.
    fn noted(hours: i64, then: &[Change]) -> Option<Timestamp> {
        let now = days(14) + SignedDuration::from_hours(hours);
        let facts = Facts { now, refund_is_booked: false, hold_expires_at: None };
        let saved = awaiting(1).take(&Change::CardSaved, &facts).unwrap().0;
        let over = saved.take(&Change::Completed, &facts).unwrap().0;
        assert_eq!(over.completed_at, Some(now));
        then.iter().fold(over, |it, change| it.take(change, &facts).unwrap().0).noted_over_at(Some(now))
    }

    #[test]
    fn that_a_visit_is_over_was_noted_where_somebody_said_so_and_nothing_has_contradicted_it() {
        let after_start = |hours| days(14) + SignedDuration::from_hours(hours);
        assert_eq!(noted(1, &[]), Some(after_start(1)));
        assert_eq!(noted(13, &[]), Some(after_start(13)));
        assert_eq!(noted(14, &[]), None, "nobody marked it");
        let (purpose, cents, due_at) = (IntentPurpose::NoShowFee, AudCents(5_000), after_start(1));
        let owed = Change::FeeOwed { purpose, cents, due_at };
        assert_eq!(noted(1, std::slice::from_ref(&owed)), None, "the patient did not come");
        assert_eq!(noted(1, &[owed, Change::FeeWaived]), None, "nor where that costs nothing");
        assert_eq!(noted(1, &[Change::Moved { start: days(20) }]), None, "it is still to come");
    }
}
