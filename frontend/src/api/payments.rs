//! The payments service: one function per endpoint. Card numbers stand in bodies only, never in an address.

use shared_types::{
    PatientId, Problem,
    payments::coverage::{COVERAGE_TEXT, Coverage, PutCoverage},
};

use super::{ApiClient, Method};

/// `Coverage`: what is kept of a patient's cards.
pub fn get_coverage(patient_id: PatientId) -> String {
    format!("/api/v1/payments/me/coverage/{patient_id}")
}

/// `ConsentText`: what is agreed to before card numbers are kept.
pub fn get_coverage_consent() -> String {
    format!("/api/v1/payments/consent-texts/{COVERAGE_TEXT}")
}

/// Keeps card numbers; what is left out stays as it is.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`, 404.
pub async fn put_coverage(
    client: &ApiClient,
    patient_id: PatientId,
    coverage: &PutCoverage,
) -> Result<Coverage, Problem> {
    client.send(Method::Put, &get_coverage(patient_id), Some(coverage), None).await
}

/// Forgets a patient's cards.
///
/// # Errors
/// 404.
pub async fn delete_coverage(client: &ApiClient, patient_id: PatientId) -> Result<(), Problem> {
    client.send(Method::Delete, &get_coverage(patient_id), None::<&()>, None).await
}
