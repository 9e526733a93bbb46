//! A believable, invented Australia.
//!
//! Owns the plan of the demo data: which practices there are, who works in them, when they can be booked and who
//! comes. The plan is pure: same input, same plan, no clock, no database. Each service loads its own part of it.
//!
//! Nothing is held but what the next two practices need. Practices come in neighbourhoods of two, because a
//! practitioner may work at both; neighbourhood `n` is made from (seed, `n`) alone, so memory stays flat at a
//! million roles and every service sees the same Australia.
//!
//! Ids and names depend on the seed and not on the day, so addresses of pages stay; times depend on `today` and `now`.
#![warn(missing_docs)]

mod calendar;
mod diary;
mod input;
mod names;
mod neighbourhood;
mod numbers;
mod places;
mod practice;
mod random;
pub mod testing;

use std::collections::VecDeque;

use self::{diary::Diary, places::Places, random::Weighted};
pub use self::{
    input::{HolidayRegion, Locality, PlanInput, Profession, TypeTemplate},
    names::Party,
    numbers::{FIRST_REAL_ID, is_demo},
    practice::{
        Appointment, BookableType, Calendar, Location, PlannedExtraHours, PlannedLeave, PlannedRule,
        Practice, Practitioner, Role,
    },
};

/// Up to so many appointments each sampled role is reckoned with when the sample is sized.
const APPOINTMENTS_PER_ROLE: f64 = 100.0;

/// The most roles for which every one has appointments, when the input's maximum allows.
pub const FULLY_SAMPLED_ROLES: u32 = 20_000;

/// Input that no Australia can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unplannable {
    /// There is nowhere to be.
    #[error("demo data needs at least one locality")]
    NoLocalities,
    /// There is nothing to be.
    #[error("demo data needs at least one profession with a weight above zero and an appointment type")]
    NoProfessions,
}

/// What came of loading a service's part of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The same plan was there already and nothing was done.
    pub already_there: bool,
    /// How many rows each table took.
    pub rows: Vec<(&'static str, u64)>,
}

/// What will be made. Small: it holds the input and what can be worked out once.
#[derive(Debug)]
pub struct Plan {
    input: PlanInput,
    places: Places,
    professions: Weighted,
    diary: Diary,
    sample_share: f64,
}

impl Plan {
    /// Reads the input and works out what does not depend on the practice: weights, neighbours, the fortnight.
    ///
    /// # Errors
    /// [`Unplannable`] without a locality or without a usable profession.
    pub fn new(input: PlanInput) -> Result<Self, Unplannable> {
        let places = Places::new(&input.localities).ok_or(Unplannable::NoLocalities)?;
        let usable = |profession: &Profession| {
            if profession.appointment_types.is_empty() { 0.0 } else { profession.weight }
        };
        let professions =
            Weighted::new(input.professions.iter().map(usable)).ok_or(Unplannable::NoProfessions)?;
        let sampled =
            (f64::from(input.appointments_max) / APPOINTMENTS_PER_ROLE).min(FULLY_SAMPLED_ROLES.into());
        let sample_share = (sampled / f64::from(input.roles.max(1))).min(1.0);
        let diary = Diary::new(&input);
        Ok(Self { input, places, professions, diary, sample_share })
    }

    /// How many roles [`Plan::practices`] gives in all.
    pub fn roles(&self) -> u32 {
        self.input.roles
    }

    /// What the plan was made from.
    pub fn input(&self) -> &PlanInput {
        &self.input
    }

    /// Which share of the neighbourhoods has appointments: all up to [`FULLY_SAMPLED_ROLES`] roles, then fewer, so
    /// that the whole stays below the input's maximum. Fit for telling the person who runs it.
    pub fn sample_share(&self) -> f64 {
        self.sample_share
    }

    /// The profession of a role.
    pub fn profession(&self, role: &Role) -> &Profession {
        &self.input.professions[role.profession]
    }

    /// Every practice, in order, made as it is asked for. Practices without a role are not made.
    pub fn practices(&self) -> Practices<'_> {
        Practices {
            plan: self,
            neighbourhood: 0,
            roles_left: self.input.roles as usize,
            appointments_left: self.input.appointments_max as usize,
            ready: VecDeque::new(),
        }
    }
}

/// The practices of a plan, one after the other. Each pass gives the same.
#[derive(Debug)]
pub struct Practices<'a> {
    plan: &'a Plan,
    neighbourhood: u64,
    roles_left: usize,
    appointments_left: usize,
    ready: VecDeque<Practice>,
}

impl Iterator for Practices<'_> {
    type Item = Practice;

    fn next(&mut self) -> Option<Practice> {
        while self.ready.is_empty() && self.roles_left > 0 {
            let practices =
                neighbourhood::make(self.plan, self.neighbourhood, self.roles_left, self.appointments_left);
            self.neighbourhood += 1;
            for practice in practices {
                self.roles_left -= practice.roles.len();
                self.appointments_left -=
                    practice.roles.iter().map(|role| role.appointments.len()).sum::<usize>();
                self.ready.push_back(practice);
            }
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests;
