//! A practice's inbox: bookings with notes from users, and who and when from bookings. Neither service knows what the
//! other does; the page puts them together.

use std::{collections::BTreeMap, rc::Rc};

use shared_types::{
    BookingId, OrganizationId, Problem,
    bookings::{PRACTICE_BOOKINGS, PracticeAppointment},
    page::Page,
    users::BookingWithNotes,
};
use yew::{platform::spawn_local, prelude::*};

use super::{Act, use_act};
use crate::api::{ApiClient, practice, sealed, use_api_client};

/// One booking with notes.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxRow {
    /// Its notes.
    pub notes: BookingWithNotes,
    /// Who and when; absent when it is no longer the practice's, or bookings did not answer.
    pub appointment: Option<PracticeAppointment>,
}

/// The inbox as far as it was read.
#[derive(Clone, PartialEq)]
pub struct Inbox {
    /// The newest first; absent before the first page.
    pub rows: Option<Rc<Vec<InboxRow>>>,
    /// Whether there are more.
    pub has_more: bool,
    /// Reading.
    pub act: Act,
    /// Reads the next page.
    pub on_more: Callback<()>,
    /// Reads it all anew.
    pub on_again: Callback<()>,
}

#[derive(Clone, Default)]
struct Read {
    rows: Option<Rc<Vec<InboxRow>>>,
    next: Option<String>,
}

/// Reads a practice's inbox, the newest first.
#[hook]
pub fn use_inbox(organization_id: OrganizationId) -> Inbox {
    let client = use_api_client();
    let act = use_act();
    let read = use_state(Read::default);
    let load = {
        let (act, read) = (act.clone(), read.clone());
        move |from: Read| {
            let (client, cursor) = (client.clone(), from.next.clone());
            let set = read.setter();
            let fetch = move || {
                let (client, cursor) = (client.clone(), cursor.clone());
                async move { page(&client, organization_id, cursor).await }
            };
            act.run(fetch, move |(rows, next): (Vec<InboxRow>, Option<String>)| {
                let before = from.rows.as_deref().cloned().unwrap_or_default();
                set.set(Read { rows: Some(Rc::new([before, rows].concat())), next });
            });
        }
    };
    {
        let load = load.clone();
        use_effect_with(organization_id, move |_| load(Read::default()));
    }
    let on_more = {
        let (load, read) = (load.clone(), read.clone());
        Callback::from(move |()| load((*read).clone()))
    };
    let on_again = Callback::from(move |()| load(Read::default()));
    Inbox { rows: read.rows.clone(), has_more: read.next.is_some(), act, on_more, on_again }
}

async fn page(
    client: &ApiClient,
    organization_id: OrganizationId,
    cursor: Option<String>,
) -> Result<(Vec<InboxRow>, Option<String>), Problem> {
    let path = sealed::list_note_inbox(organization_id, cursor.as_deref());
    let Page { items, next } = client.get(&path).await.read::<Page<BookingWithNotes>>()?;
    let mut booked = appointments(client, organization_id, &items).await;
    let rows = items.into_iter().map(|notes| {
        let appointment = booked.remove(&notes.booking_id);
        InboxRow { notes, appointment }
    });
    Ok((rows.collect(), next))
}

/// Who comes and when. Without an answer the notes are there all the same.
async fn appointments(
    client: &ApiClient,
    organization_id: OrganizationId,
    items: &[BookingWithNotes],
) -> BTreeMap<BookingId, PracticeAppointment> {
    let ids: Vec<_> = items.iter().map(|item| item.booking_id).collect();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(PRACTICE_BOOKINGS) {
        let booked = practice::list_practice_bookings(client, organization_id, ids).await;
        let booked = booked.map(|page| page.items).unwrap_or_default();
        found.extend(booked.into_iter().map(|one| (one.booking_id, one)));
    }
    found
}

/// One appointment of a practice, by its booking; `None` until it is there, and where there is none.
#[hook]
pub fn use_practice_appointment(
    organization_id: OrganizationId,
    booking_id: BookingId,
) -> Option<Rc<PracticeAppointment>> {
    let client = use_api_client();
    let found = use_state(|| None::<Rc<PracticeAppointment>>);
    let set = found.setter();
    use_effect_with((organization_id, booking_id), move |(organization_id, booking_id)| {
        let (organization_id, booking_id) = (*organization_id, *booking_id);
        spawn_local(async move {
            let booked = practice::list_practice_bookings(&client, organization_id, &[booking_id]).await;
            set.set(booked.ok().and_then(|page| page.items.into_iter().next()).map(Rc::new));
        });
    });
    (*found).clone()
}
