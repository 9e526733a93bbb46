//! What carries text messages, whichever it is.

use futures::future::BoxFuture;
use shared_types::{MessageId, bookings::australian_mobile, personal::Personal};

/// A text message as it goes out. `Debug` shows no more than its id.
#[derive(Clone, Debug)]
pub struct Text {
    /// Which.
    pub message_id: MessageId,
    /// A mobile in E.164.
    pub recipient: Personal<String>,
    /// The words.
    pub text: Personal<String>,
    /// Which try this is, from 1: what is reported of it says so.
    pub attempt: i32,
}

impl Text {
    /// The number, if it is one that we write to: an Australian mobile and nothing else, so that nobody can make us pay for
    /// messages to numbers that earn by them.
    ///
    /// # Errors
    /// [`SmsError::Number`] for all others.
    pub fn number(&self) -> Result<&str, SmsError> {
        let number = self.recipient.expose();
        let is_ours = australian_mobile(number).as_ref() == Some(number);
        if is_ours { Ok(number) } else { Err(SmsError::Number) }
    }
}

/// Why a text message did not go out. Says nothing of the recipient: what a gateway answers often quotes the number, so only its
/// status is kept.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// The number is none that we write to.
    #[error("the number is no Australian mobile")]
    Number,
    /// The gateway refused.
    #[error("the gateway refused with {0}")]
    Refused(u16),
    /// The gateway answered too late; it may have taken the message all the same.
    #[error("the gateway did not answer in time")]
    TimedOut,
    /// No connection, or one that broke.
    #[error("the gateway could not be reached")]
    Unreachable,
    /// The file for it cannot be written.
    #[error("the file cannot be written")]
    File(#[source] std::io::Error),
}

impl SmsError {
    /// Whether another try would end the same way. Too many requests (429), a slow answer (408) and the gateway's own faults
    /// pass.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Number => true,
            Self::Refused(status) => (400..500).contains(status) && !matches!(status, 408 | 429),
            Self::TimedOut | Self::Unreachable | Self::File(_) => false,
        }
    }
}

/// Carries text messages.
pub trait Sms: Send + Sync {
    /// Sends one message. Once it returns `Ok`, somebody else answers for it.
    ///
    /// # Errors
    /// When it surely or possibly did not go out; then it is sent again, at the risk of a repeat.
    fn send<'a>(&'a self, text: &'a Text) -> BoxFuture<'a, Result<(), SmsError>>;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{SmsError, Text};

    fn text(number: &str) -> Text {
        Text {
            message_id: Uuid::from_u128(7).into(),
            recipient: number.to_owned().into(),
            text: "Hello Ada".to_owned().into(),
            attempt: 1,
        }
    }

    #[test]
    fn only_australian_mobiles_are_written_to() {
        assert_eq!(text("+61491570006").number().unwrap(), "+61491570006");
        for number in
            ["0491570006", "+61255501234", "+611900123456", "+6421123456", "+61491570006,+61491570156", ""]
        {
            assert!(matches!(text(number).number(), Err(SmsError::Number)), "{number}");
        }
    }

    #[test]
    fn a_refusal_is_final_unless_it_passes() {
        for (status, is_final) in
            [(400, true), (401, true), (404, true), (408, false), (429, false), (503, false)]
        {
            assert_eq!(SmsError::Refused(status).is_final(), is_final, "{status}");
        }
        assert!(SmsError::Number.is_final() && !SmsError::TimedOut.is_final());
    }

    #[test]
    fn debug_output_shows_nobody() {
        let shown = format!("{:?}", text("+61491570006"));
        assert!(!shown.contains("0006") && !shown.contains("Hello"), "{shown}");
    }
}
