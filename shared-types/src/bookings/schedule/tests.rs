//! What can be set, what of it is wrong, and what patients would see.

use jiff::civil::{Time, date, time};

use super::{PutSchedule, ScheduleRule, ScheduleSettings, TypeDraft};
use crate::{
    AppointmentTypeId, AudCents, Zone,
    bookings::{
        Audience, Busy, CancellationPolicy, Closure, ExtraHours, Question, QuestionKind, Rule, Weekdays,
        free_times,
        home_visit::{HomeVisit, VisitArea},
    },
};

const TODAY: jiff::civil::Date = date(2026, 11, 23);

fn draft() -> TypeDraft {
    TypeDraft {
        name: " Long   consultation ".to_owned(),
        position: 1,
        duration_minutes: 30,
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        price_cents: AudCents(8_500),
        bulk_billed: false,
        telehealth: false,
        audience: Audience::All,
        needs_acceptance: false,
        notice_minutes: None,
        horizon_days: Some(7),
        daily_cap: None,
        questions: Vec::new(),
        seats: None,
        resources: Vec::new(),
        home_visit: None,
    }
}

fn hours(opens: i8, only: Vec<AppointmentTypeId>) -> ScheduleRule {
    let rule = Rule {
        weekdays: Weekdays::from_bits(1).unwrap(),
        opens: time(opens, 0, 0, 0),
        closes: time(opens + 1, 0, 0, 0),
        audience: Audience::All,
        effective_from: None,
        effective_until: None,
    };
    ScheduleRule { rule, only }
}

fn schedule(rules: Vec<ScheduleRule>) -> PutSchedule {
    PutSchedule {
        version: 0,
        settings: ScheduleSettings {
            step_minutes: 30,
            notice_minutes: 0,
            horizon_days: 60,
            opens_on_holidays: false,
            policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents::ZERO },
        },
        rules,
        leave: Vec::new(),
        extra_hours: Vec::new(),
    }
}

#[test]
fn hours_for_one_type_are_not_offered_for_another() {
    let id = |number| AppointmentTypeId(uuid::Uuid::from_u128(number));
    let schedule = schedule(vec![hours(9, Vec::new()), hours(14, vec![id(2)])]);
    let starts = |of| {
        let availability = schedule.availability(Zone::SYDNEY, &[], of);
        let offering = draft().offering(&schedule.settings);
        let now = Zone::SYDNEY.start_of_day(TODAY);
        free_times(&availability, &offering, &[], Zone::SYDNEY.days(TODAY, TODAY), now).len()
    };
    assert_eq!((starts(id(1)), starts(id(2))), (2, 4));
}

fn home_visit(travel_minutes: u16) -> HomeVisit {
    HomeVisit { travel_minutes, area: VisitArea::Postcodes { postcodes: vec!["2150".to_owned()] } }
}

#[test]
fn the_way_to_a_home_is_kept_free_and_its_hours_are_its_own() {
    let mut schedule = schedule(vec![hours(9, Vec::new())]);
    let on_the_road = hours(14, Vec::new()).rule;
    schedule.extra_hours.push(ExtraHours {
        date: TODAY,
        opens: on_the_road.opens,
        closes: on_the_road.closes,
        audience: Audience::HomeVisit,
    });
    let availability = schedule.availability(Zone::SYDNEY, &[], AppointmentTypeId(uuid::Uuid::nil()));
    let now = Zone::SYDNEY.start_of_day(TODAY);
    let day = Zone::SYDNEY.days(TODAY, TODAY);
    let at = |hour, minute| TODAY.at(hour, minute, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap();
    let busy = |from, until| [Busy { start: from, end: until }];
    let starts = |draft: TypeDraft, busy: &[Busy]| {
        free_times(&availability, &draft.offering(&schedule.settings), busy, day.clone(), now).len()
    };
    let at_home = TypeDraft { home_visit: Some(home_visit(20)), ..draft() };
    assert_eq!((starts(draft(), &[]), starts(at_home.clone(), &[])), (2, 4));
    // Twenty minutes on the way: what ends at a quarter to leaves no time for it, what ends at twenty to does.
    let until_quarter_to = busy(at(13, 0).timestamp(), at(13, 45).timestamp());
    assert_eq!(starts(at_home.clone(), &until_quarter_to), 3);
    assert_eq!(starts(at_home, &busy(at(13, 0).timestamp(), at(13, 40).timestamp())), 4);
}

#[test]
fn a_home_visit_is_for_one_patient_who_is_there() {
    let at_home = TypeDraft { home_visit: Some(home_visit(20)), ..draft() };
    assert!(at_home.clone().check().unwrap().shown(AppointmentTypeId(uuid::Uuid::nil())).home_visit);
    let pointer = |draft: TypeDraft| draft.check().unwrap_err()[0].pointer.clone();
    assert_eq!(pointer(TypeDraft { telehealth: true, ..at_home.clone() }), "/home_visit");
    assert_eq!(pointer(TypeDraft { seats: Some(4), ..at_home }), "/home_visit");
    let far = TypeDraft { home_visit: Some(home_visit(181)), ..draft() };
    assert_eq!(pointer(far), "/home_visit/travel_minutes");
    assert_eq!(pointer(TypeDraft { audience: Audience::HomeVisit, ..draft() }), "/audience");
    assert_eq!(pointer(TypeDraft { audience: Audience::Telehealth, ..draft() }), "/audience");
}

#[test]
fn what_cannot_be_is_named_part_by_part() {
    let mut wrong = schedule(vec![hours(9, Vec::new())]);
    wrong.rules[0].rule.closes = time(9, 0, 0, 0);
    wrong.settings.step_minutes = 0;
    wrong.leave.push(Closure::days(TODAY, date(2026, 11, 22)));
    let pointers: Vec<_> = wrong.check(TODAY).unwrap_err().into_iter().map(|e| e.pointer).collect();
    assert_eq!(pointers, ["/settings/step_minutes", "/rules/0/rule/closes", "/leave/0/last"]);
    assert!(schedule(vec![hours(9, Vec::new())]).check(TODAY).is_ok());

    let (one, three) = (time(13, 0, 0, 0), time(15, 0, 0, 0));
    for (from, until, pointer) in [
        (Some(one), None, Some("/leave/0/until")),
        (None, Some(three), Some("/leave/0/from")),
        (Some(three), Some(three), Some("/leave/0/until")),
        (Some(one), Some(three), None),
    ] {
        let mut part = schedule(vec![hours(9, Vec::new())]);
        part.leave.push(Closure { from, until, ..Closure::days(TODAY, TODAY) });
        let wrong = part.check(TODAY).err().unwrap_or_default();
        assert_eq!(wrong.first().map(|error| error.pointer.as_str()), pointer, "{from:?} {until:?}");
    }
}

#[test]
fn nobody_is_off_since_before_the_calendars_of_databases() {
    let mut ancient = schedule(vec![hours(9, Vec::new())]);
    let day = date(-5000, 1, 1);
    ancient.rules[0].rule.effective_from = Some(day);
    ancient.leave.push(Closure::days(day, TODAY));
    let pointers: Vec<_> = ancient.check(TODAY).unwrap_err().into_iter().map(|e| e.pointer).collect();
    assert_eq!(pointers, ["/rules/0/rule/effective_from", "/leave/0/first"]);
}

#[test]
fn times_are_of_whole_minutes_however_near_to_each_other() {
    let nine = time(9, 0, 0, 0);
    let cases: [(Time, Time, &[&str]); 6] = [
        (nine, time(9, 1, 0, 0), &[]),
        (nine, time(9, 0, 0, 1), &["until"]),
        (nine, time(9, 0, 30, 0), &["until"]),
        (time(9, 0, 0, 1), time(9, 0, 0, 2), &["from", "until"]),
        (time(9, 0, 15, 0), time(10, 0, 0, 0), &["from"]),
        (time(9, 0, 0, 1), nine, &["until"]),
    ];
    for (from, until, wrong) in cases {
        let mut schedule = schedule(vec![hours(9, Vec::new())]);
        (schedule.rules[0].rule.opens, schedule.rules[0].rule.closes) = (from, until);
        schedule.leave.push(Closure { from: Some(from), until: Some(until), ..Closure::days(TODAY, TODAY) });
        let audience = Audience::All;
        schedule.extra_hours.push(ExtraHours { date: TODAY, opens: from, closes: until, audience });
        let pointers = schedule.check(TODAY).err().unwrap_or_default().into_iter().map(|error| error.pointer);
        let of_hours = |field: &&str| if *field == "from" { "opens" } else { "closes" };
        let expected = wrong.iter().map(|field| format!("/rules/0/rule/{}", of_hours(field)));
        let expected = expected.chain(wrong.iter().map(|field| format!("/leave/0/{field}")));
        let expected =
            expected.chain(wrong.iter().map(|field| format!("/extra_hours/0/{}", of_hours(field))));
        assert_eq!(pointers.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{from} {until}");
    }
}

#[test]
fn a_bulk_billed_type_costs_nothing() {
    assert_eq!(draft().check().unwrap().name, "Long consultation");
    let wrong = TypeDraft { bulk_billed: true, ..draft() }.check().unwrap_err();
    assert_eq!(wrong[0].pointer, "/price_cents");
}

#[test]
fn questions_are_checked_with_their_type() {
    let asks = |words: &str| Question {
        id: 1,
        words: words.to_owned(),
        help: None,
        kind: QuestionKind::YesNo,
        required: true,
    };
    let asked = TypeDraft { questions: vec![asks(" Have you  been here before? ")], ..draft() };
    assert_eq!(asked.check().unwrap().questions, [asks("Have you been here before?")]);
    let wrong = TypeDraft { questions: vec![asks("")], ..draft() }.check().unwrap_err();
    assert_eq!(wrong[0].pointer, "/questions/0/words");
}
