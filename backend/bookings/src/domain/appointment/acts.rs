//! What a practice's staff can do with an appointment, as steps of its life.

use jiff::Timestamp;
use shared_types::{
    AudCents,
    bookings::{
        AppointmentStatus::CancelledByPatient,
        practice::{ActName, PracticeAct},
    },
};

use super::{Standing, Step, TransitionError};

impl Standing {
    /// Where it stands after the act, and by which step.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn act(self, act: PracticeAct, now: Timestamp) -> Result<(Self, Step), TransitionError> {
        Ok(match act {
            PracticeAct::Accept => (self.accept(now)?, Step::Accept),
            PracticeAct::Decline { .. } => (self.decline()?, Step::Decline),
            PracticeAct::Cancel { .. } => (self.cancel_by_provider()?, Step::CancelByProvider),
            PracticeAct::CancelForPatient { waive_fee } => {
                let cancelled = self.cancel_by_patient(now)?;
                let let_off =
                    Self { late_fee_cents: AudCents::ZERO, status: CancelledByPatient, ..cancelled };
                (if waive_fee { let_off } else { cancelled }, Step::CancelByPatient)
            }
            PracticeAct::Arrive => (self.arrive(now)?, Step::Arrive),
            PracticeAct::UndoArrival => (self.undo_arrival()?, Step::UndoArrival),
            PracticeAct::CheckIn => (self.check_in(now)?, Step::CheckIn),
            PracticeAct::UndoCheckIn => (self.undo_check_in()?, Step::UndoCheckIn),
            PracticeAct::Start => (self.begin()?, Step::Start),
            PracticeAct::Complete => (self.complete(now)?, Step::Complete),
            PracticeAct::TookPlace => (self.took_place(now)?, Step::TookPlace),
            PracticeAct::UndoCompletion { .. } => (self.undo_completion(now)?, Step::UndoCompletion),
            PracticeAct::NoShow { attested } => (self.no_show(attested, now)?, Step::NoShow),
            PracticeAct::PractitionerAbsent => (self.practitioner_absent(now)?, Step::PractitionerAbsent),
            PracticeAct::EnterInError { .. } => (self.enter_in_error()?, Step::EnterInError),
        })
    }

    /// Whether the act can be done now, its questions answered.
    pub fn allows(self, act: ActName, now: Timestamp) -> bool {
        let step = match act {
            ActName::Accept => self.accept(now),
            ActName::Decline => self.decline(),
            ActName::Cancel => self.cancel_by_provider(),
            ActName::CancelForPatient => self.cancel_by_patient(now),
            ActName::Arrive => self.arrive(now),
            ActName::UndoArrival => self.undo_arrival(),
            ActName::CheckIn => self.check_in(now),
            ActName::UndoCheckIn => self.undo_check_in(),
            ActName::Start => self.begin(),
            ActName::Complete => self.complete(now),
            ActName::TookPlace => self.took_place(now),
            ActName::UndoCompletion => self.undo_completion(now),
            ActName::NoShow => self.no_show(true, now),
            ActName::PractitionerAbsent => self.practitioner_absent(now),
            ActName::EnterInError => self.enter_in_error(),
        };
        step.is_ok()
    }
}
