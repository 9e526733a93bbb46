//! Replies for the pages of this suite.

use jiff::{
    SignedDuration,
    civil::{date, time},
};
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, HoldId, PractitionerRoleId, QuoteId, Zone,
    bookings::{
        Appointment, AppointmentStatus, AppointmentType, AppointmentTypes, Audience, Availability,
        BookedRole, CancellationPolicy, Cancelling, ExtraHours, Hold, HoldStatus, Offering, Quote,
        RoleAvailability,
    },
    providers::{
        FeeLine, OpeningHours, Origin, PracticeProfile, ProviderProfile, Regulation, SchemaOrg, Source,
    },
};
use uuid::Uuid;

use crate::support::{as_of, at, provider, three};

pub const PROVIDER: &str = "/api/v1/providers/providers/priya-nairwood-1";
pub const PRACTICE: &str = "/api/v1/providers/practices/wattle-lane-physio";

pub fn role_id() -> PractitionerRoleId {
    PractitionerRoleId(Uuid::from_u128(1))
}

/// The first visit is 51, the return visit 52.
pub fn type_id(nth: u128) -> AppointmentTypeId {
    AppointmentTypeId(Uuid::from_u128(nth))
}

pub fn availability_path() -> String {
    format!("/api/v1/bookings/roles/{}/availability", role_id())
}

pub fn types_path() -> String {
    format!("/api/v1/bookings/roles/{}/appointment-types", role_id())
}

/// Four weeks from Monday 23 November, open for a first visit at each of these starts; the next after them is Monday
/// 21 December, 8:30 am.
pub fn availability(type_nth: u128, starts: &[&str]) -> RoleAvailability {
    let zone = Zone::SYDNEY;
    let hours = |start: &&str| {
        let (date, opens) = (zone.date(at(start)), zone.time(at(start)));
        let closes = opens.wrapping_add(SignedDuration::from_mins(45));
        ExtraHours { date, opens, closes, audience: Audience::All }
    };
    RoleAvailability {
        practitioner_role_id: role_id(),
        appointment_type_id: type_id(type_nth),
        as_of: as_of(),
        from: date(2026, 11, 23),
        to: date(2026, 12, 20),
        availability: Availability {
            zone,
            rules: Vec::new(),
            closures: Vec::new(),
            extra_hours: starts.iter().map(hours).collect(),
        },
        offering: Some(Offering {
            duration_minutes: 45,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            step_minutes: 45,
            notice_minutes: 0,
            horizon_days: 60,
            audience: Audience::All,
            telehealth: false,
        }),
        busy: Vec::new(),
        next: Some(at("2026-12-20T21:30:00Z")),
        sessions: Vec::new(),
    }
}

/// Tomorrow at 9:15 am and at 5:00 pm.
pub const TOMORROW: [&str; 2] = ["2026-11-23T22:15:00Z", "2026-11-24T06:00:00Z"];

pub fn source() -> Source {
    Source { origin: Origin::Demo, checked_on: date(2026, 11, 23) }
}

fn hours() -> Vec<OpeningHours> {
    let open = |weekday| OpeningHours { weekday, opens: time(8, 0, 0, 0), closes: time(18, 30, 0, 0) };
    (1..=5).map(open).collect()
}

fn fee(nth: u128, name: &str, minutes: u16, cents: i64) -> FeeLine {
    FeeLine {
        appointment_type_id: type_id(nth),
        name: name.to_owned(),
        duration_minutes: minutes,
        price_cents: AudCents(cents),
        bulk_billed: cents == 0,
        telehealth: false,
    }
}

pub fn profile() -> ProviderProfile {
    let mut people = three();
    ProviderProfile {
        colleagues: people.split_off(1),
        summary: people.remove(0),
        as_of: as_of(),
        regulation: Some(Regulation::Registered),
        schema_org: Some(SchemaOrg {
            kind: "Physician".to_owned(),
            specialty: Some("PrimaryCare".to_owned()),
        }),
        ahpra_number: Some("PHY0000000001".to_owned()),
        about: Some("Helps people get moving again.".to_owned()),
        services: vec!["Back and neck".to_owned()],
        opening_hours: hours(),
        fees: vec![fee(51, "First visit", 45, 12_000), fee(52, "Care plan visit", 30, 0)],
        source: source(),
    }
}

pub fn practice() -> PracticeProfile {
    let person = provider(1, "Priya Nairwood", 0.0, &TOMORROW);
    PracticeProfile {
        organization: person.organization.clone().unwrap(),
        as_of: as_of(),
        locations: person.location.clone().into_iter().collect(),
        opening_hours: hours(),
        practitioners: three(),
        bulk_bills_as_of: None,
        website: None,
        source: source(),
    }
}

fn appointment_type(nth: u128, name: &str, cents: i64, audience: Audience) -> AppointmentType {
    AppointmentType {
        appointment_type_id: type_id(nth),
        name: name.to_owned(),
        duration_minutes: 45,
        price_cents: AudCents(cents),
        bulk_billed: cents == 0,
        telehealth: false,
        audience,
        needs_acceptance: false,
        seats: None,
        home_visit: false,
    }
}

pub fn types() -> AppointmentTypes {
    AppointmentTypes {
        items: vec![
            appointment_type(51, "First visit", 12_000, Audience::New),
            appointment_type(52, "Return visit", 9_000, Audience::Existing),
        ],
        role: BookedRole {
            practitioner_role_id: role_id(),
            slug: "priya-nairwood-1".to_owned(),
            name: "Priya Nairwood".to_owned(),
            profession_name: Some("Physiotherapist".to_owned()),
            organization_id: None,
            organization_name: Some("Wattle Lane Physio".to_owned()),
            phone: Some("(02) 5550 1234".to_owned()),
            address: "12 Church Street, Parramatta NSW 2150".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
    }
}

const POLICY: CancellationPolicy =
    CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_000) };

/// Tomorrow at 9:15 am, held for ten minutes.
pub fn hold() -> Hold {
    let types = types();
    Hold {
        hold_id: HoldId(Uuid::from_u128(70)),
        booking_id: BookingId(Uuid::from_u128(71)),
        status: HoldStatus::Active,
        role: types.role,
        appointment_type: types.items[0].clone(),
        start: at(TOMORROW[0]),
        end: at("2026-11-23T23:00:00Z"),
        expires_at: at("2026-11-22T22:10:00Z"),
        as_of: as_of(),
        quote: Quote {
            quote_id: QuoteId(Uuid::from_u128(72)),
            booking_id: BookingId(Uuid::from_u128(71)),
            fee_cents: AudCents(12_000),
            rebate_cents: AudCents::ZERO,
            gap_cents: AudCents(12_000),
            expires_at: at("2026-11-22T22:10:00Z"),
            terms: None,
            kid: "k".to_owned(),
            signature: "s".to_owned(),
        },
        policy: POLICY,
        questions: Vec::new(),
        note_ticket: None,
        cohorts: Vec::new(),
        cohort: None,
    }
}

/// The same time, booked.
pub fn appointment(cancelling_now: Cancelling) -> Appointment {
    let hold = hold();
    Appointment {
        appointment_id: AppointmentId(Uuid::from_u128(80)),
        booking_id: hold.booking_id,
        version: 1,
        status: AppointmentStatus::Confirmed,
        role: hold.role,
        appointment_type: hold.appointment_type,
        start: hold.start,
        end: hold.end,
        policy: POLICY,
        cancelling_now,
        as_of: as_of(),
        email_hint: "a…@example.org".to_owned(),
        reply_by: None,
        attendance_confirmed_at: None,
        reason: None,
        series_id: None,
        late_minutes: None,
        asked_first: false,
        proposed: None,
        quote: None,
        pay_until: None,
        payment_failure: None,
        repair_until: None,
        payment_ticket: None,
    }
}
