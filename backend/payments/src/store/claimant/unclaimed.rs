//! Visits that took place and are on no claim.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, OrganizationId, payments::rules::ONE_YEAR_FROM};
use sqlx::PgConnection;

use super::{Row, Stored};
use crate::store::claim::Ending;

/// A practice's visits that were completed and are on no claim but those that were taken back, the earliest first; after one, those behind
/// it. Either those that can still be claimed today, or those that lapsed.
///
/// # Errors
/// When the database fails.
pub async fn unclaimed(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    (today, lapsed): (Date, bool),
    after: Option<BookingId>,
    at_most: i64,
) -> sqlx::Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Stored,
        "select booking_id, organization_id, practitioner_role_id, appointment_type_id, professional_name, practice_name, \
         service_name, service_on, ends_at, key_id, identity \
         from payments.claimant where organization_id = $1 and completed_at is not null \
             and ((service_on + case when service_on >= $6 then interval '1 year' else interval '2 years' end)::date < $2) = $5 \
             and not exists (select from payments.claim \
                 where claim.booking_id = claimant.booking_id and claim.status <> 'withdrawn') \
             and ($3::uuid is null or (service_on, booking_id) > ( \
                 select service_on, booking_id from payments.claimant where booking_id = $3)) \
         order by service_on, booking_id limit $4",
        organization_id.0,
        today.to_sqlx() as jiff_sqlx::Date,
        after.map(|id| id.0),
        at_most,
        lapsed,
        ONE_YEAR_FROM.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Stored::read).collect())
}

/// How many of these visits have their last day from today to another day, and how many have had it. The day is that of
/// [`lodge_until`](shared_types::payments::rules::lodge_until).
///
/// # Errors
/// When the database fails.
pub async fn unclaimed_ending(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    today: Date,
    until: Date,
) -> sqlx::Result<Ending> {
    sqlx::query_as!(
        Ending,
        r#"select count(*) filter (where visit.lodge_until between $2 and $3) as "soon!",
               count(*) filter (where visit.lodge_until < $2) as "lapsed!"
           from (select (service_on + case when service_on >= $4 then interval '1 year' else interval '2 years' end)::date
                     as lodge_until
                 from payments.claimant where organization_id = $1 and completed_at is not null
                     and not exists (select from payments.claim
                         where claim.booking_id = claimant.booking_id and claim.status <> 'withdrawn')) visit"#,
        organization_id.0,
        today.to_sqlx() as jiff_sqlx::Date,
        until.to_sqlx() as jiff_sqlx::Date,
        ONE_YEAR_FROM.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_one(conn)
    .await
}
