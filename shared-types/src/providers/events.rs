//! What providers tells the other services.

use serde::{Deserialize, Serialize};

use crate::{GeoPoint, OrganizationId, PractitionerRoleId, ResourceId, Zone, users::ErasureAnswer};

/// An event of the providers service. Events that feed copies carry the whole state of their aggregate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum ProvidersEvent {
    /// A role exists, or changed.
    PractitionerRoleChanged(RoleFact),
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}

/// A role as bookings needs it: whose time, where, and what to call it in a confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleFact {
    /// Which role.
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's time: one person is never booked twice at once, whatever the practice.
    pub resource_id: ResourceId,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// The page of the role.
    pub slug: String,
    /// The practitioner's name.
    pub name: String,
    /// The profession in words.
    pub profession_name: Option<String>,
    /// Whether messages and calendars must say only "Appointment".
    pub discreet: bool,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
    /// Where to go.
    pub address: String,
    /// Where that is, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<GeoPoint>,
    /// The place's zone.
    pub time_zone: Zone,
    /// `NSW`: which holidays count.
    pub state: String,
    /// Holiday regions that contain the place, such as `qld-brisbane`.
    pub regions: Vec<String>,
    /// Whether times may be sold.
    pub bookable: bool,
    /// Why it is not listed, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
}

/// Why a role is not listed: nothing new is booked with it, and what is booked is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// The platform suspended it.
    Suspended,
    /// The platform suspended it because the registration is not in force.
    RegistrationLapsed,
    /// It is not in the directory any more, or its practice took it out.
    Left,
}

impl Unlisted {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Suspended, Self::RegistrationLapsed, Self::Left];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::RegistrationLapsed => "registration_lapsed",
            Self::Left => "left",
        }
    }

    /// Reads [`Unlisted::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unlisted| unlisted.code() == code)
    }
}
