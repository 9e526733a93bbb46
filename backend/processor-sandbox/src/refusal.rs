//! How the processor says no (<https://docs.stripe.com/api/errors>, read 2026-11-26).

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

/// An error as its clients read it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The status of the reply.
    pub status: StatusCode,
    /// What is within `error`.
    pub error: Map<String, Value>,
}

impl Refusal {
    fn new(status: StatusCode, kind: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let mut error = Map::new();
        error.insert("type".to_owned(), Value::from(kind));
        error.insert("message".to_owned(), Value::from(message));
        Self { status, error }
    }

    /// One more member of `error`.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.error.insert(name.to_owned(), value.into());
        self
    }

    /// The request cannot be done as it stands.
    pub fn invalid(param: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message).with("param", bracketed(param))
    }

    /// The request cannot be done as it stands, with the code that clients tell it by.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message).with("code", code)
    }

    /// A parameter is not there.
    pub fn missing(param: &str) -> Self {
        let named = bracketed(param);
        Self::invalid(param, format!("Missing required param: {named}.")).with("code", "parameter_missing")
    }

    /// A parameter that should be a whole number.
    pub fn no_number(param: &str, text: &str) -> Self {
        Self::invalid(param, format!("Invalid integer: {text}")).with("code", "parameter_invalid_integer")
    }

    /// The object of the address is not there, or another account's.
    pub fn no_such(kind: &str, id: &str) -> Self {
        let message = format!("No such {}: '{id}'", kind.replace(['_', '.'], " "));
        Self { status: StatusCode::NOT_FOUND, ..Self::refused("resource_missing", message) }
            .with("param", "id")
    }

    /// The account is not there, or is not the platform's to act for any more
    /// (<https://docs.stripe.com/error-codes#account-invalid>, read 2026-11-28).
    pub fn no_access(account: &str) -> Self {
        let message = format!(
            "The provided key does not have access to account '{account}' (or that account does not exist). Application \
             access may have been revoked."
        );
        Self { status: StatusCode::FORBIDDEN, ..Self::refused("account_invalid", message) }
    }

    /// The address leads nowhere.
    pub fn no_address(method: &str, path: &str) -> Self {
        let message = format!("Unrecognized request URL ({method}: {path}).");
        Self::new(StatusCode::NOT_FOUND, "invalid_request_error", message)
    }

    /// No key, or none that a sandbox takes.
    pub fn no_key() -> Self {
        let message = "You did not provide a test API key: the sandbox takes keys that begin with sk_test_.";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message)
    }

    /// The key was used for another request.
    pub fn key_reused(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using \
             a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(StatusCode::BAD_REQUEST, "idempotency_error", message)
    }

    /// The card said no.
    pub fn card(code: &str, decline_code: Option<&str>, message: &str) -> Self {
        let refusal = Self::new(StatusCode::PAYMENT_REQUIRED, "card_error", message).with("code", code);
        match decline_code {
            Some(decline_code) => refusal.with("decline_code", decline_code),
            None => refusal,
        }
    }

    /// The processor is busy, by a fault that was asked for.
    pub fn busy() -> Self {
        let message = "An error occurred while communicating with the processor.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "api_error", message)
    }

    /// The body of the reply.
    pub fn body(&self) -> Value {
        json!({ "error": self.error })
    }
}

/// `a.b.c` as `a[b][c]`.
fn bracketed(path: &str) -> String {
    let mut parts = path.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| format!("{name}[{part}]"))
}
