//! What cancelling by the patient means, by the policy that was snapshotted at hold.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{AppointmentStatus, CancellationPolicy, Cancelling},
};

/// What pressing "cancel" at `now` would mean. A request is withdrawn without charge, always, and so is what was not paid for yet.
pub fn cancelling_at(
    status: AppointmentStatus,
    policy: CancellationPolicy,
    start: Timestamp,
    now: Timestamp,
) -> Cancelling {
    match status {
        AppointmentStatus::Requested => Cancelling::WithoutCharge,
        AppointmentStatus::AwaitingPayment if now < start => Cancelling::WithoutCharge,
        AppointmentStatus::Confirmed if now < start => {
            let cut_off = start - SignedDuration::from_hours(i64::from(policy.free_until_hours));
            if now <= cut_off || policy.late_fee_cents == AudCents::ZERO {
                Cancelling::WithoutCharge
            } else {
                Cancelling::LateFee { fee_cents: policy.late_fee_cents }
            }
        }
        AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
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
        | AppointmentStatus::EnteredInError => Cancelling::NotPossible,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::{AppointmentStatus, CancellationPolicy, Cancelling},
    };

    use super::cancelling_at;

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
        check("2026-11-24T22:14:59Z", AppointmentStatus::Requested, Cancelling::WithoutCharge);
        check("2026-11-24T22:14:59Z", AppointmentStatus::AwaitingPayment, Cancelling::WithoutCharge);
    }

    #[test]
    fn what_no_longer_stands_or_is_under_way_cannot_be_cancelled() {
        let waiting =
            [AppointmentStatus::Requested, AppointmentStatus::AwaitingPayment, AppointmentStatus::Confirmed];
        for status in AppointmentStatus::ALL.into_iter().filter(|status| !waiting.contains(status)) {
            check("2026-11-20T00:00:00Z", status, Cancelling::NotPossible);
        }
    }

    #[test]
    fn without_a_fee_late_is_like_in_time() {
        let free = CancellationPolicy { late_fee_cents: AudCents::ZERO, ..POLICY };
        let (start, now) = ("2026-11-24T22:15:00Z".parse().unwrap(), "2026-11-24T22:00:00Z".parse().unwrap());
        let cancelling = cancelling_at(AppointmentStatus::Confirmed, free, start, now);
        assert_eq!(cancelling, Cancelling::WithoutCharge);
    }
}
