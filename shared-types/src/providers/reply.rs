//! What a search answers, and how it understood the place.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FacetCounts, ProfessionRef, ProviderSummary};

/// A reply to a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchReply {
    /// Results in the order asked for.
    pub items: Vec<ProviderSummary>,
    /// When the answer was made; words such as "tomorrow" count from here.
    pub as_of: Timestamp,
    /// Send back as `cursor` for the next page.
    pub next: Option<String>,
    /// The place as understood; absent when the search was by words only.
    pub place: Option<Place>,
    /// Other places the words could have meant (Richmond is in five states).
    #[serde(default)]
    pub other_places: Vec<Place>,
    /// The profession as understood, also when it was found in the words.
    pub profession: Option<ProfessionRef>,
    /// The radius used, in metres; absent when a window, a state or coverage decided.
    pub radius_m: Option<u32>,
    /// Counts by grid cell, when `bbox` and `zoom` were given and the window holds more than a few hundred.
    pub clusters: Option<Vec<Cluster>>,
    /// How many have each facet, when that was asked and can be told.
    #[serde(default)]
    pub facets: Option<FacetCounts>,
}

/// A place as understood from words, coordinates or a window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// What kind of thing it is.
    pub kind: PlaceKind,
    /// `Parramatta NSW 2150`; sent back as `near` it means exactly this place.
    pub label: String,
    /// Suburb or town; empty for coordinates and windows.
    pub name: String,
    /// `NSW`; empty when not known.
    pub state: String,
    /// Four digits; empty when not known.
    pub postcode: String,
    /// Its middle.
    pub lat: f64,
    /// Its middle.
    pub lon: f64,
    /// The second segment of a landing page: `parramatta-nsw-2150`.
    pub slug: Option<String>,
    /// What was typed, when it was spelled differently.
    pub corrected_from: Option<String>,
}

/// What was understood as a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlaceKind {
    Locality,
    Postcode,
    Coordinates,
    Window,
}

/// How many results one cell of the map holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cluster {
    /// The mean of its members.
    pub lat: f64,
    /// The mean of its members.
    pub lon: f64,
    /// How many.
    pub count: u32,
}

/// Suggestions for the place box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceSuggestions {
    /// Best first, at most eight.
    pub items: Vec<Place>,
}

/// Whether a home visit is made at a place, before an address is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitCheck {
    /// The place as understood; absent when there is none like it.
    pub place: Option<Place>,
    /// Whether the practitioner comes there; absent when nobody said where home visits of this type are made.
    pub comes: Option<bool>,
}
