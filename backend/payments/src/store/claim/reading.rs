//! Which claims there are, what they name, and what happened to them.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AssignmentId, AudCents, BookingId, ClaimId, OrganizationId, PatientId,
    payments::claim::{ClaimStatus, ClaimStep, NoVisit, ServiceOutcome},
};
use sqlx::PgConnection;

use super::Row;
use crate::domain::claim::{Claim, Service};

/// How many end soon, and how many have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Their last day is among those that were asked about.
    pub soon: i64,
    /// It was before.
    pub lapsed: i64,
}

/// What is known of a claim beside the claim itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// One of its services was rejected.
    pub has_unpaid: bool,
    /// The claim that took its place. One that was taken back since leaves the place to another.
    pub relodged_as: Option<ClaimId>,
    /// What Medicare last said of its reports, by its own name; none where it was not asked yet.
    pub last_report: Option<String>,
    /// Why its visit was none after all; none where it took place, or may.
    pub no_visit: Option<NoVisit>,
}

/// The claims of a booking, the first first.
///
/// # Errors
/// When the database fails.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Vec<ClaimId>> {
    let ids = sqlx::query_scalar!(
        "select claim_id from payments.claim where booking_id = $1 order by created_at, claim_id",
        booking_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Whether a booking has a claim that was not taken back.
///
/// # Errors
/// When the database fails.
pub async fn has_any_left(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "select claim_id from payments.claim where booking_id = $1 and status <> 'withdrawn' limit 1",
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// The bookings of claims that rest on an assignment and are not lodged.
///
/// # Errors
/// When the database fails.
pub async fn resting_on(
    conn: &mut PgConnection,
    assignment_id: AssignmentId,
) -> sqlx::Result<Vec<BookingId>> {
    let ids = sqlx::query_scalar!(
        "select distinct booking_id from payments.claim \
         where assignment_id = $1 and status in ('draft', 'aob_pending', 'ready') order by booking_id",
        assignment_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// The bookings of a patient's claims at a practice that rest on no assignment, and are not lodged.
///
/// # Errors
/// When the database fails.
pub async fn waiting_of_patient(
    conn: &mut PgConnection,
    (organization_id, patient_id): (OrganizationId, PatientId),
) -> sqlx::Result<Vec<BookingId>> {
    let ids = sqlx::query_scalar!(
        "select distinct claim.booking_id from payments.booking_owner owner \
         join payments.claim on claim.booking_id = owner.booking_id \
         where owner.patient_id = $2 and claim.organization_id = $1 and claim.assignment_id is null \
             and claim.status in ('draft', 'aob_pending') order by claim.booking_id",
        organization_id.0,
        patient_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// What the queue says beside each of some claims.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn beside(conn: &mut PgConnection, claims: &[ClaimId]) -> Result<HashMap<ClaimId, Beside>> {
    let claims: Vec<_> = claims.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select claim.claim_id, claimant.no_visit as "no_visit?",
               exists (select from payments.claim_service service
                   where service.claim_id = claim.claim_id and service.outcome = 'rejected') as "has_unpaid!",
               (select later.claim_id from payments.claim later
                where later.relodges = claim.claim_id and later.status <> 'withdrawn') as "relodged_as?",
               (select report.status from payments.claim_report report where report.claim_id = claim.claim_id
                order by report.received_at desc, report.claim_report_id desc limit 1) as "last_report?"
           from payments.claim left join payments.claimant on claimant.booking_id = claim.booking_id
           where claim.claim_id = any($1)"#,
        &claims,
    )
    .fetch_all(conn)
    .await?;
    let known = |code: String| NoVisit::from_code(&code).context("why there was no visit is one of ours");
    let found = rows.into_iter().map(|row| {
        let beside = Beside {
            has_unpaid: row.has_unpaid,
            relodged_as: row.relodged_as.map(Into::into),
            last_report: row.last_report,
            no_visit: row.no_visit.map(known).transpose()?,
        };
        Ok((row.claim_id.into(), beside))
    });
    found.collect()
}

/// A practice's claims, the earliest limit first; after one, those behind it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn list(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    status: Option<ClaimStatus>,
    after: Option<ClaimId>,
    at_most: i64,
) -> Result<Vec<Claim>> {
    let rows = sqlx::query_as!(
        Row,
        "select claim_id, booking_id, organization_id, patient_id, status, assignment_id, service_type, provider_number, \
         payee_provider_number, professional_name, referral, referral_override, service_date, lodge_until, \
         claimed_cents, benefit_cents, paid_cents, medicare_claim_id, relodges, codes, due_at, version, updated_at \
         from payments.claim where organization_id = $1 and ($2::text is null or status = $2) \
             and ($3::uuid is null or (lodge_until, claim_id) > ( \
                 select lodge_until, claim_id from payments.claim where claim_id = $3)) \
         order by lodge_until, claim_id limit $4",
        organization_id.0,
        status.map(ClaimStatus::code),
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// A claim's services in order.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn services(conn: &mut PgConnection, claim_id: ClaimId) -> Result<Vec<Service>> {
    let rows = sqlx::query!(
        "select claim_service_id, item_number, occurrence, charge_cents, incentive, outcome, benefit_cents, reason_code \
         from payments.claim_service where claim_id = $1 order by position",
        claim_id.0,
    )
    .fetch_all(conn)
    .await?;
    let services = rows.into_iter().map(|row| {
        Ok(Service {
            claim_service_id: row.claim_service_id.into(),
            item_number: row.item_number,
            occurrence: row.occurrence,
            charge_cents: AudCents(row.charge_cents),
            is_incentive: row.incentive,
            outcome: ServiceOutcome::from_code(&row.outcome).context("a service's outcome is one of ours")?,
            benefit_cents: row.benefit_cents.map(AudCents),
            reason_code: row.reason_code,
        })
    });
    services.collect()
}

/// What happened to a claim, the latest first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn history(conn: &mut PgConnection, claim_id: ClaimId) -> Result<Vec<ClaimStep>> {
    let rows = sqlx::query!(
        "select to_status, codes, taken_at from payments.claim_transition where claim_id = $1 order by version desc",
        claim_id.0,
    )
    .fetch_all(conn)
    .await?;
    let steps = rows.into_iter().map(|row| {
        Ok(ClaimStep {
            status: ClaimStatus::from_code(&row.to_status).context("a claim's status is one of ours")?,
            taken_at: row.taken_at.to_jiff(),
            codes: row.codes,
        })
    });
    steps.collect()
}

/// How many of a practice's claims stand where, and for how much.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn totals(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Vec<(ClaimStatus, i64, AudCents)>> {
    let rows = sqlx::query!(
        r#"select status, count(*) as "count!", sum(claimed_cents)::bigint as "cents!"
           from payments.claim where organization_id = $1 group by status order by status"#,
        organization_id.0,
    )
    .fetch_all(conn)
    .await?;
    let totals = rows.into_iter().map(|row| {
        let status = ClaimStatus::from_code(&row.status).context("a claim's status is one of ours")?;
        Ok((status, row.count, AudCents(row.cents)))
    });
    totals.collect()
}

/// How many of a practice's claims that are not with Medicare have their last day from today to another day, and how many have had it.
///
/// # Errors
/// When the database fails.
pub async fn ending(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    today: Date,
    until: Date,
) -> sqlx::Result<Ending> {
    sqlx::query_as!(
        Ending,
        r#"select count(*) filter (where lodge_until >= $2) as "soon!", count(*) filter (where lodge_until < $2) as "lapsed!"
           from payments.claim where organization_id = $1 and lodge_until <= $3
               and status in ('draft', 'aob_pending', 'ready', 'refused')"#,
        organization_id.0,
        today.to_sqlx() as jiff_sqlx::Date,
        until.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_one(conn)
    .await
}

/// How many of a practice's claims wait for a report about which nobody asks any more.
///
/// # Errors
/// When the database fails.
pub async fn stopped(conn: &mut PgConnection, organization_id: OrganizationId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from payments.claim where organization_id = $1 and due_at is null
           and status in ('submitted', 'processing', 'assessed_manual', 'assessed_paid', 'assessed_part')"#,
        organization_id.0,
    )
    .fetch_one(conn)
    .await
}

/// The day on which an assignment was made.
///
/// # Errors
/// When the database fails.
pub async fn assigned_on(conn: &mut PgConnection, assignment_id: AssignmentId) -> sqlx::Result<Option<Date>> {
    let day = sqlx::query_scalar!(
        "select assigned_on from payments.assignment where assignment_id = $1",
        assignment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(day.flatten().map(jiff_sqlx::Date::to_jiff))
}
