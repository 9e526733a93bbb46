//! A practice's questions while they are edited, as the browser's own fields write them.

use shared_types::bookings::{Question, QuestionKind, question::MOST_QUESTIONS};

/// What stands in the form, in the order in which it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionsForm {
    /// One for each question.
    pub rows: Vec<QuestionRow>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    /// Tells it from the others, here and where it is kept.
    pub id: u16,
    /// As it is asked.
    pub words: String,
    /// What helps to answer it.
    pub help: String,
    /// How it is answered.
    pub way: Way,
    /// One on each line; they are kept while another way is looked at.
    pub choices: String,
    /// Whether the practice needs the answer.
    pub required: bool,
}

/// How a question is answered, whatever can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Way {
    #[default]
    ShortText,
    LongText,
    YesNo,
    OneOf,
    SeveralOf,
    Date,
}

impl Way {
    /// Every way, the most used first.
    pub const ALL: [Self; 6] =
        [Self::ShortText, Self::LongText, Self::YesNo, Self::OneOf, Self::SeveralOf, Self::Date];

    /// As the API names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::ShortText => "short_text",
            Self::LongText => "long_text",
            Self::YesNo => "yes_no",
            Self::OneOf => "one_of",
            Self::SeveralOf => "several_of",
            Self::Date => "date",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// As somebody chooses it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ShortText => "A few words",
            Self::LongText => "A longer text",
            Self::YesNo => "Yes or no",
            Self::OneOf => "One of some choices",
            Self::SeveralOf => "Several of some choices",
            Self::Date => "A day",
        }
    }

    /// Whether the practice says what can be chosen.
    pub fn has_choices(self) -> bool {
        match self {
            Self::OneOf | Self::SeveralOf => true,
            Self::ShortText | Self::LongText | Self::YesNo | Self::Date => false,
        }
    }

    fn of(kind: &QuestionKind) -> Self {
        match kind {
            QuestionKind::ShortText => Self::ShortText,
            QuestionKind::LongText => Self::LongText,
            QuestionKind::YesNo => Self::YesNo,
            QuestionKind::OneOf { .. } => Self::OneOf,
            QuestionKind::SeveralOf { .. } => Self::SeveralOf,
            QuestionKind::Date => Self::Date,
        }
    }
}

impl QuestionRow {
    fn of(question: &Question) -> Self {
        Self {
            id: question.id,
            words: question.words.clone(),
            help: question.help.clone().unwrap_or_default(),
            way: Way::of(&question.kind),
            choices: question.kind.choices().join("\n"),
            required: question.required,
        }
    }

    /// The question as the API takes it; what is wrong with it, the API's own check says.
    pub fn question(&self) -> Question {
        let choices = || {
            let lines = self.choices.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(str::to_owned).collect()
        };
        let kind = match self.way {
            Way::ShortText => QuestionKind::ShortText,
            Way::LongText => QuestionKind::LongText,
            Way::YesNo => QuestionKind::YesNo,
            Way::OneOf => QuestionKind::OneOf { choices: choices() },
            Way::SeveralOf => QuestionKind::SeveralOf { choices: choices() },
            Way::Date => QuestionKind::Date,
        };
        let help = Some(self.help.trim().to_owned()).filter(|help| !help.is_empty());
        Question { id: self.id, words: self.words.clone(), help, kind, required: self.required }
    }
}

impl QuestionsForm {
    /// The form of some questions.
    pub fn of(questions: &[Question]) -> Self {
        Self { rows: questions.iter().map(QuestionRow::of).collect() }
    }

    /// The questions as the API takes them.
    pub fn read(&self) -> Vec<Question> {
        self.rows.iter().map(QuestionRow::question).collect()
    }

    /// Whether no more can be asked.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MOST_QUESTIONS
    }

    /// Adds an empty question after the others. Says which.
    pub fn add(&mut self) -> u16 {
        let id = self.rows.iter().map(|row| row.id).max().unwrap_or(0).saturating_add(1);
        self.rows.push(QuestionRow {
            id,
            words: String::new(),
            help: String::new(),
            way: Way::default(),
            choices: String::new(),
            required: false,
        });
        id
    }

    /// Takes a question away.
    pub fn remove(&mut self, id: u16) {
        self.rows.retain(|row| row.id != id);
    }

    /// Changes a question.
    pub fn put(&mut self, row: QuestionRow) {
        if let Some(place) = self.place(row.id) {
            self.rows[place] = row;
        }
    }

    /// Asks a question one place earlier, or later. Says its place from 1, where it moved.
    pub fn shift(&mut self, id: u16, earlier: bool) -> Option<usize> {
        let from = self.place(id)?;
        let to = if earlier { from.checked_sub(1)? } else { from + 1 };
        if to >= self.rows.len() {
            return None;
        }
        self.rows.swap(from, to);
        Some(to + 1)
    }

    fn place(&self, id: u16) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::{Question, QuestionKind};

    use super::{QuestionRow, QuestionsForm, Way};

    fn questions() -> Vec<Question> {
        let question = |id, words: &str, help: Option<&str>, kind| Question {
            id,
            words: words.to_owned(),
            help: help.map(str::to_owned),
            kind,
            required: id == 2,
        };
        let choices = vec!["Left".to_owned(), "Right".to_owned()];
        vec![
            question(2, "Which side?", None, QuestionKind::OneOf { choices }),
            question(1, "Since when?", Some("About."), QuestionKind::Date),
        ]
    }

    fn order(form: &QuestionsForm) -> Vec<u16> {
        form.rows.iter().map(|row| row.id).collect()
    }

    #[test]
    fn questions_go_through_the_form_unchanged() {
        assert_eq!(QuestionsForm::of(&questions()).read(), questions());
        for way in Way::ALL {
            assert_eq!(Way::from_code(way.code()), Some(way));
        }
    }

    #[test]
    fn choices_stand_on_lines_and_are_kept_while_another_way_is_looked_at() {
        let mut form = QuestionsForm::of(&questions());
        let row = QuestionRow { choices: " Left \n\n Both\n".to_owned(), ..form.rows[0].clone() };
        form.put(QuestionRow { way: Way::YesNo, ..row });
        assert_eq!(form.read()[0].kind, QuestionKind::YesNo);
        form.put(QuestionRow { way: Way::SeveralOf, ..form.rows[0].clone() });
        assert_eq!(form.read()[0].kind.choices(), ["Left", "Both"]);
    }

    #[test]
    fn a_question_keeps_its_number_wherever_it_goes() {
        let mut form = QuestionsForm::of(&questions());
        assert_eq!(form.add(), 3);
        assert_eq!(form.shift(3, true), Some(2));
        assert_eq!(order(&form), [2, 3, 1]);
        assert_eq!((form.shift(2, true), form.shift(1, false)), (None, None));
        form.remove(3);
        assert_eq!((order(&form), form.add()), (vec![2, 1], 3));
    }
}
