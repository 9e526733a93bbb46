//! Requests to enter an appointment in error where somebody else has to agree, for practices and administrators.

use shared_types::{
    AppointmentId, MistakeRequestId, OrganizationId, Problem,
    bookings::{
        mistake::{AskMistake, DeclineMistake, MistakeCase, PracticeMistake},
        practice::SeenVersion,
    },
};

use super::{ApiClient, Method};

const PLATFORM: &str = "/api/v1/bookings/platform/mistakes";

/// `Page<PracticeMistake>`: what a practice's people asked each other, and what became of it.
pub fn list_practice_mistakes(organization_id: OrganizationId) -> String {
    format!("/api/v1/bookings/practices/{organization_id}/mistakes")
}

/// `Page<MistakeCase>`: what administrators answer.
pub fn list_mistakes() -> String {
    PLATFORM.to_owned()
}

/// Asks somebody else to agree that an appointment, as last seen, never was one.
///
/// # Errors
/// `/problems/stale-version`, `/problems/wrong-state` where somebody was asked already or one person is enough, `/problems/invalid`.
pub async fn ask_mistake(
    client: &ApiClient,
    organization_id: OrganizationId,
    appointment_id: AppointmentId,
    ask: &AskMistake,
) -> Result<PracticeMistake, Problem> {
    let path = format!("/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/mistake");
    client.send(Method::Post, &path, Some(ask), None).await
}

/// Agrees to a request as last seen.
///
/// # Errors
/// `/problems/same-person`, `/problems/stale-version` once it was answered or the appointment has changed.
pub async fn approve_mistake(
    client: &ApiClient,
    organization_id: OrganizationId,
    id: MistakeRequestId,
    seen: SeenVersion,
) -> Result<PracticeMistake, Problem> {
    let path = format!("{}/{id}/approve", list_practice_mistakes(organization_id));
    client.send(Method::Post, &path, Some(&seen), None).await
}

/// Does not agree to a request as last seen.
///
/// # Errors
/// As [`approve_mistake`], and `/problems/invalid` without words.
pub async fn decline_mistake(
    client: &ApiClient,
    organization_id: OrganizationId,
    id: MistakeRequestId,
    decline: &DeclineMistake,
) -> Result<PracticeMistake, Problem> {
    let path = format!("{}/{id}/decline", list_practice_mistakes(organization_id));
    client.send(Method::Post, &path, Some(decline), None).await
}

/// Takes back what one asked, as last seen.
///
/// # Errors
/// `/problems/stale-version`, `/problems/not-allowed`.
pub async fn withdraw_mistake(
    client: &ApiClient,
    organization_id: OrganizationId,
    id: MistakeRequestId,
    seen: SeenVersion,
) -> Result<PracticeMistake, Problem> {
    let path = format!("{}/{id}/withdraw", list_practice_mistakes(organization_id));
    client.send(Method::Post, &path, Some(&seen), None).await
}

/// Agrees to a request as an administrator, as last seen.
///
/// # Errors
/// As [`approve_mistake`].
pub async fn approve_as_platform(
    client: &ApiClient,
    id: MistakeRequestId,
    seen: SeenVersion,
) -> Result<MistakeCase, Problem> {
    client.send(Method::Post, &format!("{PLATFORM}/{id}/approve"), Some(&seen), None).await
}

/// Does not agree to a request as an administrator, as last seen.
///
/// # Errors
/// As [`decline_mistake`].
pub async fn decline_as_platform(
    client: &ApiClient,
    id: MistakeRequestId,
    decline: &DeclineMistake,
) -> Result<MistakeCase, Problem> {
    client.send(Method::Post, &format!("{PLATFORM}/{id}/decline"), Some(decline), None).await
}
