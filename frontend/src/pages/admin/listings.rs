//! `/admin/listings`: administrators take a practitioner or a practice out of search and of booking, and put them back.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    Zone,
    page::Page,
    providers::listing::{LISTING_WORDS, Listing, ListingId, SuspendListing, Suspension, SuspensionReason},
};
use yew::prelude::*;

use crate::{
    api::{listings, use_api_client},
    browser,
    components::{failed::Failed, field::Field, moment::Moment, select_field::SelectField},
    hooks::{use_act, use_head, use_keyed, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning_in,
        support::ForSupport,
    },
};

const TITLE: &str = "Listings";
const PATH: &str = "/admin/listings";
/// The field that says itself what is wrong.
const BESIDE: &[&str] = &["/ends_at"];

/// The page.
#[component]
pub fn ListingsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Search /></ForSupport> }
}

/// Looks for a name; until one is given, those that are suspended are shown.
#[component]
fn Search() -> Html {
    let (written, words) = (use_state_eq(String::new), use_state_eq(String::new));
    let too_short = use_state_eq(|| false);
    let onsubmit = {
        let (written, words, too_short) = (written.clone(), words.setter(), too_short.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let wanted = written.trim().to_owned();
            let short = (1..LISTING_WORDS).contains(&wanted.chars().count());
            too_short.set(short);
            if !short {
                words.set(wanted);
            }
        }
    };
    let set = written.setter();
    let error = too_short.then(|| AttrValue::from(format!("Write at least {LISTING_WORDS} characters")));
    html! {
        <div class="stack">
            <form class="stack" role="search" novalidate=true method="get" {onsubmit}>
                <Field id="q" label="Name of a practitioner or practice" autocomplete="off" maxlength="100" optional=true
                    hint="Leave it empty to see who is suspended." value={(*written).clone()} {error}
                    oninput={move |text| set.set(text)} />
                <div class="button-row"><button type="submit" class="button">{ "Look" }</button></div>
            </form>
            <Found key={(*words).clone()} words={(*words).clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FoundProps {
    words: AttrValue,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let words = &props.words;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = listings::list_listings(words, cursor.as_deref());
    let page = match use_private_api::<Page<Listing>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let on_changed = Callback::from(move |()| {
        on_again.emit(());
        // The button has gone with what it did.
        browser::focus("main");
    });
    let nobody = match (cursor.is_some(), words.is_empty()) {
        (true, _) => "Nothing is left on this page.",
        (false, true) => "Nobody is suspended.",
        (false, false) => "Nothing listed has that name.",
    };
    let row = |one: &Listing| {
        html! {
            <ListingRow key={listing_key(one.listing)} listing={Rc::new(one.clone())} on_changed={on_changed.clone()} />
        }
    };
    html! {
        <section class="stack" aria-labelledby="found-title">
            <h2 id="found-title">{ if words.is_empty() { "Suspended" } else { "Found" } }</h2>
            if page.items.is_empty() {
                <p>{ nobody }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { turning_in(&cursor, page.next.as_ref(), ["More", "Back to the first"]) }
        </section>
    }
}

fn listing_key(listing: ListingId) -> String {
    match listing {
        ListingId::Role(role) => role.to_string(),
        ListingId::Practice(practice) => practice.to_string(),
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ListingRowProps {
    pub listing: Rc<Listing>,
    pub on_changed: Callback<()>,
}

/// One listing: how it stands, and the way to change that.
#[component]
pub fn ListingRow(props: &ListingRowProps) -> Html {
    let ListingRowProps { listing, on_changed } = props;
    let href = match listing.listing {
        ListingId::Role(_) => format!("/providers/{}", listing.slug),
        ListingId::Practice(_) => format!("/practices/{}", listing.slug),
    };
    let kind = match listing.listing {
        ListingId::Role(_) => None,
        ListingId::Practice(_) => Some("Practice".to_owned()),
    };
    let about: Vec<_> =
        [kind, listing.practice.clone(), listing.place.clone()].into_iter().flatten().collect();
    html! {
        <li class="card stack">
            <p><a href={href}><strong>{ &listing.name }</strong></a></p>
            <p class="small muted">{ about.join(", ") }</p>
            if listing.practice_suspended {
                <p>{ "The practice is suspended, and everybody there with it." }</p>
            }
            <div class="optional">
                if let Some(suspension) = listing.suspension {
                    <Lift {suspension} name={listing.name.clone()} on_changed={on_changed.clone()} />
                } else {
                    <Suspend listing={Rc::clone(listing)} on_changed={on_changed.clone()} />
                }
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LiftProps {
    suspension: Suspension,
    name: AttrValue,
    on_changed: Callback<()>,
}

#[component]
fn Lift(props: &LiftProps) -> Html {
    let LiftProps { suspension, name, on_changed } = props;
    let (client, act) = (use_api_client(), use_act());
    let onclick = {
        let (act, on_changed, id) = (act.clone(), on_changed.clone(), suspension.listing_suspension_id);
        move |_: MouseEvent| {
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move || {
                let client = client.clone();
                async move { listings::lift_suspension(&client, id).await }
            };
            act.run(send, move |_: Listing| on_changed.emit(()));
        }
    };
    html! {
        <div class="stack">
            <p>
                { format!("Suspended: {}. Since ", reason_words(suspension.reason)) }<Moment at={suspension.suspended_at} />
                if let Some(at) = suspension.ends_at {
                    { ", until " }<Moment {at} />
                }
                { "." }
            </p>
            <p class="small muted">{ format!("By account {}", suspension.suspended_by) }</p>
            <div class="button-row">
                <button type="button" class="button button--quiet" {onclick} aria-busy={act.busy.to_string()}>
                    { "List again" }<span class="visually-hidden">{ format!(": {name}") }</span>
                </button>
            </div>
            <Refused {act} />
        </div>
    }
}

/// Why, and until when.
#[component]
fn Suspend(props: &ListingRowProps) -> Html {
    let ListingRowProps { listing, on_changed } = props;
    let (client, keyed) = (use_api_client(), use_keyed());
    let (reason, until) = (use_state_eq(|| SuspensionReason::Registration), use_state_eq(String::new));
    let no_day = use_state_eq(|| false);
    let onsubmit = {
        let (keyed, reason, until) = (keyed.clone(), reason.clone(), until.clone());
        let (no_day, on_changed, which) = (no_day.setter(), on_changed.clone(), listing.listing);
        move |event: SubmitEvent| {
            event.prevent_default();
            let day = until.trim().parse::<Date>();
            let wrong = !until.trim().is_empty() && day.is_err();
            no_day.set(wrong);
            if wrong {
                return;
            }
            let ends_at = day.ok().map(|day| Zone::SYDNEY.start_of_day(day));
            let (client, on_changed) = (client.clone(), on_changed.clone());
            let send = move |suspend: SuspendListing, key: String| {
                let client = client.clone();
                async move { listings::suspend_listing(&client, &suspend, key).await }
            };
            let wanted = SuspendListing { listing: which, reason: *reason, ends_at };
            keyed.run(wanted, send, move |_: Listing| on_changed.emit(()));
        }
    };
    let id = |field: &str| format!("{field}-{}", listing_key(listing.listing));
    let options = SuspensionReason::ALL
        .map(|reason| (AttrValue::from(reason.code()), AttrValue::from(reason_words(reason))));
    let onchange = {
        let set = reason.setter();
        Callback::from(move |code: String| {
            set.set(SuspensionReason::from_code(&code).unwrap_or(SuspensionReason::Other));
        })
    };
    let set_until = until.setter();
    let wrong_day = no_day.then_some(AttrValue::Static("Give a day, or leave it empty"));
    let error = wrong_day.or_else(|| keyed.act.error("/ends_at"));
    html! {
        <details>
            <summary>{ "Suspend" }<span class="visually-hidden">{ format!(": {}", listing.name) }</span></summary>
            <form class="stack" novalidate=true method="post" {onsubmit}>
                <p>
                    { "It is not found any more and takes no new bookings. What is booked stands, and waits for you under " }
                    <a href="/admin/reviews">{ "Appointments to look at" }</a>{ "." }
                </p>
                <SelectField id={id("reason")} label="Why" options={options.to_vec()} value={reason.code()} {onchange} />
                <Field id={id("until")} label="Lifted by itself on" kind="date" width="input--m" optional=true
                    hint="At the start of that day in Sydney. Leave it empty to decide later." value={(*until).clone()}
                    {error} oninput={move |text| set_until.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button" aria-busy={keyed.act.busy.to_string()}>{ "Suspend" }</button>
                </div>
            </form>
            <Refused act={keyed.act.clone()} beside={BESIDE} />
        </details>
    }
}

/// Why a listing is suspended.
fn reason_words(reason: SuspensionReason) -> &'static str {
    match reason {
        SuspensionReason::Registration => "the registration is not in force",
        SuspensionReason::Identity => "nobody knows whether they are who they say",
        SuspensionReason::Complaint => "a complaint is looked into",
        SuspensionReason::FalseDetails => "the listing says what is not so",
        SuspensionReason::PracticeAsked => "the practice asked for it",
        SuspensionReason::Other => "something else",
    }
}
