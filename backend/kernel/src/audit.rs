//! Who did what to whose record: one row for each act, in the act's own transaction.

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Core;

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody we know.
    Anonymous,
    /// A browser with a guest cookie; the first bytes of its hash tell guests apart without naming anyone.
    Guest([u8; 32]),
    /// Somebody with a manage link and proof.
    Link(Uuid),
    /// One of our own jobs.
    System(&'static str),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Allowed,
    /// Refused.
    Denied,
}

/// One act. Ids only: an audit entry holds no personal data but who and whose.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub actor: Actor,
    /// The operation's name, such as `confirm_hold`.
    pub action: &'static str,
    /// What kind of thing, such as `booking`.
    pub resource_kind: &'static str,
    /// Which.
    pub resource_id: Uuid,
    /// What for, such as `booking` or `care`.
    pub purpose: &'static str,
    /// How it ended.
    pub outcome: Outcome,
}

/// Writes the entry. When this fails, so must the act: its transaction is not to be committed.
///
/// # Errors
/// When the row cannot be written.
pub async fn record(conn: &mut PgConnection, core: &Core, entry: Entry) -> sqlx::Result<()> {
    let (actor_kind, actor) = match entry.actor {
        Actor::Anonymous => ("anonymous", None),
        Actor::Guest(hash) => ("guest", Some(hex::encode(&hash[..8]))),
        Actor::Link(booking) => ("link", Some(booking.to_string())),
        Actor::System(job) => ("system", Some(job.to_owned())),
    };
    let outcome = match entry.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied => "denied",
    };
    sqlx::query(
        "insert into audit_entry (audit_entry_id, occurred_at, actor_kind, actor, action, resource_kind, resource_id, \
         purpose, outcome, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(core.id::<Uuid>())
    .bind(core.now().to_sqlx())
    .bind(actor_kind)
    .bind(actor)
    .bind(entry.action)
    .bind(entry.resource_kind)
    .bind(entry.resource_id.to_string())
    .bind(entry.purpose)
    .bind(outcome)
    .bind(crate::layers::current_request_id())
    .execute(conn)
    .await?;
    Ok(())
}
