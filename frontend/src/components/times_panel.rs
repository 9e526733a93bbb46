//! The free times of one role: which type, which days, as a list or a week. Shows what it is given and says
//! what the reader wants to see next.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{PractitionerRoleId, Problem, bookings::RoleAvailability};
use yew::prelude::*;

use super::{
    icon::Icon,
    problem_view::ProblemView,
    time_button::{Chosen, TimeContext},
    times_agenda::{TimesAgenda, day_and_month},
    times_rest::{NothingFree, TimesFoot},
    type_select::{TypeChoice, TypeSelect},
    week_grid::{WeekGrid, WeekNav},
};
use crate::forms::{
    shown_times::ShownTimes,
    times_view::{Layout, TimesAction, TimesView},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimesPanelProps {
    pub title: AttrValue,
    /// Whether the title is only for those who hear it.
    #[prop_or_default]
    pub quiet_title: bool,
    /// All types; with one there is nothing to select.
    pub types: Rc<[TypeChoice]>,
    pub view: TimesView,
    /// The days that are there; absent before the first.
    pub loaded: Option<Result<Rc<RoleAvailability>, Problem>>,
    /// Whether others are on their way.
    pub busy: bool,
    /// With whom.
    pub role_id: PractitionerRoleId,
    /// What picking a time does, for those who hear it: `Book Priya Nairwood`.
    pub act: AttrValue,
    /// The time chosen already.
    #[prop_or_default]
    pub chosen: Option<Timestamp>,
    /// What to do with a pick; without it the times are links to the booking page.
    #[prop_or_default]
    pub on_choose: Option<Callback<Chosen>>,
    /// Whom to call when there is nothing.
    #[prop_or_default]
    pub phone: Option<AttrValue>,
    /// Where this panel stands, to try again after a failure.
    pub here: AttrValue,
    pub on_view: Callback<TimesAction>,
}

/// The panel.
#[component]
pub fn TimesPanel(props: &TimesPanelProps) -> Html {
    let body = match &props.loaded {
        Some(Ok(loaded)) => shown_times(props, loaded),
        Some(Err(problem)) => html! { <ProblemView problem={problem.clone()} retry={props.here.clone()} /> },
        None => html! { <p class="muted" role="status">{ "Looking for free times…" }</p> },
    };
    html! {
        <section class="times" aria-labelledby="times-title">
            <div class="times__head">
                <h2 id="times-title" class={props.quiet_title.then_some("visually-hidden")}>
                    { &props.title }
                </h2>
                { layouts(props) }
            </div>
            <TypeSelect types={Rc::clone(&props.types)} chosen={props.view.type_id}
                onchange={props.on_view.reform(TimesAction::Type)} />
            { jumps(props) }
            { body }
        </section>
    }
}

fn layouts(props: &TimesPanelProps) -> Html {
    let button = |layout: Layout, icon: &'static str, words: &'static str| {
        let onclick = props.on_view.reform(move |_: MouseEvent| TimesAction::Show(layout));
        let pressed = props.view.layout == layout;
        html! {
            <button type="button" aria-pressed={pressed.to_string()} {onclick}><Icon name={icon} />{ words }</button>
        }
    };
    html! {
        <div class="segmented js-only" role="group" aria-label="Show as">
            { button(Layout::List, "list", "List") }
            { button(Layout::Week, "calendar", "Week") }
        </div>
    }
}

fn jumps(props: &TimesPanelProps) -> Html {
    let after_work = props.view.after_work;
    let act = |action: TimesAction| props.on_view.reform(move |_: MouseEvent| action);
    html! {
        <div class="chip-row js-only" role="group" aria-label="Jump to">
            // An act and not a state, so it has no "pressed".
            <button type="button" class="chip" onclick={act(TimesAction::FirstFree)}>{ "First free" }</button>
            <button type="button" class="chip" aria-pressed={after_work.to_string()}
                onclick={act(TimesAction::AfterWork(!after_work))}>
                { "After work" }<span class="visually-hidden">{ ", from 5 pm" }</span>
            </button>
        </div>
    }
}

fn shown_times(props: &TimesPanelProps, loaded: &RoleAvailability) -> Html {
    let view = props.view;
    let shown = Rc::new(ShownTimes::new(&view, loaded));
    let (starts, today, until) = (Rc::clone(&shown.starts), shown.today(), day_and_month(shown.to));
    let status = match starts.len() {
        0 => format!("No free times until {until}"),
        1 => format!("1 free time until {until}"),
        count => format!("{count} free times until {until}"),
    };
    let context = TimeContext {
        role_id: props.role_id,
        act: props.act.clone(),
        type_id: shown.type_id,
        zone: shown.zone,
        as_of: Some(shown.as_of),
        chosen: props.chosen,
        on_choose: props.on_choose.clone(),
    };
    let on_week = props.on_view.reform(TimesAction::Week);
    let has_next = shown.next.is_some() || !starts.is_empty();
    html! {
        <>
            <p class="visually-hidden" role="status" aria-live="polite">{ status }</p>
            <div class="stack">
                if view.layout == Layout::Week {
                    <WeekNav monday={shown.from} {today} {has_next} {on_week} />
                }
                if props.busy && !shown.is_known {
                    <p class="muted">{ "Looking for free times…" }</p>
                } else if starts.is_empty() {
                    <NothingFree {view} shown={Rc::clone(&shown)} role_id={props.role_id}
                        phone={props.phone.clone()} on_view={props.on_view.clone()} />
                } else if view.layout == Layout::Week {
                    <WeekGrid monday={shown.from} {starts} {context} busy={props.busy} />
                } else {
                    <TimesAgenda {starts} {today} {context} busy={props.busy} />
                }
            </div>
            <TimesFoot {view} {shown} role_id={props.role_id} busy={props.busy}
                on_view={props.on_view.clone()} />
        </>
    }
}
