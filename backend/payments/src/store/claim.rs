//! Tables `payments.claim`, `payments.claim_service` and `payments.claim_transition`.

mod reading;

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, BookingId, ClaimId, PatientId,
    payments::claim::{ClaimStatus, ReferralOverride, ServiceOutcome, ServiceType},
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::reading::{
    Ending, assigned_on, beside, ending, has_any_left, history, list, of_booking, resting_on, services,
    stopped, totals, waiting_of_patient,
};
use crate::domain::claim::{Claim, Service, StepBy};

/// Why a claim is not written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another claim that stands names one of its services.
    #[error("another claim names one of the services")]
    AlreadyClaimed,
    /// A private charge stands for the booking (C-52).
    #[error("the patient is charged for the booking")]
    HasCharge,
    /// Somebody was quicker.
    #[error("the claim has changed meanwhile")]
    Stale,
    /// Anything else.
    #[error("the claim could not be written")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    /// The one place where the constraints of these tables get their meaning.
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|refused| refused.constraint());
        match constraint {
            Some("claim_service_once_idx" | "claim_relodges_once_idx") => Self::AlreadyClaimed,
            Some("claim_has_no_charge") => Self::HasCharge,
            _ => Self::Database(error),
        }
    }
}

/// A row as it is read.
struct Row {
    claim_id: Uuid,
    booking_id: Uuid,
    organization_id: Uuid,
    patient_id: Option<Uuid>,
    status: String,
    assignment_id: Option<Uuid>,
    service_type: String,
    provider_number: Option<String>,
    payee_provider_number: Option<String>,
    professional_name: String,
    referral: Option<serde_json::Value>,
    referral_override: Option<String>,
    service_date: jiff_sqlx::Date,
    lodge_until: jiff_sqlx::Date,
    claimed_cents: i64,
    benefit_cents: i64,
    paid_cents: i64,
    medicare_claim_id: Option<String>,
    relodges: Option<Uuid>,
    codes: Vec<String>,
    due_at: Option<jiff_sqlx::Timestamp>,
    version: i32,
    updated_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn read(self) -> Result<Claim> {
        let reason = self.referral_override.map(|code| {
            ReferralOverride::from_code(&code).context("a claim's reason for no referral is one of ours")
        });
        let referral = self.referral.map(serde_json::from_value);
        Ok(Claim {
            claim_id: self.claim_id.into(),
            booking_id: self.booking_id.into(),
            organization_id: self.organization_id.into(),
            patient_id: self.patient_id.map(Into::into),
            status: ClaimStatus::from_code(&self.status).context("a claim's status is one of ours")?,
            assignment_id: self.assignment_id.map(Into::into),
            service_type: ServiceType::from_code(&self.service_type)
                .context("a claim's sort is one of ours")?,
            provider_number: self.provider_number,
            payee_provider_number: self.payee_provider_number,
            professional_name: self.professional_name,
            referral: referral.transpose().context("a claim's referral is one")?,
            referral_override: reason.transpose()?,
            service_date: self.service_date.to_jiff(),
            lodge_until: self.lodge_until.to_jiff(),
            claimed_cents: AudCents(self.claimed_cents),
            benefit_cents: AudCents(self.benefit_cents),
            paid_cents: AudCents(self.paid_cents),
            medicare_claim_id: self.medicare_claim_id,
            relodges: self.relodges.map(Into::into),
            codes: self.codes,
            due_at: self.due_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: self.version,
            updated_at: self.updated_at.to_jiff(),
        })
    }
}

/// Stores a new claim and its services.
///
/// # Errors
/// When another claim names a service, or a charge stands.
pub async fn insert(
    conn: &mut PgConnection,
    claim: &Claim,
    services: &[Service],
    now: Timestamp,
) -> Result<(), StoreError> {
    let referral = claim.referral.as_ref().map(|referral| serde_json::json!(referral));
    sqlx::query!(
        "insert into payments.claim (claim_id, booking_id, organization_id, patient_id, status, assignment_id, service_type, \
         provider_number, payee_provider_number, professional_name, referral, referral_override, service_date, \
         lodge_until, claimed_cents, relodges, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)",
        claim.claim_id.0,
        claim.booking_id.0,
        claim.organization_id.0,
        claim.patient_id.map(|id| id.0),
        claim.status.code(),
        claim.assignment_id.map(|id| id.0),
        claim.service_type.code(),
        claim.provider_number,
        claim.payee_provider_number,
        claim.professional_name,
        referral,
        claim.referral_override.map(ReferralOverride::code),
        claim.service_date.to_sqlx() as jiff_sqlx::Date,
        claim.lodge_until.to_sqlx() as jiff_sqlx::Date,
        claim.claimed_cents.0,
        claim.relodges.map(|id| id.0),
        claim.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    put_services(conn, claim, services).await
}

/// Puts other services in the place of a claim's.
///
/// # Errors
/// When another claim names one of them.
pub async fn put_services(
    conn: &mut PgConnection,
    claim: &Claim,
    services: &[Service],
) -> Result<(), StoreError> {
    sqlx::query!("delete from payments.claim_service where claim_id = $1", claim.claim_id.0)
        .execute(&mut *conn)
        .await?;
    for (place, service) in (1_i16..).zip(services) {
        sqlx::query!(
            "insert into payments.claim_service (claim_service_id, claim_id, booking_id, position, item_number, occurrence, \
             charge_cents, incentive) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            service.claim_service_id.0,
            claim.claim_id.0,
            claim.booking_id.0,
            place,
            service.item_number,
            service.occurrence,
            service.charge_cents.0,
            service.is_incentive,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Writes what a report says of the services. What was rejected stands no more, so that another claim may name it.
///
/// # Errors
/// [`StoreError::AlreadyClaimed`] when another claim names what had been rejected and is paid after all.
pub async fn assess_services(conn: &mut PgConnection, services: &[Service]) -> Result<(), StoreError> {
    for service in services {
        sqlx::query!(
            "update payments.claim_service set outcome = $2, benefit_cents = $3, reason_code = $4, stands = $5 \
             where claim_service_id = $1",
            service.claim_service_id.0,
            service.outcome.code(),
            service.benefit_cents.map(|cents| cents.0),
            service.reason_code,
            service.outcome != ServiceOutcome::Rejected,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Writes that Medicare pays nothing for a claim's services any more, so that another claim may name them.
///
/// # Errors
/// When the database fails.
pub async fn reject_services(conn: &mut PgConnection, claim_id: ClaimId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claim_service set outcome = 'rejected', benefit_cents = 0, stands = false where claim_id = $1",
        claim_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets go of the services of a claim that was taken back.
///
/// # Errors
/// When the database fails.
pub async fn release_services(conn: &mut PgConnection, claim_id: ClaimId) -> sqlx::Result<()> {
    sqlx::query!("update payments.claim_service set stands = false where claim_id = $1", claim_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes a claim over the version before its own, with a row of its history.
///
/// # Errors
/// [`StoreError::Stale`] when somebody was quicker.
pub async fn change(
    conn: &mut PgConnection,
    from: ClaimStatus,
    claim: &Claim,
    by: StepBy,
    posting_id: Option<Uuid>,
) -> Result<(), StoreError> {
    let referral = claim.referral.as_ref().map(|referral| serde_json::json!(referral));
    let written = sqlx::query!(
        "update payments.claim set status = $3, assignment_id = $4, service_type = $5, provider_number = $6, \
         payee_provider_number = $7, referral = $8, referral_override = $9, claimed_cents = $10, benefit_cents = $11, \
         paid_cents = $12, medicare_claim_id = $13, codes = $14, due_at = $15, version = $2, updated_at = $16 \
         where claim_id = $1 and version = $2 - 1 and status = $17",
        claim.claim_id.0,
        claim.version,
        claim.status.code(),
        claim.assignment_id.map(|id| id.0),
        claim.service_type.code(),
        claim.provider_number,
        claim.payee_provider_number,
        referral,
        claim.referral_override.map(ReferralOverride::code),
        claim.claimed_cents.0,
        claim.benefit_cents.0,
        claim.paid_cents.0,
        claim.medicare_claim_id,
        &claim.codes,
        claim.due_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        claim.updated_at.to_sqlx() as jiff_sqlx::Timestamp,
        from.code(),
    )
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() != 1 {
        return Err(StoreError::Stale);
    }
    note_step(conn, Some(from), claim, by, posting_id).await?;
    Ok(())
}

/// A row of a claim's history.
///
/// # Errors
/// When the database fails.
pub async fn note_step(
    conn: &mut PgConnection,
    from: Option<ClaimStatus>,
    claim: &Claim,
    by: StepBy,
    posting_id: Option<Uuid>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.claim_transition (claim_id, version, from_status, to_status, codes, posting_id, taken_by, \
         taken_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        claim.claim_id.0,
        claim.version,
        from.map(ClaimStatus::code),
        claim.status.code(),
        &claim.codes,
        posting_id,
        by.code(),
        claim.updated_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A claim, locked until the transaction ends. Who needs its booking's claimant or the assignment that it rests on as well has locked them
/// before: see [`lock_after_claimant`].
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn lock(conn: &mut PgConnection, claim_id: ClaimId) -> Result<Option<Claim>> {
    let row = sqlx::query_as!(
        Row,
        "select claim_id, booking_id, organization_id, patient_id, status, assignment_id, service_type, provider_number, \
         payee_provider_number, professional_name, referral, referral_override, service_date, lodge_until, \
         claimed_cents, benefit_cents, paid_cents, medicare_claim_id, relodges, codes, due_at, version, updated_at \
         from payments.claim where claim_id = $1 for update",
        claim_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// A claim, locked until the transaction ends, after what is locked before claims everywhere, so that no two wait for each other: its
/// booking's claimant, with which what bookings tells begins, then the assignment that it rests on, which other claims may name meanwhile.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn lock_after_claimant(conn: &mut PgConnection, claim_id: ClaimId) -> Result<Option<Claim>> {
    sqlx::query_scalar!(
        "select booking_id from payments.claimant where booking_id = ( \
             select claim.booking_id from payments.claim where claim.claim_id = $1) for update",
        claim_id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        "select assignment_id from payments.assignment where assignment_id = ( \
             select claim.assignment_id from payments.claim where claim.claim_id = $1) for no key update",
        claim_id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    lock(conn, claim_id).await
}

/// A claim about which Medicare is to be asked, taken for as long as a lease: who takes it meanwhile finds none.
///
/// # Errors
/// When the database fails.
pub async fn take_due(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
) -> sqlx::Result<Option<ClaimId>> {
    let id = sqlx::query_scalar!(
        "update payments.claim set due_at = $2 where claim_id = ( \
             select claim_id from payments.claim where due_at <= $1 order by due_at limit 1 for update skip locked) \
         returning claim_id",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        (now + lease).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(Into::into))
}

/// Keeps whose a booking's claims are that were nobody's: a guest's, who has an account since.
///
/// # Errors
/// When the database fails.
pub async fn keep_patient(
    conn: &mut PgConnection,
    booking_id: BookingId,
    patient_id: PatientId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claim set patient_id = $2 where booking_id = $1 and patient_id is null",
        booking_id.0,
        patient_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When Medicare is asked next; what the claim is does not change.
///
/// # Errors
/// When the database fails.
pub async fn ask_again(
    conn: &mut PgConnection,
    claim_id: ClaimId,
    at: Option<Timestamp>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claim set due_at = $2 where claim_id = $1",
        claim_id.0,
        at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
}
