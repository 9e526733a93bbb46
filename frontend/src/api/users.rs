//! The users service: one function per endpoint.

use shared_types::{
    Problem,
    users::{
        AcceptInvitation, CodeGiven, CreateAccount, EmailOnly, InvitationAccepted, Me, PasswordReset,
        ResetPassword, SessionView, SignIn, SignInStarted, SignedInReply, VerifyEmail,
    },
};

use super::{ApiClient, Method};

/// `ConsentText`: what somebody agrees to who opens an account.
pub fn get_account_consent() -> String {
    "/api/v1/users/consent-texts/account-collection".to_owned()
}

/// `Vec<SessionView>`: where one is signed in.
pub fn list_sessions() -> String {
    "/api/v1/users/sessions".to_owned()
}

/// Who is signed in, in this browser.
///
/// # Errors
/// `/problems/signed-out`.
pub async fn find_me(client: &ApiClient) -> Result<Me, Problem> {
    client.get("/api/v1/users/me").await.read()
}

/// Exchanges the refresh cookie for a new token.
///
/// # Errors
/// `/problems/signed-out` when there is none, or it has ended.
pub async fn refresh(client: &ApiClient) -> Result<(), Problem> {
    // The reply says until when the token lives; the next 401 says so too.
    client
        .send::<(), serde::de::IgnoredAny>(Method::Post, "/api/v1/users/refresh", None, None)
        .await
        .map(drop)
}

/// Asks for an account. The answer is the same whether the address has one already.
///
/// # Errors
/// `/problems/invalid` with fields.
pub async fn create_account(client: &ApiClient, account: &CreateAccount) -> Result<(), Problem> {
    client
        .send::<_, serde::de::IgnoredAny>(Method::Post, "/api/v1/users/accounts", Some(account), None)
        .await
        .map(drop)
}

/// Redeems the secret of a link from a mail.
///
/// # Errors
/// `/problems/link-dead`.
pub async fn verify_email(client: &ApiClient, link: &VerifyEmail) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/users/email/verify", Some(link), None).await
}

/// How to make the auth key for an address.
///
/// # Errors
/// The service's problem.
pub async fn start_sign_in(client: &ApiClient, email: &EmailOnly) -> Result<SignInStarted, Problem> {
    client.send(Method::Post, "/api/v1/users/sign-in/start", Some(email), None).await
}

/// Signs in with a password.
///
/// # Errors
/// `/problems/wrong-sign-in`.
pub async fn sign_in(client: &ApiClient, proof: &SignIn) -> Result<SignedInReply, Problem> {
    client.send(Method::Post, "/api/v1/users/sign-in", Some(proof), None).await
}

/// Gives the second proof.
///
/// # Errors
/// `/problems/wrong-code`.
pub async fn give_code(client: &ApiClient, code: &CodeGiven) -> Result<SignedInReply, Problem> {
    client.send(Method::Post, "/api/v1/users/sign-in/code", Some(code), None).await
}

/// Ends this session.
///
/// # Errors
/// The service's problem.
pub async fn sign_out(client: &ApiClient) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/users/sign-out", None::<&()>, None).await
}

/// Ends every session.
///
/// # Errors
/// The service's problem.
pub async fn sign_out_everywhere(client: &ApiClient) -> Result<(), Problem> {
    client.send(Method::Post, "/api/v1/users/sign-out-everywhere", None::<&()>, None).await
}

/// Ends one session.
///
/// # Errors
/// The service's problem.
pub async fn revoke_session(client: &ApiClient, session: &SessionView) -> Result<(), Problem> {
    let path = format!("{}/{}", list_sessions(), session.session_id);
    client.send(Method::Delete, &path, None::<&()>, None).await
}

/// Asks for a link to choose a new password. The answer is the same whether the address has an account.
///
/// # Errors
/// The service's problem.
pub async fn start_password_reset(client: &ApiClient, email: &EmailOnly) -> Result<(), Problem> {
    client
        .send::<_, serde::de::IgnoredAny>(
            Method::Post,
            "/api/v1/users/password/reset/start",
            Some(email),
            None,
        )
        .await
        .map(drop)
}

/// Chooses a new password by the secret of a link.
///
/// # Errors
/// `/problems/link-dead`.
pub async fn reset_password(client: &ApiClient, reset: &ResetPassword) -> Result<PasswordReset, Problem> {
    client.send(Method::Post, "/api/v1/users/password/reset", Some(reset), None).await
}

/// Accepts what a letter asks, by its secret.
///
/// # Errors
/// 404 when it has ended or was accepted before; `/problems/invalid` when it is not for this account.
pub async fn accept_invitation(
    client: &ApiClient,
    invitation: &AcceptInvitation,
) -> Result<InvitationAccepted, Problem> {
    client.send(Method::Post, "/api/v1/users/invitations/accept", Some(invitation), None).await
}
