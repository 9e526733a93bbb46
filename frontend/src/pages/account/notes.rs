//! What was said between a patient and a practice about one booking: the reason, files and messages.

use std::{cell::Cell, rc::Rc};

use shared_types::{
    BookingId,
    bookings::{MemberAppointment, When},
    time,
    users::Me,
};
use yew::{platform::spawn_local, prelude::*};

use super::{OnlySignedIn, Own, with_keys::WithKeys};
use crate::{
    api::{bookings, use_api_client},
    browser,
    components::{provider_card::capitalised, thread_view::ThreadView},
    hooks::{
        use_head,
        use_thread::{Place, Side, use_thread},
    },
    pages::hold::private_head,
};

const TITLE: &str = "You and the practice";

/// Where a booking's notes are, for the patient's side.
pub fn notes_path(booking_id: BookingId) -> String {
    format!("/account/appointments/{booking_id}/notes")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NotesPageProps {
    pub booking_id: BookingId,
}

/// The page.
#[component]
pub fn NotesPage(props: &NotesPageProps) -> Html {
    use_head(private_head(TITLE));
    let booking_id = props.booking_id;
    let here = AttrValue::from(notes_path(booking_id));
    let render = {
        let here = here.clone();
        Callback::from(move |me: Rc<Me>| {
            let me = Own(me);
            html! {
                <WithKeys me={me.clone()} here={here.clone()}
                    why="What was said is sealed. Open your keys to read it and to answer.">
                    <PatientThread {me} {booking_id} />
                </WithKeys>
            }
        })
    };
    html! { <OnlySignedIn title={TITLE} path={here} {render} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct PatientThreadProps {
    me: Own,
    booking_id: BookingId,
}

#[component]
fn PatientThread(props: &PatientThreadProps) -> Html {
    let PatientThreadProps { me, booking_id } = props;
    let place = Place { booking_id: *booking_id, account_id: me.account_id, side: Side::Patient };
    let thread = use_thread(place);
    let booked = use_booked(*booking_id);
    let practice = booked.as_ref().and_then(|one| one.appointment.role.organization_name.clone());
    let practice = practice.unwrap_or_else(|| "the practice".to_owned());
    let phone = booked.as_ref().and_then(|one| one.appointment.role.phone.clone());
    let on_leave = Callback::from(|()| browser::navigate("/account/appointments"));
    let hint = format!(
        "Sealed in your browser: only {practice}, you and those who act for you can read it. In an emergency call 000."
    );
    html! {
        <div class="stack">
            <p>{ booked.as_deref().map(what_and_when).unwrap_or_default() }</p>
            <ThreadView {thread} me={me.account_id} here={notes_path(*booking_id)} other={practice.clone()}
                phone={phone.map(AttrValue::from)} {on_leave}
                {hint} empty="Nothing was said yet." />
            <p><a class="back-link" href="/account/appointments">{ "Your appointments" }</a></p>
        </div>
    }
}

/// The appointment, once it is found in one's lists: those to come first, as they are mostly what is talked about.
#[hook]
fn use_booked(booking_id: BookingId) -> Option<Rc<MemberAppointment>> {
    let client = use_api_client();
    let booked = use_state_eq(|| None::<Rc<MemberAppointment>>);
    let set = booked.setter();
    use_effect_with(booking_id, move |booking_id| {
        let (booking_id, gone) = (*booking_id, Rc::new(Cell::new(false)));
        let late = Rc::clone(&gone);
        set.set(None);
        spawn_local(async move {
            for when in [When::Upcoming, When::Past] {
                let mut found = None;
                let look = |one: MemberAppointment| {
                    let is_it = one.appointment.booking_id == booking_id;
                    found = is_it.then_some(one);
                    is_it
                };
                bookings::read_my_appointments(&client, when, look).await;
                if late.get() {
                    return;
                }
                if found.is_some() {
                    return set.set(found.map(Rc::new));
                }
            }
        });
        move || gone.set(true)
    });
    (*booked).clone()
}

/// `First visit with Priya Nairwood, tomorrow 9:15 am.`
fn what_and_when(one: &MemberAppointment) -> String {
    let appointment = &one.appointment;
    let when = time::when_words(appointment.start, appointment.as_of, appointment.role.time_zone);
    let words = format!("{} with {}, {when}.", appointment.appointment_type.name, appointment.role.name);
    capitalised(&words)
}
