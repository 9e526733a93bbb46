//! The notifications context: messages to people.

mod mail_reminders;
pub mod push;
mod undelivered;

use jiff::{
    Timestamp,
    civil::{Time, time},
};
use serde::{Deserialize, Serialize};

use crate::{BookingId, NoticeId, Zone, personal::PersonalData, problem::FieldError, users::ErasureAnswer};

pub use self::{
    mail_reminders::{FindMailReminders, MailReminders, PutMailReminders},
    undelivered::{UndeliveredMessage, UndeliveredPlatformMessage, UndeliveredReason},
};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Waits for its turn, or for the next try.
    Queued,
    /// The mail server or the gateway took it.
    Sent,
    /// Given up: refused for good, or after the last try.
    Dead,
    /// No longer wanted: what it would say has changed, or its time was over.
    Dropped,
}

impl MessageStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Dead, Self::Dropped];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }
}

/// A message as people would get it, about an appointment that is made up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessagePreview {
    /// What kind.
    pub template: String,
    /// In which language, as a BCP 47 tag.
    pub locale: String,
    /// Whether it says only "appointment" and when.
    pub discreet: bool,
    /// The subject of the e-mail.
    pub subject: String,
    /// The e-mail as plain text.
    pub body_text: String,
    /// The e-mail as HTML.
    pub body_html: String,
    /// The text message; empty for what is only sent by mail.
    pub sms: String,
    /// How many parts the text message is sent and paid as.
    pub sms_parts: usize,
    /// Whether the text message goes only where the e-mail cannot be delivered, or there is no address for one.
    #[serde(default)]
    pub sms_in_place_of_mail: bool,
}

/// Which names a reminder may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReminderNames {
    /// None: it says that there is an appointment, and when.
    None,
    /// Those that do not tell what for.
    #[default]
    Plain,
    /// Those, too, that tell what for.
    All,
}

impl ReminderNames {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::None, Self::Plain, Self::All];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Plain => "plain",
            Self::All => "all",
        }
    }

    /// Reads [`ReminderNames::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|names| names.code() == code)
    }
}

/// How an account wants to be told of things. By e-mail or text message each patient's details say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preferences {
    /// Goes up by one with every change; send it back with a change. Zero: nothing was said yet.
    pub version: i32,
    /// Whether the site tells, while one looks.
    pub in_app: bool,
    /// Which names reminders may have.
    pub names: ReminderNames,
    /// From when in the evening nobody is reminded.
    pub quiet_from: Time,
    /// Until when in the morning.
    pub quiet_until: Time,
    /// On which clocks; on those of the appointment's place where none is said.
    #[serde(default)]
    pub time_zone: Option<Zone>,
}

impl PersonalData for Preferences {}

/// The earliest and the latest beginning of the night.
pub const QUIET_FROM: (Time, Time) = (time(17, 0, 0, 0), time(23, 59, 0, 0));
/// The same of its end.
pub const QUIET_UNTIL: (Time, Time) = (time(5, 0, 0, 0), time(12, 0, 0, 0));

impl Default for Preferences {
    fn default() -> Self {
        Self {
            version: 0,
            in_app: true,
            names: ReminderNames::default(),
            quiet_from: time(21, 0, 0, 0),
            quiet_until: time(8, 0, 0, 0),
            time_zone: None,
        }
    }
}

impl Preferences {
    /// Checks that the night is one, to the minute.
    ///
    /// # Errors
    /// One entry for each field that is wrong.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut within = |time: Time, (first, last): (Time, Time), pointer, detail| {
            if time < first || time > last || time.second() != 0 || time.subsec_nanosecond() != 0 {
                errors.push(FieldError::new(pointer, detail));
            }
        };
        within(self.quiet_from, QUIET_FROM, "/quiet_from", "Choose a time between 5 pm and midnight");
        within(self.quiet_until, QUIET_UNTIL, "/quiet_until", "Choose a time between 5 am and noon");
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// What an account is told while it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A practice was asked for an appointment.
    Requested,
    /// It will take place.
    Confirmed,
    /// It takes place at another time.
    Moved,
    /// It will not take place.
    Cancelled,
    /// The practice proposes another time.
    TimeProposed,
    /// A time is held for somebody who waits.
    TimeOffered,
    /// There is an appointment to come.
    Reminder,
    /// It is likely to begin later than booked.
    RunningLate,
    /// It is likely to begin on time after all.
    OnTime,
    /// For who proposed a time for a practice: the patient refused it.
    TimeRefused,
    /// For who proposed a time for a practice: the patient did not answer in time.
    TimeUnanswered,
    /// A letter about it could not be delivered, and no text message can tell what it said.
    LetterUndelivered,
}

impl NoticeKind {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 12] = [
        Self::Requested,
        Self::Confirmed,
        Self::Moved,
        Self::Cancelled,
        Self::TimeProposed,
        Self::TimeOffered,
        Self::Reminder,
        Self::RunningLate,
        Self::OnTime,
        Self::TimeRefused,
        Self::TimeUnanswered,
        Self::LetterUndelivered,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::TimeProposed => "time_proposed",
            Self::TimeOffered => "time_offered",
            Self::Reminder => "reminder",
            Self::RunningLate => "running_late",
            Self::OnTime => "on_time",
            Self::TimeRefused => "time_refused",
            Self::TimeUnanswered => "time_unanswered",
            Self::LetterUndelivered => "letter_undelivered",
        }
    }

    /// Reads [`NoticeKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What happened, in words that tell nothing of what it is for, as pages say it. What devices are sent says the same in its reader's
    /// language; those words are notifications' own.
    pub fn words(self) -> &'static str {
        match self {
            Self::Requested => "You asked for an appointment",
            Self::Confirmed => "Your appointment is confirmed",
            Self::Moved => "Your appointment has moved",
            Self::Cancelled => "Your appointment does not take place",
            Self::TimeProposed => "The practice proposes another time",
            Self::TimeOffered => "A time is kept for you for a while",
            Self::Reminder => "You have an appointment",
            Self::RunningLate => "Your appointment is likely to begin later than booked",
            Self::OnTime => "Your appointment is likely to begin on time after all",
            Self::TimeRefused => "A patient keeps their time and did not take the one that you proposed",
            Self::TimeUnanswered => {
                "A patient did not answer and keeps their time, not the one that you proposed"
            }
            Self::LetterUndelivered => "An e-mail about your appointment could not be delivered",
        }
    }

    /// The page where one sees it.
    pub fn place(self) -> &'static str {
        match self {
            Self::TimeOffered => "/account/waitlist",
            Self::TimeRefused | Self::TimeUnanswered => "/practice",
            Self::Requested
            | Self::Confirmed
            | Self::Moved
            | Self::Cancelled
            | Self::TimeProposed
            | Self::Reminder
            | Self::RunningLate
            | Self::OnTime
            | Self::LetterUndelivered => "/account/appointments",
        }
    }
}

/// One thing that an account is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Which.
    pub notice_id: NoticeId,
    /// What happened.
    pub kind: NoticeKind,
    /// To which booking, where there is one yet.
    pub booking_id: Option<BookingId>,
    /// When the appointment, or what is proposed or offered, starts.
    pub start: Timestamp,
    /// On whose clocks.
    pub time_zone: Zone,
    /// When it was told.
    pub told_at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

/// The newest notices of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notices {
    /// The newest first, at most fifty.
    pub items: Vec<Notice>,
    /// How many are not read, of all there are.
    pub unread: i64,
    /// When this was true; words like "tomorrow" go by it.
    pub as_of: Timestamp,
}

impl PersonalData for Notices {}

/// Everything up to a notice was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadNotices {
    /// The newest that was on the screen.
    pub up_to: NoticeId,
}

/// What the stream tells: how many notices are not read. What they say is asked for by who wants to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeCount {
    /// So many.
    pub unread: i64,
}

/// What the link of a reminder does. It does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyPurpose {
    /// Says that the patient will come.
    Attend,
    /// Asks, after proof, whether to cancel.
    Cancel,
}

impl ReplyPurpose {
    /// Both; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::Attend, Self::Cancel];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attend => "attend",
            Self::Cancel => "cancel",
        }
    }
}

/// A link that a reminder carries. It dies at the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyLinkFact {
    /// Of which booking.
    pub booking_id: BookingId,
    /// What it does.
    pub purpose: ReplyPurpose,
    /// The start that the reminder speaks of: for another one it does nothing.
    pub start: Timestamp,
    /// The fingerprint of its secret, which only the message has.
    pub token_hash: [u8; 32],
}

/// A patient has answered a reminder that they will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceFact {
    /// To which booking.
    pub booking_id: BookingId,
    /// At the start that the reminder spoke of.
    pub start: Timestamp,
}

/// An event of the notifications service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum NotificationsEvent {
    /// A reminder is on its way with a link in it.
    ReplyLinkMade(ReplyLinkFact),
    /// A patient answered a text message that they will come.
    AttendanceAnswered(AttendanceFact),
    /// Somebody is erased here.
    ErasureAnswered(ErasureAnswer),
}
