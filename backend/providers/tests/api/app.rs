//! The service on a database of its own, and the listings that tests put there.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{body::Body, http::Request};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::{Core, Service, testing::Database};
use providers::{catalogue, zones::zone_of};
use serde::de::DeserializeOwned;
use shared_types::{
    GeoPoint, PractitionerRoleId, Problem, Zone,
    providers::{ProviderSummary, SearchReply},
    slug::slugify,
};
use sqlx::Connection as _;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;
use uuid::Uuid;

/// Monday 23 November 2026, 9 am in Sydney.
pub const NOW: Timestamp = Timestamp::constant(1_795_384_800, 0);

/// Degrees of latitude that make a kilometre, near enough for tests that leave room.
pub const KILOMETRE: f64 = 1.0 / 111.2;

/// Localities and provider types take seconds to load; each test begins with a copy.
static LOADED: OnceCell<Database> = OnceCell::const_new();

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A query string.
pub fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub fn names(items: &[ProviderSummary]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

pub struct App {
    pub database: Database,
    pub core: Core,
    pub service: Service,
    listed: AtomicU64,
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub body: String,
}

impl App {
    /// With every locality and provider type, and nobody listed.
    pub async fn new() -> Self {
        let loaded = LOADED.get_or_init(load).await;
        let database = loaded.copy().await;
        let core = database.core("providers", NOW).await;
        let service = providers::service(core.clone()).await.unwrap();
        Self { database, core, service, listed: AtomicU64::new(0) }
    }

    /// The process ends and begins again.
    pub async fn restart(&mut self) {
        self.service = providers::service(self.core.clone()).await.unwrap();
    }

    pub async fn get(&self, path: &str) -> Reply {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = self.service.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let content_type =
            response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Reply {
            status,
            content_type: content_type.unwrap_or_default(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// A reply that is as it should be.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> T {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }

    /// A refusal.
    pub async fn problem(&self, path: &str) -> Problem {
        let reply = self.get(path).await;
        assert_eq!(reply.content_type, "application/problem+json", "{path}: {} {}", reply.status, reply.body);
        let problem: Problem = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(problem.status, reply.status);
        problem
    }

    pub async fn search(&self, query: &str) -> SearchReply {
        self.read(&format!("/api/v1/providers/search?{query}")).await
    }

    pub async fn search_problem(&self, query: &str) -> Problem {
        self.problem(&format!("/api/v1/providers/search?{query}")).await
    }

    /// The names a search finds, in its order.
    pub async fn found(&self, query: &str) -> Vec<String> {
        self.search(query).await.items.into_iter().map(|item| item.name).collect()
    }

    /// Writes a listing with its practice, place and person.
    pub async fn list(&self, listing: &Listing) -> PractitionerRoleId {
        let nth = self.listed.fetch_add(1, Ordering::SeqCst);
        // Spread over the range, so that the order of ids is not the order of listing; the same in every run.
        let id = Uuid::from_u128(u128::from(nth + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835));
        let now = NOW.to_sqlx();
        let mut tx = self.core.begin().await.unwrap();
        let organization: Uuid = sqlx::query_scalar(
            "insert into organization (organization_id, slug, name, phone, website, origin, checked_on, created_at,
                 updated_at)
             values ($1, $2, $3, '(02) 5550 0000', 'https://example.org', $4, '2026-11-20', $5, $5)
             on conflict (slug) do update set name = excluded.name returning organization_id",
        )
        .bind(id)
        .bind(slugify(&listing.practice))
        .bind(&listing.practice)
        .bind(listing.origin())
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into location (location_id, organization_id, line, suburb, state, postcode, point, time_zone,
                 approximate, opening_hours, origin, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, st_point($8, $7)::geography, $9, $10,
                 '[{\"weekday\": 1, \"opens\": \"08:30:00\", \"closes\": \"17:00:00\"}]', $11, $12, $12)",
        )
        .bind(id)
        .bind(organization)
        .bind((!listing.approximate).then_some("1 Example Street"))
        .bind(&listing.suburb)
        .bind(&listing.state)
        .bind(&listing.postcode)
        .bind(listing.point.map(|point| point.lat()))
        .bind(listing.point.map(|point| point.lon()))
        .bind(listing.zone().map(Zone::name))
        .bind(listing.approximate)
        .bind(listing.origin())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into practitioner (practitioner_id, name, about, origin, created_at, updated_at)
             values ($1, $2, 'Listens first.', $3, $4, $4)",
        )
        .bind(id)
        .bind(&listing.name)
        .bind(listing.origin())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into practitioner_role (practitioner_role_id, slug, practitioner_id, organization_id, location_id,
                 name, profession, ahpra_number, point, state, facets, search_text, bookable, next_free, next_free_until,
                 origin, created_at, updated_at)
             values ($1, $2, $1, $3, $1, $4, $5, 'PHY0001234567', st_point($7, $6)::geography, $8, $9, $10, $11, $12, $12,
                 $13, $14, $14)",
        )
        .bind(id)
        .bind(listing.slug())
        .bind(organization)
        .bind(&listing.name)
        .bind(&listing.profession)
        .bind(listing.point.map(|point| point.lat()))
        .bind(listing.point.map(|point| point.lon()))
        .bind(&listing.state)
        .bind(&listing.facets)
        .bind(format!("{} {} {}", listing.name, listing.practice, listing.services).to_lowercase())
        .bind(listing.bookable)
        .bind(listing.free.iter().map(|start| start.to_sqlx()).collect::<Vec<_>>())
        .bind(listing.origin())
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        if let Some(area) = &listing.covers {
            sqlx::query("insert into coverage_area (practitioner_role_id, area) values ($1, $2::geography)")
                .bind(id)
                .bind(area)
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        id.into()
    }
}

async fn load() -> Database {
    let database = Database::new().await;
    let mut conn = database.connect("providers_migrate").await;
    let mut tx = conn.begin().await.unwrap();
    catalogue::load(&mut tx, NOW).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query("analyze locality").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    database
}

/// Somebody to find.
#[derive(Clone, Debug)]
pub struct Listing {
    pub name: String,
    pub practice: String,
    /// Further words: what they offer.
    pub services: String,
    pub profession: Option<String>,
    /// None when nobody knows where.
    pub point: Option<GeoPoint>,
    pub suburb: String,
    pub state: String,
    pub postcode: String,
    pub approximate: bool,
    pub facets: Vec<String>,
    pub free: Vec<Timestamp>,
    pub bookable: bool,
    /// Where home visits go, as well-known text.
    pub covers: Option<String>,
}

impl Listing {
    /// A physiotherapist in the middle of Parramatta who can be booked and has no free time.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            practice: "Banksia Clinic".to_owned(),
            services: String::new(),
            profession: Some("physiotherapist".to_owned()),
            point: GeoPoint::new(-33.81356, 151.00341).ok(),
            suburb: "Parramatta".to_owned(),
            state: "NSW".to_owned(),
            postcode: "2150".to_owned(),
            approximate: false,
            facets: Vec::new(),
            free: Vec::new(),
            bookable: true,
            covers: None,
        }
    }

    pub fn practice(self, practice: &str) -> Self {
        Self { practice: practice.to_owned(), ..self }
    }

    pub fn profession(self, profession: &str) -> Self {
        Self { profession: Some(profession.to_owned()), ..self }
    }

    pub fn point(self, lat: f64, lon: f64) -> Self {
        Self { point: GeoPoint::new(lat, lon).ok(), ..self }
    }

    /// So many kilometres north of the middle of Parramatta.
    pub fn north(self, kilometres: f64) -> Self {
        self.point(-33.81356 + kilometres * KILOMETRE, 151.00341)
    }

    pub fn town(self, suburb: &str, state: &str, postcode: &str) -> Self {
        Self { suburb: suburb.to_owned(), state: state.to_owned(), postcode: postcode.to_owned(), ..self }
    }

    pub fn facets(self, facets: &[&str]) -> Self {
        Self { facets: facets.iter().map(|&facet| facet.to_owned()).collect(), ..self }
    }

    pub fn free(self, starts: &[&str]) -> Self {
        Self { free: starts.iter().map(|start| at(start)).collect(), ..self }
    }

    /// As an import leaves it: listed, not bookable.
    pub fn imported(self) -> Self {
        Self { bookable: false, approximate: true, ..self }
    }

    pub fn slug(&self) -> String {
        slugify(&self.name)
    }

    fn zone(&self) -> Option<Zone> {
        self.point.map(|point| zone_of(point).unwrap())
    }

    fn origin(&self) -> &'static str {
        if self.bookable { "practice" } else { "directory" }
    }
}
