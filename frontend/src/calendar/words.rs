//! The words of the calendar: where an appointment stands, what its buttons do, and why.

use jiff::Timestamp;
use shared_types::{
    AudCents, Zone,
    bookings::{
        AppointmentStatus, Cancelling,
        practice::{ActName, CalendarAppointment, ChangeReason, TakenBy},
        proposal::NotTaken,
    },
    personal::Personal,
    time,
};

use crate::components::times_rest::long_when;

/// How a state looks: its words, an icon, and the badge's kind. Colour never says it alone.
pub fn status_words(status: AppointmentStatus) -> (&'static str, &'static str, Option<&'static str>) {
    match status {
        AppointmentStatus::Requested => ("Waits for your answer", "clock", Some("badge--soon")),
        AppointmentStatus::AwaitingPayment => ("Waits for payment", "clock", Some("badge--soon")),
        AppointmentStatus::Confirmed => ("Confirmed", "check", None),
        AppointmentStatus::Arrived => ("Arrived", "user", Some("badge--success")),
        AppointmentStatus::CheckedIn => ("Checked in", "user", Some("badge--success")),
        AppointmentStatus::InConsult => ("With the practitioner", "medical", Some("badge--success")),
        AppointmentStatus::Completed => ("Took place", "check", None),
        AppointmentStatus::Rescheduled => ("Moved", "calendar", None),
        AppointmentStatus::Declined => ("Declined", "close", None),
        AppointmentStatus::Expired => ("Not answered or paid for in time", "close", Some("badge--danger")),
        AppointmentStatus::CancelledByPatient => ("Cancelled by the patient", "close", None),
        AppointmentStatus::CancelledLate => ("Cancelled late by the patient", "close", None),
        AppointmentStatus::CancelledByProvider => ("Cancelled by the practice", "close", None),
        AppointmentStatus::CancelledByAdmin => ("Cancelled by HelloMapper", "close", None),
        AppointmentStatus::NoShowPatient => ("The patient did not come", "warning", Some("badge--danger")),
        AppointmentStatus::NoShowProvider => {
            ("The practitioner did not come", "warning", Some("badge--danger"))
        }
        AppointmentStatus::EnteredInError => ("Entered in error", "close", None),
    }
}

/// The state's name in the styles: a few groups, by what the desk has to do.
pub fn status_group(status: AppointmentStatus) -> &'static str {
    match status {
        AppointmentStatus::Requested | AppointmentStatus::AwaitingPayment => "waits",
        AppointmentStatus::Confirmed => "stands",
        AppointmentStatus::Arrived | AppointmentStatus::CheckedIn | AppointmentStatus::InConsult => "here",
        AppointmentStatus::Completed => "over",
        AppointmentStatus::NoShowPatient | AppointmentStatus::NoShowProvider => "missed",
        AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::EnteredInError => "off",
    }
}

/// Whether it has a place in the grid: what does not take place is in the agenda only.
pub fn is_on_the_wall(status: AppointmentStatus) -> bool {
    status_group(status) != "off"
}

/// What a button is called.
pub fn act_words(act: ActName) -> &'static str {
    match act {
        ActName::Accept => "Accept the request",
        ActName::Decline => "Decline the request",
        ActName::Cancel => "Cancel for the practice",
        ActName::CancelForPatient => "Cancel for the patient",
        ActName::Arrive => "Has arrived",
        ActName::UndoArrival => "Has not arrived after all",
        ActName::CheckIn => "Check in",
        ActName::UndoCheckIn => "Is not checked in after all",
        ActName::Start => "Start the visit",
        ActName::Complete => "The visit is over",
        ActName::TookPlace => "It took place",
        ActName::UndoCompletion => "It is not over after all",
        ActName::NoShow => "Did not come",
        ActName::PractitionerAbsent => "The practitioner did not come",
        ActName::EnterInError => "Entered in error",
    }
}

/// That the patient is told something, or of whom cannot be written to, what the desk has to tell them itself.
pub fn told_of(appointment: &CalendarAppointment, told: &str, otherwise: &str) -> String {
    if appointment.reachable.is_told() {
        told.to_owned()
    } else {
        format!("Tell the patient yourself: {otherwise}")
    }
}

/// What a button does, said before it is pressed.
pub fn act_effect(act: ActName, appointment: &CalendarAppointment) -> String {
    match act {
        ActName::Accept => told_of(appointment, "The patient gets a confirmation.", "it is confirmed."),
        ActName::Decline => told_of(
            appointment,
            "The patient is told, pays nothing, and is shown other times.",
            "they pay nothing.",
        ),
        ActName::Cancel => told_of(
            appointment,
            "The patient is told and pays nothing, whenever it is.",
            "they pay nothing, whenever it is.",
        ),
        ActName::CancelForPatient => cancelling_for_words(appointment.cancelling_now),
        ActName::Arrive => "The practitioner sees that the patient is here.".to_owned(),
        ActName::UndoArrival => {
            "The patient is expected again. Nobody is written to, and no reminder goes out anew.".to_owned()
        }
        ActName::CheckIn => "The patient is here and the desk has their details.".to_owned(),
        ActName::UndoCheckIn => {
            "The patient counts as arrived. If they are not here at all, take that back next.".to_owned()
        }
        ActName::Start => "The visit begins now.".to_owned(),
        ActName::Complete => "The visit took place. It can be taken back for 24 hours.".to_owned(),
        ActName::TookPlace => {
            "The patient came. What was agreed for the visit counts. It can be taken back for 24 hours."
                .to_owned()
        }
        ActName::UndoCompletion => {
            "The patient counts as checked in again. No money moves by this.".to_owned()
        }
        ActName::NoShow => {
            let owed = no_show_words(appointment.no_show_fee_cents);
            told_of(appointment, &format!("The patient is told: {owed}"), &owed)
        }
        ActName::PractitionerAbsent => {
            told_of(appointment, "The patient is told and pays nothing.", "they pay nothing.")
        }
        ActName::EnterInError => {
            "It never was a real appointment. It stays in the records, and everything about it is reversed."
                .to_owned()
        }
    }
}

/// What cancelling for a patient means for them, said to the desk before it does.
pub fn cancelling_for_words(cancelling: Cancelling) -> String {
    match cancelling {
        Cancelling::WithoutCharge => "Cancelling now costs the patient nothing.".to_owned(),
        Cancelling::LateFee { fee_cents } => format!(
            "Cancelling now costs the patient {fee_cents}, because it is so close to the start. They pay it only if \
             nobody else takes the time."
        ),
        Cancelling::NotPossible => "It is too late to cancel for the patient.".to_owned(),
    }
}

/// What not coming costs. Whether a card is charged for it, bookings does not know.
fn no_show_words(fee_cents: AudCents) -> String {
    let fee = if fee_cents > AudCents::ZERO {
        format!("a fee of {fee_cents} is charged to them, or they owe it")
    } else {
        "there is no fee".to_owned()
    };
    format!("{fee}. They can object for 7 days.")
}

/// Whether a button takes something away.
pub fn act_harms(act: ActName) -> bool {
    match act {
        ActName::Decline
        | ActName::Cancel
        | ActName::CancelForPatient
        | ActName::NoShow
        | ActName::PractitionerAbsent
        | ActName::UndoCompletion
        | ActName::EnterInError => true,
        ActName::Accept
        | ActName::Arrive
        | ActName::UndoArrival
        | ActName::CheckIn
        | ActName::UndoCheckIn
        | ActName::Start
        | ActName::Complete
        | ActName::TookPlace => false,
    }
}

/// Why something was changed.
pub fn reason_words(reason: ChangeReason) -> &'static str {
    match reason {
        ChangeReason::PractitionerUnwell => "The practitioner is unwell",
        ChangeReason::PractitionerAway => "The practitioner is away",
        ChangeReason::PracticeClosed => "The practice is closed then",
        ChangeReason::Emergency => "An emergency at the practice",
        ChangeReason::NoTime => "There is no time for it",
        ChangeReason::NotOffered => "Somebody else can help better",
        ChangeReason::Mistake => "It was there twice, or in the wrong place",
        ChangeReason::PatientAsked => "The patient asked for it",
        ChangeReason::NotListed => "The practitioner is not listed any more",
        ChangeReason::Other => "Something else",
    }
}

/// Why a visit that counted as over does not.
pub fn taken_back_words(reason: ChangeReason) -> &'static str {
    match reason {
        ChangeReason::Mistake => "It was marked by mistake",
        other => reason_words(other),
    }
}

/// Said where somebody wants to carry what is seen in part only.
pub const PART_STAYS: &str = "It lasts past midnight and is not moved here. Open it to move it.";

/// Said where somebody wants to move a group session.
pub const SESSION_STAYS: &str =
    "A session is not moved as one. Open it, then one person of it, to move their seat.";

/// What takes a time that no appointment takes.
pub fn taken_words(by: TakenBy) -> &'static str {
    match by {
        TakenBy::Held { .. } => "Being booked",
        TakenBy::Elsewhere => "Busy elsewhere",
    }
}

/// What to call the patient: the name they go by, and the full one.
pub fn patient_words(appointment: &CalendarAppointment) -> String {
    name_words(&appointment.patient.name, appointment.patient.preferred_name.as_ref())
}

/// The same of a full name and another one.
pub fn name_words(name: &Personal<String>, preferred: Option<&Personal<String>>) -> String {
    let name = name.expose();
    match preferred {
        Some(preferred) if preferred.expose() != name => format!("{name} (“{}”)", preferred.expose()),
        Some(_) | None => name.clone(),
    }
}

/// `9:15 am to 10:00 am`, of an appointment.
pub fn clock_span(appointment: &CalendarAppointment, zone: Zone) -> String {
    span_words(appointment.start, appointment.end, zone)
}

/// `9:15 am to 10:00 am`.
pub fn span_words(start: Timestamp, end: Timestamp, zone: Zone) -> String {
    format!("{} to {}", clock_at(start, zone), clock_at(end, zone))
}

/// What became of a time that was proposed in vain: the one that stands, and the other one.
pub fn not_taken_words(not_taken: NotTaken, stands_at: Timestamp, zone: Zone) -> String {
    let ended = if not_taken.refused { "refused" } else { "not answered in time" };
    format!(
        "The patient kept their time on {}. The proposal of {} was {ended}.",
        long_when(stands_at, zone),
        long_when(not_taken.start, zone)
    )
}

/// `until 10:00 am`.
pub fn until_words(end: Timestamp, zone: Zone) -> String {
    format!("until {}", clock_at(end, zone))
}

/// `9:15 am`.
pub fn clock_at(instant: Timestamp, zone: Zone) -> String {
    time::clock_words(zone.time(instant))
}

/// `, fitted in` of what was, also once nothing is beside it any more.
pub fn fitted_words(appointment: &CalendarAppointment) -> &'static str {
    if appointment.fitted_in { ", fitted in" } else { "" }
}

/// `First visit`, or `First visit, fitted in`.
pub fn what_words(appointment: &CalendarAppointment) -> String {
    format!("{}{}", appointment.appointment_type.name, fitted_words(appointment))
}

/// All that is said of an entry after who comes: `First visit, until 10:00 am, Confirmed`.
pub fn entry_words(appointment: &CalendarAppointment, zone: Zone) -> String {
    let (what, until) = (what_words(appointment), until_words(appointment.end, zone));
    let (state, ..) = status_words(appointment.status);
    let attended = if appointment.attendance_confirmed_at.is_some() { ", says they will come" } else { "" };
    let kept = if appointment.not_taken.is_some() { ", kept instead of a proposed time" } else { "" };
    format!("{what}, {until}, {state}{attended}{kept}")
}

/// `9:15 am` of a minute of the day; midnight at its end is midnight.
pub fn minute_words(minute: i32) -> String {
    let (hour, minute) = (minute.rem_euclid(super::DAY) / 60, minute.rem_euclid(60));
    let (hour, minute) = (i8::try_from(hour).unwrap_or(0), i8::try_from(minute).unwrap_or(0));
    time::clock_words(jiff::civil::time(hour, minute, 0, 0))
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::{
            Cancelling,
            practice::{ActName, Reachable},
        },
    };

    use super::act_effect;
    use crate::calendar::sample::appointment;

    #[test]
    fn the_desk_reads_what_not_coming_and_cancelling_late_cost_before_it_presses() {
        let mut booked = appointment(1, "2026-11-22T22:15:00Z", 45);
        for (reachable, fee, words) in [
            (
                Reachable::Email,
                AudCents(5_000),
                "The patient is told: a fee of $50 is charged to them, or they owe it. They can object for 7 days.",
            ),
            (
                Reachable::None,
                AudCents(5_050),
                "Tell the patient yourself: a fee of $50.50 is charged to them, or they owe it. They can object for \
                 7 days.",
            ),
            (
                Reachable::Email,
                AudCents::ZERO,
                "The patient is told: there is no fee. They can object for 7 days.",
            ),
        ] {
            (booked.reachable, booked.no_show_fee_cents) = (reachable, fee);
            assert_eq!(act_effect(ActName::NoShow, &booked), words);
        }
        booked.cancelling_now = Cancelling::LateFee { fee_cents: AudCents(4_000) };
        let late = act_effect(ActName::CancelForPatient, &booked);
        assert!(late.contains("costs the patient $40") && !late.contains("You"), "{late}");
    }

    #[test]
    fn no_button_says_that_a_patient_is_told_whom_nothing_reaches() {
        let mut booked = appointment(1, "2026-11-22T22:15:00Z", 45);
        for reachable in [Reachable::Email, Reachable::Text] {
            booked.reachable = reachable;
            assert_eq!(
                act_effect(ActName::PractitionerAbsent, &booked),
                "The patient is told and pays nothing."
            );
        }
        booked.reachable = Reachable::None;
        for act in ActName::ALL {
            let effect = act_effect(act, &booked);
            assert!(
                !effect.contains("is told") && !effect.contains("gets a confirmation"),
                "{act:?}: {effect}"
            );
        }
        assert_eq!(
            act_effect(ActName::PractitionerAbsent, &booked),
            "Tell the patient yourself: they pay nothing."
        );
    }
}
