//! Table `payments.practice_account`, but for what is said of bulk billing, which `funding` keeps.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    OrganizationId,
    payments::{
        PracticeAccountFact,
        practice::{OnboardingStatus, PutPracticeAccount},
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

/// How far a practice is with the processor, and what stands on its invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The processor's name for it.
    pub processor_account: Option<String>,
    /// How far it is.
    pub status: OnboardingStatus,
    /// The name on its invoices.
    pub legal_name: Option<String>,
    /// Its Australian Business Number.
    pub abn: Option<String>,
    /// Whether it is registered for GST.
    pub gst_registered: bool,
    /// What the processor still asks for.
    pub asked: Vec<String>,
    /// Until when.
    pub asked_until: Option<Timestamp>,
    /// Bulk bills every eligible service.
    pub bulk_bills_everything: bool,
    /// When somebody last said so.
    pub attested_at: Option<Timestamp>,
    /// Goes up by one with every change.
    pub version: i32,
}

impl AccountRow {
    /// A practice of which nothing is known yet.
    pub fn unknown(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            processor_account: None,
            status: OnboardingStatus::None,
            legal_name: None,
            abn: None,
            gst_registered: false,
            asked: Vec::new(),
            asked_until: None,
            bulk_bills_everything: false,
            attested_at: None,
            version: 0,
        }
    }

    /// As others are told of it.
    pub fn fact(&self) -> PracticeAccountFact {
        PracticeAccountFact {
            organization_id: self.organization_id,
            status: self.status,
            bulk_bills_everything: self.bulk_bills_everything,
            attested_at: self.attested_at,
        }
    }
}

struct Row {
    organization_id: Uuid,
    processor_account: Option<String>,
    status: String,
    legal_name: Option<String>,
    abn: Option<String>,
    gst_registered: bool,
    asked: Vec<String>,
    asked_until: Option<jiff_sqlx::Timestamp>,
    bulk_bills_everything: bool,
    attested_at: Option<jiff_sqlx::Timestamp>,
    version: i32,
}

impl Row {
    fn read(self) -> anyhow::Result<AccountRow> {
        Ok(AccountRow {
            organization_id: OrganizationId(self.organization_id),
            processor_account: self.processor_account,
            status: OnboardingStatus::from_code(&self.status).context("a known status of a practice")?,
            legal_name: self.legal_name,
            abn: self.abn,
            gst_registered: self.gst_registered,
            asked: self.asked,
            asked_until: self.asked_until.map(jiff_sqlx::Timestamp::to_jiff),
            bulk_bills_everything: self.bulk_bills_everything,
            attested_at: self.attested_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: self.version,
        })
    }
}

/// A practice's account, if anything is known of it.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> anyhow::Result<Option<AccountRow>> {
    let row = sqlx::query_as!(
        Row,
        "select organization_id, processor_account, status, legal_name, abn, gst_registered, asked, asked_until, \
         bulk_bills_everything, attested_at, version from payments.practice_account where organization_id = $1",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// The account that the processor calls so, locked until the transaction ends.
///
/// # Errors
/// As [`find`].
pub async fn lock_by_processor(
    conn: &mut PgConnection,
    processor_account: &str,
) -> anyhow::Result<Option<AccountRow>> {
    let row = sqlx::query_as!(
        Row,
        "select organization_id, processor_account, status, legal_name, abn, gst_registered, asked, asked_until, \
         bulk_bills_everything, attested_at, version from payments.practice_account where processor_account = $1 \
         for update",
        processor_account,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Whether the processor lets a practice collect, by its name for it, as we last heard.
///
/// # Errors
/// When the table cannot be read.
pub async fn collects(conn: &mut PgConnection, processor_account: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.practice_account
           where processor_account = $1 and status in ('charges_only', 'ready')) as "collects!""#,
        processor_account,
    )
    .fetch_one(conn)
    .await
}

/// For how many payments a practice's patients would be charged by now, if the processor let it collect. None where it does. What is held,
/// or was taken, waits for nothing.
///
/// # Errors
/// When the tables cannot be read.
pub async fn waiting_payments(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    now: Timestamp,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "waiting!"
           from payments.practice_account practice
               join payments.payment on payment.organization_id = practice.organization_id
           where practice.organization_id = $1 and practice.status not in ('charges_only', 'ready')
               and ((payment.due_at <= $2 and payment.due in ('authorise', 'capture', 'charge_fee')
                   and payment.status not in ('authorised', 'captured', 'part_refunded', 'won')) or exists (
                   select from payments.processor_call asked
                   where asked.payment_id = payment.payment_id and asked.status = 'due'
                       and asked.operation in ('authorise', 'charge')))"#,
        organization_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}

/// The practices that the processor knows, with its names for them, after one. A closed account can be asked for nothing.
///
/// # Errors
/// When the table cannot be read.
pub async fn at_processor(
    conn: &mut PgConnection,
    after: Option<OrganizationId>,
    at_most: i64,
) -> sqlx::Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query!(
        r#"select organization_id, processor_account as "processor_account!" from payments.practice_account
           where processor_account is not null and status <> 'closed' and ($1::uuid is null or organization_id > $1)
           order by organization_id limit $2"#,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (OrganizationId(row.organization_id), row.processor_account)).collect())
}

/// Writes what stands on a practice's invoices, as last seen; version zero where nothing was known. False when it has changed since.
///
/// # Errors
/// When the table cannot be changed.
pub async fn put(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    wanted: &PutPracticeAccount,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.practice_account as old (organization_id, legal_name, abn, gst_registered, created_at, \
         updated_at) select $1::uuid, $2::text, $3::text, $4::boolean, $6::timestamptz, $6::timestamptz \
         where $5::integer = 0 or exists (select from payments.practice_account where organization_id = $1) \
         on conflict on constraint practice_account_pkey do update set legal_name = excluded.legal_name, \
         abn = excluded.abn, gst_registered = excluded.gst_registered, version = old.version + 1, \
         updated_at = excluded.updated_at where old.version = $5",
        organization_id.0,
        wanted.legal_name,
        wanted.abn,
        wanted.gst_registered,
        wanted.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the processor's name for a practice. The first stays: the processor gives the same for the same key. False when there was
/// one already.
///
/// # Errors
/// When the table cannot be changed.
pub async fn name(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    processor_account: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.practice_account set processor_account = $2, status = 'started', version = version + 1, \
         updated_at = $3 where organization_id = $1 and processor_account is null",
        organization_id.0,
        processor_account,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes how far a practice is.
///
/// # Errors
/// When the table cannot be changed.
pub async fn set_standing(conn: &mut PgConnection, account: &AccountRow, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.practice_account set status = $2, asked = $3, asked_until = $4, version = $5, updated_at = $6 \
         where organization_id = $1",
        account.organization_id.0,
        account.status.code(),
        &account.asked,
        account.asked_until.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        account.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
