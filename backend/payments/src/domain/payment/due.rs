//! What is done next without anybody asking. It follows from where a payment stands; nobody plans it by hand.

use jiff::Timestamp;
use shared_types::{
    AudCents,
    payments::{PaymentStatus, rules::authorise_at},
};

use super::Payment;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Hold the money on the saved card.
    Authorise,
    /// Take what is held, or charge the saved card: the visit is over.
    Capture,
    /// Take the fee for cancelling late or not coming.
    ChargeFee,
    /// The repair window is over: the appointment is cancelled free of charge.
    GiveUp,
    /// Close the processor's page and let held money go.
    Void,
}

impl Due {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 5] = [Self::Authorise, Self::Capture, Self::ChargeFee, Self::GiveUp, Self::Void];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::Capture => "capture",
            Self::ChargeFee => "charge_fee",
            Self::GiveUp => "give_up",
            Self::Void => "void",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

impl Payment {
    /// The same once what was due is under way. A card that is still needed after its held money was let go, or a page was closed, is
    /// planned for anew.
    pub fn acted(self, now: Timestamp) -> Self {
        let next = match (self.due, self.status) {
            (
                Some((Due::Void, _)),
                PaymentStatus::CardSaved
                | PaymentStatus::Captured
                | PaymentStatus::PartRefunded
                | PaymentStatus::Won,
            ) => self.planned(now),
            _ => None,
        };
        Self { due: next, ..self }
    }

    /// What follows from where it stands.
    pub(super) fn planned(&self, now: Timestamp) -> Option<(Due, Timestamp)> {
        let fee = || {
            (self.fee_owed_cents > AudCents::ZERO)
                .then(|| (Due::ChargeFee, self.fee_due_at.unwrap_or(now).max(now)))
        };
        let take = |at: Option<(Due, Timestamp)>| match self.completed_at {
            Some(_) => Some((Due::Capture, now)),
            None => at,
        };
        match self.status {
            PaymentStatus::Awaiting => self.gives_up(now),
            PaymentStatus::CardSaved => fee()
                .or_else(|| take(self.starts_at.map(|start| (Due::Authorise, authorise_at(start).max(now))))),
            PaymentStatus::Authorised => fee().or_else(|| take(None)),
            PaymentStatus::Failed | PaymentStatus::AuthExpired => self.gives_up(now),
            // A card said no to the rest of a fee or of a price: its patient gives another one, or settles it with the practice.
            PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won
                if self.repair_until.is_some() =>
            {
                None
            }
            PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => fee(),
            PaymentStatus::NotRequired
            | PaymentStatus::Refunded
            | PaymentStatus::Voided
            | PaymentStatus::Disputed
            | PaymentStatus::Lost => None,
        }
    }

    /// The end of the repair window, while there is an appointment to give up: not once it was over or was cancelled for a fee.
    fn gives_up(&self, now: Timestamp) -> Option<(Due, Timestamp)> {
        let stands = self.completed_at.is_none() && self.fee_owed_cents == AudCents::ZERO;
        let before_start = self.starts_at.is_none_or(|start| now < start);
        self.repair_until.filter(|_| stands && before_start).map(|until| (Due::GiveUp, until.max(now)))
    }
}
