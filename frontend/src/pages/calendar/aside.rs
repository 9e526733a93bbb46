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
    grid_row::entry_id,
    keys_help::KeysHelp,
    toolbar::{KEYS_ID, NEW_ID},
};
use crate::{
    browser::{
        self,
        frames::AfterFrame,
        pointing::{self, Focus},
    },
    calendar::{
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
            Self::Nothing | Self::New(_) | Self::Keys => None,
        }
    }
}

/// What is open, and the new appointment that somebody has begun: that stays as it was typed, whatever is looked at meanwhile,
/// until it is booked or closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// What is open.
    pub beside: Beside,
    /// What was begun.
    pub begun: Option<Draft>,
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
}

impl Reducible for Panel {
    type Action = PanelAction;

    fn reduce(self: Rc<Self>, action: PanelAction) -> Rc<Self> {
        let (beside, begun) = match action {
            PanelAction::Open(Beside::New(draft)) => (Beside::New(draft), Some(draft)),
            PanelAction::Open(beside) => (beside, self.begun),
            PanelAction::Booked(booking_id) => (Beside::Entry(booking_id), None),
            // Closing what was looked at leads back to what was begun; closing that gives it up.
            PanelAction::Close => match (&self.beside, self.begun) {
                (Beside::Entry(_) | Beside::Keys, Some(draft)) => (Beside::New(draft), Some(draft)),
                (Beside::Entry(_) | Beside::Keys, None) | (Beside::New(_) | Beside::Nothing, _) => {
                    (Beside::Nothing, None)
                }
            },
        };
        Rc::new(Self { beside, begun })
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
}

/// The panel. It takes the focus when something else is opened, and gives it back when it is closed.
#[component]
pub fn Aside(props: &AsideProps) -> Html {
    let AsideProps { panel: Panel { beside, begun }, on_close, on_beside, .. } = props;
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
                show_both(beside.booking_id())
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
    let title = match (beside, &entry) {
        (Beside::Entry(_), Some(entry)) => patient_words(&entry.appointment),
        (Beside::Entry(_), None) => "An appointment on another day".to_owned(),
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
            <div key="open" class="optional">{ content(props, entry) }</div>
            // It stays on the page while something else is looked at: what was typed is in it.
            <div key="begun" class="optional" hidden={!is_new}>
                { begun.map(|draft| create(props, draft)).unwrap_or_default() }
            </div>
        </aside>
    }
}

/// Scrolls to what was opened, which the panel may lie over or leave less room for, and to the panel. To scroll on a changed page
/// lays it out there and then, so it waits until the change was drawn.
fn show_both(booking_id: Option<BookingId>) -> Option<AfterFrame> {
    AfterFrame::call(move || {
        if let Some(booking_id) = booking_id {
            browser::scroll_to(&entry_id(booking_id));
        }
        browser::scroll_to(TITLE_ID);
    })
}

/// Gives the focus to the entry that was looked at, or else to what opened the panel; where neither is there any more, to the
/// button that opens it.
fn give_back(closed: &Beside, opener: Option<web_sys::HtmlElement>) {
    let entry = closed.booking_id().and_then(|booking_id| browser::element(&entry_id(booking_id)));
    let opener = opener.filter(|opener| opener.is_connected());
    let button = match closed {
        Beside::New(_) => NEW_ID,
        Beside::Keys => KEYS_ID,
        Beside::Entry(_) | Beside::Nothing => "main",
    };
    if let Some(to) = entry.or(opener).or_else(|| browser::element(button)) {
        pointing::hand_focus(&to, Focus::Scroll);
    }
}

fn create(props: &AsideProps, draft: Draft) -> Html {
    let AsideProps { desk, roles, calendar, today, on_put, on_booked, .. } = props;
    html! {
        <Create {draft} organization_id={desk.organization_id} roles={Rc::clone(roles)} calendar={calendar.clone()}
            today={*today} on_put={on_put.clone()} on_open={on_booked.clone()} />
    }
}

fn content(props: &AsideProps, entry: Option<Entry>) -> Html {
    let AsideProps { panel, desk, roles, on_put, on_change, .. } = props;
    match (&panel.beside, entry) {
        (Beside::Entry(booking_id), Some(entry)) => html! {
            <EntryPanel key={booking_id.to_string()} {entry} desk={desk.clone()} roles={Rc::clone(roles)}
                on_put={on_put.clone()} on_change={on_change.clone()} />
        },
        (Beside::Entry(_), None) => html! {
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
        Draft { role_id: role_id(), date: None, minute: None, minutes: None }
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
        assert_eq!(after(&looking), Panel { beside: other.clone(), begun: Some(draft()) });
        let [first, second] = looking;
        let back = after(&[first.clone(), second, PanelAction::Close]);
        assert_eq!(back, Panel { beside: begin, begun: Some(draft()) });
        assert_eq!(after(&[first, PanelAction::Close]), Panel::default(), "closed is given up");
        assert_eq!(after(&[PanelAction::Open(other), PanelAction::Close]), Panel::default());
    }

    #[test]
    fn what_is_booked_is_begun_no_more() {
        let id = BookingId(Uuid::from_u128(2));
        let booked = after(&[PanelAction::Open(Beside::New(draft())), PanelAction::Booked(id)]);
        assert_eq!(booked, Panel { beside: Beside::Entry(id), begun: None });
    }
}
