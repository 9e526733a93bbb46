//! Practitioners like another one: the same profession, and a visit of the same name.

use anyhow::Result;
use shared_types::{
    AppointmentTypeId, AudCents, Metres, OrganizationId, PractitionerRoleId, Zone,
    bookings::{
        BookedRole,
        waitlist::{MOST_OTHERS, SimilarRole},
    },
};
use sqlx::PgConnection;

/// A degree of latitude, rounded down so that a window of degrees is never too small.
const METRES_PER_DEGREE: f64 = 110_000.0;

/// Those of the same practice first, then the nearest within so many kilometres first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn list(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    appointment_type: AppointmentTypeId,
    within_km: u16,
) -> Result<Vec<SimilarRole>> {
    let metres = f64::from(within_km) * 1_000.0;
    let rows = sqlx::query!(
        r#"select other.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", other.slug, other.name,
               other.profession_name, other.organization_id as "organization_id: OrganizationId", other.organization_name,
               other.phone, other.address, other.time_zone, other.bookable, near.metres,
               type.appointment_type_id as "appointment_type_id: AppointmentTypeId", type.duration_minutes,
               coalesce(funding.price_cents, type.price_cents) as "price_cents!: AudCents",
               coalesce(funding.bulk_billed, type.bulk_billed) as "bulk_billed!"
           from bookings.role own
               join bookings.appointment_type wanted
                   on wanted.practitioner_role_id = own.practitioner_role_id and wanted.appointment_type_id = $2
               join bookings.role other
                   on other.profession_name = own.profession_name and other.bookable
                   and other.practitioner_role_id <> own.practitioner_role_id
                   and (
                       other.organization_id = own.organization_id
                       or other.lat between own.lat - $3::float8 / $4::float8 and own.lat + $3::float8 / $4::float8
                   )
               -- On a flat map: good enough for a hundred kilometres.
               cross join lateral (
                   select $4::float8 * sqrt(
                       power(other.lat - own.lat, 2) + power((other.lon - own.lon) * cos(radians(own.lat)), 2)
                   ) as metres
               ) near
               cross join lateral (
                   select offered.* from bookings.appointment_type offered
                   where offered.practitioner_role_id = other.practitioner_role_id and offered.active
                       and lower(offered.name) = lower(wanted.name) and offered.telehealth = wanted.telehealth
                       and (offered.travel_minutes is null) = (wanted.travel_minutes is null)
                   order by offered.position, offered.appointment_type_id limit 1
               ) type
               left join bookings.funding on funding.organization_id = other.organization_id
                   and funding.appointment_type_id = type.appointment_type_id
           where own.practitioner_role_id = $1
               and (other.organization_id = own.organization_id or near.metres <= $3::float8)
           order by (other.organization_id = own.organization_id) is not true, near.metres nulls last,
               other.practitioner_role_id
           limit $5"#,
        role as PractitionerRoleId,
        appointment_type as AppointmentTypeId,
        metres,
        METRES_PER_DEGREE,
        i64::try_from(MOST_OTHERS)?,
    )
    .fetch_all(conn)
    .await?;
    let similar = rows.into_iter().map(|row| {
        Ok(SimilarRole {
            role: BookedRole {
                practitioner_role_id: row.practitioner_role_id,
                slug: row.slug,
                name: row.name,
                profession_name: row.profession_name,
                organization_id: row.organization_id,
                organization_name: row.organization_name,
                phone: row.phone,
                address: row.address,
                time_zone: row.time_zone.parse::<Zone>()?,
                bookable: row.bookable,
            },
            appointment_type_id: row.appointment_type_id,
            duration_minutes: u16::try_from(row.duration_minutes)?,
            price_cents: row.price_cents,
            bulk_billed: row.bulk_billed,
            distance: row.metres.map(Metres),
        })
    });
    similar.collect()
}
