//! Who comes in the next fortnight, and what is free after that.

use std::ops::Range;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use shared_types::{
    AppointmentId, BookingId, QuoteId, ResourceId, Zone,
    bookings::{
        Audience, Busy,
        free_times::{first_free_times, free_times},
    },
};

use crate::{
    Plan,
    input::PlanInput,
    names,
    numbers::id,
    practice::{Appointment, BookableType, Practice, Role},
    random::{Purpose, pick, stream},
};

/// How many starts a search shows.
const NEXT_FREE: usize = 8;

/// The span that is busy: what is left of today and the next ten business days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Diary {
    now: Timestamp,
    /// The first day that nobody has booked yet.
    quiet_from: Date,
}

impl Diary {
    pub(crate) fn new(input: &PlanInput) -> Self {
        let mut quiet_from = input.today;
        let mut business_days = 0;
        while business_days < 10 {
            let weekend = matches!(quiet_from.weekday(), Weekday::Saturday | Weekday::Sunday);
            let holiday = input.holidays.iter().any(|(scope, date)| scope == "AU" && *date == quiet_from);
            business_days += u32::from(!weekend && !holiday);
            quiet_from = quiet_from.saturating_add(1.day());
        }
        Self { now: input.now, quiet_from }
    }

    /// Fills in appointments, when the neighbourhood is in the sample, and then the next free times.
    pub(crate) fn fill(self, plan: &Plan, index: u64, practices: &mut [Practice], appointments_left: usize) {
        let rng = &mut stream(plan.input.seed, index, Purpose::Diary);
        let mut left = if rng.random_bool(plan.sample_share) { appointments_left } else { 0 };
        // A practitioner's time at both practices.
        let mut taken: Vec<(ResourceId, Busy)> = Vec::new();
        for practice in &mut *practices {
            let zone = practice.location.zone;
            for role in &mut practice.roles {
                if left == 0 {
                    continue;
                }
                let busy = busy(&taken, role.resource_id());
                let mut appointments = self.appointments(rng, index, role, zone, &busy);
                appointments.truncate(left);
                left -= appointments.len();
                taken.extend(appointments.iter().map(|appointment| (role.resource_id(), appointment.busy())));
                role.appointments = appointments;
            }
        }
        for role in practices.iter_mut().flat_map(|practice| &mut practice.roles) {
            role.next_free = self.next_free(role, &busy(&taken, role.resource_id()));
        }
    }

    /// Takes 60 to 90 % of the role's times: goes through them in order, each time with some type, and takes it or
    /// leaves it. What follows starts after what is taken, buffers included.
    fn appointments(
        self,
        rng: &mut ChaCha8Rng,
        index: u64,
        role: &Role,
        zone: Zone,
        busy: &[Busy],
    ) -> Vec<Appointment> {
        let calendar = &role.calendar;
        let window = self.now..zone.start_of_day(self.quiet_from);
        let open: Vec<OpenType<'_>> = calendar
            .types
            .iter()
            .enumerate()
            // Nobody here has an address to go to.
            .filter(|(_, planned)| planned.travel_minutes.is_none())
            .map(|(nth, planned)| {
                let offering = planned.offering(calendar);
                let starts = free_times(&calendar.availability, &offering, busy, window.clone(), self.now);
                OpenType { nth, planned, starts }
            })
            .collect();
        let today = zone.date(self.now);
        let share = rng.random_range(0.6..0.9);
        let mut clear_from = window.start;
        let mut appointments = Vec::new();
        loop {
            // A type that would leave more than an hour open is not what the next patient wants.
            let mut next: Vec<Span> = open.iter().filter_map(|open| open.first_from(clear_from)).collect();
            let Some(earliest) = next.iter().map(|span| span.taken.start).min() else { return appointments };
            next.retain(|span| span.taken.start <= earliest + minutes(60));
            let span = pick(rng, &next);
            clear_from = span.taken.end;
            if rng.random_bool(share) {
                appointments.push(self.appointment(rng, index, span, today));
            }
        }
    }

    fn appointment(self, rng: &mut ChaCha8Rng, index: u64, span: &Span, today: Date) -> Appointment {
        Appointment {
            appointment_id: AppointmentId(id(rng, index)),
            booking_id: BookingId(id(rng, index)),
            quote_id: QuoteId(id(rng, index)),
            reservation_id: id(rng, index),
            appointment_type: span.nth,
            start: span.visit.start,
            end: span.visit.end,
            taken_from: span.taken.start,
            taken_until: span.taken.end,
            booked_at: self.now - minutes(rng.random_range(60..21 * 24 * 60)),
            party: names::party(rng, today),
        }
    }

    /// What a search shows: the soonest starts that a new patient may book, else those for others.
    fn next_free(self, role: &Role, busy: &[Busy]) -> Vec<Timestamp> {
        // A home visit is never the only one that is free.
        let types = role.calendar.types.iter().filter(|planned| planned.travel_minutes.is_none());
        let (others, open): (Vec<_>, Vec<_>) =
            types.partition(|planned| planned.shown.audience == Audience::Existing);
        let starts = self.soonest(role, &open, busy);
        if starts.is_empty() { self.soonest(role, &others, busy) } else { starts }
    }

    fn soonest(self, role: &Role, types: &[&BookableType], busy: &[Busy]) -> Vec<Timestamp> {
        let calendar = &role.calendar;
        let window = self.now..self.now + SignedDuration::from_hours(24 * 100);
        // Most roles have nothing taken; then a type whose starts are all another's too need not be looked at.
        let superfluous = |nth: usize| {
            busy.is_empty() && types.iter().enumerate().any(|other| covers(other, (nth, &types[nth])))
        };
        let mut starts: Vec<Timestamp> = types
            .iter()
            .enumerate()
            .filter(|(nth, _)| !superfluous(*nth))
            .flat_map(|(_, planned)| {
                let offering = planned.offering(calendar);
                first_free_times(&calendar.availability, &offering, busy, window.clone(), self.now, NEXT_FREE)
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        starts.truncate(NEXT_FREE);
        starts
    }
}

/// Whether every start of the second type is one of the first, as long as nothing is taken.
fn covers(one: (usize, &&BookableType), other: (usize, &&BookableType)) -> bool {
    let (shown, other_shown) = (&one.1.shown, &other.1.shown);
    let shorter = shown.duration_minutes < other_shown.duration_minutes
        || (shown.duration_minutes == other_shown.duration_minutes && one.0 < other.0);
    let as_open = shown.audience == Audience::All || shown.audience == other_shown.audience;
    shorter && as_open
}

/// A type with its free starts, in order.
struct OpenType<'a> {
    nth: usize,
    planned: &'a BookableType,
    starts: Vec<Timestamp>,
}

/// What the next appointment of a type would take.
struct Span {
    nth: usize,
    visit: Range<Timestamp>,
    taken: Range<Timestamp>,
}

impl OpenType<'_> {
    /// The first that takes nothing before `clear_from`.
    fn first_from(&self, clear_from: Timestamp) -> Option<Span> {
        let before = minutes(self.planned.buffer_before_minutes.into());
        let from = self.starts.partition_point(|start| *start - before < clear_from);
        let start = *self.starts.get(from)?;
        let end = start + minutes(self.planned.shown.duration_minutes.into());
        let after = minutes(self.planned.buffer_after_minutes.into());
        Some(Span { nth: self.nth, visit: start..end, taken: start - before..end + after })
    }
}

impl Appointment {
    /// What it takes of the practitioner's time, buffers included.
    pub fn busy(&self) -> Busy {
        Busy { start: self.taken_from, end: self.taken_until }
    }
}

fn busy(taken: &[(ResourceId, Busy)], resource: ResourceId) -> Vec<Busy> {
    taken.iter().filter(|(whose, _)| *whose == resource).map(|(_, busy)| *busy).collect()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
