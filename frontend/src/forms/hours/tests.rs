//! The form goes there and back, and patients would see what it leaves free.

use std::rc::Rc;

use jiff::civil::{Date, date, time};
use shared_types::{
    AppointmentTypeId, AudCents, Zone,
    bookings::{
        AppointmentStatus, Audience, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays,
        practice::{PracticeCalendar, TakenBy, TakenSpan},
        schedule::{Holiday, PutSchedule, RoleType, ScheduleRule, ScheduleSettings, TypeDraft},
    },
    problem::FieldError,
};
use uuid::Uuid;
use yew::Reducible as _;

use super::{HoursAction, HoursForm, RuleRow, dollars, is_all_elsewhere, read_dollars, would_see};
use crate::calendar::sample::{appointment, calendar, role_id};

const TODAY: Date = date(2026, 11, 23);

fn schedule() -> PutSchedule {
    let rule = Rule {
        weekdays: Weekdays::from_bits(31).unwrap(),
        opens: time(9, 0, 0, 0),
        closes: time(12, 0, 0, 0),
        audience: Audience::New,
        effective_from: None,
        effective_until: Some(date(2027, 6, 30)),
    };
    PutSchedule {
        version: 3,
        settings: ScheduleSettings {
            step_minutes: 60,
            notice_minutes: 0,
            horizon_days: 30,
            opens_on_holidays: false,
            policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_050) },
        },
        rules: vec![ScheduleRule { rule, only: vec![AppointmentTypeId(Uuid::from_u128(51))] }],
        leave: vec![
            Closure::days(date(2026, 12, 24), date(2027, 1, 3)),
            Closure::part_of(date(2026, 11, 24), time(13, 0, 0, 0), time(15, 0, 0, 0)),
        ],
        extra_hours: vec![ExtraHours {
            date: date(2026, 11, 28),
            opens: time(9, 30, 0, 0),
            closes: time(11, 0, 0, 0),
            audience: Audience::All,
        }],
    }
}

#[test]
fn a_schedule_goes_through_the_form_unchanged() {
    assert_eq!(HoursForm::of(&schedule()).read(TODAY), Ok(schedule()));
}

#[test]
fn what_cannot_be_read_is_named_by_the_services_pointers() {
    let mut form = HoursForm::of(&schedule());
    form.rules[0].opens = "nine".to_owned();
    form.settings.step = "often".to_owned();
    form.leave[0].last = String::new();
    let pointers: Vec<_> = form.read(TODAY).unwrap_err().into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/settings/step_minutes", "/rules/0/rule/opens", "/leave/0/last"]);
    let mut form = HoursForm::of(&schedule());
    form.rules[0].closes = "08:00".to_owned();
    assert_eq!(form.read(TODAY).unwrap_err()[0].pointer, "/rules/0/rule/closes");
}

#[test]
fn what_is_wrong_leads_to_its_field() {
    let form = HoursForm::of(&schedule());
    for (pointer, id) in [
        ("/settings/policy/late_fee_cents", "late_fee"),
        ("/rules/0/rule/effective_until", "rule-1-until"),
        ("/rules/0/rule/weekdays", "rule-1-opens"),
        ("/leave/0/last", "leave-2-last"),
        ("/leave/1/until", "leave-3-until"),
        ("/extra_hours/0/closes", "extra-4-closes"),
    ] {
        assert_eq!(form.field_id(pointer), id);
    }
}

#[test]
fn a_part_of_a_day_off_is_read_only_where_the_day_is_not_off_whole() {
    let mut form = HoursForm::of(&schedule());
    assert_eq!(form.leave[1].words(TODAY).as_deref(), Some("Tuesday 24 November, 1:00 pm to 3:00 pm"));
    form.leave[1].until = "12:30".to_owned();
    assert_eq!(form.read(TODAY).unwrap_err()[0].pointer, "/leave/1/until");
    form.leave[1].from = String::new();
    let wrong = form.read(TODAY).unwrap_err();
    assert_eq!(
        (wrong[0].pointer.as_str(), &*wrong[0].detail),
        ("/leave/1/from", "Give from when they are off")
    );
    assert_eq!(form.leave[1].words(TODAY), None);
    form.leave[1].whole_day = true;
    let day = date(2026, 11, 24);
    assert_eq!(form.read(TODAY).unwrap().leave[1], Closure::days(day, day));
}

#[test]
fn rows_come_change_and_go() {
    let actions = [HoursAction::AddRule, HoursAction::AddLeave(TODAY), HoursAction::AddExtra(TODAY)];
    let form = actions.into_iter().fold(Rc::new(HoursForm::default()), |form, action| form.reduce(action));
    assert_eq!((form.rules.len(), form.leave.len(), form.extra.len()), (1, 1, 1));
    let saturday = form.rules[0].with_day(5, true).with_day(0, false);
    let form = form.reduce(HoursAction::Rule(saturday));
    assert_eq!(form.rules[0].weekdays.bits(), 0b11_1110);
    let id = form.rules[0].id;
    assert!(form.reduce(HoursAction::DropRule(id)).rules.is_empty());
}

#[test]
fn what_is_wrong_with_a_row_goes_with_it_and_moves_with_the_row() {
    let mut form = HoursForm::of(&schedule());
    let wrong = |pointer: &str| FieldError::new(pointer, "Choose a day");
    form.errors = ["/leave/0/last", "/leave/1/until", "/extra_hours/0/closes"].map(wrong).to_vec();
    let [gone, stays] = [form.leave[0].id, form.leave[1].id];
    let form = Rc::new(form).reduce(HoursAction::DropLeave(gone));
    let ids: Vec<_> = form.linked_errors().into_iter().map(|error| error.pointer).collect();
    assert_eq!(ids, [format!("/leave-{stays}-until"), "/extra-4-closes".to_owned()]);
}

#[test]
fn a_type_is_ticked_and_unticked() {
    let type_id = AppointmentTypeId(Uuid::from_u128(51));
    let row = RuleRow::usual(1).with_type(type_id, true);
    assert_eq!(row.only, [type_id]);
    assert!(row.with_type(type_id, false).only.is_empty());
}

fn first_visit() -> RoleType {
    RoleType {
        appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
        version: 1,
        active: true,
        draft: TypeDraft {
            name: "First visit".to_owned(),
            position: 1,
            duration_minutes: 60,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            price_cents: AudCents(12_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::New,
            needs_acceptance: false,
            notice_minutes: None,
            horizon_days: None,
            daily_cap: None,
            questions: Vec::new(),
            seats: None,
            resources: Vec::new(),
            home_visit: None,
        },
    }
}

#[test]
fn patients_would_see_what_the_edited_rules_leave_free() {
    let of = first_visit();
    // Three hours each weekday, Friday a holiday, and an hour on Saturday; one of them is taken.
    let booked = calendar(vec![appointment(1, "2026-11-24T22:15:00Z", 45)]);
    let holidays = [Holiday { date: date(2026, 11, 27), name: "Show day".to_owned() }];
    let now = Zone::SYDNEY.start_of_day(TODAY);
    let seen = |schedule: &PutSchedule| {
        would_see(schedule, (Zone::SYDNEY, &holidays), &of, &booked, role_id(), now).len()
    };
    assert_eq!(seen(&schedule()), 4 * 3 + 1 - 1);
    // One of the times is a group's; with two seats there is another one.
    let seated = calendar(vec![appointment(1, "2026-11-24T22:00:00Z", 60)]);
    for (seats, expected) in [(None, 4 * 3), (Some(2), 4 * 3 + 1)] {
        let mut group = of.clone();
        group.draft.seats = seats;
        let place = (Zone::SYDNEY, &holidays[..]);
        assert_eq!(would_see(&schedule(), place, &group, &seated, role_id(), now).len(), expected);
    }
    let mut open = schedule();
    open.settings.opens_on_holidays = true;
    assert_eq!(seen(&open), 5 * 3 + 1 - 1);
    open.rules[0].only = vec![AppointmentTypeId(Uuid::from_u128(52))];
    assert_eq!(seen(&open), 1);
    // In hours for video and phone, what is by neither leaves the Saturday alone.
    let mut called = schedule();
    called.rules[0].rule.audience = Audience::Telehealth;
    assert_eq!(seen(&called), 1);
    let mut by_phone = of.clone();
    by_phone.draft.telehealth = true;
    let place = (Zone::SYDNEY, &holidays[..]);
    assert_eq!(would_see(&called, place, &by_phone, &booked, role_id(), now).len(), 4 * 3 + 1 - 1);
}

/// How many times of a type patients would see under the schedule of these tests, without holidays.
fn count(of: &RoleType, booked: &PracticeCalendar) -> usize {
    let now = Zone::SYDNEY.start_of_day(TODAY);
    would_see(&schedule(), (Zone::SYDNEY, &[]), of, booked, role_id(), now).len()
}

#[test]
fn a_day_that_has_as_many_of_a_type_as_its_practice_wants_offers_no_more_of_it() {
    let capped = |cap| {
        let mut of = first_visit();
        of.draft.daily_cap = cap;
        of
    };
    // Three hours each weekday and one on Saturday; two of Wednesday's are booked.
    let booked =
        || vec![appointment(1, "2026-11-24T22:00:00Z", 60), appointment(2, "2026-11-24T23:00:00Z", 60)];
    for (cap, expected) in [(None, 16 - 2), (Some(3), 16 - 2), (Some(2), 16 - 3), (Some(1), 16 - 3)] {
        assert_eq!(count(&capped(cap), &calendar(booked())), expected, "{cap:?}");
    }
    // What does not take place does not count; who did not come does.
    for (status, expected) in
        [(AppointmentStatus::CancelledByPatient, 16 - 1), (AppointmentStatus::NoShowPatient, 16 - 3)]
    {
        let mut booked = booked();
        (booked[1].status, booked[1].takes) = (status, None);
        assert_eq!(count(&capped(Some(2)), &calendar(booked)), expected, "{status:?}");
    }
    let mut of_two_types = booked();
    of_two_types[1].appointment_type.appointment_type_id = AppointmentTypeId(Uuid::from_u128(52));
    assert_eq!(count(&capped(Some(2)), &calendar(of_two_types)), 16 - 2);
    // Hours that were added for the day are full with it.
    let saturday = || calendar(vec![appointment(1, "2026-11-27T23:30:00Z", 30)]);
    assert_eq!((count(&capped(None), &saturday()), count(&capped(Some(1)), &saturday())), (16, 16 - 1));
}

#[test]
fn where_they_are_busy_elsewhere_patients_would_see_no_time_and_no_seat() {
    let mut group = first_visit();
    group.draft.seats = Some(2);
    let seen = |by: Option<TakenBy>| {
        let mut seated = calendar(vec![appointment(1, "2026-11-24T22:00:00Z", 60)]);
        let week = Zone::SYDNEY.days(seated.from, seated.to);
        let span = |by| TakenSpan { start: week.start, end: week.end, by };
        seated.roles[0].taken.extend(by.map(span));
        (count(&group, &seated), is_all_elsewhere(&seated, role_id()))
    };
    assert_eq!(seen(None), (16, false));
    assert_eq!(seen(Some(TakenBy::Elsewhere)), (0, true));
    let until = Zone::SYDNEY.start_of_day(TODAY);
    assert_eq!(seen(Some(TakenBy::Held { until })), (1, false), "the seat that is left");
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, cents) in [
        ("40", Some(4_000)),
        ("$40.5", Some(4_050)),
        (" 0 ", Some(0)),
        ("40.505", None),
        ("forty", None),
        ("", None),
    ] {
        assert_eq!(read_dollars(text), cents.map(AudCents), "{text}");
    }
    assert_eq!((dollars(AudCents(4_050)), dollars(AudCents(4_000))), ("40.50".to_owned(), "40".to_owned()));
}
