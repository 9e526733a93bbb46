//! What is sealed: pages that the server sends empty, and the parts that only a browser fills, rendered by themselves.

use std::rc::Rc;

use frontend::{
    components::{
        intake_section::{IntakeSection, IntakeSectionProps},
        key_changed::{KeyChanged, KeyChangedProps},
        note_view::{NoteView, NoteViewProps},
        party_check::{PartyCheck, PartyCheckProps},
        party_form::PartyFormView,
        recovery_code::{RecoveryCode, RecoveryCodeProps},
        unlock::{Unlock, UnlockProps},
    },
    forms::intake::{IntakeAction, IntakeForm},
    hooks::{
        use_intake::{Intake, Offer, Writer},
        use_thread::OpenThread,
        use_vault::{Keys, VaultDoor, Ways},
    },
    intake::Progress,
};
use jiff::civil::date;
use serde_json::{Value, json};
use shared_types::{
    Problem,
    bookings::Question,
    users::{ConsentText, Me},
    vault::{SeenKeys, VaultRefusal},
};
use yew::{Callback, Html, Reducible};

use crate::{
    parts::{check_props, form_props, html, in_order},
    support::{Canned, get, site},
};

const ID: &str = "00000000-0000-7000-8000-000000000009";

#[tokio::test]
async fn pages_of_what_is_sealed_are_sent_empty_and_are_neither_kept_nor_indexed() {
    let desk = format!("/practice/{ID}");
    for (path, heading) in [
        ("/account/keys".to_owned(), "Your keys"),
        (format!("/account/appointments/{ID}/notes"), "You and the practice"),
        ("/practice".to_owned(), "Your practices"),
        (desk.clone(), "Inbox"),
        (format!("{desk}/bookings/{ID}"), "Messages about a booking"),
        (format!("{desk}/claims"), "Claims"),
        (format!("{desk}/keys?remove={ID}"), "Keys"),
        (format!("{desk}/staff"), "Staff"),
    ] {
        let page = get(&site(Canned::new()), &path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.has("aria-busy=\"true\"");
        page.says("This page needs JavaScript");
        for private in ["<textarea", "<form", "fingerprint\""] {
            page.lacks(private);
        }
    }
}

fn door(keys: Keys) -> VaultDoor {
    VaultDoor {
        keys,
        busy: false,
        problem: None,
        on_open: Callback::noop(),
        on_lock: Callback::noop(),
        on_look: Callback::noop(),
    }
}

fn member() -> Writer {
    let me: Me = serde_json::from_value(json!({
        "account_id": ID,
        "email": "ada@example.org",
        "patient_id": null,
        "acts_for": [],
        "memberships": [],
        "platform": [],
        "strength": "password",
        "signed_in_at": "2026-11-22T22:00:00Z",
        "totp": false,
        "passkeys": 0,
        "recovery_codes_left": 0,
        "keys": null,
    }))
    .unwrap();
    Writer::Member(Rc::new(me))
}

fn notice() -> ConsentText {
    ConsentText {
        text: "intake-collection".to_owned(),
        version: 1,
        title: "What you tell the practice".to_owned(),
        paragraphs: vec!["Only the practice reads it.".to_owned()],
        statement: "I agree that it is sent.".to_owned(),
        effective_on: date(2026, 11, 1),
    }
}

/// The section with what these actions make of its form.
fn section(offer: Offer, writer: Writer, keys: Keys, typed: Vec<IntakeAction>) -> IntakeSectionProps {
    asking(offer, writer, keys, json!([]), typed)
}

/// The same, with what the practice asks.
fn asking(
    offer: Offer,
    writer: Writer,
    keys: Keys,
    questions: Value,
    typed: Vec<IntakeAction>,
) -> IntakeSectionProps {
    let questions: Vec<Question> = serde_json::from_value(questions).unwrap();
    let form = Rc::new(IntakeForm::of(None, &questions));
    let form = typed.into_iter().fold(form, |form, action| form.reduce(action));
    IntakeSectionProps {
        intake: Intake {
            offer,
            writer,
            door: door(keys),
            form,
            on_action: Callback::noop(),
            notice: Some(Ok(Rc::new(notice()))),
            on_reload: Callback::noop(),
            on_ask: Callback::noop(),
        },
        practice: "Wattle Lane Physio".into(),
    }
}

#[tokio::test]
async fn a_practice_without_keys_is_told_nothing_and_nobody_is_asked() {
    let html = html::<IntakeSection>(|| section(Offer::No, Writer::Guest, Keys::Unknown, vec![])).await;
    assert!(!html.contains("textarea") && !html.contains("practice should know"), "{html}");
}

/// One of every kind.
fn questions() -> Value {
    json!([
        {"id": 1, "words": "Which side hurts?", "kind": "one_of", "choices": ["Left", "Right"], "required": true},
        {"id": 2, "words": "Where?", "kind": "several_of", "choices": ["Neck", "Back"], "help": "Tick all that fit."},
        {"id": 3, "words": "Been here before?", "kind": "yes_no"},
        {"id": 4, "words": "Since when?", "kind": "date", "required": true},
        {"id": 5, "words": "Any allergies?", "kind": "short_text"},
        {"id": 6, "words": "Anything else?", "kind": "long_text"},
    ])
}

#[tokio::test]
async fn a_practice_without_keys_asks_none_of_its_questions_and_the_page_says_what_happens_instead() {
    let props = || asking(Offer::No, Writer::Guest, Keys::Unknown, questions(), vec![]);
    let html = html::<IntakeSection>(props).await;
    in_order(&html, &["Wattle Lane Physio has questions for you", "It may call you before you come"]);
    assert!(!html.contains("<input") && !html.contains("Which side hurts?"), "{html}");
}

#[tokio::test]
async fn questions_are_asked_in_their_order_and_say_in_words_what_is_needed() {
    let typed = || {
        vec![
            IntakeAction::Answer(1, "Right".to_owned()),
            IntakeAction::Tick(2, "Back".to_owned(), true),
            IntakeAction::Answer(5, "nuts".to_owned()),
        ]
    };
    let props = move || asking(Offer::Yes, Writer::Guest, Keys::Unknown, questions(), typed());
    let html = html::<IntakeSection>(props).await;
    in_order(
        &html,
        &[
            "Why are you coming?",
            "Questions from Wattle Lane Physio",
            "role=\"radiogroup\"",
            "<legend>",
            "Which side hurts?",
            " (required)",
            "id=\"question-1\"",
            "Left",
            "Right",
            "Where?",
            " (optional)",
            "Tick all that fit.",
            "type=\"checkbox\"",
            "Been here before?",
            "Yes",
            "No answer",
            "Since when? (required)",
            "type=\"date\"",
            "Any allergies?",
            "(optional)",
            "value=\"nuts\"",
            "Anything else?",
            "2,000 letters left",
            "I would rather tell the practice what it needs when I come.",
            "type=\"file\"",
            "id=\"intake-consent\"",
        ],
    );
    // The right side, the back, and that nothing is said of an earlier visit.
    assert_eq!(html.matches(" checked").count(), 3, "{html}");
    assert!(!html.contains("first?<span"), "not all of it is optional: {html}");
}

#[tokio::test]
async fn an_answer_that_is_missing_is_marked_beside_its_question() {
    let props = || {
        let mut props = asking(Offer::Yes, Writer::Guest, Keys::Unknown, questions(), vec![]);
        let errors = props.intake.check();
        props.intake.form = props.intake.form.reduce(IntakeAction::Judge(errors));
        props
    };
    let html = html::<IntakeSection>(props).await;
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 2, "{html}");
    in_order(&html, &["id=\"question-1-error\"", "Answer “Which side hurts?”", "Answer “Since when?”"]);
}

#[tokio::test]
async fn a_guest_may_write_and_is_told_that_it_cannot_be_reread() {
    let html = html::<IntakeSection>(|| section(Offer::Yes, Writer::Guest, Keys::Unknown, vec![])).await;
    in_order(
        &html,
        &[
            "Anything the practice should know first?",
            "(optional)",
            "Why are you coming?",
            "only Wattle Lane Physio can read it. You cannot reread it elsewhere.",
            "2,000 letters left",
            "type=\"file\"",
            "call 000",
        ],
    );
    assert!(!html.contains("type=\"checkbox\""), "nothing entered, nothing to agree to: {html}");
}

#[tokio::test]
async fn what_was_entered_wants_its_own_box_which_is_not_ticked() {
    let typed = || {
        let attach = IntakeAction::Attach {
            name: "referral.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: "A".repeat(4 * 1024),
        };
        section(Offer::Yes, Writer::Guest, Keys::Unknown, vec![attach])
    };
    let html = html::<IntakeSection>(typed).await;
    in_order(
        &html,
        &[
            "referral.pdf",
            "3 KB",
            "Remove",
            "Only the practice reads it.",
            "id=\"intake-consent\"",
            "I agree",
        ],
    );
    assert!(!html.contains(" checked"), "{html}");
}

#[tokio::test]
async fn a_member_opens_or_makes_keys_first_or_goes_on_without() {
    let locked = Ways { password: true, passkey: false };
    let html =
        html::<IntakeSection>(move || section(Offer::Yes, member(), Keys::Locked(locked), vec![])).await;
    in_order(&html, &["or go on without.", "type=\"password\"", "Open my keys", "Use the recovery code"]);
    assert!(!html.contains("textarea"), "{html}");
    let absent = || section(Offer::Yes, member(), Keys::Absent, vec![]);
    let html = self::html::<IntakeSection>(absent).await;
    in_order(&html, &["You can also book without", "href=\"/account/keys\"", "I have made them"]);
    let open = || section(Offer::Yes, member(), Keys::Open(Ways::default()), vec![]);
    let html = self::html::<IntakeSection>(open).await;
    in_order(&html, &["only Wattle Lane Physio and you can read it."]);
}

#[tokio::test]
async fn where_it_cannot_be_found_out_one_books_without() {
    let failed =
        || Offer::Failed(Problem::new("offline", 0, "No connection").detail("Check your connection."));
    let html = html::<IntakeSection>(move || section(failed(), Writer::Guest, Keys::Unknown, vec![])).await;
    in_order(&html, &["You cannot write to the practice just now", "You can book without.", "Try again"]);
}

#[tokio::test]
async fn a_form_that_asks_why_says_who_reads_it_and_keeps_its_button_outside() {
    let props = || {
        let mut props = form_props(frontend::forms::party::PartyForm::default());
        props.asks_why = true;
        props.children = yew::html! { <p>{ "asked here" }</p> };
        props
    };
    let html = html::<PartyFormView>(props).await;
    in_order(
        &html,
        &["id=\"party\"", "</form>", "asked here", "Why you are coming is sealed", "form=\"party\""],
    );
    assert!(!html.contains("We do not ask why"), "{html}");
}

fn changed_keys() -> SeenKeys {
    serde_json::from_value(json!({
        "subject": { "kind": "practice", "id": ID },
        "fingerprint": "11111 22222 33333 44444 55555 66666 77777 88888 99999 00000 12345 67890",
        "before": "00001 00002 00003 00004 00005 00006 00007 00008 00009 00010 00011 00012",
        "epoch": 2,
    }))
    .unwrap()
}

#[tokio::test]
async fn changed_keys_stop_everything_until_somebody_has_compared_them() {
    let props = || KeyChangedProps {
        keys: changed_keys(),
        whose: "Wattle Lane Physio".into(),
        phone: Some("(02) 5550 1234".into()),
        busy: false,
        on_same: Callback::noop(),
        on_leave: Callback::noop(),
        leave: "Book without what I wrote".into(),
    };
    let html = html::<KeyChanged>(props).await;
    in_order(
        &html,
        &[
            "role=\"alert\"",
            "The keys of Wattle Lane Physio have changed",
            "nothing was sent",
            "(02) 5550 1234",
            "11111",
            "67890",
            "The one this browser knows",
            "00012",
            "Book without what I wrote",
            "We compared them: they are the same",
        ],
    );
}

#[tokio::test]
async fn the_last_look_says_what_goes_along_sealed_and_what_is_under_way() {
    let props = || {
        let mut props: PartyCheckProps = check_props(None);
        props.sealed = "your reason and 2 files".into();
        props.confirm.progress = Some(Progress::Sending(2, 3));
        props
    };
    let html = html::<PartyCheck>(props).await;
    in_order(
        &html,
        &["For the practice", "Your reason and 2 files", "Sealed in your browser when you confirm"],
    );
    in_order(&html, &["aria-busy=\"true\"", "Sending 2 of 3…", "role=\"status\"", "Sending 2 of 3…"]);
    let changed = || {
        let mut props = check_props(None);
        props.confirm.changed = Some(changed_keys());
        props
    };
    let html = self::html::<PartyCheck>(changed).await;
    in_order(&html, &["have changed", "Book without what I wrote", "Confirm booking"]);
}

#[tokio::test]
async fn keys_open_with_what_there_is() {
    let props = |password, passkey| UnlockProps {
        ways: Ways { password, passkey },
        busy: false,
        problem: Some(Problem::new("vault", 0, "Your keys could not be used").detail("That does not open.")),
        on_open: Callback::noop(),
        children: Html::default(),
    };
    let html = html::<Unlock>(move || props(true, true)).await;
    in_order(&html, &["That does not open.", "current-password", "Use a passkey", "Use the recovery code"]);
    let html = self::html::<Unlock>(move || props(false, false)).await;
    in_order(&html, &["You chose a new password", "Recovery code"]);
    assert!(!html.contains("type=\"password\"") && !html.contains("Use a passkey"), "{html}");
}

#[tokio::test]
async fn a_recovery_code_is_shown_for_paper_and_its_last_group_is_asked_for() {
    let props = || RecoveryCodeProps {
        code: "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ".into(),
        email: "ada@example.org".into(),
        on_done: Callback::noop(),
    };
    let html = html::<RecoveryCode>(props).await;
    in_order(&html, &["0123", "WXYZ", "Print", "Copy", "the only time", "Type the last group of four"]);
}

fn thread(content: serde_json::Value) -> Rc<OpenThread> {
    let entry = json!({ "leaf": "l", "index": 0, "proof": [] });
    let notes = json!({
        "booking_id": ID,
        "organization_id": ID,
        "minimum_epoch": 1,
        "head": { "checkpoint": "c", "key": "k" },
        "epochs": [entry],
        "patients": [],
        "certificates": [],
        "grants": [],
        "items": [{
            "note_id": ID,
            "version": 1,
            "epoch": 1,
            "author": { "side": "guest" },
            "created_at": "2026-11-22T22:00:00Z",
            "padded_bytes": 256,
            "envelope": "e",
        }],
    });
    let opened = json!([{ "note_id": ID, "content": content, "own": false }]);
    Rc::new(OpenThread {
        notes: serde_json::from_value(notes).unwrap(),
        opened: serde_json::from_value(opened).unwrap(),
    })
}

fn note_props(content: serde_json::Value) -> NoteViewProps {
    NoteViewProps { thread: thread(content), at: 0, me: ID.parse().unwrap() }
}

#[tokio::test]
async fn a_note_says_who_wrote_it_and_shows_its_words_as_they_are() {
    let reason = || note_props(json!({ "Ok": { "kind": "reason", "text": "My knee <b>hurts</b>." } }));
    let html = html::<NoteView>(reason).await;
    in_order(&html, &["The patient, without an account", "Reason for coming", "My knee &lt;b&gt;hurts"]);
}

#[tokio::test]
async fn answers_stand_below_the_questions_they_were_given_to() {
    let answers = || {
        let answers = json!([
            {"question": "Where does it <i>hurt</i>?", "answer": "Neck\nBack"},
            {"question": "Any allergies?", "answer": ""},
        ]);
        note_props(json!({ "Ok": { "kind": "intake_answers", "answers": answers } }))
    };
    let html = html::<NoteView>(answers).await;
    in_order(
        &html,
        &[
            "Answers to the practice’s questions",
            "Where does it &lt;i&gt;hurt",
            "Neck\nBack",
            "Any allergies?",
            "Not answered",
        ],
    );
    let none = || note_props(json!({ "Ok": { "kind": "intake_answers", "answers": [] } }));
    in_order(&self::html::<NoteView>(none).await, &["Answers to the practice’s questions", "Taken back."]);
}

#[tokio::test]
async fn a_note_that_was_changed_on_its_way_is_not_shown_and_says_so() {
    let refused = || note_props(json!({ "Err": VaultRefusal::Signature }));
    let html = html::<NoteView>(refused).await;
    in_order(&html, &["note__refused", "was changed on its way and is not shown"]);
}

#[tokio::test]
async fn a_file_can_be_saved_and_is_not_opened_here() {
    let file = || {
        let content = json!({
            "kind": "attachment",
            "file_name": "rash.jpg",
            "media_type": "text/html",
            "bytes": "A".repeat(4 * 1024),
        });
        note_props(json!({ "Ok": content }))
    };
    let html = html::<NoteView>(file).await;
    in_order(&html, &["rash.jpg", "3 KB", "Save"]);
    for opened in ["<a ", "src=", "text/html"] {
        assert!(!html.contains(opened), "{opened} in {html}");
    }
}
