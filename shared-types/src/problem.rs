//! Errors as every service sends them: RFC 9457 problem details (read 2026-11-22).

use serde::{Deserialize, Serialize};

/// An `application/problem+json` body. Clients match on [`Problem::kind`], never on words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// A stable path such as `/problems/time-taken`; each has a page of its own.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was kept and what to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request this answers, for support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// One entry for each field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The nearest other times, when a time was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<jiff::Timestamp>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field: a JSON pointer into the body (`/email`) or a query parameter's name (`radius_m`).
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl FieldError {
    /// Names a field and what is wrong with it.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl Problem {
    /// A problem of the given kind (`time-taken`), status and title.
    pub fn new(kind: &str, status: u16, title: &str) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: title.to_owned(),
            status,
            detail: None,
            instance: None,
            errors: Vec::new(),
            alternatives: Vec::new(),
        }
    }

    /// Adds what was kept and what to do next.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the fields that are wrong.
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds the nearest other times.
    pub fn alternatives(mut self, alternatives: Vec<jiff::Timestamp>) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// Whether this is the problem `/problems/{kind}`.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.strip_prefix("/problems/") == Some(kind)
    }

    /// 404: absent, or not for the caller to know.
    pub fn not_found(what: &str) -> Self {
        Self::new("not-found", 404, &format!("{what} not found"))
    }

    /// 422: understood, but some fields are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new("invalid", 422, "Some of this needs another look").errors(errors)
    }

    /// 500: our bug. Says nothing of the cause; the log does.
    pub fn internal() -> Self {
        Self::new("internal", 500, "Something went wrong on our side")
            .detail("Nothing was changed. Try again; if it keeps happening, tell us the request number.")
    }
}
