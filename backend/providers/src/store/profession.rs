//! Provider types.

use anyhow::{Context as _, Result};
use sqlx::PgConnection;

use crate::domain::Profession;

/// Writes a provider type unless the same or a newer version is there. Says whether it changed anything.
///
/// # Errors
/// When the row cannot be written.
pub async fn apply(conn: &mut PgConnection, profession: &Profession) -> Result<bool> {
    let pack = serde_json::to_value(profession)?;
    let regulation = serde_json::to_value(profession.regulation)?;
    let done = sqlx::query!(
        "insert into providers.profession as old (slug, version, name, plural, synonyms, category, icon, regulation, \
         ahpra_prefix, service_type_codes, schema_org, discreet, bulk_billing_possible, pack) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         on conflict (slug) do update set version = excluded.version, name = excluded.name, plural = excluded.plural, \
         synonyms = excluded.synonyms, category = excluded.category, icon = excluded.icon, \
         regulation = excluded.regulation, ahpra_prefix = excluded.ahpra_prefix, \
         service_type_codes = excluded.service_type_codes, schema_org = excluded.schema_org, \
         discreet = excluded.discreet, bulk_billing_possible = excluded.bulk_billing_possible, pack = excluded.pack \
         where old.version < excluded.version",
        profession.slug,
        profession.version,
        profession.name,
        profession.plural,
        &profession.synonyms,
        profession.category,
        profession.icon,
        regulation.as_str(),
        profession.ahpra_prefix,
        &profession.service_type_codes,
        profession.schema_org,
        profession.discreet,
        profession.bulk_billing_possible,
        pack,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every provider type, by name.
///
/// # Errors
/// When a row cannot be read.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<Profession>> {
    let packs =
        sqlx::query_scalar!("select pack from providers.profession order by name").fetch_all(conn).await?;
    packs.into_iter().map(|pack| serde_json::from_value(pack).context("a stored provider type")).collect()
}
