//! Moving about in the grid and carrying things in it. Nothing is rendered while that goes on: a ghost shows where a thing
//! would come to lie, and the rest of the page hears of it when it is let go.

mod ghost;
mod grid_data;
mod keys;
mod marks;
mod pointer;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use shared_types::BookingId;
use yew::prelude::*;

use self::keys::Wish;
pub use self::{grid_data::GridData, marks::Marks};
use crate::{
    browser::{
        self,
        pointing::{self, Focus},
    },
    calendar::{
        Span,
        cursor::Cursor,
        drag::{Pull, Spot},
    },
};

/// Said of what was taken up and not moved.
const STAYS: &str = "It stays where it was.";

thread_local! {
    /// Whether a key has turned the page: the grid of the next one takes the focus.
    static TURNED: Cell<bool> = const { Cell::new(false) };
    /// The grid that is on the page.
    static SHOWN: RefCell<Weak<RefCell<State>>> = const { RefCell::new(Weak::new()) };
}

/// Whether something is being carried, drawn or made longer: nothing else may move then.
pub fn is_carrying() -> bool {
    let shown = SHOWN.with_borrow(Weak::upgrade);
    shown.is_some_and(|state| state.borrow().carried.is_some())
}

/// Something was let go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dropped {
    /// A booking, somewhere else or with another length.
    Moved(BookingId, Spot),
    /// A stretch of time was drawn.
    Drawn(Spot),
    /// A time was chosen: how long is open.
    Chosen(Spot),
}

/// What the hook is told.
pub struct CarryProps {
    /// What the grid shows.
    pub data: GridData,
    /// What is open beside it.
    pub open: Option<BookingId>,
    /// Wants to see an entry.
    pub on_open: Callback<BookingId>,
    /// Something was let go.
    pub on_drop: Callback<Dropped>,
    /// Wants another page.
    pub on_turn: Callback<i64>,
    /// Wants to know the keys.
    pub on_help: Callback<()>,
}

/// What the grid hears, and what it shows by itself.
pub struct Carry {
    /// What everything is in.
    pub body: NodeRef,
    /// Where a thing would come to lie.
    pub ghost: NodeRef,
    /// What has the focus, and what is open.
    pub marks: Marks,
    /// What is said about it.
    pub voice: NodeRef,
    /// A pointer is pressed.
    pub on_down: Callback<PointerEvent>,
    /// It is moved.
    pub on_move: Callback<PointerEvent>,
    /// It is let go.
    pub on_up: Callback<PointerEvent>,
    /// It has gone.
    pub on_cancel: Callback<PointerEvent>,
    /// A press that was no pull.
    pub on_click: Callback<MouseEvent>,
    /// Two of them.
    pub on_double: Callback<MouseEvent>,
    /// A key.
    pub on_key: Callback<KeyboardEvent>,
    /// The focus went somewhere inside.
    pub on_focus: Callback<FocusEvent>,
    /// The focus went away.
    pub on_blur: Callback<FocusEvent>,
}

#[derive(Default)]
struct State {
    cursor: Cursor,
    carried: Option<Carried>,
    /// Whether the next click is the end of a pull and means nothing.
    swallow: bool,
    /// Which booking has the focus: wherever it comes to lie, by a move or by news, the focus goes along.
    held: Option<BookingId>,
    /// What Tab leads to.
    way_in: Option<web_sys::HtmlElement>,
    /// What is open beside the grid.
    current: Option<web_sys::HtmlElement>,
}

/// What is being carried.
#[derive(Clone, Copy)]
struct Carried {
    booking_id: Option<BookingId>,
    pull: Pull,
    origin: Spot,
    spot: Spot,
    by: By,
}

#[derive(Clone, Copy)]
enum By {
    /// Pressed at this point; whether it has become a pull.
    Pointer {
        id: i32,
        x: f64,
        y: f64,
        pulling: bool,
    },
    Keys,
}

/// Everything that the handlers share.
#[derive(Clone)]
struct Hands {
    state: Rc<RefCell<State>>,
    data: GridData,
    open: Option<BookingId>,
    body: NodeRef,
    ghost: NodeRef,
    marks: Marks,
    voice: NodeRef,
}

/// Follows pointer and keys in the grid.
#[hook]
pub fn use_carry(props: CarryProps) -> Carry {
    let CarryProps { data, open, on_open, on_drop, on_turn, on_help } = props;
    let hands = Hands {
        state: use_mut_ref(State::default),
        data,
        open,
        body: use_node_ref(),
        ghost: use_node_ref(),
        marks: Marks { frame: use_node_ref(), focus: use_node_ref(), open: use_node_ref() },
        voice: use_node_ref(),
    };
    {
        // Cells and entries come and go; one of them is always the way in.
        let hands = hands.clone();
        use_effect(move || hands.settle());
    }
    let [down, moved, up, cancelled, clicked, doubled, keyed, focused, blurred] =
        std::array::from_fn(|_| hands.clone());
    let (drop_of_pointer, drop_of_double) = (on_drop.clone(), on_drop.clone());
    Carry {
        body: hands.body.clone(),
        ghost: hands.ghost.clone(),
        marks: hands.marks.clone(),
        voice: hands.voice,
        on_down: Callback::from(move |event: PointerEvent| down.press(&event)),
        on_move: Callback::from(move |event: PointerEvent| moved.pull(&event)),
        on_up: Callback::from(move |event: PointerEvent| {
            if let Some(dropped) = up.let_go(&event) {
                drop_of_pointer.emit(dropped);
            }
        }),
        on_cancel: Callback::from(move |_: PointerEvent| cancelled.leave()),
        on_click: Callback::from(move |event: MouseEvent| {
            if let Some(booking_id) = clicked.click(&event) {
                on_open.emit(booking_id);
            }
        }),
        on_double: Callback::from(move |event: MouseEvent| {
            if let Some(dropped) = doubled.choose(&event) {
                drop_of_double.emit(dropped);
            }
        }),
        on_key: Callback::from(move |event: KeyboardEvent| match keyed.key(&event) {
            Some(Wish::Drop(dropped)) => on_drop.emit(dropped),
            Some(Wish::Turn(pages)) => {
                TURNED.set(true);
                on_turn.emit(pages);
            }
            Some(Wish::Help) => on_help.emit(()),
            None => {}
        }),
        on_focus: Callback::from(move |event: FocusEvent| focused.focus(&event)),
        on_blur: Callback::from(move |event: FocusEvent| blurred.blur(&event)),
    }
}

impl Hands {
    /// Makes one element the way in. A booking that had the focus and is drawn anew elsewhere has it there again.
    fn settle(&self) {
        SHOWN.set(Rc::downgrade(&self.state));
        let (held, cursor) = {
            let state = self.state.borrow();
            (state.held, state.cursor)
        };
        let held = held.and_then(|booking_id| self.place_of(booking_id));
        let at = held.unwrap_or_else(|| self.data.cells.kept(cursor));
        self.state.borrow_mut().cursor = at;
        let focus = if TURNED.replace(false) {
            Focus::Scroll
        } else if held.is_some() && pointing::is_nowhere() {
            Focus::Stay
        } else {
            Focus::Leave
        };
        self.lead_to(at, focus);
        self.mark();
    }

    /// Where a booking stands. What lasts past midnight stands in two places: it is where somebody was last.
    fn place_of(&self, booking_id: BookingId) -> Option<Cursor> {
        let cursor = self.state.borrow().cursor;
        let is_here = self.data.booking_at(cursor) == Some(booking_id);
        if is_here { Some(cursor) } else { self.data.place_of(booking_id) }
    }

    /// Makes what is at a place the way in. The one before is known by itself: what its id says may have changed, and to look
    /// for it among thousands of elements takes time at every press of a key.
    fn lead_to(&self, at: Cursor, focus: Focus) {
        let Some(next) = browser::element(&self.data.id_at(at)) else { return };
        let before = self.state.borrow_mut().way_in.replace(next.clone());
        pointing::rove(before.as_ref(), &next);
        // The focus tells of itself, which needs the state.
        pointing::hand_focus(&next, focus);
    }

    fn dropped(&self, state: &mut State, carried: Carried) -> Option<Dropped> {
        let Some(booking_id) = carried.booking_id else { return Some(Dropped::Drawn(carried.spot)) };
        if carried.spot == carried.origin {
            return None;
        }
        state.held = Some(booking_id);
        Some(Dropped::Moved(booking_id, carried.spot))
    }

    /// Lets it be where it was.
    fn leave(&self) {
        self.state.borrow_mut().carried = None;
        self.hide();
    }

    fn chosen(&self, at: Cursor) -> Dropped {
        let from = self.data.row_minute(at.row);
        let span = Span { from, to: from + self.data.zoom.minutes() };
        Dropped::Chosen(Spot { column: at.column, span })
    }

    fn focus(&self, event: &FocusEvent) {
        let Some(at) = cursor_in(event) else { return };
        let mut state = self.state.borrow_mut();
        state.cursor = at;
        state.held = booking_in(event);
        drop(state);
        self.lead_to(at, Focus::Leave);
        self.mark_focus();
    }

    /// What is taken out of the page loses the focus to nothing; somebody who goes on takes it to something.
    fn blur(&self, event: &FocusEvent) {
        let goes_on = event.related_target().is_some();
        if goes_on {
            self.state.borrow_mut().held = None;
        }
        if !pointing::goes_on_inside(event, &self.body) {
            self.unmark_focus();
            if goes_on {
                self.put_down();
            }
        }
    }

    /// What the keys carry is left where it was once they do something else: as long as it is carried, no news is read.
    fn put_down(&self) {
        let by_keys = self.state.borrow().carried.is_some_and(|carried| matches!(carried.by, By::Keys));
        if by_keys {
            self.leave();
            pointing::say(&self.voice, STAYS);
        }
    }
}

fn booking_in(event: &web_sys::Event) -> Option<BookingId> {
    pointing::nearest(event, "data-booking")?.parse().ok()
}

/// The place that an element says of itself: `column-row-nth`.
fn cursor_in(event: &web_sys::Event) -> Option<Cursor> {
    read_cursor(&pointing::nearest(event, "data-at")?)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse().ok());
    Some(Cursor { column: parts.next()??, row: parts.next()??, nth: parts.next()?? })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::NodeRef;

    use super::{Cursor, Hands, Marks, grid_data::tests::night, read_cursor};

    #[test]
    fn what_lasts_past_midnight_is_open_where_it_was_pressed() {
        let (data, booking_id, [began, after]) = night();
        let node = NodeRef::default;
        let hands = Hands {
            state: Rc::default(),
            data,
            open: Some(booking_id),
            body: node(),
            ghost: node(),
            marks: Marks { frame: node(), focus: node(), open: node() },
            voice: node(),
        };
        let elsewhere = Cursor { column: 4, row: 3, nth: 0 };
        for (at, place) in [(began, began), (after, after), (elsewhere, began)] {
            hands.state.borrow_mut().cursor = at;
            assert_eq!(hands.place_of(booking_id), Some(place), "{at:?}");
        }
    }

    #[test]
    fn an_element_says_where_it_is() {
        assert_eq!(read_cursor("2-14-1"), Some(Cursor { column: 2, row: 14, nth: 1 }));
        assert_eq!(read_cursor("2-14"), None);
        assert_eq!(read_cursor("2-x-1"), None);
    }
}
