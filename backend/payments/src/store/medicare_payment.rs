//! Table `payments.medicare_payment`: Medicare's runs of payments to a practice's bank, and how much of each is matched to claims.

use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{AudCents, MedicarePaymentId, OrganizationId, payments::claim::MedicareRun};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::claim::PaymentRun;

/// A row as it is read.
struct Row {
    medicare_payment_id: Uuid,
    run_number: String,
    run_date: jiff_sqlx::Date,
    deposit_cents: i64,
    masked_account: Option<String>,
    matched_cents: i64,
    offset_cents: i64,
    reconciled_at: Option<jiff_sqlx::Timestamp>,
}

impl Row {
    fn read(self) -> MedicareRun {
        MedicareRun {
            medicare_payment_id: self.medicare_payment_id.into(),
            run_date: self.run_date.to_jiff(),
            run_number: self.run_number,
            deposit_cents: AudCents(self.deposit_cents),
            masked_account: self.masked_account,
            matched_cents: AudCents(self.matched_cents),
            unmatched_cents: AudCents(self.deposit_cents - self.matched_cents),
            offset_cents: AudCents(self.offset_cents),
            reconciled_at: self.reconciled_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

/// Matches a claim's part of a run, and says which run it is. A run that is matched to the cent is reconciled; one may bring less than
/// its claims, where Medicare took something back out of it.
///
/// # Errors
/// When the database fails.
pub async fn match_run(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    run: &PaymentRun,
) -> sqlx::Result<MedicarePaymentId> {
    let id = sqlx::query_scalar!(
        "insert into payments.medicare_payment as old (medicare_payment_id, organization_id, run_number, run_date, \
         deposit_cents, masked_account, matched_cents, reconciled_at, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, case when $5::bigint = $7::bigint then $8::timestamptz end, $8) \
         on conflict on constraint medicare_payment_run_key do update set \
             matched_cents = old.matched_cents + excluded.matched_cents, \
             reconciled_at = case when old.matched_cents + excluded.matched_cents = old.deposit_cents \
                 then excluded.created_at end \
         returning medicare_payment_id",
        core.id::<Uuid>(),
        organization_id.0,
        run.run_number,
        run.run_date.to_sqlx() as jiff_sqlx::Date,
        run.deposit_cents.0,
        run.masked_account,
        run.paid_cents.0,
        core.now().to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await?;
    Ok(id.into())
}

/// Matches what was taken back out of a run: that much less of it pays for claims.
///
/// # Errors
/// When the database fails.
pub async fn match_offset(
    conn: &mut PgConnection,
    core: &Core,
    medicare_payment_id: MedicarePaymentId,
    offset_cents: AudCents,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.medicare_payment set matched_cents = matched_cents - $2::bigint, \
         reconciled_at = case when matched_cents - $2::bigint = deposit_cents then $3::timestamptz end \
         where medicare_payment_id = $1",
        medicare_payment_id.0,
        offset_cents.0,
        core.now().to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A practice's runs, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<MedicarePaymentId>,
    at_most: i64,
) -> sqlx::Result<Vec<MedicareRun>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select medicare_payment_id, run_number, run_date, deposit_cents, masked_account, matched_cents, reconciled_at,
               (select coalesce(-sum(part.amount_cents), 0)::bigint from payments.medicare_payment_part part
                where part.medicare_payment_id = run.medicare_payment_id and part.kind = 'offset') as "offset_cents!"
           from payments.medicare_payment run
           where organization_id = $1 and ($2::uuid is null or (run_date, medicare_payment_id) < (
               select earlier.run_date, earlier.medicare_payment_id from payments.medicare_payment earlier
               where earlier.medicare_payment_id = $2 and earlier.organization_id = $1))
           order by run_date desc, medicare_payment_id desc limit $3"#,
        organization_id.0,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// One of a practice's runs.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    medicare_payment_id: MedicarePaymentId,
) -> sqlx::Result<Option<MedicareRun>> {
    let row = sqlx::query_as!(
        Row,
        r#"select medicare_payment_id, run_number, run_date, deposit_cents, masked_account, matched_cents, reconciled_at,
               (select coalesce(-sum(part.amount_cents), 0)::bigint from payments.medicare_payment_part part
                where part.medicare_payment_id = run.medicare_payment_id and part.kind = 'offset') as "offset_cents!"
           from payments.medicare_payment run where organization_id = $1 and medicare_payment_id = $2"#,
        organization_id.0,
        medicare_payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Row::read))
}
