//! Where a list goes on: after which row, by the order's own key.

use jiff::Timestamp;
use shared_types::PractitionerRoleId;

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cursor {
    /// By distance, in metres as PostGIS gave it.
    Distance(f64, PractitionerRoleId),
    /// By first free time; `None` comes last.
    Soonest(Option<Timestamp>, PractitionerRoleId),
}

impl Cursor {
    /// As text for a URL.
    pub fn encode(self) -> String {
        match self {
            // Debug output of a float reads back to the same bits.
            Self::Distance(metres, id) => format!("d~{metres:?}~{id}"),
            Self::Soonest(Some(start), id) => format!("s~{}~{id}", start.as_microsecond()),
            Self::Soonest(None, id) => format!("s~never~{id}"),
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
            ("s", "never") => Some(Self::Soonest(None, id)),
            ("s", start) => {
                Some(Self::Soonest(Some(Timestamp::from_microsecond(start.parse().ok()?).ok()?), id))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Cursor;

    proptest! {
        #[test]
        fn a_cursor_survives_its_text(metres in 0.0..20_000_000.0_f64, id: u128, micros in 0_i64..4_000_000_000_000_000, never: bool) {
            let id = uuid::Uuid::from_u128(id).into();
            let start = (!never).then(|| jiff::Timestamp::from_microsecond(micros).unwrap());
            for cursor in [Cursor::Distance(metres, id), Cursor::Soonest(start, id)] {
                prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }

        #[test]
        fn no_text_makes_decoding_panic(text in ".{0,80}") {
            let _ = Cursor::decode(&text);
        }
    }
}
