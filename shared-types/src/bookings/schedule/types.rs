//! What can be booked with somebody, as the practice sets it.

use serde::{Deserialize, Serialize};

use super::{MOST_CENTS, MOST_NOTICE, ScheduleSettings};
use crate::{
    AppointmentTypeId, AudCents, ResourceId,
    bookings::{
        AppointmentType, Audience, Offering, Question, home_visit::HomeVisit, party::tidy,
        practice::REQUEST_NOTICE_MINUTES, question, resources::MOST_NEEDED,
    },
    problem::FieldError,
};

/// The appointment types of one role, for those who edit them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleTypes {
    /// In the practice's order; what is no longer offered comes last.
    pub items: Vec<RoleType>,
}

/// An appointment type as the practice set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleType {
    /// Which.
    pub appointment_type_id: AppointmentTypeId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Whether it is offered.
    pub active: bool,
    /// What was set.
    #[serde(flatten)]
    pub draft: TypeDraft,
}

/// Sets an appointment type, as last seen. What is booked already stays as it was agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutType {
    /// The version that was on the screen.
    pub version: i32,
    /// Whether it is offered from now on.
    pub active: bool,
    /// What to set.
    #[serde(flatten)]
    pub draft: TypeDraft,
}

/// What can be set of an appointment type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TypeDraft {
    /// `Initial consultation`.
    pub name: String,
    /// Where it stands in the list.
    pub position: u16,
    /// How long, for the patient: 5 to 480.
    pub duration_minutes: u16,
    /// To be kept free before, at most 240.
    pub buffer_before_minutes: u16,
    /// To be kept free after, at most 240.
    pub buffer_after_minutes: u16,
    /// The whole price; zero where it is bulk billed.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Whether the practice answers each request first.
    #[serde(default)]
    pub needs_acceptance: bool,
    /// How long before its start it can last be booked; as the schedule says unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_minutes: Option<u32>,
    /// How many days after today can be booked; as the schedule says unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u16>,
    /// How many of it patients may book on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_cap: Option<u16>,
    /// What patients are asked beforehand, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// How many patients one session takes: 2 to 100. Each has an appointment of their own and sees nothing of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// The rooms and devices that it needs, all of them: at most [`MOST_NEEDED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceId>,
    /// How the practice comes to the patient, where it does; neither by video nor in a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_visit: Option<HomeVisit>,
}

impl TypeDraft {
    /// How times of it are found under a schedule.
    pub fn offering(&self, settings: &ScheduleSettings) -> Offering {
        // The way is kept free like a buffer.
        let travel = self.home_visit.as_ref().map_or(0, |visit| visit.travel_minutes);
        Offering {
            duration_minutes: self.duration_minutes,
            buffer_before_minutes: self.buffer_before_minutes.saturating_add(travel),
            buffer_after_minutes: self.buffer_after_minutes.saturating_add(travel),
            step_minutes: settings.step_minutes,
            notice_minutes: self
                .notice_minutes
                .unwrap_or(settings.notice_minutes)
                .max(if self.needs_acceptance { REQUEST_NOTICE_MINUTES } else { 0 }),
            horizon_days: self.horizon_days.unwrap_or(settings.horizon_days),
            audience: self.audience.in_hours(self.home_visit.is_some()),
            telehealth: self.telehealth,
        }
    }

    /// As patients see it.
    pub fn shown(&self, appointment_type_id: AppointmentTypeId) -> AppointmentType {
        AppointmentType {
            appointment_type_id,
            name: self.name.clone(),
            duration_minutes: self.duration_minutes,
            price_cents: self.price_cents,
            bulk_billed: self.bulk_billed,
            telehealth: self.telehealth,
            audience: self.audience,
            needs_acceptance: self.needs_acceptance,
            seats: self.seats,
            home_visit: self.home_visit.is_some(),
        }
    }

    /// Trims the texts and checks every field.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut within = |fits: bool, field: &str, detail: &str| {
            if !fits {
                errors.push(FieldError::new(format!("/{field}"), detail));
            }
        };
        let name = tidy(&self.name);
        within((1..=80).contains(&name.chars().count()), "name", "Use 1 to 80 characters");
        within(self.position <= 1_000, "position", "Use at most 1,000");
        within((5..=480).contains(&self.duration_minutes), "duration_minutes", "Use 5 to 480 minutes");
        within(self.buffer_before_minutes <= 240, "buffer_before_minutes", "Use at most 240 minutes");
        within(self.buffer_after_minutes <= 240, "buffer_after_minutes", "Use at most 240 minutes");
        let priced = (AudCents::ZERO..=MOST_CENTS).contains(&self.price_cents);
        within(priced, "price_cents", "Use an amount up to $10,000");
        // Health Insurance Act 1973 s 20A (C-52).
        let uncharged = !self.bulk_billed || self.price_cents == AudCents::ZERO;
        within(uncharged, "price_cents", "What is bulk billed costs nothing");
        within(
            self.notice_minutes.is_none_or(|notice| notice <= MOST_NOTICE),
            "notice_minutes",
            "Use at most 30 days",
        );
        let horizon = self.horizon_days.is_none_or(|days| (1..=365).contains(&days));
        within(horizon, "horizon_days", "Use 1 to 365 days");
        let capped = self.daily_cap.is_none_or(|cap| (1..=200).contains(&cap));
        within(capped, "daily_cap", "Use 1 to 200, or none");
        within(self.seats.is_none_or(|seats| (2..=100).contains(&seats)), "seats", "Use 2 to 100, or none");
        within(self.resources.len() <= MOST_NEEDED, "resources", "Choose at most 5");
        let for_patients = !matches!(self.audience, Audience::HomeVisit | Audience::Telehealth);
        within(for_patients, "audience", "Choose patients; where or how you see them is another question");
        let visits_one = self.home_visit.is_none() || (!self.telehealth && self.seats.is_none());
        within(visits_one, "home_visit", "A home visit is neither by video or phone nor for a group");
        let questions = question::tidied(self.questions, &mut errors);
        let home_visit = self.home_visit.map(HomeVisit::check).transpose().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            None
        });
        if errors.is_empty() { Ok(Self { name, questions, home_visit, ..self }) } else { Err(errors) }
    }
}
