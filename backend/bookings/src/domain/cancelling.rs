//! What cancelling does, by the policy that was snapshotted at hold.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{AppointmentStatus, CancellationPolicy, Cancelling},
};

/// What pressing "cancel" at `now` would mean.
pub fn cancelling_at(
    status: AppointmentStatus,
    policy: CancellationPolicy,
    start: Timestamp,
    now: Timestamp,
) -> Cancelling {
    if !status.is_upcoming() || now >= start {
        return Cancelling::NotPossible;
    }
    let cut_off = start - SignedDuration::from_hours(i64::from(policy.free_until_hours));
    if now <= cut_off || policy.late_fee_cents == AudCents::ZERO {
        Cancelling::WithoutCharge
    } else {
        Cancelling::LateFee { fee_cents: policy.late_fee_cents }
    }
}

/// The state after the patient cancelled, and the fee that is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    pub status: AppointmentStatus,
    pub late_fee_cents: AudCents,
}

/// Cancels by the patient. `None` when that is no longer possible.
pub fn cancel(
    status: AppointmentStatus,
    policy: CancellationPolicy,
    start: Timestamp,
    now: Timestamp,
) -> Option<Cancelled> {
    match cancelling_at(status, policy, start, now) {
        Cancelling::WithoutCharge => {
            Some(Cancelled { status: AppointmentStatus::CancelledByPatient, late_fee_cents: AudCents::ZERO })
        }
        Cancelling::LateFee { fee_cents } => {
            Some(Cancelled { status: AppointmentStatus::CancelledLate, late_fee_cents: fee_cents })
        }
        Cancelling::NotPossible => None,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::{AppointmentStatus, CancellationPolicy, Cancelling},
    };

    use super::{cancel, cancelling_at};

    const POLICY: CancellationPolicy =
        CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5000) };

    fn check(now: &str, status: AppointmentStatus, expected: Cancelling) {
        let start = "2026-11-24T22:15:00Z".parse().unwrap();
        assert_eq!(cancelling_at(status, POLICY, start, now.parse().unwrap()), expected, "{now} {status:?}");
    }

    #[test]
    fn the_cut_off_itself_is_still_in_time() {
        let late = Cancelling::LateFee { fee_cents: AudCents(5000) };
        check("2026-11-23T22:15:00Z", AppointmentStatus::Confirmed, Cancelling::WithoutCharge);
        check("2026-11-23T22:15:00.000001Z", AppointmentStatus::Confirmed, late);
        check("2026-11-24T22:14:59Z", AppointmentStatus::Confirmed, late);
        check("2026-11-24T22:15:00Z", AppointmentStatus::Confirmed, Cancelling::NotPossible);
    }

    #[test]
    fn what_no_longer_stands_cannot_be_cancelled() {
        for status in AppointmentStatus::ALL.into_iter().filter(|status| !status.is_upcoming()) {
            check("2026-11-20T00:00:00Z", status, Cancelling::NotPossible);
        }
    }

    #[test]
    fn without_a_fee_late_is_like_in_time() {
        let free = CancellationPolicy { late_fee_cents: AudCents::ZERO, ..POLICY };
        let (start, now) = ("2026-11-24T22:15:00Z".parse().unwrap(), "2026-11-24T22:00:00Z".parse().unwrap());
        let cancelled = cancel(AppointmentStatus::Confirmed, free, start, now).unwrap();
        assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
    }
}
