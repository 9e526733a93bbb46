//! What an account may do, gathered from the tables of patients, delegations, practice staff and platform staff.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, OrganizationId, PatientId,
    users::{ActsFor, DelegationScope, Membership, PlatformRole, StaffRole},
};
use sqlx::PgConnection;

use super::codes;

/// What a session token says beside who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The patient that the account's holder is.
    pub patient_id: Option<PatientId>,
    /// Patients they may act for now.
    pub acts_for: Vec<ActsFor>,
    /// Practices they work at now.
    pub memberships: Vec<Membership>,
    /// What they do for the platform now.
    pub platform: Vec<PlatformRole>,
}

/// What the account may do now. One that nobody knows may do nothing.
///
/// # Errors
/// When a table cannot be read, or holds a name that this build does not know.
pub async fn standing(
    conn: &mut PgConnection,
    account_id: AccountId,
    now: Timestamp,
) -> sqlx::Result<Standing> {
    let patient_id = sqlx::query_scalar!(
        r#"select patient_id as "patient_id: PatientId" from users.patient where account_id = $1"#,
        account_id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let acts_for = sqlx::query!(
        r#"select patient_id as "patient_id: PatientId", scopes from users.delegation
           where account_id = $1 and ended_at is null and expires_at > $2 order by created_at, delegation_id"#,
        account_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    let memberships = sqlx::query!(
        r#"select organization_id as "organization_id: OrganizationId", roles from users.membership
           where account_id = $1 order by created_at, organization_id"#,
        account_id.0,
    )
    .fetch_all(&mut *conn)
    .await?;
    let platform =
        sqlx::query_scalar!("select roles from users.platform_staff where account_id = $1", account_id.0)
            .fetch_optional(conn)
            .await?;
    let acts_for = acts_for.into_iter().map(|row| {
        let scopes = codes::read(&row.scopes, DelegationScope::from_code)?;
        Ok::<_, sqlx::Error>(ActsFor { patient_id: row.patient_id, scopes })
    });
    let memberships = memberships.into_iter().map(|row| {
        let roles = codes::read(&row.roles, StaffRole::from_code)?;
        Ok::<_, sqlx::Error>(Membership { organization_id: row.organization_id, roles })
    });
    Ok(Standing {
        patient_id,
        acts_for: acts_for.collect::<sqlx::Result<_>>()?,
        memberships: memberships.collect::<sqlx::Result<_>>()?,
        platform: codes::read(&platform.unwrap_or_default(), PlatformRole::from_code)?,
    })
}
