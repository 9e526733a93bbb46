use jiff::Timestamp;
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use shared_types::{AccountId, NoteId};
use uuid::Uuid;

use super::{Book, BookError, LogHead, MAX_LOG_KEY};
use crate::{
    account_key::AccountKey,
    counter::NoteVersion,
    directory::{Leaf, Pin, Subject},
    identity::Identity,
    wire::ParseError,
};

const ADA: AccountId = AccountId(Uuid::from_u128(1));
const BEN: AccountId = AccountId(Uuid::from_u128(2));

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(1)
}

fn head(origin: &str, size: u64) -> LogHead {
    LogHead::new(format!("{origin}+01234567+AAAA"), size, [7; 32]).unwrap()
}

/// Everything that a book can hold: two logs of services, a pin, and one that has changed.
fn book() -> Book {
    let mut rng = rng();
    let mut book = Book::default();
    book.set_key_log(head("example.org/keys", 12));
    book.set_audit_log(head("example.org/audit/users", u64::MAX));
    book.set_audit_log(head("example.org/audit/bookings", 0));
    let mut leaf = |account| {
        let identity = Identity::generate(account, &mut rng);
        Leaf::account(&identity, None, None, Timestamp::UNIX_EPOCH).verify().unwrap()
    };
    let pinned = Pin::Unknown.observe(&leaf(BEN)).unwrap();
    let changed = Pin::Unknown.observe(&leaf(ADA)).unwrap().observe(&leaf(ADA)).unwrap();
    book.set_pin(pinned);
    book.set_pin(changed);
    book.saw(NoteId(Uuid::from_u128(9)), NoteVersion::new(3).unwrap());
    book.saw(NoteId(Uuid::from_u128(8)), NoteVersion::FIRST);
    book
}

#[test]
fn a_book_comes_back_to_its_account_and_to_nobody_else() {
    let mut rng = rng();
    let (key, other) = (AccountKey::generate(&mut rng), AccountKey::generate(&mut rng));
    for book in [Book::default(), book()] {
        let stored = book.seal(ADA, &key, &mut rng);
        assert_eq!(Book::open(&stored, ADA, &key), Ok(book));
        assert_eq!(Book::open(&stored, BEN, &key), Err(BookError::OtherAccount));
        assert_eq!(Book::open(&stored, ADA, &other), Err(BookError::Refused));
        let mut relabelled = stored;
        relabelled[7..23].copy_from_slice(BEN.0.as_bytes());
        assert_eq!(Book::open(&relabelled, BEN, &key), Err(BookError::Refused));
    }
}

#[test]
fn every_cut_and_every_flipped_bit_of_a_stored_book_is_refused() {
    let mut rng = rng();
    let key = AccountKey::generate(&mut rng);
    let stored = book().seal(ADA, &key, &mut rng);
    for length in 0..stored.len() {
        let opened = Book::open(&stored[..length], ADA, &key);
        assert_eq!(opened, Err(BookError::Parse(ParseError::Truncated)), "{length}");
    }
    for bit in 0..stored.len() * 8 {
        let mut altered = stored.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(Book::open(&altered, ADA, &key).is_err(), "bit {bit}");
    }
}

#[test]
fn what_was_seen_is_remembered() {
    let book = book();
    assert_eq!(book.key_log().map(|head| (head.origin(), head.size())), Some(("example.org/keys", 12)));
    assert_eq!(book.audit_log_of("users").map(LogHead::size), Some(u64::MAX));
    assert_eq!(book.audit_log_of("bookings").map(LogHead::size), Some(0));
    assert_eq!(book.audit_log_of("payments"), None);
    assert!(matches!(book.pin(Subject::Account(ADA)), Pin::Changed { .. }));
    assert!(matches!(book.pin(Subject::Account(BEN)), Pin::Pinned(_)));
    assert_eq!(*book.pin(Subject::Account(AccountId(Uuid::from_u128(3)))), Pin::Unknown);
}

#[test]
fn a_lower_version_does_not_undo_a_higher_one() {
    let note = NoteId(Uuid::from_u128(9));
    let [second, third] = [2, 3].map(|number| NoteVersion::new(number).unwrap());
    let mut book = book();
    book.saw(note, second);
    assert_eq!(book.version(note), Some(third));
}

#[test]
fn a_log_without_a_name_or_with_one_too_long_is_not_written_down() {
    for key in [
        "",
        "+01234567+AAAA",
        "example.org",
        &"x".repeat(MAX_LOG_KEY),
        &format!("{}+", "x".repeat(MAX_LOG_KEY)),
    ] {
        assert_eq!(LogHead::new(key.to_owned(), 1, [0; 32]), None, "{key}");
    }
}

#[test]
fn other_encodings_are_refused() {
    let empty = Book::default().to_bytes();
    assert_eq!(empty, [0; 13]);
    let with = |at: usize, byte: u8| {
        let mut bytes = empty.clone();
        bytes[at] = byte;
        Book::parse(&bytes)
    };
    assert_eq!(with(0, 2), Err(ParseError::UnknownKind { what: "presence", found: 2 }));
    // A pin of nobody: its list has one, and its kind says unknown.
    assert_eq!(with(8, 1), Err(ParseError::NotCanonical("a pin of nobody")));
    assert_eq!(with(12, 1), Err(ParseError::Truncated));
    let note = [&[9; 16][..], &[0, 0, 0, 1]].concat();
    let twice = [&[0; 9][..], &[0, 0, 0, 2], &note, &note].concat();
    assert_eq!(Book::parse(&twice), Err(ParseError::NotCanonical("a list out of order")));
    let mut longer = empty;
    longer.push(0);
    assert_eq!(Book::parse(&longer), Err(ParseError::Trailing));
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let key = AccountKey::generate(&mut rng());
        prop_assert!(Book::open(&bytes, ADA, &key).is_err());
        if let Ok(read) = Book::parse(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    /// Behind a real beginning, where a parser has more to trip over.
    #[test]
    fn altered_content_is_read_as_it_is_written_or_refused(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = book().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Book::parse(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
