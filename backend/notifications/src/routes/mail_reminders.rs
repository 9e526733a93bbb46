//! `/api/v1/notifications/me/mail-reminders`: whether reminders go to an account's own address, however they were stopped. Which
//! address that is users states in a signed ticket: what was typed for a booking may be somebody else's.

use axum::extract::State as Extract;
use kernel::{Core, Json, Reject, SignedIn, ticket};
use shared_types::{
    Problem,
    notifications::{FindMailReminders, MailReminders, PutMailReminders},
    personal::Personal,
    problem::FieldError,
    users::{AddressStatement, ContactChannel},
};
use sqlx::PgConnection;

use crate::{own_record::note, store::stop};

/// What holds. That somebody looked is in the log of users, which gave the ticket for it.
pub async fn find_mail_reminders(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<FindMailReminders>,
) -> Result<Json<MailReminders>, Reject> {
    let mut conn = core.pool.acquire().await?;
    let address = stated(&mut conn, &core, &caller, &body.ticket).await?;
    let stopped = stop::is_stopped(&mut conn, ContactChannel::Email, address.expose()).await?;
    Ok(Json(MailReminders { stopped }))
}

/// Stops them or has them sent again, as the way out in a reminder does. To want what holds already changes nothing.
pub async fn put_mail_reminders(
    Extract(core): Extract<Core>,
    caller: SignedIn,
    Json(body): Json<PutMailReminders>,
) -> Result<Json<MailReminders>, Reject> {
    let stopped = body.stopped;
    let mut tx = core.begin().await?;
    let address = stated(&mut tx, &core, &caller, &body.ticket).await?;
    let (changed, action) = if stopped {
        let changed = stop::stop(&mut tx, ContactChannel::Email, address.expose(), core.now()).await?;
        (changed, "stop_reminders")
    } else {
        (stop::resume(&mut tx, ContactChannel::Email, address.expose()).await?, "resume_reminders")
    };
    if changed {
        note(&mut tx, &core, &caller, action).await?;
    }
    core.commit(tx).await?;
    Ok(Json(MailReminders { stopped }))
}

/// The address that a ticket states.
async fn stated(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    text: &Personal<String>,
) -> Result<Personal<String>, Reject> {
    let (kind, now) = (AddressStatement::KIND, core.now());
    let statement = ticket::open::<AddressStatement>(conn, "users", kind, text.expose(), now).await?;
    // A ticket is for the account it was made for, whoever brings it.
    let statement = statement.filter(|statement| statement.account_id == caller.account_id);
    let statement = statement.ok_or_else(|| {
        Problem::invalid(vec![FieldError::new("/ticket", "Get a new ticket and try again")])
    })?;
    Ok(statement.email)
}
