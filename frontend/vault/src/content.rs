//! Between a note as a page shows it and a note as it is sealed. What comes from the page is taken over, so that it is
//! wiped here when it has been sealed.

use sealing::{
    note::{Answer, Attachment, FileName, MediaType, Note, Text},
    secret::Hidden,
};
use shared_types::{
    personal::Personal,
    vault::{IntakeAnswer, NoteContent, VaultRefusal},
};

use crate::{refusal::Refuses, text};

pub fn note(content: NoteContent) -> Result<Note, VaultRefusal> {
    Ok(match content {
        NoteContent::Reason { text } => Note::Reason(words(text)?),
        NoteContent::IntakeAnswers { answers } => {
            Note::IntakeAnswers(answers.into_iter().map(answer).collect::<Result<_, _>>()?)
        }
        NoteContent::Attachment { file_name, media_type, bytes } => {
            let encoded = Hidden::new(bytes.into_inner());
            Note::Attachment(Attachment {
                file_name: FileName::new(file_name.into_inner()).map_err(Refuses::refusal)?,
                media_type: MediaType::new(media_type).map_err(Refuses::refusal)?,
                bytes: Hidden::new(text::decode(encoded.expose())?),
            })
        }
        NoteContent::Message { text } => Note::Message(words(text)?),
        NoteContent::Feedback { text } => Note::Feedback(words(text)?),
    })
}

fn words(text: Personal<String>) -> Result<Text, VaultRefusal> {
    Text::new(text.into_inner()).map_err(Refuses::refusal)
}

fn answer(answer: IntakeAnswer) -> Result<Answer, VaultRefusal> {
    Ok(Answer { question: words(answer.question)?, answer: words(answer.answer)? })
}

/// For the page, which shows it.
pub fn shown(note: &Note) -> NoteContent {
    let personal = |text: &Text| Personal::new(text.expose().to_owned());
    match note {
        Note::Reason(text) => NoteContent::Reason { text: personal(text) },
        Note::IntakeAnswers(answers) => {
            let answer = |answer: &Answer| IntakeAnswer {
                question: personal(&answer.question),
                answer: personal(&answer.answer),
            };
            NoteContent::IntakeAnswers { answers: answers.iter().map(answer).collect() }
        }
        Note::Attachment(Attachment { file_name, media_type, bytes }) => NoteContent::Attachment {
            file_name: file_name.expose().to_owned().into(),
            media_type: media_type.expose().to_owned(),
            bytes: text::encode(bytes.expose()).into(),
        },
        Note::Message(text) => NoteContent::Message { text: personal(text) },
        Note::Feedback(text) => NoteContent::Feedback { text: personal(text) },
    }
}
