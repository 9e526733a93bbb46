//! An attachment's name and type.

use super::NoteError;
use crate::secret::Hidden;

/// The longest file name, in bytes of UTF-8: what file systems allow.
pub const MAX_FILE_NAME: usize = 255;
/// The longest media type (RFC 6838, section 4.2, allows 127 characters on each side; none in use comes near).
pub const MAX_MEDIA_TYPE: usize = 127;

/// A file's name, without folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(Hidden<String>);

impl FileName {
    /// # Errors
    /// [`NoteError::FileName`] for an empty name, one of more than [`MAX_FILE_NAME`] bytes, a path, and for
    /// characters that control the terminal or the direction of writing, which make `exe.pdf` out of `fdp.exe`.
    pub fn new(name: String) -> Result<Self, NoteError> {
        let name = Hidden::new(name);
        if is_file_name(name.expose()) { Ok(Self(name)) } else { Err(NoteError::FileName) }
    }

    /// The name, for the one place that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A media type such as `image/jpeg`, without parameters, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType(Hidden<String>);

impl MediaType {
    /// # Errors
    /// [`NoteError::MediaType`].
    pub fn new(media_type: String) -> Result<Self, NoteError> {
        let media_type = Hidden::new(media_type);
        if is_media_type(media_type.expose()) { Ok(Self(media_type)) } else { Err(NoteError::MediaType) }
    }

    /// The type, for the one place that shows it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

fn is_file_name(name: &str) -> bool {
    (1..=MAX_FILE_NAME).contains(&name.len())
        && !matches!(name, "." | "..")
        && !name.contains(|c: char| c.is_control() || matches!(c, '/' | '\\') || changes_direction(c))
}

/// Unicode's bidirectional controls (Unicode Standard Annex #9, section 2, read on 2026-11-23).
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Two restricted names of RFC 6838, section 4.2, in lower case.
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "!#$&-^_.+".contains(c))
    };
    text.len() <= MAX_MEDIA_TYPE
        && text.split_once('/').is_some_and(|(kind, sort)| is_name(kind) && is_name(sort))
}

#[cfg(test)]
mod tests {
    use super::{FileName, MediaType, NoteError};

    #[test]
    fn file_names_are_no_paths_and_do_not_pretend() {
        for name in ["rash.jpg", "Überweisung 2.pdf", "…", ".hidden", "a..b"] {
            assert!(FileName::new(name.to_owned()).is_ok(), "{name}");
        }
        let long = "x".repeat(256);
        for name in ["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb", "fdp\u{202e}exe", "\u{2066}a", &long] {
            assert_eq!(FileName::new(name.to_owned()).unwrap_err(), NoteError::FileName, "{name:?}");
        }
    }

    #[test]
    fn media_types_have_two_names() {
        for media_type in ["image/jpeg", "application/vnd.ms-excel", "image/svg+xml", "video/3gpp"] {
            assert!(MediaType::new(media_type.to_owned()).is_ok(), "{media_type}");
        }
        for media_type in
            ["", "image", "image/", "/jpeg", "Image/JPEG", "text/html; charset=utf-8", "a/b/c", "a/ü"]
        {
            assert_eq!(
                MediaType::new(media_type.to_owned()).unwrap_err(),
                NoteError::MediaType,
                "{media_type}"
            );
        }
    }
}
