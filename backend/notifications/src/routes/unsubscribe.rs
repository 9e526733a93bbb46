//! `/api/v1/notifications/unsubscribe/{token}`: no more reminders by mail to the address that the link came to. Mail programs
//! post here by themselves when somebody presses their button (RFC 8058), people from the page; neither is signed in.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Core, Json, Reject, SeeOther,
    audit::{self, Actor, Entry, Outcome, Purpose},
    chance::hash_secret,
};
use shared_types::{Problem, notifications::MailReminders, users::ContactChannel};
use sqlx::PgConnection;

use crate::{
    domain::unsubscribing::page_link,
    state::State,
    store::{
        stop,
        unsubscribe::{self, Link},
    },
};

/// Leads whoever follows the header's link to the page. Looking changes nothing: programs follow links, too.
pub async fn show_unsubscribe(Extract(state): Extract<State>, Path(token): Path<String>) -> SeeOther {
    // Nothing but a secret's letters becomes part of an address.
    let token: String = token.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    SeeOther(page_link(&state.sender.public_url, &token))
}

/// Stops them, at once. What is posted does not matter: the link says everything.
pub async fn unsubscribe(
    Extract(core): Extract<Core>,
    Path(token): Path<String>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let link = find(&mut tx, &core, &token).await?;
    let changed = stop::stop(&mut tx, ContactChannel::Email, link.address.expose(), core.now()).await?;
    end(tx, &core, &link, changed.then_some("stop_reminders")).await
}

/// Takes it back, for who pressed by mistake.
pub async fn subscribe_again(
    Extract(core): Extract<Core>,
    Path(token): Path<String>,
) -> Result<NoContent, Reject> {
    let mut tx = core.begin().await?;
    let link = find(&mut tx, &core, &token).await?;
    let changed = stop::resume(&mut tx, ContactChannel::Email, link.address.expose()).await?;
    end(tx, &core, &link, changed.then_some("resume_reminders")).await
}

/// Whether they are stopped, for the page; nothing where the link does not work.
pub async fn find_unsubscribe(
    Extract(core): Extract<Core>,
    Path(token): Path<String>,
) -> Result<Json<Option<MailReminders>>, Reject> {
    let mut conn = core.pool.acquire().await?;
    let Some(link) = unsubscribe::find(&mut conn, &hash_secret(&token), core.now()).await? else {
        return Ok(Json(None));
    };
    let stopped = stop::is_stopped(&mut conn, ContactChannel::Email, link.address.expose()).await?;
    Ok(Json(Some(MailReminders { stopped })))
}

async fn find(conn: &mut PgConnection, core: &Core, token: &str) -> Result<Link, Reject> {
    let link = unsubscribe::find(conn, &hash_secret(token), core.now()).await?;
    Ok(link.ok_or_else(|| Problem::not_found("This link"))?)
}

async fn end(
    mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
    core: &Core,
    link: &Link,
    done: Option<&'static str>,
) -> Result<NoContent, Reject> {
    if let Some(action) = done {
        let entry = Entry {
            actor: Actor::Link(link.booking_id),
            action,
            resource: link.booking_id.into(),
            whose: link.patient_id,
            purpose: Purpose::Booking,
            outcome: Outcome::Allowed,
        };
        audit::record(&mut tx, core, entry).await?;
    }
    core.commit(tx).await?;
    Ok(NoContent)
}
