//! Patients, those they look after, and those who may act for them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{DelegationScope, InvitationSent};
use crate::{
    AccountId, DelegationId, PatientId,
    bookings::{
        ConsentGiven,
        party::{australian_mobile, looks_like_email, tidy},
    },
    personal::{Personal, PersonalData},
    problem::FieldError,
};

/// What somebody needs to be received well. A closed list: free text would invite a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccessNeed {
    /// An interpreter for the preferred language, Auslan included.
    Interpreter,
    /// A way in without steps.
    StepFree,
    /// Help with hearing.
    Hearing,
    /// Help with seeing.
    Vision,
    /// A quiet place to wait.
    QuietSpace,
    /// More time.
    MoreTime,
    /// Somebody comes along.
    SupportPerson,
    /// An assistance animal comes along.
    AssistanceAnimal,
}

/// How somebody wants to be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
}

/// Who somebody is and how to treat them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientDetails {
    /// The full name, as on the Medicare card if there is one.
    pub name: Personal<String>,
    /// What to be called, if different.
    #[serde(default)]
    pub preferred_name: Option<Personal<String>>,
    /// In their own words: `she/they`.
    #[serde(default)]
    pub pronouns: Option<Personal<String>>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// The preferred language, an ISO 639 code of two or three letters: `en`, `yue`.
    pub language: String,
    /// What is needed to be received well.
    #[serde(default)]
    pub access_needs: Personal<Vec<AccessNeed>>,
    /// How to be reminded; nothing ticked means no reminders.
    #[serde(default)]
    pub contact_by: Vec<ContactChannel>,
    /// An Australian mobile, in any usual spelling.
    #[serde(default)]
    pub mobile: Option<Personal<String>>,
}

impl PatientDetails {
    /// Trims and checks every field. The mobile comes back in E.164, lists in order and without repeats.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self, today: Date) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |pointer, detail| errors.push(FieldError::new(pointer, detail));
        let name = tidy(self.name.expose());
        if name.is_empty() || name.chars().count() > 120 {
            wrong("/name", "Enter the full name, at most 120 characters");
        }
        let preferred_name = short(self.preferred_name);
        if is_long(preferred_name.as_ref()) {
            wrong("/preferred_name", "Use at most 60 characters");
        }
        let pronouns = short(self.pronouns);
        if is_long(pronouns.as_ref()) {
            wrong("/pronouns", "Use at most 60 characters");
        }
        let born = *self.date_of_birth.expose();
        if born > today {
            wrong("/date_of_birth", "This date is in the future");
        } else if born.year() < today.year() - 130 {
            wrong("/date_of_birth", "Check the year");
        }
        let language = self.language.trim().to_ascii_lowercase();
        if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_lowercase()) {
            wrong("/language", "Choose a language by its code, such as en or yue");
        }
        let mobile = self.mobile.filter(|text| !text.expose().trim().is_empty());
        let mobile = mobile.map(|text| australian_mobile(text.expose()));
        if mobile == Some(None) {
            wrong("/mobile", "Enter an Australian mobile number such as 0491 570 006");
        }
        let mut contact_by = self.contact_by;
        contact_by.sort_unstable();
        contact_by.dedup();
        let mobile = mobile.flatten();
        if contact_by.contains(&ContactChannel::Sms) && mobile.is_none() {
            wrong("/contact_by", "Add a mobile number to be reminded by text message");
        }
        let mut access_needs = self.access_needs.into_inner();
        access_needs.sort_unstable();
        access_needs.dedup();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            name: name.into(),
            preferred_name,
            pronouns,
            date_of_birth: self.date_of_birth,
            language,
            access_needs: access_needs.into(),
            contact_by,
            mobile: mobile.map(Personal::new),
        })
    }
}

fn short(text: Option<Personal<String>>) -> Option<Personal<String>> {
    text.map(|text| tidy(text.expose())).filter(|text| !text.is_empty()).map(Personal::new)
}

fn is_long(text: Option<&Personal<String>>) -> bool {
    text.is_some_and(|text| text.expose().chars().count() > 60)
}

/// A patient, for themselves and those who act for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Patient {
    /// Which.
    pub patient_id: PatientId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Who they are.
    #[serde(flatten)]
    pub details: PatientDetails,
}

impl PersonalData for Patient {}

/// Writes somebody's details, as last seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutPatient {
    /// Who they are.
    #[serde(flatten)]
    pub details: PatientDetails,
    /// The version that was on the screen; zero the first time.
    pub version: i32,
    /// The notice `patient-details` as it was read and agreed to; needed the first time.
    #[serde(default)]
    pub consent: Option<ConsentGiven>,
}

/// How somebody wants to be reminded, whole: notifications replaces what it had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientContact {
    /// Whose.
    pub patient_id: PatientId,
    /// The version of their details.
    pub version: i32,
    /// By what; nothing means no reminders.
    pub contact_by: Vec<ContactChannel>,
    /// An Australian mobile in E.164.
    pub mobile: Option<Personal<String>>,
    /// The preferred language, an ISO 639 code.
    pub language: String,
}

impl PatientContact {
    /// What of somebody's details is about reminding them.
    pub fn of(patient: &Patient) -> Self {
        let details = &patient.details;
        Self {
            patient_id: patient.patient_id,
            version: patient.version,
            contact_by: details.contact_by.clone(),
            mobile: details.mobile.clone(),
            language: details.language.clone(),
        }
    }
}

/// On what somebody's leave to act rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DelegationBasis {
    /// A parent or guardian said so; ends when the child turns 18.
    Parent,
    /// The patient agreed.
    Consent,
}

/// Somebody one looks after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependant {
    /// Which leave to act this is.
    pub delegation_id: DelegationId,
    /// On what it rests.
    pub basis: DelegationBasis,
    /// What one may do.
    pub scopes: Vec<DelegationScope>,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether they have an account of their own.
    pub has_account: bool,
    /// Who they are.
    pub patient: Patient,
}

impl PersonalData for Dependant {}

/// Begins to look after somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AddDependant {
    /// A child below 15, by a parent's or guardian's statement. From 15 the young person is asked instead.
    Child(AddChild),
    /// Somebody from 15, who is asked by e-mail.
    Adult(AskAdult),
}

/// A child and the statement of who adds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddChild {
    /// Who they are.
    #[serde(flatten)]
    pub details: PatientDetails,
    /// The text `parent-statement` as it was read and agreed to.
    pub statement: ConsentGiven,
}

/// Asks somebody for leave to act for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskAdult {
    /// Where to ask.
    pub email: Personal<String>,
    /// For what.
    pub scopes: Vec<DelegationScope>,
    /// Until when; at most two years away.
    pub expires_at: Timestamp,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AddedDependant {
    /// The child is there.
    Child(Box<Dependant>),
    /// They were asked.
    Adult(InvitationSent),
}

impl PersonalData for AddedDependant {}

/// Asks somebody to act for the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InviteCarer {
    /// Whom.
    pub email: Personal<String>,
    /// For what.
    pub scopes: Vec<DelegationScope>,
    /// Until when; at most two years away.
    pub expires_at: Timestamp,
}

/// Reads an address that somebody is to be asked at: trimmed, and small letters in the domain and before it, so that
/// one address is one.
///
/// # Errors
/// When it cannot be an address.
pub fn invited_email(text: &Personal<String>) -> Result<Personal<String>, FieldError> {
    let email = text.expose().trim().to_lowercase();
    if looks_like_email(&email) {
        Ok(email.into())
    } else {
        Err(FieldError::new("/email", "Enter an e-mail address such as name@example.com"))
    }
}

/// One person's leave to act for another, as both of them see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delegation {
    /// Which.
    pub delegation_id: DelegationId,
    /// For whom.
    pub patient_id: PatientId,
    /// Whether the reader is the one who may act; otherwise they are the patient.
    pub mine_to_use: bool,
    /// What the patient is called.
    pub patient_name: Personal<String>,
    /// What the one who may act is called, when they have said so.
    pub carer_name: Option<Personal<String>>,
    /// On what it rests.
    pub basis: DelegationBasis,
    /// For what.
    pub scopes: Vec<DelegationScope>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl PersonalData for Delegation {}

/// What users states to bookings about somebody who wants to claim what they booked as a guest: that they read the mail
/// of an address, and when they were born. It travels in their own browser, signed and for five minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimStatement {
    /// Whose account.
    pub account_id: AccountId,
    /// The patient that its holder is.
    pub patient_id: PatientId,
    /// The verified address, in small letters.
    pub email: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
}

impl ClaimStatement {
    /// The kind of the ticket that carries it.
    pub const KIND: &str = "claim_bookings";
}

/// A signed statement to hand to another service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimTicket {
    /// The statement with its signature.
    pub ticket: Personal<String>,
    /// Until when it is believed.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{AccessNeed, ContactChannel, PatientDetails};

    fn details() -> PatientDetails {
        PatientDetails {
            name: " Ada  Nguyen ".to_owned().into(),
            preferred_name: Some(" ".to_owned().into()),
            pronouns: Some("she/they".to_owned().into()),
            date_of_birth: date(1980, 2, 29).into(),
            language: " EN ".to_owned(),
            access_needs: vec![AccessNeed::Vision, AccessNeed::Interpreter, AccessNeed::Vision].into(),
            contact_by: vec![ContactChannel::Sms, ContactChannel::Email],
            mobile: Some("0491 570 006".to_owned().into()),
        }
    }

    #[test]
    fn good_details_come_back_tidy() {
        let details = details().check(date(2026, 11, 23)).unwrap();
        assert_eq!(details.name.expose(), "Ada Nguyen");
        assert_eq!(details.preferred_name, None);
        assert_eq!(details.language, "en");
        assert_eq!(details.access_needs.expose(), &[AccessNeed::Interpreter, AccessNeed::Vision]);
        assert_eq!(details.contact_by, [ContactChannel::Email, ContactChannel::Sms]);
        assert_eq!(details.mobile.unwrap().expose(), "+61491570006");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let bad = PatientDetails {
            name: " ".to_owned().into(),
            pronouns: Some("x".repeat(61).into()),
            date_of_birth: date(2027, 1, 1).into(),
            language: "English".to_owned(),
            mobile: None,
            ..details()
        };
        let wrong = bad.check(date(2026, 11, 23)).unwrap_err();
        let pointers: Vec<_> = wrong.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/name", "/pronouns", "/date_of_birth", "/language", "/contact_by"]);
    }

    #[test]
    fn debug_output_shows_nothing_personal() {
        let text = format!("{:?}", details());
        assert!(!text.contains("Ada") && !text.contains("Vision") && !text.contains("0491"), "{text}");
    }
}
