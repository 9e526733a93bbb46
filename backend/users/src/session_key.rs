//! The keys that sign sessions: files readable by their owner only. The first signs; the others are published, so that
//! tokens signed with them are believed while a key is brought in or retired.

use std::path::Path;

use kernel::{Chance, config::Settings, keys::Signer};

/// The signers of the settings, or the one below the home folder, which in development is made at the first start.
/// There is at least one.
///
/// # Errors
/// When a file cannot be read or made, or is missing in production, which generates no keys.
pub fn signers(settings: &Settings, chance: &Chance) -> anyhow::Result<(Signer, Vec<Signer>)> {
    let files = match settings.session_keys.as_slice() {
        [] => vec![settings.home.join("keys").join("users-signing-key")],
        files => files.to_vec(),
    };
    let mut signers = files.into_iter().map(|path| signer(&path, settings, chance));
    let first = signers.next().unwrap_or_else(|| anyhow::bail!("there is no session key"))?;
    Ok((first, signers.collect::<anyhow::Result<_>>()?))
}

fn signer(path: &Path, settings: &Settings, chance: &Chance) -> anyhow::Result<Signer> {
    settings.mode.check_key(path)?;
    Signer::in_file(path, chance)
}
