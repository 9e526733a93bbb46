//! Table `users.delegation`: who may act for whom.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, DelegationId, PatientId,
    users::{Delegation, DelegationBasis, DelegationScope},
};
use sqlx::PgConnection;

use super::codes;
use crate::domain::leave::Leave;

/// Lets an account act for a patient. Leave by consent that stands already is replaced; a parent's stays as it is.
///
/// # Errors
/// When the table cannot be changed.
pub async fn give(
    conn: &mut PgConnection,
    delegation_id: DelegationId,
    patient_id: PatientId,
    account_id: AccountId,
    basis: DelegationBasis,
    leave: &Leave,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.delegation as old (delegation_id, patient_id, account_id, basis, scopes, created_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (patient_id, account_id) where ended_at is null do update set scopes = excluded.scopes, \
         created_at = excluded.created_at, expires_at = excluded.expires_at where old.basis = 'consent'",
        delegation_id.0,
        patient_id.0,
        account_id.0,
        basis.code(),
        &codes::write(&leave.scopes, DelegationScope::code),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        leave.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Leave that stands, by which an account acts or which its holder gave, the oldest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn list(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Vec<Delegation>> {
    let rows = sqlx::query!(
        r#"select given.delegation_id as "delegation_id: DelegationId", given.patient_id as "patient_id: PatientId",
               given.account_id = $1 as "mine_to_use!", given.basis, given.scopes, given.created_at, given.expires_at,
               coalesce(patient.preferred_name, patient.name) as "patient_name!",
               coalesce(carer.preferred_name, carer.name) as "carer_name?"
           from users.delegation given
               join users.patient on patient.patient_id = given.patient_id
               left join users.patient carer on carer.account_id = given.account_id
           where (given.account_id = $1 or patient.account_id = $1) and given.ended_at is null and given.expires_at > $2
           order by given.created_at, given.delegation_id"#,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Delegation {
                delegation_id: row.delegation_id,
                patient_id: row.patient_id,
                mine_to_use: row.mine_to_use,
                patient_name: row.patient_name.into(),
                carer_name: row.carer_name.map(Into::into),
                basis: codes::one(&row.basis, DelegationBasis::from_code)?,
                scopes: codes::read(&row.scopes, DelegationScope::from_code)?,
                created_at: row.created_at.to_jiff(),
                expires_at: row.expires_at.to_jiff(),
            })
        })
        .collect()
}

/// Leave that ended: whose tokens it was in, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Which.
    pub delegation_id: DelegationId,
    /// Who may no longer act.
    pub account_id: AccountId,
    /// For whom.
    pub patient_id: PatientId,
}

/// Ends leave that stands, by one of its two sides; `None` for everybody else.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    delegation_id: DelegationId,
    by: AccountId,
    now: Timestamp,
) -> sqlx::Result<Option<Ended>> {
    sqlx::query_as!(
        Ended,
        r#"update users.delegation set ended_at = $3,
               ended_why = case when delegation.account_id = $2 then 'by_carer' else 'by_patient' end
           from users.patient
           where delegation_id = $1 and ended_at is null and patient.patient_id = delegation.patient_id
               and (delegation.account_id = $2 or patient.account_id = $2)
           returning delegation.delegation_id as "delegation_id: DelegationId",
               delegation.account_id as "account_id: AccountId", delegation.patient_id as "patient_id: PatientId""#,
        delegation_id.0,
        by.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await
}

/// Ends a batch of leave whose time is up.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end_due(conn: &mut PgConnection, now: Timestamp, batch: i64) -> sqlx::Result<Vec<Ended>> {
    sqlx::query_as!(
        Ended,
        r#"with due as (
               select delegation_id from users.delegation where ended_at is null and expires_at <= $1
               order by expires_at limit $2 for update skip locked
           )
           update users.delegation set ended_at = $1, ended_why = 'expired'
           where delegation_id in (select delegation_id from due)
           returning delegation_id as "delegation_id: DelegationId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId""#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await
}

/// A child's date of birth was put right: their parents' leave ends on another day.
///
/// # Errors
/// When the table cannot be changed.
pub async fn move_parents_end(
    conn: &mut PgConnection,
    patient_id: PatientId,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.delegation set expires_at = $2 where patient_id = $1 and basis = 'parent' and ended_at is null",
        patient_id.0,
        expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
