//! The patient's details while they are being typed.

use std::rc::Rc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared_types::{
    bookings::{PartyDetails, home_visit::VisitAddress},
    problem::FieldError,
};
use yew::Reducible;

use super::{
    birth_date::{BirthDate, BirthPart},
    visit::{LOCALITY, VisitForm},
};

/// The box below the collection notice, as errors name it.
pub const CONSENT: &str = "/consent";

/// The fields in the order of the page, by the pointers the API names them with.
const ORDER: [&str; 8] =
    ["/name", "/preferred_name", "/date_of_birth", "/email", "/mobile", "/visit/street", LOCALITY, CONSENT];

/// What stands in the form and what is wrong with it. No `Debug`: it is personal.
///
/// The text is written to the tab's session storage while a booking is under way; what is wrong with it is
/// not.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartyForm {
    /// The full name.
    pub name: String,
    /// What to be called, if different.
    pub preferred_name: String,
    /// The day of birth.
    pub born: BirthDate,
    /// Where the confirmation goes.
    pub email: String,
    /// An Australian mobile.
    pub mobile: String,
    /// Whether a letter that does not arrive may go there as a text message.
    #[serde(default)]
    pub text_me: bool,
    /// Where they are visited, where that is asked.
    #[serde(default)]
    pub visit: VisitForm,
    /// What is wrong, in the order of the fields.
    #[serde(skip)]
    pub errors: Vec<FieldError>,
    /// How often it was judged: the summary takes the focus each time, also when it says the same again.
    #[serde(skip)]
    pub judged: u32,
}

/// Something typed, or found out.
pub enum PartyAction {
    /// The full name is now this.
    Name(String),
    /// The name to be called by is now this.
    PreferredName(String),
    /// A box of the date of birth is now this.
    Born(BirthPart, String),
    /// The e-mail address is now this.
    Email(String),
    /// The mobile is now this.
    Mobile(String),
    /// Whether a letter that does not arrive may go there as a text message, now.
    TextMe(bool),
    /// Where they are visited is now this.
    Visit(VisitForm),
    /// What is wrong now; nothing when the form is in order. Errors stay put while somebody types: a summary
    /// that shrinks under one's fingers helps nobody.
    Judge(Vec<FieldError>),
}

impl Reducible for PartyForm {
    type Action = PartyAction;

    fn reduce(self: Rc<Self>, action: PartyAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            PartyAction::Name(text) => form.name = text,
            PartyAction::PreferredName(text) => form.preferred_name = text,
            PartyAction::Born(part, text) => form.born.set(part, text),
            PartyAction::Email(text) => form.email = text,
            PartyAction::Mobile(text) => form.mobile = text,
            PartyAction::TextMe(agreed) => form.text_me = agreed,
            PartyAction::Visit(visit) => form.visit = visit,
            PartyAction::Judge(errors) => {
                (form.errors, form.judged) = (in_page_order(errors), form.judged + 1)
            }
        }
        Rc::new(form)
    }
}

impl PartyForm {
    /// The details as the API takes them; `today` is the day at the place of care.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once and in the order of the page.
    pub fn check(&self, today: Date) -> Result<PartyDetails, Vec<FieldError>> {
        let born = self.born.read();
        let details = PartyDetails {
            name: self.name.clone().into(),
            preferred_name: Some(self.preferred_name.clone().into()),
            // A stand-in while the boxes hold no date, so that the other fields are judged in the same go.
            date_of_birth: born.unwrap_or(today).into(),
            email: self.email.clone().into(),
            mobile: self.mobile.clone().into(),
        };
        match (born, details.check(today)) {
            (Ok(_), checked) => checked,
            (Err(message), checked) => {
                let mut errors = checked.err().unwrap_or_default();
                errors.push(FieldError::new("/date_of_birth", message));
                Err(in_page_order(errors))
            }
        }
    }

    /// The details and, where a home visit is booked, where it goes; `today` is the day at the place of care.
    ///
    /// # Errors
    /// As [`PartyForm::check`].
    pub fn read(
        &self,
        today: Date,
        asks_where: bool,
    ) -> Result<(PartyDetails, Option<VisitAddress>), Vec<FieldError>> {
        let visit = asks_where.then(|| self.visit.read()).transpose();
        match (self.check(today), visit) {
            (Ok(details), Ok(visit)) => Ok((details, visit)),
            (details, visit) => {
                let errors = details.err().into_iter().chain(visit.err()).flatten();
                Err(in_page_order(errors.collect()))
            }
        }
    }

    /// What is wrong with one field.
    pub fn error(&self, pointer: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.as_str())
    }

    /// What to call the patient.
    pub fn called(&self) -> &str {
        let preferred = self.preferred_name.trim();
        if preferred.is_empty() { self.name.trim() } else { preferred }
    }
}

/// The element that an error's link leads to.
pub fn input_id(pointer: &str) -> &str {
    match pointer {
        "/date_of_birth" => "dob-day",
        "/visit/street" => "street",
        LOCALITY => "near",
        other => other.trim_start_matches('/'),
    }
}

fn in_page_order(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.sort_by_key(|error| {
        ORDER.iter().position(|pointer| *pointer == error.pointer).unwrap_or(ORDER.len())
    });
    errors
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use jiff::civil::date;
    use yew::Reducible;

    use super::{BirthPart, FieldError, PartyAction, PartyForm, VisitForm, input_id};

    fn typed(actions: Vec<PartyAction>) -> Rc<PartyForm> {
        actions.into_iter().fold(Rc::new(PartyForm::default()), |form, action| form.reduce(action))
    }

    fn complete() -> Rc<PartyForm> {
        typed(vec![
            PartyAction::Name("Ada Nguyen".to_owned()),
            PartyAction::Born(BirthPart::Day, "29".to_owned()),
            PartyAction::Born(BirthPart::Month, "2".to_owned()),
            PartyAction::Born(BirthPart::Year, "1980".to_owned()),
            PartyAction::Email("ada@example.org".to_owned()),
            PartyAction::Mobile("0491 570 006".to_owned()),
        ])
    }

    #[test]
    fn a_complete_form_becomes_details() {
        let details = complete().check(date(2026, 11, 22)).unwrap();
        assert_eq!(*details.date_of_birth.expose(), date(1980, 2, 29));
        assert_eq!(details.mobile.expose(), "+61491570006");
        assert_eq!(details.preferred_name, None);
    }

    #[test]
    fn an_empty_form_names_every_needed_field_in_page_order() {
        let errors = PartyForm::default().check(date(2026, 11, 22)).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/date_of_birth", "/email", "/mobile"]);
    }

    #[test]
    fn a_day_that_does_not_exist_is_the_only_error_of_an_otherwise_good_form() {
        let form = complete().reduce(PartyAction::Born(BirthPart::Year, "1981".to_owned()));
        let errors = form.check(date(2026, 11, 22)).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].pointer, "/date_of_birth");
    }

    #[test]
    fn somebody_born_tomorrow_is_asked_again() {
        let errors = complete().check(date(1980, 2, 28)).unwrap_err();
        assert_eq!(errors[0].pointer, "/date_of_birth");
    }

    #[test]
    fn where_a_home_visit_goes_is_asked_with_the_rest_and_of_nobody_else() {
        let today = date(2026, 11, 22);
        let (_, visit) = complete().read(today, false).unwrap();
        assert!(visit.is_none());
        let missing = complete().reduce(PartyAction::Email("ada".to_owned())).read(today, true).unwrap_err();
        let pointers: Vec<_> = missing.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/email", "/visit/street", "/visit/locality"]);
        assert_eq!(input_id("/visit/locality"), "near");
        let street = VisitForm::default().with_street("1 Example Street".to_owned());
        let there =
            complete().reduce(PartyAction::Visit(street.with_words("Harris Park NSW 2150".to_owned())));
        let (_, visit) = there.read(today, true).unwrap();
        assert_eq!(visit.unwrap().postcode.expose(), "2150");
    }

    #[test]
    fn errors_stay_while_typing_and_go_when_the_form_is_judged_again() {
        let wrong = vec![FieldError::new("/email", "Enter an e-mail address")];
        let form = complete().reduce(PartyAction::Judge(wrong)).reduce(PartyAction::Email("a".to_owned()));
        assert_eq!(form.error("/email"), Some("Enter an e-mail address"));
        assert_eq!(form.reduce(PartyAction::Judge(Vec::new())).error("/email"), None);
    }

    #[test]
    fn what_is_kept_for_later_holds_the_text_and_no_errors() {
        let form = complete().reduce(PartyAction::Judge(vec![FieldError::new("/name", "Too long")]));
        let kept = serde_json::to_string(&*form).unwrap();
        let back: PartyForm = serde_json::from_str(&kept).unwrap();
        assert!(back.name == "Ada Nguyen" && back.errors.is_empty());
    }

    #[test]
    fn nobody_agrees_to_texts_who_has_not_ticked_that_and_what_was_kept_before_is_still_read() {
        assert!(!complete().text_me);
        let agreed = complete().reduce(PartyAction::TextMe(true));
        assert!(agreed.text_me && !agreed.reduce(PartyAction::TextMe(false)).text_me);
        let mut kept = serde_json::to_value(&*complete()).unwrap();
        kept.as_object_mut().unwrap().remove("text_me");
        let back: PartyForm = serde_json::from_value(kept).unwrap();
        assert!(back.name == "Ada Nguyen" && !back.text_me);
    }

    #[test]
    fn an_error_leads_to_the_first_box_of_its_field() {
        assert_eq!(input_id("/date_of_birth"), "dob-day");
        assert_eq!(input_id("/email"), "email");
    }

    #[test]
    fn the_preferred_name_goes_first() {
        let form = complete().reduce(PartyAction::PreferredName(" Ad ".to_owned()));
        assert_eq!(form.called(), "Ad");
        assert_eq!(complete().called(), "Ada Nguyen");
    }
}
