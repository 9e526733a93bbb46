//! What has to be true before an assignment counts as agreed to, whoever notes it.

use jiff::Timestamp;
use kernel::Reject;
use shared_types::{
    AccountId, Problem, Zone,
    payments::assignment::{AssignmentMethod, AssignmentStatus, AssignorRelation, Claimant, VerbalReason},
    personal::Personal,
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{enduring_agreed, enduring_ended, keep_card, keep_card_of_patient, tell};
use crate::{
    claiming,
    domain::assignment::{Evidence, StepBy, read_claimant},
    state::State,
    store::assignment::{self, Agreement, Row},
};

/// What somebody says.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The hash of the document that they saw or heard.
    pub document_sha256: &'a str,
    /// What they are to the patient.
    pub relation: AssignorRelation,
    /// Their name, when they are not the patient.
    pub assignor_name: Option<&'a Personal<String>>,
    /// Who the benefit is for.
    pub claimant: Option<&'a Claimant>,
}

/// How it came to us.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// How it is made.
    pub method: AssignmentMethod,
    /// Why nothing was signed.
    pub verbal_reason: Option<VerbalReason>,
    /// By what they were known.
    pub evidence: Evidence,
    /// On what sort of device.
    pub device: Option<&'static str>,
    /// Which member of staff wrote it down.
    pub recorded_by: Option<AccountId>,
    /// Who takes the step.
    pub by: StepBy,
}

/// Notes that it is agreed to, with who agrees in the text, and tells so. A claim that waited for it can go on.
///
/// # Errors
/// 409 `wrong-state` or `text-changed`, 422 for what is missing.
pub async fn agree(
    conn: &mut PgConnection,
    state: &State,
    row: Row,
    said: Said<'_>,
    how: How,
) -> Result<Row, Reject> {
    let core = &state.core;
    require_open(&row, core.now())?;
    require_same_text(&row, said.document_sha256)?;
    let assignor_name = assignor(said)?;
    let card = said.claimant.map(read_claimant).transpose().map_err(Problem::invalid)?;
    match (row.assignment.booking_id, row.patient_id, card) {
        (Some(booking_id), _, card) => {
            if !keep_card(conn, core, &state.cipher, booking_id, card).await? {
                let detail = "Enter the Medicare card that the benefit is for";
                return Err(Problem::invalid(vec![FieldError::new("/claimant", detail)]).into());
            }
        }
        (None, Some(patient_id), Some(card)) => {
            let whose = (row.assignment.organization_id, patient_id);
            keep_card_of_patient(conn, core, &state.cipher, whose, &card).await?;
        }
        (None, ..) => {}
    }
    let mut document = row.assignment.document.clone();
    document.relation = said.relation;
    document.assignor_name = assignor_name;
    let agreement = Agreement {
        document,
        method: how.method,
        verbal_reason: how.verbal_reason,
        evidence: how.evidence,
        device: how.device,
        recorded_by: how.recorded_by,
        on: Zone::SYDNEY.date(core.now()),
    };
    let row = assignment::assign(conn, core, row, &agreement, how.by).await?;
    tell(conn, core, &row, None).await?;
    match row.assignment.booking_id {
        Some(booking_id) => claiming::assignment_changed(conn, core, booking_id).await?,
        None => enduring_agreed(conn, core, &row).await?,
    }
    Ok(row)
}

/// Notes that it is not agreed to, which costs nothing and needs no reason.
///
/// # Errors
/// 409 `wrong-state` or `text-changed`.
pub async fn decline(
    conn: &mut PgConnection,
    state: &State,
    row: Row,
    document_sha256: &str,
) -> Result<Row, Reject> {
    require_open(&row, state.core.now())?;
    require_same_text(&row, document_sha256)?;
    let to = AssignmentStatus::Declined;
    // Whoever did not get the letter and answers at the desk has been asked by then.
    if !row.assignment.status.next().contains(&to) {
        return Err(wrong_state().into());
    }
    let row = assignment::step(conn, &state.core, row, to, StepBy::Patient).await?;
    tell(conn, &state.core, &row, None).await?;
    Ok(row)
}

/// Takes back what was agreed to, or what nobody should have been asked.
///
/// # Errors
/// 409 `relied-on` where a claim rests on it, 409 `wrong-state` where there is nothing to take back.
pub async fn end(
    conn: &mut PgConnection,
    state: &State,
    row: Row,
    to: AssignmentStatus,
    by: StepBy,
) -> Result<Row, Reject> {
    // An enduring one ends for what is still to come; a booking's own is what its claim rests on.
    let is_relied_on = row.assignment.status == AssignmentStatus::ReliedOn;
    if is_relied_on && (row.assignment.booking_id.is_some() || to == AssignmentStatus::Void) {
        return Err(relied_on().into());
    }
    if !row.assignment.status.next().contains(&to) {
        return Err(wrong_state().into());
    }
    let was_good = row.assignment.assigned_at.is_some();
    let row = assignment::step(conn, &state.core, row, to, by).await?;
    tell(conn, &state.core, &row, None).await?;
    match row.assignment.booking_id {
        Some(booking_id) => claiming::assignment_changed(conn, &state.core, booking_id).await?,
        None if was_good => enduring_ended(conn, &state.core, &state.cipher, &row).await?,
        None => {}
    }
    Ok(row)
}

fn require_open(row: &Row, now: Timestamp) -> Result<(), Problem> {
    let in_time = row.assignment.answer_by.is_none_or(|until| now <= until);
    match row.assignment.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed if in_time => Ok(()),
        AssignmentStatus::Offered
        | AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Assigned
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void
        | AssignmentStatus::ReliedOn => Err(wrong_state()),
    }
}

fn require_same_text(row: &Row, shown: &str) -> Result<(), Problem> {
    if row.assignment.document_sha256.eq_ignore_ascii_case(shown.trim()) {
        return Ok(());
    }
    Err(Problem::new("text-changed", 409, "This is not the text that was shown")
        .detail("Nothing was changed. Read it as it is now, then decide."))
}

fn assignor(said: Said<'_>) -> Result<Option<Personal<String>>, Problem> {
    let name = said.assignor_name.map(|name| name.expose().trim()).filter(|name| !name.is_empty());
    match (said.relation, name) {
        (AssignorRelation::Patient, _) => Ok(None),
        (AssignorRelation::Parent | AssignorRelation::Appointed | AssignorRelation::Carer, Some(name))
            if name.chars().count() <= 120 && !name.contains(['\n', '\r']) =>
        {
            Ok(Some(name.to_owned().into()))
        }
        (AssignorRelation::Parent | AssignorRelation::Appointed | AssignorRelation::Carer, _) => {
            let detail = "Enter the full name of who agrees, at most 120 letters";
            Err(Problem::invalid(vec![FieldError::new("/assignor_name", detail)]))
        }
    }
}

/// It stands where this cannot be done.
pub fn wrong_state() -> Problem {
    Problem::new("wrong-state", 409, "This cannot be done with this agreement any more")
        .detail("Nothing was changed. Look at where it stands; the practice can ask again.")
}

fn relied_on() -> Problem {
    Problem::new("relied-on", 409, "A claim was made on this agreement")
        .detail("Nothing was changed. Talk with the practice: it can take the claim back.")
}
