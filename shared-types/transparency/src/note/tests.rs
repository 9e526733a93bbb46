use proptest::prelude::*;

use super::{Algorithm, Checkpoint, NoteError, NoteSigner, PublicKey, SignedCheckpoint};
use crate::Hash;

fn log() -> NoteSigner {
    NoteSigner::new("example.org/audit/bookings", Algorithm::Log, &[1; 32]).unwrap()
}

fn witness() -> NoteSigner {
    NoteSigner::new("witness.example.org/w1", Algorithm::Witness, &[2; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: log().public().name().to_owned(), size: 20_852_163, root: Hash::leaf(b"something") }
}

fn signed() -> String {
    SignedCheckpoint::sign(checkpoint(), &[log(), witness()], 1_679_315_147).to_string()
}

/// The key of the Go checksum database, as the go command carries it.
#[test]
fn a_public_verifier_key_is_read_and_written() {
    let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let key: PublicKey = text.parse().unwrap();
    assert_eq!((key.name(), key.to_string().as_str()), ("sum.golang.org", text));
    for wrong in [
        "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum golang+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza",
        "sum.golang.org",
        "",
    ] {
        assert_eq!(wrong.parse::<PublicKey>(), Err(NoteError::MalformedKey), "{wrong}");
    }
}

/// The shape of the example in tlog-cosignature: its first three lines are signed, an empty one follows.
#[test]
fn a_checkpoint_is_written_as_the_format_has_it() {
    let text = signed();
    let lines: Vec<_> = text.split('\n').collect();
    assert_eq!(lines[..2], ["example.org/audit/bookings", "20852163"]);
    assert_eq!((lines[2].len(), lines[3], lines[6]), (44, "", ""));
    assert!(lines[4].starts_with("\u{2014} example.org/audit/bookings "), "{text}");
    assert!(lines[5].starts_with("\u{2014} witness.example.org/w1 "), "{text}");
    assert_eq!(lines.len(), 7);
    let read: SignedCheckpoint = text.parse().unwrap();
    assert_eq!(read.to_string(), text);
    assert_eq!(read.verified(log().public()), Ok(&checkpoint()));
    assert_eq!(read.verified(witness().public()), Ok(&checkpoint()));
}

#[test]
fn only_the_keys_that_signed_have_signed() {
    let read: SignedCheckpoint = signed().parse().unwrap();
    let namesake = NoteSigner::new(log().public().name(), Algorithm::Log, &[3; 32]).unwrap();
    assert_eq!(read.verified(namesake.public()), Err(NoteError::NotSigned));
    // The same key and name for the other purpose is another key.
    let other = NoteSigner::new(log().public().name(), Algorithm::Witness, &[1; 32]).unwrap();
    assert_eq!(read.verified(other.public()), Err(NoteError::NotSigned));
    let false_size: SignedCheckpoint = signed().replace("20852163", "20852164").parse().unwrap();
    assert_eq!(false_size.verified(log().public()), Err(NoteError::BadSignature));
    assert_eq!(false_size.verified(witness().public()), Err(NoteError::BadSignature));
}

#[test]
fn other_forms_are_refused() {
    let good = signed();
    let root = good.lines().nth(2).unwrap().to_owned();
    let changes: &[(&str, &str)] = &[
        ("20852163", "020852163"),
        ("20852163", "+20852163"),
        ("20852163", "-1"),
        ("20852163", "99999999999999999999"),
        ("20852163\n", "20852163\r\n"),
        ("\n\n\u{2014}", "\nextension\n\n\u{2014}"),
        ("\n\n\u{2014}", "\n\u{2014}"),
        ("\u{2014} example", "- example"),
        ("\u{2014} witness.example.org/w1", "\u{2014} witness+"),
        ("example.org/audit/bookings\n208", "\n208"),
        (root.as_str(), "AAAA"),
        (root.as_str(), root.trim_end_matches('=')),
    ];
    for (from, to) in changes {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from:?}");
        assert_eq!(changed.parse::<SignedCheckpoint>(), Err(NoteError::Malformed), "{from:?} -> {to:?}");
    }
    for cut in [good.trim_end(), "", "\n", "\n\n", &good[..good.find('\u{2014}').unwrap()]] {
        assert_eq!(cut.parse::<SignedCheckpoint>(), Err(NoteError::Malformed), "{cut:?}");
    }
    let line = good.lines().nth(4).unwrap();
    let many = format!("{good}{}", format!("{line}\n").repeat(14));
    assert!(many.parse::<SignedCheckpoint>().is_ok());
    assert_eq!(format!("{many}{line}\n").parse::<SignedCheckpoint>(), Err(NoteError::Malformed));
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_written_back_the_same(text in "[a-z0-9+/= \n\u{2014}]{0,200}") {
        if let Ok(read) = text.parse::<SignedCheckpoint>() {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_changed_byte_is_never_verified(at in any::<usize>(), bit in 0_u8..8) {
        let mut bytes = signed().into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let read = String::from_utf8(bytes).ok().and_then(|text| text.parse::<SignedCheckpoint>().ok());
        let both = |read: &SignedCheckpoint| {
            read.verified(log().public()).is_ok() && read.verified(witness().public()).is_ok()
        };
        prop_assert!(!read.as_ref().is_some_and(both));
    }
}
