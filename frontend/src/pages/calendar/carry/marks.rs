//! Marks over the grid: around what has the focus, and around what is open beside it. Like the ghost, each has a layer of its
//! own: an outline of an entry would have the layer of all entries drawn anew at every step. The styles make of these numbers
//! where a mark is, so it keeps its place when the grid grows or shrinks.

use yew::NodeRef;

use super::{Hands, read_cursor};
use crate::{
    browser::{self, pointing},
    calendar::cursor::Cursor,
};

/// Both of them.
#[derive(Clone)]
pub struct Marks {
    /// What they are in.
    pub frame: NodeRef,
    /// Around what has the focus.
    pub focus: NodeRef,
    /// Around what is open.
    pub open: NodeRef,
}

impl Hands {
    /// Puts both where they belong now, and says to those who hear it which entry is open.
    pub(super) fn mark(&self) {
        let (columns, minutes) = (self.data.names.len().max(1), self.data.hours.minutes());
        let properties = [("--columns", columns.to_string()), ("--minutes", minutes.to_string())];
        pointing::place(&self.marks.frame, &properties);
        self.mark_focus();
        let open = self.open.and_then(|booking_id| self.place_of(booking_id));
        self.put(&self.marks.open, open);
        let next = open.and_then(|at| browser::element(&self.data.id_at(at)));
        let before = std::mem::replace(&mut self.state.borrow_mut().current, next.clone());
        pointing::make_current(before.as_ref(), next.as_ref());
    }

    /// Marks what has the focus, for somebody who uses the keys.
    pub(super) fn mark_focus(&self) {
        let at = pointing::shown_focus(&self.body, "data-at");
        self.put(&self.marks.focus, at.and_then(|at| read_cursor(&at)));
    }

    /// The focus is elsewhere.
    pub(super) fn unmark_focus(&self) {
        self.put(&self.marks.focus, None);
    }

    fn put(&self, mark: &NodeRef, at: Option<Cursor>) {
        if let Some(at) = at {
            let (span, lane) = self.data.stands(at);
            let properties = [
                ("--column", at.column.to_string()),
                ("--from", (span.from - self.data.hours.from).to_string()),
                ("--long", span.minutes().to_string()),
                ("--lane", lane.nth.to_string()),
                ("--lanes", lane.of.to_string()),
            ];
            pointing::place(mark, &properties);
        }
        pointing::show(mark, at.is_some());
    }
}
