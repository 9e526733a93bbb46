//! Card numbers while they are typed. They are checked here by the same rules as in the service, so that a slip is seen
//! beside its field before anything is sent. Nothing of them is stored in the browser.

use std::rc::Rc;

use shared_types::{
    bookings::ConsentGiven,
    payments::coverage::{
        ConcessionCard, ConcessionGiven, ConcessionKind, DvaFileNumber, MedicareCard, MedicareGiven,
        PutCoverage,
    },
    problem::FieldError,
};
use yew::Reducible;

use super::party::CONSENT;

/// Every concession card with its name.
pub const CONCESSIONS: [(ConcessionKind, &str); 3] = [
    (ConcessionKind::Pensioner, "Pensioner Concession Card"),
    (ConcessionKind::HealthCare, "Health Care Card"),
    (ConcessionKind::SeniorsHealth, "Commonwealth Seniors Health Card"),
];

/// What stands in the form and what is wrong with it. No `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct CoverageForm {
    /// The ten digits of a Medicare card.
    pub medicare: String,
    /// The digit left of the name.
    pub irn: String,
    /// A veteran's file number.
    pub dva: String,
    /// Which concession card.
    pub concession_kind: ConcessionKind,
    /// Its number.
    pub concession: String,
    /// Whether the box below the notice is ticked; never beforehand.
    pub agreed: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

impl Default for CoverageForm {
    fn default() -> Self {
        Self {
            medicare: String::new(),
            irn: String::new(),
            dva: String::new(),
            concession_kind: ConcessionKind::Pensioner,
            concession: String::new(),
            agreed: false,
            errors: Vec::new(),
            judged: 0,
        }
    }
}

/// Something typed, or found out.
pub enum CoverageAction {
    /// The Medicare number is now this.
    Medicare(String),
    /// The digit left of the name is now this.
    Irn(String),
    /// The file number is now this.
    Dva(String),
    /// It is this concession card.
    ConcessionKind(ConcessionKind),
    /// Its number is now this.
    Concession(String),
    /// The box is now ticked or not.
    Agreed(bool),
    /// What is wrong now.
    Judge(Vec<FieldError>),
    /// The numbers are kept: the form forgets them.
    Kept,
}

impl Reducible for CoverageForm {
    type Action = CoverageAction;

    fn reduce(self: Rc<Self>, action: CoverageAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            CoverageAction::Medicare(text) => form.medicare = text,
            CoverageAction::Irn(text) => form.irn = text,
            CoverageAction::Dva(text) => form.dva = text,
            CoverageAction::ConcessionKind(kind) => form.concession_kind = kind,
            CoverageAction::Concession(text) => form.concession = text,
            CoverageAction::Agreed(ticked) => form.agreed = ticked,
            CoverageAction::Judge(errors) => (form.errors, form.judged) = (errors, form.judged + 1),
            CoverageAction::Kept => form = Self::default(),
        }
        Rc::new(form)
    }
}

impl CoverageForm {
    /// What is to be kept; what was left empty stays as it is.
    ///
    /// # Errors
    /// One entry for each field that is wrong, all at once.
    pub fn check(&self, version: i32, consent: ConsentGiven) -> Result<PutCoverage, Vec<FieldError>> {
        let body = PutCoverage {
            medicare: self.medicare_given(),
            dva_file_number: filled(&self.dva).map(Into::into),
            concession: self.concession_given(),
            version,
            consent,
        };
        let mut errors: Vec<_> = [
            body.medicare.as_ref().and_then(|given| MedicareCard::read(given).err()),
            body.dva_file_number.as_ref().and_then(|given| DvaFileNumber::read(given).err()),
            body.concession.as_ref().and_then(|given| ConcessionCard::read(given).err()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if body.medicare.is_none() && body.dva_file_number.is_none() && body.concession.is_none() {
            errors.push(FieldError::new("/medicare/number", "Enter the number of at least one card"));
        }
        if !self.agreed {
            errors.push(FieldError::new(CONSENT, "Tick the box if you agree"));
        }
        if errors.is_empty() { Ok(body) } else { Err(errors) }
    }

    /// What is wrong with one field: as it was judged, or as its digits themselves say once all are there.
    pub fn error(&self, pointer: &str) -> Option<String> {
        let judged =
            self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone());
        judged.or_else(|| self.slip().filter(|slip| slip.pointer == pointer).map(|slip| slip.detail))
    }

    /// A Medicare number with all its digits whose check digit does not fit.
    fn slip(&self) -> Option<FieldError> {
        let whole = self.medicare.chars().filter(|letter| !letter.is_whitespace()).count() == 10;
        // The number alone is looked at, with a reference that is surely right.
        let given = MedicareGiven { number: self.medicare.clone().into(), irn: "1".to_owned().into() };
        if whole { MedicareCard::read(&given).err() } else { None }
    }

    fn medicare_given(&self) -> Option<MedicareGiven> {
        let any = filled(&self.medicare).is_some() || filled(&self.irn).is_some();
        any.then(|| MedicareGiven { number: self.medicare.clone().into(), irn: self.irn.clone().into() })
    }

    fn concession_given(&self) -> Option<ConcessionGiven> {
        filled(&self.concession)
            .map(|number| ConcessionGiven { kind: self.concession_kind, number: number.into() })
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What a concession card is called.
pub fn concession_name(kind: ConcessionKind) -> &'static str {
    match kind {
        ConcessionKind::Pensioner => CONCESSIONS[0].1,
        ConcessionKind::HealthCare => CONCESSIONS[1].1,
        ConcessionKind::SeniorsHealth => CONCESSIONS[2].1,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_types::{bookings::ConsentGiven, payments::coverage::ConcessionKind};
    use yew::Reducible as _;

    use super::{CONCESSIONS, CoverageAction, CoverageForm, concession_name};

    fn consent() -> ConsentGiven {
        ConsentGiven { text: "medicare-collection".to_owned(), version: 1 }
    }

    fn typed(number: &str, irn: &str) -> Rc<CoverageForm> {
        Rc::new(CoverageForm::default())
            .reduce(CoverageAction::Medicare(number.to_owned()))
            .reduce(CoverageAction::Irn(irn.to_owned()))
            .reduce(CoverageAction::Agreed(true))
    }

    /// 2123 45670 1 is a number published for tests.
    #[test]
    fn a_wrong_check_digit_is_said_beside_the_field_as_soon_as_all_digits_are_there() {
        assert_eq!(typed("2123 4567", "").error("/medicare/number"), None);
        assert_eq!(typed("2123 45670 1", "").error("/medicare/number"), None);
        let slip = typed("2123 45671 1", "").error("/medicare/number").unwrap();
        assert!(slip.contains("compare each digit"), "{slip}");
    }

    #[test]
    fn what_is_left_empty_is_not_sent() {
        let body = typed("2123 45670 1", "2").check(3, consent()).unwrap();
        assert!(body.medicare.is_some() && body.dva_file_number.is_none() && body.concession.is_none());
        assert_eq!(body.version, 3);
    }

    #[test]
    fn one_card_and_a_tick_are_the_least() {
        let errors = CoverageForm::default().check(0, consent()).err().unwrap();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/medicare/number", "/consent"]);
        let errors = typed("2123 45670 1", "").check(0, consent()).err().unwrap();
        assert_eq!(errors[0].pointer, "/medicare/irn");
    }

    #[test]
    fn numbers_are_forgotten_once_they_are_kept() {
        assert!(typed("2123 45670 1", "2").reduce(CoverageAction::Kept).medicare.is_empty());
    }

    #[test]
    fn every_concession_card_has_its_name() {
        for kind in ConcessionKind::ALL {
            assert!(CONCESSIONS.contains(&(kind, concession_name(kind))));
        }
    }
}
