//! A small Australia to try plans with: one capital, some suburbs, a few towns, one area and three professions.

use jiff::{Timestamp, civil::date};
use shared_types::bookings::Audience;

use crate::{HolidayRegion, Locality, PlanInput, Profession, TypeTemplate};

/// Monday 23 November 2026, half past eight in Sydney.
pub fn now() -> Timestamp {
    Timestamp::constant(1_795_383_000, 0)
}

/// A capital with suburbs, towns in other zones, one far from everything, an area whose people live in one town.
fn localities() -> Vec<Locality> {
    let locality = |name: &str, state: &str, lat: f64, lon: f64, zone: &str, mmm, population| Locality {
        name: name.to_owned(),
        state: state.to_owned(),
        postcode: "2000".to_owned(),
        slug: name.to_lowercase(),
        lat,
        lon,
        zone: zone.parse().expect("the zones below are Australian"),
        mmm: Some(mmm),
        population,
    };
    let mut localities = vec![
        locality("Sydney", "NSW", -33.87, 151.21, "Australia/Sydney", 1, 5_000_000),
        locality("Broken Hill", "NSW", -31.95, 141.45, "Australia/Broken_Hill", 3, 17_000),
        locality("Lord Howe Island", "NSW", -31.55, 159.08, "Australia/Lord_Howe", 7, 400),
        locality("Eucla", "WA", -31.68, 128.88, "Australia/Eucla", 7, 0),
        locality("Darwin", "NT", -12.46, 130.84, "Australia/Darwin", 2, 140_000),
        locality("Perth", "WA", -31.95, 115.86, "Australia/Perth", 1, 180_000),
        locality("Bay Town", "QLD", -25.28, 152.80, "Australia/Brisbane", 2, 0),
    ];
    let bay = locality("Wide Bay", "QLD", -25.29, 152.81, "Australia/Brisbane", 2, 50_000);
    localities.push(Locality { postcode: String::new(), ..bay });
    for nth in 0..40 {
        let (row, column) = (f64::from(nth / 8), f64::from(nth % 8));
        let (lat, lon) = (-33.95 + row * 0.03, 150.9 + column * 0.03);
        let population = if nth % 3 == 0 { 20_000 } else { 0 };
        localities.push(locality(
            &format!("Suburb {nth}"),
            "NSW",
            lat,
            lon,
            "Australia/Sydney",
            1,
            population,
        ));
    }
    localities
}

fn professions() -> Vec<Profession> {
    let visit = |name: &str, duration_minutes, buffer_after_minutes, price_cents, audience, telehealth| {
        TypeTemplate {
            name: name.to_owned(),
            duration_minutes,
            buffer_before_minutes: if duration_minutes > 30 { 5 } else { 0 },
            buffer_after_minutes,
            price_cents,
            audience,
            telehealth,
        }
    };
    let types = vec![
        visit("Standard consultation", 15, 0, 8_500, Audience::All, false),
        visit("First visit", 40, 5, 14_000, Audience::New, false),
        visit("Long consultation", 30, 10, 12_500, Audience::Existing, false),
        visit("Video consultation", 15, 0, 7_500, Audience::All, true),
    ];
    let profession =
        |slug: &str, name: &str, prefix: Option<&str>, weight, bulk_billing_possible| Profession {
            slug: slug.to_owned(),
            name: name.to_owned(),
            ahpra_prefix: prefix.map(str::to_owned),
            weight,
            discreet: false,
            bulk_billing_possible,
            appointment_types: types.clone(),
        };
    vec![
        profession("general-practitioner", "General practitioner", Some("MED"), 10.0, true),
        profession("physiotherapist", "Physiotherapist", Some("PHY"), 6.0, false),
        profession("counsellor", "Counsellor", None, 2.0, false),
    ]
}

/// Everything a plan of so many roles needs, with three holidays and one region around Sydney.
pub fn input(roles: u32, seed: u64) -> PlanInput {
    PlanInput {
        roles,
        seed,
        today: date(2026, 11, 23),
        now: now(),
        localities: localities(),
        professions: professions(),
        holidays: vec![
            ("AU".to_owned(), date(2026, 12, 25)),
            ("NSW".to_owned(), date(2026, 12, 1)),
            ("nsw-shore".to_owned(), date(2026, 12, 2)),
        ],
        holiday_regions: vec![HolidayRegion {
            slug: "nsw-shore".to_owned(),
            state: "NSW".to_owned(),
            lat: -33.87,
            lon: 151.21,
            radius_km: 10.0,
        }],
        appointments_max: 2_000_000,
    }
}
