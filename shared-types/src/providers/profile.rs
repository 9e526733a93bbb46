//! The pages of a provider and of a practice, and a landing page.

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};
use serde::{Deserialize, Serialize};

use super::{LocationSummary, OrganizationRef, Place, ProfessionRef, ProviderSummary, SearchReply};
use crate::{AppointmentTypeId, AudCents};

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
