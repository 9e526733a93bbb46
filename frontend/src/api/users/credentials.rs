//! How somebody signs in, and the copies of the account key that go with it.

use shared_types::{
    PasskeyId, Problem,
    users::{
        ChangePassword, ConfirmTotp, CreatePasskey, EmailOnly, PasskeyCeremony, PasskeyView, PutWrappedKeys,
        RecoveryCodes, TotpStarted,
    },
};

use crate::api::{ApiClient, Method};

/// `Vec<PasskeyView>`: the passkeys, the oldest first.
pub fn list_passkeys() -> String {
    "/api/v1/users/passkeys".to_owned()
}

/// Changes the password.
///
/// # Errors
/// `/problems/wrong-sign-in` for a wrong present one, `/problems/sign-in-again`.
pub async fn change_password(client: &ApiClient, change: &ChangePassword) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/users/password/change", Some(change), None).await
}

/// Asks for another address; a letter goes there. The answer is the same whether somebody has it already.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/invalid`.
pub async fn change_email(client: &ApiClient, email: &EmailOnly) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/users/email/change", Some(email), None).await
}

/// Asks the browser to make a passkey.
///
/// # Errors
/// `/problems/sign-in-again`.
pub async fn start_passkey(client: &ApiClient) -> Result<PasskeyCeremony, Problem> {
    client.send(Method::Post, "/api/v1/users/passkeys/start", None::<&()>, None).await
}

/// Keeps the passkey that the browser made.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/passkey-refused`, `/problems/invalid`.
pub async fn create_passkey(client: &ApiClient, passkey: &CreatePasskey) -> Result<PasskeyView, Problem> {
    client.send(Method::Post, "/api/v1/users/passkeys", Some(passkey), None).await
}

/// Removes a passkey.
///
/// # Errors
/// `/problems/sign-in-again`, 404.
pub async fn delete_passkey(client: &ApiClient, passkey_id: PasskeyId) -> Result<(), Problem> {
    client.send(Method::Delete, &format!("{}/{passkey_id}", list_passkeys()), None::<&()>, None).await
}

/// Makes a secret for an authenticator app.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/totp-on`.
pub async fn start_totp(client: &ApiClient) -> Result<TotpStarted, Problem> {
    client.send(Method::Post, "/api/v1/users/totp/start", None::<&()>, None).await
}

/// Turns the authenticator app on, with a code from it. Gives the recovery codes.
///
/// # Errors
/// `/problems/wrong-proof`, `/problems/sign-in-again`.
pub async fn confirm_totp(client: &ApiClient, code: &ConfirmTotp) -> Result<RecoveryCodes, Problem> {
    client.send(Method::Post, "/api/v1/users/totp/confirm", Some(code), None).await
}

/// Turns it off.
///
/// # Errors
/// `/problems/sign-in-again`, 404.
pub async fn delete_totp(client: &ApiClient) -> Result<(), Problem> {
    client.send(Method::Delete, "/api/v1/users/totp", None::<&()>, None).await
}

/// Makes ten new recovery codes; the old ones stop working.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/totp-off`.
pub async fn create_recovery_codes(client: &ApiClient) -> Result<RecoveryCodes, Problem> {
    client.send(Method::Post, "/api/v1/users/recovery-codes", None::<&()>, None).await
}

/// Keeps copies of the account key in new wrappings.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/invalid`.
pub async fn put_wrapped_keys(client: &ApiClient, keys: &PutWrappedKeys) -> Result<(), Problem> {
    client.send(Method::Put, "/api/v1/users/wrapped-keys", Some(keys), None).await
}
