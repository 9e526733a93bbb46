//! How messages say times, places and money.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::Offset};
use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentFact, AppointmentStatus},
    payments::quote::Collection,
    time::{clock_words, long_date, wall_words},
};

use super::locale::Locale;

/// `Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)`.
pub fn span_words(start: Timestamp, end: Timestamp, zone: Zone) -> String {
    let (first, last) = (zone.date(start), zone.date(end));
    let until = clock_words(zone.time(end));
    let until = if first == last { until } else { format!("{} {until}", long_date(last)) };
    format!("{}, {} to {until}, {}", long_date(first), clock_words(zone.time(start)), zone_words(start, zone))
}

/// `Tuesday 24 November, 9:15 am`, for a subject.
pub fn start_words(start: Timestamp, zone: Zone) -> String {
    format!("{}, {}", date_without_year(zone.date(start)), clock_words(zone.time(start)))
}

/// `Tue 24 Nov, 9:15 am`, where every letter counts.
pub fn short_start_words(start: Timestamp, zone: Zone) -> String {
    format!("{}, {}", zone.date(start).strftime("%a %-d %b"), clock_words(zone.time(start)))
}

fn date_without_year(date: Date) -> String {
    let long = long_date(date);
    long.rsplit_once(' ').map_or(long.clone(), |(day, _)| day.to_owned())
}

/// `Sydney time (UTC+11)`.
fn zone_words(instant: Timestamp, zone: Zone) -> String {
    format!("{} ({})", wall_words(zone), offset_words(zone.time_zone().to_offset(instant)))
}

/// `UTC+10:30`, `UTC+11`.
fn offset_words(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// What the appointment costs, and when and where that is paid. Nobody is written to before what is taken when booking was taken.
pub fn price_words(fact: &AppointmentFact, locale: Locale) -> String {
    let price = match (fact.bulk_billed, fact.price_cents) {
        (true, _) => return locale.say("price-bulk-billed", &[]),
        (false, AudCents::ZERO) => return locale.say("price-none", &[]),
        (false, price) => price.to_string(),
    };
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    let Some(terms) = terms.filter(|terms| terms.needs_payment_step()) else {
        return locale.say("price-at-practice", &[("price", &price)]);
    };
    let deposit = terms.deposit_cents.to_string();
    let id = match terms.collection {
        Collection::AfterVisit => "price-after-visit",
        Collection::Deposit => "price-deposit",
        Collection::Prepaid | Collection::AtPractice => "price-with-booking",
    };
    locale.say(id, &[("price", &price), ("deposit", &deposit)])
}

/// What cancelling costs, by the policy that was agreed.
pub fn cancelling_words(fact: &AppointmentFact, locale: Locale) -> String {
    let policy = fact.policy;
    if fact.bulk_billed || policy.late_fee_cents == AudCents::ZERO {
        return locale.say("cancelling-no-cost", &[]);
    }
    let cut_off = fact.start - SignedDuration::from_hours(i64::from(policy.free_until_hours));
    let until = start_words(cut_off, fact.role.time_zone);
    let fee = policy.late_fee_cents.to_string();
    locale.say("cancelling-until", &[("until", &until), ("fee", &fee)])
}

/// Who cancelled and what that costs, as the id of its words.
pub fn cancelled_words(status: AppointmentStatus, bulk_billed: bool) -> Option<&'static str> {
    match status {
        AppointmentStatus::CancelledByPatient => Some("cancelled-no-cost"),
        AppointmentStatus::CancelledLate if bulk_billed => Some("cancelled-no-cost"),
        AppointmentStatus::CancelledLate => Some("cancelled-late"),
        AppointmentStatus::CancelledByProvider => Some("cancelled-by-practice"),
        AppointmentStatus::CancelledByAdmin => Some("cancelled-by-us"),
        AppointmentStatus::Declined => Some("not-taken-declined"),
        AppointmentStatus::Expired => Some("not-taken-expired"),
        AppointmentStatus::NoShowProvider => Some("cancelled-not-kept"),
        AppointmentStatus::EnteredInError => Some("cancelled-mistake"),
        // No cancellation leaves an appointment in these; then we say no more than we know.
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::NoShowPatient => None,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{AudCents, Zone, bookings::AppointmentFact, payments::quote::Collection};

    use super::{price_words, span_words, start_words};
    use crate::domain::{
        fixtures::{appointment, collected},
        locale::Locale,
    };

    fn check(zone: &str, start: &str, end: &str, words: &str) {
        let zone: Zone = zone.parse().unwrap();
        assert_eq!(span_words(start.parse().unwrap(), end.parse().unwrap(), zone), words);
    }

    #[test]
    fn times_are_said_with_weekday_and_place() {
        check(
            "Australia/Sydney",
            "2026-11-23T22:15:00Z",
            "2026-11-23T22:45:00Z",
            "Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)",
        );
        check(
            "Australia/Lord_Howe",
            "2026-07-01T00:00:00Z",
            "2026-07-01T01:00:00Z",
            "Wednesday 1 July 2026, 10:30 am to 11:30 am, Lord Howe time (UTC+10:30)",
        );
        check(
            "Australia/Eucla",
            "2026-07-01T00:00:00Z",
            "2026-07-01T01:00:00Z",
            "Wednesday 1 July 2026, 8:45 am to 9:45 am, Eucla time (UTC+8:45)",
        );
        check(
            "Australia/Perth",
            "2026-07-01T15:30:00Z",
            "2026-07-01T16:30:00Z",
            "Wednesday 1 July 2026, 11:30 pm to Thursday 2 July 2026 12:30 am, Perth time (UTC+8)",
        );
    }

    #[test]
    fn subjects_leave_the_year_out() {
        assert_eq!(
            start_words("2026-11-23T22:15:00Z".parse().unwrap(), Zone::SYDNEY),
            "Tuesday 24 November, 9:15 am"
        );
    }

    #[test]
    fn prices_never_say_free() {
        for (cents, bulk_billed, words) in [
            (8500, false, "$85, paid to the practice"),
            (8550, false, "$85.50, paid to the practice"),
            (0, false, "No out-of-pocket cost"),
            (0, true, "No out-of-pocket cost: the practice bulk bills it"),
        ] {
            let fact = AppointmentFact { price_cents: AudCents(cents), bulk_billed, ..appointment() };
            assert_eq!(price_words(&fact, Locale::English), words);
        }
    }

    #[test]
    fn what_is_collected_through_us_is_not_asked_for_again_at_the_practice() {
        for (collection, words) in [
            (Collection::AtPractice, "$85, paid to the practice"),
            (Collection::AfterVisit, "$85, charged after the visit to the card that was given"),
            (Collection::Deposit, "$85: $20 paid with the booking, the rest at the practice"),
            (Collection::Prepaid, "$85, paid with the booking"),
        ] {
            assert_eq!(price_words(&collected(collection), Locale::English), words);
        }
        let bulk_billed = AppointmentFact { bulk_billed: true, ..collected(Collection::Prepaid) };
        assert_eq!(
            price_words(&bulk_billed, Locale::English),
            "No out-of-pocket cost: the practice bulk bills it"
        );
    }
}
