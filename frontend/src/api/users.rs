//! The users service: one function per endpoint.

mod credentials;

use shared_types::{
    DelegationId, PatientId, Problem,
    users::{
        AcceptInvitation, AddDependant, AddedDependant, AskErasure, BreachedPasswords, ClaimTicket,
        CodeGiven, CreateAccount, EmailOnly, Erasure, ErasureAsked, ErasureReceipt, InvitationAccepted,
        InvitationSent, InviteCarer, InviteOwner, Me, PasskeyAnswer, PasskeyCeremony, PasswordReset, Patient,
        PutPatient, ResetPassword, SessionView, SignIn, SignInStarted, SignedInReply, VerifyEmail,
    },
};

pub use self::credentials::{
    change_email, change_password, confirm_totp, create_passkey, create_recovery_codes, delete_passkey,
    delete_totp, list_passkeys, put_wrapped_keys, start_passkey, start_totp,
};
use super::{
    ApiClient, Method,
    client::{REFRESH, SIGN_OUT},
    segment,
};

/// `ConsentText`: what somebody agrees to who opens an account.
pub fn get_account_consent() -> String {
    get_consent_text("account-collection")
}

/// `ConsentText`: a text as it applies now.
pub fn get_consent_text(text: &str) -> String {
    format!("/api/v1/users/consent-texts/{}", segment(text))
}

/// `Option<Patient>`: one's own details, `null` before they were given.
pub fn get_patient() -> String {
    "/api/v1/users/me/patient".to_owned()
}

/// `Page<Dependant>`: those one looks after.
pub fn list_dependants() -> String {
    "/api/v1/users/me/dependants".to_owned()
}

/// `Page<Delegation>`: who may act for whom, as both sides see it.
pub fn list_delegations() -> String {
    "/api/v1/users/me/delegations".to_owned()
}

/// `Page<AccessGrant>`: the reasons by which platform staff may look.
pub fn list_access_grants() -> String {
    "/api/v1/users/me/access-grants".to_owned()
}

/// `ErasurePlan`: what erasing the account would mean.
pub fn get_erasure_plan() -> String {
    "/api/v1/users/me/erasure".to_owned()
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
    client.send::<(), serde::de::IgnoredAny>(Method::Post, REFRESH, None, None).await.map(drop)
}

/// What is known of stolen passwords whose hash begins with those five digits.
///
/// # Errors
/// The service's problem.
pub async fn list_breached_passwords(client: &ApiClient, prefix: &str) -> Result<BreachedPasswords, Problem> {
    client.get(&format!("/api/v1/users/breached-passwords/{prefix}")).await.read()
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
    client.send(Method::Post, SIGN_OUT, None::<&()>, None).await
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

/// Asks the browser for any passkey it has for us.
///
/// # Errors
/// The service's problem.
pub async fn start_passkey_sign_in(client: &ApiClient) -> Result<PasskeyCeremony, Problem> {
    client.send(Method::Post, "/api/v1/users/sign-in/passkey/start", None::<&()>, None).await
}

/// Signs in with what the browser answered.
///
/// # Errors
/// `/problems/wrong-sign-in`.
pub async fn sign_in_with_passkey(
    client: &ApiClient,
    answer: &PasskeyAnswer,
) -> Result<SignedInReply, Problem> {
    client.send(Method::Post, "/api/v1/users/sign-in/passkey", Some(answer), None).await
}

/// Gives or changes one's own details, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`.
pub async fn put_patient(client: &ApiClient, patient: &PutPatient) -> Result<Patient, Problem> {
    client.send(Method::Put, &get_patient(), Some(patient), None).await
}

/// Adds a child, or asks somebody older. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/rate-limited`.
pub async fn add_dependant(
    client: &ApiClient,
    dependant: &AddDependant,
    key: String,
) -> Result<AddedDependant, Problem> {
    client.send(Method::Post, &list_dependants(), Some(dependant), Some(key)).await
}

/// Changes the details of somebody one looks after, as last seen.
///
/// # Errors
/// `/problems/invalid`, `/problems/stale-version`, 404.
pub async fn put_dependant(
    client: &ApiClient,
    patient_id: PatientId,
    patient: &PutPatient,
) -> Result<Patient, Problem> {
    client.send(Method::Put, &dependant(patient_id), Some(patient), None).await
}

/// Looks after somebody no longer.
///
/// # Errors
/// 404.
pub async fn end_dependant(client: &ApiClient, patient_id: PatientId) -> Result<(), Problem> {
    client.send(Method::Delete, &dependant(patient_id), None::<&()>, None).await
}

/// Asks a young person to take over their record.
///
/// # Errors
/// `/problems/invalid`, `/problems/rate-limited`, 404.
pub async fn invite_to_own_record(
    client: &ApiClient,
    patient_id: PatientId,
    owner: &InviteOwner,
) -> Result<InvitationSent, Problem> {
    let path = format!("{}/account-invitations", dependant(patient_id));
    client.send(Method::Post, &path, Some(owner), None).await
}

fn dependant(patient_id: PatientId) -> String {
    format!("{}/{patient_id}", list_dependants())
}

/// Asks somebody to act for oneself. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/invalid`, `/problems/rate-limited`.
pub async fn invite_carer(
    client: &ApiClient,
    carer: &InviteCarer,
    key: String,
) -> Result<InvitationSent, Problem> {
    client.send(Method::Post, &list_delegations(), Some(carer), Some(key)).await
}

/// Ends somebody's leave to act.
///
/// # Errors
/// 404.
pub async fn end_delegation(client: &ApiClient, delegation_id: DelegationId) -> Result<(), Problem> {
    let path = format!("{}/{delegation_id}", list_delegations());
    client.send(Method::Delete, &path, None::<&()>, None).await
}

/// Withdraws a consent; what rested on it is deleted.
///
/// # Errors
/// `/problems/invalid` for one that ends only with the account or a booking.
pub async fn withdraw_consent(client: &ApiClient, text: &str) -> Result<(), Problem> {
    let path = format!("/api/v1/users/me/consents/{}/withdraw", segment(text));
    client.send(Method::Post, &path, None::<&()>, None).await
}

/// States to notifications whose mail one reads.
///
/// # Errors
/// The service's problem.
pub async fn create_address_ticket(client: &ApiClient) -> Result<ClaimTicket, Problem> {
    client.send(Method::Post, "/api/v1/users/me/address-tickets", None::<&()>, None).await
}

/// States to bookings whose mail one reads and when one was born.
///
/// # Errors
/// `/problems/invalid` before one's own details are given.
pub async fn create_claim_ticket(client: &ApiClient) -> Result<ClaimTicket, Problem> {
    client.send(Method::Post, "/api/v1/users/me/claim-tickets", None::<&()>, None).await
}

/// Closes the account and has everything erased that no law keeps. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/invalid`; 409 while a practice would be left without an owner, or with keys that
/// the account holds.
pub async fn ask_erasure(client: &ApiClient, ask: &AskErasure, key: String) -> Result<ErasureAsked, Problem> {
    client.send(Method::Post, &get_erasure_plan(), Some(ask), Some(key)).await
}

/// How an erasure went so far.
///
/// # Errors
/// 404 for an unknown receipt.
pub async fn find_erasure(client: &ApiClient, receipt: &ErasureReceipt) -> Result<Erasure, Problem> {
    client.send(Method::Post, "/api/v1/users/erasures/find", Some(receipt), None).await
}
