//! What a webhook is told, how that is signed, and when it is tried again.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;
use shared_types::{
    WebhookId,
    bookings::{AppointmentFact, BookingsEvent},
};

/// The name and the body of what a practice is told of an event, and of which appointment; none of most events.
pub fn told_of(event: &BookingsEvent, at: Timestamp) -> Option<(&'static str, String, &AppointmentFact)> {
    let (name, fact) = match event {
        BookingsEvent::AppointmentRequested(fact) => ("appointment.requested", fact),
        BookingsEvent::AppointmentConfirmed(fact) => ("appointment.confirmed", fact),
        BookingsEvent::AppointmentMoved(fact) => ("appointment.moved", fact),
        BookingsEvent::AppointmentCancelled(fact) => ("appointment.cancelled", fact),
        BookingsEvent::AppointmentChanged(fact) | BookingsEvent::AppointmentBulkBilled(fact) => {
            ("appointment.changed", fact)
        }
        // Each of its visits is told of by itself.
        BookingsEvent::SeriesBooked(_)
        | BookingsEvent::TimeProposed(_)
        | BookingsEvent::ProposalWithdrawn { .. }
        | BookingsEvent::TimeNotTaken(_)
        | BookingsEvent::LatenessSaid(_)
        | BookingsEvent::TimeOffered(_)
        | BookingsEvent::PaymentAwaited(_)
        | BookingsEvent::LateFeeWaived { .. }
        | BookingsEvent::VisitPresumed(_)
        | BookingsEvent::NoShowNoted(_)
        | BookingsEvent::AbsenceSaid(_)
        | BookingsEvent::MistakeAsked(_)
        | BookingsEvent::DisputeOpened(_)
        | BookingsEvent::DisputeDecided(_)
        | BookingsEvent::WebhookStopped(_)
        | BookingsEvent::BookingClaimed(_)
        | BookingsEvent::ManageCodeRequested(_)
        | BookingsEvent::NextFreeChanged(_)
        | BookingsEvent::SigningKeyPublished(_)
        | BookingsEvent::StatementAdded(_)
        | BookingsEvent::BookingDestroyed { .. }
        | BookingsEvent::ErasureAnswered(_) => return None,
    };
    let data = json!({
        "appointment_id": fact.appointment_id,
        "booking_id": fact.booking_id,
        "practitioner_role_id": fact.role.practitioner_role_id,
        "organization_id": fact.role.organization_id,
        "status": fact.status.code(),
        "sequence": fact.sequence,
        "start": fact.start,
        "end": fact.end,
        "time_zone": fact.role.time_zone.name(),
    });
    Some((name, json!({"type": name, "timestamp": at, "data": data}).to_string(), fact))
}

/// What a test says.
pub fn ping(webhook_id: WebhookId, at: Timestamp) -> (&'static str, String) {
    ("ping", json!({"type": "ping", "timestamp": at, "data": {"webhook_id": webhook_id}}).to_string())
}

/// The header `webhook-signature`: one signature for each secret.
///
/// Standard Webhooks, "Signature scheme" (<https://www.standardwebhooks.com>, read 2026-11-26).
pub fn signatures(secrets: &[&[u8]], id: &str, seconds: i64, body: &str) -> String {
    let each = secrets.iter().map(|secret| {
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    });
    each.collect::<Vec<_>>().join(" ")
}

/// A secret as it is shown.
pub fn secret_words(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// How long after a try that did not work the next one is; `attempts` counts that one.
pub fn next_try(attempts: i32) -> SignedDuration {
    match attempts {
        ..=1 => SignedDuration::from_secs(5),
        2 => SignedDuration::from_mins(1),
        3 => SignedDuration::from_mins(5),
        4 => SignedDuration::from_mins(30),
        5 => SignedDuration::from_hours(2),
        6.. => SignedDuration::from_hours(5),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use jiff::SignedDuration;

    use super::{next_try, secret_words, signatures};

    #[test]
    fn a_signature_is_that_of_the_published_example() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signatures(&[&secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(secret_words(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn while_a_secret_is_changed_both_sign() {
        let both = signatures(&[&[1; 32], &[2; 32]], "one", 0, "{}");
        let (first, second) = both.split_once(' ').unwrap();
        assert_eq!(first, signatures(&[&[1; 32]], "one", 0, "{}"));
        assert_eq!(second, signatures(&[&[2; 32]], "one", 0, "{}"));
    }

    #[test]
    fn tries_become_rarer_and_a_day_holds_ten_of_them() {
        let waits: Vec<_> = (1..20).map(next_try).collect();
        assert!(waits.is_sorted());
        let day = SignedDuration::from_hours(24);
        let mut after = SignedDuration::ZERO;
        let within = waits.iter().take_while(|wait| {
            after += **wait;
            after < day
        });
        assert_eq!(within.count() + 1, 10);
    }
}
