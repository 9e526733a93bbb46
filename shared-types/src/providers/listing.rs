//! Listings as the platform's administrators see them: they take one out of search and of booking for a time, say why, and
//! put it back. Nothing that is booked is cancelled by it.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `/api/v1/providers/platform/listings` | `list_listings` | `?q=&cursor=` → `Page<Listing>` |
//! | POST `/api/v1/providers/platform/listings/suspensions` | `suspend_listing` | [`SuspendListing`] → 201 [`Listing`] |
//! | POST `/api/v1/providers/platform/listings/suspensions/{listing_suspension_id}/lift` | `lift_suspension` | → [`Listing`] |
//!
//! All of it is for administrators. Problems: 409 `wrong-state` (it is suspended already, or lifted already).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, ListingSuspensionId, OrganizationId, PractitionerRoleId};

/// The fewest characters of a search for listings.
pub const LISTING_WORDS: usize = 3;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum ListingId {
    /// A practitioner at a place.
    Role(PractitionerRoleId),
    /// A practice, with everybody there.
    Practice(OrganizationId),
}

/// Why a listing is suspended. None of them accuses anybody: what was found is kept elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuspensionReason {
    /// The registration is not in force.
    Registration,
    /// Nobody knows whether they are who they say.
    Identity,
    /// A complaint is looked into.
    Complaint,
    /// The listing says what is not so.
    FalseDetails,
    /// The practice asked for it.
    PracticeAsked,
    /// Something else.
    Other,
}

impl SuspensionReason {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 6] = [
        Self::Registration,
        Self::Identity,
        Self::Complaint,
        Self::FalseDetails,
        Self::PracticeAsked,
        Self::Other,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Identity => "identity",
            Self::Complaint => "complaint",
            Self::FalseDetails => "false_details",
            Self::PracticeAsked => "practice_asked",
            Self::Other => "other",
        }
    }

    /// Reads [`SuspensionReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// One listing, and whether it is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listing {
    /// Which.
    pub listing: ListingId,
    /// The last part of its page's address.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// The practice of a role.
    pub practice: Option<String>,
    /// `Parramatta NSW`, where a role's place is known.
    pub place: Option<String>,
    /// Its own suspension.
    pub suspension: Option<Suspension>,
    /// Whether its practice is suspended, and it with it.
    pub practice_suspended: bool,
}

/// A suspension that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suspension {
    /// Which.
    pub listing_suspension_id: ListingSuspensionId,
    /// Why.
    pub reason: SuspensionReason,
    /// Who suspended it.
    pub suspended_by: AccountId,
    /// Since when.
    pub suspended_at: Timestamp,
    /// When it is lifted by itself.
    pub ends_at: Option<Timestamp>,
}

/// Takes a listing out of search and of booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SuspendListing {
    /// Which.
    pub listing: ListingId,
    /// Why.
    pub reason: SuspensionReason,
    /// When it is lifted by itself; never without it.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{ListingId, SuspensionReason};

    #[test]
    fn a_listing_is_named_by_kind_and_id() {
        let practice = ListingId::Practice(Uuid::nil().into());
        let text = serde_json::to_string(&practice).unwrap();
        assert_eq!(text, r#"{"kind":"practice","id":"00000000-0000-0000-0000-000000000000"}"#);
        assert_eq!(serde_json::from_str::<ListingId>(&text).unwrap(), practice);
    }

    #[test]
    fn reasons_read_back() {
        for reason in SuspensionReason::ALL {
            assert_eq!(SuspensionReason::from_code(reason.code()), Some(reason));
        }
    }
}
