//! `GET /api/v1/users/me`: who is signed in, and the account key in every wrapping there is.

use axum::extract::State as Extract;
use kernel::{Disclosed, Reject, SignedIn, access::Refusal};
use shared_types::{
    AccountId,
    users::{AccountKeys, Me, Membership, PracticeName},
};
use sqlx::PgConnection;

use crate::{
    caution,
    domain::{self, credentials::Blob},
    state::State,
    store::{account, identity, organization, passkey, totp, wrapped_key},
};

/// 401 when the session has ended, even if the token still has minutes to go.
pub async fn find_me(Extract(state): Extract<State>, caller: SignedIn) -> Result<Disclosed<Me>, Reject> {
    let account_id = caller.account_id;
    let mut tx = state.core.begin().await?;
    let session = caution::live_session(&mut tx, &caller).await?;
    let account = account::find_account(&mut tx, account_id).await?.ok_or(Refusal::SignedOut)?;
    let passkeys = passkey::list_credential_ids(&mut tx, account_id).await?.len();
    let me = Me {
        account_id,
        email: account.email,
        patient_id: caller.patient_id,
        acts_for: caller.acts_for.clone(),
        memberships: caller.memberships.clone(),
        practices: practices(&mut tx, &caller.memberships).await?,
        platform: caller.platform.clone(),
        strength: caller.strength,
        signed_in_at: session.created_at,
        totp: totp::find_totp(&mut tx, account_id).await?.is_some_and(|totp| totp.confirmed),
        passkeys: u32::try_from(passkeys).unwrap_or(u32::MAX),
        recovery_codes_left: totp::count_recovery_codes(&mut tx, account_id).await?,
        keys: keys(&mut tx, account_id).await?,
    };
    let recorded = caution::note(&mut tx, &state.core, &caller, "find_me", account_id).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, me).await?)
}

/// Everything we keep of their keys.
async fn keys(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Option<AccountKeys>> {
    let Some(row) = identity::find(conn, account_id).await? else { return Ok(None) };
    let account_key = wrapped_key::list_wrapped_keys(conn, account_id).await?;
    Ok(Some(AccountKeys {
        account_key: account_key.iter().map(Blob::view).collect(),
        identity: domain::identity::view(&row.keys, &row.wrapped),
    }))
}

/// Their names; what providers have not told yet is left out.
async fn practices(conn: &mut PgConnection, memberships: &[Membership]) -> sqlx::Result<Vec<PracticeName>> {
    let mut practices = Vec::with_capacity(memberships.len());
    for organization_id in memberships.iter().map(|membership| membership.organization_id) {
        let name = organization::find_name(conn, organization_id).await?;
        practices.extend(name.map(|name| PracticeName { organization_id, name }));
    }
    Ok(practices)
}
