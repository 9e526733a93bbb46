//! Table `users.invitation`: letters that ask.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, InvitationId, OrganizationId, PatientId,
    personal::Personal,
    users::{DelegationScope, InvitationKind, InvitationSent, StaffRole},
};
use sqlx::PgConnection;

use super::codes;
use crate::domain::leave::Leave;

/// What a letter asks, with what is needed once somebody agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To work at a practice.
    Staff { organization_id: OrganizationId, roles: Vec<StaffRole> },
    /// To act for a patient.
    Carer { patient_id: PatientId, leave: Leave },
    /// To let the one who asks act for oneself.
    CaredFor { leave: Leave },
    /// To take over one's own record.
    OwnRecord { patient_id: PatientId },
}

impl Asked {
    /// The kind alone.
    pub fn kind(&self) -> InvitationKind {
        match self {
            Self::Staff { .. } => InvitationKind::Staff,
            Self::Carer { .. } => InvitationKind::Carer,
            Self::CaredFor { .. } => InvitationKind::CaredFor,
            Self::OwnRecord { .. } => InvitationKind::OwnRecord,
        }
    }

    fn organization(&self) -> (Option<OrganizationId>, Option<&[StaffRole]>) {
        match self {
            Self::Staff { organization_id, roles } => (Some(*organization_id), Some(roles)),
            Self::Carer { .. } | Self::CaredFor { .. } | Self::OwnRecord { .. } => (None, None),
        }
    }

    fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Carer { patient_id, .. } | Self::OwnRecord { patient_id } => Some(*patient_id),
            Self::Staff { .. } | Self::CaredFor { .. } => None,
        }
    }

    fn leave(&self) -> Option<&Leave> {
        match self {
            Self::Carer { leave, .. } | Self::CaredFor { leave } => Some(leave),
            Self::Staff { .. } | Self::OwnRecord { .. } => None,
        }
    }
}

/// A letter that has not been answered.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub invitation_id: InvitationId,
    /// Who asks.
    pub invited_by: AccountId,
    /// Where it went.
    pub email: Personal<String>,
    /// What it asks.
    pub asked: Asked,
}

/// Writes a new letter; of its secret only the hash.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(
    conn: &mut PgConnection,
    sent: &InvitationSent,
    token_hash: &[u8; 32],
    email: &str,
    by: AccountId,
    asked: &Asked,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (organization_id, roles) = asked.organization();
    let roles = roles.map(|roles| codes::write(roles, StaffRole::code));
    let leave = asked.leave();
    let scopes = leave.map(|leave| codes::write(&leave.scopes, DelegationScope::code));
    sqlx::query!(
        "insert into users.invitation (invitation_id, kind, token_hash, email, invited_by, organization_id, roles, \
         patient_id, scopes, delegation_expires_at, created_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        sent.invitation_id.0,
        asked.kind().code(),
        token_hash.as_slice(),
        email,
        by.0,
        organization_id.map(|id| id.0),
        roles.as_deref(),
        asked.patient().map(|id| id.0),
        scopes.as_deref(),
        leave.map(|leave| leave.expires_at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        sent.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many letters of somebody wait to be answered.
///
/// # Errors
/// When the table cannot be read.
pub async fn count_waiting(conn: &mut PgConnection, by: AccountId, now: Timestamp) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from users.invitation
           where invited_by = $1 and accepted_at is null and expires_at > $2"#,
        by.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}

/// Accepts the letter with that secret: it can be accepted once. `None` when there is none that waits.
///
/// # Errors
/// When the table cannot be changed.
pub async fn accept(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    by: AccountId,
    now: Timestamp,
) -> sqlx::Result<Option<Waiting>> {
    let row = sqlx::query!(
        r#"update users.invitation set accepted_at = $3, accepted_by = $2
           where token_hash = $1 and accepted_at is null and expires_at > $3
           returning invitation_id as "invitation_id: InvitationId", invited_by as "invited_by: AccountId", email, kind,
               organization_id as "organization_id: OrganizationId", roles, patient_id as "patient_id: PatientId", scopes,
               delegation_expires_at"#,
        token_hash.as_slice(),
        by.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let broken = || sqlx::Error::Decode("an invitation lacks what its kind needs".into());
    let leave = || {
        let scopes = codes::read(row.scopes.as_deref().ok_or_else(broken)?, DelegationScope::from_code)?;
        let expires_at = row.delegation_expires_at.ok_or_else(broken)?.to_jiff();
        Ok::<_, sqlx::Error>(Leave { scopes, expires_at })
    };
    let asked = match codes::one(&row.kind, InvitationKind::from_code)? {
        InvitationKind::Staff => Asked::Staff {
            organization_id: row.organization_id.ok_or_else(broken)?,
            roles: codes::read(row.roles.as_deref().ok_or_else(broken)?, StaffRole::from_code)?,
        },
        InvitationKind::Carer => {
            Asked::Carer { patient_id: row.patient_id.ok_or_else(broken)?, leave: leave()? }
        }
        InvitationKind::CaredFor => Asked::CaredFor { leave: leave()? },
        InvitationKind::OwnRecord => Asked::OwnRecord { patient_id: row.patient_id.ok_or_else(broken)? },
    };
    let (invitation_id, invited_by) = (row.invitation_id, row.invited_by);
    Ok(Some(Waiting { invitation_id, invited_by, email: row.email.into(), asked }))
}

/// Takes back the letters that somebody wrote for a practice: who may not invite any more has invited nobody.
///
/// # Errors
/// When the table cannot be changed.
pub async fn take_back(
    conn: &mut PgConnection,
    by: AccountId,
    organization_id: OrganizationId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from users.invitation where invited_by = $1 and organization_id = $2 and accepted_at is null",
        by.0,
        organization_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets letters that ran out a month ago or earlier, answered or not. Says how many.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_old(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from users.invitation where expires_at <= $1::timestamptz - interval '30 days'",
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
