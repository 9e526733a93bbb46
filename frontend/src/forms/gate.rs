//! Proving that a manage link is in the right hands: a date of birth, or a code from the patient's mail.

use std::rc::Rc;

use shared_types::{Problem, bookings::ManageProof};
use yew::Reducible;

use super::birth_date::{BirthDate, BirthPart};

/// Which proof is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateMode {
    /// The patient's date of birth.
    #[default]
    Birth,
    /// No more dates: a code must be asked for.
    AskForCode,
    /// Six digits, after they were sent.
    Code,
}

/// What is typed and what came of it. No `Debug`: it is personal.
#[derive(Clone, Default, PartialEq)]
pub struct GateForm {
    /// Which proof is asked for.
    pub mode: GateMode,
    /// The boxes of the date.
    pub born: BirthDate,
    /// The box of the code.
    pub code: String,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// Why the link cannot be opened, when that concerns no field.
    pub problem: Option<Problem>,
    /// Something to know about the code: that it is on its way, or why only it will do.
    pub told: Option<String>,
    /// Whether an answer is still out.
    pub busy: bool,
}

/// Something typed or answered.
pub enum GateAction {
    /// A box of the date is now this.
    Born(BirthPart, String),
    /// The code is now this.
    Code(String),
    /// What was typed cannot be right.
    Wrong(String),
    /// A request is out.
    Sent,
    /// The code is on its way.
    CodeSent,
    /// The service said no.
    Refused(Problem),
}

impl GateForm {
    /// The proof.
    ///
    /// # Errors
    /// What to do about it, in one sentence.
    pub fn proof(&self) -> Result<ManageProof, &'static str> {
        match self.mode {
            GateMode::Birth => self.born.read().map(ManageProof::DateOfBirth),
            GateMode::AskForCode => Err("Ask for a code first"),
            GateMode::Code => {
                let code: String = self.code.chars().filter(|c| !c.is_whitespace()).collect();
                let six = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
                if six { Ok(ManageProof::Code(code)) } else { Err("Enter the six digits from the e-mail") }
            }
        }
    }
}

impl Reducible for GateForm {
    type Action = GateAction;

    fn reduce(self: Rc<Self>, action: GateAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            GateAction::Born(part, text) => form.born.set(part, text),
            GateAction::Code(text) => form.code = text,
            GateAction::Wrong(message) => form.error = Some(message),
            GateAction::Sent => (form.busy, form.error, form.problem) = (true, None, None),
            GateAction::CodeSent => {
                form.code.clear();
                (form.mode, form.busy, form.error) = (GateMode::Code, false, None);
                form.told = Some("We sent six digits to the e-mail address of the booking.".to_owned());
            }
            GateAction::Refused(problem) => {
                form.busy = false;
                if problem.is("wrong-proof") {
                    form.error = Some(problem.detail.unwrap_or(problem.title));
                } else if problem.is("code-only") {
                    (form.mode, form.born, form.error) = (GateMode::AskForCode, BirthDate::default(), None);
                    form.told = Some(problem.detail.unwrap_or(problem.title));
                    form.problem = None;
                } else {
                    form.problem = Some(problem);
                }
            }
        }
        Rc::new(form)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{Problem, bookings::ManageProof};
    use yew::Reducible;

    use super::{BirthPart, GateAction, GateForm, GateMode};

    fn after(actions: Vec<GateAction>) -> Rc<GateForm> {
        actions.into_iter().fold(Rc::new(GateForm::default()), |form, action| form.reduce(action))
    }

    #[test]
    fn a_wrong_date_says_how_many_tries_are_left() {
        let refused =
            Problem::new("wrong-proof", 403, "That does not match").detail("You have 3 tries left.");
        let form = after(vec![GateAction::Sent, GateAction::Refused(refused)]);
        assert_eq!(form.error.as_deref(), Some("You have 3 tries left."));
        assert!(!form.busy);
    }

    #[test]
    fn after_too_many_tries_the_date_is_forgotten_and_the_reason_is_told() {
        let refused = Problem::new("code-only", 403, "Only a code opens this now");
        let form =
            after(vec![GateAction::Born(BirthPart::Day, "1".to_owned()), GateAction::Refused(refused)]);
        assert!(form.born.day.is_empty() && form.mode == GateMode::AskForCode);
        assert_eq!(form.told.as_deref(), Some("Only a code opens this now"));
    }

    #[test]
    fn a_code_may_be_typed_with_a_gap() {
        let form = after(vec![GateAction::CodeSent, GateAction::Code("123 456".to_owned())]);
        assert!(form.mode == GateMode::Code);
        assert_eq!(form.proof(), Ok(ManageProof::Code("123456".to_owned())));
        assert!(form.reduce(GateAction::Code("12345".to_owned())).proof().is_err());
    }
}
