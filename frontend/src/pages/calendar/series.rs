//! A series before it is booked: how each visit stands, which times the patient agrees to, and booking exactly those.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    BookingId, OrganizationId,
    bookings::{
        practice::{CalendarAppointment, DeskPatient},
        series::{CheckSeries, CreateSeries, Finding, SeriesReport, SeriesVisit},
    },
    page::Page,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    api::{calendar as calendar_api, use_api_client},
    browser,
    components::{select_field::SelectField, times_rest::long_when},
    forms::{
        attempt::Attempt,
        series::{agreed, first_choice, offered},
    },
    hooks::use_act,
    pages::account::Refused,
};

/// What was asked for, and for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The series.
    pub check: CheckSeries,
    /// Who comes.
    pub patient: DeskPatient,
}

#[derive(Clone, PartialEq, Properties)]
pub struct SeriesChoiceProps {
    pub asked: Rc<Asked>,
    pub organization_id: OrganizationId,
    pub on_put: Callback<CalendarAppointment>,
    /// Wants to see the first visit that was booked.
    pub on_open: Callback<BookingId>,
    /// Wants something else.
    pub on_back: Callback<()>,
}

/// What was found, and what of it is wanted.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    report: Rc<SeriesReport>,
    choices: Vec<Option<Timestamp>>,
    agreed: bool,
}

/// Looks at each visit when it appears, and again when one was taken meanwhile.
#[component]
pub fn SeriesChoice(props: &SeriesChoiceProps) -> Html {
    let SeriesChoiceProps { asked, organization_id, on_put, on_open, on_back } = props;
    let client = use_api_client();
    let (look, book) = (use_act(), use_act());
    let attempt = use_mut_ref(Attempt::default);
    let found = use_state_eq(|| None::<Found>);
    let look_again = {
        let (client, look, found) = (client.clone(), look.clone(), found.setter());
        let (asked, organization_id) = (Rc::clone(asked), *organization_id);
        Callback::from(move |()| {
            let (client, asked, found) = (client.clone(), Rc::clone(&asked), found.clone());
            let send = move || {
                let (client, asked) = (client.clone(), Rc::clone(&asked));
                async move { calendar_api::check_series(&client, organization_id, &asked.check).await }
            };
            look.run(send, move |report: SeriesReport| {
                let choices = first_choice(&report);
                found.set(Some(Found { report: Rc::new(report), choices, agreed: false }));
                browser::focus(TITLE_ID);
            });
        })
    };
    let changed = book.problem.as_ref().is_some_and(|problem| problem.is("series-changed"));
    {
        let look_again = look_again.clone();
        use_effect_with(Rc::clone(asked), move |_| look_again.emit(()));
    }
    use_effect_with(changed, move |changed| {
        if *changed {
            look_again.emit(());
        }
    });
    let starts = found.as_ref().map(|found| agreed(&found.choices)).unwrap_or_default();
    let ready = starts.len() > 1 && found.as_ref().is_some_and(|found| found.agreed);
    let count = starts.len();
    let onclick = {
        let (book, client, asked) = (book.clone(), client, Rc::clone(asked));
        let (on_put, on_open, organization_id) = (on_put.clone(), on_open.clone(), *organization_id);
        move |_: MouseEvent| {
            if !ready {
                return;
            }
            let series = CreateSeries {
                practitioner_role_id: asked.check.practitioner_role_id,
                appointment_type_id: asked.check.appointment_type_id,
                starts: starts.clone(),
                agreed: true,
                patient: asked.patient.clone(),
            };
            let (client, attempt) = (client.clone(), Rc::clone(&attempt));
            let send = move || {
                let (client, series, attempt) = (client.clone(), series.clone(), Rc::clone(&attempt));
                let sent = serde_json::to_string(&series).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                async move {
                    let made = calendar_api::create_series(&client, organization_id, &series, key).await;
                    attempt.borrow_mut().settle(made.as_ref().err());
                    made
                }
            };
            let (on_put, on_open) = (on_put.clone(), on_open.clone());
            book.run(send, move |made: Page<CalendarAppointment>| {
                let first = made.items.first().map(|visit| visit.booking_id);
                for visit in made.items {
                    on_put.emit(visit);
                }
                if let Some(booking_id) = first {
                    on_open.emit(booking_id);
                }
            });
        }
    };
    html! {
        <section class="stack" aria-labelledby={TITLE_ID} aria-busy={look.busy.to_string()}>
            <h3 id={TITLE_ID} tabindex="-1">{ "Every visit of the series" }</h3>
            <Refused act={look.clone()} />
            if let Some(known) = &*found {
                <p>
                    { "Nothing is booked yet. Go through the list with the patient. What is not free is left out, unless \
                       you choose a time for it." }
                </p>
                <ul class="stack" role="list">
                    { for known.report.visits.iter().enumerate().map(|(nth, visit)| line(&found, known, nth, visit)) }
                </ul>
                { agreement(&found, known) }
                <div class="button-row">
                    <button type="button" class="button" {onclick} aria-disabled={(!ready).to_string()}
                        aria-busy={book.busy.to_string()}>
                        { if count > 1 { format!("Book {count} visits") } else { "Choose two visits or more".to_owned() } }
                    </button>
                    <button type="button" class="button button--plain" onclick={on_back.reform(|_: MouseEvent| ())}>
                        { "Change what you asked for" }
                    </button>
                </div>
            }
            <Refused act={book.clone()} />
        </section>
    }
}

const TITLE_ID: &str = "series-title";

/// One visit: how it stands, and which time it is to have.
fn line(found: &UseStateHandle<Option<Found>>, known: &Found, nth: usize, visit: &SeriesVisit) -> Html {
    let zone = known.report.time_zone;
    let time = |start: &Timestamp| -> (AttrValue, AttrValue) {
        (start.to_string().into(), long_when(*start, zone).into())
    };
    let left_out = (AttrValue::from(""), AttrValue::from("Leave it out"));
    let options: Vec<_> = offered(visit).iter().map(time).chain([left_out]).collect();
    let chosen = known.choices.get(nth).copied().flatten();
    let onchange = {
        let (found, known) = (found.setter(), known.clone());
        Callback::from(move |text: String| {
            let mut known = known.clone();
            if let Some(choice) = known.choices.get_mut(nth) {
                *choice = text.parse().ok();
            }
            // What was agreed to was the list as it stood.
            known.agreed = false;
            found.set(Some(known));
        })
    };
    html! {
        <li key={visit.start.to_string()}>
            <SelectField id={format!("series-{}", nth + 1)} label={long_when(visit.start, zone)}
                hint={finding_words(&visit.finding)} {options}
                value={chosen.map(|start| start.to_string()).unwrap_or_default()} {onchange} />
        </li>
    }
}

fn agreement(found: &UseStateHandle<Option<Found>>, known: &Found) -> Html {
    let onchange = {
        let (found, known) = (found.setter(), known.clone());
        move |event: Event| {
            let agreed = event.target_unchecked_into::<HtmlInputElement>().checked();
            found.set(Some(Found { agreed, ..known.clone() }));
        }
    };
    html! {
        <label class="check">
            <input type="checkbox" checked={known.agreed} {onchange} />
            <span>{ "The patient agrees to exactly these times." }</span>
        </label>
    }
}

/// How a time stands, in words.
fn finding_words(finding: &Finding) -> String {
    match finding {
        Finding::Free => "Free.".to_owned(),
        Finding::Taken => "Taken. The nearest other times are in the list.".to_owned(),
        Finding::Closed { holiday: Some(name) } => format!("Not open: {name}."),
        Finding::Closed { holiday: None } => "Not open: they are off then.".to_owned(),
        Finding::OutsideHours => "Outside the open hours.".to_owned(),
        Finding::BusyElsewhere => {
            "The practitioner’s other calendar says busy, or cannot be read.".to_owned()
        }
        Finding::TooFar => "Further ahead than patients can book.".to_owned(),
    }
}
