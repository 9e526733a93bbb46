//! Checks an export against a signed checkpoint, without a database: line by line, in memory that does not grow.

use std::io::{self, BufRead, Read as _};

use serde::Serialize;

use crate::{
    Checkpoint, CompactRange, Hash, PublicKey, SignedCheckpoint,
    entry::{AUDIT_RANGE, DESTROY_DETAILS, Logged},
    export::{FORMAT, Header, Line},
    note::NoteError,
};

/// The longest line that is read, in bytes; ours have about a thousand.
const LINE: u64 = 64 * 1024;

/// What there is to say of a log that was found whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The log's name.
    pub origin: String,
    /// Leaves that the checkpoint vouches for.
    pub vouched: u64,
    /// Leaves after it, which only a later checkpoint can vouch for.
    pub after: u64,
    /// Entries whose details were destroyed, each named by the register in the log itself.
    pub destroyed: u64,
    /// Leaves written after the clock had been moved back.
    pub clock_back: u64,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something was changed, removed, moved or added: the first such leaf lies between these two, both included.
    #[error("tampered at {}: {why}", place(*.first, *.last))]
    Tampered {
        /// The first leaf that it may be.
        first: u64,
        /// The last.
        last: u64,
        /// What does not fit, in words.
        why: &'static str,
    },
    /// Nothing can be said.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// The log fits its checkpoint, and both contradict an older one.
    #[error("inconsistent with the older checkpoint of {size} leaves: the log was written anew")]
    Inconsistent {
        /// The older checkpoint's size.
        size: u64,
    },
}

fn place(first: u64, last: u64) -> String {
    if first == last { format!("index {first}") } else { format!("an index from {first} to {last}") }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<NoteError> for Failure {
    fn from(error: NoteError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Checks the export against the checkpoint and, when there is one, an older checkpoint of the same log.
///
/// # Errors
/// What is wrong, the first thing first.
pub fn verify(
    mut export: impl BufRead,
    checkpoint: &SignedCheckpoint,
    key: &PublicKey,
    since: Option<&SignedCheckpoint>,
) -> Result<Report, Failure> {
    let checkpoint = checkpoint.verified(key)?;
    let since = since.map(|since| since.verified(key)).transpose()?;
    let Some(Line::Header(header)) = next(&mut export)? else {
        return Err(Failure::Unreadable("the export does not begin with its header".to_owned()));
    };
    if header.format != FORMAT || header.origin != checkpoint.origin {
        return Err(Failure::Unreadable("the export and the checkpoint are not of the same log".to_owned()));
    }
    let mut check = Check::new(checkpoint, since);
    check.compare_roots()?;
    while let Some(line) = next(&mut export)? {
        match line {
            Line::Logged(logged) => check.leaf(&logged)?,
            Line::Checkpoint(text) => check.landmark(&text, key),
            Line::Header(_) => return Err(Failure::Unreadable("a second header".to_owned())),
        }
    }
    check.end(&header)
}

fn next(export: &mut impl BufRead) -> Result<Option<Line>, Failure> {
    let mut line = Vec::new();
    if export.take(LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(Failure::Unreadable("a line has no end".to_owned()));
    }
    // What the parser would quote of the line may be personal, so its words go.
    serde_json::from_slice(&line)
        .map(Some)
        .map_err(|_| Failure::Unreadable("a line is not of the format".to_owned()))
}

struct Check<'c> {
    checkpoint: &'c Checkpoint,
    since: Option<&'c Checkpoint>,
    range: CompactRange,
    /// The largest size at which a signed checkpoint inside the export agreed.
    agreed: u64,
    /// The smallest size at which an older checkpoint did not.
    contradicted: Option<u64>,
    missing: Spans,
    registered: Spans,
    report: Report,
}

impl<'c> Check<'c> {
    fn new(checkpoint: &'c Checkpoint, since: Option<&'c Checkpoint>) -> Self {
        let report = Report { origin: checkpoint.origin.clone(), ..Report::default() };
        Self {
            checkpoint,
            since,
            range: CompactRange::new(),
            agreed: 0,
            contradicted: None,
            missing: Spans::default(),
            registered: Spans::default(),
            report,
        }
    }

    fn leaf(&mut self, logged: &Logged) -> Result<(), Failure> {
        let index = self.range.size();
        let tampered = |why| Failure::Tampered { first: index, last: index, why };
        if logged.index != index {
            return Err(tampered("this leaf is missing, or others stand in its place"));
        }
        let leaf = logged.check().map_err(tampered)?;
        self.report.clock_back += u64::from(leaf.clock_back);
        match &logged.entry {
            None => self.missing.add(index, index),
            Some(entry) if entry.action == DESTROY_DETAILS && entry.details.resource_kind == AUDIT_RANGE => {
                let span = entry.details.resource_id.split_once('-');
                if let Some((Ok(first), Ok(last))) = span.map(|(first, last)| (first.parse(), last.parse()))
                    && last < index
                {
                    self.registered.add(first, last);
                }
            }
            Some(_) => {}
        }
        self.range.push(logged.hash(), |_, _| {});
        self.compare_roots()
    }

    /// At the size of a checkpoint, the root must be its root.
    fn compare_roots(&mut self) -> Result<(), Failure> {
        let (size, root) = (self.range.size(), self.range.root_at(self.awaited()));
        let Some(root) = root else { return Ok(()) };
        if size == self.checkpoint.size && root != self.checkpoint.root {
            return Err(Failure::Tampered {
                first: self.agreed,
                last: size.saturating_sub(1),
                why: "the leaves do not make the checkpoint's root",
            });
        }
        if self.since.is_some_and(|since| size == since.size && root != since.root) {
            self.contradict(size);
        }
        Ok(())
    }

    /// The sizes at which a root is needed, since making one at each leaf would cost.
    fn awaited(&self) -> [Option<u64>; 2] {
        [Some(self.checkpoint.size), self.since.map(|since| since.size)]
    }

    /// A checkpoint inside the export narrows down where a change lies. One that nobody signed says nothing.
    fn landmark(&mut self, text: &str, key: &PublicKey) {
        let Ok(signed) = text.parse::<SignedCheckpoint>() else { return };
        let Ok(landmark) = signed.verified(key) else { return };
        if landmark.origin != self.report.origin || landmark.size != self.range.size() {
            return;
        }
        if landmark.root == self.range.root() {
            self.agreed = landmark.size;
        } else {
            self.contradict(landmark.size);
        }
    }

    fn contradict(&mut self, size: u64) {
        self.contradicted = Some(self.contradicted.map_or(size, |smallest| smallest.min(size)));
    }

    fn end(mut self, header: &Header) -> Result<Report, Failure> {
        let size = self.range.size();
        if size < self.checkpoint.size {
            let why = "the log is shorter than its checkpoint says";
            return Err(Failure::Tampered { first: size, last: size, why });
        }
        if size != header.size {
            return Err(Failure::Unreadable("the export is not whole".to_owned()));
        }
        if let Some(index) = self.missing.first_outside(&self.registered) {
            let why = "the entry is gone and no register says that it was destroyed";
            return Err(Failure::Tampered { first: index, last: index, why });
        }
        let larger = self.since.filter(|since| since.size > self.checkpoint.size).map(|since| since.size);
        if let Some(size) = self.contradicted.or(larger) {
            return Err(Failure::Inconsistent { size });
        }
        self.report.vouched = self.checkpoint.size;
        self.report.after = size - self.checkpoint.size;
        self.report.destroyed = self.missing.len();
        Ok(self.report)
    }
}

impl CompactRange {
    /// The root, when the size is one of those.
    fn root_at(&self, sizes: [Option<u64>; 2]) -> Option<Hash> {
        sizes.contains(&Some(self.size())).then(|| self.root())
    }
}

/// Indexes as first and last ones; neighbours are kept as one.
#[derive(Default)]
struct Spans(Vec<(u64, u64)>);

impl Spans {
    fn add(&mut self, first: u64, last: u64) {
        match self.0.last_mut() {
            Some(before) if first >= before.0 && first <= before.1.saturating_add(1) => {
                before.1 = before.1.max(last);
            }
            Some(_) | None if first <= last => self.0.push((first, last)),
            Some(_) | None => {}
        }
    }

    fn len(&self) -> u64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The first index here that none of the others have.
    fn first_outside(&mut self, others: &Self) -> Option<u64> {
        let mut others = others.0.clone();
        others.sort_unstable();
        self.0.iter().find_map(|(first, last)| {
            let mut open = *first;
            for (from, to) in &others {
                if *from <= open && open <= *to {
                    open = to.saturating_add(1);
                }
            }
            (open <= *last).then_some(open)
        })
    }
}

#[cfg(test)]
mod tests;
