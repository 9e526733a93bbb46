//! A practice's calendar: what its staff read of it and do in it. The rules that it follows from are in
//! [`schedule`](super::schedule).
//!
//! All paths are below `/api/v1/bookings/practices/{organization_id}`, for the staff in [`CALENDAR_STAFF`]. What belongs to
//! another practice is not there (404). Who may press which button goes by [`PracticeAct::staff`].
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…/roles` | `list_practice_roles` | → [`PracticeRoles`]; for all of the staff: who sets what is paid for a type has to find it |
//! | GET `…/calendar?from=&to=&roles=&unless=` | `find_calendar` | → [`PracticeCalendar`]; days on the places' calendars, at most [`CALENDAR_DAYS`]; `roles` are ids with commas between, all when absent; 204 where `unless` is its tag: nothing is told then, and nothing written down |
//! | POST `…/appointments` | `create_appointment` | [`CreateAppointment`] + Idempotency-Key → 201 [`CalendarAppointment`] |
//! | POST `…/appointments/{appointment_id}/transitions` | `act_on_appointment` | [`ActOnAppointment`] → [`CalendarAppointment`] |
//! | POST `…/appointments/{appointment_id}/reschedule` | `reschedule_appointment` | [`RescheduleAppointment`] + Idempotency-Key → [`CalendarAppointment`] |
//! | POST `…/sessions/{group_session_id}/cancel` | `cancel_session` | [`CancelSession`] + Idempotency-Key → [`SessionCancelled`] |
//! | POST `…/appointments/{appointment_id}/waive-fee` | `waive_fee` | [`SeenVersion`] + Idempotency-Key → [`CalendarAppointment`]; 409 `nothing-owed` |
//!
//! The patient's side, for whoever holds the booking (policy `Holder`), below `/api/v1/bookings/appointments/{appointment_id}`:
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | POST `…/cancel` | `cancel_appointment` | [`CancelAppointment`](super::CancelAppointment) → [`Appointment`](super::Appointment); withdraws a request |
//! | POST `…/attendance` | `confirm_attendance` | [`SeenVersion`] → [`Appointment`](super::Appointment) |
//! | POST `…/arrival` | `report_arrival` | [`SeenVersion`] → [`Appointment`](super::Appointment); from [`ARRIVAL_MINUTES`] before the start until the end, where the visit is at the practice |
//! | POST `…/absence` | `report_absence` | [`SeenVersion`] → [`Appointment`](super::Appointment); from [`ABSENCE_MINUTES`] after the start |
//!
//! Problems: 409 `stale-version` (somebody else was quicker: load it again), 409 `wrong-state` (it does not stand where that can
//! be done), 409 `too-early` (the detail says from when), 409 `time-taken`, 409 `listing-suspended` (nothing new is booked with that
//! practitioner, and nothing moved to them), 409 `needs-agreement` (somebody else has to agree that it was a mistake:
//! [`mistake`](super::mistake)).

mod acts;
mod desk;
mod group;
mod reach;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::{
    acts::{ActName, ActOnAppointment, ChangeReason, PracticeAct, SeenVersion},
    desk::{CreateAppointment, DeskPatient, RescheduleAppointment},
    group::{CancelSession, GroupSeat, SeatLeft, SessionCancelled},
    reach::Reachable,
};
use super::{
    AppointmentStatus, AppointmentType, Audience, Busy, CancellationPolicy, Cancelling, PatientStatement,
    PracticePatient,
    home_visit::VisitAddress,
    mistake::IfMistake,
    proposal::{NotTaken, Proposed},
    resources::PracticeResource,
    running_late::RunningLate,
};
use crate::{
    AppointmentId, AudCents, BookingId, PractitionerRoleId, SeriesId, Zone, personal::PersonalData,
    users::StaffRole,
};

/// The most days of a calendar that one request may ask about: six weeks.
pub const CALENDAR_DAYS: i32 = 42;
/// From how long before its start somebody can arrive for an appointment, in minutes.
pub const ARRIVAL_MINUTES: i64 = 60;
/// From how long after its start a patient can be said not to have come, in minutes.
pub const NO_SHOW_MINUTES: i64 = 15;
/// From how long after its start a visit that nobody marked is the desk's to mark as having taken place, in minutes.
pub const UNMARKED_MINUTES: i64 = 120;
/// From how long after its start a practitioner can be said not to have come, in minutes.
pub const ABSENCE_MINUTES: i64 = 30;
/// How long an appointment that took place can be taken back, in hours.
pub const UNDO_HOURS: i64 = 24;
/// How long a practice has for answering a request, in hours, unless it starts before.
pub const REPLY_HOURS: i64 = 24;
/// How long before the start a request must be answered, in hours.
pub const REPLY_BEFORE_START_HOURS: i64 = 2;
/// How long before its start something that a practice answers first can last be asked for, in minutes.
pub const REQUEST_NOTICE_MINUTES: u32 = 180;

/// Who reads a practice's calendar and works in it: everybody but those who look after money only.
pub const CALENDAR_STAFF: [StaffRole; 4] =
    [StaffRole::Practitioner, StaffRole::Reception, StaffRole::Manager, StaffRole::Owner];

/// The practice's bookable people, one for each place that they work at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeRoles {
    /// In order of their names.
    pub items: Vec<PracticeRole>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

/// One column of a practice's calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeRole {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's name.
    pub name: String,
    /// The profession in words.
    pub profession_name: Option<String>,
    /// The place.
    pub address: String,
    /// The place's zone; the calendar's days are its days.
    pub time_zone: Zone,
    /// Whether times can be booked by patients.
    pub bookable: bool,
    /// The version of its schedule; none when it has none yet.
    pub schedule_version: Option<i32>,
    /// Whether the caller may change its schedule and appointment types.
    pub may_edit: bool,
    /// What can be booked, in the practice's order.
    pub appointment_types: Vec<AppointmentType>,
}

/// What some roles' days look like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeCalendar {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// The clock of the reply.
    pub as_of: Timestamp,
    /// One for each role that was asked for, in order of their names.
    pub roles: Vec<RoleCalendar>,
    /// The same for the same reader and days as long as `roles` are the same: whoever sends it back as `unless` is told only of
    /// what has changed. Empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
}

impl PersonalData for PracticeCalendar {}

/// What one role's days look like. Every list is in order of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleCalendar {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// The practitioner's name.
    pub name: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// When it is open, by its rules and extra hours, holidays and leave taken out. Spans may overlap.
    pub open: Vec<OpenSpan>,
    /// Days on which no rule counts.
    pub closed: Vec<ClosedDays>,
    /// Parts of days on which they are not there, in order and disjoint; they are taken out of the open hours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Busy>,
    /// What is booked, whatever became of it; of each booking the newest link.
    pub appointments: Vec<CalendarAppointment>,
    /// What is taken by something that is no appointment of this practice.
    pub taken: Vec<TakenSpan>,
    /// What was said of how late it is today, where today is among the days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_late: Option<RunningLate>,
}

/// A stretch of open hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenSpan {
    /// From this instant.
    pub start: Timestamp,
    /// Until this one, excluded.
    pub end: Timestamp,
    /// For whom.
    pub audience: Audience,
}

/// Whole days on which no rule counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClosedDays {
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// The holiday's name; none for leave.
    pub holiday: Option<String>,
}

/// Time that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TakenSpan {
    /// From this instant, buffers included.
    pub start: Timestamp,
    /// Until this one, excluded.
    pub end: Timestamp,
    /// By what.
    pub by: TakenBy,
}

/// What takes a time that no appointment of this practice takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TakenBy {
    /// Somebody is about to book it.
    Held {
        /// Until when it is kept for them.
        until: Timestamp,
    },
    /// The practitioner is busy elsewhere then: at another practice, or as their other calendar says.
    Elsewhere,
}

/// An appointment in a practice's calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarAppointment {
    /// Which link of the chain.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// Why it stands there, where somebody said so.
    pub reason: Option<ChangeReason>,
    /// What, as it was agreed when it was booked.
    pub appointment_type: AppointmentType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The time that it takes, buffers included; none when it takes none any more.
    pub takes: Option<(Timestamp, Timestamp)>,
    /// Fitted in beside something else.
    pub fitted_in: bool,
    /// Until when the practice can answer, while it is a request.
    pub reply_by: Option<Timestamp>,
    /// When the patient said that they will come.
    pub attendance_confirmed_at: Option<Timestamp>,
    /// What the caller may do with it at the time of the reply.
    pub acts: Vec<ActName>,
    /// Whether the caller may move it or change its length at the time of the reply.
    pub may_reschedule: bool,
    /// Whether the caller may propose another time for it at the time of the reply.
    #[serde(default)]
    pub may_propose: bool,
    /// Another time that is proposed for it, while that can be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
    /// The last time that was proposed for it, where the patient keeps this one, while it is to come and nothing else is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_taken: Option<NotTaken>,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What [`PracticeAct::CancelForPatient`] would mean for the patient at the time of the reply.
    pub cancelling_now: Cancelling,
    /// What is owed for cancelling late or not coming; zero where nothing is, or it was let go.
    #[serde(default)]
    pub late_fee_cents: AudCents,
    /// What [`PracticeAct::NoShow`] makes the patient owe, as it was agreed; zero where that is nothing.
    #[serde(default)]
    pub no_show_fee_cents: AudCents,
    /// Who comes.
    pub patient: PracticePatient,
    /// By what they are told of it.
    #[serde(default)]
    pub reachable: Reachable,
    /// What the patient says where they do not agree with this record, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<PatientStatement>,
    /// The rooms and devices that it takes, in order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<PracticeResource>,
    /// The series that it is one visit of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_id: Option<SeriesId>,
    /// The group session that it has a seat in, as long as it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupSeat>,
    /// Where the patient is visited, for a home visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitAddress>,
    /// What [`PracticeAct::EnterInError`] would mean for its money and its claim, where the caller may say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_mistake: Option<IfMistake>,
    /// The zone that it was booked in, where that is not the place's any more: the calendar is on the place's clocks of today,
    /// and the patient was told the time on those of then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_zone: Option<Zone>,
}

impl PersonalData for CalendarAppointment {}
