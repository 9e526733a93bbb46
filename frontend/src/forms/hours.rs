//! A practitioner's schedule while it is edited, as the browser's own fields write it.

use std::{collections::BTreeMap, rc::Rc};

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId, ResourceId, Zone,
    bookings::{
        Audience, Busy, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays,
        free_times::{free_times, with_open_sessions},
        practice::{PracticeCalendar, RoleCalendar},
        schedule::{Holiday, PutSchedule, RoleType, ScheduleRule, ScheduleSettings},
    },
    problem::FieldError,
};
use yew::Reducible;

use super::when::{time_value, wall_time};

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

/// Whole days off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveRow {
    /// Tells the rows apart.
    pub id: u32,
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
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
            HoursAction::DropRule(id) => form.rules.retain(|row| row.id != id),
            HoursAction::AddLeave(day) => {
                let id = form.fresh_id();
                form.leave.push(LeaveRow { id, first: day.to_string(), last: day.to_string() });
            }
            HoursAction::Leave(row) => replace(&mut form.leave, row, |row| row.id),
            HoursAction::DropLeave(id) => form.leave.retain(|row| row.id != id),
            HoursAction::AddExtra(day) => {
                let RuleRow { id, opens, closes, audience, .. } = RuleRow::usual(form.fresh_id());
                form.extra.push(ExtraRow { id, date: day.to_string(), opens, closes, audience });
            }
            HoursAction::Extra(row) => replace(&mut form.extra, row, |row| row.id),
            HoursAction::DropExtra(id) => form.extra.retain(|row| row.id != id),
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
        for Closure { first, last } in &schedule.leave {
            let id = form.fresh_id();
            form.leave.push(LeaveRow { id, first: first.to_string(), last: last.to_string() });
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

/// Reads parts, and notes what cannot be read; what stands in for it is thrown away with the rest.
#[derive(Default)]
struct Reading {
    errors: Vec<FieldError>,
}

impl Reading {
    fn note<T: Default>(&mut self, read: Option<T>, pointer: String, detail: &str) -> T {
        if read.is_none() {
            self.errors.push(FieldError::new(pointer, detail));
        }
        read.unwrap_or_default()
    }

    fn number<T: std::str::FromStr + Default>(&mut self, text: &str, field: &str) -> T {
        self.note(text.trim().parse().ok(), format!("/settings/{field}"), "Enter a whole number")
    }

    fn settings(&mut self, row: &SettingsRow) -> ScheduleSettings {
        let fee = read_dollars(&row.late_fee);
        ScheduleSettings {
            step_minutes: self.number(&row.step, "step_minutes"),
            notice_minutes: self.number(&row.notice, "notice_minutes"),
            horizon_days: self.number(&row.horizon, "horizon_days"),
            opens_on_holidays: row.opens_on_holidays,
            policy: CancellationPolicy {
                free_until_hours: self.number(&row.free_until, "policy/free_until_hours"),
                late_fee_cents: self.note(
                    fee,
                    "/settings/policy/late_fee_cents".to_owned(),
                    "Enter an amount such as 40 or 40.50",
                ),
            },
        }
    }

    fn time(&mut self, text: &str, pointer: String) -> Time {
        self.note(wall_time(text), pointer, "Choose a time")
    }

    fn date(&mut self, text: &str, pointer: String) -> Date {
        self.note(text.trim().parse().ok(), pointer, "Choose a day")
    }

    fn date_or_none(&mut self, text: &str, pointer: String) -> Option<Date> {
        (!text.trim().is_empty()).then(|| self.date(text, pointer))
    }

    fn rule(&mut self, nth: usize, row: &RuleRow) -> ScheduleRule {
        let at = |field: &str| format!("/rules/{nth}/rule/{field}");
        ScheduleRule {
            rule: Rule {
                weekdays: row.weekdays,
                opens: self.time(&row.opens, at("opens")),
                closes: self.time(&row.closes, at("closes")),
                audience: row.audience,
                effective_from: self.date_or_none(&row.from, at("effective_from")),
                effective_until: self.date_or_none(&row.until, at("effective_until")),
            },
            only: row.only.clone(),
        }
    }

    fn leave(&mut self, nth: usize, row: &LeaveRow) -> Closure {
        Closure {
            first: self.date(&row.first, format!("/leave/{nth}/first")),
            last: self.date(&row.last, format!("/leave/{nth}/last")),
        }
    }

    fn extra(&mut self, nth: usize, row: &ExtraRow) -> ExtraHours {
        let at = |field: &str| format!("/extra_hours/{nth}/{field}");
        ExtraHours {
            date: self.date(&row.date, at("date")),
            opens: self.time(&row.opens, at("opens")),
            closes: self.time(&row.closes, at("closes")),
            audience: row.audience,
        }
    }
}

/// What patients would see of a type under a schedule, from one day to another: the very function that the server asks.
/// What is taken comes from the practice's calendar: of the practitioner, and of the rooms and devices that the type needs,
/// with whomever they are used.
pub fn would_see(
    schedule: &PutSchedule,
    (zone, holidays): (Zone, &[Holiday]),
    of: &RoleType,
    calendar: &PracticeCalendar,
    role_id: PractitionerRoleId,
    now: Timestamp,
) -> Vec<Timestamp> {
    let needs = |id: &ResourceId| of.draft.resources.contains(id);
    let own = |role: &&RoleCalendar| role.practitioner_role_id == role_id;
    let booked = calendar.roles.iter().flat_map(|role| &role.appointments).filter(|one| {
        one.practitioner_role_id == role_id || one.resources.iter().any(|taken| needs(&taken.resource_id))
    });
    let elsewhere = calendar.roles.iter().filter(own).flat_map(|role| &role.taken);
    let busy: Vec<Busy> = booked
        .filter_map(|one| one.takes)
        .chain(elsewhere.map(|taken| (taken.start, taken.end)))
        .map(|(start, end)| Busy { start, end })
        .collect();
    let availability = schedule.availability(zone, holidays, of.appointment_type_id);
    let offering = of.draft.offering(&schedule.settings);
    let window = zone.days(calendar.from, calendar.to);
    let starts = free_times(&availability, &offering, &busy, window.clone(), now);
    let offered = free_times(&availability, &offering, &[], window.clone(), now);
    let mut open = open_sessions(of, calendar, role_id);
    open.retain(|start| offered.binary_search(start).is_ok());
    with_open_sessions(starts, &open, &window)
}

/// When groups of a type start in which somebody has a seat and somebody else can have one.
fn open_sessions(of: &RoleType, calendar: &PracticeCalendar, role_id: PractitionerRoleId) -> Vec<Timestamp> {
    let Some(seats) = of.draft.seats else { return Vec::new() };
    let mut seated: BTreeMap<Timestamp, u16> = BTreeMap::new();
    let roles = calendar.roles.iter().filter(|role| role.practitioner_role_id == role_id);
    for one in roles.flat_map(|role| &role.appointments).filter(|one| one.takes.is_some()) {
        if one.appointment_type.appointment_type_id == of.appointment_type_id {
            *seated.entry(one.start).or_default() += 1;
        }
    }
    seated.into_iter().filter(|(_, taken)| *taken < seats).map(|(start, _)| start).collect()
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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use jiff::civil::{Date, date, time};
    use shared_types::{
        AppointmentTypeId, AudCents, Zone,
        bookings::{
            Audience, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays,
            schedule::{Holiday, PutSchedule, RoleType, ScheduleRule, ScheduleSettings, TypeDraft},
        },
    };
    use uuid::Uuid;
    use yew::Reducible as _;

    use super::{HoursAction, HoursForm, RuleRow, dollars, read_dollars, would_see};
    use crate::calendar::sample::{appointment, calendar, role_id};

    const TODAY: Date = date(2026, 11, 23);

    fn schedule() -> PutSchedule {
        let rule = Rule {
            weekdays: Weekdays::from_bits(31).unwrap(),
            opens: time(9, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            audience: Audience::New,
            effective_from: None,
            effective_until: Some(date(2027, 6, 30)),
        };
        PutSchedule {
            version: 3,
            settings: ScheduleSettings {
                step_minutes: 60,
                notice_minutes: 0,
                horizon_days: 30,
                opens_on_holidays: false,
                policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4_050) },
            },
            rules: vec![ScheduleRule { rule, only: vec![AppointmentTypeId(Uuid::from_u128(51))] }],
            leave: vec![Closure { first: date(2026, 12, 24), last: date(2027, 1, 3) }],
            extra_hours: vec![ExtraHours {
                date: date(2026, 11, 28),
                opens: time(9, 30, 0, 0),
                closes: time(11, 0, 0, 0),
                audience: Audience::All,
            }],
        }
    }

    #[test]
    fn a_schedule_goes_through_the_form_unchanged() {
        assert_eq!(HoursForm::of(&schedule()).read(TODAY), Ok(schedule()));
    }

    #[test]
    fn what_cannot_be_read_is_named_by_the_services_pointers() {
        let mut form = HoursForm::of(&schedule());
        form.rules[0].opens = "nine".to_owned();
        form.settings.step = "often".to_owned();
        form.leave[0].last = String::new();
        let pointers: Vec<_> = form.read(TODAY).unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/settings/step_minutes", "/rules/0/rule/opens", "/leave/0/last"]);
        let mut form = HoursForm::of(&schedule());
        form.rules[0].closes = "08:00".to_owned();
        assert_eq!(form.read(TODAY).unwrap_err()[0].pointer, "/rules/0/rule/closes");
    }

    #[test]
    fn what_is_wrong_leads_to_its_field() {
        let form = HoursForm::of(&schedule());
        for (pointer, id) in [
            ("/settings/policy/late_fee_cents", "late_fee"),
            ("/rules/0/rule/effective_until", "rule-1-until"),
            ("/rules/0/rule/weekdays", "rule-1-opens"),
            ("/leave/0/last", "leave-2-last"),
            ("/extra_hours/0/closes", "extra-3-closes"),
        ] {
            assert_eq!(form.field_id(pointer), id);
        }
    }

    #[test]
    fn rows_come_change_and_go() {
        let actions = [HoursAction::AddRule, HoursAction::AddLeave(TODAY), HoursAction::AddExtra(TODAY)];
        let form =
            actions.into_iter().fold(Rc::new(HoursForm::default()), |form, action| form.reduce(action));
        assert_eq!((form.rules.len(), form.leave.len(), form.extra.len()), (1, 1, 1));
        let saturday = form.rules[0].with_day(5, true).with_day(0, false);
        let form = form.reduce(HoursAction::Rule(saturday));
        assert_eq!(form.rules[0].weekdays.bits(), 0b11_1110);
        let id = form.rules[0].id;
        assert!(form.reduce(HoursAction::DropRule(id)).rules.is_empty());
    }

    #[test]
    fn a_type_is_ticked_and_unticked() {
        let type_id = AppointmentTypeId(Uuid::from_u128(51));
        let row = RuleRow::usual(1).with_type(type_id, true);
        assert_eq!(row.only, [type_id]);
        assert!(row.with_type(type_id, false).only.is_empty());
    }

    #[test]
    fn patients_would_see_what_the_edited_rules_leave_free() {
        let of = RoleType {
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(51)),
            version: 1,
            active: true,
            draft: TypeDraft {
                name: "First visit".to_owned(),
                position: 1,
                duration_minutes: 60,
                buffer_before_minutes: 0,
                buffer_after_minutes: 0,
                price_cents: AudCents(12_000),
                bulk_billed: false,
                telehealth: false,
                audience: Audience::New,
                needs_acceptance: false,
                notice_minutes: None,
                horizon_days: None,
                daily_cap: None,
                questions: Vec::new(),
                seats: None,
                resources: Vec::new(),
                home_visit: None,
            },
        };
        // Three hours each weekday, Friday a holiday, and an hour on Saturday; one of them is taken.
        let booked = calendar(vec![appointment(1, "2026-11-24T22:15:00Z", 45)]);
        let holidays = [Holiday { date: date(2026, 11, 27), name: "Show day".to_owned() }];
        let now = Zone::SYDNEY.start_of_day(TODAY);
        let seen = |schedule: &PutSchedule| {
            would_see(schedule, (Zone::SYDNEY, &holidays), &of, &booked, role_id(), now).len()
        };
        assert_eq!(seen(&schedule()), 4 * 3 + 1 - 1);
        // One of the times is a group's; with two seats there is another one.
        let seated = calendar(vec![appointment(1, "2026-11-24T22:00:00Z", 60)]);
        for (seats, expected) in [(None, 4 * 3), (Some(2), 4 * 3 + 1)] {
            let mut group = of.clone();
            group.draft.seats = seats;
            let place = (Zone::SYDNEY, &holidays[..]);
            assert_eq!(would_see(&schedule(), place, &group, &seated, role_id(), now).len(), expected);
        }
        let mut open = schedule();
        open.settings.opens_on_holidays = true;
        assert_eq!(seen(&open), 5 * 3 + 1 - 1);
        open.rules[0].only = vec![AppointmentTypeId(Uuid::from_u128(52))];
        assert_eq!(seen(&open), 1);
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, cents) in [
            ("40", Some(4_000)),
            ("$40.5", Some(4_050)),
            (" 0 ", Some(0)),
            ("40.505", None),
            ("forty", None),
            ("", None),
        ] {
            assert_eq!(read_dollars(text), cents.map(AudCents), "{text}");
        }
        assert_eq!(
            (dollars(AudCents(4_050)), dollars(AudCents(4_000))),
            ("40.50".to_owned(), "40".to_owned())
        );
    }
}
