//! A time as a `Slot`.

use jiff::Timestamp;
use shared_types::{
    AppointmentTypeId, Problem, Zone,
    bookings::{AppointmentType, BookedRole},
};

use super::{
    SlotId,
    types::{Base, CodeableConcept, Coding, Extension, Reference, Slot},
};

/// Extensions of SMART Scheduling Links (its `specification.md`, read 2026-11-26).
const DEEP_LINK: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/booking-deep-link";
const PHONE: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/booking-phone";

/// Where a time stands, as far as anybody may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotStatus {
    /// It can be booked.
    Free,
    /// It is held for who asks.
    Held,
    /// It is booked by who asks.
    Booked,
}

impl SlotStatus {
    /// The code (<https://hl7.org/fhir/R4/valueset-slotstatus.html>).
    fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "busy-tentative",
            Self::Booked => "busy",
        }
    }
}

/// A start of an appointment type with a role; how to book it is said of what is free alone.
pub fn slot(
    base: &Base,
    id: SlotId,
    role: &BookedRole,
    appointment_type: &AppointmentType,
    end: Timestamp,
    status: SlotStatus,
) -> Slot {
    Slot {
        id: id.to_string(),
        extension: if status == SlotStatus::Free { ways_to_book(base, id, role) } else { Vec::new() },
        service_type: vec![service_type(base, appointment_type)],
        schedule: Reference::to(format!("Schedule/{}", id.practitioner_role_id)),
        status: status.code(),
        start: local(id.start, role.time_zone),
        end: local(end, role.time_zone),
    }
}

/// Where people book a time.
fn page(base: &Base, id: SlotId) -> String {
    let SlotId { start, practitioner_role_id, appointment_type_id } = id;
    base.page(&format!("/book/{practitioner_role_id}?type={appointment_type_id}&start={start}"))
}

/// Why a program cannot book a time by itself, and where people do.
pub fn by_page(base: &Base, id: SlotId) -> Problem {
    let detail = format!(
        "Nothing was booked. It is paid for when it is booked, or the patient is visited at home: both want its \
         page, {}.",
        page(base, id)
    );
    Problem::new("not-bookable", 409, "This is booked on its page").detail(detail)
}

fn ways_to_book(base: &Base, id: SlotId, role: &BookedRole) -> Vec<Extension> {
    let link = Extension::Url { url: DEEP_LINK, value: page(base, id) };
    let phone = role.phone.clone().map(|value| Extension::Text { url: PHONE, value });
    std::iter::once(link).chain(phone).collect()
}

/// An appointment type as a concept of our own code system.
pub fn service_type(base: &Base, appointment_type: &AppointmentType) -> CodeableConcept {
    let AppointmentType { appointment_type_id, name, .. } = appointment_type;
    CodeableConcept {
        coding: vec![Coding {
            system: base.codes("appointment-type"),
            code: appointment_type_id.to_string(),
            display: Some(name.clone()),
        }],
        text: name.clone(),
    }
}

/// The appointment type in a token `system|code`, or `code` alone; nothing for a code that is no type of ours.
pub fn of_token(token: &str) -> Option<AppointmentTypeId> {
    token.rsplit('|').next()?.parse().ok()
}

/// An instant on the wall of the place, with its offset.
pub fn local(instant: Timestamp, zone: Zone) -> String {
    instant.to_zoned(zone.time_zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use shared_types::Zone;

    use super::{local, of_token};

    #[test]
    fn an_instant_has_the_offset_of_its_place() {
        let instant = "2026-11-22T23:00:00Z".parse().unwrap();
        assert_eq!(local(instant, Zone::SYDNEY), "2026-11-23T10:00:00+11:00");
        let lord_howe: Zone = "Australia/Lord_Howe".parse().unwrap();
        assert_eq!(local("2026-06-30T23:00:00Z".parse().unwrap(), lord_howe), "2026-07-01T09:30:00+10:30");
    }

    #[test]
    fn a_token_may_name_its_system() {
        let id = "00000000-0000-0000-0000-000000000021";
        for token in [id.to_owned(), format!("|{id}"), format!("https://a.example/fhir|{id}")] {
            assert_eq!(of_token(&token).map(|found| found.to_string()).as_deref(), Some(id), "{token}");
        }
        assert_eq!(of_token("57"), None);
    }
}
