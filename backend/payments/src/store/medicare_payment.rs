//! Table `payments.medicare_payment`: Medicare's runs of payments to a practice's bank, and how much of each is matched to claims.

use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::OrganizationId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::claim::PaymentRun;

/// Matches a claim's part of a run. A run that is matched to the cent is reconciled.
///
/// # Errors
/// When more is matched than the run brings, or the database fails.
pub async fn match_run(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    run: &PaymentRun,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.medicare_payment as old (medicare_payment_id, organization_id, run_number, run_date, \
         deposit_cents, masked_account, matched_cents, reconciled_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, case when $5::bigint = $7::bigint then $8::timestamptz end, $8) \
         on conflict on constraint medicare_payment_run_key do update set \
             matched_cents = old.matched_cents + excluded.matched_cents, \
             reconciled_at = case when old.matched_cents + excluded.matched_cents = old.deposit_cents \
                 then excluded.created_at end",
        core.id::<Uuid>(),
        organization_id.0,
        run.run_number,
        run.run_date.to_sqlx() as jiff_sqlx::Date,
        run.deposit_cents.0,
        run.masked_account,
        run.paid_cents.0,
        core.now().to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
