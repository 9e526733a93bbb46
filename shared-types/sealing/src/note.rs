//! What is sealed: a note in the clear, and its one encoding.
//!
//! The kind of a note, and an attachment's name and type, are inside, so the server sees none of them.

mod encoding;
mod names;

pub use self::names::{FileName, MAX_FILE_NAME, MAX_MEDIA_TYPE, MediaType};
use crate::secret::Hidden;

/// The longest text, in bytes of UTF-8.
pub const MAX_TEXT: usize = 64 * 1024;
/// The most answers of one intake form.
pub const MAX_ANSWERS: usize = 200;

/// Why something cannot be part of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A text of more than [`MAX_TEXT`] bytes, or more than [`MAX_ANSWERS`] answers.
    #[error("the text is too long")]
    TooLong,
    /// A name that is a path, is empty, or has characters that make it look like another.
    #[error("the file name is not allowed")]
    FileName,
    /// Not of the form `type/subtype`.
    #[error("the media type is not one")]
    MediaType,
}

/// A text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Hidden<String>);

impl Text {
    /// # Errors
    /// [`NoteError::TooLong`].
    pub fn new(text: String) -> Result<Self, NoteError> {
        let text = Hidden::new(text);
        if text.expose().len() > MAX_TEXT { Err(NoteError::TooLong) } else { Ok(Self(text)) }
    }

    /// The text, for the one place that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A question of an intake form, in the words it was asked in, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As it stood on the form.
    pub question: Text,
    /// As it was given.
    pub answer: Text,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub file_name: FileName,
    /// What the sender's browser takes it for. The receiver believes it no further than that.
    pub media_type: MediaType,
    /// The file itself. A note with its padding is at most seven megabytes.
    pub bytes: Hidden<Vec<u8>>,
}

/// What one envelope holds. It is wiped when dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Why somebody comes.
    Reason(Text),
    /// The answers of an intake form, in its order.
    IntakeAnswers(Vec<Answer>),
    /// A file.
    Attachment(Attachment),
    /// A message, either way.
    Message(Text),
    /// What somebody tells the practice after the visit, and nobody else.
    Feedback(Text),
}

impl Note {
    /// Whether there are no more answers than a form can have.
    pub(crate) fn check(&self) -> Result<(), NoteError> {
        match self {
            Self::IntakeAnswers(answers) if answers.len() > MAX_ANSWERS => Err(NoteError::TooLong),
            Self::IntakeAnswers(_)
            | Self::Reason(_)
            | Self::Attachment(_)
            | Self::Message(_)
            | Self::Feedback(_) => Ok(()),
        }
    }
}
