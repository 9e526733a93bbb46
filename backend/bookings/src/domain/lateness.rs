//! For which appointments it counts that somebody runs late, and whose patients are told of it.

use jiff::{SignedDuration, Timestamp};
use shared_types::bookings::{
    AppointmentStatus,
    running_late::{LATE_HOURS, RunningLate, TOLD_AGAIN_MINUTES},
};

/// Until which start what is said now counts.
pub fn counts_until(said_at: Timestamp) -> Timestamp {
    said_at.saturating_add(SignedDuration::from_hours(LATE_HOURS)).unwrap_or(said_at)
}

/// Whether somebody who was last told of `told` minutes, or of nothing, does not know of these.
pub fn is_news(told: Option<u16>, minutes: u16) -> bool {
    match (told.unwrap_or(0), minutes) {
        (0, 0) => false,
        (0, _) | (_, 0) => true,
        (told, minutes) => told.abs_diff(minutes) >= TOLD_AGAIN_MINUTES,
    }
}

/// By how many minutes an appointment is likely to begin late, while its patient waits for it.
pub fn late_by(
    said: RunningLate,
    status: AppointmentStatus,
    start: Timestamp,
    now: Timestamp,
) -> Option<u16> {
    let begins = start.saturating_add(SignedDuration::from_mins(said.minutes.into())).unwrap_or(start);
    let counts = said.minutes > 0 && start < counts_until(said.said_at) && now < begins;
    (counts && waits(status)).then_some(said.minutes)
}

/// Whether it stands and has not begun.
fn waits(status: AppointmentStatus) -> bool {
    match status {
        AppointmentStatus::Confirmed | AppointmentStatus::Arrived | AppointmentStatus::CheckedIn => true,
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp, civil::date};
    use shared_types::bookings::{AppointmentStatus, running_late::RunningLate};

    use super::{is_news, late_by};

    #[test]
    fn nobody_is_told_the_same_twice() {
        for (told, minutes, news) in [
            (None, 25, true),
            (None, 0, false),
            (Some(25), 25, false),
            (Some(25), 34, false),
            (Some(25), 35, true),
            (Some(25), 15, true),
            (Some(25), 16, false),
            (Some(25), 0, true),
            (Some(0), 0, false),
            (Some(0), 5, true),
        ] {
            assert_eq!(is_news(told, minutes), news, "{told:?} {minutes}");
        }
    }

    #[test]
    fn it_counts_while_somebody_waits_and_for_some_hours() {
        let at = |minutes: i64| -> Timestamp {
            "2026-11-22T22:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
        };
        let said = RunningLate { date: date(2026, 11, 23), minutes: 25, said_at: at(0), version: 1 };
        let confirmed = AppointmentStatus::Confirmed;
        for (start, now, late) in
            [(60, 0, Some(25)), (0, 24, Some(25)), (0, 25, None), (239, 0, Some(25)), (240, 0, None)]
        {
            assert_eq!(late_by(said, confirmed, at(start), at(now)), late, "{start} {now}");
        }
        let over = RunningLate { minutes: 0, ..said };
        assert_eq!(late_by(over, confirmed, at(60), at(0)), None);
        for status in AppointmentStatus::ALL {
            let waits =
                [confirmed, AppointmentStatus::Arrived, AppointmentStatus::CheckedIn].contains(&status);
            assert_eq!(late_by(said, status, at(60), at(0)).is_some(), waits, "{status:?}");
        }
    }
}
