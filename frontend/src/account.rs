//! Signing up and in: what the vault makes of a password, and the calls that carry it. The password itself goes from
//! the field to the vault and nowhere else.

pub mod new_password;
pub mod passkeys;

use gloo_storage::{LocalStorage, Storage as _};
use shared_types::{
    Problem,
    bookings::ConsentGiven,
    personal::Personal,
    users::{CreateAccount, EmailOnly, Kdf, Me, PasswordReset, ResetPassword, SignIn, SignedInReply},
    vault::{Door, VaultRefusal, VaultReply, VaultRequest},
};

use crate::{
    api::{ApiClient, users},
    breached, browser, vault,
};

/// Says that somebody has signed in with this browser before, and no more: whether they still are, only the server
/// knows. Without it, nobody is asked for and no page of a visitor makes a call that is bound to be refused.
const HINT: &str = "hm.signed_in";

/// A password's public parameters and the key that proves it.
struct Derived {
    kdf: Kdf,
    auth_key: Personal<String>,
}

/// Asks for an account.
///
/// # Errors
/// The service's problem, or the vault's.
pub async fn sign_up(
    client: &ApiClient,
    email: String,
    password: String,
    consent: ConsentGiven,
) -> Result<(), Problem> {
    breached::refuse(client, &password).await?;
    let Derived { kdf, auth_key } = derive_new(&password).await?;
    let account = CreateAccount { email: email.into(), kdf, auth_key, consent };
    users::create_account(client, &account).await
}

/// Signs in with a password; what comes next may be a code.
///
/// # Errors
/// The service's problem, or the vault's.
pub async fn sign_in(client: &ApiClient, email: String, password: String) -> Result<SignedInReply, Problem> {
    let email: Personal<String> = email.into();
    let started = users::start_sign_in(client, &EmailOnly { email: email.clone() }).await?;
    let password = VaultRequest::Password { password: browser::composed(&password).into(), kdf: started.kdf };
    let Derived { auth_key, .. } = derive(password).await?;
    let reply = users::sign_in(client, &SignIn { email, auth_key }).await?;
    vault::password_is_right();
    Ok(reply)
}

/// Chooses a new password by the secret of a link.
///
/// # Errors
/// The service's problem, or the vault's.
pub async fn reset_password(
    client: &ApiClient,
    token: String,
    password: String,
) -> Result<PasswordReset, Problem> {
    breached::refuse(client, &password).await?;
    let Derived { kdf, auth_key } = derive_new(&password).await?;
    users::reset_password(client, &ResetPassword { token: token.into(), kdf, auth_key }).await
}

/// Opens the account's keys with what somebody has just signed in with, if that wraps them. Keys that stay closed are no
/// failure: a page that needs them asks.
pub async fn open_keys(client: &ApiClient, with: Door) {
    let Ok(me) = users::find_me(client).await else { return };
    let (account_id, Some(keys)) = (me.account_id, me.keys) else { return };
    vault::ask_for(account_id, VaultRequest::Unlock { account_id, with, keys, book: None }).await;
}

/// Who is signed in; `None` for nobody.
///
/// # Errors
/// When the service cannot be reached or fails.
pub async fn find_me(client: &ApiClient) -> Result<Option<Me>, Problem> {
    if LocalStorage::get::<bool>(HINT).is_err() {
        return Ok(None);
    }
    match users::find_me(client).await {
        Ok(me) => Ok(Some(me)),
        Err(problem) if problem.status == 401 => {
            forget_hint();
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}

/// Notes that somebody signed in. A browser that forbids storage asks for the sign-in again at the next visit.
pub fn leave_hint() {
    let _ = LocalStorage::set(HINT, true);
}

/// Forgets that, and every key with it.
pub fn forget_hint() {
    LocalStorage::delete(HINT);
    vault::forget();
}

async fn derive_new(password: &str) -> Result<Derived, Problem> {
    derive(VaultRequest::NewPassword { password: browser::composed(password).into() }).await
}

async fn derive(request: VaultRequest) -> Result<Derived, Problem> {
    let reply = vault::ask(request).await;
    if let VaultReply::Derived { kdf, auth_key } = reply {
        Ok(Derived { kdf, auth_key })
    } else {
        Err(refused(reply))
    }
}

/// Why the vault did not answer what it was asked.
pub fn refused(reply: VaultReply) -> Problem {
    vault_problem(if let VaultReply::Refused { why } = reply { why } else { VaultRefusal::Damaged })
}

/// What the vault refuses, in words.
pub fn vault_problem(why: VaultRefusal) -> Problem {
    let detail = match why {
        VaultRefusal::Password => "Choose a password of at most 1,000 letters.",
        VaultRefusal::Derivation => {
            "The server asked for a weaker or costlier protection of your password than we allow, so nothing was \
             sent. Tell us, please."
        }
        VaultRefusal::WrongKey => "That does not open your keys.",
        VaultRefusal::Damaged => "What we keep for you could not be read. Nothing was changed.",
        VaultRefusal::Locked => "Your keys are closed. Open them and try again.",
        VaultRefusal::Gone => "Your browser could not start the part that keeps your keys. Reload the page.",
        VaultRefusal::TooLarge => "This is too long to be sealed. Shorten it, or send a smaller file.",
        VaultRefusal::FileName => "Files with this name or of this kind cannot be sent. Rename the file.",
        VaultRefusal::NoGrant => "Nobody at the practice has given you the key yet. Ask an owner.",
        VaultRefusal::NotAnOwner => "Only an owner of the practice can do this.",
        VaultRefusal::Shares => "Check both printed sheets: one is mistyped, or they are the same sheet.",
        VaultRefusal::OldVersion => {
            "We were shown an older version than you have seen before. It was not opened."
        }
        VaultRefusal::OldEpoch => "The practice has changed its keys since. Load the page again.",
        VaultRefusal::UnknownFormat => {
            "This was sealed in a way that this page does not know. Reload the page."
        }
        VaultRefusal::AuditFork => {
            "This log has not grown out of the one your browser saw before: entries were changed or taken out, or we show \
             you another log than others. Your browser keeps what it saw. Save what is shown as a file, and tell us."
        }
        VaultRefusal::NotInLog
        | VaultRefusal::SplitView
        | VaultRefusal::TwoKeys
        | VaultRefusal::ForeignKeys
        | VaultRefusal::Misplaced
        | VaultRefusal::OtherSender
        | VaultRefusal::KeySwapped
        | VaultRefusal::RecipientDropped
        | VaultRefusal::RecipientAdded
        | VaultRefusal::Signature => {
            "What the server sent does not fit together, so we did not believe it. Nothing was opened or sent. Tell \
             us, please."
        }
    };
    Problem::new("vault", 0, "Your keys could not be used").detail(detail)
}
