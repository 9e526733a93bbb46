//! `/support/{patient_id}`: what a stated reason lets support see of a person, while it stands.

use std::rc::Rc;

use shared_types::{
    PatientId, Problem,
    bookings::MemberAppointment,
    page::Page,
    users::{AccessGrant, Patient},
};
use yew::prelude::*;

use super::{ForSupport, PATH, grants::Grants, person_path};
use crate::{
    api::support,
    calendar::words::status_words,
    components::{
        appointment_card::AppointmentCard, booking_summary::pair, booking_words::Pair, failed::Failed,
        icon::Icon,
    },
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, calendar::day_sheet::born_words, hold::private_head},
};

const TITLE: &str = "A person’s data";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PersonPageProps {
    pub patient_id: PatientId,
}

/// The page.
#[component]
pub fn PersonPage(props: &PersonPageProps) -> Html {
    use_head(private_head(TITLE));
    let patient_id = props.patient_id;
    html! { <ForSupport title={TITLE} here={person_path(patient_id)}><Person {patient_id} /></ForSupport> }
}

#[component]
fn Person(props: &PersonPageProps) -> Html {
    let patient_id = props.patient_id;
    let (version, on_again) = use_version();
    let content = match use_private_api::<Page<AccessGrant>>(support::list_living_grants(), version) {
        None => loading(),
        Some(Err(problem)) => html! {
            <Failed {problem} here={person_path(patient_id)} on_again={on_again.clone()} />
        },
        Some(Ok(page)) => {
            let about = |grant: &&AccessGrant| grant.patient_id == patient_id;
            let grants: Vec<_> = page.items.iter().filter(about).cloned().collect();
            if grants.is_empty() {
                html! { <p>{ "No reason of yours stands for this person, so nothing is shown." }</p> }
            } else {
                html! {
                    <>
                        <Grants {grants} on_changed={on_again.clone()} />
                        <DetailsPart {patient_id} />
                        <AppointmentsPart {patient_id} />
                    </>
                }
            }
        }
    };
    html! {
        <>
            { content }
            <p><a class="back-link" href={PATH}>{ "Your reasons" }</a></p>
        </>
    }
}

#[component]
fn DetailsPart(props: &PersonPageProps) -> Html {
    let (version, on_again) = use_version();
    let patient = use_private_api::<Patient>(support::find_patient_by_grant(props.patient_id), version);
    let content = found(patient, &on_again, |patient| {
        html! {
            <div class="card"><dl class="pairs">{ for details(&patient).into_iter().map(pair) }</dl></div>
        }
    });
    html! {
        <section class="stack" aria-labelledby="details-title">
            <h2 id="details-title">{ "Details" }</h2>
            { content }
        </section>
    }
}

fn details(patient: &Patient) -> Vec<Pair> {
    let of = &patient.details;
    let called = of.preferred_name.as_ref().map(|name| format!("Called {}", name.expose()));
    let mut pairs: Vec<Pair> = vec![
        ("Name", of.name.expose().clone(), called),
        ("Born", born_words(*of.date_of_birth.expose()), None),
        ("Language", of.language.clone(), None),
    ];
    for (term, words) in [("Pronouns", &of.pronouns), ("Mobile", &of.mobile)] {
        if let Some(words) = words {
            pairs.push((term, words.expose().clone(), None));
        }
    }
    pairs
}

#[component]
fn AppointmentsPart(props: &PersonPageProps) -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = support::list_patient_appointments(props.patient_id, cursor.as_deref());
    let page = use_private_api::<Page<MemberAppointment>>(path, version);
    let earlier = |next: String| {
        let cursor = cursor.setter();
        move |_: MouseEvent| cursor.set(Some(next.clone()))
    };
    let latest = {
        let cursor = cursor.setter();
        move |_: MouseEvent| cursor.set(None)
    };
    let content = found(page, &on_again, |page| {
        html! {
            <>
                if page.items.is_empty() {
                    <p>{ "None." }</p>
                }
                <ul class="stack" role="list">{ for page.items.iter().map(item) }</ul>
                if let Some(next) = page.next.clone() {
                    <div class="button-row">
                        <button class="button button--quiet" type="button" onclick={earlier(next)}>{ "Earlier ones" }</button>
                    </div>
                }
            </>
        }
    });
    html! {
        <section class="stack" aria-labelledby="appointments-title">
            <h2 id="appointments-title">{ "Appointments" }</h2>
            { content }
            if cursor.is_some() {
                <div class="button-row">
                    <button class="button button--plain" type="button" onclick={latest}>{ "The latest ones" }</button>
                </div>
            }
        </section>
    }
}

fn item(one: &MemberAppointment) -> Html {
    let appointment = one.appointment.clone();
    let (state, icon, badge) = status_words(appointment.status);
    html! {
        <li key={appointment.appointment_id.to_string()}>
            <AppointmentCard {appointment}>
                <p><span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span></p>
            </AppointmentCard>
        </li>
    }
}

/// What was fetched, or what stands in its place. Another service hears of a reason a moment after it was stated.
fn found<T>(
    answer: Option<Result<Rc<T>, Problem>>,
    on_again: &Callback<()>,
    render: impl FnOnce(Rc<T>) -> Html,
) -> Html {
    match answer {
        None => loading(),
        Some(Ok(found)) => render(found),
        Some(Err(problem)) if problem.status == 404 => html! {
            <div class="stack">
                <p>{ "It cannot be seen yet, or no longer: a reason counts everywhere a moment after it was stated." }</p>
                <div class="button-row">
                    <button class="button button--quiet" type="button"
                        onclick={on_again.reform(|_: MouseEvent| ())}>{ "Look again" }</button>
                </div>
            </div>
        },
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
    }
}
