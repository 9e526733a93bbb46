//! `POST /api/v1/users/recovery-codes`: ten new ones; the old ones stop working.

use axum::extract::State as Extract;
use kernel::{Core, Json, Reject, SignedIn};
use shared_types::{
    AccountId,
    users::{AccountMail, RecoveryCodes},
};
use sqlx::PgConnection;

use super::totp::is_off;
use crate::{
    caution,
    domain::codes,
    mail::{self, Letter},
    state::State,
    store::{account, totp},
};

/// Shows ten new codes, once. 409 where no code is ever asked for.
pub async fn create_recovery_codes(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Json<RecoveryCodes>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    if !totp::find_totp(&mut tx, account_id).await?.is_some_and(|totp| totp.confirmed) {
        return Err(is_off().into());
    }
    let codes = new_codes(&mut tx, core, account_id).await?;
    if let Some(account) = account::find_account(&mut tx, account_id).await? {
        mail::ask(&mut tx, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged))
            .await?;
    }
    caution::note(&mut tx, core, &caller, "create_recovery_codes", account_id).await?;
    core.commit(tx).await?;
    Ok(Json(codes))
}

/// Replaces the codes; hashes are kept.
///
/// # Errors
/// When the rows cannot be written.
pub async fn new_codes(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
) -> sqlx::Result<RecoveryCodes> {
    let (codes, hashes) = codes::recovery_codes(&core.chance);
    totp::put_recovery_codes(conn, account_id, &hashes).await?;
    Ok(RecoveryCodes { codes })
}
