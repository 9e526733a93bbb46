//! Messages, as a practice's staff and administrators speak of them.

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
        "verify_email" => "Link that shows that an address is right",
        "account_exists" => "Word that there is an account already",
        "reset_password" => "Link for a new password",
        "change_email" => "Link for another address",
        "new_device" => "Word of a new device",
        "password_changed" => "Word of a changed password",
        "email_changed" => "Word of a changed address",
        "sign_in_changed" => "Word of another way to sign in",
        "session_ended" => "Word of an ended sign-in",
        "account_closed" => "Word that an account is closed",
        "patient_statement" => "Word to a practice of a patient’s statement",
        "dispute_opened" => "Word to a practice of a dispute",
        "dispute_decided_practice" => "Word to a practice of a decision about a dispute",
        "mistake_asked" => "Word that somebody asks to agree on a mistake",
        "mistake_to_decide" => "Word of a mistake to agree on",
        "request_waits" => "Word to a practice of a request that waits",
        "absence_said" => "Word to a practice that a patient will not come",
        "webhook_stopped" => "Word that a webhook was stopped",
        "invitation" => "Invitation",
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

/// The same, for whoever runs the site and cannot tell who it was for.
pub fn undelivered_platform_words(reason: UndeliveredReason, channel: ContactChannel) -> &'static str {
    match (reason, channel) {
        (UndeliveredReason::NotAnAddress, ContactChannel::Email) => {
            "The e-mail address is none that can be written to."
        }
        (UndeliveredReason::NotAnAddress, ContactChannel::Sms) => "The number is no Australian mobile.",
        (UndeliveredReason::Refused, ContactChannel::Email) => {
            "A mail server refused it for good: mostly the address is misspelt or not used any more. Many of these at once mean that \
             our own mail is refused."
        }
        (UndeliveredReason::Refused, ContactChannel::Sms) => {
            "The number was refused for good: mostly it is misspelt or not used any more."
        }
        (UndeliveredReason::NotNow, _) => {
            "It was refused for now or nobody answered, each time it was tried. Once that is mended it can be sent again."
        }
        (UndeliveredReason::OurFault, _) => "The fault is ours. Once it is mended it can be sent again.",
        (UndeliveredReason::Unknown, _) => "Why is not known.",
    }
}

/// `Tried 6 times. What was noted: the mail server did not answer in time.`
pub fn tried_words(attempts: i32, why: Option<&str>) -> String {
    let tried = match attempts {
        1 => "Tried once.".to_owned(),
        times => format!("Tried {times} times."),
    };
    match why {
        Some(why) => format!("{tried} What was noted: {why}."),
        None => tried,
    }
}
