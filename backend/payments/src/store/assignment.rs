//! Tables `payments.assignment` and `payments.assignment_transition`. Each step is a compare-and-swap on the version, and a row of the
//! history. What was agreed to is never changed; the database sees to that too.

use anyhow::{Context as _, Result, bail};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{
    AccountId, AssignmentId, BookingId, OrganizationId, PatientId,
    payments::{
        assignment::{
            Assignment, AssignmentDocument, AssignmentKind, AssignmentMethod, AssignmentStatus,
            EnduringGround, VerbalReason,
        },
        rules,
    },
};
use sqlx::{PgConnection, types::Json};

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
    note(conn, row, None, StepBy::System, assignment.offered_at).await
}

/// One assignment, locked until the transaction ends.
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
           from payments.assignment where assignment_id = $1 for update"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// Whose letter has this secret.
///
/// # Errors
/// When the database fails.
pub async fn by_token(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<AssignmentId>> {
    let id = sqlx::query_scalar!(
        "select assignment_id from payments.assignment where token_hash = $1",
        hash.as_slice(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(AssignmentId::from))
}

/// Whether this is the hash of an assignment's letter.
///
/// # Errors
/// When the database fails.
pub async fn has_token(conn: &mut PgConnection, id: AssignmentId, hash: &[u8; 32]) -> sqlx::Result<bool> {
    Ok(by_token(conn, hash).await? == Some(id))
}

/// The assignments of a booking and the enduring ones of its patient at its practice, the latest first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment
           where booking_id = $1 or (kind = 'enduring'
               and patient_id = (select owner.patient_id from payments.booking_owner owner where owner.booking_id = $1)
               and organization_id = (select claimant.organization_id from payments.claimant where claimant.booking_id = $1))
           order by offered_at desc, assignment_id desc"#,
        booking_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// A practice's assignments in a state, or all of them, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    status: Option<AssignmentStatus>,
    after: Option<AssignmentId>,
    at_most: i64,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment
           where organization_id = $1 and ($2::text is null or status = $2)
               and ($3::uuid is null or (offered_at, assignment_id) < (
                   select earlier.offered_at, earlier.assignment_id from payments.assignment earlier
                   where earlier.assignment_id = $3 and earlier.organization_id = $1))
           order by offered_at desc, assignment_id desc limit $4"#,
        organization_id.0,
        status.map(AssignmentStatus::code),
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Some that nobody answered in time, locked until the transaction ends; those that somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn unanswered(
    conn: &mut PgConnection,
    now: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<AssignmentId>> {
    let ids = sqlx::query_scalar!(
        "select assignment_id from payments.assignment \
         where status in ('offered', 'delivery_failed') and answer_by < $1 order by answer_by limit $2 \
         for update skip locked",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(AssignmentId::from).collect())
}

/// The assignment that a claim for a booking's service of a day can rest on: the booking's own, or an enduring one of its patient to
/// the same practitioner.
///
/// # Errors
/// When the database fails.
pub async fn good_for(
    conn: &mut PgConnection,
    booking_id: BookingId,
    on: Date,
) -> sqlx::Result<Option<AssignmentId>> {
    let id = sqlx::query_scalar!(
        "select assignment.assignment_id from payments.assignment \
         where assignment.status in ('assigned', 'relied_on') \
             and $2::date between assignment.service_from and assignment.service_until \
             and (assignment.booking_id = $1 or exists ( \
                 select from payments.claimant \
                 join payments.booking_owner owner on owner.booking_id = claimant.booking_id \
                 join payments.role_setup setup on setup.organization_id = claimant.organization_id \
                     and setup.practitioner_role_id = claimant.practitioner_role_id \
                 where claimant.booking_id = $1 and assignment.kind = 'enduring' \
                     and assignment.organization_id = claimant.organization_id \
                     and assignment.patient_id = owner.patient_id \
                     and assignment.provider_number = setup.provider_number)) \
         order by assignment.booking_id nulls last limit 1",
        booking_id.0,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(AssignmentId::from))
}

/// Whether an assignment is for all of these items; one that names none is for whatever the visit brings.
///
/// # Errors
/// When the database fails.
pub async fn covers(
    conn: &mut PgConnection,
    assignment_id: AssignmentId,
    item_numbers: &[String],
) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        r#"select (kind <> 'post' or item_numbers @> $2) as "covers!" from payments.assignment
           where assignment_id = $1"#,
        assignment_id.0,
        item_numbers,
    )
    .fetch_one(conn)
    .await?;
    Ok(row.covers)
}

/// Notes that a claim is lodged on an assignment, in the transaction that lodges it. An enduring one is relied on again and again.
///
/// # Errors
/// When the database fails, or it is not one that was agreed to.
pub async fn rely_on(conn: &mut PgConnection, core: &Core, id: AssignmentId) -> Result<()> {
    let row = find(conn, id).await?.context("a claim rests on an assignment that is there")?;
    match row.assignment.status {
        AssignmentStatus::ReliedOn => Ok(()),
        AssignmentStatus::Assigned => {
            step(conn, core, row, AssignmentStatus::ReliedOn, StepBy::System).await?;
            Ok(())
        }
        AssignmentStatus::Offered
        | AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => bail!("no claim can rest on assignment {id}"),
    }
}

/// Takes a step that changes nothing but where it stands.
///
/// # Errors
/// When the database fails, the step is not in the table of steps, or the row has changed meanwhile.
pub async fn step(
    conn: &mut PgConnection,
    core: &Core,
    row: Row,
    to: AssignmentStatus,
    by: StepBy,
) -> Result<Row> {
    let (from, now) = (row.assignment.status, core.now());
    if !from.next().contains(&to) {
        bail!("an assignment that is {} does not become {}", from.code(), to.code());
    }
    let mut row = row;
    row.assignment.status = to;
    row.assignment.version += 1;
    row.assignment.withdrawn_at = (to == AssignmentStatus::Withdrawn).then_some(now);
    let done = sqlx::query!(
        "update payments.assignment set status = $2, version = $3, withdrawn_at = $4, updated_at = $5 \
         where assignment_id = $1 and version = $3 - 1",
        row.assignment.assignment_id.0,
        to.code(),
        row.assignment.version,
        row.assignment.withdrawn_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        bail!("assignment {} has changed meanwhile", row.assignment.assignment_id);
    }
    note(conn, &row, Some(from), by, now).await?;
    Ok(row)
}

/// Takes the step to `assigned`, with what was agreed to and how.
///
/// # Errors
/// As [`step`], or when the database refuses the agreement.
pub async fn assign(
    conn: &mut PgConnection,
    core: &Core,
    row: Row,
    agreement: &Agreement,
    by: StepBy,
) -> Result<Row> {
    let (from, now) = (row.assignment.status, core.now());
    if !from.next().contains(&AssignmentStatus::Assigned) {
        bail!("an assignment that is {} cannot be agreed to", from.code());
    }
    let last = row.assignment.expires_on.map_or(agreement.on, |last| last.max(agreement.on));
    let mut row = row;
    row.assignment.status = AssignmentStatus::Assigned;
    row.assignment.version += 1;
    row.assignment.method = agreement.method;
    row.assignment.assigned_at = Some(now);
    let text = agreement.document.to_text();
    row.assignment.document_sha256 = hash_of(&text);
    row.assignment.document = agreement.document.clone();
    let done = sqlx::query!(
        "update payments.assignment set status = 'assigned', version = $2, method = $3, verbal_reason = $4, relation = $5, \
         document = $6, document_text = $7, document_sha256 = decode($8, 'hex'), evidence = $9, device = $10, \
         recorded_by = $11, assigned_at = $12, assigned_on = $13, keep_until = $14, updated_at = $12 \
         where assignment_id = $1 and version = $2 - 1",
        row.assignment.assignment_id.0,
        row.assignment.version,
        agreement.method.code(),
        agreement.verbal_reason.map(VerbalReason::code),
        agreement.document.relation.code(),
        Json(&agreement.document) as Json<&AssignmentDocument>,
        text,
        row.assignment.document_sha256,
        agreement.evidence.code(),
        agreement.device,
        agreement.recorded_by.map(|id| id.0),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        agreement.on.to_sqlx() as jiff_sqlx::Date,
        rules::assignment_kept_until(last).to_sqlx() as jiff_sqlx::Date,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        bail!("assignment {} has changed meanwhile", row.assignment.assignment_id);
    }
    note(conn, &row, Some(from), by, now).await?;
    Ok(row)
}

/// Says which one took the place of another.
///
/// # Errors
/// When the database fails.
pub async fn point_to(conn: &mut PgConnection, old: AssignmentId, new: AssignmentId) -> sqlx::Result<()> {
    sqlx::query!("update payments.assignment set superseded_by = $2 where assignment_id = $1", old.0, new.0,)
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves the time to answer with the visit.
///
/// # Errors
/// When the database fails.
pub async fn set_answer_by(conn: &mut PgConnection, id: AssignmentId, until: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set answer_by = $2 \
         where assignment_id = $1 and status in ('offered', 'delivery_failed')",
        id.0,
        until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the three points were right just now, or that they were wrong once more.
///
/// # Errors
/// When the database fails.
pub async fn note_proof(
    conn: &mut PgConnection,
    id: AssignmentId,
    proved_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set proved_at = coalesce($2, proved_at), \
         wrong_proofs = wrong_proofs + case when $2::timestamptz is null then 1 else 0 end where assignment_id = $1",
        id.0,
        proved_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
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
