//! Who pays for what: the schedule's items, a practice's rules, and the numbers by which it claims.

use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, Problem,
    payments::{
        claim::{MedicareSetup, PutMedicareSetup, PutRoleSetup, RoleSetup},
        funding::{BulkBilling, Funding, PutBulkBilling, PutFunding},
    },
};

use super::{ApiClient, Method};

/// `ScheduleItem`: an item of the Medicare Benefits Schedule as it is in force today.
pub fn find_item(item_number: &str) -> String {
    format!("/api/v1/payments/items/{}", super::segment(item_number))
}

fn practice(organization_id: OrganizationId, rest: &str) -> String {
    format!("/api/v1/payments/practices/{organization_id}{rest}")
}

/// `Funding`: who pays for an appointment type.
pub fn find_funding(organization_id: OrganizationId, of_type: AppointmentTypeId) -> String {
    practice(organization_id, &format!("/funding/{of_type}"))
}

/// Says who pays for it, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/bulk-bills-everything`, `/problems/stale-version`.
pub async fn put_funding(
    client: &ApiClient,
    organization_id: OrganizationId,
    of_type: AppointmentTypeId,
    funding: &PutFunding,
) -> Result<Funding, Problem> {
    client.send(Method::Put, &find_funding(organization_id, of_type), Some(funding), None).await
}

/// `BulkBilling`: whether a practice bulk bills every eligible service, and how its appointment types stand.
pub fn find_bulk_billing(organization_id: OrganizationId) -> String {
    practice(organization_id, "/bulk-billing")
}

/// Says that it does, or no longer does, as last seen.
///
/// # Errors
/// `/problems/bulk-bills-everything` while somebody with a card would be charged, `/problems/stale-version`.
pub async fn put_bulk_billing(
    client: &ApiClient,
    organization_id: OrganizationId,
    wanted: PutBulkBilling,
) -> Result<BulkBilling, Problem> {
    client.send(Method::Put, &find_bulk_billing(organization_id), Some(&wanted), None).await
}

/// `MedicareSetup`: how a practice reaches Medicare.
pub fn find_medicare_setup(organization_id: OrganizationId) -> String {
    practice(organization_id, "/medicare")
}

/// Says how, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`.
pub async fn put_medicare_setup(
    client: &ApiClient,
    organization_id: OrganizationId,
    setup: &PutMedicareSetup,
) -> Result<MedicareSetup, Problem> {
    client.send(Method::Put, &find_medicare_setup(organization_id), Some(setup), None).await
}

/// `RoleSetup`: under which number a practitioner claims at a place.
pub fn find_role_setup(organization_id: OrganizationId, role_id: PractitionerRoleId) -> String {
    practice(organization_id, &format!("/roles/{role_id}/medicare"))
}

/// Says under which, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`.
pub async fn put_role_setup(
    client: &ApiClient,
    organization_id: OrganizationId,
    role_id: PractitionerRoleId,
    setup: &PutRoleSetup,
) -> Result<RoleSetup, Problem> {
    client.send(Method::Put, &find_role_setup(organization_id, role_id), Some(setup), None).await
}

/// `Page<MbsLoad>`: the readings of the schedule, the latest first.
pub fn list_mbs_loads(cursor: Option<&str>) -> String {
    super::money::with_cursor("/api/v1/payments/platform/mbs-loads", cursor)
}
