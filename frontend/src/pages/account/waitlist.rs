//! `/account/waitlist`: the times one waits for, and what is offered.

pub mod join;
pub mod place;

use std::rc::Rc;

use shared_types::{
    PatientId,
    bookings::waitlist::{WaitlistEntry, WaitlistStatus},
    page::Page,
    users::{Dependant, Me},
};
use yew::prelude::*;

use self::place::PlaceCard;
use super::{OnlySignedIn, Own, OwnProps, back_to_account, fetched};
use crate::{
    api::{users, waitlist},
    hooks::{use_head, use_private_api, use_private_api_if, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/waitlist";

/// The page.
#[component]
pub fn WaitlistPage() -> Html {
    use_head(private_head("Waitlist"));
    let render = Callback::from(|me: Rc<Me>| html! { <Places me={Own(me)} /> });
    html! { <OnlySignedIn title="Waitlist" path={PATH} {render} /> }
}

#[component]
fn Places(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    let page = use_private_api::<Page<WaitlistEntry>>(waitlist::list_waitlist(), version);
    let others_wait =
        matches!(&page, Some(Ok(page)) if page.items.iter().any(|entry| other(entry, &props.me).is_some()));
    // Every reading of their details is written down: they are read where one of them waits.
    let path = others_wait.then(users::list_dependants);
    let people = use_private_api_if::<Page<Dependant>>(path, 0).and_then(Result::ok);
    let name_of = |entry: &WaitlistEntry| patient_name(entry, &props.me, people.as_deref());
    html! {
        <>
            { fetched(page, PATH, &again, |page| places(&page, name_of, &again)) }
            { back_to_account() }
        </>
    }
}

/// Who waits, where it is somebody whom the reader acts for.
fn other(entry: &WaitlistEntry, me: &Me) -> Option<PatientId> {
    entry.patient_id.filter(|patient| me.patient_id != Some(*patient))
}

/// The name of who waits, where it is somebody else and known by now.
fn patient_name(entry: &WaitlistEntry, me: &Me, people: Option<&Page<Dependant>>) -> Option<AttrValue> {
    let patient = other(entry, me)?;
    let one = people?.items.iter().find(|one| one.patient.patient_id == patient)?;
    Some(AttrValue::from(one.patient.details.name.expose().clone()))
}

fn places(
    page: &Page<WaitlistEntry>,
    name_of: impl Fn(&WaitlistEntry) -> Option<AttrValue>,
    again: &Callback<()>,
) -> Html {
    let (open, over): (Vec<_>, Vec<_>) = page.items.iter().partition(|entry| is_open(entry.status));
    let card = |entry: &&WaitlistEntry| {
        html! {
            <PlaceCard key={format!("{} {:?}", entry.waitlist_entry_id, entry.offer.map(|offer| offer.hold_id))}
                entry={Rc::new((*entry).clone())} patient_name={name_of(entry)} on_changed={again.clone()} />
        }
    };
    html! {
        <>
            <section class="stack" aria-labelledby="waiting-title">
                <h2 id="waiting-title">{ "You wait for" }</h2>
                if open.is_empty() {
                    <p>
                        { "Nothing. Where no time suits you, join the waitlist below a practitioner’s times. " }
                        <a href="/search">{ "Find care" }</a>
                    </p>
                } else {
                    <p>
                        { "When time frees up it is offered to one person at a time, in the order in which they joined, and held " }
                        { "for half an hour. Whose appointment the practice cancelled or did not keep is asked first. " }
                        { "We write to you then, between 7 am and 9 pm." }
                    </p>
                }
                <ul class="stack" role="list">{ for open.iter().map(card) }</ul>
            </section>
            if !over.is_empty() {
                <section class="stack" aria-labelledby="over-title">
                    <h2 id="over-title">{ "Over" }</h2>
                    <ul class="stack" role="list">{ for over.iter().map(card) }</ul>
                </section>
            }
        </>
    }
}

/// Whether somebody still waits.
fn is_open(status: WaitlistStatus) -> bool {
    match status {
        WaitlistStatus::Waiting | WaitlistStatus::Offered => true,
        WaitlistStatus::Booked
        | WaitlistStatus::Withdrawn
        | WaitlistStatus::Closed
        | WaitlistStatus::Removed => false,
    }
}
