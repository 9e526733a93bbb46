//! Text messages into files, for development.

use std::path::PathBuf;

use futures::future::BoxFuture;

use super::{
    private_file::write,
    sms::{Sms, SmsError, Text},
};

/// Writes each message to `{folder}/{message id}.txt`, for its owner only.
pub struct SmsFiles {
    folder: PathBuf,
    from: String,
}

impl SmsFiles {
    /// Into that folder, which is made when the first message comes.
    pub fn new(folder: PathBuf, from: &str) -> Self {
        Self { folder, from: from.to_owned() }
    }
}

impl Sms for SmsFiles {
    fn send<'a>(&'a self, text: &'a Text) -> BoxFuture<'a, Result<(), SmsError>> {
        Box::pin(async move {
            let content = format!("To: {}\nFrom: {}\n\n{}\n", text.number()?, self.from, text.text.expose());
            // The name depends on the message alone, so a repeat replaces the file.
            let path = self.folder.join(format!("{}.txt", text.message_id));
            write(&self.folder, &path, content.as_bytes()).await.map_err(SmsError::File)
        })
    }
}
