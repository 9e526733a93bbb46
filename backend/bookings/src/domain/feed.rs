//! An appointment as an entry of a calendar that somebody subscribes to. Whoever has the address reads it, so it says as little
//! as was chosen, and nothing of a visit that is discreet.

use jiff::Timestamp;
use kernel::calendar_file::{
    feed::{Entry, Standing},
    one_line,
};
use shared_types::{
    AccountId, BookingId, PatientId, PractitionerRoleId, Zone,
    bookings::{AppointmentStatus, AppointmentType, calendar_feed::FeedDetail},
    personal::Personal,
};

/// Where a home visit is: the address itself is the practice's alone.
const AT_HOME: &str = "at the address that was given when booking";

/// Where a visit is to which nobody goes.
const BY_VIDEO_OR_PHONE: &str = "by video or phone";

/// Where a visit is that is not at the practice, as letters and calendars say it behind the practice's name.
pub fn other_place(of: &AppointmentType) -> Option<&'static str> {
    match (of.telehealth, of.home_visit) {
        (true, _) => Some(BY_VIDEO_OR_PHONE),
        (false, true) => Some(AT_HOME),
        (false, false) => None,
    }
}

/// Whose appointments a feed has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// A patient's, and what their account made for nobody in particular.
    Account(AccountId, Option<PatientId>),
    /// What is booked with a role.
    Role(PractitionerRoleId),
}

/// An appointment as feeds need it; of each booking the newest link.
#[derive(Clone, Debug)]
pub struct FeedAppointment {
    pub booking_id: BookingId,
    pub sequence: i32,
    pub changed_at: Timestamp,
    pub status: AppointmentStatus,
    pub start: Timestamp,
    pub end: Timestamp,
    pub patient_name: Personal<String>,
    pub role_name: String,
    pub organization_name: Option<String>,
    pub address: String,
    pub phone: Option<String>,
    pub time_zone: Zone,
    pub discreet: bool,
}

/// The entry of an appointment in a feed of that kind.
pub fn feed_entry(appointment: &FeedAppointment, of: FeedOf, detail: FeedDetail) -> Entry {
    let mut entry = Entry {
        booking_id: appointment.booking_id,
        sequence: appointment.sequence,
        changed_at: appointment.changed_at,
        standing: standing(appointment.status),
        zone: appointment.time_zone,
        start: appointment.start,
        end: appointment.end,
        summary: String::new(),
        location: None,
        description: None,
    };
    match (of, detail) {
        (FeedOf::Role(_), FeedDetail::Times) => "Busy".clone_into(&mut entry.summary),
        (FeedOf::Role(_), FeedDetail::Details) => {
            entry.summary = format!("Booked: {}", initials(appointment.patient_name.expose()));
        }
        (FeedOf::Account(..), FeedDetail::Details) if !appointment.discreet => {
            entry.summary = format!("Appointment with {}", one_line(&appointment.role_name));
            entry.location = place(appointment);
            entry.description =
                appointment.phone.as_deref().map(|phone| format!("Practice phone: {}", one_line(phone)));
        }
        (FeedOf::Account(..), FeedDetail::Times | FeedDetail::Details) => {
            "Appointment".clone_into(&mut entry.summary);
        }
    }
    entry
}

/// How calendars call where an appointment stands.
fn standing(status: AppointmentStatus) -> Standing {
    match status {
        AppointmentStatus::Requested | AppointmentStatus::AwaitingPayment => Standing::Tentative,
        AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::NoShowProvider => Standing::Confirmed,
        AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => Standing::Cancelled,
    }
}

fn place(appointment: &FeedAppointment) -> Option<String> {
    let parts = [appointment.organization_name.as_deref().unwrap_or_default(), &appointment.address];
    let parts: Vec<_> = parts.into_iter().map(one_line).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

/// `Ada van Nguyen` is `AN`: enough for who knows the day's list, and no name for anybody else.
fn initials(name: &str) -> String {
    let letters: Vec<char> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()))
        .collect();
    let ends = match letters.as_slice() {
        [] => Vec::new(),
        [only] => vec![*only],
        [first, .., last] => vec![*first, *last],
    };
    ends.into_iter().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use kernel::calendar_file::feed::Standing;
    use shared_types::bookings::{AppointmentStatus, calendar_feed::FeedDetail};
    use uuid::Uuid;

    use super::{FeedAppointment, FeedOf, feed_entry, initials};

    fn appointment(discreet: bool) -> FeedAppointment {
        FeedAppointment {
            booking_id: Uuid::from_u128(1).into(),
            sequence: 1,
            changed_at: "2026-11-22T00:00:00Z".parse().unwrap(),
            status: AppointmentStatus::Confirmed,
            start: "2026-11-23T00:00:00Z".parse().unwrap(),
            end: "2026-11-23T00:30:00Z".parse().unwrap(),
            patient_name: "Ada van Nguyen".to_owned().into(),
            role_name: "Kim Lee".to_owned(),
            organization_name: Some("Harbour Oncology".to_owned()),
            address: "1 Example Street".to_owned(),
            phone: Some("(02) 5550 1234".to_owned()),
            time_zone: "Australia/Sydney".parse().unwrap(),
            discreet,
        }
    }

    #[test]
    fn a_feed_says_what_was_chosen_and_nothing_of_a_discreet_visit() {
        let mine = FeedOf::Account(Uuid::from_u128(2).into(), None);
        let role = FeedOf::Role(Uuid::from_u128(3).into());
        for (of, detail, discreet, summary, place) in [
            (mine, FeedDetail::Times, false, "Appointment", None),
            (
                mine,
                FeedDetail::Details,
                false,
                "Appointment with Kim Lee",
                Some("Harbour Oncology, 1 Example Street"),
            ),
            (mine, FeedDetail::Details, true, "Appointment", None),
            (role, FeedDetail::Times, false, "Busy", None),
            (role, FeedDetail::Details, false, "Booked: AN", None),
            (role, FeedDetail::Details, true, "Booked: AN", None),
        ] {
            let entry = feed_entry(&appointment(discreet), of, detail);
            assert_eq!((entry.summary.as_str(), entry.location.as_deref()), (summary, place));
            assert_eq!(entry.description.is_some(), place.is_some());
        }
    }

    #[test]
    fn what_is_over_stands_and_what_was_called_off_does_not() {
        let of = |status| {
            let one = FeedAppointment { status, ..appointment(false) };
            feed_entry(&one, FeedOf::Role(Uuid::from_u128(3).into()), FeedDetail::Times).standing
        };
        assert_eq!(of(AppointmentStatus::Completed), Standing::Confirmed);
        assert_eq!(of(AppointmentStatus::Requested), Standing::Tentative);
        assert_eq!(of(AppointmentStatus::CancelledLate), Standing::Cancelled);
    }

    #[test]
    fn initials_are_the_first_letter_and_the_last_words() {
        for (name, expected) in
            [("Ada van Nguyen", "AN"), ("Ada", "A"), ("ada 7", "A"), ("Øystein (Bo) Åse", "ØÅ"), ("", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
