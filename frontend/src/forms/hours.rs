//! A practitioner's schedule while it is edited, as the browser's own fields write it.

mod preview;
mod reading;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use jiff::civil::{Date, Time};
use shared_types::{
    AppointmentTypeId, AudCents,
    bookings::{
        Audience, Closure, ExtraHours, Weekdays,
        schedule::{PutSchedule, ScheduleRule, ScheduleSettings},
    },
    problem::FieldError,
};
use yew::Reducible;

pub use self::preview::{is_all_elsewhere, would_see};
use self::reading::Reading;
use super::when::time_value;
use crate::calendar::away::closure_words;

/// How the times are cut and sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsRow {
    /// Minutes from one start to the next.
    pub step: String,
    /// Minutes.
    pub notice: String,
    /// Days.
    pub horizon: String,
    /// Whether the weekly hours count on public holidays.
    pub opens_on_holidays: bool,
    /// Hours.
    pub free_until: String,
    /// Dollars.
    pub late_fee: String,
}

/// Weekly hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// Tells the rows apart while they are edited.
    pub id: u32,
    /// On which days.
    pub weekdays: Weekdays,
    /// `09:00`.
    pub opens: String,
    /// `17:00`.
    pub closes: String,
    /// For whom.
    pub audience: Audience,
    /// The first day, or nothing.
    pub from: String,
    /// The last day, or nothing.
    pub until: String,
    /// For these appointment types only.
    pub only: Vec<AppointmentTypeId>,
}

/// Days off, or a part of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveRow {
    /// Tells the rows apart.
    pub id: u32,
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
    /// Whether the days are off whole; the times count only where they are not.
    pub whole_day: bool,
    /// `13:00`.
    pub from: String,
    /// `15:00`.
    pub until: String,
}

/// Hours on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraRow {
    /// Tells the rows apart.
    pub id: u32,
    /// The day.
    pub date: String,
    /// `09:00`.
    pub opens: String,
    /// `17:00`.
    pub closes: String,
    /// For whom.
    pub audience: Audience,
}

/// What stands in the form and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoursForm {
    version: i32,
    next_id: u32,
    /// How times are cut and sold.
    pub settings: SettingsRow,
    /// The weekly hours.
    pub rules: Vec<RuleRow>,
    /// Days off.
    pub leave: Vec<LeaveRow>,
    /// Further hours.
    pub extra: Vec<ExtraRow>,
    /// What is wrong, by the service's pointers.
    pub errors: Vec<FieldError>,
    /// How often it was judged.
    pub judged: u32,
}

/// Something changed.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum HoursAction {
    /// The schedule as the service has it.
    Saved(PutSchedule),
    Settings(SettingsRow),
    AddRule,
    Rule(RuleRow),
    DropRule(u32),
    AddLeave(Date),
    Leave(LeaveRow),
    DropLeave(u32),
    AddExtra(Date),
    Extra(ExtraRow),
    DropExtra(u32),
    /// What is wrong now.
    Judge(Vec<FieldError>),
}

impl Reducible for HoursForm {
    type Action = HoursAction;

    fn reduce(self: Rc<Self>, action: HoursAction) -> Rc<Self> {
        let mut form = Rc::unwrap_or_clone(self);
        match action {
            HoursAction::Saved(schedule) => return Rc::new(Self::of(&schedule)),
            HoursAction::Settings(settings) => form.settings = settings,
            HoursAction::AddRule => {
                let id = form.fresh_id();
                form.rules.push(RuleRow::usual(id));
            }
            HoursAction::Rule(row) => replace(&mut form.rules, row, |row| row.id),
            HoursAction::DropRule(id) => {
                drop_row(&mut form.rules, &mut form.errors, "/rules/", |row| row.id == id);
            }
            HoursAction::AddLeave(day) => {
                let id = form.fresh_id();
                form.leave.push(LeaveRow::of(id, Closure::days(day, day)));
            }
            HoursAction::Leave(row) => replace(&mut form.leave, row, |row| row.id),
            HoursAction::DropLeave(id) => {
                drop_row(&mut form.leave, &mut form.errors, "/leave/", |row| row.id == id);
            }
            HoursAction::AddExtra(day) => {
                let RuleRow { id, opens, closes, audience, .. } = RuleRow::usual(form.fresh_id());
                form.extra.push(ExtraRow { id, date: day.to_string(), opens, closes, audience });
            }
            HoursAction::Extra(row) => replace(&mut form.extra, row, |row| row.id),
            HoursAction::DropExtra(id) => {
                drop_row(&mut form.extra, &mut form.errors, "/extra_hours/", |row| row.id == id);
            }
            HoursAction::Judge(errors) => (form.errors, form.judged) = (errors, form.judged + 1),
        }
        Rc::new(form)
    }
}

fn replace<T>(rows: &mut [T], row: T, id: impl Fn(&T) -> u32) {
    if let Some(old) = rows.iter_mut().find(|old| id(old) == id(&row)) {
        *old = row;
    }
}

/// Takes a row out of a list. What is wrong with the rows below it goes up with them.
fn drop_row<T>(rows: &mut Vec<T>, errors: &mut Vec<FieldError>, list: &str, is_it: impl Fn(&T) -> bool) {
    let Some(gone) = rows.iter().position(is_it) else { return };
    rows.remove(gone);
    let own = format!("{list}{gone}/");
    errors.retain(|error| !error.pointer.starts_with(&own));
    for error in errors {
        let row = error.pointer.strip_prefix(list).and_then(|rest| rest.split_once('/'));
        let below = row.and_then(|(nth, field)| Some((nth.parse::<usize>().ok()?, field)));
        if let Some((nth, field)) = below.filter(|(nth, _)| *nth > gone) {
            error.pointer = format!("{list}{}/{field}", nth - 1);
        }
    }
}

impl RuleRow {
    /// Monday to Friday, nine to five, for everybody.
    fn usual(id: u32) -> Self {
        Self {
            id,
            weekdays: Weekdays::from_bits(31).unwrap_or_default(),
            opens: "09:00".to_owned(),
            closes: "17:00".to_owned(),
            audience: Audience::All,
            from: String::new(),
            until: String::new(),
            only: Vec::new(),
        }
    }

    /// With a day more, or one fewer; Monday is nought.
    pub fn with_day(&self, day: u8, ticked: bool) -> Self {
        let bit = 1_u8 << day.min(6);
        let bits = if ticked { self.weekdays.bits() | bit } else { self.weekdays.bits() & !bit };
        Self { weekdays: Weekdays::from_bits(bits).unwrap_or_default(), ..self.clone() }
    }

    /// With an appointment type more, or one fewer.
    pub fn with_type(&self, type_id: AppointmentTypeId, ticked: bool) -> Self {
        let mut only: Vec<_> = self.only.iter().copied().filter(|one| *one != type_id).collect();
        if ticked {
            only.push(type_id);
        }
        Self { only, ..self.clone() }
    }
}

impl LeaveRow {
    fn of(id: u32, closure: Closure) -> Self {
        let time = |time: Option<Time>| time.map(wall).unwrap_or_default();
        Self {
            id,
            first: closure.first.to_string(),
            last: closure.last.to_string(),
            whole_day: closure.part().is_none(),
            from: time(closure.from),
            until: time(closure.until),
        }
    }

    /// `Tuesday 24 November, 1:00 pm to 3:00 pm`, where all of it can be read.
    pub fn words(&self, today: Date) -> Option<String> {
        let mut reading = Reading::default();
        let closure = reading.leave(0, self);
        reading.errors.is_empty().then(|| closure_words(closure, today))
    }
}

impl HoursForm {
    /// The form of a schedule.
    pub fn of(schedule: &PutSchedule) -> Self {
        let mut form = Self { version: schedule.version, ..Self::default() };
        let ScheduleSettings { step_minutes, notice_minutes, horizon_days, opens_on_holidays, policy } =
            schedule.settings;
        form.settings = SettingsRow {
            step: step_minutes.to_string(),
            notice: notice_minutes.to_string(),
            horizon: horizon_days.to_string(),
            opens_on_holidays,
            free_until: policy.free_until_hours.to_string(),
            late_fee: dollars(policy.late_fee_cents),
        };
        for ScheduleRule { rule, only } in &schedule.rules {
            let id = form.fresh_id();
            form.rules.push(RuleRow {
                id,
                weekdays: rule.weekdays,
                opens: wall(rule.opens),
                closes: wall(rule.closes),
                audience: rule.audience,
                from: day(rule.effective_from),
                until: day(rule.effective_until),
                only: only.clone(),
            });
        }
        for closure in &schedule.leave {
            let id = form.fresh_id();
            form.leave.push(LeaveRow::of(id, *closure));
        }
        for ExtraHours { date, opens, closes, audience } in &schedule.extra_hours {
            let id = form.fresh_id();
            let (opens, closes) = (wall(*opens), wall(*closes));
            form.extra.push(ExtraRow { id, date: date.to_string(), opens, closes, audience: *audience });
        }
        form
    }

    fn fresh_id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// What is wrong with one part.
    pub fn error(&self, pointer: &str) -> Option<String> {
        self.errors.iter().find(|error| error.pointer == pointer).map(|error| error.detail.clone())
    }

    /// What is wrong, each entry with the field that it leads to.
    pub fn linked_errors(&self) -> Vec<FieldError> {
        let linked = |error: &FieldError| {
            FieldError::new(format!("/{}", self.field_id(&error.pointer)), error.detail.clone())
        };
        self.errors.iter().map(linked).collect()
    }

    /// The id of the field of a pointer. What is wrong with the days of weekly hours leads to the first field below them.
    fn field_id(&self, pointer: &str) -> String {
        let parts: Vec<_> = pointer.trim_start_matches('/').split('/').collect();
        let nth = parts.get(1).and_then(|nth| nth.parse::<usize>().ok()).unwrap_or(usize::MAX);
        let id = match parts[0] {
            "rules" => self.rules.get(nth).map(|row| format!("rule-{}", row.id)),
            "leave" => self.leave.get(nth).map(|row| format!("leave-{}", row.id)),
            "extra_hours" => self.extra.get(nth).map(|row| format!("extra-{}", row.id)),
            _ => None,
        };
        let field = match parts.last().copied().unwrap_or_default() {
            "weekdays" => "opens",
            "effective_from" => "from",
            "effective_until" => "until",
            "step_minutes" => "step",
            "notice_minutes" => "notice",
            "horizon_days" => "horizon",
            "free_until_hours" => "free_until",
            "late_fee_cents" => "late_fee",
            field => field,
        };
        id.map_or_else(|| field.to_owned(), |id| format!("{id}-{field}"))
    }

    /// The schedule as the API takes it; `today` is the day at the place.
    ///
    /// # Errors
    /// One entry for each part that is wrong, by the service's pointers.
    pub fn read(&self, today: Date) -> Result<PutSchedule, Vec<FieldError>> {
        let mut reading = Reading::default();
        let schedule = PutSchedule {
            version: self.version,
            settings: reading.settings(&self.settings),
            rules: self.rules.iter().enumerate().map(|(nth, row)| reading.rule(nth, row)).collect(),
            leave: self.leave.iter().enumerate().map(|(nth, row)| reading.leave(nth, row)).collect(),
            extra_hours: self.extra.iter().enumerate().map(|(nth, row)| reading.extra(nth, row)).collect(),
        };
        if !reading.errors.is_empty() {
            return Err(reading.errors);
        }
        schedule.check(today)?;
        Ok(schedule)
    }
}

/// `40`, or `40.50`.
pub fn dollars(cents: AudCents) -> String {
    cents.to_string().trim_start_matches('$').to_owned()
}

/// Reads an amount in dollars.
pub fn read_dollars(text: &str) -> Option<AudCents> {
    let text = text.trim().trim_start_matches('$');
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !digits(whole) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    let cents = format!("{cents:0<2}").parse::<i64>().ok()?;
    Some(AudCents(whole.parse::<i64>().ok()? * 100 + cents))
}

fn wall(time: Time) -> String {
    time_value(i32::from(time.hour()) * 60 + i32::from(time.minute()))
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
