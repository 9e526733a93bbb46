//! What a page and its vault tell each other. The vault is a worker of its own that holds every key; what it is told
//! in the clear (a password, a reason for a visit) comes from the person in front of the screen and goes nowhere else.
//!
//! Messages are tagged from outside, as Serde does by itself: with a tag inside, each reader would be twice as large in the
//! browser. Bytes are base64url without padding. Nothing here ever reaches a server but what is named `sent to the server`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    AccountId, BookingId, NoteId, OrganizationId,
    personal::Personal,
    users::{
        AccountKeys, BeginEpoch, BookingNotes, DirectoryEntry, GiveKeys, Kdf, KeyLogHead, KeySubject,
        Mailbox, PublishedKeys, PutIdentity, WrappedKey,
    },
};

/// What a page asks of the vault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultRequest {
    /// Chooses parameters for a new password and derives its keys, which stay here for [`Self::CreateKeys`] or
    /// [`Self::Rewrap`].
    NewPassword {
        /// As typed.
        password: Personal<String>,
    },
    /// Derives the keys of a password that the account has.
    Password {
        /// As typed.
        password: Personal<String>,
        /// As the server told them.
        kdf: Kdf,
    },
    /// Whose keys are open.
    Standing,
    /// How much of the key log is known: the `since` to ask the server with, each time anew. What it answers is handed
    /// over before the next is asked for; two answers on their way at once can look like two logs.
    Since,
    /// Makes the account's keys, wrapped by the password last derived and by a new recovery code.
    CreateKeys {
        /// What the wraps are bound to.
        account_id: AccountId,
        /// The account's published keys, where it has some whose private halves are lost: the new leaf follows theirs.
        former: Option<PublishedKeys>,
    },
    /// Unwraps the account's keys.
    Unlock {
        /// What the wraps are bound to.
        account_id: AccountId,
        /// With what.
        with: Door,
        /// As the server keeps them.
        keys: AccountKeys,
        /// What this browser remembers for the account: [`VaultReply::Unlocked`]'s and others' `book`.
        book: Option<String>,
    },
    /// Wraps the unwrapped account key by the new password last derived.
    Rewrap,
    /// Wraps the unwrapped account key by a passkey's secret, so that the passkey opens it from now on.
    WrapByPasskey {
        /// The credential's id, as WebAuthn gave it.
        credential_id: String,
        /// The first output of WebAuthn's `prf` extension, 32 bytes.
        prf: Personal<String>,
    },
    /// Makes a new recovery code for the unwrapped account key; the former code opens nothing once the wrap is stored.
    NewRecoveryCode,
    /// Says what keys somebody shows: whether they are in the log, and what to compare.
    Look {
        /// As the server showed them.
        keys: PublishedKeys,
    },
    /// The person has compared a changed fingerprint and takes it for the subject's.
    Agree {
        /// Whose.
        subject: KeySubject,
        /// What was compared: twelve groups of five digits.
        fingerprint: String,
    },
    /// Seals a note to a practice and to the accounts on the patient's side.
    Seal {
        /// What it belongs to.
        context: NoteContext,
        /// What it says.
        note: NoteContent,
        /// To whom.
        to: SealTo,
        /// Without an account: with a key made for this booking, to the practice only. Otherwise the unlocked keys sign, and
        /// the signer's own keys are among the recipients unless they sign for the practice.
        guest: bool,
    },
    /// Opens the notes of a booking.
    Open {
        /// As the server keeps them.
        notes: BookingNotes,
        /// As staff of the practice, and not as somebody on the patient's side.
        as_practice: bool,
    },
    /// Begins a practice's next epoch, as one of its owners.
    BeginEpoch {
        /// The mailbox as it is.
        mailbox: Mailbox,
        /// Who leaves, and is not given the key.
        remove: Vec<AccountId>,
        /// Makes new recovery shares; the first epoch always does.
        renew_recovery: bool,
    },
    /// Gives the keys of a practice's epochs to members who hold none, as one of its owners.
    GiveKeys {
        /// The mailbox as it is.
        mailbox: Mailbox,
        /// To whom; the owner has compared their fingerprints.
        to: Vec<AccountId>,
    },
    /// Opens a practice's epochs with two of its three recovery shares, for an owner whose keys hold none, and gives
    /// them to that owner and to every member with keys. An owner whose keys are new begins the next epoch with it, since
    /// those of the epoch before do not know them.
    RecoverMailbox {
        /// The mailbox as it is.
        mailbox: Mailbox,
        /// As printed.
        shares: [Personal<String>; 2],
    },
    /// How much of a service's audit log is known: the `since` to ask the service with, each time anew.
    AuditSince {
        /// The service's name.
        service: String,
    },
    /// Checks what a service says of its audit log: each entry, and that the log has grown out of the one seen before.
    CheckTrail {
        /// The service that was asked.
        service: String,
        /// A `transparency::trail::AuditTrail`, as the service sent it.
        trail: Value,
    },
    /// Forgets every key.
    Lock,
}

/// With what an account key is unwrapped.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The password last derived.
    Password,
    /// The printed code.
    RecoveryCode {
        /// As typed.
        code: Personal<String>,
    },
    /// A passkey's secret.
    Passkey {
        /// The credential's id, as WebAuthn gave it.
        credential_id: String,
        /// The first output of WebAuthn's `prf` extension, 32 bytes.
        prf: Personal<String>,
    },
}

/// What a note belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteContext {
    /// The booking.
    pub booking_id: BookingId,
    /// The practice it is with.
    pub organization_id: OrganizationId,
    /// Which note.
    pub note_id: NoteId,
    /// Which version of it, from 1.
    pub version: u32,
}

/// Whose keys a note is sealed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealTo {
    /// The log.
    pub head: KeyLogHead,
    /// The practice's newest leaf.
    pub practice: DirectoryEntry,
    /// The newest leaf of each account on the patient's side but the signer's own.
    pub patients: Vec<DirectoryEntry>,
    /// The signer writes for the practice.
    pub as_practice: bool,
}

/// A note in the clear. It is in the page while somebody reads or writes it, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoteContent {
    /// Why somebody comes.
    Reason {
        /// In their words.
        text: Personal<String>,
    },
    /// Answers to a practice's questions, in their order.
    IntakeAnswers {
        /// At most 200.
        answers: Vec<IntakeAnswer>,
    },
    /// A file.
    Attachment {
        /// Its name.
        file_name: Personal<String>,
        /// What the sender's browser takes it for.
        media_type: String,
        /// The file.
        bytes: Personal<String>,
    },
    /// A message, either way.
    Message {
        /// The words.
        text: Personal<String>,
    },
    /// What somebody tells the practice after the visit, and nobody else.
    Feedback {
        /// The words.
        text: Personal<String>,
    },
}

/// A question as it was asked, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeAnswer {
    /// As it stood on the form.
    pub question: Personal<String>,
    /// As it was given.
    pub answer: Personal<String>,
}

/// What the vault answers. A `book` is what the browser is to remember for the account from now on: the log and the keys it
/// has seen, and the versions of notes; sealed by the account key, absent for guests and when nothing changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultReply {
    /// Keys of a password are derived. Both parts are sent to the server.
    Derived {
        /// The parameters.
        kdf: Kdf,
        /// Proves the password; thirty-two bytes.
        auth_key: Personal<String>,
    },
    /// Whose keys are open; none when it is locked.
    Standing {
        /// The account.
        account_id: Option<AccountId>,
    },
    /// How much of the log that was asked about is known.
    Since {
        /// How many leaves; none when it was never seen.
        since: Option<u64>,
    },
    /// The account's keys are made and open.
    Created {
        /// Sent to the server.
        identity: PutIdentity,
        /// Shown once, for paper; never sent.
        recovery_code: Personal<String>,
        /// To remember.
        book: Option<String>,
    },
    /// The account's keys are open.
    Unlocked {
        /// To remember.
        book: Option<String>,
    },
    /// The account key is wrapped anew; sent to the server.
    Rewrapped {
        /// The new wrap.
        wrapped: WrappedKey,
    },
    /// There is a new recovery code; the wrap is sent to the server.
    NewRecoveryCode {
        /// The new wrap.
        wrapped: WrappedKey,
        /// Shown once, for paper; never sent.
        recovery_code: Personal<String>,
    },
    /// What somebody's keys are.
    Seen {
        /// What was seen.
        keys: SeenKeys,
        /// To remember.
        book: Option<String>,
    },
    /// The note is sealed.
    Sealed {
        /// Sent to the server.
        envelope: String,
        /// To remember.
        book: Option<String>,
    },
    /// What the notes say, in the order they came in.
    Opened {
        /// One for each.
        notes: Vec<OpenedNote>,
        /// To remember.
        book: Option<String>,
    },
    /// The next epoch is ready.
    EpochBegun {
        /// Sent to the server.
        epoch: BeginEpoch,
        /// The three recovery shares where they are new: shown once, for paper, to be kept apart; never sent.
        shares: Option<[Personal<String>; 3]>,
        /// To remember.
        book: Option<String>,
    },
    /// The keys are sealed to the members.
    KeysGiven {
        /// Sent to the server.
        keys: GiveKeys,
        /// To remember.
        book: Option<String>,
    },
    /// What the shares opened is sealed to the members.
    Recovered {
        /// The next epoch, where the owner's keys are not of the one before. Sent to the server, first.
        epoch: Option<BeginEpoch>,
        /// The keys of the epochs before. Sent to the server, then.
        keys: GiveKeys,
        /// To remember.
        book: Option<String>,
    },
    /// What the log vouches for.
    TrailChecked {
        /// One for each entry.
        vouched: Vec<TrailVerdict>,
        /// To remember.
        book: Option<String>,
    },
    /// Every key is forgotten.
    Locked,
    /// Somebody's keys are not those that this browser knows. Nothing is sealed to them or believed from them until the
    /// person has compared the new ones and agrees.
    Changed {
        /// Whose, and both fingerprints.
        keys: SeenKeys,
        /// To remember.
        book: Option<String>,
    },
    /// It could not be done; nothing was changed.
    Refused {
        /// Why.
        why: VaultRefusal,
    },
}

/// Somebody's keys, to be compared with what they themselves show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenKeys {
    /// Whose.
    pub subject: KeySubject,
    /// Twelve groups of five digits, with spaces between them.
    pub fingerprint: String,
    /// What this browser took for theirs before, where that is something else.
    pub before: Option<String>,
    /// A practice's epoch.
    pub epoch: Option<u32>,
}

/// One note, opened or not. One that is refused does not keep the others from being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedNote {
    /// Which.
    pub note_id: NoteId,
    /// What it says, or why it is not to be believed.
    pub content: Result<NoteContent, VaultRefusal>,
    /// Whether it is one's own side's.
    pub own: bool,
}

/// What the audit log vouches for, of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailVerdict {
    /// It is in the log, as shown.
    InLog,
    /// The next checkpoint is awaited.
    NotYet,
    /// It was changed, or is not in the log.
    Contradicted,
}

/// Why the vault does not do something. From [`Self::NotInLog`] on, the server, or whoever got between, is lying or broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultRefusal {
    /// No password, or one that is too long.
    Password,
    /// The server asks for a weaker or a costlier derivation than is allowed.
    Derivation,
    /// The password, code, passkey or shares do not open what the server keeps, or that was changed.
    WrongKey,
    /// What the server keeps cannot be read.
    Damaged,
    /// No keys are open; unlock first.
    Locked,
    /// The worker ended or could not be started.
    Gone,
    /// The note is larger than seven megabytes, or a text in it is too long.
    TooLarge,
    /// The file's name or type cannot be sent.
    FileName,
    /// Nobody has given the mailbox key of that epoch to this account.
    NoGrant,
    /// The one who acts is not an owner of the practice.
    NotAnOwner,
    /// A printed share is mistyped, or two of the same were given.
    Shares,
    /// The keys are not in the log they are said to be in.
    NotInLog,
    /// The log is not a continuation of the one that this browser knows. Asked once more with the newest
    /// [`VaultRequest::Since`], an honest server is believed.
    SplitView,
    /// A service's audit log has not grown out of the one that this browser knows: something was changed in it or taken out,
    /// or it is another one. Asked once more with the newest [`VaultRequest::AuditSince`], an honest service is believed.
    AuditFork,
    /// Keys of an epoch that is over are offered, or the note is of one.
    OldEpoch,
    /// There are two keys for one epoch.
    TwoKeys,
    /// The keys are another subject's, or not signed by who should have.
    ForeignKeys,
    /// The envelope is another booking's, another practice's or another note's.
    Misplaced,
    /// A newer version of the note was seen before.
    OldVersion,
    /// Signed by somebody else.
    OtherSender,
    /// Sealed to a key that is not the practice's or the patient's.
    KeySwapped,
    /// Somebody who should be able to open it is not among the recipients.
    RecipientDropped,
    /// Somebody else is among the recipients.
    RecipientAdded,
    /// The signature does not hold: something was changed.
    Signature,
    /// A format or suite that this version does not know.
    UnknownFormat,
}
