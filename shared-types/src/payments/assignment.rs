//! Assignment of benefit: the agreement by which a patient gives a service's Medicare benefit to the practitioner, who takes it as
//! the whole payment. A claim is never lodged without one. (Health Insurance Act 1973 s 20A as amended by Act 70 of 2024, in force
//! since 1 July 2026; Health Insurance Regulations 2018 reg 65C, read second hand on 2026-11-22.)
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/payments/bookings/{booking_id}/assignments` | `list_assignments` | Public, by ticket or session | → [`Assignments`] |
//! | GET `/api/v1/payments/me/assignments` | `list_my_assignments` | Account | `?cursor=` → `Page<Assignment>`: those for every visit, of the caller and of who is looked after |
//! | POST `/api/v1/payments/assignments/open` | `open_assignment` | Public, by the letter's secret and three points of identity; five tries; idempotent | [`OpenAssignment`] → [`Assignment`] |
//! | POST `/api/v1/payments/assignments/{assignment_id}/answer` | `answer_assignment` | Public, by ticket, session or secret; idempotent | [`AnswerAssignment`] → [`Assignment`] |
//! | POST `/api/v1/payments/assignments/{assignment_id}/withdraw` | `withdraw_assignment` | Public, by ticket or session; idempotent | → [`Assignment`] |
//! | GET `/api/v1/payments/assignments/{assignment_id}/receipt` | `print_assignment` | Public, by ticket or session | → HTML, the exact text that was agreed to |
//! | GET `{p}/assignments` | `list_practice_assignments` | [`CLAIM_STAFF`](super::claim::CLAIM_STAFF) | `?status=&cursor=` → `Page<Assignment>` |
//! | POST `{p}/bookings/{booking_id}/assignments` | `offer_assignment` | the same; idempotent | [`OfferAssignment`] → 201 [`Assignment`] |
//! | POST `{p}/assignments/{assignment_id}/record` | `record_assignment` | the same; idempotent | [`RecordAssignment`] → [`Assignment`] |
//! | POST `{p}/assignments/{assignment_id}/void` | `void_assignment` | the same; idempotent | → [`Assignment`] |
//! | GET `{p}/assignments/{assignment_id}/receipt` | `print_practice_assignment` | the same | → HTML |
//!
//! `{p}` stands for `/api/v1/payments/practices/{organization_id}`. Problems: 409 `wrong-state`, 409 `text-changed` (the document is
//! not the one that was shown), 409 `relied-on` (a claim was lodged on it), 403 `identity` (the three points do not match), 422
//! `verbal-ended`.

mod sorts;

use std::fmt::Write as _;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::sorts::{BETWEEN_SORTS, SORTS_OF_SERVICE, USUAL_SORT};
use super::codes::codes;
use crate::{
    AssignmentId, AudCents, BookingId, OrganizationId,
    personal::{Personal, PersonalData},
};

/// The text of an assignment before the service: by sort of service.
pub const PRE_TEXT: &str = "assignment-pre";
/// The text of an assignment after the service: by item.
pub const POST_TEXT: &str = "assignment-post";
/// The text of an assignment for every service of a time.
pub const ENDURING_TEXT: &str = "assignment-enduring";
/// What staff read out before an assignment by word of mouth.
pub const VERBAL_TEXT: &str = "assignment-verbal";

codes! {
    /// Where an assignment stands.
    AssignmentStatus {
        /// The patient is asked.
        Offered = "offered",
        /// The letter did not arrive.
        DeliveryFailed = "delivery_failed",
        /// The patient did not answer in time.
        Expired = "expired",
        /// The patient does not agree.
        Declined = "declined",
        /// The patient agrees.
        Assigned = "assigned",
        /// The patient no longer agrees.
        Withdrawn = "withdrawn",
        /// Something that matters has changed, and another one takes its place.
        Superseded = "superseded",
        /// It was made by mistake.
        Void = "void",
        /// A claim was lodged on it.
        ReliedOn = "relied_on",
    }
}

impl AssignmentStatus {
    /// What may come next. What a claim rests on stays; an enduring one is relied on again and again.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Offered => &[
                Self::Assigned,
                Self::Declined,
                Self::DeliveryFailed,
                Self::Expired,
                Self::Superseded,
                Self::Void,
            ],
            Self::DeliveryFailed => &[Self::Offered, Self::Assigned, Self::Expired, Self::Void],
            Self::Assigned => &[Self::Withdrawn, Self::Superseded, Self::Void, Self::ReliedOn],
            Self::ReliedOn => &[Self::Withdrawn, Self::Superseded],
            Self::Expired | Self::Declined | Self::Withdrawn | Self::Superseded | Self::Void => &[],
        }
    }
}

codes! {
    /// When it is made, and for how much.
    AssignmentKind {
        /// Before the service, for a sort of service.
        Pre = "pre",
        /// After the service, for its items.
        Post = "post",
        /// For every service until it ends.
        Enduring = "enduring",
    }
}

codes! {
    /// How it is made.
    AssignmentMethod {
        /// On our page.
        Electronic = "electronic",
        /// On paper that the practice keeps.
        Paper = "paper",
        /// By word of mouth, with a recorded reason, until 30 June 2027.
        Verbal = "verbal",
    }
}

codes! {
    /// Why an enduring assignment is allowed.
    EnduringGround {
        /// The patient is registered with the practice in MyMedicare.
        MyMedicare = "my_medicare",
        /// The patient lives in residential aged care.
        AgedCare = "aged_care",
        /// The patient is one of an Aboriginal community controlled or medical service.
        CommunityService = "community_service",
    }
}

codes! {
    /// Why nothing was signed.
    VerbalReason {
        /// The visit was by phone or video.
        Telehealth = "telehealth",
        /// The patient cannot sign.
        Unable = "unable",
        /// The system did not work.
        Outage = "outage",
    }
}

codes! {
    /// Who agrees.
    AssignorRelation {
        /// The patient.
        Patient = "patient",
        /// A parent or guardian.
        Parent = "parent",
        /// Who has a power of attorney or is appointed.
        Appointed = "appointed",
        /// Who cares for the patient and is responsible for them.
        Carer = "carer",
    }
}

/// What is agreed to, as it is shown and hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssignmentDocument {
    /// The text: [`PRE_TEXT`], [`POST_TEXT`], [`ENDURING_TEXT`] or [`VERBAL_TEXT`].
    pub text: String,
    /// Its version.
    pub text_version: i32,
    /// Its words.
    pub words: String,
    /// The patient's name as on the card.
    pub patient_name: Personal<String>,
    /// Who agrees, when that is somebody else.
    pub assignor_name: Option<Personal<String>>,
    /// What they are to the patient.
    pub relation: AssignorRelation,
    /// The practitioner.
    pub professional_name: String,
    /// Their provider number at the place.
    pub provider_number: String,
    /// The practice.
    pub practice_name: String,
    /// The sort of service, before it.
    pub service_category: Option<String>,
    /// The items and their benefits, after it.
    pub items: Vec<(String, AudCents)>,
    /// The first day it is for.
    pub service_from: Date,
    /// The last day it is for; the same day but for an enduring one.
    pub service_until: Date,
}

impl AssignmentDocument {
    /// The exact text that is shown, sent and hashed with SHA-256: one fact to a line, so that a word more or less is another hash.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{} (version {})\n{}\nPatient: {}\n",
            self.text,
            self.text_version,
            self.words,
            self.patient_name.expose()
        );
        // Writing into a String does not fail.
        if let Some(name) = &self.assignor_name {
            let _ = writeln!(text, "Agreed by: {} ({})", name.expose(), self.relation.code());
        }
        let _ = writeln!(
            text,
            "Practitioner: {}, provider number {}",
            self.professional_name, self.provider_number
        );
        let _ = writeln!(text, "Practice: {}", self.practice_name);
        if let Some(category) = &self.service_category {
            let _ = writeln!(text, "Service: {category}");
        }
        for (item, benefit) in &self.items {
            let _ = writeln!(text, "Item {item}: benefit {benefit}");
        }
        if self.service_from == self.service_until {
            let _ = writeln!(text, "Day of service: {}", self.service_from);
        } else {
            let _ = writeln!(text, "Services from {} to {}", self.service_from, self.service_until);
        }
        text
    }
}

/// An assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// Which.
    pub assignment_id: AssignmentId,
    /// For which booking; none for an enduring one.
    pub booking_id: Option<BookingId>,
    /// To whose practitioner.
    pub organization_id: OrganizationId,
    /// Where it stands.
    pub status: AssignmentStatus,
    /// When it is made, and for how much.
    pub kind: AssignmentKind,
    /// How it is made.
    pub method: AssignmentMethod,
    /// What is agreed to.
    pub document: AssignmentDocument,
    /// SHA-256 of [`AssignmentDocument::to_text`] in hex.
    pub document_sha256: String,
    /// When the patient was asked.
    pub offered_at: Timestamp,
    /// Until when they can answer.
    pub answer_by: Option<Timestamp>,
    /// When it was agreed to.
    pub assigned_at: Option<Timestamp>,
    /// The last day of an enduring one.
    pub expires_on: Option<Date>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Which one took its place.
    pub superseded_by: Option<AssignmentId>,
    /// Goes up by one with every change.
    pub version: i32,
}

impl PersonalData for Assignment {}

/// The assignments of a booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignments {
    /// The latest first.
    pub items: Vec<Assignment>,
}

impl PersonalData for Assignments {}

/// Opens the letter's link. Nothing of it can be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenAssignment {
    /// The secret part of the link.
    pub token: Personal<String>,
    /// The patient's family name.
    pub family_name: Personal<String>,
    /// The patient's day of birth.
    pub date_of_birth: Personal<Date>,
    /// The last three digits of the mobile that the practice has.
    pub mobile_ends_with: Personal<String>,
}

/// Who the benefit is for, as on the card: kept sealed, for the claim alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claimant {
    /// The family name; `.` stands in for who has one name only.
    pub family_name: Personal<String>,
    /// The given name.
    pub given_name: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// The ten digits of the Medicare card.
    pub medicare_number: Personal<String>,
    /// The digit left of the name.
    pub medicare_irn: Personal<String>,
}

/// Agrees or does not. Nothing is ticked beforehand, and saying no costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerAssignment {
    /// Agrees.
    pub agrees: bool,
    /// The hash of the document that was on the screen.
    pub document_sha256: String,
    /// Who agrees.
    pub relation: AssignorRelation,
    /// Their name, when they are not the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignor_name: Option<Personal<String>>,
    /// The secret of the letter, for who came by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Personal<String>>,
    /// Who the benefit is for, unless their coverage is kept already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimant: Option<Claimant>,
}

/// Asks the patient of a bulk-billed booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfferAssignment {
    /// When it is made, and for how much.
    pub kind: AssignmentKind,
    /// The sort of service, where it is made before: of [`SORTS_OF_SERVICE`], several with [`BETWEEN_SORTS`]; without it, the sorts of the
    /// visit's usual items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_category: Option<String>,
    /// The items, where it is made after.
    #[serde(default)]
    pub item_numbers: Vec<String>,
    /// Why an enduring one is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<EnduringGround>,
    /// Its last day, for an enduring one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

/// Writes down an assignment that was made on paper or by word of mouth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordAssignment {
    /// `paper` or `verbal`.
    pub method: AssignmentMethod,
    /// Why nothing was signed, where it was by word of mouth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbal_reason: Option<VerbalReason>,
    /// Who agreed.
    pub relation: AssignorRelation,
    /// Their name, when they are not the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignor_name: Option<Personal<String>>,
    /// The hash of the document that was read or signed.
    pub document_sha256: String,
    /// Who the benefit is for, unless their coverage is kept already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimant: Option<Claimant>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{AssignmentDocument, AssignmentStatus, AssignorRelation, AudCents, POST_TEXT};

    #[test]
    fn the_text_tells_all_that_is_agreed_to() {
        let document = AssignmentDocument {
            text: POST_TEXT.to_owned(),
            text_version: 1,
            words: "I assign the benefit.".to_owned(),
            patient_name: "Ada Nguyen".to_owned().into(),
            assignor_name: None,
            relation: AssignorRelation::Patient,
            professional_name: "Dr Lee".to_owned(),
            provider_number: "2447781L".to_owned(),
            practice_name: "Harbour Practice".to_owned(),
            service_category: None,
            items: vec![("23".to_owned(), AudCents(4_390))],
            service_from: date(2026, 11, 27),
            service_until: date(2026, 11, 27),
        };
        assert_eq!(
            document.to_text(),
            "assignment-post (version 1)\nI assign the benefit.\nPatient: Ada Nguyen\n\
             Practitioner: Dr Lee, provider number 2447781L\nPractice: Harbour Practice\n\
             Item 23: benefit $43.90\nDay of service: 2026-11-27\n"
        );
    }

    #[test]
    fn only_what_was_agreed_to_can_be_relied_on() {
        for status in AssignmentStatus::ALL {
            let relied_on = status.next().contains(&AssignmentStatus::ReliedOn);
            assert_eq!(relied_on, status == AssignmentStatus::Assigned, "{status:?}");
        }
    }
}
