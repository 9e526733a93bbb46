//! `POST /api/v1/notifications/texts`: what somebody answered to a text message, as the gateway hands it on. `Y` says that they
//! will come, `N` asks how to cancel and cancels nothing, `STOP` and `START` end and resume text messages.

use axum::{
    extract::{RawForm, State as Extract},
    http::HeaderMap,
};
use kernel::{MediaType, Reject, Written};
use shared_types::{Problem, bookings::australian_mobile};

use crate::{
    answering::{self, Came},
    domain::answer::Answer,
    gateways::signed_form::SignedForm,
    state::State,
};

/// Where the gateway posts to; the signature covers it.
pub const PATH: &str = "/api/v1/notifications/texts";

/// The gateway's language for replies.
pub struct Markup;

impl MediaType for Markup {
    const NAME: &'static str = "text/xml; charset=utf-8";
}

/// Takes one message once, however often it is posted. Whatever is not signed by the gateway is told that nothing is here.
pub async fn receive_text(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<Written<Markup>, Reject> {
    let not_found = || Reject::from(Problem::not_found("That"));
    let secret = state.answers.as_ref().ok_or_else(not_found)?;
    let url = format!("{}{PATH}", state.sender.public_url);
    let Some(form) = SignedForm::read(secret, &url, &headers, &form) else {
        tracing::warn!(
            "a text message came without the gateway's signature; is HELLOMAPPER_SMS_ANSWERS_SECRET right?"
        );
        return Err(not_found());
    };
    let fields = (form.field("MessageSid"), form.field("From"), form.field("Body"));
    let (Some(provider_id), Some(from), Some(body)) = fields else {
        return Err(Problem::new("unreadable", 400, "This request cannot be read").into());
    };
    // Nobody else was written to, so nobody else answers.
    if let Some(mobile) = australian_mobile(from) {
        let came = Came { provider_id, mobile: &mobile, answer: Answer::read(body) };
        answering::take(&state, &came).await?;
    }
    Ok(nothing_to_say())
}

/// What the gateway reads as "no reply from here": ours goes the way of all messages.
fn nothing_to_say() -> Written<Markup> {
    Written::new("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>")
}
