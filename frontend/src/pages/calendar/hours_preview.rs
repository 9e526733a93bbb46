//! What patients would see of the hours as they stand in the form, saved or not: worked out in the browser by the function
//! that the server asks.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, Zone,
    bookings::{
        practice::PracticeCalendar,
        schedule::{PutSchedule, RoleSchedule, RoleType, RoleTypes},
    },
    time,
};
use yew::prelude::*;

use crate::{
    api::calendar as calendar_api,
    calendar::view::CalendarView,
    components::{
        agenda::{Day, by_day, plus_days},
        select_field::SelectField,
        times_agenda::day_and_month,
    },
    forms::hours::{is_all_elsewhere, would_see},
    hooks::use_private_api,
    pages::practice_desk::calendar_path,
};

/// How many days it looks at: two weeks show every weekday twice.
const DAYS: i64 = 14;

#[derive(Clone, PartialEq, Properties)]
pub struct PreviewProps {
    pub organization_id: OrganizationId,
    pub role_id: PractitionerRoleId,
    /// Whether patients can book them at all.
    pub bookable: bool,
    /// The zone, the holidays, and the clock.
    pub schedule: Rc<RoleSchedule>,
    pub types: Rc<RoleTypes>,
    /// As it stands in the form; none while something in it is wrong.
    pub edited: Option<Rc<PutSchedule>>,
}

/// The times of two weeks.
#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let PreviewProps { organization_id, role_id, bookable, schedule, types, edited } = props;
    let zone = schedule.time_zone;
    let today = zone.date(schedule.as_of);
    let days = (today, plus_days(today, DAYS - 1));
    // Colleagues may have the room that a type needs.
    let shares = types.items.iter().any(|of| of.active && !of.draft.resources.is_empty());
    let of_whom = if shares { Vec::new() } else { vec![*role_id] };
    let calendar =
        use_private_api::<PracticeCalendar>(calendar_api::find_calendar(*organization_id, days, &of_whom), 0);
    let chosen = use_state_eq(|| None::<AppointmentTypeId>);
    let offered: Vec<&RoleType> = types.items.iter().filter(|of| of.active).collect();
    let of = offered.iter().find(|of| Some(of.appointment_type_id) == *chosen).or(offered.first()).copied();
    let failed = matches!(calendar, Some(Err(_)));
    let calendar = calendar.and_then(Result::ok);
    let starts = {
        let (schedule, role_id) = (Rc::clone(schedule), *role_id);
        use_memo((edited.clone(), calendar.clone(), of.cloned()), move |(edited, calendar, of)| {
            match (edited, calendar, of) {
                (Some(edited), Some(calendar), Some(of)) => {
                    let place = (zone, &schedule.holidays[..]);
                    would_see(edited, place, of, calendar, role_id, schedule.as_of)
                }
                (None, ..) | (_, None, _) | (.., None) => Vec::new(),
            }
        })
    };
    let is_all_taken = calendar.as_deref().is_some_and(|calendar| is_all_elsewhere(calendar, *role_id));
    let Some(of) = of else {
        return html! {
            <section class="preview" aria-labelledby="preview-title">
                <h2 id="preview-title">{ "What patients would see" }</h2>
                <p>{ "Nothing: no appointment type is offered yet." }</p>
            </section>
        };
    };
    let onchange = {
        let chosen = chosen.setter();
        move |id: String| chosen.set(id.parse().ok())
    };
    let whose = CalendarView::default().of(vec![*role_id]).query();
    let options: Vec<_> = offered
        .iter()
        .map(|of| {
            (AttrValue::from(of.appointment_type_id.to_string()), AttrValue::from(of.draft.name.clone()))
        })
        .collect();
    html! {
        <section class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{ "What patients would see" }</h2>
            <SelectField id="preview-type" label="Appointment type" {options}
                value={of.appointment_type_id.to_string()} {onchange} />
            { match (edited, &calendar) {
                _ if !bookable => html! { <p>{ "Nothing, as long as patients cannot book them." }</p> },
                (None, _) => html! { <p>{ "Something in the form cannot be read yet." }</p> },
                (Some(_), None) if failed => html! {
                    <p>{ "We could not read what is booked, so this is not worked out. Load the page again." }</p>
                },
                (Some(_), None) => html! { <p class="muted" role="status">{ "Working it out…" }</p> },
                (Some(_), Some(_)) => seen(&starts, zone, days),
            } }
            if of.draft.daily_cap.is_some() {
                <p class="small muted">{ "Days that have as many of it as its daily limit says offer none." }</p>
            }
            if is_all_taken {
                <p>
                    { "They are busy elsewhere on all of these days, or their other calendar was not read lately. " }
                    <a href={calendar_path(*organization_id, &format!("/calendars{whose}"))}>{ "Look at their other calendar" }</a>
                </p>
            }
        </section>
    }
}

fn seen(starts: &[Timestamp], zone: Zone, (first, last): (Date, Date)) -> Html {
    let until = day_and_month(last);
    if starts.is_empty() {
        return html! { <p>{ format!("Nothing is free until {until}.") }</p> };
    }
    let count = if starts.len() == 1 { "1 time".to_owned() } else { format!("{} times", starts.len()) };
    let days = by_day(starts, zone);
    let day = |day: &Day| {
        let clocks = day.parts.iter().flat_map(|(_, starts)| starts);
        html! {
            <li key={day.date.to_string()}>
                <h3 class="preview__day">{ day_and_month(day.date) }</h3>
                <p class="preview__times num">
                    { clocks.map(|start| time::clock_words(zone.time(*start))).collect::<Vec<_>>().join(", ") }
                </p>
            </li>
        }
    };
    html! {
        <>
            <p role="status">{ format!("{count} from {} to {until}.", day_and_month(first)) }</p>
            <ol class="preview__days" role="list">{ for days.iter().map(day) }</ol>
        </>
    }
}
