//! Telling a practice something with a booking that is being made: each part is sealed in the vault and sent, and only
//! then is the time booked. What arrived is not sent again, however often somebody tries.

use std::{borrow::Cow, cell::RefCell, rc::Rc};

use shared_types::{
    AccountId, NoteId, OrganizationId, Problem,
    bookings::{ConsentGiven, Hold},
    personal::Personal,
    users::PutNote,
    vault::{IntakeAnswer, NoteContent, NoteContext, SealTo, SeenKeys, VaultReply, VaultRequest},
};

use crate::{
    account,
    api::{ApiClient, sealed},
    browser,
    forms::{
        intake::{IntakeForm, Part},
        outbox::{Next, Outbox, Sealed},
    },
    vault,
};

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The vault seals a part: which, of how many.
    Sealing(usize, usize),
    /// A part is on its way: which, of how many.
    Sending(usize, usize),
    /// The time is being booked.
    Booking,
}

impl Progress {
    /// `Sending 2 of 3…`.
    pub fn words(self) -> String {
        match self {
            Self::Sealing(1, 1) => "Sealing…".to_owned(),
            Self::Sealing(nth, of) => format!("Sealing {nth} of {of}…"),
            Self::Sending(1, 1) => "Sending…".to_owned(),
            Self::Sending(nth, of) => format!("Sending {nth} of {of}…"),
            Self::Booking => "Booking…".to_owned(),
        }
    }
}

/// Why something was not sealed or not sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Stopped {
    /// The keys are not those that this browser knows: the person has to compare them first.
    Changed(SeenKeys),
    /// Anything else.
    Problem(Problem),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What takes one booking's notes to the practice.
#[derive(Clone)]
pub struct Post {
    /// Carries them.
    pub client: ApiClient,
    /// The time that is held, with its ticket.
    pub hold: Rc<Hold>,
    /// Who signs; a guest has a key made for this booking.
    pub account_id: Option<AccountId>,
    /// The notice that was agreed to.
    pub consent: ConsentGiven,
    /// What was sent so far.
    pub outbox: Rc<RefCell<Outbox>>,
    /// Told what is under way.
    pub on_progress: Rc<dyn Fn(Progress)>,
    /// Told what arrived.
    pub on_sent: Rc<dyn Fn(Part)>,
}

/// What is to be sent of a form. What the practice has and what was taken away since goes as an empty one.
pub fn to_send(form: &IntakeForm, outbox: &Outbox) -> Vec<(Part, NoteContent)> {
    let mut notes = form.notes();
    let nothing = [
        (Part::Answers, NoteContent::IntakeAnswers { answers: Vec::new() }),
        (Part::Reason, NoteContent::Reason { text: String::new().into() }),
    ];
    for (part, empty) in nothing {
        if outbox.has_sent(part) && notes.iter().all(|(other, _)| *other != part) {
            notes.insert(0, (part, empty));
        }
    }
    notes
}

impl Post {
    /// Sends what the practice does not have yet.
    ///
    /// # Errors
    /// [`Stopped`]; what arrived before that stays there.
    pub async fn send(&self, notes: &[(Part, NoteContent)]) -> Result<(), Stopped> {
        let of = notes.len();
        for (nth, (part, note)) in notes.iter().enumerate() {
            let place = (nth + 1, of);
            match self.send_part(*part, note, place).await {
                // The practice has just changed its key, or an earlier try had arrived: sealed anew, it fits.
                Err(Stopped::Problem(problem)) if problem.is("old-epoch") || problem.is("note-version") => {
                    self.send_part(*part, note, place).await?;
                }
                sent => sent?,
            }
            (self.on_sent)(*part);
        }
        Ok(())
    }

    async fn send_part(
        &self,
        part: Part,
        note: &NoteContent,
        (nth, of): (usize, usize),
    ) -> Result<(), Stopped> {
        let (what, id) = (what(note), new_note_id()?);
        let next = self.outbox.borrow_mut().next(part, &what, || id);
        let sealed = match next {
            Next::Nothing => return Ok(()),
            Next::Again(sealed) => sealed,
            Next::Seal { note_id, version } => {
                (self.on_progress)(Progress::Sealing(nth, of));
                let envelope = self.seal(note_id, version, note).await?;
                let sealed = Sealed { envelope, key: browser::random_uuid() };
                self.outbox.borrow_mut().trying(part, version, &what, sealed.clone());
                sealed
            }
        };
        (self.on_progress)(Progress::Sending(nth, of));
        let Sealed { envelope, key } = sealed;
        let body = PutNote { ticket: self.ticket()?, consent: self.consent.clone(), envelope };
        let answer = sealed::put_note(&self.client, &body, key).await;
        self.outbox.borrow_mut().settle(part, answer.as_ref().err());
        answer.map(drop).map_err(Stopped::Problem)
    }

    /// To the newest keys of the practice, as the server shows them and the vault checks them.
    async fn seal(&self, note_id: NoteId, version: u32, note: &NoteContent) -> Result<String, Stopped> {
        let organization_id = self.practice()?;
        let since = vault::log_size().await;
        let keys = sealed::find_practice_keys(&self.client, organization_id, since).await?;
        let keys = keys.ok_or_else(no_keys)?;
        let to = SealTo { head: keys.head, practice: keys.entry, patients: Vec::new(), as_practice: false };
        let context = NoteContext { booking_id: self.hold.booking_id, organization_id, note_id, version };
        let guest = self.account_id.is_none();
        let request = VaultRequest::Seal { context, note: note.clone(), to, guest };
        envelope(match self.account_id {
            Some(account_id) => vault::ask_for(account_id, request).await,
            None => vault::ask(request).await,
        })
    }

    fn practice(&self) -> Result<OrganizationId, Problem> {
        self.hold.role.organization_id.ok_or_else(Problem::internal)
    }

    fn ticket(&self) -> Result<Personal<String>, Problem> {
        self.hold.note_ticket.clone().ok_or_else(Problem::internal)
    }
}

/// The id of a note that is new.
///
/// # Errors
/// When the browser gives no random numbers.
pub fn new_note_id() -> Result<NoteId, Problem> {
    browser::random_uuid().parse().map_err(|_| Problem::internal())
}

/// The envelope in the vault's answer.
///
/// # Errors
/// [`Stopped`].
pub fn envelope(reply: VaultReply) -> Result<String, Stopped> {
    if let VaultReply::Sealed { envelope, .. } = reply {
        Ok(envelope)
    } else if let VaultReply::Changed { keys, .. } = reply {
        Err(Stopped::Changed(keys))
    } else {
        Err(Stopped::Problem(account::refused(reply)))
    }
}

/// The practice had keys when the page asked what it offers; they do not go away by themselves.
fn no_keys() -> Problem {
    Problem::new("no-keys", 404, "There are no keys yet")
        .detail("This practice cannot be written to. You can book without saying anything.")
}

/// Takes a changed fingerprint for the subject's, after the person has compared it.
///
/// # Errors
/// The vault's refusal.
pub async fn agree(account_id: Option<AccountId>, keys: &SeenKeys) -> Result<(), Problem> {
    let request = VaultRequest::Agree { subject: keys.subject, fingerprint: keys.fingerprint.clone() };
    let reply = match account_id {
        Some(account_id) => vault::ask_for(account_id, request).await,
        None => vault::ask(request).await,
    };
    if let VaultReply::Refused { .. } = reply { Err(account::refused(reply)) } else { Ok(()) }
}

/// What tells a part from the same part changed. A file is never changed, only taken away.
fn what(note: &NoteContent) -> Cow<'_, str> {
    match note {
        NoteContent::Reason { text } | NoteContent::Message { text } | NoteContent::Feedback { text } => {
            text.expose().as_str().into()
        }
        NoteContent::IntakeAnswers { answers } => {
            let said = |one: &IntakeAnswer| format!("{}\0{}\0", one.question.expose(), one.answer.expose());
            answers.iter().map(said).collect::<String>().into()
        }
        NoteContent::Attachment { .. } => "".into(),
    }
}

/// Why nothing is booked when the practice could not be told: what arrived, and what to do.
pub fn not_told(problem: Problem, sent: usize, of: usize) -> Problem {
    let arrived = match (sent, of) {
        (0, _) => "Nothing of it was sent.".to_owned(),
        (sent, of) if sent >= of => "All of it has arrived and will not be sent again.".to_owned(),
        (sent, of) => format!("{sent} of {of} parts have arrived and will not be sent again."),
    };
    let field = problem.errors.first().map(|error| format!("{}.", error.detail));
    let why = problem.detail.clone().or(field).unwrap_or_else(|| format!("{}.", problem.title));
    let detail = format!("The time is not booked yet. {arrived} {why}");
    Problem { title: "What you wrote did not reach the practice".to_owned(), detail: Some(detail), ..problem }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{
        Problem,
        vault::{IntakeAnswer, NoteContent},
    };
    use yew::Reducible as _;

    use super::{IntakeForm, Outbox, Part, Progress, Sealed, not_told, to_send, what};
    use crate::forms::intake::IntakeAction;

    #[test]
    fn progress_counts_only_where_there_is_something_to_count() {
        assert_eq!(Progress::Sealing(1, 1).words(), "Sealing…");
        assert_eq!(Progress::Sending(2, 3).words(), "Sending 2 of 3…");
    }

    #[test]
    fn a_reason_that_arrived_and_was_taken_away_goes_as_an_empty_one() {
        let form = Rc::new(IntakeForm::default());
        let mut outbox = Outbox::default();
        assert!(to_send(&form, &outbox).is_empty());
        let id = "00000000-0000-7000-8000-000000000001".parse().unwrap();
        outbox.next(Part::Reason, "knee", || id);
        outbox.trying(Part::Reason, 1, "knee", Sealed { envelope: "e".to_owned(), key: "k".to_owned() });
        outbox.settle(Part::Reason, None);
        let notes = to_send(&form, &outbox);
        assert_eq!((notes.len(), notes[0].0), (1, Part::Reason));
        let typed = form.reduce(IntakeAction::Reason("hip".to_owned()));
        assert_eq!(to_send(&typed, &outbox).len(), 1);
    }

    #[test]
    fn answers_that_arrived_and_were_taken_away_go_as_none() {
        let mut outbox = Outbox::default();
        let id = "00000000-0000-7000-8000-000000000001".parse().unwrap();
        outbox.next(Part::Answers, "a", || id);
        outbox.trying(Part::Answers, 1, "a", Sealed { envelope: "e".to_owned(), key: "k".to_owned() });
        outbox.settle(Part::Answers, None);
        let notes = to_send(&IntakeForm::default(), &outbox);
        assert_eq!((notes.len(), notes[0].0), (1, Part::Answers));
        assert_eq!(notes[0].1, NoteContent::IntakeAnswers { answers: Vec::new() });
    }

    #[test]
    fn an_answer_that_changed_is_something_else_to_send() {
        let answers = |answer: &str| NoteContent::IntakeAnswers {
            answers: vec![IntakeAnswer {
                question: "Side?".to_owned().into(),
                answer: answer.to_owned().into(),
            }],
        };
        assert_eq!(what(&answers("Left")), what(&answers("Left")));
        assert_ne!(what(&answers("Left")), what(&answers("Right")));
    }

    #[test]
    fn a_failure_says_that_nothing_is_booked_and_what_arrived() {
        let offline = || Problem::new("offline", 0, "No connection").detail("Check your connection.");
        for (sent, words) in [(0, "Nothing of it was sent."), (1, "1 of 3 parts"), (3, "All of it")] {
            let problem = not_told(offline(), sent, 3);
            let detail = problem.detail.unwrap();
            assert!(detail.starts_with("The time is not booked yet."), "{detail}");
            assert!(detail.contains(words) && detail.ends_with("Check your connection."), "{detail}");
            assert_eq!(problem.status, 0, "the outcome stays open");
        }
    }
}
