//! The lists beside the schedule: gap caps, incentives, eligible items. Each load of one replaces the one before.

use std::collections::BTreeSet;

use jiff_sqlx::ToSqlx as _;
use shared_types::payments::funding::IncentiveKind;
use sqlx::PgConnection;

use crate::mbs::{EligibleItem, GapCap, Incentive};

/// Puts other gap caps in the place of those there are.
///
/// # Errors
/// When the database fails, or refuses a row.
pub async fn replace_gap_caps(conn: &mut PgConnection, rows: &[GapCap]) -> sqlx::Result<()> {
    sqlx::query!("delete from payments.gap_cap").execute(&mut *conn).await?;
    for row in rows {
        sqlx::query!(
            "insert into payments.gap_cap (effective_from, cap_cents, source) values ($1, $2, $3)",
            row.effective_from.to_sqlx() as jiff_sqlx::Date,
            row.cap_cents.0,
            row.source,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Puts other incentives in the place of those there are.
///
/// # Errors
/// When the database fails, or refuses a row.
pub async fn replace_incentives(conn: &mut PgConnection, rows: &[Incentive]) -> sqlx::Result<()> {
    sqlx::query!("delete from payments.incentive_item").execute(&mut *conn).await?;
    for row in rows {
        sqlx::query!(
            "insert into payments.incentive_item (item_number, kind, area_from, area_until, effective_from, \
             effective_until, source) values ($1, $2, $3, $4, $5, $6, $7)",
            row.item_number,
            row.kind.code(),
            row.area_from,
            row.area_until,
            row.effective_from.to_sqlx() as jiff_sqlx::Date,
            row.effective_until.map(|date| date.to_sqlx()) as Option<jiff_sqlx::Date>,
            row.source,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Puts other eligible items in the place of those there are. Says which are eligible on other days than before.
///
/// # Errors
/// When the database fails, or refuses a row.
pub async fn replace_eligible_items(
    conn: &mut PgConnection,
    rows: &[EligibleItem],
) -> sqlx::Result<Vec<String>> {
    let old = sqlx::query!(
        "delete from payments.eligible_item returning item_number, effective_from, effective_until"
    )
    .fetch_all(&mut *conn)
    .await?;
    let old = old.into_iter().map(|row| {
        let until = row.effective_until.map(jiff_sqlx::Date::to_jiff);
        (row.item_number, row.effective_from.to_jiff(), until)
    });
    let old: BTreeSet<_> = old.collect();
    let new = rows.iter().map(|row| (row.item_number.clone(), row.effective_from, row.effective_until));
    let new: BTreeSet<_> = new.collect();
    for row in rows {
        sqlx::query!(
            "insert into payments.eligible_item (item_number, effective_from, effective_until, incentive_kind, source) \
             values ($1, $2, $3, $4, $5)",
            row.item_number,
            row.effective_from.to_sqlx() as jiff_sqlx::Date,
            row.effective_until.map(|date| date.to_sqlx()) as Option<jiff_sqlx::Date>,
            row.incentive_kind.map(IncentiveKind::code),
            row.source,
        )
        .execute(&mut *conn)
        .await?;
    }
    let changed = old.symmetric_difference(&new).map(|(item, ..)| item.clone());
    Ok(changed.collect::<BTreeSet<_>>().into_iter().collect())
}
