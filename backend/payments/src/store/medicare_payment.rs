//! Table `payments.medicare_payment`: Medicare's runs of payments to a practice's bank, and how much of each is matched to claims.

use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{AudCents, OrganizationId, payments::claim::MedicareRun};
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

/// A practice's runs, the latest first, each with its id; after one, those before it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<Uuid>,
    at_most: i64,
) -> sqlx::Result<Vec<(Uuid, MedicareRun)>> {
    let rows = sqlx::query!(
        "select medicare_payment_id, run_number, run_date, deposit_cents, masked_account, matched_cents, reconciled_at \
         from payments.medicare_payment \
         where organization_id = $1 and ($2::uuid is null or (run_date, medicare_payment_id) < ( \
             select earlier.run_date, earlier.medicare_payment_id from payments.medicare_payment earlier \
             where earlier.medicare_payment_id = $2 and earlier.organization_id = $1)) \
         order by run_date desc, medicare_payment_id desc limit $3",
        organization_id.0,
        after,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let runs = rows.into_iter().map(|row| {
        let run = MedicareRun {
            run_date: row.run_date.to_jiff(),
            run_number: row.run_number,
            deposit_cents: AudCents(row.deposit_cents),
            masked_account: row.masked_account,
            matched_cents: AudCents(row.matched_cents),
            unmatched_cents: AudCents(row.deposit_cents - row.matched_cents),
            reconciled_at: row.reconciled_at.map(jiff_sqlx::Timestamp::to_jiff),
        };
        (row.medicare_payment_id, run)
    });
    Ok(runs.collect())
}
