//! What can happen to a payment, and where it leads.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, ChargebackId, IntentId, RefundId,
    payments::{
        IntentPurpose, PaymentFailure,
        PaymentStatus::{
            self, AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost,
            NotRequired, PartRefunded, Refunded, Voided, Won,
        },
        funding::FundingMode,
        quote::Collection,
        rules,
    },
};

use super::{Due, Payment};

/// Held money has to be there this long after the start: a visit that nobody marks is completed then.
const HELD_AFTER_START: SignedDuration = SignedDuration::from_hours(14);
/// So long a hold lives that was made without the patient, in whole days: what is assumed where the bank says nothing.
const HOLD_LIVES: SignedDuration = SignedDuration::from_hours(24 * rules::AUTHORISE_BEFORE_DAYS);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The processor's page was opened for the patient.
    PageOpened,
    /// A card is kept.
    CardSaved,
    /// Money is held on the card.
    Held {
        /// How much.
        cents: AudCents,
    },
    /// Money was taken.
    Taken {
        /// By which try.
        intent_id: IntentId,
        /// How much.
        cents: AudCents,
        /// The processor's name for the charge.
        processor_charge: String,
    },
    /// The bank let held money go.
    HoldExpired {
        /// When.
        now: Timestamp,
    },
    /// The card said no.
    Failed {
        /// Why.
        failure: PaymentFailure,
    },
    /// Nothing is to be collected: the appointment does not stand.
    LetGo,
    /// Money is to go back. Once for each refund.
    RefundBegun {
        /// How much.
        cents: AudCents,
    },
    /// Money has gone back.
    RefundDone {
        /// Which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// A refund was not taken by the bank, or came back from it. Once for each time that the refund fails.
    RefundFailed {
        /// Which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// A bank keeps money until it has decided.
    ChargebackOpened {
        /// Which.
        chargeback_id: ChargebackId,
        /// How much.
        cents: AudCents,
    },
    /// It decided for the practice.
    ChargebackWon {
        /// Which.
        chargeback_id: ChargebackId,
    },
    /// It decided for the cardholder.
    ChargebackLost {
        /// Which.
        chargeback_id: ChargebackId,
    },
    /// A fee for cancelling late or not coming is owed.
    FeeOwed {
        /// Which of the two.
        purpose: IntentPurpose,
        /// How much.
        cents: AudCents,
        /// From when on it is taken.
        due_at: Timestamp,
    },
    /// The fee is not owed. What was taken of it is refunded besides.
    FeeWaived,
    /// What was taken already counts as the fee, as far as it goes.
    FeeKept,
    /// The practice asks for a higher price.
    Asked {
        /// The whole price.
        cents: AudCents,
    },
    /// The patient agrees to it.
    Agreed {
        /// The whole price, as it was on the screen.
        cents: AudCents,
    },
    /// The appointment is at another time.
    Moved {
        /// Its start.
        start: Timestamp,
    },
    /// The visit is over.
    Completed,
    /// Medicare pays all of it from now on. What was paid has to be back.
    BulkBilled,
}

impl Change {
    /// Its name in the access log.
    pub fn action(&self) -> &'static str {
        match self {
            Self::PageOpened => "open_payment_page",
            Self::CardSaved => "save_card",
            Self::Held { .. } => "hold_payment",
            Self::Taken { .. } => "take_payment",
            Self::HoldExpired { .. } => "expire_payment_hold",
            Self::Failed { .. } => "fail_payment",
            Self::LetGo => "void_payment",
            Self::RefundBegun { .. } => "begin_refund",
            Self::RefundDone { .. } => "finish_refund",
            Self::RefundFailed { .. } => "fail_refund",
            Self::ChargebackOpened { .. } => "open_chargeback",
            Self::ChargebackWon { .. } => "win_chargeback",
            Self::ChargebackLost { .. } => "lose_chargeback",
            Self::FeeOwed { .. } => "owe_fee",
            Self::FeeWaived => "waive_fee",
            Self::FeeKept => "keep_fee",
            Self::Asked { .. } => "ask_for_charge",
            Self::Agreed { .. } => "agree_to_charge",
            Self::Moved { .. } => "move_payment",
            Self::Completed => "complete_payment",
            Self::BulkBilled => "move_to_bulk_billing",
        }
    }
}

/// What a change goes by beyond the payment itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The time.
    pub now: Timestamp,
    /// A refund that fails had gone back before, as the ledger says.
    pub refund_is_booked: bool,
    /// When the bank lets go what it holds, where it said so.
    pub hold_expires_at: Option<Timestamp>,
}

/// Money that moved with a change, to be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Money {
    /// It was taken.
    Captured {
        /// By which try.
        intent_id: IntentId,
        /// How much.
        cents: AudCents,
        /// The processor's name for the charge.
        processor_charge: String,
    },
    /// It has gone back.
    Refunded {
        /// With which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// It came back from a refund.
    RefundReturned {
        /// From which.
        refund_id: RefundId,
    },
    /// A bank keeps it.
    ChargebackOpened {
        /// Because of which.
        chargeback_id: ChargebackId,
        /// How much.
        cents: AudCents,
    },
    /// The bank gave it back.
    ChargebackWon {
        /// Because of which.
        chargeback_id: ChargebackId,
    },
    /// The cardholder keeps it.
    ChargebackLost {
        /// Because of which.
        chargeback_id: ChargebackId,
    },
}

/// A change that does not lead on from where the payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action} does not lead on from a payment that is {}", .from.code())]
pub struct TransitionError {
    /// Where it stood.
    pub from: PaymentStatus,
    /// What was to happen.
    pub action: &'static str,
}

/// A payment after a change, and the money that moved with it. `None` where it has no place.
type Next = Option<(Payment, Option<Money>)>;

impl Payment {
    /// The payment after a change, and what of it has to be booked. A change that has no effect gives the same payment.
    ///
    /// # Errors
    /// When the change does not lead on from where the payment stands.
    pub fn take(self, change: &Change, facts: &Facts) -> Result<(Self, Option<Money>), TransitionError> {
        let before = self.clone();
        let refused = TransitionError { from: self.status, action: change.action() };
        let (mut after, money) = self.changed(change, facts).ok_or(refused)?;
        let leads_on = after.status == before.status || before.status.next().contains(&after.status);
        if !leads_on {
            return Err(refused);
        }
        if after.is_planned_anew_since(&before) {
            after.due = after.planned(facts.now);
        }
        Ok((after, money))
    }

    fn changed(self, change: &Change, facts: &Facts) -> Next {
        let now = facts.now;
        match *change {
            Change::PageOpened => self.page_opened(),
            Change::CardSaved => self.card_saved(),
            Change::Held { cents } => self.held(cents, facts),
            Change::Taken { intent_id, cents, ref processor_charge } => {
                let processor_charge = processor_charge.clone();
                self.taken(cents, Money::Captured { intent_id, cents, processor_charge })
            }
            Change::HoldExpired { now } => self.hold_expired(now),
            Change::Failed { failure } => self.failed(failure, now),
            Change::LetGo => self.let_go(now),
            Change::RefundBegun { cents } => self.refund_begun(cents),
            Change::RefundDone { refund_id, cents } => self.refund_done(refund_id, cents),
            Change::RefundFailed { refund_id, cents } => {
                self.refund_failed(refund_id, cents, facts.refund_is_booked)
            }
            Change::ChargebackOpened { chargeback_id, cents } => self.disputed(chargeback_id, cents),
            Change::ChargebackWon { chargeback_id } => {
                self.decided(Won, Money::ChargebackWon { chargeback_id })
            }
            Change::ChargebackLost { chargeback_id } => {
                self.decided(Lost, Money::ChargebackLost { chargeback_id })
            }
            Change::FeeOwed { purpose, cents, due_at } => self.fee_owed(purpose, cents, due_at),
            Change::FeeWaived => self.fee_waived(now),
            Change::FeeKept => self.fee_kept(),
            Change::Asked { cents } => self.asked(cents),
            Change::Agreed { cents } => self.agreed(cents),
            Change::Moved { start } => self.moved(start, facts),
            Change::Completed => self.completed(now),
            Change::BulkBilled => self.moved_to_bulk_billing(),
        }
    }

    /// Whether what is due follows from something else now. Otherwise it stays, or what is under way would be begun again.
    fn is_planned_anew_since(&self, before: &Self) -> bool {
        let due_is_new = self.due.is_some() && self.due != before.due;
        let by = |it: &Self| {
            (it.status, it.starts_at, it.completed_at, it.fee_owed_cents, it.fee_due_at, it.repair_until)
        };
        !due_is_new && by(self) != by(before)
    }

    fn only(self) -> Next {
        Some((self, None))
    }

    /// After something worked: nothing is left to repair.
    fn mended(self, status: PaymentStatus) -> Self {
        Self { status, failure: None, repair_until: None, ..self }
    }

    /// The repair window stays open while the patient tries another card.
    fn page_opened(self) -> Next {
        match self.status {
            Failed | AuthExpired => Self { status: Awaiting, ..self }.only(),
            Awaiting | CardSaved | Authorised | Captured | PartRefunded | Won => self.only(),
            NotRequired | Refunded | Voided | Disputed | Lost => None,
        }
    }

    fn card_saved(self) -> Next {
        match self.status {
            Awaiting | Failed | AuthExpired => self.mended(CardSaved).only(),
            // It says nothing new of what has come further, or of what is over.
            CardSaved | Authorised | Captured | PartRefunded | Refunded | Voided | Disputed | Won | Lost
            | NotRequired => self.only(),
        }
    }

    /// A hold without the patient lives shorter than one with them. One that would not outlive the visit is let go, and made again from
    /// the card when its time comes.
    fn held(self, cents: AudCents, facts: &Facts) -> Next {
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
    fn taken(self, cents: AudCents, money: Money) -> Next {
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

    fn hold_expired(self, now: Timestamp) -> Next {
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
    fn failed(self, failure: PaymentFailure, now: Timestamp) -> Next {
        match self.status {
            Awaiting | CardSaved | Authorised | Failed => Self {
                status: Failed,
                held_cents: AudCents::ZERO,
                failure: Some(failure),
                repair_until: Some(self.repair_until.unwrap_or(self.repairable_until(now))),
                ..self
            }
            .only(),
            AuthExpired | Captured | PartRefunded | Won => Self { failure: Some(failure), ..self }.only(),
            NotRequired | Refunded | Voided | Disputed | Lost => self.only(),
        }
    }

    /// Before the start the window ends with it; after the visit there is a whole one.
    fn repairable_until(&self, now: Timestamp) -> Timestamp {
        let whole = now + SignedDuration::from_hours(rules::REPAIR_HOURS);
        match self.starts_at {
            Some(start) if now < start => rules::repair_until(now, start),
            Some(_) | None => whole,
        }
    }

    fn let_go(self, now: Timestamp) -> Next {
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

    fn refund_begun(self, cents: AudCents) -> Next {
        let is_there = AudCents::ZERO < cents && cents <= self.kept_cents();
        match self.status {
            Captured | PartRefunded | Won if is_there => {
                let refunding_cents = self.refunding_cents.checked_add(cents)?;
                Self { refunding_cents, ..self }.only()
            }
            // A bank that disputes has the money already.
            Captured | PartRefunded | Won | NotRequired | Awaiting | CardSaved | Authorised | Refunded
            | Failed | AuthExpired | Voided | Disputed | Lost => None,
        }
    }

    /// One that the processor began without us was never on its way here.
    fn refund_done(self, refund_id: RefundId, cents: AudCents) -> Next {
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

    fn refund_failed(self, refund_id: RefundId, cents: AudCents, is_booked: bool) -> Next {
        if cents <= AudCents::ZERO {
            return None;
        }
        if !is_booked {
            let refunding_cents = self.refunding_cents.checked_sub(cents)?;
            let possible = refunding_cents >= AudCents::ZERO;
            return possible.then_some((Self { refunding_cents, ..self }, None));
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

    fn disputed(self, chargeback_id: ChargebackId, cents: AudCents) -> Next {
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

    fn decided(self, how: PaymentStatus, money: Money) -> Next {
        match self.status {
            Disputed => Some((Self { status: how, ..self }, Some(money))),
            // Two charges of one payment were disputed. One loss stays, and what has gone on since goes on.
            Won => Some((Self { status: how, ..self }, Some(money))),
            Lost | Captured | PartRefunded | Refunded => Some((self, Some(money))),
            NotRequired | Awaiting | CardSaved | Authorised | Failed | AuthExpired | Voided => None,
        }
    }

    /// Owed once for a booking, never more than may be charged, and never where Medicare pays.
    fn fee_owed(self, purpose: IntentPurpose, cents: AudCents, due_at: Timestamp) -> Next {
        match purpose {
            IntentPurpose::LateFee | IntentPurpose::NoShowFee => {}
            IntentPurpose::Visit | IntentPurpose::Balance => return None,
        }
        let owed = rules::fee_owed(cents, self.patient_charge_cents, self.is_bulk_billed());
        let is_known = self.fee_owed_cents > AudCents::ZERO || self.fee_cents > AudCents::ZERO;
        match self.status {
            CardSaved | Authorised | Captured | PartRefunded | Failed | AuthExpired | Won => {}
            NotRequired | Awaiting | Refunded | Voided | Disputed | Lost => return None,
        }
        if owed == AudCents::ZERO || is_known {
            return self.only();
        }
        let due_at = Some(due_at);
        Self { fee_kind: Some(purpose), fee_owed_cents: owed, fee_due_at: due_at, ..self }.only()
    }

    /// Without the fee nothing is left to collect of an appointment that does not stand.
    fn fee_waived(self, now: Timestamp) -> Next {
        let was_owed = self.fee_owed_cents > AudCents::ZERO;
        let after =
            Self { fee_owed_cents: AudCents::ZERO, fee_cents: AudCents::ZERO, fee_due_at: None, ..self };
        match after.status {
            CardSaved | Authorised | Failed | AuthExpired if was_owed => after.let_go(now),
            NotRequired | Awaiting | CardSaved | Authorised | Captured | PartRefunded | Refunded | Failed
            | AuthExpired | Voided | Disputed | Won | Lost => after.only(),
        }
    }

    fn fee_kept(self) -> Next {
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

    fn asked(self, cents: AudCents) -> Next {
        if self.is_bulk_billed() || cents <= self.chargeable_cents() {
            return None;
        }
        match self.status {
            CardSaved | Authorised | Captured | PartRefunded | Won => {
                Self { asked_cents: Some(cents), ..self }.only()
            }
            NotRequired | Awaiting | Refunded | Failed | AuthExpired | Voided | Disputed | Lost => None,
        }
    }

    fn agreed(self, cents: AudCents) -> Next {
        if self.agreed_cents == Some(cents) {
            return self.only();
        }
        let was_asked = self.asked_cents == Some(cents);
        was_asked.then_some((Self { agreed_cents: Some(cents), asked_cents: None, ..self }, None))
    }

    /// Money that would be let go before the new visit is over is let go now, and held again from the card when its time comes.
    fn moved(self, start: Timestamp, facts: &Facts) -> Next {
        if self.starts_at == Some(start) {
            return self.only();
        }
        let lives_until = facts.hold_expires_at.unwrap_or(facts.now + HOLD_LIVES);
        let after = Self { starts_at: Some(start), ..self };
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

    fn completed(self, now: Timestamp) -> Next {
        match self.status {
            Awaiting | CardSaved | Authorised | Failed | AuthExpired => {
                Self { completed_at: self.completed_at.or(Some(now)), ..self }.only()
            }
            NotRequired | Captured | PartRefunded | Refunded | Voided | Disputed | Won | Lost => self.only(),
        }
    }

    /// Health Insurance Act 1973 s 20A (C-52): no charge of any kind is left, not even a planned one.
    fn moved_to_bulk_billing(self) -> Next {
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
            platform_fee: super::PlatformFee::default(),
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
