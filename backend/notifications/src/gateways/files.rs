//! Mail into files, for development: nobody runs a mail server to see what a message looks like.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use futures::future::BoxFuture;
use lettre::message::Mailbox;

use super::{
    mail::{Letter, Mail, MailError},
    mime::mime,
    private_file::write,
};

/// Writes each message to `{folder}/{written at}-{message id}.eml`, for its owner only.
pub struct Files {
    folder: PathBuf,
    from: Mailbox,
}

impl Files {
    /// Into that folder, which is made when the first message comes.
    pub fn new(folder: PathBuf, from: Mailbox) -> Self {
        Self { folder, from }
    }

    /// The name depends on the message alone, so a repeat replaces the file.
    fn path(&self, letter: &Letter) -> PathBuf {
        let written_at = letter.written_at.strftime("%Y%m%dT%H%M%SZ");
        self.folder.join(format!("{written_at}-{}.eml", letter.message_id))
    }
}

impl Mail for Files {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let message = mime(letter, &self.from)?;
            let path = self.path(letter);
            write(&self.folder, &path, &message.formatted()).await.map_err(MailError::File)?;
            let note = format!("mail: wrote {} for {}", path.display(), masked(letter.recipient.expose()));
            // Nobody may be at the terminal any more; the file is there all the same.
            writeln!(io::stdout(), "{note}").ok();
            Ok(())
        })
    }
}

/// `a…@example.org`: enough to tell whose it is, for somebody who knows.
fn masked(address: &str) -> String {
    match (address.chars().next(), address.rsplit_once('@')) {
        (Some(first), Some((_, domain))) => format!("{first}…@{domain}"),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn the_terminal_sees_a_letter_and_the_domain() {
        assert_eq!(masked("ada.nguyen@example.org"), "a…@example.org");
        assert_eq!(masked(""), "…");
        assert_eq!(masked("ada"), "…");
    }
}
