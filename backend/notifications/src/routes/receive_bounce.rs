//! `POST /api/v1/notifications/bounces`: what a mail server reports of a letter that it, or another, took. Whoever runs the server
//! that takes mail for `HELLOMAPPER_MAIL_BOUNCE_ADDRESS` has it handed on as it came, with the address that it came to in a header.
//! That address alone says whose report it is, and that we asked for it.

use axum::{body::Bytes, extract::State as Extract, http::HeaderMap, response::NoContent};
use kernel::Reject;
use shared_types::{Problem, users::ContactChannel};

use crate::{gateways::delivery_report::failed_with, giving_up, state::State};

/// Where it is posted to.
pub const PATH: &str = "/api/v1/notifications/bounces";
/// How long a report may be, in bytes: most bring back the whole letter, which is a tenth of this.
pub const MAX_REPORT: usize = 512 * 1024;
/// Names the address that it came to, as mail servers do that write it down.
const RECIPIENT: &str = "x-original-to";

/// Gives the letter up that it says will not arrive, once however often that is said, and not for a try that another came after. What came
/// to no address of ours, or is about what is not there any more, is told that nothing is here; of what is no report, or says that a
/// letter is late or has arrived, there is nothing to do.
pub async fn receive_bounce(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    mail: Bytes,
) -> Result<NoContent, Reject> {
    let not_found = || Reject::from(Problem::not_found("That"));
    let bounces = state.bounces.as_ref().ok_or_else(not_found)?;
    let recipient = headers.get(RECIPIENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tried = bounces.read(recipient).ok_or_else(not_found)?;
    if let Some(code) = failed_with(&mail) {
        let note = format!("a mail server reported {code}");
        giving_up::take_report(&state, tried, ContactChannel::Email, &note).await?;
    }
    Ok(NoContent)
}
