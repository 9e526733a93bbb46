//! `/book/any/{pool_id}`: a time with somebody of a practice, whoever is next or whom one chooses. Picking a time keeps it for
//! ten minutes, as everywhere.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    PoolId, PractitionerRoleId, Problem,
    bookings::{
        Hold,
        pools::{HoldFromPool, Pool, PoolAvailability, Rotation},
    },
    time,
};
use yew::prelude::*;

use crate::{
    api::{bookings, use_api_client},
    browser,
    components::{
        agenda::{Day, by_day},
        booking_words::{minutes_words, price_words},
        icon::Icon,
        notice::{Notice, NoticeKind},
        problem_view::ProblemPageView,
        reader_zone::ReaderZone,
        select_field::SelectField,
        times_agenda::day_and_month,
        times_rest::{dialled, zone_words},
        together::together,
    },
    forms::attempt::Attempt,
    head::Head,
    hooks::{use_act, use_api, use_head},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BookAnyPageProps {
    pub pool_id: PoolId,
}

/// Fetches who can be booked and when.
#[component]
pub fn BookAnyPage(props: &BookAnyPageProps) -> HtmlResult {
    let there = use_api::<PoolAvailability>(bookings::find_pool_availability(props.pool_id))?;
    Ok(match there {
        Ok(there) => html! { <BookAny {there} /> },
        Err(problem) => {
            html! { <ProblemPageView {problem} retry={format!("/book/any/{}", props.pool_id)} /> }
        }
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct BookAnyProps {
    there: Rc<PoolAvailability>,
}

#[component]
fn BookAny(props: &BookAnyProps) -> Html {
    let there = &props.there;
    let pool = &there.pool;
    use_head(Head {
        title: format!("Book {}", pool.name),
        description: format!("Choose a free time: {}.", pool.name),
        robots_noindex: true,
        ..Head::default()
    });
    let client = use_api_client();
    let act = use_act();
    let attempt = use_mut_ref(Attempt::default);
    let first = pool.members.first().map(|member| member.practitioner_role_id);
    let with = use_state_eq(|| first.filter(|_| pool.rotation == Rotation::Choose));
    let on_choose = {
        let (act, pool_id, with) = (act.clone(), pool.pool_id, *with);
        Callback::from(move |start: Timestamp| {
            let wanted = HoldFromPool { start, practitioner_role_id: with };
            let (client, attempt) = (client.clone(), Rc::clone(&attempt));
            let send = move || {
                let (client, attempt) = (client.clone(), Rc::clone(&attempt));
                let sent = serde_json::to_string(&wanted).unwrap_or_default();
                let key = attempt.borrow_mut().key_for(&sent, browser::random_uuid);
                async move {
                    let answer = bookings::hold_from_pool(&client, pool_id, &wanted, key).await;
                    attempt.borrow_mut().settle(answer.as_ref().err());
                    answer
                }
            };
            act.run(send, |hold: Hold| browser::navigate(&format!("/book/hold/{}", hold.hold_id)));
        })
    };
    let starts = match *with {
        Some(role) => there.free_times_with(role, there.from, there.to),
        None => there.free_times(there.from, there.to),
    };
    let days = by_day(&starts, pool.time_zone);
    html! {
        <main id="main" tabindex="-1" class="booking"><div class="wrap wrap--narrow stack">
            <h1>{ &pool.name }</h1>
            { about(pool) }
            <p class="no-js-only">
                { "Booking here needs JavaScript. Turn it on, or call the practice." }
            </p>
            <div class="optional">
                if pool.rotation == Rotation::Choose {
                    { choice(pool, *with, &with.setter()) }
                }
            </div>
            <p class="visually-hidden" role="status">
                { if act.busy { "Keeping the time for you…" } else { "" } }
            </p>
            <div class="optional">
                if let Some(problem) = &act.problem {
                    { refused(problem, pool, &on_choose) }
                }
            </div>
            { listed(there, &days, &on_choose) }
        </div></main>
    }
}

/// What, where, how much, and how it is decided with whom.
fn about(pool: &Pool) -> Html {
    let of = &pool.appointment_type;
    let price = price_words(of.price_cents, of.bulk_billed);
    let names: Vec<_> = pool.members.iter().map(|member| member.name.as_str()).collect();
    html! {
        <>
            <p class="lede">{ format!("{}, {price}", minutes_words(of)) }</p>
            <p>
                if let Some(practice) = &pool.organization_name {
                    { practice }<br />
                }
                if !of.telehealth {
                    { together(&pool.address) }
                }
            </p>
            if pool.rotation == Rotation::Fair {
                <p>
                    { format!("The practice books you with one of {}. You see with whom before you book.", names.join(", ")) }
                </p>
            }
        </>
    }
}

fn choice(
    pool: &Pool,
    with: Option<PractitionerRoleId>,
    set: &UseStateSetter<Option<PractitionerRoleId>>,
) -> Html {
    let options: Vec<_> = pool
        .members
        .iter()
        .map(|member| {
            let id = AttrValue::from(member.practitioner_role_id.to_string());
            (id, AttrValue::from(member.name.clone()))
        })
        .collect();
    let set = set.clone();
    let onchange = move |id: String| set.set(id.parse().ok());
    let value = with.map(|role| role.to_string()).unwrap_or_default();
    html! { <SelectField id="with" label="With" {options} {value} {onchange} /> }
}

/// The days that have times; where there are none, when the next one is and whom to call.
fn listed(there: &PoolAvailability, days: &[Day], on_choose: &Callback<Timestamp>) -> Html {
    let pool = &there.pool;
    if days.is_empty() {
        let next = there.next().map(|next| day_and_month(pool.time_zone.date(next)));
        return html! {
            <div class="state">
                <h2>{ "Nothing is free in the next four weeks" }</h2>
                if let Some(next) = next {
                    <p>{ format!("The next time is on {next}.") }</p>
                }
                if let Some(phone) = &pool.phone {
                    <div class="button-row">
                        <a class="button" href={format!("tel:{}", dialled(phone))}>
                            <Icon name="phone" />{ "Call the practice" }
                        </a>
                    </div>
                }
            </div>
        };
    }
    let day = |day: &Day| {
        html! {
            <li class="times-day" key={day.date.to_string()}>
                <h2 class="times-day__title">{ day_and_month(day.date) }</h2>
                { for day.parts.iter().map(|(part, starts)| {
                    let id = format!("times-{}-{}", day.date, part.id());
                    html! {
                        <div class="times-part" key={part.id()}>
                            <h3 class="times-part__title" id={id.clone()}>{ part.words() }</h3>
                            <ul class="time-list" aria-labelledby={id}>
                                { for starts.iter().map(|start| html! {
                                    <li key={start.to_string()}>{ time_button(*start, pool, false, on_choose) }</li>
                                }) }
                            </ul>
                        </div>
                    }
                }) }
            </li>
        }
    };
    let zone = pool.time_zone;
    let at = days.first().and_then(first_start).unwrap_or(there.as_of);
    html! {
        <>
            <ol class="times__days">{ for days.iter().map(day) }</ol>
            <p class="small muted">{ zone_words(zone, at) }{ " " }<ReaderZone {zone} {at} /></p>
        </>
    }
}

/// When the first time of a day is.
fn first_start(day: &Day) -> Option<Timestamp> {
    day.parts.iter().find_map(|(_, starts)| starts.first().copied())
}

fn time_button(start: Timestamp, pool: &Pool, with_day: bool, on_choose: &Callback<Timestamp>) -> Html {
    let zone = pool.time_zone;
    let (day, clock) = (time::short_date(zone.date(start)), time::clock_words(zone.time(start)));
    let label = format!("Book {}, {day} {clock}", pool.name);
    html! {
        <button type="button" class="time js-only" onclick={on_choose.reform(move |_: MouseEvent| start)} aria-label={label}>
            if with_day {
                <small>{ day.clone() }</small>{ " " }
            }
            { clock.clone() }
        </button>
    }
}

/// Why a time could not be kept, with the nearest others where it has just gone.
fn refused(problem: &Problem, pool: &Pool, on_choose: &Callback<Timestamp>) -> Html {
    let gone = problem.is("time-taken");
    let title = if gone { "That time has just gone".to_owned() } else { problem.title.clone() };
    let kind = if gone { NoticeKind::Soon } else { NoticeKind::Danger };
    let detail = problem.detail.clone().unwrap_or_else(|| "Nothing was booked.".to_owned());
    html! {
        <Notice {kind} {title} alert=true>
            <p>{ detail }</p>
            <ul class="time-list time-list--days" aria-label="Nearest other times">
                { for problem.alternatives.iter().map(|start| html! {
                    <li key={start.to_string()}>{ time_button(*start, pool, true, on_choose) }</li>
                }) }
            </ul>
        </Notice>
    }
}
