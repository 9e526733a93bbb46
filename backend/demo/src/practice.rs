//! What a plan gives: practices with everything that belongs to them. Shapes only; the making is elsewhere.

use jiff::Timestamp;
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, GeoPoint, LocationId, OrganizationId,
    PractitionerId, PractitionerRoleId, QuoteId, ResourceId, Zone,
    bookings::{AppointmentType, Availability, CancellationPolicy, Closure, ExtraHours, Offering, Rule},
    identifiers::{Abn, AhpraNumber, HpiI, HpiO, MedicareProviderNumber},
    providers::{Gender, OpeningHours},
};
use uuid::Uuid;

use crate::names::Party;

/// A practice with its place and people.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Which.
    pub organization_id: OrganizationId,
    /// Unique.
    pub slug: String,
    /// `Banksia Creek Physiotherapy`.
    pub name: String,
    /// In E.164.
    pub phone: String,
    /// At example.org or example.net.
    pub email: String,
    /// Its number in the Healthcare Identifiers Service, invented.
    pub hpi_o: HpiO,
    /// Its business number, invented.
    pub abn: Abn,
    /// Where it is.
    pub location: Location,
    /// Who works there; at least one.
    pub roles: Vec<Role>,
}

/// Where a practice is.
#[derive(Clone, Debug)]
pub struct Location {
    /// Which.
    pub location_id: LocationId,
    /// `12 Saltbush Street`.
    pub line: String,
    /// Suburb or town.
    pub suburb: String,
    /// `NSW`.
    pub state: String,
    /// Four digits.
    pub postcode: String,
    /// Near the middle of the suburb.
    pub point: GeoPoint,
    /// The suburb's zone.
    pub zone: Zone,
    /// No steps.
    pub wheelchair: bool,
    /// Monday first.
    pub opening_hours: Vec<OpeningHours>,
    /// `AU`, the state, the regions around the point.
    pub holiday_scopes: Vec<String>,
}

impl Location {
    /// `12 Saltbush Street, Parramatta NSW 2150`.
    pub fn address(&self) -> String {
        format!("{}, {} {} {}", self.line, self.suburb, self.state, self.postcode)
    }
}

/// A person who gives care.
#[derive(Clone, Debug)]
pub struct Practitioner {
    /// Which.
    pub practitioner_id: PractitionerId,
    /// `Elwyn Emberfield`.
    pub name: String,
    /// Some do not say.
    pub gender: Option<Gender>,
    /// BCP 47 tags; English first.
    pub languages: Vec<&'static str>,
    /// In plain words, for some.
    pub about: Option<String>,
    /// Their number in the Healthcare Identifiers Service, invented.
    pub hpi_i: HpiI,
    /// For registered professions, invented.
    pub ahpra_number: Option<AhpraNumber>,
}

/// A practitioner at a practice.
#[derive(Clone, Debug)]
pub struct Role {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// Unique.
    pub slug: String,
    /// Who.
    pub practitioner: Practitioner,
    /// False when an earlier role has the same practitioner.
    pub first_of_practitioner: bool,
    /// Index into the input's professions; [`crate::Plan::profession`] reads it.
    pub profession: usize,
    /// One for each person and place, for professions that Medicare knows.
    pub provider_number: Option<MedicareProviderNumber>,
    /// Takes new patients.
    pub new_patients: bool,
    /// Where home visits go; 32 points, the last not repeated.
    pub home_visits: Option<Vec<GeoPoint>>,
    /// When and what can be booked.
    pub calendar: Calendar,
    /// What is booked, in order; empty outside the sample.
    pub appointments: Vec<Appointment>,
    /// The next eight starts over all types that new patients may book; where there are none, over the others.
    pub next_free: Vec<Timestamp>,
}

impl Role {
    /// What is booked for those who are visited at home; for roles that go there, and the last of their types.
    pub fn home_visit(&self) -> Option<&BookableType> {
        self.calendar.types.iter().find(|planned| planned.travel_minutes.is_some())
    }

    /// Whose time it is: the practitioner's, at every practice.
    pub fn resource_id(&self) -> ResourceId {
        ResourceId(self.practitioner.practitioner_id.0)
    }

    /// Facets as a search filters by them.
    pub fn facets(&self, location: &Location) -> Vec<String> {
        let types = &self.calendar.types;
        let flags = [
            ("bulk_billing", types.iter().any(|planned| planned.shown.bulk_billed)),
            ("telehealth", types.iter().any(|planned| planned.shown.telehealth)),
            ("home_visit", self.home_visits.is_some()),
            ("wheelchair", location.wheelchair),
            ("new_patients", self.new_patients),
        ];
        let flags = flags.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned());
        let languages = self.practitioner.languages.iter().map(|tag| format!("language:{tag}"));
        let gender = self.practitioner.gender.iter().map(|gender| format!("gender:{}", gender.code()));
        flags.chain(languages).chain(gender).collect()
    }
}

/// When and what can be booked with a role.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// From one start to the next.
    pub step_minutes: u16,
    /// How long before.
    pub notice_minutes: u32,
    /// How far ahead.
    pub horizon_days: u16,
    /// Takes no notice of public holidays.
    pub opens_on_holidays: bool,
    /// Until when cancelling is without charge, and what it costs then.
    pub policy: CancellationPolicy,
    /// One to three, apart from each other.
    pub rules: Vec<PlannedRule>,
    /// Days away.
    pub leave: Vec<PlannedLeave>,
    /// Now and then a Saturday.
    pub extra_hours: Vec<PlannedExtraHours>,
    /// In the practice's order.
    pub types: Vec<BookableType>,
    /// Rules, leave, extra hours and public holidays, as free times need them.
    pub availability: Availability,
}

/// A rule with its id.
#[derive(Clone, Debug)]
pub struct PlannedRule {
    /// Which.
    pub availability_rule_id: Uuid,
    /// When.
    pub rule: Rule,
}

/// Leave with its id.
#[derive(Clone, Copy, Debug)]
pub struct PlannedLeave {
    /// Which.
    pub availability_exception_id: Uuid,
    /// When.
    pub days: Closure,
}

/// Extra hours with their id.
#[derive(Clone, Copy, Debug)]
pub struct PlannedExtraHours {
    /// Which.
    pub availability_exception_id: Uuid,
    /// When; for everybody.
    pub hours: ExtraHours,
}

/// An appointment type of one role.
#[derive(Clone, Debug)]
pub struct BookableType {
    /// As patients see it.
    pub shown: AppointmentType,
    /// Kept free before.
    pub buffer_before_minutes: u16,
    /// Kept free after.
    pub buffer_after_minutes: u16,
    /// The way there, and back, of a home visit.
    pub travel_minutes: Option<u16>,
}

impl BookableType {
    /// Which.
    pub fn id(&self) -> AppointmentTypeId {
        self.shown.appointment_type_id
    }

    /// As free times need it.
    pub fn offering(&self, calendar: &Calendar) -> Offering {
        let way = self.travel_minutes.unwrap_or(0);
        Offering {
            duration_minutes: self.shown.duration_minutes,
            buffer_before_minutes: self.buffer_before_minutes + way,
            buffer_after_minutes: self.buffer_after_minutes + way,
            step_minutes: calendar.step_minutes,
            notice_minutes: calendar.notice_minutes,
            horizon_days: calendar.horizon_days,
            audience: self.shown.audience.in_hours(self.shown.home_visit),
            telehealth: self.shown.telehealth,
        }
    }

    /// The policy a booking of this type is made under: nothing is ever charged beside a bulk-billed service (C-52),
    /// and never more than the price.
    pub fn policy(&self, calendar: &Calendar) -> CancellationPolicy {
        let late_fee_cents = calendar.policy.late_fee_cents.min(self.shown.price_cents);
        let late_fee_cents = if self.shown.bulk_billed { AudCents::ZERO } else { late_fee_cents };
        CancellationPolicy { late_fee_cents, ..calendar.policy }
    }
}

/// Somebody comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Which link of the chain; the only one.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// What was offered.
    pub quote_id: QuoteId,
    /// The time taken.
    pub reservation_id: Uuid,
    /// Index into the calendar's types.
    pub appointment_type: usize,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The start with the buffer before.
    pub taken_from: Timestamp,
    /// The end with the buffer after, excluded.
    pub taken_until: Timestamp,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// Who comes.
    pub party: Party,
}
