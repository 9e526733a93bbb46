//! Who may dispute what was noted of an appointment and until when, and what is owed of its fee.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{
        AppointmentStatus,
        dispute::{ANSWER_HOURS, DISPUTE_DAYS, DisputeParty, FeeStanding, LateFee},
        practice::ActName,
    },
};

/// How an appointment came to stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// When it was noted.
    pub at: Timestamp,
    /// Whether the patient said it.
    pub by_patient: bool,
    /// Whether nobody said it, and it is presumed.
    pub presumed: bool,
}

/// Who may dispute it and until when; nobody where there is nothing to dispute. What a practice says of itself it does not
/// dispute.
pub fn disputable(status: AppointmentStatus, noted: Noted) -> Option<(DisputeParty, Timestamp)> {
    let until = |hours| noted.at.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(noted.at);
    match status {
        AppointmentStatus::NoShowPatient | AppointmentStatus::CancelledLate => {
            Some((DisputeParty::Patient, until(DISPUTE_DAYS * 24)))
        }
        AppointmentStatus::Completed if noted.presumed => {
            Some((DisputeParty::Patient, until(DISPUTE_DAYS * 24)))
        }
        AppointmentStatus::NoShowProvider if noted.by_patient => {
            Some((DisputeParty::Practice, until(ANSWER_HOURS)))
        }
        AppointmentStatus::NoShowProvider
        | AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => None,
    }
}

/// Until when a patient can say that a visit did not take place which counts as having done so since then.
pub fn dispute_by(presumed_at: Timestamp) -> Timestamp {
    presumed_at.saturating_add(SignedDuration::from_hours(DISPUTE_DAYS * 24)).unwrap_or(presumed_at)
}

/// Whether what somebody wants to do with an appointment would decide a dispute about it: then it is answered instead.
pub fn decides_dispute(act: ActName, status: AppointmentStatus) -> bool {
    match act {
        ActName::UndoCompletion | ActName::EnterInError => true,
        ActName::NoShow => status == AppointmentStatus::Completed,
        ActName::Accept
        | ActName::Decline
        | ActName::Cancel
        | ActName::CancelForPatient
        | ActName::Arrive
        | ActName::UndoArrival
        | ActName::CheckIn
        | ActName::UndoCheckIn
        | ActName::Start
        | ActName::Complete
        | ActName::TookPlace
        | ActName::PractitionerAbsent => false,
    }
}

/// What stands against saying that an appointment never was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnError {
    /// What was noted of it is disputed, and nobody has decided.
    Disputed,
    /// The patient noted that nobody was there.
    SaidByPatient,
}

/// Whether a practice may say that an appointment never was one: not while what was noted of it is disputed, and not against a
/// patient who noted that nobody was there.
///
/// # Errors
/// What stands against it.
pub fn may_be_error(
    status: AppointmentStatus,
    disputed: bool,
    said_by_patient: bool,
) -> Result<(), NotAnError> {
    if disputed {
        return Err(NotAnError::Disputed);
    }
    if status == AppointmentStatus::NoShowProvider && said_by_patient {
        return Err(NotAnError::SaidByPatient);
    }
    Ok(())
}

/// Until when the other side can answer what is disputed now.
pub fn answer_by(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(ANSWER_HOURS)).unwrap_or(now)
}

/// What the database says of a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeMarks {
    /// What was agreed.
    pub agreed: AudCents,
    /// What is owed of it.
    pub owed: AudCents,
    /// Whether somebody else took the time.
    pub waived: bool,
    /// Whether a dispute about it was upheld, once one is decided.
    pub reversed: Option<bool>,
}

/// What became of the fee; none where none was agreed, or nothing happened that it was agreed for.
pub fn late_fee(status: AppointmentStatus, marks: FeeMarks) -> Option<LateFee> {
    let standing = match (marks.reversed, marks.waived) {
        (Some(true), _) => FeeStanding::Reversed,
        (Some(false) | None, true) => FeeStanding::Waived,
        (Some(false), false) => FeeStanding::Kept,
        (None, false) if marks.owed > AudCents::ZERO => FeeStanding::Pending,
        (None, false) => return None,
    };
    let fee = LateFee { fee_cents: marks.agreed, standing };
    match status {
        AppointmentStatus::NoShowPatient | AppointmentStatus::CancelledLate => {
            Some(fee).filter(|fee| fee.fee_cents > AudCents::ZERO)
        }
        AppointmentStatus::NoShowProvider
        | AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{
        AudCents,
        bookings::{
            AppointmentStatus,
            dispute::{DisputeParty, FeeStanding},
        },
    };

    use super::{FeeMarks, Noted, disputable, late_fee};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_patient_has_a_week_and_a_practice_a_day_and_everything_else_stands() {
        let noted = |by_patient| Noted { at: at("2026-11-23T00:00:00Z"), by_patient, presumed: false };
        let week = Some((DisputeParty::Patient, at("2026-11-30T00:00:00Z")));
        let day = Some((DisputeParty::Practice, at("2026-11-24T00:00:00Z")));
        for status in AppointmentStatus::ALL {
            let (by_practice, by_patient) = match status {
                AppointmentStatus::NoShowPatient | AppointmentStatus::CancelledLate => (week, week),
                AppointmentStatus::NoShowProvider => (None, day),
                AppointmentStatus::Requested
                | AppointmentStatus::AwaitingPayment
                | AppointmentStatus::Confirmed
                | AppointmentStatus::Arrived
                | AppointmentStatus::CheckedIn
                | AppointmentStatus::InConsult
                | AppointmentStatus::Completed
                | AppointmentStatus::Rescheduled
                | AppointmentStatus::Declined
                | AppointmentStatus::Expired
                | AppointmentStatus::CancelledByPatient
                | AppointmentStatus::CancelledByProvider
                | AppointmentStatus::CancelledByAdmin
                | AppointmentStatus::EnteredInError => (None, None),
            };
            assert_eq!(disputable(status, noted(false)), by_practice, "{status:?}");
            assert_eq!(disputable(status, noted(true)), by_patient, "{status:?}");
        }
        let presumed = Noted { presumed: true, ..noted(false) };
        assert_eq!(disputable(AppointmentStatus::Completed, presumed), week);
    }

    #[test]
    fn a_fee_is_pending_until_somebody_takes_the_time_or_decides() {
        let marks = |owed, waived, reversed| FeeMarks {
            agreed: AudCents(5_000),
            owed: AudCents(owed),
            waived,
            reversed,
        };
        for (marks, expected) in [
            (marks(5_000, false, None), Some(FeeStanding::Pending)),
            (marks(0, true, None), Some(FeeStanding::Waived)),
            (marks(0, false, Some(true)), Some(FeeStanding::Reversed)),
            (marks(5_000, false, Some(false)), Some(FeeStanding::Kept)),
            (marks(0, true, Some(false)), Some(FeeStanding::Waived)),
            (marks(0, false, None), None),
        ] {
            let fee = late_fee(AppointmentStatus::CancelledLate, marks);
            assert_eq!(fee.map(|fee| fee.standing), expected, "{marks:?}");
            assert_eq!(late_fee(AppointmentStatus::Completed, marks), None);
        }
        let nothing = FeeMarks { agreed: AudCents::ZERO, ..marks(0, false, Some(false)) };
        assert_eq!(late_fee(AppointmentStatus::NoShowPatient, nothing), None);
    }
}
