//! Every public page, for search engines: providers, practices, then professions by place, 50,000 to a file.

use anyhow::Result;
use jiff::civil::Date;
use shared_types::providers::SitemapEntry;
use sqlx::PgConnection;

/// How many addresses one file holds (sitemaps.org, read 2026-11-22).
pub const PAGE: i64 = 50_000;

struct Counts {
    providers: i64,
    practices: i64,
    landings: i64,
}

async fn counts(conn: &mut PgConnection) -> Result<Counts> {
    Ok(sqlx::query_as!(
        Counts,
        r#"select
            (select count(*) from providers.practitioner_role where active and not suspended) as "providers!",
            (select count(*) from providers.organization where active and not suspended) as "practices!",
            (select count(*) from (
                select distinct role.profession, lower(location.suburb) as suburb, location.state, location.postcode
                from providers.practitioner_role role join providers.location using (location_id)
                where role.active and not role.suspended and role.profession is not null
            ) landing
            join providers.locality on lower(locality.name) = landing.suburb
                and locality.state = landing.state and locality.postcode = landing.postcode) as "landings!""#
    )
    .fetch_one(conn)
    .await?)
}

/// How many files there are.
///
/// # Errors
/// When the database fails.
pub async fn pages(conn: &mut PgConnection) -> Result<i64> {
    let counts = counts(conn).await?;
    Ok([counts.providers, counts.practices, counts.landings].map(files).iter().sum())
}

fn files(rows: i64) -> i64 {
    (rows + PAGE - 1) / PAGE
}

/// One file, counted from 1; empty past the last.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut PgConnection, number: i64) -> Result<Vec<SitemapEntry>> {
    let counts = counts(conn).await?;
    let mut index = number - 1;
    if index < files(counts.providers) {
        return providers(conn, index).await;
    }
    index -= files(counts.providers);
    if index < files(counts.practices) {
        return practices(conn, index).await;
    }
    landings(conn, index - files(counts.practices)).await
}

async fn providers(conn: &mut PgConnection, index: i64) -> Result<Vec<SitemapEntry>> {
    let rows = sqlx::query!(
        r#"select '/providers/' || slug as "path!", updated_at::date as "changed_on!" from providers.practitioner_role
           where active and not suspended order by slug offset $1 limit $2"#,
        index * PAGE,
        PAGE
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| entry(row.path, row.changed_on.to_jiff())).collect())
}

async fn practices(conn: &mut PgConnection, index: i64) -> Result<Vec<SitemapEntry>> {
    let rows = sqlx::query!(
        r#"select '/practices/' || slug as "path!", updated_at::date as "changed_on!" from providers.organization
           where active and not suspended order by slug offset $1 limit $2"#,
        index * PAGE,
        PAGE
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| entry(row.path, row.changed_on.to_jiff())).collect())
}

async fn landings(conn: &mut PgConnection, index: i64) -> Result<Vec<SitemapEntry>> {
    let rows = sqlx::query!(
        r#"select '/' || landing.profession || '/' || locality.slug as "path!", landing.changed_on as "changed_on!"
           from (
               select role.profession, lower(location.suburb) as suburb, location.state, location.postcode,
                   max(role.updated_at)::date as changed_on
               from providers.practitioner_role role join providers.location using (location_id)
               where role.active and not role.suspended and role.profession is not null
               group by 1, 2, 3, 4
           ) landing
           join providers.locality on lower(locality.name) = landing.suburb
               and locality.state = landing.state and locality.postcode = landing.postcode
           order by 1 offset $1 limit $2"#,
        index * PAGE,
        PAGE
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| entry(row.path, row.changed_on.to_jiff())).collect())
}

fn entry(path: String, changed_on: Date) -> SitemapEntry {
    SitemapEntry { path, changed_on }
}
