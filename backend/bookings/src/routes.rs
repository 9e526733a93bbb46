//! Every path of the service.

mod cancel_appointment;
mod claim_bookings;
mod confirm_hold;
mod create_hold;
mod disagreement;
mod export_record;
mod find_appointment;
mod find_availability;
mod find_consent_text;
mod find_hold;
mod list_appointment_types;
mod list_consents;
mod list_free_times;
mod list_my_appointments;
mod list_patient_appointments;
mod list_practice_appointments;
mod move_appointment;
mod open_manage_link;
mod release_hold;
mod send_manage_code;
mod span;
mod views;

use axum::http::Method;
use kernel::{
    Core,
    Policy::{Account, Holder, Platform, Practice, Public},
    Routes,
    audit::trail,
    export,
};
use shared_types::users::{
    PlatformRole::{Administrator, Support},
    StaffRole,
};

use crate::state::State;

const STATEMENTS: &str = "/api/v1/bookings/appointments/{appointment_id}/disagreement";

/// The routes. What a `Holder` may see is decided by the guest cookie or the manage session they carry, or by the
/// account they are signed in with.
pub fn routes(core: &Core) -> Routes<State> {
    Routes::new("bookings", core)
        .route(
            Method::GET,
            "/api/v1/bookings/me/audit",
            trail::OPERATION,
            Account,
            trail::list_audit_trail(core),
        )
        .route(
            Method::GET,
            "/api/v1/bookings/me/export",
            export::OPERATION,
            Account,
            export_record::export_record,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/me/consents",
            "list_consents",
            Account,
            list_consents::list_consents,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/roles/{practitioner_role_id}/appointment-types",
            "list_appointment_types",
            Public,
            list_appointment_types::list_appointment_types,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/roles/{practitioner_role_id}/free-times",
            "list_free_times",
            Public,
            list_free_times::list_free_times,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/roles/{practitioner_role_id}/availability",
            "find_availability",
            Public,
            find_availability::find_availability,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/consent-texts/{text}",
            "find_consent_text",
            Public,
            find_consent_text::find_consent_text,
        )
        .route(Method::POST, "/api/v1/bookings/holds", "create_hold", Public, create_hold::create_hold)
        .route(Method::GET, "/api/v1/bookings/holds/{hold_id}", "find_hold", Holder, find_hold::find_hold)
        .route(
            Method::DELETE,
            "/api/v1/bookings/holds/{hold_id}",
            "release_hold",
            Holder,
            release_hold::release_hold,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/holds/{hold_id}/confirm",
            "confirm_hold",
            Holder,
            confirm_hold::confirm_hold,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/appointments/{appointment_id}",
            "find_appointment",
            Holder,
            find_appointment::find_appointment,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/appointments/{appointment_id}/calendar.ics",
            "download_calendar",
            Holder,
            find_appointment::download_calendar,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/cancel",
            "cancel_appointment",
            Holder,
            cancel_appointment::cancel_appointment,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/move",
            "move_appointment",
            Holder,
            move_appointment::move_appointment,
        )
        .route(Method::GET, STATEMENTS, "list_statements", Holder, disagreement::list_statements)
        .route(Method::POST, STATEMENTS, "add_statement", Holder, disagreement::add_statement)
        .route(
            Method::POST,
            "/api/v1/bookings/manage/open",
            "open_manage_link",
            Public,
            open_manage_link::open_manage_link,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/manage/codes",
            "send_manage_code",
            Public,
            send_manage_code::send_manage_code,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/me/appointments",
            "list_my_appointments",
            Account,
            list_my_appointments::list_my_appointments,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/me/claims",
            "claim_bookings",
            Account,
            claim_bookings::claim_bookings,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/appointments",
            "list_practice_appointments",
            Practice(&StaffRole::ALL),
            list_practice_appointments::list_practice_appointments,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/platform/patients/{patient_id}/appointments",
            "list_patient_appointments",
            Platform(&[Support, Administrator]),
            list_patient_appointments::list_patient_appointments,
        )
}
