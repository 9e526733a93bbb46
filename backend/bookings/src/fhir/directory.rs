//! Whom one books and where, from what this service knows of a role. There is one `Location` for each role, with the role's id:
//! which roles share a place, providers knows.

use jiff::{SignedDuration, Timestamp};
use shared_types::bookings::BookedRole;

use super::{
    slot::{local, service_type},
    types::{
        Address, Base, CodeableConcept, ContactPoint, HealthcareService, Identifier, Location, Period,
        PractitionerRole, Reference, Schedule,
    },
};
use crate::store::calendar::{Calendar, TypeRow};

/// The states and territories, as addresses and holidays name them.
pub const STATES: [&str; 8] = ["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"];

/// A role's calendar. Its own page has hours; a schedule only says what can be booked and how far ahead.
pub fn schedule(base: &Base, calendar: &Calendar, now: Timestamp) -> Schedule {
    let role = &calendar.role;
    let horizon = horizon_days(calendar).map(|days| {
        let ahead = SignedDuration::from_hours(24 * i64::from(days));
        let end = now.saturating_add(ahead).unwrap_or(now);
        Period { start: local(now, role.time_zone), end: local(end, role.time_zone) }
    });
    Schedule {
        id: role.practitioner_role_id.to_string(),
        active: horizon.is_some(),
        service_type: service_types(base, calendar),
        specialty: specialty(role),
        actor: vec![person(role), place(role)],
        planning_horizon: horizon,
    }
}

/// Who is seen.
pub fn person(role: &BookedRole) -> Reference {
    Reference::to(format!("PractitionerRole/{}", role.practitioner_role_id)).named(&role.name)
}

/// Where, for those who come to the practice.
pub fn place(role: &BookedRole) -> Reference {
    Reference::to(format!("Location/{}", role.practitioner_role_id)).named(place_name(role))
}

/// Somebody at a place.
pub fn practitioner_role(base: &Base, role: &BookedRole) -> PractitionerRole {
    PractitionerRole {
        id: role.practitioner_role_id.to_string(),
        identifier: vec![identifier(base, role)],
        active: true,
        practitioner: Reference::default().named(&role.name),
        organization: organization(role),
        specialty: specialty(role),
        location: vec![place(role)],
        healthcare_service: vec![Reference::to(format!("HealthcareService/{}", role.practitioner_role_id))],
        telecom: telecom(base, role),
    }
}

/// What can be booked with somebody at a place; it has the role's id.
pub fn healthcare_service(base: &Base, calendar: &Calendar) -> HealthcareService {
    let role = &calendar.role;
    let ways = [
        (calendar.types.iter().any(|of| of.telehealth), "By video or phone"),
        (calendar.types.iter().any(|of| of.home_visit), "Home visits"),
    ];
    HealthcareService {
        id: role.practitioner_role_id.to_string(),
        identifier: vec![identifier(base, role)],
        active: horizon_days(calendar).is_some(),
        provided_by: organization(role),
        kind: service_types(base, calendar),
        specialty: specialty(role),
        location: vec![place(role)],
        name: role.name.clone(),
        telecom: telecom(base, role),
        characteristic: ways
            .into_iter()
            .filter(|(offered, _)| *offered)
            .map(|(_, way)| CodeableConcept::text(way))
            .collect(),
        appointment_required: true,
    }
}

/// The place of a role.
pub fn location(base: &Base, role: &BookedRole) -> Location {
    Location {
        id: role.practitioner_role_id.to_string(),
        identifier: vec![identifier(base, role)],
        status: "active",
        name: place_name(role).to_owned(),
        mode: "instance",
        telecom: telecom(base, role),
        address: address(&role.address),
    }
}

/// How far ahead it can be booked, where it can be.
fn horizon_days(calendar: &Calendar) -> Option<u16> {
    calendar.schedule.filter(|_| calendar.role.bookable).map(|schedule| schedule.horizon_days)
}

fn service_types(base: &Base, calendar: &Calendar) -> Vec<CodeableConcept> {
    let types = calendar.types.iter().map(TypeRow::appointment_type);
    types.map(|appointment_type| service_type(base, &appointment_type)).collect()
}

/// The practice by its name: no `Organization` is read here that a reference could lead to.
fn organization(role: &BookedRole) -> Option<Reference> {
    role.organization_name.as_ref().map(|name| Reference::default().named(name))
}

/// The practice's name; somebody without a practice is known by their own.
fn place_name(role: &BookedRole) -> &str {
    role.organization_name.as_deref().unwrap_or(&role.name)
}

/// The name of its page.
fn identifier(base: &Base, role: &BookedRole) -> Identifier {
    Identifier { system: base.page("/providers"), value: role.slug.clone() }
}

fn specialty(role: &BookedRole) -> Vec<CodeableConcept> {
    role.profession_name.iter().map(CodeableConcept::text).collect()
}

fn telecom(base: &Base, role: &BookedRole) -> Vec<ContactPoint> {
    let phone = role.phone.clone().map(|value| ContactPoint { system: "phone", value });
    let page = ContactPoint { system: "url", value: base.page(&format!("/providers/{}", role.slug)) };
    phone.into_iter().chain([page]).collect()
}

/// `1 Wigram Street, Harris Park NSW 2150` in its parts; as a text alone where it is written in another way.
fn address(text: &str) -> Address {
    let (line, town) = match text.rsplit_once(", ") {
        Some((line, town)) => (Some(line), town),
        None => (None, text),
    };
    let mut words = town.rsplitn(3, ' ');
    let (postcode, state, city) = (words.next(), words.next(), words.next());
    let mut address = Address {
        text: text.to_owned(),
        line: Vec::new(),
        city: None,
        state: None,
        postal_code: None,
        country: "AU",
    };
    if let (Some(postcode), Some(state), Some(city)) = (postcode, state, city)
        && postcode.len() == 4
        && postcode.bytes().all(|digit| digit.is_ascii_digit())
        && STATES.contains(&state)
    {
        address.line = line.map(str::to_owned).into_iter().collect();
        address.city = Some(city.to_owned());
        address.state = Some(state.to_owned());
        address.postal_code = Some(postcode.to_owned());
    }
    address
}

#[cfg(test)]
mod tests {
    use super::address;

    fn check(text: &str, line: Option<&str>, town: Option<[&str; 3]>) {
        let parts = address(text);
        assert_eq!(parts.text, text);
        assert_eq!(parts.line.first().map(String::as_str), line, "{text}");
        let found = [&parts.city, &parts.state, &parts.postal_code].map(Option::as_deref);
        assert_eq!(found, town.map_or([None; 3], |town| town.map(Some)), "{text}");
    }

    #[test]
    fn an_address_is_taken_apart_where_it_is_written_as_usual() {
        check(
            "1 Wigram Street, Harris Park NSW 2150",
            Some("1 Wigram Street"),
            Some(["Harris Park", "NSW", "2150"]),
        );
        check(
            "Unit 2, 5 High Street, Perth WA 6000",
            Some("Unit 2, 5 High Street"),
            Some(["Perth", "WA", "6000"]),
        );
        check("Lord Howe Island NSW 2898", None, Some(["Lord Howe Island", "NSW", "2898"]));
        for other in [
            "",
            "NSW 2150",
            "1 Wigram Street",
            "1 Wigram Street, Harris Park",
            "Perth XX 6000",
            "Perth WA 600",
        ] {
            check(other, None, None);
        }
    }
}
