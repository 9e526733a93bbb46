//! Seals single values of the database, for services that have to open them again: XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha-03) under keys of 32 bytes. What is stored is a random nonce of 24 bytes, the ciphertext and its tag
//! of 16 bytes, so that a value is 40 bytes longer sealed. The nonce is that long that nobody has to count them.
//!
//! A sealed value is tied to its [`Place`] by the cipher's associated data: moved to another row or column it does not open. Of
//! several keys the first seals and all open, so that a key can be brought in while what an older one sealed is still there; the
//! key's name is stored beside what it sealed.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Chance,
    config::{Mode, Settings},
    keys::secret_in_file,
};

const NONCE: usize = 24;

/// Which value of the database a sealed one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A column of a row.
    Column {
        /// With its schema.
        table: &'static str,
        /// By its name.
        column: &'static str,
        /// By its key.
        row: Uuid,
    },
    /// The only sealed column of a table, which is not named.
    Row {
        /// With its schema.
        table: &'static str,
        /// By its key.
        row: Uuid,
    },
    /// The only sealed value that belongs to an id, under a key that seals nothing else.
    Id(Uuid),
}

impl Place {
    /// What the cipher binds a value to: the table and a zero byte, the 16 bytes of the row's key, the column. No two places are
    /// written the same, since no name holds a zero byte and all keys have one length.
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Column { table, column, row } => {
                [table.as_bytes(), &[0], row.as_bytes(), column.as_bytes()].concat()
            }
            Self::Row { table, row } => [table.as_bytes(), &[0], row.as_bytes()].concat(),
            Self::Id(id) => id.as_bytes().to_vec(),
        }
    }
}

/// Seals with the newest key and opens with any. It is not printed.
#[derive(Clone)]
pub struct ColumnCipher(Arc<Keys>);

struct Keys {
    newest: Key,
    older: Vec<Key>,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Why a sealed value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// Its key was dropped too early, or is another installation's.
    #[error("a value was sealed with the key {0}, which is not here")]
    UnknownKey(String),
    /// It was changed, or moved to another row or column.
    #[error("a sealed value does not open")]
    Damaged,
}

impl ColumnCipher {
    /// The cipher of the keys in these files, the newest first. Without any, of the one of that name in `keys` below the home
    /// folder, which in development is made at the first start.
    ///
    /// # Errors
    /// When a file cannot be read or made, does not hold 32 bytes, or is missing in production, which generates no keys.
    pub fn in_files(settings: &Settings, files: &[PathBuf], name: &str, chance: &Chance) -> Result<Self> {
        let alone = [settings.home.join("keys").join(name)];
        let files = if files.is_empty() { alone.as_slice() } else { files };
        let keys: Result<Vec<_>> = files.iter().map(|path| key_in(path, settings.mode, chance)).collect();
        let keys = keys?;
        let (newest, older) = keys.split_first().context("a cipher has a key")?;
        Ok(Self::of(newest, older))
    }

    /// The cipher of these keys.
    pub fn of(newest: &[u8; 32], older: &[[u8; 32]]) -> Self {
        Self(Arc::new(Keys { newest: Key::new(newest), older: older.iter().map(Key::new).collect() }))
    }

    /// The name of the key that seals.
    pub fn key_id(&self) -> &str {
        &self.0.newest.id
    }

    /// The names of the keys that only open.
    pub fn older_key_ids(&self) -> Vec<String> {
        self.0.older.iter().map(|key| key.id.clone()).filter(|id| id != self.key_id()).collect()
    }

    /// Seals a value for its place, with the key of [`key_id`](Self::key_id).
    pub fn seal(&self, chance: &Chance, place: Place, value: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = chance.bytes();
        let payload = Payload { msg: value, aad: &place.bytes() };
        let sealed = self.0.newest.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("the cipher refuses only values of hundreds of gigabytes");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what the key of that name sealed for that place.
    ///
    /// # Errors
    /// When it did not, or the key is not here.
    pub fn open(&self, key_id: &str, place: Place, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let key = [&self.0.newest].into_iter().chain(&self.0.older).find(|key| key.id == key_id);
        let key = key.ok_or_else(|| CannotOpen::UnknownKey(key_id.to_owned()))?;
        key.open(&place.bytes(), sealed)
    }

    /// The same for a text.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_text(&self, key_id: &str, place: Place, sealed: &[u8]) -> Result<String, CannotOpen> {
        String::from_utf8(self.open(key_id, place, sealed)?).map_err(|_| CannotOpen::Damaged)
    }
}

impl Key {
    fn new(key: &[u8; 32]) -> Self {
        // The key is random, so the start of its hash names it and tells nothing of it.
        let id = hex::encode(&Sha256::digest(key)[..8]);
        Self { id, cipher: XChaCha20Poly1305::new(key.into()) }
    }

    fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(CannotOpen::Damaged)?;
        let payload = Payload { msg: sealed, aad: bound_to };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| CannotOpen::Damaged)
    }
}

fn key_in(path: &Path, mode: Mode, chance: &Chance) -> Result<[u8; 32]> {
    mode.check_key(path)?;
    secret_in_file(path, chance)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::{CannotOpen, ColumnCipher, Key, NONCE, Place};
    use crate::Chance;

    const ROW: Uuid = Uuid::from_u128(1);
    const NUMBER: Place = Place::Column { table: "payments.coverage", column: "medicare", row: ROW };
    const CARD: &[u8] = b"2123456701/1";

    /// The cipher of keys that are 32 times the same byte, the newest first.
    fn cipher(newest: u8, older: &[u8]) -> ColumnCipher {
        let older: Vec<_> = older.iter().map(|byte| [*byte; 32]).collect();
        ColumnCipher::of(&[newest; 32], &older)
    }

    fn sealed(cipher: &ColumnCipher) -> Vec<u8> {
        cipher.seal(&Chance::seeded(1), NUMBER, CARD)
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn the_published_example_opens() {
        let key: Vec<u8> = (0x80..0xa0).collect();
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let ciphertext = hex::decode(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
             ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
             21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
        )
        .unwrap();
        let associated = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let key = Key::new(&key.try_into().unwrap());
        let opened = key.open(&associated, &[nonce, ciphertext].concat()).unwrap();
        assert_eq!(
            String::from_utf8(opened).unwrap(),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen \
             would be it."
        );
    }

    #[test]
    fn what_is_stored_opens_in_every_later_version() {
        let seven = cipher(7, &[]);
        assert_eq!(seven.key_id(), "4bb06f8e4e3a7715");
        let row = Place::Row { table: "payments.claimant", row: ROW };
        for (place, stored) in [
            (
                NUMBER,
                "000102030405060708090a0b0c0d0e0f10111213141516179a2699b6ce296d9215f6ae765e996d5a1aff386df7d715e3\
                 f09ff721",
            ),
            (
                row,
                "000102030405060708090a0b0c0d0e0f10111213141516179a2699b6ce296d9215f6ae766e5d03705813a7df917610fa\
                 b975603c",
            ),
        ] {
            let stored = hex::decode(stored).unwrap();
            assert_eq!(seven.open(seven.key_id(), place, &stored).as_deref(), Ok(CARD), "{place:?}");
            assert_eq!(stored.len(), CARD.len() + 40);
        }
    }

    #[test]
    fn a_value_opens_in_its_place_and_nowhere_else() {
        let (seven, sealed) = (cipher(7, &[]), sealed(&cipher(7, &[])));
        let open = |place| seven.open(seven.key_id(), place, &sealed);
        assert_eq!(open(NUMBER).as_deref(), Ok(CARD));
        let (table, column) = ("payments.coverage", "medicare");
        for elsewhere in [
            Place::Column { table, column, row: Uuid::from_u128(2) },
            Place::Column { table, column: "concession", row: ROW },
            Place::Column { table: "payments.claimant", column, row: ROW },
            Place::Row { table, row: ROW },
            Place::Id(ROW),
        ] {
            assert_eq!(open(elsewhere), Err(CannotOpen::Damaged), "{elsewhere:?}");
        }
    }

    #[test]
    fn no_two_places_are_bound_to_the_same() {
        let (table, other) = ("payments.coverage", "payments.coveragem");
        let places = [
            NUMBER,
            Place::Column { table, column: "edicare", row: ROW },
            Place::Column { table: other, column: "edicare", row: ROW },
            Place::Row { table, row: ROW },
            Place::Row { table: other, row: ROW },
            Place::Id(ROW),
        ];
        let bound: HashSet<_> = places.map(Place::bytes).into_iter().collect();
        assert_eq!(bound.len(), places.len());
    }

    #[test]
    fn no_two_values_are_sealed_with_one_nonce() {
        let (seven, chance) = (cipher(7, &[]), Chance::system());
        let sealed = (0..2_000).map(|_| seven.seal(&chance, NUMBER, CARD));
        let nonces: HashSet<_> = sealed.map(|sealed| sealed[..NONCE].to_vec()).collect();
        assert_eq!(nonces.len(), 2_000);
    }

    #[test]
    fn an_older_key_opens_what_it_sealed_and_the_newest_seals() {
        let (old, both, new) = (cipher(7, &[]), cipher(8, &[7]), cipher(8, &[]));
        let before = sealed(&old);
        assert_eq!(both.open(old.key_id(), NUMBER, &before).as_deref(), Ok(CARD));
        assert_eq!(both.key_id(), new.key_id());
        assert_eq!(both.older_key_ids(), [old.key_id()]);
        assert_eq!(new.open(both.key_id(), NUMBER, &sealed(&both)).as_deref(), Ok(CARD));
        // A value with another key's name beside it does not open.
        assert_eq!(both.open(new.key_id(), NUMBER, &before), Err(CannotOpen::Damaged));
    }

    #[test]
    fn a_key_that_is_not_here_is_named() {
        let (old, new) = (cipher(7, &[]), cipher(8, &[]));
        let error = new.open(old.key_id(), NUMBER, &sealed(&old)).unwrap_err();
        assert_eq!(error, CannotOpen::UnknownKey(old.key_id().to_owned()));
        assert!(error.to_string().contains(old.key_id()), "{error}");
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let seven = cipher(7, &[]);
        let sealed = sealed(&seven);
        let open = |sealed: &[u8]| seven.open(seven.key_id(), NUMBER, sealed);
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&changed), Err(CannotOpen::Damaged), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&sealed[..length]), Err(CannotOpen::Damaged));
        }
    }

    #[test]
    fn what_is_no_text_is_damaged() {
        let seven = cipher(7, &[]);
        let sealed = seven.seal(&Chance::seeded(1), NUMBER, &[0xff]);
        assert_eq!(seven.open_text(seven.key_id(), NUMBER, &sealed), Err(CannotOpen::Damaged));
    }
}
