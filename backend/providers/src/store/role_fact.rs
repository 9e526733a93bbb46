//! Roles as bookings needs them.

use anyhow::Result;
use kernel::{Core, outbox};
use shared_types::{
    GeoPoint, PractitionerRoleId, ResourceId, Zone,
    providers::{ProvidersEvent, RoleFact},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Tells bookings of roles that appeared or changed, in the transaction that changed them. Roles without a place are
/// not told: nothing can be booked there.
///
/// # Errors
/// When a row cannot be read or written.
pub async fn tell(conn: &mut PgConnection, core: &Core, roles: &[Uuid]) -> Result<()> {
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", role.practitioner_id,
               role.organization_id, role.slug, role.name, role.bookable, role.version, role.state,
               profession.name as "profession_name?", profession.discreet as "discreet?",
               organization.name as "organization_name?", coalesce(location.phone, organization.phone) as phone,
               location.line as "line?", location.suburb as "suburb?", location.postcode as "postcode?",
               location.time_zone as "time_zone?",
               st_y(location.point::geometry) as lat, st_x(location.point::geometry) as lon
           from providers.practitioner_role role
           left join providers.profession on profession.slug = role.profession
           left join providers.organization on organization.organization_id = role.organization_id
           left join providers.location on location.location_id = role.location_id
           where role.practitioner_role_id = any($1)"#,
        roles
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in rows {
        let Some(zone) = row.time_zone.as_deref().and_then(|name| name.parse::<Zone>().ok()) else {
            continue;
        };
        let town = [row.suburb.as_deref(), row.state.as_deref(), row.postcode.as_deref()];
        let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let point = row.lat.zip(row.lon).and_then(|(lat, lon)| GeoPoint::new(lat, lon).ok());
        let fact = RoleFact {
            practitioner_role_id: row.practitioner_role_id,
            resource_id: ResourceId(row.practitioner_id.unwrap_or(row.practitioner_role_id.0)),
            organization_id: row.organization_id.map(Into::into),
            slug: row.slug,
            name: row.name,
            profession_name: row.profession_name,
            discreet: row.discreet.unwrap_or(false),
            organization_name: row.organization_name,
            phone: row.phone,
            address: row.line.map_or_else(|| town.clone(), |line| format!("{line}, {town}")),
            point,
            time_zone: zone,
            state: row.state.unwrap_or_default(),
            regions: Vec::new(),
            bookable: row.bookable,
        };
        let about = outbox::About {
            aggregate: "practitioner_role",
            id: row.practitioner_role_id.to_string(),
            version: i64::from(row.version),
        };
        outbox::tell(conn, core, about, &ProvidersEvent::PractitionerRoleChanged(fact)).await?;
    }
    Ok(())
}
