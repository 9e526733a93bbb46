//! `POST /api/v1/notifications/texts/{message_id}/status`: what became of a text message that the gateway took, as it reports later
//! (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks, read 2026-11-28). Each message is sent
//! with this address, and the gateway signs address and form as it signs what people answer.

use axum::{
    extract::{Path, RawForm, State as Extract},
    http::HeaderMap,
    response::NoContent,
};
use kernel::Reject;
use shared_types::{MessageId, Problem, users::ContactChannel};

use crate::{
    gateways::{http_sms::report_path, signed_form},
    giving_up,
    state::State,
};

/// Where the gateway posts to; the signature covers it.
pub const PATH: &str = "/api/v1/notifications/texts/{message_id}/status";

/// Gives the message up that it says did not arrive, once however often that is said; of what is on its way, or has arrived, there is
/// nothing to do. Whatever is not signed by the gateway is told that nothing is here.
pub async fn receive_text_status(
    Extract(state): Extract<State>,
    Path(message_id): Path<MessageId>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<NoContent, Reject> {
    let not_found = || Reject::from(Problem::not_found("That"));
    let secret = state.answers.as_ref().ok_or_else(not_found)?;
    let form: Vec<_> = form_urlencoded::parse(&form).into_owned().collect();
    let url = format!("{}{}", state.sender.public_url, report_path(message_id));
    let signature =
        headers.get(signed_form::HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed_form::is_signed(secret, &url, &form, signature) {
        return Err(not_found());
    }
    let field = |name: &str| form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let status = match field("MessageStatus") {
        Some("undelivered") => "undelivered",
        Some("failed") => "failed",
        Some(_) | None => return Ok(NoContent),
    };
    // The gateway's own words may quote the number: its code is a number alone, or is not kept.
    let code = field("ErrorCode").and_then(|code| code.parse::<u32>().ok());
    let note = match code {
        Some(code) => format!("the gateway reported {status}, {code}"),
        None => format!("the gateway reported {status}"),
    };
    giving_up::take_report(&state, message_id, ContactChannel::Sms, &note).await?;
    Ok(NoContent)
}
