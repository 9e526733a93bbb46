//! Every path of the service. Pools, holds and what a patient does with an appointment, a practice's calendar, webhooks and FHIR
//! go on in `routes/of_….rs`; the other files there are endpoints.

mod act_on_appointment;
mod answer_proposal;
mod answer_reminder;
mod attendance;
mod calendar_feed;
mod cancel_appointment;
mod cannot_be_charged;
mod cases;
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
mod find_honour_rate;
mod hold_from_pool;
mod list_appointment_types;
mod list_consents;
mod list_free_times;
mod list_my_appointments;
mod list_patient_appointments;
mod list_practice_appointments;
mod list_practice_bookings;
mod list_practice_roles;
mod list_requests;
mod list_similar;
mod list_unmarked;
mod mistake;
mod move_appointment;
mod my_series;
mod of_fhir;
mod of_mistakes;
mod of_patients;
mod of_practices;
mod of_webhooks;
mod open_manage_link;
mod outside_hours;
mod platform_disputes;
mod platform_mistakes;
mod platform_reviews;
mod pools;
mod practice;
mod practice_disputes;
mod practice_mistakes;
mod practice_pools;
mod practice_resources;
mod practice_series;
mod practice_sessions;
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
mod tag;
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
    bookings::practice::CALENDAR_STAFF,
    users::PlatformRole::{Administrator, Support},
};

use crate::state::State;

const PROPOSAL: &str = "/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/proposal";
const FEED: &str = "/api/v1/bookings/me/calendar-feed";
const WAITLIST: &str = "/api/v1/bookings/me/waitlist";
const DISPUTE: &str = "/api/v1/bookings/appointments/{appointment_id}/dispute";
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
    let routes = Routes::new("bookings", core)
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
            "/api/v1/bookings/practices/{organization_id}/honour-rate",
            "find_honour_rate",
            Public,
            find_honour_rate::find_honour_rate,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/consent-texts/{text}",
            "find_consent_text",
            Public,
            find_consent_text::find_consent_text,
        );
    let routes = of_patients::add(routes)
        .route(Method::POST, PROPOSAL, "propose_time", Practice(&CALENDAR_STAFF), propose_time::propose_time)
        .route(
            Method::DELETE,
            PROPOSAL,
            "withdraw_proposal",
            Practice(&CALENDAR_STAFF),
            propose_time::withdraw_proposal,
        );
    let routes = of_webhooks::add(routes)
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
            Method::GET,
            "/api/v1/bookings/practices/{organization_id}/unmarked",
            "list_unmarked",
            Practice(&CALENDAR_STAFF),
            list_unmarked::list_unmarked,
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
        );
    let routes = of_practices::add(of_mistakes::add(routes))
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
        .route(
            Method::GET,
            "/api/v1/bookings/platform/reviews",
            "list_reviews",
            Platform(&[Administrator]),
            platform_reviews::list_reviews,
        )
        .route(
            Method::GET,
            "/api/v1/bookings/platform/reviews/{practitioner_role_id}",
            "list_review_appointments",
            Platform(&[Administrator]),
            platform_reviews::list_review_appointments,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/platform/reviews/{practitioner_role_id}/keep",
            "keep_reviewed",
            Platform(&[Administrator]),
            platform_reviews::keep_reviewed,
        )
        .route(
            Method::POST,
            "/api/v1/bookings/platform/reviews/{practitioner_role_id}/cancel",
            "cancel_reviewed",
            Platform(&[Administrator]),
            platform_reviews::cancel_reviewed,
        );
    of_fhir::add(routes)
}
