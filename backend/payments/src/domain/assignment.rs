//! Rules for assignments of benefit: who may be asked for what, what proves who somebody is, and what needs a fresh agreement.

mod sorts;

use jiff::{SignedDuration, Span, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use shared_types::{
    payments::{
        assignment::{
            AssignmentDocument, AssignmentKind, AssignmentMethod, Claimant, OfferAssignment, OpenAssignment,
            RecordAssignment,
        },
        coverage::{MedicareCard, MedicareGiven},
        rules,
    },
    personal::Personal,
    problem::FieldError,
};

pub use self::sorts::{is_for, names_sorts, sorts_of};

/// How often the three points of identity can be wrong before a letter's link is of no use.
pub const MOST_WRONG_PROOFS: i16 = 5;
/// How long whoever gave the three points can answer.
const PROOF_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long a patient has to answer after a visit that is over.
const ANSWER_DAYS: i64 = 30;
/// The longest enduring assignment, in years.
const LONGEST_ENDURING: i32 = 5;
const LONGEST_NAME: usize = 40;
/// All sorts of service have room, each once.
const LONGEST_CATEGORY: usize = 250;

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepBy {
    /// The patient, or who agrees for them.
    Patient,
    /// Staff of the practice.
    Practice,
    /// A job or an event.
    System,
}

impl StepBy {
    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practice => "practice",
            Self::System => "system",
        }
    }
}

/// By what somebody was known when they agreed (C-55).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// They were signed in.
    Session,
    /// Their browser holds the booking.
    Ticket,
    /// They had the letter and gave three points of identity.
    Letter,
    /// Staff heard or saw it.
    Staff,
}

impl Evidence {
    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Ticket => "ticket",
            Self::Letter => "letter",
            Self::Staff => "staff",
        }
    }
}

/// A bulk-billed patient: three points of identity as the practice has them, and who they are on their card. It is kept sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The full name.
    pub name: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// The last three digits of the mobile.
    pub mobile_ends_with: Personal<String>,
    /// The card, once it is known.
    pub card: Option<CardHolder>,
}

/// Who somebody is on their Medicare card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardHolder {
    /// The family name; `.` where there is one name only.
    pub family_name: Personal<String>,
    /// The given name.
    pub given_name: Personal<String>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// Number and reference as [`MedicareCard::to_text`] writes them.
    pub medicare: Personal<String>,
}

impl Identity {
    /// Whether all three points are right.
    pub fn is_proved_by(&self, given: &OpenAssignment) -> bool {
        let (name, family) = (folded(self.name.expose()), folded(given.family_name.expose()));
        let is_family = !family.is_empty() && (name == family || name.ends_with(&format!(" {family}")));
        let ends = given.mobile_ends_with.expose().trim();
        is_family
            && self.date_of_birth == given.date_of_birth
            && ends.len() == 3
            && self.mobile_ends_with.expose() == ends
    }

    /// The holder of a card that is kept under this name: the last word is the family's.
    pub fn holder_of(&self, card: &MedicareCard) -> CardHolder {
        let name = self.name.expose().trim();
        let (given, family) = name.rsplit_once(char::is_whitespace).unwrap_or((name, "."));
        CardHolder {
            family_name: family.to_owned().into(),
            given_name: given.trim().to_owned().into(),
            date_of_birth: self.date_of_birth.clone(),
            medicare: card.to_text().into(),
        }
    }
}

/// Reads who the benefit is for.
///
/// # Errors
/// What would be right, for each field.
pub fn read_claimant(given: &Claimant) -> Result<CardHolder, Vec<FieldError>> {
    let mut errors = Vec::new();
    for (field, name) in [("family_name", &given.family_name), ("given_name", &given.given_name)] {
        if !(1..=LONGEST_NAME).contains(&name.expose().trim().chars().count()) {
            let detail = "Enter the name as on the card, at most 40 letters";
            errors.push(FieldError::new(format!("/claimant/{field}"), detail));
        }
    }
    let card = MedicareCard::read(&MedicareGiven {
        number: given.medicare_number.clone(),
        irn: given.medicare_irn.clone(),
    });
    match card {
        Ok(card) if errors.is_empty() => Ok(CardHolder {
            family_name: given.family_name.expose().trim().to_owned().into(),
            given_name: given.given_name.expose().trim().to_owned().into(),
            date_of_birth: given.date_of_birth.clone(),
            medicare: card.to_text().into(),
        }),
        Ok(_) => Err(errors),
        Err(error) => {
            let field = if error.pointer.ends_with("irn") { "medicare_irn" } else { "medicare_number" };
            errors.push(FieldError::new(format!("/claimant/{field}"), error.detail));
            Err(errors)
        }
    }
}

/// What is wrong with what a practice asks a patient for.
pub fn check_offer(offer: &OfferAssignment, service_on: Date, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, detail: &str| errors.push(FieldError::new(pointer, detail));
    match offer.kind {
        AssignmentKind::Pre => {
            // Whether an item is of it is decided by the schedule, which knows no other sorts.
            if !offer.service_category.as_deref().is_none_or(names_sorts) {
                wrong(
                    "/service_category",
                    "Choose what sorts of service it is for, as the schedule calls them",
                );
            }
            if service_on < today {
                wrong("/kind", "The day of the visit is over: ask for an assignment of its items");
            }
        }
        AssignmentKind::Post => {
            if !(1..=14).contains(&offer.item_numbers.len()) {
                wrong("/item_numbers", "Name one to fourteen items");
            }
            if service_on > today {
                wrong("/kind", "The visit is still to come: ask for an assignment of a sort of service");
            }
        }
        AssignmentKind::Enduring => {
            if offer.ground.is_none() {
                wrong("/ground", "Say why the assignment may be for every service");
            }
            let latest = today.saturating_add(Span::new().years(LONGEST_ENDURING));
            if offer.expires_on.is_none_or(|last| last < today || last > latest) {
                wrong("/expires_on", "Choose its last day, at most five years from today");
            }
        }
    }
    let category = offer.service_category.as_deref().unwrap_or_default();
    if category.chars().count() > LONGEST_CATEGORY {
        wrong("/service_category", "Name each sort of service once");
    }
    // The text that is agreed to has one fact to a line: nobody writes another one into it.
    if category.trim().contains(char::is_control) {
        wrong("/service_category", "Say it on one line");
    }
    errors
}

/// What is wrong with what staff write down.
pub fn check_record(given: &RecordAssignment, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match given.method {
        AssignmentMethod::Electronic => {
            errors.push(FieldError::new(
                "/method",
                "What is agreed to on our page is not written down by staff",
            ));
        }
        AssignmentMethod::Paper => {}
        AssignmentMethod::Verbal => {
            if given.verbal_reason.is_none() {
                errors.push(FieldError::new("/verbal_reason", "Say why nothing was signed"));
            }
            if !rules::verbal_is_allowed(today) {
                let detail = "Assignments by word of mouth are no longer good: have it signed";
                errors.push(FieldError::new("/method", detail));
            }
        }
    }
    errors
}

/// Whether something changed that was agreed to, so that it has to be agreed to anew. Other words of the same text are no such thing.
pub fn is_material(agreed: &AssignmentDocument, now: &AssignmentDocument) -> bool {
    let what = |document: &AssignmentDocument| {
        (
            document.provider_number.clone(),
            document.practice_name.clone(),
            document.service_category.clone(),
            (document.service_from, document.service_until),
        )
    };
    what(agreed) != what(now)
}

/// Until when a patient can answer: the end of the visit, or some weeks once it is over.
pub fn answer_by(now: Timestamp, visit_ends: Timestamp) -> Timestamp {
    if now < visit_ends { visit_ends } else { now + SignedDuration::from_hours(24 * ANSWER_DAYS) }
}

/// Whether somebody who gave the three points then can answer now.
pub fn proof_holds(proved_at: Option<Timestamp>, now: Timestamp) -> bool {
    proved_at.is_some_and(|proved| now <= proved + PROOF_LASTS)
}

/// The sort of device by what its browser says of itself; no more of it is kept (C-55).
pub fn device_class(user_agent: &str) -> &'static str {
    let said = |word| user_agent.contains(word);
    if said("iPad") || said("Tablet") || (said("Android") && !said("Mobile")) {
        "tablet"
    } else if said("Mobile") || said("iPhone") {
        "phone"
    } else if user_agent.is_empty() {
        "unknown"
    } else {
        "computer"
    }
}

/// Small letters, one space between words.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::payments::assignment::{
        AssignmentKind, AssignmentMethod, AssignorRelation, BETWEEN_SORTS, EnduringGround, OfferAssignment,
        OpenAssignment, RecordAssignment, SORTS_OF_SERVICE,
    };

    use super::{Identity, check_offer, check_record, device_class, proof_holds};

    fn identity() -> Identity {
        Identity {
            name: "Ada de la Cruz".to_owned().into(),
            date_of_birth: date(1980, 2, 29).into(),
            mobile_ends_with: "006".to_owned().into(),
            card: None,
        }
    }

    fn proved(family: &str, born: jiff::civil::Date, ends: &str) -> bool {
        identity().is_proved_by(&OpenAssignment {
            token: String::new().into(),
            family_name: family.to_owned().into(),
            date_of_birth: born.into(),
            mobile_ends_with: ends.to_owned().into(),
        })
    }

    #[test]
    fn three_points_prove_who_somebody_is_and_two_do_not() {
        let born = date(1980, 2, 29);
        assert!(proved("cruz", born, "006") && proved(" De  La Cruz ", born, "006"));
        assert!(!proved("ruz", born, "006") && !proved("", born, "006") && !proved("Ada", born, "006"));
        assert!(!proved("Cruz", date(1980, 2, 28), "006"));
        assert!(!proved("Cruz", born, "06") && !proved("Cruz", born, "007"));
    }

    #[test]
    fn each_kind_is_asked_for_with_what_it_needs() {
        let (today, offer) = (date(2026, 11, 27), |kind| OfferAssignment {
            kind,
            service_category: None,
            item_numbers: Vec::new(),
            ground: None,
            expires_on: None,
        });
        let pointers = |offer: OfferAssignment, on| -> Vec<String> {
            check_offer(&offer, on, today).into_iter().map(|error| error.pointer).collect()
        };
        assert!(pointers(offer(AssignmentKind::Pre), today).is_empty(), "the visit's usual items say it");
        let named = |sorts: &[&str]| OfferAssignment {
            service_category: Some(sorts.join(BETWEEN_SORTS)),
            ..offer(AssignmentKind::Pre)
        };
        assert!(pointers(named(&SORTS_OF_SERVICE), today).is_empty());
        let repeated = SORTS_OF_SERVICE.repeat(2);
        for wrong in [&[][..], &["A chat"][..], &repeated[..]] {
            assert_eq!(pointers(named(wrong), today), ["/service_category"], "{wrong:?}");
        }
        assert_eq!(pointers(offer(AssignmentKind::Post), date(2026, 11, 28)), ["/item_numbers", "/kind"]);
        assert_eq!(pointers(offer(AssignmentKind::Enduring), today), ["/ground", "/expires_on"]);
        let enduring = OfferAssignment {
            ground: Some(EnduringGround::AgedCare),
            expires_on: Some(date(2027, 11, 27)),
            ..offer(AssignmentKind::Enduring)
        };
        assert!(check_offer(&enduring, today, today).is_empty());
    }

    #[test]
    fn word_of_mouth_needs_a_reason_and_ends() {
        let verbal = RecordAssignment {
            method: AssignmentMethod::Verbal,
            verbal_reason: None,
            relation: AssignorRelation::Patient,
            assignor_name: None,
            document_sha256: String::new(),
            claimant: None,
        };
        let count = |day| check_record(&verbal, day).len();
        assert_eq!((count(date(2027, 6, 30)), count(date(2027, 7, 1))), (1, 2));
    }

    #[test]
    fn a_proof_lasts_half_an_hour() {
        let proved: jiff::Timestamp = "2026-11-27T00:00:00Z".parse().unwrap();
        assert!(proof_holds(Some(proved), "2026-11-27T00:30:00Z".parse().unwrap()));
        assert!(!proof_holds(Some(proved), "2026-11-27T00:30:01Z".parse().unwrap()));
        assert!(!proof_holds(None, proved));
    }

    #[test]
    fn of_a_device_only_its_sort_is_kept() {
        assert_eq!(device_class("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Mobile/15E148"), "phone");
        assert_eq!(device_class("Mozilla/5.0 (Linux; Android 16; SM-X910)"), "tablet");
        assert_eq!(device_class("Mozilla/5.0 (X11; Linux x86_64)"), "computer");
        assert_eq!(device_class(""), "unknown");
    }
}
