//! What somebody wants the practice to know beforehand, while they write it.

use std::rc::Rc;

use shared_types::{OrganizationId, bookings::Question, problem::FieldError, vault::NoteContent};
use yew::Reducible;

use super::{
    answers::Answering,
    files::{MAX_FILES, tidy_name, tidy_type},
};

/// The text, as errors name it.
pub const REASON: &str = "/reason";
/// The files, as errors name them.
pub const FILES: &str = "/files";
/// The box below the notice, as errors name it.
pub const INTAKE_CONSENT: &str = "/intake-consent";

/// The longest reason, in characters: a page of a letter, and far below what can be sealed.
pub const REASON_MAX: usize = 2_000;

/// A part of what is sent; each is a note of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The text.
    Reason,
    /// The answers to the practice's questions, all of them together.
    Answers,
    /// One of the files.
    File(u32),
}

/// A file that was read. No `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Tells it from the others.
    pub id: u32,
    /// Its name, as it can be sealed.
    pub name: String,
    /// What the browser takes it for.
    pub media_type: String,
    /// Its bytes in base64url.
    pub bytes: Rc<str>,
    /// Whether the practice has it already.
    pub sent: bool,
}

/// What stands in the form and what is wrong with it. No `Debug`: it is about somebody's health.
///
/// Nor can it be serialized: it stays in the page's memory, and no storage of the browser is ever given it (OWASP ASVS
/// 5.0.0, 14.3.3).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IntakeForm {
    /// For whose eyes it is.
    practice: Option<OrganizationId>,
    /// Why they come.
    pub reason: String,
    /// What the practice asks, in its order, with what is answered so far.
    pub answers: Vec<Answering>,
    /// Whether they would rather tell the practice what it needs when they come.
    pub later: bool,
    /// In the order they were chosen.
    pub files: Vec<AttachedFile>,
    /// Whether the box is ticked; never beforehand.
    pub agreed: bool,
    /// What is wrong, in the order of the page.
    pub errors: Vec<FieldError>,
    next_file: u32,
}

/// Something typed, chosen or found out. No `Debug`: it is personal.
pub enum IntakeAction {
    /// The text is now this.
    Reason(String),
    /// The answer to a question is now this.
    Answer(u16, String),
    /// One of the choices of a question is ticked or not.
    Tick(u16, String, bool),
    /// What the practice needs is told later or not.
    Later(bool),
    /// A file was read.
    Attach {
        /// As its owner calls it.
        name: String,
        /// What the browser takes it for.
        media_type: String,
        /// Its bytes in base64url.
        bytes: String,
    },
    /// A file could not be taken: why.
    Refuse(String),
    /// A file is taken away.
    Remove(u32),
    /// The box is now ticked or not.
    Agreed(bool),
    /// The practice has a part.
    Sent(Part),
    /// Nothing is to be sent after all.
    LeaveOut,
    /// What is wrong now.
    Judge(Vec<FieldError>),
}

impl Reducible for IntakeForm {
    type Action = IntakeAction;

    fn reduce(self: Rc<Self>, action: IntakeAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            IntakeAction::Reason(text) => form.reason = text,
            IntakeAction::Answer(question, text) => {
                if let Some(one) = form.find(question) {
                    one.say(text);
                }
            }
            IntakeAction::Tick(question, choice, ticked) => {
                if let Some(one) = form.find(question) {
                    one.tick(&choice, ticked);
                }
            }
            IntakeAction::Later(later) => form.later = later,
            IntakeAction::Attach { name, media_type, bytes } => form.attach(&name, &media_type, bytes.into()),
            IntakeAction::Refuse(why) => form.say(FILES, why),
            IntakeAction::Remove(id) => {
                form.files.retain(|file| file.id != id);
                form.errors.retain(|error| error.pointer != FILES);
            }
            IntakeAction::Agreed(ticked) => form.agreed = ticked,
            IntakeAction::Sent(part) => {
                form.files.iter_mut().for_each(|file| file.sent |= part == Part::File(file.id));
            }
            IntakeAction::LeaveOut => form = form.emptied(),
            IntakeAction::Judge(errors) => form.errors = errors,
        }
        Rc::new(form)
    }
}

impl IntakeForm {
    /// An empty form with a practice's questions.
    pub fn of(practice: Option<OrganizationId>, questions: &[Question]) -> Self {
        let answers = questions.iter().cloned().map(Answering::of).collect();
        Self { practice, answers, ..Self::default() }
    }

    /// What was kept, for another time at the same practice: nothing of it is sent or agreed to yet. What was meant for one
    /// practice is not shown to another, nor is an answer shown with other words than it was given to.
    pub fn again_for(&self, practice: Option<OrganizationId>, questions: &[Question]) -> Self {
        if practice != self.practice {
            return Self::of(practice, questions);
        }
        let kept = |question: &Question| self.answers.iter().find(|one| one.question == *question).cloned();
        let answers = questions.iter().map(|one| kept(one).unwrap_or_else(|| Answering::of(one.clone())));
        let files = self.files.iter().map(|file| AttachedFile { sent: false, ..file.clone() }).collect();
        Self { answers: answers.collect(), files, agreed: false, errors: Vec::new(), ..self.clone() }
    }

    /// Nothing entered, and nothing needed any more.
    fn emptied(&self) -> Self {
        let answers = self.answers.iter().map(|one| Answering::of(one.question.clone())).collect();
        Self { practice: self.practice, answers, later: true, ..Self::default() }
    }

    /// Whether there is something to send.
    pub fn has_anything(&self) -> bool {
        !self.reason.trim().is_empty() || self.has_answers() || !self.files.is_empty()
    }

    fn has_answers(&self) -> bool {
        self.answers.iter().any(Answering::is_answered)
    }

    /// Whether the practice needs to know something beforehand.
    pub fn is_needed(&self) -> bool {
        self.answers.iter().any(|one| one.question.required)
    }

    /// Whether an answer that the practice needs is not given, nor put off.
    pub fn lacks_answers(&self) -> bool {
        !self.later && self.answers.iter().any(|one| one.question.required && !one.is_answered())
    }

    /// What is wrong, all at once and in the order of the page. Nothing when nothing was entered, but for what the practice
    /// needs where that is `asked` here.
    pub fn check(&self, asked: bool) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let over = self.reason.chars().count().saturating_sub(REASON_MAX);
        if over > 0 {
            errors.push(FieldError::new(REASON, format!("Shorten this by {over} letters")));
        }
        errors.extend(self.answers.iter().filter_map(|one| one.check(asked && !self.later)));
        if self.has_anything() && !self.agreed {
            let detail = "Tick the box if you agree. Without it, nothing of this can be sent";
            errors.push(FieldError::new(INTAKE_CONSENT, detail));
        }
        errors
    }

    /// What was found when the form was judged. Why a file could not be taken stands beside the files only.
    pub fn judged(&self) -> Vec<FieldError> {
        self.errors.iter().filter(|error| error.pointer != FILES).cloned().collect()
    }

    /// What is wrong with one part.
    pub fn error(&self, pointer: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.as_str())
    }

    /// The notes, as they would be sealed.
    pub fn notes(&self) -> Vec<(Part, NoteContent)> {
        let reason = self.reason.trim();
        let reason = (!reason.is_empty())
            .then(|| (Part::Reason, NoteContent::Reason { text: reason.to_owned().into() }));
        // All of them: that a question was left open is for the practice to know, too.
        let answers = self.has_answers().then(|| {
            let answers = self.answers.iter().map(Answering::answer).collect();
            (Part::Answers, NoteContent::IntakeAnswers { answers })
        });
        let files = self.files.iter().map(|file| {
            let content = NoteContent::Attachment {
                file_name: file.name.clone().into(),
                media_type: file.media_type.clone(),
                bytes: file.bytes.to_string().into(),
            };
            (Part::File(file.id), content)
        });
        reason.into_iter().chain(answers).chain(files).collect()
    }

    fn find(&mut self, question: u16) -> Option<&mut Answering> {
        self.answers.iter_mut().find(|one| one.question.id == question)
    }

    fn attach(&mut self, name: &str, media_type: &str, bytes: Rc<str>) {
        let name = tidy_name(name);
        if self.files.len() >= MAX_FILES {
            return self.say(FILES, format!("“{name}” was not added: {MAX_FILES} files can be sent"));
        }
        self.errors.retain(|error| error.pointer != FILES);
        let (id, media_type) = (self.next_file, tidy_type(media_type));
        self.next_file += 1;
        self.files.push(AttachedFile { id, name, media_type, bytes, sent: false });
    }

    fn say(&mut self, pointer: &str, why: String) {
        self.errors.retain(|error| error.pointer != pointer);
        self.errors.push(FieldError::new(pointer, why));
    }
}

/// `your reason, your answers and 2 files`.
pub fn parts_words(form: &IntakeForm) -> String {
    let reason = (!form.reason.trim().is_empty()).then(|| "your reason".to_owned());
    let answers = form.has_answers().then(|| "your answers".to_owned());
    let files = match form.files.len() {
        0 => None,
        1 => Some("1 file".to_owned()),
        count => Some(format!("{count} files")),
    };
    let parts: Vec<_> = reason.into_iter().chain(answers).chain(files).collect();
    match parts.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{
        OrganizationId,
        bookings::{Question, QuestionKind},
        vault::NoteContent,
    };
    use yew::Reducible as _;

    use super::{FILES, INTAKE_CONSENT, IntakeAction, IntakeForm, Part, REASON, REASON_MAX, parts_words};

    fn practice(nth: u128) -> Option<OrganizationId> {
        Some(format!("00000000-0000-7000-8000-{nth:012}").parse().unwrap())
    }

    fn after(actions: Vec<IntakeAction>) -> Rc<IntakeForm> {
        asked(&[], actions)
    }

    fn asked(questions: &[Question], actions: Vec<IntakeAction>) -> Rc<IntakeForm> {
        let form = Rc::new(IntakeForm::of(practice(1), questions));
        actions.into_iter().fold(form, |form, action| form.reduce(action))
    }

    /// One that the practice needs, and one that it does not.
    fn questions() -> [Question; 2] {
        let question = |id: u16, words: &str, kind, required| Question {
            id,
            words: words.to_owned(),
            help: None,
            kind,
            required,
        };
        [
            question(1, "Been here before?", QuestionKind::YesNo, true),
            question(2, "Allergies?", QuestionKind::ShortText, false),
        ]
    }

    fn yes() -> IntakeAction {
        IntakeAction::Answer(1, "Yes".to_owned())
    }

    fn reason(text: &str) -> IntakeAction {
        IntakeAction::Reason(text.to_owned())
    }

    fn file(name: &str) -> IntakeAction {
        IntakeAction::Attach { name: name.to_owned(), media_type: String::new(), bytes: "AAAA".to_owned() }
    }

    #[test]
    fn nothing_entered_asks_for_nothing() {
        let form = after(vec![reason("  \n")]);
        assert!(!form.has_anything() && form.check(true).is_empty() && form.notes().is_empty());
    }

    #[test]
    fn something_entered_wants_the_box_ticked_by_hand() {
        let form = after(vec![file("rash.jpg")]);
        assert!(!form.agreed);
        assert_eq!(form.check(true)[0].pointer, INTAKE_CONSENT);
        assert!(form.reduce(IntakeAction::Agreed(true)).check(true).is_empty());
    }

    #[test]
    fn a_long_reason_says_how_much_is_too_much() {
        let form = after(vec![reason(&"ä".repeat(REASON_MAX + 3)), IntakeAction::Agreed(true)]);
        let errors = form.check(true);
        assert_eq!((errors.len(), errors[0].pointer.as_str()), (1, REASON));
        assert!(errors[0].detail.contains("by 3 letters"), "{}", errors[0].detail);
    }

    #[test]
    fn a_sixth_file_is_not_added_and_taking_one_away_makes_room() {
        let form = after((1..=6).map(|nth| file(&format!("{nth}.jpg"))).collect());
        assert_eq!(form.files.len(), 5);
        assert!(form.error(FILES).is_some_and(|why| why.contains("6.jpg")), "{:?}", form.error(FILES));
        let form = form.reduce(IntakeAction::Remove(0)).reduce(file("7.jpg"));
        assert_eq!(form.files.len(), 5);
        assert_eq!((form.error(FILES), form.files[4].name.as_str()), (None, "7.jpg"));
    }

    #[test]
    fn each_part_is_a_note_of_its_own() {
        let form = after(vec![reason(" My knee. "), file("a/b.pdf")]);
        let notes = form.notes();
        assert_eq!((notes[0].0, notes[1].0), (Part::Reason, Part::File(0)));
        assert_eq!(form.files[0].name, "a_b.pdf");
        assert_eq!(parts_words(&form), "your reason and 1 file");
    }

    #[test]
    fn another_time_at_the_practice_keeps_what_was_typed_and_another_practice_is_shown_nothing() {
        let typed = vec![reason("My knee."), file("a.pdf"), IntakeAction::Agreed(true)];
        let form = after(typed).reduce(IntakeAction::Sent(Part::File(0)));
        assert!(form.files[0].sent);
        let again = form.again_for(practice(1), &[]);
        assert!(again.reason == "My knee." && !again.files[0].sent && !again.agreed);
        assert!(!form.again_for(practice(2), &[]).has_anything());
        assert!(!form.reduce(IntakeAction::LeaveOut).has_anything());
    }

    #[test]
    fn what_the_practice_needs_is_answered_or_told_later_where_it_is_asked() {
        let form = asked(&questions(), vec![]);
        assert!(form.is_needed() && form.lacks_answers());
        let errors = form.check(true);
        assert_eq!((errors.len(), errors[0].pointer.as_str()), (1, "/question-1"));
        assert!(form.check(false).is_empty(), "where nobody can be told, nothing is needed");
        let later = form.reduce(IntakeAction::Later(true));
        assert!(later.check(true).is_empty() && !later.lacks_answers());
        let answered = later.reduce(IntakeAction::Later(false)).reduce(yes());
        assert_eq!(answered.check(true)[0].pointer, INTAKE_CONSENT);
        assert!(!answered.lacks_answers());
        let out = answered.reduce(IntakeAction::LeaveOut);
        assert!(!out.has_anything() && out.check(true).is_empty(), "leaving it out is an answer, too");
    }

    #[test]
    fn the_answers_are_one_note_with_every_question_in_its_words() {
        let form = asked(&questions(), vec![yes(), reason("My knee.")]);
        let notes = form.notes();
        assert_eq!((notes.len(), notes[1].0), (2, Part::Answers));
        let NoteContent::IntakeAnswers { answers } = &notes[1].1 else { panic!("answers") };
        let words: Vec<_> =
            answers.iter().map(|one| format!("{} {}", one.question.expose(), one.answer.expose())).collect();
        assert_eq!(words, ["Been here before? Yes", "Allergies? "]);
        assert_eq!(parts_words(&form), "your reason and your answers");
        assert_eq!(parts_words(&form.reduce(file("a.pdf"))), "your reason, your answers and 1 file");
    }

    #[test]
    fn an_answer_is_kept_for_the_same_words_only() {
        let form = asked(&questions(), vec![yes(), IntakeAction::Answer(2, "nuts".to_owned())]);
        let [same, mut other] = questions();
        other.words = "What are you allergic to?".to_owned();
        let again = form.again_for(practice(1), &[other, same]);
        assert_eq!((again.answers[0].text(), again.answers[1].text()), ("", "Yes"));
    }
}
