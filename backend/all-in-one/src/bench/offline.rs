//! What needs neither server nor database: checking an audit log of a million acts, and sealing and opening a note.

use std::{
    fs::{self, File},
    hint::black_box,
    io::{BufReader, BufWriter, Write as _},
    path::Path,
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    counter::{Epoch, NoteVersion},
    directory::Pin,
    envelope::{
        Envelope, Expected, ExpectedSender, Recipient, RecipientKey, SealContext, Sender, open, seal,
    },
    identity::Identity,
    mailbox::{EpochPlan, Recovery, begin_epoch},
    note::{Note, Text},
};
use serde::Serialize;
use shared_types::{BookingId, NoteId, OrganizationId};
use transparency::{
    Checkpoint, CompactRange, Details, Entry, Hash, Leaf, NoteSigner, Outcome, Salt, SignedCheckpoint,
    entry::Logged,
    export::{FORMAT, Header, Line},
    note::Algorithm,
    verify::verify,
};
use uuid::Uuid;

use super::load::rounded;

/// Acts in the log.
const LEAVES: u64 = 1_000_000;
/// How often a note is sealed and opened.
const NOTES: u32 = 200;
/// The note's text, in bytes.
const NOTE_BYTES: usize = 4096;
const ORIGIN: &str = "localhost/audit/bench";

/// What it takes to check a log, without a database.
#[derive(Debug, Serialize)]
pub struct AuditVerify {
    pub leaves: u64,
    pub megabytes: f64,
    pub seconds: f64,
    pub leaves_per_second: f64,
}

/// What it takes to seal a note to a practice and its patient, and to open it; without a browser.
#[derive(Debug, Serialize)]
pub struct SealOpen {
    pub note_bytes: usize,
    pub envelope_bytes: usize,
    pub seal_ms: f64,
    pub open_ms: f64,
}

/// Writes an export of a million acts and checks it.
///
/// # Errors
/// When the disk has no room for a gigabyte, or the log is not found whole.
pub fn audit_verify(home: &Path) -> Result<AuditVerify> {
    let path = home.join("audit-1m.ndjson");
    let checked = write_log(&path).and_then(|(checkpoint, signer)| {
        let export = BufReader::with_capacity(1 << 20, File::open(&path)?);
        let megabytes = path.metadata()?.len() as f64 / 1e6;
        let begun = Instant::now();
        let report = verify(export, &checkpoint, signer.public(), None)?;
        let seconds = begun.elapsed().as_secs_f64();
        ensure!(report.vouched == LEAVES, "{} of {LEAVES} leaves were vouched for", report.vouched);
        Ok(AuditVerify {
            leaves: LEAVES,
            megabytes: rounded(megabytes),
            seconds: rounded(seconds),
            leaves_per_second: rounded(LEAVES as f64 / seconds),
        })
    });
    // It may never have been made.
    drop(fs::remove_file(&path));
    checked
}

fn write_log(path: &Path) -> Result<(SignedCheckpoint, NoteSigner)> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut write = |line: &Line| -> Result<()> {
        serde_json::to_writer(&mut out, line)?;
        Ok(out.write_all(b"\n")?)
    };
    write(&Line::Header(Header {
        format: FORMAT.to_owned(),
        origin: ORIGIN.to_owned(),
        service: "bench".to_owned(),
        size: LEAVES,
    }))?;
    let mut range = CompactRange::new();
    for index in 0..LEAVES {
        let entry = entry(index);
        let data = Leaf::of(&entry, index, false).data();
        range.push(Hash::leaf(&data), |_, _| {});
        write(&Line::Logged(Logged { index, leaf: String::from_utf8(data)?, entry: Some(entry) }))?;
    }
    out.flush()?;
    let signer = NoteSigner::new(ORIGIN, Algorithm::Log, &[1; 32]).context("a name for the log")?;
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: LEAVES, root: range.root() };
    Ok((SignedCheckpoint::sign(checkpoint, [&signer], 0), signer))
}

/// As large as most.
fn entry(index: u64) -> Entry {
    let id = Uuid::from_u128(u128::from(index) + 1);
    Entry {
        action: "find_appointment".to_owned(),
        details: Details {
            access_grant_id: None,
            actor: Some(id.to_string()),
            actor_kind: "account".to_owned(),
            audit_entry_id: id,
            network: Some("203.0.113.0/24".to_owned()),
            on_behalf_of: None,
            organization_id: Some(id),
            purpose: "booking".to_owned(),
            request_id: Some(id.to_string()),
            resource_id: id.to_string(),
            resource_kind: "booking".to_owned(),
            session_id: Some(id),
            strength: Some("passkey".to_owned()),
            whose: Some(id),
        },
        outcome: Outcome::Allowed,
        salt: Salt(id.into_bytes()),
        time_us: 1_795_392_000_000_000 + i64::try_from(index).unwrap_or_default(),
    }
}

/// Seals a text to a practice and its patient, and opens it as the practice does.
///
/// # Errors
/// When what was sealed does not open.
pub fn seal_open() -> Result<SealOpen> {
    // Nobody's notes: the same every time.
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let id = Uuid::from_u128;
    let (organization, booking, note) =
        (OrganizationId::from(id(1)), BookingId::from(id(2)), NoteId::from(id(3)));
    let (patient, owner) =
        (Identity::generate(id(4).into(), &mut rng), Identity::generate(id(5).into(), &mut rng));
    let owners = [owner.trusted()];
    let plan = EpochPlan { organization, owners: &owners, members: &owners, recovery: Recovery::Keep };
    let first = begin_epoch(&plan, None, &owner, Timestamp::UNIX_EPOCH, &mut rng)?;
    let leaf = first.leaf.clone().verify()?;
    let practice = Pin::Unknown.observe(&leaf)?.practice(&leaf)?;
    let recipients = [Recipient::patient(&patient.trusted()), Recipient::practice(&practice)];
    let context = SealContext { booking, organization, note, version: NoteVersion::FIRST };
    let text = Note::Reason(Text::new("a".repeat(NOTE_BYTES))?);

    let begun = Instant::now();
    let mut stored = Vec::new();
    for _ in 0..NOTES {
        let envelope = seal(&context, &text, &Sender::Account(&patient), &recipients, &mut rng)?;
        stored = black_box(envelope.to_bytes());
    }
    let sealed = begun.elapsed();

    let ids = recipients.map(|recipient| recipient.id());
    let expected = Expected {
        booking,
        organization,
        note,
        minimum_epoch: Epoch::FIRST,
        minimum_version: NoteVersion::FIRST,
        sender: ExpectedSender::account(patient.keys()),
        recipients: &ids,
    };
    let begun = Instant::now();
    for _ in 0..NOTES {
        let envelope = Envelope::parse(black_box(&stored))?;
        let opened = open(&expected, &envelope, &RecipientKey::Practice(&first.mailbox))?;
        ensure!(opened == text, "a note opened as another");
    }
    let opened = begun.elapsed();
    let each = |all: std::time::Duration| rounded(all.as_secs_f64() * 1e3 / f64::from(NOTES));
    Ok(SealOpen {
        note_bytes: NOTE_BYTES,
        envelope_bytes: stored.len(),
        seal_ms: each(sealed),
        open_ms: each(opened),
    })
}

#[cfg(test)]
mod tests {
    use super::seal_open;

    #[test]
    fn what_is_measured_is_sealed_and_opened() {
        let found = seal_open().unwrap();
        assert!(found.envelope_bytes > found.note_bytes && found.seal_ms > 0.0 && found.open_ms > 0.0);
    }
}
