//! What a person may ask of claims about them. Claims are records of money: seven years from their last change, whatever becomes of
//! the person; only the tie to their account is cut.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::export::{Whose, part};
use shared_types::{PatientId, export::ExportPart};
use sqlx::PgConnection;

use super::benefit_return;

/// The parts of an export.
///
/// # Errors
/// When a table cannot be read.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let claims = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select claim.claim_id, claim.booking_id, claim.organization_id, claim.status, claim.assignment_id,
                   claim.service_type, claim.professional_name, claim.referral, claim.referral_override, claim.service_date,
                   claim.lodge_until, claim.claimed_cents, claim.benefit_cents, claim.paid_cents, claim.medicare_claim_id,
                   claim.codes, claim.created_at, claim.updated_at
               from payments.claim left join payments.booking_owner owner on owner.booking_id = claim.booking_id
               where claim.patient_id = $2 or owner.patient_id = $2
                   or (claim.patient_id is null and owner.patient_id is null and owner.account_id = $1)
               order by claim.created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let services = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select service.claim_id, service.booking_id, service.position, service.item_number, service.occurrence,
                   service.charge_cents, service.incentive, service.outcome, service.benefit_cents, service.reason_code
               from payments.claim_service service join payments.claim on claim.claim_id = service.claim_id
               left join payments.booking_owner owner on owner.booking_id = claim.booking_id
               where claim.patient_id = $2 or owner.patient_id = $2
                   or (claim.patient_id is null and owner.patient_id is null and owner.account_id = $1)
               order by service.claim_id, service.position) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let returned = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select returned.claim_id, returned.booking_id, returned.way, returned.returned_on, returned.reason,
                   returned.amount_cents, returned.recorded_at
               from payments.benefit_return returned join payments.claim on claim.claim_id = returned.claim_id
               left join payments.booking_owner owner on owner.booking_id = claim.booking_id
               where claim.patient_id = $2 or owner.patient_id = $2
                   or (claim.patient_id is null and owner.patient_id is null and owner.account_id = $1)
               order by returned.recorded_at, returned.claim_id) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let verifications = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, kind, result, code, verified_at
               from payments.verification join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by verified_at) held"#,
        account,
        patient,
    )
    .fetch_all(conn)
    .await?;
    let seven_years = "Records of money: seven years.";
    Ok(vec![
        part("claim", "What was claimed from Medicare for you", seven_years, claims),
        part("claim_service", "The items of these claims", seven_years, services),
        part("benefit_return", "Which of these benefits went back to Medicare", seven_years, returned),
        part("verification", "What a practice asked Medicare about you", seven_years, verifications),
    ])
}

/// Cuts the tie between claims and patients, and forgets what practices wrote of why a benefit went back. Says when the last of them was
/// changed; they stay.
///
/// # Errors
/// When a table cannot be changed.
pub async fn erase(conn: &mut PgConnection, patients: &[PatientId]) -> sqlx::Result<Option<Timestamp>> {
    benefit_return::forget_reasons(conn, patients).await?;
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let changed = sqlx::query_scalar!(
        "update payments.claim set patient_id = null where patient_id = any($1) returning updated_at",
        &patients,
    )
    .fetch_all(conn)
    .await?;
    Ok(changed.into_iter().map(jiff_sqlx::Timestamp::to_jiff).max())
}

/// Destroys a batch of claims that nobody touched since then, with all that belongs to them. Says when each was last changed.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_claims(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select claim_id from payments.claim where updated_at < $1 order by updated_at limit $2 \
             for update skip locked \
         ) \
         delete from payments.claim using old where claim.claim_id = old.claim_id returning claim.updated_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from payments.verification where verified_at < $1",
        before.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}
