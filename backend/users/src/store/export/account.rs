//! Of an account: what proves who its holder is, and where they are signed in.

use kernel::export::part;
use shared_types::export::ExportPart;
use sqlx::PgConnection;
use uuid::Uuid;

/// How long most of it is kept.
const ACCOUNT: &str = "To sign you in: as long as the account.";

pub async fn parts(conn: &mut PgConnection, account: Option<Uuid>) -> sqlx::Result<Vec<ExportPart>> {
    let mut parts = proofs(conn, account).await?;
    parts.extend(keys(conn, account).await?);
    parts.extend(sessions(conn, account).await?);
    Ok(parts)
}

async fn proofs(conn: &mut PgConnection, account: Option<Uuid>) -> sqlx::Result<Vec<ExportPart>> {
    let accounts = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, email, email_lower, email_verified_at, created_at, updated_at, version, closed_at
               from users.account where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let passwords = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, kdf_memory_kib, kdf_passes, kdf_lanes, changed_at,
                   'a random salt' as kdf_salt, 'a password, kept as a hash' as auth_hash
               from users.password_credential where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let passkeys = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select passkey_id, account_id, name, created_at, last_used_at,
                   'the public half of a passkey' as credential, encode(credential_id, 'base64') as credential_id
               from users.passkey where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let apps = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, created_at, confirmed_at, last_used_step,
                   'the secret of your authenticator app, kept encrypted' as sealed_secret
               from users.totp_credential where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let codes = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, used_at, 'a code, kept as its fingerprint' as code_hash
               from users.recovery_code where account_id = $1) held"#,
        account,
    )
    .fetch_all(conn)
    .await?;
    Ok(vec![
        part("account", "Your account", ACCOUNT, accounts),
        part("password_credential", "Your password", ACCOUNT, passwords),
        part("passkey", "Your passkeys", "Until you remove them.", passkeys),
        part("totp_credential", "Your authenticator app", "Until you remove it.", apps),
        part("recovery_code", "Your recovery codes", "Until you make new ones.", codes),
    ])
}

async fn keys(conn: &mut PgConnection, account: Option<Uuid>) -> sqlx::Result<Vec<ExportPart>> {
    let wrapped = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select wrapped_key_id, account_id, kind, passkey_id, created_at,
                   'your account key, wrapped so that only you can open it' as blob
               from users.wrapped_key where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let identities = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, encode(key_id, 'hex') as key_id, leaf_index, created_at,
                   'your private keys, wrapped by your account key' as wrapped
               from users.identity where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let leaves = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select leaf_index, subject_kind, subject_id, encode(data, 'base64') as data, encode(hash, 'hex') as hash,
                   added_at
               from users.key_leaf where subject_kind = 'account' and subject_id = $1 order by leaf_index) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let grants = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select organization_id, epoch, account_id, encode(key_id, 'hex') as key_id, given_at,
                   'the practice’s key, sealed to yours' as sealed
               from users.mailbox_grant where account_id = $1 order by organization_id, epoch) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let certificates = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select organization_id, epoch, account_id, encode(key_id, 'hex') as key_id,
                   encode(certificate, 'base64') as certificate, issued_at
               from users.staff_certificate where account_id = $1 order by organization_id, epoch) held"#,
        account,
    )
    .fetch_all(conn)
    .await?;
    let public = "So that nobody can be shown false keys of yours: for good, in public.";
    let practice = "As long as what you wrote for the practice.";
    Ok(vec![
        part("wrapped_key", "Your account key", ACCOUNT, wrapped),
        part("identity", "Your keys", ACCOUNT, identities),
        part("key_leaf", "Your public keys in the key directory", public, leaves),
        part("mailbox_grant", "Keys of practices you work for", "As long as you work there.", grants),
        part("staff_certificate", "Practices’ word that your keys are yours", practice, certificates),
    ])
}

async fn sessions(conn: &mut PgConnection, account: Option<Uuid>) -> sqlx::Result<Vec<ExportPart>> {
    let sessions = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select session_id, account_id, strength, device, network, created_at, last_seen_at, revoked_at
               from users.session where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let tokens = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select token.session_id, token.issued_at, token.replaced_at, token.expires_at,
                   'a cookie, kept as its fingerprint' as token_hash,
                   case when token.replaced_by is not null then 'a cookie, kept as its fingerprint' end as replaced_by
               from users.refresh_token token join users.session using (session_id)
               where session.account_id = $1 order by token.issued_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let steps = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, expires_at, 'a cookie, kept as its fingerprint' as token_hash
               from users.sign_in_step where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let ceremonies = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select ceremony_id, account_id, expires_at, 'what your browser was asked' as state
               from users.webauthn_ceremony where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let links = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, kind, new_email, created_at, expires_at, used_at,
                   'the secret of a link, kept as its fingerprint' as token_hash
               from users.email_token where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(conn)
    .await?;
    let until = "Minutes, or until it is used.";
    Ok(vec![
        part(
            "session",
            "Where you are or were signed in",
            "Ninety days after you were last there.",
            sessions,
        ),
        part("refresh_token", "Cookies that keep you signed in", "Until they end.", tokens),
        part("sign_in_step", "Sign-ins that wait for a code", until, steps),
        part("webauthn_ceremony", "Questions to your passkeys", until, ceremonies),
        part("email_token", "Links in our mails to you", "Until they end.", links),
    ])
}
