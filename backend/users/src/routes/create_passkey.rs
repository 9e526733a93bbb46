//! Adding a passkey: `POST /api/v1/users/passkeys/start` and `POST /api/v1/users/passkeys`.

use axum::extract::State as Extract;
use kernel::{Created, Disclosed, Json, Reject, SignedIn, access::Refusal, audit::Recorded};
use serde_json::{Value, json};
use shared_types::{
    CeremonyId, Problem,
    problem::FieldError,
    users::{AccountMail, CreatePasskey, PasskeyCeremony, PasskeyView, WrappedBy},
};
use sqlx::PgConnection;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use super::sign_in_with_passkey::{CEREMONY, read};
use crate::{
    caution,
    domain::credentials::{self, Blob},
    mail::{self, Letter},
    state::State,
    store::{
        account,
        passkey::{self, PasskeyRow},
        wrapped_key,
    },
};

/// The longest name, in characters.
const NAME_MAX: usize = 60;

/// Asks the browser to make a passkey that it can offer by itself later. Those the account has are named, so that no
/// authenticator makes a second one.
pub async fn start_passkey(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Json<PasskeyCeremony>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    let account = account::find_account(&mut tx, account_id).await?.ok_or(Refusal::SignedOut)?;
    let known = passkey::list_credential_ids(&mut tx, account_id).await?;
    let name = account.email.expose();
    let (options, ceremony) = state
        .webauthn
        .start_passkey_registration(account_id.0, name, name, Some(known))
        .map_err(|error| Reject::internal(&error))?;
    let mut options = serde_json::to_value(options).map_err(|error| Reject::internal(&error))?;
    // The library leaves it to the authenticator; but nobody types an address here, so the passkey has to be one that
    // browsers find by themselves.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = Value::Bool(true);
    let ceremony_id: CeremonyId = core.id();
    let expires_at = core.now().saturating_add(CEREMONY).unwrap_or(core.now());
    passkey::insert_ceremony(&mut tx, ceremony_id, Some(account_id), &ceremony, expires_at).await?;
    core.commit(tx).await?;
    Ok(Json(PasskeyCeremony { ceremony_id, options }))
}

/// Keeps the passkey, and the copy of the account key that it wraps if it can.
pub async fn create_passkey(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<CreatePasskey>,
) -> Result<Created<Disclosed<PasskeyView>>, Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let name = read_name(&body.name)?;
    let copy = read_copy(body.wrapped_key.as_deref())?;
    let credential: RegisterPublicKeyCredential = read(body.answer.credential)?;
    let mut tx = core.begin().await?;
    caution::just_signed_in(&mut tx, core, &caller).await?;
    let asked: Option<PasskeyRegistration> =
        passkey::take_ceremony(&mut tx, body.answer.ceremony_id, Some(account_id), core.now()).await?;
    let made = asked.and_then(|asked| state.webauthn.finish_passkey_registration(&credential, &asked).ok());
    let Some(made) = made else {
        // The question counts as asked even so.
        core.commit(tx).await?;
        return Err(refused().into());
    };
    let (view, recorded) = keep(&mut tx, &state, &caller, made, name, copy).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, view).await?))
}

async fn keep(
    conn: &mut PgConnection,
    state: &State,
    caller: &SignedIn,
    passkey: Passkey,
    name: String,
    copy: Option<Vec<u8>>,
) -> Result<(PasskeyView, Recorded), Reject> {
    let (core, account_id) = (&state.core, caller.account_id);
    let row = PasskeyRow { passkey_id: core.id(), passkey };
    if !passkey::insert_passkey(conn, &row, account_id, &name, core.now()).await? {
        return Err(refused().into());
    }
    if let Some(bytes) = copy {
        let blob = Blob { kind: WrappedBy::Passkey, passkey_id: Some(row.passkey_id), bytes };
        wrapped_key::put_wrapped_keys(conn, core, account_id, &[blob]).await?;
    }
    if let Some(account) = account::find_account(conn, account_id).await? {
        mail::ask(conn, core, account_id, &account.email, Letter::notice(AccountMail::SignInChanged)).await?;
    }
    let recorded = caution::note(conn, core, caller, "create_passkey", account_id).await?;
    let view = PasskeyView { passkey_id: row.passkey_id, name, created_at: core.now(), last_used_at: None };
    Ok((view, recorded))
}

fn read_name(text: &str) -> Result<String, Problem> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        let detail = format!("Enter a name of at most {NAME_MAX} characters, such as My phone");
        return Err(Problem::invalid(vec![FieldError::new("/name", detail)]));
    }
    Ok(name)
}

fn read_copy(text: Option<&str>) -> Result<Option<Vec<u8>>, Problem> {
    text.map(|text| {
        credentials::bytes(text).ok_or_else(|| {
            Problem::invalid(vec![FieldError::new("/wrapped_key", "Send 1 to 1024 bytes as base64url")])
        })
    })
    .transpose()
}

fn refused() -> Problem {
    Problem::new("passkey-refused", 422, "This passkey was not accepted")
        .detail("Nothing was changed. Try again, with another device if it keeps happening.")
}
