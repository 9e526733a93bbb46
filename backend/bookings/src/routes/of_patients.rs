//! Pools and holds, and what a patient does with an appointment.

use axum::http::Method;
use kernel::{
    Policy::{Holder, Public},
    Routes,
};

use super::{
    answer_proposal, attendance, cancel_appointment, confirm_hold, create_hold, find_appointment, find_hold,
    hold_from_pool, move_appointment, pools, release_hold,
};
use crate::state::State;

/// Adds them.
pub fn add(routes: Routes<State>) -> Routes<State> {
    routes
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
            "/api/v1/bookings/appointments/{appointment_id}/arrival",
            "report_arrival",
            Holder,
            attendance::report_arrival,
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
}
