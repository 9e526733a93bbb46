//! Somebody who is there was booked, and could not be checked in with it.

use std::rc::Rc;

use shared_types::bookings::{
    AppointmentStatus,
    practice::{ActName, CalendarAppointment},
};
use yew::prelude::*;

use crate::components::notice::{Notice, NoticeKind};

#[derive(Clone, PartialEq, Properties)]
pub struct NotCheckedInProps {
    /// What was booked as it is now, where it is among what is shown.
    pub appointment: Option<Rc<CalendarAppointment>>,
}

/// What was kept, and what to do; nothing once they are checked in.
#[component]
pub fn NotCheckedIn(props: &NotCheckedInProps) -> Html {
    let next = match &props.appointment {
        Some(appointment) if appointment.status != AppointmentStatus::Confirmed => return Html::default(),
        Some(appointment) if appointment.acts.contains(&ActName::CheckIn) => {
            "The appointment is there. Press “Check in” below to try again."
        }
        Some(_) => "The appointment is there. It can be checked in from an hour before it starts.",
        None => "The appointment is there. Turn to its day and practitioner to check them in.",
    };
    html! {
        <Notice kind={NoticeKind::Soon} title="Booked, but not checked in" alert=true><p>{ next }</p></Notice>
    }
}
