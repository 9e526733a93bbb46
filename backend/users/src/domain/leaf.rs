//! A leaf of the key directory as a browser sends it.

use jiff::{SignedDuration, Timestamp};
use sealing::directory::{Leaf, VerifiedLeaf};
use shared_types::{Problem, problem::FieldError};

use super::credentials;

/// How far a browser's clock may be ahead of ours. A leaf dated later would keep every later one out.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Reads a leaf that its subject signed, not long after now.
///
/// # Errors
/// 422 with the field `/leaf`.
pub fn read(text: &str, now: Timestamp) -> Result<VerifiedLeaf, Problem> {
    let leaf = credentials::bytes(text).and_then(|bytes| Leaf::parse(&bytes).ok());
    let leaf = leaf.and_then(|leaf| leaf.verify().ok());
    let leaf = leaf.ok_or_else(|| invalid("Send a leaf that its subject signed, as base64url"))?;
    if leaf.at().duration_since(now) > AHEAD {
        return Err(invalid("It is dated in the future: set the clock of this device"));
    }
    Ok(leaf)
}

/// Insists that a leaf comes right after its subject's former one, or that it is the first.
///
/// # Errors
/// 422 with the field `/leaf`.
pub fn follows(leaf: &VerifiedLeaf, former: Option<&VerifiedLeaf>) -> Result<(), Problem> {
    let follows = match former {
        Some(former) => leaf.follows(former).is_ok(),
        None => leaf.previous().is_none(),
    };
    if follows { Ok(()) } else { Err(invalid("It does not follow the leaf before it: fetch that again")) }
}

/// What is wrong with a leaf.
pub fn invalid(detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("/leaf", detail)])
}
