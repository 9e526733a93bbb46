//! Arithmetic and dates of money: pure, the same in the browser and in every service.
//!
//! What changes by law or by a schedule (fees, benefits, the gap cap, the platform's fee) is an argument here and a dated row in
//! the database, never a constant.

use jiff::{SignedDuration, Span, Timestamp, civil::Date};

use crate::AudCents;

/// A visit at most so many days away is authorised at once: holds made with the patient present last seven days.
pub const AUTHORISE_AT_ONCE_DAYS: i64 = 6;
/// Otherwise the saved card is authorised so many days before the start: a hold made without the patient lasts four days and
/// eighteen hours at the strictest network.
pub const AUTHORISE_BEFORE_DAYS: i64 = 4;
/// How long a patient has for another card when one failed or its hold ran out.
pub const REPAIR_HOURS: i64 = 24;
/// How long a booking waits for its payment, from the hold: a processor's page lives at least thirty minutes.
pub const AWAITING_MINUTES: i64 = 35;
/// How long evidence against a chargeback is written before the bank's own limit.
pub const EVIDENCE_MARGIN_HOURS: i64 = 24;
/// No card is charged less: the processor takes no smaller amount in Australian dollars.
/// (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>, read 2026-11-27.)
pub const CHARGED_AT_LEAST: AudCents = AudCents(50);
/// An administrator's refund above this waits for a second one. The database's constraint `refund_four_eyes` says the same.
pub const FOUR_EYES_ABOVE: AudCents = AudCents(20_000);
/// From this day of service a claim can be lodged for one year; before it was two. (Health Insurance Act 1973 s 20B as amended,
/// read 2026-11-22.)
pub const ONE_YEAR_FROM: Date = jiff::civil::date(2025, 9, 5);
/// The last day on which an assignment by word of mouth is good. (Transitional rule to the assignment law of 1 July 2026, read
/// 2026-11-22.)
pub const VERBAL_UNTIL: Date = jiff::civil::date(2027, 6, 30);
/// The first day of the assignment law.
pub const ASSIGNMENT_FROM: Date = jiff::civil::date(2026, 7, 1);

/// The GST in a price that includes it: one eleventh, half a cent up. `None` below zero. (A New Tax System (Goods and Services
/// Tax) Act 1999 s 9-70.)
pub fn gst_in(price: AudCents) -> Option<AudCents> {
    let doubled = (price.0 >= 0).then_some(price.0)?.checked_mul(2)?.checked_add(11)?;
    Some(AudCents(doubled / 22))
}

/// A benefit of so many percent of a schedule fee, rounded up to five cents, or what the greatest permissible gap leaves of the
/// fee where that is more. `None` below zero, above a hundred percent or past what 64 bits hold. (Health Insurance Act 1973
/// s 10, read 2026-11-22.)
pub fn benefit(schedule_fee: AudCents, percent: u8, gap_cap: Option<AudCents>) -> Option<AudCents> {
    if schedule_fee.0 < 0 || percent > 100 {
        return None;
    }
    if percent == 100 {
        return Some(schedule_fee);
    }
    let rounded = schedule_fee.0.checked_mul(i64::from(percent))?.checked_add(499)? / 500 * 5;
    let share = AudCents(rounded.min(schedule_fee.0));
    match gap_cap {
        Some(cap) => Some(share.max(schedule_fee.checked_sub(cap)?)),
        None => Some(share),
    }
}

/// What a patient pays in the end: the fee less the benefit, never below zero.
pub fn gap(fee: AudCents, benefit: AudCents) -> AudCents {
    AudCents(fee.0.saturating_sub(benefit.0).max(0))
}

/// What a fee for cancelling late or not coming is at most: nothing where the visit is bulk billed (C-52), never more than the
/// visit, and nothing where it is too little for a card.
pub fn fee_owed(fee: AudCents, price: AudCents, bulk_billed: bool) -> AudCents {
    let fee = fee.min(price);
    if bulk_billed || fee < CHARGED_AT_LEAST { AudCents::ZERO } else { fee }
}

/// How much of the platform's fee has gone back once so much of a captured amount has: in proportion, whole cents down, and all of
/// it with the last cent. `None` when more went back than was captured.
pub fn fee_reversed(fee: AudCents, captured: AudCents, refunded: AudCents) -> Option<AudCents> {
    let within = fee.0 >= 0 && 0 <= refunded.0 && refunded <= captured && captured.0 > 0;
    let share = i128::from(fee.0) * i128::from(refunded.0) / i128::from(captured.0.max(1));
    within.then_some(share).and_then(|share| i64::try_from(share).ok()).map(AudCents)
}

/// Whether the money is held at once, with the patient present, instead of later from a saved card.
pub fn authorises_at_once(now: Timestamp, start: Timestamp) -> bool {
    start.duration_since(now) <= SignedDuration::from_hours(24 * AUTHORISE_AT_ONCE_DAYS)
}

/// When a saved card is authorised.
pub fn authorise_at(start: Timestamp) -> Timestamp {
    start - SignedDuration::from_hours(24 * AUTHORISE_BEFORE_DAYS)
}

/// Until when another card can be given: the repair window, and never past the start.
pub fn repair_until(failed_at: Timestamp, start: Timestamp) -> Timestamp {
    (failed_at + SignedDuration::from_hours(REPAIR_HOURS)).min(start)
}

/// The last day on which a service of this day can be claimed: its anniversary, and the last of February for a leap day.
pub fn lodge_until(service: Date) -> Date {
    let years = if service >= ONE_YEAR_FROM { 1 } else { 2 };
    service.saturating_add(Span::new().years(years))
}

/// The first day on which a signed assignment may be destroyed: two years after it was made, and the first of March for a leap
/// day.
pub fn assignment_kept_until(assigned: Date) -> Date {
    let anniversary = assigned.saturating_add(Span::new().years(2));
    if anniversary.day() == assigned.day() {
        anniversary
    } else {
        anniversary.saturating_add(Span::new().days(1))
    }
}

/// Whether an assignment by word of mouth is still good on this day.
pub fn verbal_is_allowed(day: Date) -> bool {
    (ASSIGNMENT_FROM..=VERBAL_UNTIL).contains(&day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{
        AudCents, assignment_kept_until, authorise_at, authorises_at_once, benefit, fee_owed, fee_reversed,
        gap, gst_in, lodge_until, repair_until, verbal_is_allowed,
    };

    /// Compliance notes, 2.9.
    #[test]
    fn gst_is_an_eleventh_half_a_cent_up() {
        for (price, gst) in [(11_000, 1_000), (8_500, 773), (9_999, 909), (550, 50), (0, 0), (5, 0), (6, 1)] {
            assert_eq!(gst_in(AudCents(price)), Some(AudCents(gst)), "{price}");
        }
        assert_eq!(gst_in(AudCents(-1)), None);
        assert_eq!(gst_in(AudCents(i64::MAX)), None);
    }

    /// Published figures (compliance notes, 3.1).
    #[test]
    fn eighty_five_percent_is_rounded_up_to_five_cents() {
        for (fee, expected) in [(1_510, 1_285), (1_695, 1_445), (3_910, 3_325), (810, 690), (0, 0), (2, 2)] {
            assert_eq!(benefit(AudCents(fee), 85, None), Some(AudCents(expected)), "{fee}");
        }
        assert_eq!(benefit(AudCents(4_390), 100, None), Some(AudCents(4_390)));
        assert_eq!(benefit(AudCents(-1), 85, None), None);
        assert_eq!(benefit(AudCents(1), 101, None), None);
    }

    #[test]
    fn a_large_fee_leaves_no_gap_above_the_cap() {
        let cap = Some(AudCents(10_000));
        assert_eq!(benefit(AudCents(100_000), 85, cap), Some(AudCents(90_000)));
        assert_eq!(benefit(AudCents(50_000), 85, cap), Some(AudCents(42_500)));
    }

    #[test]
    fn nobody_is_paid_for_a_visit_that_costs_less_than_its_benefit() {
        assert_eq!(gap(AudCents(8_500), AudCents(4_390)), AudCents(4_110));
        assert_eq!(gap(AudCents(4_000), AudCents(4_390)), AudCents::ZERO);
    }

    #[test]
    fn a_fee_is_nothing_where_medicare_pays_and_never_more_than_the_visit() {
        assert_eq!(fee_owed(AudCents(5_000), AudCents(8_500), false), AudCents(5_000));
        assert_eq!(fee_owed(AudCents(9_000), AudCents(8_500), false), AudCents(8_500));
        assert_eq!(fee_owed(AudCents(5_000), AudCents(8_500), true), AudCents::ZERO);
        assert_eq!(fee_owed(AudCents(-1), AudCents(8_500), false), AudCents::ZERO);
        assert_eq!(fee_owed(AudCents(50), AudCents(8_500), false), AudCents(50));
        assert_eq!(fee_owed(AudCents(49), AudCents(8_500), false), AudCents::ZERO, "too little for a card");
    }

    #[test]
    fn the_time_of_the_hold_follows_the_start() {
        let start = "2026-12-10T00:00:00Z".parse().unwrap();
        assert!(authorises_at_once("2026-12-04T00:00:00Z".parse().unwrap(), start));
        assert!(!authorises_at_once("2026-12-03T23:59:59Z".parse().unwrap(), start));
        assert_eq!(authorise_at(start).to_string(), "2026-12-06T00:00:00Z");
        let failed_at = "2026-12-06T00:00:00Z".parse().unwrap();
        assert_eq!(repair_until(failed_at, start).to_string(), "2026-12-07T00:00:00Z");
        assert_eq!(repair_until("2026-12-09T12:00:00Z".parse().unwrap(), start), start);
    }

    #[test]
    fn a_claim_has_a_year() {
        for (service, last) in [
            (date(2026, 11, 22), date(2027, 11, 22)),
            (date(2027, 2, 28), date(2028, 2, 28)),
            (date(2028, 2, 29), date(2029, 2, 28)),
            (date(2025, 9, 5), date(2026, 9, 5)),
            (date(2025, 9, 4), date(2027, 9, 4)),
        ] {
            assert_eq!(lodge_until(service), last, "{service}");
        }
    }

    #[test]
    fn an_assignment_is_kept_for_two_years() {
        assert_eq!(assignment_kept_until(date(2026, 11, 22)), date(2028, 11, 22));
        assert_eq!(assignment_kept_until(date(2028, 2, 29)), date(2030, 3, 1));
    }

    #[test]
    fn word_of_mouth_is_good_until_the_middle_of_2027() {
        assert!(!verbal_is_allowed(date(2026, 6, 30)));
        assert!(verbal_is_allowed(date(2026, 7, 1)));
        assert!(verbal_is_allowed(date(2027, 6, 30)));
        assert!(!verbal_is_allowed(date(2027, 7, 1)));
    }

    proptest! {
        #[test]
        fn a_benefit_is_within_the_fee_and_less_than_five_cents_above_its_share(fee in 0_i64..10_000_000) {
            let paid = benefit(AudCents(fee), 85, None).unwrap().0;
            prop_assert!(paid <= fee);
            prop_assert!(paid * 100 >= fee * 85 && paid * 100 < fee * 85 + 500);
        }

        #[test]
        fn the_fee_goes_back_with_the_last_cent_and_never_before(
            fee in 0_i64..10_000,
            captured in 1_i64..1_000_000,
            part in 0_i64..1_000_000,
        ) {
            let part = part.min(captured);
            let reversed = fee_reversed(AudCents(fee), AudCents(captured), AudCents(part)).unwrap();
            prop_assert!(AudCents::ZERO <= reversed && reversed.0 <= fee);
            prop_assert_eq!(fee_reversed(AudCents(fee), AudCents(captured), AudCents(captured)), Some(AudCents(fee)));
            prop_assert_eq!(fee_reversed(AudCents(fee), AudCents(captured), AudCents(captured + 1)), None);
        }
    }
}
