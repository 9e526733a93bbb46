//! The Medicare Benefits Schedule's tables: loads, items, gap caps, incentives, eligible items.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, MbsLoadId,
    payments::{
        funding::{FeeType, IncentiveKind, MbsLoad, MbsLoadStatus, ScheduleItem},
        rules,
    },
};
use sqlx::PgConnection;

use crate::mbs::{EligibleItem, GapCap, Incentive, Item};

/// One load at a time.
///
/// # Errors
/// When the database fails.
pub async fn lock_loads(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('payments.mbs_load', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// From which day the schedule holds that was applied last.
///
/// # Errors
/// When the database fails.
pub async fn in_force_from(conn: &mut PgConnection) -> sqlx::Result<Option<Date>> {
    let from =
        sqlx::query_scalar!("select max(effective_from) from payments.mbs_load where status = 'applied'")
            .fetch_one(conn)
            .await?;
    Ok(from.map(jiff_sqlx::Date::to_jiff))
}

/// Whether this very file is the one that was applied last.
///
/// # Errors
/// When the database fails.
pub async fn is_applied(conn: &mut PgConnection, load: &MbsLoad) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.mbs_load where status = 'applied' and sha256 = decode($1, 'hex')) as "is_applied!""#,
        load.sha256,
    )
    .fetch_one(conn)
    .await
}

/// Writes what came of reading a file.
///
/// # Errors
/// When the database fails.
pub async fn insert_load(conn: &mut PgConnection, load: &MbsLoad, effective_from: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.mbs_load (mbs_load_id, file_name, sha256, status, effective_from, items, added, changed, \
         ended, loaded_at) values ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8, $9, $10)",
        load.mbs_load_id.0,
        load.file_name,
        load.sha256,
        load.status.code(),
        effective_from.to_sqlx() as jiff_sqlx::Date,
        load.items,
        load.added,
        load.changed,
        load.ended,
        load.loaded_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what came of a load whose rows are there.
///
/// # Errors
/// When the database fails, or too many items would end.
pub async fn finish_load(conn: &mut PgConnection, load: &MbsLoad) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.mbs_load set status = $2, added = $3, changed = $4, ended = $5 where mbs_load_id = $1",
        load.mbs_load_id.0,
        load.status.code(),
        load.added,
        load.changed,
        load.ended,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The loads, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn loads(conn: &mut PgConnection, after: Option<MbsLoadId>, at_most: i64) -> Result<Vec<MbsLoad>> {
    let rows = sqlx::query!(
        r#"select mbs_load_id, file_name, encode(sha256, 'hex') as "sha256!", status, items, added, changed, ended, loaded_at
           from payments.mbs_load
           where $1::uuid is null or (loaded_at, mbs_load_id) < (
               select loaded_at, mbs_load_id from payments.mbs_load where mbs_load_id = $1)
           order by loaded_at desc, mbs_load_id desc limit $2"#,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let loads = rows.into_iter().map(|row| {
        Ok(MbsLoad {
            mbs_load_id: row.mbs_load_id.into(),
            file_name: row.file_name,
            sha256: row.sha256,
            loaded_at: row.loaded_at.to_jiff(),
            status: MbsLoadStatus::from_code(&row.status).context("a load's status is one of ours")?,
            items: row.items,
            added: row.added,
            changed: row.changed,
            ended: row.ended,
        })
    });
    loads.collect()
}

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

/// Puts other eligible items in the place of those there are.
///
/// # Errors
/// When the database fails, or refuses a row.
pub async fn replace_eligible_items(conn: &mut PgConnection, rows: &[EligibleItem]) -> sqlx::Result<()> {
    sqlx::query!("delete from payments.eligible_item").execute(&mut *conn).await?;
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
    Ok(())
}
