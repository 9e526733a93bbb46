//! A role's calendar: what can be booked, when it is open, and what is taken.

pub mod hours;
mod loading;
mod taken;

use std::{iter, ops::Range};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, AudCents, ResourceId,
    bookings::{
        AppointmentType, Audience, Availability, BookedRole, Busy, CancellationPolicy, Closure, Offering,
        free_times::{free_times, with_open_sessions},
        practice::REQUEST_NOTICE_MINUTES,
    },
    providers::Unlisted,
};

pub use self::{
    loading::{LOAD, load},
    taken::{Taken, busy},
};
use super::{group::Open, offered::Offered};
use crate::{domain::other_place, holding};

/// Everything about a role's calendar but what is taken.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub role: BookedRole,
    pub resource_id: ResourceId,
    pub discreet: bool,
    /// Why the role is not listed, where it is not.
    pub unlisted: Option<Unlisted>,
    pub schedule: Option<Schedule>,
    pub types: Vec<TypeRow>,
    /// All of its hours, whatever they are for.
    pub availability: Availability,
    /// For which types each of its rules is; for all of them when there are none.
    only: Vec<Vec<AppointmentTypeId>>,
    /// Days on which as many of a type are booked as the practice wants.
    full_days: Vec<FullDay>,
    external: Option<External>,
}

/// What the practitioner's other calendar says of the days that were loaded.
#[derive(Clone, Debug, Deserialize)]
struct External {
    /// None before it was read for the first time.
    fresh_until: Option<Timestamp>,
    busy: Vec<Busy>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct FullDay {
    appointment_type_id: AppointmentTypeId,
    date: Date,
}

/// How a role's times are cut and sold.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// How often its rules were set.
    pub version: i32,
    pub step_minutes: u16,
    pub notice_minutes: u32,
    pub horizon_days: u16,
    pub policy: CancellationPolicy,
}

/// An appointment type with its buffers.
#[derive(Clone, Debug, Deserialize)]
pub struct TypeRow {
    pub appointment_type_id: AppointmentTypeId,
    /// How often it was set.
    pub version: i32,
    pub name: String,
    pub duration_minutes: u16,
    pub buffer_before_minutes: u16,
    pub buffer_after_minutes: u16,
    pub price_cents: AudCents,
    pub bulk_billed: bool,
    pub telehealth: bool,
    pub audience: Audience,
    pub needs_acceptance: bool,
    pub notice_minutes: Option<u32>,
    pub horizon_days: Option<u16>,
    pub daily_cap: Option<u16>,
    /// The rooms and devices that it needs.
    pub resources: Vec<ResourceId>,
    /// How many patients one session takes; none for one alone.
    pub seats: Option<u16>,
    /// At the patient's home. The way is in the buffers.
    pub home_visit: bool,
}

impl TypeRow {
    /// As others see it.
    pub fn appointment_type(&self) -> AppointmentType {
        AppointmentType {
            appointment_type_id: self.appointment_type_id,
            name: self.name.clone(),
            duration_minutes: self.duration_minutes,
            price_cents: self.price_cents,
            bulk_billed: self.bulk_billed,
            telehealth: self.telehealth,
            audience: self.audience,
            needs_acceptance: self.needs_acceptance,
            seats: self.seats,
            home_visit: self.home_visit,
        }
    }

    /// How long before its start it can last be booked: a practice that is asked has to have time for an answer.
    fn notice_minutes(&self, schedule: Schedule) -> u32 {
        let least = if self.needs_acceptance { REQUEST_NOTICE_MINUTES } else { 0 };
        self.notice_minutes.unwrap_or(schedule.notice_minutes).max(least)
    }
}

impl Calendar {
    /// The appointment type, when this role offers it.
    pub fn find_type(&self, id: AppointmentTypeId) -> Option<&TypeRow> {
        self.types.iter().find(|row| row.appointment_type_id == id)
    }

    /// Whom and where one books, as the other services need it. The practice's address stays out where nobody is to come to it, and
    /// where a patient is visited is told to no other service.
    pub fn told_role(&self, of: &AppointmentType) -> BookedRole {
        let mut role = self.role.clone();
        if let Some(place) = other_place(of) {
            place.clone_into(&mut role.address);
        }
        role
    }

    /// Whose time one of the type takes: the practitioner's and that of each room and device that it needs.
    pub fn takes(&self, row: &TypeRow) -> Vec<ResourceId> {
        iter::once(self.resource_id).chain(row.resources.iter().copied()).collect()
    }

    /// Whose time any of its types takes.
    pub fn takes_at_all(&self) -> Vec<ResourceId> {
        let mut all: Vec<_> = self.types.iter().flat_map(|row| self.takes(row)).collect();
        all.push(self.resource_id);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What of something taken keeps others from these resources, and when the practitioner is busy elsewhere on the days that
    /// were loaded.
    pub fn busy_for(&self, takes: &[ResourceId], taken: &Taken, now: Timestamp) -> Vec<Busy> {
        let mut busy = taken.of(takes);
        busy.extend(self.elsewhere(now));
        busy
    }

    /// When the practitioner is busy elsewhere, as their other calendar says: always, once what it said is too old, since no
    /// time is sold on it.
    pub fn elsewhere(&self, now: Timestamp) -> Vec<Busy> {
        match &self.external {
            None => Vec::new(),
            Some(External { fresh_until: Some(until), busy }) if *until > now => busy.clone(),
            Some(_) => vec![Busy { start: Timestamp::MIN, end: Timestamp::MAX }],
        }
    }

    /// Sessions of a type within a window that have begun to fill and have a seat left, as far as the rules still offer them and
    /// the type lasts no longer by now.
    pub fn open_sessions(
        &self,
        row: &TypeRow,
        taken: &Taken,
        window: &Range<Timestamp>,
        now: Timestamp,
    ) -> Vec<Timestamp> {
        let lasts = SignedDuration::from_mins(row.duration_minutes.into());
        let fits = |open: &&Open| {
            let wanted = holding::during(row, &(open.start..open.start + lasts));
            open.appointment_type_id == row.appointment_type_id
                && open.during.start <= wanted.start
                && wanted.end <= open.during.end
        };
        let mut open: Vec<_> = taken.open.iter().filter(fits).map(|open| open.start).collect();
        let Some(offering) = self.offering(row).filter(|_| !open.is_empty()) else { return Vec::new() };
        let offered =
            free_times(&self.availability_for(row), &offering, &self.elsewhere(now), window.clone(), now);
        open.retain(|start| offered.binary_search(start).is_ok());
        open
    }

    /// The free starts of a type within a window, in order.
    pub fn free_times(
        &self,
        row: &TypeRow,
        taken: &Taken,
        window: &Range<Timestamp>,
        now: Timestamp,
    ) -> Vec<Timestamp> {
        let Some(offering) = self.offering(row) else { return Vec::new() };
        let busy = self.busy_for(&self.takes(row), taken, now);
        let starts = free_times(&self.availability_for(row), &offering, &busy, window.clone(), now);
        with_open_sessions(starts, &self.open_sessions(row, taken, window, now), window)
    }

    /// How times of a type are found; `None` when the role cannot be booked.
    pub fn offering(&self, row: &TypeRow) -> Option<Offering> {
        let schedule = self.schedule.filter(|_| self.role.bookable)?;
        Some(Offering {
            duration_minutes: row.duration_minutes,
            buffer_before_minutes: row.buffer_before_minutes,
            buffer_after_minutes: row.buffer_after_minutes,
            step_minutes: schedule.step_minutes,
            notice_minutes: row.notice_minutes(schedule),
            horizon_days: row.horizon_days.unwrap_or(schedule.horizon_days),
            audience: row.audience.in_hours(row.home_visit),
            telehealth: row.telehealth,
        })
    }

    /// The hours in which one of the type can be booked, before anything is taken; none on days that have enough of it.
    pub fn availability_for(&self, row: &TypeRow) -> Availability {
        let id = row.appointment_type_id;
        let capped = row.daily_cap.is_some();
        let full = self.full_days.iter().filter(|full| capped && full.appointment_type_id == id);
        let mut hours = self.hours_of(row);
        for FullDay { date, .. } in full {
            hours.closures.push(Closure::days(*date, *date));
            hours.extra_hours.retain(|extra| extra.date != *date);
        }
        hours
    }

    /// The hours that are for the type, however many of it are booked.
    pub fn hours_of(&self, row: &TypeRow) -> Availability {
        let id = row.appointment_type_id;
        let rules = self.availability.rules.iter().zip(&self.only);
        let counts = rules.filter(|(_, only)| only.is_empty() || only.contains(&id));
        Availability { rules: counts.map(|(rule, _)| rule.clone()).collect(), ..self.availability.clone() }
    }

    /// What cancelling one of the type costs, for what is booked from now on.
    pub fn policy_of(&self, row: &TypeRow) -> CancellationPolicy {
        let nothing = CancellationPolicy { free_until_hours: 0, late_fee_cents: AudCents::ZERO };
        let policy = self.schedule.map_or(nothing, |schedule| schedule.policy);
        // Health Insurance Act 1973 s 20A (C-52): nothing is ever charged for a bulk-billed appointment.
        if row.bulk_billed { CancellationPolicy { late_fee_cents: AudCents::ZERO, ..policy } } else { policy }
    }

    /// By what its times are offered at this moment, to whoever keeps a copy of that version of a type.
    pub fn offered(&self, type_version: i32) -> Offered {
        let rule_version = self.schedule.map_or(0, |schedule| schedule.version);
        Offered { time_zone: self.role.time_zone, rule_version, type_version }
    }

    /// From the first instant of `from` to the last of `to`, on the wall of the place.
    pub fn window(&self, from: Date, to: Date) -> Range<Timestamp> {
        self.role.time_zone.days(from, to)
    }
}
