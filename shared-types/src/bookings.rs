//! The bookings context: schedules, free times, holds and appointments.

mod appointment;
mod appointment_type;
pub mod calendar_feed;
pub mod dispute;
mod events;
pub mod external_calendar;
pub mod free_times;
mod hold;
pub mod home_visit;
pub mod honour;
mod manage;
mod member;
pub mod mistake;
pub(crate) mod party;
pub mod pools;
pub mod practice;
pub mod proposal;
pub mod question;
pub mod requests;
pub mod resources;
pub mod review;
mod role_availability;
pub mod running_late;
pub mod schedule;
pub mod series;
pub mod unmarked;
pub mod waitlist;
pub mod webhook;

pub use self::{
    appointment::{
        Appointment, AppointmentStatus, CancelAppointment, Cancelling, Confirmation, MoveAppointment,
    },
    appointment_type::{AppointmentType, AppointmentTypes, Audience, BookedRole, FreeTimes},
    events::{
        AbsenceFact, AppointmentFact, BookedPatient, BookingClaim, BookingsEvent, DisputeFact, FeeWaiver,
        LatenessFact, ManageCodeFact, MistakeFact, NextFreeFact, NextFreeOfType, NoShowFact, NotTakenFact,
        OfferFact, PresumedFact, ProposalFact, SeriesFact, StatementFact, StoppedWebhook,
    },
    free_times::{Availability, Busy, Closure, ExtraHours, Offering, Rule, Weekdays, free_times},
    hold::{CancellationPolicy, CreateHold, HOLD_MINUTES, Hold, HoldStatus, Quote},
    manage::{AnswerReminder, ManageProof, OpenManageLink, SendManageCode},
    member::{
        AddStatement, ClaimBookings, ClaimedBookings, MemberAppointment, PRACTICE_BOOKINGS, PatientStatement,
        PracticeAppointment, PracticePatient, STATEMENT_LENGTH, STATEMENTS, When,
    },
    party::{ConfirmHold, ConsentGiven, PartyDetails, australian_mobile, looks_like_email},
    practice::ChangeReason,
    question::{Question, QuestionKind},
    role_availability::RoleAvailability,
};
