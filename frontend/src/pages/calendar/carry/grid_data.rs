//! What the grid shows, as pointer and keys need it: what starts where, and what it is called.

use std::rc::Rc;

use shared_types::BookingId;
use yew::prelude::*;

use crate::{
    calendar::{
        Span,
        cursor::{Cells, Cursor},
        drag::Spot,
        lanes::Lane,
        sheet::{Block, Column, Row, cells},
        view::{Layout, Zoom},
        words::minute_words,
    },
    components::times_agenda::day_and_month,
    pages::calendar::grid_row::{block_id, cell_id},
};

/// A grid of columns.
#[derive(Clone, PartialEq)]
pub struct GridData {
    /// What each column is called.
    pub names: Rc<[AttrValue]>,
    columns: Rc<Vec<Column>>,
    /// What starts in each row: which bookings in each cell.
    starts: Rc<Vec<Vec<Vec<BookingId>>>>,
    pub(super) cells: Rc<Cells>,
    pub(super) hours: Span,
    pub(super) zoom: Zoom,
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

    pub(super) fn booking_at(&self, at: Cursor) -> Option<BookingId> {
        self.starts.get(at.row)?.get(at.column)?.get(at.nth).copied()
    }

    /// The element at a place: an entry, or the time itself.
    pub(super) fn id_at(&self, at: Cursor) -> String {
        self.block_at(at).map_or_else(|| cell_id(at.column, at.row), block_id)
    }

    fn block_at(&self, at: Cursor) -> Option<&Block> {
        let booking_id = self.booking_at(at)?;
        self.columns.get(at.column)?.blocks.iter().find(|block| block.entry.booking_id() == booking_id)
    }

    /// The block that stands for a booking, and in which column.
    fn block_of(&self, booking_id: BookingId) -> Option<(usize, &Block)> {
        let found = |one: &Column| one.blocks.iter().position(|block| block.has(booking_id));
        self.columns.iter().enumerate().find_map(|(column, one)| Some((column, &one.blocks[found(one)?])))
    }

    /// Where a booking stands; of what lasts past midnight, where it begins.
    pub(super) fn place_of(&self, booking_id: BookingId) -> Option<Cursor> {
        let (column, block) = self.block_of(booking_id)?;
        let booking_id = block.entry.booking_id();
        self.starts.iter().enumerate().find_map(|(row, cells)| {
            let nth = cells.get(column)?.iter().position(|id| *id == booking_id)?;
            Some(Cursor { column, row, nth })
        })
    }

    /// A booking's own place, and whether it may be moved.
    pub(super) fn spot_of(&self, booking_id: BookingId) -> Option<(Spot, bool)> {
        let (column, block) = self.block_of(booking_id)?;
        Some((Spot { column, span: block.span }, block.may_move()))
    }

    /// Whether some of it is on another day.
    pub(super) fn is_part(&self, booking_id: BookingId) -> bool {
        self.block_of(booking_id).is_some_and(|(_, block)| block.is_part())
    }

    /// Whether it stands in the grid as one of a session.
    pub(super) fn is_session(&self, booking_id: BookingId) -> bool {
        self.block_of(booking_id).is_some_and(|(_, block)| block.session.is_some())
    }

    /// Where what is at a place stands in its column; a time has all of the width.
    pub(super) fn stands(&self, at: Cursor) -> (Span, Lane) {
        let from = self.row_minute(at.row);
        let row = (Span { from, to: from + self.zoom.minutes() }, Lane { nth: 0, of: 1 });
        self.block_at(at).map_or(row, |block| (block.span, block.lane))
    }

    pub(super) fn row_minute(&self, row: usize) -> i32 {
        self.hours.from + i32::try_from(row).unwrap_or(0) * self.zoom.minutes()
    }

    /// The ids of the first cell and of the last one.
    pub(super) fn corner_ids(&self) -> Option<(String, String)> {
        let (last_column, last_row) = (self.names.len().checked_sub(1)?, self.starts.len().checked_sub(1)?);
        Some((cell_id(0, 0), cell_id(last_column, last_row)))
    }

    pub(super) fn words(&self, spot: Spot) -> String {
        let name = self.names.get(spot.column).cloned().unwrap_or_default();
        format!("{} to {}, {name}", minute_words(spot.span.from), minute_words(spot.span.to))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::rc::Rc;

    use jiff::civil::date;

    use super::{BookingId, Cursor, GridData, Layout, Zoom};
    use crate::calendar::{
        sample::{appointment, calendar},
        sheet::{columns, hours, rows},
        view::CalendarView,
    };

    /// A week with one appointment from 11:30 pm on: the grid, which booking, and where each part of it is.
    pub fn night() -> (GridData, BookingId, [Cursor; 2]) {
        let night = appointment(1, "2026-11-24T12:30:00Z", 60);
        let booking_id = night.booking_id;
        let view = CalendarView::read("view=week");
        let columns = columns(&calendar(vec![night]), &view, date(2026, 11, 26));
        let hours = hours(&columns);
        let rows = rows(&columns, hours, Zoom::Half.minutes());
        let data = GridData::new(Rc::new(columns), &rows, hours, Zoom::Half, Layout::Week);
        (data, booking_id, [Cursor { column: 1, row: 47, nth: 0 }, Cursor { column: 2, row: 0, nth: 0 }])
    }

    #[test]
    fn keys_lead_to_either_part_of_what_lasts_past_midnight() {
        let (data, booking_id, [began, after]) = night();
        for at in [began, after] {
            assert_eq!(data.booking_at(at), Some(booking_id), "{at:?}");
        }
        assert_ne!(data.id_at(began), data.id_at(after));
        assert_eq!(data.place_of(booking_id), Some(began));
        assert!(data.is_part(booking_id));
    }
}
