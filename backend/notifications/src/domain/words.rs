//! How messages say times, places and money.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::Offset,
};
use shared_types::{
    AudCents, Zone,
    bookings::{AppointmentFact, AppointmentStatus},
    payments::quote::Collection,
};

use super::locale::Locale;

/// `Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)`.
pub fn span_words(start: Timestamp, end: Timestamp, zone: Zone, locale: Locale) -> String {
    let (first, last) = (zone.date(start), zone.date(end));
    let id = if first == last { "span-in-a-day" } else { "span-over-midnight" };
    let (first, last) = (date_words(first, locale), date_words(last, locale));
    let (from, until) = (time_words(zone.time(start), locale), time_words(zone.time(end), locale));
    let zone = zone_words(start, zone, locale);
    let values = [("first", &first), ("from", &from), ("last", &last), ("until", &until), ("zone", &zone)];
    locale.say(id, &values.map(|(name, value)| (name, value.as_str())))
}

/// `Tuesday 24 November, 9:15 am`, for a subject.
pub fn start_words(start: Timestamp, zone: Zone, locale: Locale) -> String {
    date_and_time("date-no-year", start, zone, locale)
}

/// `Tue 24 Nov, 9:15 am`, where every letter counts.
pub fn short_start_words(start: Timestamp, zone: Zone, locale: Locale) -> String {
    date_and_time("date-short", start, zone, locale)
}

/// `Tuesday 24 November 2026`.
pub fn date_words(date: Date, locale: Locale) -> String {
    say_date("date-long", date, locale)
}

/// `Sydney time`.
pub fn wall_words(zone: Zone, locale: Locale) -> String {
    let key = zone.name().rsplit('/').next().unwrap_or_default();
    locale.say("zone-time", &[("key", key), ("place", &key.replace('_', " "))])
}

/// `$85` for whole dollars, `$85.50` otherwise.
pub fn amount_words(amount: AudCents, locale: Locale) -> String {
    let sign = if amount < AudCents::ZERO { "-" } else { "" };
    let (dollars, cents) = (amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100);
    let id = if cents == 0 { "amount-whole" } else { "amount-with-cents" };
    let (dollars, cents) = (dollars.to_string(), format!("{cents:02}"));
    locale.say(id, &[("sign", sign), ("dollars", &dollars), ("cents", &cents)])
}

fn date_and_time(date_id: &str, instant: Timestamp, zone: Zone, locale: Locale) -> String {
    let date = say_date(date_id, zone.date(instant), locale);
    let time = time_words(zone.time(instant), locale);
    locale.say("date-and-time", &[("date", &date), ("time", &time)])
}

fn say_date(id: &str, date: Date, locale: Locale) -> String {
    let weekday = date.weekday().to_monday_one_offset();
    locale.say_with_numbers(
        id,
        &[
            ("weekday", weekday.into()),
            ("day", date.day().into()),
            ("month", date.month().into()),
            ("year", date.year().into()),
        ],
        &[],
    )
}

/// `9:15 am`.
fn time_words(time: Time, locale: Locale) -> String {
    let hour = time.hour();
    let half = if hour < 12 { "am" } else { "pm" };
    // On a clock of twelve hours none is zero.
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let minute = format!("{:02}", time.minute());
    locale.say_with_numbers(
        "time-of-day",
        &[("hour", hour.into()), ("hour12", hour12.into())],
        &[("half", half), ("minute", &minute)],
    )
}

/// `Sydney time (UTC+11)`.
fn zone_words(instant: Timestamp, zone: Zone, locale: Locale) -> String {
    let offset = offset_words(zone.time_zone().to_offset(instant));
    locale.say("zone-and-offset", &[("zone", &wall_words(zone, locale)), ("offset", &offset)])
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
        (false, price) => amount_words(price, locale),
    };
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    let Some(terms) = terms.filter(|terms| terms.needs_payment_step()) else {
        return locale.say("price-at-practice", &[("price", &price)]);
    };
    let deposit = amount_words(terms.deposit_cents, locale);
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
    let until = start_words(cut_off, fact.role.time_zone, locale);
    let fee = amount_words(policy.late_fee_cents, locale);
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
    use std::collections::BTreeSet;

    use jiff::{
        ToSpan as _,
        civil::{Date, Time, date},
    };
    use shared_types::{
        AudCents, Zone,
        bookings::AppointmentFact,
        payments::quote::Collection,
        time::{self, clock_words, long_date, short_date},
    };

    use super::{
        amount_words, date_words, price_words, say_date, short_start_words, span_words, start_words,
        time_words, wall_words,
    };
    use crate::domain::{
        fixtures::{appointment, collected},
        locale::Locale,
    };

    fn check(zone: &str, start: &str, end: &str, words: &str) {
        let zone: Zone = zone.parse().unwrap();
        let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
        assert_eq!(span_words(start, end, zone, Locale::English), words);
    }

    /// Every day of a year that has all of them.
    fn days() -> impl Iterator<Item = Date> {
        date(2028, 1, 1).series(1.day()).take(366)
    }

    /// Every minute of a day.
    fn minutes() -> impl Iterator<Item = Time> {
        (0..24).flat_map(|hour| (0..60).map(move |minute| Time::constant(hour, minute, 0, 0)))
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
            start_words("2026-11-23T22:15:00Z".parse().unwrap(), Zone::SYDNEY, Locale::English),
            "Tuesday 24 November, 9:15 am"
        );
    }

    #[test]
    fn in_english_letters_say_days_times_places_and_amounts_as_the_pages_do() {
        for day in days() {
            assert_eq!(date_words(day, Locale::English), long_date(day));
            assert_eq!(say_date("date-short", day, Locale::English), short_date(day));
        }
        for minute in minutes() {
            assert_eq!(time_words(minute, Locale::English), clock_words(minute));
        }
        for zone in Zone::ALL.iter().copied() {
            assert_eq!(wall_words(zone, Locale::English), time::wall_words(zone));
        }
        for amount in [0, 5, 50, 8_500, 8_505, 8_550, 123_456, -500, -5].map(AudCents) {
            assert_eq!(amount_words(amount, Locale::English), amount.to_string());
        }
    }

    /// What a file forgets is said as another: what a selection ends with.
    #[test]
    fn no_language_says_two_days_times_or_places_alike() {
        for locale in Locale::ALL {
            for id in ["date-long", "date-no-year", "date-short"] {
                let said: BTreeSet<_> = days().map(|day| say_date(id, day, locale)).collect();
                assert_eq!(said.len(), 366, "{locale:?} {id}");
            }
            let said: BTreeSet<_> = minutes().map(|minute| time_words(minute, locale)).collect();
            assert_eq!(said.len(), 24 * 60, "{locale:?}");
            let said: BTreeSet<_> = Zone::ALL.iter().map(|zone| wall_words(*zone, locale)).collect();
            assert_eq!(said.len(), Zone::ALL.len(), "{locale:?}");
            // On one and the same day, since in a calendar the day and the month already tell them apart.
            let on = |weekday: i8| {
                locale.say_with_numbers(
                    "date-long",
                    &[
                        ("weekday", weekday.into()),
                        ("day", 1_i8.into()),
                        ("month", 1_i8.into()),
                        ("year", 2028_i16.into()),
                    ],
                    &[],
                )
            };
            let said: BTreeSet<_> = (1..=7).map(on).collect();
            assert_eq!(said.len(), 7, "{locale:?}");
        }
    }

    #[test]
    fn another_language_says_them_in_its_own_order_and_on_its_own_clock() {
        let locale = Locale::MadeUp;
        let [start, end, next_day] = ["2026-11-30T22:15:00Z", "2026-12-01T04:45:00Z", "2026-12-01T13:05:00Z"]
            .map(|at| at.parse().unwrap());
        assert_eq!(
            span_words(start, end, Zone::SYDNEY, locale),
            "2026 XII 1st D2: 9h15 - 15h45 (UTC+11 @ Sydney)"
        );
        assert_eq!(
            span_words(start, next_day, Zone::SYDNEY, locale),
            "2026 XII 1st D2 9h15 - 2026 XII 2 D3 0h05 (UTC+11 @ Sydney)"
        );
        assert_eq!(start_words(end, Zone::SYDNEY, locale), "15h45 / XII 1st D2");
        assert_eq!(short_start_words(end, Zone::SYDNEY, locale), "15h45 / 12.1");
        assert_eq!(amount_words(AudCents(8_550), locale), "85,50 AUD");
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
