//! Where a try stands by what the processor has.

use shared_types::{
    AudCents,
    payments::{IntentStatus, PaymentFailure},
};

use crate::{
    applying::is_under_way,
    gateways::card_processor::{IntentRecord, IntentState},
    store::intent::Intent,
};

/// The processor's word for a failure, as far as the patient is told.
pub fn failure_of(code: &str) -> PaymentFailure {
    match code {
        "insufficient_funds" => PaymentFailure::InsufficientFunds,
        "expired_card" => PaymentFailure::ExpiredCard,
        "authentication_required"
        | "payment_intent_authentication_failure"
        | "setup_intent_authentication_failure" => PaymentFailure::AuthenticationRequired,
        _ => PaymentFailure::Declined,
    }
}

/// Where a try stands by what the processor has. A card that did not work on a page is no end: the page asks for another.
pub(super) fn status_of(record: &IntentRecord, it: &Intent) -> IntentStatus {
    let on_page = it.saved_card_id.is_none() || it.checkout_session.is_some();
    match record.state {
        IntentState::NeedsCard if on_page || record.failure.is_none() => it.status,
        // Nobody is there to give another card or to prove who they are.
        IntentState::NeedsCard => IntentStatus::Failed,
        IntentState::NeedsAuthentication if on_page => it.status,
        IntentState::NeedsAuthentication => IntentStatus::Failed,
        IntentState::Processing => IntentStatus::Processing,
        IntentState::Held => IntentStatus::Authorised,
        IntentState::Taken => IntentStatus::Captured,
        IntentState::Saved => IntentStatus::Saved,
        IntentState::Canceled => IntentStatus::Voided,
        IntentState::RanOut => IntentStatus::Expired,
    }
}

pub(super) fn move_to(it: &mut Intent, to: IntentStatus, record: &IntentRecord) {
    it.status = to;
    match to {
        IntentStatus::Captured => {
            it.captured_cents = AudCents(record.taken_cents);
            it.failure = None;
        }
        IntentStatus::Failed => {
            it.failure =
                Some(record.failure.as_deref().map_or(PaymentFailure::AuthenticationRequired, failure_of));
        }
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Saved
        | IntentStatus::Authorised
        | IntentStatus::Expired
        | IntentStatus::Voided => {}
    }
    if !is_under_way(to) {
        it.page_address = None;
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{
        AudCents,
        payments::{IntentKind, IntentPurpose, IntentStatus, PaymentFailure},
    };
    use uuid::Uuid;

    use super::{failure_of, status_of};
    use crate::{
        gateways::card_processor::{IntentRecord, IntentState},
        store::intent::Intent,
    };

    fn record(state: IntentState, failure: Option<&str>) -> IntentRecord {
        IntentRecord {
            id: "pi_1".to_owned(),
            reference: None,
            state,
            amount_cents: 8_500,
            taken_cents: 0,
            card: None,
            charge: None,
            transfer: None,
            held_until: None,
            processor_fee: None,
            failure: failure.map(str::to_owned),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn tried(on_page: bool) -> Intent {
        let of = (IntentPurpose::Visit, IntentKind::Authorise);
        let id = |number| Uuid::from_u128(number);
        let mut it = Intent::new(
            id(1).into(),
            Some(id(2).into()),
            id(3).into(),
            of,
            1,
            AudCents(8_500),
            Timestamp::UNIX_EPOCH,
        );
        if on_page {
            it.status = IntentStatus::PageOpen;
            it.checkout_session = Some("cs_1".to_owned());
        } else {
            it.saved_card_id = Some(id(4).into());
        }
        it
    }

    #[test]
    fn a_declined_card_ends_a_try_only_where_nobody_can_give_another() {
        let declined = record(IntentState::NeedsCard, Some("insufficient_funds"));
        assert_eq!(status_of(&declined, &tried(true)), IntentStatus::PageOpen);
        assert_eq!(status_of(&declined, &tried(false)), IntentStatus::Failed);
        let asked = record(IntentState::NeedsAuthentication, None);
        assert_eq!(status_of(&asked, &tried(true)), IntentStatus::PageOpen);
        assert_eq!(status_of(&asked, &tried(false)), IntentStatus::Failed);
    }

    #[test]
    fn what_the_processor_has_decides() {
        for (state, status) in [
            (IntentState::Processing, IntentStatus::Processing),
            (IntentState::Held, IntentStatus::Authorised),
            (IntentState::Taken, IntentStatus::Captured),
            (IntentState::Saved, IntentStatus::Saved),
            (IntentState::Canceled, IntentStatus::Voided),
            (IntentState::RanOut, IntentStatus::Expired),
        ] {
            assert_eq!(status_of(&record(state, None), &tried(true)), status, "{state:?}");
        }
    }

    #[test]
    fn the_patient_is_told_what_helps() {
        for (code, failure) in [
            ("insufficient_funds", PaymentFailure::InsufficientFunds),
            ("expired_card", PaymentFailure::ExpiredCard),
            ("authentication_required", PaymentFailure::AuthenticationRequired),
            ("stolen_card", PaymentFailure::Declined),
        ] {
            assert_eq!(failure_of(code), failure, "{code}");
        }
    }
}
