//! The search query: one type for the page's URL, the form and the API.

use std::fmt::Write as _;

use form_urlencoded::Serializer;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Gender, MAX_RADIUS_M};
use crate::{Bbox, GeoPoint, geo::decimal, problem::FieldError};

/// What one can ask. The query string of `/search` and of `GET /api/v1/providers/search` is this value and
/// nothing else; [`SearchProviders::to_query`] writes it in one order, so equal searches have equal URLs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchProviders {
    /// A suburb, town or postcode in words.
    pub near: Option<String>,
    /// A point, instead of words.
    pub point: Option<GeoPoint>,
    /// A map window, instead of a point.
    pub bbox: Option<Bbox>,
    /// How far, in metres; by default wide enough for the place.
    pub radius_m: Option<u32>,
    /// A profession's slug.
    pub profession: Option<String>,
    /// Words: a name, a practice, a service.
    pub q: Option<String>,
    /// Bulk bills.
    pub bulk_billing: bool,
    /// Telehealth: anywhere in the place's state.
    pub telehealth: bool,
    /// Home visits to the place.
    pub home_visit: bool,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The practitioner's gender.
    pub gender: Option<Gender>,
    /// Wheelchair access.
    pub wheelchair: bool,
    /// Accepts new patients.
    pub new_patients: bool,
    /// A first free time on or before this date.
    pub before: Option<Date>,
    /// Which first.
    pub order: Order,
    /// How many, 1 to 100; 20 unless told.
    pub limit: Option<u8>,
    /// Where to go on, as a reply's `next` said.
    pub cursor: Option<String>,
    /// The map's zoom, 0 to 19; asks for clusters together with `bbox`.
    pub zoom: Option<u8>,
    /// `facets=true`: asks how many have each facet.
    pub count_facets: bool,
}

/// Which results come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The nearest.
    #[default]
    Distance,
    /// The first free time.
    Soonest,
}

impl SearchProviders {
    /// Reads a query string. Empty values count as absent, as a form sends them; unknown names are ignored.
    ///
    /// # Errors
    /// One entry for each parameter that cannot be understood, naming what would be right.
    pub fn from_query(query: &str) -> Result<Self, Vec<FieldError>> {
        let mut search = Self::default();
        let mut errors = Vec::new();
        let (mut lat, mut lon) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            if let Err(detail) = search.set(&name, value, &mut lat, &mut lon) {
                errors.push(FieldError::new(name, detail));
            }
        }
        match (lat, lon) {
            (Some(lat), Some(lon)) => match GeoPoint::new(lat, lon) {
                Ok(point) => search.point = Some(point),
                Err(error) => errors.push(FieldError::new("lat", error.to_string())),
            },
            (None, None) => {}
            // One that is there and is no number has been named already.
            (Some(_), None) if !errors.iter().any(|error| error.pointer == "lon") => {
                errors.push(FieldError::new("lon", "give lon together with lat"));
            }
            (None, Some(_)) if !errors.iter().any(|error| error.pointer == "lat") => {
                errors.push(FieldError::new("lat", "give lat together with lon"));
            }
            (Some(_), None) | (None, Some(_)) => {}
        }
        if errors.is_empty() { Ok(search) } else { Err(errors) }
    }

    fn set(
        &mut self,
        name: &str,
        value: &str,
        lat: &mut Option<f64>,
        lon: &mut Option<f64>,
    ) -> Result<(), String> {
        match name {
            "near" => self.near = Some(words(value)?),
            "q" => self.q = Some(words(value)?),
            "profession" => self.profession = Some(words(value)?),
            "lat" => *lat = Some(number(value)?),
            "lon" => *lon = Some(number(value)?),
            "bbox" => {
                self.bbox = Some(value.parse().map_err(|error: crate::geo::BadBbox| error.to_string())?)
            }
            "radius_m" => {
                let in_range = |metres: &u32| (100..=MAX_RADIUS_M).contains(metres);
                let metres = value.parse().ok().filter(in_range);
                self.radius_m = Some(metres.ok_or(format!("give whole metres from 100 to {MAX_RADIUS_M}"))?);
            }
            "bulk_billing" => self.bulk_billing = flag(value)?,
            "telehealth" => self.telehealth = flag(value)?,
            "home_visit" => self.home_visit = flag(value)?,
            "wheelchair" => self.wheelchair = flag(value)?,
            "new_patients" => self.new_patients = flag(value)?,
            "language" => {
                let tag = value.len() <= 12 && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                self.language =
                    Some(tag.then(|| value.to_owned()).ok_or("give a language tag such as ar or zh")?);
            }
            "gender" => {
                self.gender = Some(Gender::from_code(value).ok_or("give female, male or other")?);
            }
            "before" => {
                self.before = Some(value.parse().map_err(|_| "give a date as YYYY-MM-DD".to_owned())?);
            }
            "order" => {
                self.order = match value {
                    "distance" => Order::Distance,
                    "soonest" => Order::Soonest,
                    _ => return Err("give distance or soonest".to_owned()),
                };
            }
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=100).contains(limit));
                self.limit = Some(limit.ok_or("give a number from 1 to 100")?);
            }
            "zoom" => {
                let zoom = value.parse().ok().filter(|zoom| *zoom <= 19);
                self.zoom = Some(zoom.ok_or("give a number from 0 to 19")?);
            }
            "facets" => self.count_facets = flag(value)?,
            "cursor" => self.cursor = Some(value.to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Writes the query string, without `?`, leaving out what is absent or default.
    pub fn to_query(&self) -> String {
        let mut query = Serializer::new(String::new());
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        };
        put("q", self.q.clone());
        put("profession", self.profession.clone());
        put("near", self.near.clone());
        put("lat", self.point.map(|point| degrees(point.lat())));
        put("lon", self.point.map(|point| degrees(point.lon())));
        put("bbox", self.bbox.map(|bbox| bbox.to_string()));
        put("radius_m", self.radius_m.map(|metres| metres.to_string()));
        for (name, on) in self.flags() {
            put(name, on.then(|| "true".to_owned()));
        }
        put("language", self.language.clone());
        put("gender", self.gender.map(|gender| gender.code().to_owned()));
        put("before", self.before.map(|date| date.to_string()));
        put("order", (self.order == Order::Soonest).then(|| "soonest".to_owned()));
        put("limit", self.limit.map(|limit| limit.to_string()));
        put("zoom", self.zoom.map(|zoom| zoom.to_string()));
        put("facets", self.count_facets.then(|| "true".to_owned()));
        put("cursor", self.cursor.clone());
        query.finish()
    }

    /// The yes-or-no filters with their parameter names.
    pub fn flags(&self) -> [(&'static str, bool); 5] {
        [
            ("bulk_billing", self.bulk_billing),
            ("telehealth", self.telehealth),
            ("home_visit", self.home_visit),
            ("wheelchair", self.wheelchair),
            ("new_patients", self.new_patients),
        ]
    }

    /// Whether any place was given.
    pub fn has_place(&self) -> bool {
        self.near.is_some() || self.point.is_some() || self.bbox.is_some()
    }

    /// The facets a result must have, as providers stores them (`bulk_billing`, `language:ar`).
    pub fn facets(&self) -> Vec<String> {
        let flags = self.flags().into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned());
        let language = self.language.iter().map(|tag| format!("language:{tag}"));
        let gender = self.gender.iter().map(|gender| format!("gender:{}", gender.code()));
        flags.chain(language).chain(gender).collect()
    }
}

fn words(value: &str) -> Result<String, String> {
    if value.chars().count() > 100 {
        Err("use at most 100 characters".to_owned())
    } else {
        Ok(value.to_owned())
    }
}

fn number(value: &str) -> Result<f64, String> {
    decimal(value).ok_or_else(|| "give degrees as a decimal number".to_owned())
}

fn flag(value: &str) -> Result<bool, String> {
    match value {
        "true" | "1" | "on" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("give true or false".to_owned()),
    }
}

fn degrees(value: f64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{value:.5}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Order, SearchProviders};

    #[test]
    fn an_empty_form_asks_nothing() {
        assert_eq!(
            SearchProviders::from_query("near=&q=&before=&gender=").unwrap(),
            SearchProviders::default()
        );
        assert_eq!(SearchProviders::default().to_query(), "");
    }

    #[test]
    fn each_wrong_parameter_is_named() {
        let errors = SearchProviders::from_query(
            "lat=1&bbox=1,2&radius_m=5&gender=x&before=soon&order=best&limit=0&zoom=99&wheelchair=maybe&language=%3Cb%3E",
        )
        .unwrap_err();
        let names: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(
            names,
            [
                "bbox",
                "radius_m",
                "gender",
                "before",
                "order",
                "limit",
                "zoom",
                "wheelchair",
                "language",
                "lon"
            ]
        );
    }

    #[test]
    fn facets_follow_the_filters() {
        let search =
            SearchProviders::from_query("bulk_billing=true&language=ar&gender=female&new_patients=on")
                .unwrap();
        assert_eq!(search.facets(), ["bulk_billing", "new_patients", "language:ar", "gender:female"]);
    }

    proptest! {
        #[test]
        fn a_search_survives_its_url(
            near in proptest::option::of("[A-Za-z' &=+%]{1,20}[a-z]"),
            radius in proptest::option::of(100u32..=200_000),
            soonest: bool, bulk_billing: bool, telehealth: bool, count_facets: bool,
            day in proptest::option::of(1i8..=28),
        ) {
            let search = SearchProviders {
                near: near.map(|near| near.trim().to_owned()),
                radius_m: radius,
                order: if soonest { Order::Soonest } else { Order::Distance },
                bulk_billing,
                telehealth,
                count_facets,
                before: day.map(|day| jiff::civil::date(2026, 12, day)),
                ..SearchProviders::default()
            };
            prop_assert_eq!(SearchProviders::from_query(&search.to_query()).unwrap(), search);
        }

        #[test]
        fn any_query_is_read_or_refused_without_a_panic(query in ".{0,200}") {
            let _ = SearchProviders::from_query(&query);
        }
    }
}
