//! A message before it is queued, and its kinds.

use shared_types::{BookingId, personal::Personal};

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// It will take place.
    AppointmentConfirmed,
    /// It takes place at another time.
    AppointmentMoved,
    /// It will not take place.
    AppointmentCancelled,
    /// Six digits that show that one reads the patient's mail.
    ManageCode,
}

impl Template {
    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::AppointmentConfirmed => "appointment_confirmed",
            Self::AppointmentMoved => "appointment_moved",
            Self::AppointmentCancelled => "appointment_cancelled",
            Self::ManageCode => "manage_code",
        }
    }

    /// Messages after which this one would tell something that is no longer true. Events of one booking arrive in
    /// order unless one of them failed at first; then silence is better than an old time.
    pub fn outdated_by(self) -> &'static [Self] {
        match self {
            Self::AppointmentConfirmed => &[Self::AppointmentMoved, Self::AppointmentCancelled],
            Self::AppointmentMoved => &[Self::AppointmentCancelled],
            Self::AppointmentCancelled | Self::ManageCode => &[],
        }
    }
}

/// A message to one person, written and not yet queued. All of it is personal data.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What kind.
    pub template: Template,
    /// About which booking.
    pub booking_id: BookingId,
    /// The bare address.
    pub recipient: Personal<String>,
    /// The words.
    pub content: Personal<Content>,
}

/// What is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// For readers of plain text.
    pub body_text: String,
    /// The same as HTML.
    pub body_html: String,
    /// For the calendar.
    pub calendar: Option<Calendar>,
}

/// A calendar file.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What the calendar should do with it.
    pub method: String,
    /// The file, in RFC 5545's format.
    pub file: String,
}
