//! Which bulk-bill agreement a patient is asked for, as staff choose it.

use jiff::civil::Date;
use shared_types::{
    payments::assignment::{
        AssignmentKind, BETWEEN_SORTS, EnduringGround, OfferAssignment, SORTS_OF_SERVICE,
    },
    problem::FieldError,
};

/// Why an agreement may be for every visit, with the words for it.
pub const GROUNDS: [(EnduringGround, &str); 3] = [
    (EnduringGround::MyMedicare, "The patient is registered with the practice in MyMedicare"),
    (EnduringGround::AgedCare, "The patient lives in residential aged care"),
    (EnduringGround::CommunityService, "This is an Aboriginal community controlled or medical service"),
];

/// The sorts of service with what each is in the form: its category of the schedule.
pub fn sorts() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["1", "2", "3", "4", "5", "6", "7", "8"].into_iter().zip(SORTS_OF_SERVICE)
}

/// The fields that can be wrong, with the id of each on the page.
const FIELDS: [(&str, &str); 4] = [
    ("/service_category", "agreement-category"),
    ("/item_numbers", "agreement-items"),
    ("/ground", "agreement-ground"),
    ("/expires_on", "agreement-last"),
];

/// The id of the first field that is wrong, which takes the focus.
pub fn first_wrong(errors: &[FieldError]) -> Option<&'static str> {
    errors.iter().find_map(|error| {
        let found = FIELDS.iter().find(|(pointer, _)| error.pointer.starts_with(*pointer));
        found.map(|(_, id)| *id)
    })
}

/// What is chosen and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferForm {
    /// For every visit until a day, instead of this one alone.
    pub every: bool,
    /// The sorts of service, before the visit, each as in [`sorts`]; none for those of the visit's usual items.
    pub sorts: Vec<&'static str>,
    /// The items, after it.
    pub items: String,
    /// [`EnduringGround::code`]; empty while nobody has chosen.
    pub ground: String,
    /// The last day.
    pub last: String,
}

impl OfferForm {
    /// With a sort of service, or without it.
    pub fn with_sort(mut self, code: &'static str, ticked: bool) -> Self {
        self.sorts.retain(|sort| *sort != code);
        if ticked {
            self.sorts.push(code);
        }
        self
    }

    /// As it is sent.
    ///
    /// # Errors
    /// What cannot be read, all at once; the server looks at the rest.
    pub fn read(&self, is_over: bool) -> Result<OfferAssignment, Vec<FieldError>> {
        let nothing = OfferAssignment {
            kind: AssignmentKind::Pre,
            service_category: None,
            item_numbers: Vec::new(),
            ground: None,
            expires_on: None,
        };
        match (self.every, is_over) {
            (true, _) => self.enduring(nothing),
            (false, true) => {
                let items = self.items.split(|c: char| c == ',' || c.is_whitespace());
                let item_numbers = items.filter(|item| !item.is_empty()).map(str::to_owned).collect();
                Ok(OfferAssignment { kind: AssignmentKind::Post, item_numbers, ..nothing })
            }
            (false, false) => {
                let ticked = sorts().filter(|(code, _)| self.sorts.contains(code));
                let named: Vec<_> = ticked.map(|(_, words)| words).collect();
                let service_category = (!named.is_empty()).then(|| named.join(BETWEEN_SORTS));
                Ok(OfferAssignment { service_category, ..nothing })
            }
        }
    }

    fn enduring(&self, nothing: OfferAssignment) -> Result<OfferAssignment, Vec<FieldError>> {
        let (ground, last) = (EnduringGround::from_code(&self.ground), self.last.parse::<Date>());
        let mut errors = Vec::new();
        if ground.is_none() {
            errors.push(FieldError::new("/ground", "Choose why the agreement may be for every visit"));
        }
        match last {
            Ok(last) if errors.is_empty() => Ok(OfferAssignment {
                kind: AssignmentKind::Enduring,
                ground,
                expires_on: Some(last),
                ..nothing
            }),
            Ok(_) => Err(errors),
            Err(_) => {
                errors.push(FieldError::new("/expires_on", "Enter its last day"));
                Err(errors)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::{
        payments::assignment::{AssignmentKind, EnduringGround},
        problem::FieldError,
    };

    use super::{OfferForm, first_wrong};

    #[test]
    fn a_visit_to_come_is_asked_about_by_its_sort_and_one_that_is_over_by_its_items() {
        let form = OfferForm { items: "23, 10990".to_owned(), ..OfferForm::default() };
        let before = form.read(false).unwrap();
        assert_eq!(
            (before.kind, before.service_category.as_deref(), before.item_numbers.len()),
            (AssignmentKind::Pre, None, 0),
            "the visit's usual items say its sorts"
        );
        let both = form.clone().with_sort("3", true).with_sort("1", true).with_sort("8", true);
        let both = both.with_sort("8", false).with_sort("3", true).read(false).unwrap();
        assert_eq!(
            both.service_category.as_deref(),
            Some("Professional attendance; Therapeutic procedure"),
            "each once, in the schedule's order"
        );
        let after = form.read(true).unwrap();
        assert_eq!((after.kind, after.service_category), (AssignmentKind::Post, None));
        assert_eq!(after.item_numbers, ["23", "10990"]);
    }

    #[test]
    fn one_for_every_visit_needs_a_reason_and_a_last_day() {
        let empty = OfferForm { every: true, ..OfferForm::default() };
        let pointers: Vec<_> =
            empty.read(false).unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/ground", "/expires_on"]);
        let chosen = OfferForm { ground: "aged_care".to_owned(), ..empty.clone() };
        for (form, field) in [(&empty, "agreement-ground"), (&chosen, "agreement-last")] {
            assert_eq!(first_wrong(&form.read(false).unwrap_err()), Some(field), "it takes the focus");
        }
        assert_eq!(first_wrong(&[FieldError::new("/item_numbers/1", "Wrong")]), Some("agreement-items"));
        assert_eq!(first_wrong(&[FieldError::new("/kind", "Wrong")]), None);
        let whole = OfferForm { ground: "aged_care".to_owned(), last: "2027-11-27".to_owned(), ..empty };
        for is_over in [false, true] {
            let read = whole.read(is_over).unwrap();
            assert_eq!((read.kind, read.ground), (AssignmentKind::Enduring, Some(EnduringGround::AgedCare)));
            assert_eq!((read.expires_on, read.service_category), (Some(date(2027, 11, 27)), None));
        }
    }
}
