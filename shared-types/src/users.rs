//! The users context: the texts people agree to and the keys services sign with.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A text somebody agrees to, in one version. A change of words is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    /// Its name, such as `booking-collection`.
    pub text: String,
    /// From 1.
    pub version: i32,
    /// The heading.
    pub title: String,
    /// Paragraphs in plain words.
    pub paragraphs: Vec<String>,
    /// The statement beside the box, which is never ticked beforehand.
    pub statement: String,
    /// From which day it applies.
    pub effective_on: Date,
}

/// A public key that signs tokens or quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKey {
    /// The key's name in a token's header.
    pub kid: String,
    /// Whose: `users` for sessions, `bookings` for quotes.
    pub issuer: String,
    /// The Ed25519 public key, base64url without padding.
    pub public_key: String,
}

/// An event of the users service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum UsersEvent {
    /// A text applies from now on.
    ConsentTextPublished(ConsentText),
    /// A key is in use from now on.
    SigningKeyPublished(SigningKey),
}
