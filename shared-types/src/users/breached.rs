//! Passwords that were stolen somewhere, told so that nobody says their own.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/users/breached-passwords/{prefix}`: what begins with the first five hexadecimal digits of a hash. The
/// browser looks for its own among them; of a password the server learns those digits alone, which one in a million shares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BreachedPasswords {
    /// The other 35 digits of each SHA-1 hash, in capitals and in order; none without a list.
    pub suffixes: Vec<String>,
}

impl BreachedPasswords {
    /// How many digits of a hash are told.
    pub const PREFIX: usize = 5;
}
