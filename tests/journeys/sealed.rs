//! What a guest seals on bookings' word: read by the practice alone, answered once the booking belongs to an account, and
//! still the practice's when the appointment is cancelled. The vault runs here as it does in a browser's worker.

use hellomapper_tests::{Person, Running, acts, member};
use kernel::{Chance, Clock};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    AccountId, BookingId, NoteId, OrganizationId, PractitionerRoleId,
    bookings::{
        Appointment, CancelAppointment, ClaimedBookings, Hold, Question, QuestionKind,
        schedule::{PutType, RoleTypes, TypeDraft},
    },
    users::{BookingNotes, Mailbox, NoteAuthor, PublishedKeys},
    vault::{IntakeAnswer, NoteContent, NoteContext, OpenedNote, SealTo, VaultReply, VaultRequest},
};
use vault::Vault;

use crate::booking::{confirm, hold_last_free_time};

const OWNER: &str = "olga.journey@example.org";
/// Books as a guest first.
const GUEST: &str = "ada.nguyen@example.org";
const QUESTION: &str = "How long do you sleep?";
const HOURS: &str = "Five hours, in pieces.";
const REASON: &str = "I dream of falling, and wake up with a start.";
const ANSWER: &str = "Thank you. Please write down when it happens.";

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_note_is_the_practices_alone_and_its_answer_the_accounts_that_claims_the_booking() {
    let running = Running::start().await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    let mut desk = Desk::open(&running, practice).await;
    desk.asks(provider.practitioner_role_id, QUESTION).await;

    // A guest: the ticket of the hold is all that users has heard of the booking.
    let guest = Person::new(&running.settings.public_url);
    let hold = hold_last_free_time(&guest, &provider).await;
    tell(&guest, &hold, practice).await;
    let booked = confirm(&guest, &hold, GUEST).await;
    running.quiet().await;
    // What was asked is read in the words it was asked in, whatever the practice asks since.
    desk.asks(provider.practitioner_role_id, "Do you sleep well?").await;
    let notes = desk.notes(hold.booking_id).await;
    assert_eq!((notes.items.len(), notes.items[0].author), (2, NoteAuthor::Guest));
    let told = told(QUESTION);
    assert_eq!(desk.read(&notes), told.iter().map(said).collect::<Vec<_>>());

    // An account with the same address and date of birth takes the booking over. What was sealed before stays closed to
    // it: a guest seals to the practice and to nobody else.
    let (person, mut vault) = claims(&running, hold.booking_id).await;
    let path = format!("/api/v1/users/me/bookings/{}/notes", hold.booking_id);
    let notes = see_notes(&mut vault, &person, &path).await;
    assert_eq!(notes.items[0].author, NoteAuthor::Guest);
    let opened = open(&mut vault, &notes, false);
    assert!(opened.iter().all(|note| note.content.is_err()), "{opened:?}");

    // What the practice answers is sealed to both.
    desk.answer(hold.booking_id).await;
    let notes = see_notes(&mut vault, &person, &path).await;
    let opened = open(&mut vault, &notes, false);
    assert_eq!(opened[2].content, Ok(NoteContent::Message { text: ANSWER.to_owned().into() }));

    // A cancelled appointment takes nothing away from the practice's record.
    let appointment = format!("/api/v1/bookings/appointments/{}", booked.appointment_id);
    let seen: Appointment = person.get(&appointment).await;
    let cancel = CancelAppointment { version: seen.version };
    let cancelled = person.send(Method::POST, &format!("{appointment}/cancel"), Some(&cancel)).await;
    assert_eq!(cancelled.status.as_u16(), 200, "{}", cancelled.body);
    running.quiet().await;
    let notes = desk.notes(hold.booking_id).await;
    assert_eq!(desk.read(&notes).len(), 3);
}

/// An owner with keys, at a practice whose mailbox they have begun.
struct Desk {
    practice: OrganizationId,
    owner: Person,
    vault: Vault,
}

impl Desk {
    async fn open(running: &Running, practice: OrganizationId) -> Self {
        member::open(running, OWNER).await;
        acts::employ(running, OWNER, practice, "owner").await;
        let owner = member::sign_in_with_app(running, OWNER).await;
        let mut vault = Vault::default();
        make_keys(&mut vault, &owner, acts::account_of(running, OWNER).await).await;
        let mut desk = Self { practice, owner, vault };
        let mailbox: Mailbox = desk.owner.get(&desk.path("/mailbox")).await;
        let request = VaultRequest::BeginEpoch { mailbox, remove: Vec::new(), renew_recovery: true };
        let reply = ask(&mut desk.vault, request);
        let VaultReply::EpochBegun { epoch, .. } = reply else { panic!("{reply:?}") };
        let begun = desk.owner.send(Method::POST, &desk.path("/mailbox/epochs"), Some(&epoch)).await;
        assert_eq!(begun.status.as_u16(), 201, "{}", begun.body);
        desk
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/users/practices/{}{rest}", self.practice)
    }

    /// Asks one question, whatever somebody is booked for.
    async fn asks(&self, role: PractitionerRoleId, words: &str) {
        let path = format!("/api/v1/bookings/practices/{}/roles/{role}/appointment-types", self.practice);
        let types: RoleTypes = self.owner.get(&path).await;
        for of in types.items {
            let (kind, words) = (QuestionKind::ShortText, words.to_owned());
            let question = Question { id: 1, words, help: None, kind, required: true };
            let draft = TypeDraft { questions: vec![question], ..of.draft };
            let change = PutType { version: of.version, active: of.active, draft };
            let path = format!("{path}/{}", of.appointment_type_id);
            let put = self.owner.send(Method::PUT, &path, Some(&change)).await;
            assert_eq!(put.status.as_u16(), 200, "{}", put.body);
        }
    }

    async fn notes(&mut self, booking: BookingId) -> BookingNotes {
        let path = self.path(&format!("/bookings/{booking}/notes"));
        see_notes(&mut self.vault, &self.owner, &path).await
    }

    /// What was said, note by note.
    fn read(&mut self, notes: &BookingNotes) -> Vec<String> {
        let opened = open(&mut self.vault, notes, true);
        opened.iter().map(|note| said(note.content.as_ref().expect("the practice opens it"))).collect()
    }

    async fn answer(&mut self, booking: BookingId) {
        let notes = self.notes(booking).await;
        let to = SealTo {
            head: notes.head,
            practice: notes.epochs.last().expect("the practice has keys").clone(),
            patients: notes.patients,
            as_practice: true,
        };
        let note = NoteContent::Message { text: ANSWER.to_owned().into() };
        let envelope = seal(&mut self.vault, context(booking, self.practice), note, to, false);
        let path = self.path(&format!("/bookings/{booking}/notes"));
        let kept = self.owner.send(Method::POST, &path, Some(&json!({"envelope": envelope}))).await;
        assert_eq!(kept.status.as_u16(), 201, "{}", kept.body);
    }
}

/// Why a guest comes, and their answer to a question.
fn told(question: &str) -> [NoteContent; 2] {
    let answer = IntakeAnswer { question: question.to_owned().into(), answer: HOURS.to_owned().into() };
    [
        NoteContent::Reason { text: REASON.to_owned().into() },
        NoteContent::IntakeAnswers { answers: vec![answer] },
    ]
}

/// A guest seals why they come, and what the practice asks, to its newest keys, and sends both on the hold's ticket.
async fn tell(guest: &Person, hold: &Hold, practice: OrganizationId) {
    let mut vault = Vault::default();
    for note in told(&hold.questions[0].words) {
        let path = format!("/api/v1/users/directory/practices/{practice}{}", since(&mut vault));
        let keys: PublishedKeys = guest.get(&path).await;
        let to = SealTo { head: keys.head, practice: keys.entry, patients: Vec::new(), as_practice: false };
        let envelope = seal(&mut vault, context(hold.booking_id, practice), note, to, true);
        let body = json!({
            "ticket": hold.note_ticket,
            "consent": member::consent(guest, "users", "intake-collection").await,
            "envelope": envelope,
        });
        member::post(guest, "/api/v1/users/notes", &body, 201).await;
    }
}

/// Opens an account with the guest's address and date of birth, gives it keys, and claims what was booked with both.
async fn claims(running: &Running, booking: BookingId) -> (Person, Vault) {
    let person = member::open(running, GUEST).await;
    let details = json!({
        "name": "Ada Nguyen",
        "date_of_birth": "1985-03-27",
        "language": "en",
        "access_needs": [],
        "contact_by": [],
        "version": 0,
        "consent": member::consent(&person, "users", "patient-details").await,
    });
    let kept = person.send(Method::PUT, "/api/v1/users/me/patient", Some(&details)).await;
    assert_eq!(kept.status.as_u16(), 200, "{}", kept.body);
    member::post(&person, "/api/v1/users/refresh", &Value::Null, 200).await;
    let mut vault = Vault::default();
    make_keys(&mut vault, &person, acts::account_of(running, GUEST).await).await;
    let made = member::post(&person, "/api/v1/users/me/claim-tickets", &Value::Null, 200).await;
    let claim = json!({"ticket": made["ticket"]});
    let claimed = person.send(Method::POST, "/api/v1/bookings/me/claims", Some(&claim)).await;
    let claimed: ClaimedBookings = claimed.expect(200);
    assert_eq!(claimed.bookings, [booking]);
    running.quiet().await;
    (person, vault)
}

/// Makes somebody's first keys, and publishes them.
async fn make_keys(vault: &mut Vault, person: &Person, account_id: AccountId) {
    ask(vault, VaultRequest::NewPassword { password: acts::PASSWORD.to_owned().into() });
    let reply = ask(vault, VaultRequest::CreateKeys { account_id, former: None });
    let VaultReply::Created { identity, .. } = reply else { panic!("{reply:?}") };
    let put = person.send(Method::PUT, "/api/v1/users/me/identity", Some(&identity)).await;
    assert_eq!(put.status.as_u16(), 204, "{}", put.body);
}

fn seal(vault: &mut Vault, context: NoteContext, note: NoteContent, to: SealTo, guest: bool) -> String {
    let reply = ask(vault, VaultRequest::Seal { context, note, to, guest });
    let VaultReply::Sealed { envelope, .. } = reply else { panic!("{reply:?}") };
    envelope
}

fn open(vault: &mut Vault, notes: &BookingNotes, as_practice: bool) -> Vec<OpenedNote> {
    let reply = ask(vault, VaultRequest::Open { notes: notes.clone(), as_practice });
    let VaultReply::Opened { notes, .. } = reply else { panic!("{reply:?}") };
    notes
}

/// A booking's notes, with the proof that the key log has only grown since this vault last saw it.
async fn see_notes(vault: &mut Vault, person: &Person, path: &str) -> BookingNotes {
    person.get(&format!("{path}{}", since(vault))).await
}

/// The end of an address that asks for what came to the key log since a vault last saw it.
fn since(vault: &mut Vault) -> String {
    let reply = ask(vault, VaultRequest::Since);
    let VaultReply::Since { since } = reply else { panic!("{reply:?}") };
    since.map(|size| format!("?since={size}")).unwrap_or_default()
}

fn ask(vault: &mut Vault, request: VaultRequest) -> VaultReply {
    vault.answer(request, Clock::System.now())
}

/// The first version of a new note.
fn context(booking_id: BookingId, organization_id: OrganizationId) -> NoteContext {
    let note_id: NoteId = Chance::system().id(&Clock::System);
    NoteContext { booking_id, organization_id, note_id, version: 1 }
}

/// A note's content, to be compared and shown.
fn said(note: &NoteContent) -> String {
    serde_json::to_string(note).expect("a note has a JSON form")
}
