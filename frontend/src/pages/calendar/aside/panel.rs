//! What is open beside the calendar, and what opens and closes it.

use std::rc::Rc;

use shared_types::{BookingId, bookings::practice::PracticeCalendar};
use yew::prelude::*;

use crate::{
    calendar::sessions::{SessionKey, session_at},
    pages::calendar::{
        create::Draft,
        grid_row::{entry_ids, session_ids},
    },
};

/// What is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Beside {
    /// Nothing.
    #[default]
    Nothing,
    /// A booking.
    Entry(BookingId),
    /// A group session.
    Session(SessionKey),
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

    /// The session that is.
    pub fn session(&self) -> Option<SessionKey> {
        match self {
            Self::Session(key) => Some(*key),
            Self::Nothing | Self::Entry(_) | Self::New(_) | Self::Keys => None,
        }
    }

    /// The booking by which it is found in the grid, of an entry or of a session.
    pub fn shown_at(&self, calendar: &PracticeCalendar) -> Option<BookingId> {
        let first = || Some(session_at(calendar, self.session()?)?.lead.booking_id());
        self.booking_id().or_else(first)
    }

    /// What it was opened from, where that is on the page: the first of these.
    pub(super) fn opened_from(&self, shown_at: Option<BookingId>) -> Vec<String> {
        let headings = self.session().into_iter().flat_map(session_ids);
        headings.chain(shown_at.into_iter().flat_map(entry_ids)).collect()
    }
}

/// What is open, and the new appointment that somebody has begun: that stays as it was typed, whatever is looked at meanwhile,
/// until it is booked or closed, or somebody comes in who has no appointment: they are somebody else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// What is open.
    pub beside: Beside,
    /// What was begun.
    pub begun: Option<Draft>,
    /// How often a walk-in took the place of what was begun: each of them has a form of their own.
    pub walk_ins: u32,
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
        let walk_ins = self.walk_ins + u32::from(self.is_other_than(&action));
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
        Rc::new(Self { beside, begun, walk_ins, not_checked_in })
    }
}

impl Panel {
    /// Whether it begins with somebody who walked in, while what was begun is about somebody else.
    fn is_other_than(&self, action: &PanelAction) -> bool {
        let walks_in = matches!(action, PanelAction::Open(Beside::New(Draft { walk_in: true, .. })));
        walks_in && self.begun.is_some_and(|begun| !begun.walk_in)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::BookingId;
    use uuid::Uuid;
    use yew::prelude::Reducible as _;

    use super::{Beside, Draft, Panel, PanelAction, entry_ids, session_ids};
    use crate::calendar::sample::{appointment, role_id};

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
        let seen = Panel { beside: other.clone(), begun: Some(draft()), ..Panel::default() };
        assert_eq!(after(&looking), seen);
        let [first, second] = looking;
        let back = after(&[first.clone(), second, PanelAction::Close]);
        assert_eq!(back, Panel { beside: begin, begun: Some(draft()), ..Panel::default() });
        assert_eq!(after(&[first, PanelAction::Close]), Panel::default(), "closed is given up");
        assert_eq!(after(&[PanelAction::Open(other), PanelAction::Close]), Panel::default());
    }

    #[test]
    fn a_session_was_opened_from_its_heading_on_either_day_or_else_from_its_entry() {
        let night = appointment(1, "2026-11-24T12:30:00Z", 60);
        let key = (role_id(), night.appointment_type.appointment_type_id, night.start);
        let ids = Beside::Session(key).opened_from(Some(night.booking_id));
        assert_eq!(ids, [session_ids(key), entry_ids(night.booking_id)].concat());
    }

    #[test]
    fn who_walks_in_has_a_form_of_their_own() {
        let begin = PanelAction::Open(Beside::New(draft()));
        let walk_in = Draft { walk_in: true, ..draft() };
        let walks_in = PanelAction::Open(Beside::New(walk_in));
        let looks = PanelAction::Open(Beside::Keys);
        let forms = |actions: &[PanelAction]| after(actions).walk_ins;
        let typed = forms(&[begin.clone(), looks.clone()]);
        assert_ne!(forms(&[begin.clone(), looks.clone(), walks_in.clone()]), typed);
        // The same button again, and a time that is drawn for them instead, keep what was typed about them.
        let begun = forms(std::slice::from_ref(&walks_in));
        assert_eq!(forms(&[walks_in.clone(), looks, walks_in.clone()]), begun);
        assert_eq!(forms(&[walks_in, begin]), begun);
    }

    #[test]
    fn what_is_booked_is_begun_no_more() {
        let id = BookingId(Uuid::from_u128(2));
        let booked = after(&[PanelAction::Open(Beside::New(draft())), PanelAction::Booked(id)]);
        assert_eq!(booked, Panel { beside: Beside::Entry(id), ..Panel::default() });
        let waits = [PanelAction::Open(Beside::New(draft())), PanelAction::NotCheckedIn(id)];
        assert_eq!(after(&waits), Panel { not_checked_in: true, ..booked });
        let [first, second] = waits;
        assert_eq!(after(&[first, second, PanelAction::Close]), Panel::default(), "said once");
    }
}
