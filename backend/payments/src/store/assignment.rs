//! Tables `payments.assignment` and `payments.assignment_transition`. Each step is a compare-and-swap on the version, and a row of the
//! history. What was agreed to is never changed; the database sees to that too.

mod reading;
mod steps;

use anyhow::{Context as _, Result};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AssignmentId, BookingId, OrganizationId, PatientId,
    payments::assignment::{
        Assignment, AssignmentDocument, AssignmentKind, AssignmentMethod, AssignmentStatus, EnduringGround,
        VerbalReason,
    },
};
use sqlx::{PgConnection, types::Json};

pub use self::{
    reading::{
        Agreed, agreed_for, by_token, enduring_of, has_token, is_asked_by_staff, of_booking, of_practice,
        unanswered,
    },
    steps::{assign, end_letters, keep_owner, note_proof, point_to, rely_on, set_answer_by, step},
};
use crate::domain::assignment::{Evidence, StepBy};

/// An assignment and what is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As it is shown.
    pub assignment: Assignment,
    /// The patient, where they are known.
    pub patient_id: Option<PatientId>,
    /// The account that is written to.
    pub account_id: Option<AccountId>,
    /// How often the three points were wrong.
    pub wrong_proofs: i16,
    /// When they last were right.
    pub proved_at: Option<Timestamp>,
}

/// An assignment that is offered.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// As it is to be.
    pub row: Row,
    /// Why an enduring one is allowed.
    pub ground: Option<EnduringGround>,
    /// The hash of the letter's secret.
    pub token_hash: [u8; 32],
    /// Who asks: staff, whose words it is in, or an event.
    pub asked_by: StepBy,
}

/// What is noted when a patient agrees.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// What they agree to, whole.
    pub document: AssignmentDocument,
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
    /// The day, where the product's rules are kept: Sydney's.
    pub on: Date,
}

/// Writes a new one.
///
/// # Errors
/// When the database fails, or one for the booking is open or good.
pub async fn insert(conn: &mut PgConnection, new: &NewAssignment) -> sqlx::Result<()> {
    let (row, assignment) = (&new.row, &new.row.assignment);
    let document = &assignment.document;
    let items: Vec<String> = document.items.iter().map(|(item, _)| item.clone()).collect();
    sqlx::query!(
        "insert into payments.assignment (assignment_id, booking_id, patient_id, account_id, organization_id, status, kind, \
         method, ground, relation, document, document_text, document_sha256, provider_number, service_category, \
         item_numbers, service_from, service_until, token_hash, offered_at, answer_by, expires_on, version, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, decode($13, 'hex'), $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $20)",
        assignment.assignment_id.0,
        assignment.booking_id.map(|id| id.0),
        row.patient_id.map(|id| id.0),
        row.account_id.map(|id| id.0),
        assignment.organization_id.0,
        assignment.status.code(),
        assignment.kind.code(),
        assignment.method.code(),
        new.ground.map(EnduringGround::code),
        document.relation.code(),
        Json(document) as Json<&AssignmentDocument>,
        document.to_text(),
        assignment.document_sha256,
        document.provider_number,
        document.service_category,
        &items,
        document.service_from.to_sqlx() as jiff_sqlx::Date,
        document.service_until.to_sqlx() as jiff_sqlx::Date,
        new.token_hash.as_slice(),
        assignment.offered_at.to_sqlx() as jiff_sqlx::Timestamp,
        assignment.answer_by.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        assignment.expires_on.map(|date| date.to_sqlx()) as Option<jiff_sqlx::Date>,
        assignment.version,
    )
    .execute(&mut *conn)
    .await?;
    note(conn, row, None, new.asked_by, assignment.offered_at).await
}

/// One assignment, locked until the transaction ends: nobody else changes it, though claims may be written that name it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn find(conn: &mut PgConnection, id: AssignmentId) -> Result<Option<Row>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment where assignment_id = $1 for no key update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// The same, locked after its booking's claimant, as where what bookings tells changes both: whoever needs the two locks them so. An
/// enduring one is locked after the claimants of all visits of its patient to its practice: their cards, what they are asked and their
/// claims go by it.
///
/// # Errors
/// As [`find`].
pub async fn find_after_claimant(conn: &mut PgConnection, id: AssignmentId) -> Result<Option<Row>> {
    sqlx::query_scalar!(
        "select booking_id from payments.claimant where (booking_id, organization_id) in ( \
             select assignment.booking_id, assignment.organization_id from payments.assignment \
             where assignment.assignment_id = $1 \
             union all \
             select owner.booking_id, enduring.organization_id from payments.assignment enduring \
             join payments.booking_owner owner on owner.patient_id = enduring.patient_id \
             where enduring.assignment_id = $1 and enduring.kind = 'enduring') \
         order by booking_id for update",
        id.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    find(conn, id).await
}

/// SHA-256 of a document's text in hex.
pub fn hash_of(text: &str) -> String {
    hex::encode(kernel::chance::hash_secret(text))
}

async fn note(
    conn: &mut PgConnection,
    row: &Row,
    from: Option<AssignmentStatus>,
    by: StepBy,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.assignment_transition (assignment_id, version, from_status, to_status, taken_by, taken_at) \
         values ($1, $2, $3, $4, $5, $6)",
        row.assignment.assignment_id.0,
        row.assignment.version,
        from.map(AssignmentStatus::code),
        row.assignment.status.code(),
        by.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The columns that are read.
struct Columns {
    assignment_id: AssignmentId,
    booking_id: Option<BookingId>,
    patient_id: Option<PatientId>,
    account_id: Option<AccountId>,
    organization_id: OrganizationId,
    status: String,
    kind: String,
    method: String,
    document: Json<AssignmentDocument>,
    document_sha256: String,
    wrong_proofs: i16,
    proved_at: Option<jiff_sqlx::Timestamp>,
    offered_at: jiff_sqlx::Timestamp,
    answer_by: Option<jiff_sqlx::Timestamp>,
    assigned_at: Option<jiff_sqlx::Timestamp>,
    expires_on: Option<jiff_sqlx::Date>,
    withdrawn_at: Option<jiff_sqlx::Timestamp>,
    superseded_by: Option<AssignmentId>,
    version: i32,
}

impl Columns {
    fn read(self) -> Result<Row> {
        let assignment = Assignment {
            assignment_id: self.assignment_id,
            booking_id: self.booking_id,
            organization_id: self.organization_id,
            status: AssignmentStatus::from_code(&self.status)
                .context("an assignment's status is one of ours")?,
            kind: AssignmentKind::from_code(&self.kind).context("an assignment's kind is one of ours")?,
            method: AssignmentMethod::from_code(&self.method)
                .context("an assignment's method is one of ours")?,
            document: self.document.0,
            document_sha256: self.document_sha256,
            offered_at: self.offered_at.to_jiff(),
            answer_by: self.answer_by.map(jiff_sqlx::Timestamp::to_jiff),
            assigned_at: self.assigned_at.map(jiff_sqlx::Timestamp::to_jiff),
            expires_on: self.expires_on.map(jiff_sqlx::Date::to_jiff),
            withdrawn_at: self.withdrawn_at.map(jiff_sqlx::Timestamp::to_jiff),
            superseded_by: self.superseded_by,
            version: self.version,
        };
        Ok(Row {
            assignment,
            patient_id: self.patient_id,
            account_id: self.account_id,
            wrong_proofs: self.wrong_proofs,
            proved_at: self.proved_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}
