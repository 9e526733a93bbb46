//! A practice's calendar: what its staff read of it and do in it. The rules that it follows from are in
//! [`schedule`](super::schedule).
//!
//! All paths are below `/api/v1/bookings/practices/{organization_id}`, for the staff in [`CALENDAR_STAFF`]. What belongs to
//! another practice is not there (404). Who may press which button goes by [`PracticeAct::staff`].
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…/roles` | `list_practice_roles` | → [`PracticeRoles`]; for all of the staff: who sets what is paid for a type has to find it |
//! | GET `…/calendar?from=&to=&roles=` | `find_calendar` | → [`PracticeCalendar`]; days on the places' calendars, at most [`CALENDAR_DAYS`]; `roles` are ids with commas between, all when absent |
//! | POST `…/appointments` | `create_appointment` | [`CreateAppointment`] + Idempotency-Key → 201 [`CalendarAppointment`] |
//! | POST `…/appointments/{appointment_id}/transitions` | `act_on_appointment` | [`ActOnAppointment`] → [`CalendarAppointment`] |
//! | POST `…/appointments/{appointment_id}/reschedule` | `reschedule_appointment` | [`RescheduleAppointment`] + Idempotency-Key → [`CalendarAppointment`] |
//! | POST `…/appointments/{appointment_id}/waive-fee` | `waive_fee` | [`SeenVersion`] + Idempotency-Key → [`CalendarAppointment`]; 409 `nothing-owed` |
//!
//! The patient's side, for whoever holds the booking (policy `Holder`), below `/api/v1/bookings/appointments/{appointment_id}`:
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | POST `…/cancel` | `cancel_appointment` | [`CancelAppointment`](super::CancelAppointment) → [`Appointment`](super::Appointment); withdraws a request |
//! | POST `…/attendance` | `confirm_attendance` | [`SeenVersion`] → [`Appointment`](super::Appointment) |
//! | POST `…/absence` | `report_absence` | [`SeenVersion`] → [`Appointment`](super::Appointment); from [`ABSENCE_MINUTES`] after the start |
//!
//! Problems: 409 `stale-version` (somebody else was quicker: load it again), 409 `wrong-state` (it does not stand where that can
//! be done), 409 `too-early` (the detail says from when), 409 `time-taken`.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    AppointmentStatus, AppointmentType, Audience, CancellationPolicy, Cancelling, PatientStatement,
    PracticePatient,
    home_visit::VisitAddress,
    party::{australian_mobile, looks_like_email, tidy},
    resources::PracticeResource,
    running_late::RunningLate,
};
use crate::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, PractitionerRoleId, SeriesId, Zone,
    personal::{Personal, PersonalData},
    problem::FieldError,
    users::StaffRole,
};

/// The most days of a calendar that one request may ask about: six weeks.
pub const CALENDAR_DAYS: i32 = 42;
/// From how long before its start somebody can arrive for an appointment, in minutes.
pub const ARRIVAL_MINUTES: i64 = 60;
/// From how long after its start a patient can be said not to have come, in minutes.
pub const NO_SHOW_MINUTES: i64 = 15;
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
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What [`PracticeAct::CancelForPatient`] would mean for the patient at the time of the reply.
    pub cancelling_now: Cancelling,
    /// What is owed for cancelling late or not coming; zero where nothing is, or it was let go.
    #[serde(default)]
    pub late_fee_cents: AudCents,
    /// Who comes.
    pub patient: PracticePatient,
    /// What the patient says where they do not agree with this record, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<PatientStatement>,
    /// The rooms and devices that it takes, in order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<PracticeResource>,
    /// The series that it is one visit of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_id: Option<SeriesId>,
    /// Where the patient is visited, for a home visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitAddress>,
}

impl PersonalData for CalendarAppointment {}

/// Why the practice changed where an appointment stands. None of them says anything of health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// The practitioner is unwell.
    PractitionerUnwell,
    /// The practitioner is away.
    PractitionerAway,
    /// The practice is closed then.
    PracticeClosed,
    /// An emergency at the practice.
    Emergency,
    /// There is no time for it.
    NoTime,
    /// Somebody else can help better.
    NotOffered,
    /// It was there twice, or in the wrong place.
    Mistake,
    /// The patient asked for it.
    PatientAsked,
    /// Something else.
    Other,
}

impl ChangeReason {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 9] = [
        Self::PractitionerUnwell,
        Self::PractitionerAway,
        Self::PracticeClosed,
        Self::Emergency,
        Self::NoTime,
        Self::NotOffered,
        Self::Mistake,
        Self::PatientAsked,
        Self::Other,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::PractitionerUnwell => "practitioner_unwell",
            Self::PractitionerAway => "practitioner_away",
            Self::PracticeClosed => "practice_closed",
            Self::Emergency => "emergency",
            Self::NoTime => "no_time",
            Self::NotOffered => "not_offered",
            Self::Mistake => "mistake",
            Self::PatientAsked => "patient_asked",
            Self::Other => "other",
        }
    }

    /// Reads [`ChangeReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Does something with an appointment as last seen: `{"version": 3, "action": "cancel", "reason": "emergency"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActOnAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// What to do.
    #[serde(flatten)]
    pub act: PracticeAct,
}

/// What a practice's staff can do with an appointment, with what each act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum PracticeAct {
    /// Takes a request.
    Accept,
    /// Does not take a request.
    Decline {
        /// Why.
        reason: ChangeReason,
    },
    /// Cancels; the patient pays nothing.
    Cancel {
        /// Why.
        reason: ChangeReason,
    },
    /// Cancels because the patient asked; what was agreed at booking counts.
    CancelForPatient {
        /// Lets the patient off a late fee.
        waive_fee: bool,
    },
    /// The patient is there.
    Arrive,
    /// The patient is there and the desk has their details.
    CheckIn,
    /// The visit begins.
    Start,
    /// The visit is over.
    Complete,
    /// It is not over after all.
    UndoCompletion,
    /// The patient did not come.
    NoShow {
        /// Staff say that they were there and the patient was not. Without it nothing is done.
        attested: bool,
    },
    /// The practitioner did not come; the patient pays nothing.
    PractitionerAbsent,
    /// It never was a real appointment.
    EnterInError {
        /// Why.
        reason: ChangeReason,
    },
}

impl PracticeAct {
    /// Which button it is.
    pub fn name(self) -> ActName {
        match self {
            Self::Accept => ActName::Accept,
            Self::Decline { .. } => ActName::Decline,
            Self::Cancel { .. } => ActName::Cancel,
            Self::CancelForPatient { .. } => ActName::CancelForPatient,
            Self::Arrive => ActName::Arrive,
            Self::CheckIn => ActName::CheckIn,
            Self::Start => ActName::Start,
            Self::Complete => ActName::Complete,
            Self::UndoCompletion => ActName::UndoCompletion,
            Self::NoShow { .. } => ActName::NoShow,
            Self::PractitionerAbsent => ActName::PractitionerAbsent,
            Self::EnterInError { .. } => ActName::EnterInError,
        }
    }

    /// The reason that was given.
    pub fn reason(self) -> Option<ChangeReason> {
        match self {
            Self::Decline { reason } | Self::Cancel { reason } | Self::EnterInError { reason } => {
                Some(reason)
            }
            Self::CancelForPatient { .. } => Some(ChangeReason::PatientAsked),
            Self::Accept
            | Self::Arrive
            | Self::CheckIn
            | Self::Start
            | Self::Complete
            | Self::UndoCompletion
            | Self::NoShow { .. }
            | Self::PractitionerAbsent => None,
        }
    }
}

/// A button beside an appointment: the `action` of a [`PracticeAct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActName {
    /// [`PracticeAct::Accept`].
    Accept,
    /// [`PracticeAct::Decline`].
    Decline,
    /// [`PracticeAct::Cancel`].
    Cancel,
    /// [`PracticeAct::CancelForPatient`].
    CancelForPatient,
    /// [`PracticeAct::Arrive`].
    Arrive,
    /// [`PracticeAct::CheckIn`].
    CheckIn,
    /// [`PracticeAct::Start`].
    Start,
    /// [`PracticeAct::Complete`].
    Complete,
    /// [`PracticeAct::UndoCompletion`].
    UndoCompletion,
    /// [`PracticeAct::NoShow`].
    NoShow,
    /// [`PracticeAct::PractitionerAbsent`].
    PractitionerAbsent,
    /// [`PracticeAct::EnterInError`].
    EnterInError,
}

impl ActName {
    /// All of them, in the order of a visit.
    pub const ALL: [Self; 12] = [
        Self::Accept,
        Self::Decline,
        Self::Arrive,
        Self::CheckIn,
        Self::Start,
        Self::Complete,
        Self::UndoCompletion,
        Self::NoShow,
        Self::PractitionerAbsent,
        Self::CancelForPatient,
        Self::Cancel,
        Self::EnterInError,
    ];

    /// Who may do it: taking back that a visit took place is not for the desk, and what never was real is for those who
    /// answer for the practice.
    pub fn staff(self) -> &'static [StaffRole] {
        match self {
            Self::Accept
            | Self::Decline
            | Self::Cancel
            | Self::CancelForPatient
            | Self::Arrive
            | Self::CheckIn
            | Self::Start
            | Self::Complete
            | Self::NoShow
            | Self::PractitionerAbsent => &CALENDAR_STAFF,
            Self::UndoCompletion => &[StaffRole::Practitioner, StaffRole::Manager, StaffRole::Owner],
            Self::EnterInError => &[StaffRole::Manager, StaffRole::Owner],
        }
    }
}

impl PracticeAct {
    /// See [`ActName::staff`].
    pub fn staff(self) -> &'static [StaffRole] {
        self.name().staff()
    }
}

/// An act on an appointment as last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenVersion {
    /// The version that was on the screen.
    pub version: i32,
}

/// Books a time at the desk, for somebody who is there or on the telephone. Any time will do, in open hours or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateAppointment {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What: one of that role's types.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends; after the type's length unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// Fits it in beside what is there already.
    #[serde(default)]
    pub fit_in: bool,
    /// Who comes.
    pub patient: DeskPatient,
}

/// Moves an appointment as last seen, or changes its length, or gives it to somebody else of the practice. What was agreed at
/// booking stays. Taking it back is the same act with the former times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RescheduleAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// With whom from now on; the same unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner_role_id: Option<PractitionerRoleId>,
    /// The new start.
    pub start: Timestamp,
    /// The new end.
    pub end: Timestamp,
    /// Fits it in beside what is there already.
    #[serde(default)]
    pub fit_in: bool,
}

/// Somebody as the desk writes them down. Not everybody has an address and a mobile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeskPatient {
    /// The full name.
    pub name: Personal<String>,
    /// What to be called, if different.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_name: Option<Personal<String>>,
    /// The day of birth.
    pub date_of_birth: Personal<Date>,
    /// Where to write, in which case they are written to like anybody who books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
    /// An Australian mobile, in any usual spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Personal<String>>,
    /// Where they are visited, for home visits. The desk may promise to go anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitAddress>,
}

impl DeskPatient {
    /// Trims and checks every field; `today` is the day at the place of care. The mobile comes back in E.164, and what was
    /// left empty comes back as none.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self, today: Date) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let filled = |text: Option<Personal<String>>| {
            text.map(|text| text.expose().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let name = tidy(self.name.expose());
        if name.is_empty() || name.chars().count() > 120 {
            errors.push(FieldError::new("/patient/name", "Enter the full name, in at most 120 characters"));
        }
        let preferred_name =
            self.preferred_name.map(|name| tidy(name.expose())).filter(|name| !name.is_empty());
        if preferred_name.as_ref().is_some_and(|name| name.chars().count() > 60) {
            errors.push(FieldError::new("/patient/preferred_name", "Use at most 60 characters"));
        }
        let born = *self.date_of_birth.expose();
        if born > today || born.year() < today.year() - 130 {
            errors.push(FieldError::new("/patient/date_of_birth", "Check the date of birth"));
        }
        let email = filled(self.email);
        if email.as_ref().is_some_and(|email| !looks_like_email(email)) {
            let detail = "Enter an e-mail address such as name@example.com, or none";
            errors.push(FieldError::new("/patient/email", detail));
        }
        let written = filled(self.mobile);
        let mobile = written.as_deref().and_then(australian_mobile);
        if written.is_some() && mobile.is_none() {
            let detail = "Enter an Australian mobile number such as 0491 570 006, or none";
            errors.push(FieldError::new("/patient/mobile", detail));
        }
        let visit = self.visit.map(VisitAddress::check).transpose().unwrap_or_else(|wrong| {
            let of_patient =
                |error: FieldError| FieldError::new(format!("/patient{}", error.pointer), error.detail);
            errors.extend(wrong.into_iter().map(of_patient));
            None
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            name: name.into(),
            preferred_name: preferred_name.map(Personal::new),
            date_of_birth: self.date_of_birth,
            email: email.map(Personal::new),
            mobile: mobile.map(Personal::new),
            visit,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::{ActName, ActOnAppointment, ChangeReason, DeskPatient, PracticeAct};

    fn patient(email: Option<&str>, mobile: Option<&str>) -> DeskPatient {
        DeskPatient {
            name: " Bo   Lee ".to_owned().into(),
            preferred_name: None,
            date_of_birth: date(1950, 1, 1).into(),
            email: email.map(|email| email.to_owned().into()),
            mobile: mobile.map(|mobile| mobile.to_owned().into()),
            visit: None,
        }
    }

    #[test]
    fn who_walks_in_needs_no_address_and_a_wrong_one_is_named() {
        let today = date(2026, 11, 23);
        let bare = patient(None, Some(" ")).check(today).unwrap();
        assert_eq!((bare.name.expose().as_str(), bare.email, bare.mobile), ("Bo Lee", None, None));
        let reachable = patient(Some("bo@example.org"), Some("0491 570 006")).check(today).unwrap();
        assert_eq!(reachable.mobile.unwrap().expose(), "+61491570006");
        let wrong = patient(Some("bo"), Some("12")).check(today).unwrap_err();
        let pointers: Vec<_> = wrong.into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/patient/email", "/patient/mobile"]);
    }

    #[test]
    fn an_act_is_one_flat_object() {
        let cancel =
            ActOnAppointment { version: 3, act: PracticeAct::Cancel { reason: ChangeReason::Emergency } };
        let text = json!({"version": 3, "action": "cancel", "reason": "emergency"});
        assert_eq!(serde_json::to_value(cancel).unwrap(), text);
        assert_eq!(serde_json::from_value::<ActOnAppointment>(text).unwrap(), cancel);
        let without = json!({"version": 3, "action": "cancel"});
        assert!(serde_json::from_value::<ActOnAppointment>(without).is_err(), "a reason is needed");
    }

    #[test]
    fn a_button_has_the_name_of_its_act() {
        for name in ActName::ALL {
            let text = json!({"action": name, "reason": "other", "attested": true, "waive_fee": true});
            let act: PracticeAct = serde_json::from_value(text).unwrap();
            assert_eq!(act.name(), name);
        }
    }

    #[test]
    fn every_reason_reads_back_from_its_word() {
        for reason in ChangeReason::ALL {
            assert_eq!(ChangeReason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
