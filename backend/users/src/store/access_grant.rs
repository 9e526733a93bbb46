//! Table `users.access_grant`: stated reasons.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccessGrantId, AccountId, PatientId,
    users::{AccessGrant, GrantCategory},
};
use sqlx::PgConnection;

use super::codes;

/// Writes a new one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, grant: &AccessGrant, account_id: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.access_grant (access_grant_id, account_id, patient_id, category, reason, granted_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        grant.access_grant_id.0,
        account_id.0,
        grant.patient_id.0,
        grant.category.code(),
        grant.reason,
        grant.granted_at.to_sqlx() as jiff_sqlx::Timestamp,
        grant.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The grant by which that account may see that patient now, the one that lasts longest.
///
/// # Errors
/// When the table cannot be read.
pub async fn live(
    conn: &mut PgConnection,
    account_id: AccountId,
    patient_id: PatientId,
    now: Timestamp,
) -> sqlx::Result<Option<AccessGrantId>> {
    sqlx::query_scalar!(
        r#"select access_grant_id as "access_grant_id: AccessGrantId" from users.access_grant
           where account_id = $1 and patient_id = $2 and granted_at <= $3 and expires_at > $3
           order by expires_at desc limit 1"#,
        account_id.0,
        patient_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await
}

/// Those about some patients, the newest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn list(conn: &mut PgConnection, patients: &[PatientId]) -> sqlx::Result<Vec<AccessGrant>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select access_grant_id as "access_grant_id: AccessGrantId", patient_id as "patient_id: PatientId", category,
               reason, granted_at, expires_at
           from users.access_grant where patient_id = any($1) order by granted_at desc, access_grant_id desc"#,
        &patients,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Those that an account stated and that stand, what ends first before the others.
///
/// # Errors
/// When the table cannot be read.
pub async fn living(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Vec<AccessGrant>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select access_grant_id as "access_grant_id: AccessGrantId", patient_id as "patient_id: PatientId", category,
               reason, granted_at, expires_at
           from users.access_grant where account_id = $1 and granted_at <= $2 and expires_at > $2
           order by expires_at, access_grant_id"#,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Ends one that the account stated and that stands, and gives it as it is now. One that was stated this very moment ends a
/// microsecond later: each has lasted for some time.
///
/// # Errors
/// When the table cannot be changed.
pub async fn end(
    conn: &mut PgConnection,
    grant: AccessGrantId,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Option<AccessGrant>> {
    let row = sqlx::query_as!(
        Columns,
        r#"update users.access_grant set expires_at = greatest($3, granted_at + interval '1 microsecond')
           where access_grant_id = $1 and account_id = $2 and expires_at > $3
           returning access_grant_id as "access_grant_id: AccessGrantId", patient_id as "patient_id: PatientId", category,
               reason, granted_at, expires_at"#,
        grant.0,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// A row as the database has it.
struct Columns {
    access_grant_id: AccessGrantId,
    patient_id: PatientId,
    category: String,
    reason: String,
    granted_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
}

impl Columns {
    fn read(self) -> sqlx::Result<AccessGrant> {
        Ok(AccessGrant {
            access_grant_id: self.access_grant_id,
            patient_id: self.patient_id,
            category: codes::one(&self.category, GrantCategory::from_code)?,
            reason: self.reason,
            granted_at: self.granted_at.to_jiff(),
            expires_at: self.expires_at.to_jiff(),
        })
    }
}
