//! Where an arrow key leads in the grid: from time to time and from column to column, through every entry on the way.
//! After the grid pattern of the ARIA Authoring Practices Guide, <https://www.w3.org/WAI/ARIA/apg/patterns/grid/>, read
//! 2026-11-26.

/// Where one is: a column, a row, and which of the entries that start there. Where none start, it is the time itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Counted from nought.
    pub column: usize,
    /// Counted from nought.
    pub row: usize,
    /// Counted from nought.
    pub nth: usize,
}

/// Where a key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To what comes before.
    Up,
    /// To what comes after.
    Down,
    /// To the column before.
    Left,
    /// To the column after.
    Right,
    /// To the first column.
    RowStart,
    /// To the last column.
    RowEnd,
    /// To the first time of the first column.
    GridStart,
    /// To the last time of the last column.
    GridEnd,
}

impl Step {
    /// What a key means, as the browser names it.
    pub fn of_key(key: &str, ctrl: bool) -> Option<Self> {
        match (key, ctrl) {
            ("ArrowUp", _) => Some(Self::Up),
            ("ArrowDown", _) => Some(Self::Down),
            ("ArrowLeft", _) => Some(Self::Left),
            ("ArrowRight", _) => Some(Self::Right),
            ("Home", false) => Some(Self::RowStart),
            ("End", false) => Some(Self::RowEnd),
            ("Home", true) => Some(Self::GridStart),
            ("End", true) => Some(Self::GridEnd),
            _ => None,
        }
    }
}

/// How many entries start in each cell: columns of rows, all of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(pub Vec<Vec<usize>>);

impl Cells {
    fn columns(&self) -> usize {
        self.0.len()
    }

    fn rows(&self) -> usize {
        self.0.first().map_or(0, Vec::len)
    }

    fn entries(&self, column: usize, row: usize) -> usize {
        self.0.get(column).and_then(|rows| rows.get(row)).copied().unwrap_or(0)
    }

    /// The nearest place that there is: what was there may have gone.
    pub fn kept(&self, at: Cursor) -> Cursor {
        let column = at.column.min(self.columns().saturating_sub(1));
        let row = at.row.min(self.rows().saturating_sub(1));
        Cursor { column, row, nth: at.nth.min(self.entries(column, row).saturating_sub(1)) }
    }

    /// Where a step leads; it stays where it is at the edge.
    pub fn step(&self, at: Cursor, step: Step) -> Cursor {
        let at = self.kept(at);
        let (last_column, last_row) = (self.columns().saturating_sub(1), self.rows().saturating_sub(1));
        let column = |column: usize| Cursor { column, row: at.row, nth: 0 };
        match step {
            Step::Up if at.nth > 0 => Cursor { nth: at.nth - 1, ..at },
            Step::Up if at.row > 0 => self.kept(Cursor { row: at.row - 1, nth: usize::MAX, ..at }),
            Step::Down if at.nth + 1 < self.entries(at.column, at.row) => Cursor { nth: at.nth + 1, ..at },
            Step::Down if at.row < last_row => Cursor { row: at.row + 1, nth: 0, ..at },
            Step::Up | Step::Down => at,
            Step::Left => column(at.column.saturating_sub(1)),
            Step::Right => column((at.column + 1).min(last_column)),
            Step::RowStart => column(0),
            Step::RowEnd => column(last_column),
            Step::GridStart => Cursor::default(),
            Step::GridEnd => self.kept(Cursor { column: last_column, row: last_row, nth: usize::MAX }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cells, Cursor, Step};

    const fn at(column: usize, row: usize, nth: usize) -> Cursor {
        Cursor { column, row, nth }
    }

    /// Two columns of three times; two entries start at the second time of the first.
    fn cells() -> Cells {
        Cells(vec![vec![0, 2, 0], vec![1, 0, 0]])
    }

    #[test]
    fn arrows_go_through_every_entry_on_their_way() {
        let mut here = Cursor::default();
        let mut way = Vec::new();
        for _ in 0..4 {
            here = cells().step(here, Step::Down);
            way.push(here);
        }
        assert_eq!(way, [at(0, 1, 0), at(0, 1, 1), at(0, 2, 0), at(0, 2, 0)]);
        assert_eq!(cells().step(at(0, 2, 0), Step::Up), at(0, 1, 1));
        assert_eq!(cells().step(at(0, 1, 1), Step::Right), at(1, 1, 0));
    }

    #[test]
    fn home_and_end_go_to_the_edges() {
        for (key, ctrl, there) in [
            ("Home", false, at(0, 1, 0)),
            ("End", false, at(1, 1, 0)),
            ("Home", true, at(0, 0, 0)),
            ("End", true, at(1, 2, 0)),
        ] {
            assert_eq!(cells().step(at(0, 1, 1), Step::of_key(key, ctrl).unwrap()), there, "{key} {ctrl}");
        }
        assert_eq!(Step::of_key("a", false), None);
    }

    #[test]
    fn an_entry_that_has_gone_leaves_one_nearby() {
        assert_eq!(cells().kept(at(9, 9, 9)), at(1, 2, 0));
        assert_eq!(Cells::default().step(at(3, 3, 3), Step::GridEnd), at(0, 0, 0));
    }

    proptest! {
        #[test]
        fn no_way_leads_out_of_the_grid(keys in prop::collection::vec(0_usize..8, 0..60)) {
            let steps = [
                Step::Up, Step::Down, Step::Left, Step::Right, Step::RowStart, Step::RowEnd, Step::GridStart, Step::GridEnd,
            ];
            let cells = cells();
            let mut here = Cursor::default();
            for key in keys {
                here = cells.step(here, steps[key]);
                prop_assert!(here.column < 2 && here.row < 3);
                prop_assert!(here.nth == 0 || here.nth < cells.0[here.column][here.row]);
            }
        }
    }
}
