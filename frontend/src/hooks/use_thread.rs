//! Everything said about a booking: fetched, opened in the vault, and added to. From the patient's side and from the
//! practice's it is the same.

use std::{cell::Cell, cell::RefCell, rc::Rc};

use shared_types::{
    AccountId, BookingId, OrganizationId, Problem,
    users::{AddNote, BookingNotes},
    vault::{NoteContent, NoteContext, OpenedNote, SealTo, SeenKeys, VaultReply, VaultRequest},
};
use yew::{platform::spawn_local, prelude::*};

use super::{Act, use_act, use_version};
use crate::{
    account,
    api::{ApiClient, sealed, use_api_client},
    forms::{attempt::outcome_is_open, readers::newest_of},
    intake::{self, Stopped},
    vault,
};

/// Whose side one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The patient's.
    Patient,
    /// The practice's.
    Practice(OrganizationId),
}

/// Which booking, for whom, from which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub booking_id: BookingId,
    /// Whose keys are open.
    pub account_id: AccountId,
    /// The side.
    pub side: Side,
}

/// What was said, as the server keeps it and as it opens. It may hold large files, so it is handed about and not copied.
#[derive(Debug)]
pub struct OpenThread {
    /// As the server keeps it.
    pub notes: BookingNotes,
    /// In the same order.
    pub opened: Vec<OpenedNote>,
}

impl PartialEq for OpenThread {
    /// What was read once is one value.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// How far reading is.
#[derive(Clone, PartialEq)]
pub enum Reading {
    /// On its way.
    Loading,
    /// It cannot be read.
    Failed(Problem),
    /// Somebody's keys have changed; they are to be compared first.
    Changed(SeenKeys),
    /// Here it is.
    Open(Rc<OpenThread>),
}

/// A booking's notes and a way to add to them.
#[derive(Clone, PartialEq)]
pub struct Thread {
    /// What there is to read.
    pub reading: Reading,
    /// Sending.
    pub act: Act,
    /// Somebody's keys turned out to have changed when something was sealed to them.
    pub changed: Option<SeenKeys>,
    /// How many messages were sent since the page was opened.
    pub sent: u32,
    /// Sends a message.
    pub on_send: Callback<String>,
    /// The keys were compared and found to be right.
    pub on_same_keys: Callback<SeenKeys>,
    /// Reads it all again.
    pub on_again: Callback<()>,
}

/// A message that was sealed and may have arrived.
struct Tried {
    text: String,
    envelope: String,
}

/// Follows what is said about a booking. The keys must be open.
#[hook]
pub fn use_thread(place: Place) -> Thread {
    let client = use_api_client();
    let (version, on_again) = use_version();
    let reading = use_reading(client.clone(), place, version);
    let (act, sent) = (use_act(), use_state_eq(|| 0_u32));
    let changed = use_state(|| None::<SeenKeys>);
    let tried = use_mut_ref(|| None::<Tried>);
    let on_send = {
        let (client, act, changed, sent) = (client.clone(), act.clone(), changed.setter(), sent.clone());
        let (reading, tried, on_again) = (reading.clone(), Rc::clone(&tried), on_again.clone());
        Callback::from(move |text: String| {
            let Reading::Open(thread) = &reading else { return };
            let (client, thread, tried) = (client.clone(), Rc::clone(thread), Rc::clone(&tried));
            let (changed, sent, on_again) = (changed.clone(), sent.clone(), on_again.clone());
            changed.set(None);
            let attempt = move || {
                let (client, thread, tried) = (client.clone(), Rc::clone(&thread), Rc::clone(&tried));
                let text = text.clone();
                async move {
                    match send(&client, place, &thread, text, &tried).await {
                        Ok(()) => Ok(None),
                        Err(Stopped::Changed(keys)) => Ok(Some(keys)),
                        Err(Stopped::Problem(problem)) => Err(problem),
                    }
                }
            };
            act.run(attempt, move |stopped: Option<SeenKeys>| match stopped {
                Some(keys) => changed.set(Some(keys)),
                None => {
                    sent.set(*sent + 1);
                    on_again.emit(());
                }
            });
        })
    };
    let on_same_keys = {
        let (act, changed, on_again) = (act.clone(), changed.setter(), on_again.clone());
        Callback::from(move |keys: SeenKeys| {
            let (changed, on_again) = (changed.clone(), on_again.clone());
            let agree = move || {
                let keys = keys.clone();
                async move { intake::agree(Some(place.account_id), &keys).await }
            };
            act.run(agree, move |()| {
                changed.set(None);
                on_again.emit(());
            });
        })
    };
    Thread { reading, act, changed: (*changed).clone(), sent: *sent, on_send, on_same_keys, on_again }
}

/// Reads anew whenever the version goes up; until then what was read stays.
#[hook]
fn use_reading(client: ApiClient, place: Place, version: u32) -> Reading {
    let reading = use_state(|| Reading::Loading);
    let set = reading.setter();
    use_effect_with((place, version), move |_| {
        let outdated = Rc::new(Cell::new(false));
        let gone = Rc::clone(&outdated);
        spawn_local(async move {
            let read = match read(&client, place).await {
                Ok(thread) => Reading::Open(Rc::new(thread)),
                Err(Stopped::Changed(keys)) => Reading::Changed(keys),
                Err(Stopped::Problem(problem)) => Reading::Failed(problem),
            };
            if !gone.get() {
                set.set(read);
            }
        });
        move || outdated.set(true)
    });
    (*reading).clone()
}

async fn read(client: &ApiClient, place: Place) -> Result<OpenThread, Stopped> {
    let (since, booking_id) = (vault::log_size().await, place.booking_id);
    let (notes, as_practice) = match place.side {
        Side::Patient => (sealed::list_notes(client, booking_id, since).await?, false),
        Side::Practice(practice) => {
            (sealed::list_practice_notes(client, practice, booking_id, since).await?, true)
        }
    };
    let request = VaultRequest::Open { notes: notes.clone(), as_practice };
    let reply = vault::ask_for(place.account_id, request).await;
    if let VaultReply::Opened { notes: opened, .. } = reply {
        Ok(OpenThread { notes, opened })
    } else if let VaultReply::Changed { keys, .. } = reply {
        Err(Stopped::Changed(keys))
    } else {
        Err(Stopped::Problem(account::refused(reply)))
    }
}

/// Seals and sends a message. One whose answer was lost goes again as it was: if it had arrived, the server says that its
/// version is there.
async fn send(
    client: &ApiClient,
    place: Place,
    thread: &OpenThread,
    text: String,
    tried: &RefCell<Option<Tried>>,
) -> Result<(), Stopped> {
    let before = tried.take().filter(|tried| tried.text == text);
    let again = before.is_some();
    let envelope = match before {
        Some(tried) => tried.envelope,
        None => seal(place, &thread.notes, &text).await?,
    };
    tried.replace(Some(Tried { text, envelope: envelope.clone() }));
    let note = AddNote { envelope };
    let answer = match place.side {
        Side::Patient => sealed::add_note(client, place.booking_id, &note).await,
        Side::Practice(practice) => {
            sealed::add_practice_note(client, practice, place.booking_id, &note).await
        }
    };
    match answer {
        Ok(_) => {}
        Err(problem) if again && problem.is("note-version") => {}
        Err(problem) => {
            if !outcome_is_open(&problem) {
                tried.take();
            }
            return Err(problem.into());
        }
    }
    tried.take();
    Ok(())
}

async fn seal(place: Place, notes: &BookingNotes, text: &str) -> Result<String, Stopped> {
    let practice = notes.epochs.last().cloned().ok_or_else(Problem::internal)?;
    let as_practice = match place.side {
        Side::Patient => false,
        Side::Practice(_) => true,
    };
    let context = NoteContext {
        booking_id: notes.booking_id,
        organization_id: notes.organization_id,
        note_id: intake::new_note_id()?,
        version: 1,
    };
    // On the patient's side the signer's own keys come from the vault.
    let comes_along = |reader: &AccountId| as_practice || *reader != place.account_id;
    let readers: Vec<_> = notes.seal_to.iter().copied().filter(comes_along).collect();
    let patients = newest_of(&notes.patients, &readers);
    let to = SealTo { head: notes.head.clone(), practice, patients, as_practice };
    let note = NoteContent::Message { text: text.to_owned().into() };
    let request = VaultRequest::Seal { context, note, to, guest: false };
    intake::envelope(vault::ask_for(place.account_id, request).await)
}
