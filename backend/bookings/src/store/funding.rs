//! Tables `bookings.funding` and `bookings.practice_account`: copies of payments' rules and of who can collect.

use anyhow::Result;
use shared_types::{
    AppointmentTypeId, AudCents, OrganizationId, PractitionerRoleId,
    payments::{
        PracticeAccountFact,
        eligibility::EligibleFrom,
        funding::{FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
    },
};
use sqlx::{PgConnection, types::Json};

use crate::domain::rule_for;

/// Keeps an appointment type's rules as payments told them, unless something newer is known. payments knows no appointment types, so
/// whose it is is looked at here: nobody sets another practice's prices. Says whose times have another price now.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, fact: &FundingFact) -> sqlx::Result<Option<PractitionerRoleId>> {
    let anyone = rule_for(&fact.rules, None).map(|funded| &funded.rule);
    sqlx::query_scalar!(
        r#"insert into bookings.funding as old (appointment_type_id, organization_id, version, rules, price_cents, bulk_billed,
               eligibility)
           select $1::uuid, $2::uuid, $3::integer, $4::jsonb, $5::bigint, $6::boolean, $7::jsonb where exists (
               select from bookings.appointment_type join bookings.role using (practitioner_role_id)
               where appointment_type.appointment_type_id = $1 and role.organization_id = $2
           )
           on conflict on constraint funding_pkey do update set version = excluded.version, rules = excluded.rules,
               price_cents = excluded.price_cents, bulk_billed = excluded.bulk_billed, eligibility = excluded.eligibility
           where old.version <= excluded.version
           returning (
               select practitioner_role_id from bookings.appointment_type type
               where type.appointment_type_id = old.appointment_type_id
           ) as "practitioner_role_id!: PractitionerRoleId""#,
        fact.appointment_type_id as AppointmentTypeId,
        fact.organization_id as OrganizationId,
        fact.version,
        Json(&fact.rules) as Json<&Vec<FundedRule>>,
        anyone.map(shown_price) as Option<AudCents>,
        anyone.map(|rule| rule.mode == FundingMode::BulkBilled),
        Json(&fact.eligibility) as Json<&Vec<EligibleFrom>>,
    )
    .fetch_optional(conn)
    .await
}

fn shown_price(rule: &FundingRule) -> AudCents {
    if rule.mode == FundingMode::BulkBilled { AudCents::ZERO } else { rule.fee_cents }
}

/// Keeps whether a practice can collect, unless something newer is known.
///
/// # Errors
/// When the database fails.
pub async fn keep_account(
    conn: &mut PgConnection,
    fact: &PracticeAccountFact,
    version: i64,
) -> sqlx::Result<()> {
    let collects = match fact.status {
        OnboardingStatus::ChargesOnly | OnboardingStatus::Ready => true,
        OnboardingStatus::None | OnboardingStatus::Started | OnboardingStatus::Closed => false,
    };
    sqlx::query!(
        "insert into bookings.practice_account as old (organization_id, collects, bulk_bills_everything, aggregate_version) \
         values ($1, $2, $3, $4) on conflict (organization_id) do update set collects = excluded.collects, \
         bulk_bills_everything = excluded.bulk_bills_everything, aggregate_version = excluded.aggregate_version \
         where old.aggregate_version < excluded.aggregate_version",
        fact.organization_id as OrganizationId,
        collects,
        fact.bulk_bills_everything,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The rules of a practice's appointment type; none where it has set none.
///
/// # Errors
/// When the database fails.
pub async fn rules_of(
    conn: &mut PgConnection,
    organization: OrganizationId,
    appointment_type: AppointmentTypeId,
) -> Result<Vec<FundedRule>> {
    let rules = sqlx::query_scalar!(
        r#"select rules as "rules: Json<Vec<FundedRule>>" from bookings.funding
           where appointment_type_id = $1 and organization_id = $2"#,
        appointment_type as AppointmentTypeId,
        organization as OrganizationId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(rules.map_or_else(Vec::new, |rules| rules.0))
}

/// Whether a practice can collect through us.
///
/// # Errors
/// When the database fails.
pub async fn collects(conn: &mut PgConnection, organization: OrganizationId) -> sqlx::Result<bool> {
    let collects = sqlx::query_scalar!(
        "select collects from bookings.practice_account where organization_id = $1",
        organization as OrganizationId
    )
    .fetch_optional(conn)
    .await?;
    Ok(collects.unwrap_or(false))
}

/// How an appointment type stands from which day on, where its practice bulk bills every eligible service; none where the practice does
/// not.
///
/// # Errors
/// When the database fails.
pub async fn bulk_billing_binds(
    conn: &mut PgConnection,
    organization: OrganizationId,
    appointment_type: AppointmentTypeId,
) -> sqlx::Result<Option<Vec<EligibleFrom>>> {
    let bound = sqlx::query_scalar!(
        r#"select funding.eligibility as "eligibility?: Json<Vec<EligibleFrom>>"
           from bookings.practice_account account left join bookings.funding
               on funding.organization_id = account.organization_id and funding.appointment_type_id = $2
           where account.organization_id = $1 and account.bulk_bills_everything"#,
        organization as OrganizationId,
        appointment_type as AppointmentTypeId,
    )
    .fetch_optional(conn)
    .await?;
    // What nothing is told of is unanswered.
    Ok(bound.map(|days| days.map_or_else(Vec::new, |days| days.0)))
}
