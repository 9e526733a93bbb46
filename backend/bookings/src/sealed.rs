//! What bookings keeps sealed, by the kernel's cipher (`kernel::column_cipher`): the addresses of practitioners' other calendars,
//! which give all that is in them to whoever has one, and the secrets that sign what webhooks are told.

use std::fmt;

use anyhow::{Context as _, Result};
use kernel::{
    Chance,
    column_cipher::{ColumnCipher, Place},
};
use shared_types::{PractitionerRoleId, WebhookId};

/// The setting that brings keys in, for whoever has to find one.
pub const KEYS: &str = "HELLOMAPPER_BOOKINGS_KEYS";

/// Where the address of a role's other calendar is kept.
pub fn address_of(role: PractitionerRoleId) -> Place {
    Place::Column { table: "bookings.external_calendar", column: "sealed_address", row: role.0 }
}

/// Where the secret of a webhook is kept.
pub fn secret_of(webhook: WebhookId) -> Place {
    Place::Column { table: "bookings.webhook", column: "sealed_secret", row: webhook.0 }
}

/// Where the secret before it is kept.
pub fn former_secret_of(webhook: WebhookId) -> Place {
    Place::Column { table: "bookings.webhook", column: "sealed_former_secret", row: webhook.0 }
}

/// The address of another calendar as it is written down.
#[derive(Clone, Debug)]
pub struct Address {
    /// On which server it is.
    pub host: String,
    /// Which key sealed it.
    pub key_id: String,
    /// The whole of it.
    pub sealed: Vec<u8>,
}

impl Address {
    /// Seals a role's.
    pub fn seal(cipher: &ColumnCipher, chance: &Chance, role: PractitionerRoleId, address: &str) -> Self {
        Self {
            host: host_of(address).to_owned(),
            key_id: cipher.key_id().to_owned(),
            sealed: cipher.seal(chance, address_of(role), address.as_bytes()),
        }
    }
}

/// The secrets of a webhook as they are written down.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Which key sealed them.
    pub key_id: String,
    /// The one that signs.
    pub sealed: Vec<u8>,
    /// The one before it.
    pub former: Option<Vec<u8>>,
}

impl Secrets {
    /// Seals a webhook's: the one that signs, and the one before it.
    pub fn seal(
        cipher: &ColumnCipher,
        chance: &Chance,
        webhook: WebhookId,
        secret: &[u8],
        former: Option<&[u8]>,
    ) -> Self {
        Self {
            key_id: cipher.key_id().to_owned(),
            sealed: cipher.seal(chance, secret_of(webhook), secret),
            former: former.map(|former| cipher.seal(chance, former_secret_of(webhook), former)),
        }
    }
}

/// What a row has of a secret.
#[derive(Clone)]
pub enum Kept {
    /// The secret itself, from before secrets were sealed. A job seals it.
    Plain(Vec<u8>),
    /// The secret, sealed with the key of that name.
    Sealed {
        /// The key's name.
        key_id: String,
        /// Nonce, ciphertext and tag.
        sealed: Vec<u8>,
    },
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Kept {
    /// From a row's columns. None where the row has no such secret.
    pub fn of(plain: Option<Vec<u8>>, sealed: Option<Vec<u8>>, key_id: Option<&str>) -> Option<Self> {
        match (sealed, key_id) {
            (Some(sealed), Some(key_id)) => Some(Self::Sealed { key_id: key_id.to_owned(), sealed }),
            (Some(_), None) | (None, Some(_) | None) => plain.map(Self::Plain),
        }
    }

    /// Opens what is kept in that place.
    ///
    /// # Errors
    /// When its key is not here, or it was changed or moved.
    pub fn open(&self, cipher: &ColumnCipher, place: Place) -> Result<Vec<u8>> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            Self::Sealed { key_id, sealed } => cipher
                .open(key_id, place, sealed)
                .with_context(|| format!("opening what the keys of {KEYS} seal")),
        }
    }

    /// The same for a text.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_text(&self, cipher: &ColumnCipher, place: Place) -> Result<String> {
        String::from_utf8(self.open(cipher, place)?).context("reading an address that was sealed")
    }
}

/// The host that an address names, with its port.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::{Chance, column_cipher::ColumnCipher};
    use shared_types::WebhookId;
    use uuid::Uuid;

    use super::{Kept, Secrets, former_secret_of, host_of, secret_of};

    const WEBHOOK: WebhookId = WebhookId(Uuid::from_u128(1));

    #[test]
    fn an_address_names_its_host() {
        for (address, host) in [
            ("https://calendar.example/secret.ics", "calendar.example"),
            ("http://127.0.0.1:8080/secret.ics", "127.0.0.1:8080"),
            ("https://calendar.example?secret", "calendar.example"),
            ("https://calendar.example", "calendar.example"),
        ] {
            assert_eq!(host_of(address), host);
        }
    }

    #[test]
    fn a_secret_opens_as_itself_and_a_key_that_is_missed_is_named() {
        let (cipher, other) = (ColumnCipher::of(&[7; 32], &[]), ColumnCipher::of(&[8; 32], &[]));
        let sealed = Secrets::seal(&cipher, &Chance::seeded(1), WEBHOOK, &[1; 32], Some(&[2; 32]));
        let kept = Kept::of(None, Some(sealed.sealed), Some(&sealed.key_id)).unwrap();
        assert_eq!(kept.open(&cipher, secret_of(WEBHOOK)).unwrap(), [1; 32]);
        assert!(kept.open(&cipher, former_secret_of(WEBHOOK)).is_err());
        let former = Kept::of(None, sealed.former, Some(&sealed.key_id)).unwrap();
        assert_eq!(former.open(&cipher, former_secret_of(WEBHOOK)).unwrap(), [2; 32]);
        let why = format!("{:#}", kept.open(&other, secret_of(WEBHOOK)).unwrap_err());
        assert!(why.contains("HELLOMAPPER_BOOKINGS_KEYS") && why.contains(cipher.key_id()), "{why}");
    }

    #[test]
    fn what_is_kept_is_not_printed() {
        let plain = Kept::of(Some(vec![115; 32]), None, None).unwrap();
        assert_eq!(format!("{plain:?}"), "[secret]");
    }
}
