//! Gathers everything that is held about a person, service by service, and opens what is sealed if the keys are open.

use std::rc::Rc;

use shared_types::{
    AccountId, BookingId, Problem,
    export::DataExport,
    vault::{VaultReply, VaultRequest},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    account,
    api::{ApiClient, own_record, sealed, use_api_client},
    export::{Gathered, Messages, bookings_with_messages},
    record::words::service_name,
    vault,
};

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Gathering {
    /// Not begun.
    Waiting,
    /// On its way: what is being done, in words.
    Running(AttrValue),
    /// Done; what could not be had is named in it.
    Done(Rc<Gathered>),
}

/// What is gathered, and the beginning of it.
#[hook]
pub fn use_export(account_id: AccountId) -> (Gathering, Callback<()>) {
    let client = use_api_client();
    let gathering = use_state(|| Gathering::Waiting);
    let busy = use_mut_ref(|| false);
    let begin = {
        let set = gathering.setter();
        Callback::from(move |()| {
            if std::mem::replace(&mut *busy.borrow_mut(), true) {
                return;
            }
            let (client, set, busy) = (client.clone(), set.clone(), busy.clone());
            spawn_local(async move {
                let say = |words: String| set.set(Gathering::Running(words.into()));
                let gathered = gather(&client, account_id, &say).await;
                *busy.borrow_mut() = false;
                set.set(Gathering::Done(Rc::new(gathered)));
            });
        })
    };
    ((*gathering).clone(), begin)
}

async fn gather(client: &ApiClient, account_id: AccountId, say: &impl Fn(String)) -> Gathered {
    let mut gathered = Gathered::default();
    let count = own_record::SERVICES.len();
    for (place, service) in own_record::SERVICES.into_iter().enumerate() {
        let name = service_name(service);
        say(format!("Asking for “{name}”, {} of {count}…", place + 1));
        match client.get(&own_record::get_export(service)).await.read::<DataExport>() {
            Ok(export) => gathered.services.push(export),
            Err(problem) => gathered.missing.push((name.to_owned(), why(problem))),
        }
    }
    let users = gathered.services.iter().find(|export| export.service == "users");
    let bookings = users.map(bookings_with_messages).unwrap_or_default();
    if bookings.is_empty() {
        return gathered;
    }
    if !is_open(account_id).await {
        let why = "Your keys were closed, so they stay sealed. Open your keys and gather again.";
        gathered.missing.push((format!("Sealed messages of {} bookings", bookings.len()), why.to_owned()));
        return gathered;
    }
    for (place, booking_id) in bookings.iter().enumerate() {
        say(format!("Opening the sealed messages of booking {} of {}…", place + 1, bookings.len()));
        match open(client, account_id, *booking_id).await {
            Ok(messages) => gathered.messages.push(messages),
            Err(problem) => {
                gathered.missing.push((format!("Sealed messages of booking {booking_id}"), why(problem)));
            }
        }
    }
    gathered
}

async fn is_open(account_id: AccountId) -> bool {
    let standing = vault::ask(VaultRequest::Standing).await;
    matches!(standing, VaultReply::Standing { account_id: Some(open), .. } if open == account_id)
}

async fn open(client: &ApiClient, account_id: AccountId, booking_id: BookingId) -> Result<Messages, Problem> {
    let notes = sealed::list_notes(client, booking_id, vault::log_size().await).await?;
    let request = VaultRequest::Open { notes: notes.clone(), as_practice: false };
    let reply = vault::ask_for(account_id, request).await;
    if let VaultReply::Opened { notes: opened, .. } = reply {
        Ok(Messages::of(notes, opened))
    } else {
        Err(account::refused(reply))
    }
}

fn why(problem: Problem) -> String {
    problem.detail.unwrap_or(problem.title)
}
