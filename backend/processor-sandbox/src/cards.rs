//! The cards that banks play along with (<https://docs.stripe.com/testing>, read 2026-11-26).

/// What a card's bank does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bank {
    /// Says yes.
    Agrees,
    /// Says no, to keeping the card as well.
    Declines(Decline),
    /// Keeps the card and says no to each payment.
    DeclinesPayments(Decline),
    /// Wants the holder to prove who they are once: to keep the card, or for a payment with a card that is not kept.
    AsksOnce,
    /// Wants it each time.
    AsksAlways,
    /// Says yes and wants the money back soon, for this reason.
    WantsItBack(&'static str),
    /// Says yes; a refund is pending first.
    RefundsSlowly,
    /// Says yes; a refund fails after it seemed done.
    RefusesRefunds,
    /// Says yes, and the money can be paid out at once.
    PaysAtOnce,
}

/// Why a card says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decline {
    /// The error's code.
    pub code: &'static str,
    /// The bank's own reason.
    pub decline_code: Option<&'static str>,
    /// For people.
    pub message: &'static str,
}

/// A number that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// As it is typed, without spaces.
    pub number: &'static str,
    /// The name of the payment method that stands for it.
    pub method: &'static str,
    /// `visa`.
    pub brand: &'static str,
    /// What its bank does.
    pub bank: Bank,
    /// For the payment page.
    pub words: &'static str,
}

const fn declined(decline_code: &'static str, message: &'static str) -> Decline {
    Decline { code: "card_declined", decline_code: Some(decline_code), message }
}

const GENERIC: Decline = declined("generic_decline", "Your card was declined.");

/// The bank wants its holder, who is not there.
pub const AUTHENTICATION_REQUIRED: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    message: "Your card was declined. This transaction requires authentication.",
};

const fn card(
    number: &'static str,
    method: &'static str,
    brand: &'static str,
    bank: Bank,
    words: &'static str,
) -> Card {
    Card { number, method, brand, bank, words }
}

/// All of them.
pub const CARDS: &[Card] = &[
    card("4242424242424242", "pm_card_visa", "visa", Bank::Agrees, "works"),
    card("4000000360000006", "pm_card_au", "visa", Bank::Agrees, "works, Australian"),
    card("5555555555554444", "pm_card_mastercard", "mastercard", Bank::Agrees, "works"),
    card("378282246310005", "pm_card_amex", "amex", Bank::Agrees, "works"),
    card("4000000000000077", "pm_card_bypassPending", "visa", Bank::PaysAtOnce, "works, paid out soon"),
    card(
        "4000002500003155",
        "pm_card_authenticationRequiredOnSetup",
        "visa",
        Bank::AsksOnce,
        "authentication once",
    ),
    card(
        "4000002760003184",
        "pm_card_authenticationRequired",
        "visa",
        Bank::AsksAlways,
        "authentication always",
    ),
    card("4000000000000002", "pm_card_visa_chargeDeclined", "visa", Bank::Declines(GENERIC), "declined"),
    card(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "visa",
        Bank::Declines(declined("insufficient_funds", "Your card has insufficient funds.")),
        "not enough money",
    ),
    card(
        "4000000000009987",
        "pm_card_visa_chargeDeclinedLostCard",
        "visa",
        Bank::Declines(declined("lost_card", "Your card was declined.")),
        "lost",
    ),
    card(
        "4000000000000069",
        "pm_card_chargeDeclinedExpiredCard",
        "visa",
        Bank::Declines(Decline {
            code: "expired_card",
            decline_code: None,
            message: "Your card has expired.",
        }),
        "expired",
    ),
    card(
        "4000000000000127",
        "pm_card_chargeDeclinedIncorrectCvc",
        "visa",
        Bank::Declines(Decline {
            code: "incorrect_cvc",
            decline_code: None,
            message: "Your card's security code is incorrect.",
        }),
        "wrong security code",
    ),
    card(
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        "visa",
        Bank::Declines(Decline {
            code: "processing_error",
            decline_code: None,
            message: "An error occurred while processing your card. Try again in a little bit.",
        }),
        "error at the bank",
    ),
    card(
        "4000000000000341",
        "pm_card_chargeCustomerFail",
        "visa",
        Bank::DeclinesPayments(GENERIC),
        "can be kept, declines payments",
    ),
    card(
        "4000000000000259",
        "pm_card_createDispute",
        "visa",
        Bank::WantsItBack("fraudulent"),
        "disputed as fraud",
    ),
    card(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        "visa",
        Bank::WantsItBack("product_not_received"),
        "disputed as not received",
    ),
    card("4000000000007726", "pm_card_pendingRefund", "visa", Bank::RefundsSlowly, "refund is pending first"),
    card("4000000000005126", "pm_card_refundFail", "visa", Bank::RefusesRefunds, "refund fails"),
];

/// The card of a number.
pub fn by_number(number: &str) -> Option<&'static Card> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    CARDS.iter().find(|card| card.number == digits)
}

/// The card that a payment method's name stands for.
pub fn by_method(name: &str) -> Option<&'static Card> {
    CARDS.iter().find(|card| card.method == name)
}
