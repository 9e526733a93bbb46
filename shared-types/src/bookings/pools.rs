//! Pools: "any physiotherapist of this practice". What several people offer alike is booked as one.
//!
//! For everybody, below `/api/v1/bookings/pools`:
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…?organization=` | `list_pools` | → [`Pools`] of one practice that can be booked |
//! | GET `…/{pool_id}/availability?from=&to=` | `find_pool_availability` | → [`PoolAvailability`], four weeks unless told |
//! | POST `…/{pool_id}/holds` | `hold_from_pool` | [`HoldFromPool`] + Idempotency-Key → 201 [`Hold`](super::Hold), with whom it says |
//!
//! For a practice, below `/api/v1/bookings/practices/{organization_id}/pools`; reading is for the staff in
//! [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF), changing for managers and owners:
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…` | `list_practice_pools` | → [`PracticePools`]; those that are no longer offered, too |
//! | POST `…` | `create_pool` | [`PoolDraft`] + Idempotency-Key → 201 [`PracticePool`] |
//! | PUT `…/{pool_id}` | `put_pool` | [`PutPool`] → [`PracticePool`]; the whole, as last seen |
//!
//! A pool's times are those of all its members together. Where it is fair, the practice's rotation says with whom: whoever has
//! the fewest appointments in the week of the wanted time, among them who was booked longest ago, among them the lowest id.
//! When somebody else is quicker there, the next is tried. Members whose type is no longer like the first one's (length, price,
//! for whom, by video, place) are left out until it is again.
//!
//! Problems: 409 `time-taken`, 409 `too-many-holds`, 409 `stale-version`, 422 `invalid`.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{AppointmentType, RoleAvailability, party::tidy};
use crate::{AppointmentTypeId, OrganizationId, PoolId, PractitionerRoleId, Zone, problem::FieldError};

/// How many pools one practice may have.
pub const MOST_POOLS: usize = 40;
/// How many people one pool may have.
pub const MOST_MEMBERS: usize = 30;

/// With whom one is booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// With whoever is next.
    #[default]
    Fair,
    /// With whom the patient chooses among those who are free.
    Choose,
}

impl Rotation {
    /// Both; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::Fair, Self::Choose];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fair => "fair",
            Self::Choose => "choose",
        }
    }

    /// Reads [`Rotation::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rotation| rotation.code() == code)
    }
}

/// The pools of one practice, for those who book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pools {
    /// In order of their names.
    pub items: Vec<Pool>,
}

/// A pool, for those who book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pool {
    /// Which.
    pub pool_id: PoolId,
    /// `Any physiotherapist`.
    pub name: String,
    /// With whom one is booked.
    pub rotation: Rotation,
    /// The practice.
    pub organization_id: OrganizationId,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
    /// Where to go.
    pub address: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// What is booked, as the first of them offers it; the others' differ in nothing that one can see.
    pub appointment_type: AppointmentType,
    /// Who they are, in the practice's order.
    pub members: Vec<PoolMember>,
}

/// Somebody in a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoolMember {
    /// Who, at the practice.
    pub practitioner_role_id: PractitionerRoleId,
    /// What is booked with them.
    pub appointment_type_id: AppointmentTypeId,
    /// Their name.
    pub name: String,
}

/// All that a pool's free times follow from, over a span of days. It says of each member what theirs alone would say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoolAvailability {
    /// Which pool.
    pub pool: Pool,
    /// When this was true.
    pub as_of: Timestamp,
    /// The first day, on the calendar of the place.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// One for each member, in the same order.
    pub members: Vec<RoleAvailability>,
}

impl PoolAvailability {
    /// The starts from one day to another, both included, at which anybody is free, in order, each once.
    pub fn free_times(&self, from: Date, to: Date) -> Vec<Timestamp> {
        let mut starts: Vec<_> = self.members.iter().flat_map(|member| member.free_times(from, to)).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Those of one member.
    pub fn free_times_with(&self, role: PractitionerRoleId, from: Date, to: Date) -> Vec<Timestamp> {
        let member = self.members.iter().find(|member| member.practitioner_role_id == role);
        member.map(|member| member.free_times(from, to)).unwrap_or_default()
    }

    /// The first free start after these days, with anybody, as far as it is known.
    pub fn next(&self) -> Option<Timestamp> {
        self.members.iter().filter_map(|member| member.next).min()
    }
}

/// Asks a pool to keep a time. Sent with an `Idempotency-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HoldFromPool {
    /// When it starts.
    pub start: Timestamp,
    /// With whom, where the patient chooses; nobody else is tried then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner_role_id: Option<PractitionerRoleId>,
}

/// The pools of one practice, for those who work there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticePools {
    /// In order of their names; what is no longer offered comes last.
    pub items: Vec<PracticePool>,
}

/// A pool as the practice set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticePool {
    /// Which.
    pub pool_id: PoolId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Whether it is offered.
    pub active: bool,
    /// What was set.
    #[serde(flatten)]
    pub draft: PoolDraft,
    /// Those of its types that are left out, since they are not offered or not like the first one's.
    pub left_out: Vec<AppointmentTypeId>,
}

/// Sets a pool, as last seen. What is booked already stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutPool {
    /// The version that was on the screen.
    pub version: i32,
    /// Whether it is offered from now on.
    pub active: bool,
    /// What to set.
    #[serde(flatten)]
    pub draft: PoolDraft,
}

/// What can be set of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoolDraft {
    /// `Any physiotherapist`.
    pub name: String,
    /// With whom one is booked.
    pub rotation: Rotation,
    /// Whose types they are: at least two people's, one of each.
    pub members: Vec<AppointmentTypeId>,
}

impl PoolDraft {
    /// Trims the name and checks every field.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = tidy(&self.name);
        if !(1..=80).contains(&name.chars().count()) {
            errors.push(FieldError::new("/name", "Use 1 to 80 characters"));
        }
        let mut each = self.members.clone();
        each.sort_unstable();
        each.dedup();
        if each.len() != self.members.len() || !(2..=MOST_MEMBERS).contains(&each.len()) {
            errors.push(FieldError::new("/members", "Choose 2 to 30, each once"));
        }
        if errors.is_empty() { Ok(Self { name, ..self }) } else { Err(errors) }
    }
}

/// Whether two types are the same to those who book them, with whomever.
pub fn same_terms(one: &AppointmentType, other: &AppointmentType) -> bool {
    let alike = AppointmentType {
        appointment_type_id: other.appointment_type_id,
        name: other.name.clone(),
        ..one.clone()
    };
    alike == *other
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date, time};
    use uuid::Uuid;

    use super::{Pool, PoolAvailability, PoolDraft, Rotation, same_terms};
    use crate::{
        AppointmentTypeId, AudCents, OrganizationId, PoolId, PractitionerRoleId, Zone,
        bookings::{AppointmentType, Audience, Availability, ExtraHours, Offering, RoleAvailability},
    };

    const DAY: Date = date(2026, 11, 23);

    fn of(nth: u128) -> AppointmentType {
        AppointmentType {
            appointment_type_id: AppointmentTypeId(Uuid::from_u128(nth)),
            name: format!("Visit {nth}"),
            duration_minutes: 60,
            price_cents: AudCents(9_000),
            bulk_billed: false,
            telehealth: false,
            audience: Audience::All,
            needs_acceptance: false,
            seats: None,
            home_visit: false,
        }
    }

    /// Somebody who is there from one hour to another.
    fn member(nth: u128, opens: i8, closes: i8) -> RoleAvailability {
        let hours = ExtraHours {
            date: DAY,
            opens: time(opens, 0, 0, 0),
            closes: time(closes, 0, 0, 0),
            audience: Audience::All,
        };
        RoleAvailability {
            practitioner_role_id: PractitionerRoleId(Uuid::from_u128(nth)),
            appointment_type_id: of(nth).appointment_type_id,
            as_of: Zone::SYDNEY.start_of_day(DAY),
            from: DAY,
            to: DAY,
            availability: Availability {
                zone: Zone::SYDNEY,
                rules: Vec::new(),
                closures: Vec::new(),
                extra_hours: vec![hours],
            },
            offering: Some(Offering {
                duration_minutes: 60,
                buffer_before_minutes: 0,
                buffer_after_minutes: 0,
                step_minutes: 60,
                notice_minutes: 0,
                horizon_days: 60,
                audience: Audience::All,
                telehealth: false,
            }),
            busy: Vec::new(),
            next: None,
            sessions: Vec::new(),
        }
    }

    #[test]
    fn a_pools_times_are_those_of_all_its_members_each_once() {
        let pool = Pool {
            pool_id: PoolId(Uuid::from_u128(1)),
            name: "Anybody".to_owned(),
            rotation: Rotation::Fair,
            organization_id: OrganizationId(Uuid::from_u128(1)),
            organization_name: None,
            phone: None,
            address: "1 Wigram Street".to_owned(),
            time_zone: Zone::SYDNEY,
            appointment_type: of(1),
            members: Vec::new(),
        };
        let as_of = Zone::SYDNEY.start_of_day(DAY);
        let members = vec![member(1, 9, 11), member(2, 10, 12)];
        let both = PoolAvailability { pool, as_of, from: DAY, to: DAY, members };
        assert_eq!(both.free_times(DAY, DAY).len(), 3);
        let second = PractitionerRoleId(Uuid::from_u128(2));
        assert_eq!(both.free_times_with(second, DAY, DAY), both.free_times(DAY, DAY)[1..]);
        assert!(both.free_times_with(PractitionerRoleId(Uuid::from_u128(3)), DAY, DAY).is_empty());
    }

    #[test]
    fn types_are_alike_when_only_their_names_differ() {
        assert!(same_terms(&of(1), &of(2)));
        assert!(!same_terms(&of(1), &AppointmentType { price_cents: AudCents(1), ..of(2) }));
        assert!(!same_terms(&of(1), &AppointmentType { needs_acceptance: true, ..of(2) }));
    }

    #[test]
    fn a_pool_has_a_name_and_two_people_at_least() {
        let draft = |name: &str, members: &[u128]| PoolDraft {
            name: name.to_owned(),
            rotation: Rotation::Fair,
            members: members.iter().map(|nth| AppointmentTypeId(Uuid::from_u128(*nth))).collect(),
        };
        assert_eq!(draft(" Any  physio ", &[1, 2]).check().unwrap().name, "Any physio");
        assert_eq!(draft("", &[1]).check().unwrap_err().len(), 2);
        assert_eq!(draft("Any", &[1, 1]).check().unwrap_err()[0].pointer, "/members");
    }

    #[test]
    fn every_rotation_reads_back_from_its_word() {
        for rotation in Rotation::ALL {
            assert_eq!(Rotation::from_code(rotation.code()), Some(rotation));
            assert_eq!(serde_json::to_value(rotation).unwrap(), rotation.code());
        }
    }
}
