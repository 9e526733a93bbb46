//! What somebody wants the practice to know beforehand, while they write it.

use std::rc::Rc;

use shared_types::{OrganizationId, problem::FieldError, vault::NoteContent};
use yew::Reducible;

use super::files::{MAX_FILES, tidy_name, tidy_type};

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
            IntakeAction::LeaveOut => form = Self::of(form.practice),
            IntakeAction::Judge(errors) => form.errors = errors,
        }
        Rc::new(form)
    }
}

impl IntakeForm {
    /// An empty form.
    pub fn of(practice: Option<OrganizationId>) -> Self {
        Self { practice, ..Self::default() }
    }

    /// What was kept, for another time at the same practice: nothing of it is sent or agreed to yet. What was meant for one
    /// practice is not shown to another.
    pub fn again_for(&self, practice: Option<OrganizationId>) -> Self {
        if practice != self.practice {
            return Self::of(practice);
        }
        let files = self.files.iter().map(|file| AttachedFile { sent: false, ..file.clone() }).collect();
        Self { files, agreed: false, errors: Vec::new(), ..self.clone() }
    }

    /// Whether there is something to send.
    pub fn has_anything(&self) -> bool {
        !self.reason.trim().is_empty() || !self.files.is_empty()
    }

    /// What is wrong, all at once and in the order of the page. Nothing when nothing was entered.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let over = self.reason.chars().count().saturating_sub(REASON_MAX);
        if over > 0 {
            errors.push(FieldError::new(REASON, format!("Shorten this by {over} letters")));
        }
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
        let files = self.files.iter().map(|file| {
            let content = NoteContent::Attachment {
                file_name: file.name.clone().into(),
                media_type: file.media_type.clone(),
                bytes: file.bytes.to_string().into(),
            };
            (Part::File(file.id), content)
        });
        reason.into_iter().chain(files).collect()
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

/// `your reason and 2 files`.
pub fn parts_words(form: &IntakeForm) -> String {
    let reason = (!form.reason.trim().is_empty()).then(|| "your reason".to_owned());
    let files = match form.files.len() {
        0 => None,
        1 => Some("1 file".to_owned()),
        count => Some(format!("{count} files")),
    };
    reason.into_iter().chain(files).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::OrganizationId;
    use yew::Reducible as _;

    use super::{FILES, INTAKE_CONSENT, IntakeAction, IntakeForm, Part, REASON, REASON_MAX, parts_words};

    fn practice(nth: u128) -> Option<OrganizationId> {
        Some(format!("00000000-0000-7000-8000-{nth:012}").parse().unwrap())
    }

    fn after(actions: Vec<IntakeAction>) -> Rc<IntakeForm> {
        actions.into_iter().fold(Rc::new(IntakeForm::of(practice(1))), |form, action| form.reduce(action))
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
        assert!(!form.has_anything() && form.check().is_empty() && form.notes().is_empty());
    }

    #[test]
    fn something_entered_wants_the_box_ticked_by_hand() {
        let form = after(vec![file("rash.jpg")]);
        assert!(!form.agreed);
        assert_eq!(form.check()[0].pointer, INTAKE_CONSENT);
        assert!(form.reduce(IntakeAction::Agreed(true)).check().is_empty());
    }

    #[test]
    fn a_long_reason_says_how_much_is_too_much() {
        let form = after(vec![reason(&"ä".repeat(REASON_MAX + 3)), IntakeAction::Agreed(true)]);
        let errors = form.check();
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
        let again = form.again_for(practice(1));
        assert!(again.reason == "My knee." && !again.files[0].sent && !again.agreed);
        assert!(!form.again_for(practice(2)).has_anything());
        assert!(!form.reduce(IntakeAction::LeaveOut).has_anything());
    }
}
