//! Booking and moving at the desk, for somebody who is there or on the telephone.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{
        home_visit::VisitAddress,
        party::{australian_mobile, looks_like_email, tidy},
    },
    personal::Personal,
    problem::FieldError,
};

/// Books a time at the desk, for somebody who is there or on the telephone. Any time will do, in open hours or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateAppointment {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What: one of that role's types.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends; after the type's length unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// Fits it in beside what is there already.
    #[serde(default)]
    pub fit_in: bool,
    /// Who comes.
    pub patient: DeskPatient,
}

/// Moves an appointment as last seen, or changes its length, or gives it to somebody else of the practice. What was agreed at
/// booking stays. Taking it back is the same act with the former times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RescheduleAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// With whom from now on; the same unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner_role_id: Option<PractitionerRoleId>,
    /// The new start.
    pub start: Timestamp,
    /// The new end.
    pub end: Timestamp,
    /// Fits it in beside what is there already.
    #[serde(default)]
    pub fit_in: bool,
    /// Whether the patient asked for it: then it does not count as an appointment that the practice did not keep.
    #[serde(default)]
    pub patient_asked: bool,
}

/// Somebody as the desk writes them down. Not everybody has an address and a mobile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskPatient {
    /// The full name.
    pub name: Personal<String>,
    /// What to be called, if different.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<Personal<String>>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// Where to write, in which case they are written to like anybody who books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// An Australian mobile, in any usual spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Personal<String>>,
    /// Whether they agree to text messages about the appointment: in the place of a letter that does not arrive, and without an address
    /// in the place of every letter. Means nothing without a mobile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_me: bool,
    /// Where they are visited, for home visits. The desk may promise to go anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitAddress>,
}

impl DeskPatient {
    /// Trims and checks every field; `today` is the day at the place of care. The mobile comes back in E.164, and what was
    /// left empty comes back as none; without a mobile nobody has agreed to text messages.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self, today: Date) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let filled = |text: Option<Personal<String>>| {
            text.map(|text| text.expose().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let name = tidy(self.name.expose());
        if name.is_empty() || name.chars().count() > 120 {
            errors.push(FieldError::new("/patient/name", "Enter the full name, in at most 120 characters"));
        }
        let preferred_name =
            self.preferred_name.map(|name| tidy(name.expose())).filter(|name| !name.is_empty());
        if preferred_name.as_ref().is_some_and(|name| name.chars().count() > 60) {
            errors.push(FieldError::new("/patient/preferred_name", "Use at most 60 characters"));
        }
        let born = *self.date_of_birth.expose();
        if born > today || born.year() < today.year() - 130 {
            errors.push(FieldError::new("/patient/date_of_birth", "Check the date of birth"));
        }
        let email = filled(self.email);
        if email.as_ref().is_some_and(|email| !looks_like_email(email)) {
            let detail = "Enter an e-mail address such as name@example.com, or none";
            errors.push(FieldError::new("/patient/email", detail));
        }
        let written = filled(self.mobile);
        let mobile = written.as_deref().and_then(australian_mobile);
        if written.is_some() && mobile.is_none() {
            let detail = "Enter an Australian mobile number such as 0491 570 006, or none";
            errors.push(FieldError::new("/patient/mobile", detail));
        }
        let visit = self.visit.map(VisitAddress::check).transpose().unwrap_or_else(|wrong| {
            let of_patient =
                |error: FieldError| FieldError::new(format!("/patient{}", error.pointer), error.detail);
            errors.extend(wrong.into_iter().map(of_patient));
            None
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            name: name.into(),
            preferred_name: preferred_name.map(Personal::new),
            date_of_birth: self.date_of_birth,
            email: email.map(Personal::new),
            text_me: self.text_me && mobile.is_some(),
            mobile: mobile.map(Personal::new),
            visit,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::DeskPatient;

    fn patient(email: Option<&str>, mobile: Option<&str>) -> DeskPatient {
        DeskPatient {
            name: " Bo   Lee ".to_owned().into(),
            preferred_name: None,
            date_of_birth: date(1950, 1, 1).into(),
            email: email.map(|email| email.to_owned().into()),
            mobile: mobile.map(|mobile| mobile.to_owned().into()),
            text_me: true,
            visit: None,
        }
    }

    #[test]
    fn who_walks_in_needs_no_address_and_a_wrong_one_is_named() {
        let today = date(2026, 11, 23);
        let bare = patient(None, Some(" ")).check(today).unwrap();
        assert_eq!((bare.name.expose().as_str(), bare.email, bare.mobile), ("Bo Lee", None, None));
        assert!(!bare.text_me, "there is nothing to text to");
        let reachable = patient(Some("bo@example.org"), Some("0491 570 006")).check(today).unwrap();
        assert!(reachable.text_me);
        assert_eq!(reachable.mobile.unwrap().expose(), "+61491570006");
        let wrong = patient(Some("bo"), Some("12")).check(today).unwrap_err();
        let pointers: Vec<_> = wrong.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/patient/email", "/patient/mobile"]);
    }
}
