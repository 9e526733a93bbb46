//! What a plan is made from. All of it is data of others: localities and packs of providers, holidays of bookings.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use shared_types::{Zone, bookings::Audience};

/// Everything a plan depends on.
#[derive(Clone, Debug)]
pub struct PlanInput {
    /// How many practitioner roles.
    pub roles: u32,
    /// Another seed, another Australia.
    pub seed: u64,
    /// The day in Sydney.
    pub today: Date,
    /// The instant: nothing is booked before it.
    pub now: Timestamp,
    /// Where people live.
    pub localities: Vec<Locality>,
    /// Who there is to see.
    pub professions: Vec<Profession>,
    /// (scope, date): `AU`, a state or a region.
    pub holidays: Vec<(String, Date)>,
    /// Where the regional holidays count.
    pub holiday_regions: Vec<HolidayRegion>,
    /// At most so many appointments.
    pub appointments_max: u32,
}

/// A suburb or town.
#[derive(Clone, Debug)]
pub struct Locality {
    /// `Parramatta`.
    pub name: String,
    /// `NSW`.
    pub state: String,
    /// Four digits; empty for an area wider than a suburb, which gives people to its suburbs and has no practices.
    pub postcode: String,
    /// `parramatta-nsw-2150`.
    pub slug: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The zone of that point.
    pub zone: Zone,
    /// Modified Monash class, 1 (city) to 7 (very remote).
    pub mmm: Option<u8>,
    /// People; zero when not known. A capital's central postcode carries the whole city.
    pub population: u32,
}

/// A provider type, as its pack says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profession {
    /// `physiotherapist`.
    pub slug: String,
    /// `Physiotherapist`.
    pub name: String,
    /// Three letters, when registered with Ahpra.
    pub ahpra_prefix: Option<String>,
    /// How many there are, beside the others.
    pub weight: f64,
    /// Messages say only "Appointment".
    pub discreet: bool,
    /// Whether Medicare may pay all of it.
    pub bulk_billing_possible: bool,
    /// What can be booked.
    pub appointment_types: Vec<TypeTemplate>,
}

/// An appointment type before a practice has set its price.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeTemplate {
    /// `Initial consultation`.
    pub name: String,
    /// For the patient.
    pub duration_minutes: u16,
    /// Kept free before.
    #[serde(default)]
    pub buffer_before_minutes: u16,
    /// Kept free after.
    #[serde(default)]
    pub buffer_after_minutes: u16,
    /// The usual price.
    pub price_cents: i64,
    /// For whom.
    #[serde(default)]
    pub audience: Audience,
    /// By video or phone.
    #[serde(default)]
    pub telehealth: bool,
}

/// A circle in which a regional holiday counts; a region may have several.
#[derive(Clone, Debug)]
pub struct HolidayRegion {
    /// `qld-brisbane`.
    pub slug: String,
    /// Only places of this state belong to it.
    pub state: String,
    /// Its middle, degrees north.
    pub lat: f64,
    /// Its middle, degrees east.
    pub lon: f64,
    /// How far it reaches.
    pub radius_km: f64,
}
