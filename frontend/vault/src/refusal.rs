//! What each error of the crates below means to whoever asked: one list, with every error in it by name.

use sealing::{
    account_key::{CodeError, UnwrapError, WrappedKeyError},
    directory::{FingerprintError, FollowError, LeafError, LeafParseError, PinError},
    envelope::{OpenError, SealError},
    identity::IdentityUnwrapError,
    mailbox::{BeginError, CertificateError, CombineError, GrantError, GrantOpenError, OwnersError},
    note,
    password::{KdfError, PasswordError},
    wire::ParseError,
};
use shared_types::vault::{SeenKeys, VaultRefusal};
use transparency::note::NoteError as CheckpointError;

/// Why an act ends before its end.
pub enum Stop {
    /// Nothing is changed.
    Refused(VaultRefusal),
    /// Somebody's keys are others than before, and that is remembered.
    Changed(SeenKeys),
}

/// An error that has a refusal.
pub trait Refuses {
    fn refusal(self) -> VaultRefusal;
}

impl<E: Refuses> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Refused(error.refusal())
    }
}

impl Refuses for VaultRefusal {
    fn refusal(self) -> VaultRefusal {
        self
    }
}

impl Refuses for ParseError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::UnknownVersion { .. } | Self::UnknownSuite { .. } | Self::UnknownKind { .. } => {
                VaultRefusal::UnknownFormat
            }
            Self::Truncated
            | Self::Trailing
            | Self::TooLong
            | Self::OtherFormat { .. }
            | Self::WeakKey
            | Self::NotCanonical(_) => VaultRefusal::Damaged,
        }
    }
}

impl Refuses for PasswordError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Empty | Self::TooLong => VaultRefusal::Password,
        }
    }
}

impl Refuses for KdfError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::TooWeak { .. } | Self::TooCostly { .. } | Self::Lowered | Self::OutOfMemory => {
                VaultRefusal::Derivation
            }
        }
    }
}

impl Refuses for WrappedKeyError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Parse(error) => error.refusal(),
            Self::Kdf(error) => error.refusal(),
        }
    }
}

impl Refuses for UnwrapError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Refused | Self::OtherDoor => VaultRefusal::WrongKey,
            Self::OtherAccount => VaultRefusal::Damaged,
        }
    }
}

/// The account key has opened by then, so that it is not the person who is wrong.
impl Refuses for IdentityUnwrapError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OtherAccount | Self::Refused | Self::OtherKeys => VaultRefusal::Damaged,
        }
    }
}

/// Of a recovery code that was typed.
pub fn code(error: CodeError) -> VaultRefusal {
    match error {
        CodeError::Characters | CodeError::Length { .. } | CodeError::Checksum | CodeError::OtherKind => {
            VaultRefusal::WrongKey
        }
    }
}

/// Of a recovery share that was typed.
pub fn share(error: CodeError) -> VaultRefusal {
    match error {
        CodeError::Characters | CodeError::Length { .. } | CodeError::Checksum | CodeError::OtherKind => {
            VaultRefusal::Shares
        }
    }
}

impl Refuses for CombineError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::TooFew | Self::SameShare | Self::OtherPractice | Self::OtherEpoch => VaultRefusal::Shares,
            Self::WrongShares => VaultRefusal::WrongKey,
        }
    }
}

impl Refuses for CheckpointError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Malformed | Self::MalformedKey => VaultRefusal::Damaged,
            Self::NotSigned | Self::BadSignature => VaultRefusal::Signature,
        }
    }
}

impl Refuses for LeafParseError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Parse(error) => error.refusal(),
            Self::MixedKeys => VaultRefusal::ForeignKeys,
        }
    }
}

impl Refuses for LeafError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::SignerMayNot => VaultRefusal::ForeignKeys,
            Self::Signature => VaultRefusal::Signature,
        }
    }
}

impl Refuses for FollowError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OtherSubject | Self::TimeRunsBack | Self::NotTheNextEpoch => VaultRefusal::ForeignKeys,
            // A leaf was left out, or there are two histories.
            Self::BrokenChain => VaultRefusal::SplitView,
            Self::Voucher => VaultRefusal::Signature,
        }
    }
}

impl Refuses for PinError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OldEpoch { .. } => VaultRefusal::OldEpoch,
            Self::TwoKeysForOneEpoch => VaultRefusal::TwoKeys,
            Self::OtherSubject | Self::NotPinned | Self::Changed | Self::NotOnOffer => {
                VaultRefusal::ForeignKeys
            }
        }
    }
}

impl Refuses for FingerprintError {
    fn refusal(self) -> VaultRefusal {
        let Self = self;
        VaultRefusal::Damaged
    }
}

impl Refuses for note::NoteError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::TooLong => VaultRefusal::TooLarge,
            Self::FileName | Self::MediaType => VaultRefusal::FileName,
        }
    }
}

impl Refuses for SealError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Note(error) => error.refusal(),
            Self::TooLarge => VaultRefusal::TooLarge,
            Self::OtherPractice => VaultRefusal::Misplaced,
            Self::GuestToOthers => VaultRefusal::RecipientAdded,
            Self::NotOnePractice | Self::WeakKey => VaultRefusal::ForeignKeys,
            Self::TooManyRecipients | Self::RecipientTwice => VaultRefusal::Damaged,
        }
    }
}

impl Refuses for OpenError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OtherBooking | Self::OtherPractice | Self::OtherNote => VaultRefusal::Misplaced,
            Self::OldEpoch { .. } => VaultRefusal::OldEpoch,
            Self::OldVersion { .. } => VaultRefusal::OldVersion,
            Self::OtherSender => VaultRefusal::OtherSender,
            Self::PracticeKeySwapped | Self::PatientKeySwapped => VaultRefusal::KeySwapped,
            Self::RecipientDropped => VaultRefusal::RecipientDropped,
            Self::RecipientAdded => VaultRefusal::RecipientAdded,
            Self::Signature => VaultRefusal::Signature,
            // It is for other keys: those that the reader has lost, or those of who was there before the reader.
            Self::NotForThisKey => VaultRefusal::WrongKey,
            Self::Note(error) => error.refusal(),
            Self::ContentKeyRefused | Self::ContentKeyNotCommitted | Self::ContentRefused | Self::Padding => {
                VaultRefusal::Damaged
            }
        }
    }
}

impl Refuses for CertificateError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OtherPractice | Self::NotAnOwner => VaultRefusal::ForeignKeys,
            Self::OtherEpoch => VaultRefusal::OldEpoch,
            Self::Signature => VaultRefusal::Signature,
        }
    }
}

impl Refuses for GrantOpenError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::OtherPractice | Self::NotAnOwner => VaultRefusal::ForeignKeys,
            Self::OtherEpoch => VaultRefusal::OldEpoch,
            Self::OtherHolder => VaultRefusal::NoGrant,
            Self::Signature => VaultRefusal::Signature,
            Self::Refused => VaultRefusal::WrongKey,
            Self::OtherKey => VaultRefusal::KeySwapped,
        }
    }
}

impl Refuses for GrantError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::WeakKey => VaultRefusal::ForeignKeys,
        }
    }
}

impl Refuses for BeginError {
    fn refusal(self) -> VaultRefusal {
        match self {
            Self::Owners(OwnersError::Nobody) | Self::NotAnOwner | Self::ActorLeftOut => {
                VaultRefusal::NotAnOwner
            }
            Self::Owners(OwnersError::TooMany) => VaultRefusal::Damaged,
            Self::OtherPractice => VaultRefusal::ForeignKeys,
            Self::LastEpoch => VaultRefusal::OldEpoch,
            Self::Grant(error) => error.refusal(),
        }
    }
}
