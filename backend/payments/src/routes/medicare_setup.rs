//! `/api/v1/payments/practices/{organization_id}/medicare` and `/roles/{practitioner_role_id}/medicare`: by which numbers a practice and
//! its practitioners claim.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use kernel::{Json, Reject, SignedIn};
use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    payments::claim::{MedicareSetup, PutMedicareSetup, PutRoleSetup, RoleSetup, STANDING},
    problem::FieldError,
};

use super::funding::{note, stale};
use crate::{domain::provider_number, state::State, store::role_setup};

/// How long a location id is.
const LOCATION_LENGTH: usize = 8;

type OfRole = Path<(OrganizationId, PractitionerRoleId)>;

/// How a practice reaches Medicare.
pub async fn find_medicare_setup(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<MedicareSetup>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let (location_id, version) = role_setup::location(&mut conn, organization_id).await?;
    Ok(Plain(MedicareSetup { location_id, standing: STANDING.to_owned(), version }))
}

/// Says how, as last seen.
pub async fn put_medicare_setup(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<PutMedicareSetup>,
) -> Result<Plain<MedicareSetup>, Reject> {
    let core = &state.core;
    let location_id = body.location_id.trim().to_ascii_uppercase();
    if location_id.len() != LOCATION_LENGTH || !location_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let detail = "Enter the eight letters and digits of the location id";
        return Err(Problem::invalid(vec![FieldError::new("/location_id", detail)]).into());
    }
    let version = body.version.saturating_add(1);
    let mut tx = core.begin().await?;
    if !role_setup::put_location(&mut tx, organization_id, &location_id, version, core.now()).await? {
        return Err(stale().into());
    }
    note(&mut tx, core, &caller, organization_id, "put_medicare_setup").await?;
    core.commit(tx).await?;
    Ok(Plain(MedicareSetup { location_id: Some(location_id), standing: STANDING.to_owned(), version }))
}

/// Under which number a practitioner claims at the practice; none yet has version zero.
pub async fn find_role_setup(
    Extract(state): Extract<State>,
    Path((organization_id, role)): OfRole,
) -> Result<Plain<RoleSetup>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    Ok(Plain(role_setup::find(&mut conn, organization_id, role).await?))
}

/// Says under which, as last seen. Patients of visits to come who agreed to another number are asked anew soon after, by a job.
pub async fn put_role_setup(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(body): Json<PutRoleSetup>,
) -> Result<Plain<RoleSetup>, Reject> {
    let core = &state.core;
    let number = provider_number::read(&body.provider_number);
    let mut errors = Vec::new();
    if number.is_none() {
        let detail =
            "This is not a Medicare provider number: compare each character with the letter it came in";
        errors.push(FieldError::new("/provider_number", detail));
    }
    if !(1..=7).contains(&body.modified_monash) {
        errors.push(FieldError::new("/modified_monash", "Enter the place's Modified Monash area, 1 to 7"));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    let setup = RoleSetup {
        practitioner_role_id: role,
        provider_number: number,
        modified_monash: Some(body.modified_monash),
        version: body.version.saturating_add(1),
    };
    let mut tx = core.begin().await?;
    if !role_setup::put(&mut tx, organization_id, &setup, core.now()).await? {
        return Err(stale().into());
    }
    note(&mut tx, core, &caller, organization_id, "put_role_setup").await?;
    core.commit(tx).await?;
    Ok(Plain(setup))
}
