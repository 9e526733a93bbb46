//! Step 4: everything once more, with ways to change it, the collection notice and one button.

use std::rc::Rc;

use shared_types::{
    bookings::{Hold, PartyDetails},
    time,
};
use yew::prelude::*;

use super::{
    booking_words::{cost_words, policy_words, where_pair},
    consent_box::ConsentBox,
    notice::{Notice, NoticeKind},
    party_form::ErrorSummary,
    provider_card::capitalised,
};
use crate::{
    forms::{
        attempt::outcome_is_open,
        party::{CONSENT, PartyForm},
    },
    hooks::use_confirm::Confirming,
};

#[derive(Clone, PartialEq, Properties)]
pub struct PartyCheckProps {
    pub hold: Rc<Hold>,
    pub details: PartyDetails,
    /// What is wrong: here only the box can be.
    pub form: PartyForm,
    /// Where another time is chosen.
    pub times: AttrValue,
    pub confirm: Confirming,
}

/// The last look.
#[component]
pub fn PartyCheck(props: &PartyCheckProps) -> Html {
    let PartyCheckProps { hold, details, confirm, .. } = props;
    let onsubmit = {
        let (on_confirm, details) = (confirm.on_confirm.clone(), details.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            on_confirm.emit(details.clone());
        }
    };
    let words = match (&confirm.problem, confirm.busy) {
        (_, true) => "Booking…",
        (Some(problem), false) if outcome_is_open(problem) => "Try again",
        (_, false) => "Confirm booking",
    };
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <ErrorSummary judged={props.form.judged} errors={props.form.errors.clone()} />
            <div class="card">
                <dl class="pairs pairs--ruled">{ for rows(hold, details, &props.times) }</dl>
            </div>
            { consent(props) }
            <div class="optional">
                if let Some(problem) = &confirm.problem {
                    <Notice kind={NoticeKind::Danger} title={problem.title.clone()} alert=true>
                        <p>
                            { problem.detail.clone().unwrap_or_default() }{ " Everything you typed is kept." }
                        </p>
                    </Notice>
                }
            </div>
            <div class="button-row booking__next">
                <button class="button" type="submit" aria-busy={confirm.busy.to_string()}>{ words }</button>
            </div>
        </form>
    }
}

fn rows(hold: &Hold, details: &PartyDetails, times: &AttrValue) -> Vec<Html> {
    let (role, zone) = (&hold.role, hold.role.time_zone);
    let you = AttrValue::from(format!("/book/hold/{}", hold.hold_id));
    let (cost, cost_note) = cost_words(&hold.appointment_type, Some(&hold.quote));
    let (_, place, address) = where_pair(role, hold.appointment_type.telehealth);
    let when = capitalised(&time::when_words(hold.start, hold.as_of, zone));
    let born = *details.date_of_birth.expose();
    // The weekday of a birth is no help to anybody.
    let born = time::long_date(born).split_once(' ').map(|(_, date)| date.to_owned()).unwrap_or_default();
    let preferred = details.preferred_name.as_ref().map(|name| format!("Called {}", name.expose()));
    vec![
        row("Appointment", format!("{} with {}", hold.appointment_type.name, role.name), None, None),
        row("When", when, Some(time::long_date(zone.date(hold.start))), Some((times.clone(), "the time"))),
        row("Where", place, address, None),
        row("Cost", cost, cost_note, None),
        row("Cancelling", policy_words(hold.policy, hold.start, zone), None, None),
        row("Name", details.name.expose().clone(), preferred, Some((you.clone(), "the name"))),
        row("Date of birth", born, None, Some((you.clone(), "the date of birth"))),
        row("E-mail", details.email.expose().clone(), None, Some((you.clone(), "the e-mail address"))),
        row("Mobile", details.mobile.expose().clone(), None, Some((you, "the mobile number"))),
    ]
}

fn row(
    term: &'static str,
    words: String,
    note: Option<String>,
    change: Option<(AttrValue, &'static str)>,
) -> Html {
    html! {
        <key={term}>
            <dt>{ term }</dt>
            <dd><span class="with-action">
                <span>{ words }{ " " }<span class="note">{ note }</span></span>
                if let Some((href, what)) = change {
                    <a {href}>{ "Change" }<span class="visually-hidden">{ format!(" {what}") }</span></a>
                }
            </span></dd>
        </>
    }
}

fn consent(props: &PartyCheckProps) -> Html {
    match &props.confirm.notice {
        None => html! { <p class="muted" role="status">{ "Loading the privacy notice…" }</p> },
        Some(Ok(text)) => {
            let error = props.form.error(CONSENT).map(|error| AttrValue::from(error.to_owned()));
            let on_agree = props.confirm.on_agree.clone();
            html! { <ConsentBox text={Rc::clone(text)} agreed={props.confirm.agreed} {on_agree} {error} /> }
        }
        Some(Err(problem)) => {
            let again = props.confirm.on_reload.reform(|_: MouseEvent| ());
            html! {
                <Notice kind={NoticeKind::Danger} title="We could not load the privacy notice">
                    <p>{ problem.detail.clone().unwrap_or_default() }</p>
                    <div class="button-row">
                        <button type="button" class="button button--quiet" onclick={again}>
                            { "Try again" }
                        </button>
                    </div>
                </Notice>
            }
        }
    }
}
