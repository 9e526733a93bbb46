//! What somebody answers to a practice's questions, while they answer them.

use jiff::civil::Date;
use shared_types::{
    bookings::{Question, QuestionKind},
    problem::FieldError,
    time,
    vault::IntakeAnswer,
};

/// The longest answer in a few words, in characters.
pub const SHORT_MAX: usize = 200;
/// The longest answer in more words, in characters.
pub const LONG_MAX: usize = 2_000;

/// A question and what is answered to it so far. No `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Answering {
    /// As the practice asks it.
    pub question: Question,
    /// What is typed, or what is ticked in the order of the choices.
    given: Vec<String>,
}

impl Answering {
    /// Not answered yet.
    pub fn of(question: Question) -> Self {
        Self { question, given: Vec::new() }
    }

    /// What is typed or chosen.
    pub fn text(&self) -> &str {
        self.given.first().map(String::as_str).unwrap_or_default()
    }

    /// What can be chosen.
    pub fn choices(&self) -> Vec<String> {
        match &self.question.kind {
            QuestionKind::YesNo => ["Yes", "No"].map(str::to_owned).to_vec(),
            QuestionKind::OneOf { choices } | QuestionKind::SeveralOf { choices } => choices.clone(),
            QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Date => Vec::new(),
        }
    }

    /// Whether a choice is ticked.
    pub fn is_ticked(&self, choice: &str) -> bool {
        self.given.iter().any(|given| given == choice)
    }

    /// Whether something is answered.
    pub fn is_answered(&self) -> bool {
        self.given.iter().any(|given| !given.trim().is_empty())
    }

    /// The text, or the one choice, is now this.
    pub fn say(&mut self, text: String) {
        self.given = vec![text];
    }

    /// One of several choices is ticked or not.
    pub fn tick(&mut self, choice: &str, ticked: bool) {
        let choices = self.choices().into_iter();
        self.given = choices.filter(|one| if one == choice { ticked } else { self.is_ticked(one) }).collect();
    }

    /// The field that an error's link leads to, and the question's place among the errors.
    pub fn field(&self) -> String {
        format!("question-{}", self.question.id)
    }

    /// What is wrong, saying of which question: in a list of errors nothing else would. `needed` when what the practice needs
    /// has to be answered here.
    pub fn check(&self, needed: bool) -> Option<FieldError> {
        let (words, text) = (&self.question.words, self.text().trim());
        let over = text.chars().count().saturating_sub(self.longest());
        let detail = if !self.is_answered() {
            (needed && self.question.required).then(|| format!("Answer “{words}”"))
        } else if over > 0 {
            Some(format!("Shorten the answer to “{words}” by {over} letters"))
        } else if self.question.kind == QuestionKind::Date && text.parse::<Date>().is_err() {
            Some(format!("Enter a day, such as 2026-03-27, for “{words}”"))
        } else {
            None
        };
        detail.map(|detail| FieldError::new(format!("/{}", self.field()), detail))
    }

    /// The question as it was asked and the answer in words, as they are sealed.
    pub fn answer(&self) -> IntakeAnswer {
        let text = self.text().trim();
        let answer = match self.question.kind {
            QuestionKind::SeveralOf { .. } => self.given.join("\n"),
            QuestionKind::Date => text.parse::<Date>().map_or_else(|_| text.to_owned(), time::long_date),
            QuestionKind::ShortText
            | QuestionKind::LongText
            | QuestionKind::YesNo
            | QuestionKind::OneOf { .. } => text.to_owned(),
        };
        IntakeAnswer { question: self.question.words.clone().into(), answer: answer.into() }
    }

    fn longest(&self) -> usize {
        match self.question.kind {
            QuestionKind::ShortText => SHORT_MAX,
            QuestionKind::LongText => LONG_MAX,
            // What is chosen is as long as the practice made it.
            QuestionKind::YesNo
            | QuestionKind::OneOf { .. }
            | QuestionKind::SeveralOf { .. }
            | QuestionKind::Date => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::{Question, QuestionKind};

    use super::{Answering, SHORT_MAX};

    fn asked(kind: QuestionKind) -> Answering {
        Answering::of(Question { id: 4, words: "Which?".to_owned(), help: None, kind, required: true })
    }

    fn several() -> Answering {
        asked(QuestionKind::SeveralOf { choices: ["Neck", "Back", "Knee"].map(str::to_owned).to_vec() })
    }

    fn said(kind: QuestionKind, text: &str) -> Answering {
        let mut asked = asked(kind);
        asked.say(text.to_owned());
        asked
    }

    fn wrong(answering: &Answering) -> Option<String> {
        answering.check(true).map(|error| format!("{} {}", error.pointer, error.detail))
    }

    #[test]
    fn what_is_ticked_goes_in_the_order_of_the_choices() {
        let mut several = several();
        several.tick("Knee", true);
        several.tick("Neck", true);
        assert_eq!(several.answer().answer.expose(), "Neck\nKnee");
        several.tick("Neck", false);
        several.tick("Elbow", true);
        assert_eq!(several.answer().answer.expose(), "Knee");
        several.tick("Knee", false);
        assert!(!several.is_answered());
    }

    #[test]
    fn an_answer_is_sealed_with_the_words_it_was_asked_in() {
        for (kind, text, expected) in [
            (QuestionKind::ShortText, " left ", "left"),
            (QuestionKind::YesNo, "Yes", "Yes"),
            (QuestionKind::Date, "2026-03-27", "Friday 27 March 2026"),
            (QuestionKind::LongText, "", ""),
        ] {
            let answer = said(kind, text).answer();
            assert_eq!(
                (answer.question.expose().as_str(), answer.answer.expose().as_str()),
                ("Which?", expected)
            );
        }
    }

    #[test]
    fn only_what_is_needed_has_to_be_answered_and_each_error_names_its_question() {
        assert_eq!(wrong(&several()).as_deref(), Some("/question-4 Answer “Which?”"));
        assert!(several().check(false).is_none());
        let long = said(QuestionKind::ShortText, &"ä".repeat(SHORT_MAX + 2));
        assert!(wrong(&long).is_some_and(|wrong| wrong.contains("by 2 letters")), "{:?}", wrong(&long));
        let no_day = said(QuestionKind::Date, "last week");
        assert!(wrong(&no_day).is_some_and(|wrong| wrong.contains("Enter a day")), "{:?}", wrong(&no_day));
        assert_eq!(wrong(&said(QuestionKind::Date, "1985-03-27")), None);
    }
}
