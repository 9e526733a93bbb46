//! Waiting for an earlier time, while it is asked for: with whom, on which days, at which hours and for how long.

use std::rc::Rc;

use jiff::{ToSpan as _, civil::Date};
use shared_types::{
    AppointmentTypeId, PatientId, PractitionerRoleId,
    bookings::{
        Weekdays,
        waitlist::{Choice, JoinWaitlist, Wishes},
    },
    problem::FieldError,
};
use yew::Reducible;

use super::when::wall_time;

/// The days of a week, in the order of [`Weekdays`]' bits.
pub const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// How far somebody would go, in kilometres and in words.
pub const DISTANCES: [(u16, &str); 5] = [
    (0, "At the same practice only"),
    (5, "Up to 5 km from it"),
    (10, "Up to 10 km from it"),
    (25, "Up to 25 km from it"),
    (50, "Up to 50 km from it"),
];

/// For how long somebody would wait, in weeks and in words.
pub const LENGTHS: [(i64, &str); 4] = [(2, "2 weeks"), (4, "4 weeks"), (8, "8 weeks"), (13, "3 months")];

/// What stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitForm {
    /// For what.
    pub type_id: AppointmentTypeId,
    /// For whom; oneself unless chosen.
    pub patient_id: Option<PatientId>,
    /// On which days.
    pub weekdays: Weekdays,
    /// The earliest start: `08:00`.
    pub from: String,
    /// The latest start.
    pub until: String,
    /// For how long, in weeks.
    pub weeks: i64,
    /// How far, in kilometres.
    pub within_km: u16,
    /// With whom else.
    pub others: Vec<Choice>,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// How often it was judged; the summary takes the focus each time.
    pub judged: u32,
}

/// What somebody does with the form.
#[derive(Clone, Debug)]
pub enum WaitAction {
    /// Another type: others are others' types.
    Type(AppointmentTypeId),
    For(Option<PatientId>),
    /// A day by its place in [`DAYS`].
    Day(usize, bool),
    From(String),
    Until(String),
    Weeks(i64),
    Within(u16),
    Other(Choice, bool),
    Judge(Vec<FieldError>),
}

impl WaitForm {
    /// Every weekday, in usual hours, for a month.
    pub fn new(type_id: AppointmentTypeId) -> Self {
        Self {
            type_id,
            patient_id: None,
            weekdays: Weekdays::from_bits(0b001_1111).unwrap_or_default(),
            from: "08:00".to_owned(),
            until: "17:00".to_owned(),
            weeks: 4,
            within_km: 0,
            others: Vec::new(),
            errors: Vec::new(),
            judged: 0,
        }
    }

    /// Whether a day is chosen.
    pub fn has_day(&self, day: usize) -> bool {
        self.weekdays.bits() & (1 << day) != 0
    }

    /// What it asks for; `today` is the day at the place.
    ///
    /// # Errors
    /// One entry for each field that is wrong, in the order of the page.
    pub fn read(&self, role_id: PractitionerRoleId, today: Date) -> Result<JoinWaitlist, Vec<FieldError>> {
        let (from, until) = (wall_time(&self.from), wall_time(&self.until));
        let wrong = [
            (self.weekdays == Weekdays::default(), "/weekdays", "Choose at least one day"),
            (from.is_none(), "/from", "Choose the earliest start"),
            (
                until.is_none() || until < from,
                "/until",
                "Choose a time that is not before the earliest start",
            ),
        ];
        let wrong = wrong.into_iter().filter(|(wrong, ..)| *wrong);
        let errors: Vec<_> = wrong.map(|(_, pointer, detail)| FieldError::new(pointer, detail)).collect();
        match (from, until) {
            (Some(from), Some(until)) if errors.is_empty() => Ok(JoinWaitlist {
                practitioner_role_id: role_id,
                appointment_type_id: self.type_id,
                others: self.others.clone(),
                patient_id: self.patient_id,
                wishes: Wishes {
                    weekdays: self.weekdays,
                    from,
                    until,
                    first: today,
                    last: today.saturating_add(self.weeks.weeks()),
                },
            }),
            _ => Err(errors),
        }
    }

    /// What is wrong with a field.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
    }
}

impl Reducible for WaitForm {
    type Action = WaitAction;

    fn reduce(self: Rc<Self>, action: WaitAction) -> Rc<Self> {
        let mut form = (*self).clone();
        match action {
            WaitAction::Type(type_id) => {
                form.type_id = type_id;
                form.others.clear();
            }
            WaitAction::For(patient_id) => form.patient_id = patient_id,
            WaitAction::Day(day, chosen) => {
                let bit = 1 << day;
                let bits = form.weekdays.bits();
                let bits = if chosen { bits | bit } else { bits & !bit };
                form.weekdays = Weekdays::from_bits(bits).unwrap_or_default();
            }
            WaitAction::From(from) => form.from = from,
            WaitAction::Until(until) => form.until = until,
            WaitAction::Weeks(weeks) => form.weeks = weeks,
            WaitAction::Within(within_km) => {
                form.within_km = within_km;
                form.others.clear();
            }
            WaitAction::Other(choice, chosen) => {
                form.others.retain(|other| other.practitioner_role_id != choice.practitioner_role_id);
                if chosen {
                    form.others.push(choice);
                }
            }
            WaitAction::Judge(errors) => {
                form.errors = errors;
                form.judged += 1;
            }
        }
        Rc::new(form)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use jiff::civil::{date, time};
    use shared_types::{AppointmentTypeId, PractitionerRoleId, bookings::waitlist::Choice};
    use uuid::Uuid;
    use yew::Reducible as _;

    use super::{WaitAction, WaitForm};

    const ROLE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(1));
    const TODAY: jiff::civil::Date = date(2026, 11, 23);

    fn form() -> Rc<WaitForm> {
        Rc::new(WaitForm::new(AppointmentTypeId(Uuid::from_u128(2))))
    }

    fn does(actions: impl IntoIterator<Item = WaitAction>) -> Rc<WaitForm> {
        actions.into_iter().fold(form(), WaitForm::reduce)
    }

    #[test]
    fn a_form_asks_for_weekdays_in_usual_hours_unless_told() {
        let wanted = form().read(ROLE, TODAY).unwrap();
        assert_eq!(wanted.wishes.weekdays.bits(), 0b1_1111);
        assert_eq!((wanted.wishes.from, wanted.wishes.until), (time(8, 0, 0, 0), time(17, 0, 0, 0)));
        assert_eq!((wanted.wishes.first, wanted.wishes.last), (TODAY, date(2026, 12, 21)));
    }

    #[test]
    fn what_cannot_be_is_named_in_the_order_of_the_page() {
        let no_days = (0..5).map(|day| WaitAction::Day(day, false));
        let wrong = does(no_days.chain([WaitAction::From("18:00".to_owned())]));
        let pointers: Vec<_> =
            wrong.read(ROLE, TODAY).unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/weekdays", "/until"]);
        assert!(does([WaitAction::Until("soon".to_owned())]).read(ROLE, TODAY).is_err());
    }

    #[test]
    fn others_are_chosen_once_and_forgotten_with_what_they_were_chosen_from() {
        let choice = |nth| Choice {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(nth)),
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(9)),
        };
        let two = does([
            WaitAction::Other(choice(5), true),
            WaitAction::Other(choice(6), true),
            WaitAction::Other(choice(5), true),
            WaitAction::Other(choice(6), false),
        ]);
        assert_eq!(two.others, [choice(5)]);
        assert!(two.reduce(WaitAction::Within(10)).others.is_empty());
    }
}
