//! What notifications is asked to write to somebody about their account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, OrganizationId, Zone, personal::Personal};

/// What a mail to an account's holder is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountMail {
    /// Follow the link to complete the sign-up.
    VerifyEmail,
    /// Somebody signed up with this address, which has an account already.
    AccountExists,
    /// Follow the link to choose a new password.
    ResetPassword,
    /// Follow the link to use this address from now on.
    ChangeEmail,
    /// Somebody signed in from a browser or place not seen before.
    NewDevice,
    /// The password was changed.
    PasswordChanged,
    /// The address was changed; goes to the old one.
    EmailChanged,
    /// A passkey, the authenticator app or the recovery codes were changed.
    SignInChanged,
    /// A session was ended because its cookie had been copied.
    SessionEnded,
    /// The account is closed, and what no law keeps is erased.
    AccountClosed,
    /// A patient does not agree with a record of a practice that the reader runs.
    PatientStatement,
    /// A time that the reader waits for is held for them.
    TimeOffered,
    /// A patient asks a practice that the reader runs for a time, and waits for an answer.
    RequestWaits,
    /// A patient says that nobody of a practice that the reader runs was there, and the practice may answer.
    AbsenceSaid,
    /// What was noted of an appointment with a practice that the reader runs is disputed, and they may answer.
    DisputeOpened,
    /// A dispute about an appointment with a practice that the reader runs is decided.
    DisputeDecided,
    /// Somebody who runs a practice with the reader asks them to agree that an appointment never was one.
    MistakeAsked,
    /// The same, asked of the reader as an administrator, since nobody else of the practice may agree.
    MistakeToDecide,
    /// Nobody answered at an address that a practice wanted to be told at, so nothing is sent there any more.
    WebhookStopped,
}

impl AccountMail {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::VerifyEmail,
        Self::AccountExists,
        Self::ResetPassword,
        Self::ChangeEmail,
        Self::NewDevice,
        Self::PasswordChanged,
        Self::EmailChanged,
        Self::SignInChanged,
        Self::SessionEnded,
        Self::AccountClosed,
        Self::PatientStatement,
        Self::TimeOffered,
        Self::RequestWaits,
        Self::AbsenceSaid,
        Self::DisputeOpened,
        Self::DisputeDecided,
        Self::MistakeAsked,
        Self::MistakeToDecide,
        Self::WebhookStopped,
    ];
}

/// Asks notifications to write to somebody about their account. Forgotten once told; other services pass it over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MailRequest {
    /// What it is about.
    pub mail: AccountMail,
    /// Whose account, or the one that a sign-up would make.
    pub account_id: AccountId,
    /// Where it goes.
    pub email: Personal<String>,
    /// The secret of its link, if it has one.
    pub token: Option<Personal<String>>,
    /// Until when the link works, or what it tells of can be answered.
    pub expires_at: Option<Timestamp>,
    /// The kind of browser, for a notice of a new one.
    pub device: Option<String>,
    /// The practice that waits to answer, for what its staff are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice: Option<MailPractice>,
}

/// The practice that a mail asks something of: whose page its link opens, and on whose clocks it says a time. No mail names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPractice {
    /// Which.
    pub organization_id: OrganizationId,
    /// The zone of the place.
    pub time_zone: Zone,
}
