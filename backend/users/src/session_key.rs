//! The key that signs sessions: a file below the home folder, readable by its owner only.

use anyhow::ensure;
use kernel::{
    Chance,
    config::{Mode, Settings},
    keys::Signer,
};

/// The signer; in development it is made at the first start.
///
/// # Errors
/// When the file cannot be read or made, or is missing in production, which generates no keys.
pub fn signer(settings: &Settings, chance: &Chance) -> anyhow::Result<Signer> {
    let path = settings.home.join("keys").join("users-signing-key");
    ensure!(
        settings.mode == Mode::Development || path.exists(),
        "production generates no keys: put 32 random bytes into {}, readable by this process only",
        path.display()
    );
    Signer::in_file(&path, chance)
}
