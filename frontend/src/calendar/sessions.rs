//! The appointments of one group session, told as one: in the grid an entry, in lists a heading with its people below.

use std::{collections::BTreeMap, iter, rc::Rc};

use jiff::{Timestamp, civil::Date};
use shared_types::{
    AppointmentTypeId, BookingId, GroupSessionId, PractitionerRoleId,
    bookings::practice::{
        ActName, CalendarAppointment, CancelSession, GroupSeat, PracticeCalendar, RoleCalendar,
    },
};

use super::{
    sheet::Entry,
    words::{is_on_the_wall, status_group, until_words},
};

/// Which session: there is one at most with somebody at a time for a type. It stays the same whoever joins, leaves or is moved.
pub type SessionKey = (PractitionerRoleId, AppointmentTypeId, Timestamp);

/// A session and all who are or were booked in it, also those who have no seat any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The first of them, whose entry stands for the session in the grid: they stay the first when they cancel.
    pub lead: Entry,
    others: Vec<Entry>,
}

/// What a list has one line for.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An appointment of its own.
    One(Entry),
    /// A session.
    Session(Session),
}

/// Whether it is, or was, a seat in a session.
pub fn is_in_group(appointment: &CalendarAppointment) -> bool {
    key_of(appointment).is_some()
}

fn key_of(appointment: &CalendarAppointment) -> Option<SessionKey> {
    // Who does not come has no seat any more, and belongs to the session all the same.
    let has_seats = appointment.appointment_type.seats.is_some() && !appointment.fitted_in;
    (appointment.group.is_some() || has_seats).then(|| key_at(appointment))
}

fn key_at(appointment: &CalendarAppointment) -> SessionKey {
    let type_id = appointment.appointment_type.appointment_type_id;
    (appointment.practitioner_role_id, type_id, appointment.start)
}

/// The same entries, those of one session together at the place of the first.
pub fn folded(entries: impl IntoIterator<Item = Entry>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut places: BTreeMap<SessionKey, usize> = BTreeMap::new();
    for entry in entries {
        let Some(key) = key_of(&entry.appointment) else {
            items.push(Item::One(entry));
            continue;
        };
        let at = *places.entry(key).or_insert(items.len());
        if let Some(Item::Session(session)) = items.get_mut(at) {
            session.others.push(entry);
        } else {
            items.push(Item::Session(Session { lead: entry, others: Vec::new() }));
        }
    }
    items
}

/// The session of a booking that is in a calendar.
pub fn session_of(calendar: &PracticeCalendar, booking_id: BookingId) -> Option<Session> {
    let mut all = calendar.roles.iter().flat_map(|role| &role.appointments);
    session_at(calendar, key_of(all.find(|one| one.booking_id == booking_id)?)?)
}

/// A session that is in a calendar: nobody is or was in one that is not.
pub fn session_at(calendar: &PracticeCalendar, key: SessionKey) -> Option<Session> {
    let role = calendar.roles.iter().find(|role| role.practitioner_role_id == key.0)?;
    let with: Rc<str> = role.name.as_str().into();
    let mut entries = role
        .appointments
        .iter()
        .filter(|one| key_of(one) == Some(key))
        .map(|one| Entry::of(one, &with, role.time_zone));
    Some(Session { lead: entries.next()?, others: entries.collect() })
}

/// Whether a calendar has the practitioner and the day of a session, and so would have the session.
pub fn would_show(calendar: &PracticeCalendar, (role_id, _, start): SessionKey) -> bool {
    let days = calendar.from..=calendar.to;
    let there = |role: &RoleCalendar| {
        role.practitioner_role_id == role_id && days.contains(&role.time_zone.date(start))
    };
    calendar.roles.iter().any(there)
}

impl Session {
    /// Which it is.
    pub fn key(&self) -> SessionKey {
        key_at(&self.lead.appointment)
    }

    /// Everybody, in order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        iter::once(&self.lead).chain(&self.others)
    }

    /// Whether a booking is in it.
    pub fn has(&self, booking_id: BookingId) -> bool {
        self.entries().any(|entry| entry.booking_id() == booking_id)
    }

    fn standing(&self) -> impl Iterator<Item = &Entry> {
        self.entries().filter(|entry| is_on_the_wall(entry.appointment.status))
    }

    /// Whether anybody is left in it.
    pub fn stands(&self) -> bool {
        self.standing().next().is_some()
    }

    /// When the last of those who are left in it ends.
    pub fn end(&self) -> Timestamp {
        self.standing().map(|entry| entry.appointment.end).max().unwrap_or(self.lead.appointment.end)
    }

    fn seat(&self) -> Option<GroupSeat> {
        self.entries().find_map(|entry| entry.appointment.group)
    }

    /// Which, while somebody has a seat in it.
    pub fn id(&self) -> Option<GroupSessionId> {
        self.seat().map(|seat| seat.group_session_id)
    }

    /// `5 of 8`: how many seats are taken, of how many.
    pub fn seats_words(&self) -> String {
        let standing = self.standing().count();
        match (self.seat(), self.lead.appointment.appointment_type.seats) {
            (Some(seat), _) => format!("{} of {}", seat.seats_taken, seat.seats),
            (None, Some(seats)) => format!("{standing} of {seats}"),
            (None, None) => standing.to_string(),
        }
    }

    /// `Group class, 5 of 8`.
    pub fn title(&self) -> String {
        format!("{}, {}", self.lead.appointment.appointment_type.name, self.seats_words())
    }

    /// `9:15 am to 10:00 am`: its seats may last differently long, and it lasts as long as any of them.
    pub fn when(&self) -> String {
        self.when_on(self.lead.date())
    }

    /// The same, as a day that it is on says it.
    pub fn when_on(&self, date: Date) -> String {
        self.lead.when_words(date, self.end())
    }

    /// The session in one line of a day: `9:15 am to 10:00 am, Group class, 5 of 8 seats taken`.
    pub fn label(&self, date: Date) -> String {
        let name = &self.lead.appointment.appointment_type.name;
        format!("{}, {name}, {}", self.when_on(date), self.seats_taken_words())
    }

    /// All that is said of its entry after what it is: `5 of 8 seats taken, until 10:00 am`.
    pub fn words(&self) -> String {
        format!("{}, {}", self.seats_taken_words(), until_words(self.end(), self.lead.zone))
    }

    fn seats_taken_words(&self) -> String {
        format!("{} seats taken", self.seats_words())
    }

    /// The group of states in the styles that says most of what the desk has to do.
    pub fn state(&self) -> &'static str {
        let there =
            |state: &&str| self.entries().any(|entry| status_group(entry.appointment.status) == *state);
        ["waits", "here", "stands", "missed", "over"].into_iter().find(there).unwrap_or("off")
    }

    /// Whom cancelling it for everybody reaches, where the reader may.
    pub fn cancellable(&self) -> Vec<&Entry> {
        let may = |entry: &&Entry| {
            let acts = &entry.appointment.acts;
            CancelSession::reaches(entry.appointment.status)
                && (acts.contains(&ActName::Cancel) || acts.contains(&ActName::Decline))
        };
        self.entries().filter(may).collect()
    }

    /// How many keep their seats when it is cancelled: they have arrived, or it is over.
    pub fn kept(&self) -> usize {
        self.standing().filter(|entry| !CancelSession::reaches(entry.appointment.status)).count()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use shared_types::{
        GroupSessionId,
        bookings::{
            AppointmentStatus,
            practice::{ActName, CalendarAppointment, GroupSeat, PracticeCalendar},
        },
    };
    use uuid::Uuid;

    use super::{Item, folded, session_at, session_of, would_show};
    use crate::calendar::{
        sample::{appointment, calendar},
        sheet::{entries, with_appointment},
    };

    const START: &str = "2026-11-24T22:15:00Z";

    /// A seat in a session of eight, of which five are taken.
    fn seat(nth: u128) -> CalendarAppointment {
        let mut one = appointment(nth, START, 45);
        let group_session_id = GroupSessionId(Uuid::from_u128(7));
        one.appointment_type.seats = Some(8);
        one.group = Some(GroupSeat { group_session_id, seats_taken: 5, seats: 8 });
        one.acts = vec![ActName::Cancel];
        one
    }

    #[test]
    fn seats_of_one_session_are_told_as_one_and_others_stay_alone() {
        let (mut gone, mut arrived) = (seat(1), seat(4));
        (gone.status, gone.group) = (AppointmentStatus::CancelledByPatient, None);
        gone.acts.clear();
        arrived.status = AppointmentStatus::Arrived;
        let alone = appointment(2, START, 30);
        let later = CalendarAppointment {
            start: "2026-11-24T23:15:00Z".parse().unwrap(),
            end: "2026-11-25T00:00:00Z".parse().unwrap(),
            ..seat(5)
        };
        let calendar = calendar(vec![gone, alone, seat(3), arrived, later]);
        let items = folded(entries(&calendar));
        let [Item::Session(session), Item::One(one), Item::Session(other)] = &items[..] else {
            panic!("{items:?}")
        };
        let names: Vec<_> =
            session.entries().map(|entry| entry.appointment.patient.name.expose().as_str()).collect();
        assert_eq!(names, ["Patient 1", "Patient 3", "Patient 4"]);
        assert_eq!(one.appointment.patient.name.expose(), "Patient 2");
        assert_eq!(session.title(), "First visit, 5 of 8");
        let day = session.lead.date();
        assert_eq!(session.label(day), "9:15 am to 10:00 am, First visit, 5 of 8 seats taken");
        assert_eq!(session.words(), "5 of 8 seats taken, until 10:00 am");
        assert_eq!((session.state(), session.kept()), ("here", 1));
        let reached: Vec<_> = session.cancellable().iter().map(|entry| entry.booking_id()).collect();
        assert_eq!(reached, [seat(3).booking_id]);
        assert_eq!(other.entries().count(), 1);
        assert_eq!(session_of(&calendar, seat(4).booking_id).as_ref(), Some(session));
        assert_eq!(session_of(&calendar, one.booking_id()), None);
    }

    #[test]
    fn a_session_lasts_as_long_as_the_longest_of_those_who_are_left_in_it() {
        let lasting = |nth, minutes| {
            let one = seat(nth);
            CalendarAppointment { end: one.start + SignedDuration::from_mins(minutes), ..one }
        };
        let mut gone = lasting(3, 120);
        (gone.status, gone.group) = (AppointmentStatus::CancelledByPatient, None);
        let week = calendar(vec![lasting(1, 30), lasting(2, 60), gone]);
        let session = session_of(&week, seat(1).booking_id).unwrap();
        let day = session.lead.date();
        assert_eq!(session.label(day), "9:15 am to 10:15 am, First visit, 5 of 8 seats taken");
        assert_eq!(session.words(), "5 of 8 seats taken, until 10:15 am");
    }

    #[test]
    fn a_session_is_the_same_when_its_first_is_moved_and_gone_once_all_are() {
        let week = calendar(vec![seat(1), seat(2)]);
        let key = session_of(&week, seat(1).booking_id).unwrap().key();
        let moved = |nth| CalendarAppointment { start: "2026-11-25T22:15:00Z".parse().unwrap(), ..seat(nth) };
        let week = with_appointment(&week, moved(1));
        let session = session_at(&week, key).unwrap();
        assert_eq!((session.key(), session.lead.booking_id()), (key, seat(2).booking_id));
        assert!(!session.has(seat(1).booking_id), "they are in another one");
        let week = with_appointment(&week, moved(2));
        assert!(session_at(&week, key).is_none() && would_show(&week, key));
        let (role_id, type_id, start) = key;
        let next_week = (role_id, type_id, start + SignedDuration::from_hours(7 * 24));
        assert!(!would_show(&week, next_week), "of other days nothing is known");
        assert!(!would_show(&PracticeCalendar { roles: Vec::new(), ..week }, key), "nor of other people");
    }

    #[test]
    fn a_session_that_nobody_is_left_in_does_not_stand() {
        let mut only = seat(1);
        (only.status, only.group) = (AppointmentStatus::CancelledByProvider, None);
        let items = folded(entries(&calendar(vec![only])));
        let [Item::Session(session)] = &items[..] else { panic!("{items:?}") };
        assert!(!session.stands() && session.id().is_none());
        assert_eq!((session.title().as_str(), session.state()), ("First visit, 0 of 8", "off"));
    }
}
