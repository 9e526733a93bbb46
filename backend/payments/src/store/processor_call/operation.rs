//! What the processor can be asked to do.

/// What the processor is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Know somebody who pays.
    CreateCustomer,
    /// Open a page of its own to the patient.
    OpenCheckout,
    /// Close it.
    ExpireCheckout,
    /// Hold money on a card that is kept.
    Authorise,
    /// Take money from a card that is kept.
    Charge,
    /// Take what is held, or part of it.
    Capture,
    /// Let a payment or set-up go.
    Cancel,
    /// Give money back.
    Refund,
    /// Take part of a practice's share back.
    ReverseTransfer,
    /// Send a practice what a refund that did not come took of it.
    SendShare,
    /// Take that again with the next refund, or for what a bank took since.
    TakeSentShare,
    /// Forget a card.
    DetachCard,
    /// Know a practice.
    CreateAccount,
    /// Open its page for practices.
    OpenOnboarding,
    /// Send evidence to a bank.
    SubmitEvidence,
    /// Hold a practice's payouts.
    HoldPayouts,
    /// Pay a practice out again.
    ReleasePayouts,
}

impl Operation {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 17] = [
        Self::CreateCustomer,
        Self::OpenCheckout,
        Self::ExpireCheckout,
        Self::Authorise,
        Self::Charge,
        Self::Capture,
        Self::Cancel,
        Self::Refund,
        Self::ReverseTransfer,
        Self::SendShare,
        Self::TakeSentShare,
        Self::DetachCard,
        Self::CreateAccount,
        Self::OpenOnboarding,
        Self::SubmitEvidence,
        Self::HoldPayouts,
        Self::ReleasePayouts,
    ];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::CreateCustomer => "create_customer",
            Self::OpenCheckout => "open_checkout",
            Self::ExpireCheckout => "expire_checkout",
            Self::Authorise => "authorise",
            Self::Charge => "charge",
            Self::Capture => "capture",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
            Self::ReverseTransfer => "reverse_transfer",
            Self::SendShare => "send_share",
            Self::TakeSentShare => "take_sent_share",
            Self::DetachCard => "detach_card",
            Self::CreateAccount => "create_account",
            Self::OpenOnboarding => "open_onboarding",
            Self::SubmitEvidence => "submit_evidence",
            Self::HoldPayouts => "hold_payouts",
            Self::ReleasePayouts => "release_payouts",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}
