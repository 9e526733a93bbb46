//! `POST /api/v1/bookings/replies/attendance`: a reminder's link that says "I will come".

use axum::{extract::State as Extract, response::NoContent};
use kernel::{Json, Reject, audit::Actor, chance::hash_secret};
use shared_types::{Problem, bookings::AnswerReminder};

use crate::{attending, state::State, store::reply};

/// Notes that the patient will come, and shows nothing: whoever has the link may have no more than that. A link whose
/// appointment is at another time now, or does not take place, is as unknown as one that nobody was sent.
pub async fn answer_reminder(
    Extract(state): Extract<State>,
    Json(body): Json<AnswerReminder>,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let not_found = || Reject::from(Problem::not_found("This link"));
    let mut tx = core.begin().await?;
    let link = reply::find_attending(&mut tx, &hash_secret(&body.token), core.now()).await?;
    let (booking_id, start) = link.ok_or_else(not_found)?;
    let by = (Actor::Link(booking_id), "answer_reminder");
    if !attending::will_come(&mut tx, core, booking_id, start, by).await? {
        return Err(not_found());
    }
    core.commit(tx).await?;
    Ok(NoContent)
}
