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
//! | GET `…/schedule/outside` | `list_outside` | → [`OutsideHours`]; what is booked and to come outside of the hours as they are |
//! | POST `…/schedule/outside` | `check_outside` | [`PutSchedule`] → [`OutsideHours`]; what lies within the hours as they are and would not within these; changes nothing |
//! | GET `…/appointment-types` | `list_role_types` | → [`RoleTypes`]; those that are no longer offered, too |
//! | POST `…/appointment-types` | `create_appointment_type` | [`TypeDraft`] + Idempotency-Key → 201 [`RoleType`] |
//! | PUT `…/appointment-types/{appointment_type_id}` | `put_appointment_type` | [`PutType`] → [`RoleType`] |
//! | PUT `…/keeper` | `put_keeper` | [`PutKeeper`] → 204, for managers and owners |
//!
//! What patients would see is worked out in the browser: [`PutSchedule::availability`] and [`TypeDraft::offering`] are what the
//! server asks [`free_times`](super::free_times()) with. Nothing that is booked is moved or cancelled by any of this:
//! [`SchedulePut::outside`] says what lies outside of the new hours, [`OutsideHours`] says so before, and for as long as it does.
//!
//! Problems: 409 `stale-version`, 422 `invalid`. Times are of whole minutes.

mod outside;
#[cfg(test)]
mod tests;
mod types;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

pub use self::{
    outside::{MOST_OUTSIDE, OutsideHours, OutsideVisit},
    types::{PutType, RoleType, RoleTypes, TypeDraft},
};
use super::{AppointmentStatus, Availability, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays};
use crate::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, PractitionerRoleId, Zone, problem::FieldError,
    users::StaffRole,
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
    /// To whose account it is given to keep; to nobody's but its managers' when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper: Option<AccountId>,
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
    /// Days off, or parts of them, that are not over.
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
        self.by_rules(zone, holidays, self.rules.iter().filter(counts))
    }

    /// All of the hours, whatever they are for.
    pub fn all_hours(&self, zone: Zone, holidays: &[Holiday]) -> Availability {
        self.by_rules(zone, holidays, self.rules.iter())
    }

    fn by_rules<'a>(
        &self,
        zone: Zone,
        holidays: &[Holiday],
        rules: impl Iterator<Item = &'a ScheduleRule>,
    ) -> Availability {
        let closed = holidays.iter().filter(|_| !self.settings.opens_on_holidays);
        Availability {
            zone,
            rules: rules.map(|rule| rule.rule.clone()).collect(),
            closures: closed
                .map(|holiday| Closure::days(holiday.date, holiday.date))
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
            let hours = [(rule.opens, at("opens")), (rule.closes, at("closes"))];
            check_stretch(hours, CLOSES_BEFORE, &mut errors);
            for (day, field) in
                [(rule.effective_from, "effective_from"), (rule.effective_until, "effective_until")]
            {
                check_day(day, at(field), &mut errors);
            }
            if let (Some(from), Some(until)) = (rule.effective_from, rule.effective_until)
                && until < from
            {
                errors.push(FieldError::new(at("effective_until"), "This is before the first day"));
            }
        }
        for (nth, leave) in self.leave.iter().enumerate() {
            let at = |field: &str| format!("/leave/{nth}/{field}");
            check_day(Some(leave.first), at("first"), &mut errors);
            if leave.last < leave.first || leave.last < today {
                errors.push(FieldError::new(at("last"), "Give a day that is not over, nor before the first"));
            }
            match (leave.from, leave.until) {
                (None, None) => {}
                (Some(_), None) => {
                    errors.push(FieldError::new(at("until"), "Give until when they are off"));
                }
                (None, Some(_)) => {
                    errors.push(FieldError::new(at("from"), "Give from when they are off"));
                }
                (Some(from), Some(until)) => {
                    let off = [(from, at("from")), (until, at("until"))];
                    let ends_before = "Give a time off that ends after it begins, on the same day";
                    check_stretch(off, ends_before, &mut errors);
                }
            }
        }
        for (nth, extra) in self.extra_hours.iter().enumerate() {
            let at = |field: &str| format!("/extra_hours/{nth}/{field}");
            if extra.date < today {
                errors.push(FieldError::new(at("date"), "Give a day that is not over"));
            }
            let hours = [(extra.opens, at("opens")), (extra.closes, at("closes"))];
            check_stretch(hours, CLOSES_BEFORE, &mut errors);
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
const FIRST_YEAR: i16 = 2000;
const CLOSES_BEFORE: &str = "Close after opening, on the same day";

/// Checks that somebody may mean a day: the database knows none of some thousand years ago.
fn check_day(day: Option<Date>, at: String, errors: &mut Vec<FieldError>) {
    if day.is_some_and(|day| day.year() < FIRST_YEAR) {
        errors.push(FieldError::new(at, "Give a day of the year 2000 or later"));
    }
}

/// Checks a part of a day, of which each end has its pointer: `wrong` is what is said of one that does not end after it begins. It
/// lasts a minute at least, since both are of whole minutes: the database rounds what is smaller than a microsecond.
fn check_stretch(
    [(from, at_from), (until, at_until)]: [(Time, String); 2],
    wrong: &str,
    errors: &mut Vec<FieldError>,
) {
    if until <= from {
        errors.push(FieldError::new(at_until, wrong));
        return;
    }
    for (time, at) in [(from, at_from), (until, at_until)] {
        if time.second() != 0 || time.subsec_nanosecond() != 0 {
            errors.push(FieldError::new(at, "Give a time in whole minutes"));
        }
    }
}

/// Gives a role's schedule to one of the practice's staff to keep, or to nobody but its managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutKeeper {
    /// Whose account.
    pub account_id: Option<AccountId>,
}
