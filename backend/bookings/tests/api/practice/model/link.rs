//! An appointment as the model has it, and where acts lead.

use jiff::Timestamp;
use shared_types::{
    AppointmentId, PractitionerRoleId,
    bookings::{
        AppointmentStatus::{self, *},
        practice::ActName,
    },
};

use super::{Found, disputes::Disputed, paid::Pays, proposals::Proposed};
use crate::app::{Browser, minutes};

/// An appointment as it should be.
pub struct Link {
    pub id: AppointmentId,
    pub role: PractitionerRoleId,
    pub version: i32,
    pub status: AppointmentStatus,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Whether it is a seat among others: what it takes is its session's then.
    pub seat: bool,
    /// The time that it takes.
    pub takes: Option<(Timestamp, Timestamp)>,
    /// In which lane it takes that: the first is everybody's, the others are for who is fitted in beside somebody.
    pub lane: i64,
    /// Whether cancelling it late would cost, or costs still.
    pub owes: bool,
    /// Since when it counts as having taken place because nobody marked it.
    pub presumed: Option<Timestamp>,
    /// When it was taken back from being over.
    pub taken_back: Option<Timestamp>,
    /// Whose it is, where a patient booked it.
    pub patient: Option<Browser>,
    /// Whether it put somebody first on the waitlist already.
    pub spent: bool,
    /// Whether the practice is asked first about what is booked like it.
    pub asks: bool,
    /// The time that was proposed for it last.
    pub proposed: Option<Proposed>,
    /// What its patient says against what was noted.
    pub dispute: Option<Disputed>,
    /// How it is paid, where it is booked by that.
    pub pays: Option<Pays>,
    /// The series that it is in.
    pub series: Option<usize>,
}

/// What cancelling late costs, and not coming.
pub const FEE_CENTS: i64 = 5_000;

/// From the beginning of time, in minutes after the start.
const ANY: i64 = -100_000;

/// What staff can do: from which states it leads where, and from how many minutes after the start on.
const ACTS: &[(ActName, &[AppointmentStatus], AppointmentStatus, i64)] = &[
    (ActName::Accept, &[Requested], Confirmed, ANY),
    (ActName::Decline, &[Requested], Declined, ANY),
    (ActName::Cancel, &[AwaitingPayment, Confirmed, Arrived, CheckedIn], CancelledByProvider, ANY),
    (ActName::CancelForPatient, &[Requested, AwaitingPayment], CancelledByPatient, ANY),
    // Late, where it begins within a day.
    (ActName::CancelForPatient, &[Confirmed], CancelledLate, ANY),
    (ActName::Arrive, &[Confirmed], Arrived, -60),
    (ActName::UndoArrival, &[Arrived], Confirmed, ANY),
    (ActName::CheckIn, &[Confirmed, Arrived], CheckedIn, -60),
    (ActName::UndoCheckIn, &[CheckedIn], Arrived, ANY),
    (ActName::Start, &[CheckedIn], InConsult, ANY),
    (ActName::Complete, &[InConsult], Completed, ANY),
    (ActName::TookPlace, &[Confirmed, Arrived, CheckedIn], Completed, 120),
    (ActName::UndoCompletion, &[Completed], CheckedIn, ANY),
    (ActName::NoShow, &[Confirmed, Arrived], NoShowPatient, 15),
    (ActName::PractitionerAbsent, &[Confirmed, Arrived, CheckedIn], NoShowProvider, 30),
];

/// Where an act leads from a state, and from how many minutes after the start on.
pub fn leads(act: ActName, from: AppointmentStatus) -> Option<(AppointmentStatus, i64)> {
    if act == ActName::EnterInError {
        return (from != EnteredInError).then_some((EnteredInError, ANY));
    }
    let row = ACTS.iter().find(|(name, states, ..)| *name == act && states.contains(&from));
    row.map(|(_, _, to, from)| (*to, *from))
}

impl Link {
    /// What the database should have of it: how it stands, the time that it takes, what is proposed and disputed, what is owed,
    /// and what was told of its money.
    pub fn found(&self) -> Vec<Found> {
        let (status, version) = (self.status.code().to_owned(), i64::from(self.version));
        let (start, end) = (self.start.as_second(), self.end.as_second());
        let mut found = vec![("stands".to_owned(), self.id.0, status, version, start, end)];
        if let Some((from, until)) = self.takes {
            let (from, until) = (from.as_second(), until.as_second());
            let what = if self.seat { "sits" } else { "takes" };
            found.push((what.to_owned(), self.id.0, String::new(), self.lane, from, until));
        }
        if let Some(one) = self.proposed.filter(|one| one.open) {
            let (from, until) = (one.start.as_second(), one.end.as_second());
            found.push(("proposed".to_owned(), one.id.0, String::new(), 0, from, until));
            found.push(("kept".to_owned(), one.hold.0, String::new(), 0, from, until));
        }
        if let Some(one) = &self.dispute {
            let (status, version) = (one.status.code().to_owned(), i64::from(one.version));
            found.push(("disputed".to_owned(), self.id.0, status, version, 0, 0));
        }
        if self.owes && matches!(self.status, CancelledLate | NoShowPatient) {
            found.push(("owes".to_owned(), self.id.0, String::new(), FEE_CENTS, 0, 0));
        }
        found.extend(self.pays.iter().flat_map(|pays| pays.found(self.id)));
        found
    }

    /// The time that is kept for its patient to answer.
    pub fn keeps(&self) -> Option<(Timestamp, Timestamp)> {
        self.proposed.filter(|one| one.open).map(|one| (one.start, one.end))
    }

    /// What was proposed is answered, taken back or over.
    pub fn end_proposal(&mut self) {
        self.proposed = self.proposed.map(|one| Proposed { open: false, ..one });
    }

    /// Whether the practice did not keep it, and nobody came first for it yet.
    pub fn is_lost(&self) -> bool {
        matches!(self.status, CancelledByProvider | NoShowProvider) && !self.spent
    }

    /// Whether it is to come at `now`, or once it is paid: its patient may move it.
    pub fn may_move(&self, now: Timestamp) -> bool {
        matches!(self.status, AwaitingPayment | Confirmed) && now < self.start
    }

    /// Whether cancelling it costs nothing yet, a day before it begins.
    pub fn is_early(&self, now: Timestamp) -> bool {
        now <= self.start - minutes(24 * 60)
    }

    /// It stands elsewhere at the same time.
    pub fn stand(&mut self, to: AppointmentStatus, now: Timestamp) {
        // What was not paid for was never booked, and puts nobody first.
        self.spent |= self.status == AwaitingPayment && !to.is_upcoming();
        self.status = to;
        self.presumed = None;
        self.version += 1;
        if to == Completed {
            // A session goes on for the others.
            if !self.seat {
                self.takes =
                    self.takes.filter(|(from, _)| *from < now).map(|(from, until)| (from, until.min(now)));
            }
        } else if !to.is_upcoming() {
            self.takes = None;
            self.end_proposal();
        }
    }

    /// A later link of its chain takes its place and stands where it stood, in the first lane.
    pub fn replaced(&mut self, by: AppointmentId, start: Timestamp, end: Timestamp) {
        self.id = by;
        self.version = 1;
        (self.start, self.end) = (start, end);
        (self.takes, self.lane) = (Some((start, end)), 0);
        (self.taken_back, self.presumed) = (None, None);
        self.end_proposal();
    }
}

pub fn link(
    id: AppointmentId,
    role: PractitionerRoleId,
    status: AppointmentStatus,
    (start, end): (Timestamp, Timestamp),
    patient: Option<Browser>,
) -> Link {
    let takes = Some((start, end));
    Link {
        id,
        role,
        version: 1,
        status,
        start,
        end,
        seat: false,
        takes,
        lane: 0,
        owes: true,
        presumed: None,
        taken_back: None,
        patient,
        spent: false,
        asks: status == Requested,
        proposed: None,
        dispute: None,
        pays: None,
        series: None,
    }
}
