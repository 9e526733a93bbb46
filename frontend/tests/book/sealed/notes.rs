//! Notes about a booking, once a browser has opened them.

use std::rc::Rc;

use frontend::{
    components::note_view::{NoteView, NoteViewProps},
    hooks::use_thread::OpenThread,
};
use serde_json::json;
use shared_types::vault::VaultRefusal;

use super::ID;
use crate::parts::{html, in_order};

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
