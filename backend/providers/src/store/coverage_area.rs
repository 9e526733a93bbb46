//! Table `providers.coverage_area`: where home visits are made. bookings tells it for each appointment type; what a listing says
//! for itself counts until then, and has the id of no type.

use anyhow::Result;
use shared_types::{
    AppointmentTypeId, GeoPoint, PractitionerRoleId,
    bookings::{NextFreeFact, home_visit::VisitArea},
    providers::Place,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Replaces where a role's home visits are made. Who makes none any more is no longer found by them.
///
/// # Errors
/// When a row cannot be written.
pub async fn replace(conn: &mut PgConnection, fact: &NextFreeFact) -> Result<()> {
    let role = fact.practitioner_role_id;
    let areas: Vec<_> = fact
        .types
        .iter()
        .filter_map(|of_type| Some((of_type.appointment_type_id, of_type.home_visit.as_ref()?)))
        .collect();
    let told: Vec<Uuid> = areas.iter().map(|(of, _)| of.0).collect();
    let ended = sqlx::query!(
        "delete from providers.coverage_area where practitioner_role_id = $1 and appointment_type_id <> all($2::uuid[]) \
         and (appointment_type_id <> $3 or cardinality($2::uuid[]) > 0)",
        role as PractitionerRoleId,
        &told,
        Uuid::nil(),
    )
    .execute(&mut *conn)
    .await?;
    for (of, area) in areas {
        keep(conn, role, of, area).await?;
    }
    if !told.is_empty() || ended.rows_affected() > 0 {
        show(conn, role, !told.is_empty()).await?;
    }
    Ok(())
}

async fn keep(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    of: AppointmentTypeId,
    area: &VisitArea,
) -> Result<()> {
    let (postcodes, corners, circle) = match area {
        VisitArea::Postcodes { postcodes } => (&postcodes[..], None, None),
        VisitArea::Circle { center, kilometres, .. } => {
            let metres = i32::from(*kilometres) * 1_000;
            (Default::default(), Some(box_around(*center, metres).to_vec()), Some((*center, metres)))
        }
        VisitArea::Polygon { corners } => {
            let corners = corners.iter().map(|corner| (corner.lon(), corner.lat()));
            (Default::default(), Some(corners.collect()), None)
        }
    };
    sqlx::query!(
        "insert into providers.coverage_area as old \
         (practitioner_role_id, appointment_type_id, given, postcodes, area, center, reach_metres) \
         values ($1, $2, $3, $4, st_geogfromtext($5::text), st_point($6, $7)::geography, $8) \
         on conflict on constraint coverage_area_pkey do update set given = excluded.given, \
         postcodes = excluded.postcodes, area = excluded.area, center = excluded.center, \
         reach_metres = excluded.reach_metres where old.given is distinct from excluded.given",
        role as PractitionerRoleId,
        of as AppointmentTypeId,
        Json(area) as Json<&VisitArea>,
        postcodes,
        corners.map(|corners: Vec<_>| polygon(&corners)),
        circle.map(|(center, _)| center.lon()),
        circle.map(|(center, _)| center.lat()),
        circle.map(|(_, metres)| metres),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the home visits of an appointment type are made at a place, as the search has it; none where nothing was told.
///
/// # Errors
/// When the table cannot be read.
pub async fn comes(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    of: AppointmentTypeId,
    place: &Place,
) -> Result<Option<bool>> {
    Ok(sqlx::query_scalar!(
        r#"select postcodes @> array[$3::text] or coalesce(
               st_covers(area, st_point($4, $5)::geography)
               and (center is null or st_dwithin(center, st_point($4, $5)::geography, reach_metres)),
               false
           ) as "comes!"
           from providers.coverage_area where practitioner_role_id = $1 and appointment_type_id = $2"#,
        role as PractitionerRoleId,
        of as AppointmentTypeId,
        place.postcode,
        place.lon,
        place.lat,
    )
    .fetch_optional(conn)
    .await?)
}

/// Sets or takes away what a search filters by.
async fn show(conn: &mut PgConnection, role: PractitionerRoleId, visits: bool) -> Result<()> {
    sqlx::query!(
        "update providers.practitioner_role set facets = case \
             when $2::boolean then array_append(facets, 'home_visit') else array_remove(facets, 'home_visit') end \
         where practitioner_role_id = $1 and (facets @> array['home_visit']) <> $2::boolean",
        role as PractitionerRoleId,
        visits,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The corners of a box around a circle, longitude first. It is a twentieth wider than the circle: its sides bend inwards on the
/// globe, and degrees are not all as long.
fn box_around(center: GeoPoint, metres: i32) -> [(f64, f64); 5] {
    const METRES_OF_A_DEGREE: f64 = 111_200.0;
    let north = f64::from(metres) * 1.05 / METRES_OF_A_DEGREE;
    let east = north / center.lat().to_radians().cos();
    [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]
        .map(|(x, y)| (center.lon() + x * east, center.lat() + y * north))
}

/// Corners as well-known text.
fn polygon(corners: &[(f64, f64)]) -> String {
    let corners: Vec<_> = corners.iter().map(|(lon, lat)| format!("{lon} {lat}")).collect();
    format!("POLYGON(({}))", corners.join(","))
}
