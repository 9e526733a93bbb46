//! What the pages for support work out by themselves: who gets in, and a reason while it is stated.

use std::rc::Rc;

use shared_types::{
    PatientId,
    problem::FieldError,
    users::{GrantAccess, GrantCategory, Me, PlatformRole, Strength},
};
use yew::Reducible;

/// Whether somebody may see these pages. The server decides again; this says why without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// They may.
    In,
    /// They do not help people here.
    Stranger,
    /// They signed in without a passkey.
    TooWeak,
}

/// Whether `me` may see the pages for support.
pub fn admit(me: &Me) -> Admission {
    let helps = |role: &PlatformRole| match role {
        PlatformRole::Support | PlatformRole::Administrator => true,
        PlatformRole::Moderator => false,
    };
    if !me.platform.iter().any(helps) {
        Admission::Stranger
    } else if me.strength == Strength::Passkey {
        Admission::In
    } else {
        Admission::TooWeak
    }
}

/// Why in a word, in words that both sides read.
pub const CATEGORIES: [(GrantCategory, &str); 4] = [
    (GrantCategory::PersonAsked, "Help was asked for"),
    (GrantCategory::Fault, "Something of ours is broken"),
    (GrantCategory::Safety, "Somebody may be in danger"),
    (GrantCategory::LegalDuty, "A law asks for it"),
];

/// The same for one of them.
pub fn category_words(category: GrantCategory) -> &'static str {
    CATEGORIES.iter().find(|(one, _)| *one == category).map_or("", |(_, words)| *words)
}

/// How long a reason may stand, in minutes and in words. Four hours are the most.
pub const LENGTHS: [(u16, &str); 4] =
    [(15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (240, "4 hours")];

/// The shortest and the longest reason, in characters.
pub const REASON: std::ops::RangeInclusive<usize> = 20..=1000;

/// What stands in the form and what is wrong with it. No `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct GrantForm {
    /// Whose data: the number that they read to us.
    pub patient: String,
    /// Why, in a word.
    pub category: GrantCategory,
    /// Why.
    pub reason: String,
    /// For how long.
    pub minutes: u16,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

impl Default for GrantForm {
    fn default() -> Self {
        Self {
            patient: String::new(),
            category: GrantCategory::PersonAsked,
            reason: String::new(),
            minutes: 30,
            errors: Vec::new(),
            judged: 0,
        }
    }
}

/// Something typed, or found out.
pub enum GrantAction {
    /// The number is now this.
    Patient(String),
    /// It is for this.
    Category(GrantCategory),
    /// The reason is now this.
    Reason(String),
    /// It is to stand so many minutes.
    Minutes(u16),
    /// What is wrong now.
    Judge(Vec<FieldError>),
}

impl Reducible for GrantForm {
    type Action = GrantAction;

    fn reduce(self: Rc<Self>, action: GrantAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            GrantAction::Patient(text) => form.patient = text,
            GrantAction::Category(category) => form.category = category,
            GrantAction::Reason(text) => form.reason = text,
            GrantAction::Minutes(minutes) => form.minutes = minutes,
            GrantAction::Judge(errors) => (form.errors, form.judged) = (errors, form.judged + 1),
        }
        Rc::new(form)
    }
}

impl GrantForm {
    /// What is to be sent.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(&self) -> Result<GrantAccess, Vec<FieldError>> {
        let mut errors = Vec::new();
        let patient_id = self.patient.trim().parse::<PatientId>().ok();
        if patient_id.is_none() {
            let detail = "Enter the number from their page “Who looked at my record”";
            errors.push(FieldError::new("/patient_id", detail));
        }
        let reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if !REASON.contains(&reason.chars().count()) {
            let detail = "Say why in 20 to 1,000 characters; the person will read it";
            errors.push(FieldError::new("/reason", detail));
        }
        match patient_id {
            Some(patient_id) if errors.is_empty() => {
                Ok(GrantAccess { patient_id, category: self.category, reason, minutes: self.minutes })
            }
            Some(_) | None => Err(errors),
        }
    }

    /// What is wrong with one field.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
    }
}

/// How long something still stands: `1 h 5 min left`.
pub fn left_words(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        _ if seconds <= 0 => "It has ended".to_owned(),
        (0, 0) => format!("{seconds} s left"),
        (0, minutes) => format!("{minutes} min left"),
        (hours, minutes) => format!("{hours} h {minutes} min left"),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use serde_json::{Value, json};
    use shared_types::users::{GrantCategory, Me};
    use yew::Reducible as _;

    use super::{Admission, CATEGORIES, GrantAction, GrantForm, LENGTHS, admit, category_words, left_words};

    fn me(platform: Value, strength: &str) -> Me {
        serde_json::from_value(json!({
            "account_id": "00000000-0000-7000-8000-000000000001", "email": "kim@example.org", "patient_id": null,
            "acts_for": [], "memberships": [], "platform": platform, "strength": strength,
            "signed_in_at": "2026-11-22T22:00:00Z", "totp": false, "passkeys": 1, "recovery_codes_left": 0,
            "keys": null,
        }))
        .unwrap()
    }

    #[test]
    fn who_helps_people_gets_in_with_a_passkey() {
        for (platform, strength, admission) in [
            (json!(["support"]), "passkey", Admission::In),
            (json!(["moderator", "administrator"]), "passkey", Admission::In),
            (json!(["support"]), "password_and_code", Admission::TooWeak),
            (json!(["moderator"]), "passkey", Admission::Stranger),
            (json!([]), "passkey", Admission::Stranger),
        ] {
            assert_eq!(admit(&me(platform, strength)), admission);
        }
    }

    #[test]
    fn a_reason_names_somebody_and_is_long_enough_to_be_understood() {
        let form = Rc::new(GrantForm::default());
        let pointers: Vec<_> = form.check().unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/patient_id", "/reason"]);
        let form = form
            .reduce(GrantAction::Patient(" 00000000-0000-7000-8000-000000000009 ".to_owned()))
            .reduce(GrantAction::Reason("Ada asked\n why her name is wrong.".to_owned()))
            .reduce(GrantAction::Minutes(15));
        let grant = form.check().unwrap();
        assert_eq!(grant.patient_id.to_string(), "00000000-0000-7000-8000-000000000009");
        assert_eq!((grant.reason.as_str(), grant.minutes), ("Ada asked why her name is wrong.", 15));
        let spaced = form.reduce(GrantAction::Reason(format!("a {} b", " ".repeat(40))));
        assert!(spaced.check().is_err(), "spaces say nothing");
    }

    #[test]
    fn every_category_has_words_and_no_length_is_more_than_four_hours() {
        for (category, words) in CATEGORIES {
            assert_eq!(category_words(category), words);
        }
        assert!(!category_words(GrantCategory::LegalDuty).is_empty());
        assert!(LENGTHS.iter().all(|(minutes, _)| (1..=240).contains(minutes)));
    }

    #[test]
    fn what_is_left_is_told_in_the_largest_parts() {
        for (seconds, words) in [
            (14_400, "4 h 0 min left"),
            (3_900, "1 h 5 min left"),
            (3_599, "59 min left"),
            (59, "59 s left"),
            (0, "It has ended"),
            (-5, "It has ended"),
        ] {
            assert_eq!(left_words(seconds), words);
        }
    }
}
