//! Checkpoints: what a log says of itself, signed. The formats are C2SP's: signed-note, tlog-checkpoint and, for a
//! witness, tlog-cosignature; all read 2026-11-23.
//!
//! Ours are read strictly: three lines of text and no extension, numbers without leading zeros, base64 in its one form.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::Hash;

/// Signatures a checkpoint may carry: the number that every reader must accept.
const SIGNATURES: usize = 16;
/// How a signature's line begins: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// Why a text is no checkpoint, or is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the format.
    #[error("this is no signed checkpoint")]
    Malformed,
    /// Not the format of a key: `name+hash+base64`.
    #[error("this is no verifier key")]
    MalformedKey,
    /// That key has not signed it.
    #[error("that key has not signed the checkpoint")]
    NotSigned,
    /// It carries that key's name over something else.
    #[error("the signature is not that key's over this checkpoint")]
    BadSignature,
}

/// What a log says of itself at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: one line without control characters.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed, its last newline included.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let plain = !origin.is_empty() && !origin.chars().any(char::is_control);
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().ok()?,
            root: STANDARD.decode(root).ok()?.as_slice().try_into().ok()?,
        };
        // What is written again the same way had one form only: no leading zero, no stray bits, no further line.
        (plain && checkpoint.text() == text).then_some(checkpoint)
    }
}

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The log's own: Ed25519 over the text (0x01).
    Log,
    /// A witness's: Ed25519 over the time and the text (0x04).
    Witness,
}

impl Algorithm {
    fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A key to check with. As text, the `vkey` of signed-note: `name+hash+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl PublicKey {
    /// The key's name; a log's is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the hash over name, algorithm and key.
    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.algorithm.byte()])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Whether the bytes of a signature's line are this key's signature over that text. Weak keys prove nothing.
    fn verifies(&self, text: &str, bytes: &[u8]) -> bool {
        let (message, signature) = match self.algorithm {
            Algorithm::Log => (text.to_owned(), bytes),
            Algorithm::Witness => {
                let Some((time, signature)) = bytes.split_first_chunk() else { return false };
                (cosigned(u64::from_be_bytes(*time), text), signature)
            }
        };
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message.as_bytes(), &signature).is_ok())
    }
}

/// What a witness signs.
fn cosigned(unix_seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {unix_seconds}\n{text}")
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.algorithm.byte()];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), STANDARD.encode(key))
    }
}

impl FromStr for PublicKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let parse = || {
            let (name, rest) = text.split_once('+')?;
            let (_, key) = rest.split_once('+')?;
            let bytes = STANDARD.decode(key).ok()?;
            let (algorithm, key) = bytes.split_first()?;
            let algorithm =
                [Algorithm::Log, Algorithm::Witness].into_iter().find(|known| known.byte() == *algorithm)?;
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let parsed = Self { name: is_name(name).then(|| name.to_owned())?, algorithm, key };
            (parsed.to_string() == text).then_some(parsed)
        };
        parse().ok_or(NoteError::MalformedKey)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// A key to sign with. Its `Debug` shows the public part.
#[derive(Clone)]
pub struct NoteSigner {
    public: PublicKey,
    key: SigningKey,
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.public.fmt(f)
    }
}

impl NoteSigner {
    /// The key of a seed; `None` when the name is empty or has spaces or a plus sign.
    pub fn new(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Option<Self> {
        let key = SigningKey::from_bytes(seed);
        let public = PublicKey { name: name.to_owned(), algorithm, key: key.verifying_key() };
        is_name(name).then_some(Self { public, key })
    }

    /// What others need to check.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A line for that text. A witness says when, in seconds since 1970; a log does not.
    fn line(&self, text: &str, unix_seconds: u64) -> Line {
        let mut bytes = Vec::new();
        let signature = match self.public.algorithm {
            Algorithm::Log => self.key.sign(text.as_bytes()),
            Algorithm::Witness => {
                bytes.extend_from_slice(&unix_seconds.to_be_bytes());
                self.key.sign(cosigned(unix_seconds, text).as_bytes())
            }
        };
        bytes.extend_from_slice(&signature.to_bytes());
        Line { name: self.public.name.clone(), id: self.public.id(), bytes }
    }
}

/// A checkpoint with its signatures. As text, a signed note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl SignedCheckpoint {
    /// Signs with each of the keys. `unix_seconds` is when, for witnesses.
    pub fn sign<'k>(
        checkpoint: Checkpoint,
        signers: impl IntoIterator<Item = &'k NoteSigner>,
        unix_seconds: u64,
    ) -> Self {
        let text = checkpoint.text();
        let lines = signers.into_iter().map(|signer| signer.line(&text, unix_seconds)).collect();
        Self { checkpoint, lines }
    }

    /// What was said, if that key has signed it: nothing else tells whether it is true.
    ///
    /// # Errors
    /// When it has not, or the signature is a false one.
    pub fn verified(&self, key: &PublicKey) -> Result<&Checkpoint, NoteError> {
        let (text, id) = (self.checkpoint.text(), key.id());
        let mut own = self.lines.iter().filter(|line| line.name == key.name && line.id == id).peekable();
        own.peek().ok_or(NoteError::NotSigned)?;
        let all_good = own.all(|line| key.verifies(&text, &line.bytes));
        if all_good { Ok(&self.checkpoint) } else { Err(NoteError::BadSignature) }
    }

    /// What was said, by whomever. Good for deciding what to check, and for nothing else.
    pub fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint.text())?;
        self.lines.iter().try_for_each(|line| {
            let bytes = [&line.id[..], &line.bytes].concat();
            writeln!(f, "{DASH}{} {}", line.name, STANDARD.encode(bytes))
        })
    }
}

impl FromStr for SignedCheckpoint {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let parse = || {
            // The text ends at the last empty line; its own newline belongs to it.
            let at = text.rfind("\n\n")?;
            let checkpoint = Checkpoint::parse(&text[..=at])?;
            let lines = text[at + 2..].strip_suffix('\n')?.split('\n').map(Line::parse);
            let lines = lines.take(SIGNATURES + 1).collect::<Option<Vec<_>>>()?;
            (lines.len() <= SIGNATURES).then_some(Self { checkpoint, lines })
        };
        parse().ok_or(NoteError::Malformed)
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = STANDARD.decode(signature).ok()?;
        let (id, bytes) = bytes.split_first_chunk()?;
        let whole = is_name(name) && !bytes.is_empty();
        whole.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

#[cfg(test)]
mod tests;
