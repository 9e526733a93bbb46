//! Table `providers.listing_suspension`, and listings as administrators look for them. What a search reads are columns of the
//! listed rows, which change in the same transaction.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, ListingSuspensionId, OrganizationId, PractitionerRoleId,
    providers::listing::{Listing, ListingId, Suspension, SuspensionReason},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Listings whose names hold all words, by name.
///
/// # Errors
/// When the tables cannot be read, or hold what this build does not know.
pub async fn find(
    conn: &mut PgConnection,
    words: &[String],
    after: Option<Uuid>,
    at_most: i64,
) -> Result<Vec<Listing>> {
    let after = match after {
        Some(id) => name_of(conn, id).await?.map(|name| (name, id)),
        None => None,
    };
    let (name, id) = after.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select
               listed.role_id as "role_id?", listed.organization_id as "organization_id?", listed.slug as "slug!",
               listed.name as "name!", listed.practice as "practice?", listed.place as "place?",
               listed.practice_suspended as "practice_suspended!",
               suspension.listing_suspension_id as "listing_suspension_id?", suspension.reason as "reason?",
               suspension.suspended_by as "suspended_by?", suspension.suspended_at as "suspended_at?", suspension.ends_at
           from (
               select role.practitioner_role_id as role_id, null::uuid as organization_id,
                   role.practitioner_role_id as id, role.slug, role.name, organization.name as practice,
                   nullif(concat_ws(' ', location.suburb, location.state), '') as place,
                   coalesce(organization.suspended, false) as practice_suspended
               from providers.practitioner_role role
               left join providers.organization on organization.organization_id = role.organization_id
               left join providers.location on location.location_id = role.location_id
               where role.active and role.search_text like all ($1::text[])
               union all
               select null, organization.organization_id, organization.organization_id, organization.slug,
                   organization.name, null, null, false
               from providers.organization
               where organization.active and lower(organization.name) like all ($1::text[])
           ) listed
           left join providers.listing_suspension suspension on suspension.lifted_at is null and (
               suspension.practitioner_role_id = listed.role_id
               or suspension.organization_id = listed.organization_id
           )
           where $2::text is null or (listed.name, listed.id) > ($2, $3)
           order by listed.name, listed.id limit $4"#,
        words,
        name,
        id,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Those that are suspended, the latest first.
///
/// # Errors
/// As [`find`].
pub async fn suspended(
    conn: &mut PgConnection,
    after: Option<ListingSuspensionId>,
    at_most: i64,
) -> Result<Vec<Listing>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
               role.practitioner_role_id as "role_id?", suspension.organization_id,
               coalesce(role.slug, organization.slug) as "slug!", coalesce(role.name, organization.name) as "name!",
               practice.name as "practice?",
               nullif(concat_ws(' ', location.suburb, location.state), '') as "place?",
               coalesce(practice.suspended, false) as "practice_suspended!",
               suspension.listing_suspension_id as "listing_suspension_id?", suspension.reason as "reason?",
               suspension.suspended_by as "suspended_by?", suspension.suspended_at as "suspended_at?", suspension.ends_at
           from providers.listing_suspension suspension
           left join providers.practitioner_role role
               on role.practitioner_role_id = suspension.practitioner_role_id
           left join providers.organization organization
               on organization.organization_id = suspension.organization_id
           left join providers.organization practice on practice.organization_id = role.organization_id
           left join providers.location on location.location_id = role.location_id
           where suspension.lifted_at is null and (
               $1::uuid is null
               or (suspension.suspended_at, suspension.listing_suspension_id) < (
                   select last.suspended_at, last.listing_suspension_id from providers.listing_suspension last
                   where last.listing_suspension_id = $1
               )
           )
           order by suspension.suspended_at desc, suspension.listing_suspension_id desc limit $2"#,
        after.map(|after| after.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One listing, whether or not it is suspended.
///
/// # Errors
/// As [`find`].
pub async fn one(conn: &mut PgConnection, listing: ListingId) -> Result<Option<Listing>> {
    let (role, organization) = halves(listing);
    let row = sqlx::query_as!(
        Row,
        r#"select
               role.practitioner_role_id as "role_id?", organization.organization_id as "organization_id?",
               coalesce(role.slug, organization.slug) as "slug!", coalesce(role.name, organization.name) as "name!",
               practice.name as "practice?",
               nullif(concat_ws(' ', location.suburb, location.state), '') as "place?",
               coalesce(practice.suspended, false) as "practice_suspended!",
               suspension.listing_suspension_id as "listing_suspension_id?", suspension.reason as "reason?",
               suspension.suspended_by as "suspended_by?", suspension.suspended_at as "suspended_at?", suspension.ends_at
           from (select $1::uuid as role_id, $2::uuid as organization_id) wanted
           left join providers.practitioner_role role on role.practitioner_role_id = wanted.role_id
           left join providers.organization organization on organization.organization_id = wanted.organization_id
           left join providers.organization practice on practice.organization_id = role.organization_id
           left join providers.location on location.location_id = role.location_id
           left join providers.listing_suspension suspension on suspension.lifted_at is null and (
               suspension.practitioner_role_id = wanted.role_id or suspension.organization_id = wanted.organization_id
           )
           where coalesce(role.practitioner_role_id, organization.organization_id) is not null"#,
        role,
        organization,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Whether the page of that name is away only because its listing is suspended.
///
/// # Errors
/// When the tables cannot be read.
pub async fn is_suspended(conn: &mut PgConnection, slug: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from providers.practitioner_role role where role.slug = $1 and role.active and role.suspended
           ) or exists (
               select from providers.organization where organization.slug = $1 and organization.active and organization.suspended
           ) as "is_suspended!""#,
        slug,
    )
    .fetch_one(conn)
    .await
}

/// Writes a suspension. False when the listing is suspended already.
///
/// # Errors
/// When the table cannot be changed.
pub async fn suspend(
    conn: &mut PgConnection,
    listing: ListingId,
    suspension: &Suspension,
) -> sqlx::Result<bool> {
    let (role, organization) = halves(listing);
    let done = sqlx::query!(
        "insert into providers.listing_suspension (listing_suspension_id, practitioner_role_id, organization_id, reason, \
         suspended_by, suspended_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        suspension.listing_suspension_id.0,
        role,
        organization,
        suspension.reason.code(),
        suspension.suspended_by.0,
        suspension.suspended_at.to_sqlx() as jiff_sqlx::Timestamp,
        suspension.ends_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lifts a suspension that is in force, by somebody or by itself. Says of what; `None` when it is lifted already.
///
/// # Errors
/// When the table cannot be changed, or holds what this build does not know.
pub async fn lift(
    conn: &mut PgConnection,
    id: ListingSuspensionId,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<Option<ListingId>> {
    let row = sqlx::query!(
        "update providers.listing_suspension set lifted_at = $2, lifted_by = $3 \
         where listing_suspension_id = $1 and lifted_at is null returning practitioner_role_id, organization_id",
        id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        by.map(|by| by.0),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| listing_of(row.practitioner_role_id, row.organization_id)).transpose()
}

/// Whether there is, or was, such a suspension.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_known(conn: &mut PgConnection, id: ListingSuspensionId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from providers.listing_suspension where listing_suspension_id = $1
           ) as "is_known!""#,
        id.0,
    )
    .fetch_one(conn)
    .await
}

/// A suspension whose time is over and that nobody else lifts at the moment, locked.
///
/// # Errors
/// When the table cannot be read.
pub async fn claim_ended(
    conn: &mut PgConnection,
    now: Timestamp,
) -> sqlx::Result<Option<ListingSuspensionId>> {
    sqlx::query_scalar!(
        r#"select listing_suspension_id as "listing_suspension_id: ListingSuspensionId"
           from providers.listing_suspension where lifted_at is null and ends_at <= $1
           order by ends_at limit 1 for update skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await
}

/// Has the listed rows say what the table says. Gives every role that it concerns, for telling: each is a version further.
///
/// # Errors
/// When a row cannot be changed.
pub async fn refresh(conn: &mut PgConnection, listing: ListingId, now: Timestamp) -> sqlx::Result<Vec<Uuid>> {
    let (role, organization) = halves(listing);
    sqlx::query!(
        "update providers.organization set suspended = exists ( \
             select from providers.listing_suspension suspension \
             where suspension.organization_id = organization.organization_id and suspension.lifted_at is null \
         ), updated_at = $2, version = version + 1 where organization_id = $1",
        organization,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    // What it is set to is for the trigger to say, which says it to every other writer, too.
    sqlx::query_scalar!(
        "update providers.practitioner_role set suspended = true, updated_at = $3, version = version + 1 \
         where practitioner_role_id = $1 or organization_id = $2 returning practitioner_role_id",
        role,
        organization,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}

async fn name_of(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select name as "name!" from providers.practitioner_role where practitioner_role_id = $1
           union all
           select name from providers.organization where organization_id = $1
           limit 1"#,
        id,
    )
    .fetch_optional(conn)
    .await
}

struct Row {
    role_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    slug: String,
    name: String,
    practice: Option<String>,
    place: Option<String>,
    practice_suspended: bool,
    listing_suspension_id: Option<Uuid>,
    reason: Option<String>,
    suspended_by: Option<Uuid>,
    suspended_at: Option<jiff_sqlx::Timestamp>,
    ends_at: Option<jiff_sqlx::Timestamp>,
}

impl Row {
    fn read(self) -> Result<Listing> {
        let ends_at = self.ends_at.map(jiff_sqlx::Timestamp::to_jiff);
        let suspension = match (self.listing_suspension_id, self.reason, self.suspended_by, self.suspended_at)
        {
            (Some(id), Some(reason), Some(by), Some(at)) => Some(Suspension {
                listing_suspension_id: ListingSuspensionId(id),
                reason: SuspensionReason::from_code(&reason).context("an unknown reason of a suspension")?,
                suspended_by: AccountId(by),
                suspended_at: at.to_jiff(),
                ends_at,
            }),
            _ => None,
        };
        Ok(Listing {
            listing: listing_of(self.role_id, self.organization_id)?,
            slug: self.slug,
            name: self.name,
            practice: self.practice,
            place: self.place,
            suspension,
            practice_suspended: self.practice_suspended,
        })
    }
}

/// As the two columns have it.
fn halves(listing: ListingId) -> (Option<Uuid>, Option<Uuid>) {
    match listing {
        ListingId::Role(role) => (Some(role.0), None),
        ListingId::Practice(organization) => (None, Some(organization.0)),
    }
}

fn listing_of(role: Option<Uuid>, organization: Option<Uuid>) -> Result<ListingId> {
    role.map(|role| ListingId::Role(PractitionerRoleId(role)))
        .or_else(|| organization.map(|organization| ListingId::Practice(OrganizationId(organization))))
        .context("a suspension of neither a role nor a practice")
}
