//! Everything that is held about a person, gathered and opened in their browser, and written as two files: one for
//! machines and one for people. Pure: the hook fetches, the vault opens.

pub mod html;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use shared_types::{
    BookingId,
    export::DataExport,
    users::{BookingNotes, SealedNote},
    vault::OpenedNote,
};

/// The only format there is.
pub const FORMAT: &str = "hellomapper-export/1";

/// What was gathered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// What each service holds.
    pub services: Vec<DataExport>,
    /// Sealed messages, booking by booking.
    pub messages: Vec<Messages>,
    /// What could not be had: what it is, and why.
    pub missing: Vec<(String, String)>,
}

/// The sealed messages of one booking, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Messages {
    /// Which booking.
    pub booking_id: BookingId,
    /// In order; each as the server keeps it, with what it says.
    pub notes: Vec<(SealedNote, OpenedNote)>,
}

impl Messages {
    /// Puts the server's notes and the vault's answers together.
    pub fn of(notes: BookingNotes, opened: Vec<OpenedNote>) -> Self {
        Self { booking_id: notes.booking_id, notes: notes.items.into_iter().zip(opened).collect() }
    }
}

/// The bookings that have sealed messages, as users says in its own export.
pub fn bookings_with_messages(users: &DataExport) -> Vec<BookingId> {
    let parts = users.parts.iter().filter(|part| part.name.contains("note"));
    let ids = parts.flat_map(|part| &part.rows).filter_map(|row| row["booking_id"].as_str()?.parse().ok());
    ids.collect::<BTreeSet<BookingId>>().into_iter().collect()
}

/// The file for machines.
pub fn to_json(gathered: &Gathered, made_at: Timestamp) -> String {
    let missing: Vec<_> =
        gathered.missing.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect();
    let whole = json!({
        "format": FORMAT,
        "made_at": made_at,
        "services": gathered.services,
        "sealed_messages": gathered.messages.iter().map(messages_json).collect::<Vec<_>>(),
        "missing": missing,
    });
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

fn messages_json(messages: &Messages) -> Value {
    let notes = messages.notes.iter().map(|(sealed, opened)| {
        let (content, refused) = match &opened.content {
            Ok(content) => (Some(content), None),
            Err(why) => (None, Some(why)),
        };
        json!({
            "note_id": sealed.note_id,
            "version": sealed.version,
            "author": sealed.author,
            "created_at": sealed.created_at,
            "own": opened.own,
            "content": content,
            "refused": refused,
        })
    });
    json!({ "booking_id": messages.booking_id, "notes": notes.collect::<Vec<_>>() })
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};
    use shared_types::{
        BookingId, NoteId,
        export::{DataExport, ExportPart},
        users::{NoteAuthor, SealedNote},
        vault::{NoteContent, OpenedNote, VaultRefusal},
    };
    use uuid::Uuid;

    use super::{FORMAT, Gathered, Messages, bookings_with_messages, to_json};

    fn booking() -> BookingId {
        BookingId(Uuid::from_u128(5))
    }

    fn note(nth: u128, content: Result<NoteContent, VaultRefusal>) -> (SealedNote, OpenedNote) {
        let note_id = NoteId(Uuid::from_u128(nth));
        let sealed = SealedNote {
            note_id,
            version: 1,
            epoch: 1,
            author: NoteAuthor::Guest,
            created_at: "2026-11-23T00:00:00Z".parse().unwrap(),
            padded_bytes: 1024,
            envelope: "sealed bytes".to_owned(),
        };
        (sealed, OpenedNote { note_id, content, own: true })
    }

    /// Two services, a message that opens and one that does not, and one service that failed.
    pub(crate) fn gathered() -> Gathered {
        let part = |name: &str, rows| ExportPart {
            name: name.to_owned(),
            title: format!("Your {name}"),
            held: "Until <you> say so.".to_owned(),
            rows,
        };
        let export = |service: &str, parts| DataExport {
            service: service.to_owned(),
            as_of: "2026-11-23T00:00:00Z".parse().unwrap(),
            parts,
        };
        let row = json!({ "booking_id": booking(), "note": "<script>alert(1)</script>" });
        Gathered {
            services: vec![
                export("users", vec![part("sealed_note", vec![row.clone(), row]), part("session", vec![])]),
                export("bookings", vec![part("appointment", vec![json!({ "date_of_birth": "1980-02-29" })])]),
            ],
            messages: vec![Messages {
                booking_id: booking(),
                notes: vec![
                    note(1, Ok(NoteContent::Message { text: "a < b & c".to_owned().into() })),
                    note(2, Err(VaultRefusal::Signature)),
                ],
            }],
            missing: vec![("Messages".to_owned(), "We could not reach HelloMapper".to_owned())],
        }
    }

    #[test]
    fn a_booking_with_several_messages_is_asked_for_once() {
        assert_eq!(bookings_with_messages(&gathered().services[0]), [booking()]);
        assert!(bookings_with_messages(&gathered().services[1]).is_empty());
    }

    #[test]
    fn the_file_for_machines_has_everything_that_was_gathered_and_says_what_is_missing() {
        let text = to_json(&gathered(), "2026-11-26T00:00:00Z".parse().unwrap());
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(whole["format"], FORMAT);
        assert_eq!(whole["services"][1]["parts"][0]["rows"][0]["date_of_birth"], "1980-02-29");
        let notes = &whole["sealed_messages"][0]["notes"];
        assert_eq!(notes[0]["content"]["text"], "a < b & c");
        assert_eq!(notes[1]["refused"], "signature");
        assert_eq!(whole["missing"][0]["what"], "Messages");
        assert!(!text.contains("sealed bytes"));
    }
}
