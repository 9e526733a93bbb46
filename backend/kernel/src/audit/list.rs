//! Entries in one statement, however many they are: who reads hundreds of records at once does not wait hundreds of times.

use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Entry, NotRecorded, Recorded, Signed, strength};
use crate::{Core, layers};

/// Writes entries in their order, each the row that [`super::record`] would write, all at the same moment. When this fails,
/// so must the act: its transaction is not to be committed. There is no receipt where there was nothing to write.
///
/// # Errors
/// [`NotRecorded`] when one of the rows cannot be written; then none is.
pub async fn record_all(
    conn: &mut PgConnection,
    core: &Core,
    entries: &[Entry],
) -> sqlx::Result<Option<Recorded>> {
    if entries.is_empty() {
        return Ok(None);
    }
    write(conn, core, entries).await.map(Some)
}

/// Writes entries, of which there is at least one.
pub(super) async fn write(conn: &mut PgConnection, core: &Core, entries: &[Entry]) -> sqlx::Result<Recorded> {
    sqlx::query(
        "insert into audit_entry (audit_entry_id, occurred_at, actor_kind, actor, action, resource_kind, resource_id, \
         purpose, outcome, request_id, session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, \
         network, salt) \
         select audit_entry_id, $1::timestamptz, actor_kind, actor, action, resource_kind, resource_id, \
         purpose, outcome, $2::text, session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, \
         $3::text, salt \
         from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], \
         $12::uuid[], $13::text[], $14::uuid[], $15::uuid[], $16::uuid[], $17::uuid[], $18::bytea[]) \
         as act (audit_entry_id, actor_kind, actor, action, resource_kind, resource_id, purpose, outcome, \
         session_id, strength, organization_id, on_behalf_of, access_grant_id, whose, salt)",
    )
    .bind(core.now().to_sqlx())
    .bind(layers::current_request_id())
    .bind(layers::current_network())
    .bind(column(entries, |_| core.id::<Uuid>()))
    .bind(column(entries, |entry| entry.actor.kind()))
    .bind(column(entries, |entry| entry.actor.id()))
    .bind(column(entries, |entry| entry.action))
    .bind(column(entries, |entry| entry.resource.kind))
    .bind(column(entries, |entry| entry.resource.id.to_string()))
    .bind(column(entries, |entry| entry.purpose.as_str()))
    .bind(column(entries, |entry| entry.outcome.as_str()))
    .bind(of_signed(entries, |by| Some(by.session_id.0)))
    .bind(of_signed(entries, |by| Some(strength(by.strength))))
    .bind(of_signed(entries, |by| by.organization_id.map(|id| id.0)))
    .bind(of_signed(entries, |by| by.on_behalf_of.map(|id| id.0)))
    .bind(of_signed(entries, |by| by.access_grant_id.map(|id| id.0)))
    .bind(column(entries, |entry| entry.whose.map(|id| id.0)))
    .bind(column(entries, |_| core.chance.bytes::<16>().to_vec()))
    .execute(conn)
    .await
    .map_err(NotRecorded)?;
    Ok(Recorded(()))
}

fn column<T>(entries: &[Entry], value: impl Fn(&Entry) -> T) -> Vec<T> {
    entries.iter().map(value).collect()
}

/// A column that only those fill who are signed in.
fn of_signed<T>(entries: &[Entry], value: impl Fn(&Signed) -> Option<T>) -> Vec<Option<T>> {
    entries.iter().map(|entry| entry.actor.signed().and_then(&value)).collect()
}
