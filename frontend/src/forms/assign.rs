//! The bulk-bill agreement: what shows who somebody is, and whose card it is for. Checked by the same rules as in the service. Nothing of
//! it is stored in the browser.

use std::rc::Rc;

use shared_types::{
    payments::{
        assignment::{
            AnswerAssignment, Assignment, AssignmentMethod, AssignorRelation, Claimant, OpenAssignment,
            RecordAssignment, VerbalReason,
        },
        coverage::{MedicareCard, MedicareGiven},
    },
    problem::FieldError,
};
use yew::Reducible;

use super::birth_date::{BirthDate, BirthPart};

/// Who may agree, with the words for it.
pub const RELATIONS: [(AssignorRelation, &str); 4] = [
    (AssignorRelation::Patient, "I am the patient"),
    (AssignorRelation::Parent, "I am a parent or guardian"),
    (AssignorRelation::Appointed, "I have a power of attorney or am appointed"),
    (AssignorRelation::Carer, "I care for the patient and am responsible for them"),
];

/// The same, as staff say it of somebody.
pub const RELATIONS_AT_DESK: [(AssignorRelation, &str); 4] = [
    (AssignorRelation::Patient, "The patient"),
    (AssignorRelation::Parent, "A parent or guardian"),
    (AssignorRelation::Appointed, "Somebody with a power of attorney, or appointed"),
    (AssignorRelation::Carer, "Somebody who cares for the patient and is responsible for them"),
];
/// Why nothing was signed, with the words for it.
pub const VERBAL_REASONS: [(VerbalReason, &str); 3] = [
    (VerbalReason::Telehealth, "The visit was by phone or video"),
    (VerbalReason::Unable, "The patient cannot sign"),
    (VerbalReason::Outage, "The system did not work"),
];

/// What is typed. No `Debug`: it is personal.
#[derive(Clone, PartialEq)]
pub struct AssignForm {
    /// The family name, for the proof and as on the card.
    pub family: String,
    /// The given name as on the card.
    pub given: String,
    /// The day of birth.
    pub born: BirthDate,
    /// The last three digits of the mobile.
    pub ends: String,
    /// The ten digits of the Medicare card.
    pub number: String,
    /// The digit left of the name.
    pub irn: String,
    /// Who agrees.
    pub relation: AssignorRelation,
    /// Their name, when they are not the patient.
    pub assignor: String,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

impl Default for AssignForm {
    fn default() -> Self {
        Self {
            family: String::new(),
            given: String::new(),
            born: BirthDate::default(),
            ends: String::new(),
            number: String::new(),
            irn: String::new(),
            relation: AssignorRelation::Patient,
            assignor: String::new(),
            errors: Vec::new(),
            judged: 0,
        }
    }
}

/// Something typed, or found out.
pub enum AssignAction {
    /// The family name is now this.
    Family(String),
    /// The given name is now this.
    Given(String),
    /// A box of the date is now this.
    Born(BirthPart, String),
    /// The end of the mobile's number is now this.
    Ends(String),
    /// The card's number is now this.
    Number(String),
    /// The digit left of the name is now this.
    Irn(String),
    /// Who agrees is now this.
    Relation(AssignorRelation),
    /// Their name is now this.
    Assignor(String),
    /// What is wrong now.
    Judge(Vec<FieldError>),
}

impl Reducible for AssignForm {
    type Action = AssignAction;

    fn reduce(self: Rc<Self>, action: AssignAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            AssignAction::Family(text) => form.family = text,
            AssignAction::Given(text) => form.given = text,
            AssignAction::Born(part, text) => form.born.set(part, text),
            AssignAction::Ends(text) => form.ends = text,
            AssignAction::Number(text) => form.number = text,
            AssignAction::Irn(text) => form.irn = text,
            AssignAction::Relation(relation) => form.relation = relation,
            AssignAction::Assignor(text) => form.assignor = text,
            AssignAction::Judge(errors) => (form.errors, form.judged) = (errors, form.judged + 1),
        }
        Rc::new(form)
    }
}

impl AssignForm {
    /// What opens the link.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once.
    pub fn proof(&self, token: String) -> Result<OpenAssignment, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.family.trim().is_empty() {
            errors.push(FieldError::new("/family_name", "Enter the patient’s family name"));
        }
        let born = self.born.read();
        if let Err(message) = &born {
            errors.push(FieldError::new("/dob-day", *message));
        }
        let ends = self.ends.trim();
        if ends.len() != 3 || !ends.bytes().all(|byte| byte.is_ascii_digit()) {
            errors.push(FieldError::new(
                "/mobile_ends_with",
                "Enter the last three digits of the mobile number",
            ));
        }
        match born {
            Ok(born) if errors.is_empty() => Ok(OpenAssignment {
                token: token.into(),
                family_name: self.family.trim().to_owned().into(),
                date_of_birth: born.into(),
                mobile_ends_with: ends.to_owned().into(),
            }),
            Ok(_) | Err(_) => Err(errors),
        }
    }

    /// The answer to what is on the screen. Nobody who says no is asked for anything.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once.
    pub fn answer(
        &self,
        assignment: &Assignment,
        agrees: bool,
        token: Option<String>,
    ) -> Result<AnswerAssignment, Vec<FieldError>> {
        let claimant = if agrees { Some(self.claimant()?) } else { None };
        let assignor = self.assignor.trim();
        let is_patient = self.relation == AssignorRelation::Patient;
        if agrees && !is_patient && assignor.is_empty() {
            return Err(vec![FieldError::new("/assignor_name", "Enter your own full name")]);
        }
        Ok(AnswerAssignment {
            agrees,
            document_sha256: assignment.document_sha256.clone(),
            relation: self.relation,
            assignor_name: (!is_patient && !assignor.is_empty()).then(|| assignor.to_owned().into()),
            token: token.map(Into::into),
            claimant,
        })
    }

    /// What staff write down of an answer on paper or by word of mouth. A card that is kept already is not asked for again.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once.
    pub fn record(
        &self,
        document_sha256: &str,
        method: AssignmentMethod,
        verbal_reason: Option<VerbalReason>,
    ) -> Result<RecordAssignment, Vec<FieldError>> {
        let mut errors = Vec::new();
        let is_verbal = method == AssignmentMethod::Verbal;
        if is_verbal && verbal_reason.is_none() {
            errors.push(FieldError::new("/verbal_reason", "Say why nothing was signed"));
        }
        let assignor = self.assignor.trim();
        let is_patient = self.relation == AssignorRelation::Patient;
        if !is_patient && assignor.is_empty() {
            errors.push(FieldError::new("/assignor_name", "Enter the full name of who agreed"));
        }
        let claimant = if self.has_no_card() { Ok(None) } else { self.claimant().map(Some) };
        match claimant {
            Ok(claimant) if errors.is_empty() => Ok(RecordAssignment {
                method,
                verbal_reason: verbal_reason.filter(|_| is_verbal),
                relation: self.relation,
                assignor_name: (!is_patient).then(|| assignor.to_owned().into()),
                document_sha256: document_sha256.to_owned(),
                claimant,
            }),
            Ok(_) => Err(errors),
            Err(wrong) => {
                errors.extend(wrong);
                Err(errors)
            }
        }
    }

    /// Whether nothing of a card is typed.
    fn has_no_card(&self) -> bool {
        [&self.family, &self.given, &self.number, &self.irn].iter().all(|text| text.trim().is_empty())
            && self.born == BirthDate::default()
    }

    fn claimant(&self) -> Result<Claimant, Vec<FieldError>> {
        let mut errors = Vec::new();
        let born = self.born.read();
        if let Err(message) = &born {
            errors.push(FieldError::new("/dob-day", *message));
        }
        if self.family.trim().is_empty() {
            errors.push(FieldError::new("/claimant/family_name", "Enter the family name as on the card"));
        }
        if self.given.trim().is_empty() {
            errors.push(FieldError::new("/claimant/given_name", "Enter the given name as on the card"));
        }
        let card = MedicareGiven { number: self.number.clone().into(), irn: self.irn.clone().into() };
        if let Err(error) = MedicareCard::read(&card) {
            let field = if error.pointer.ends_with("irn") { "medicare_irn" } else { "medicare_number" };
            errors.push(FieldError::new(format!("/claimant/{field}"), error.detail));
        }
        match born {
            Ok(born) if errors.is_empty() => Ok(Claimant {
                family_name: self.family.trim().to_owned().into(),
                given_name: self.given.trim().to_owned().into(),
                date_of_birth: born.into(),
                medicare_number: card.number,
                medicare_irn: card.irn,
            }),
            Ok(_) | Err(_) => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AssignForm, AssignmentMethod, AssignorRelation, BirthDate, VerbalReason};

    fn typed() -> AssignForm {
        AssignForm {
            family: " Example ".to_owned(),
            born: BirthDate { day: "29".to_owned(), month: "2".to_owned(), year: "1980".to_owned() },
            ends: "006".to_owned(),
            ..AssignForm::default()
        }
    }

    #[test]
    fn whose_card_it_is_is_asked_for_at_once() {
        let errors = AssignForm::default().claimant().unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        let wanted =
            ["/dob-day", "/claimant/family_name", "/claimant/given_name", "/claimant/medicare_number"];
        assert_eq!(pointers, wanted);
    }

    #[test]
    fn what_staff_write_down_needs_a_reason_for_word_of_mouth_and_no_card_that_is_kept() {
        let errors = |form: &AssignForm, method, reason| -> Vec<String> {
            let errors = form.record("00", method, reason).err().unwrap_or_default();
            errors.into_iter().map(|error| error.pointer).collect()
        };
        let empty = AssignForm::default();
        assert!(errors(&empty, AssignmentMethod::Paper, None).is_empty());
        assert_eq!(errors(&empty, AssignmentMethod::Verbal, None), ["/verbal_reason"]);
        assert!(errors(&empty, AssignmentMethod::Verbal, Some(VerbalReason::Unable)).is_empty());
        let of_parent = AssignForm { relation: AssignorRelation::Parent, ..AssignForm::default() };
        assert_eq!(errors(&of_parent, AssignmentMethod::Paper, None), ["/assignor_name"]);
        let half = AssignForm { number: "49515".to_owned(), ..typed() };
        let wanted = ["/claimant/given_name", "/claimant/medicare_number"];
        assert_eq!(errors(&half, AssignmentMethod::Paper, None), wanted);
    }

    #[test]
    fn all_three_points_are_asked_for_at_once() {
        let errors = AssignForm::default().proof("t".to_owned()).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/family_name", "/dob-day", "/mobile_ends_with"]);
        let proof = typed().proof("t".to_owned()).unwrap();
        assert_eq!(proof.family_name.expose(), "Example");
    }
}
