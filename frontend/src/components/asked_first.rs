//! Being asked first about a practice's times, since it did not keep an appointment: the way there, and the reason in words.

use shared_types::{
    Zone,
    bookings::{
        Appointment, AppointmentStatus,
        waitlist::{PRIORITY_DAYS, Priority, PriorityCause},
    },
};
use yew::prelude::*;

use super::{notice::Notice, times_rest::long_when};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AskedFirstProps {
    pub appointment: Appointment,
}

/// What a patient is offered whose appointment was not kept; nothing for any other.
#[component]
pub fn AskedFirst(props: &AskedFirstProps) -> Html {
    let appointment = &props.appointment;
    if !appointment.asked_first {
        return Html::default();
    }
    let (role_id, type_id) =
        (appointment.role.practitioner_role_id, appointment.appointment_type.appointment_type_id);
    html! {
        <Notice title="You come first for a new time" icon="clock">
            <p>
                { lost_words(appointment.status) }
                { " Join the practice’s waitlist for the same kind of visit, and you are asked first when time " }
                { format!("frees up: once, within {PRIORITY_DAYS} days.") }
            </p>
            <p class="small">
                { "The waitlist needs an account. A booking that you made without one is " }
                <a href="/account/appointments">{ "added to your account" }</a>{ " first." }
            </p>
            <div class="button-row">
                <a class="button" rel="nofollow" href={format!("/account/waitlist/{role_id}?type={type_id}")}>
                    { "Join the waitlist" }
                </a>
            </div>
        </Notice>
    }
}

/// Who did not keep it.
fn lost_words(status: AppointmentStatus) -> &'static str {
    match status {
        AppointmentStatus::CancelledByProvider => "The practice cancelled this appointment.",
        AppointmentStatus::CancelledByAdmin => "HelloMapper cancelled this appointment for the practice.",
        AppointmentStatus::NoShowProvider => "The practitioner was not there.",
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::EnteredInError => "This appointment was not kept.",
    }
}

/// Why somebody is asked first, as they read it: `because the practice cancelled your appointment of …`.
pub fn own_priority_words(priority: Priority, zone: Zone) -> String {
    let of = long_when(priority.start, zone);
    match priority.cause {
        PriorityCause::CancelledByProvider => {
            format!("because the practice cancelled your appointment of {of}")
        }
        PriorityCause::CancelledByAdmin => format!("because HelloMapper cancelled your appointment of {of}"),
        PriorityCause::NoShowProvider => format!("because nobody was there for your appointment of {of}"),
    }
}

/// The same, as the practice reads it.
pub fn their_priority_words(priority: Priority, zone: Zone) -> String {
    let of = long_when(priority.start, zone);
    match priority.cause {
        PriorityCause::CancelledByProvider => format!("because you cancelled their appointment of {of}"),
        PriorityCause::CancelledByAdmin => format!("because HelloMapper cancelled their appointment of {of}"),
        PriorityCause::NoShowProvider => format!("because nobody was there for their appointment of {of}"),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        Zone,
        bookings::waitlist::{Priority, PriorityCause},
    };

    use super::{own_priority_words, their_priority_words};

    #[test]
    fn each_side_reads_why_somebody_comes_first() {
        let start = "2026-11-23T22:15:00Z".parse().unwrap();
        let priority = Priority { cause: PriorityCause::CancelledByProvider, start };
        let of = "appointment of Tuesday 24 November, 9:15 am";
        assert_eq!(
            own_priority_words(priority, Zone::SYDNEY),
            format!("because the practice cancelled your {of}")
        );
        assert_eq!(their_priority_words(priority, Zone::SYDNEY), format!("because you cancelled their {of}"));
    }
}
