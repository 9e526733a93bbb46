//! The payments context: what is to be paid through us and what came of it, and what is claimed from Medicare.

pub mod assignment;
pub mod claim;
mod codes;
pub mod coverage;
pub mod eligibility;
mod events;
pub mod funding;
pub mod pay;
pub mod platform;
pub mod practice;
pub mod quote;
pub mod rules;
mod state;
pub mod unpaid;

pub use self::{
    events::{
        AskedFact, AssignmentFact, ChargebackFact, ClaimFact, FailedStep, InvoiceFact, OwedFee, PaymentFact,
        PaymentsEvent, PayoutFact, PracticeAccountFact, RefundFact,
    },
    state::{
        ChargebackStatus, FeeKind, IntentKind, IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus,
        PaymentStep, PayoutStatus, RefundReason, RefundStatus, TransferStatus,
    },
};
