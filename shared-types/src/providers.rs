//! The providers context: who and what can be found, and how one asks.

mod events;
mod search;

use std::collections::BTreeMap;

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};
use serde::{Deserialize, Serialize};

pub use self::{
    events::{ProvidersEvent, RoleFact},
    search::{Order, SearchProviders},
};
use crate::{AppointmentTypeId, AudCents, LocationId, OrganizationId, PractitionerRoleId, Zone, time};

/// The largest radius a search may ask for, in metres.
pub const MAX_RADIUS_M: u32 = 200_000;

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

/// The professions one can search for, with how many roles each has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Professions {
    /// In alphabetical order.
    pub items: Vec<ProfessionRef>,
}

/// A provider's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderProfile {
    /// What a search shows.
    pub summary: ProviderSummary,
    /// When this was read.
    pub as_of: Timestamp,
    /// How the profession is regulated, in words fit for a badge.
    pub regulation: Option<Regulation>,
    /// What search engines call the profession.
    #[serde(default)]
    pub schema_org: Option<SchemaOrg>,
    /// The Ahpra number, when there is one; public by law.
    pub ahpra_number: Option<String>,
    /// What they do, in their own plain words.
    pub about: Option<String>,
    /// Services offered.
    pub services: Vec<String>,
    /// Hours shown for the place.
    pub opening_hours: Vec<OpeningHours>,
    /// What can be booked and what it costs.
    pub fees: Vec<FeeLine>,
    /// Others at the same practice, never rivals.
    pub colleagues: Vec<ProviderSummary>,
    /// Where the listing's facts came from and when.
    pub source: Source,
}

/// A practice's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeProfile {
    /// Who.
    pub organization: OrganizationRef,
    /// When this was read.
    pub as_of: Timestamp,
    /// Where.
    pub locations: Vec<LocationSummary>,
    /// When it is open.
    pub opening_hours: Vec<OpeningHours>,
    /// Who works there.
    pub practitioners: Vec<ProviderSummary>,
    /// When the practice last said that it bulk bills every eligible service for everybody with a Medicare card; none once that is a
    /// year ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_bills_as_of: Option<Date>,
    /// Their own site.
    pub website: Option<String>,
    /// Where the listing's facts came from and when.
    pub source: Source,
}

/// A landing page: one profession around one locality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Landing {
    /// Who is looked for.
    pub profession: ProfessionRef,
    /// Where.
    pub place: Place,
    /// The nearest, as a search gives them.
    pub results: SearchReply,
    /// The same profession in nearby localities.
    pub nearby: Vec<Place>,
}

/// How a profession is overseen: a typed, visible fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Regulation {
    /// Registered with Ahpra under the National Law.
    Registered,
    /// A professional association sets the rules.
    SelfRegulated,
    /// The state codes of conduct for health care workers apply.
    NotRegulated,
}

impl Regulation {
    /// Words for a badge; they never imply a registration that does not exist (C-36).
    pub fn words(self) -> &'static str {
        match self {
            Self::Registered => "Profession registered with Ahpra",
            Self::SelfRegulated => "Self-regulated profession",
            Self::NotRegulated => "Not a registered profession",
        }
    }
}

/// What schema.org calls a profession, as its provider type says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SchemaOrg {
    /// A type: `Physician`, `MedicalBusiness` or one below it.
    pub kind: String,
    /// A member of `MedicalSpecialty`, where one fits.
    pub specialty: Option<String>,
}

/// One day's opening times, on the wall of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningHours {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    pub weekday: i8,
    /// From.
    pub opens: Time,
    /// Until.
    pub closes: Time,
}

impl OpeningHours {
    /// The day of the week.
    pub fn day(&self) -> Option<Weekday> {
        Weekday::from_monday_one_offset(self.weekday).ok()
    }
}

/// What can be booked and what it costs, as providers keeps it for showing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeLine {
    /// Which type this is a price for.
    pub appointment_type_id: AppointmentTypeId,
    /// `Initial consultation`.
    pub name: String,
    /// How long.
    pub duration_minutes: u16,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
}

/// Where facts came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// What kind of source.
    pub origin: Origin,
    /// The day it was last checked.
    pub checked_on: Date,
}

/// How a listing came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Invented for demonstration; the page says so.
    Demo,
    /// From a directory in FHIR.
    Directory,
    /// Told by the practice.
    Practice,
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

/// A phone number as people write it: `(02) 7010 4493`, `0491 570 006`, `1300 975 707`; anything else as it is.
pub fn phone_words(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("61") {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    let part = |from: usize, to: usize| national.get(from..to).unwrap_or_default();
    match (national.len(), national.as_bytes()) {
        (10, [b'0', b'4' | b'5', ..]) => format!("{} {} {}", part(0, 4), part(4, 7), part(7, 10)),
        (10, [b'0', b'2' | b'3' | b'7' | b'8', ..]) => {
            format!("({}) {} {}", part(0, 2), part(2, 6), part(6, 10))
        }
        (10, [b'1', b'3' | b'8', ..]) => format!("{} {} {}", part(0, 4), part(4, 7), part(7, 10)),
        (6, [b'1', b'3', ..]) => format!("{} {} {}", part(0, 2), part(2, 4), part(4, 6)),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::phone_words;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (number, words) in [
            ("+61270104493", "(02) 7010 4493"),
            ("0755508297", "(07) 5550 8297"),
            ("+61 491 570 006", "0491 570 006"),
            ("1300975707", "1300 975 707"),
            ("131114", "13 11 14"),
            ("+44 20 7946 0000", "+44 20 7946 0000"),
            ("ask at the desk", "ask at the desk"),
        ] {
            assert_eq!(phone_words(number), words);
        }
    }
}
