//! A group session beside the calendar: when it is, who is in it, and cancelling it for everybody.

use std::rc::Rc;

use shared_types::{
    BookingId, OrganizationId,
    bookings::practice::{CalendarAppointment, PracticeCalendar},
    time,
};
use yew::prelude::*;

use super::session_cancel::SessionCancel;
use crate::{
    calendar::{
        sessions::Session,
        sheet::Entry,
        words::{SESSION_STAYS, patient_words, status_group, status_words},
    },
    components::{booking_summary::pair, booking_words::Pair, icon::Icon},
};

#[derive(Clone, PartialEq, Properties)]
pub struct SessionPanelProps {
    pub session: Rc<Session>,
    pub organization_id: OrganizationId,
    /// What is shown beside it.
    pub calendar: Rc<PracticeCalendar>,
    /// Wants to see one of its people.
    pub on_open: Callback<BookingId>,
    pub on_put: Callback<CalendarAppointment>,
}

/// The panel.
#[component]
pub fn SessionPanel(props: &SessionPanelProps) -> Html {
    let SessionPanelProps { session, organization_id, calendar, on_open, on_put } = props;
    let lead = &session.lead;
    let pairs: [Pair; 4] = [
        ("When", session.when(), Some(time::long_date(lead.date()))),
        ("With", lead.with.to_string(), None),
        ("What", lead.appointment.appointment_type.name.clone(), None),
        ("Seats taken", session.seats_words(), None),
    ];
    let person = |entry: &Entry| {
        html! { <Person key={entry.booking_id().to_string()} entry={entry.clone()} on_open={on_open.clone()} /> }
    };
    html! {
        <div class="stack">
            <dl class="pairs pairs--tight">{ for pairs.into_iter().map(pair) }</dl>
            <h3 id="session-people">{ "People in this session" }</h3>
            <ol class="agenda-list" role="list" aria-labelledby="session-people">
                { for session.entries().map(person) }
            </ol>
            <p class="small muted">{ SESSION_STAYS }</p>
            <SessionCancel session={Rc::clone(session)} organization_id={*organization_id}
                calendar={Rc::clone(calendar)} on_put={on_put.clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PersonProps {
    entry: Entry,
    on_open: Callback<BookingId>,
}

/// Leads to what can be done with their own appointment.
#[component]
fn Person(props: &PersonProps) -> Html {
    let PersonProps { entry, on_open } = props;
    let appointment = &entry.appointment;
    let (state, icon, badge) = status_words(appointment.status);
    let booking_id = entry.booking_id();
    let onclick = on_open.reform(move |_: MouseEvent| booking_id);
    html! {
        <li>
            <button type="button" class="agenda-item session-person" {onclick}
                data-state={status_group(appointment.status)}>
                <span class="agenda-item__who">{ patient_words(appointment) }</span>
                <span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span>
            </button>
        </li>
    }
}
