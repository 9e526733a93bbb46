//! How far an appointment is carried, drawn out or drawn anew: by the pointer, or by keys.

use super::{Span, drawn};

/// A place in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which column, counted from nought.
    pub column: usize,
    /// When, on its wall.
    pub span: Span,
}

/// What a pull does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Carries it, held so many minutes below its start.
    Move {
        /// From its start to where it is held.
        held: i32,
    },
    /// Changes its end.
    Resize,
    /// Draws a new one from this minute on.
    Draw {
        /// Where it began.
        from: i32,
    },
}

/// Where a thing that was at `origin` is now, with the pointer over a minute of a column. Only what is carried changes its
/// column.
pub fn pulled(pull: Pull, origin: Spot, column: usize, minute: i32, grain: i32) -> Spot {
    match pull {
        Pull::Move { held } => Spot { column, span: origin.span.starting_at(minute - held, grain) },
        Pull::Resize => Spot { span: origin.span.ending_at(minute, grain), ..origin },
        Pull::Draw { from } => Spot { span: drawn(from, minute, grain), ..origin },
    }
}

/// Where a key takes what is being moved; `None` for keys that mean nothing here. With shift, up and down change its length.
pub fn nudged(spot: Spot, key: &str, shift: bool, columns: usize, grain: i32) -> Option<Spot> {
    let span = spot.span;
    let at = |span: Span| Some(Spot { span, ..spot });
    match (key, shift) {
        ("ArrowUp", false) => at(span.starting_at(span.from - grain, grain)),
        ("ArrowDown", false) => at(span.starting_at(span.from + grain, grain)),
        ("ArrowUp", true) => at(span.ending_at(span.to - grain, grain)),
        ("ArrowDown", true) => at(span.ending_at(span.to + grain, grain)),
        ("ArrowLeft", _) => Some(Spot { column: spot.column.saturating_sub(1), ..spot }),
        ("ArrowRight", _) => Some(Spot { column: (spot.column + 1).min(columns.saturating_sub(1)), ..spot }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pull, Span, Spot, nudged, pulled};

    const fn spot(column: usize, from: i32, to: i32) -> Spot {
        Spot { column, span: Span { from, to } }
    }

    const VISIT: Spot = spot(1, 540, 585);

    #[test]
    fn the_pointer_carries_by_where_it_took_hold() {
        let carried = pulled(Pull::Move { held: 20 }, VISIT, 2, 622, 15);
        assert_eq!(carried, spot(2, 600, 645));
        assert_eq!(pulled(Pull::Resize, VISIT, 0, 614, 15), spot(1, 540, 615));
        assert_eq!(pulled(Pull::Draw { from: 700 }, spot(0, 700, 700), 1, 727, 15), spot(0, 690, 735));
    }

    #[test]
    fn keys_do_what_the_pointer_does() {
        for (key, shift, there) in [
            ("ArrowUp", false, spot(1, 525, 570)),
            ("ArrowDown", false, spot(1, 555, 600)),
            ("ArrowUp", true, spot(1, 540, 570)),
            ("ArrowDown", true, spot(1, 540, 600)),
            ("ArrowLeft", false, spot(0, 540, 585)),
            ("ArrowRight", false, spot(2, 540, 585)),
        ] {
            assert_eq!(nudged(VISIT, key, shift, 3, 15), Some(there), "{key}");
        }
        assert_eq!(nudged(VISIT, "x", false, 3, 15), None);
        assert_eq!(nudged(spot(2, 540, 585), "ArrowRight", false, 3, 15), Some(spot(2, 540, 585)));
    }

    #[test]
    fn what_stands_off_the_grain_goes_to_it() {
        assert_eq!(nudged(spot(0, 543, 563), "ArrowDown", false, 1, 15), Some(spot(0, 555, 575)));
    }
}
