//! What became of a booking's money, for saying that the booking never was one.

use shared_types::{
    AudCents,
    bookings::mistake::MoneyMoved,
    payments::{PaymentStatus, PaymentStep},
};

/// Where a booking's money is: `payment` as payments last told it, with what is left of what was taken. Where that was not told
/// yet, `step` is what the appointment knows.
pub fn money_moved(payment: Option<(PaymentStatus, AudCents)>, step: Option<PaymentStep>) -> MoneyMoved {
    let Some((status, left)) = payment else {
        return match step {
            Some(PaymentStep::Captured | PaymentStep::Authorised) => MoneyMoved::Held,
            Some(PaymentStep::NotRequired | PaymentStep::CardSaved) | None => MoneyMoved::Nothing,
        };
    };
    match status {
        PaymentStatus::Authorised => MoneyMoved::Held,
        PaymentStatus::Captured | PaymentStatus::PartRefunded | PaymentStatus::Won => {
            if left > AudCents::ZERO { MoneyMoved::Taken { cents: left } } else { MoneyMoved::Returned }
        }
        PaymentStatus::Refunded => MoneyMoved::Returned,
        PaymentStatus::Disputed => MoneyMoved::AtBank,
        PaymentStatus::Lost => MoneyMoved::Lost,
        PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::CardSaved
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided => MoneyMoved::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        bookings::mistake::MoneyMoved,
        payments::{PaymentStatus, PaymentStep},
    };

    use super::money_moved;

    #[test]
    fn money_has_moved_once_it_is_held_and_until_it_is_let_go() {
        let told = |status, left| Some((status, AudCents(left)));
        let taken = MoneyMoved::Taken { cents: AudCents(8_500) };
        for (payment, step, expected) in [
            (None, None, MoneyMoved::Nothing),
            (None, Some(PaymentStep::NotRequired), MoneyMoved::Nothing),
            (None, Some(PaymentStep::CardSaved), MoneyMoved::Nothing),
            (None, Some(PaymentStep::Captured), MoneyMoved::Held),
            (told(PaymentStatus::Awaiting, 0), None, MoneyMoved::Nothing),
            (told(PaymentStatus::Authorised, 0), None, MoneyMoved::Held),
            (told(PaymentStatus::Captured, 8_500), Some(PaymentStep::Captured), taken),
            (told(PaymentStatus::PartRefunded, 8_500), None, taken),
            (told(PaymentStatus::Refunded, 0), Some(PaymentStep::Captured), MoneyMoved::Returned),
            (told(PaymentStatus::Disputed, 8_500), None, MoneyMoved::AtBank),
            (told(PaymentStatus::Lost, 1_500), Some(PaymentStep::Captured), MoneyMoved::Lost),
            (told(PaymentStatus::Voided, 0), Some(PaymentStep::Authorised), MoneyMoved::Nothing),
        ] {
            assert_eq!(money_moved(payment, step), expected, "{payment:?} {step:?}");
        }
    }
}
