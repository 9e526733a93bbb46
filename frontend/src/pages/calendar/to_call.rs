//! Whom the desk tells itself that somebody runs late or that a session is cancelled: nothing that is written reaches them.

use std::rc::Rc;

use shared_types::{
    BookingId, Zone,
    bookings::practice::{CalendarAppointment, PracticeCalendar},
    providers::phone_words,
    time::clock_words,
};
use yew::prelude::*;

use crate::{calendar::words::patient_words, components::times_rest::dialled};

#[derive(Clone, PartialEq, Properties)]
pub struct ToCallProps {
    /// Where they are found.
    pub calendar: Rc<PracticeCalendar>,
    /// Their bookings.
    pub bookings: Vec<BookingId>,
}

/// Their names, when they come, and the number that they gave.
#[component]
pub fn ToCall(props: &ToCallProps) -> Html {
    let ToCallProps { calendar, bookings } = props;
    let lines: Vec<Html> =
        bookings.iter().filter_map(|booking_id| find(calendar, *booking_id)).map(line).collect();
    if lines.is_empty() {
        return Html::default();
    }
    html! { <ul>{ for lines }</ul> }
}

fn find(calendar: &PracticeCalendar, booking_id: BookingId) -> Option<(&CalendarAppointment, Zone)> {
    calendar.roles.iter().find_map(|role| {
        let appointment =
            role.appointments.iter().find(|appointment| appointment.booking_id == booking_id)?;
        Some((appointment, role.time_zone))
    })
}

fn line((appointment, zone): (&CalendarAppointment, Zone)) -> Html {
    let mobile = appointment.patient.mobile.expose();
    let who = format!("{}, {}: ", patient_words(appointment), clock_words(zone.time(appointment.start)));
    html! {
        <li key={appointment.booking_id.to_string()}>
            { who }
            if mobile.is_empty() {
                { "gave no number either" }
            } else {
                <a href={format!("tel:{}", dialled(mobile))}>{ format!("Call {}", phone_words(mobile)) }</a>
            }
        </li>
    }
}
