//! Step 4: everything once more, with ways to change it, the collection notice and one button.

use std::rc::Rc;

use shared_types::{
    bookings::{Hold, PartyDetails},
    time,
};
use yew::prelude::*;

use super::{
    booking_words::{cost_words, no_show_words, policy_words, when_pair, where_pair},
    consent_box::ConsentBox,
    key_changed::KeyChanged,
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
    intake::Progress,
};

#[derive(Clone, PartialEq, Properties)]
pub struct PartyCheckProps {
    pub hold: Rc<Hold>,
    pub details: PartyDetails,
    /// What is wrong: here only the box can be.
    pub form: PartyForm,
    /// Where another time is chosen.
    pub times: AttrValue,
    /// What goes to the practice sealed, such as `your reason and 2 files`; empty when nothing does.
    #[prop_or_default]
    pub sealed: AttrValue,
    pub confirm: Confirming,
}

/// The last look.
#[component]
pub fn PartyCheck(props: &PartyCheckProps) -> Html {
    let PartyCheckProps { details, confirm, .. } = props;
    let onsubmit = {
        let (on_confirm, details) = (confirm.on_confirm.clone(), details.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            on_confirm.emit(details.clone());
        }
    };
    let words = match (&confirm.problem, confirm.progress) {
        (_, Some(progress)) => progress.words(),
        (Some(problem), None) if outcome_is_open(problem) => "Try again".to_owned(),
        (_, None) => "Confirm booking".to_owned(),
    };
    html! {
        <form class="booking__form" novalidate=true method="post" {onsubmit}>
            <ErrorSummary judged={props.form.judged} errors={props.form.errors.clone()} />
            <div class="card">
                <dl class="pairs pairs--ruled">{ for rows(props) }</dl>
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
            <div class="optional">{ changed(props) }</div>
            <div class="button-row booking__next">
                <button class="button" type="submit" aria-busy={confirm.progress.is_some().to_string()}>
                    { words }
                </button>
                // Spoken as it goes; the button shows it.
                <p class="visually-hidden" role="status" aria-live="polite">
                    { confirm.progress.map(Progress::words).unwrap_or_default() }
                </p>
            </div>
        </form>
    }
}

/// The practice's keys have changed: nothing goes on before somebody has said what to do about it.
fn changed(props: &PartyCheckProps) -> Html {
    let Some(keys) = &props.confirm.changed else { return Html::default() };
    let role = &props.hold.role;
    let whose = role.organization_name.clone().unwrap_or_else(|| role.name.clone());
    let (same, leave) = (props.details.clone(), props.details.clone());
    html! {
        <KeyChanged keys={keys.clone()} {whose} phone={role.phone.clone().map(AttrValue::from)}
            busy={props.confirm.progress.is_some()}
            on_same={props.confirm.on_same_keys.reform(move |()| same.clone())}
            on_leave={props.confirm.on_leave_out.reform(move |()| leave.clone())}
            leave="Book without what I wrote" />
    }
}

fn rows(props: &PartyCheckProps) -> Vec<Html> {
    let PartyCheckProps { hold, details, times, sealed, .. } = props;
    let (role, zone) = (&hold.role, hold.role.time_zone);
    let you = AttrValue::from(format!("/book/hold/{}", hold.hold_id));
    let (cost, cost_note) = cost_words(&hold.appointment_type, Some(&hold.quote));
    let (_, place, address) = where_pair(role, Some(&hold.appointment_type));
    let asks_where = hold.appointment_type.home_visit;
    let visit = props.form.visit.read().ok().filter(|_| asks_where);
    let (address, change) = match &visit {
        Some(visit) => (Some(visit.line()), Some((you.clone(), "the address"))),
        None => (address, None),
    };
    let (_, when, date) = when_pair(hold.start, hold.as_of, zone, hold.appointment_type.telehealth);
    let born = *details.date_of_birth.expose();
    // The weekday of a birth is no help to anybody.
    let born = time::long_date(born).split_once(' ').map(|(_, date)| date.to_owned()).unwrap_or_default();
    let preferred = details.preferred_name.as_ref().map(|name| format!("Called {}", name.expose()));
    let text_me =
        props.form.text_me.then(|| "A text message comes here if an e-mail does not arrive".to_owned());
    let told = (!sealed.is_empty()).then(|| {
        let note = "Sealed in your browser when you confirm; only the practice can read it.".to_owned();
        let change = Some((you.clone(), "what the practice should know"));
        row("For the practice", capitalised(sealed), Some(note), change)
    });
    let mut rows = vec![
        row("Appointment", format!("{} with {}", hold.appointment_type.name, role.name), None, None),
        row("When", when, date, Some((times.clone(), "the time"))),
        row("Where", place, address, change),
        row("Cost", cost, cost_note, None),
        row("Cancelling", policy_words(hold.policy, hold.start, zone), None, None),
    ];
    rows.extend(no_show_words(Some(&hold.quote)).map(|fee| row("Not coming", fee, None, None)));
    rows.extend([
        row("Name", details.name.expose().clone(), preferred, Some((you.clone(), "the name"))),
        row("Date of birth", born, None, Some((you.clone(), "the date of birth"))),
        row("E-mail", details.email.expose().clone(), None, Some((you.clone(), "the e-mail address"))),
        row("Mobile", details.mobile.expose().clone(), text_me, Some((you.clone(), "the mobile number"))),
    ]);
    rows.into_iter().chain(told).collect()
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
                <span>{ words }{ " " }<span class="pair__note">{ note }</span></span>
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
