//! The next free times, the prices and where home visits go, as bookings tells them.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use shared_types::{
    PractitionerRoleId,
    bookings::{Audience, NextFreeFact, NextFreeOfType},
};
use sqlx::PgConnection;

use super::coverage_area;

/// How many starts a role keeps over all its appointment types.
const KEPT: usize = 8;

/// Replaces what is known of a role, unless something newer is.
///
/// # Errors
/// When a row cannot be written.
pub async fn replace(conn: &mut PgConnection, fact: &NextFreeFact) -> Result<()> {
    let role = fact.practitioner_role_id;
    let (starts, until): (Vec<_>, Vec<_>) =
        merged(fact).into_iter().map(|(start, until)| (start.to_sqlx(), until.to_sqlx())).unzip();
    let done = sqlx::query!(
        "update providers.practitioner_role set next_free = $2, next_free_until = $3, \
         next_free_as_of = $4 where practitioner_role_id = $1 and (next_free_as_of is null or next_free_as_of <= $4)",
        role as PractitionerRoleId,
        &starts as &[jiff_sqlx::Timestamp],
        &until as &[jiff_sqlx::Timestamp],
        fact.as_of.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 {
        replace_fees(conn, fact).await?;
        coverage_area::replace(conn, fact).await?;
    }
    Ok(())
}

/// The soonest starts over all types that a new patient may book, each with the last moment to book it.
fn merged(fact: &NextFreeFact) -> BTreeMap<Timestamp, Timestamp> {
    let open = fact.types.iter().filter(|of_type| of_type.audience != Audience::Existing);
    let mut soonest = closing(open);
    if soonest.is_empty() {
        soonest = closing(fact.types.iter());
    }
    soonest.into_iter().take(KEPT).collect()
}

/// When several types begin at one time, the shortest notice decides.
fn closing<'a>(types: impl Iterator<Item = &'a NextFreeOfType>) -> BTreeMap<Timestamp, Timestamp> {
    let mut closing = BTreeMap::new();
    for of_type in types {
        let notice = SignedDuration::from_mins(of_type.notice_minutes.into());
        for start in &of_type.starts {
            let until = start.saturating_sub(notice).unwrap_or(*start);
            let last = closing.entry(*start).or_insert(until);
            *last = until.max(*last);
        }
    }
    closing
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
