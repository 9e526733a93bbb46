//! `/calendar/{organization_id}`: a practice's calendar, as a list, as grids of hours, and as a month. The address is what is
//! shown. The server renders the frame for everybody alike.

mod act_form;
pub mod agenda;
pub mod agreement;
mod aside;
mod bulk_bill;
pub mod carry;
pub mod create;
pub mod day_sheet;
pub mod disputes;
pub mod entry_panel;
pub mod fee_money;
mod fee_waiver;
pub mod grid;
mod grid_row;
pub mod hours;
pub mod hours_form;
pub mod hours_keeper;
pub mod hours_preview;
mod keys_help;
mod late_desk;
mod mistake_form;
pub mod mistakes;
pub mod month;
mod move_form;
pub mod not_bookable;
pub mod not_checked_in;
pub mod other_calendars;
pub mod outside_hours;
pub mod pools;
pub mod propose_form;
pub mod questions_form;
pub mod read_at;
pub mod requests;
mod resource_choice;
pub mod resources;
pub(super) mod role_choice;
mod series;
mod series_acts;
mod session_cancel;
pub mod session_panel;
mod shown;
pub mod time_off;
pub mod to_call;
mod toast;
mod toolbar;
mod type_form;
pub mod types;
pub mod unmarked;
mod visit_area_fields;
mod visit_card;
pub mod waitlist;
pub mod webhooks;

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    BookingId, OrganizationId, PractitionerRoleId,
    bookings::practice::{CALENDAR_STAFF, PracticeRole, PracticeRoles},
    users::StaffRole,
};
use yew::prelude::*;
use yew_router::hooks::use_location;

use self::{
    agenda::Agenda,
    aside::{Aside, Beside, Panel, PanelAction},
    carry::{Dropped, is_carrying},
    day_sheet::DaySheet,
    grid::TimeGrid,
    late_desk::LateDesk,
    month::MonthTable,
    not_bookable::NotBookable,
    shown::{Answer, Shown},
    time_off::{TimeOff, TimeOffToast},
    toast::MoveOutcome,
    toolbar::Toolbar,
};
use super::{
    account::loading,
    hold::private_head,
    practice_desk::{CALENDAR, Desk, DeskProps, ForStaff, calendar_path},
};
use crate::{
    api::calendar as calendar_api,
    browser,
    calendar::{
        names::told_apart,
        sessions::SessionKey,
        view::{CalendarView, Layout, booking_in},
    },
    components::failed::Failed,
    hooks::{
        use_calendar::{use_calendar, use_now},
        use_head, use_private_api,
        use_reschedule::use_reschedule,
        use_version,
    },
};

const TITLE: &str = "Calendar";
/// Who reads it and works in it.
const STAFF: &[StaffRole] = &CALENDAR_STAFF;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CalendarPageProps {
    pub organization_id: OrganizationId,
}

/// The page.
#[component]
pub fn CalendarPage(props: &CalendarPageProps) -> Html {
    use_head(private_head(TITLE));
    let rest = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let render = Callback::from(|desk: Desk| html! { <Roles {desk} /> });
    html! {
        <ForStaff title={TITLE} organization_id={props.organization_id} base={CALENDAR} {rest}
            needs={STAFF} wide=true {render} />
    }
}

/// Who can be booked there; without anybody there is no calendar.
#[component]
fn Roles(props: &DeskProps) -> Html {
    let desk = &props.desk;
    let (version, on_again) = use_version();
    let roles =
        use_private_api::<PracticeRoles>(calendar_api::list_practice_roles(desk.organization_id), version);
    match roles {
        None => shape(),
        Some(Err(problem)) => {
            html! { <Failed {problem} here={calendar_path(desk.organization_id, "")} {on_again} /> }
        }
        Some(Ok(roles)) if roles.items.is_empty() => nobody(),
        Some(Ok(roles)) => html! { <Calendar desk={desk.clone()} {roles} /> },
    }
}

/// What stands where the calendar is on its way.
fn shape() -> Html {
    html! { <div class="cal-shape">{ loading() }</div> }
}

fn nobody() -> Html {
    html! {
        <div class="state">
            <h2>{ "Nobody here can be booked yet" }</h2>
            <p>
                { "The calendar shows the practitioners that your practice lists. Once one is listed, their days are " }
                { "here." }
            </p>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CalendarProps {
    desk: Desk,
    roles: Rc<PracticeRoles>,
}

/// The calendar of an address.
#[component]
fn Calendar(props: &CalendarProps) -> Html {
    let CalendarProps { desk, roles } = props;
    let organization_id = desk.organization_id;
    let query = use_location().map(|location| location.query_str().to_owned()).unwrap_or_default();
    let view = CalendarView::read(&query);
    let now = use_now(roles.as_of);
    let today = roles.items[0].time_zone.date(now);
    let days = view.days(today);
    let who = asked_for(&view, roles);
    let path = calendar_api::find_calendar(organization_id, (*days.start(), *days.end()), &who);
    let handle = use_calendar(path, is_carrying);
    let reschedule = use_reschedule(organization_id, handle.on_put.clone());
    let panel = use_reducer_eq(Panel::default);
    let set_beside = {
        let panel = panel.dispatcher();
        use_callback((), move |to: Beside, ()| panel.dispatch(PanelAction::Open(to)))
    };
    let on_close = {
        let panel = panel.dispatcher();
        use_callback((), move |(): (), ()| panel.dispatch(PanelAction::Close))
    };
    let on_booked = {
        let panel = panel.dispatcher();
        use_callback((), move |booking_id: BookingId, ()| panel.dispatch(PanelAction::Booked(booking_id)))
    };
    let time_off = use_state_eq(|| None::<TimeOff>);
    let on_time_off = {
        let (time_off, on_again) = (time_off.setter(), handle.on_again.clone());
        use_callback((), move |changed: TimeOff, ()| {
            time_off.set(Some(changed));
            on_again.emit(());
        })
    };
    let on_not_checked_in = {
        let panel = panel.dispatcher();
        use_callback((), move |booking_id: BookingId, ()| {
            panel.dispatch(PanelAction::NotCheckedIn(booking_id))
        })
    };
    let latest = handle.latest.as_ref().and_then(|answer| answer.as_ref().ok()).cloned();
    // As it is shown; what is done in it is done to what was read.
    let calendar = use_memo((Answer(latest), Rc::clone(roles)), |(Answer(latest), roles)| {
        latest.as_ref().map(|calendar| told_apart(calendar, roles))
    });
    let calendar = (*calendar).clone();
    let led_to = booking_in(&query).filter(|_| calendar.is_some());
    use_effect_with((led_to, set_beside.clone()), |(led_to, set_beside)| {
        // Another page led to it. Until its day is there, there is nothing to say of it.
        if let Some(booking_id) = led_to {
            set_beside.emit(Beside::Entry(*booking_id));
        }
    });
    let read = (Answer(calendar.clone()), view.clone(), today);
    let shown = use_memo(read, |(Answer(calendar), view, today)| {
        calendar.as_ref().map(|calendar| Shown::of(calendar, view, *today))
    });
    let on_view = use_callback(organization_id, |to: CalendarView, organization_id| {
        browser::navigate(&calendar_path(*organization_id, &to.query()));
    });
    let on_open = {
        let set = set_beside.clone();
        use_callback((), move |booking_id: BookingId, ()| set.emit(Beside::Entry(booking_id)))
    };
    let on_session = {
        let set = set_beside.clone();
        use_callback((), move |key: SessionKey, ()| set.emit(Beside::Session(key)))
    };
    let on_block = {
        let (shown, set) = (Rc::clone(&shown), set_beside.clone());
        Callback::from(move |booking_id: BookingId| {
            let session = (*shown).as_ref().and_then(|shown| shown.session_at(booking_id));
            set.emit(session.map_or(Beside::Entry(booking_id), Beside::Session));
        })
    };
    let on_turn = {
        let (on_view, view) = (on_view.clone(), view.clone());
        Callback::from(move |pages: i64| on_view.emit(view.turned(pages, today)))
    };
    let on_drop = {
        let (shown, set, on_change) = (Rc::clone(&shown), set_beside.clone(), reschedule.on_change.clone());
        Callback::from(move |dropped: Dropped| {
            let Some(shown) = &*shown else { return };
            match dropped {
                Dropped::Moved(booking_id, spot) => {
                    if let Some(change) = shown.change(booking_id, spot) {
                        on_change.emit(change);
                    }
                }
                Dropped::Drawn(spot) => {
                    if let Some(draft) = shown.draft(spot, true) {
                        set.emit(Beside::New(draft));
                    }
                }
                Dropped::Chosen(spot) => {
                    if let Some(draft) = shown.draft(spot, false) {
                        set.emit(Beside::New(draft));
                    }
                }
            }
        })
    };
    let on_help = set_beside.reform(|()| Beside::Keys);
    let late = calendar.as_ref().filter(|_| view.layout == Layout::Day && *days.start() == today);
    let main = match (&handle.latest, &*shown) {
        (Some(Err(problem)), _) => html! {
            <Failed problem={problem.clone()} here={calendar_path(organization_id, &query)}
                on_again={handle.on_again.clone()} />
        },
        (Some(Ok(_)), Some(shown)) => {
            let selected = calendar.as_deref().and_then(|calendar| panel.beside.shown_at(calendar));
            match view.layout {
                Layout::Agenda => html! {
                    <Agenda entries={Rc::clone(&shown.entries)} away={Rc::clone(&shown.away)} first={*days.start()}
                        last={*days.end()} {today} several={roles.items.len() > 1} selected={panel.beside.booking_id()}
                        selected_session={panel.beside.session()} on_open={on_open.clone()} {on_session} />
                },
                Layout::Day | Layout::Week => html! {
                    <>
                        <div class="optional">
                            if let Some(calendar) = late {
                                <LateDesk {organization_id} roles={Rc::clone(roles)} calendar={Rc::clone(calendar)}
                                    on_again={handle.on_again.clone()} />
                            }
                        </div>
                        <TimeGrid label={grid_label(&view, shown, today)} columns={Rc::clone(&shown.columns)}
                            layout={view.layout} zoom={view.zoom} {today} {now} {selected} on_open={on_block}
                            {on_drop} {on_turn} {on_help} />
                        if view.layout == Layout::Day {
                            <DaySheet entries={Rc::clone(&shown.entries)} date={*days.start()}
                                practice={desk.name.clone()} />
                        }
                    </>
                },
                Layout::Month => html! {
                    <MonthTable entries={Rc::clone(&shown.entries)} {today} view={view.clone()} {organization_id} />
                },
            }
        }
        (None, _) | (Some(Ok(_)), None) => shape(),
    };
    let toast = (*time_off).clone().map(|taken| {
        let time_off = time_off.setter();
        let on_gone = Callback::from(move |()| time_off.set(None));
        let key = format!("{taken:?}");
        html! {
            <TimeOffToast {key} {organization_id} {taken} {today} on_back={on_time_off.clone()} {on_gone} />
        }
    });
    html! {
        <div class="cal-page">
            <Toolbar view={view.clone()} {today} {now} read_at={handle.read_at} roles={Rc::clone(roles)} {organization_id}
                on_view={on_view.clone()} on_beside={set_beside.clone()} on_again={handle.on_again.clone()} />
            <div class="optional"><NotBookable names={not_bookable(&who, roles)} /></div>
            <MoveOutcome reschedule={reschedule.clone()} roles={Rc::clone(roles)} calendar={calendar.clone()}
                here={calendar_path(organization_id, &query)} on_again={handle.on_again.clone()}>
                { toast.unwrap_or_default() }
            </MoveOutcome>
            <div class="cal-split" data-layout={view.layout.code()} data-beside={panel.beside.is_open().to_string()}>
                <div class="cal-main">{ main }</div>
                <Aside panel={(*panel).clone()} desk={desk.clone()} roles={Rc::clone(roles)} {calendar} {today} {on_close}
                    on_beside={set_beside} on_put={handle.on_put.clone()} on_change={reschedule.on_change.clone()}
                    {on_booked} {on_not_checked_in} {on_time_off} />
            </div>
        </div>
    }
}

/// Whose days to ask about: a week is one person's.
fn asked_for(view: &CalendarView, roles: &PracticeRoles) -> Vec<PractitionerRoleId> {
    let known = |id: &PractitionerRoleId| roles.items.iter().any(|role| role.practitioner_role_id == *id);
    let mut ids: Vec<_> = view.who.iter().copied().filter(known).collect();
    if view.layout == Layout::Week {
        if ids.is_empty() {
            ids.extend(roles.items.first().map(|role| role.practitioner_role_id));
        }
        ids.truncate(1);
    }
    ids
}

/// Whom patients cannot book of those whose days are shown: of all, where nobody is named. Somebody at two places is named once.
fn not_bookable(who: &[PractitionerRoleId], roles: &PracticeRoles) -> Vec<String> {
    let shown = |role: &&PracticeRole| who.is_empty() || who.contains(&role.practitioner_role_id);
    let items = roles.items.iter().filter(shown).filter(|role| !role.bookable);
    let mut names: Vec<_> = items.map(|role| role.name.clone()).collect();
    names.dedup();
    names
}

fn grid_label(view: &CalendarView, shown: &Shown, today: Date) -> String {
    let title = view.title(today);
    match (view.layout, shown.columns.first()) {
        (Layout::Week, Some(column)) => format!("{}, {title}", column.name),
        (Layout::Week | Layout::Day | Layout::Agenda | Layout::Month, _) => title,
    }
}
