//! Whether something that is booked lies within open hours.

use jiff::Timestamp;
use shared_types::{
    AppointmentTypeId, Zone,
    bookings::{
        AppointmentType, Audience, Availability,
        schedule::{Holiday, PutSchedule},
    },
};

/// Where somebody is seen, so far as hours go by it: some are for visits by video or phone alone, some for home visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// By video or phone.
    pub telehealth: bool,
    /// At the patient's home.
    pub home_visit: bool,
}

impl Seen {
    /// As an appointment type says, or the copy of it that a booking keeps.
    pub fn by(of: &AppointmentType) -> Self {
        Self { telehealth: of.telehealth, home_visit: of.home_visit }
    }

    /// Whether hours for some are for it, too. New patients and those who have been there are seen in the same way, and who is
    /// booked need not be new any more.
    fn goes_in(self, hours_for: Audience) -> bool {
        match hours_for {
            Audience::Telehealth => self.telehealth,
            Audience::HomeVisit => self.home_visit,
            Audience::All | Audience::New | Audience::Existing => true,
        }
    }
}

/// The hours in which something that is booked is to lie: those for its type, or any, where its type is no longer offered.
pub fn hours_for(
    schedule: &PutSchedule,
    (zone, holidays): (Zone, &[Holiday]),
    offered: Option<AppointmentTypeId>,
) -> Availability {
    match offered {
        Some(of) => schedule.availability(zone, holidays, of),
        None => schedule.all_hours(zone, holidays),
    }
}

/// Whether some open hours of its day cover an appointment, for new patients or not: but nobody is at the practice in the hours
/// for home visits, nor in those for video and phone. Adjoining hours are not joined.
pub fn is_within(availability: &Availability, seen: Seen, start: Timestamp, end: Timestamp) -> bool {
    let (zone, time_zone) = (availability.zone, availability.zone.time_zone());
    let day = zone.date(start);
    availability.hours(day).filter(|(_, _, hours_for)| seen.goes_in(*hours_for)).any(|(opens, closes, _)| {
        let instant = |time| time_zone.to_timestamp(day.to_datetime(time));
        let (Ok(opens), Ok(closes)) = (instant(opens), instant(closes)) else { return false };
        opens <= start && end <= closes
    })
}

#[cfg(test)]
mod tests {
    use jiff::{
        Timestamp,
        civil::{date, time},
    };
    use shared_types::{
        AppointmentTypeId, AudCents, Zone,
        bookings::{
            Audience, Availability, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays,
            schedule::{Holiday, PutSchedule, ScheduleRule, ScheduleSettings},
        },
    };
    use uuid::Uuid;

    use super::{Seen, hours_for, is_within};

    const AT_PRACTICE: Seen = Seen { telehealth: false, home_visit: false };

    #[test]
    fn an_appointment_is_within_the_hours_that_cover_all_of_it() {
        let monday = date(2026, 11, 23);
        let rule = Rule {
            weekdays: Weekdays::from_days(&[jiff::civil::Weekday::Monday]),
            opens: time(9, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            audience: Audience::Existing,
            effective_from: None,
            effective_until: None,
        };
        let mut availability = Availability {
            zone: Zone::SYDNEY,
            rules: vec![rule],
            closures: Vec::new(),
            extra_hours: Vec::new(),
        };
        let at = |hour, minute| -> Timestamp {
            Zone::SYDNEY.time_zone().to_timestamp(monday.at(hour, minute, 0, 0)).unwrap()
        };
        for (start, end, expected) in [
            (at(9, 0), at(9, 30), true),
            (at(11, 30), at(12, 0), true),
            (at(8, 45), at(9, 15), false),
            (at(11, 45), at(12, 15), false),
            (at(14, 0), at(14, 30), false),
        ] {
            assert_eq!(is_within(&availability, AT_PRACTICE, start, end), expected, "{start}");
        }
        availability.closures.push(Closure::days(monday, monday));
        assert!(!is_within(&availability, AT_PRACTICE, at(9, 0), at(9, 30)), "nobody is there");
    }

    #[test]
    fn nobody_comes_in_hours_for_home_visits_nor_in_those_for_video_and_phone() {
        let monday = date(2026, 11, 23);
        let (nine, noon) = (time(9, 0, 0, 0), time(12, 0, 0, 0));
        let at = |hour| Zone::SYDNEY.time_zone().to_timestamp(monday.at(hour, 0, 0, 0)).unwrap();
        let (by_video, at_home) =
            (Seen { telehealth: true, ..AT_PRACTICE }, Seen { home_visit: true, ..AT_PRACTICE });
        for (audience, at_practice, telehealth, home_visit) in [
            (Audience::All, true, true, true),
            (Audience::New, true, true, true),
            (Audience::Existing, true, true, true),
            (Audience::Telehealth, false, true, false),
            (Audience::HomeVisit, false, false, true),
        ] {
            let rule = Rule {
                weekdays: Weekdays::from_days(&[jiff::civil::Weekday::Monday]),
                opens: nine,
                closes: noon,
                audience,
                effective_from: None,
                effective_until: None,
            };
            let weekly = Availability {
                zone: Zone::SYDNEY,
                rules: vec![rule],
                closures: Vec::new(),
                extra_hours: Vec::new(),
            };
            let extra = ExtraHours { date: monday, opens: nine, closes: noon, audience };
            let once = Availability { rules: Vec::new(), extra_hours: vec![extra], ..weekly.clone() };
            for hours in [weekly, once] {
                for (seen, expected) in
                    [(AT_PRACTICE, at_practice), (by_video, telehealth), (at_home, home_visit)]
                {
                    assert_eq!(is_within(&hours, seen, at(9), at(10)), expected, "{audience:?} {seen:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_longer_offered_may_lie_in_any_hours_but_on_no_holiday() {
        let (offered, other) = (AppointmentTypeId(Uuid::from_u128(1)), AppointmentTypeId(Uuid::from_u128(2)));
        let monday = date(2026, 11, 23);
        let rule = Rule {
            weekdays: Weekdays::from_days(&[jiff::civil::Weekday::Monday]),
            opens: time(9, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            audience: Audience::All,
            effective_from: None,
            effective_until: None,
        };
        let schedule = PutSchedule {
            version: 1,
            settings: ScheduleSettings {
                step_minutes: 15,
                notice_minutes: 0,
                horizon_days: 30,
                opens_on_holidays: false,
                policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents::ZERO },
            },
            rules: vec![ScheduleRule { rule, only: vec![other] }],
            leave: Vec::new(),
            extra_hours: Vec::new(),
        };
        let at = |hour| Zone::SYDNEY.time_zone().to_timestamp(monday.at(hour, 0, 0, 0)).unwrap();
        let lies_within = |holidays: &[Holiday], of| {
            is_within(&hours_for(&schedule, (Zone::SYDNEY, holidays), of), AT_PRACTICE, at(9), at(10))
        };
        assert!(!lies_within(&[], Some(offered)), "the hours are for another type");
        assert!(lies_within(&[], Some(other)));
        assert!(lies_within(&[], None));
        let holiday = [Holiday { date: monday, name: "Show day".to_owned() }];
        assert!(!lies_within(&holiday, None));
    }
}
