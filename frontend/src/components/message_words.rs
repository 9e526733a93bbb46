//! Messages to patients, as a practice's staff speak of them.

use shared_types::{notifications::UndeliveredReason, users::ContactChannel};

/// What kind of message it is, by the name of its template.
pub fn message_words(template: &str) -> &'static str {
    match template {
        "appointment_requested" => "Request with the practice",
        "appointment_confirmed" => "Confirmation",
        "series_confirmed" => "Confirmation of a series",
        "appointment_moved" => "Change of time",
        "appointment_cancelled" => "Cancellation",
        "time_proposed" => "Proposal of another time",
        "time_offered" => "Offer of a time to who waits",
        "running_late" => "Running late",
        "visit_presumed" => "Visit that nobody marked",
        "no_show_noted" => "Noted as not come",
        "dispute_opened_practice" => "Answer to a dispute",
        "dispute_decided" => "Decision about a dispute",
        "payment_failed" => "Card not charged",
        "fee_failed" => "Fee not charged",
        "balance_failed" => "Rest of the price not charged",
        "refund_made" => "Money on its way back",
        "refund_failed" => "Money that did not go back",
        "charge_asked" => "Higher price asked for",
        "invoice_issued" => "Receipt",
        "assignment_asked" => "Bulk-bill agreement to answer",
        "assignment_changed" => "Copy of a bulk-bill agreement",
        "agreement_asked" => "Bulk-bill agreement for several visits to answer",
        "agreement_changed" => "Copy of a bulk-bill agreement for several visits",
        "manage_code" => "Code for opening a booking",
        "reminder_two_days" => "Reminder two days before",
        "reminder_three_hours" => "Reminder three hours before",
        "text_answer" => "Answer to a text message",
        _ => "Message",
    }
}

/// `by e-mail`.
pub fn channel_words(channel: ContactChannel) -> &'static str {
    match channel {
        ContactChannel::Email => "by e-mail",
        ContactChannel::Sms => "by text message",
    }
}

/// Why it did not arrive, and what to do about it.
pub fn undelivered_words(reason: UndeliveredReason, channel: ContactChannel) -> &'static str {
    match (reason, channel) {
        (UndeliveredReason::NotAnAddress, ContactChannel::Email) => {
            "The e-mail address is none that can be written to. Tell the patient another way, and ask for the right one."
        }
        (UndeliveredReason::NotAnAddress, ContactChannel::Sms) => {
            "The number is no Australian mobile. Tell the patient another way, and ask for the right one."
        }
        (UndeliveredReason::Refused, ContactChannel::Email) => {
            "The patient’s mail server refused it for good: mostly the address is misspelt or not used any more. Tell the \
             patient another way, and ask for the right one."
        }
        (UndeliveredReason::Refused, ContactChannel::Sms) => {
            "The number was refused for good: mostly it is misspelt or not used any more. Tell the patient another way, and ask \
             for the right one."
        }
        (UndeliveredReason::NotNow, ContactChannel::Email) => {
            "The mail server refused it for now or did not answer, each time we tried. The address may well be right."
        }
        (UndeliveredReason::NotNow, ContactChannel::Sms) => {
            "It could not be handed over for now, each time we tried. The number may well be right."
        }
        (UndeliveredReason::OurFault, _) => {
            "The fault is ours; nothing is known against the patient’s address or number."
        }
        (UndeliveredReason::Unknown, _) => "Why is not known.",
    }
}
