//! What the processor says instead of doing what it was asked.

use stripe::StripeError;

use crate::IntentRecord;

/// Why a request did not work.
#[derive(Debug, thiserror::Error)]
pub enum ProcessorError {
    /// The bank said no; asking again with the same card is no use.
    #[error("the bank declined: {code}")]
    Declined {
        /// The processor's word for it: `insufficient_funds`.
        code: String,
        /// The intent that was made all the same.
        intent: Option<Box<IntentRecord>>,
    },
    /// There is no such object.
    #[error("the processor knows no such object")]
    Missing,
    /// It does not do that, now or ever; asking again is no use.
    #[error("the processor refused: {code}")]
    Refused {
        /// The processor's word for it: `charge_already_captured`.
        code: String,
    },
    /// It did not answer, or not now. Whether it did what was asked is not known; the same key finds out.
    #[error("the processor did not answer: {0}")]
    Unavailable(String),
}

impl ProcessorError {
    /// A refusal by its code.
    pub(crate) fn refused(code: &str) -> Self {
        Self::Refused { code: code.to_owned() }
    }
}

impl From<StripeError> for ProcessorError {
    /// Nothing of the processor's message is kept: it may quote what was sent.
    fn from(error: StripeError) -> Self {
        match error {
            StripeError::Stripe(error, status) => {
                let code = error.code.as_ref().map_or("unknown", |code| code.as_str()).to_owned();
                match status {
                    402 => Self::Declined {
                        code: error.decline_code.clone().unwrap_or(code),
                        intent: error.payment_intent.map(|intent| Box::new(intent.into())),
                    },
                    404 => Self::Missing,
                    // Our key is not taken, which says nothing of a card; another request with the same idempotency key or on the
                    // same object is under way; or there were too many.
                    401 | 409 | 429 | 500.. => Self::Unavailable(format!("{status} {code}")),
                    _ if code == "resource_missing" => Self::Missing,
                    _ => Self::Refused { code },
                }
            }
            // It answered with something that this build cannot read, so it may have done what was asked.
            StripeError::JSONDeserialize(_) => Self::Unavailable("an answer that cannot be read".to_owned()),
            StripeError::ClientError(_) => Self::Unavailable("no connection".to_owned()),
            StripeError::ConfigError(_) => Self::refused("configuration"),
            StripeError::Timeout => Self::Unavailable("no answer in time".to_owned()),
        }
    }
}
