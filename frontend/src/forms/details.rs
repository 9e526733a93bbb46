//! Who somebody is and how to treat them, while it is typed: one's own details, or those of somebody one looks after.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{
    problem::FieldError,
    users::{AccessNeed, ContactChannel, PatientDetails},
};
use yew::Reducible;

use super::{
    birth_date::{BirthDate, BirthPart},
    party::CONSENT,
};

/// What the list of languages says for one that is not in it.
pub const OTHER_LANGUAGE: &str = "other";

/// The fields in the order of the page, by the pointers the API names them with.
const ORDER: [&str; 9] = [
    "/name",
    "/preferred_name",
    "/pronouns",
    "/date_of_birth",
    "/language",
    "/access_needs",
    "/contact_by",
    "/mobile",
    CONSENT,
];

/// Every access need with its words.
pub const ACCESS_NEEDS: [(AccessNeed, &str); 8] = [
    (AccessNeed::Interpreter, "An interpreter, for Auslan too"),
    (AccessNeed::StepFree, "A way in without steps"),
    (AccessNeed::Hearing, "Help with hearing"),
    (AccessNeed::Vision, "Help with seeing"),
    (AccessNeed::QuietSpace, "A quiet place to wait"),
    (AccessNeed::MoreTime, "More time"),
    (AccessNeed::SupportPerson, "Somebody comes along"),
    (AccessNeed::AssistanceAnimal, "An assistance animal comes along"),
];

/// Every way to be reminded, with its words.
pub const CHANNELS: [(ContactChannel, &str); 2] =
    [(ContactChannel::Email, "By e-mail"), (ContactChannel::Sms, "By text message")];

/// What stands in the form and what is wrong with it. No `Debug`: it is personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DetailsForm {
    /// The full name.
    pub name: String,
    /// What to be called, if different.
    pub preferred_name: String,
    /// In their own words.
    pub pronouns: String,
    /// The day of birth.
    pub born: BirthDate,
    /// A code of the list; [`OTHER_LANGUAGE`] for one that is not in it.
    pub language: String,
    /// The code of a language that is not in the list.
    pub other_language: String,
    /// What is needed.
    pub access_needs: Vec<AccessNeed>,
    /// How to be reminded.
    pub contact_by: Vec<ContactChannel>,
    /// An Australian mobile.
    pub mobile: String,
    /// Whether the box below the notice is ticked; never beforehand.
    pub agreed: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

/// Something typed, or found out.
pub enum DetailsAction {
    /// The full name is now this.
    Name(String),
    /// The name to be called by is now this.
    PreferredName(String),
    /// The pronouns are now these.
    Pronouns(String),
    /// A box of the date of birth is now this.
    Born(BirthPart, String),
    /// This language was chosen.
    Language(String),
    /// The code of a language that is not in the list is now this.
    OtherLanguage(String),
    /// A need was ticked or not.
    Needs(AccessNeed, bool),
    /// A way to be reminded was ticked or not.
    Channel(ContactChannel, bool),
    /// The mobile is now this.
    Mobile(String),
    /// The box below the notice is now ticked or not.
    Agreed(bool),
    /// What is wrong now; nothing when the form is in order.
    Judge(Vec<FieldError>),
}

impl Reducible for DetailsForm {
    type Action = DetailsAction;

    fn reduce(self: Rc<Self>, action: DetailsAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            DetailsAction::Name(text) => form.name = text,
            DetailsAction::PreferredName(text) => form.preferred_name = text,
            DetailsAction::Pronouns(text) => form.pronouns = text,
            DetailsAction::Born(part, text) => form.born.set(part, text),
            DetailsAction::Language(code) => form.language = code,
            DetailsAction::OtherLanguage(text) => form.other_language = text,
            DetailsAction::Needs(need, ticked) => tick(&mut form.access_needs, need, ticked),
            DetailsAction::Channel(channel, ticked) => tick(&mut form.contact_by, channel, ticked),
            DetailsAction::Mobile(text) => form.mobile = text,
            DetailsAction::Agreed(ticked) => form.agreed = ticked,
            DetailsAction::Judge(errors) => {
                (form.errors, form.judged) = (in_page_order(errors), form.judged + 1);
            }
        }
        Rc::new(form)
    }
}

fn tick<T: PartialEq + Copy>(list: &mut Vec<T>, one: T, ticked: bool) {
    list.retain(|other| *other != one);
    if ticked {
        list.push(one);
    }
}

impl DetailsForm {
    /// A form for somebody of whom nothing is known yet. `languages` are those in the list.
    pub fn blank() -> Self {
        Self { language: "en".to_owned(), ..Self::default() }
    }

    /// A form that shows what is kept. `listed` says whether a language stands in the list.
    pub fn of(details: &PatientDetails, listed: impl Fn(&str) -> bool) -> Self {
        let text = |text: &Option<shared_types::personal::Personal<String>>| {
            text.as_ref().map(|text| text.expose().clone()).unwrap_or_default()
        };
        let born = details.date_of_birth.expose();
        let (language, other_language) = if listed(&details.language) {
            (details.language.clone(), String::new())
        } else {
            (OTHER_LANGUAGE.to_owned(), details.language.clone())
        };
        Self {
            name: details.name.expose().clone(),
            preferred_name: text(&details.preferred_name),
            pronouns: text(&details.pronouns),
            born: BirthDate {
                day: born.day().to_string(),
                month: born.month().to_string(),
                year: born.year().to_string(),
            },
            language,
            other_language,
            access_needs: details.access_needs.expose().clone(),
            contact_by: details.contact_by.clone(),
            mobile: text(&details.mobile),
            ..Self::default()
        }
    }

    /// The details as the API takes them. `consent` says whether the box below a notice has to be ticked.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once and in the order of the page.
    pub fn check(&self, today: Date, consent: bool) -> Result<PatientDetails, Vec<FieldError>> {
        let born = self.born.read();
        let language =
            if self.language == OTHER_LANGUAGE { self.other_language.trim() } else { &self.language };
        let details = PatientDetails {
            name: self.name.clone().into(),
            preferred_name: Some(self.preferred_name.clone().into()),
            pronouns: Some(self.pronouns.clone().into()),
            // A stand-in while the boxes hold no date, so that the other fields are judged in the same go.
            date_of_birth: born.unwrap_or(today).into(),
            language: language.to_owned(),
            access_needs: self.access_needs.clone().into(),
            contact_by: self.contact_by.clone(),
            mobile: Some(self.mobile.clone().into()),
        };
        let checked = details.check(today);
        let mut errors = checked.as_ref().err().cloned().unwrap_or_default();
        if let Err(message) = born {
            errors.push(FieldError::new("/date_of_birth", message));
        }
        if consent && !self.agreed {
            errors.push(FieldError::new(CONSENT, "Tick the box if you agree"));
        }
        match checked {
            Ok(details) if errors.is_empty() => Ok(details),
            Ok(_) | Err(_) => Err(in_page_order(errors)),
        }
    }

    /// What is wrong with one field.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
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
    use shared_types::users::{AccessNeed, ContactChannel};
    use yew::Reducible as _;

    use super::{BirthPart, DetailsAction, DetailsForm, OTHER_LANGUAGE};

    fn typed() -> Rc<DetailsForm> {
        [
            DetailsAction::Name("Ada Nguyen".to_owned()),
            DetailsAction::Born(BirthPart::Day, "29".to_owned()),
            DetailsAction::Born(BirthPart::Month, "2".to_owned()),
            DetailsAction::Born(BirthPart::Year, "1980".to_owned()),
            DetailsAction::Needs(AccessNeed::MoreTime, true),
        ]
        .into_iter()
        .fold(Rc::new(DetailsForm::blank()), |form, action| form.reduce(action))
    }

    #[test]
    fn a_form_becomes_details_and_shows_them_again() {
        let today = date(2026, 11, 26);
        let details = typed().check(today, false).unwrap();
        assert_eq!(details.language, "en");
        let again = DetailsForm::of(&details, |code| code == "en");
        assert!(again.check(today, false).unwrap() == details);
    }

    #[test]
    fn a_language_that_is_not_in_the_list_keeps_its_code() {
        let form = typed()
            .reduce(DetailsAction::Language(OTHER_LANGUAGE.to_owned()))
            .reduce(DetailsAction::OtherLanguage(" TPI ".to_owned()));
        let details = form.check(date(2026, 11, 26), false).unwrap();
        assert_eq!(details.language, "tpi");
        let again = DetailsForm::of(&details, |code| code == "en");
        assert!(again.language == OTHER_LANGUAGE && again.other_language == "tpi");
    }

    #[test]
    fn the_box_is_asked_for_only_where_there_is_a_notice_and_never_ticked_beforehand() {
        assert!(!DetailsForm::blank().agreed);
        let errors = typed().check(date(2026, 11, 26), true).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/consent"]);
        let agreed = typed().reduce(DetailsAction::Agreed(true));
        assert!(agreed.check(date(2026, 11, 26), true).is_ok());
    }

    #[test]
    fn everything_wrong_is_named_at_once_in_the_order_of_the_page() {
        let form = Rc::new(DetailsForm::blank()).reduce(DetailsAction::Channel(ContactChannel::Sms, true));
        let errors = form.check(date(2026, 11, 26), true).unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/date_of_birth", "/contact_by", "/consent"]);
    }

    #[test]
    fn a_box_that_is_unticked_again_leaves_nothing_behind() {
        let form = typed().reduce(DetailsAction::Needs(AccessNeed::MoreTime, false));
        assert!(form.access_needs.is_empty());
    }
}
