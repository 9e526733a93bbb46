//! The life of an appointment: which step leads from where to where, and from when on. Every step consumes where it stood and
//! says where it stands, or why not. The database has the same states in a check constraint, and whoever stores a step insists
//! that nobody took another one meanwhile.

mod acts;
mod arriving;
mod settling;
mod step;
#[cfg(test)]
mod table;

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{
        AppointmentStatus::{
            self, Arrived, AwaitingPayment, CancelledByAdmin, CancelledByPatient, CancelledByProvider,
            CancelledLate, CheckedIn, Completed, Confirmed, Declined, EnteredInError, Expired, InConsult,
            NoShowPatient, NoShowProvider, Requested, Rescheduled,
        },
        CancellationPolicy, Cancelling,
        practice::{
            ABSENCE_MINUTES, ARRIVAL_MINUTES, NO_SHOW_MINUTES, REPLY_BEFORE_START_HOURS, REPLY_HOURS,
            UNMARKED_MINUTES,
        },
    },
};

pub use self::step::{Step, TransitionError, Why};
use super::cancelling_at;

/// After how long a visit that nobody marked counts as having taken place.
pub const UNMARKED: SignedDuration = SignedDuration::from_hours(14);

/// Where an appointment stands, with what its next steps go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub status: AppointmentStatus,
    pub start: Timestamp,
    /// As it was agreed at hold.
    pub policy: CancellationPolicy,
    /// What is pending for cancelling late or not coming.
    pub late_fee_cents: AudCents,
    /// Until when a request can be answered.
    pub reply_by: Option<Timestamp>,
    /// When the patient said that they will come.
    pub attendance_confirmed_at: Option<Timestamp>,
    /// When it was over.
    pub completed_at: Option<Timestamp>,
    /// That it was over is only presumed, since nobody marked it.
    pub presumed: bool,
    /// What was agreed for not coming.
    pub no_show_fee_cents: AudCents,
    /// Medicare has a claim for it.
    pub claim_lodged: bool,
}

/// What a step comes to.
type Taken = Result<Standing, TransitionError>;

impl Standing {
    /// The step of its payment is done: it stands, or the practice is asked now.
    pub fn pay(self, asks_first: bool, now: Timestamp) -> Taken {
        match self.status {
            AwaitingPayment if asks_first => {
                Ok(Self { reply_by: Some(reply_by(now, self.start)), ..self.at(Requested) })
            }
            AwaitingPayment => Ok(self.at(Confirmed)),
            Requested | Confirmed | Arrived | CheckedIn | InConsult | Completed | Rescheduled | Declined
            | Expired | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin
            | NoShowPatient | NoShowProvider | EnteredInError => self.refuse(Step::Pay, Why::State),
        }
    }

    /// Nobody paid in time. Whoever calls this knows that the time is over.
    pub fn give_up(self, _: Timestamp) -> Taken {
        match self.status {
            AwaitingPayment => Ok(self.at(Expired)),
            Requested | Confirmed | Arrived | CheckedIn | InConsult | Completed | Rescheduled | Declined
            | Expired | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin
            | NoShowPatient | NoShowProvider | EnteredInError => self.refuse(Step::GiveUp, Why::State),
        }
    }

    /// Its card was not charged, and no other one was given in time: it is cancelled without charge. A visit under way goes on,
    /// and is paid at the practice.
    pub fn lapse(self, _: Timestamp) -> Taken {
        match self.status {
            Requested | Confirmed => Ok(self.at(CancelledByAdmin)),
            AwaitingPayment | Arrived | CheckedIn | InConsult | Completed | Rescheduled | Declined
            | Expired | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin
            | NoShowPatient | NoShowProvider | EnteredInError => self.refuse(Step::Lapse, Why::State),
        }
    }

    /// The practice takes a request, in time.
    pub fn accept(self, now: Timestamp) -> Taken {
        match self.status {
            Requested if self.reply_by.is_some_and(|until| now >= until) => {
                self.refuse(Step::Accept, Why::TooLate)
            }
            Requested => Ok(self.at(Confirmed)),
            AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Accept, Why::State)
            }
        }
    }

    /// The practice does not take a request.
    pub fn decline(self) -> Taken {
        match self.status {
            Requested => Ok(self.at(Declined)),
            AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Decline, Why::State)
            }
        }
    }

    /// The practice has not answered a request.
    pub fn expire(self, now: Timestamp) -> Taken {
        match (self.status, self.reply_by) {
            (Requested, Some(until)) if now < until => self.refuse(Step::Expire, Why::TooEarly(until)),
            (Requested, _) => Ok(self.at(Expired)),
            (
                AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Completed | Rescheduled
                | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
                | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError,
                _,
            ) => self.refuse(Step::Expire, Why::State),
        }
    }

    /// What cancelling by the patient would mean.
    pub fn cancelling(self, now: Timestamp) -> Cancelling {
        cancelling_at(self.status, self.policy, self.start, now)
    }

    /// The patient withdraws a request or cancels, by what was agreed.
    pub fn cancel_by_patient(self, now: Timestamp) -> Taken {
        match self.cancelling(now) {
            Cancelling::WithoutCharge => Ok(self.at(CancelledByPatient)),
            Cancelling::LateFee { fee_cents } => {
                Ok(Self { late_fee_cents: fee_cents, ..self.at(CancelledLate) })
            }
            Cancelling::NotPossible => {
                let stands = matches!(self.status, Requested | AwaitingPayment | Confirmed);
                self.refuse(Step::CancelByPatient, if stands { Why::TooLate } else { Why::State })
            }
        }
    }

    /// The practice cancels: the patient owes nothing.
    pub fn cancel_by_provider(self) -> Taken {
        match self.status {
            AwaitingPayment | Confirmed | Arrived | CheckedIn => Ok(self.at(CancelledByProvider)),
            Requested | InConsult | Completed | Rescheduled | Declined | Expired | CancelledByPatient
            | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient | NoShowProvider
            | EnteredInError => self.refuse(Step::CancelByProvider, Why::State),
        }
    }

    /// The platform cancels what is to come, because whoever was booked is not listed any more: the patient owes nothing.
    pub fn cancel_by_admin(self) -> Taken {
        match self.status {
            Requested | AwaitingPayment | Confirmed => Ok(self.at(CancelledByAdmin)),
            Arrived | CheckedIn | InConsult | Completed | Rescheduled | Declined | Expired
            | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient
            | NoShowProvider | EnteredInError => self.refuse(Step::CancelByAdmin, Why::State),
        }
    }

    /// The patient says that they will come.
    pub fn confirm_attendance(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed if now >= self.start => self.refuse(Step::ConfirmAttendance, Why::TooLate),
            Confirmed => Ok(Self { attendance_confirmed_at: Some(now), ..self }),
            Requested | AwaitingPayment | Arrived | CheckedIn | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::ConfirmAttendance, Why::State)
            }
        }
    }

    /// The patient moves it: a later link takes its place.
    pub fn move_by_patient(self, now: Timestamp) -> Taken {
        match self.status {
            AwaitingPayment | Confirmed if now >= self.start => self.refuse(Step::Reschedule, Why::TooLate),
            AwaitingPayment | Confirmed => Ok(self.at(Rescheduled)),
            Requested | Arrived | CheckedIn | InConsult | Completed | Rescheduled | Declined | Expired
            | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient
            | NoShowProvider | EnteredInError => self.refuse(Step::Reschedule, Why::State),
        }
    }

    /// The practice moves it or changes its length, as long as it is not over: a later link takes its place and stands where
    /// it stood.
    pub fn reschedule(self) -> Taken {
        match self.status {
            AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult => Ok(self.at(Rescheduled)),
            Requested | Completed | Rescheduled | Declined | Expired | CancelledByPatient | CancelledLate
            | CancelledByProvider | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Reschedule, Why::State)
            }
        }
    }

    /// The patient is there, an hour before the start at the earliest.
    pub fn arrive(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed => self.not_before(Step::Arrive, -ARRIVAL_MINUTES, now)?.to(Arrived),
            Requested | AwaitingPayment | Arrived | CheckedIn | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Arrive, Why::State)
            }
        }
    }

    /// The patient is not there after all: they are expected as before, and what they said of coming stays.
    pub fn undo_arrival(self) -> Taken {
        match self.status {
            Arrived => Ok(self.at(Confirmed)),
            Requested | AwaitingPayment | Confirmed | CheckedIn | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::UndoArrival, Why::State)
            }
        }
    }

    /// The desk has the patient's details, an hour before the start at the earliest.
    pub fn check_in(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed | Arrived => self.not_before(Step::CheckIn, -ARRIVAL_MINUTES, now)?.to(CheckedIn),
            Requested | AwaitingPayment | CheckedIn | InConsult | Completed | Rescheduled | Declined
            | Expired | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin
            | NoShowPatient | NoShowProvider | EnteredInError => self.refuse(Step::CheckIn, Why::State),
        }
    }

    /// The desk does not have their details after all. Whoever is not even there, [`Self::undo_arrival`] takes back next.
    pub fn undo_check_in(self) -> Taken {
        match self.status {
            CheckedIn => Ok(self.at(Arrived)),
            Requested | AwaitingPayment | Confirmed | Arrived | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::UndoCheckIn, Why::State)
            }
        }
    }

    /// The visit begins.
    pub fn begin(self) -> Taken {
        match self.status {
            CheckedIn => Ok(self.at(InConsult)),
            Requested | AwaitingPayment | Confirmed | Arrived | InConsult | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Start, Why::State)
            }
        }
    }

    /// The visit is over.
    pub fn complete(self, now: Timestamp) -> Taken {
        match self.status {
            InConsult => Ok(Self { completed_at: Some(now), ..self.at(Completed) }),
            Requested | AwaitingPayment | Confirmed | Arrived | CheckedIn | Completed | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::Complete, Why::State)
            }
        }
    }

    /// The visit took place, as somebody says hours after its start who did not mark its steps.
    pub fn took_place(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed | Arrived | CheckedIn => {
                let over = self.not_before(Step::TookPlace, UNMARKED_MINUTES, now)?;
                Ok(Self { completed_at: Some(now), ..over.at(Completed) })
            }
            Requested | AwaitingPayment | InConsult | Completed | Rescheduled | Declined | Expired
            | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient
            | NoShowProvider | EnteredInError => self.refuse(Step::TookPlace, Why::State),
        }
    }

    /// Nobody marked the visit until long after its start: it counts as having taken place.
    pub fn complete_unmarked(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed | Arrived | CheckedIn | InConsult => {
                let over = self.not_before(Step::CompleteUnmarked, UNMARKED.as_mins(), now)?;
                Ok(Self { completed_at: Some(now), presumed: true, ..over.at(Completed) })
            }
            Requested | AwaitingPayment | Completed | Rescheduled | Declined | Expired
            | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient
            | NoShowProvider | EnteredInError => self.refuse(Step::CompleteUnmarked, Why::State),
        }
    }

    /// The visit is not over after all, for a day, unless it is claimed from Medicare. It moves no money by itself.
    pub fn undo_completion(self, now: Timestamp) -> Taken {
        match self.status {
            Completed if !self.may_take_back(now) => self.refuse(Step::UndoCompletion, Why::TooLate),
            Completed => Ok(self.not_over(CheckedIn)),
            Requested | AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Rescheduled
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider | EnteredInError => {
                self.refuse(Step::UndoCompletion, Why::State)
            }
        }
    }

    /// The patient did not come, as somebody says who was there. What was agreed for cancelling late is pending. Of a visit that
    /// is only presumed to have taken place it can be said as long as that can be taken back.
    pub fn no_show(self, attested: bool, now: Timestamp) -> Taken {
        match self.status {
            Completed if self.presumed && !self.may_take_back(now) => self.refuse(Step::NoShow, Why::TooLate),
            Completed if self.presumed && attested => Ok(self.not_come()),
            Completed if self.presumed => self.refuse(Step::NoShow, Why::NotAttested),
            Confirmed | Arrived => {
                let waited = self.not_before(Step::NoShow, NO_SHOW_MINUTES, now)?;
                if !attested {
                    return self.refuse(Step::NoShow, Why::NotAttested);
                }
                Ok(waited.not_come())
            }
            Requested | AwaitingPayment | CheckedIn | InConsult | Completed | Rescheduled | Declined
            | Expired | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin
            | NoShowPatient | NoShowProvider | EnteredInError => self.refuse(Step::NoShow, Why::State),
        }
    }

    /// The practitioner did not come.
    pub fn practitioner_absent(self, now: Timestamp) -> Taken {
        match self.status {
            Confirmed | Arrived | CheckedIn => {
                self.not_before(Step::PractitionerAbsent, ABSENCE_MINUTES, now)?.to(NoShowProvider)
            }
            Requested | AwaitingPayment | InConsult | Completed | Rescheduled | Declined | Expired
            | CancelledByPatient | CancelledLate | CancelledByProvider | CancelledByAdmin | NoShowPatient
            | NoShowProvider | EnteredInError => self.refuse(Step::PractitionerAbsent, Why::State),
        }
    }

    /// It never was a real appointment. Nothing is owed for it, and nothing of it is deleted.
    pub fn enter_in_error(self) -> Taken {
        match self.status {
            Requested | AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult | Completed
            | Declined | Expired | CancelledByPatient | CancelledLate | CancelledByProvider
            | CancelledByAdmin | NoShowPatient | NoShowProvider => {
                Ok(Self { late_fee_cents: AudCents::ZERO, presumed: false, ..self.at(EnteredInError) })
            }
            Rescheduled | EnteredInError => self.refuse(Step::EnterInError, Why::State),
        }
    }

    fn at(self, status: AppointmentStatus) -> Self {
        Self { status, ..self }
    }

    fn to(self, status: AppointmentStatus) -> Taken {
        Ok(self.at(status))
    }

    /// The same, so many minutes after the start and later.
    fn not_before(self, step: Step, minutes: i64, now: Timestamp) -> Taken {
        let from = after(self.start, minutes);
        if now < from { self.refuse(step, Why::TooEarly(from)) } else { Ok(self) }
    }

    fn refuse(self, step: Step, why: Why) -> Taken {
        Err(TransitionError { from: self.status, step, why })
    }
}

/// Until when a practice can answer a request that is made now: a day, and two hours before the start at the latest.
pub fn reply_by(now: Timestamp, start: Timestamp) -> Timestamp {
    after(now, REPLY_HOURS * 60).min(after(start, -REPLY_BEFORE_START_HOURS * 60)).max(now)
}

fn after(instant: Timestamp, minutes: i64) -> Timestamp {
    instant.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(instant)
}
