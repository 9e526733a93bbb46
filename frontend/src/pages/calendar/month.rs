//! A month: how many are booked on each day, each day a link to it.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{OrganizationId, time};
use yew::prelude::*;

use crate::{
    calendar::{
        month::{counts, weeks},
        sheet::Entry,
        view::{CalendarView, Layout},
        words::is_on_the_wall,
    },
    pages::practice_desk::calendar_path,
};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Clone, PartialEq, Properties)]
pub struct MonthTableProps {
    pub entries: Rc<Vec<Entry>>,
    pub view: CalendarView,
    pub today: Date,
    pub organization_id: OrganizationId,
}

/// The month as a table of weeks.
#[component]
pub fn MonthTable(props: &MonthTableProps) -> Html {
    let MonthTableProps { entries, view, today, organization_id } = props;
    let stands = entries.iter().filter(|entry| is_on_the_wall(entry.appointment.status));
    let counts = counts(stands.map(|entry| (entry.appointment.start, entry.zone)));
    let (month, title) = (*view.days(*today).start(), view.title(*today));
    let cell = |(at, date): (usize, &Option<Date>)| {
        let Some(date) = *date else { return html! { <td key={at} class="month__none"></td> } };
        let count = counts.get(&date).copied().unwrap_or(0);
        let to = view.laid_out(Layout::Day).on(Some(date));
        // The day and the count beside each other, as they are written: who speaks to their computer says what they read.
        let label = format!("{} {}, {}, {title}", time::weekday_name(date), date.day(), count_words(count));
        html! {
            <td key={at} class="month__day">
                <a href={calendar_path(*organization_id, &to.query())} aria-label={label}
                    aria-current={(date == *today).then_some("date")}>
                    <span class="month__date num">{ date.day() }</span>{ " " }
                    <span class="month__count num">
                        if count > 0 {
                            { count }
                        }
                    </span>
                </a>
            </td>
        }
    };
    html! {
        <table class="month">
            <caption class="visually-hidden">{ &title }</caption>
            <thead><tr>
                { for WEEKDAYS.map(|day| html! {
                    <th key={day} scope="col"><abbr title={day}>{ &day[..3] }</abbr></th>
                }) }
            </tr></thead>
            <tbody>
                { for weeks(month).iter().enumerate().map(|(nth, week)| html! {
                    <tr key={nth}>{ for week.iter().enumerate().map(cell) }</tr>
                }) }
            </tbody>
        </table>
    }
}

fn count_words(count: usize) -> String {
    match count {
        0 => "nothing booked".to_owned(),
        1 => "1 appointment".to_owned(),
        count => format!("{count} appointments"),
    }
}

#[cfg(test)]
mod tests {
    use super::count_words;

    #[test]
    fn a_day_says_how_much_there_is() {
        assert_eq!([0, 1, 12].map(count_words), ["nothing booked", "1 appointment", "12 appointments"]);
    }
}
