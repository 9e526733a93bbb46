//! What matters of it, beside its aim.

use super::{AtSize, Report, machine::PROGRAMS};
use crate::bench::{
    calendar::{A_DAY, Calendar},
    payments::Payments,
    security::Security,
};

/// A line of the table.
pub struct Line {
    pub what: String,
    pub found: Option<f64>,
    pub unit: &'static str,
    pub aim: Option<Aim>,
}

#[derive(Clone, Copy)]
pub enum Aim {
    AtLeast(f64),
    Under(f64),
    AtMost(f64),
}

impl Report {
    pub fn lines(&self) -> Vec<Line> {
        let line = |what: &str, found, unit, aim| Line { what: what.to_owned(), found, unit, aim };
        let mut lines = vec![
            line(
                "search through HTTP for each of pgbench's, 1000000 roles",
                self.search_vs_pgbench_1m(),
                "",
                Some(Aim::AtLeast(0.8)),
            ),
            line(
                "search p99 at half load, 1000000 roles",
                self.search_p99_half_load_ms_1m(),
                " ms",
                Some(Aim::Under(15.0)),
            ),
            line(
                "cost of a search at 1000000 roles for each at 10000",
                self.search_growth_10k_1m(),
                "",
                Some(Aim::Under(2.0)),
            ),
            line(
                "hold and confirm for each of pgbench's same statements",
                self.hold_confirm_vs_same_sql(),
                "",
                Some(Aim::AtLeast(0.5)),
            ),
        ];
        let programs = PROGRAMS.iter().zip(self.bundles.wasm_compressed_kb_each);
        lines.extend(programs.map(|((_, what), size)| {
            line(&format!("Wasm {what}, compressed"), size, " KB", Some(Aim::AtMost(350.0)))
        }));
        lines.push(line("JavaScript, compressed", self.bundles.js_compressed_kb, " KB", None));
        lines.extend(self.calendar_lines());
        lines.extend(self.security_lines());
        lines.extend(self.payments_lines());
        for AtSize { roles, search, .. } in &self.sizes {
            let of = |what: &str, found| line(&format!("{what}, {roles} roles"), Some(found), "", None);
            lines.push(of("search for each of pgbench's", search.by_distance.http_vs_pgbench));
            lines.push(of("… with the place's lookup", search.http_vs_pgbench_with_place));
            lines.push(of("… by soonest time", search.by_soonest.http_vs_pgbench));
        }
        for booking in &self.bookings {
            let what = format!("hold and confirm for each bare insert, {} roles", booking.roles);
            lines.push(line(&what, Some(booking.hold_confirm_vs_bare_inserts), "", None));
        }
        lines
    }

    fn calendar_lines(&self) -> Vec<Line> {
        let calendar = self.calendar.as_ref();
        let of = |what: String, found: fn(&Calendar) -> f64| Line {
            what,
            found: calendar.map(found),
            unit: " s",
            aim: None,
        };
        let reckoned = |how: fn(&Calendar) -> String| calendar.map(how).unwrap_or_default();
        let planned = reckoned(|found| found.reminders_planned.reckoned_for(A_DAY));
        let written = reckoned(|found| found.reminders_written.reckoned_for(A_DAY * 2));
        vec![
            Line {
                what: "longest frame of a week of 500 entries, slowed four times".to_owned(),
                found: self.longest_frame_ms,
                unit: " ms",
                aim: Some(Aim::AtMost(50.0)),
            },
            of("next free times of 1000 roles".to_owned(), |found| found.next_free.seconds),
            of(format!("planning reminders of {A_DAY} appointments{planned}"), |found| {
                found.planned_for_a_day_seconds
            }),
            of(format!("writing their {} reminders{written}", A_DAY * 2), |found| {
                found.written_for_a_day_seconds
            }),
        ]
    }

    fn payments_lines(&self) -> Vec<Line> {
        let of = |what: &str, found: fn(&Payments) -> f64, unit| Line {
            what: what.to_owned(),
            found: self.payments.as_ref().map(found),
            unit,
            aim: None,
        };
        vec![
            of("proving a ledger of 10000000 entries", |found| found.ledger_verify_10m.seconds, " s"),
            of("loading a schedule of 6000 items", |found| found.mbs_load.seconds, " s"),
            of("… with at the most", |found| found.mbs_load.peak_megabytes, " MB"),
        ]
    }

    fn security_lines(&self) -> Vec<Line> {
        let of = |what: &str, found: fn(&Security) -> f64, unit, aim| Line {
            what: what.to_owned(),
            found: self.security.as_ref().map(found),
            unit,
            aim,
        };
        vec![
            of("believing a token", |found| found.token_check.ns_per_check / 1e3, " µs", None),
            of(
                "requests signed in for each not signed in",
                |found| found.token_check.with_vs_without,
                "",
                None,
            ),
            of("an audit entry with its commit", |found| found.audit_overhead.added_ms, " ms", None),
            of(
                "checking an audit log of 1000000 acts",
                |found| found.audit_verify_1m.seconds,
                " s",
                Some(Aim::Under(30.0)),
            ),
            of("sealing a note of 4 KiB", |found| found.seal_open.seal_ms, " ms", Some(Aim::Under(50.0))),
            of("opening it", |found| found.seal_open.open_ms, " ms", Some(Aim::Under(50.0))),
        ]
    }
}

impl Line {
    pub fn falls_short(&self) -> bool {
        match (self.found, self.aim) {
            (Some(found), Some(Aim::AtLeast(aim))) => found < aim,
            (Some(found), Some(Aim::Under(aim))) => found >= aim,
            (Some(found), Some(Aim::AtMost(aim))) => found > aim,
            (None, _) | (_, None) => false,
        }
    }

    pub fn text(&self) -> String {
        let unit = self.unit;
        let found = self.found.map_or("not run".to_owned(), |found| format!("{found:.2}{unit}"));
        let aim = match self.aim {
            Some(Aim::AtLeast(aim)) => format!("at least {aim}{unit}"),
            Some(Aim::Under(aim)) => format!("under {aim}{unit}"),
            Some(Aim::AtMost(aim)) => format!("at most {aim}{unit}"),
            None => String::new(),
        };
        let verdict = if self.falls_short() { "  falls short" } else { "" };
        format!("{:<60}{found:>10}  {aim}{verdict}", self.what)
    }
}
