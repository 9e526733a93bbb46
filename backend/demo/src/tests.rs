use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Debug,
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::{Timestamp, civil::date};
use shared_types::{
    bookings::{Audience, free_times},
    identifiers::{Abn, AhpraNumber, HpiI, HpiO, MedicareProviderNumber},
};
use uuid::Uuid;

use crate::{
    BookableType, FULLY_SAMPLED_ROLES, Plan, PlanInput, Practice, Role, Unplannable, is_demo,
    testing::{input, now},
};

fn plan(roles: u32, seed: u64) -> Plan {
    Plan::new(input(roles, seed)).unwrap()
}

fn hash(plan: &Plan) -> u64 {
    let mut hasher = DefaultHasher::new();
    for practice in plan.practices() {
        format!("{practice:?}").hash(&mut hasher);
    }
    hasher.finish()
}

fn each_role(plan: &Plan, mut look: impl FnMut(&Practice, &Role)) {
    for practice in plan.practices() {
        for role in &practice.roles {
            look(&practice, role);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_plan_and_another_seed_another() {
    assert_eq!(hash(&plan(300, 7)), hash(&plan(300, 7)));
    assert_ne!(hash(&plan(300, 7)), hash(&plan(300, 8)));
}

#[test]
fn a_plan_has_as_many_roles_as_asked_for() {
    for roles in [0, 1, 2, 1_000, 10_000] {
        let plan = Plan::new(PlanInput { appointments_max: 0, ..input(roles, 1) }).unwrap();
        let mut seen = 0;
        for practice in plan.practices() {
            assert!(!practice.roles.is_empty());
            assert!(practice.roles.iter().all(|role| role.appointments.is_empty()));
            seen += practice.roles.len();
        }
        assert_eq!(seen, roles as usize);
    }
}

#[test]
fn a_larger_plan_begins_like_a_smaller_one() {
    let (small, large) = (plan(100, 3), plan(200, 3));
    let names = |plan: &Plan, count| {
        let practices = plan.practices().take(count).collect::<Vec<_>>();
        practices.into_iter().map(|practice| practice.slug).collect::<Vec<_>>()
    };
    assert_eq!(names(&small, 10), names(&large, 10));
}

#[test]
fn ids_and_slugs_are_unique_among_20_000_roles() {
    fn fresh<T: Hash + Eq + Debug + Clone>(seen: &mut HashSet<T>, value: &T) {
        assert!(seen.insert(value.clone()), "{value:?} twice");
    }
    let plan = Plan::new(PlanInput { appointments_max: 20_000, ..input(FULLY_SAMPLED_ROLES, 5) }).unwrap();
    let (mut ids, mut role_slugs, mut practice_slugs, mut numbers) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    for practice in plan.practices() {
        fresh(&mut ids, &practice.organization_id.0);
        fresh(&mut ids, &practice.location.location_id.0);
        fresh(&mut practice_slugs, &practice.slug);
        fresh(&mut numbers, &practice.hpi_o.to_string());
        fresh(&mut numbers, &practice.abn.to_string());
        for role in &practice.roles {
            fresh(&mut ids, &role.practitioner_role_id.0);
            fresh(&mut role_slugs, &role.slug);
            if let Some(number) = &role.provider_number {
                fresh(&mut numbers, &number.to_string());
            }
            if role.first_of_practitioner {
                fresh(&mut ids, &role.practitioner.practitioner_id.0);
                fresh(&mut numbers, &role.practitioner.hpi_i.to_string());
            } else {
                assert!(ids.contains(&role.practitioner.practitioner_id.0));
            }
            let calendar = &role.calendar;
            calendar.rules.iter().for_each(|rule| fresh(&mut ids, &rule.availability_rule_id));
            calendar.leave.iter().for_each(|leave| fresh(&mut ids, &leave.availability_exception_id));
            calendar.types.iter().for_each(|planned| fresh(&mut ids, &planned.id().0));
            for appointment in &role.appointments {
                fresh(&mut ids, &appointment.appointment_id.0);
                fresh(&mut ids, &appointment.booking_id.0);
                fresh(&mut ids, &appointment.reservation_id);
            }
        }
    }
    for id in ids {
        assert!(
            is_demo(id) && id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122,
            "{id}"
        );
    }
    assert!(!is_demo(Uuid::from_u128(0x0192_1234_5678_7000_8000_0000_0000_0000)));
}

#[test]
fn identifiers_can_be_read_again() {
    let (mut registered, mut at_two_places) = (0, 0);
    each_role(&plan(400, 2), |practice, role| {
        assert_eq!(practice.hpi_o.as_str().parse::<HpiO>().as_ref(), Ok(&practice.hpi_o));
        assert_eq!(practice.abn.as_str().parse::<Abn>().as_ref(), Ok(&practice.abn));
        let person = &role.practitioner;
        assert_eq!(person.hpi_i.as_str().parse::<HpiI>().as_ref(), Ok(&person.hpi_i));
        if let Some(number) = &person.ahpra_number {
            assert_eq!(number.as_str().parse::<AhpraNumber>().as_ref(), Ok(number));
            assert!(number.known_prefix());
            registered += 1;
        }
        if let Some(number) = &role.provider_number {
            assert_eq!(number.as_str().parse::<MedicareProviderNumber>().as_ref(), Ok(number));
            assert!(!number.has_unusual_location());
        }
        at_two_places += usize::from(!role.first_of_practitioner);
    });
    assert!(registered > 200 && at_two_places > 4, "{registered} {at_two_places}");
}

#[test]
fn nobody_is_booked_twice_at_once_buffers_included() {
    let mut taken: HashMap<_, Vec<_>> = HashMap::new();
    let mut count = 0;
    each_role(&plan(500, 4), |_, role| {
        count += role.appointments.len();
        taken
            .entry(role.resource_id())
            .or_default()
            .extend(role.appointments.iter().map(crate::Appointment::busy));
    });
    assert!(count > 10_000, "{count}");
    for ranges in taken.values_mut() {
        ranges.sort_unstable_by_key(|busy| busy.start);
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
    }
}

#[test]
fn every_appointment_is_at_a_time_the_rules_offer() {
    each_role(&plan(300, 6), |practice, role| {
        let zone = practice.location.zone;
        for appointment in &role.appointments {
            let planned = &role.calendar.types[appointment.appointment_type];
            let (opens, closes) = (zone.time(appointment.start), zone.time(appointment.end));
            let offering = planned.offering(&role.calendar);
            let mut open = role.calendar.availability.open_hours(zone.date(appointment.start), offering);
            assert!(open.any(|(from, to)| from <= opens && closes <= to), "{appointment:?}");
            assert!(appointment.start >= now() && appointment.booked_at < now());
        }
    });
}

#[test]
fn a_sampled_fortnight_is_busy_but_not_full() {
    let (mut booked, mut free) = (0.0, 0.0);
    each_role(&plan(500, 9), |practice, role| {
        let zone = practice.location.zone;
        let days = zone.start_of_day(date(2026, 11, 24))..zone.start_of_day(date(2026, 12, 5));
        booked +=
            role.appointments.iter().filter(|appointment| days.contains(&appointment.start)).count() as f64;
        let calendar = &role.calendar;
        let Some(planned) = calendar.types.iter().find(|planned| planned.shown.audience == Audience::All)
        else {
            return;
        };
        let busy: Vec<_> = role.appointments.iter().map(crate::Appointment::busy).collect();
        let mut next = Timestamp::MIN;
        for start in free_times(&calendar.availability, &planned.offering(calendar), &busy, days, now()) {
            if start >= next {
                free += 1.0;
                next = start + jiff::SignedDuration::from_mins(20);
            }
        }
    });
    let share = booked / (booked + free);
    assert!((0.45..0.92).contains(&share), "{share}");
}

#[test]
fn next_free_is_what_free_times_says() {
    each_role(&plan(300, 10), |_, role| {
        assert!(role.next_free.len() <= 8 && role.next_free.is_sorted());
    });
    let quiet = Plan::new(PlanInput { appointments_max: 0, ..input(200, 10) }).unwrap();
    each_role(&quiet, |_, role| {
        let calendar = &role.calendar;
        let window = now()..now() + jiff::SignedDuration::from_hours(24 * 100);
        let mut starts: Vec<_> = calendar
            .types
            .iter()
            .filter(|planned| planned.shown.audience != Audience::Existing)
            .flat_map(|planned| {
                free_times(&calendar.availability, &planned.offering(calendar), &[], window.clone(), now())
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        starts.truncate(8);
        assert_eq!(role.next_free, starts);
    });
}

#[test]
fn practices_are_where_people_are() {
    let plan = Plan::new(PlanInput { appointments_max: 0, ..input(20_000, 11) }).unwrap();
    let mut seen: BTreeMap<String, f64> = BTreeMap::new();
    let mut practices = 0.0;
    for practice in plan.practices() {
        *seen.entry(practice.location.suburb).or_default() += 1.0;
        practices += 1.0;
    }
    let mut by_share: Vec<usize> = (0..plan.input().localities.len()).collect();
    by_share.sort_by(|a, b| plan.places.share(*b).total_cmp(&plan.places.share(*a)));
    let top = &by_share[..10];
    let expected: f64 = top.iter().map(|index| plan.places.share(*index)).sum();
    let name = |index: &usize| &plan.input().localities[*index].name;
    let found = top.iter().filter_map(|index| seen.get(name(index))).sum::<f64>() / practices;
    assert!((found - expected).abs() < 0.06, "{found} of the practices for {expected} of the people");
    assert!(seen.get("Bay Town").copied().unwrap_or(0.0) > practices * 0.01);
    assert_eq!(seen.get("Wide Bay"), None);
    assert!(seen.get("Lord Howe Island").copied().unwrap_or(0.0) < practices * 0.01);
}

#[test]
fn practices_are_near_the_middle_of_their_suburb_and_visits_reach_beyond() {
    let localities = input(0, 0).localities;
    each_role(&plan(500, 12), |practice, role| {
        let suburb = localities.iter().find(|locality| locality.name == practice.location.suburb).unwrap();
        let middle = shared_types::GeoPoint::new(suburb.lat, suburb.lon).unwrap();
        assert!(middle.distance_to(practice.location.point).0 < 1_600.0);
        assert_eq!(practice.location.zone, suburb.zone);
        for corner in role.home_visits.iter().flatten() {
            let metres = practice.location.point.distance_to(*corner).0;
            assert!((3_900.0..30_000.0).contains(&metres), "{metres}");
        }
    });
}

#[test]
fn who_goes_to_peoples_homes_can_be_booked_for_it() {
    let mut near_sydney = 0;
    each_role(&plan(500, 12), |practice, role| {
        let types = &role.calendar.types;
        let visits: Vec<_> = types.iter().filter(|planned| planned.shown.home_visit).collect();
        assert_eq!(visits.len(), usize::from(role.home_visits.is_some()));
        let Some(visit) = role.home_visit() else { return };
        assert_eq!(types.last().map(BookableType::id), Some(visit.id()), "after all others");
        assert!(!visit.shown.telehealth && visit.shown.price_cents.0 > 0);
        let offering = visit.offering(&role.calendar);
        assert!(offering.buffer_before_minutes >= 15 && offering.buffer_after_minutes >= 15);
        assert!(role.facets(&practice.location).contains(&"home_visit".to_owned()));
        assert!(role.appointments.iter().all(|booked| types[booked.appointment_type].id() != visit.id()));
        let sydney = shared_types::GeoPoint::new(-33.87, 151.21).unwrap();
        near_sydney += usize::from(practice.location.point.distance_to(sydney).0 < 50_000.0);
    });
    assert!(near_sydney > 10, "{near_sydney}");
}

#[test]
fn nothing_is_charged_for_what_is_bulk_billed() {
    let mut bulk_billed = 0;
    each_role(&plan(400, 13), |practice, role| {
        for planned in &role.calendar.types {
            let policy = planned.policy(&role.calendar);
            if planned.shown.bulk_billed {
                bulk_billed += 1;
                assert_eq!((planned.shown.price_cents.0, policy.late_fee_cents.0), (0, 0));
                assert!(role.facets(&practice.location).contains(&"bulk_billing".to_owned()));
            }
            assert!(policy.late_fee_cents <= planned.shown.price_cents);
        }
    });
    assert!(bulk_billed > 50, "{bulk_billed}");
}

#[test]
fn appointments_stay_below_their_maximum_and_on_the_sample() {
    let plan = Plan::new(PlanInput { appointments_max: 10_000, ..input(2_000, 14) }).unwrap();
    let (mut appointments, mut roles) = (0, 0);
    each_role(&plan, |_, role| {
        appointments += role.appointments.len();
        roles += usize::from(!role.appointments.is_empty());
    });
    assert!(appointments <= 10_000 && (5..400).contains(&roles), "{appointments} with {roles} roles");
    assert_eq!(Plan::new(input(FULLY_SAMPLED_ROLES, 1)).unwrap().sample_share(), 1.0);
}

#[test]
fn holidays_close_where_they_count() {
    let (mut in_region, mut elsewhere) = (0, 0);
    each_role(&plan(400, 15), |practice, role| {
        let scopes = &practice.location.holiday_scopes;
        let closed =
            |date| role.calendar.availability.closures.iter().any(|c| c.first <= date && date <= c.last);
        let region = scopes.contains(&"nsw-shore".to_owned());
        if role.calendar.opens_on_holidays || !role.calendar.leave.is_empty() {
            return;
        }
        assert_eq!(closed(date(2026, 12, 2)), region);
        assert_eq!(closed(date(2026, 12, 1)), practice.location.state == "NSW");
        assert!(closed(date(2026, 12, 25)));
        if region { in_region += 1 } else { elsewhere += 1 }
    });
    assert!(in_region > 0 && elsewhere > 0);
}

#[test]
fn without_places_or_professions_there_is_no_plan() {
    let nowhere = PlanInput { localities: Vec::new(), ..input(10, 1) };
    assert_eq!(Plan::new(nowhere).err(), Some(Unplannable::NoLocalities));
    let nobody = PlanInput { professions: Vec::new(), ..input(10, 1) };
    assert_eq!(Plan::new(nobody).err(), Some(Unplannable::NoProfessions));
}
