//! Tables `payments.funding` and `payments.funding_rule`, and what `payments.practice_account` says of bulk billing.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentTypeId, AudCents, FundingRuleId, OrganizationId,
    payments::{
        PracticeAccountFact,
        eligibility::NoItemSaid,
        funding::{BulkBilling, Cohort, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
    },
};
use sqlx::PgConnection;

/// The rules of an appointment type as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// Zero while there are none.
    pub version: i32,
    /// Each with its id, the narrowest cohort first.
    pub rules: Vec<(FundingRuleId, FundingRule)>,
    /// That no Medicare item applies, where that was said.
    pub no_item: Option<NoItemSaid>,
}

impl Rules {
    /// The rules without their ids.
    pub fn plain(&self) -> Vec<FundingRule> {
        self.rules.iter().map(|(_, rule)| rule.clone()).collect()
    }

    /// Every item that one of them names, once.
    pub fn items(&self) -> Vec<String> {
        let named = self.rules.iter().flat_map(|(_, rule)| &rule.item_numbers);
        named.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The rules of an appointment type; version zero where there are none.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    appointment_type_id: AppointmentTypeId,
) -> Result<Rules> {
    let said = sqlx::query!(
        "select version, no_item_at, no_item_by from payments.funding \
         where organization_id = $1 and appointment_type_id = $2 for update",
        organization_id.0,
        appointment_type_id.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        "select funding_rule_id, cohort, mode, item_numbers, fee_cents, collection, deposit_cents, no_show_fee_cents, \
         tax_code from payments.funding_rule where organization_id = $1 and appointment_type_id = $2",
        organization_id.0,
        appointment_type_id.0,
    )
    .fetch_all(conn)
    .await?;
    let read = rows.into_iter().map(|row| {
        let rule = FundingRule {
            cohort: Cohort::from_code(&row.cohort).context("a cohort is one of ours")?,
            mode: FundingMode::from_code(&row.mode).context("a mode is one of ours")?,
            item_numbers: row.item_numbers,
            fee_cents: AudCents(row.fee_cents),
            collection: Collection::from_code(&row.collection).context("a collection is one of ours")?,
            deposit_cents: AudCents(row.deposit_cents),
            no_show_fee_cents: AudCents(row.no_show_fee_cents),
            tax_code: TaxCode::from_code(&row.tax_code).context("a tax code is one of ours")?,
        };
        Ok((FundingRuleId::from(row.funding_rule_id), rule))
    });
    let mut rules = read.collect::<Result<Vec<_>>>()?;
    rules.sort_by_key(|(_, rule)| rule.cohort);
    let (version, no_item) = match said {
        Some(said) => {
            let at = said.no_item_at.map(jiff_sqlx::Timestamp::to_jiff);
            (said.version, at.zip(said.no_item_by).map(|(at, by)| NoItemSaid { at, by: by.into() }))
        }
        None => (0, None),
    };
    Ok(Rules { organization_id, appointment_type_id, version, rules, no_item })
}

/// Puts rules in the place of those there are, if their version is the one before. False when somebody else was quicker.
///
/// # Errors
/// When the database fails, or refuses a rule.
pub async fn put(conn: &mut PgConnection, wanted: &Rules, now: Timestamp) -> sqlx::Result<bool> {
    let (organization, of_type) = (wanted.organization_id.0, wanted.appointment_type_id.0);
    let written = sqlx::query!(
        "insert into payments.funding as old (organization_id, appointment_type_id, version, updated_at, no_item_at, \
         no_item_by) values ($1, $2, $3, $4, $5, $6) on conflict on constraint funding_pkey do update \
         set version = excluded.version, updated_at = excluded.updated_at, no_item_at = excluded.no_item_at, \
         no_item_by = excluded.no_item_by where old.version = excluded.version - 1",
        organization,
        of_type,
        wanted.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        wanted.no_item.map(|said| said.at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        wanted.no_item.map(|said| said.by.0),
    )
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "delete from payments.funding_rule where organization_id = $1 and appointment_type_id = $2",
        organization,
        of_type,
    )
    .execute(&mut *conn)
    .await?;
    for (id, rule) in &wanted.rules {
        sqlx::query!(
            "insert into payments.funding_rule (funding_rule_id, organization_id, appointment_type_id, cohort, mode, \
             item_numbers, fee_cents, collection, deposit_cents, no_show_fee_cents, tax_code) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id.0,
            organization,
            of_type,
            rule.cohort.code(),
            rule.mode.code(),
            &rule.item_numbers,
            rule.fee_cents.0,
            rule.collection.code(),
            rule.deposit_cents.0,
            rule.no_show_fee_cents.0,
            rule.tax_code.code(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(true)
}

/// The appointment types of a practice that have rules.
///
/// # Errors
/// When the database fails.
pub async fn types_of(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<Vec<AppointmentTypeId>> {
    let types = sqlx::query_scalar!(
        "select appointment_type_id from payments.funding where organization_id = $1 order by appointment_type_id",
        organization_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(types.into_iter().map(AppointmentTypeId::from).collect())
}

/// Raises the version of everything whose rules name one of these items. Says what that is. Until the transaction ends nobody else writes
/// rules: who reads the old lists at this moment has their rules renewed, and who comes later reads the new lists.
///
/// # Errors
/// When the database fails.
pub async fn renew_with_items(
    conn: &mut PgConnection,
    item_numbers: &[String],
    now: Timestamp,
) -> sqlx::Result<Vec<(OrganizationId, AppointmentTypeId)>> {
    sqlx::query!("lock table payments.funding in share row exclusive mode").execute(&mut *conn).await?;
    let rows = sqlx::query!(
        "update payments.funding set version = version + 1, updated_at = $2 where exists ( \
             select from payments.funding_rule rule where rule.organization_id = funding.organization_id \
                 and rule.appointment_type_id = funding.appointment_type_id and rule.item_numbers && $1) \
         returning organization_id, appointment_type_id",
        item_numbers,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let renewed = rows.into_iter().map(|row| (row.organization_id.into(), row.appointment_type_id.into()));
    Ok(renewed.collect())
}

/// The next appointment type whose rules are to be told once more; from then on they are not.
///
/// # Errors
/// When the database fails.
pub async fn take_to_tell(
    conn: &mut PgConnection,
) -> sqlx::Result<Option<(OrganizationId, AppointmentTypeId)>> {
    let row = sqlx::query!(
        "update payments.funding set to_tell = false where (organization_id, appointment_type_id) = ( \
             select organization_id, appointment_type_id from payments.funding where to_tell \
             order by organization_id, appointment_type_id limit 1 for update skip locked) \
         returning organization_id, appointment_type_id",
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.organization_id.into(), row.appointment_type_id.into())))
}

/// Whether a practice bulk bills everything, without how its types stand; locked. Version zero where nothing is known of it.
///
/// # Errors
/// When the database fails.
pub async fn bulk_billing(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<BulkBilling> {
    let row = sqlx::query!(
        "select bulk_bills_everything, attested_at, version from payments.practice_account \
         where organization_id = $1 for update",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some(row) => BulkBilling {
            everything: row.bulk_bills_everything,
            attested_at: row.attested_at.map(jiff_sqlx::Timestamp::to_jiff),
            types: Vec::new(),
            version: row.version,
        },
        None => BulkBilling { everything: false, attested_at: None, types: Vec::new(), version: 0 },
    })
}

/// Says whether a practice bulk bills everything, if the version there is the one before. `None` when somebody else was quicker.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn put_bulk_billing(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    wanted: &BulkBilling,
    now: Timestamp,
) -> Result<Option<PracticeAccountFact>> {
    let row = sqlx::query!(
        "insert into payments.practice_account as old (organization_id, bulk_bills_everything, attested_at, version, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $5) \
         on conflict on constraint practice_account_pkey do update set \
         bulk_bills_everything = excluded.bulk_bills_everything, attested_at = excluded.attested_at, \
         version = excluded.version, updated_at = excluded.updated_at where old.version = excluded.version - 1 \
         returning status",
        organization_id.0,
        wanted.everything,
        wanted.attested_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        wanted.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(PracticeAccountFact {
        organization_id,
        status: OnboardingStatus::from_code(&row.status).context("a practice's status is one of ours")?,
        bulk_bills_everything: wanted.everything,
        attested_at: wanted.attested_at,
    }))
}
