//! How administrators are told where money stands. What patients read is in `components/money_words.rs`.

use shared_types::{
    AudCents,
    payments::{
        IntentKind, IntentPurpose, IntentStatus, PaymentStatus,
        platform::{DifferenceAction, DifferenceKind},
    },
};

/// Where a payment stands.
pub(super) fn standing_words(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::NotRequired => "Not paid through us",
        PaymentStatus::Awaiting => "Waits for a card",
        PaymentStatus::CardSaved => "A card is kept, nothing is taken",
        PaymentStatus::Authorised => "Held on the card",
        PaymentStatus::Captured => "Taken",
        PaymentStatus::PartRefunded => "Partly refunded",
        PaymentStatus::Refunded => "Refunded",
        PaymentStatus::Failed => "The card was not charged",
        PaymentStatus::AuthExpired => "The bank let the held money go",
        PaymentStatus::Voided => "Nothing was taken",
        PaymentStatus::Disputed => "A bank asks about it",
        PaymentStatus::Won => "Taken; a bank asked and decided for the practice",
        PaymentStatus::Lost => "A bank gave it back to the cardholder",
    }
}

/// What a try at the processor is for.
pub(super) fn try_words(purpose: IntentPurpose, kind: IntentKind) -> &'static str {
    match (purpose, kind) {
        (_, IntentKind::Setup) => "A card to keep",
        (IntentPurpose::Visit, IntentKind::Authorise) => "The visit, to hold",
        (IntentPurpose::Visit, IntentKind::Charge) => "The visit",
        (IntentPurpose::Balance, IntentKind::Authorise) => "What was left to pay, to hold",
        (IntentPurpose::Balance, IntentKind::Charge) => "What was left to pay",
        (IntentPurpose::LateFee, IntentKind::Authorise | IntentKind::Charge) => "Fee for cancelling late",
        (IntentPurpose::NoShowFee, IntentKind::Authorise | IntentKind::Charge) => "Fee for not coming",
    }
}

/// Where a try stands.
pub(super) fn intent_words(status: IntentStatus) -> &'static str {
    match status {
        IntentStatus::Created => "begun",
        IntentStatus::PageOpen => "the page for the card is open",
        IntentStatus::NeedsAuthentication => "the bank asks who pays",
        IntentStatus::Processing => "under way",
        IntentStatus::Saved => "the card is kept",
        IntentStatus::Authorised => "held",
        IntentStatus::Captured => "taken",
        IntentStatus::Failed => "did not work",
        IntentStatus::Expired => "ran out",
        IntentStatus::Voided => "let go",
    }
}

/// What is different.
pub(super) fn kind_words(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::MissingHere => "The card processor has something that we do not know",
        DifferenceKind::MissingThere => "We have something that the card processor does not know",
        DifferenceKind::State => "It stands elsewhere at the card processor",
        DifferenceKind::Amount => "The card processor has another amount",
        DifferenceKind::Balance => "The card processor has another balance",
        DifferenceKind::Webhook => "It changed at the card processor, and nobody told us",
        DifferenceKind::AccountUnreadable => "An account at the card processor cannot be read",
        DifferenceKind::AccountClosed => "A practice’s account is closed, and its balance is not nil",
    }
}

/// What a difference means that its sides do not tell, and the way out of it.
pub(super) fn kind_advice(kind: DifferenceKind) -> Option<&'static str> {
    match kind {
        DifferenceKind::AccountUnreadable => Some(
            "The card processor refused to show it to us: the account was deleted, or the practice took our access away. \
             Its balance was not compared; all others were. “Ours” is what the ledger owes. Ask the practice, and the card \
             processor, what became of it. Where the access comes back, the next comparison reads it again; where it is gone \
             for good, agree with the practice how it gets what it is owed, and close this with what you did.",
        ),
        DifferenceKind::AccountClosed => Some(
            "Nobody reads a closed account any more. “Ours” is what the ledger owes the practice; below zero, it owes us. Ask \
             the card processor whether that was paid out before the account closed. If it was not, agree with the practice \
             how it is paid, and close this with what you did.",
        ),
        DifferenceKind::MissingHere
        | DifferenceKind::MissingThere
        | DifferenceKind::State
        | DifferenceKind::Amount
        | DifferenceKind::Balance
        | DifferenceKind::Webhook => None,
    }
}

/// What was done about it.
pub(super) fn action_words(action: DifferenceAction) -> &'static str {
    match action {
        DifferenceAction::Flagged => "Waits for somebody",
        DifferenceAction::Applied => "We took over what the card processor has",
        DifferenceAction::Settled => "Closed by hand",
    }
}

/// What one side says, as the comparison wrote it down: `captured 11000 cents`, `Taken 11000 cents`, `11000 cents`, `nothing`.
pub(super) fn side_words(written: &str) -> String {
    let Some(counted) = written.strip_suffix(" cents") else { return plain_words(written).to_owned() };
    let (state, cents) = counted.rsplit_once(' ').unwrap_or(("", counted));
    let Ok(cents) = cents.parse() else { return written.to_owned() };
    let amount = AudCents(cents);
    match (plain_words(state), cents) {
        ("", _) => amount.to_string(),
        ("taken", _) => format!("taken, {amount}"),
        (stands, 0) => format!("{stands}, nothing taken"),
        (stands, _) => format!("{stands}, {amount} taken"),
    }
}

/// A state of ours or of the processor's, or what stands in its place; what is not known here is said as it is.
fn plain_words(written: &str) -> &str {
    if let Some(status) = IntentStatus::from_code(written) {
        return intent_words(status);
    }
    match written {
        "NeedsCard" => "waits for a card",
        "NeedsAuthentication" => "the bank asks who pays",
        "Processing" => "under way",
        "Saved" => "the card is kept",
        "Held" => "held",
        "Taken" => "taken",
        "Canceled" => "called off",
        "RanOut" => "ran out",
        "an object" => "it is there",
        "a try" => "a charge or a hold",
        "applied" => "where it stands here by now",
        "not applied" => "somewhere that cannot follow from where it stands here",
        "refused" => "it was not shown to us",
        "closed" => "the account is closed",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::side_words;

    #[test]
    fn both_sides_of_a_difference_are_in_words_and_dollars() {
        for (written, words) in [
            ("captured 11000 cents", "taken, $110"),
            ("authorised 0 cents", "held, nothing taken"),
            ("Held 500 cents", "held, $5 taken"),
            ("-1250 cents", "-$12.50"),
            ("nothing", "nothing"),
            ("not applied", "somewhere that cannot follow from where it stands here"),
            ("something new", "something new"),
        ] {
            assert_eq!(side_words(written), words, "{written}");
        }
    }
}
