//! One's own appointments, and those of people one acts for.

use std::rc::Rc;

use shared_types::{
    bookings::{Appointment, AppointmentStatus, MemberAppointment, When},
    page::Page,
    users::Me,
};
use yew::prelude::*;

use super::{
    OnlySignedIn, Own, OwnProps, back_to_account, claim::Claim, notes::notes_path, series::SeriesOf,
};
use crate::{
    api::bookings,
    browser::{focus_first_within, pointing},
    components::{
        appointment_card::AppointmentCard, failed::Failed, proposed_time::ProposedTime,
        skeleton::CardSkeleton, statements::disagreement_path,
    },
    hooks::{use_head, use_private_api, use_version},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn AppointmentsPage() -> Html {
    use_head(private_head("Your appointments"));
    let render = Callback::from(|me: Rc<Me>| html! { <Lists me={Own(me)} /> });
    html! { <OnlySignedIn title="Your appointments" path={PATH} {render} /> }
}

const PATH: &str = "/account/appointments";

#[component]
fn Lists(props: &OwnProps) -> Html {
    let (version, again) = use_version();
    html! {
        <>
            <section class="stack">
                <h2>{ "To come" }</h2>
                <Part when={When::Upcoming} {version} on_again={again.clone()} />
            </section>
            <section class="stack">
                <h2>{ "Over" }</h2>
                <Part when={When::Past} {version} on_again={again.clone()} />
            </section>
            <Claim me={props.me.clone()} on_claimed={again} />
            { back_to_account() }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PartProps {
    when: When,
    /// Where the part before it ended; absent in the first.
    #[prop_or_default]
    cursor: Option<AttrValue>,
    /// Goes up when the lists have changed.
    version: u32,
    on_again: Callback<()>,
}

/// A part of a list as it is fetched, and what comes after it.
#[component]
fn Part(props: &PartProps) -> Html {
    let PartProps { when, cursor, version, on_again } = props;
    let path = bookings::list_my_appointments(*when, cursor.as_deref());
    let page = use_private_api::<Page<MemberAppointment>>(path, *version);
    match page {
        None => html! { <div aria-busy="true"><CardSkeleton /></div> },
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
        Some(Ok(page)) => html! {
            <FetchedPart when={*when} is_first={cursor.is_none()} {page} version={*version} on_again={on_again.clone()} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct FetchedPartProps {
    pub when: When,
    /// Whether nothing stands before it.
    pub is_first: bool,
    pub page: Rc<Page<MemberAppointment>>,
    /// Goes up when the lists have changed.
    pub version: u32,
    pub on_again: Callback<()>,
}

/// A part of a list: its appointments, and those after them once somebody wants to see more.
#[component]
pub fn FetchedPart(props: &FetchedPartProps) -> Html {
    let FetchedPartProps { when, is_first, page, version, on_again } = props;
    let (wants_more, first) = (use_state_eq(|| false), use_node_ref());
    {
        let (first, takes_focus) = (first.clone(), !is_first);
        use_effect_with((), move |()| {
            // The button that was pressed has gone with what it brought.
            if takes_focus && pointing::is_nowhere() {
                focus_first_within(&first);
            }
        });
    }
    if *is_first && page.items.is_empty() {
        let none = match when {
            When::Upcoming => "Nothing is booked.",
            When::Past => "Nothing yet.",
        };
        return html! { <p>{ none }{ " " }<a href="/search">{ "Find care" }</a></p> };
    }
    let onclick = {
        let wants_more = wants_more.setter();
        move |_: MouseEvent| wants_more.set(true)
    };
    let what = match when {
        When::Upcoming => " appointments to come",
        When::Past => " appointments that are over",
    };
    html! {
        <>
            <ul key="these" class="stack" role="list" ref={first}>
                { for page.items.iter().map(|one| html! {
                    <Listed key={one.appointment.appointment_id.to_string()} appointment={Rc::new(one.appointment.clone())}
                        on_changed={on_again.clone()} />
                }) }
            </ul>
            <div key="more" class="optional stack">
                if let Some(next) = &page.next {
                    if *wants_more {
                        <Part when={*when} cursor={AttrValue::from(next.clone())} version={*version}
                            on_again={on_again.clone()} />
                    } else {
                        <div class="pager">
                            <button type="button" class="button button--quiet" {onclick}>
                                { "Show more" }<span class="visually-hidden">{ what }</span>
                            </button>
                        </div>
                    }
                }
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ListedProps {
    /// As the list gave it.
    appointment: Rc<Appointment>,
    on_changed: Callback<()>,
}

/// One of them, as it stands after what was answered here.
#[component]
fn Listed(props: &ListedProps) -> Html {
    let answered = use_state_eq(|| None::<Rc<Appointment>>);
    {
        // What is read anew knows more.
        let answered = answered.setter();
        use_effect_with(Rc::clone(&props.appointment), move |_| answered.set(None));
    }
    let on_answered = {
        let (answered, changed) = (answered.setter(), props.on_changed.clone());
        Callback::from(move |now: Appointment| {
            // What it is now is in the list, read anew.
            if now.status == AppointmentStatus::Rescheduled {
                changed.emit(());
            }
            answered.set(Some(Rc::new(now)));
        })
    };
    let appointment = (*answered).clone().unwrap_or_else(|| Rc::clone(&props.appointment));
    html! {
        <li class="stack">
            <ProposedTime appointment={Rc::clone(&appointment)} {on_answered} />
            { card((*appointment).clone(), &props.on_changed) }
        </li>
    }
}

fn card(appointment: Appointment, on_changed: &Callback<()>) -> Html {
    let status = match appointment.status {
        AppointmentStatus::Confirmed => None,
        AppointmentStatus::Requested => Some("Waiting for the practice’s answer"),
        AppointmentStatus::Arrived | AppointmentStatus::CheckedIn => Some("You are there"),
        AppointmentStatus::InConsult => Some("Under way"),
        AppointmentStatus::Declined => Some("The practice could not take it"),
        AppointmentStatus::Expired => Some("Not answered or paid for in time"),
        AppointmentStatus::NoShowPatient => Some("You were not there"),
        AppointmentStatus::NoShowProvider => Some("The practitioner was not there"),
        AppointmentStatus::EnteredInError => Some("Entered by mistake"),
        AppointmentStatus::AwaitingPayment => Some("Waiting for the payment"),
        AppointmentStatus::Rescheduled => Some("Moved to another time"),
        AppointmentStatus::CancelledByPatient => Some("Cancelled"),
        AppointmentStatus::CancelledLate => Some("Cancelled late"),
        AppointmentStatus::CancelledByProvider => Some("Cancelled by the practice"),
        AppointmentStatus::CancelledByAdmin => Some("Cancelled by HelloMapper"),
        AppointmentStatus::Completed => Some("It took place"),
    };
    let href = format!("/book/confirmed/{}", appointment.appointment_id);
    let notes = notes_path(appointment.booking_id);
    let side = disagreement_path(appointment.appointment_id);
    let series = appointment.series_id.filter(|_| appointment.status.is_upcoming());
    let series = series.map(|series_id| {
        html! { <SeriesOf {series_id} appointment={appointment.clone()} on_changed={on_changed.clone()} /> }
    });
    html! {
        <AppointmentCard {appointment}>
            if let Some(words) = status {
                <p><strong>{ words }</strong></p>
            }
            <div class="button-row">
                <a class="button button--quiet" {href}>{ "See the appointment" }</a>
                <a class="button button--plain" href={notes}>{ "Reason, files and messages" }</a>
                <a class="button button--plain" href={side}>{ "Your side of the record" }</a>
            </div>
            <div class="optional">{ series }</div>
        </AppointmentCard>
    }
}
