//! An appointment in a list of what the desk has to do: whose, when, for what, with whom and where it stands, and what can be done about
//! it without looking for it in the calendar.

use std::rc::Rc;

use shared_types::{
    OrganizationId, Zone,
    bookings::practice::{ActName, CalendarAppointment},
};
use yew::prelude::*;

use super::act_form::ActForm;
use crate::{
    calendar::{
        view::query_of_booking,
        words::{patient_words, status_words},
    },
    components::{icon::Icon, times_rest::long_when},
    pages::practice_desk::calendar_path,
};

#[derive(Clone, PartialEq, Properties)]
pub struct VisitCardProps {
    pub appointment: Rc<CalendarAppointment>,
    pub practitioner_name: AttrValue,
    /// The place's zone.
    pub time_zone: Zone,
    /// What is offered here, where the reader may do it; the rest is in the calendar.
    pub acts: &'static [ActName],
    pub organization_id: OrganizationId,
    pub on_changed: Callback<()>,
    /// What the page says of it besides.
    #[prop_or_default]
    pub children: Html,
}

/// The card, an item of a list. Its buttons say whose appointment they are about.
#[component]
pub fn VisitCard(props: &VisitCardProps) -> Html {
    let VisitCardProps {
        appointment,
        practitioner_name,
        time_zone,
        acts,
        organization_id,
        on_changed,
        children,
    } = props;
    let on_put = on_changed.reform(|_: CalendarAppointment| ());
    let query = query_of_booking(time_zone.date(appointment.start), appointment.booking_id);
    let (state, icon, badge) = status_words(appointment.status);
    let acts = acts.iter().copied().filter(|act| appointment.acts.contains(act));
    let act = |act: ActName| {
        html! {
            <ActForm key={format!("{act:?}")} {act} appointment={Rc::clone(appointment)}
                organization_id={*organization_id} on_put={on_put.clone()}
                within={format!("-{}", appointment.appointment_id)} about={patient_words(appointment)} />
        }
    };
    html! {
        <li class="card stack">
            <h3>{ patient_words(appointment) }</h3>
            <p>
                { format!("{}, with {practitioner_name}: {}.", long_when(appointment.start, *time_zone),
                    appointment.appointment_type.name) }
            </p>
            <p><span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span></p>
            { children.clone() }
            <ul class="acts" role="list">{ for acts.map(act) }</ul>
            <p>
                <a href={calendar_path(*organization_id, &query)}>
                    { "Open it in the calendar" }
                    <span class="visually-hidden">{ format!(": {}", patient_words(appointment)) }</span>
                </a>
            </p>
        </li>
    }
}
