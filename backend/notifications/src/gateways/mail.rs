//! What carries mail, whichever it is.

use futures::future::BoxFuture;
use jiff::Timestamp;
use shared_types::{MessageId, personal::Personal};

use crate::domain::message::Content;

/// A message as it goes out. `Debug` shows no more than its id.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Also the start of its `Message-ID`, so that a mail program knows a repeat.
    pub message_id: MessageId,
    /// The bare address.
    pub recipient: Personal<String>,
    /// The words.
    pub content: Personal<Content>,
    /// Where mail programs let somebody unsubscribe, for what is not a service message.
    pub unsubscribe: Option<Personal<String>>,
    /// When it was written: its date.
    pub written_at: Timestamp,
    /// Which try this is, from 1: what is reported of it says so.
    pub attempt: i32,
}

/// Why a message did not go out. Says nothing of the recipient: what a mail server answers often quotes the address,
/// so only its code is kept.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The recipient's address is none.
    #[error("the recipient's address cannot be written to")]
    Address,
    /// The parts do not make a message.
    #[error("the message cannot be put together")]
    Compose,
    /// The mail server refused, with a code of RFC 5321: 4xx for now, 5xx for good.
    #[error("the mail server refused with {0}")]
    Refused(String),
    /// The mail server answered too late; it may have taken the message all the same.
    #[error("the mail server did not answer in time")]
    TimedOut,
    /// No connection, or one that broke.
    #[error("the mail server could not be reached")]
    Unreachable,
    /// The file for it cannot be written.
    #[error("the file cannot be written")]
    File(#[source] std::io::Error),
}

impl MailError {
    /// Whether another try would end the same way: RFC 5321 has 5xx for what is refused for good, and RFC 4954 those of them for a
    /// login that is wrong or missing, which says nothing of the message and can be put right.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Address | Self::Compose => true,
            Self::Refused(code) => code.starts_with('5') && !code.starts_with("53"),
            Self::TimedOut | Self::Unreachable | Self::File(_) => false,
        }
    }
}

/// Carries mail.
pub trait Mail: Send + Sync {
    /// Sends one message. Once it returns `Ok`, somebody else answers for it.
    ///
    /// # Errors
    /// When it surely or possibly did not go out; then it is sent again, at the risk of a repeat.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>>;
}
