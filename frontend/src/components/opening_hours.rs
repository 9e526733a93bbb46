//! Opening hours as people read them: days with the same hours in one row, closed days too.

use shared_types::{providers::OpeningHours, time::clock_words};
use yew::prelude::*;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HoursTableProps {
    pub hours: Vec<OpeningHours>,
}

/// The table.
#[component]
pub fn HoursTable(props: &HoursTableProps) -> Html {
    html! {
        <table class="table">
            <caption>{ "Opening hours. Public holidays may differ." }</caption>
            <thead class="visually-hidden">
                <tr><th scope="col">{ "Day" }</th><th scope="col">{ "Hours" }</th></tr>
            </thead>
            <tbody>
                { for rows(&props.hours).into_iter().map(|(days, hours)| html! {
                    <tr key={days.clone()}><th scope="row">{ days }</th><td>{ hours }</td></tr>
                }) }
            </tbody>
        </table>
    }
}

/// `Monday to Thursday` and `8:00 am to 7:00 pm`, from Monday to Sunday.
fn rows(hours: &[OpeningHours]) -> Vec<(String, String)> {
    let of_day = |day: i8| {
        let mut spans: Vec<_> = hours.iter().filter(|span| span.weekday == day).collect();
        spans.sort_by_key(|span| span.opens);
        let words: Vec<_> = spans
            .iter()
            .map(|span| format!("{} to {}", clock_words(span.opens), clock_words(span.closes)))
            .collect();
        if words.is_empty() { "Closed".to_owned() } else { words.join(", ") }
    };
    let mut rows: Vec<(usize, usize, String)> = Vec::new();
    for (place, day) in (1..=7).enumerate() {
        let words = of_day(day);
        match rows.last_mut() {
            Some((_, last, same)) if *same == words => *last = place,
            _ => rows.push((place, place, words)),
        }
    }
    rows.into_iter().map(|(first, last, words)| (day_span(first, last), words)).collect()
}

fn day_span(first: usize, last: usize) -> String {
    match last - first {
        0 => DAYS[first].to_owned(),
        1 => format!("{} and {}", DAYS[first], DAYS[last]),
        _ => format!("{} to {}", DAYS[first], DAYS[last]),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use shared_types::providers::OpeningHours;

    use super::rows;

    #[test]
    fn days_with_the_same_hours_share_a_row() {
        let open = |weekday, opens, closes| OpeningHours {
            weekday,
            opens: time(opens, 0, 0, 0),
            closes: time(closes, 0, 0, 0),
        };
        let mut hours: Vec<_> = (1..=4).map(|day| open(day, 8, 19)).collect();
        hours.extend([open(5, 13, 17), open(5, 8, 12)]);
        let rows = rows(&hours);
        assert_eq!(
            rows,
            [
                ("Monday to Thursday", "8:00 am to 7:00 pm"),
                ("Friday", "8:00 am to 12:00 pm, 1:00 pm to 5:00 pm"),
                ("Saturday and Sunday", "Closed"),
            ]
            .map(|(days, hours)| (days.to_owned(), hours.to_owned()))
        );
    }
}
