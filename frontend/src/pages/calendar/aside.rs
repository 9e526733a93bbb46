//! What is open beside the calendar: an entry, a new appointment, or the keys. It is no dialog: the calendar stays in reach.

mod panel;

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    BookingId,
    bookings::practice::{CalendarAppointment, PracticeCalendar, PracticeRoles},
};
use yew::prelude::*;

pub use self::panel::{Beside, Panel, PanelAction};
use super::{
    create::{Create, Draft},
    entry_panel::EntryPanel,
    grid_row::session_id,
    keys_help::KeysHelp,
    not_checked_in::NotCheckedIn,
    session_panel::SessionPanel,
    time_off::TimeOff,
    toolbar::{KEYS_ID, NEW_ID},
};
use crate::{
    browser::{
        self,
        frames::AfterFrame,
        pointing::{self, Focus},
    },
    calendar::{
        sessions::{Session, SessionKey, session_at, session_of, would_show},
        sheet::{Entry, entry_of},
        words::patient_words,
    },
    components::icon::Icon,
    hooks::use_reschedule::Change,
    pages::practice_desk::Desk,
};

/// The heading's id: what takes the focus when something has been done.
pub const TITLE_ID: &str = "beside-title";
/// Said of what is not in the calendar that is shown.
const ELSEWHERE: &str = "It is not among the days and people that are shown. Turn to its day to see it.";

#[derive(Clone, PartialEq, Properties)]
pub struct AsideProps {
    pub panel: Panel,
    pub desk: Desk,
    pub roles: Rc<PracticeRoles>,
    pub calendar: Option<Rc<PracticeCalendar>>,
    pub today: Date,
    pub on_close: Callback<()>,
    /// Wants to see something else.
    pub on_beside: Callback<Beside>,
    /// One booking is this now.
    pub on_put: Callback<CalendarAppointment>,
    /// Wants an appointment elsewhere.
    pub on_change: Callback<Change>,
    /// What was begun is this booking now.
    pub on_booked: Callback<BookingId>,
    /// It is, and who is there for it could not be checked in.
    pub on_not_checked_in: Callback<BookingId>,
    /// What was begun is a time off now.
    pub on_time_off: Callback<TimeOff>,
}

/// The panel. It takes the focus when something else is opened, and gives it back when it is closed.
#[component]
pub fn Aside(props: &AsideProps) -> Html {
    let AsideProps { panel: Panel { beside, begun, not_checked_in, .. }, on_close, on_beside, .. } = props;
    let (aside, opener) = (use_node_ref(), use_mut_ref(|| None::<web_sys::HtmlElement>));
    let shown_at = props.calendar.as_deref().and_then(|calendar| beside.shown_at(calendar));
    {
        let (aside, opener) = (aside.clone(), Rc::clone(&opener));
        use_effect_with(beside.clone(), move |beside| {
            let seen = if beside.is_open() {
                // What is opened from within leads back to where the panel was opened from.
                if let Some(from) = pointing::focus_outside(&aside) {
                    opener.replace(Some(from));
                }
                if let Some(title) = browser::element(TITLE_ID) {
                    pointing::hand_focus(&title, Focus::Stay);
                }
                show_both(pressed_first(beside.opened_from(shown_at), opener.borrow().as_ref()))
            } else {
                None
            };
            move || drop(seen)
        });
    }
    if !beside.is_open() {
        return Html::default();
    }
    let is_new = matches!(beside, Beside::New(_));
    let close = {
        let (on_close, beside) = (on_close.clone(), beside.clone());
        Callback::from(move |()| {
            on_close.emit(());
            give_back(&beside, shown_at, opener.take());
        })
    };
    let on_time_off = {
        let (on_time_off, close) = (props.on_time_off.clone(), close.clone());
        Callback::from(move |taken: TimeOff| {
            on_time_off.emit(taken);
            close.emit(());
        })
    };
    let onkeydown = {
        let close = close.clone();
        // What somebody is typing is not lost by one key.
        let closes = !is_new;
        move |event: KeyboardEvent| {
            if closes && event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
            }
        }
    };
    let entry = beside.booking_id().and_then(|booking_id| find(props, booking_id));
    let session = session_in(beside, props.calendar.as_deref()).map(Rc::new);
    // From one person of a session a button leads to all of it.
    let whole = session.as_ref().filter(|_| entry.is_some()).map(|session| session.key());
    let title = match (beside, &entry) {
        (Beside::Entry(_), Some(entry)) => patient_words(&entry.appointment),
        (Beside::Entry(_), None) => "An appointment on another day".to_owned(),
        (Beside::Session(key), _) => session
            .as_ref()
            .map_or_else(|| absent(props.calendar.as_deref(), *key).0.to_owned(), |session| session.title()),
        (Beside::New(Draft { walk_in: true, .. }), _) => "Walk-in".to_owned(),
        (Beside::New(_), _) => "New appointment".to_owned(),
        (Beside::Keys | Beside::Nothing, _) => "Keyboard shortcuts".to_owned(),
    };
    html! {
        <aside class="beside no-print" aria-labelledby={TITLE_ID} ref={aside} {onkeydown}>
            <div key="head" class="beside__head">
                <h2 id={TITLE_ID} tabindex="-1">{ title }</h2>
                <button type="button" class="button button--plain button--icon"
                    onclick={close.reform(|_: MouseEvent| ())}>
                    <Icon name="close" /><span class="visually-hidden">{ "Close" }</span>
                </button>
            </div>
            <div key="back" class="optional">
                if let Some(draft) = begun.filter(|_| !is_new) {
                    <button type="button" class="button button--quiet"
                        onclick={on_beside.reform(move |_: MouseEvent| Beside::New(draft))}>
                        { "Go on with the new appointment" }
                    </button>
                }
            </div>
            <div key="waits" class="optional">
                if *not_checked_in {
                    <NotCheckedIn appointment={entry.as_ref().map(|entry| Rc::clone(&entry.appointment))} />
                }
            </div>
            <div key="whole" class="optional">
                if let Some(key) = whole {
                    <button type="button" class="button button--quiet"
                        onclick={on_beside.reform(move |_: MouseEvent| Beside::Session(key))}>
                        { "Everybody in this session" }
                    </button>
                }
            </div>
            <div key="open" class="optional">{ content(props, entry, session) }</div>
            // It stays on the page while something else is looked at: what was typed is in it.
            <div key="begun" class="optional" hidden={!is_new}>
                { begun.map(|draft| create(props, draft, on_time_off)).unwrap_or_default() }
            </div>
        </aside>
    }
}

/// Scrolls to what was opened, which the panel may lie over or leave less room for, and to the panel. To scroll on a changed page
/// lays it out there and then, so it waits until the change was drawn.
fn show_both(opened_from: Vec<String>) -> Option<AfterFrame> {
    AfterFrame::call(move || {
        if let Some(id) = opened_from.iter().find(|id| browser::element(id).is_some()) {
            browser::scroll_to(id);
        }
        browser::scroll_to(TITLE_ID);
    })
}

/// Gives the focus to the entry that was looked at, or else to what opened the panel; where neither is there any more, to the
/// button that opens it.
fn give_back(closed: &Beside, shown_at: Option<BookingId>, opener: Option<web_sys::HtmlElement>) {
    let entry = first_of(&pressed_first(closed.opened_from(shown_at), opener.as_ref()));
    let opener = opener.filter(|opener| opener.is_connected());
    let button = match closed {
        Beside::New(_) => NEW_ID,
        Beside::Keys => KEYS_ID,
        Beside::Entry(_) | Beside::Session(_) | Beside::Nothing => "main",
    };
    if let Some(to) = entry.or(opener).or_else(|| browser::element(button)) {
        pointing::hand_focus(&to, Focus::Scroll);
    }
}

/// The same ids, that of what opened the panel before the others.
fn pressed_first(ids: Vec<String>, opener: Option<&web_sys::HtmlElement>) -> Vec<String> {
    match opener {
        Some(opener) => with_first(ids, &opener.id()),
        None => ids,
    }
}

/// The same ids, this one first where it is among them: what lasts past midnight stands in two places of a week.
fn with_first(mut ids: Vec<String>, first: &str) -> Vec<String> {
    ids.sort_by_key(|id| id != first);
    ids
}

fn first_of(ids: &[String]) -> Option<web_sys::HtmlElement> {
    ids.iter().find_map(|id| browser::element(id))
}

fn create(props: &AsideProps, draft: Draft, on_time_off: Callback<TimeOff>) -> Html {
    let AsideProps { panel, desk, roles, calendar, today, on_put, on_booked, on_not_checked_in, .. } = props;
    html! {
        <Create key={panel.walk_ins} {draft} organization_id={desk.organization_id} roles={Rc::clone(roles)}
            calendar={calendar.clone()} today={*today} on_put={on_put.clone()} on_open={on_booked.clone()} {on_time_off}
            on_not_checked_in={on_not_checked_in.clone()} />
    }
}

fn content(props: &AsideProps, entry: Option<Entry>, session: Option<Rc<Session>>) -> Html {
    let AsideProps { panel, desk, roles, calendar, on_put, on_change, on_beside, .. } = props;
    match (&panel.beside, entry) {
        (Beside::Entry(booking_id), Some(entry)) => html! {
            <EntryPanel key={booking_id.to_string()} {entry} desk={desk.clone()} roles={Rc::clone(roles)}
                on_put={on_put.clone()} on_change={on_change.clone()} />
        },
        (Beside::Entry(_), None) => html! { <p>{ ELSEWHERE }</p> },
        (Beside::Session(key), _) => match (session, calendar) {
            (Some(session), Some(calendar)) => html! {
                <SessionPanel key={session_id(*key)} {session} organization_id={desk.organization_id}
                    calendar={Rc::clone(calendar)} on_open={on_beside.reform(Beside::Entry)} on_put={on_put.clone()} />
            },
            (None, _) | (Some(_), None) => html! { <p>{ absent(calendar.as_deref(), *key).1 }</p> },
        },
        (Beside::Keys, _) => html! { <KeysHelp /> },
        (Beside::New(_) | Beside::Nothing, _) => Html::default(),
    }
}

/// What to say of a session that is not in the calendar: a title, and why it is not.
fn absent(calendar: Option<&PracticeCalendar>, key: SessionKey) -> (&'static str, &'static str) {
    if calendar.is_some_and(|calendar| would_show(calendar, key)) {
        ("A session that is no more", "Nobody is in this session any more: everybody who was has been moved.")
    } else {
        ("A session on another day", ELSEWHERE)
    }
}

fn session_in(beside: &Beside, calendar: Option<&PracticeCalendar>) -> Option<Session> {
    match beside {
        Beside::Session(key) => session_at(calendar?, *key),
        Beside::Entry(booking_id) => session_of(calendar?, *booking_id),
        Beside::New(_) | Beside::Keys | Beside::Nothing => None,
    }
}

fn find(props: &AsideProps, booking_id: BookingId) -> Option<Entry> {
    entry_of(props.calendar.as_deref()?, booking_id)
}

#[cfg(test)]
mod tests {
    use super::{Beside, PracticeCalendar, absent, with_first};
    use crate::{
        calendar::sample::{appointment, calendar, role_id},
        pages::calendar::grid_row::entry_ids,
    };

    #[test]
    fn which_part_of_a_night_was_pressed_is_shown_and_has_the_focus_again() {
        let night = appointment(1, "2026-11-24T12:30:00Z", 60).booking_id;
        let [began, after] = entry_ids(night);
        let ids = || Beside::Entry(night).opened_from(Some(night));
        assert_eq!(with_first(ids(), &after), [after.clone(), began.clone()]);
        for other in [began.as_str(), "calendar-new"] {
            assert_eq!(with_first(ids(), other), [began.clone(), after.clone()]);
        }
    }

    #[test]
    fn a_session_that_is_gone_is_not_said_to_be_elsewhere() {
        let seat = appointment(1, "2026-11-24T22:15:00Z", 45);
        let key = (role_id(), seat.appointment_type.appointment_type_id, seat.start);
        let week = calendar(Vec::new());
        assert_eq!(absent(Some(&week), key).0, "A session that is no more");
        let monday = PracticeCalendar { to: week.from, ..week };
        for other in [Some(&monday), None] {
            assert_eq!(absent(other, key).0, "A session on another day");
        }
    }
}
