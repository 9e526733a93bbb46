//! Reads the form's rows as the API takes them.

use jiff::civil::{Date, Time};
use shared_types::{
    bookings::{
        CancellationPolicy, Closure, ExtraHours, Rule,
        schedule::{ScheduleRule, ScheduleSettings},
    },
    problem::FieldError,
};

use super::{ExtraRow, LeaveRow, RuleRow, SettingsRow, read_dollars};
use crate::forms::when::wall_time;

/// Reads parts, and notes what cannot be read; what stands in for it is thrown away with the rest.
#[derive(Default)]
pub struct Reading {
    pub errors: Vec<FieldError>,
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

    pub fn settings(&mut self, row: &SettingsRow) -> ScheduleSettings {
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

    pub fn rule(&mut self, nth: usize, row: &RuleRow) -> ScheduleRule {
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

    pub fn leave(&mut self, nth: usize, row: &LeaveRow) -> Closure {
        let at = |field: &str| format!("/leave/{nth}/{field}");
        let part = !row.whole_day;
        Closure {
            first: self.date(&row.first, at("first")),
            last: self.date(&row.last, at("last")),
            from: part.then(|| self.note(wall_time(&row.from), at("from"), "Give from when they are off")),
            until: part
                .then(|| self.note(wall_time(&row.until), at("until"), "Give until when they are off")),
        }
    }

    pub fn extra(&mut self, nth: usize, row: &ExtraRow) -> ExtraHours {
        let at = |field: &str| format!("/extra_hours/{nth}/{field}");
        ExtraHours {
            date: self.date(&row.date, at("date")),
            opens: self.time(&row.opens, at("opens")),
            closes: self.time(&row.closes, at("closes")),
            audience: row.audience,
        }
    }
}
