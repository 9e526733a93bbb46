//! Parts of days off: what they take out, and that they move nothing else.

use super::*;

/// From when until when on that Tuesday.
fn off(from: (i8, i8), until: (i8, i8)) -> Closure {
    let [from, until] = [from, until].map(|(hour, minute)| time(hour, minute, 0, 0));
    Closure::part_of(TUESDAY, from, until)
}

#[test]
fn a_part_of_a_day_off_takes_the_starts_that_reach_into_it_and_moves_no_other() {
    for (parts, expected) in [
        (vec![off((10, 0), (11, 0))], "09:00 09:30 11:00 11:30"),
        (vec![off((9, 40), (10, 10))], "09:00 10:30 11:00 11:30"),
        // Two in one day, in any order; and several that overlap.
        (vec![off((11, 0), (11, 30)), off((9, 30), (10, 0))], "09:00 10:00 10:30 11:30"),
        (vec![off((9, 30), (10, 30)), off((9, 30), (11, 0)), off((10, 0), (10, 15))], "09:00 11:00 11:30"),
        // Longer than the hours, beside them, and the wrong way round.
        (vec![off((8, 0), (13, 0))], ""),
        (vec![off((8, 0), (9, 0)), off((12, 0), (13, 0))], "09:00 09:30 10:00 10:30 11:00 11:30"),
        (vec![off((11, 0), (10, 0))], "09:00 09:30 10:00 10:30 11:00 11:30"),
        // A whole day goes before its parts.
        (vec![off((10, 0), (11, 0)), Closure::days(TUESDAY, TUESDAY)], ""),
    ] {
        let mut case = Case::plain();
        case.availability.closures = parts;
        check(&case, expected);
    }
    let mut three_days = Case::plain();
    three_days.availability.closures.push(Closure {
        first: TUESDAY - 1.day(),
        last: TUESDAY + 1.day(),
        ..off((9, 0), (11, 0))
    });
    check(&three_days, "11:00 11:30");
}

#[test]
fn buffers_reach_into_a_part_of_a_day_off_as_they_do_beyond_closing() {
    let mut case = Case::plain().taken("11:00", "11:15");
    case.offering.buffer_before_minutes = 15;
    case.offering.buffer_after_minutes = 15;
    case.availability.closures.push(off((10, 0), (10, 30)));
    // Half past nine keeps ten to a quarter past, half past ten a quarter past ten on; but that runs into what is taken.
    check(&case, "09:00 09:30 11:30");
    case.busy.clear();
    check(&case, "09:00 09:30 10:30 11:00 11:30");
}

#[test]
fn hours_of_one_day_count_on_a_day_off_and_not_in_a_part_of_one() {
    let mut case = Case::plain();
    case.availability.rules.clear();
    let [opens, closes] = [time(9, 0, 0, 0), time(11, 0, 0, 0)];
    case.availability.extra_hours.push(ExtraHours { date: TUESDAY, opens, closes, audience: All });
    case.availability.closures.push(off((9, 30), (10, 0)));
    check(&case, "09:00 10:00 10:30");
    let hours: Vec<_> = case.availability.hours(TUESDAY).map(|(opens, closes, _)| (opens, closes)).collect();
    assert_eq!(hours, [(opens, time(9, 30, 0, 0)), (time(10, 0, 0, 0), closes)]);
    let [half_past_nine, ten] = ["09:30", "10:00"].map(tuesday);
    let availability = &case.availability;
    assert!(availability.is_off(tuesday("09:15"), tuesday("09:45")));
    assert!(
        !availability.is_off(tuesday("09:00"), half_past_nine) && !availability.is_off(ten, tuesday("10:30"))
    );
}

#[test]
fn a_part_of_a_day_off_begins_and_ends_by_the_wall_where_the_clock_changes() {
    let (spring, autumn) = (date(2026, 10, 4), date(2027, 4, 4));
    for (date, from, until, expected) in [
        // Lord Howe's clock goes from 02:00 to 02:30.
        (spring, (1, 30), (2, 30), "01:00+10:30 02:30+11:00 03:00+11:00 03:30+11:00"),
        (spring, (2, 10), (3, 0), "01:00+10:30 01:30+10:30 03:00+11:00 03:30+11:00"),
        // All of it is skipped.
        (spring, (2, 0), (2, 20), "01:00+10:30 01:30+10:30 02:30+11:00 03:00+11:00 03:30+11:00"),
        // And from 02:00 back to 01:30: what begins then lasts for an hour until two is there.
        (autumn, (1, 30), (2, 0), "01:00+11:00 02:00+10:30 02:30+10:30 03:00+10:30 03:30+10:30"),
        (autumn, (2, 0), (3, 0), "01:00+11:00 01:30+11:00 03:00+10:30 03:30+10:30"),
    ] {
        let mut case = Case::on("Australia/Lord_Howe", date, time(1, 0, 0, 0), time(4, 0, 0, 0));
        let [from, until] = [from, until].map(|(hour, minute)| time(hour, minute, 0, 0));
        case.availability.closures.push(Closure::part_of(date, from, until));
        assert_eq!(case.on_the_wall("%H:%M%:z"), expected, "{date} {from} to {until}");
    }
}
