//! What the note of a failed try, or of a report that came later, tells a practice. Notes are the gateways' own words, `MailError` and
//! `SmsError`, or the code that was reported: they hold that and nothing of the address.

use shared_types::notifications::UndeliveredReason;

/// Why a message did not arrive, by the note of its last try.
pub fn reason(note: Option<&str>) -> UndeliveredReason {
    let Some(note) = note else { return UndeliveredReason::Unknown };
    if let Some(code) = note.strip_prefix("the mail server refused with ") {
        return by_mail(code);
    }
    if let Some(status) = note.strip_prefix("the gateway refused with ") {
        return by_gateway(status);
    }
    if let Some(code) = note.strip_prefix("a mail server reported ") {
        return by_mail(code);
    }
    if let Some(report) = note.strip_prefix("the gateway reported ") {
        return by_report(report);
    }
    match note {
        "the recipient's address cannot be written to" | "the number is no Australian mobile" => {
            UndeliveredReason::NotAnAddress
        }
        "the mail server did not answer in time"
        | "the mail server could not be reached"
        | "the gateway did not answer in time"
        | "the gateway could not be reached" => UndeliveredReason::NotNow,
        _ => UndeliveredReason::OurFault,
    }
}

/// RFC 5321 has 4xx for what is refused for now and 5xx for good; RFC 4954 has codes for a server that does not take us for who we
/// say we are.
fn by_mail(code: &str) -> UndeliveredReason {
    match code {
        "530" | "534" | "535" | "538" => UndeliveredReason::OurFault,
        _ if code.starts_with('5') => UndeliveredReason::Refused,
        _ => UndeliveredReason::NotNow,
    }
}

/// RFC 9110: 401, 402 and 403 are about our account there, 408, 429 and 5xx pass, and the rest of 4xx is about the message.
fn by_gateway(status: &str) -> UndeliveredReason {
    match status {
        "401" | "402" | "403" => UndeliveredReason::OurFault,
        "408" | "429" => UndeliveredReason::NotNow,
        _ if status.starts_with('4') => UndeliveredReason::Refused,
        _ => UndeliveredReason::NotNow,
    }
}

/// The gateway's codes (https://www.twilio.com/docs/api/errors, read 2026-11-28): a telephone that is switched off; one that is blocked,
/// is none, or takes no texts; and what is the matter with us, who sent too much, may not, or wrote what networks keep out.
fn by_report(report: &str) -> UndeliveredReason {
    match report.split_once(", ").map(|(_, code)| code) {
        Some("30003") => UndeliveredReason::NotNow,
        Some("30004" | "30005" | "30006") => UndeliveredReason::Refused,
        Some("30001" | "30002" | "30007") => UndeliveredReason::OurFault,
        Some(_) | None => UndeliveredReason::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::notifications::UndeliveredReason::{NotAnAddress, NotNow, OurFault, Refused, Unknown};

    use super::reason;
    use crate::gateways::{mail::MailError, sms::SmsError};

    #[test]
    fn the_notes_of_gateways_are_read() {
        let file = || std::io::Error::other("full");
        for (error, expected) in [
            (MailError::Address, NotAnAddress),
            (MailError::Compose, OurFault),
            (MailError::Refused("550".to_owned()), Refused),
            (MailError::Refused("535".to_owned()), OurFault),
            (MailError::Refused("421".to_owned()), NotNow),
            (MailError::TimedOut, NotNow),
            (MailError::Unreachable, NotNow),
            (MailError::File(file()), OurFault),
        ] {
            assert_eq!(reason(Some(&error.to_string())), expected, "{error}");
        }
        for (error, expected) in [
            (SmsError::Number, NotAnAddress),
            (SmsError::Refused(400), Refused),
            (SmsError::Refused(401), OurFault),
            (SmsError::Refused(429), NotNow),
            (SmsError::Refused(503), NotNow),
            (SmsError::TimedOut, NotNow),
            (SmsError::Unreachable, NotNow),
            (SmsError::File(file()), OurFault),
        ] {
            assert_eq!(reason(Some(&error.to_string())), expected, "{error}");
        }
        assert_eq!(reason(None), Unknown);
        for (code, expected) in [("5.1.1", Refused), ("4.4.7", NotNow)] {
            assert_eq!(reason(Some(&format!("a mail server reported {code}"))), expected, "{code}");
        }
        for (report, expected) in [
            ("undelivered, 30003", NotNow),
            ("undelivered, 30005", Refused),
            ("failed, 30007", OurFault),
            ("undelivered, 30008", Unknown),
            ("failed", Unknown),
        ] {
            assert_eq!(reason(Some(&format!("the gateway reported {report}"))), expected, "{report}");
        }
    }
}
