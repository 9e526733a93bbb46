//! One's own appointments, and those of people one acts for.

use std::rc::Rc;

use shared_types::{
    bookings::{AppointmentStatus, MemberAppointment, When},
    page::Page,
    users::Me,
};
use yew::prelude::*;

use super::OnlySignedIn;
use crate::{
    api::bookings,
    components::{appointment_card::AppointmentCard, problem_view::ProblemView, skeleton::CardSkeleton},
    hooks::{use_head, use_private_api},
    pages::hold::private_head,
};

/// The page.
#[component]
pub fn AppointmentsPage() -> Html {
    use_head(private_head("Your appointments"));
    let render =
        Callback::from(|_: Rc<Me>| html! { <><List when={When::Upcoming} /><List when={When::Past} /></> });
    html! { <OnlySignedIn title="Your appointments" path="/account/appointments" {render} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct ListProps {
    when: When,
}

#[component]
fn List(props: &ListProps) -> Html {
    let (heading, none) = match props.when {
        When::Upcoming => ("To come", "Nothing is booked."),
        When::Past => ("Over", "Nothing yet."),
    };
    let page = use_private_api::<Page<MemberAppointment>>(bookings::list_my_appointments(props.when), 0);
    let content = match page {
        None => html! { <div aria-busy="true"><CardSkeleton /></div> },
        Some(Err(problem)) => html! { <ProblemView {problem} retry="/account/appointments" /> },
        Some(Ok(page)) if page.items.is_empty() => html! {
            <p>{ none }{ " " }<a href="/search">{ "Find care" }</a></p>
        },
        Some(Ok(page)) => html! {
            <ul class="stack" role="list">{ for page.items.iter().map(item) }</ul>
        },
    };
    html! { <section class="stack"><h2>{ heading }</h2>{ content }</section> }
}

fn item(one: &MemberAppointment) -> Html {
    let appointment = one.appointment.clone();
    let status = match appointment.status {
        AppointmentStatus::Confirmed => None,
        AppointmentStatus::AwaitingPayment => Some("Waiting for the payment"),
        AppointmentStatus::Rescheduled => Some("Moved to another time"),
        AppointmentStatus::CancelledByPatient => Some("Cancelled"),
        AppointmentStatus::CancelledLate => Some("Cancelled late"),
        AppointmentStatus::CancelledByProvider => Some("Cancelled by the practice"),
        AppointmentStatus::CancelledByAdmin => Some("Cancelled by HelloMapper"),
        AppointmentStatus::Completed => Some("It took place"),
    };
    let href = format!("/book/confirmed/{}", appointment.appointment_id);
    html! {
        <li key={appointment.appointment_id.to_string()}>
            <AppointmentCard {appointment}>
                if let Some(words) = status {
                    <p><strong>{ words }</strong></p>
                }
                <div class="button-row"><a class="button button--quiet" {href}>{ "See the appointment" }</a></div>
            </AppointmentCard>
        </li>
    }
}
