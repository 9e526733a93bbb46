//! What is answered to other programs in FHIR.

use axum::http::Method;
use kernel::{
    Policy::{Holder, Practice, Public},
    Routes,
};
use shared_types::bookings::practice::CALENDAR_STAFF;

use super::{
    fhir_appointment, fhir_book, fhir_bulk, fhir_directory, fhir_find, fhir_hold, fhir_metadata,
    fhir_schedule, fhir_slot,
};
use crate::state::State;

const FIND: &str = "/fhir/Appointment/$find";

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
        .route(Method::GET, "/fhir/metadata", "fhir_metadata", Public, fhir_metadata::fhir_metadata)
        .route(
            Method::GET,
            "/fhir/Schedule",
            "fhir_search_schedules",
            Public,
            fhir_schedule::fhir_search_schedules,
        )
        .route(
            Method::GET,
            "/fhir/Schedule/{practitioner_role_id}",
            "fhir_read_schedule",
            Public,
            fhir_schedule::fhir_read_schedule,
        )
        .route(Method::GET, "/fhir/Slot", "fhir_search_slots", Public, fhir_slot::fhir_search_slots)
        .route(Method::GET, "/fhir/Slot/{slot_id}", "fhir_read_slot", Public, fhir_slot::fhir_read_slot)
        .route(
            Method::GET,
            "/fhir/PractitionerRole/{practitioner_role_id}",
            "fhir_read_practitioner_role",
            Public,
            fhir_directory::fhir_read_practitioner_role,
        )
        .route(
            Method::GET,
            "/fhir/Location/{practitioner_role_id}",
            "fhir_read_location",
            Public,
            fhir_directory::fhir_read_location,
        )
        .route(
            Method::GET,
            "/fhir/HealthcareService/{practitioner_role_id}",
            "fhir_read_healthcare_service",
            Public,
            fhir_directory::fhir_read_healthcare_service,
        )
        .route(
            Method::GET,
            "/fhir/Appointment/{appointment_id}",
            "fhir_read_appointment",
            Holder,
            fhir_appointment::fhir_read_appointment,
        )
        .route(
            Method::GET,
            "/fhir/practices/{organization_id}/Appointment/{appointment_id}",
            "fhir_read_practice_appointment",
            Practice(&CALENDAR_STAFF),
            fhir_appointment::fhir_read_practice_appointment,
        )
        .route(Method::GET, FIND, "fhir_find", Public, fhir_find::fhir_find)
        .route(Method::POST, FIND, "fhir_find_by_parameters", Public, fhir_find::fhir_find_by_parameters)
        .route(Method::POST, "/fhir/Appointment/$hold", "fhir_hold", Public, fhir_hold::fhir_hold)
        .route(Method::POST, "/fhir/Appointment/$book", "fhir_book", Holder, fhir_book::fhir_book)
        .route(Method::GET, "/fhir/$bulk-publish", "fhir_bulk_publish", Public, fhir_bulk::fhir_bulk_publish)
        .route(
            Method::GET,
            "/fhir/bulk/{resource}/{state}/{practitioner_role_id}",
            "fhir_bulk_file",
            Public,
            fhir_bulk::fhir_bulk_file,
        )
}
