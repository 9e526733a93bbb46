//! What a search means: professions found in words, the place taken out of a sentence, a radius that fits.

use jiff::{Timestamp, civil::Date};
use shared_types::{
    Bbox, GeoPoint, Zone,
    problem::FieldError,
    providers::{Order, Place, ProfessionRef, SearchProviders},
};

use super::{Cursor, Profession};

/// The radius when none was asked for, in metres.
pub const DEFAULT_RADIUS_M: u32 = 10_000;
/// How many results a page has when not told.
const DEFAULT_LIMIT: u8 = 20;

/// A query whose words have been understood: "physio near Parramatta" is a profession and a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// The query, with `near`, `profession` and `q` filled in and emptied accordingly.
    pub query: SearchProviders,
    /// The profession, when there is one.
    pub profession: Option<ProfessionRef>,
}

/// Reads the words of a query.
///
/// # Errors
/// When the profession asked for by slug does not exist.
pub fn understand(mut query: SearchProviders, professions: &[Profession]) -> Result<Understood, FieldError> {
    if let Some(words) = query.q.take() {
        let (what, place) = if query.has_place() { (words, None) } else { split_place(&words) };
        query.near = query.near.or(place);
        let named = professions.iter().find(|profession| profession.is_called(what.trim()));
        match named {
            Some(profession) if query.profession.is_none() => {
                query.profession = Some(profession.slug.clone())
            }
            _ => query.q = Some(what).filter(|what| !what.trim().is_empty()),
        }
    }
    let Some(slug) = query.profession.clone() else {
        return Ok(Understood { query, profession: None });
    };
    let found = professions.iter().find(|profession| profession.slug == slug || profession.is_called(&slug));
    let Some(found) = found else {
        return Err(FieldError::new(
            "profession",
            format!("there is no profession {slug:?}; see /api/v1/providers/professions"),
        ));
    };
    query.profession = Some(found.slug.clone());
    Ok(Understood { query, profession: Some(found.to_ref()) })
}

/// "physio near Parramatta", "dentist in 2150": what and where.
fn split_place(words: &str) -> (String, Option<String>) {
    for joint in [" near ", " in ", " around "] {
        if let Some(at) = words.to_lowercase().find(joint)
            // Lower case may change lengths outside ASCII; then the words are left as they are.
            && let (Some(what), Some(place)) = (words.get(..at), words.get(at + joint.len()..))
        {
            return (what.trim().to_owned(), Some(place.trim().to_owned()).filter(|place| !place.is_empty()));
        }
    }
    (words.to_owned(), None)
}

/// Which part of the country.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Region<'a> {
    /// Within so many metres of a point.
    Around(GeoPoint, u32),
    /// Where coverage areas contain the point or name the postcode, which is empty where there is none: wherever the practice
    /// is, or within so many metres of the point where that was asked for.
    Covering(GeoPoint, Option<u32>, &'a str),
    /// A whole state, ordered from a point: telehealth knows no distance.
    State(GeoPoint, &'a str),
    /// A map window.
    Window(Bbox),
    /// Everywhere.
    Anywhere,
}

/// A search, ready for the database.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchPlan<'a> {
    pub region: Region<'a>,
    pub profession: Option<&'a str>,
    pub facets: Vec<String>,
    /// Lower-case words, longest first; all must be found.
    pub words: Vec<String>,
    /// The first free time must come before this.
    pub before: Option<Timestamp>,
    pub order: Order,
    pub cursor: Option<Cursor>,
    pub limit: i64,
}

impl<'a> SearchPlan<'a> {
    /// Plans a query around the place it means.
    ///
    /// # Errors
    /// When the cursor is not one of ours for this order.
    pub fn new(query: &'a SearchProviders, place: Option<&'a Place>, zone: Zone) -> Result<Self, FieldError> {
        let center = place.and_then(|place| GeoPoint::new(place.lat, place.lon).ok());
        let region = match (query.bbox, center) {
            (Some(window), _) => Region::Window(window),
            (None, None) => Region::Anywhere,
            (None, Some(center)) if query.home_visit => {
                let postcode = place.map_or("", |place| place.postcode.as_str());
                Region::Covering(center, query.radius_m, postcode)
            }
            (None, Some(center)) => match place.map(|place| place.state.as_str()) {
                Some(state) if query.telehealth && !state.is_empty() => Region::State(center, state),
                _ => Region::Around(center, query.radius_m.unwrap_or(DEFAULT_RADIUS_M)),
            },
        };
        // Without a point there is nothing to be near to.
        let order = if region == Region::Anywhere { Order::Soonest } else { query.order };
        let cursor = query.cursor.as_deref().map(|text| {
            let cursor = Cursor::decode(text);
            cursor.filter(|cursor| matches!(cursor, Cursor::Distance(..)) == (order == Order::Distance))
        });
        if cursor == Some(None) {
            return Err(FieldError::new("cursor", "this is not the `next` of a reply to the same search"));
        }
        Ok(Self {
            region,
            profession: query.profession.as_deref(),
            facets: query.facets(),
            words: words(query.q.as_deref().unwrap_or_default()),
            before: query.before.map(|date| end_of_day(date, zone)),
            order,
            cursor: cursor.flatten(),
            limit: i64::from(query.limit.unwrap_or(DEFAULT_LIMIT)),
        })
    }

    /// The radius to tell the reader about, when a radius decided.
    pub fn radius_m(&self) -> Option<u32> {
        match self.region {
            Region::Around(_, metres) => Some(metres),
            Region::Covering(..) | Region::State(..) | Region::Window(_) | Region::Anywhere => None,
        }
    }
}

fn end_of_day(date: Date, zone: Zone) -> Timestamp {
    // The database does not know years as early as ours go; nobody is free before 1970 anyway.
    date.tomorrow().map_or(Timestamp::MAX, |next| zone.start_of_day(next)).max(Timestamp::UNIX_EPOCH)
}

/// At most four words, lower case, the longest first: the database looks up the first by index.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(4);
    words
}

#[cfg(test)]
mod tests {
    use shared_types::providers::SearchProviders;

    use super::{Region, SearchPlan, split_place, understand, words};
    use crate::catalogue;

    fn understood(query: &str) -> SearchProviders {
        let professions = catalogue::packs().unwrap();
        understand(SearchProviders::from_query(query).unwrap(), &professions).unwrap().query
    }

    #[test]
    fn a_sentence_is_a_profession_and_a_place() {
        let query = understood("q=physio+near+Parramatta");
        assert_eq!(query.profession.as_deref(), Some("physiotherapist"));
        assert_eq!(query.near.as_deref(), Some("Parramatta"));
        assert_eq!(query.q, None);
    }

    #[test]
    fn words_that_are_no_profession_stay_words() {
        let query = understood("q=Banksia+clinic&near=2150");
        assert_eq!(query.q.as_deref(), Some("Banksia clinic"));
        assert_eq!(query.profession, None);
    }

    #[test]
    fn a_given_place_is_not_looked_for_in_the_words() {
        assert_eq!(understood("q=care+in+motion&near=2150").q.as_deref(), Some("care in motion"));
        assert_eq!(split_place("dentist in ").1, None);
    }

    #[test]
    fn a_profession_that_does_not_exist_is_named() {
        let professions = catalogue::packs().unwrap();
        let query = SearchProviders::from_query("profession=wizard").unwrap();
        assert_eq!(understand(query, &professions).unwrap_err().pointer, "profession");
    }

    #[test]
    fn telehealth_looks_through_the_whole_state() {
        let query = SearchProviders::from_query("telehealth=true").unwrap();
        let place = shared_types::providers::Place {
            kind: shared_types::providers::PlaceKind::Locality,
            label: String::new(),
            name: String::new(),
            state: "NSW".to_owned(),
            postcode: String::new(),
            lat: -33.8,
            lon: 151.0,
            slug: None,
            corrected_from: None,
        };
        let plan = SearchPlan::new(&query, Some(&place), shared_types::Zone::SYDNEY).unwrap();
        assert!(matches!(plan.region, Region::State(_, "NSW")));
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let id = uuid::Uuid::nil();
        let query = SearchProviders::from_query(&format!("lat=-33&lon=151&cursor=s~never~{id}")).unwrap();
        let place = crate::store::locality::coordinates(shared_types::GeoPoint::new(-33.0, 151.0).unwrap());
        let error = SearchPlan::new(&query, Some(&place), shared_types::Zone::SYDNEY).unwrap_err();
        assert_eq!(error.pointer, "cursor");
    }

    #[test]
    fn the_longest_word_comes_first() {
        assert_eq!(words("Dr. O'Neil  of Banksia x"), ["banksia", "o'neil", "dr", "of"]);
    }
}
