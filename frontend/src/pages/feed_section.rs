//! A calendar at a secret address: whether there is one and what it says, making one, which is shown this once, and switching it
//! off. The same for a patient and for a practitioner, in other words.

use std::rc::Rc;

use shared_types::bookings::calendar_feed::{CalendarFeed, CreateFeed, FeedDetail, FeedMade, FeedState};
use yew::prelude::*;

use super::account::Refused;
use crate::{
    api::{feeds, use_api_client},
    browser,
    components::{
        moment::Moment,
        notice::{Notice, NoticeKind},
        select_field::SelectField,
    },
    hooks::use_act,
};

/// Whose appointments it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedKind {
    Patient,
    Practitioner,
}

impl FeedKind {
    /// What one can have it say.
    fn options(self) -> Vec<(AttrValue, AttrValue)> {
        FeedDetail::ALL.map(|detail| (detail.code().into(), self.words(detail).into())).to_vec()
    }

    fn words(self, detail: FeedDetail) -> &'static str {
        match (self, detail) {
            (Self::Patient, FeedDetail::Times) => "When, and “Appointment”: nothing else",
            (Self::Patient, FeedDetail::Details) => "When, with whom, where, and the practice’s phone",
            (Self::Practitioner, FeedDetail::Times) => "When, and “Busy”: nothing else",
            (Self::Practitioner, FeedDetail::Details) => "When, and the patient’s initials",
        }
    }

    /// What stands there before anybody chose.
    fn usual(self) -> FeedDetail {
        match self {
            Self::Patient => FeedDetail::Times,
            Self::Practitioner => FeedDetail::Details,
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct FeedSectionProps {
    pub kind: FeedKind,
    /// Where the API keeps it.
    pub path: AttrValue,
    pub state: Rc<FeedState>,
    #[prop_or(true)]
    pub may_edit: bool,
    /// It has changed.
    pub on_change: Callback<()>,
}

/// The section.
#[component]
pub fn FeedSection(props: &FeedSectionProps) -> Html {
    let FeedSectionProps { kind, path, state, may_edit, on_change } = props;
    let (client, act) = (use_api_client(), use_act());
    let detail = use_state_eq(|| state.feed.map_or(kind.usual(), |feed| feed.detail));
    let made = use_state(|| None::<Rc<FeedMade>>);
    let onsubmit = {
        let (client, act, path, detail) = (client.clone(), act.clone(), path.clone(), *detail);
        let (made, on_change) = (made.setter(), on_change.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let (client, path) = (client.clone(), path.clone());
            let send = move || {
                let (client, path) = (client.clone(), path.clone());
                async move { feeds::create_feed(&client, &path, &CreateFeed { detail }).await }
            };
            let (made, on_change) = (made.clone(), on_change.clone());
            act.run(send, move |feed: FeedMade| {
                made.set(Some(Rc::new(feed)));
                on_change.emit(());
            });
        }
    };
    let switch_off = {
        let (act, path, made, on_change) = (act.clone(), path.clone(), made.setter(), on_change.clone());
        move |_: MouseEvent| {
            let (client, path) = (client.clone(), path.clone());
            let send = move || {
                let (client, path) = (client.clone(), path.clone());
                async move { feeds::remove(&client, &path).await }
            };
            let (made, on_change) = (made.clone(), on_change.clone());
            act.run(send, move |()| {
                made.set(None);
                on_change.emit(());
            });
        }
    };
    let onchange = {
        let detail = detail.setter();
        Callback::from(move |code: String| detail.set(FeedDetail::from_code(&code).unwrap_or_default()))
    };
    let on = state.feed.is_some();
    html! {
        <div class="stack">
            { state.feed.map_or_else(off, |feed| standing(*kind, &feed)) }
            <div class="optional">
                if let Some(made) = &*made {
                    <Address made={Rc::clone(made)} kind={*kind} />
                }
            </div>
            if *may_edit {
                <form class="stack" novalidate=true method="post" {onsubmit}>
                    <SelectField id="feed-detail" label="What it says" options={kind.options()}
                        value={detail.code()} {onchange} />
                    <div class="button-row">
                        <button type="submit" class="button" aria-busy={act.busy.to_string()}>
                            { if on { "Make another address instead" } else { "Make an address" } }
                        </button>
                        if on {
                            <button type="button" class="button button--quiet" onclick={switch_off}>
                                { "Switch it off" }
                            </button>
                        }
                    </div>
                    if on {
                        <p class="small muted">
                            { "Another address ends the one before. What an address says cannot be changed under those " }
                            { "who have it already: another choice makes another address." }
                        </p>
                    }
                </form>
            }
            <Refused {act} />
        </div>
    }
}

fn off() -> Html {
    html! { <p>{ "There is no address now: nobody can subscribe." }</p> }
}

fn standing(kind: FeedKind, feed: &CalendarFeed) -> Html {
    html! {
        <>
            <p>
                { "There is an address, made on " }<Moment at={feed.created_at} />{ ". It says: " }
                <strong>{ kind.words(feed.detail) }</strong>{ "." }
            </p>
            <p>
                if let Some(at) = feed.last_read_at {
                    { "A calendar last asked for it on " }<Moment {at} />{ "." }
                } else {
                    { "No calendar has asked for it yet." }
                }
            </p>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AddressProps {
    made: Rc<FeedMade>,
    kind: FeedKind,
}

/// The address, this once.
#[component]
fn Address(props: &AddressProps) -> Html {
    let said = use_state_eq(|| "");
    let heading = use_node_ref();
    let address = use_state_eq(String::new);
    {
        let (heading, address) = (heading.clone(), address.setter());
        use_effect_with(Rc::clone(&props.made), move |made| {
            address.set(format!("{}{}", browser::origin(), made.path.expose()));
            browser::focus_node(&heading);
        });
    }
    let copy = {
        let (address, said) = (address.clone(), said.setter());
        move |_: MouseEvent| {
            let copied = browser::copy(&address);
            said.set(if copied {
                "Copied."
            } else {
                "This browser does not let us copy. Select it by hand."
            });
        }
    };
    let subscribe = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
    let warning = match props.kind {
        FeedKind::Patient => {
            "Whoever has it sees when you have appointments, without signing in, until you switch it off."
        }
        FeedKind::Practitioner => {
            "Whoever has it sees when this practitioner is booked, without signing in, until it is switched off."
        }
    };
    html! {
        <section class="card stack" aria-labelledby="feed-address-title">
            <h3 id="feed-address-title" tabindex="-1" ref={heading}>{ "The address, shown this once" }</h3>
            <Notice kind={NoticeKind::Soon} title="Keep it like a password"><p>{ warning }</p></Notice>
            <div class="field">
                <label class="field__label" for="feed-address">{ "Address" }</label>
                <input class="input" id="feed-address" type="text" readonly=true value={(*address).clone()} />
            </div>
            <p role="status" class="small">{ *said }</p>
            <div class="button-row">
                <button type="button" class="button" onclick={copy}>{ "Copy" }</button>
                if let Some(href) = subscribe {
                    <a class="button button--quiet" {href}>{ "Open in this device’s calendar" }</a>
                }
            </div>
            <ul>
                <li>{ "Apple: open it on the device, or File, New Calendar Subscription." }</li>
                <li>{ "Google: Other calendars, From URL. Google looks again a few times a day." }</li>
                <li>{ "Outlook: Add calendar, Subscribe from web." }</li>
            </ul>
        </section>
    }
}
