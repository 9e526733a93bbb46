//! What a dispute makes of an appointment, and how that a visit took place is taken back.

use jiff::Timestamp;
use shared_types::{
    AudCents,
    bookings::{
        AppointmentStatus::{
            self, Arrived, AwaitingPayment, CancelledByAdmin, CancelledByPatient, CancelledByProvider,
            CancelledLate, CheckedIn, Completed, Confirmed, Declined, EnteredInError, Expired, InConsult,
            NoShowPatient, NoShowProvider, Requested, Rescheduled,
        },
        dispute::Instead,
        practice::UNDO_HOURS,
    },
};

use super::{Standing, Step, Taken, Why, after};

impl Standing {
    /// A dispute about what is noted is decided: it stays noted, and upheld nothing is owed for it. A visit that nobody marked
    /// stands as what happened `instead`, or took place and is presumed no more.
    pub fn settle_dispute(self, upheld: bool, instead: Option<Instead>) -> Taken {
        let step = if upheld { Step::UpholdDispute } else { Step::RejectDispute };
        let owed = if upheld { AudCents::ZERO } else { self.late_fee_cents };
        match self.status {
            CancelledLate | NoShowPatient | NoShowProvider => Ok(Self { late_fee_cents: owed, ..self }),
            Completed => match instead {
                Some(Instead::NobodyThere) if upheld => Ok(self.not_over(NoShowProvider)),
                Some(Instead::CalledOff) if upheld => Ok(self.not_over(CancelledByProvider)),
                Some(Instead::DidNotGo) if upheld => Ok(self.not_come()),
                Some(Instead::NobodyThere | Instead::CalledOff | Instead::DidNotGo) => {
                    Ok(Self { presumed: false, ..self })
                }
                None => self.refuse(step, Why::State),
            },
            Requested | AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledByProvider | CancelledByAdmin
            | EnteredInError => self.refuse(step, Why::State),
        }
    }

    /// Whether that it is over can be taken back: for a day, unless Medicare has a claim for it.
    pub(super) fn may_take_back(self, now: Timestamp) -> bool {
        let until = self.completed_at.map(|at| after(at, UNDO_HOURS * 60));
        !self.claim_lodged && until.is_some_and(|until| now < until)
    }

    /// It was not over, and stands elsewhere.
    pub(super) fn not_over(self, status: AppointmentStatus) -> Self {
        Self { completed_at: None, presumed: false, ..self.at(status) }
    }

    /// The patient did not come.
    pub(super) fn not_come(self) -> Self {
        Self { late_fee_cents: self.no_show_fee_cents, ..self.not_over(NoShowPatient) }
    }
}
