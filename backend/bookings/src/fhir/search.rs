//! The terms of a search, and the span of time that they ask about.

use std::ops::Range;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{Reject, openapi::Argument};
use shared_types::{Problem, Zone, problem::FieldError};

use super::Parameters;

/// How many days a search looks at unless told.
const DAYS: i64 = 14;
/// How many days a search looks at, at most.
const MOST_DAYS: i64 = 28;
/// How many entries a page has unless told.
pub const COUNT: usize = 100;
/// How many entries a page has, at most.
const MOST: usize = 500;
/// Furthest ahead that any calendar reaches.
const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 366);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What a search asks, in the order in which it does: `schedule`, `Schedule/…`.
pub struct Terms(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Terms {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        match Query::<Vec<(String, String)>>::from_request_parts(parts, state).await {
            Ok(Query(terms)) => Ok(Self::plain(terms)?),
            Err(_) => Err(Problem::new("unreadable", 400, "This search cannot be read").into()),
        }
    }
}

/// Which terms a search takes is in the capability statement.
impl Argument for Terms {}

/// An operation's parameters mean what the same terms of its GET do.
impl TryFrom<Parameters> for Terms {
    type Error = Problem;

    fn try_from(parameters: Parameters) -> Result<Self, Problem> {
        Self::plain(parameters.texts().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
    }
}

impl Terms {
    /// Terms without modifiers. Whoever asks for `start:missing` means another search than for `start`, so what is not understood is
    /// refused: FHIR R4, "Modifiers" (<https://hl7.org/fhir/R4/search.html#modifiers>, read 2026-11-27).
    fn plain(terms: Vec<(String, String)>) -> Result<Self, Problem> {
        match terms.iter().find(|(name, _)| name.contains(':')) {
            Some((name, _)) => {
                Err(wrong(name, "modifiers are not supported here: leave out the colon and what follows it"))
            }
            None => Ok(Self(terms)),
        }
    }

    /// Every value of a term that has no alternatives: repeating it narrows the search, and `a,b` is refused.
    ///
    /// # Errors
    /// 422 for values with a comma.
    pub fn narrowing(&self, name: &str) -> Result<Vec<&str>, Problem> {
        let named = self.0.iter().filter(|(term, value)| term == name && !value.is_empty());
        let values: Vec<_> = named.map(|(_, value)| value.as_str()).collect();
        if values.iter().any(|value| value.contains(',')) {
            return Err(wrong(name, "give one value: alternatives by comma are not supported here"));
        }
        Ok(values)
    }

    /// The only value of a term.
    ///
    /// # Errors
    /// 422 for more than one.
    pub fn only(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.narrowing(name)?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            [_, ..] => Err(wrong(name, "give it once")),
        }
    }

    /// Every value of a term; `a,b` is one or the other, as repeating it is.
    pub fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let named = self.0.iter().filter(move |(term, _)| term == name);
        named.flat_map(|(_, value)| value.split(',')).filter(|value| !value.is_empty())
    }

    /// The first value of a term.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(term, _)| term == name).map(|(_, value)| value.as_str())
    }

    /// How many entries are wanted.
    ///
    /// # Errors
    /// 422 for what is no number.
    pub fn count(&self) -> Result<usize, Problem> {
        match self.one("_count").map(str::parse::<usize>) {
            None => Ok(COUNT),
            Some(Ok(count)) => Ok(count.clamp(1, MOST)),
            Some(Err(_)) => Err(wrong("_count", "give a number")),
        }
    }

    /// The same search with another cursor, as a path.
    pub fn going_on(&self, path: &str, cursor: &str) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "cursor");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        written(path, kept.chain([("cursor", cursor)]))
    }

    /// The search itself, as a path.
    pub fn again(&self, path: &str) -> String {
        written(path, self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

fn written<'t>(path: &str, terms: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(terms).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// 422: a term that makes no sense, and what would.
pub fn wrong(name: &str, detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(name, detail)])
}

/// The span that some terms `start` ask about (`ge2026-11-23T09:00:00+11:00`, `lt2026-12-01`, `2026-11-23`), within what can be
/// booked at all: from now unless told, a fortnight unless told, four weeks at most. Days are those of the place.
///
/// # Errors
/// 422 for what is no time.
pub fn window<'t>(
    terms: impl Iterator<Item = &'t str>,
    zone: Zone,
    now: Timestamp,
) -> Result<Range<Timestamp>, Problem> {
    let (mut from, mut until) = (now, None::<Timestamp>);
    for term in terms {
        let (prefix, value) = match term.split_at_checked(2) {
            Some((prefix, value)) if prefix.bytes().all(|letter| letter.is_ascii_lowercase()) => {
                (prefix, value)
            }
            Some(_) | None => ("eq", term),
        };
        let meant = span(value, zone).ok_or_else(|| {
            wrong("start", "give a date, or a time with its offset, such as ge2026-11-23T09:00:00+11:00")
        })?;
        let (at_least, before) = match prefix {
            "ge" => (Some(meant.start), None),
            "gt" | "sa" => (Some(meant.end), None),
            "lt" | "eb" => (None, Some(meant.start)),
            "le" => (None, Some(meant.end)),
            "eq" => (Some(meant.start), Some(meant.end)),
            _ => return Err(wrong("start", "use the prefixes eq, ge, gt, le or lt")),
        };
        from = from.max(at_least.unwrap_or(from));
        until = match (until, before) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    let furthest = now.saturating_add(FURTHEST).unwrap_or(now);
    let from = from.min(furthest);
    let days = |count| from.saturating_add(SignedDuration::from_hours(24 * count)).unwrap_or(from);
    let until = until.unwrap_or_else(|| days(DAYS)).min(days(MOST_DAYS)).max(from);
    Ok(from..until)
}

/// What a date or a time covers: its day, or its second.
fn span(text: &str, zone: Zone) -> Option<Range<Timestamp>> {
    // A plus sign that was not written as %2B has become a space.
    let text = text.replace(' ', "+");
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant..instant.saturating_add(SECOND).unwrap_or(instant));
    }
    if text.contains('T') {
        return None;
    }
    let day = text.parse::<Date>().ok()?;
    Some(zone.days(day, day))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::Zone;

    use super::{Terms, window};

    const NOW: &str = "2026-11-22T00:00:00Z";

    fn check(terms: &[&str], from: &str, until: &str) {
        let now = NOW.parse().unwrap();
        let window = window(terms.iter().copied(), Zone::SYDNEY, now).unwrap();
        let expected = from.parse::<Timestamp>().unwrap()..until.parse().unwrap();
        assert_eq!(window, expected, "{terms:?}");
    }

    #[test]
    fn a_span_is_what_its_terms_have_in_common() {
        check(&[], NOW, "2026-12-06T00:00:00Z");
        check(&["ge2026-11-23"], "2026-11-22T13:00:00Z", "2026-12-06T13:00:00Z");
        check(&["ge2026-11-23", "lt2026-11-25"], "2026-11-22T13:00:00Z", "2026-11-24T13:00:00Z");
        check(&["2026-11-23"], "2026-11-22T13:00:00Z", "2026-11-23T13:00:00Z");
        check(&["gt2026-11-23", "le2026-11-24"], "2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z");
        check(&["sa2026-11-23", "eb2026-11-25"], "2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z");
        check(
            &["ge2026-11-23T09:00:00 11:00", "lt2026-11-23T12:00:00+11:00"],
            "2026-11-22T22:00:00Z",
            "2026-11-23T01:00:00Z",
        );
    }

    #[test]
    fn a_span_is_never_past_wide_or_backwards() {
        check(&["ge2020-01-01", "lt2026-11-24"], NOW, "2026-11-23T13:00:00Z");
        check(&["lt2020-01-01"], NOW, NOW);
        check(&["ge2026-11-23", "lt2030-01-01"], "2026-11-22T13:00:00Z", "2026-12-20T13:00:00Z");
        check(&["ge9999-12-31"], "2027-11-23T00:00:00Z", "2027-12-07T00:00:00Z");
        check(&["ge2026-11-25", "lt2026-11-24"], "2026-11-24T13:00:00Z", "2026-11-24T13:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let now = NOW.parse().unwrap();
        for term in ["soon", "ge", "ne2026-11-23", "ge2026-11", "ge2026-11-23T09:00:00", "ap2026-11-23"] {
            assert!(window([term].into_iter(), Zone::SYDNEY, now).is_err(), "{term}");
        }
    }

    #[test]
    fn what_would_be_another_search_is_refused() {
        let terms = |pairs: &[(&str, &str)]| {
            Terms::plain(
                pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            )
        };
        assert!(terms(&[("start:missing", "true")]).is_err());
        let span = terms(&[("start", "ge2026-11-23"), ("start", ""), ("start", "lt2026-11-25")]).unwrap();
        assert_eq!(span.narrowing("start"), Ok(vec!["ge2026-11-23", "lt2026-11-25"]));
        assert!(span.only("start").is_err());
        assert_eq!(span.only("end"), Ok(None));
        let either = terms(&[("start", "2026-11-23,2026-11-25")]).unwrap();
        assert_eq!(either.narrowing("start").unwrap_err().errors[0].pointer, "start");
        assert!(either.only("start").is_err());
    }

    #[test]
    fn a_search_goes_on_where_it_ended() {
        let pairs = [("schedule", "Schedule/1"), ("start", "ge2026-11-23T09:00:00+11:00"), ("cursor", "a")];
        let terms = Terms(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(
            terms.going_on("Slot", "b"),
            "Slot?schedule=Schedule%2F1&start=ge2026-11-23T09%3A00%3A00%2B11%3A00&cursor=b"
        );
        assert_eq!(terms.all("schedule").collect::<Vec<_>>(), ["Schedule/1"]);
        assert_eq!(Terms(Vec::new()).again("Slot"), "Slot");
    }
}
