//! The Medicare Benefits Schedule's tables: its items and what they cost and pay on a day.

pub mod eligible;
pub mod lists;
pub mod loads;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, MbsLoadId,
    payments::{
        funding::{FeeType, ScheduleItem},
        rules,
    },
};
use sqlx::PgConnection;

use crate::mbs::Item;

/// The latest row of an item.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn latest(conn: &mut PgConnection, item_number: &str) -> Result<Option<Item>> {
    let row = sqlx::query!(
        "select item_number, effective_from, effective_until, category, item_group, sub_group, description, fee_type, \
         benefit_type, schedule_fee_cents, benefit_75_cents, benefit_85_cents, benefit_100_cents, derived_fee \
         from payments.fee_item where item_number = $1 order by effective_from desc limit 1",
        item_number,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Item {
        item_number: row.item_number,
        effective_from: row.effective_from.to_jiff(),
        effective_until: row.effective_until.map(jiff_sqlx::Date::to_jiff),
        category: row.category,
        item_group: row.item_group,
        sub_group: row.sub_group,
        description: row.description,
        fee_type: FeeType::from_code(&row.fee_type).context("a fee's type is one of ours")?,
        benefit_type: row.benefit_type,
        schedule_fee: row.schedule_fee_cents.map(AudCents),
        benefit_75: row.benefit_75_cents.map(AudCents),
        benefit_85: row.benefit_85_cents.map(AudCents),
        benefit_100: row.benefit_100_cents.map(AudCents),
        derived_fee: row.derived_fee,
    }))
}

/// Adds a row of an item.
///
/// # Errors
/// When the database fails, or there is a row for one of its days.
pub async fn insert_item(conn: &mut PgConnection, load: MbsLoadId, item: &Item) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.fee_item (item_number, effective_from, effective_until, mbs_load_id, category, item_group, \
         sub_group, description, fee_type, benefit_type, schedule_fee_cents, benefit_75_cents, benefit_85_cents, \
         benefit_100_cents, derived_fee) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        item.item_number,
        item.effective_from.to_sqlx() as jiff_sqlx::Date,
        item.effective_until.map(|date| date.to_sqlx()) as Option<jiff_sqlx::Date>,
        load.0,
        item.category,
        item.item_group,
        item.sub_group,
        item.description,
        item.fee_type.code(),
        item.benefit_type,
        item.schedule_fee.map(|cents| cents.0),
        item.benefit_75.map(|cents| cents.0),
        item.benefit_85.map(|cents| cents.0),
        item.benefit_100.map(|cents| cents.0),
        item.derived_fee,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes over the row of an item that begins on the same day.
///
/// # Errors
/// When the database fails.
pub async fn correct_item(conn: &mut PgConnection, load: MbsLoadId, item: &Item) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from payments.fee_item where item_number = $1 and effective_from = $2",
        item.item_number,
        item.effective_from.to_sqlx() as jiff_sqlx::Date,
    )
    .execute(&mut *conn)
    .await?;
    insert_item(conn, load, item).await
}

/// Ends a row of an item before a day.
///
/// # Errors
/// When the database fails.
pub async fn close_item(conn: &mut PgConnection, item: &Item, before: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.fee_item set effective_until = least(coalesce(effective_until, $3), $3) \
         where item_number = $1 and effective_from = $2",
        item.item_number,
        item.effective_from.to_sqlx() as jiff_sqlx::Date,
        before.to_sqlx() as jiff_sqlx::Date,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a load has an item as it is.
///
/// # Errors
/// When the database fails.
pub async fn mark_seen(conn: &mut PgConnection, load: MbsLoadId, item: &Item) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.fee_item set mbs_load_id = $3 where item_number = $1 and effective_from = $2",
        item.item_number,
        item.effective_from.to_sqlx() as jiff_sqlx::Date,
        load.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends, before a day, every item without an end that a load did not have. Says which.
///
/// # Errors
/// When the database fails.
pub async fn end_unseen(conn: &mut PgConnection, load: MbsLoadId, before: Date) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "update payments.fee_item set effective_until = greatest($2::date, effective_from + 1) \
         where mbs_load_id <> $1 and effective_until is null returning item_number",
        load.0,
        before.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await
}

/// An item as in force on a day.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn item_on(conn: &mut PgConnection, item_number: &str, on: Date) -> Result<Option<ScheduleItem>> {
    let row = sqlx::query!(
        "select item_number, effective_from, effective_until, description, fee_type, schedule_fee_cents, \
         benefit_75_cents, benefit_85_cents, benefit_100_cents, derived_fee, \
         (select cap_cents from payments.gap_cap where gap_cap.effective_from <= $2 \
             order by gap_cap.effective_from desc limit 1) as cap_cents \
         from payments.fee_item \
         where item_number = $1 and effective_from <= $2 and (effective_until is null or $2 < effective_until)",
        item_number,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    // The schedule says what is paid. Where it says nothing of a fee that is a number, the law's share of it is.
    let only_in_hospital = row.benefit_75_cents.is_some();
    let published = row.benefit_100_cents.or(row.benefit_85_cents).map(AudCents);
    let by_law = row.schedule_fee_cents.filter(|_| !only_in_hospital);
    let by_law = by_law.and_then(|fee| rules::benefit(AudCents(fee), 85, row.cap_cents.map(AudCents)));
    Ok(Some(ScheduleItem {
        item_number: row.item_number,
        description: row.description,
        fee_type: FeeType::from_code(&row.fee_type).context("a fee's type is one of ours")?,
        schedule_fee_cents: row.schedule_fee_cents.map(AudCents),
        derived_fee: row.derived_fee,
        benefit_cents: published.or(by_law),
        effective_from: row.effective_from.to_jiff(),
        effective_until: row.effective_until.map(jiff_sqlx::Date::to_jiff),
    }))
}

/// What Medicare pays for an item out of hospital on a day; none where it is derived, or the item is not in force.
///
/// # Errors
/// As [`item_on`].
pub async fn benefit_on(conn: &mut PgConnection, item_number: &str, on: Date) -> Result<Option<AudCents>> {
    Ok(item_on(conn, item_number, on).await?.and_then(|item| item.benefit_cents))
}

/// The days from which any of these items is paid otherwise, from a day on, in order.
///
/// # Errors
/// When the database fails.
pub async fn changes_after(
    conn: &mut PgConnection,
    item_numbers: &[String],
    after: Date,
) -> sqlx::Result<Vec<Date>> {
    let days = sqlx::query_scalar!(
        r#"select distinct day as "day!" from (
               select effective_from as day from payments.fee_item where item_number = any($1)
               union all
               select effective_until from payments.fee_item where item_number = any($1)) days
           where day > $2 order by 1"#,
        item_numbers,
        after.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    Ok(days.into_iter().map(jiff_sqlx::Date::to_jiff).collect())
}

/// The number of an item's category on a day.
///
/// # Errors
/// When the database fails.
pub async fn category_on(
    conn: &mut PgConnection,
    item_number: &str,
    on: Date,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select category from payments.fee_item \
         where item_number = $1 and effective_from <= $2 and (effective_until is null or $2 < effective_until)",
        item_number,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await
}

/// The incentive that goes with bulk billing an item in a Modified Monash area on a day, where it is eligible for one.
///
/// # Errors
/// When the database fails.
pub async fn incentive_on(
    conn: &mut PgConnection,
    item_number: &str,
    area: i16,
    on: Date,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select incentive.item_number from payments.eligible_item eligible \
         join payments.incentive_item incentive on incentive.kind = eligible.incentive_kind \
         where eligible.item_number = $1 and $2 between incentive.area_from and incentive.area_until \
             and eligible.effective_from <= $3 \
             and (eligible.effective_until is null or $3 < eligible.effective_until) \
             and incentive.effective_from <= $3 \
             and (incentive.effective_until is null or $3 < incentive.effective_until) \
         order by eligible.effective_from desc limit 1",
        item_number,
        area,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await
}

/// Which of these items are incentives on a day, of whatever area and sort.
///
/// # Errors
/// When the database fails.
pub async fn incentives_among(
    conn: &mut PgConnection,
    item_numbers: &[String],
    on: Date,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct item_number from payments.incentive_item \
         where item_number = any($1) and effective_from <= $2 and (effective_until is null or $2 < effective_until)",
        item_numbers,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await
}

/// Which of these items are eligible, on a day, where a practice bulk bills everything.
///
/// # Errors
/// When the database fails.
pub async fn eligible_among(
    conn: &mut PgConnection,
    item_numbers: &[String],
    on: Date,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct item_number from payments.eligible_item \
         where item_number = any($1) and effective_from <= $2 and (effective_until is null or $2 < effective_until)",
        item_numbers,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await
}
