//! Lodges claims: one message for each, under an id that is written down first.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use kernel::Core;
use sha2::{Digest as _, Sha256};
use shared_types::payments::claim::ClaimStatus;
use sqlx::PgConnection;

use super::{CLAIM_ZONE, rests_on, take, take_back};
use crate::{
    assigning,
    domain::claim::{Claim, ClaimMessage, StepBy},
    field_cipher::FieldCipher,
    gateways::medicare::{Asking, MedicareError, MedicareGateway},
    store::{
        assignment, claim,
        claim_submission::{self, Due, Tried},
        claimant, role_setup,
    },
};

/// How long a try may take before another worker looks.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long after a try without an answer the next one is; longer each time, a day at most.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// When Medicare is first asked what came of a claim.
const FIRST_REPORT: SignedDuration = SignedDuration::from_hours(6);
/// The code of a message whose id was taken before: it arrived.
const ID_USED: &str = "9777";
/// Our own codes, beside Medicare's: what was to be sent cannot be made any more, or is of a visit that is not over any more, or not on
/// that day.
const NOT_MADE: &str = "NOT_MADE";
const NOT_OVER: &str = "NOT_OVER";

/// Why a claim cannot be lodged now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotLodge {
    /// It does not stand where it could be.
    NotReady,
    /// Its time is over.
    TooOld,
    /// The practice has no location id.
    NoLocation,
    /// Nobody knows the patient's card.
    NoCard,
    /// The patient has not assigned the benefit.
    NoAssignment,
    /// Its visit is not over, or not any more, or was on another day.
    NotOver,
}

/// Writes the message of a claim down to be sent, and the claim as being sent. It rests on its assignment from now on.
///
/// # Errors
/// A [`claim::StoreError`] when a charge stands; else when the database fails.
pub async fn begin_lodging(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    before: &Claim,
) -> Result<Result<Claim, CannotLodge>> {
    let now = core.now();
    match before.status {
        ClaimStatus::Ready => {}
        ClaimStatus::AssignmentPending => return Ok(Err(CannotLodge::NoAssignment)),
        ClaimStatus::Draft
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn
        | ClaimStatus::Adjusted => return Ok(Err(CannotLodge::NotReady)),
    }
    if CLAIM_ZONE.date(now) > before.lodge_until {
        return Ok(Err(CannotLodge::TooOld));
    }
    if !claimant::is_over(conn, before.booking_id, before.service_date).await? {
        return Ok(Err(CannotLodge::NotOver));
    }
    // It may have ended or been withdrawn since.
    let services = claim::services(conn, before.claim_id).await?;
    let number = before.provider_number.as_deref();
    let good = rests_on(conn, before.booking_id, before.service_date, number, &services).await?;
    let Some(assignment_id) = good else { return Ok(Err(CannotLodge::NoAssignment)) };
    let mut after = before.step(ClaimStatus::Sending, now)?;
    after.assignment_id = Some(assignment_id);
    after.codes.clear();
    let (location_id, _) = role_setup::location(conn, before.organization_id).await?;
    let Some(location_id) = location_id else { return Ok(Err(CannotLodge::NoLocation)) };
    let Some(message) = message(conn, cipher, &after, now).await? else {
        return Ok(Err(CannotLodge::NoCard));
    };
    let asking = asking(core, location_id);
    let hash = hash(&message);
    claim_submission::insert(conn, core, before.claim_id, &asking.correlation_id, &hash).await?;
    assignment::rely_on(conn, core, assignment_id).await?;
    take(conn, core, before, &after, StepBy::Practice, None).await?;
    Ok(Ok(after))
}

/// An id for one message of a location.
pub fn asking(core: &Core, location_id: String) -> Asking {
    let correlation_id = format!("urn:uuid:{location_id}{}", hex::encode(core.chance.bytes::<8>()));
    Asking { location_id, correlation_id }
}

fn hash(message: &ClaimMessage) -> [u8; 32] {
    Sha256::digest(message.body.to_string()).into()
}

/// The message of a claim; `None` while nobody knows the patient's card.
pub(super) async fn message(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    claim: &Claim,
    made_at: Timestamp,
) -> Result<Option<ClaimMessage>> {
    let Some(visit) = claimant::find(conn, claim.booking_id).await? else { return Ok(None) };
    let Some(holder) = assigning::open(cipher, &visit)?.card else { return Ok(None) };
    let services = claim::services(conn, claim.claim_id).await?;
    let assignment_id = claim.assignment_id.context("a claim that is sent rests on an assignment")?;
    let assigned_on = claim::assigned_on(conn, assignment_id).await?;
    let assigned_on = assigned_on.context("an assignment that is relied on was made on a day")?;
    Ok(Some(ClaimMessage::new(claim, &services, &holder, assigned_on, made_at)))
}

/// What is sent, and as whom. There is no message where it cannot be made any more, since who the benefit is for was erased meanwhile, nor
/// where its visit is not over any more, or not on that day; our own code says which.
struct Parcel {
    due: Due,
    location_id: String,
    message: Result<ClaimMessage, &'static str>,
}

/// What came of it.
enum Outcome {
    Taken(String),
    Refused(Vec<String>),
    Unknown,
    NotSent,
}

/// Sends the next message that is due. Says how many there were: none or one. One that cannot be put together, or whose answer cannot be
/// written down, is tried again later like one that nobody answered, and stops none of the others.
///
/// # Errors
/// When the database fails.
pub async fn lodge_next(core: &Core, cipher: &FieldCipher, medicare: &dyn MedicareGateway) -> Result<u64> {
    let mut tx = core.begin().await?;
    let Some(due) = claim_submission::take_due(&mut tx, core.now(), LEASE).await? else { return Ok(0) };
    // Committed first: what cannot be put together is in nobody's way.
    core.commit(tx).await?;
    if let Err(error) = lodge(core, cipher, medicare, &due).await {
        tracing::error!(claim.id = %due.claim_id, error = format!("{error:#}"), "a claim was not lodged");
        let (now, tried) = (core.now(), Tried::NotSent { again_at: core.now() + wait(due.attempt) });
        let mut tx = core.begin().await?;
        claim_submission::note_tried(&mut tx, &due.correlation_id, tried, &[], now).await?;
        core.commit(tx).await?;
    }
    Ok(1)
}

async fn lodge(core: &Core, cipher: &FieldCipher, medicare: &dyn MedicareGateway, due: &Due) -> Result<()> {
    let mut tx = core.begin().await?;
    let parcel = pack(&mut tx, cipher, due).await?;
    core.commit(tx).await?;
    // No transaction is open while Medicare is waited for.
    let outcome = send(core, medicare, &parcel).await;
    let mut tx = core.begin().await?;
    record(&mut tx, core, due, outcome).await?;
    core.commit(tx).await?;
    Ok(())
}

async fn pack(conn: &mut PgConnection, cipher: &FieldCipher, due: &Due) -> Result<Parcel> {
    let claim = claim::lock_after_claimant(conn, due.claim_id).await?.context("a message is of a claim")?;
    let (location_id, _) = role_setup::location(conn, claim.organization_id).await?;
    let is_over = claimant::is_over(conn, claim.booking_id, claim.service_date).await?;
    let message = match message(conn, cipher, &claim, due.created_at).await? {
        Some(message) if is_over => Ok(message),
        Some(_) => Err(NOT_OVER),
        None => Err(NOT_MADE),
    };
    if let Ok(message) = &message {
        claim_submission::note_message(conn, &due.correlation_id, &hash(message)).await?;
    }
    let location_id = location_id.context("who lodges has a location id")?;
    Ok(Parcel { due: due.clone(), location_id, message })
}

/// Sends it, but after a try whose end nobody knows only once Medicare says that it has not arrived.
async fn send(core: &Core, medicare: &dyn MedicareGateway, parcel: &Parcel) -> Outcome {
    let id = &parcel.due.correlation_id;
    if parcel.due.attempt > 1 {
        let question = asking(core, parcel.location_id.clone());
        match medicare.arrived(&question, id).await {
            Ok(Some(claim_id)) => return Outcome::Taken(claim_id),
            Ok(None) => {}
            Err(_) => return Outcome::NotSent,
        }
    }
    let message = match &parcel.message {
        Ok(message) => message,
        Err(code) => return Outcome::Refused(vec![(*code).to_owned()]),
    };
    let asking = Asking { location_id: parcel.location_id.clone(), correlation_id: id.clone() };
    match medicare.lodge(&asking, message).await {
        Ok(claim_id) => Outcome::Taken(claim_id),
        // It has arrived before: the next try asks as what.
        Err(MedicareError::Refused(codes)) if codes.iter().any(|code| code == ID_USED) => Outcome::Unknown,
        Err(MedicareError::Refused(codes)) => Outcome::Refused(codes),
        Err(MedicareError::Unknown | MedicareError::Unreadable) => Outcome::Unknown,
        Err(MedicareError::NotSent(_)) => Outcome::NotSent,
    }
}

async fn record(conn: &mut PgConnection, core: &Core, due: &Due, outcome: Outcome) -> Result<()> {
    let now = core.now();
    let again_at = now + wait(due.attempt);
    let (tried, codes) = match &outcome {
        Outcome::Taken(_) => (Tried::Accepted, Vec::new()),
        Outcome::Refused(codes) => (Tried::Refused, codes.clone()),
        Outcome::Unknown => (Tried::Unanswered { again_at }, Vec::new()),
        Outcome::NotSent => (Tried::NotSent { again_at }, Vec::new()),
    };
    // The claim first, as where its message is put together.
    let before = claim::lock(conn, due.claim_id).await?.context("a message is of a claim")?;
    if !claim_submission::note_tried(conn, &due.correlation_id, tried, &codes, now).await? {
        // Another worker has had the answer meanwhile.
        return Ok(());
    }
    let after = match outcome {
        Outcome::Taken(claim_id) => Claim {
            medicare_claim_id: Some(claim_id),
            due_at: Some(now + FIRST_REPORT),
            ..before.step(ClaimStatus::Submitted, now)?
        },
        Outcome::Refused(codes) => Claim { codes, ..before.step(ClaimStatus::Refused, now)? },
        Outcome::Unknown if before.status == ClaimStatus::Sending => {
            before.step(ClaimStatus::GatewayError, now)?
        }
        Outcome::Unknown | Outcome::NotSent => return Ok(()),
    };
    take(conn, core, &before, &after, StepBy::Medicare, None).await?;
    // It goes with its visit, as it would have had it not been about to be sent.
    if after.codes == [NOT_OVER] {
        take_back(conn, core, &after).await?;
    }
    Ok(())
}

/// Longer after each try, a day at most.
fn wait(attempt: i16) -> SignedDuration {
    let doublings = u32::from(attempt.unsigned_abs()).saturating_sub(1).min(11);
    let minutes = FIRST_WAIT.as_mins().saturating_mul(1_i64 << doublings);
    SignedDuration::from_mins(minutes).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::{FIRST_WAIT, LONGEST_WAIT, wait};

    #[test]
    fn tries_are_further_apart_each_time_and_a_day_at_most() {
        assert_eq!(wait(1), FIRST_WAIT);
        assert_eq!(wait(3), FIRST_WAIT * 4);
        assert_eq!(wait(i16::MAX), LONGEST_WAIT);
    }
}
