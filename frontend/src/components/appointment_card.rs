//! One appointment in full: when in words first, then who, where, cost and, where it matters, cancelling.

use jiff::Timestamp;
use shared_types::{
    Zone,
    bookings::{Appointment, AppointmentStatus, practice::ChangeReason},
    providers::phone_words,
    time,
};
use yew::prelude::*;

use super::{
    booking_summary::pair,
    booking_words::{Pair, booked_cost_words, no_show_words, policy_words, where_pair},
    provider_card::capitalised,
    reader_time::ReaderTime,
};
use crate::calendar::words::reason_words;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppointmentCardProps {
    pub appointment: Appointment,
    /// Whether to say what cancelling will cost.
    #[prop_or_default]
    pub with_policy: bool,
    /// Buttons below.
    #[prop_or_default]
    pub children: Html,
}

/// The card.
#[component]
pub fn AppointmentCard(props: &AppointmentCardProps) -> Html {
    let appointment = &props.appointment;
    let (role, of) = (&appointment.role, &appointment.appointment_type);
    let zone = role.time_zone;
    let (cost, cost_note) = booked_cost_words(appointment);
    let what = [role.profession_name.clone(), Some(of.name.clone())];
    let what = what.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let (term, place, address) = where_pair(role, Some(of));
    let address = [address, role.phone.as_deref().map(phone_words)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let mut pairs: Vec<Pair> =
        vec![("Who", role.name.clone(), Some(what)), (term, place, Some(address)), ("Cost", cost, cost_note)];
    if props.with_policy {
        pairs.push(("Cancelling", policy_words(appointment.policy, appointment.start, zone), None));
        pairs.extend(no_show_words(appointment.quote.as_ref()).map(|fee| ("Not coming", fee, None)));
    }
    pairs.extend(why(appointment).map(|reason| ("Why", reason_words(reason).to_owned(), None)));
    html! {
        <div class="card stack">
            <p class="when">
                { capitalised(&time::when_words(appointment.start, appointment.as_of, zone)) }
                <small>
                    { in_full(appointment.start, of.duration_minutes, zone) }
                    <span class="optional">
                        if of.telehealth {
                            <ReaderTime {zone} at={appointment.start} />
                        }
                    </span>
                </small>
            </p>
            <dl class="pairs pairs--ruled">{ for pairs.into_iter().map(pair) }</dl>
            { props.children.clone() }
        </div>
    }
}

/// Why the practice did not take it, cancelled it or struck it out, where it said so: the desk is told that the patient reads it.
fn why(appointment: &Appointment) -> Option<ChangeReason> {
    let by_practice = [
        AppointmentStatus::Declined,
        AppointmentStatus::CancelledByProvider,
        AppointmentStatus::EnteredInError,
    ];
    appointment.reason.filter(|_| by_practice.contains(&appointment.status))
}

/// `Tuesday 24 November 2026, 9:15 am, 45 minutes, Sydney time`.
fn in_full(start: Timestamp, minutes: u16, zone: Zone) -> String {
    let (date, clock) = (time::long_date(zone.date(start)), time::clock_words(zone.time(start)));
    format!("{date}, {clock}, {minutes} minutes, {}", time::wall_words(zone))
}
