//! What a practice asks before an appointment. The questions are public. What somebody answers is sealed in their browser
//! together with the words it was asked in ([`crate::vault::IntakeAnswer`]), so that no later edit changes what an answer
//! meant.

use serde::{Deserialize, Serialize};

use super::party::tidy;
use crate::problem::FieldError;

/// How many questions one appointment type may have.
pub const MOST_QUESTIONS: usize = 20;
/// How many choices one question may have.
pub const MOST_CHOICES: usize = 12;
/// The longest question, in characters.
pub const QUESTION_MAX: usize = 200;
/// The longest help below a question, in characters.
pub const HELP_MAX: usize = 300;
/// The longest choice, in characters.
pub const CHOICE_MAX: usize = 80;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Question {
    /// Tells it from the others of its appointment type, from 1. It stays when questions are moved or taken away.
    pub id: u16,
    /// As it stands on the form.
    pub words: String,
    /// What helps to answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// How it is answered.
    #[serde(flatten)]
    pub kind: QuestionKind,
    /// Whether the practice needs the answer beforehand. Who would rather tell it when they come says so on the form.
    #[serde(default)]
    pub required: bool,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    /// In a few words.
    ShortText,
    /// In as many words as it takes.
    LongText,
    /// With yes or no.
    YesNo,
    /// With one of some choices.
    OneOf {
        /// In the practice's order; 2 to [`MOST_CHOICES`], no two alike.
        choices: Vec<String>,
    },
    /// With as many of some choices as fit.
    SeveralOf {
        /// In the practice's order; 2 to [`MOST_CHOICES`], no two alike.
        choices: Vec<String>,
    },
    /// With a day.
    Date,
}

impl QuestionKind {
    /// What can be chosen, where it is one of a few.
    pub fn choices(&self) -> &[String] {
        match self {
            Self::OneOf { choices } | Self::SeveralOf { choices } => choices,
            Self::ShortText | Self::LongText | Self::YesNo | Self::Date => &[],
        }
    }

    fn tidied(self) -> Self {
        let tidied = |choices: Vec<String>| choices.iter().map(|choice| tidy(choice)).collect();
        match self {
            Self::OneOf { choices } => Self::OneOf { choices: tidied(choices) },
            Self::SeveralOf { choices } => Self::SeveralOf { choices: tidied(choices) },
            Self::ShortText => Self::ShortText,
            Self::LongText => Self::LongText,
            Self::YesNo => Self::YesNo,
            Self::Date => Self::Date,
        }
    }

    /// What is wrong with the choices, saying what would be right.
    fn wrong(&self) -> Option<&'static str> {
        let choices = match self {
            Self::OneOf { choices } | Self::SeveralOf { choices } => choices,
            Self::ShortText | Self::LongText | Self::YesNo | Self::Date => return None,
        };
        if !(2..=MOST_CHOICES).contains(&choices.len()) {
            return Some("Give 2 to 12 choices");
        }
        if choices.iter().any(|choice| !(1..=CHOICE_MAX).contains(&choice.chars().count())) {
            return Some("Use 1 to 80 characters for each choice");
        }
        let twice = choices.iter().enumerate().any(|(nth, choice)| choices[..nth].contains(choice));
        twice.then_some("Give each choice once")
    }
}

/// Trims the texts of an appointment type's questions and checks every part of them. What is wrong goes to `errors`, below
/// `/questions`, saying what would be right.
pub(super) fn tidied(questions: Vec<Question>, errors: &mut Vec<FieldError>) -> Vec<Question> {
    let questions: Vec<_> = questions.into_iter().map(Question::tidied).collect();
    if questions.len() > MOST_QUESTIONS {
        errors.push(FieldError::new("/questions", "Ask at most 20 questions"));
    }
    for (nth, question) in questions.iter().enumerate() {
        let mut within = |fits: bool, field: &str, detail: &str| {
            if !fits {
                errors.push(FieldError::new(format!("/questions/{nth}/{field}"), detail));
            }
        };
        let others = &questions[..nth];
        within(
            question.id > 0 && others.iter().all(|other| other.id != question.id),
            "id",
            "Give each question a number of its own, from 1",
        );
        within(
            (1..=QUESTION_MAX).contains(&question.words.chars().count()),
            "words",
            "Use 1 to 200 characters",
        );
        let helped = question.help.as_ref().is_none_or(|help| help.chars().count() <= HELP_MAX);
        within(helped, "help", "Use at most 300 characters");
        if let Some(wrong) = question.kind.wrong() {
            within(false, "choices", wrong);
        }
    }
    questions
}

impl Question {
    fn tidied(self) -> Self {
        Self {
            words: tidy(&self.words),
            help: self.help.map(|help| tidy(&help)).filter(|help| !help.is_empty()),
            kind: self.kind.tidied(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MOST_QUESTIONS, Question, QuestionKind, tidied};

    fn question(id: u16, kind: QuestionKind) -> Question {
        Question { id, words: "Any allergies?".to_owned(), help: None, kind, required: false }
    }

    fn one_of(choices: &[&str]) -> QuestionKind {
        QuestionKind::OneOf { choices: choices.iter().copied().map(str::to_owned).collect() }
    }

    #[track_caller]
    fn check(questions: Vec<Question>, expected: &[&str]) {
        let mut errors = Vec::new();
        tidied(questions, &mut errors);
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, expected, "{errors:?}");
    }

    #[test]
    fn a_question_reads_as_it_is_written() {
        let written = json!({
            "id": 3, "words": "Which side?", "kind": "one_of", "choices": ["Left", "Right"], "required": true
        });
        let read: Question = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(read.kind, one_of(&["Left", "Right"]));
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
        let short: Question =
            serde_json::from_value(json!({"id": 1, "words": "Else?", "kind": "long_text"})).unwrap();
        assert_eq!((short.kind, short.required, short.help), (QuestionKind::LongText, false, None));
    }

    #[test]
    fn texts_are_trimmed_and_empty_help_is_none() {
        let wordy = Question {
            words: "  Any\n allergies? ".to_owned(),
            help: Some(" ".to_owned()),
            ..question(1, one_of(&[" Yes,  some", "No"]))
        };
        let mut errors = Vec::new();
        let tidy = tidied(vec![wordy], &mut errors);
        assert_eq!(tidy, [question(1, one_of(&["Yes, some", "No"]))]);
        assert!(errors.is_empty(), "{errors:?}");
    }

    #[test]
    fn what_cannot_be_asked_is_named_part_by_part() {
        check(vec![question(1, QuestionKind::Date), question(2, QuestionKind::YesNo)], &[]);
        check(vec![question(1, QuestionKind::Date), question(1, QuestionKind::Date)], &["/questions/1/id"]);
        check(vec![question(0, QuestionKind::Date)], &["/questions/0/id"]);
        let long = Question { words: "ä".repeat(201), ..question(1, QuestionKind::ShortText) };
        check(vec![long], &["/questions/0/words"]);
        let empty = Question { words: " ".to_owned(), ..question(1, QuestionKind::ShortText) };
        check(vec![empty], &["/questions/0/words"]);
        let helped = Question { help: Some("a".repeat(301)), ..question(1, QuestionKind::LongText) };
        check(vec![helped], &["/questions/0/help"]);
        for choices in [&["Left"][..], &["Left", " Left "], &["Left", ""], &["Left", "a".repeat(81).as_str()]]
        {
            check(vec![question(1, one_of(choices))], &["/questions/0/choices"]);
        }
        let many = (1..=21).map(|id| question(id, QuestionKind::YesNo)).collect::<Vec<_>>();
        assert!(many.len() > MOST_QUESTIONS);
        check(many, &["/questions"]);
    }
}
