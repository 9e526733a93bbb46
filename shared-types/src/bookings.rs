//! The bookings context: schedules, free times, holds and appointments.

pub mod calendar_feed;
pub mod dispute;
mod events;
pub mod external_calendar;
pub mod free_times;
pub mod home_visit;
mod member;
pub(crate) mod party;
pub mod pools;
pub mod practice;
pub mod proposal;
pub mod question;
pub mod resources;
mod role_availability;
pub mod running_late;
pub mod schedule;
pub mod series;
pub mod waitlist;
pub mod webhook;

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::{
    events::{
        AppointmentFact, BookedPatient, BookingClaim, BookingsEvent, DisputeFact, FeeWaiver, LatenessFact,
        ManageCodeFact, NextFreeFact, NextFreeOfType, OfferFact, ProposalFact, SeriesFact, StatementFact,
        StoppedWebhook,
    },
    free_times::{Availability, Busy, Closure, ExtraHours, Offering, Rule, Weekdays, free_times},
    member::{
        AddStatement, ClaimBookings, ClaimedBookings, MemberAppointment, PRACTICE_BOOKINGS, PatientStatement,
        PracticeAppointment, PracticePatient, STATEMENT_LENGTH, STATEMENTS, When,
    },
    party::{ConfirmHold, ConsentGiven, PartyDetails, australian_mobile, looks_like_email},
    practice::ChangeReason,
    question::{Question, QuestionKind},
    role_availability::RoleAvailability,
};
use crate::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, HoldId, OrganizationId, PractitionerRoleId,
    QuoteId, SeriesId, Zone,
    payments::{
        PaymentFailure,
        funding::Cohort,
        quote::{PaymentTicket, QuoteTerms},
    },
    personal::{Personal, PersonalData},
};

/// How long a hold keeps a time, in minutes.
pub const HOLD_MINUTES: i64 = 10;

/// What can be booked with a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentType {
    /// Which.
    pub appointment_type_id: AppointmentTypeId,
    /// `Initial consultation`.
    pub name: String,
    /// How long, for the patient.
    pub duration_minutes: u16,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it; the price is then zero.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Whether the practice answers each request first; otherwise what is booked is booked.
    #[serde(default)]
    pub needs_acceptance: bool,
    /// How many patients one session takes, each with an appointment of their own; one alone unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// At the patient's home: booking it takes a [`VisitAddress`](home_visit::VisitAddress).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub home_visit: bool,
}

/// Whom an appointment type or a rule is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anybody.
    #[default]
    All,
    /// People who have not been to this practice.
    New,
    /// People who have.
    Existing,
    /// People who are visited at home. It is for hours alone: a type that is a home visit is for one of the others.
    HomeVisit,
}

impl Audience {
    /// The name used in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Existing => "existing",
            Self::HomeVisit => "home_visit",
        }
    }

    /// Reads [`Audience::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::All, Self::New, Self::Existing, Self::HomeVisit];
        all.into_iter().find(|audience| audience.code() == code)
    }

    /// In whose hours a type for these people is booked: a home visit in those for home visits and for everybody.
    pub fn in_hours(self, home_visit: bool) -> Self {
        if home_visit { Self::HomeVisit } else { self }
    }
}

/// The appointment types of one role, with what one sees beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentTypes {
    /// In the order the practice set.
    pub items: Vec<AppointmentType>,
    /// Whom one books.
    pub role: BookedRole,
}

/// Whom and where one books, as bookings shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BookedRole {
    /// Which.
    pub practitioner_role_id: PractitionerRoleId,
    /// The page: `/providers/{slug}`.
    pub slug: String,
    /// The practitioner's name.
    pub name: String,
    /// The profession in words.
    pub profession_name: Option<String>,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// The practice's name.
    pub organization_name: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
    /// Where to go.
    pub address: String,
    /// The place's zone.
    pub time_zone: Zone,
    /// Whether times can be booked.
    pub bookable: bool,
}

/// Free times of one appointment type in a span of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FreeTimes {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// The place's zone; days are its days.
    pub time_zone: Zone,
    /// When this was true.
    pub as_of: Timestamp,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// Starts in order.
    pub starts: Vec<Timestamp>,
    /// The first free start after the span, when there is one within the horizon.
    pub next: Option<Timestamp>,
}

/// Asks to keep a time. Sent with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateHold {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// What the patient has, where the price goes by it; the price for everybody when absent. Asking again for a time that is held
    /// already with something else here prices it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Cohort>,
}

/// A kept time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hold {
    /// Which.
    pub hold_id: HoldId,
    /// The booking it begins.
    pub booking_id: BookingId,
    /// Where it stands.
    pub status: HoldStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// What.
    pub appointment_type: AppointmentType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// The clock of the reply, so that a countdown need not trust the device's.
    pub as_of: Timestamp,
    /// What was offered, signed.
    pub quote: Quote,
    /// What cancelling costs and until when it does not.
    pub policy: CancellationPolicy,
    /// What the practice asks beforehand, in its order. The answers go to it sealed; where there is nobody to seal to,
    /// nothing is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// By which users takes a sealed note before the booking is made ([`crate::users::NoteTicket`]): good until five
    /// minutes after the hold ends. Absent where there is no practice to seal to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_ticket: Option<Personal<String>>,
    /// For which sorts of patients there is a price of its own; empty where it is the same for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<Cohort>,
    /// For which of them it is priced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<Cohort>,
}

/// Where a hold stands: `active → consumed | released | expired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HoldStatus {
    /// The time is kept.
    Active,
    /// It became an appointment.
    Consumed,
    /// The patient let it go.
    Released,
    /// The ten minutes ran out.
    Expired,
}

impl HoldStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Active, Self::Consumed, Self::Released, Self::Expired];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Consumed => "consumed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// Reads [`HoldStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A binding offer: what, how much, until when. Signed with bookings' Ed25519 key over
/// [`quote_message`](crate::payments::quote::quote_message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quote {
    /// Which.
    pub quote_id: QuoteId,
    /// For which booking.
    pub booking_id: BookingId,
    /// The practitioner's fee.
    pub fee_cents: AudCents,
    /// What Medicare pays back.
    pub rebate_cents: AudCents,
    /// What the patient pays in the end.
    pub gap_cents: AudCents,
    /// Until when it binds.
    pub expires_at: Timestamp,
    /// How it is collected and what cancelling costs. Quotes made before anything was collected through us have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<QuoteTerms>,
    /// Which key signed it.
    pub kid: String,
    /// The signature, base64url without padding.
    pub signature: String,
}

/// What cancelling costs: snapshotted at hold, so later edits never touch a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancellationPolicy {
    /// Up to how many hours before the start cancelling is without charge.
    pub free_until_hours: u16,
    /// The fee after that; always zero for bulk-billed appointments.
    pub late_fee_cents: AudCents,
}

/// Where an appointment stands. Which step leads where is bookings' to decide: see its `domain::appointment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStatus {
    /// The practice has been asked, and the time is kept until it answers.
    Requested,
    /// Details are given; a payment is due first.
    AwaitingPayment,
    /// It will take place.
    Confirmed,
    /// The patient is there.
    Arrived,
    /// The patient is there and the desk knows it.
    CheckedIn,
    /// The patient is with the practitioner.
    InConsult,
    /// It took place.
    Completed,
    /// Replaced by a later link of the same booking.
    Rescheduled,
    /// The practice did not take the request.
    Declined,
    /// The practice did not answer the request in time, or it was not paid for in time.
    Expired,
    /// Cancelled in time by the patient.
    CancelledByPatient,
    /// Cancelled by the patient after the cut-off.
    CancelledLate,
    /// Cancelled by the provider.
    CancelledByProvider,
    /// Cancelled by an administrator.
    CancelledByAdmin,
    /// The patient did not come.
    NoShowPatient,
    /// The practitioner did not come.
    NoShowProvider,
    /// It never was a real appointment.
    EnteredInError,
}

impl AppointmentStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 17] = [
        Self::Requested,
        Self::AwaitingPayment,
        Self::Confirmed,
        Self::Arrived,
        Self::CheckedIn,
        Self::InConsult,
        Self::Completed,
        Self::Rescheduled,
        Self::Declined,
        Self::Expired,
        Self::CancelledByPatient,
        Self::CancelledLate,
        Self::CancelledByProvider,
        Self::CancelledByAdmin,
        Self::NoShowPatient,
        Self::NoShowProvider,
        Self::EnteredInError,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::AwaitingPayment => "awaiting_payment",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::CheckedIn => "checked_in",
            Self::InConsult => "in_consult",
            Self::Completed => "completed",
            Self::Rescheduled => "rescheduled",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::CancelledByPatient => "cancelled_by_patient",
            Self::CancelledLate => "cancelled_late",
            Self::CancelledByProvider => "cancelled_by_provider",
            Self::CancelledByAdmin => "cancelled_by_admin",
            Self::NoShowPatient => "no_show_patient",
            Self::NoShowProvider => "no_show_provider",
            Self::EnteredInError => "entered_in_error",
        }
    }

    /// Reads [`AppointmentStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it still stands: it is to come, or under way.
    pub fn is_upcoming(self) -> bool {
        match self {
            Self::Requested
            | Self::AwaitingPayment
            | Self::Confirmed
            | Self::Arrived
            | Self::CheckedIn
            | Self::InConsult => true,
            Self::Completed
            | Self::Rescheduled
            | Self::Declined
            | Self::Expired
            | Self::CancelledByPatient
            | Self::CancelledLate
            | Self::CancelledByProvider
            | Self::CancelledByAdmin
            | Self::NoShowPatient
            | Self::NoShowProvider
            | Self::EnteredInError => false,
        }
    }
}

/// An appointment, for those who may see it: the guest who made it, or who holds its link and proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Appointment {
    /// Which link of the chain.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// What.
    pub appointment_type: AppointmentType,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What cancelling now would mean.
    pub cancelling_now: Cancelling,
    /// The clock of the reply.
    pub as_of: Timestamp,
    /// The first letters of the address the confirmation went to: `j…@example.org`.
    pub email_hint: String,
    /// Until when the practice can answer, while it is a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Timestamp>,
    /// When the patient said that they will come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance_confirmed_at: Option<Timestamp>,
    /// Why it stands where it does, where the practice said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ChangeReason>,
    /// The series that it is one visit of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_id: Option<SeriesId>,
    /// About how many minutes later than booked it is likely to begin, as the practice says today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_minutes: Option<u16>,
    /// The offer as it was signed; none for what was never quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// Until when it waits for its payment, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_until: Option<Timestamp>,
    /// Why its card was not charged, while another one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_failure: Option<PaymentFailure>,
    /// Until when another card can be given, with the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_until: Option<Timestamp>,
    /// By which payments shows who holds this appointment what was paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_ticket: Option<PaymentTicket>,
}

impl PersonalData for Appointment {}

/// What pressing "cancel" would do, computed and shown before it is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Cancelling {
    /// Nothing to pay.
    WithoutCharge,
    /// A fee becomes due at the start, unless the time is taken by someone else.
    LateFee {
        /// How much.
        fee_cents: AudCents,
    },
    /// Too late: it has begun, or it no longer stands.
    NotPossible,
}

/// The reply to a confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmation {
    /// Which appointment.
    pub appointment_id: AppointmentId,
    /// Which booking.
    pub booking_id: BookingId,
    /// `confirmed`; `requested` where the practice answers first; or `awaiting_payment` with status 202.
    pub status: AppointmentStatus,
    /// By which payments shows who booked what is to be paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_ticket: Option<PaymentTicket>,
}

/// Opens a manage link: the token from the link and one proof. Neither can be printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenManageLink {
    /// From the link.
    pub token: String,
    /// What only the patient and the practice should know.
    pub proof: ManageProof,
}

impl fmt::Debug for OpenManageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[manage link and proof]")
    }
}

/// What shows that the holder of a link is the patient. It cannot be printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManageProof {
    /// The patient's date of birth.
    DateOfBirth(Date),
    /// Six digits sent by e-mail.
    Code(String),
}

impl fmt::Debug for ManageProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[proof]")
    }
}

/// Asks for a code by e-mail. It cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendManageCode {
    /// From the link.
    pub token: String,
}

impl fmt::Debug for SendManageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[manage link]")
    }
}

/// Says that the patient will come, by a reminder's link. It cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerReminder {
    /// From the link.
    pub token: String,
}

impl fmt::Debug for AnswerReminder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[reminder link]")
    }
}

/// Cancels an appointment as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelAppointment {
    /// The version that was on the screen.
    pub version: i32,
}

/// Moves an appointment as last seen to another start, keeping type and role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MoveAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// The new start.
    pub start: Timestamp,
}
