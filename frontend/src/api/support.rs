//! What support sees of a person, by a stated reason: one function per endpoint. The person reads the reason and each look.

use form_urlencoded::Serializer;
use shared_types::{
    AccessGrantId, PatientId, Problem,
    users::{AccessGrant, GrantAccess},
};

use super::{ApiClient, Method};

const GRANTS: &str = "/api/v1/users/platform/access-grants";

/// `Page<AccessGrant>`: one's own reasons that stand now.
pub fn list_living_grants() -> String {
    GRANTS.to_owned()
}

/// `Patient`: somebody's details, while a reason stands.
pub fn find_patient_by_grant(patient_id: PatientId) -> String {
    format!("/api/v1/users/platform/patients/{patient_id}")
}

/// `Page<MemberAppointment>`: somebody's appointments, while a reason stands.
pub fn list_patient_appointments(patient_id: PatientId, cursor: Option<&str>) -> String {
    let path = format!("/api/v1/bookings/platform/patients/{patient_id}/appointments");
    match cursor {
        None => path,
        Some(cursor) => {
            let query = Serializer::new(String::new()).append_pair("cursor", cursor).finish();
            format!("{path}?{query}")
        }
    }
}

/// States a reason.
///
/// # Errors
/// `/problems/invalid`; 404 where nobody has that number.
pub async fn grant_access(client: &ApiClient, grant: &GrantAccess) -> Result<AccessGrant, Problem> {
    client.send(Method::Post, GRANTS, Some(grant), None).await
}

/// Ends a reason before its time.
///
/// # Errors
/// 404 when it has ended.
pub async fn end_grant(client: &ApiClient, access_grant_id: AccessGrantId) -> Result<(), Problem> {
    client.send(Method::Delete, &format!("{GRANTS}/{access_grant_id}"), None::<&()>, None).await
}
