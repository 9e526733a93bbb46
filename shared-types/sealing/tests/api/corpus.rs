//! The fuzz targets' corpus, replayed with mutations on the stable compiler.
//!
//! The corpus is what a seed makes, so the test also says when the format has changed: then the format version must
//! too, or, before anything is stored anywhere, the corpus is written anew with `HELLOMAPPER_WRITE_CORPUS=1`.

use std::{env, fs, path::PathBuf};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sealing::{
    account_key::{AccountKey, DoorKey, RecoveryCode, WrappedAccountKey},
    directory::{Leaf, Pin},
    envelope::{Envelope, Recipient, Sender, seal},
    identity::{Identity, IdentityKeys, WrappedIdentity},
    mailbox::{Grant, StaffCertificate},
    note::{Answer, Attachment, FileName, MediaType, Note},
    secret::{Hidden, Secret},
};
use shared_types::AccountId;
use uuid::Uuid;

use crate::world::{PATIENT, World, account_leaf, context, text};

/// For each file.
const MUTATIONS: usize = 1500;

type Corpus = Vec<(&'static str, Vec<u8>)>;

#[test]
fn the_corpus_is_what_the_seed_makes() {
    for (target, corpus) in [("envelope", envelopes()), ("stored", stored())] {
        let folder = folder(target);
        for (name, made) in corpus {
            let file = folder.join(name);
            if env::var_os("HELLOMAPPER_WRITE_CORPUS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &made).unwrap();
            }
            assert!(fs::read(&file).unwrap() == made, "{target}/{name} is not what the seed makes");
        }
    }
}

#[test]
fn mutated_envelopes_are_refused() {
    let corpus = files("envelope");
    assert!(corpus.len() >= 5);
    replay(&corpus, |bytes| {
        let Ok(envelope) = Envelope::parse(bytes) else { return };
        assert_eq!(envelope.to_bytes(), bytes);
        // A mutation may put one envelope in another's place.
        let is_whole = corpus.iter().any(|whole| whole == bytes);
        assert_eq!(envelope.verify_signature().is_ok(), is_whole);
    });
}

#[test]
fn whatever_else_is_stored_is_read_as_it_is_written_or_refused() {
    macro_rules! read_as {
        ($bytes:ident: $($kind:ty),*) => {$(
            if let Ok(read) = <$kind>::parse($bytes) {
                assert_eq!(read.to_bytes(), $bytes);
            }
        )*};
    }
    let mut corpus = files("stored");
    assert!(corpus.len() >= 8);
    corpus.extend(files("envelope"));
    replay(&corpus, |bytes| {
        read_as!(bytes: WrappedAccountKey, WrappedIdentity, IdentityKeys, Grant, StaffCertificate, Leaf, Pin);
        if let Ok(leaf) = Leaf::parse(bytes) {
            let _ = leaf.verify();
        }
    });
}

/// Shows every file as it is and mutated; two together now and then.
fn replay(corpus: &[Vec<u8>], show: impl Fn(&[u8])) {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    for original in corpus {
        show(original);
        for _ in 0..MUTATIONS {
            let mut bytes = original.clone();
            for _ in 0..=below(&mut rng, 3) {
                let at = below(&mut rng, corpus.len());
                mutate(&mut bytes, &corpus[at], &mut rng);
            }
            show(&bytes);
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha20Rng) {
    if bytes.is_empty() {
        return bytes.extend_from_slice(other);
    }
    let at = below(rng, bytes.len());
    let length = below(rng, 70).min(bytes.len() - at);
    match below(rng, 8) {
        0 => bytes[at] ^= 1 << below(rng, 8),
        1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(rng, 5)],
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..at + length)),
        4 => bytes.insert(at, below(rng, 256) as u8),
        5 => bytes.extend_from_within(at..at + length),
        // A number of four bytes becomes an extreme one, as lengths and counts are.
        6 => {
            let extreme = [0_u32, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX][below(rng, 5)].to_be_bytes();
            bytes.splice(at..(at + 4).min(bytes.len()), extreme);
        }
        _ => {
            let from = below(rng, other.len());
            bytes.splice(at.., other[from..].iter().copied());
        }
    }
}

fn below(rng: &mut ChaCha20Rng, limit: usize) -> usize {
    rng.next_u32() as usize % limit
}

fn envelopes() -> Corpus {
    let mut world = World::with_seed(2026);
    let account = world.envelope().to_bytes();
    let guest = world.guest_envelope().to_bytes();
    let mut seal = |note: &Note, others: usize| {
        let people =
            (0..others).map(|at| Identity::generate(AccountId(Uuid::from_u128(at as u128)), &mut world.rng));
        let mut recipients: Vec<_> = people.map(|person| Recipient::patient(&person.trusted())).collect();
        recipients.push(world.practice());
        seal(&context(), note, &Sender::Account(&world.patient), &recipients, &mut world.rng)
            .unwrap()
            .to_bytes()
    };
    let answers = vec![
        Answer { question: text("Do you have allergies?"), answer: text("Penicillin") },
        Answer { question: text("Anything else?"), answer: text("") },
    ];
    let attachment = Attachment {
        file_name: FileName::new("rash.jpg".to_owned()).unwrap(),
        media_type: MediaType::new("image/jpeg".to_owned()).unwrap(),
        bytes: Hidden::new(vec![0xff; 300]),
    };
    vec![
        ("account", account),
        ("guest", guest),
        ("answers", seal(&Note::IntakeAnswers(answers), 1)),
        ("attachment", seal(&Note::Attachment(attachment), 1)),
        ("eight-recipients", seal(&Note::Message(text("See you on Thursday.")), 7)),
    ]
}

fn stored() -> Corpus {
    let mut world = World::with_seed(2026);
    let key = AccountKey::generate(&mut world.rng);
    let code = RecoveryCode::generate(&mut world.rng);
    let passkey = DoorKey::passkey(PATIENT, b"credential", &Secret::new([5; 32]));
    let by_code = DoorKey::recovery_code(PATIENT, &code);
    let first = account_leaf(&world.patient);
    let new = Identity::generate(PATIENT, &mut world.rng);
    let vouched = Leaf::account(&new, Some(&first), Some(&world.patient), crate::world::at(1));
    let changed = {
        let pin = Pin::Unknown.observe(&first).unwrap();
        pin.observe(&vouched.clone().verify().unwrap()).unwrap()
    };
    vec![
        ("account-key-passkey", WrappedAccountKey::wrap(PATIENT, &key, &passkey, &mut world.rng).to_bytes()),
        ("account-key-code", WrappedAccountKey::wrap(PATIENT, &key, &by_code, &mut world.rng).to_bytes()),
        ("identity", WrappedIdentity::wrap(&world.patient, &key, &mut world.rng).to_bytes()),
        ("public-keys", world.patient.keys().to_bytes()),
        ("grant-recovery", world.first.grants[0].to_bytes()),
        ("grant-member", world.first.grants[1].to_bytes()),
        ("certificate", world.first.certificates[0].to_bytes()),
        ("leaf-practice", world.leaf.leaf().to_bytes()),
        ("leaf-account", first.leaf().to_bytes()),
        ("leaf-vouched", vouched.to_bytes()),
        ("pin", world.pin.to_bytes()),
        ("pin-changed", changed.to_bytes()),
    ]
}

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target)
}

/// In the order of their names, so that mutations are the same everywhere.
fn files(target: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}
