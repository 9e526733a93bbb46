//! A leaf: one set of keys of one subject, signed, naming the leaf before it.
//!
//! A person's leaf is signed by the key it publishes and, when the former key still exists, vouched for by that. A
//! practice's leaf is signed by one of the owners it names. Where the one before does not know the signer, the chain
//! goes on all the same, since keys get lost; but everybody who pinned the former keys is asked.

use jiff::Timestamp;

use super::VerifiedLeaf;
use crate::{
    identity::{Identity, IdentityKeys, IdentityKeysError},
    labels::{LEAF_SIGNATURE, LEAF_VOUCHER},
    mailbox::PracticeEpoch,
    suite::{
        Magic,
        signing::{Signature, VerifyKey},
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMdl", "a leaf of the key directory");

/// What a leaf says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// These are a person's keys.
    Account(Box<IdentityKeys>),
    /// This is a practice's epoch.
    Practice(PracticeEpoch),
}

/// A leaf as published. Nothing in it is to be believed before [`Leaf::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub(super) body: Body,
    signature: Signature,
    pub(super) voucher: Option<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) statement: Statement,
    pub(super) previous: Option<[u8; 32]>,
    pub(super) at: Timestamp,
    pub(super) signer: VerifyKey,
}

/// Why bytes are no leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafParseError {
    /// They cannot be read.
    #[error("the leaf cannot be read")]
    Parse(#[from] ParseError),
    /// The person's keys do not belong together.
    #[error("the leaf's keys do not belong together")]
    MixedKeys,
}

/// Why a leaf is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Somebody else signed it.
    #[error("the leaf is signed by somebody who may not")]
    SignerMayNot,
    /// The signature does not hold.
    #[error("the leaf's signature does not hold")]
    Signature,
}

impl Leaf {
    /// For a person. `former` signs too when it still exists.
    pub fn account(
        identity: &Identity,
        previous: Option<&VerifiedLeaf>,
        former: Option<&Identity>,
        now: Timestamp,
    ) -> Self {
        let statement = Statement::Account(Box::new(*identity.keys()));
        let body = Body::new(statement, previous.map(VerifiedLeaf::hash), identity, now);
        let voucher = former.map(|former| former.sign_secret().sign(LEAF_VOUCHER, &body.to_bytes()));
        Self { voucher, ..Self::signed(body, identity) }
    }

    /// `previous` is the hash of the leaf before.
    pub(crate) fn practice(
        practice: PracticeEpoch,
        previous: Option<[u8; 32]>,
        owner: &Identity,
        now: Timestamp,
    ) -> Self {
        Self::signed(Body::new(Statement::Practice(practice), previous, owner, now), owner)
    }

    fn signed(body: Body, by: &Identity) -> Self {
        let signature = by.sign_secret().sign(LEAF_SIGNATURE, &body.to_bytes());
        Self { body, signature, voucher: None }
    }

    /// Checks that the subject itself signed it.
    ///
    /// # Errors
    /// [`LeafError`].
    pub fn verify(self) -> Result<VerifiedLeaf, LeafError> {
        let may_sign = match &self.body.statement {
            Statement::Account(keys) => *keys.sign() == self.body.signer,
            Statement::Practice(practice) => practice.owners().contains(&self.body.signer),
        };
        if !may_sign {
            return Err(LeafError::SignerMayNot);
        }
        self.body
            .signer
            .verify(LEAF_SIGNATURE, &self.body.to_bytes(), &self.signature)
            .map_err(|_| LeafError::Signature)?;
        Ok(VerifiedLeaf(self))
    }

    /// The bytes that are hashed into the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.body.write(&mut writer);
        self.signature.write(&mut writer);
        writer.u8(self.voucher.is_some().into());
        if let Some(voucher) = &self.voucher {
            voucher.write(&mut writer);
        }
        writer.finish()
    }

    /// Reads a leaf of the log; [`Leaf::verify`] checks it.
    ///
    /// # Errors
    /// [`LeafParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafParseError> {
        let mut reader = Reader::new(bytes);
        let body = Body::read(&mut reader)?;
        let signature = Signature::read(&mut reader)?;
        let voucher = reader.optional(Signature::read)?;
        reader.finish()?;
        if voucher.is_some() && matches!(body.statement, Statement::Practice(_)) {
            return Err(ParseError::NotCanonical("a voucher for a practice").into());
        }
        Ok(Self { body, signature, voucher })
    }
}

impl Body {
    /// Time is kept to the millisecond.
    fn new(statement: Statement, previous: Option<[u8; 32]>, by: &Identity, now: Timestamp) -> Self {
        let at = Timestamp::from_millisecond(now.as_millisecond()).expect("a timestamp's own milliseconds");
        Self { statement, previous, at, signer: *by.keys().sign() }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    fn write(&self, writer: &mut Writer) {
        MAGIC.write(writer);
        match &self.statement {
            Statement::Account(keys) => {
                writer.u8(1);
                keys.write(writer);
            }
            Statement::Practice(practice) => {
                writer.u8(2);
                practice.write(writer);
            }
        }
        writer.u8(self.previous.is_some().into());
        if let Some(previous) = &self.previous {
            writer.raw(previous);
        }
        writer.i64(self.at.as_millisecond());
        self.signer.write(writer);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, LeafParseError> {
        MAGIC.read(reader)?;
        let statement = match reader.u8()? {
            1 => Statement::Account(Box::new(read_keys(reader)?)),
            2 => Statement::Practice(PracticeEpoch::read(reader)?),
            found => return Err(ParseError::UnknownKind { what: "subject", found }.into()),
        };
        let previous = reader.optional(Reader::array)?;
        let at = Timestamp::from_millisecond(reader.i64()?)
            .map_err(|_| ParseError::NotCanonical("a time beyond the calendar"))?;
        Ok(Self { statement, previous, at, signer: VerifyKey::read(reader)? })
    }
}

fn read_keys(reader: &mut Reader<'_>) -> Result<IdentityKeys, LeafParseError> {
    IdentityKeys::read(reader).map_err(|error| match error {
        IdentityKeysError::Parse(error) => LeafParseError::Parse(error),
        IdentityKeysError::Mixed => LeafParseError::MixedKeys,
    })
}
