//! What every service does when somebody is erased (APP 11.2, C-14), beside what its own tables hold.

use jiff::civil::Date;
use shared_types::{
    AccountId, Zone, retention,
    users::{Erased, ErasureAnswer, ErasureRequest, Kept},
};
use sqlx::PgConnection;

use crate::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
};

/// The operation by which somebody asks for it. Its own reply stays for a day, in case the request comes again.
pub const OPERATION: &str = "ask_erasure";

/// Forgets the other replies that are kept in case somebody's requests come again.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_replies(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Erased> {
    let done =
        sqlx::query("delete from idempotency where route <> $2 and (caller = $1 or caller like '% ' || $1)")
            .bind(account_id.to_string())
            .bind(OPERATION)
            .execute(conn)
            .await?;
    Ok(Erased::new("idempotency", done.rows_affected()))
}

/// The service's answer, written down in the log. What the log itself keeps is part of it.
///
/// # Errors
/// When the entry cannot be written.
pub async fn answer(
    conn: &mut PgConnection,
    core: &Core,
    service: &str,
    request: &ErasureRequest,
    erased: Vec<Erased>,
    mut kept: Vec<Kept>,
) -> sqlx::Result<ErasureAnswer> {
    let entry = Entry {
        actor: Actor::System("erasure"),
        action: "erase_person",
        resource: request.patient_id.map_or(Resource::from(request.account_id), Resource::from),
        whose: request.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    kept.push(log(Zone::SYDNEY.date(core.now())));
    Ok(ErasureAnswer {
        erasure_id: request.erasure_id,
        service: service.to_owned(),
        answered_at: core.now(),
        erased: erased.into_iter().filter(|one| one.rows > 0).collect(),
        kept,
    })
}

/// What the audit log keeps of everybody.
fn log(today: Date) -> Kept {
    Kept::new(
        "Who looked at or changed your record, without what it said",
        "So that it can be checked later. Entries name ids and not people, and go after seven years.",
        Some(retention::seven_years_after(today)),
    )
}
