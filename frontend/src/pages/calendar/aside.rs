//! What is open beside the calendar: an entry, a new appointment, or the keys. It is no dialog: the calendar stays in reach.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    BookingId,
    bookings::practice::{CalendarAppointment, PracticeCalendar, PracticeRoles},
};
use yew::prelude::*;

use super::{
    create::{Create, Draft},
    entry_panel::EntryPanel,
    grid_row::{entry_id, session_id},
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
        sessions::{Session, session_of},
        sheet::{Entry, entry_of},
        words::patient_words,
    },
    components::icon::Icon,
    hooks::use_reschedule::Change,
    pages::practice_desk::Desk,
};

/// The heading's id: what takes the focus when something has been done.
pub const TITLE_ID: &str = "beside-title";

/// What is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// A booking.
    Entry(BookingId),
    /// The group session that a booking is in.
    Session(BookingId),
    /// A new appointment.
    New(Draft),
    /// The keys of the grid.
    Keys,
}

impl Beside {
    /// Whether anything is.
    pub fn is_open(&self) -> bool {
        *self != Self::Nothing
    }

    /// The booking that is.
    pub fn booking_id(&self) -> Option<BookingId> {
        match self {
            Self::Entry(booking_id) => Some(*booking_id),
            Self::Nothing | Self::Session(_) | Self::New(_) | Self::Keys => None,
        }
    }

    /// The booking by which the session is known that is.
    pub fn session(&self) -> Option<BookingId> {
        match self {
            Self::Session(booking_id) => Some(*booking_id),
            Self::Nothing | Self::Entry(_) | Self::New(_) | Self::Keys => None,
        }
    }

    /// The booking by which it is found in the grid, of an entry or of a session.
    pub fn shown_at(&self) -> Option<BookingId> {
        self.booking_id().or(self.session())
    }

    /// What it was opened from, where that is on the page: the first of these.
    fn opened_from(&self) -> Vec<String> {
        let heading = self.session().map(session_id);
        heading.into_iter().chain(self.shown_at().map(entry_id)).collect()
    }
}

fn first_of(ids: &[String]) -> Option<web_sys::HtmlElement> {
    ids.iter().find_map(|id| browser::element(id))
}

/// What is open, and the new appointment that somebody has begun: that stays as it was typed, whatever is looked at meanwhile,
/// until it is booked or closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// What is open.
    pub beside: Beside,
    /// What was begun.
    pub begun: Option<Draft>,
    /// What is open was booked for somebody who is there, and they could not be checked in.
    pub not_checked_in: bool,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelAction {
    /// Something else is opened.
    Open(Beside),
    /// What is open is closed.
    Close,
    /// The new appointment is booked.
    Booked(BookingId),
    /// It is, and who is there for it could not be checked in.
    NotCheckedIn(BookingId),
}

impl Reducible for Panel {
    type Action = PanelAction;

    fn reduce(self: Rc<Self>, action: PanelAction) -> Rc<Self> {
        let not_checked_in = matches!(action, PanelAction::NotCheckedIn(_));
        let (beside, begun) = match action {
            PanelAction::Open(Beside::New(draft)) => (Beside::New(draft), Some(draft)),
            PanelAction::Open(beside) => (beside, self.begun),
            PanelAction::Booked(booking_id) | PanelAction::NotCheckedIn(booking_id) => {
                (Beside::Entry(booking_id), None)
            }
            // Closing what was looked at leads back to what was begun; closing that gives it up.
            PanelAction::Close => match (&self.beside, self.begun) {
                (Beside::Entry(_) | Beside::Session(_) | Beside::Keys, Some(draft)) => {
                    (Beside::New(draft), Some(draft))
                }
                (Beside::Entry(_) | Beside::Session(_) | Beside::Keys, None)
                | (Beside::New(_) | Beside::Nothing, _) => (Beside::Nothing, None),
            },
        };
        Rc::new(Self { beside, begun, not_checked_in })
    }
}

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
    let AsideProps { panel: Panel { beside, begun, not_checked_in }, on_close, on_beside, .. } = props;
    let (aside, opener) = (use_node_ref(), use_mut_ref(|| None::<web_sys::HtmlElement>));
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
                show_both(beside.opened_from())
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
            give_back(&beside, opener.take());
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
    let session = beside.shown_at().and_then(|id| session_of(props.calendar.as_deref()?, id)).map(Rc::new);
    // From one person of a session a button leads to all of it.
    let whole = session.as_ref().filter(|_| entry.is_some()).map(|session| session.lead.booking_id());
    let title = match (beside, &entry) {
        (Beside::Entry(_), Some(entry)) => patient_words(&entry.appointment),
        (Beside::Entry(_), None) => "An appointment on another day".to_owned(),
        (Beside::Session(_), _) => {
            session.as_ref().map_or_else(|| "A session on another day".to_owned(), |session| session.title())
        }
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
                if let Some(lead) = whole {
                    <button type="button" class="button button--quiet"
                        onclick={on_beside.reform(move |_: MouseEvent| Beside::Session(lead))}>
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
fn give_back(closed: &Beside, opener: Option<web_sys::HtmlElement>) {
    let entry = first_of(&closed.opened_from());
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

fn create(props: &AsideProps, draft: Draft, on_time_off: Callback<TimeOff>) -> Html {
    let AsideProps { desk, roles, calendar, today, on_put, on_booked, on_not_checked_in, .. } = props;
    html! {
        <Create {draft} organization_id={desk.organization_id} roles={Rc::clone(roles)} calendar={calendar.clone()}
            today={*today} on_put={on_put.clone()} on_open={on_booked.clone()} {on_time_off}
            on_not_checked_in={on_not_checked_in.clone()} />
    }
}

fn content(props: &AsideProps, entry: Option<Entry>, session: Option<Rc<Session>>) -> Html {
    let AsideProps { panel, desk, roles, calendar, on_put, on_change, on_beside, .. } = props;
    if let (Beside::Session(_), Some(session), Some(calendar)) = (&panel.beside, session, calendar) {
        // It begins anew where the one that it is known by goes to another session: what was chosen is about this one. Who is the
        // first of them may change.
        let of = &session.lead.appointment;
        let type_id = of.appointment_type.appointment_type_id;
        let key = format!("session {} {type_id} {}", of.practitioner_role_id, of.start);
        return html! {
            <SessionPanel {key} {session} organization_id={desk.organization_id} calendar={Rc::clone(calendar)}
                on_open={on_beside.reform(Beside::Entry)} on_put={on_put.clone()} />
        };
    }
    match (&panel.beside, entry) {
        (Beside::Entry(booking_id), Some(entry)) => html! {
            <EntryPanel key={booking_id.to_string()} {entry} desk={desk.clone()} roles={Rc::clone(roles)}
                on_put={on_put.clone()} on_change={on_change.clone()} />
        },
        (Beside::Entry(_) | Beside::Session(_), _) => html! {
            <p>{ "It is not among the days and people that are shown. Turn to its day to see it." }</p>
        },
        (Beside::Keys, _) => html! { <KeysHelp /> },
        (Beside::New(_) | Beside::Nothing, _) => Html::default(),
    }
}

fn find(props: &AsideProps, booking_id: BookingId) -> Option<Entry> {
    entry_of(props.calendar.as_deref()?, booking_id)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::BookingId;
    use uuid::Uuid;
    use yew::prelude::Reducible as _;

    use super::{Beside, Draft, Panel, PanelAction};
    use crate::calendar::sample::role_id;

    fn draft() -> Draft {
        Draft { role_id: role_id(), date: None, minute: None, minutes: None, walk_in: false }
    }

    fn after(actions: &[PanelAction]) -> Panel {
        let start = Rc::new(Panel::default());
        let panel = actions.iter().cloned().fold(start, |panel, action| panel.reduce(action));
        (*panel).clone()
    }

    #[test]
    fn what_was_begun_stays_while_something_else_is_looked_at() {
        let (begin, other) = (Beside::New(draft()), Beside::Entry(BookingId(Uuid::from_u128(1))));
        let looking = [PanelAction::Open(begin.clone()), PanelAction::Open(other.clone())];
        let seen = Panel { beside: other.clone(), begun: Some(draft()), not_checked_in: false };
        assert_eq!(after(&looking), seen);
        let [first, second] = looking;
        let back = after(&[first.clone(), second, PanelAction::Close]);
        assert_eq!(back, Panel { beside: begin, begun: Some(draft()), not_checked_in: false });
        assert_eq!(after(&[first, PanelAction::Close]), Panel::default(), "closed is given up");
        assert_eq!(after(&[PanelAction::Open(other), PanelAction::Close]), Panel::default());
    }

    #[test]
    fn what_is_booked_is_begun_no_more() {
        let id = BookingId(Uuid::from_u128(2));
        let booked = after(&[PanelAction::Open(Beside::New(draft())), PanelAction::Booked(id)]);
        assert_eq!(booked, Panel { beside: Beside::Entry(id), begun: None, not_checked_in: false });
        let waits = [PanelAction::Open(Beside::New(draft())), PanelAction::NotCheckedIn(id)];
        assert_eq!(after(&waits), Panel { not_checked_in: true, ..booked });
        let [first, second] = waits;
        assert_eq!(after(&[first, second, PanelAction::Close]), Panel::default(), "said once");
    }
}
