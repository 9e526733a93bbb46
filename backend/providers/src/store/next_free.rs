//! The next free times and the prices, as bookings tells them.

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{
    PractitionerRoleId,
    bookings::{Audience, NextFreeFact},
};
use sqlx::PgConnection;

/// How many starts a role keeps over all its appointment types.
const KEPT: usize = 8;

/// Replaces what is known of a role, unless something newer is.
///
/// # Errors
/// When a row cannot be written.
pub async fn replace(conn: &mut PgConnection, fact: &NextFreeFact) -> Result<()> {
    let role = fact.practitioner_role_id;
    let starts: Vec<_> = merged(fact).into_iter().map(|start| start.to_sqlx()).collect();
    let done = sqlx::query!(
        "update providers.practitioner_role set next_free = $2, next_free_as_of = $3 \
         where practitioner_role_id = $1 and (next_free_as_of is null or next_free_as_of <= $3)",
        role as PractitionerRoleId,
        &starts as &[jiff_sqlx::Timestamp],
        fact.as_of.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 {
        replace_fees(conn, fact).await?;
    }
    Ok(())
}

/// The soonest starts over all types that a new patient may book.
fn merged(fact: &NextFreeFact) -> Vec<Timestamp> {
    let open = fact.types.iter().filter(|of_type| of_type.audience != Audience::Existing);
    let mut starts: Vec<_> = open.flat_map(|of_type| of_type.starts.iter().copied()).collect();
    if starts.is_empty() {
        starts = fact.types.iter().flat_map(|of_type| of_type.starts.iter().copied()).collect();
    }
    starts.sort_unstable();
    starts.dedup();
    starts.truncate(KEPT);
    starts
}

async fn replace_fees(conn: &mut PgConnection, fact: &NextFreeFact) -> Result<()> {
    let role = fact.practitioner_role_id;
    sqlx::query!(
        "delete from providers.fee_line where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .execute(&mut *conn)
    .await?;
    for (position, of_type) in (0_i16..).zip(&fact.types) {
        sqlx::query!(
            "insert into providers.fee_line (practitioner_role_id, appointment_type_id, position, name, \
             duration_minutes, price_cents, bulk_billed, telehealth, audience) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            role as PractitionerRoleId,
            of_type.appointment_type_id.0,
            position,
            of_type.name,
            i16::try_from(of_type.duration_minutes)?,
            of_type.price_cents.0,
            of_type.bulk_billed,
            of_type.telehealth,
            of_type.audience.code(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
