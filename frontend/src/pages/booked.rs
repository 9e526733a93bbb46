//! The confirmation: what was booked, a calendar file, what happens next, and what its patient can do about it. One person's, so it
//! loads in the browser only.

use std::rc::Rc;

use shared_types::{
    AppointmentId, Problem,
    bookings::{Appointment, AppointmentStatus},
};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{
    account::notes::notes_path, agreement::AgreementStep, dispute::DisputeSection, hold::private_head,
    manage_opened::ManageOpened, own_visit::OwnVisit, paid::Paid,
};
use crate::{
    api::bookings,
    browser,
    components::{
        appointment_card::AppointmentCard,
        asked_first::AskedFirst,
        booking_words::MOVED_WORDS,
        icon::Icon,
        manage_view::{StatusBadge, end_words, is_changeable, is_request},
        pay_step::{PayStep, RepairStep},
        problem_view::ProblemView,
        proposed_time::ProposedTime,
        skeleton::Skeleton,
        times_rest::long_when,
    },
    hooks::{
        use_head,
        use_note_draft::was_sent_with,
        use_private_api,
        use_standing::{Standing, use_standing},
    },
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BookedPageProps {
    pub appointment_id: AppointmentId,
}

/// You are booked, or one step away from it.
#[component]
pub fn BookedPage(props: &BookedPageProps) -> Html {
    let version = use_state(|| 0_u32);
    let read = use_private_api::<Appointment>(bookings::get_appointment(props.appointment_id), *version);
    // Which appointment was answered about, and what it is now.
    let answered = use_state(|| None::<(AppointmentId, Rc<Appointment>)>);
    let newer =
        (*answered).clone().filter(|(id, now)| [*id, now.appointment_id].contains(&props.appointment_id));
    let was_changed = newer.is_some();
    let appointment = newer.map(|(_, now)| Ok(now)).or(read);
    let on_answered = {
        let (answered, id) = (answered.setter(), props.appointment_id);
        Callback::from(move |now: Appointment| {
            let now_id = now.appointment_id;
            answered.set(Some((id, Rc::new(now))));
            // Who loads the page again sees what was agreed, not what it took the place of.
            if now_id != id {
                browser::replace(&format!("/book/confirmed/{now_id}"));
            }
        })
    };
    let asks = use_location().is_some_and(|location| location.query_str().contains("step="));
    let is_changing = asks
        && appointment.as_ref().is_some_and(|read| {
            // Once something was done, what came of it is shown where it was done.
            let opens = |now: &Appointment| was_changed || is_changeable(now);
            read.as_ref().is_ok_and(|now| opens(now) && !is_for_others_to_pay(now))
        });
    use_head(private_head(if is_changing { "Your appointment" } else { title(appointment.as_ref()) }));
    let loaded = matches!(appointment, Some(Ok(_)));
    use_effect_with((loaded, is_changing), |(loaded, is_changing)| {
        if *loaded && !is_changing {
            browser::focus("done-title");
        }
    });
    let on_changed = {
        let (answered, id) = (answered.setter(), props.appointment_id);
        Callback::from(move |now: Appointment| {
            let (now_id, status) = (now.appointment_id, now.status);
            answered.set(Some((id, Rc::new(now))));
            // What was moved before it was paid is paid at its own address, also after the page was loaded again.
            if now_id != id && status == AppointmentStatus::AwaitingPayment {
                browser::replace(&format!("/book/confirmed/{now_id}"));
            }
        })
    };
    let again = move |_: MouseEvent| version.set(*version + 1);
    let by = match use_standing().standing {
        Standing::SignedIn(_) => Told::ByMember,
        Standing::Unknown | Standing::SignedOut | Standing::Failed(_) => Told::ByGuest,
    };
    let told = if was_sent_with(props.appointment_id) { by } else { Told::Nothing };
    let content = match appointment {
        None => html! { <DoneShape /> },
        Some(Ok(appointment)) if is_for_others_to_pay(&appointment) => html! {
            <>
                <h1 id="done-title" tabindex="-1">{ "Not paid yet" }</h1>
                <p>
                    { "You cannot pay it here. Whoever booked it can, and so can the patient and who may settle what " }
                    { "the patient owes. It is booked once that is done." }
                </p>
                <AppointmentCard appointment={(*appointment).clone()} with_policy=true />
            </>
        },
        Some(Ok(appointment)) if is_changing => html! {
            <ManageOpened key={props.appointment_id.to_string()} {appointment} {on_changed} />
        },
        Some(Ok(appointment)) if appointment.status == AppointmentStatus::AwaitingPayment => html! {
            <>
                <h1 id="done-title" tabindex="-1">{ "One more step" }</h1>
                <p>{ "Your details are with the practice. You are booked once this is done." }</p>
                <RepairStep appointment={Rc::clone(&appointment)} />
                <ProposedTime appointment={Rc::clone(&appointment)} {on_answered} />
                <AppointmentCard appointment={(*appointment).clone()} with_policy=true>
                    <div class="button-row no-print">{ changes(&appointment) }</div>
                </AppointmentCard>
                <PayStep {appointment} />
            </>
        },
        Some(Ok(appointment)) => html! {
            <>
                <RepairStep appointment={Rc::clone(&appointment)} />
                <ProposedTime appointment={Rc::clone(&appointment)} on_answered={on_answered.clone()} />
                <Done {appointment} {told} on_changed={on_answered} />
            </>
        },
        Some(Err(problem)) if problem.status == 404 => html! {
            <div class="fault">
                <h1>{ "We cannot show this appointment here" }</h1>
                <p>{ "Open the link in the e-mail we sent: it shows the appointment on any device." }</p>
            </div>
        },
        Some(Err(problem)) => html! {
            <>
                <h1>{ "Your booking" }</h1>
                <p>
                    { "We cannot show it just now. The booking itself stands, and the details are in your " }
                    { "e-mail." }
                </p>
                <ProblemView {problem} />
                <div class="button-row">
                    <button type="button" class="button" onclick={again}>{ "Try again" }</button>
                </div>
            </>
        },
    };
    html! { <main id="main" tabindex="-1"><div class="wrap wrap--narrow done">{ content }</div></main> }
}

/// The document's title, which says what the heading says.
fn title(appointment: Option<&Result<Rc<Appointment>, Problem>>) -> &'static str {
    match appointment {
        None => "Your booking",
        Some(Ok(appointment)) if is_for_others_to_pay(appointment) => "Not paid yet",
        Some(Ok(appointment)) if appointment.status == AppointmentStatus::AwaitingPayment => "One more step",
        Some(Ok(appointment)) if appointment.status == AppointmentStatus::Requested => REQUESTED,
        Some(Ok(appointment)) if appointment.status.is_upcoming() => "You are booked",
        Some(Ok(appointment)) if appointment.status == AppointmentStatus::Rescheduled => {
            "Moved to another time"
        }
        Some(Ok(_)) => "Your appointment",
        Some(Err(problem)) if problem.status == 404 => "We cannot show this appointment here",
        Some(Err(_)) => "Your booking",
    }
}

/// Whether the practice was told something along with the booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Nothing,
    ByGuest,
    ByMember,
}

#[derive(Clone, PartialEq, Properties)]
pub struct DoneProps {
    pub appointment: Rc<Appointment>,
    pub told: Told,
    /// The appointment is this now, by what its patient said of it here.
    #[prop_or_default]
    pub on_changed: Callback<Appointment>,
}

/// What is asked for is not booked yet.
const REQUESTED: &str = "Your request is with the practice";

/// What is booked, or what became of it.
#[component]
pub fn Done(props: &DoneProps) -> Html {
    let DoneProps { appointment, told, on_changed } = props;
    let file = bookings::calendar_file(appointment.appointment_id);
    let is_moved = appointment.status == AppointmentStatus::Rescheduled;
    let is_asked = appointment.status == AppointmentStatus::Requested;
    let icon = match (is_moved, is_asked) {
        (true, _) => "calendar",
        (false, true) => "clock",
        (false, false) => "check",
    };
    html! {
        <>
            <header class="done__head">
                <span class="tile"><Icon name={icon} /></span>
                <div>
                    if is_asked {
                        <h1 id="done-title" tabindex="-1">{ REQUESTED }</h1>
                        <p>{ asked_words(appointment) }</p>
                    } else if appointment.status.is_upcoming() {
                        <h1 id="done-title" tabindex="-1">{ "You are booked" }</h1>
                        <p>{ format!("We are sending the details to {}.", appointment.email_hint) }</p>
                    } else if is_moved {
                        <h1 id="done-title" tabindex="-1">{ "Moved to another time" }</h1>
                        <p>{ MOVED_WORDS }</p>
                    } else {
                        <h1 id="done-title" tabindex="-1">{ "Your appointment" }</h1>
                        <p><StatusBadge status={appointment.status} /></p>
                        if was_not_paid(appointment) {
                            <p>{ "It was not paid for in time, so nothing was booked and nothing is owed." }</p>
                        }
                    }
                </div>
            </header>
            <div class="optional"><AgreementStep appointment={Rc::clone(appointment)} /></div>
            <AppointmentCard appointment={(**appointment).clone()} with_policy=true>
                <div class="button-row no-print">
                    if !is_moved && !is_asked {
                        <a class="button" href={file} download="appointment.ics">
                            <Icon name="calendar" />{ "Add to calendar" }
                        </a>
                    }
                    <button type="button" class="button button--quiet js-only"
                        onclick={|_: MouseEvent| browser::print()}>
                        <Icon name="print" />{ "Print" }
                    </button>
                    { changes(appointment) }
                </div>
            </AppointmentCard>
            <OwnVisit appointment={Rc::clone(appointment)} on_changed={on_changed.clone()} />
            <div class="optional"><AskedFirst appointment={(**appointment).clone()} /></div>
            <div class="optional"><Paid appointment={Rc::clone(appointment)} /></div>
            <DisputeSection appointment_id={appointment.appointment_id} status={appointment.status}
                zone={appointment.role.time_zone} />
            if appointment.status.is_upcoming() {
                <section class="stack" aria-labelledby="next-title">
                    <h2 id="next-title">{ "What happens next" }</h2>
                    <ul class="next-steps">
                        { told_words(appointment, *told) }
                        <li><Icon name="mail" /><span>
                            if is_asked {
                                { "The e-mail has a link to see or withdraw your request. " }
                            } else {
                                { "The e-mail has a link to move or cancel, and a calendar file. " }
                            }
                            { "Keep it: the link is yours alone." }
                        </span></li>
                        <li><Icon name="info" /><span>
                            { "Bring your Medicare card if you have one, and any referral or care plan." }
                        </span></li>
                    </ul>
                </section>
            }
        </>
    }
}

/// The ways to what its patient can do about it, while they can.
fn changes(appointment: &Appointment) -> Html {
    if !is_changeable(appointment) {
        let again = leaves_without(appointment.status) && appointment.role.bookable;
        let times = format!("/providers/{}", appointment.role.slug);
        if !again {
            return Html::default();
        }
        return html! { <a class="button" href={times}>{ "Book another time" }</a> };
    }
    let way = |step: &str| format!("/book/confirmed/{}?step={step}", appointment.appointment_id);
    html! {
        <>
            if !is_request(appointment) {
                <a class="button button--quiet js-only" href={way("move")}>{ "Move it" }</a>
            }
            <a class="button button--plain js-only" href={way("cancel")}>{ end_words(appointment) }</a>
        </>
    }
}

/// Whether it ended in a way that leaves its patient without a visit.
fn leaves_without(status: AppointmentStatus) -> bool {
    match status {
        AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider => true,
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::EnteredInError => false,
    }
}

/// What waits for its payment was quoted; who sees no quote may not see how it is paid, so there is no step for them.
fn is_for_others_to_pay(appointment: &Appointment) -> bool {
    appointment.status == AppointmentStatus::AwaitingPayment && appointment.quote.is_none()
}

/// Until when the practice can answer a request, and where its answer comes to.
fn asked_words(appointment: &Appointment) -> String {
    let first = "The practice answers first. The time is kept for you until then.";
    let by = appointment.reply_by.map(|by| {
        let by = long_when(by, appointment.role.time_zone);
        format!(" It answers by {by}, or the request ends by itself.")
    });
    format!("{first}{} We write to {}.", by.unwrap_or_default(), appointment.email_hint)
}

/// What a practice did not answer has no reason.
fn was_not_paid(appointment: &Appointment) -> bool {
    appointment.status == AppointmentStatus::Expired && appointment.reason.is_some()
}

fn told_words(appointment: &Appointment, told: Told) -> Html {
    let words = match told {
        Told::Nothing => return Html::default(),
        Told::ByGuest => html! {
            <>
                { "What you wrote was sealed in your browser and sent. Only the practice can read it, so you " }
                { "cannot reread it." }
            </>
        },
        Told::ByMember => html! {
            <>
                { "What you wrote was sealed in your browser and sent. Only the practice and you can read it: " }
                <a href={notes_path(appointment.booking_id)}>{ "see what you sent" }</a>{ "." }
            </>
        },
    };
    html! { <li key="told"><Icon name="shield" /><span>{ words }</span></li> }
}

#[component]
fn DoneShape() -> Html {
    html! {
        <div class="stack" aria-busy="true">
            <h1>{ "Your booking" }</h1>
            <p class="visually-hidden" role="status">{ "Loading" }</p>
            <p class="no-js-only">
                { "This page needs JavaScript. The details are also in the e-mail we sent." }
            </p>
            <div class="card stack" aria-hidden="true">
                <Skeleton kind="title" /><Skeleton kind="line" /><Skeleton kind="line" /><Skeleton kind="short" />
            </div>
        </div>
    }
}
