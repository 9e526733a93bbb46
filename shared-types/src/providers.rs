//! The providers context: who and what can be found, and how one asks.

mod events;
pub mod listing;
mod phone;
mod profile;
mod reply;
mod search;
mod summary;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::{
    events::{ProvidersEvent, RoleFact, Unlisted},
    phone::phone_words,
    profile::{
        FeeLine, Landing, OpeningHours, Origin, PracticeProfile, ProviderProfile, Regulation, SchemaOrg,
        Source,
    },
    reply::{Cluster, Place, PlaceKind, PlaceSuggestions, SearchReply, VisitCheck},
    search::{Order, SearchProviders},
    summary::{Facts, Gender, LocationSummary, OrganizationRef, ProfessionRef, ProviderSummary},
};

/// The largest radius a search may ask for, in metres.
pub const MAX_RADIUS_M: u32 = 200_000;

/// How many results have each facet, so that a filter says what it would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FacetCounts {
    /// By facet, as in [`SearchProviders::facets`]; one that is not here, nobody has.
    pub counts: BTreeMap<String, u32>,
    /// Only the nearest thousand of the place and the profession were looked at: there may be more of each.
    pub at_least: bool,
}

impl FacetCounts {
    /// `12`, or `12+` when there may be more.
    pub fn words(&self, facet: &str) -> String {
        let count = self.counts.get(facet).copied().unwrap_or_default();
        if self.at_least { format!("{count}+") } else { count.to_string() }
    }
}

/// The professions one can search for, with how many roles each has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Professions {
    /// In alphabetical order.
    pub items: Vec<ProfessionRef>,
}

/// How many files the sitemap has, each of 50,000 addresses at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SitemapCount {
    /// The files.
    pub pages: u32,
}

/// One search-engine address: a path and when it last changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SitemapEntry {
    /// From the root, starting with `/`.
    pub path: String,
    /// The day of the last change.
    pub changed_on: Date,
}
