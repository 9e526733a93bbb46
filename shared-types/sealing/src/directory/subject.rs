//! Whose keys a leaf, a fingerprint or a pin is about.

use shared_types::{AccountId, OrganizationId};
use uuid::Uuid;

use crate::wire::{ParseError, Reader, Writer};

/// Whose keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A person.
    Account(AccountId),
    /// A practice.
    Practice(OrganizationId),
}

impl Subject {
    pub(super) fn write(self, writer: &mut Writer) {
        let (kind, id) = match self {
            Self::Account(account) => (1, account.0),
            Self::Practice(organization) => (2, organization.0),
        };
        writer.u8(kind);
        writer.raw(id.as_bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let kind = reader.u8()?;
        let id = Uuid::from_bytes(reader.array()?);
        match kind {
            1 => Ok(Self::Account(AccountId(id))),
            2 => Ok(Self::Practice(OrganizationId(id))),
            found => Err(ParseError::UnknownKind { what: "subject", found }),
        }
    }
}
