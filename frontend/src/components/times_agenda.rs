//! Free times as a list: days, each in morning, afternoon and evening.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::time;
use yew::prelude::*;

use super::{
    agenda::{Day, by_day},
    provider_card::capitalised,
    time_button::{TimeButton, TimeContext},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimesAgendaProps {
    pub starts: Rc<[Timestamp]>,
    /// Today at the place.
    pub today: Date,
    pub context: TimeContext,
    pub busy: bool,
}

/// The days that have times.
#[component]
pub fn TimesAgenda(props: &TimesAgendaProps) -> Html {
    let TimesAgendaProps { starts, today, context, busy } = props;
    let days = by_day(starts, context.zone);
    html! {
        <ol class="times__days" aria-busy={busy.to_string()}>
            { for days.iter().map(|day| day_item(day, *today, context)) }
        </ol>
    }
}

fn day_item(day: &Day, today: Date, context: &TimeContext) -> Html {
    let (title, rest) = day_title(day.date, today);
    html! {
        <li class="times-day" key={day.date.to_string()}>
            <h3 class="times-day__title">{ title }<span>{ rest }</span></h3>
            { for day.parts.iter().map(|(part, starts)| {
                let id = format!("times-{}-{}", day.date, part.id());
                html! {
                    <div class="times-part" key={part.id()}>
                        <h4 class="times-part__title" id={id.clone()}>{ part.words() }</h4>
                        <ul class="time-list" aria-labelledby={id}>
                            { for starts.iter().map(|start| html! {
                                <li key={start.to_string()}>
                                    <TimeButton start={*start} context={context.clone()} />
                                </li>
                            }) }
                        </ul>
                    </div>
                }
            }) }
        </li>
    }
}

/// `Tomorrow` and `Tuesday 24 November`; `Friday` and `27 November`; later days in one piece.
fn day_title(date: Date, today: Date) -> (String, String) {
    let day = day_and_month(date);
    match (date - today).get_days() {
        0 | 1 => (format!("{} ", capitalised(&time::day_words(date, today))), day),
        2..=6 => match day.split_once(' ') {
            Some((weekday, rest)) => (format!("{weekday} "), rest.to_owned()),
            None => (day, String::new()),
        },
        _ => (day, String::new()),
    }
}

/// `Tuesday 24 November`.
pub fn day_and_month(date: Date) -> String {
    let long = time::long_date(date);
    long.rsplit_once(' ').map_or(long.clone(), |(without_year, _)| without_year.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day_title;

    #[test]
    fn near_days_are_named_before_their_date() {
        let today = date(2026, 11, 23);
        for (day, title, rest) in [
            (date(2026, 11, 23), "Today ", "Monday 23 November"),
            (date(2026, 11, 24), "Tomorrow ", "Tuesday 24 November"),
            (date(2026, 11, 27), "Friday ", "27 November"),
            (date(2026, 12, 7), "Monday 7 December", ""),
        ] {
            assert_eq!(day_title(day, today), (title.to_owned(), rest.to_owned()));
        }
    }
}
