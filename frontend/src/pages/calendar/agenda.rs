//! Everything that is booked, day by day, as a list: the calendar's first form, for everybody. Each entry opens beside it.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{BookingId, time};
use yew::prelude::*;

use super::grid_row::{entry_id_on, session_id, session_id_on};
use crate::{
    calendar::{
        away::Spell,
        sessions::{Item, Session, SessionKey, folded},
        sheet::Entry,
        words::{fitted_words, patient_words, status_group, status_words, what_words},
    },
    components::{agenda::plus_days, icon::Icon, provider_card::capitalised, times_agenda::day_and_month},
};

#[derive(Clone, PartialEq, Properties)]
pub struct AgendaProps {
    /// In order of time.
    pub entries: Rc<Vec<Entry>>,
    /// When somebody is not there, in order.
    pub away: Rc<Vec<Spell>>,
    pub first: Date,
    /// Included.
    pub last: Date,
    pub today: Date,
    /// Whether it has to be said with whom.
    pub several: bool,
    /// What is open beside it.
    pub selected: Option<BookingId>,
    /// The group session that is.
    pub selected_session: Option<SessionKey>,
    pub on_open: Callback<BookingId>,
    /// Wants to see a group session.
    pub on_session: Callback<SessionKey>,
}

/// The list.
#[component]
pub fn Agenda(props: &AgendaProps) -> Html {
    let AgendaProps { entries, away, first, last, today, several, selected, on_open, .. } = props;
    let days = (0..=(*last - *first).get_days()).map(|offset| plus_days(*first, offset.into()));
    let item = |date: Date, entry: &Entry| {
        let chosen = *selected == Some(entry.booking_id());
        html! {
            <AgendaItem key={entry.booking_id().to_string()} entry={entry.clone()} {date} several={*several}
                selected={chosen} on_open={on_open.clone()} />
        }
    };
    let line = |date: Date, of_day: Item| match of_day {
        Item::One(entry) => item(date, &entry),
        Item::Session(session) => {
            let selected = props.selected_session == Some(session.key());
            let key = session_id(session.key());
            let people = html! { <>{ for session.entries().map(|entry| item(date, entry)) }</> };
            html! {
                <AgendaSession {key} {session} {date} several={*several} {selected}
                    on_session={props.on_session.clone()} {people} />
            }
        }
    };
    let spell_line = |spell: &Spell| {
        html! { <p class="agenda-day__away small muted">{ spell.words(*several) }</p> }
    };
    let day = |date: Date| {
        let of_day: Vec<_> = entries.iter().filter(|entry| entry.is_on(date)).cloned().collect();
        let id = format!("agenda-{date}");
        html! {
            <section class="agenda-day" key={date.to_string()} aria-labelledby={id.clone()}>
                <h2 class="agenda-day__title" {id}>{ day_title(date, *today) }</h2>
                { for away.iter().filter(|spell| spell.date == date).map(spell_line) }
                if of_day.is_empty() {
                    <p class="muted small">{ "Nothing is booked." }</p>
                } else {
                    <ol class="agenda-list" role="list">
                        { for folded(of_day).into_iter().map(|of_day| line(date, of_day)) }
                    </ol>
                }
            </section>
        }
    };
    html! { <div class="agenda">{ for days.map(day) }</div> }
}

/// `Today, Thursday 26 November`.
fn day_title(date: Date, today: Date) -> String {
    let day = day_and_month(date);
    match (date - today).get_days() {
        0 | 1 => format!("{}, {day}", capitalised(&time::day_words(date, today))),
        _ => day,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AgendaItemProps {
    entry: Entry,
    /// The day that it is listed on.
    date: Date,
    several: bool,
    selected: bool,
    on_open: Callback<BookingId>,
}

/// One entry.
#[component]
fn AgendaItem(props: &AgendaItemProps) -> Html {
    let AgendaItemProps { entry, date, several, selected, on_open } = props;
    let appointment = &entry.appointment;
    let (state, icon, badge) = status_words(appointment.status);
    let booking_id = entry.booking_id();
    let onclick = on_open.reform(move |_: MouseEvent| booking_id);
    let what = if *several {
        format!("{} with {}{}", appointment.appointment_type.name, entry.with, fitted_words(appointment))
    } else {
        what_words(appointment)
    };
    html! {
        <li>
            <button type="button" class="agenda-item" id={entry_id_on(entry, *date)} {onclick}
                data-state={status_group(appointment.status)} aria-current={selected.then_some("true")}>
                <span class="agenda-item__time num">{ entry.when_words(*date, appointment.end) }</span>
                <span class="agenda-item__who">{ patient_words(appointment) }</span>
                <span class="agenda-item__what small muted">{ what }</span>
                <span class={classes!("badge", badge)}><Icon name={icon} />{ state }</span>
            </button>
        </li>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AgendaSessionProps {
    session: Session,
    /// The day that it is listed on.
    date: Date,
    several: bool,
    selected: bool,
    on_session: Callback<SessionKey>,
    /// Who is in it, each an entry.
    people: Html,
}

/// A group session: its heading, which opens it, and its people below.
#[component]
fn AgendaSession(props: &AgendaSessionProps) -> Html {
    let AgendaSessionProps { session, date, several, selected, on_session, people } = props;
    let (lead, key) = (&session.lead, session.key());
    let onclick = on_session.reform(move |_: MouseEvent| key);
    let with = if *several { format!("with {}", lead.with) } else { String::new() };
    html! {
        <li class="agenda-session">
            <h3 class="agenda-session__title">
                <button type="button" class="agenda-item" id={session_id_on(session, *date)} {onclick}
                    data-state={session.state()} aria-current={selected.then_some("true")}>
                    <span class="agenda-item__time num">{ session.when_on(*date) }</span>
                    <span class="agenda-item__who">{ session.title() }</span>
                    <span class="agenda-item__what small muted">{ with }</span>
                    <span class="badge"><Icon name="community" />{ "Group session" }</span>
                </button>
            </h3>
            <ol class="agenda-list" role="list">{ people.clone() }</ol>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day_title;

    #[test]
    fn near_days_are_named_before_their_date() {
        let today = date(2026, 11, 26);
        assert_eq!(day_title(today, today), "Today, Thursday 26 November");
        assert_eq!(day_title(date(2026, 11, 27), today), "Tomorrow, Friday 27 November");
        assert_eq!(day_title(date(2026, 11, 25), today), "Wednesday 25 November");
    }
}
