//! A recovery share as an owner prints it: 24 groups of four characters that name the practice and the epoch and check
//! themselves.

use shared_types::OrganizationId;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    account_key::{CodeError, PrintedCode},
    counter::Epoch,
    labels::RECOVERY_SHARE_CHECK,
    printed,
    secret::Secret,
    suite::{FORMAT_VERSION, digest},
    wire::{ParseError, Reader, Writer},
};

/// Version, practice, epoch, number, value, check: a multiple of five, for base32.
const BYTES: usize = 1 + 16 + 4 + 1 + 32 + CHECK;
const CHECK: usize = 6;

/// One of three; two of them are the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub(super) organization: OrganizationId,
    pub(super) since: Epoch,
    pub(super) number: u8,
    pub(super) value: Secret<32>,
}

impl Share {
    /// Whose recovery key it is a part of.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The epoch that the recovery key was made in.
    pub fn since(&self) -> Epoch {
        self.since
    }

    /// 1, 2 or 3.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// For the sheet of paper, or a code to scan.
    pub fn print(&self) -> PrintedCode {
        let mut bytes = Zeroizing::new([0; BYTES]);
        let body = Zeroizing::new(self.body().finish());
        bytes[..BYTES - CHECK].copy_from_slice(&body);
        bytes[BYTES - CHECK..].copy_from_slice(&check(&body));
        PrintedCode::new(printed::print(&*bytes))
    }

    /// Reads a typed or scanned share, as forgiving as [`crate::account_key::RecoveryCode::read`].
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn read(text: &str) -> Result<Self, CodeError> {
        let bytes = printed::read::<BYTES>(text)?;
        let (body, found) = bytes.split_at(BYTES - CHECK);
        if check(body) != *found {
            return Err(CodeError::Checksum);
        }
        Self::parse(body).map_err(|_| CodeError::OtherKind)
    }

    fn body(&self) -> Writer {
        let mut writer = Writer::with_capacity(BYTES);
        writer.u8(FORMAT_VERSION);
        writer.raw(self.organization.0.as_bytes());
        self.since.write(&mut writer);
        writer.u8(self.number);
        writer.raw(self.value.expose());
        writer
    }

    fn parse(body: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(body);
        match reader.u8()? {
            FORMAT_VERSION => {}
            found => return Err(ParseError::UnknownVersion { found }),
        }
        let organization = OrganizationId(Uuid::from_bytes(reader.array()?));
        let since = Epoch::read(&mut reader)?;
        let number = match reader.u8()? {
            number @ 1..=3 => number,
            found => return Err(ParseError::UnknownKind { what: "share", found }),
        };
        let value = Secret::new(reader.array()?);
        reader.finish()?;
        Ok(Self { organization, since, number, value })
    }
}

fn check(body: &[u8]) -> [u8; CHECK] {
    let [a, b, c, d, e, f, ..] = digest::hash(RECOVERY_SHARE_CHECK, &[body]);
    [a, b, c, d, e, f]
}
