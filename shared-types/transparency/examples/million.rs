//! How long a million leaves take to verify, and in how much memory: `cargo run --release -p transparency --example
//! million`. The export is made while it is read, so that nothing but the verifier holds any of it.

use std::{
    error::Error,
    io::{BufReader, Read},
    time::{Duration, Instant},
};

use transparency::{
    Checkpoint, CompactRange, Details, Entry, Leaf, NoteSigner, Outcome, Salt, SignedCheckpoint,
    entry::Logged,
    export::{FORMAT, Header, Line},
    note::Algorithm,
    verify::verify,
};
use uuid::Uuid;

const LEAVES: u64 = 1_000_000;
const ORIGIN: &str = "hellomapper.example/audit/bookings";

fn main() -> Result<(), Box<dyn Error>> {
    let key = NoteSigner::new(ORIGIN, Algorithm::Log, &[1; 32]).ok_or("a name")?;
    let mut range = CompactRange::new();
    let began = Instant::now();
    for index in 0..LEAVES {
        range.push(logged(index).hash(), |_, _| {});
    }
    println!("made in {:.1} s", began.elapsed().as_secs_f64());
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: LEAVES, root: range.root() };
    let signed = SignedCheckpoint::sign(checkpoint, [&key], 0);
    let mut making = Duration::ZERO;
    let export = Export { next: None, line: Vec::new(), read: 0, making: &mut making };
    let began = Instant::now();
    let report = verify(BufReader::new(export), &signed, key.public(), None)?;
    let verifying = began.elapsed() - making;
    println!("{} leaves verified in {:.1} s", report.vouched, verifying.as_secs_f64());
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    Ok(())
}

fn logged(index: u64) -> Logged {
    let entry = Entry {
        action: "find_appointment".to_owned(),
        details: Details {
            access_grant_id: None,
            actor: Some(Uuid::from_u128(7).to_string()),
            actor_kind: "account".to_owned(),
            audit_entry_id: Uuid::from_u128(index.into()),
            network: Some("203.0.113.0/24".to_owned()),
            on_behalf_of: None,
            organization_id: Some(Uuid::from_u128(8)),
            purpose: "practice".to_owned(),
            request_id: Some(Uuid::from_u128(9).to_string()),
            resource_id: Uuid::from_u128(10).to_string(),
            resource_kind: "booking".to_owned(),
            session_id: Some(Uuid::from_u128(11)),
            strength: Some("passkey".to_owned()),
            whose: Some(Uuid::from_u128(12)),
        },
        outcome: Outcome::Allowed,
        salt: Salt([7; 16]),
        time_us: 1_795_392_000_000_000 + index as i64,
    };
    let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap_or_default();
    Logged { index, leaf, entry: Some(entry) }
}

/// An export that is made line by line; the time that takes is not the verifier's.
struct Export<'m> {
    next: Option<u64>,
    line: Vec<u8>,
    read: usize,
    making: &'m mut Duration,
}

impl Read for Export<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.read == self.line.len() {
            let began = Instant::now();
            let line = match self.next {
                None => Line::Header(Header {
                    format: FORMAT.to_owned(),
                    origin: ORIGIN.to_owned(),
                    service: "bookings".to_owned(),
                    size: LEAVES,
                }),
                Some(LEAVES) => return Ok(0),
                Some(index) => Line::Logged(logged(index)),
            };
            self.next = Some(self.next.map_or(0, |index| index + 1));
            self.line = serde_json::to_vec(&line)?;
            self.line.push(b'\n');
            self.read = 0;
            *self.making += began.elapsed();
        }
        let length = into.len().min(self.line.len() - self.read);
        into[..length].copy_from_slice(&self.line[self.read..self.read + length]);
        self.read += length;
        Ok(length)
    }
}
