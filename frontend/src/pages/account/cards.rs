//! `/account/cards`: the cards that the card processor keeps for somebody. A card is given on the processor's own page (C-60).

use std::rc::Rc;

use shared_types::{
    bookings::ConsentGiven,
    payments::pay::{AddCard, Checkout, SavedCard, SavedCards},
    users::{ConsentText, Me},
};
use yew::prelude::*;

use super::{OnlySignedIn, Refused, back_to_account, fetched};
use crate::{
    api::{money, payments, use_api_client},
    browser,
    components::{consent_box::ConsentBox, money_words::card_words},
    hooks::{use_act, use_head, use_keyed, use_private_api, use_version},
    pages::hold::private_head,
};

const PATH: &str = "/account/cards";
const TITLE: &str = "Saved cards";

/// The page.
#[component]
pub fn CardsPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|_: Rc<Me>| html! { <Cards /> });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}

#[component]
fn Cards() -> Html {
    let (version, again) = use_version();
    let cards = use_private_api::<SavedCards>(money::CARDS.to_owned(), version);
    let text = use_private_api::<ConsentText>(payments::get_card_consent(), version);
    html! {
        <>
            <p>{ "We keep the last four digits, and the card processor the rest. You can remove a card that no booking is to be paid with." }</p>
            { fetched(cards, PATH, &again, |cards| html! {
                <>
                    if cards.items.is_empty() {
                        <p>{ "There are none." }</p>
                    }
                    <ul class="stack" role="list">
                        { for cards.items.iter().map(|card| html! {
                            <Card key={card.saved_card_id.to_string()} card={card.clone()} on_removed={again.clone()} />
                        }) }
                    </ul>
                </>
            }) }
            { fetched(text, PATH, &again, |text| html! { <Add {text} /> }) }
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CardProps {
    card: SavedCard,
    on_removed: Callback<()>,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let CardProps { card, on_removed } = props;
    let (client, act) = (use_api_client(), use_act());
    let name = card_words(&card.brand, card.last_four.expose());
    let onclick = {
        let (act, on_removed, id) = (act.clone(), on_removed.clone(), card.saved_card_id);
        move |_: MouseEvent| {
            let (client, on_removed) = (client.clone(), on_removed.clone());
            let send = move || {
                let client = client.clone();
                async move { money::delete_card(&client, id).await }
            };
            act.run(send, move |()| on_removed.emit(()));
        }
    };
    let good_until = format!("{:02}/{}", card.good_until.month(), card.good_until.year());
    html! {
        <li class="card stack">
            <p><strong>{ &name }</strong>{ format!(", good until {good_until}") }</p>
            <div class="button-row">
                <button type="button" class="button button--plain" {onclick} aria-busy={act.busy.to_string()}>
                    { "Remove" }<span class="visually-hidden">{ format!(" {name}") }</span>
                </button>
            </div>
            <Refused act={act.clone()} />
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AddProps {
    text: Rc<ConsentText>,
}

/// The text, its box, and the way to the processor's page in the same window.
#[component]
fn Add(props: &AddProps) -> Html {
    let text = &props.text;
    let (client, keyed) = (use_api_client(), use_keyed());
    let agreed = use_state_eq(|| false);
    let onclick = {
        let (keyed, text, agreed) = (keyed.clone(), Rc::clone(text), *agreed);
        move |_: MouseEvent| {
            if !agreed {
                return browser::focus("consent");
            }
            let consent = ConsentGiven { text: text.text.clone(), version: text.version };
            let client = client.clone();
            let send = move |card: AddCard, key: String| {
                let client = client.clone();
                async move { money::add_card(&client, &card, key).await }
            };
            keyed.run(AddCard { consent }, send, |checkout: Checkout| {
                if let Some(address) = checkout.address {
                    browser::load(&address);
                }
            });
        }
    };
    let on_agree = {
        let set = agreed.setter();
        Callback::from(move |ticked| set.set(ticked))
    };
    html! {
        <section class="card stack" aria-label="Add a card">
            <ConsentBox text={Rc::clone(text)} agreed={*agreed} {on_agree} error={keyed.act.error("/consent")} />
            <div class="button-row">
                <button type="button" class="button" {onclick} aria-busy={keyed.act.busy.to_string()}>
                    { "Add a card" }
                </button>
            </div>
            <p class="small muted">{ "It is given on the card processor’s own page, and you come back here." }</p>
            <Refused act={keyed.act.clone()} beside={&["/consent"][..]} />
        </section>
    }
}
