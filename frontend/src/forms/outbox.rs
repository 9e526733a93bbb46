//! Which notes of a booking are sealed and sent, so that a second try sends nothing twice.
//!
//! A note keeps its id. What is changed after it was sent is its next version; what was sealed and whose answer was lost
//! goes again as it was, with the same key.

use shared_types::{NoteId, Problem};

use super::{attempt::outcome_is_open, intake::Part};

/// What of a booking was sent, and what was tried.
#[derive(Default)]
pub struct Outbox(Vec<Entry>);

struct Entry {
    part: Part,
    note_id: NoteId,
    /// The last version that the practice has.
    sent: Option<Sent>,
    tried: Option<Tried>,
}

struct Sent {
    version: u32,
    /// What it says; not known when only the server's word tells that it arrived.
    what: Option<String>,
}

struct Tried {
    version: u32,
    what: String,
    sealed: Sealed,
}

/// A sealed note, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope.
    pub envelope: String,
    /// Makes a repeat harmless.
    pub key: String,
}

/// What is to be done about a part.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the practice has it.
    Nothing,
    /// Send this again: nobody knows whether it arrived.
    Again(Sealed),
    /// Seal it as this version of that note.
    Seal {
        /// Which note.
        note_id: NoteId,
        /// Which version.
        version: u32,
    },
}

impl Outbox {
    /// What is to be done about a part that says `what`; `make_id` gives the id of a new note.
    pub fn next(&mut self, part: Part, what: &str, make_id: impl FnOnce() -> NoteId) -> Next {
        let entry = self.entry(part, make_id);
        if entry.sent.as_ref().is_some_and(|sent| sent.what.as_deref() == Some(what)) {
            return Next::Nothing;
        }
        if let Some(tried) = entry.tried.as_ref().filter(|tried| tried.what == what) {
            return Next::Again(tried.sealed.clone());
        }
        let version = entry.sent.as_ref().map_or(1, |sent| sent.version + 1);
        Next::Seal { note_id: entry.note_id, version }
    }

    /// Notes that a part was sealed and is on its way.
    pub fn trying(&mut self, part: Part, version: u32, what: &str, sealed: Sealed) {
        if let Some(entry) = self.find(part) {
            entry.tried = Some(Tried { version, what: what.to_owned(), sealed });
        }
    }

    /// Notes how it went.
    pub fn settle(&mut self, part: Part, problem: Option<&Problem>) {
        let Some(entry) = self.find(part) else { return };
        match problem {
            Some(problem) if outcome_is_open(problem) => {}
            None => {
                if let Some(tried) = entry.tried.take() {
                    entry.sent = Some(Sent { version: tried.version, what: Some(tried.what) });
                }
            }
            // The version is there: an earlier try had arrived after all.
            Some(problem) if problem.is("note-version") => {
                if let Some(tried) = entry.tried.take() {
                    entry.sent = Some(Sent { version: tried.version, what: None });
                }
            }
            Some(_) => entry.tried = None,
        }
    }

    /// Whether the practice has some version of a part.
    pub fn has_sent(&self, part: Part) -> bool {
        self.0.iter().any(|entry| entry.part == part && entry.sent.is_some())
    }

    /// How many parts the practice has.
    pub fn sent(&self) -> usize {
        self.0.iter().filter(|entry| entry.sent.is_some()).count()
    }

    fn find(&mut self, part: Part) -> Option<&mut Entry> {
        self.0.iter_mut().find(|entry| entry.part == part)
    }

    fn entry(&mut self, part: Part, make_id: impl FnOnce() -> NoteId) -> &mut Entry {
        let at = self.0.iter().position(|entry| entry.part == part).unwrap_or_else(|| {
            self.0.push(Entry { part, note_id: make_id(), sent: None, tried: None });
            self.0.len() - 1
        });
        &mut self.0[at]
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{NoteId, Problem};

    use super::{Next, Outbox, Part, Sealed};

    fn id(nth: u128) -> NoteId {
        format!("00000000-0000-7000-8000-{nth:012}").parse().unwrap()
    }

    fn sealed(envelope: &str) -> Sealed {
        Sealed { envelope: envelope.to_owned(), key: format!("key of {envelope}") }
    }

    fn lost() -> Problem {
        Problem::new("offline", 0, "No connection")
    }

    /// Sends a part that says that, and tells how it went.
    fn send(outbox: &mut Outbox, what: &str, version: u32, problem: Option<&Problem>) {
        outbox.next(Part::Reason, what, || id(1));
        outbox.trying(Part::Reason, version, what, sealed(what));
        outbox.settle(Part::Reason, problem);
    }

    #[test]
    fn what_arrived_is_not_sent_again() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.next(Part::Reason, "knee", || id(1)), Next::Seal { note_id: id(1), version: 1 });
        send(&mut outbox, "knee", 1, None);
        assert_eq!(outbox.next(Part::Reason, "knee", || id(2)), Next::Nothing);
        assert!(outbox.has_sent(Part::Reason) && !outbox.has_sent(Part::File(0)));
    }

    #[test]
    fn what_may_have_arrived_goes_again_as_it_was() {
        let mut outbox = Outbox::default();
        send(&mut outbox, "knee", 1, Some(&lost()));
        assert_eq!(outbox.next(Part::Reason, "knee", || id(2)), Next::Again(sealed("knee")));
        assert_eq!(outbox.sent(), 0);
    }

    #[test]
    fn what_was_refused_is_sealed_anew() {
        let mut outbox = Outbox::default();
        send(&mut outbox, "knee", 1, Some(&Problem::new("old-epoch", 409, "Over")));
        assert_eq!(outbox.next(Part::Reason, "knee", || id(2)), Next::Seal { note_id: id(1), version: 1 });
    }

    #[test]
    fn a_change_after_it_arrived_is_the_next_version_of_the_same_note() {
        let mut outbox = Outbox::default();
        send(&mut outbox, "knee", 1, None);
        assert_eq!(outbox.next(Part::Reason, "hip", || id(2)), Next::Seal { note_id: id(1), version: 2 });
    }

    #[test]
    fn a_version_that_is_there_already_had_arrived_and_the_words_of_now_follow_it() {
        let mut outbox = Outbox::default();
        send(&mut outbox, "knee", 1, Some(&lost()));
        send(&mut outbox, "hip", 1, Some(&Problem::new("note-version", 409, "Not the next")));
        assert_eq!(outbox.next(Part::Reason, "hip", || id(2)), Next::Seal { note_id: id(1), version: 2 });
    }

    #[test]
    fn parts_do_not_know_of_each_other() {
        let mut outbox = Outbox::default();
        send(&mut outbox, "knee", 1, None);
        let next = outbox.next(Part::File(0), "knee", || id(2));
        assert_eq!(next, Next::Seal { note_id: id(2), version: 1 });
    }
}
