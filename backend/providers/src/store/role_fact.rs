//! Roles as bookings needs them.

use anyhow::Result;
use kernel::{Core, outbox};
use shared_types::{
    GeoPoint, PractitionerRoleId, ResourceId, Zone,
    providers::{ProvidersEvent, RoleFact, Unlisted, listing::SuspensionReason},
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
        r#"select role.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId", role.practitioner_id,
               role.organization_id, role.slug as "slug!", role.name as "name!", role.bookable as "bookable!",
               role.version as "version!", role.state,
               role.active as "active!", role.suspended as "suspended!", array(
                   select suspension.reason from providers.listing_suspension suspension
                   where suspension.lifted_at is null and (
                       suspension.practitioner_role_id = role.practitioner_role_id
                       or suspension.organization_id = role.organization_id
                   )
               ) as "reasons!",
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
        let unlisted = unlisted(row.active, row.suspended, &row.reasons);
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
            bookable: row.bookable && unlisted.is_none(),
            unlisted,
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

/// Why a role is not listed, if it is not. A registration that is not in force is the reason that counts, beside whatever else.
fn unlisted(active: bool, suspended: bool, reasons: &[String]) -> Option<Unlisted> {
    if suspended {
        let lapsed = reasons.iter().any(|reason| reason == SuspensionReason::Registration.code());
        return Some(if lapsed { Unlisted::RegistrationLapsed } else { Unlisted::Suspended });
    }
    (!active).then_some(Unlisted::Left)
}

#[cfg(test)]
mod tests {
    use shared_types::providers::Unlisted;

    use super::unlisted;

    #[test]
    fn why_a_role_is_not_listed() {
        let reasons = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        for (active, suspended, codes, expected) in [
            (true, false, reasons(&[]), None),
            (false, false, reasons(&[]), Some(Unlisted::Left)),
            (true, true, reasons(&["complaint"]), Some(Unlisted::Suspended)),
            (false, true, reasons(&["complaint"]), Some(Unlisted::Suspended)),
            (true, true, reasons(&["other", "registration"]), Some(Unlisted::RegistrationLapsed)),
        ] {
            assert_eq!(unlisted(active, suspended, &codes), expected, "{active} {suspended} {codes:?}");
        }
    }
}
