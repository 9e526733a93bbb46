//! Table `payments.platform_fee`: what the platform takes of each payment, from a day on.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AudCents, OrganizationId};
use sqlx::PgConnection;

use crate::domain::ledger::PlatformFee;

/// A fee and from when on it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedFee {
    /// The fee.
    pub fee: PlatformFee,
    /// The first day.
    pub effective_from: Date,
}

/// What is taken for a payment that is quoted on this day. What was agreed with a practice goes before what holds for everybody.
///
/// # Errors
/// When the table cannot be read.
pub async fn on(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    day: Date,
) -> sqlx::Result<PlatformFee> {
    Ok(dated_on(conn, organization_id, day).await?.map(|dated| dated.fee).unwrap_or_default())
}

/// The same with its first day; nothing before the first fee there was.
///
/// # Errors
/// As [`on`].
pub async fn dated_on(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    day: Date,
) -> sqlx::Result<Option<DatedFee>> {
    let row = sqlx::query!(
        "select effective_from, fee_cents, gst_cents from payments.platform_fee \
         where (organization_id = $1 or organization_id is null) and effective_from <= $2 \
         order by organization_id is null, effective_from desc limit 1",
        organization_id.0,
        day.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| DatedFee {
        fee: PlatformFee { whole_cents: AudCents(row.fee_cents), gst_cents: AudCents(row.gst_cents) },
        effective_from: row.effective_from.to_jiff(),
    }))
}

/// The next day after this one on which something else is taken.
///
/// # Errors
/// As [`on`].
pub async fn next_after(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    day: Date,
) -> sqlx::Result<Option<DatedFee>> {
    let days = sqlx::query_scalar!(
        "select effective_from from payments.platform_fee \
         where (organization_id = $1 or organization_id is null) and effective_from > $2 order by effective_from",
        organization_id.0,
        day.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(&mut *conn)
    .await?;
    let today = on(conn, organization_id, day).await?;
    for later in days {
        let dated = dated_on(conn, organization_id, later.to_jiff()).await?;
        if let Some(next) = dated.filter(|next| next.fee != today) {
            return Ok(Some(next));
        }
    }
    Ok(None)
}
