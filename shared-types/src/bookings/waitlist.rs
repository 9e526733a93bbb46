//! Waiting for an earlier time. When time frees up it is offered to one person at a time, in the order in which they joined,
//! and is held for them meanwhile: they confirm the hold like any other, or let it go, and the next one is asked. Nobody is
//! asked at night, when half an hour passes unseen. Whose appointment the practice cancelled, or did not keep, is asked before
//! those who joined earlier ([`Priority`]): once for each such booking, and as the server finds it, never as anybody says.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/roles/{practitioner_role_id}/similar?appointment_type=&within_km=` | `list_similar` | Public | → [`SimilarRoles`]; at the practice alone unless told how far |
//! | POST `/api/v1/bookings/me/waitlist` | `join_waitlist` | Account | [`JoinWaitlist`] + Idempotency-Key → 201 [`WaitlistEntry`] |
//! | GET `/api/v1/bookings/me/waitlist` | `list_waitlist` | Account | → `Page<WaitlistEntry>`, those of the caller and of whom they act for |
//! | DELETE `/api/v1/bookings/me/waitlist/{waitlist_entry_id}` | `leave_waitlist` | Account | → 204 |
//! | GET `/api/v1/bookings/practices/{organization_id}/waitlist` | `list_practice_waitlist` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | → `Page<PracticeWaiting>`, in the order in which they are asked |
//! | POST `/api/v1/bookings/practices/{organization_id}/waitlist/{waitlist_entry_id}/remove` | `remove_from_waitlist` | the same | [`RemoveFromWaitlist`] → 204 |
//!
//! An offer is taken with `POST /api/v1/bookings/holds/{hold_id}/confirm` and declined with `DELETE
//! /api/v1/bookings/holds/{hold_id}`, by the account that joined. Problem: 409 `waitlist-full`.

mod priority;
mod states;
mod wishes;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::BookedRole;
use crate::{
    AppointmentTypeId, AudCents, HoldId, PatientId, PractitionerRoleId, WaitlistEntryId, Zone,
    geo::Metres,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

pub use self::{
    priority::{PRIORITY_DAYS, Priority, PriorityCause},
    states::{OfferStatus, RemovalReason, WaitlistStatus},
    wishes::Wishes,
};

/// How long an offered time is kept, in minutes, unless it starts before.
pub const OFFER_MINUTES: i64 = 30;
/// On how many waitlists one account may be at once.
pub const MOST_ENTRIES: i64 = 10;
/// With how many practitioners beside the first one a place may be.
pub const MOST_OTHERS: usize = 20;
/// The furthest that similar practitioners are looked for, in kilometres.
pub const FURTHEST_KM: u16 = 100;
/// The hour of the day from which on people are asked, at the place.
pub const ASKED_FROM_HOUR: i8 = 7;
/// The hour of the day from which on nobody is asked any more, at the place.
pub const ASKED_UNTIL_HOUR: i8 = 21;

/// With whom somebody could do as well: the same profession, a visit of the same name, at the practice or near it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SimilarRoles {
    /// Those of the practice first, then the nearest first; at most [`MOST_OTHERS`].
    pub items: Vec<SimilarRole>,
}

/// A practitioner like another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SimilarRole {
    /// Whom and where.
    pub role: BookedRole,
    /// Which of their types.
    pub appointment_type_id: AppointmentTypeId,
    /// How long, for the patient.
    pub duration_minutes: u16,
    /// The whole price with them.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// How far from the first one's place; none where either place has no known point.
    pub distance: Option<Metres>,
}

/// A practitioner whom one waits for, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// Which of their types.
    pub appointment_type_id: AppointmentTypeId,
}

/// Joins a waitlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JoinWaitlist {
    /// For whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// For what.
    pub appointment_type_id: AppointmentTypeId,
    /// With whom it could be as well, at most [`MOST_OTHERS`]: any of [`SimilarRoles`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Choice>,
    /// The patient; the caller themselves unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<PatientId>,
    /// When it would suit.
    pub wishes: Wishes,
}

impl JoinWaitlist {
    /// Everybody it could be with, the first one first and nobody twice.
    pub fn choices(&self) -> Vec<Choice> {
        let first = Choice {
            practitioner_role_id: self.practitioner_role_id,
            appointment_type_id: self.appointment_type_id,
        };
        let mut choices = vec![first];
        for other in &self.others {
            if choices.iter().all(|known| known.practitioner_role_id != other.practitioner_role_id) {
                choices.push(*other);
            }
        }
        choices
    }

    /// Checks what can be checked without knowing the practitioners; `today` is the day at the first one's place.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = self.wishes.check(today).err().unwrap_or_default();
        if self.others.len() > MOST_OTHERS {
            errors.push(FieldError::new("/others", "Choose at most 20 other practitioners"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Ends somebody's place with the practice. What they wait for elsewhere stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RemoveFromWaitlist {
    /// Why; the patient reads it.
    pub reason: RemovalReason,
}

/// Somebody whom one waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitedFor {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// For what.
    pub appointment_type_id: AppointmentTypeId,
    /// The practitioner's name.
    pub name: String,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// The page: `/providers/{slug}`.
    pub slug: String,
    /// Where to go, unless it is by video or phone or at home.
    pub address: String,
    /// By video or phone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub telehealth: bool,
    /// At the patient's home.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub home_visit: bool,
    /// The place's zone.
    pub time_zone: Zone,
}

/// Somebody's place on a waitlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitlistEntry {
    /// Which.
    pub waitlist_entry_id: WaitlistEntryId,
    /// For which patient.
    pub patient_id: Option<PatientId>,
    /// Where it stands.
    pub status: WaitlistStatus,
    /// With whom it can be, the first one first.
    pub with: Vec<WaitedFor>,
    /// When it would suit.
    pub wishes: Wishes,
    /// When they joined: who joined earlier is asked earlier.
    pub joined_at: Timestamp,
    /// Why they are asked before those who joined earlier, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// How many others wait for one of these practitioners and are asked before them, each counted once.
    pub ahead: i64,
    /// What is offered to them at the moment; for the account that joined.
    pub offer: Option<WaitlistOffer>,
    /// Why the practice ended it, if it did.
    pub removed_reason: Option<RemovalReason>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for WaitlistEntry {}

/// A time that is held for somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitlistOffer {
    /// What to confirm, or to let go.
    pub hold_id: HoldId,
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// For what.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Until when it is kept for them.
    pub expires_at: Timestamp,
    /// How many were asked about it before them and did not have it in the end.
    pub passed: i64,
}

/// Somebody who waits, as the practice sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeWaiting {
    /// Which place.
    pub waitlist_entry_id: WaitlistEntryId,
    /// Their place in the order, from one.
    pub position: i64,
    /// Their name, where they have been booked with the practice. Whoever is new has told it nothing yet.
    pub name: Option<Personal<String>>,
    /// Where it stands: waiting, or a time is held for them.
    pub status: WaitlistStatus,
    /// With whom of the practice it can be.
    pub with: Vec<WaitedFor>,
    /// When it would suit.
    pub wishes: Wishes,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Why they are asked before those who joined earlier, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The times of the practice that they were asked about, the latest first.
    pub offers: Vec<OfferMade>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for PracticeWaiting {}

/// A time that somebody was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfferMade {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// When it starts.
    pub start: Timestamp,
    /// When they were asked.
    pub offered_at: Timestamp,
    /// Until when they could answer.
    pub expires_at: Timestamp,
    /// What became of it.
    pub status: OfferStatus,
}
