//! What stands above the calendar: which days, laid out how, whose, and what else can be done.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{
    OrganizationId, PractitionerRoleId,
    bookings::practice::{PracticeRole, PracticeRoles},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{aside::Beside, create::Draft, read_at::ReadAt, role_choice::RoleChoice};
use crate::{
    browser,
    calendar::view::{CalendarView, Layout, Zoom},
    components::icon::Icon,
    pages::practice_desk::calendar_path,
};

/// What opens the list of people.
const PEOPLE_ID: &str = "cal-people";
/// What begins a new appointment.
pub const NEW_ID: &str = "cal-new";
/// What begins one for somebody who is there.
const WALK_IN_ID: &str = "cal-walk-in";
/// What shows the keyboard's shortcuts.
pub const KEYS_ID: &str = "cal-keys";

#[derive(Clone, PartialEq, Properties)]
pub struct ToolbarProps {
    pub view: CalendarView,
    pub today: Date,
    pub now: Timestamp,
    /// When what is shown was so, once it is known.
    pub read_at: Option<Timestamp>,
    pub roles: Rc<PracticeRoles>,
    pub organization_id: OrganizationId,
    pub on_view: Callback<CalendarView>,
    pub on_beside: Callback<Beside>,
    pub on_again: Callback<()>,
}

/// The bar.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let ToolbarProps { view, today, now, read_at, organization_id, on_beside, on_again, .. } = props;
    let new = {
        let (role_id, date) = (first_role(props), view.day.filter(|day| day >= today).unwrap_or(*today));
        on_beside.reform(move |_: MouseEvent| {
            Beside::New(Draft { role_id, date: Some(date), minute: None, minutes: None, walk_in: false })
        })
    };
    let zone = role_of(props, first_role(props)).time_zone;
    let layout = |one: Layout| {
        let href = calendar_path(*organization_id, &view.laid_out(one).query());
        let current = (view.layout == one).then_some("page");
        html! { <li key={one.code()}><a {href} aria-current={current}>{ one.words() }</a></li> }
    };
    html! {
        <div class="cal-bar no-print">
            <div class="cal-bar__row">
                { turning(props) }
                <h2 class="cal-bar__title" aria-live="polite">{ view.title(*today) }</h2>
                <nav aria-label="Layout"><ul class="cal-layouts">{ for Layout::ALL.map(layout) }</ul></nav>
            </div>
            <div class="cal-bar__row">
                <button type="button" class="button" id={NEW_ID} onclick={new}>{ "New appointment" }</button>
                <button type="button" class="button button--quiet" id={WALK_IN_ID} onclick={walk_in(props)}>
                    { "Walk-in" }
                </button>
                { people(props) }
                { zoom(props) }
                <span class="cal-bar__end">
                    <ReadAt read_at={*read_at} now={*now} {zone} />
                    <button type="button" class="button button--plain" onclick={on_again.reform(|_: MouseEvent| ())}>
                        { "Load again" }
                    </button>
                    <button type="button" class="button button--plain" onclick={|_: MouseEvent| browser::print()}>
                        <Icon name="print" />{ "Print" }
                    </button>
                    <button type="button" class="button button--plain" id={KEYS_ID}
                        onclick={on_beside.reform(|_: MouseEvent| Beside::Keys)}>{ "Shortcuts" }</button>
                </span>
            </div>
        </div>
    }
}

fn first_role(props: &ToolbarProps) -> PractitionerRoleId {
    let chosen = props.view.who.first().copied();
    chosen.unwrap_or_else(|| props.roles.items[0].practitioner_role_id)
}

/// Who has this id, or else the first.
fn role_of(props: &ToolbarProps, role_id: PractitionerRoleId) -> &PracticeRole {
    let items = &props.roles.items;
    items.iter().find(|role| role.practitioner_role_id == role_id).unwrap_or(&items[0])
}

/// Somebody is there who has no appointment. They are booked on today, which is shown then.
fn walk_in(props: &ToolbarProps) -> Callback<MouseEvent> {
    let ToolbarProps { view, today, now, on_view, on_beside, .. } = props;
    let draft = Draft::walk_in(role_of(props, first_role(props)), *now);
    let to_today = (!view.days(*today).contains(today)).then(|| view.on(None));
    let (on_view, on_beside) = (on_view.clone(), on_beside.clone());
    Callback::from(move |_: MouseEvent| {
        if let Some(view) = &to_today {
            on_view.emit(view.clone());
        }
        on_beside.emit(Beside::New(draft));
    })
}

/// A page back, today, a page on.
fn turning(props: &ToolbarProps) -> Html {
    let ToolbarProps { view, today, on_view, .. } = props;
    let turn = |pages: i64| {
        let to = view.turned(pages, *today);
        on_view.reform(move |_: MouseEvent| to.clone())
    };
    let to_today = {
        let to = view.on(None);
        on_view.reform(move |_: MouseEvent| to.clone())
    };
    html! {
        <div class="cal-bar__turn">
            <button type="button" class="button button--quiet button--icon" onclick={turn(-1)}>
                <Icon name="chevron-left" /><span class="visually-hidden">{ "Earlier" }</span>
            </button>
            <button type="button" class="button button--quiet" onclick={to_today}>{ "Today" }</button>
            <button type="button" class="button button--quiet button--icon" onclick={turn(1)}>
                <Icon name="chevron-right" /><span class="visually-hidden">{ "Later" }</span>
            </button>
        </div>
    }
}

/// Whose days: one person's in a week, anybody's otherwise.
fn people(props: &ToolbarProps) -> Html {
    let ToolbarProps { view, roles, on_view, .. } = props;
    if roles.items.len() < 2 {
        return Html::default();
    }
    if view.layout == Layout::Week {
        let view = view.clone();
        let on_role = on_view.reform(move |role_id| view.of(vec![role_id]));
        return html! {
            <RoleChoice id="cal-who" label="Practitioner" roles={Rc::clone(roles)} chosen={first_role(props)} {on_role} />
        };
    }
    let box_for = |role: &PracticeRole| {
        let role_id = role.practitioner_role_id;
        let onchange = {
            let (view, roles) = (view.clone(), Rc::clone(roles));
            on_view.reform(move |event: Event| {
                let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
                view.of(with_person(&view, &roles, role_id, ticked))
            })
        };
        let ticked = view.who.is_empty() || view.who.contains(&role_id);
        html! {
            <label class="check" key={role_id.to_string()}>
                <input type="checkbox" checked={ticked} {onchange} />
                <span>{ &role.name }<span class="small muted">{ format!(" {}", role.address) }</span></span>
            </label>
        }
    };
    let words = match view.who.len() {
        0 => "Everybody".to_owned(),
        1 => "1 practitioner".to_owned(),
        count => format!("{count} practitioners"),
    };
    html! {
        <People {words}>{ for roles.items.iter().map(box_for) }</People>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PeopleProps {
    /// How many are shown.
    words: String,
    /// A box for each.
    children: Html,
}

/// The list of people, which lies over the calendar: Escape and a press anywhere else close it.
#[component]
fn People(props: &PeopleProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with((), move |()| {
            let listeners = browser::on_press_or_escape(move |pressed| {
                let open = list.cast::<web_sys::Element>().filter(|list| list.has_attribute("open"));
                let Some(list) = open else { return };
                if pressed.is_some() && list.contains(pressed.as_ref()) {
                    return;
                }
                let _ = list.remove_attribute("open");
                if pressed.is_none() {
                    browser::focus(PEOPLE_ID);
                }
            });
            move || drop(listeners)
        });
    }
    html! {
        <details class="cal-people" ref={list}>
            <summary id={PEOPLE_ID}>{ &props.words }</summary>
            <fieldset class="cal-people__list">
                <legend class="visually-hidden">{ "Whose appointments to show" }</legend>
                { props.children.clone() }
            </fieldset>
        </details>
    }
}

/// The people shown with one more, or one fewer. All of them are everybody, and so is nobody.
fn with_person(
    view: &CalendarView,
    roles: &PracticeRoles,
    role_id: PractitionerRoleId,
    ticked: bool,
) -> Vec<PractitionerRoleId> {
    let all = roles.items.iter().map(|role| role.practitioner_role_id);
    let shown = |id: &PractitionerRoleId| view.who.is_empty() || view.who.contains(id);
    let who: Vec<_> = all.filter(|id| if *id == role_id { ticked } else { shown(id) }).collect();
    if who.len() == roles.items.len() { Vec::new() } else { who }
}

/// How near, for the grids.
fn zoom(props: &ToolbarProps) -> Html {
    let ToolbarProps { view, on_view, .. } = props;
    let button = |zoom: Zoom| {
        let to = view.zoomed(zoom);
        let onclick = on_view.reform(move |_: MouseEvent| to.clone());
        html! {
            <button key={zoom.code()} type="button" {onclick} aria-pressed={(view.zoom == zoom).to_string()}>
                { zoom.code() }<span class="visually-hidden">{ " minutes a row" }</span>
            </button>
        }
    };
    match view.layout {
        Layout::Day | Layout::Week => html! {
            <div class="segmented" role="group" aria-label="Zoom">{ for Zoom::ALL.map(button) }</div>
        },
        Layout::Agenda | Layout::Month => Html::default(),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::Zone;
    use uuid::Uuid;

    use super::{CalendarView, PracticeRole, PracticeRoles, PractitionerRoleId, with_person};

    fn id(nth: u128) -> PractitionerRoleId {
        PractitionerRoleId(Uuid::from_u128(nth))
    }

    fn roles() -> PracticeRoles {
        let role = |nth| PracticeRole {
            practitioner_role_id: id(nth),
            name: format!("Practitioner {nth}"),
            profession_name: None,
            address: "12 Church Street".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
            schedule_version: None,
            may_edit: false,
            appointment_types: Vec::new(),
        };
        PracticeRoles { items: (1..=3).map(role).collect(), as_of: "2026-11-22T22:00:00Z".parse().unwrap() }
    }

    #[test]
    fn people_are_ticked_and_unticked_and_all_of_them_are_everybody() {
        let everybody = CalendarView::default();
        let two = everybody.of(with_person(&everybody, &roles(), id(2), false));
        assert_eq!(two.who, [id(1), id(3)]);
        assert!(with_person(&two, &roles(), id(2), true).is_empty());
        let one = everybody.of(vec![id(1)]);
        assert!(with_person(&one, &roles(), id(1), false).is_empty(), "nobody at all shows nothing");
    }
}
