//! Table `users.patient`.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, PatientId,
    users::{AccessNeed, ContactChannel, Patient, PatientDetails},
};
use sqlx::PgConnection;

use super::codes;

/// A patient, and whether they have an account.
#[derive(Clone, Debug)]
pub struct Found {
    /// The patient.
    pub patient: Patient,
    /// Their own account.
    pub account_id: Option<AccountId>,
}

/// A patient by id or by account, whichever is given.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(
    conn: &mut PgConnection,
    patient_id: Option<PatientId>,
    account_id: Option<AccountId>,
) -> sqlx::Result<Option<Found>> {
    let row = sqlx::query!(
        r#"select patient_id as "patient_id: PatientId", account_id as "account_id: AccountId", name, preferred_name,
               pronouns, date_of_birth, language, access_needs, contact_by, mobile, version
           from users.patient where patient_id = $1 or account_id = $2"#,
        patient_id.map(|id| id.0),
        account_id.map(|id| id.0),
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let details = PatientDetails {
        name: row.name.into(),
        preferred_name: row.preferred_name.map(Into::into),
        pronouns: row.pronouns.map(Into::into),
        date_of_birth: row.date_of_birth.to_jiff().into(),
        language: row.language,
        access_needs: codes::read(&row.access_needs, AccessNeed::from_code)?.into(),
        contact_by: codes::read(&row.contact_by, ContactChannel::from_code)?,
        mobile: row.mobile.map(Into::into),
    };
    let patient = Patient { patient_id: row.patient_id, version: row.version, details };
    Ok(Some(Found { patient, account_id: row.account_id }))
}

/// Writes a new patient. False when the account has one already.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(
    conn: &mut PgConnection,
    patient: &Patient,
    account_id: Option<AccountId>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let details = &patient.details;
    let done = sqlx::query!(
        "insert into users.patient (patient_id, account_id, name, preferred_name, pronouns, date_of_birth, language, \
         access_needs, contact_by, mobile, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) \
         on conflict on constraint patient_account_key do nothing",
        patient.patient_id.0,
        account_id.map(|id| id.0),
        details.name.expose(),
        details.preferred_name.as_ref().map(|name| name.expose().as_str()),
        details.pronouns.as_ref().map(|text| text.expose().as_str()),
        details.date_of_birth.expose().to_sqlx() as jiff_sqlx::Date,
        details.language,
        &codes::write(details.access_needs.expose(), AccessNeed::code),
        &codes::write(&details.contact_by, ContactChannel::code),
        details.mobile.as_ref().map(|mobile| mobile.expose().as_str()),
        patient.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes a patient's details if the version there is the one before. False when it is not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn update(conn: &mut PgConnection, patient: &Patient, now: Timestamp) -> sqlx::Result<bool> {
    let details = &patient.details;
    let done = sqlx::query!(
        "update users.patient set name = $2, preferred_name = $3, pronouns = $4, date_of_birth = $5, language = $6, \
         access_needs = $7, contact_by = $8, mobile = $9, version = $10, updated_at = $11 \
         where patient_id = $1 and version = $10 - 1",
        patient.patient_id.0,
        details.name.expose(),
        details.preferred_name.as_ref().map(|name| name.expose().as_str()),
        details.pronouns.as_ref().map(|text| text.expose().as_str()),
        details.date_of_birth.expose().to_sqlx() as jiff_sqlx::Date,
        details.language,
        &codes::write(details.access_needs.expose(), AccessNeed::code),
        &codes::write(&details.contact_by, ContactChannel::code),
        details.mobile.as_ref().map(|mobile| mobile.expose().as_str()),
        patient.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a record that has no account yet to its owner's. False when it has one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn give_to_account(
    conn: &mut PgConnection,
    patient_id: PatientId,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update users.patient set account_id = $2, version = version + 1, updated_at = $3 \
         where patient_id = $1 and account_id is null",
        patient_id.0,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
