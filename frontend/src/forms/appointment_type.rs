//! An appointment type while it is edited, as the browser's own fields write it.

use shared_types::{
    AudCents, ResourceId, bookings::Audience, bookings::schedule::TypeDraft, problem::FieldError,
};

use super::{
    hours::{dollars, read_dollars},
    questions::QuestionsForm,
    visit_area::VisitAreaForm,
};

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeForm {
    /// What it is called.
    pub name: String,
    /// Where it stands in the list.
    pub position: String,
    /// Minutes.
    pub duration: String,
    /// Minutes kept free before.
    pub before: String,
    /// Minutes kept free after.
    pub after: String,
    /// Dollars; nothing where it is bulk billed.
    pub price: String,
    /// Whether Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// At the patient's home, and where that may be.
    pub home_visit: VisitAreaForm,
    /// For whom.
    pub audience: Audience,
    /// Whether the practice answers each request first.
    pub needs_acceptance: bool,
    /// Minutes; as the schedule says where it is empty.
    pub notice: String,
    /// Days; as the schedule says where it is empty.
    pub horizon: String,
    /// How many on one day; as many as fit where it is empty.
    pub daily_cap: String,
    /// What patients are asked beforehand.
    pub questions: QuestionsForm,
    /// How many patients one session takes; one alone where it is empty.
    pub seats: String,
    /// The rooms and devices that it needs.
    pub resources: Vec<ResourceId>,
    /// Whether it is offered.
    pub active: bool,
}

impl TypeForm {
    /// An empty one: half an hour, for everybody, after the others.
    pub fn new(position: u16) -> Self {
        let zero = || "0".to_owned();
        Self {
            position: position.to_string(),
            duration: "30".to_owned(),
            before: zero(),
            after: zero(),
            home_visit: VisitAreaForm::of(None),
            active: true,
            ..Self::default()
        }
    }

    /// The form of a type.
    pub fn of(draft: &TypeDraft, active: bool) -> Self {
        let optional = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            name: draft.name.clone(),
            position: draft.position.to_string(),
            duration: draft.duration_minutes.to_string(),
            before: draft.buffer_before_minutes.to_string(),
            after: draft.buffer_after_minutes.to_string(),
            price: dollars(draft.price_cents),
            bulk_billed: draft.bulk_billed,
            telehealth: draft.telehealth,
            home_visit: VisitAreaForm::of(draft.home_visit.as_ref()),
            audience: draft.audience,
            needs_acceptance: draft.needs_acceptance,
            notice: optional(draft.notice_minutes),
            horizon: optional(draft.horizon_days.map(u32::from)),
            daily_cap: optional(draft.daily_cap.map(u32::from)),
            questions: QuestionsForm::of(&draft.questions),
            seats: optional(draft.seats.map(u32::from)),
            resources: draft.resources.clone(),
            active,
        }
    }

    /// The type as the API takes it.
    ///
    /// # Errors
    /// One entry for each field that is wrong, by the service's pointers.
    pub fn read(&self) -> Result<TypeDraft, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut number = |text: &str, field: &str| -> u16 {
            text.trim().parse().unwrap_or_else(|_| {
                errors.push(FieldError::new(format!("/{field}"), "Enter a whole number"));
                0
            })
        };
        let position = number(&self.position, "position");
        let duration_minutes = number(&self.duration, "duration_minutes");
        let buffer_before_minutes = number(&self.before, "buffer_before_minutes");
        let buffer_after_minutes = number(&self.after, "buffer_after_minutes");
        let horizon_days = filled(&self.horizon).map(|text| number(text, "horizon_days"));
        let daily_cap = filled(&self.daily_cap).map(|text| number(text, "daily_cap"));
        let seats = filled(&self.seats).map(|text| number(text, "seats"));
        let notice_minutes = filled(&self.notice).map(str::parse::<u32>).transpose();
        if notice_minutes.is_err() {
            errors.push(FieldError::new("/notice_minutes", "Enter a whole number"));
        }
        // What is bulk billed costs nothing, whatever the field still says.
        let price_cents = if self.bulk_billed { Some(AudCents::ZERO) } else { read_dollars(&self.price) };
        if price_cents.is_none() {
            errors.push(FieldError::new("/price_cents", "Enter an amount such as 85 or 85.50"));
        }
        let home_visit = self.home_visit.read().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            None
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let draft = TypeDraft {
            name: self.name.clone(),
            position,
            duration_minutes,
            buffer_before_minutes,
            buffer_after_minutes,
            price_cents: price_cents.unwrap_or_default(),
            bulk_billed: self.bulk_billed,
            telehealth: self.telehealth,
            audience: self.audience,
            needs_acceptance: self.needs_acceptance,
            notice_minutes: notice_minutes.unwrap_or_default(),
            horizon_days,
            daily_cap,
            questions: self.questions.read(),
            seats,
            resources: self.resources.clone(),
            home_visit,
        };
        draft.check()
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use shared_types::{AudCents, ResourceId};

    use super::{TypeForm, VisitAreaForm};

    fn form() -> TypeForm {
        TypeForm { name: "First visit".to_owned(), price: "120".to_owned(), ..TypeForm::new(2) }
    }

    #[test]
    fn a_type_goes_through_the_form_unchanged() {
        let full = TypeForm {
            notice: "60".to_owned(),
            daily_cap: "8".to_owned(),
            seats: "6".to_owned(),
            resources: vec![ResourceId(uuid::Uuid::from_u128(1))],
            ..form()
        };
        let at_home = TypeForm {
            home_visit: VisitAreaForm { on: true, postcodes: "2150".to_owned(), ..VisitAreaForm::of(None) },
            ..form()
        };
        assert_eq!(TypeForm::of(&at_home.read().unwrap(), true), at_home);
        let draft = full.read().unwrap();
        assert_eq!(
            (draft.price_cents, draft.notice_minutes, draft.horizon_days),
            (AudCents(12_000), Some(60), None)
        );
        assert_eq!(TypeForm::of(&draft, true), full);
    }

    #[test]
    fn what_is_bulk_billed_costs_nothing_whatever_was_typed() {
        let draft = TypeForm { bulk_billed: true, ..form() }.read().unwrap();
        assert_eq!(draft.price_cents, AudCents::ZERO);
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let wrong = TypeForm {
            duration: "long".to_owned(),
            price: "much".to_owned(),
            notice: "-1".to_owned(),
            ..form()
        };
        let pointers: Vec<_> = wrong.read().unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/duration_minutes", "/notice_minutes", "/price_cents"]);
        let unnamed = TypeForm { name: " ".to_owned(), ..form() };
        assert_eq!(unnamed.read().unwrap_err()[0].pointer, "/name");
        let mut wordless = form();
        wordless.questions.add();
        assert_eq!(wordless.read().unwrap_err()[0].pointer, "/questions/0/words");
    }
}
