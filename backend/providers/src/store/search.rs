//! Search: one statement for each order, one for clusters, one for the counts beside the filters. Their texts lie beside
//! this file, so that the benchmark asks the very same.

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{
    Bbox, GeoPoint,
    providers::{Cluster, FacetCounts, Order, ProviderSummary},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::summary::SummaryRow;
use crate::domain::{Cursor, FirstFree, Region, SearchPlan};

/// The text of the search by distance.
pub const BY_DISTANCE: &str = include_str!("search/by_distance.sql");
/// The text of the search by first free time.
pub const BY_SOONEST: &str = include_str!("search/by_soonest.sql");

/// A page of results and where to go on.
///
/// # Errors
/// When the database fails.
pub async fn search(
    conn: &mut PgConnection,
    plan: &SearchPlan<'_>,
    now: Timestamp,
) -> Result<(Vec<ProviderSummary>, Option<Cursor>)> {
    let region = RegionColumns::of(plan.region);
    let filters = Filters::of(plan);
    // One more than a page tells whether there is another.
    let limit = plan.limit + 1;
    let rows = match plan.order {
        Order::Distance => by_distance(conn, plan, &region, &filters, limit, now).await?,
        Order::Soonest => by_soonest(conn, plan, &region, &filters, limit, now).await?,
    };
    let page = usize::try_from(plan.limit).unwrap_or_default();
    let more = rows.len() > page;
    let items: Vec<_> = rows.into_iter().take(page).map(|row| row.summary(now)).collect();
    let next = items.last().filter(|_| more).map(|last| match plan.order {
        Order::Distance => Cursor::Distance(last.distance_m.unwrap_or_default(), last.practitioner_role_id),
        Order::Soonest => Cursor::Soonest(first_free(last), last.practitioner_role_id),
    });
    Ok((items, next))
}

fn first_free(summary: &ProviderSummary) -> FirstFree {
    match summary.next_free.first() {
        _ if !summary.bookable => FirstFree::NotBookable,
        Some(start) => FirstFree::At(*start),
        None => FirstFree::Never,
    }
}

async fn by_distance(
    conn: &mut PgConnection,
    plan: &SearchPlan<'_>,
    region: &RegionColumns<'_>,
    filters: &Filters,
    limit: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<SummaryRow>> {
    let (after, after_id) = match plan.cursor {
        Some(Cursor::Distance(metres, id)) => (Some(metres), Some(id.0)),
        Some(Cursor::Soonest(..)) | None => (None, None),
    };
    sqlx::query_file_as!(
        SummaryRow,
        "src/store/search/by_distance.sql",
        region.lon,
        region.lat,
        region.radius_m,
        region.state,
        region.postcode,
        region.west,
        region.south,
        region.east,
        region.north,
        plan.profession,
        &plan.facets,
        filters.longest,
        &filters.all,
        filters.before as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
        after,
        after_id
    )
    .fetch_all(conn)
    .await
}

async fn by_soonest(
    conn: &mut PgConnection,
    plan: &SearchPlan<'_>,
    region: &RegionColumns<'_>,
    filters: &Filters,
    limit: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<SummaryRow>> {
    // PostgreSQL's `infinity` has no place among our instants; far years do the same.
    let (after, after_id): (Option<Timestamp>, Option<Uuid>) = match plan.cursor {
        Some(Cursor::Soonest(FirstFree::At(start), id)) => (Some(start), Some(id.0)),
        Some(Cursor::Soonest(FirstFree::Never, id)) => (Some(NEVER), Some(id.0)),
        Some(Cursor::Soonest(FirstFree::NotBookable, id)) => (Some(NOT_BOOKABLE), Some(id.0)),
        Some(Cursor::Distance(..)) | None => (None, None),
    };
    sqlx::query_file_as!(
        SummaryRow,
        "src/store/search/by_soonest.sql",
        region.lon,
        region.lat,
        region.radius_m,
        region.state,
        region.postcode,
        region.west,
        region.south,
        region.east,
        region.north,
        plan.profession,
        &plan.facets,
        filters.longest,
        &filters.all,
        filters.before as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
        after.map(|start| start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after_id
    )
    .fetch_all(conn)
    .await
}

/// Stands for "no free time" in the order by first free time: the year 9000, as in `by_soonest.sql`.
const NEVER: Timestamp = Timestamp::constant(221_845_392_000, 0);
/// Stands for "cannot be booked here", after the former: the year 9001.
const NOT_BOOKABLE: Timestamp = Timestamp::constant(221_876_928_000, 0);

/// Counts by cell when a window holds more than `pins` results; `None` when pins will do.
///
/// # Errors
/// When the database fails.
pub async fn clusters(
    conn: &mut PgConnection,
    plan: &SearchPlan<'_>,
    zoom: u8,
    pins: u32,
    now: Timestamp,
) -> Result<Option<Vec<Cluster>>> {
    let region = RegionColumns::of(plan.region);
    let filters = Filters::of(plan);
    // Cells of about 80 pixels: a tile of 256 pixels spans 360 degrees at zoom 0.
    let cell = 360.0 / 2_f64.powi(i32::from(zoom)) * (80.0 / 256.0);
    let clusters = sqlx::query_file_as!(
        Cell,
        "src/store/search/clusters.sql",
        region.lon,
        region.lat,
        region.radius_m,
        region.state,
        region.postcode,
        region.west,
        region.south,
        region.east,
        region.north,
        plan.profession,
        &plan.facets,
        filters.longest,
        &filters.all,
        filters.before as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        cell
    )
    .fetch_all(conn)
    .await?;
    let clusters: Vec<_> = clusters
        .into_iter()
        .map(|row| Cluster {
            lat: row.lat,
            lon: row.lon,
            count: u32::try_from(row.count).unwrap_or_default(),
        })
        .collect();
    let total: u32 = clusters.iter().map(|cluster| cluster.count).sum();
    Ok((total > pins).then_some(clusters))
}

struct Cell {
    lat: f64,
    lon: f64,
    count: i32,
}

/// How many of the nearest are looked at for the counts beside the filters.
const COUNTED: i64 = 1_000;

/// Counts the facets of the matches among the nearest. `None` where the nearest are not to be had from an index alone:
/// where coverage decides, and without a place.
///
/// # Errors
/// When the database fails.
pub async fn facets(
    conn: &mut PgConnection,
    plan: &SearchPlan<'_>,
    now: Timestamp,
) -> Result<Option<FacetCounts>> {
    match plan.region {
        Region::Around(..) | Region::State(..) | Region::Window(_) => {}
        Region::Covering(..) | Region::Anywhere => return Ok(None),
    }
    let region = RegionColumns::of(plan.region);
    let filters = Filters::of(plan);
    let rows = sqlx::query_file!(
        "src/store/search/facets.sql",
        region.lon,
        region.lat,
        region.radius_m,
        region.state,
        region.west,
        region.south,
        region.east,
        region.north,
        plan.profession,
        &plan.facets,
        filters.longest,
        &filters.all,
        filters.before as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        // One more tells whether there are others.
        COUNTED + 1
    )
    .fetch_all(conn)
    .await?;
    let mut found = FacetCounts::default();
    for row in rows {
        match row.facet {
            Some(facet) => {
                found.counts.insert(facet, u32::try_from(row.count)?);
            }
            None => found.at_least = i64::from(row.count) > COUNTED,
        }
    }
    Ok(Some(found))
}

/// Everything that is found lies well within: Cocos in the west, Macquarie Island in the south, Norfolk in the east.
const AUSTRALIA: Bbox = Bbox { west: 92.0, south: -60.0, east: 175.0, north: -5.0 };

/// A region as parameters; what is null does not filter.
#[derive(Default)]
struct RegionColumns<'a> {
    lon: Option<f64>,
    lat: Option<f64>,
    radius_m: Option<f64>,
    state: Option<&'a str>,
    postcode: Option<&'a str>,
    west: Option<f64>,
    south: Option<f64>,
    east: Option<f64>,
    north: Option<f64>,
}

impl<'a> RegionColumns<'a> {
    fn of(region: Region<'a>) -> Self {
        match region {
            Region::Around(center, radius_m) => {
                Self { radius_m: Some(f64::from(radius_m)), ..Self::from(center) }
            }
            Region::Covering(center, radius_m, postcode) => {
                Self { radius_m: radius_m.map(f64::from), postcode: Some(postcode), ..Self::from(center) }
            }
            Region::State(center, state) => Self { state: Some(state), ..Self::from(center) },
            // Cut to where Australia and its islands are: edges of half the globe and more mean nothing to a geography.
            Region::Window(window) => Self {
                west: Some(window.west.clamp(AUSTRALIA.west, AUSTRALIA.east)),
                south: Some(window.south.clamp(AUSTRALIA.south, AUSTRALIA.north)),
                east: Some(window.east.clamp(AUSTRALIA.west, AUSTRALIA.east)),
                north: Some(window.north.clamp(AUSTRALIA.south, AUSTRALIA.north)),
                ..Self::from(window.center())
            },
            Region::Anywhere => Self::default(),
        }
    }

    fn from(center: GeoPoint) -> Self {
        Self { lon: Some(center.lon()), lat: Some(center.lat()), ..Self::default() }
    }
}

struct Filters {
    longest: Option<String>,
    all: Vec<String>,
    before: Option<jiff_sqlx::Timestamp>,
}

impl Filters {
    fn of(plan: &SearchPlan<'_>) -> Self {
        // `like` patterns; the words hold letters, digits and apostrophes only.
        let all: Vec<String> = plan.words.iter().map(|word| format!("%{word}%")).collect();
        Self { longest: all.first().cloned(), all, before: plan.before.map(|before| before.to_sqlx()) }
    }
}
