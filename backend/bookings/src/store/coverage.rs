//! Where a practice makes home visits. What it said is kept beside what is asked: which postcodes, and how near to which point or
//! polygon.

use std::collections::BTreeMap;

use shared_types::{
    AppointmentTypeId, GeoPoint, PractitionerRoleId,
    bookings::home_visit::{HomeVisit, VisitAddress, VisitArea},
};
use sqlx::{PgConnection, types::Json};

/// Sets where the home visits of an appointment type are made; nowhere when it is none.
///
/// # Errors
/// When the database fails.
pub async fn set(
    conn: &mut PgConnection,
    of: AppointmentTypeId,
    visit: Option<&HomeVisit>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.coverage_area where appointment_type_id = $1",
        of as AppointmentTypeId
    )
    .execute(&mut *conn)
    .await?;
    let Some(HomeVisit { area, .. }) = visit else { return Ok(()) };
    let (postcodes, drawn, reach_metres) = match area {
        VisitArea::Postcodes { postcodes } => (&postcodes[..], None, 0),
        VisitArea::Circle { center, kilometres, .. } => {
            (Default::default(), Some(format!("POINT({})", pair(center))), i32::from(*kilometres) * 1_000)
        }
        VisitArea::Polygon { corners } => {
            let corners: Vec<_> = corners.iter().map(pair).collect();
            (Default::default(), Some(format!("POLYGON(({}))", corners.join(","))), 0)
        }
    };
    sqlx::query!(
        "insert into bookings.coverage_area (appointment_type_id, given, postcodes, area, reach_metres) \
         values ($1, $2, $3, extensions.st_geogfromtext($4::text), $5)",
        of as AppointmentTypeId,
        Json(area) as Json<&VisitArea>,
        postcodes,
        drawn,
        reach_metres,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where the home visits of a role are made, by appointment type, as the practice gave it.
///
/// # Errors
/// When the database fails.
pub async fn of_role(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
) -> sqlx::Result<BTreeMap<AppointmentTypeId, VisitArea>> {
    let rows = sqlx::query!(
        r#"select appointment_type_id as "appointment_type_id: AppointmentTypeId", given as "given: Json<VisitArea>"
           from bookings.coverage_area join bookings.appointment_type using (appointment_type_id)
           where practitioner_role_id = $1"#,
        role as PractitionerRoleId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.appointment_type_id, row.given.0)).collect())
}

/// Longitude and latitude, as well-known text has them.
fn pair(point: &GeoPoint) -> String {
    format!("{} {}", point.lon(), point.lat())
}

/// What an area says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// The practice goes there.
    Yes,
    /// It does not.
    No,
    /// The area is drawn, and where the place is was not said.
    NeedsPoint,
}

/// Whether the home visits of an appointment type are made at a place. Where the practice has stopped making any, what was held
/// before goes anywhere.
///
/// # Errors
/// When the database fails.
pub async fn covers(
    conn: &mut PgConnection,
    of: AppointmentTypeId,
    place: &VisitAddress,
) -> sqlx::Result<Covers> {
    let point = place.point.as_ref().map(|point| *point.expose());
    let found = sqlx::query!(
        r#"select $2 = any(postcodes) as "by_postcode!", area is not null as "is_drawn!",
               coalesce(extensions.st_dwithin(
                   area, extensions.st_setsrid(extensions.st_makepoint($3, $4), 4326)::extensions.geography,
                   reach_metres::float8
               ), false) as "by_point!"
           from bookings.coverage_area where appointment_type_id = $1"#,
        of as AppointmentTypeId,
        place.postcode.expose(),
        point.map(GeoPoint::lon),
        point.map(GeoPoint::lat),
    )
    .fetch_optional(conn)
    .await?;
    Ok(match found {
        None => Covers::Yes,
        Some(area) if area.by_postcode || area.by_point => Covers::Yes,
        Some(area) if area.is_drawn && point.is_none() => Covers::NeedsPoint,
        Some(_) => Covers::No,
    })
}
