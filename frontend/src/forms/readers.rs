//! Whose leaves of the key directory are whose: to whom a note is sealed. Nothing of a leaf is believed here; the vault
//! checks those that are picked.

use shared_types::{AccountId, users::DirectoryEntry};

/// The newest leaf of each of these accounts, from a list in which an account's newest is its last. Who has none is left
/// out.
pub fn newest_of(entries: &[DirectoryEntry], accounts: &[AccountId]) -> Vec<DirectoryEntry> {
    let newest = |account: &AccountId| {
        let mut newest_first = entries.iter().rev();
        newest_first.find(|entry| account_of(&entry.leaf) == Some(*account)).cloned()
    };
    accounts.iter().filter_map(newest).collect()
}

/// Where a person's leaf says whose it is: behind the head of seven bytes and the kind (`docs/sealing-format.md`).
const KIND: usize = 7;
const ACCOUNT: std::ops::Range<usize> = 8..24;

/// Whose a leaf is; `None` for a practice's and for what is no leaf.
fn account_of(leaf: &str) -> Option<AccountId> {
    let bytes = first_bytes(leaf)?;
    if *bytes.get(KIND)? != 1 {
        return None;
    }
    let id: String = bytes.get(ACCOUNT)?.iter().map(|byte| format!("{byte:02x}")).collect();
    id.parse().ok()
}

/// As many bytes of a text in base64url as tell whose a leaf is.
fn first_bytes(text: &str) -> Option<Vec<u8>> {
    let letters = text.as_bytes().get(..ACCOUNT.end / 3 * 4)?;
    let mut bytes = Vec::with_capacity(ACCOUNT.end);
    for four in letters.chunks(4) {
        let bits = four.iter().try_fold(0_u32, |bits, letter| Some(bits << 6 | six_bits(*letter)?))?;
        bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    Some(bytes)
}

fn six_bits(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use shared_types::{AccountId, users::DirectoryEntry};

    use super::newest_of;

    fn account(nth: u8) -> AccountId {
        format!("00000000-0000-7000-8000-0000000000{nth:02x}").parse().unwrap()
    }

    /// The head `HMdl`, format 1, suite 1; the kind 1 for a person or 2 for a practice; an id that ends in 1 or 2.
    const FIRST: &str = "SE1kbAEAAQEAAAAAAABwAIAAAAAAAAAB";
    const SECOND: &str = "SE1kbAEAAQEAAAAAAABwAIAAAAAAAAAC";
    const PRACTICE: &str = "SE1kbAEAAQIAAAAAAABwAIAAAAAAAAAB";

    fn entry(start: &str, index: u64) -> DirectoryEntry {
        DirectoryEntry { leaf: format!("{start}and-so-on"), index, proof: Vec::new() }
    }

    #[test]
    fn each_reader_is_sealed_to_by_their_newest_keys_and_nobody_else_is() {
        let entries = [entry(FIRST, 3), entry(SECOND, 4), entry(FIRST, 9), entry(PRACTICE, 11)];
        let found = |accounts: &[AccountId]| -> Vec<u64> {
            newest_of(&entries, accounts).into_iter().map(|entry| entry.index).collect()
        };
        assert_eq!(found(&[account(1)]), [9]);
        assert_eq!(found(&[account(2), account(1)]), [4, 9]);
        assert!(found(&[account(3)]).is_empty(), "who has no keys cannot be sealed to");
        assert!(
            newest_of(&[DirectoryEntry { leaf: "SE1k".to_owned(), ..entry(FIRST, 1) }], &[account(1)])
                .is_empty()
        );
    }
}
