//! One day on paper: who comes, in order.

use std::{iter, rc::Rc};

use jiff::civil::Date;
use shared_types::{bookings::practice::CalendarAppointment, time};
use yew::prelude::*;

use crate::calendar::{
    sessions::{Item, Session, folded},
    sheet::Entry,
    words::{is_on_the_wall, patient_words, status_words, what_words},
};

#[derive(Clone, PartialEq, Properties)]
pub struct DaySheetProps {
    /// In order of time.
    pub entries: Rc<Vec<Entry>>,
    pub date: Date,
    pub practice: AttrValue,
}

/// The sheet; on the screen the grid stands in its place.
#[component]
pub fn DaySheet(props: &DaySheetProps) -> Html {
    let DaySheetProps { entries, date, practice } = props;
    let stands = |entry: &&Entry| entry.is_on(*date) && is_on_the_wall(entry.appointment.status);
    let row = |entry: &Entry| {
        let appointment = &entry.appointment;
        let (state, ..) = status_words(appointment.status);
        html! {
            <tr key={entry.booking_id().to_string()}>
                <td class="num">{ entry.when_words(*date, appointment.end) }</td>
                <th scope="row">{ patient_words(appointment) }</th>
                <td class="num">{ born_words(*appointment.patient.date_of_birth.expose()) }</td>
                <td>{ what_and_where(appointment) }</td>
                <td>{ &*entry.with }</td>
                <td>{ state }</td>
            </tr>
        }
    };
    // A group session has a heading, and its people below.
    let heading = |session: &Session| {
        html! {
            <tr key={format!("session {}", session.lead.booking_id())}>
                <th scope="colgroup" colspan="6">{ session.label(*date) }</th>
            </tr>
        }
    };
    let rows = |item: &Item| -> Vec<Html> {
        match item {
            Item::One(entry) => vec![row(entry)],
            Item::Session(session) => {
                iter::once(heading(session)).chain(session.entries().map(row)).collect()
            }
        }
    };
    let items = folded(entries.iter().filter(stands).cloned());
    html! {
        <table class="table print-only day-sheet">
            <caption>{ format!("{practice}, {}", time::long_date(*date)) }</caption>
            <thead><tr>
                { for ["When", "Who", "Born", "What", "With", "State"].map(|head| html! {
                    <th key={head} scope="col">{ head }</th>
                }) }
            </tr></thead>
            <tbody>{ for items.iter().flat_map(rows) }</tbody>
        </table>
    }
}

/// `First visit`, and where it is when that is the patient's home.
fn what_and_where(appointment: &CalendarAppointment) -> String {
    let what = what_words(appointment);
    match &appointment.visit {
        Some(visit) => format!("{what}, {}", visit.line()),
        None => what,
    }
}

/// `29 February 1980`.
pub fn born_words(born: Date) -> String {
    time::long_date(born).split_once(' ').map(|(_, date)| date.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::home_visit::VisitAddress;

    use super::what_and_where;
    use crate::calendar::sample::appointment;

    #[test]
    fn who_drives_to_a_patient_reads_where() {
        let mut one = appointment(1, "2026-11-24T22:15:00Z", 45);
        assert_eq!(what_and_where(&one), "First visit");
        one.visit = Some(VisitAddress {
            street: "12 Example Street".to_owned().into(),
            locality: "Harris Park NSW".to_owned().into(),
            postcode: "2150".to_owned().into(),
            point: None,
        });
        assert_eq!(what_and_where(&one), "First visit, 12 Example Street, Harris Park NSW 2150");
    }
}
