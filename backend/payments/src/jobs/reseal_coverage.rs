//! Seals card numbers anew that an older key sealed, so that the older key can go: a hundred patients' and a hundred bulk-billed
//! bookings' at a time. A row whose key is not here fails the job, which names the key; the row stays as it is and is read again once
//! the key is back.

use anyhow::{Result, bail};
use kernel::audit::{self, Actor, Entry, Outcome, Purpose};
use shared_types::PatientId;

use crate::{
    field_cipher::Field,
    state::State,
    store::{
        claimant,
        coverage::{self, Row},
    },
};

const BATCH: i64 = 100;

/// One batch. Says how many patients' numbers were sealed anew.
///
/// # Errors
/// When a row cannot be opened, or a table not changed.
pub async fn reseal_coverage(state: &State) -> Result<u64> {
    let core = &state.core;
    let mut known = state.cipher.older_key_ids();
    let mut tx = core.begin().await?;
    let old = coverage::claim_sealed_by(&mut tx, &known, BATCH).await?;
    for (patient_id, row) in &old {
        coverage::reseal(&mut tx, *patient_id, &anew(state, *patient_id, row)?).await?;
        let entry = Entry {
            actor: Actor::System("payments.reseal_coverage"),
            action: "reseal_coverage",
            resource: (*patient_id).into(),
            whose: Some(*patient_id),
            purpose: Purpose::Administration,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
    }
    let claimants = claimant::claim_sealed_by(&mut tx, &known, BATCH).await?;
    for (booking_id, key_id, sealed) in &claimants {
        let text = state.cipher.open_claimant(key_id, *booking_id, sealed)?;
        let sealed = state.cipher.seal_claimant(&core.chance, *booking_id, &text);
        claimant::reseal(&mut tx, *booking_id, state.cipher.key_id(), &sealed).await?;
        let entry = Entry {
            actor: Actor::System("payments.reseal_coverage"),
            action: "reseal_claimant",
            resource: (*booking_id).into(),
            whose: None,
            purpose: Purpose::Administration,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
    }
    if old.is_empty() && claimants.is_empty() {
        known.push(state.cipher.key_id().to_owned());
        let missed = match coverage::find_other_key(&mut tx, &known).await? {
            Some(missed) => Some(missed),
            None => claimant::find_other_key(&mut tx, &known).await?,
        };
        if let Some(missed) = missed {
            bail!(
                "card numbers were sealed with the key {missed}, which is not here: name its file in \
                 HELLOMAPPER_COVERAGE_KEYS, after the newest"
            );
        }
    }
    core.commit(tx).await?;
    Ok((old.len() + claimants.len()) as u64)
}

/// The same numbers under the newest key. Neither their version nor their date changes.
fn anew(state: &State, patient_id: PatientId, row: &Row) -> Result<Row> {
    let again = |field, sealed: &Option<Vec<u8>>| {
        let sealed = sealed.as_ref().map(|sealed| {
            let text = state.cipher.open(&row.key_id, patient_id, field, sealed)?;
            Ok::<_, anyhow::Error>(state.cipher.seal(&state.core.chance, patient_id, field, &text))
        });
        sealed.transpose()
    };
    Ok(Row {
        key_id: state.cipher.key_id().to_owned(),
        medicare: again(Field::Medicare, &row.medicare)?,
        dva_file_number: again(Field::DvaFileNumber, &row.dva_file_number)?,
        concession: again(Field::Concession, &row.concession)?,
        version: row.version,
        updated_at: row.updated_at,
    })
}
