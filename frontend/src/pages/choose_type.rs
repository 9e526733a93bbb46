//! Step 1 of a booking: what. A plain form that also works without JavaScript.

use std::rc::Rc;

use shared_types::bookings::{AppointmentType, AppointmentTypes, Audience};
use yew::prelude::*;

use crate::{
    browser,
    components::{
        booking_summary::BookingSummary,
        booking_words::{minutes_words, price_words},
        icon::Icon,
    },
    forms::book_query::BookQuery,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ChooseTypeProps {
    pub types: Rc<AppointmentTypes>,
}

/// The kinds of visit this practitioner offers.
#[component]
pub fn ChooseType(props: &ChooseTypeProps) -> Html {
    let role = &props.types.role;
    let picked = use_state_eq(|| props.types.items.first().map(|of| of.appointment_type_id));
    let chosen = props.types.items.iter().find(|of| Some(of.appointment_type_id) == *picked).cloned();
    let onsubmit = {
        let (role_id, type_id) = (role.practitioner_role_id, *picked);
        move |event: SubmitEvent| {
            event.prevent_default();
            browser::navigate(&BookQuery { type_id, ..BookQuery::default() }.path(role_id));
        }
    };
    let choice = |of: &AppointmentType| {
        let (id, set) = (of.appointment_type_id, picked.setter());
        html! {
            <li key={id.to_string()}><label class="choice">
                <input type="radio" name="type" value={id.to_string()} checked={*picked == Some(id)}
                    onchange={move |_: Event| set.set(Some(id))} />
                <span>
                    <span class="choice__title">{ &of.name }</span>
                    <span class="choice__detail">{ detail(of) }</span>
                </span>
                <span class="choice__end">{ price_words(of.price_cents, of.bulk_billed) }</span>
            </label></li>
        }
    };
    html! {
        <main id="main" tabindex="-1" class="booking"><div class="wrap booking__grid">
            <div class="booking__main">
                <a class="back-link" href={format!("/providers/{}", role.slug)}>
                    <Icon name="chevron-left" />{ format!("Back to {}", role.name) }
                </a>
                <div class="booking__hold"></div>
                <h1><span class="step-count">{ "1 of 4" }</span>{ " What kind of visit?" }</h1>
                <form class="booking__form" method="get"
                    action={format!("/book/{}", role.practitioner_role_id)}
                    {onsubmit}>
                    <fieldset class="fieldset">
                        <legend class="visually-hidden">{ "Kind of visit" }</legend>
                        <ul class="choice-list">{ for props.types.items.iter().map(choice) }</ul>
                    </fieldset>
                    <div class="button-row booking__next">
                        <button class="button" type="submit">{ "Next: choose a time" }</button>
                    </div>
                </form>
            </div>
            <BookingSummary role={role.clone()} appointment_type={chosen} />
        </div></main>
    }
}

/// `45 minutes, for new patients`.
fn detail(of: &AppointmentType) -> String {
    let audience = match of.audience {
        Audience::All => "",
        Audience::New => ", if you are new to this practice",
        Audience::Existing => ", if you have been here before",
        Audience::HomeVisit => ", if you are visited at home",
        Audience::Telehealth => ", by video or phone",
    };
    format!("{}{audience}", minutes_words(of))
}
