//! Turning joined columns into what a search shows.

use shared_types::{
    PractitionerRoleId, Zone,
    providers::{Facts, Gender, LocationSummary, OrganizationRef, ProviderSummary},
};
use uuid::Uuid;

/// The columns that every list of providers selects.
pub struct SummaryRow {
    pub practitioner_role_id: PractitionerRoleId,
    pub slug: String,
    pub name: String,
    pub profession: Option<String>,
    pub profession_name: Option<String>,
    pub organization_id: Option<Uuid>,
    pub organization_slug: Option<String>,
    pub organization_name: Option<String>,
    pub phone: Option<String>,
    pub location_id: Option<Uuid>,
    pub line: Option<String>,
    pub suburb: Option<String>,
    pub location_state: Option<String>,
    pub postcode: Option<String>,
    pub time_zone: Option<String>,
    pub approximate: Option<bool>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub distance_m: Option<f64>,
    pub next_free: Vec<jiff_sqlx::Timestamp>,
    /// The last moment to book each of them.
    pub next_free_until: Vec<jiff_sqlx::Timestamp>,
    pub bookable: bool,
    pub facets: Vec<String>,
}

impl SummaryRow {
    /// The summary, with times left out that it is too late to book.
    pub fn summary(self, now: jiff::Timestamp) -> ProviderSummary {
        let facts = facts(&self.facets);
        let organization = match (self.organization_id, self.organization_slug, self.organization_name) {
            (Some(organization_id), Some(slug), Some(name)) => Some(OrganizationRef {
                organization_id: organization_id.into(),
                slug,
                name,
                phone: self.phone,
            }),
            _ => None,
        };
        let zone = self.time_zone.as_deref().and_then(|name| name.parse().ok());
        let location = match (self.lat, self.lon, self.suburb) {
            (Some(lat), Some(lon), Some(suburb)) => Some(LocationSummary {
                location_id: self.location_id.map(Into::into),
                lat,
                lon,
                time_zone: zone.unwrap_or(Zone::SYDNEY),
                approximate: self.approximate.unwrap_or(true),
                line: self.line,
                suburb,
                state: self.location_state.unwrap_or_default(),
                postcode: self.postcode.unwrap_or_default(),
            }),
            _ => None,
        };
        ProviderSummary {
            practitioner_role_id: self.practitioner_role_id,
            slug: self.slug,
            name: self.name,
            profession: self.profession,
            profession_name: self.profession_name,
            organization,
            location,
            distance_m: self.distance_m,
            next_free: self
                .next_free
                .into_iter()
                .zip(self.next_free_until)
                .filter(|(_, until)| until.to_jiff() > now)
                .map(|(start, _)| start.to_jiff())
                .collect(),
            bookable: self.bookable,
            facts,
        }
    }
}

fn facts(facets: &[String]) -> Facts {
    let has = |name: &str| facets.iter().any(|facet| facet == name);
    let tagged = |tag: &'static str| facets.iter().filter_map(move |facet| facet.strip_prefix(tag));
    Facts {
        bulk_billing: has("bulk_billing"),
        telehealth: has("telehealth"),
        home_visit: has("home_visit"),
        wheelchair: has("wheelchair"),
        new_patients: has("new_patients"),
        languages: tagged("language:").map(str::to_owned).collect(),
        gender: tagged("gender:").find_map(Gender::from_code),
    }
}
