//! Step 2 of a booking: when. Picking a time keeps it for ten minutes; an address that names a time takes it
//! on arrival, so that a time on a card is one click from being kept.

use std::rc::Rc;

use shared_types::{
    AppointmentTypeId,
    bookings::{AppointmentType, AppointmentTypes},
    time,
};
use yew::prelude::*;

use super::{
    free_times::{FreeTimesOf, TimesSkeleton},
    visit_place::VisitPlace,
};
use crate::{
    components::{
        booking_summary::BookingSummary,
        booking_words::{minutes_words, price_words},
        hold_refused::HoldRefused,
        icon::Icon,
        time_button::Chosen,
        times_rest::dialled,
        type_select::TypeChoice,
    },
    forms::book_query::BookQuery,
    hooks::{TakeHold, use_take_hold},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ChooseTimeProps {
    pub types: Rc<AppointmentTypes>,
    pub type_id: AppointmentTypeId,
    pub query: BookQuery,
}

/// The times panel and the summary.
#[component]
pub fn ChooseTime(props: &ChooseTimeProps) -> Html {
    let ChooseTimeProps { types, type_id, query } = props;
    let (role, type_id, start) = (&types.role, *type_id, query.start);
    let hold = use_take_hold(role.practitioner_role_id, start.is_some());
    {
        let take = hold.take.clone();
        use_effect_with((type_id, start), move |(type_id, start)| {
            if let Some(start) = *start {
                take.emit(Chosen { type_id: *type_id, start });
            }
        });
    }
    let of = types.items.iter().find(|of| of.appointment_type_id == type_id).cloned();
    let several = types.items.len() > 1;
    let back = if several {
        format!("/book/{}", role.practitioner_role_id)
    } else {
        format!("/providers/{}", role.slug)
    };
    let back_words =
        if several { "Back to kind of visit".to_owned() } else { format!("Back to {}", role.name) };
    // Only the chosen one: the summary beside it and the address speak of that, and "back" changes it.
    let choices: Rc<[TypeChoice]> = of.iter().map(type_choice).collect();
    let from = query.from.or_else(|| start.map(|start| role.time_zone.date(start)));
    html! {
        <main id="main" tabindex="-1" class="booking"><div class="wrap booking__grid">
            <div class="booking__main">
                <a class="back-link" href={back}><Icon name="chevron-left" />{ back_words }</a>
                <div class="booking__hold">{ keeping(types, &hold) }</div>
                <p class="visually-hidden" role="status">{ keeping_words(types, &hold) }</p>
                <h1><span class="step-count">{ "2 of 4" }</span>{ " When?" }</h1>
                <div class="no-js-only">{ without_javascript(role.phone.as_deref()) }</div>
                <div class="optional"><HoldRefused role={role.clone()} hold={hold.clone()} /></div>
                <div class="optional">
                    if of.as_ref().is_some_and(|of| of.home_visit) {
                        <VisitPlace role={role.clone()} {type_id} />
                    }
                </div>
                <Suspense fallback={html! { <TimesSkeleton /> }}>
                    <FreeTimesOf key={format!("{type_id} {from:?}")}
                        title={format!("Free times with {}", role.name)}
                        quiet_title=true role_id={role.practitioner_role_id} act={format!("Book {}", role.name)}
                        types={choices} first={type_id} {from} chosen={start} phone={role.phone.clone()}
                        on_choose={hold.take.clone()} />
                </Suspense>
            </div>
            <BookingSummary role={role.clone()} appointment_type={of} />
        </div></main>
    }
}

/// A type as the select shows it.
pub fn type_choice(of: &AppointmentType) -> TypeChoice {
    let price = price_words(of.price_cents, of.bulk_billed);
    TypeChoice {
        type_id: of.appointment_type_id,
        words: format!("{}, {}, {price}", of.name, minutes_words(of)).into(),
    }
}

/// The bar while a time is being kept.
fn keeping(types: &AppointmentTypes, hold: &TakeHold) -> Html {
    match keeping_words(types, hold) {
        Some(words) => {
            html! { <div class="hold-bar" aria-hidden="true"><Icon name="clock" /><p>{ words }</p></div> }
        }
        None => Html::default(),
    }
}

/// `Keeping Tue 24 Nov, 9:15 am for you…`: by its date, since only a reply knows what day it is.
fn keeping_words(types: &AppointmentTypes, hold: &TakeHold) -> Option<String> {
    let chosen = hold.wanted.filter(|_| hold.busy)?;
    let zone = types.role.time_zone;
    let (day, clock) =
        (time::short_date(zone.date(chosen.start)), time::clock_words(zone.time(chosen.start)));
    Some(format!("Keeping {day}, {clock} for you…"))
}

/// What to do where scripts do not run.
fn without_javascript(phone: Option<&str>) -> Html {
    html! {
        <div class="notice">
            <Icon name="info" />
            <p class="notice__title">{ "Booking here needs JavaScript" }</p>
            <p>
                { "You can read the free times below. To book one, turn JavaScript on or call the " }
                { "practice. " }
                if let Some(phone) = phone {
                    <a href={format!("tel:{}", dialled(phone))}>{ format!("Call {}", shared_types::providers::phone_words(phone)) }</a>
                }
            </p>
        </div>
    }
}
