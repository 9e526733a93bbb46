//! Table `payments.heard`: until when everything is known that another service has told.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

/// Writes that an event of then has come. Events come in their order, so all before it have; to the minute is close enough.
///
/// # Errors
/// When the table cannot be changed.
pub async fn note(conn: &mut PgConnection, producer: &str, occurred_at: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.heard as old (producer, occurred_at) values ($1, $2) \
         on conflict on constraint heard_pkey do update set occurred_at = excluded.occurred_at \
         where old.occurred_at < excluded.occurred_at - interval '1 minute'",
        producer,
        occurred_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the latest event happened that has come from a service.
///
/// # Errors
/// When the table cannot be read.
pub async fn until(conn: &mut PgConnection, producer: &str) -> sqlx::Result<Option<Timestamp>> {
    let row = sqlx::query!("select occurred_at from payments.heard where producer = $1", producer)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| row.occurred_at.to_jiff()))
}
