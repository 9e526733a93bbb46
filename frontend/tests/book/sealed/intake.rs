//! What one writes to the practice with a booking.

use std::rc::Rc;

use frontend::{
    components::{
        intake_section::{IntakeSection, IntakeSectionProps},
        party_form::PartyFormView,
    },
    forms::intake::{IntakeAction, IntakeForm},
    hooks::{
        use_intake::{Intake, Offer, Writer},
        use_vault::{Keys, VaultDoor, Ways},
    },
};
use jiff::civil::date;
use serde_json::{Value, json};
use shared_types::{
    Problem,
    bookings::Question,
    users::{ConsentText, Me},
};
use yew::{Callback, Reducible};

use super::ID;
use crate::parts::{form_props, html, in_order};

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
