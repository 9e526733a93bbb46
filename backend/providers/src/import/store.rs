//! Every SQL statement of an import, in the order in which they run. One transaction; the staging tables are empty
//! before and after it.

mod resolve;
mod roles;
mod stage;
mod write;

pub(super) use self::{
    resolve::resolve,
    roles::{next_written, write_roles},
    stage::{Note, Positioned, Row, break_unit, clear, expand, lock, notes, professions, stage, tally},
    write::write,
};

use sha2::{Digest as _, Sha256};
use shared_types::slug::slugify;

/// The longest readable part of a slug, in characters.
const MAX_SLUG: usize = 60;

/// A page's address from what a thing is called and where it is, made unique by what the directory calls it.
fn slug(name: &str, suburb: Option<&str>, state: Option<&str>, source_key: &str) -> String {
    let place = [suburb, state].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let readable = slugify(&format!("{name} {place}"));
    let readable = readable.get(..MAX_SLUG).unwrap_or(&readable).trim_end_matches('-');
    format!("{readable}-{}", suffix(source_key))
}

/// Forty bits as eight letters and digits that cannot be mistaken for each other.
fn suffix(source_key: &str) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
    let hash = Sha256::digest(source_key.as_bytes());
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let digit =
        |place: u32| char::from(DIGITS[usize::try_from(number >> (5 * place) & 31).unwrap_or_default()]);
    (0..8).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_readable_stable_and_different_for_different_things() {
        let one = slug("Elden Patrick", Some("Westmead"), Some("NSW"), "PractitionerRole/a");
        assert_eq!(one.rsplit_once('-').unwrap().0, "elden-patrick-westmead-nsw");
        assert_eq!(one, slug("Elden Patrick", Some("Westmead"), Some("NSW"), "PractitionerRole/a"));
        assert_ne!(one, slug("Elden Patrick", Some("Westmead"), Some("NSW"), "PractitionerRole/b"));
        assert!(slug(&"Long name ".repeat(40), None, None, "x").len() <= 69);
    }
}
