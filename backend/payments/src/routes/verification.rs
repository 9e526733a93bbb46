//! `POST /api/v1/payments/practices/{organization_id}/bookings/{booking_id}/verification`: asks Medicare about a booking's patient. Only
//! a practice can: the matching is loose and no proof of who somebody is.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use serde_json::json;
use shared_types::{
    BookingId, OrganizationId, Problem,
    payments::claim::{Verification, VerificationKind, VerifyClaimant},
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::claim_view::wrong_state;
use crate::{
    assigning,
    claiming::asking,
    domain::{
        claim::{identity, number_of, patient},
        claim_codes,
    },
    field_cipher::Field,
    gateways::medicare::{MedicareError, Question},
    state::State,
    store::{claimant, coverage, owner, role_setup, verification},
};

const OPERATION: &str = "verify_claimant";

/// Asks, and keeps the code of the answer. The key is taken with it, so that whoever gets none asks anew.
pub async fn verify_claimant(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
    key: IdempotencyKey,
    Json(body): Json<VerifyClaimant>,
) -> Result<Disclosed<Verification>, Reject> {
    let core = &state.core;
    let (holder, asked) = (caller.account_id.to_string(), (booking_id, &body));
    let mut tx = core.begin().await?;
    let visit = claimant::find(&mut tx, booking_id).await?;
    let visit = visit.filter(|visit| visit.organization_id == organization_id);
    let visit = visit.ok_or_else(|| Problem::not_found("This bulk-billed booking"))?;
    if let Begun::Replay(verified) =
        idempotency::begin(&mut tx, core, OPERATION, &holder, key, &asked).await?
    {
        return disclose(core, tx, &caller, (organization_id, booking_id), verified).await;
    }
    let (location_id, _) = role_setup::location(&mut tx, organization_id).await?;
    let no_location = "The practice has no location id yet: enter it where its Medicare details are.";
    let location_id = location_id.ok_or_else(|| wrong_state(no_location))?;
    let question = question(&mut tx, &state, &visit, body.kind).await?;
    // No transaction is open while Medicare is waited for, and this one has changed nothing but the key.
    tx.rollback().await?;
    let code = answer(state.medicare.verify(&asking(core, location_id), &question).await)?;
    let mut tx = core.begin().await?;
    let verified = match idempotency::begin(&mut tx, core, OPERATION, &holder, key, &asked).await? {
        // The same was asked twice at once, and the other was answered first.
        Begun::Replay(verified) => verified,
        Begun::New(ticket) => {
            let verified = Verification {
                kind: body.kind,
                result: claim_codes::verification(&code),
                reason: claim_codes::reason(&code),
                verified_at: core.now(),
            };
            let by = caller.account_id;
            verification::insert(&mut tx, core, booking_id, organization_id, &verified, by).await?;
            ticket.finish(&mut tx, 200, &verified).await?;
            verified
        }
    };
    disclose(core, tx, &caller, (organization_id, booking_id), verified).await
}

async fn disclose(
    core: &Core,
    mut tx: Transaction<'static, Postgres>,
    caller: &SignedIn,
    (organization_id, booking_id): (OrganizationId, BookingId),
    verified: Verification,
) -> Result<Disclosed<Verification>, Reject> {
    let (_, whose) = owner::find(&mut tx, booking_id).await?.unwrap_or((None, None));
    let entry = Entry {
        actor: Actor::for_practice(caller, organization_id),
        action: OPERATION,
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    let recorded = audit::record(&mut tx, core, entry).await?;
    Ok(Disclosed::commit(core, tx, recorded, verified).await?)
}

/// The code of an answer. A refusal names one, too: what it is about differs from what Medicare has.
fn answer(answer: Result<String, MedicareError>) -> Result<String, Problem> {
    match answer {
        Ok(code) => Ok(code),
        Err(MedicareError::Refused(codes)) => codes.into_iter().next().ok_or_else(unavailable),
        Err(MedicareError::NotSent(_) | MedicareError::Unknown | MedicareError::Unreadable) => {
            Err(unavailable())
        }
    }
}

fn unavailable() -> Problem {
    Problem::new("medicare-unavailable", 503, "Medicare did not answer")
        .detail("Nothing was changed. Try again later; the visit can take place meanwhile.")
}

async fn question(
    conn: &mut PgConnection,
    state: &State,
    visit: &claimant::Row,
    kind: VerificationKind,
) -> Result<Question, Reject> {
    let no_card =
        "Nobody knows the patient's card: ask for it, and record the assignment of benefit with it.";
    let holder = assigning::open(&state.cipher, visit)?.card.ok_or_else(|| wrong_state(no_card))?;
    match kind {
        VerificationKind::Medicare | VerificationKind::Concession => {
            Ok(Question { kind, number: number_of(&holder).to_owned(), patient: patient(&holder) })
        }
        VerificationKind::Veteran => {
            let number = veteran_number(conn, state, visit.booking_id).await?;
            let no_number = "No veteran's card is kept for the patient: they can add it to their account.";
            let number = number.ok_or_else(|| wrong_state(no_number))?;
            let membership = json!({"veteranNumber": number});
            let patient = json!({"identity": identity(&holder), "veteranMembership": membership});
            Ok(Question { kind, number, patient })
        }
    }
}

/// The number of the veteran's card that is kept for a booking's patient.
async fn veteran_number(
    conn: &mut PgConnection,
    state: &State,
    booking_id: BookingId,
) -> anyhow::Result<Option<String>> {
    let (_, patient_id) = owner::find(conn, booking_id).await?.unwrap_or((None, None));
    let Some(patient_id) = patient_id else { return Ok(None) };
    let Some(row) = coverage::find_coverage(conn, patient_id).await? else { return Ok(None) };
    let Some(sealed) = row.dva_file_number else { return Ok(None) };
    Ok(Some(state.cipher.open(&row.key_id, patient_id, Field::DvaFileNumber, &sealed)?))
}
