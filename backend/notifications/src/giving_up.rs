//! What becomes of a message that was given up: by ourselves, when it could not be handed over, or by whoever took it and reports
//! later that it did not arrive. Either way the practice, or an administrator, sees what did not arrive, and what it was to say goes
//! another way.

use kernel::Reject;
use shared_types::{MessageId, Problem, users::ContactChannel};
use sqlx::PgConnection;

use crate::{
    by_text::{self, Writing},
    inbox::lateness_said,
    state::State,
    store::{lateness, plan, taken_over},
};

/// Who does it, for the log.
const SELF: &str = "notifications.give_up";

/// What is no reminder and was given up on one way goes the other, if there is one.
pub async fn go_the_other_way(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    message_id: MessageId,
    given_up: ContactChannel,
) -> anyhow::Result<()> {
    match given_up {
        ContactChannel::Email => {
            by_text::instead_of(conn, writing, message_id).await?;
            lateness_said::instead_by_text(conn, writing, message_id).await
        }
        ContactChannel::Sms => {
            by_text::text_given_up(conn, writing, message_id).await?;
            let unsent =
                lateness::given_up(conn, message_id, ContactChannel::Sms, writing.core.now()).await?;
            lateness_said::instead_by_mail(conn, writing.core, unsent.into_iter().collect(), writing.by).await
        }
    }
}

/// Whoever took a message, at that try where it is known which, reports that it did not arrive. `note` says why and nothing of the
/// address. It is given up once, however often that is reported: what we gave up ourselves, or dropped, stays as it is, and so does what
/// was tried again since, of which its own report tells.
///
/// # Errors
/// 404 where there is no such message any more.
pub async fn take_report(
    state: &State,
    (message_id, attempt): (MessageId, Option<i32>),
    way: ContactChannel,
    note: &str,
) -> Result<(), Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let caused_by = taken_over::cause_of(&mut tx, message_id, way).await?;
    let caused_by = caused_by.ok_or_else(|| Problem::not_found("That"))?;
    // The plan first, as everybody does who changes both.
    let is_reminder = plan::lock(&mut tx, caused_by).await?.is_some();
    if !taken_over::give_up(&mut tx, (message_id, attempt), note).await? {
        return Ok(());
    }
    tracing::warn!(message.id = %message_id, error = note, "a message that was handed over did not arrive");
    if is_reminder {
        plan::take_next_way(&mut tx, caused_by, core.now()).await?;
    } else {
        let writing = Writing { core, sender: &state.sender, texts: state.texts, by: SELF };
        go_the_other_way(&mut tx, writing, message_id, way).await?;
    }
    core.commit(tx).await?;
    Ok(())
}
