//! Where the processor's page leads back to: waits until the booking is made, then shows it. One person's, so it loads in the
//! browser only.

use gloo_timers::future::sleep;
use shared_types::{
    AppointmentId, BookingId, Problem,
    bookings::{Appointment, AppointmentStatus},
    payments::{PaymentFailure, pay::PaymentStanding},
};
use yew::{platform::spawn_local, prelude::*};

use super::hold::private_head;
use crate::{
    api::{ApiClient, OwnBooking, bookings, payments, use_api_client},
    browser,
    components::{
        pay_step::{begun_from, failure_words},
        problem_view::ProblemView,
        skeleton::Skeleton,
    },
    hooks::use_head,
};

/// How often it is looked after; the processor needs seconds.
const LOOKS: u32 = 30;
/// For how many looks a failure may be that of an earlier try, whose card was changed just now, and a page may seem to be open that
/// was paid on just now.
const OLD_FAILURE: u32 = 3;
/// How long between two looks, in milliseconds.
const PAUSE: u64 = 2_000;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PayReturnPageProps {
    pub booking_id: BookingId,
}

/// How it goes.
#[derive(Clone, Debug, PartialEq)]
enum Going {
    Waiting,
    /// This tab did not begin it.
    Elsewhere,
    /// The card said no, or the reader came back without paying.
    NotPaid(AppointmentId, Option<PaymentFailure>),
    Failed(AppointmentId, Problem),
}

/// Waiting for the payment, or why there is none.
#[component]
pub fn PayReturnPage(props: &PayReturnPageProps) -> Html {
    use_head(private_head("Your payment"));
    let client = use_api_client();
    let going = use_state_eq(|| Going::Waiting);
    {
        let set = going.setter();
        use_effect_with(props.booking_id, move |booking_id| match begun_from(*booking_id) {
            Some(appointment_id) => spawn_local(follow(client, appointment_id, set)),
            None => set.set(Going::Elsewhere),
        });
    }
    let content = match &*going {
        Going::Waiting => html! {
            <div class="stack" aria-busy="true">
                <h1>{ "We are checking your payment" }</h1>
                <p role="status">{ "This takes a few seconds. Your time is kept." }</p>
                <p class="no-js-only">{ "This page needs JavaScript. We write to you once your booking is made." }</p>
                <div class="card stack" aria-hidden="true">
                    <Skeleton kind="title" /><Skeleton kind="line" /><Skeleton kind="short" />
                </div>
            </div>
        },
        Going::Elsewhere => html! {
            <div class="fault">
                <h1>{ "Go back to where you began to pay" }</h1>
                <p>
                    { "This browser window does not know your booking. If your payment came in time, the booking is " }
                    { "made, and we write to you with a link to it. If it came too late, nothing is booked, and the " }
                    { "money goes back to you." }
                </p>
            </div>
        },
        Going::NotPaid(appointment_id, failure) => html! {
            <div class="fault">
                <h1>{ "It is not paid yet" }</h1>
                <p role="status">
                    { failure.map_or("We have not heard of a payment. Nothing more was charged.", failure_words) }
                    { " Your time is kept for a while." }
                </p>
                <div class="button-row">{ back(*appointment_id, "Try again") }</div>
            </div>
        },
        Going::Failed(appointment_id, problem) => html! {
            <div class="fault">
                <h1>{ "We cannot check your payment just now" }</h1>
                <p>{ "If it came in time, your booking is made, and we write to you." }</p>
                <ProblemView problem={problem.clone()} />
                <div class="button-row">{ back(*appointment_id, "See your booking") }</div>
            </div>
        },
    };
    html! { <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">{ content }</div></main> }
}

fn back(appointment_id: AppointmentId, words: &'static str) -> Html {
    html! { <a class="button" href={booked(appointment_id)}>{ words }</a> }
}

fn booked(appointment_id: AppointmentId) -> String {
    format!("/book/confirmed/{appointment_id}")
}

/// Looks again until the booking is made, the card said no, or often enough.
async fn follow(client: ApiClient, appointment_id: AppointmentId, set: UseStateSetter<Going>) {
    let path = bookings::get_appointment(appointment_id);
    for look in 0..LOOKS {
        match client.get(&path).await.read::<Appointment>() {
            Ok(appointment) if appointment.status == AppointmentStatus::AwaitingPayment => {
                let payment = standing_of(&client, &appointment).await.filter(|_| look >= OLD_FAILURE);
                // A page that is still open was left without paying.
                let left = payment.filter(|it| it.failure.is_some() || it.checkout.is_some());
                if let Some(payment) = left {
                    set.set(Going::NotPaid(appointment_id, payment.failure));
                    return;
                }
            }
            // Another card was given for a booking that stands: its page would ask for one again.
            Ok(appointment) if appointment.payment_failure.is_some() && look < OLD_FAILURE => {}
            Ok(_) => {
                // In place of this page, which has nothing more to say.
                browser::replace(&booked(appointment_id));
                return;
            }
            // What did not answer may answer the next time.
            Err(problem) if problem.status == 0 || problem.status >= 500 => {}
            Err(problem) => {
                set.set(Going::Failed(appointment_id, problem));
                return;
            }
        }
        sleep(std::time::Duration::from_millis(PAUSE)).await;
    }
    set.set(Going::NotPaid(appointment_id, None));
}

/// Where the payment stands, as payments knows it before bookings does: it has looked at the processor's pages.
async fn standing_of(client: &ApiClient, appointment: &Appointment) -> Option<PaymentStanding> {
    let booking = OwnBooking::of(appointment)?;
    payments::find_payment(client, &booking).await.ok()
}
