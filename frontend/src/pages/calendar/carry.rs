//! Moving about in the grid and carrying things in it. Nothing is rendered while that goes on: a ghost shows where a thing
//! would come to lie, and the rest of the page hears of it when it is let go.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use shared_types::BookingId;
use yew::prelude::*;

use super::grid_row::{cell_id, entry_id};
use crate::{
    browser::pointing::{self, Focus},
    calendar::{
        Span,
        cursor::{Cells, Cursor, Step},
        drag::{Pull, Spot, nudged, pulled},
        sheet::{Block, Column, Row, cells},
        view::{Layout, Zoom},
        words::minute_words,
    },
    components::times_agenda::day_and_month,
};

thread_local! {
    /// Whether a key has turned the page: the grid of the next one takes the focus.
    static TURNED: Cell<bool> = const { Cell::new(false) };
}

/// From how far on a press is a pull, in CSS pixels.
const PULL_FROM: f64 = 5.0;

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

/// What the grid shows, as pointer and keys need it.
#[derive(Clone, PartialEq)]
pub struct GridData {
    /// What each column is called.
    pub names: Rc<[AttrValue]>,
    columns: Rc<Vec<Column>>,
    /// What starts in each row: which bookings in each cell.
    starts: Rc<Vec<Vec<Vec<BookingId>>>>,
    cells: Rc<Cells>,
    hours: Span,
    zoom: Zoom,
}

impl GridData {
    /// The grid of these columns.
    pub fn new(columns: Rc<Vec<Column>>, rows: &[Rc<Row>], hours: Span, zoom: Zoom, layout: Layout) -> Self {
        let name = |column: &Column| match layout {
            Layout::Week => day_and_month(column.date),
            Layout::Day | Layout::Agenda | Layout::Month => column.name.to_string(),
        };
        let ids = |blocks: &[Block]| -> Vec<BookingId> {
            blocks.iter().map(|block| block.entry.booking_id()).collect()
        };
        let starts = rows.iter().map(|row| row.cells.iter().map(|cell| ids(&cell.blocks)).collect());
        Self {
            names: columns.iter().map(|column| AttrValue::from(name(column))).collect(),
            starts: Rc::new(starts.collect()),
            cells: Rc::new(cells(rows)),
            columns,
            hours,
            zoom,
        }
    }

    fn booking_at(&self, at: Cursor) -> Option<BookingId> {
        self.starts.get(at.row)?.get(at.column)?.get(at.nth).copied()
    }

    /// The element at a place: an entry, or the time itself.
    fn id_at(&self, at: Cursor) -> String {
        self.booking_at(at).map_or_else(|| cell_id(at.column, at.row), entry_id)
    }

    fn place_of(&self, booking_id: BookingId) -> Option<Cursor> {
        self.starts.iter().enumerate().find_map(|(row, cells)| {
            cells.iter().enumerate().find_map(|(column, ids)| {
                let nth = ids.iter().position(|id| *id == booking_id)?;
                Some(Cursor { column, row, nth })
            })
        })
    }

    /// A booking's own place, and whether it may be moved.
    fn spot_of(&self, booking_id: BookingId) -> Option<(Spot, bool)> {
        self.columns.iter().enumerate().find_map(|(column, one)| {
            let block = one.blocks.iter().find(|block| block.entry.booking_id() == booking_id)?;
            Some((Spot { column, span: block.span }, block.entry.appointment.may_reschedule))
        })
    }

    fn row_minute(&self, row: usize) -> i32 {
        self.hours.from + i32::try_from(row).unwrap_or(0) * self.zoom.minutes()
    }

    fn words(&self, spot: Spot) -> String {
        let name = self.names.get(spot.column).cloned().unwrap_or_default();
        format!("{} to {}, {name}", minute_words(spot.span.from), minute_words(spot.span.to))
    }
}

/// What the hook is told.
pub struct CarryProps {
    /// What the grid shows.
    pub data: GridData,
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
    body: NodeRef,
    ghost: NodeRef,
    voice: NodeRef,
}

/// Follows pointer and keys in the grid.
#[hook]
pub fn use_carry(props: CarryProps) -> Carry {
    let CarryProps { data, on_open, on_drop, on_turn, on_help } = props;
    let hands = Hands {
        state: use_mut_ref(State::default),
        data,
        body: use_node_ref(),
        ghost: use_node_ref(),
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

/// What a key asks of the page.
enum Wish {
    Drop(Dropped),
    Turn(i64),
    Help,
}

impl Hands {
    /// Makes one element the way in. A booking that had the focus and is drawn anew elsewhere has it there again.
    fn settle(&self) {
        let mut state = self.state.borrow_mut();
        let held = state.held.and_then(|booking_id| self.data.place_of(booking_id));
        state.cursor = held.unwrap_or_else(|| self.data.cells.kept(state.cursor));
        let id = self.data.id_at(state.cursor);
        drop(state);
        // The focus tells of itself, which needs the state.
        if TURNED.replace(false) {
            pointing::rove(&self.body, &id, Focus::Scroll);
        } else if held.is_some() && pointing::is_nowhere() {
            pointing::rove(&self.body, &id, Focus::Stay);
        } else {
            pointing::rove(&self.body, &id, Focus::Leave);
        }
    }

    fn press(&self, event: &PointerEvent) {
        let mut state = self.state.borrow_mut();
        state.swallow = false;
        // Fingers scroll; what they press is opened, and can be moved there.
        if event.button() != 0 || event.pointer_type() == "touch" || state.carried.is_some() {
            return;
        }
        let by = By::Pointer {
            id: event.pointer_id(),
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
            pulling: false,
        };
        let Some((column, minute)) = self.under(event) else { return };
        let booking_id = booking_in(event);
        state.carried = match booking_id.map(|booking_id| self.data.spot_of(booking_id)) {
            Some(Some((origin, true))) => {
                let grip = pointing::nearest(event, "data-grip").is_some();
                let pull = if grip { Pull::Resize } else { Pull::Move { held: minute - origin.span.from } };
                Some(Carried { booking_id, pull, origin, spot: origin, by })
            }
            Some(Some((_, false)) | None) => None,
            None if pointing::nearest(event, "data-at").is_some() => {
                let origin = Spot { column, span: Span { from: minute, to: minute } };
                Some(Carried { booking_id, pull: Pull::Draw { from: minute }, origin, spot: origin, by })
            }
            None => None,
        };
    }

    fn pull(&self, event: &PointerEvent) {
        let mut state = self.state.borrow_mut();
        let Some(carried) = &mut state.carried else { return };
        let By::Pointer { id, x, y, pulling } = carried.by else { return };
        if event.buttons() & 1 == 0 {
            // It was let go where nobody saw it.
            drop(state);
            return self.leave();
        }
        let (dx, dy) = (f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
        if id != event.pointer_id() || (!pulling && dx.hypot(dy) < PULL_FROM) {
            return;
        }
        let Some((column, minute)) = self.under(event) else { return };
        carried.by = By::Pointer { id, x, y, pulling: true };
        let spot = pulled(carried.pull, carried.origin, column, minute, self.data.zoom.grain());
        if !pulling {
            pointing::capture(&self.body, id);
        }
        if !pulling || spot != carried.spot {
            carried.spot = spot;
            self.show(spot);
        }
    }

    fn let_go(&self, event: &PointerEvent) -> Option<Dropped> {
        let mut state = self.state.borrow_mut();
        let carried = state.carried?;
        let By::Pointer { id, pulling, .. } = carried.by else { return None };
        if id != event.pointer_id() {
            return None;
        }
        state.carried = None;
        if !pulling {
            return None;
        }
        state.swallow = true;
        self.hide();
        self.dropped(&mut state, carried)
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

    fn click(&self, event: &MouseEvent) -> Option<BookingId> {
        if std::mem::take(&mut self.state.borrow_mut().swallow) {
            return None;
        }
        booking_in(event)
    }

    /// Two presses on a time choose it.
    fn choose(&self, event: &MouseEvent) -> Option<Dropped> {
        if booking_in(event).is_some() {
            return None;
        }
        let at = cursor_in(event)?;
        Some(self.chosen(at))
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
        pointing::rove(&self.body, &self.data.id_at(at), Focus::Leave);
    }

    /// What is taken out of the page loses the focus to nothing; somebody who goes on takes it to something.
    fn blur(&self, event: &FocusEvent) {
        if event.related_target().is_some() {
            self.state.borrow_mut().held = None;
        }
    }

    fn key(&self, event: &KeyboardEvent) -> Option<Wish> {
        if event.alt_key() || event.meta_key() {
            return None;
        }
        let carried = self.state.borrow().carried;
        match carried {
            Some(carried) => self.key_carrying(event, carried),
            None => self.key_walking(event),
        }
    }

    fn key_carrying(&self, event: &KeyboardEvent, carried: Carried) -> Option<Wish> {
        let key = event.key();
        let by_keys = matches!(carried.by, By::Keys);
        if key == "Escape" {
            event.prevent_default();
            self.leave();
            pointing::say(&self.voice, "It stays where it was.");
        } else if key == "Enter" && by_keys {
            event.prevent_default();
            let mut state = self.state.borrow_mut();
            state.carried = None;
            self.hide();
            return self.dropped(&mut state, carried).map(Wish::Drop);
        } else if by_keys {
            let (columns, grain) = (self.data.names.len(), self.data.zoom.grain());
            if let Some(spot) = nudged(carried.spot, &key, event.shift_key(), columns, grain) {
                event.prevent_default();
                self.state.borrow_mut().carried = Some(Carried { spot, ..carried });
                self.show(spot);
                pointing::say(&self.voice, &self.data.words(spot));
            }
        }
        None
    }

    fn key_walking(&self, event: &KeyboardEvent) -> Option<Wish> {
        let at = self.state.borrow().cursor;
        let key = event.key();
        if let Some(step) = Step::of_key(&key, event.ctrl_key()) {
            event.prevent_default();
            let to = self.data.cells.step(at, step);
            self.state.borrow_mut().cursor = to;
            pointing::rove(&self.body, &self.data.id_at(to), Focus::Scroll);
            return None;
        }
        let wish = match (key.as_str(), self.data.booking_at(at)) {
            ("PageUp", _) => Some(Wish::Turn(-1)),
            ("PageDown", _) => Some(Wish::Turn(1)),
            ("?", _) => Some(Wish::Help),
            ("m" | "M", Some(booking_id)) => {
                self.take_up(booking_id);
                None
            }
            ("Enter" | "n" | "N", None) | ("n" | "N", Some(_)) => Some(Wish::Drop(self.chosen(at))),
            _ => None,
        };
        if wish.is_some() {
            event.prevent_default();
        }
        wish
    }

    /// Takes a booking up by the keys.
    fn take_up(&self, booking_id: BookingId) {
        let Some((origin, may_move)) = self.data.spot_of(booking_id) else { return };
        if !may_move {
            return pointing::say(&self.voice, "This one cannot be moved any more.");
        }
        let carried = Carried {
            booking_id: Some(booking_id),
            pull: Pull::Move { held: 0 },
            origin,
            spot: origin,
            by: By::Keys,
        };
        self.state.borrow_mut().carried = Some(carried);
        self.show(origin);
        let words = self.data.words(origin);
        pointing::say(
            &self.voice,
            &format!(
                "Moving: {words}. Arrows move it, with shift up and down change its end, Enter drops it, Escape \
                 leaves it."
            ),
        );
    }

    /// Which column and which minute the pointer is over.
    fn under(&self, event: &PointerEvent) -> Option<(usize, i32)> {
        let (first, last) = self.corners()?;
        let columns = self.data.names.len();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let across = (x - first.left) / (last.right - first.left);
        let down = (y - first.top) / (last.bottom - first.top);
        let column = (across * columns as f64).floor().clamp(0.0, columns.saturating_sub(1) as f64) as usize;
        let minute = f64::from(self.data.hours.from) + down * f64::from(self.data.hours.minutes());
        Some((column, minute.round() as i32))
    }

    /// Where the first cell and the last one are.
    fn corners(&self) -> Option<(pointing::Rect, pointing::Rect)> {
        let (columns, rows) = (self.data.names.len(), self.data.starts.len());
        let first = pointing::rect(&cell_id(0, 0))?;
        let last = pointing::rect(&cell_id(columns.checked_sub(1)?, rows.checked_sub(1)?))?;
        Some((first, last))
    }

    /// Puts the ghost at a place.
    fn show(&self, spot: Spot) {
        let (Some((first, last)), Some(body)) = (self.corners(), pointing::rect_of(&self.body)) else {
            return;
        };
        let width = (last.right - first.left) / self.data.names.len().max(1) as f64;
        let minute = (last.bottom - first.top) / f64::from(self.data.hours.minutes().max(1));
        let left = first.left - body.left + width * spot.column as f64;
        let top = first.top - body.top + minute * f64::from(spot.span.from - self.data.hours.from);
        let pixels = |length: f64| format!("{}px", length.round());
        let properties = [
            ("left", pixels(left)),
            ("top", pixels(top)),
            ("width", pixels(width)),
            ("height", pixels(minute * f64::from(spot.span.minutes()))),
        ];
        pointing::place(&self.ghost, &properties);
        pointing::show(&self.ghost, true);
        pointing::say(&self.ghost, &self.data.words(spot));
    }

    fn hide(&self) {
        pointing::show(&self.ghost, false);
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
    use super::{Cursor, read_cursor};

    #[test]
    fn an_element_says_where_it_is() {
        assert_eq!(read_cursor("2-14-1"), Some(Cursor { column: 2, row: 14, nth: 1 }));
        assert_eq!(read_cursor("2-14"), None);
        assert_eq!(read_cursor("2-x-1"), None);
    }
}
