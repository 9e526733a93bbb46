//! The one encoding of a note.

use zeroize::Zeroizing;

use super::{
    Answer, Attachment, FileName, MAX_ANSWERS, MAX_FILE_NAME, MAX_MEDIA_TYPE, MAX_TEXT, MediaType, Note, Text,
};
use crate::{
    padding::MAX_PADDED,
    secret::Hidden,
    wire::{ParseError, Reader, Writer},
};

impl Note {
    const REASON: u8 = 1;
    const INTAKE_ANSWERS: u8 = 2;
    const ATTACHMENT: u8 = 3;
    const MESSAGE: u8 = 4;
    const FEEDBACK: u8 = 5;

    /// Wiped when dropped, as it is in the clear.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it at once, so that growing leaves no copies behind.
        let mut writer = Writer::with_capacity(1 + self.encoded_length());
        match self {
            Self::Reason(text) => write_text(&mut writer, Self::REASON, text),
            Self::IntakeAnswers(answers) => write_answers(&mut writer, answers),
            Self::Attachment(attachment) => write_attachment(&mut writer, attachment),
            Self::Message(text) => write_text(&mut writer, Self::MESSAGE, text),
            Self::Feedback(text) => write_text(&mut writer, Self::FEEDBACK, text),
        }
        Zeroizing::new(writer.finish())
    }

    /// Reads what [`Note::to_bytes`] wrote, and nothing else.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        let note = match reader.u8()? {
            Self::REASON => Self::Reason(read_text(&mut reader)?),
            Self::INTAKE_ANSWERS => Self::IntakeAnswers(read_answers(&mut reader)?),
            Self::ATTACHMENT => Self::Attachment(read_attachment(&mut reader)?),
            Self::MESSAGE => Self::Message(read_text(&mut reader)?),
            Self::FEEDBACK => Self::Feedback(read_text(&mut reader)?),
            found => return Err(ParseError::UnknownKind { what: "note", found }),
        };
        reader.finish()?;
        Ok(note)
    }

    fn encoded_length(&self) -> usize {
        let length = |text: &str| 4 + text.len();
        match self {
            Self::Reason(text) | Self::Message(text) | Self::Feedback(text) => length(text.expose()),
            Self::IntakeAnswers(answers) => {
                let pair = |pair: &Answer| length(pair.question.expose()) + length(pair.answer.expose());
                4 + answers.iter().map(pair).sum::<usize>()
            }
            Self::Attachment(Attachment { file_name, media_type, bytes }) => {
                length(file_name.expose()) + length(media_type.expose()) + 4 + bytes.expose().len()
            }
        }
    }
}

fn write_text(writer: &mut Writer, kind: u8, text: &Text) {
    writer.u8(kind);
    writer.bytes(text.expose().as_bytes());
}

fn write_answers(writer: &mut Writer, answers: &[Answer]) {
    writer.u8(Note::INTAKE_ANSWERS);
    writer.u32(u32::try_from(answers.len()).expect("a form has 200 answers at most"));
    for Answer { question, answer } in answers {
        writer.bytes(question.expose().as_bytes());
        writer.bytes(answer.expose().as_bytes());
    }
}

fn write_attachment(writer: &mut Writer, attachment: &Attachment) {
    writer.u8(Note::ATTACHMENT);
    writer.bytes(attachment.file_name.expose().as_bytes());
    writer.bytes(attachment.media_type.expose().as_bytes());
    writer.bytes(attachment.bytes.expose());
}

fn read_text(reader: &mut Reader<'_>) -> Result<Text, ParseError> {
    Ok(Text(Hidden::new(reader.text(MAX_TEXT)?.to_owned())))
}

fn read_answers(reader: &mut Reader<'_>) -> Result<Vec<Answer>, ParseError> {
    let count = usize::try_from(reader.u32()?).map_err(|_| ParseError::TooLong)?;
    if count > MAX_ANSWERS {
        return Err(ParseError::TooLong);
    }
    (0..count).map(|_| Ok(Answer { question: read_text(reader)?, answer: read_text(reader)? })).collect()
}

fn read_attachment(reader: &mut Reader<'_>) -> Result<Attachment, ParseError> {
    let file_name = reader.text(MAX_FILE_NAME)?.to_owned();
    let media_type = reader.text(MAX_MEDIA_TYPE)?.to_owned();
    Ok(Attachment {
        file_name: FileName::new(file_name).map_err(|_| ParseError::NotCanonical("this file name"))?,
        media_type: MediaType::new(media_type).map_err(|_| ParseError::NotCanonical("this media type"))?,
        bytes: Hidden::new(reader.bytes(MAX_PADDED)?.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Answer, Attachment, FileName, MediaType, Note, Text};
    use crate::{secret::Hidden, wire::ParseError};

    fn text(text: &str) -> Text {
        Text::new(text.to_owned()).unwrap()
    }

    fn notes() -> [Note; 5] {
        [
            Note::Reason(text("a rash since Tuesday")),
            Note::IntakeAnswers(vec![Answer { question: text("Allergies?"), answer: text("penicillin") }]),
            Note::Attachment(Attachment {
                file_name: FileName::new("rash.jpg".to_owned()).unwrap(),
                media_type: MediaType::new("image/jpeg".to_owned()).unwrap(),
                bytes: Hidden::new(vec![0xff, 0xd8]),
            }),
            Note::Message(text("")),
            Note::Feedback(text("she listened")),
        ]
    }

    #[test]
    fn the_encoding_is_as_documented() {
        assert_eq!(*notes()[0].to_bytes(), b"\x01\0\0\0\x14a rash since Tuesday");
        assert_eq!(*notes()[1].to_bytes(), b"\x02\0\0\0\x01\0\0\0\x0aAllergies?\0\0\0\x0apenicillin");
        assert_eq!(*notes()[2].to_bytes(), b"\x03\0\0\0\x08rash.jpg\0\0\0\x0aimage/jpeg\0\0\0\x02\xff\xd8");
        assert_eq!(*notes()[3].to_bytes(), b"\x04\0\0\0\0");
    }

    #[test]
    fn notes_come_back_and_growing_left_no_copies() {
        for note in notes() {
            let bytes = note.to_bytes();
            assert_eq!(bytes.len(), 1 + note.encoded_length());
            assert_eq!(Note::parse(&bytes), Ok(note));
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        for (bytes, expected) in [
            (&b""[..], ParseError::Truncated),
            (b"\x06\0\0\0\0", ParseError::UnknownKind { what: "note", found: 6 }),
            (b"\x01\0\0\0\x01a!", ParseError::Trailing),
            (b"\x01\0\0\0\x02a", ParseError::Truncated),
            (b"\x01\0\0\0\x01\xff", ParseError::NotCanonical("text that is not UTF-8")),
            (b"\x01\0\x01\0\x01a", ParseError::TooLong),
            (b"\x02\0\0\0\xc9", ParseError::TooLong),
            (b"\x03\0\0\0\x02..\0\0\0\0\0\0\0\0", ParseError::NotCanonical("this file name")),
            (b"\x03\0\0\0\x01a\0\0\0\x01b\0\0\0\0", ParseError::NotCanonical("this media type")),
        ] {
            assert_eq!(Note::parse(bytes), Err(expected), "{bytes:?}");
        }
    }

    #[test]
    fn nothing_of_a_note_is_printed() {
        for note in notes() {
            let printed = format!("{note:?}");
            for part in ["rash", "Tuesday", "Allergies", "penicillin", "jpeg", "listened", "255"] {
                assert!(!printed.contains(part), "{printed}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(note) = Note::parse(&bytes) {
                prop_assert_eq!(&*note.to_bytes(), &bytes);
            }
        }
    }
}
