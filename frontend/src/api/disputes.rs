//! Disputes about what was noted of an appointment, for patients, practices and administrators.

use shared_types::{
    AppointmentId, DisputeId, OrganizationId, Problem,
    bookings::dispute::{
        AnswerDispute, DecideDispute, DisputeCase, DisputeStanding, OpenDispute, PracticeDispute,
    },
};

use super::{ApiClient, Method, bookings::get_appointment};

const PLATFORM: &str = "/api/v1/bookings/platform/disputes";

/// `DisputeStanding`: what can be disputed of an appointment, and what was.
pub fn find_dispute(appointment_id: AppointmentId) -> String {
    format!("{}/dispute", get_appointment(appointment_id))
}

/// `Page<PracticeDispute>`: what is disputed with a practice, and what it can dispute.
pub fn list_practice_disputes(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/disputes")
}

/// `Page<DisputeCase>`: what administrators decide.
pub fn list_disputes() -> String {
    PLATFORM.to_owned()
}

/// Disputes what was noted, as last seen.
///
/// # Errors
/// `/problems/wrong-state` once it is too late, `/problems/stale-version`, `/problems/invalid`.
pub async fn open_dispute(
    client: &ApiClient,
    appointment_id: AppointmentId,
    dispute: &OpenDispute,
) -> Result<DisputeStanding, Problem> {
    client.send(Method::Post, &find_dispute(appointment_id), Some(dispute), None).await
}

/// Answers what a practice disputes, as last seen.
///
/// # Errors
/// `/problems/stale-version` once it is answered or decided, `/problems/invalid`.
pub async fn answer_dispute(
    client: &ApiClient,
    appointment_id: AppointmentId,
    answer: &AnswerDispute,
) -> Result<DisputeStanding, Problem> {
    client.send(Method::Post, &format!("{}/answer", find_dispute(appointment_id)), Some(answer), None).await
}

/// Disputes, for a practice, that nobody was there.
///
/// # Errors
/// As [`open_dispute`].
pub async fn dispute_absence(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    dispute: &OpenDispute,
) -> Result<PracticeDispute, Problem> {
    client.send(Method::Post, &of_practice(organization_id, appointment_id), Some(dispute), None).await
}

/// Answers, for a practice, what a patient disputes.
///
/// # Errors
/// As [`answer_dispute`].
pub async fn answer_for_practice(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    answer: &AnswerDispute,
) -> Result<PracticeDispute, Problem> {
    let path = format!("{}/answer", of_practice(organization_id, appointment_id));
    client.send(Method::Post, &path, Some(answer), None).await
}

/// Decides a dispute, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/too-early` while the other side can answer.
pub async fn decide_dispute(
    client: &ApiClient,
    dispute_id: DisputeId,
    decision: &DecideDispute,
) -> Result<DisputeCase, Problem> {
    client.send(Method::Post, &format!("{PLATFORM}/{dispute_id}/decide"), Some(decision), None).await
}

fn of_practice(organization_id: OrganizationId, appointment_id: AppointmentId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute")
}
