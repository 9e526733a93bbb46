//! The users context: who somebody is, the texts people agree to and the keys services sign with.

mod access;
mod account;
mod address;
mod breached;
mod codes;
mod directory;
mod erasure;
mod grants;
mod mailbox;
mod notes;
mod own_details;
mod patient;
mod practice_staff;

pub use access::{
    ActsFor, Claims, DelegationScope, Membership, PlatformRole, Revocation, Revoked, StaffRole, Strength,
};
pub use account::{
    AccountMail, ChangePassword, CodeGiven, ConfirmTotp, CreateAccount, CreatePasskey, EmailOnly, Kdf,
    MailPractice, MailRequest, Me, PasskeyAnswer, PasskeyCeremony, PasskeyList, PasskeyView, PasswordReset,
    PutWrappedKeys, RecoveryCodes, ResetPassword, SessionList, SessionView, SignIn, SignInStarted,
    SignedInReply, TotpStarted, VerifyEmail, WrappedBy, WrappedKey,
};
pub use address::AddressStatement;
pub use breached::BreachedPasswords;
pub use directory::{
    AccountKeys, DirectoryEntry, IdentityKeys, KeyLogHead, KeySubject, PublishedKeys, PutIdentity, Since,
};
pub use erasure::{
    AskErasure, ERASING_SERVICES, Erased, Erasure, ErasureAnswer, ErasureAsked, ErasurePlan, ErasureReceipt,
    ErasureRequest, Kept, LeftDependant, LeftPractice,
};
pub use grants::{AccessGrant, AccessGrantFact, ConsentHeld, ConsentWithdrawn, GrantAccess, GrantCategory};
use jiff::civil::Date;
pub use mailbox::{BeginEpoch, GiveKeys, Mailbox, MailboxEpoch, MailboxMember, MemberGrant};
pub use notes::{
    AddNote, BookingNotes, BookingWithNotes, NoteAuthor, NoteKept, NoteTicket, PutNote, SealedNote,
};
pub use own_details::{OwnDetails, OwnDetailsChanged};
pub use patient::{
    AccessNeed, AddChild, AddDependant, AddedDependant, AskAdult, ClaimStatement, ClaimTicket,
    ContactChannel, Delegation, DelegationBasis, Dependant, InviteCarer, Patient, PatientContact,
    PatientDetails, PutPatient, invited_email,
};
pub use practice_staff::{
    AcceptInvitation, ChangeRoles, InvitationAccepted, InvitationFact, InvitationKind, InvitationSent,
    InviteOwner, InviteStaff, NamePlatformStaff, PracticeName, StaffMember,
};
use serde::{Deserialize, Serialize};

use crate::{AccountId, OrganizationId, PatientId, personal::Personal};

/// A text somebody agrees to, in one version. A change of words is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentText {
    /// Its name, such as `booking-collection`.
    pub text: String,
    /// From 1.
    pub version: i32,
    /// The heading.
    pub title: String,
    /// Paragraphs in plain words.
    pub paragraphs: Vec<String>,
    /// The statement beside the box, which is never ticked beforehand.
    pub statement: String,
    /// From which day it applies.
    pub effective_on: Date,
}

/// A public key that signs tokens or quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    /// The key's name in a token's header.
    pub kid: String,
    /// Whose: `users` for sessions, `bookings` for quotes.
    pub issuer: String,
    /// The Ed25519 public key, base64url without padding.
    pub public_key: String,
}

/// An event of the users service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum UsersEvent {
    /// A text applies from now on.
    ConsentTextPublished(ConsentText),
    /// A key is in use from now on.
    SigningKeyPublished(SigningKey),
    /// Tokens are dead before they end.
    TokensRevoked(Revocation),
    /// Somebody is to be written to about their account; notifications forgets it once sent.
    MailRequested(MailRequest),
    /// Somebody is asked by mail to join a practice or to agree to something; notifications forgets it once sent.
    InvitationMade(InvitationFact),
    /// Platform staff may see one person's data for a time, or no longer.
    AccessGranted(AccessGrantFact),
    /// Somebody no longer agrees to a text; each service ends what rested on it.
    ConsentWithdrawn(ConsentWithdrawn),
    /// Somebody's wish how to be reminded, or the number for it, changed.
    PatientContactChanged(PatientContact),
    /// Somebody's name, mobile or confirmed address changed; what they booked by it and is to come goes by it.
    OwnDetailsChanged(OwnDetailsChanged),
    /// Somebody may no longer act for a patient, and is told nothing more about them.
    LeaveEnded(LeaveEnded),
    /// Somebody works at a practice no longer; what they were given for it ends.
    StaffLeft(StaffLeft),
    /// Somebody is to be erased; each service answers for itself.
    ErasureRequested(ErasureRequest),
}

/// Whose leave to act for whom ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveEnded {
    /// Who may no longer act.
    pub account_id: AccountId,
    /// For whom.
    pub patient_id: PatientId,
    /// Where the patient is told instead, where they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnAccount>,
}

/// Who works at which practice no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffLeft {
    /// Who.
    pub account_id: AccountId,
    /// Where.
    pub organization_id: OrganizationId,
}

/// A patient's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Which.
    pub account_id: AccountId,
    /// Its confirmed address.
    pub email: Personal<String>,
}
