//! When somebody who waits is asked about a time, for how long it is kept for them, and whether they had anything of it.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    Zone,
    bookings::{
        AppointmentStatus, ChangeReason,
        waitlist::{ASKED_FROM_HOUR, ASKED_UNTIL_HOUR, OFFER_MINUTES, OfferStatus},
    },
};

/// An offer ends so long before the start at the latest.
const BEFORE_START: SignedDuration = SignedDuration::from_mins(5);

/// Whether people are asked at this hour of the place: half an hour passes unseen at night.
pub fn is_awake(now: Timestamp, zone: Zone) -> bool {
    (ASKED_FROM_HOUR..ASKED_UNTIL_HOUR).contains(&zone.time(now).hour())
}

/// Until when a time that is offered now is kept; none when it starts too soon.
pub fn offered_until(now: Timestamp, start: Timestamp) -> Option<Timestamp> {
    let until = now.saturating_add(SignedDuration::from_mins(OFFER_MINUTES)).unwrap_or(now);
    let until = until.min(start.saturating_sub(BEFORE_START).unwrap_or(start));
    (until > now).then_some(until)
}

/// What becomes of an offer whose appointment is over before it ever stood, and not at the patient's wish: the practice did not take
/// it or called it off, or somebody did not pay or answer in time. None where whoever took the time had it, or let it go.
pub fn came_to_nothing(
    before: AppointmentStatus,
    status: AppointmentStatus,
    reason: Option<ChangeReason>,
) -> Option<OfferStatus> {
    let stood = !matches!(before, AppointmentStatus::Requested | AppointmentStatus::AwaitingPayment);
    if stood || reason == Some(ChangeReason::PatientAsked) {
        return None;
    }
    match status {
        AppointmentStatus::Declined | AppointmentStatus::CancelledByProvider => Some(OfferStatus::Declined),
        AppointmentStatus::Expired | AppointmentStatus::CancelledByAdmin => Some(OfferStatus::Lapsed),
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{
        Zone,
        bookings::{
            AppointmentStatus::{
                AwaitingPayment, CancelledByAdmin, CancelledByPatient, CancelledByProvider, Confirmed,
                Declined, EnteredInError, Expired, Requested,
            },
            ChangeReason,
            waitlist::OfferStatus,
        },
    };

    use super::{came_to_nothing, is_awake, offered_until};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_is_asked_at_night_and_night_is_the_places() {
        let perth: Zone = "Australia/Perth".parse().unwrap();
        for (now, zone, expected) in [
            ("2026-11-22T19:59:59Z", Zone::SYDNEY, false),
            ("2026-11-22T20:00:00Z", Zone::SYDNEY, true),
            ("2026-11-23T09:59:59Z", Zone::SYDNEY, true),
            ("2026-11-23T10:00:00Z", Zone::SYDNEY, false),
            ("2026-11-22T20:00:00Z", perth, false),
            ("2026-11-22T23:00:00Z", perth, true),
        ] {
            assert_eq!(is_awake(at(now), zone), expected, "{now} in {}", zone.name());
        }
    }

    #[test]
    fn an_offer_lasts_half_an_hour_or_until_just_before_the_start() {
        let start = at("2026-11-23T10:00:00Z");
        for (now, until) in [
            ("2026-11-23T08:00:00Z", Some("2026-11-23T08:30:00Z")),
            ("2026-11-23T09:40:00Z", Some("2026-11-23T09:55:00Z")),
            ("2026-11-23T09:55:00Z", None),
            ("2026-11-23T10:30:00Z", None),
        ] {
            assert_eq!(offered_until(at(now), start), until.map(at), "{now}");
        }
    }

    #[test]
    fn nothing_came_of_an_offer_that_never_stood_unless_the_patient_wished_it() {
        let (declined, lapsed) = (Some(OfferStatus::Declined), Some(OfferStatus::Lapsed));
        for (before, status, expected) in [
            (Requested, Declined, declined),
            (Requested, Expired, lapsed),
            (AwaitingPayment, Expired, lapsed),
            (AwaitingPayment, CancelledByProvider, declined),
            // Its card was not charged.
            (Requested, CancelledByAdmin, lapsed),
            (Confirmed, CancelledByAdmin, None),
            (Confirmed, CancelledByProvider, None),
            (Requested, CancelledByPatient, None),
            (Declined, EnteredInError, None),
        ] {
            assert_eq!(came_to_nothing(before, status, None), expected, "{before:?} {status:?}");
            let wished = came_to_nothing(before, status, Some(ChangeReason::PatientAsked));
            assert_eq!(wished, None, "{before:?} {status:?}");
        }
    }
}
