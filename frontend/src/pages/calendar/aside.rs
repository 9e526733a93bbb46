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
};
use crate::{
    browser,
    calendar::{
        sheet::{Entry, entries},
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

#[derive(Clone, PartialEq, Properties)]
pub struct AsideProps {
    pub beside: Beside,
    pub desk: Desk,
    pub roles: Rc<PracticeRoles>,
    pub calendar: Option<Rc<PracticeCalendar>>,
    pub today: Date,
    pub on_close: Callback<()>,
    /// One booking is this now.
    pub on_put: Callback<CalendarAppointment>,
    /// Wants an appointment elsewhere.
    pub on_change: Callback<Change>,
    /// Wants to see a booking.
    pub on_open: Callback<BookingId>,
}

/// The panel. It takes the focus when something else is opened, and gives it back when it is closed.
#[component]
pub fn Aside(props: &AsideProps) -> Html {
    let AsideProps { beside, on_close, .. } = props;
    use_effect_with(beside.clone(), |beside| {
        if beside.is_open() {
            browser::focus(TITLE_ID);
            browser::scroll_to(TITLE_ID);
        }
    });
    if !beside.is_open() {
        return Html::default();
    }
    let close = {
        let (on_close, back) = (on_close.clone(), beside.booking_id());
        Callback::from(move |()| {
            on_close.emit(());
            if let Some(booking_id) = back {
                browser::focus(&entry_id(booking_id));
            }
        })
    };
    let onkeydown = {
        let close = close.clone();
        // What somebody is typing is not lost by one key.
        let closes = !matches!(beside, Beside::New(_));
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
        (Beside::Keys | Beside::Nothing, _) => "Keys".to_owned(),
    };
    html! {
        <aside class="beside no-print" aria-labelledby={TITLE_ID} {onkeydown}>
            <div class="beside__head">
                <h2 id={TITLE_ID} tabindex="-1">{ title }</h2>
                <button type="button" class="button button--plain button--icon"
                    onclick={close.reform(|_: MouseEvent| ())}>
                    <Icon name="close" /><span class="visually-hidden">{ "Close" }</span>
                </button>
            </div>
            { content(props, entry) }
        </aside>
    }
}

fn content(props: &AsideProps, entry: Option<Entry>) -> Html {
    let AsideProps { beside, desk, roles, calendar, today, on_put, on_change, on_open, .. } = props;
    match (beside, entry) {
        (Beside::Entry(booking_id), Some(entry)) => html! {
            <EntryPanel key={booking_id.to_string()} {entry} desk={desk.clone()} roles={Rc::clone(roles)}
                on_put={on_put.clone()} on_change={on_change.clone()} />
        },
        (Beside::Entry(_), None) => html! {
            <p>{ "It is not among the days and people that are shown. Turn to its day to see it." }</p>
        },
        (Beside::New(draft), _) => html! {
            <Create key="new" draft={*draft} organization_id={desk.organization_id}
                roles={Rc::clone(roles)} calendar={calendar.clone()} today={*today} on_put={on_put.clone()}
                on_open={on_open.clone()} />
        },
        (Beside::Keys, _) => html! { <KeysHelp /> },
        (Beside::Nothing, _) => Html::default(),
    }
}

fn find(props: &AsideProps, booking_id: BookingId) -> Option<Entry> {
    entries(props.calendar.as_deref()?).into_iter().find(|entry| entry.booking_id() == booking_id)
}
