//! `/api/v1/payments/me/coverage/{patient_id}`: a patient's card numbers, sent straight here from the browser and never
//! shown again but for their last digits.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn, access,
    audit::{self, Actor, Entry, Outcome, Purpose},
    consent,
};
use shared_types::{
    PatientId, Problem,
    payments::coverage::{COVERAGE_TEXT, ConcessionCard, Coverage, DvaFileNumber, MedicareCard, PutCoverage},
    users::DelegationScope,
};
use sqlx::PgConnection;

use crate::{
    field_cipher::{Field, FieldCipher},
    state::State,
    store::coverage::{self, Row},
};

/// What is kept of a patient's cards.
pub async fn find_coverage(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
) -> Result<Disclosed<Coverage>, Reject> {
    let core = &state.core;
    let actor = act_for(core, &caller, patient_id, "find_coverage").await?;
    let mut tx = core.begin().await?;
    let row = coverage::find_coverage(&mut tx, patient_id).await?;
    let view = view(&state.cipher, patient_id, row.as_ref())?;
    let recorded = note(&mut tx, core, actor, "find_coverage", patient_id).await?;
    Ok(Disclosed::commit(core, tx, recorded, view).await?)
}

/// Keeps what is given and leaves the rest as it is; the consent's receipt is stored in the same transaction.
pub async fn put_coverage(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
    Json(body): Json<PutCoverage>,
) -> Result<Disclosed<Coverage>, Reject> {
    let core = &state.core;
    let actor = act_for(core, &caller, patient_id, "put_coverage").await?;
    let given = Given::read(&body).map_err(Problem::invalid)?;
    let mut tx = core.begin().await?;
    consent::require_current(&mut tx, core, COVERAGE_TEXT, &body.consent).await?;
    let old = coverage::find_coverage(&mut tx, patient_id).await?;
    if old.as_ref().map_or(0, |row| row.version) != body.version {
        return Err(stale().into());
    }
    let row = given.over(&state, patient_id, old)?;
    if !coverage::put_coverage(&mut tx, patient_id, &row).await? {
        return Err(stale().into());
    }
    consent::store_receipt(&mut tx, core, COVERAGE_TEXT, body.consent.version, "patient", patient_id.0)
        .await?;
    let recorded = note(&mut tx, core, actor, "put_coverage", patient_id).await?;
    let view = view(&state.cipher, patient_id, Some(&row))?;
    Ok(Disclosed::commit(core, tx, recorded, view).await?)
}

/// Forgets a patient's cards. Doing it twice is no mistake.
pub async fn delete_coverage(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let actor = act_for(core, &caller, patient_id, "delete_coverage").await?;
    let mut tx = core.begin().await?;
    coverage::delete_coverage(&mut tx, patient_id).await?;
    note(&mut tx, core, actor, "delete_coverage", patient_id).await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

async fn act_for(
    core: &Core,
    caller: &SignedIn,
    patient_id: PatientId,
    action: &'static str,
) -> Result<Actor, Reject> {
    access::act_for(core, caller, patient_id, DelegationScope::Payments, action, Purpose::Payment).await
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    action: &'static str,
    patient_id: PatientId,
) -> sqlx::Result<audit::Recorded> {
    let entry = Entry {
        actor,
        action,
        resource: patient_id.into(),
        whose: Some(patient_id),
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}

fn stale() -> Problem {
    Problem::new("stale-version", 409, "These cards have changed since you opened them")
        .detail("Nothing was changed. Look at them again, then decide.")
}

/// What was sent, read.
struct Given {
    medicare: Option<MedicareCard>,
    dva_file_number: Option<DvaFileNumber>,
    concession: Option<ConcessionCard>,
}

impl Given {
    fn read(body: &PutCoverage) -> Result<Self, Vec<shared_types::problem::FieldError>> {
        let medicare = body.medicare.as_ref().map(MedicareCard::read).transpose();
        let dva_file_number = body.dva_file_number.as_ref().map(DvaFileNumber::read).transpose();
        let concession = body.concession.as_ref().map(ConcessionCard::read).transpose();
        match (medicare, dva_file_number, concession) {
            (Ok(medicare), Ok(dva_file_number), Ok(concession)) => {
                Ok(Self { medicare, dva_file_number, concession })
            }
            (medicare, dva, concession) => {
                Err([medicare.err(), dva.err(), concession.err()].into_iter().flatten().collect())
            }
        }
    }

    /// The row that is to be there now. Whatever stays is sealed anew, so that one row has one key.
    fn over(self, state: &State, patient_id: PatientId, old: Option<Row>) -> Result<Row, Reject> {
        let kept = Opened::of(&state.cipher, patient_id, old.as_ref())?;
        let seal = |field, text: Option<String>| {
            text.map(|text| state.cipher.seal(&state.core.chance, patient_id, field, &text))
        };
        let medicare = self.medicare.or(kept.medicare).map(|card| card.to_text());
        let dva = self.dva_file_number.or(kept.dva_file_number).map(|number| number.to_text());
        let concession = self.concession.or(kept.concession).map(|card| card.to_text());
        Ok(Row {
            key_id: state.cipher.key_id().to_owned(),
            medicare: seal(Field::Medicare, medicare),
            dva_file_number: seal(Field::DvaFileNumber, dva),
            concession: seal(Field::Concession, concession),
            version: old.map_or(0, |row| row.version) + 1,
            updated_at: state.core.now(),
        })
    }
}

/// A row's fields, opened.
#[derive(Default)]
struct Opened {
    medicare: Option<MedicareCard>,
    dva_file_number: Option<DvaFileNumber>,
    concession: Option<ConcessionCard>,
}

impl Opened {
    fn of(cipher: &FieldCipher, patient_id: PatientId, row: Option<&Row>) -> anyhow::Result<Self> {
        let Some(row) = row else { return Ok(Self::default()) };
        let open = |field, sealed: &Option<Vec<u8>>| {
            sealed.as_ref().map(|sealed| cipher.open(&row.key_id, patient_id, field, sealed)).transpose()
        };
        Ok(Self {
            medicare: open(Field::Medicare, &row.medicare)?.and_then(|text| MedicareCard::from_text(&text)),
            dva_file_number: open(Field::DvaFileNumber, &row.dva_file_number)?
                .and_then(|text| DvaFileNumber::from_text(&text)),
            concession: open(Field::Concession, &row.concession)?
                .and_then(|text| ConcessionCard::from_text(&text)),
        })
    }
}

/// What is kept, as its last digits.
///
/// # Errors
/// When it was sealed with a key that is not here, or was changed.
pub fn view(cipher: &FieldCipher, patient_id: PatientId, row: Option<&Row>) -> anyhow::Result<Coverage> {
    let opened = Opened::of(cipher, patient_id, row)?;
    Ok(Coverage {
        patient_id,
        version: row.map_or(0, |row| row.version),
        medicare_ends_with: opened.medicare.map(|card| card.ends_with()),
        dva_ends_with: opened.dva_file_number.map(|number| number.ends_with()),
        concession_ends_with: opened.concession.map(|card| card.ends_with()),
        updated_at: row.map(|row| row.updated_at),
    })
}
