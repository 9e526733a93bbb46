//! Where a list goes on: after which row, by the order's own key.

use jiff::Timestamp;
use shared_types::PractitionerRoleId;

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cursor {
    /// By distance, in metres as PostGIS gave it.
    Distance(f64, PractitionerRoleId),
    /// By first free time.
    Soonest(FirstFree, PractitionerRoleId),
}

/// When somebody is free first, the soonest before those who are never and those who cannot be booked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FirstFree {
    /// Then.
    At(Timestamp),
    /// Not in the weeks that bookings looked at.
    Never,
    /// Times are not kept here; one calls.
    NotBookable,
}

impl Cursor {
    /// As text for a URL.
    pub fn encode(self) -> String {
        match self {
            // Debug output of a float reads back to the same bits.
            Self::Distance(metres, id) => format!("d~{metres:?}~{id}"),
            Self::Soonest(FirstFree::At(start), id) => format!("s~{}~{id}", start.as_microsecond()),
            Self::Soonest(FirstFree::Never, id) => format!("s~never~{id}"),
            Self::Soonest(FirstFree::NotBookable, id) => format!("s~call~{id}"),
        }
    }

    /// Reads [`Cursor::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = text.split('~');
        let (kind, key, id) = (parts.next()?, parts.next()?, parts.next()?);
        let id = id.parse().ok()?;
        match (kind, key) {
            ("d", metres) => metres
                .parse()
                .ok()
                .filter(|metres: &f64| metres.is_finite())
                .map(|metres| Self::Distance(metres, id)),
            ("s", "never") => Some(Self::Soonest(FirstFree::Never, id)),
            ("s", "call") => Some(Self::Soonest(FirstFree::NotBookable, id)),
            // Nobody was free before 1970, and the database does not know all of our years.
            ("s", start) => {
                let start = start.parse().ok().filter(|start: &i64| *start >= 0)?;
                Some(Self::Soonest(FirstFree::At(Timestamp::from_microsecond(start).ok()?), id))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cursor, FirstFree};

    proptest! {
        #[test]
        fn a_cursor_survives_its_text(metres in 0.0..20_000_000.0_f64, id: u128, micros in 0_i64..4_000_000_000_000_000) {
            let id = uuid::Uuid::from_u128(id).into();
            let start = FirstFree::At(jiff::Timestamp::from_microsecond(micros).unwrap());
            let soonest = [start, FirstFree::Never, FirstFree::NotBookable].map(|first| Cursor::Soonest(first, id));
            for cursor in soonest.into_iter().chain([Cursor::Distance(metres, id)]) {
                prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }

        #[test]
        fn no_text_makes_decoding_panic(text in ".{0,80}") {
            let _ = Cursor::decode(&text);
        }
    }
}
