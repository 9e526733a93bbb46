//! `/api/v1/users/me/patient`: who somebody is, apart from how they sign in.

use axum::extract::State as Extract;
use jiff::civil::Date;
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose, Resource},
    consent,
};
use shared_types::{
    Problem, Zone,
    problem::FieldError,
    users::{Patient, PatientDetails, PutPatient},
};

use crate::{
    domain::age::Stage,
    people::{end_tokens, note, stale, tell_contact, tell_details},
    store::patient,
};

/// The notice agreed to before details are stored.
pub const DETAILS_TEXT: &str = "patient-details";

/// One's own details; `null` before they were given. Many accounts have none, so that is no failure.
pub async fn find_patient(
    Extract(core): Extract<Core>,
    caller: SignedIn,
) -> Result<Disclosed<Option<Patient>>, Reject> {
    let mut tx = core.begin().await?;
    let patient = patient::find(&mut tx, None, Some(caller.account_id)).await?.map(|found| found.patient);
    let whose = patient.as_ref().map(|patient| patient.patient_id);
    let what = whose.map_or(Resource::from(caller.account_id), Resource::from);
    let actor = Actor::of(&caller);
    let recorded = note(&mut tx, &core, actor, "find_patient", what, whose, Purpose::OwnRecord).await?;
    Ok(Disclosed::commit(&core, tx, recorded, patient).await?)
}

/// Gives or changes one's own details. The first time the notice must have been agreed to, and the account becomes a
/// patient's, so its older tokens end.
pub async fn put_patient(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<PutPatient>,
) -> Result<Disclosed<Patient>, Reject> {
    let today = Zone::SYDNEY.date(core.now());
    let details = body.details.check(today).map_err(Problem::invalid)?;
    require_own_account_age(&details, today)?;
    let mut tx = core.begin().await?;
    let old = patient::find(&mut tx, None, Some(caller.account_id)).await?;
    let patient_id = old.as_ref().map_or_else(|| core.id(), |old| old.patient.patient_id);
    let patient = Patient { patient_id, version: body.version.saturating_add(1), details };
    let written = match (&old, body.version) {
        (Some(_), _) => patient::update(&mut tx, &patient, core.now()).await?,
        (None, 0) => {
            let given = body.consent.ok_or_else(consent_missing)?;
            consent::require_current(&mut tx, &core, DETAILS_TEXT, &given).await?;
            consent::store_receipt(&mut tx, &core, DETAILS_TEXT, given.version, "patient", patient_id.0)
                .await?;
            end_tokens(&mut tx, &core, caller.account_id).await?;
            patient::insert(&mut tx, &patient, Some(caller.account_id), core.now()).await?
        }
        (None, _) => false,
    };
    if !written {
        return Err(stale().into());
    }
    tell_contact(&mut tx, &core, &patient).await?;
    // Nothing is booked yet for who gives them the first time.
    if let Some(old) = &old {
        tell_details(&mut tx, &core, old, &patient.details).await?;
    }
    let actor = Actor::of(&caller);
    let (whose, purpose) = (Some(patient_id), Purpose::OwnRecord);
    let recorded = note(&mut tx, &core, actor, "put_patient", patient_id, whose, purpose).await?;
    let reply = Disclosed::commit(&core, tx, recorded, patient).await?;
    if old.is_none() {
        // Whoever is a patient now has another token for their next page, and not only within a second. What fails here is done by then.
        let _ = core.sessions.load(&core.pool).await;
    }
    Ok(reply)
}

fn require_own_account_age(details: &PatientDetails, today: Date) -> Result<(), Problem> {
    if Stage::on(*details.date_of_birth.expose(), today).may_hold_account() {
        return Ok(());
    }
    let detail = "One can have an own account from 15. A parent can add you to theirs until then.";
    Err(Problem::invalid(vec![FieldError::new("/date_of_birth", detail)]))
}

fn consent_missing() -> Problem {
    Problem::invalid(vec![FieldError::new("/consent", "Read the notice and agree to it first")])
}
