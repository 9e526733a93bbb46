//! Medicare's claiming channel, whichever carries it. Tested against a simulator that was written from public material; not certified
//! by Services Australia.

use futures::future::BoxFuture;
use serde_json::Value;
use shared_types::payments::claim::VerificationKind;

use crate::domain::claim::{Assessment, ClaimMessage, PaymentRun, Report};

/// In whose name something is asked, and under which id. An id is good for one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The practice's location id: eight characters.
    pub location_id: String,
    /// `urn:uuid:`, the location id, sixteen digits.
    pub correlation_id: String,
}

/// A question about a patient. It prints nothing.
#[derive(Clone)]
pub struct Question {
    /// What is asked.
    pub kind: VerificationKind,
    /// The number of the card that it is about.
    pub number: String,
    /// The patient, as the channel writes them.
    pub patient: Value,
}

/// A report and the SHA-256 of what came.
pub type Received<T> = (Report<T>, [u8; 32]);

/// Why there is no answer. It says nothing of the patient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MedicareError {
    /// Nothing was sent: there is no channel, no token, or no connection.
    #[error("nothing was sent to Medicare: {0}")]
    NotSent(&'static str),
    /// It was sent, and nobody knows whether it arrived: no answer, or 3004, which may hide a success.
    #[error("Medicare gave no answer that says whether it arrived")]
    Unknown,
    /// It is refused, with these codes.
    #[error("Medicare refused with {}", .0.join(", "))]
    Refused(Vec<String>),
    /// The answer is none that this build can read.
    #[error("Medicare's answer cannot be read")]
    Unreadable,
}

/// What the channel answers.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, MedicareError>>;

/// Carries claims to Medicare and answers back.
pub trait MedicareGateway: Send + Sync {
    /// Lodges a claim, and says Medicare's name for it.
    fn lodge<'a>(&'a self, asking: &'a Asking, claim: &'a ClaimMessage) -> Answer<'a, String>;
    /// Whether the message of an id arrived, and the name that Medicare gave it.
    fn arrived<'a>(&'a self, asking: &'a Asking, correlation_id: &'a str) -> Answer<'a, Option<String>>;
    /// How a claim was assessed.
    fn processing_report<'a>(
        &'a self,
        asking: &'a Asking,
        claim_id: &'a str,
    ) -> Answer<'a, Received<Assessment>>;
    /// How a claim was paid.
    fn payment_report<'a>(
        &'a self,
        asking: &'a Asking,
        claim_id: &'a str,
    ) -> Answer<'a, Received<PaymentRun>>;
    /// What Medicare knows of a patient: a code.
    fn verify<'a>(&'a self, asking: &'a Asking, question: &'a Question) -> Answer<'a, String>;
}

/// An installation that has no channel: claims are written and wait.
pub struct NoChannel;

impl NoChannel {
    fn answer<T>() -> Answer<'static, T>
    where
        T: Send + 'static,
    {
        Box::pin(async { Err(MedicareError::NotSent("MEDICARE_URL is not set")) })
    }
}

impl MedicareGateway for NoChannel {
    fn lodge<'a>(&'a self, _: &'a Asking, _: &'a ClaimMessage) -> Answer<'a, String> {
        Self::answer()
    }

    fn arrived<'a>(&'a self, _: &'a Asking, _: &'a str) -> Answer<'a, Option<String>> {
        Self::answer()
    }

    fn processing_report<'a>(&'a self, _: &'a Asking, _: &'a str) -> Answer<'a, Received<Assessment>> {
        Self::answer()
    }

    fn payment_report<'a>(&'a self, _: &'a Asking, _: &'a str) -> Answer<'a, Received<PaymentRun>> {
        Self::answer()
    }

    fn verify<'a>(&'a self, _: &'a Asking, _: &'a Question) -> Answer<'a, String> {
        Self::answer()
    }
}
