//! A provider's and a practice's page.

use anyhow::Result;
use jiff::Timestamp;
use shared_types::{
    AppointmentTypeId, AudCents, OrganizationId, PractitionerRoleId,
    providers::{
        FeeLine, LocationSummary, OpeningHours, Origin, PracticeProfile, ProviderProfile, ProviderSummary,
        Regulation, SchemaOrg, Source,
    },
};
use sqlx::PgConnection;

use super::{bulk_billing, summary::SummaryRow};
use crate::domain::bulk_billing_badge;

/// A provider's page by its slug.
///
/// # Errors
/// When the database fails.
pub async fn provider(
    conn: &mut PgConnection,
    slug: &str,
    now: Timestamp,
) -> Result<Option<ProviderProfile>> {
    let row = sqlx::query_file_as!(SummaryRow, "src/store/profile/by_slug.sql", slug)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let summary = row.summary(now);
    let detail = sqlx::query!(
        r#"select role.ahpra_number, role.origin, role.updated_at, practitioner.about as "about?",
               organization.checked_on as "checked_on?", location.opening_hours as "opening_hours?",
               profession.regulation as "regulation?", profession.schema_org as "schema_org?",
               profession.pack ->> 'schema_org_specialty' as schema_org_specialty,
               array(
                   select service.name from providers.healthcare_service service
                   where service.healthcare_service_id = any(role.healthcare_service_ids) order by service.name
               ) as "services!"
           from providers.practitioner_role role
           left join providers.practitioner using (practitioner_id)
           left join providers.organization on organization.organization_id = role.organization_id
           left join providers.location on location.location_id = role.location_id
           left join providers.profession on profession.slug = role.profession
           where role.practitioner_role_id = $1"#,
        summary.practitioner_role_id as PractitionerRoleId
    )
    .fetch_one(&mut *conn)
    .await?;
    let fees = fees(conn, summary.practitioner_role_id).await?;
    let colleagues = match &summary.organization {
        Some(organization) => {
            colleagues(conn, organization.organization_id, summary.practitioner_role_id, now).await?
        }
        None => Vec::new(),
    };
    let updated_on = detail.updated_at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(Some(ProviderProfile {
        as_of: now,
        regulation: detail.regulation.as_deref().and_then(regulation),
        schema_org: detail.schema_org.map(|kind| SchemaOrg { kind, specialty: detail.schema_org_specialty }),
        ahpra_number: detail.ahpra_number,
        about: detail.about,
        services: detail.services,
        opening_hours: opening_hours(detail.opening_hours)?,
        fees,
        colleagues,
        source: Source {
            origin: origin(&detail.origin),
            checked_on: detail.checked_on.map_or(updated_on, |date| date.to_jiff()),
        },
        summary,
    }))
}

/// A practice's page by its slug.
///
/// # Errors
/// When the database fails.
pub async fn practice(
    conn: &mut PgConnection,
    slug: &str,
    now: Timestamp,
) -> Result<Option<PracticeProfile>> {
    let row = sqlx::query!(
        r#"select organization_id as "organization_id: OrganizationId", slug, name, phone, website, origin, checked_on
           from providers.organization where slug = $1 and active and not suspended"#,
        slug
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let places = sqlx::query!(
        r#"select location_id, line, suburb, state, postcode, time_zone, approximate, opening_hours,
               st_y(point::geometry) as lat, st_x(point::geometry) as lon
           from providers.location where organization_id = $1 order by name nulls last, location_id limit 20"#,
        row.organization_id as OrganizationId
    )
    .fetch_all(&mut *conn)
    .await?;
    let hours = places.first().map(|place| place.opening_hours.clone());
    let locations = places.into_iter().filter_map(|place| {
        Some(LocationSummary {
            location_id: Some(place.location_id.into()),
            lat: place.lat?,
            lon: place.lon?,
            time_zone: place.time_zone?.parse().ok()?,
            approximate: place.approximate,
            line: place.line,
            suburb: place.suburb,
            state: place.state,
            postcode: place.postcode,
        })
    });
    let locations = locations.collect();
    let attested_at = bulk_billing::attested_at(conn, row.organization_id).await?;
    let bulk_bills_as_of = bulk_billing_badge(attested_at, now);
    Ok(Some(PracticeProfile {
        as_of: now,
        locations,
        opening_hours: opening_hours(hours)?,
        practitioners: of_organization(conn, row.organization_id, now).await?,
        bulk_bills_as_of,
        website: row.website,
        source: Source { origin: origin(&row.origin), checked_on: row.checked_on.to_jiff() },
        organization: shared_types::providers::OrganizationRef {
            organization_id: row.organization_id,
            slug: row.slug,
            name: row.name,
            phone: row.phone,
        },
    }))
}

async fn of_organization(
    conn: &mut PgConnection,
    id: OrganizationId,
    now: Timestamp,
) -> Result<Vec<ProviderSummary>> {
    let rows = sqlx::query_file_as!(SummaryRow, "src/store/profile/of_organization.sql", id.0)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.summary(now)).collect())
}

/// Others at the same practice, at most twelve: never somebody of another practice.
async fn colleagues(
    conn: &mut PgConnection,
    organization: OrganizationId,
    own: PractitionerRoleId,
    now: Timestamp,
) -> Result<Vec<ProviderSummary>> {
    let all = of_organization(conn, organization, now).await?;
    Ok(all.into_iter().filter(|summary| summary.practitioner_role_id != own).take(12).collect())
}

async fn fees(conn: &mut PgConnection, role: PractitionerRoleId) -> Result<Vec<FeeLine>> {
    let rows = sqlx::query!(
        r#"select appointment_type_id as "appointment_type_id: AppointmentTypeId", name, duration_minutes,
               price_cents as "price_cents: AudCents", bulk_billed, telehealth
           from providers.fee_line where practitioner_role_id = $1 order by position"#,
        role as PractitionerRoleId
    )
    .fetch_all(conn)
    .await?;
    let lines = rows.into_iter().map(|row| {
        Ok(FeeLine {
            appointment_type_id: row.appointment_type_id,
            name: row.name,
            duration_minutes: u16::try_from(row.duration_minutes)?,
            price_cents: row.price_cents,
            bulk_billed: row.bulk_billed,
            telehealth: row.telehealth,
        })
    });
    lines.collect()
}

fn opening_hours(value: Option<serde_json::Value>) -> Result<Vec<OpeningHours>> {
    Ok(value.map(serde_json::from_value).transpose()?.unwrap_or_default())
}

fn origin(code: &str) -> Origin {
    match code {
        "demo" => Origin::Demo,
        "directory" => Origin::Directory,
        _ => Origin::Practice,
    }
}

fn regulation(code: &str) -> Option<Regulation> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}
