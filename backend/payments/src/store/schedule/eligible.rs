//! Which items are in force on a day, and when that or their being eligible changes: by these a practice that bulk bills everything is
//! judged.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;

/// Which of these items are in force on a day.
///
/// # Errors
/// When the database fails.
pub async fn in_force_among(
    conn: &mut PgConnection,
    item_numbers: &[String],
    on: Date,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select item_number from payments.fee_item \
         where item_number = any($1) and effective_from <= $2 and (effective_until is null or $2 < effective_until)",
        item_numbers,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await
}

/// The days after a day on which any of these items begins or ends to be in force, or to be eligible, in order.
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
               select effective_until from payments.fee_item where item_number = any($1)
               union all
               select effective_from from payments.eligible_item where item_number = any($1)
               union all
               select effective_until from payments.eligible_item where item_number = any($1)) days
           where day > $2 order by 1"#,
        item_numbers,
        after.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    Ok(days.into_iter().map(jiff_sqlx::Date::to_jiff).collect())
}
