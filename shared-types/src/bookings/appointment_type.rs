//! What can be booked and with whom, and the times that are free for it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{AppointmentTypeId, AudCents, OrganizationId, PractitionerRoleId, Zone};

/// What can be booked with a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentType {
    /// Which.
    pub appointment_type_id: AppointmentTypeId,
    /// `Initial consultation`.
    pub name: String,
    /// How long, for the patient.
    pub duration_minutes: u16,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it; the price is then zero.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Whether the practice answers each request first; otherwise what is booked is booked.
    #[serde(default)]
    pub needs_acceptance: bool,
    /// How many patients one session takes, each with an appointment of their own; one alone unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// At the patient's home: booking it takes a `VisitAddress`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub home_visit: bool,
}

impl AppointmentType {
    /// Whether the patient comes to the practice for it.
    pub fn is_at_practice(&self) -> bool {
        !self.telehealth && !self.home_visit
    }
}

/// Whom an appointment type or a rule is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anybody.
    #[default]
    All,
    /// People who have not been to this practice.
    New,
    /// People who have.
    Existing,
    /// People who are visited at home. It is for hours alone: a type that is a home visit is for one of the others.
    HomeVisit,
    /// People who are seen by video or phone. It is for hours alone, like the one before.
    Telehealth,
}

impl Audience {
    /// The name used in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Existing => "existing",
            Self::HomeVisit => "home_visit",
            Self::Telehealth => "telehealth",
        }
    }

    /// Reads [`Audience::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::All, Self::New, Self::Existing, Self::HomeVisit, Self::Telehealth];
        all.into_iter().find(|audience| audience.code() == code)
    }

    /// In whose hours a type for these people is booked: a home visit in those for home visits and for everybody.
    pub fn in_hours(self, home_visit: bool) -> Self {
        if home_visit { Self::HomeVisit } else { self }
    }
}

/// The appointment types of one role, with what one sees beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentTypes {
    /// In the order the practice set.
    pub items: Vec<AppointmentType>,
    /// Whom one books.
    pub role: BookedRole,
}

/// Whom and where one books, as bookings shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BookedRole {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// The page: `/providers/{slug}`.
    pub slug: String,
    /// The practitioner's name.
    pub name: String,
    /// The profession in words.
    pub profession_name: Option<String>,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
    /// Where to go.
    pub address: String,
    /// The place's zone; with what is held or booked, the one that its time was offered in, whatever was corrected since.
    pub time_zone: Zone,
    /// Whether times can be booked.
    pub bookable: bool,
}

/// Free times of one appointment type in a span of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FreeTimes {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// The place's zone; days are its days.
    pub time_zone: Zone,
    /// When this was true.
    pub as_of: Timestamp,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// Starts in order.
    pub starts: Vec<Timestamp>,
    /// The first free start after the span, when there is one within the horizon.
    pub next: Option<Timestamp>,
}
