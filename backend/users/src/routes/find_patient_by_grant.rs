//! `GET /api/v1/users/platform/patients/{patient_id}`: a patient's details, for platform staff who have stated a reason,
//! while it stands. The patient reads the reason and each look.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{PatientId, Problem, users::Patient};

use crate::store::{access_grant, patient};

/// Without a reason that stands the patient is not there, and the try is written down.
pub async fn find_patient_by_grant(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
) -> Result<Disclosed<Patient>, Reject> {
    let mut tx = core.begin().await?;
    let grant = access_grant::live(&mut tx, caller.account_id, patient_id, core.now()).await?;
    let found = match grant {
        Some(_) => patient::find(&mut tx, Some(patient_id), None).await?,
        None => None,
    };
    let entry = Entry {
        actor: grant.map_or_else(|| Actor::of(&caller), |grant| Actor::by_grant(&caller, grant)),
        action: "find_patient_by_grant",
        resource: patient_id.into(),
        whose: Some(patient_id),
        purpose: Purpose::Support,
        outcome: if found.is_some() { Outcome::Allowed } else { Outcome::Denied },
    };
    let recorded = audit::record(&mut tx, &core, entry).await?;
    let Some(found) = found else {
        core.commit(tx).await?;
        return Err(Problem::not_found("This patient").into());
    };
    Ok(Disclosed::commit(&core, tx, recorded, found.patient).await?)
}
