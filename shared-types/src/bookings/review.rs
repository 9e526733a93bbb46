//! What is booked with somebody who is no longer listed. Nothing of it is cancelled by itself: an administrator looks at the
//! appointments and lets each stand, or cancels it for the platform, without any cost for the patient.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `/api/v1/bookings/platform/reviews` | `list_reviews` | `?cursor=` → `Page<ReviewRole>`, the longest unlisted first |
//! | GET `/api/v1/bookings/platform/reviews/{practitioner_role_id}` | `list_review_appointments` | → `Page<ReviewAppointment>`, the earliest hundred |
//! | POST the same + `/keep` | `keep_reviewed` | [`DecideReview`] → `Page<ReviewAppointment>`: those that stand |
//! | POST the same + `/cancel` | `cancel_reviewed` | [`DecideReview`] → `Page<ReviewAppointment>`: those that are cancelled |
//!
//! All of it is for administrators. Problems: 409 `wrong-state` (the role is listed again), 409 `stale-version`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AppointmentStatus, series::SeenVisit};
use crate::{
    AppointmentId, BookingId, PractitionerRoleId, Zone, personal::PersonalData, providers::Unlisted,
};

/// How many appointments are shown, and decided about, at once.
pub const REVIEWED: usize = 100;

/// A role that is no longer listed and has appointments that nobody has looked at since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewRole {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's name.
    pub name: String,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
    /// The zone that the first of them was booked in.
    pub time_zone: Zone,
    /// Why it is not listed.
    pub unlisted: Unlisted,
    /// Since when.
    pub since: Timestamp,
    /// How many appointments wait for a look.
    pub appointments: u32,
    /// When the first of them starts.
    pub next_start: Timestamp,
}

/// One of those appointments. It says nothing of whose it is: the decision does not hang on that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewAppointment {
    /// Which link of its booking's chain.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// The version to decide about.
    pub version: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The zone that it was booked in; none from a service that does not say so yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Zone>,
}

impl PersonalData for ReviewAppointment {}

/// Decides about appointments as last seen: all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecideReview {
    /// Which, as they were on the screen.
    pub appointments: Vec<SeenVisit>,
}
