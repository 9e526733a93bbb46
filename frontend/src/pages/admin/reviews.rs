//! `/admin/reviews`: what is booked with somebody who is not listed any more. Nothing of it ends by itself: an administrator lets
//! each appointment stand or cancels it, one by one or all that are shown.

use std::rc::Rc;

use shared_types::{
    PractitionerRoleId, Zone,
    bookings::{
        AppointmentStatus,
        review::{DecideReview, ReviewAppointment, ReviewRole},
        series::SeenVisit,
    },
    page::Page,
    providers::Unlisted,
};
use yew::prelude::*;

use crate::{
    api::{listings, use_api_client},
    components::{failed::Failed, moment::Moment, times_rest::long_when},
    hooks::{Act, use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning,
        support::ForSupport,
    },
};

const TITLE: &str = "Appointments to look at";
const PATH: &str = "/admin/reviews";

/// The page.
#[component]
pub fn ReviewsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Queue /></ForSupport> }
}

#[component]
fn Queue() -> Html {
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let page = match use_private_api::<Page<ReviewRole>>(listings::list_reviews(cursor.as_deref()), version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let row = |role: &ReviewRole| {
        html! {
            <RoleRow key={role.practitioner_role_id.to_string()} role={Rc::new(role.clone())} on_decided={on_again.clone()} />
        }
    };
    html! {
        <div class="stack">
            <p>{ "These practitioners are not listed any more. What is booked with them stands until you decide." }</p>
            if page.items.is_empty() {
                <p>{ "Nothing waits for a look." }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            { turning(&cursor, page.next.as_ref()) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RoleRowProps {
    pub role: Rc<ReviewRole>,
    pub on_decided: Callback<()>,
}

/// Who it is and why they are not listed; their appointments once somebody opens them.
#[component]
pub fn RoleRow(props: &RoleRowProps) -> Html {
    let RoleRowProps { role, on_decided } = props;
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let count = match role.appointments {
        1 => "1 appointment".to_owned(),
        count => format!("{count} appointments"),
    };
    let at = [role.organization_name.clone(), role.phone.clone()].into_iter().flatten().collect::<Vec<_>>();
    html! {
        <li class="card stack">
            <h2>{ &role.name }</h2>
            <p class="small muted">{ at.join(", ") }</p>
            <p>{ format!("{} since ", unlisted_words(role.unlisted)) }<Moment at={role.since} />{ "." }</p>
            <p>{ format!("{count}, the next on {}.", long_when(role.next_start, role.time_zone)) }</p>
            <div class="button-row">
                <button type="button" class="button button--quiet" onclick={toggle} aria-expanded={(*open).to_string()}>
                    { if *open { "Close" } else { "Show them" } }
                    <span class="visually-hidden">{ format!(": {}", role.name) }</span>
                </button>
            </div>
            <div class="optional">
                if *open {
                    <Appointments role={role.practitioner_role_id} zone={role.time_zone} on_decided={on_decided.clone()} />
                }
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AppointmentsProps {
    role: PractitionerRoleId,
    zone: Zone,
    on_decided: Callback<()>,
}

#[component]
fn Appointments(props: &AppointmentsProps) -> Html {
    let AppointmentsProps { role, zone, on_decided } = props;
    let (version, on_again) = use_version();
    let (client, act) = (use_api_client(), use_act());
    let page = use_private_api::<Page<ReviewAppointment>>(listings::list_review_appointments(*role), version);
    let page = match page {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let decide = |which: &[ReviewAppointment], cancels: bool| {
        let seen =
            |one: &ReviewAppointment| SeenVisit { appointment_id: one.appointment_id, version: one.version };
        let decision = DecideReview { appointments: which.iter().map(seen).collect() };
        let (client, act, role) = (client.clone(), act.clone(), *role);
        let (on_again, on_decided) = (on_again.clone(), on_decided.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, decision) = (client.clone(), decision.clone());
            let (on_again, on_decided) = (on_again.clone(), on_decided.clone());
            let send = move || {
                let (client, decision) = (client.clone(), decision.clone());
                async move {
                    if cancels {
                        listings::cancel_reviewed(&client, role, &decision).await
                    } else {
                        listings::keep_reviewed(&client, role, &decision).await
                    }
                }
            };
            act.run(send, move |_: Page<ReviewAppointment>| {
                on_again.emit(());
                on_decided.emit(());
            });
        })
    };
    let row = |one: &ReviewAppointment| {
        let (which, when) = (std::slice::from_ref(one), long_when(one.start, *zone));
        html! {
            <li key={one.appointment_id.to_string()} class="stack">
                <p>{ format!("{when}: {}", status_words(one.status)) }</p>
                { buttons(&act, (decide(which, false), decide(which, true)), ("Let it stand", "Cancel it"), &when) }
            </li>
        }
    };
    html! {
        <div class="stack">
            <p>{ "Who was booked for a cancelled one pays nothing, gets back what was paid, and is written to." }</p>
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            <div class="optional">
                if page.items.len() > 1 {
                    { buttons(
                        &act,
                        (decide(&page.items, false), decide(&page.items, true)),
                        ("Let all of these stand", "Cancel all of these"),
                        "",
                    ) }
                }
            </div>
            <Refused act={act.clone()} />
        </div>
    }
}

/// The two ways to decide; what they are about is said to who does not see where they stand.
fn buttons(
    act: &Act,
    (keep, cancel): (Callback<MouseEvent>, Callback<MouseEvent>),
    (keep_words, cancel_words): (&'static str, &'static str),
    about: &str,
) -> Html {
    let about = if about.is_empty() { String::new() } else { format!(": {about}") };
    html! {
        <div class="button-row">
            <button type="button" class="button button--quiet" onclick={keep} aria-busy={act.busy.to_string()}>
                { keep_words }<span class="visually-hidden">{ about.clone() }</span>
            </button>
            <button type="button" class="button button--danger" onclick={cancel} aria-busy={act.busy.to_string()}>
                { cancel_words }<span class="visually-hidden">{ about }</span>
            </button>
        </div>
    }
}

/// Why somebody is not listed, before the word "since".
fn unlisted_words(unlisted: Unlisted) -> &'static str {
    match unlisted {
        Unlisted::Suspended => "Suspended",
        Unlisted::RegistrationLapsed => "Suspended because the registration is not in force,",
        Unlisted::Left => "Not in the directory any more",
    }
}

/// Only what is to come is shown; the others are there for the moment after a decision.
fn status_words(status: AppointmentStatus) -> &'static str {
    match status {
        AppointmentStatus::Requested => "the practice has not answered yet",
        AppointmentStatus::AwaitingPayment => "not paid yet",
        AppointmentStatus::Confirmed => "confirmed",
        AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => "not to come",
    }
}
