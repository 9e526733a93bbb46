//! One practitioner at one place in a few lines, as a search and other pages show it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{LocationId, OrganizationId, PractitionerRoleId, Zone, time};

/// One practitioner at one place, as a search shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderSummary {
    /// Whom one books.
    pub practitioner_role_id: PractitionerRoleId,
    /// The page: `/providers/{slug}`.
    pub slug: String,
    /// The person's name, or the practice's where no person is named.
    pub name: String,
    /// The profession's slug, such as `physiotherapist`; absent when the directory names none.
    pub profession: Option<String>,
    /// The profession in words.
    pub profession_name: Option<String>,
    /// The practice.
    pub organization: Option<OrganizationRef>,
    /// Where; absent when the directory gives no address that we can place.
    pub location: Option<LocationSummary>,
    /// How far from the place asked about, in metres.
    pub distance_m: Option<f64>,
    /// The next free starts, soonest first, at most eight.
    pub next_free: Vec<Timestamp>,
    /// Whether times can be booked here.
    pub bookable: bool,
    /// What patients ask about.
    pub facts: Facts,
}

impl ProviderSummary {
    /// Why this result is here: `4.2 km, free tomorrow 9:15 am`.
    pub fn why(&self, as_of: Timestamp) -> String {
        let mut reasons = Vec::new();
        if let Some(metres) = self.distance_m {
            reasons.push(crate::Metres(metres).to_string());
        }
        match (self.bookable, self.next_free.first(), &self.location) {
            (true, Some(start), Some(location)) => {
                reasons.push(format!("free {}", time::when_words(*start, as_of, location.time_zone)));
            }
            (true, ..) => reasons.push("no free times in the next weeks".to_owned()),
            (false, ..) => reasons.push("not bookable here, call the practice".to_owned()),
        }
        reasons.join(", ")
    }
}

/// Facts about a practitioner at a place. `None` means that nobody has told us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// Bulk bills at least some services: no out-of-pocket cost for them.
    pub bulk_billing: bool,
    /// Sees patients by video or phone.
    pub telehealth: bool,
    /// Comes to the patient, within a coverage area.
    pub home_visit: bool,
    /// The place is wheelchair accessible.
    pub wheelchair: bool,
    /// Accepts new patients.
    pub new_patients: bool,
    /// BCP 47 tags, such as `en`, `ar`, `zh`.
    pub languages: Vec<String>,
    /// As the practitioner says it.
    pub gender: Option<Gender>,
}

/// FHIR's administrative gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Gender {
    Female,
    Male,
    Other,
}

impl Gender {
    /// FHIR's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }

    /// Reads FHIR's code; `unknown` is `None` like anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Female, Self::Male, Self::Other].into_iter().find(|gender| gender.code() == code)
    }
}

/// A practice in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationRef {
    /// Which.
    pub organization_id: OrganizationId,
    /// The page: `/practices/{slug}`.
    pub slug: String,
    /// As people know it.
    pub name: String,
    /// For those that cannot be booked here.
    pub phone: Option<String>,
}

/// A profession in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProfessionRef {
    /// Such as `physiotherapist`.
    pub slug: String,
    /// Such as `Physiotherapist`.
    pub name: String,
    /// Such as `Physiotherapists`.
    pub plural: String,
    /// The name of an icon in the sprite.
    pub icon: String,
}

/// A place of care in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LocationSummary {
    /// Which; absent when the place is the practice's address.
    pub location_id: Option<LocationId>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The IANA zone of that point.
    pub time_zone: Zone,
    /// True when only the suburb is known.
    pub approximate: bool,
    /// Street and number, when known.
    pub line: Option<String>,
    /// Suburb or town.
    pub suburb: String,
    /// `NSW`.
    pub state: String,
    /// Four digits.
    pub postcode: String,
}

impl LocationSummary {
    /// `12 Church Street, Parramatta NSW 2150`.
    pub fn address(&self) -> String {
        let town = format!("{} {} {}", self.suburb, self.state, self.postcode);
        let town = town.split_whitespace().collect::<Vec<_>>().join(" ");
        match &self.line {
            Some(line) => format!("{line}, {town}"),
            None => town,
        }
    }
}
