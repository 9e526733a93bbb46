//! `POST /api/v1/notifications/texts/{message_id}/status`: what became of a text message that the gateway took, as it reports later
//! (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks, read 2026-11-28). Each try of a message is
//! sent with this address, and the gateway signs address and form as it signs what people answer.

use axum::{
    extract::{Path, Query, RawForm, State as Extract},
    http::HeaderMap,
    response::NoContent,
};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{MessageId, Problem, users::ContactChannel};

use crate::{
    gateways::{http_sms::report_path, signed_form::SignedForm},
    giving_up,
    state::State,
};

/// Where the gateway posts to; the signature covers it.
pub const PATH: &str = "/api/v1/notifications/texts/{message_id}/status";

/// What the report is about.
#[derive(Deserialize, JsonSchema)]
pub struct Tried {
    /// Which try of the message; none of those that were sent before addresses said so.
    #[serde(rename = "try")]
    attempt: Option<i32>,
}

/// Gives the message up that it says did not arrive, once however often that is said; of what is on its way, or has arrived, and of a try
/// that another came after, there is nothing to do. Whatever is not signed by the gateway is told that nothing is here.
pub async fn receive_text_status(
    Extract(state): Extract<State>,
    Path(message_id): Path<MessageId>,
    Query(Tried { attempt }): Query<Tried>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<NoContent, Reject> {
    let not_found = || Reject::from(Problem::not_found("That"));
    let secret = state.answers.as_ref().ok_or_else(not_found)?;
    let url = format!("{}{}", state.sender.public_url, report_path(message_id, attempt));
    let form = SignedForm::read(secret, &url, &headers, &form).ok_or_else(not_found)?;
    let status = match form.field("MessageStatus") {
        Some("undelivered") => "undelivered",
        Some("failed") => "failed",
        Some(_) | None => return Ok(NoContent),
    };
    // The gateway's own words may quote the number: its code is a number alone, or is not kept.
    let code = form.field("ErrorCode").and_then(|code| code.parse::<u32>().ok());
    let note = match code {
        Some(code) => format!("the gateway reported {status}, {code}"),
        None => format!("the gateway reported {status}"),
    };
    giving_up::take_report(&state, (message_id, attempt), ContactChannel::Sms, &note).await?;
    Ok(NoContent)
}
