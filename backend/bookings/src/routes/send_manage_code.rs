//! `POST /api/v1/bookings/manage/codes`: six digits to the patient's own address.

use axum::extract::State as Extract;
use jiff::SignedDuration;
use kernel::{
    Accepted, Json, Reject,
    audit::{self, Actor, Outcome, Purpose},
    chance::hash_secret,
    outbox,
};
use shared_types::{
    Problem,
    bookings::{BookingsEvent, ManageCodeFact, SendManageCode},
};

use crate::{
    state::State,
    store::{
        appointment,
        manage::{self, CODES},
    },
};

/// How long a code works, in minutes.
const CODE_MINUTES: i64 = 15;

/// Has a code mailed. An older one stops working.
pub async fn send_manage_code(
    Extract(state): Extract<State>,
    Json(body): Json<SendManageCode>,
) -> Result<Accepted<()>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let link = manage::find_link(&mut tx, &hash_secret(&body.token), now).await?;
    let link = link.ok_or_else(|| Problem::not_found("This link"))?;
    if link.codes_sent >= CODES {
        return Err(Problem::new("rate-limited", 429, "No more codes can be sent for this link")
            .detail("Call the practice to change the appointment.")
            .into());
    }
    let row = appointment::newest_of(&mut tx, link.booking_id)
        .await?
        .ok_or_else(|| Problem::not_found("This appointment"))?;
    let code = core.chance.code();
    let expires_at = now.saturating_add(SignedDuration::from_mins(CODE_MINUTES)).unwrap_or(now);
    manage::store_code(&mut tx, link.booking_id, &hash_secret(&code), expires_at).await?;
    let entry = audit::Entry {
        actor: Actor::Link(link.booking_id),
        action: "send_manage_code",
        resource: link.booking_id.into(),
        whose: None,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    let fact =
        ManageCodeFact { booking_id: link.booking_id, email: row.email, code: code.into(), expires_at };
    let about = outbox::About {
        aggregate: "manage_code",
        id: link.booking_id.to_string(),
        version: i64::from(link.codes_sent) + 1,
    };
    outbox::tell(&mut tx, core, about, &BookingsEvent::ManageCodeRequested(fact)).await?;
    core.commit(tx).await?;
    Ok(Accepted(()))
}
