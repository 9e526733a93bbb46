//! The words of a booking, the same wherever they appear: when, where, how long, what it costs and what cancelling
//! costs. Pure.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, Zone,
    bookings::{
        Appointment, AppointmentStatus, AppointmentType, BookedRole, CancellationPolicy, Cancelling, Quote,
    },
    payments::quote::Collection,
    time,
};

use super::{provider_card::capitalised, times_rest::long_when};

/// A term, its words, and a smaller line below them.
pub type Pair = (&'static str, String, Option<String>);

/// `Tomorrow 9:15 am`, and the date in full; for a visit by video or phone with whose clock that is.
pub fn when_pair(start: Timestamp, as_of: Timestamp, zone: Zone, telehealth: bool) -> Pair {
    let near = capitalised(&time::when_words(start, as_of, zone));
    let date = time::long_date(zone.date(start));
    ("When", near, Some(if telehealth { format!("{date}, {}", time::wall_words(zone)) } else { date }))
}

/// The practice and its address; no address for a visit by video or phone, nor for one at home.
pub fn where_pair(role: &BookedRole, of: Option<&AppointmentType>) -> Pair {
    let practice = role.organization_name.clone();
    if let Some(words) = of.and_then(|of| elsewhere_words(of.telehealth, of.home_visit)) {
        return ("Where", capitalised(words), practice);
    }
    match practice {
        Some(practice) => ("Where", practice, Some(role.address.clone())),
        None => ("Where", role.address.clone(), None),
    }
}

/// What is said in place of an address to which nobody goes.
pub fn elsewhere_words(telehealth: bool, home_visit: bool) -> Option<&'static str> {
    match (telehealth, home_visit) {
        (true, _) => Some("by video or phone"),
        (false, true) => Some("at your home"),
        (false, false) => None,
    }
}

/// `45 minutes`, `30 minutes, by video or phone`, `60 minutes, in a group of up to 8`.
pub fn minutes_words(appointment_type: &AppointmentType) -> String {
    let minutes = appointment_type.duration_minutes;
    let channel = match (appointment_type.telehealth, appointment_type.home_visit) {
        (true, _) => ", by video or phone",
        (false, true) => ", at home",
        (false, false) => "",
    };
    let group = appointment_type.seats.map(|seats| format!(", in a group of up to {seats}"));
    format!("{minutes} minutes{channel}{}", group.unwrap_or_default())
}

/// What one pays, never called "free".
pub fn price_words(price: AudCents, bulk_billed: bool) -> String {
    if bulk_billed { "No out-of-pocket cost".to_owned() } else { price.to_string() }
}

/// The price, and what Medicare does about it.
pub fn cost_words(appointment_type: &AppointmentType, quote: Option<&Quote>) -> (String, Option<String>) {
    cost_and_note(appointment_type, quote, quote.map_or_else(at_practice, paying_words))
}

/// What to say of an appointment that is at another time by now, beside the time that it was at.
pub const MOVED_WORDS: &str =
    "It is not at the time below any more. The latest e-mail and your account show when it is now.";

/// The same of what is booked, which may be paid for by now, or not be paid for any more.
pub fn booked_cost_words(appointment: &Appointment) -> (String, Option<String>) {
    let (of, quote) = (&appointment.appointment_type, appointment.quote.as_ref());
    match appointment.status {
        // What is asked for is not taken before it is accepted.
        AppointmentStatus::AwaitingPayment | AppointmentStatus::Requested => cost_words(of, quote),
        // Without what is paid with the booking nobody comes that far.
        AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::NoShowPatient => {
            cost_and_note(of, quote, quote.map_or_else(at_practice, paid_words))
        }
        AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => (cost_words(of, quote).0, None),
    }
}

fn cost_and_note(
    appointment_type: &AppointmentType,
    quote: Option<&Quote>,
    paying: String,
) -> (String, Option<String>) {
    if appointment_type.bulk_billed {
        return (price_words(AudCents::ZERO, true), Some("Bulk billed: Medicare pays all of it.".to_owned()));
    }
    let note = match quote {
        Some(quote) if quote.rebate_cents > AudCents::ZERO => format!(
            "Medicare pays back {}, so {} stays with you. {paying}",
            quote.rebate_cents, quote.gap_cents
        ),
        Some(_) | None => paying,
    };
    (quote.map_or(appointment_type.price_cents, |quote| quote.fee_cents).to_string(), Some(note))
}

fn at_practice() -> String {
    "You pay at the practice.".to_owned()
}

/// When and where it is paid.
fn paying_words(quote: &Quote) -> String {
    match &quote.terms {
        Some(terms) if terms.needs_payment_step() => match terms.collection {
            Collection::AfterVisit => "You give a card now, which is charged after the visit.".to_owned(),
            Collection::Deposit => {
                format!("You pay {} now and the rest at the practice.", terms.deposit_cents)
            }
            Collection::Prepaid | Collection::AtPractice => "You pay when you book.".to_owned(),
        },
        Some(_) | None => at_practice(),
    }
}

/// How it was paid.
fn paid_words(quote: &Quote) -> String {
    match &quote.terms {
        Some(terms) if terms.needs_payment_step() => match terms.collection {
            Collection::AfterVisit => "The card you gave is charged after the visit.".to_owned(),
            Collection::Deposit => {
                format!("You paid {} when you booked. You pay the rest at the practice.", terms.deposit_cents)
            }
            Collection::Prepaid | Collection::AtPractice => "You paid when you booked.".to_owned(),
        },
        Some(_) | None => at_practice(),
    }
}

/// What not coming will cost, where that was offered.
pub fn no_show_words(quote: Option<&Quote>) -> Option<String> {
    let fee = quote?.terms.as_ref()?.no_show_fee_cents;
    (fee > AudCents::ZERO).then(|| fee.to_string())
}

/// What cancelling will cost, said before anything is booked.
pub fn policy_words(policy: CancellationPolicy, start: Timestamp, zone: Zone) -> String {
    if policy.late_fee_cents <= AudCents::ZERO {
        return "Costs nothing, up to the start.".to_owned();
    }
    let cut_off = start - SignedDuration::from_hours(i64::from(policy.free_until_hours));
    format!("Costs nothing until {}. After that {}.", long_when(cut_off, zone), policy.late_fee_cents)
}

/// What cancelling now would mean, said before the button.
pub fn cancelling_words(cancelling: Cancelling) -> String {
    match cancelling {
        Cancelling::WithoutCharge => "Cancelling now costs nothing.".to_owned(),
        Cancelling::LateFee { fee_cents } => format!(
            "Cancelling now costs {fee_cents}, because it is so close to the start. You pay it only if nobody else \
             takes the time."
        ),
        Cancelling::NotPossible => "It is too late to cancel here. Call the practice.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{AudCents, Zone, bookings::CancellationPolicy};

    use super::{policy_words, price_words};

    #[test]
    fn cancelling_names_the_moment_it_begins_to_cost() {
        let policy = CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(4000) };
        let start = "2026-11-24T22:15:00Z".parse().unwrap();
        let words = policy_words(policy, start, Zone::SYDNEY);
        assert_eq!(words, "Costs nothing until Tuesday 24 November, 9:15 am. After that $40.");
        let policy = CancellationPolicy { late_fee_cents: AudCents::ZERO, ..policy };
        assert_eq!(policy_words(policy, start, Zone::SYDNEY), "Costs nothing, up to the start.");
    }

    #[test]
    fn nothing_to_pay_is_never_called_free() {
        assert_eq!(price_words(AudCents::ZERO, true), "No out-of-pocket cost");
        assert_eq!(price_words(AudCents(8500), false), "$85");
    }
}
