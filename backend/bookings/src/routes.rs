//! Every path of the service.

mod act_on_appointment;
mod answer_proposal;
mod answer_reminder;
mod attendance;
mod calendar_feed;
mod cancel_appointment;
mod check_series;
mod claim_bookings;
mod confirm_hold;
mod create_appointment;
mod create_hold;
mod create_series;
mod disagreement;
mod dispute;
mod export_record;
mod external_calendar;
mod fhir_appointment;
mod fhir_book;
mod fhir_bulk;
mod fhir_directory;
mod fhir_find;
mod fhir_hold;
mod fhir_metadata;
mod fhir_schedule;
mod fhir_slot;
mod find_appointment;
mod find_availability;
mod find_calendar;
mod find_consent_text;
mod find_hold;
mod hold_from_pool;
mod list_appointment_types;
mod list_consents;
mod list_free_times;
mod list_my_appointments;
mod list_patient_appointments;
mod list_practice_appointments;
mod list_practice_bookings;
mod list_practice_roles;
mod list_similar;
mod move_appointment;
mod my_series;
mod open_manage_link;
mod platform_disputes;
mod pools;
mod practice;
mod practice_disputes;
mod practice_pools;
mod practice_resources;
mod practice_series;
mod practice_waitlist;
mod propose_time;
mod read_calendar_feed;
mod release_hold;
mod reschedule_appointment;
mod role_feed;
mod role_schedule;
mod role_types;
mod running_late;
mod send_manage_code;
mod span;
pub(crate) mod views;
mod waitlist;
mod waive_fee;
mod webhooks;

use axum::http::Method;
use kernel::{
    Core,
    Policy::{Account, Holder, Platform, Practice, Public},
    Routes,
    audit::trail,
    export,
};
use shared_types::{
    bookings::{practice::CALENDAR_STAFF, schedule::SCHEDULE_STAFF, webhook::WEBHOOK_STAFF},
    users::{
        PlatformRole::{Administrator, Support},
        StaffRole,
    },
};

use crate::state::State;

const POOLS: &str = "/api/v1/bookings/practices/{organization_id}/pools";
const RESOURCES: &str = "/api/v1/bookings/practices/{organization_id}/resources";
const SCHEDULE: &str = "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/schedule";
const TYPES: &str =
    "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types";
const PROPOSAL: &str = "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal";
const FEED: &str = "/api/v1/bookings/me/calendar-feed";
const ROLE_FEED: &str =
    "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed";
const EXTERNAL: &str =
    "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar";
const WAITLIST: &str = "/api/v1/bookings/me/waitlist";
const FIND: &str = "/fhir/Appointment/$find";
const DISPUTE: &str = "/api/v1/bookings/appointments/{appointment_id}/dispute";
const WEBHOOKS: &str = "/api/v1/bookings/practices/{organization_id}/webhooks";
const STATEMENTS: &str = "/api/v1/bookings/appointments/{appointment_id}/disagreement";
/// A hold of the first time that is free.
const A_FREE_TIME: &[(&str, &str)] = &[
    ("practitioner_role_id", "/practitioner_role_id"),
    ("appointment_type_id", "/appointment_type_id"),
    ("start", "/starts/0"),
];

/// The routes. What a `Holder` may see is decided by the guest cookie or the manage session they carry, or by the
/// account they are signed in with.
pub fn routes(core: &Core) -> Routes<State> {
    Routes::new("bookings", core)
        .follows("list_free_times", "create_hold", A_FREE_TIME)
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
            "/api/v1/bookings/roles/{practitioner_role_id}/similar",
            "list_similar",
            Public,
            list_similar::list_similar,
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
        .route(Method::GET, "/api/v1/bookings/pools", "list_pools", Public, pools::list_pools)
        .route(
            Method::GET,
            "/api/v1/bookings/pools/{pool_id}/availability",
            "find_pool_availability",
            Public,
            pools::find_pool_availability,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/pools/{pool_id}/holds",
            "hold_from_pool",
            Public,
            hold_from_pool::hold_from_pool,
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
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/attendance",
            "confirm_attendance",
            Holder,
            attendance::confirm_attendance,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/absence",
            "report_absence",
            Holder,
            attendance::report_absence,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/appointments/{appointment_id}/proposal",
            "find_proposal",
            Holder,
            answer_proposal::find_proposal,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/proposal/answer",
            "answer_proposal",
            Holder,
            answer_proposal::answer_proposal,
        )
        .route(
            Method::POST,
            PROPOSAL,
            "propose_time",
            Practice(&CALENDAR_STAFF),
            propose_time::propose_time,
        )
        .route(
            Method::DELETE,
            PROPOSAL,
            "withdraw_proposal",
            Practice(&CALENDAR_STAFF),
            propose_time::withdraw_proposal,
        )
        .route(Method::GET, WEBHOOKS, "list_webhooks", Practice(&WEBHOOK_STAFF), webhooks::list_webhooks)
        .route(Method::POST, WEBHOOKS, "create_webhook", Practice(&WEBHOOK_STAFF), webhooks::create_webhook)
        .route(
            Method::DELETE,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}",
            "delete_webhook",
            Practice(&WEBHOOK_STAFF),
            webhooks::delete_webhook,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/active",
            "set_webhook_active",
            Practice(&WEBHOOK_STAFF),
            webhooks::set_webhook_active,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/secret",
            "rotate_webhook_secret",
            Practice(&WEBHOOK_STAFF),
            webhooks::rotate_webhook_secret,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/ping",
            "ping_webhook",
            Practice(&WEBHOOK_STAFF),
            webhooks::ping_webhook,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries",
            "list_deliveries",
            Practice(&WEBHOOK_STAFF),
            webhooks::list_deliveries,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/webhooks/{webhook_id}/deliveries/{webhook_delivery_id}/redeliver",
            "redeliver",
            Practice(&WEBHOOK_STAFF),
            webhooks::redeliver,
        )
        .route(Method::GET, DISPUTE, "find_dispute", Holder, dispute::find_dispute)
        .route(Method::POST, DISPUTE, "open_dispute", Holder, dispute::open_dispute)
        .route(
            Method::POST,
            "/api/v1/bookings/appointments/{appointment_id}/dispute/answer",
            "answer_dispute",
            Holder,
            dispute::answer_dispute,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/disputes",
            "list_practice_disputes",
            Practice(&CALENDAR_STAFF),
            practice_disputes::list_practice_disputes,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute",
            "dispute_absence",
            Practice(&CALENDAR_STAFF),
            practice_disputes::dispute_absence,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute/answer",
            "answer_for_practice",
            Practice(&CALENDAR_STAFF),
            practice_disputes::answer_for_practice,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/platform/disputes",
            "list_disputes",
            Platform(&[Administrator]),
            platform_disputes::list_disputes,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/platform/disputes/{dispute_id}/decide",
            "decide_dispute",
            Platform(&[Administrator]),
            platform_disputes::decide_dispute,
        )
        .route(Method::GET, STATEMENTS, "list_statements", Holder, disagreement::list_statements)
        .route(Method::POST, STATEMENTS, "add_statement", Holder, disagreement::add_statement)
        .route(
            Method::POST,
            "/api/v1/bookings/replies/attendance",
            "answer_reminder",
            Public,
            answer_reminder::answer_reminder,
        )
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
        .route(Method::GET, FEED, "find_calendar_feed", Account, calendar_feed::find_calendar_feed)
        .route(Method::POST, FEED, "create_calendar_feed", Account, calendar_feed::create_calendar_feed)
        .route(Method::DELETE, FEED, "delete_calendar_feed", Account, calendar_feed::delete_calendar_feed)
        .route(
            Method::GET,
            "/api/v1/bookings/calendar-feeds/{token}/calendar.ics",
            "read_calendar_feed",
            Public,
            read_calendar_feed::read_calendar_feed,
        )
        .route(Method::GET, WAITLIST, "list_waitlist", Account, waitlist::list_waitlist)
        .route(Method::POST, WAITLIST, "join_waitlist", Account, waitlist::join_waitlist)
        .route(
            Method::DELETE,
            "/api/v1/bookings/me/waitlist/{waitlist_entry_id}",
            "leave_waitlist",
            Account,
            waitlist::leave_waitlist,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/waitlist",
            "list_practice_waitlist",
            Practice(&CALENDAR_STAFF),
            practice_waitlist::list_practice_waitlist,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/waitlist/{waitlist_entry_id}/remove",
            "remove_from_waitlist",
            Practice(&CALENDAR_STAFF),
            practice_waitlist::remove_from_waitlist,
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
            "/api/v1/bookings/practices/{organization_id}/bookings",
            "list_practice_bookings",
            Practice(&StaffRole::ALL),
            list_practice_bookings::list_practice_bookings,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/roles",
            "list_practice_roles",
            Practice(&StaffRole::ALL),
            list_practice_roles::list_practice_roles,
        )
        .route(
            Method::GET,
            POOLS,
            "list_practice_pools",
            Practice(&CALENDAR_STAFF),
            practice_pools::list_practice_pools,
        )
        .route(
            Method::POST,
            POOLS,
            "create_pool",
            Practice(&role_schedule::EDITORS),
            practice_pools::create_pool,
        )
        .route(
            Method::PUT,
            "/api/v1/bookings/practices/{organization_id}/pools/{pool_id}",
            "put_pool",
            Practice(&role_schedule::EDITORS),
            practice_pools::put_pool,
        )
        .route(
            Method::GET,
            RESOURCES,
            "list_resources",
            Practice(&CALENDAR_STAFF),
            practice_resources::list_resources,
        )
        .route(
            Method::POST,
            RESOURCES,
            "create_resource",
            Practice(&role_schedule::EDITORS),
            practice_resources::create_resource,
        )
        .route(
            Method::DELETE,
            "/api/v1/bookings/practices/{organization_id}/resources/{resource_id}",
            "retire_resource",
            Practice(&role_schedule::EDITORS),
            practice_resources::retire_resource,
        )
        .route(
            Method::GET,
            SCHEDULE,
            "find_schedule",
            Practice(&CALENDAR_STAFF),
            role_schedule::find_schedule,
        )
        .route(
            Method::PUT,
            SCHEDULE,
            "put_schedule",
            Practice(&SCHEDULE_STAFF),
            role_schedule::put_schedule,
        )
        .route(
            Method::PUT,
            "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/keeper",
            "put_keeper",
            Practice(&role_schedule::EDITORS),
            role_schedule::put_keeper,
        )
        .route(
            Method::GET,
            ROLE_FEED,
            "find_role_feed",
            Practice(&CALENDAR_STAFF),
            role_feed::find_role_feed,
        )
        .route(
            Method::POST,
            ROLE_FEED,
            "create_role_feed",
            Practice(&SCHEDULE_STAFF),
            role_feed::create_role_feed,
        )
        .route(
            Method::DELETE,
            ROLE_FEED,
            "delete_role_feed",
            Practice(&SCHEDULE_STAFF),
            role_feed::delete_role_feed,
        )
        .route(
            Method::GET,
            EXTERNAL,
            "find_external_calendar",
            Practice(&CALENDAR_STAFF),
            external_calendar::find_external_calendar,
        )
        .route(
            Method::PUT,
            EXTERNAL,
            "put_external_calendar",
            Practice(&SCHEDULE_STAFF),
            external_calendar::put_external_calendar,
        )
        .route(
            Method::DELETE,
            EXTERNAL,
            "delete_external_calendar",
            Practice(&SCHEDULE_STAFF),
            external_calendar::delete_external_calendar,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/running-late",
            "say_running_late",
            Practice(&CALENDAR_STAFF),
            running_late::say_running_late,
        )
        .route(
            Method::GET,
            TYPES,
            "list_role_types",
            Practice(&CALENDAR_STAFF),
            role_types::list_role_types,
        )
        .route(
            Method::POST,
            TYPES,
            "create_appointment_type",
            Practice(&SCHEDULE_STAFF),
            role_types::create_appointment_type,
        )
        .route(
            Method::PUT,
            "/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types/{appointment_type_id}",
            "put_appointment_type",
            Practice(&SCHEDULE_STAFF),
            role_types::put_appointment_type,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/calendar",
            "find_calendar",
            Practice(&CALENDAR_STAFF),
            find_calendar::find_calendar,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/transitions",
            "act_on_appointment",
            Practice(&CALENDAR_STAFF),
            act_on_appointment::act_on_appointment,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments",
            "create_appointment",
            Practice(&CALENDAR_STAFF),
            create_appointment::create_appointment,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/reschedule",
            "reschedule_appointment",
            Practice(&CALENDAR_STAFF),
            reschedule_appointment::reschedule_appointment,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/series/check",
            "check_series",
            Practice(&CALENDAR_STAFF),
            check_series::check_series,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/series",
            "create_series",
            Practice(&CALENDAR_STAFF),
            create_series::create_series,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/series/{series_id}",
            "find_series",
            Practice(&CALENDAR_STAFF),
            practice_series::find_series,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/series/{series_id}/cancel",
            "cancel_series",
            Practice(&CALENDAR_STAFF),
            practice_series::cancel_series,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/me/series/{series_id}",
            "find_my_series",
            Account,
            my_series::find_my_series,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/me/series/{series_id}/cancel",
            "cancel_my_series",
            Account,
            my_series::cancel_my_series,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/waive-fee",
            "waive_fee",
            Practice(&CALENDAR_STAFF),
            waive_fee::waive_fee,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/platform/patients/{patient_id}/appointments",
            "list_patient_appointments",
            Platform(&[Support, Administrator]),
            list_patient_appointments::list_patient_appointments,
        )
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
        .route(
            Method::GET,
            "/fhir/$bulk-publish",
            "fhir_bulk_publish",
            Public,
            fhir_bulk::fhir_bulk_publish,
        )
        .route(
            Method::GET,
            "/fhir/bulk/{resource}/{state}/{practitioner_role_id}",
            "fhir_bulk_file",
            Public,
            fhir_bulk::fhir_bulk_file,
        )
}
