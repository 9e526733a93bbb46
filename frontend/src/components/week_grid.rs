//! Free times as one week: seven days across, three parts of the day down.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::time;
use yew::prelude::*;

use super::{
    agenda::{DayPart, plus_days},
    icon::Icon,
    time_button::{TimeButton, TimeContext},
    times_agenda::day_and_month,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WeekGridProps {
    pub monday: Date,
    pub starts: Rc<[Timestamp]>,
    pub context: TimeContext,
    pub busy: bool,
}

/// The grid; on a phone it may be wider than the page, so it scrolls inside its own region.
#[component]
pub fn WeekGrid(props: &WeekGridProps) -> Html {
    let WeekGridProps { monday, starts, context, busy } = props;
    let days: Vec<Date> = (0..7).map(|offset| plus_days(*monday, offset)).collect();
    html! {
        <div class="week-scroll" role="region" aria-label={format!("Week of {}", day_and_month(*monday))}
            tabindex="0">
            <table class="week" aria-busy={busy.to_string()}>
                <thead key="days"><tr>{ for days.iter().map(|date| day_head(*date)) }</tr></thead>
                { for DayPart::ALL.into_iter().map(|part| html! {
                    <tbody key={part.id()}>
                        <tr key="part"><th scope="rowgroup" colspan="7">{ part.words() }</th></tr>
                        <tr key="times">
                            { for days.iter().map(|date| cell(*date, part, starts, context)) }
                        </tr>
                    </tbody>
                }) }
            </table>
        </div>
    }
}

fn cell(date: Date, part: DayPart, starts: &[Timestamp], context: &TimeContext) -> Html {
    let zone = context.zone;
    let here = starts
        .iter()
        .copied()
        .filter(|start| zone.date(*start) == date && DayPart::of(zone.time(*start)) == part);
    html! {
        <td key={date.to_string()}><ul class="week__times">
            { for here.map(|start| html! {
                <li key={start.to_string()}><TimeButton {start} context={context.clone()} short={true} /></li>
            }) }
        </ul></td>
    }
}

/// `Tue 24`.
fn day_head(date: Date) -> Html {
    let weekday = &time::weekday_name(date)[..3];
    html! { <th key={date.to_string()} scope="col">{ weekday }{ " " }<span>{ date.day() }</span></th> }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WeekNavProps {
    pub monday: Date,
    /// Today at the place: there is nothing before its week.
    pub today: Date,
    /// Whether anything comes after.
    pub has_next: bool,
    /// Wants the week of another Monday.
    pub on_week: Callback<Date>,
}

/// A week back, a week on.
#[component]
pub fn WeekNav(props: &WeekNavProps) -> Html {
    let monday = props.monday;
    let go = |days: i64| props.on_week.reform(move |_: MouseEvent| plus_days(monday, days));
    let this_week = (monday <= props.today).then_some("This week");
    html! {
        <div class="times__week-nav">
            <button type="button" class="button button--quiet button--icon" onclick={go(-7)}
                disabled={monday <= props.today}>
                <Icon name="chevron-left" /><span class="visually-hidden">{ "Week before" }</span>
            </button>
            <p><strong>{ this_week }</strong>{ " " }<span class="muted">{ week_words(monday) }</span></p>
            <button type="button" class="button button--quiet button--icon" onclick={go(7)}
                disabled={!props.has_next}>
                <Icon name="chevron-right" /><span class="visually-hidden">{ "Week after" }</span>
            </button>
        </div>
    }
}

/// `23 to 29 November`, `30 November to 6 December`.
fn week_words(monday: Date) -> String {
    let sunday = plus_days(monday, 6);
    let day =
        |date: Date| day_and_month(date).split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    if monday.month() == sunday.month() {
        format!("{} to {}", monday.day(), day(sunday))
    } else {
        format!("{} to {}", day(monday), day(sunday))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::week_words;

    #[test]
    fn a_week_names_its_month_once_where_it_can() {
        assert_eq!(week_words(date(2026, 11, 23)), "23 to 29 November");
        assert_eq!(week_words(date(2026, 11, 30)), "30 November to 6 December");
    }
}
