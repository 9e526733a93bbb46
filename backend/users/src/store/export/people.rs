//! Of a patient, those who act for them, and where somebody works.

use kernel::export::part;
use shared_types::export::ExportPart;
use sqlx::PgConnection;
use uuid::Uuid;

pub async fn parts(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    patient: Option<Uuid>,
) -> sqlx::Result<Vec<ExportPart>> {
    let mut parts = patients(conn, account, patient).await?;
    parts.extend(work(conn, account).await?);
    Ok(parts)
}

async fn patients(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    patient: Option<Uuid>,
) -> sqlx::Result<Vec<ExportPart>> {
    let patients = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select patient_id, account_id, name, preferred_name, pronouns, date_of_birth, language, access_needs,
                   contact_by, mobile, version, created_at, updated_at
               from users.patient where patient_id = $1) held"#,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let delegations = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select delegation_id, patient_id, account_id, basis, scopes, created_at, expires_at, ended_at, ended_why
               from users.delegation where account_id = $1 or patient_id = $2 order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let grants = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select access_grant_id, account_id, patient_id, category, reason, granted_at, expires_at
               from users.access_grant where account_id = $1 or patient_id = $2 order by granted_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let withdrawals = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select patient_id, text, withdrawn_at from users.consent_withdrawal
               where patient_id = $1 order by withdrawn_at) held"#,
        patient,
    )
    .fetch_all(conn)
    .await?;
    let leave = "So that both sides can see what was allowed: seven years after it ended.";
    let reasons = "So that you can see who of our staff looked at your record and why: seven years.";
    let withdrawn = "As long as what you agreed to.";
    Ok(vec![
        part("patient", "Your details", "As long as the account.", patients),
        part("delegation", "Who may or might act for whom", leave, delegations),
        part("access_grant", "Reasons by which our staff may or might see a record", reasons, grants),
        part("consent_withdrawal", "What you no longer agree to", withdrawn, withdrawals),
    ])
}

async fn work(conn: &mut PgConnection, account: Option<Uuid>) -> sqlx::Result<Vec<ExportPart>> {
    let memberships = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select organization_id, account_id, email, roles, version, created_at, updated_at
               from users.membership where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let platform = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, roles, created_at, updated_at from users.platform_staff where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let invitations = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select invitation_id, kind, invitation.email, invited_by, organization_id, roles, patient_id, scopes,
                   delegation_expires_at, invitation.created_at, expires_at, accepted_at, accepted_by,
                   'the secret of a link, kept as its fingerprint' as token_hash
               from users.invitation
               where invited_by = $1 or accepted_by = $1
                   or invitation.email = (select account.email_lower from users.account where account_id = $1)
               order by invitation.created_at) held"#,
        account,
    )
    .fetch_all(conn)
    .await?;
    Ok(vec![
        part("membership", "Practices you work for", "As long as you work there.", memberships),
        part("platform_staff", "What you do for HelloMapper", "As long as you do it.", platform),
        part("invitation", "Letters you sent or were sent", "A month after they end.", invitations),
    ])
}
