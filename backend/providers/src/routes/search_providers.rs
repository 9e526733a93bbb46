//! `GET /api/v1/providers/search`: the query of `/search`, answered.

use axum::{
    Json,
    extract::{FromRequestParts, State as Extract},
    http::request::Parts,
};
use kernel::{
    Reject,
    openapi::{Argument, Operation},
};
use shared_types::{
    Problem, Zone,
    providers::{Place, PlaceKind, SearchProviders, SearchReply},
};
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use crate::{
    domain::{SearchPlan, Understood, understand},
    state::State,
    store::{locality, search},
    zones::zone_of,
};

/// More results in a window than this are shown as clusters.
const PINS: u32 = 300;
/// How many requests may count clusters at once.
static COUNTING: Semaphore = Semaphore::const_new(4);
/// How many other meanings of a place are offered.
const OTHER_PLACES: usize = 5;

/// What is asked, read from the query.
pub struct Asked(SearchProviders);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let query = SearchProviders::from_query(parts.uri.query().unwrap_or_default());
        Ok(Self(query.map_err(Problem::invalid)?))
    }
}

impl Argument for Asked {
    fn describe(operation: &mut Operation<'_>) {
        operation.query::<SearchProviders>();
        operation.problem(422);
    }
}

/// Finds providers.
pub async fn search_providers(
    Extract(state): Extract<State>,
    Asked(query): Asked,
) -> Result<Json<SearchReply>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    Ok(Json(answer(&mut conn, &state, query).await?))
}

/// Answers a search; the landing pages ask the same way.
pub async fn answer(
    conn: &mut PgConnection,
    state: &State,
    query: SearchProviders,
) -> Result<SearchReply, Reject> {
    let now = state.core.now();
    let Understood { query, profession } =
        understand(query, &state.professions).map_err(|error| Problem::invalid(vec![error]))?;
    let (mut place, other_places) = find_place(conn, &query).await?;
    if let Some(place) = place.as_mut().filter(|_| query.home_visit && query.bbox.is_none()) {
        // Some go to postcodes.
        place.postcode = locality::postcode_of(conn, place).await?;
    }
    let zone = place
        .as_ref()
        .and_then(|place| shared_types::GeoPoint::new(place.lat, place.lon).ok())
        .and_then(zone_of);
    let plan = SearchPlan::new(&query, place.as_ref(), zone.unwrap_or(Zone::SYDNEY))
        .map_err(|error| Problem::invalid(vec![error]))?;
    let (items, next) = search::search(conn, &plan, now).await?;
    let clusters = match (query.bbox, query.zoom) {
        // Counting a whole country takes a connection for long; when several do already, pins must do.
        (Some(_), Some(zoom)) => match COUNTING.try_acquire() {
            Ok(_permit) => search::clusters(conn, &plan, zoom, PINS, now).await?,
            Err(_) => None,
        },
        _ => None,
    };
    let facets = if query.count_facets { search::facets(conn, &plan, now).await? } else { None };
    let radius_m = plan.radius_m();
    Ok(SearchReply {
        items,
        as_of: now,
        next: next.map(|cursor| cursor.encode()),
        place,
        other_places,
        profession,
        radius_m,
        clusters,
        facets,
    })
}

/// The place a query means, and what else its words could mean.
async fn find_place(
    conn: &mut PgConnection,
    query: &SearchProviders,
) -> Result<(Option<Place>, Vec<Place>), Reject> {
    if let Some(window) = query.bbox {
        let place = Place {
            kind: PlaceKind::Window,
            label: "this part of the map".to_owned(),
            ..locality::coordinates(window.center())
        };
        return Ok((Some(place), Vec::new()));
    }
    if let Some(point) = query.point {
        let state = locality::state_at(conn, point).await?;
        let place = Place { state: state.unwrap_or_default(), ..locality::coordinates(point) };
        return Ok((Some(place), Vec::new()));
    }
    let Some(near) = &query.near else { return Ok((None, Vec::new())) };
    let mut places = locality::find(conn, near, 20).await?.into_iter();
    let Some(best) = places.next() else {
        let problem = Problem::new("place-not-found", 422, "We do not know this place")
            .detail(format!("There is no suburb, town or postcode like {near:?} in Australia. Check the spelling or give a postcode."))
            .errors(vec![shared_types::problem::FieldError::new("near", "not found")]);
        return Err(problem.into());
    };
    // The same name in the same state is the same town with several postcodes: no choice worth offering.
    let mut seen = vec![(best.name.clone(), best.state.clone())];
    let mut others = Vec::new();
    for place in places {
        let key = (place.name.clone(), place.state.clone());
        if !seen.contains(&key) && others.len() < OTHER_PLACES {
            seen.push(key);
            others.push(place);
        }
    }
    Ok((Some(best), others))
}
