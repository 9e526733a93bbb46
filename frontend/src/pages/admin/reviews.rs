//! `/admin/reviews`: what is booked with somebody who is not listed any more. Nothing of it ends by itself: an administrator lets
//! each appointment stand or cancels it, one by one or all that are shown.

use std::rc::Rc;

use shared_types::{
    PractitionerRoleId,
    bookings::{
        AppointmentStatus,
        review::{DecideReview, REVIEWED, ReviewAppointment, ReviewRole},
        series::SeenVisit,
    },
    page::Page,
    providers::Unlisted,
};
use yew::prelude::*;

use crate::{
    api::{listings, use_api_client},
    browser,
    components::{failed::Failed, moment::Moment, times_rest::long_when},
    hooks::{use_act, use_head, use_private_api, use_version},
    pages::{
        account::{Refused, loading},
        hold::private_head,
        practice_desk::money::turning_in,
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
    html! {
        <div class="stack">
            <p>{ "These practitioners are not listed any more. What is booked with them stands until you decide." }</p>
            <RoleRows page={Rc::clone(&page)} is_first={cursor.is_none()} on_decided={on_again} />
            { turning_in(&cursor, page.next.as_ref(), ["More", "Back to the first"]) }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct RoleRowsProps {
    pub page: Rc<Page<ReviewRole>>,
    /// Whether the list begins with this page.
    pub is_first: bool,
    pub on_decided: Callback<()>,
}

/// One page of them. Once all of a later page is decided about, those before it may still wait.
#[component]
pub fn RoleRows(props: &RoleRowsProps) -> Html {
    let RoleRowsProps { page, is_first, on_decided } = props;
    let row = |role: &ReviewRole| {
        html! {
            <RoleRow key={role.practitioner_role_id.to_string()} role={Rc::new(role.clone())} on_decided={on_decided.clone()} />
        }
    };
    html! {
        <>
            if page.items.is_empty() {
                <p>{ if *is_first { "Nothing waits for a look." } else { "Nothing is left on this page." } }</p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
        </>
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
                    <Appointments role={Rc::clone(role)} on_decided={on_decided.clone()} />
                }
            </div>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AppointmentsProps {
    role: Rc<ReviewRole>,
    on_decided: Callback<()>,
}

#[component]
fn Appointments(props: &AppointmentsProps) -> Html {
    let AppointmentsProps { role, on_decided } = props;
    let (version, on_again) = use_version();
    let path = listings::list_review_appointments(role.practitioner_role_id);
    let page = match use_private_api::<Page<ReviewAppointment>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => page,
    };
    let on_decided = {
        let on_decided = on_decided.clone();
        Callback::from(move |()| {
            on_again.emit(());
            on_decided.emit(());
            // The buttons have gone with what they were about.
            browser::focus("main");
        })
    };
    html! { <AppointmentRows role={Rc::clone(role)} {page} {on_decided} /> }
}

#[derive(Clone, PartialEq, Properties)]
pub struct AppointmentRowsProps {
    pub role: Rc<ReviewRole>,
    pub page: Rc<Page<ReviewAppointment>>,
    pub on_decided: Callback<()>,
}

/// The earliest of somebody's appointments, to be decided about one by one or all that are shown.
#[component]
pub fn AppointmentRows(props: &AppointmentRowsProps) -> Html {
    let AppointmentRowsProps { role, page, on_decided } = props;
    let decide = |which: &[ReviewAppointment], about: AttrValue| {
        let seen = |one: &ReviewAppointment| format!("{} {}", one.appointment_id, one.version);
        // What was asked about these is not asked about those that come after them.
        let key = which.iter().map(seen).collect::<Vec<_>>().join(" ");
        html! {
            <Decide {key} role={role.practitioner_role_id} which={Rc::from(which)} {about} on_decided={on_decided.clone()} />
        }
    };
    let there_are_more = page.items.len() == REVIEWED
        && usize::try_from(role.appointments).is_ok_and(|waiting| waiting > REVIEWED);
    let row = |one: &ReviewAppointment| {
        let when = long_when(one.start, one.time_zone.unwrap_or(role.time_zone));
        html! {
            <li key={one.appointment_id.to_string()} class="stack">
                <p>{ format!("{when}: {}", status_words(one.status)) }</p>
                { decide(std::slice::from_ref(one), when.into()) }
            </li>
        }
    };
    html! {
        <div class="stack">
            if page.items.is_empty() {
                <p>{ "Nothing of it waits for a look any more." }</p>
            }
            if there_are_more {
                <p>
                    { format!("These are the earliest {REVIEWED} of {}. The next ones come once these are decided about.",
                        role.appointments) }
                </p>
            }
            <ul class="stack" role="list">{ for page.items.iter().map(row) }</ul>
            <div class="optional">
                if page.items.len() > 1 {
                    { decide(&page.items, "all of these".into()) }
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct DecideProps {
    pub role: PractitionerRoleId,
    /// What is decided about together.
    pub which: Rc<[ReviewAppointment]>,
    /// The same in words.
    pub about: AttrValue,
    pub on_decided: Callback<()>,
    /// Whether it is asked already if somebody is sure to cancel.
    #[prop_or_default]
    pub asked: bool,
}

/// Lets appointments stand, or cancels them once somebody is sure: whoever was booked is written to at once.
#[component]
pub fn Decide(props: &DecideProps) -> Html {
    let DecideProps { role, which, about, on_decided, asked } = props;
    let (client, act, asked) = (use_api_client(), use_act(), use_state_eq(|| *asked));
    let send = |cancels: bool| {
        let seen =
            |one: &ReviewAppointment| SeenVisit { appointment_id: one.appointment_id, version: one.version };
        let decision = DecideReview { appointments: which.iter().map(seen).collect() };
        let (client, act, role, on_decided) = (client.clone(), act.clone(), *role, on_decided.clone());
        Callback::from(move |_: MouseEvent| {
            let (client, decision, on_decided) = (client.clone(), decision.clone(), on_decided.clone());
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
            act.run(send, move |_: Page<ReviewAppointment>| on_decided.emit(()));
        })
    };
    let toggle = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(!*asked))
    };
    let busy = act.busy.to_string();
    html! {
        <div class="stack">
            <div class="button-row">
                <button type="button" class="button button--quiet" onclick={send(false)} aria-busy={busy.clone()}>
                    { "Let stand" }<span class="visually-hidden">{ format!(": {about}") }</span>
                </button>
                <button type="button" class="button button--quiet" onclick={toggle.clone()} aria-expanded={(*asked).to_string()}>
                    { "Cancel" }<span class="visually-hidden">{ format!(": {about}") }</span>
                </button>
            </div>
            <div class="optional">
                if *asked {
                    <div class="act__form">
                        <p>
                            { "Who was booked pays nothing, gets back what was paid, and is written to at once. " }
                            <strong>{ "This cannot be undone." }</strong>
                        </p>
                        <div class="button-row">
                            <button type="button" class="button button--danger" onclick={send(true)} aria-busy={busy}>
                                { cancel_words(which.len()) }
                            </button>
                            <button type="button" class="button button--plain" onclick={toggle}>{ "Leave it" }</button>
                        </div>
                    </div>
                }
            </div>
            <Refused act={act.clone()} />
        </div>
    }
}

fn cancel_words(count: usize) -> String {
    if count == 1 { "Cancel the appointment".to_owned() } else { format!("Cancel {count} appointments") }
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
