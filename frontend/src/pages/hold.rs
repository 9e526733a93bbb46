//! Steps 3 and 4 of a booking, once a time is held. The hold is its guest's alone, so the server renders only
//! the page's shape and the browser fetches the rest.

use std::rc::Rc;

use shared_types::{
    HoldId,
    bookings::{Hold, HoldStatus},
};
use yew::prelude::*;

use super::held::Held;
use crate::{
    api::bookings,
    components::{problem_view::ProblemView, skeleton::Skeleton},
    head::Head,
    hooks::{use_head, use_private_api},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HoldPageProps {
    pub hold_id: HoldId,
}

/// The details of a held time.
#[component]
pub fn HoldPage(props: &HoldPageProps) -> Html {
    use_head(private_head("Your details"));
    let version = use_state(|| 0_u32);
    let hold = use_private_api::<Hold>(bookings::get_hold(props.hold_id), *version);
    let on_priced = {
        let version = version.clone();
        Callback::from(move |()| version.set(*version + 1))
    };
    let again = move |_: MouseEvent| version.set(*version + 1);
    match hold {
        None => html! { <BookingShape /> },
        Some(Ok(hold)) if hold.status == HoldStatus::Consumed => html! { <AlreadyBooked /> },
        Some(Ok(hold)) => {
            html! { <Held key={hold.hold_id.to_string()} hold={Rc::clone(&hold)} {on_priced} /> }
        }
        Some(Err(problem)) if problem.status == 404 => html! { <NoSuchHold /> },
        Some(Err(problem)) => html! {
            <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">
                <h1>{ "Your details" }</h1>
                <ProblemView {problem} />
                <div class="button-row">
                    <button type="button" class="button" onclick={again}>{ "Try again" }</button>
                </div>
            </div></main>
        },
    }
}

/// The head of a page that concerns one person.
pub fn private_head(title: &str) -> Head {
    Head { title: title.to_owned(), robots_noindex: true, ..Head::default() }
}

/// The page while the hold is on its way.
#[component]
fn BookingShape() -> Html {
    html! {
        <main id="main" tabindex="-1" class="booking" aria-busy="true"><div class="wrap booking__grid">
            <div class="booking__main">
                <h1><span class="step-count">{ "3 of 4" }</span>{ " About you" }</h1>
                <p class="visually-hidden" role="status">{ "Loading" }</p>
                <p class="no-js-only">
                    { "Booking here needs JavaScript. Turn it on, or call the practice." }
                </p>
                <div class="booking__form" aria-hidden="true">
                    <Skeleton kind="title" /><Skeleton kind="line" /><Skeleton kind="line" /><Skeleton kind="short" />
                </div>
            </div>
        </div></main>
    }
}

#[component]
fn AlreadyBooked() -> Html {
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow fault">
            <h1>{ "This time is booked" }</h1>
            <p>{ "We sent the details to the e-mail address you gave, with a link to move or cancel." }</p>
            <div class="button-row"><a class="button button--quiet" href="/search">{ "Find care" }</a></div>
        </div></main>
    }
}

#[component]
fn NoSuchHold() -> Html {
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow fault">
            <h1>{ "This time is not held for you" }</h1>
            <p>
                { "It may have been held in another browser, or let go. Nothing was booked. Look for a " }
                { "time again; " }
                { "what you typed in this tab is kept." }
            </p>
            <div class="button-row"><a class="button" href="/search">{ "Find care" }</a></div>
        </div></main>
    }
}
