//! When a practice's people can be booked and for what, as the practice edits it.
//!
//! All paths are below `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}`. Reading is for the staff
//! in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF); changing is for the staff in [`SCHEDULE_STAFF`], practitioners for
//! the roles that a manager has given to them.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…/schedule` | `find_schedule` | → [`RoleSchedule`] |
//! | PUT `…/schedule` | `put_schedule` | [`PutSchedule`] → [`SchedulePut`]; the whole, as last seen |
//! | GET `…/appointment-types` | `list_role_types` | → [`RoleTypes`]; those that are no longer offered, too |
//! | POST `…/appointment-types` | `create_appointment_type` | [`TypeDraft`] + Idempotency-Key → 201 [`RoleType`] |
//! | PUT `…/appointment-types/{appointment_type_id}` | `put_appointment_type` | [`PutType`] → [`RoleType`] |
//! | PUT `…/keeper` | `put_keeper` | [`PutKeeper`] → 204, for managers and owners |
//!
//! What patients would see is worked out in the browser: [`PutSchedule::availability`] and [`TypeDraft::offering`] are what the
//! server asks [`free_times`](super::free_times()) with. Nothing that is booked is moved or cancelled by any of this:
//! [`SchedulePut::outside`] says what lies outside of the new hours.
//!
//! Problems: 409 `stale-version`, 422 `invalid`.

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

use super::{
    AppointmentStatus, AppointmentType, Audience, Availability, CancellationPolicy, Closure, ExtraHours,
    Offering, Question, Rule, Weekdays, home_visit::HomeVisit, party::tidy, practice::REQUEST_NOTICE_MINUTES,
    question, resources::MOST_NEEDED,
};
use crate::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, PractitionerRoleId, ResourceId, Zone,
    problem::FieldError, users::StaffRole,
};

/// Who may change when somebody can be booked and for what.
pub const SCHEDULE_STAFF: [StaffRole; 3] = [StaffRole::Practitioner, StaffRole::Manager, StaffRole::Owner];

/// How many rules, and how many exceptions, one role may have.
pub const MOST_RULES: usize = 100;
/// How many appointment types one role may offer at once.
pub const MOST_TYPES: usize = 40;

/// A role's whole schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleSchedule {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// The place's zone: every date and time here is on its wall.
    pub time_zone: Zone,
    /// What the practice set; [`PutSchedule::version`] is to be sent back.
    pub schedule: PutSchedule,
    /// Public holidays there within the next year.
    pub holidays: Vec<Holiday>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

/// Sets a role's whole schedule, as last seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutSchedule {
    /// The version that was on the screen; zero when there was no schedule.
    pub version: i32,
    /// How times are cut and sold.
    pub settings: ScheduleSettings,
    /// The weekly hours. They may overlap.
    pub rules: Vec<ScheduleRule>,
    /// Whole days off that are not over.
    pub leave: Vec<Closure>,
    /// Hours on single days that are not over.
    pub extra_hours: Vec<ExtraHours>,
}

/// How a role's times are cut and sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScheduleSettings {
    /// From one start on the grid to the next, 5 to 240.
    pub step_minutes: u16,
    /// How long before its start an appointment can last be booked, at most thirty days.
    pub notice_minutes: u32,
    /// How many days after today can be booked, 1 to 365.
    pub horizon_days: u16,
    /// Whether the weekly hours count on public holidays.
    pub opens_on_holidays: bool,
    /// What cancelling costs, for what is booked from now on.
    pub policy: CancellationPolicy,
}

/// Weekly hours, and what they are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScheduleRule {
    /// When and for whom.
    pub rule: Rule,
    /// For these appointment types only; for all of them when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<AppointmentTypeId>,
}

/// A public holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Holiday {
    /// When.
    pub date: Date,
    /// Which.
    pub name: String,
}

/// A schedule was set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SchedulePut {
    /// As it is now.
    pub schedule: RoleSchedule,
    /// What is booked and lies outside of the new hours. It stands as it is until somebody moves or cancels it.
    pub outside: Vec<OutsideAppointment>,
}

/// An appointment outside of its role's hours. Who comes, the calendar shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutsideAppointment {
    /// Which.
    pub appointment_id: AppointmentId,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// `Initial consultation`.
    pub appointment_type_name: String,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
}

impl PutSchedule {
    /// When an appointment type can be booked by these rules, before anything is taken.
    pub fn availability(
        &self,
        zone: Zone,
        holidays: &[Holiday],
        appointment_type: AppointmentTypeId,
    ) -> Availability {
        let counts = |rule: &&ScheduleRule| rule.only.is_empty() || rule.only.contains(&appointment_type);
        let closed = holidays.iter().filter(|_| !self.settings.opens_on_holidays);
        Availability {
            zone,
            rules: self.rules.iter().filter(counts).map(|rule| rule.rule.clone()).collect(),
            closures: closed
                .map(|holiday| Closure { first: holiday.date, last: holiday.date })
                .chain(self.leave.iter().copied())
                .collect(),
            extra_hours: self.extra_hours.clone(),
        }
    }

    /// Checks every part; `today` is the day at the place.
    ///
    /// # Errors
    /// One entry for each part that is wrong, saying what would be right.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        self.settings.check(&mut errors);
        if self.rules.len() > MOST_RULES || self.leave.len() + self.extra_hours.len() > MOST_RULES {
            errors.push(FieldError::new("/rules", "Use at most 100 rules and 100 exceptions"));
        }
        for (nth, ScheduleRule { rule, .. }) in self.rules.iter().enumerate() {
            let at = |field: &str| format!("/rules/{nth}/rule/{field}");
            if rule.weekdays == Weekdays::default() {
                errors.push(FieldError::new(at("weekdays"), "Choose at least one day"));
            }
            check_hours(rule.opens, rule.closes, at("closes"), &mut errors);
            if let (Some(from), Some(until)) = (rule.effective_from, rule.effective_until)
                && until < from
            {
                errors.push(FieldError::new(at("effective_until"), "This is before the first day"));
            }
        }
        for (nth, leave) in self.leave.iter().enumerate() {
            if leave.last < leave.first || leave.last < today {
                errors.push(FieldError::new(
                    format!("/leave/{nth}/last"),
                    "Give a day that is not over, nor before the first",
                ));
            }
        }
        for (nth, extra) in self.extra_hours.iter().enumerate() {
            if extra.date < today {
                errors
                    .push(FieldError::new(format!("/extra_hours/{nth}/date"), "Give a day that is not over"));
            }
            check_hours(extra.opens, extra.closes, format!("/extra_hours/{nth}/closes"), &mut errors);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl ScheduleSettings {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut within = |fits: bool, field: &str, detail: &str| {
            if !fits {
                errors.push(FieldError::new(format!("/settings/{field}"), detail));
            }
        };
        within((5..=240).contains(&self.step_minutes), "step_minutes", "Use 5 to 240 minutes");
        within(self.notice_minutes <= MOST_NOTICE, "notice_minutes", "Use at most 30 days");
        within((1..=365).contains(&self.horizon_days), "horizon_days", "Use 1 to 365 days");
        let fee = self.policy.late_fee_cents;
        within(
            (AudCents::ZERO..=MOST_CENTS).contains(&fee),
            "policy/late_fee_cents",
            "Use an amount up to $10,000",
        );
        within(self.policy.free_until_hours <= 720, "policy/free_until_hours", "Use at most 720 hours");
    }
}

const MOST_NOTICE: u32 = 30 * 24 * 60;
const MOST_CENTS: AudCents = AudCents(1_000_000);

fn check_hours(opens: Time, closes: Time, pointer: String, errors: &mut Vec<FieldError>) {
    if closes <= opens {
        errors.push(FieldError::new(pointer, "Close after opening, on the same day"));
    }
}

/// The appointment types of one role, for those who edit them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleTypes {
    /// In the practice's order; what is no longer offered comes last.
    pub items: Vec<RoleType>,
}

/// An appointment type as the practice set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleType {
    /// Which.
    pub appointment_type_id: AppointmentTypeId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Whether it is offered.
    pub active: bool,
    /// What was set.
    #[serde(flatten)]
    pub draft: TypeDraft,
}

/// Sets an appointment type, as last seen. What is booked already stays as it was agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutType {
    /// The version that was on the screen.
    pub version: i32,
    /// Whether it is offered from now on.
    pub active: bool,
    /// What to set.
    #[serde(flatten)]
    pub draft: TypeDraft,
}

/// What can be set of an appointment type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TypeDraft {
    /// `Initial consultation`.
    pub name: String,
    /// Where it stands in the list.
    pub position: u16,
    /// How long, for the patient: 5 to 480.
    pub duration_minutes: u16,
    /// To be kept free before, at most 240.
    pub buffer_before_minutes: u16,
    /// To be kept free after, at most 240.
    pub buffer_after_minutes: u16,
    /// The whole price; zero where it is bulk billed.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Whether the practice answers each request first.
    #[serde(default)]
    pub needs_acceptance: bool,
    /// How long before its start it can last be booked; as the schedule says unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_minutes: Option<u32>,
    /// How many days after today can be booked; as the schedule says unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u16>,
    /// How many of it patients may book on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_cap: Option<u16>,
    /// What patients are asked beforehand, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// How many patients one session takes: 2 to 100. Each has an appointment of their own and sees nothing of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// The rooms and devices that it needs, all of them: at most [`MOST_NEEDED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceId>,
    /// How the practice comes to the patient, where it does; neither by video nor in a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_visit: Option<HomeVisit>,
}

impl TypeDraft {
    /// How times of it are found under a schedule.
    pub fn offering(&self, settings: &ScheduleSettings) -> Offering {
        // The way is kept free like a buffer.
        let travel = self.home_visit.as_ref().map_or(0, |visit| visit.travel_minutes);
        Offering {
            duration_minutes: self.duration_minutes,
            buffer_before_minutes: self.buffer_before_minutes.saturating_add(travel),
            buffer_after_minutes: self.buffer_after_minutes.saturating_add(travel),
            step_minutes: settings.step_minutes,
            notice_minutes: self
                .notice_minutes
                .unwrap_or(settings.notice_minutes)
                .max(if self.needs_acceptance { REQUEST_NOTICE_MINUTES } else { 0 }),
            horizon_days: self.horizon_days.unwrap_or(settings.horizon_days),
            audience: self.audience.in_hours(self.home_visit.is_some()),
        }
    }

    /// As patients see it.
    pub fn shown(&self, appointment_type_id: AppointmentTypeId) -> AppointmentType {
        AppointmentType {
            appointment_type_id,
            name: self.name.clone(),
            duration_minutes: self.duration_minutes,
            price_cents: self.price_cents,
            bulk_billed: self.bulk_billed,
            telehealth: self.telehealth,
            audience: self.audience,
            needs_acceptance: self.needs_acceptance,
            seats: self.seats,
            home_visit: self.home_visit.is_some(),
        }
    }

    /// Trims the texts and checks every field.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut within = |fits: bool, field: &str, detail: &str| {
            if !fits {
                errors.push(FieldError::new(format!("/{field}"), detail));
            }
        };
        let name = tidy(&self.name);
        within((1..=80).contains(&name.chars().count()), "name", "Use 1 to 80 characters");
        within(self.position <= 1_000, "position", "Use at most 1,000");
        within((5..=480).contains(&self.duration_minutes), "duration_minutes", "Use 5 to 480 minutes");
        within(self.buffer_before_minutes <= 240, "buffer_before_minutes", "Use at most 240 minutes");
        within(self.buffer_after_minutes <= 240, "buffer_after_minutes", "Use at most 240 minutes");
        let priced = (AudCents::ZERO..=MOST_CENTS).contains(&self.price_cents);
        within(priced, "price_cents", "Use an amount up to $10,000");
        // Health Insurance Act 1973 s 20A (C-52).
        let uncharged = !self.bulk_billed || self.price_cents == AudCents::ZERO;
        within(uncharged, "price_cents", "What is bulk billed costs nothing");
        within(
            self.notice_minutes.is_none_or(|notice| notice <= MOST_NOTICE),
            "notice_minutes",
            "Use at most 30 days",
        );
        let horizon = self.horizon_days.is_none_or(|days| (1..=365).contains(&days));
        within(horizon, "horizon_days", "Use 1 to 365 days");
        let capped = self.daily_cap.is_none_or(|cap| (1..=200).contains(&cap));
        within(capped, "daily_cap", "Use 1 to 200, or none");
        within(self.seats.is_none_or(|seats| (2..=100).contains(&seats)), "seats", "Use 2 to 100, or none");
        within(self.resources.len() <= MOST_NEEDED, "resources", "Choose at most 5");
        let for_patients = self.audience != Audience::HomeVisit;
        within(for_patients, "audience", "Choose patients; where you visit them is another question");
        let visits_one = self.home_visit.is_none() || (!self.telehealth && self.seats.is_none());
        within(visits_one, "home_visit", "A home visit is neither by video or phone nor for a group");
        let questions = question::tidied(self.questions, &mut errors);
        let home_visit = self.home_visit.map(HomeVisit::check).transpose().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            None
        });
        if errors.is_empty() { Ok(Self { name, questions, home_visit, ..self }) } else { Err(errors) }
    }
}

/// Gives a role's schedule to one of the practice's staff to keep, or to nobody but its managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutKeeper {
    /// Whose account.
    pub account_id: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::{PutSchedule, ScheduleRule, ScheduleSettings, TypeDraft};
    use crate::{
        AppointmentTypeId, AudCents, Zone,
        bookings::{
            Audience, Busy, CancellationPolicy, Closure, ExtraHours, Question, QuestionKind, Rule, Weekdays,
            free_times,
            home_visit::{HomeVisit, VisitArea},
        },
    };

    const TODAY: jiff::civil::Date = date(2026, 11, 23);

    fn draft() -> TypeDraft {
        TypeDraft {
            name: " Long   consultation ".to_owned(),
            position: 1,
            duration_minutes: 30,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            price_cents: AudCents(8_500),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            notice_minutes: None,
            horizon_days: Some(7),
            daily_cap: None,
            questions: Vec::new(),
            seats: None,
            resources: Vec::new(),
            home_visit: None,
        }
    }

    fn hours(opens: i8, only: Vec<AppointmentTypeId>) -> ScheduleRule {
        let rule = Rule {
            weekdays: Weekdays::from_bits(1).unwrap(),
            opens: time(opens, 0, 0, 0),
            closes: time(opens + 1, 0, 0, 0),
            audience: Audience::All,
            effective_from: None,
            effective_until: None,
        };
        ScheduleRule { rule, only }
    }

    fn schedule(rules: Vec<ScheduleRule>) -> PutSchedule {
        PutSchedule {
            version: 0,
            settings: ScheduleSettings {
                step_minutes: 30,
                notice_minutes: 0,
                horizon_days: 60,
                opens_on_holidays: false,
                policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents::ZERO },
            },
            rules,
            leave: Vec::new(),
            extra_hours: Vec::new(),
        }
    }

    #[test]
    fn hours_for_one_type_are_not_offered_for_another() {
        let id = |number| AppointmentTypeId(uuid::Uuid::from_u128(number));
        let schedule = schedule(vec![hours(9, Vec::new()), hours(14, vec![id(2)])]);
        let starts = |of| {
            let availability = schedule.availability(Zone::SYDNEY, &[], of);
            let offering = draft().offering(&schedule.settings);
            let now = Zone::SYDNEY.start_of_day(TODAY);
            free_times(&availability, &offering, &[], Zone::SYDNEY.days(TODAY, TODAY), now).len()
        };
        assert_eq!((starts(id(1)), starts(id(2))), (2, 4));
    }

    fn home_visit(travel_minutes: u16) -> HomeVisit {
        HomeVisit { travel_minutes, area: VisitArea::Postcodes { postcodes: vec!["2150".to_owned()] } }
    }

    #[test]
    fn the_way_to_a_home_is_kept_free_and_its_hours_are_its_own() {
        let mut schedule = schedule(vec![hours(9, Vec::new())]);
        let on_the_road = hours(14, Vec::new()).rule;
        schedule.extra_hours.push(ExtraHours {
            date: TODAY,
            opens: on_the_road.opens,
            closes: on_the_road.closes,
            audience: Audience::HomeVisit,
        });
        let availability = schedule.availability(Zone::SYDNEY, &[], AppointmentTypeId(uuid::Uuid::nil()));
        let now = Zone::SYDNEY.start_of_day(TODAY);
        let day = Zone::SYDNEY.days(TODAY, TODAY);
        let at = |hour, minute| TODAY.at(hour, minute, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap();
        let busy = |from, until| [Busy { start: from, end: until }];
        let starts = |draft: TypeDraft, busy: &[Busy]| {
            free_times(&availability, &draft.offering(&schedule.settings), busy, day.clone(), now).len()
        };
        let at_home = TypeDraft { home_visit: Some(home_visit(20)), ..draft() };
        assert_eq!((starts(draft(), &[]), starts(at_home.clone(), &[])), (2, 4));
        // Twenty minutes on the way: what ends at a quarter to leaves no time for it, what ends at twenty to does.
        let until_quarter_to = busy(at(13, 0).timestamp(), at(13, 45).timestamp());
        assert_eq!(starts(at_home.clone(), &until_quarter_to), 3);
        assert_eq!(starts(at_home, &busy(at(13, 0).timestamp(), at(13, 40).timestamp())), 4);
    }

    #[test]
    fn a_home_visit_is_for_one_patient_who_is_there() {
        let at_home = TypeDraft { home_visit: Some(home_visit(20)), ..draft() };
        assert!(at_home.clone().check().unwrap().shown(AppointmentTypeId(uuid::Uuid::nil())).home_visit);
        let pointer = |draft: TypeDraft| draft.check().unwrap_err()[0].pointer.clone();
        assert_eq!(pointer(TypeDraft { telehealth: true, ..at_home.clone() }), "/home_visit");
        assert_eq!(pointer(TypeDraft { seats: Some(4), ..at_home }), "/home_visit");
        let far = TypeDraft { home_visit: Some(home_visit(181)), ..draft() };
        assert_eq!(pointer(far), "/home_visit/travel_minutes");
        assert_eq!(pointer(TypeDraft { audience: Audience::HomeVisit, ..draft() }), "/audience");
    }

    #[test]
    fn what_cannot_be_is_named_part_by_part() {
        let mut wrong = schedule(vec![hours(9, Vec::new())]);
        wrong.rules[0].rule.closes = time(9, 0, 0, 0);
        wrong.settings.step_minutes = 0;
        wrong.leave.push(Closure { first: TODAY, last: date(2026, 11, 22) });
        let pointers: Vec<_> = wrong.check(TODAY).unwrap_err().into_iter().map(|e| e.pointer).collect();
        assert_eq!(pointers, ["/settings/step_minutes", "/rules/0/rule/closes", "/leave/0/last"]);
        assert!(schedule(vec![hours(9, Vec::new())]).check(TODAY).is_ok());
    }

    #[test]
    fn a_bulk_billed_type_costs_nothing() {
        assert_eq!(draft().check().unwrap().name, "Long consultation");
        let wrong = TypeDraft { bulk_billed: true, ..draft() }.check().unwrap_err();
        assert_eq!(wrong[0].pointer, "/price_cents");
    }

    #[test]
    fn questions_are_checked_with_their_type() {
        let asks = |words: &str| Question {
            id: 1,
            words: words.to_owned(),
            help: None,
            kind: QuestionKind::YesNo,
            required: true,
        };
        let asked = TypeDraft { questions: vec![asks(" Have you  been here before? ")], ..draft() };
        assert_eq!(asked.check().unwrap().questions, [asks("Have you been here before?")]);
        let wrong = TypeDraft { questions: vec![asks("")], ..draft() }.check().unwrap_err();
        assert_eq!(wrong[0].pointer, "/questions/0/words");
    }
}
