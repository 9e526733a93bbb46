//! Accounts: signing up, signing in, and what proves who somebody is.
//!
//! Of a password the browser makes two keys, one after the other from the same secret: an auth key, which it sends, and
//! a wrapping key, which it never sends. So what the server stores lets somebody sign in and opens nothing.

mod mail;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::mail::{AccountMail, MailPractice, MailRequest};
use super::{AccountKeys, ActsFor, Membership, PlatformRole, PracticeName, Strength};
use crate::{
    AccountId, CeremonyId, PasskeyId, PatientId, SessionId,
    bookings::ConsentGiven,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

/// How the browser makes keys of a password: Argon2id (RFC 9106) with these costs and this salt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Kdf {
    /// 16 random bytes, base64url without padding.
    pub salt: String,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Kdf {
    /// What browsers use: 64 MiB, three passes, one lane; more than the OWASP Password Storage Cheat Sheet asks for (19 MiB
    /// and two passes, read 2026-11-23). What a browser accepts of a server is the crate `sealing`'s matter.
    pub const USUAL_COST: (u32, u32, u32) = (65_536, 3, 1);

    /// Whether the costs are the usual ones. A new password has no others: an address that nobody has an account with is
    /// answered with these, so one with others would be known to have an account.
    ///
    /// # Errors
    /// One entry for each cost that is another.
    pub fn check_costs(&self) -> Result<(), Vec<FieldError>> {
        let (memory, passes, lanes) = Self::USUAL_COST;
        let errors: Vec<_> = [
            ("/kdf/memory_kib", self.memory_kib, memory),
            ("/kdf/passes", self.passes, passes),
            ("/kdf/lanes", self.lanes, lanes),
        ]
        .into_iter()
        .filter(|(_, chosen, usual)| chosen != usual)
        .map(|(pointer, _, usual)| FieldError::new(pointer, format!("Use {usual}")))
        .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What wraps a copy of the account key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrappedBy {
    /// The wrapping key made of the password.
    Password,
    /// The secret of a passkey (the `prf` extension of WebAuthn).
    Passkey,
    /// A code that was shown once.
    Recovery,
}

/// The account key, wrapped. The server cannot open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WrappedKey {
    /// By what.
    pub kind: WrappedBy,
    /// By which passkey, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey_id: Option<PasskeyId>,
    /// At most 1 KiB, base64url without padding.
    pub blob: String,
}

/// `POST /api/v1/users/accounts`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateAccount {
    /// Where the link that completes the sign-up goes.
    pub email: Personal<String>,
    /// How the browser made the keys.
    pub kdf: Kdf,
    /// 32 bytes, base64url without padding.
    pub auth_key: Personal<String>,
    /// The version of the text `account-collection` that was agreed to.
    pub consent: ConsentGiven,
}

/// `POST /api/v1/users/email/verify`: the secret of a link from a mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyEmail {
    /// The secret.
    pub token: Personal<String>,
}

/// An e-mail address alone: where a sign-in, a reset or a change of address begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmailOnly {
    /// The address.
    pub email: Personal<String>,
}

/// How to make the auth key for an address. Addresses that nobody has an account with get an answer too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInStarted {
    /// Salt and costs.
    pub kdf: Kdf,
}

/// `POST /api/v1/users/sign-in`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// The address.
    pub email: Personal<String>,
    /// 32 bytes, base64url without padding.
    pub auth_key: Personal<String>,
}

/// What comes after a right password or passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "next", rename_all = "snake_case")]
pub enum SignedInReply {
    /// A code from the authenticator app, or a recovery code.
    Code,
    /// Nothing: the cookies are set.
    Done {
        /// When the token ends; it can be refreshed.
        expires_at: Timestamp,
    },
}

/// `POST /api/v1/users/sign-in/code`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeGiven {
    /// Six digits from an authenticator app.
    Code(Personal<String>),
    /// One of the ten codes that were shown once.
    RecoveryCode(Personal<String>),
}

/// What to hand to the browser's WebAuthn functions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyCeremony {
    /// Comes back with the answer.
    pub ceremony_id: CeremonyId,
    /// As WebAuthn level 3 writes options in JSON.
    pub options: Value,
}

/// The browser's answer to a passkey sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyAnswer {
    /// As it came.
    pub ceremony_id: CeremonyId,
    /// As WebAuthn level 3 writes a credential in JSON.
    pub credential: Value,
}

/// `POST /api/v1/users/passkeys`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreatePasskey {
    /// What to call it in the list, such as "My phone".
    pub name: String,
    /// The browser's answer.
    #[serde(flatten)]
    pub answer: PasskeyAnswer,
    /// The account key, wrapped by the passkey's secret, where it has one; base64url without padding.
    #[serde(default)]
    pub wrapped_key: Option<String>,
}

/// One passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyView {
    /// Which.
    pub passkey_id: PasskeyId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

impl PersonalData for PasskeyView {}

/// The passkeys of an account, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct PasskeyList(pub Vec<PasskeyView>);

impl PersonalData for PasskeyList {}

/// What an authenticator app needs, shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotpStarted {
    /// In base32, to be typed.
    pub secret: Personal<String>,
    /// As `otpauth://` URI, to be scanned.
    pub uri: Personal<String>,
}

impl PersonalData for TotpStarted {}

/// `POST /api/v1/users/totp/confirm`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmTotp {
    /// Six digits from the app.
    pub code: Personal<String>,
}

/// Ten codes, each good once; shown now and never again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryCodes {
    /// Such as `1a2b-3c4d-5e6f-7a8b`.
    pub codes: Vec<Personal<String>>,
}

/// `POST /api/v1/users/password/change`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePassword {
    /// The present auth key.
    pub current_auth_key: Personal<String>,
    /// How the browser made the new keys.
    pub kdf: Kdf,
    /// The new auth key.
    pub auth_key: Personal<String>,
    /// The account key, wrapped by the new password. Required where a copy wrapped by the old one is kept.
    #[serde(default)]
    pub wrapped_key: Option<String>,
}

/// `POST /api/v1/users/password/reset`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResetPassword {
    /// The secret of the link.
    pub token: Personal<String>,
    /// How the browser made the new keys.
    pub kdf: Kdf,
    /// The new auth key.
    pub auth_key: Personal<String>,
}

/// What a reset left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordReset {
    /// Sealed things cannot be opened with the new password until a recovery code or a passkey has unwrapped the
    /// account key and it is wrapped anew.
    pub sealed_needs_recovery: bool,
}

/// `PUT /api/v1/users/wrapped-keys`: replaces the copies of the kinds and passkeys named, and leaves the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutWrappedKeys {
    /// The copies.
    pub wrapped_keys: Vec<WrappedKey>,
}

/// One place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionView {
    /// Which.
    pub session_id: SessionId,
    /// The kind of browser and system, such as "Firefox on Linux".
    pub device: String,
    /// Part of the address: a /24 or a /48.
    pub network: Personal<String>,
    /// How they proved who they are.
    pub strength: Strength,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_seen_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

/// Where somebody is signed in, the last seen first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct SessionList(pub Vec<SessionView>);

impl PersonalData for SessionList {}

/// `GET /api/v1/users/me`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// The account.
    pub account_id: AccountId,
    /// Its verified address.
    pub email: Personal<String>,
    /// The patient its holder is.
    pub patient_id: Option<PatientId>,
    /// Patients they may act for.
    pub acts_for: Vec<ActsFor>,
    /// Practices they work at.
    pub memberships: Vec<Membership>,
    /// Those practices' names, as far as we know them.
    #[serde(default)]
    pub practices: Vec<PracticeName>,
    /// What they do for the platform.
    pub platform: Vec<PlatformRole>,
    /// How they signed in.
    pub strength: Strength,
    /// When; some changes want it to be a quarter of an hour ago at most.
    pub signed_in_at: Timestamp,
    /// Whether an authenticator app is asked for.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: u32,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// Everything we keep of their keys; none while they have made none.
    pub keys: Option<AccountKeys>,
}

impl PersonalData for Me {}

#[cfg(test)]
mod tests {
    use super::{CodeGiven, Kdf, SignedInReply};

    fn kdf(memory_kib: u32, passes: u32, lanes: u32) -> Kdf {
        Kdf { salt: String::new(), memory_kib, passes, lanes }
    }

    #[test]
    fn a_new_password_has_the_usual_costs() {
        let (memory, passes, lanes) = Kdf::USUAL_COST;
        assert!(kdf(memory, passes, lanes).check_costs().is_ok());
        for other in [
            (memory - 1, passes, lanes),
            (memory + 1, passes, lanes),
            (memory, passes - 1, lanes),
            (memory, passes + 1, lanes),
            (memory, passes, lanes + 1),
        ] {
            assert_eq!(kdf(other.0, other.1, other.2).check_costs().unwrap_err().len(), 1, "{other:?}");
        }
    }

    #[test]
    fn replies_and_codes_look_as_documented() {
        assert_eq!(serde_json::to_string(&SignedInReply::Code).unwrap(), r#"{"next":"code"}"#);
        let code: CodeGiven = serde_json::from_str(r#"{"recovery_code":"1a2b"}"#).unwrap();
        assert!(matches!(code, CodeGiven::RecoveryCode(_)));
        assert!(!format!("{code:?}").contains("1a2b"));
    }
}
