//! What is told when an appointment is asked for, booked, moved, cancelled or not taken, when another time is proposed, and when a
//! series is booked. They go by mail, where that can be delivered.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookedRole, CancellationPolicy, ProposalFact},
};
use uuid::Uuid;

use super::{SECRET, made_up};
use crate::domain::{
    appointment::{self, Change},
    locale::Locale,
    message::Draft,
    proposal,
    reader::Reader,
    sender::Sender,
    series,
    upcoming::Upcoming,
};

/// Where an appointment stands once it is told of, with what is told.
const TOLD: [(Change, AppointmentStatus); 6] = [
    (Change::Requested, AppointmentStatus::Requested),
    (Change::Confirmed, AppointmentStatus::Confirmed),
    (Change::Moved, AppointmentStatus::Confirmed),
    (Change::Cancelled, AppointmentStatus::CancelledByProvider),
    (Change::Cancelled, AppointmentStatus::CancelledLate),
    (Change::NotTaken, AppointmentStatus::Declined),
];

/// Each of them, about an appointment that is told of openly or discreetly.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn letters(locale: Locale, discreet: bool, sender: &Sender) -> askama::Result<Vec<Draft>> {
    let confirmed = made_up_fact(discreet);
    let (told_at, reader) = (booked_at(&confirmed), Reader::of(locale));
    let mut letters = Vec::new();
    for (change, status) in TOLD {
        let fact = AppointmentFact { status, ..confirmed.clone() };
        let fact = match change {
            Change::Requested => AppointmentFact { reply_by: Some(before(&fact, 24)), ..fact },
            // Nothing that is kept could open a booking, so no later message has its link.
            Change::Moved => AppointmentFact { manage_token: None, ..fact },
            Change::Cancelled if status == AppointmentStatus::CancelledLate => {
                AppointmentFact { late_fee_cents: fact.policy.late_fee_cents, ..fact }
            }
            Change::Confirmed | Change::Cancelled | Change::NotTaken => fact,
        };
        letters.push(appointment::write(change, &fact, reader, sender, told_at)?);
    }
    letters.push(proposal::write(&later_that_day(&confirmed), sender, reader)?);
    let visits = vec![confirmed.clone(), a_week_later(&confirmed)];
    let letter = series::write(Uuid::nil().into(), visits, reader, sender, told_at)?;
    letters.extend(letter.map(|letter| letter.draft));
    Ok(letters)
}

/// The time that is proposed instead.
fn later_that_day(fact: &AppointmentFact) -> ProposalFact {
    let later = SignedDuration::from_hours(2);
    ProposalFact {
        start: fact.start + later,
        end: fact.end + later,
        expires_at: before(fact, 24),
        appointment: fact.clone(),
    }
}

fn a_week_later(fact: &AppointmentFact) -> AppointmentFact {
    let week = SignedDuration::from_hours(7 * 24);
    AppointmentFact {
        booking_id: Uuid::from_u128(1).into(),
        start: fact.start + week,
        end: fact.end + week,
        ..fact.clone()
    }
}

fn before(fact: &AppointmentFact, hours: i64) -> Timestamp {
    fact.start - SignedDuration::from_hours(hours)
}

/// Two days before.
fn booked_at(fact: &AppointmentFact) -> Timestamp {
    before(fact, 48)
}

/// The appointment that is made up, as bookings would tell of it.
pub(super) fn made_up_fact(discreet: bool) -> AppointmentFact {
    let nobody = Uuid::nil();
    let Upcoming {
        booking_id,
        organization_id,
        start,
        end,
        zone,
        practitioner_name,
        organization_name,
        phone,
        address,
        patient_name,
        email,
        ..
    } = made_up();
    AppointmentFact {
        booking_id,
        appointment_id: nobody.into(),
        sequence: 0,
        status: AppointmentStatus::Confirmed,
        role: BookedRole {
            practitioner_role_id: nobody.into(),
            slug: String::new(),
            name: practitioner_name,
            profession_name: None,
            organization_id,
            organization_name,
            phone,
            address,
            time_zone: zone,
            bookable: true,
        },
        discreet,
        appointment_type_name: String::new(),
        telehealth: false,
        start,
        end,
        quote_id: nobody.into(),
        price_cents: AudCents(8_500),
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5_000) },
        bulk_billed: false,
        patient_name,
        email,
        manage_token: Some(SECRET.to_owned().into()),
        account_id: None,
        patient_id: None,
        reason: None,
        reply_by: None,
        quote: None,
        late_fee_cents: AudCents::ZERO,
        claimant: None,
        series_id: None,
        text_to: None,
    }
}

#[cfg(test)]
mod tests {
    use super::letters;
    use crate::domain::{fixtures::sender, locale::Locale};

    #[test]
    fn each_thing_that_becomes_of_an_appointment_has_its_letter() {
        let written = letters(Locale::English, false, &sender()).unwrap();
        let written: Vec<_> =
            written.into_iter().map(|draft| (draft.template.code(), draft.content.into_inner())).collect();
        let subjects: Vec<_> =
            written.iter().map(|(code, content)| (*code, content.subject.as_str())).collect();
        assert_eq!(
            subjects,
            [
                ("appointment_requested", "Appointment requested: Tuesday 24 November, 9:15 am"),
                ("appointment_confirmed", "Appointment confirmed: Tuesday 24 November, 9:15 am"),
                ("appointment_moved", "Appointment moved: now Tuesday 24 November, 9:15 am"),
                ("appointment_cancelled", "Appointment cancelled: Tuesday 24 November, 9:15 am"),
                ("appointment_cancelled", "Appointment cancelled: Tuesday 24 November, 9:15 am"),
                ("appointment_cancelled", "Request not taken: Tuesday 24 November, 9:15 am"),
                ("time_proposed", "Another time proposed: Tuesday 24 November, 11:15 am"),
                ("series_confirmed", "2 appointments confirmed, the first on Tuesday 24 November, 9:15 am"),
            ]
        );
        let text = |nth: usize| written[nth].1.body_text.as_str();
        assert!(text(0).contains("Answer by: Monday 23 November, 9:15 am\n"), "{}", text(0));
        assert!(text(1).contains("/manage/00000000000000000000000000000000\n"), "{}", text(1));
        assert!(!text(2).contains("/manage/"), "{}", text(2));
        assert!(text(3).contains("The practice cancelled it. There is nothing to pay."), "{}", text(3));
        assert!(text(4).contains("a fee of $50 is owed"), "{}", text(4));
        assert!(text(7).contains("Tuesday 1 December 2026, 9:15 am"), "{}", text(7));
    }
}
