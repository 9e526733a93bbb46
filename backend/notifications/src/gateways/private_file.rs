//! A file for its owner only.

use std::{fs::Permissions, io, os::unix::fs::PermissionsExt as _, path::Path};

use tokio::{fs, io::AsyncWriteExt as _};

/// Writes a file, and its folder if it is missing. Under another name first, so that nobody reads half a file.
pub async fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    fs::set_permissions(folder, Permissions::from_mode(0o700)).await?;
    let unfinished = path.with_extension("part");
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    fs::rename(&unfinished, path).await
}
