//! Signing up and in: what the vault makes of a password, and the calls that carry it. The password itself goes from
//! the field to the vault and nowhere else.

use gloo_storage::{LocalStorage, Storage as _};
use shared_types::{
    Problem,
    bookings::ConsentGiven,
    personal::Personal,
    users::{CreateAccount, EmailOnly, Kdf, Me, PasswordReset, ResetPassword, SignIn, SignedInReply},
    vault::{VaultRefusal, VaultReply, VaultRequest},
};

use crate::{
    api::{ApiClient, users},
    browser, vault,
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
    let Derived { kdf, auth_key } = derive_new(&password).await?;
    let account = CreateAccount {
        email: email.into(),
        kdf,
        auth_key,
        wrapped_keys: Vec::new(),
        identity_keys: None,
        consent,
    };
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
    users::sign_in(client, &SignIn { email, auth_key }).await
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
    let Derived { kdf, auth_key } = derive_new(&password).await?;
    users::reset_password(client, &ResetPassword { token: token.into(), kdf, auth_key }).await
}

/// Who is signed in; `None` for nobody. A token that has ended is refreshed once.
///
/// # Errors
/// When the service cannot be reached or fails.
pub async fn find_me(client: &ApiClient) -> Result<Option<Me>, Problem> {
    if LocalStorage::get::<bool>(HINT).is_err() {
        return Ok(None);
    }
    let me = match users::find_me(client).await {
        Err(problem) if problem.status == 401 => match users::refresh(client).await {
            Ok(()) => users::find_me(client).await,
            Err(problem) => Err(problem),
        },
        answer => answer,
    };
    match me {
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
    match vault::ask(request).await {
        VaultReply::Derived { kdf, auth_key } => Ok(Derived { kdf, auth_key }),
        VaultReply::Refused { why } => Err(vault_problem(why)),
        VaultReply::Created { .. }
        | VaultReply::Unlocked
        | VaultReply::Rewrapped { .. }
        | VaultReply::Locked => Err(vault_problem(VaultRefusal::Damaged)),
    }
}

/// What the vault refuses, in words.
fn vault_problem(why: VaultRefusal) -> Problem {
    let detail = match why {
        VaultRefusal::Password => "Choose a password of at most 1,000 letters.",
        VaultRefusal::Derivation => {
            "The server asked for a weaker or costlier protection of your password than we allow, so nothing was \
             sent. Tell us, please."
        }
        VaultRefusal::WrongKey => "That does not open your keys.",
        VaultRefusal::Damaged => "What we keep for you could not be read. Nothing was changed.",
        VaultRefusal::Locked => "Sign in again to open your keys.",
        VaultRefusal::Gone => "Your browser could not start the part that keeps your keys. Reload the page.",
    };
    Problem::new("vault", 0, "Your keys could not be used").detail(detail)
}
