//! `/account/calendar-feed`: one's own appointments in one's own calendar.

use std::rc::Rc;

use shared_types::{bookings::calendar_feed::FeedState, users::Me};
use yew::prelude::*;

use super::{OnlySignedIn, back_to_account, fetched};
use crate::{
    api::feeds::OWN_FEED,
    hooks::{use_head, use_private_api, use_version},
    pages::{
        feed_section::{FeedKind, FeedSection},
        hold::private_head,
    },
};

const PATH: &str = "/account/calendar-feed";
const TITLE: &str = "Appointments in your calendar";

/// The page.
#[component]
pub fn CalendarFeedPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|_: Rc<Me>| html! { <OwnFeed /> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn OwnFeed() -> Html {
    let (version, again) = use_version();
    let state = use_private_api::<FeedState>(OWN_FEED.to_owned(), version);
    html! {
        <>
            <p>
                { "Calendar programs can subscribe to your appointments at a secret address. They look again about every " }
                { "hour, so a booking or a change takes a while to show." }
            </p>
            <ul>
                <li>{ "It has your own appointments, and not those of people you act for." }</li>
                <li>{ "It never says what a visit is for. A discreet visit is always “Appointment” and no more." }</li>
                <li>{ "Your calendar’s maker reads what you put into it, and so does everybody you share it with." }</li>
            </ul>
            <section class="stack" aria-labelledby="feed-title">
                <h2 id="feed-title">{ "Your calendar’s address" }</h2>
                { fetched(state, PATH, &again, |state| html! {
                    <FeedSection kind={FeedKind::Patient} path={OWN_FEED} {state} on_change={again.clone()} />
                }) }
            </section>
            { back_to_account() }
        </>
    }
}
