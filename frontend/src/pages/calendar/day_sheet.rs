//! One day on paper: who comes, in order.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::time;
use yew::prelude::*;

use crate::calendar::{
    sheet::Entry,
    words::{clock_span, is_on_the_wall, patient_words, status_words},
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
    let stands = |entry: &&Entry| entry.date() == *date && is_on_the_wall(entry.appointment.status);
    let row = |entry: &Entry| {
        let appointment = &entry.appointment;
        let (state, ..) = status_words(appointment.status);
        html! {
            <tr key={entry.booking_id().to_string()}>
                <td class="num">{ clock_span(appointment, entry.zone) }</td>
                <th scope="row">{ patient_words(appointment) }</th>
                <td class="num">{ born_words(*appointment.patient.date_of_birth.expose()) }</td>
                <td>{ &appointment.appointment_type.name }</td>
                <td>{ &*entry.with }</td>
                <td>{ state }</td>
            </tr>
        }
    };
    html! {
        <table class="table print-only day-sheet">
            <caption>{ format!("{practice}, {}", time::long_date(*date)) }</caption>
            <thead><tr>
                { for ["When", "Who", "Born", "What", "With", "State"].map(|head| html! {
                    <th key={head} scope="col">{ head }</th>
                }) }
            </tr></thead>
            <tbody>{ for entries.iter().filter(stands).map(row) }</tbody>
        </table>
    }
}

/// `29 February 1980`.
pub fn born_words(born: Date) -> String {
    time::long_date(born).split_once(' ').map(|(_, date)| date.to_owned()).unwrap_or_default()
}
