//! When reminders of an appointment are due, and what becomes of one whose moment has come. The appointment and now are
//! arguments.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, time},
};
use shared_types::{Zone, bookings::AppointmentStatus, users::ContactChannel};

/// From this time of the evening nobody is reminded who has not said otherwise …
const QUIET_FROM: Time = time(21, 0, 0, 0);
/// … to this time of the morning.
const QUIET_UNTIL: Time = time(8, 0, 0, 0);
/// When a reminder goes that would fall into the night: so long before it, so that a second try is not in it either.
const BEFORE_NIGHT: SignedDuration = SignedDuration::from_mins(30);
/// Who was told of the appointment later than this before a reminder is due needs none.
const AFTER_NEWS: SignedDuration = SignedDuration::from_hours(6);

/// The night in which somebody is not reminded. It begins in an evening and ends the next morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// From then on the wall.
    pub from: Time,
    /// Until then.
    pub until: Time,
    /// On whose wall: the patient's, or the place's where we do not know where the patient is.
    pub zone: Zone,
}

impl Quiet {
    /// For somebody who has said nothing, at a place in that zone.
    pub fn at(zone: Zone) -> Self {
        Self { from: QUIET_FROM, until: QUIET_UNTIL, zone }
    }

    /// The moment itself, or the evening before when it lies in the night.
    fn awake_by(self, instant: Timestamp) -> Timestamp {
        let (date, time) = (self.zone.date(instant), self.zone.time(instant));
        if time >= self.from {
            self.evening(date)
        } else if time < self.until {
            self.evening(date.yesterday().unwrap_or(date))
        } else {
            instant
        }
    }

    /// The moment itself, or the next morning when it lies in the night.
    pub fn awake_from(self, instant: Timestamp) -> Timestamp {
        let (date, time) = (self.zone.date(instant), self.zone.time(instant));
        if time >= self.from {
            self.moment(date.tomorrow().unwrap_or(date), self.until)
        } else if time < self.until {
            self.moment(date, self.until)
        } else {
            instant
        }
    }

    fn evening(self, date: Date) -> Timestamp {
        self.moment(date, self.from.saturating_sub(BEFORE_NIGHT))
    }

    fn moment(self, date: Date, time: Time) -> Timestamp {
        let zoned = date.to_datetime(time).to_zoned(self.zone.time_zone());
        zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}

/// One reminder of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// While there is still time to change it: most practices let people cancel without charge up to a day before.
    TwoDays,
    /// Before one sets out.
    ThreeHours,
}

impl Kind {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::TwoDays, Self::ThreeHours];

    /// The name in the database, which is also its message's.
    pub fn code(self) -> &'static str {
        match self {
            Self::TwoDays => "reminder_two_days",
            Self::ThreeHours => "reminder_three_hours",
        }
    }

    /// Reads [`Kind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// How long before the start it is due.
    fn lead(self) -> SignedDuration {
        match self {
            Self::TwoDays => SignedDuration::from_hours(48),
            Self::ThreeHours => SignedDuration::from_hours(3),
        }
    }

    /// How long before the start it comes too late: after the usual cut-off, and when one should be on the way.
    fn margin(self) -> SignedDuration {
        match self {
            Self::TwoDays => SignedDuration::from_hours(24),
            Self::ThreeHours => SignedDuration::from_hours(1),
        }
    }

    /// The start of the appointment that a reminder spoke of, by the moment from which it was of no use.
    pub fn start(self, useful_until: Timestamp) -> Timestamp {
        useful_until + self.margin()
    }

    /// The ways to send it, the best first: mail has room for everything, a text message is seen at once.
    pub fn channels(self) -> [ContactChannel; 2] {
        match self {
            Self::TwoDays => [ContactChannel::Email, ContactChannel::Sms],
            Self::ThreeHours => [ContactChannel::Sms, ContactChannel::Email],
        }
    }
}

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanState {
    /// Its moment has not come.
    Planned,
    /// A message was written for it.
    Written,
    /// It will not be sent.
    Dropped,
}

impl PlanState {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Planned, Self::Written, Self::Dropped];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Written => "written",
            Self::Dropped => "dropped",
        }
    }
}

/// Why a reminder is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The appointment changed; there is a plan for what it is now.
    Changed,
    /// The appointment does not take place, or is not to come any more.
    Cancelled,
    /// The patient said that they will come.
    Answered,
    /// Its time was over before it could be sent.
    Late,
    /// The patient wants none.
    Unwanted,
    /// There is no way to reach the patient that they want and that works.
    Unreachable,
}

impl Why {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 6] =
        [Self::Changed, Self::Cancelled, Self::Answered, Self::Late, Self::Unwanted, Self::Unreachable];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Answered => "answered",
            Self::Late => "late",
            Self::Unwanted => "unwanted",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A reminder to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which.
    pub kind: Kind,
    /// When.
    pub due_at: Timestamp,
    /// From when on it is not sent any more.
    pub useful_until: Timestamp,
}

/// Whether somebody who has such an appointment is to be reminded of it.
pub fn is_reminded_of(status: AppointmentStatus) -> bool {
    match status {
        AppointmentStatus::Confirmed => true,
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => false,
    }
}

/// The reminders of an appointment that its patient was told of at `told_at`.
pub fn plan(start: Timestamp, quiet: Quiet, told_at: Timestamp) -> Vec<Planned> {
    let planned = Kind::ALL.into_iter().map(|kind| Planned {
        kind,
        due_at: quiet.awake_by(start - kind.lead()),
        useful_until: start - kind.margin(),
    });
    planned.filter(|planned| planned.due_at.duration_since(told_at) >= AFTER_NEWS).collect()
}

/// What to do with a reminder that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Send it.
    Write,
    /// We were away when it was due, and now it is night: send it then.
    Wait(Timestamp),
    /// It is of no use any more.
    Late,
}

/// Decides, after whatever time has passed since it was due.
pub fn turn(now: Timestamp, useful_until: Timestamp, quiet: Quiet) -> Turn {
    let awake = quiet.awake_from(now);
    if awake >= useful_until {
        Turn::Late
    } else if awake == now {
        Turn::Write
    } else {
        Turn::Wait(awake)
    }
}

#[cfg(test)]
mod tests;
