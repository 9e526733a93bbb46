//! Administrators take listings out of search and of booking, and put them back.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared_types::{
    Problem,
    page::Page,
    providers::{
        PracticeProfile, RoleFact, Unlisted,
        listing::{Listing as Seen, ListingId, SuspensionReason},
    },
    users::{Claims, PlatformRole, Strength},
};
use sqlx::PgConnection;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::app::{App, Listing};

const LISTINGS: &str = "/api/v1/providers/platform/listings";
const SUSPENSIONS: &str = "/api/v1/providers/platform/listings/suspensions";
const NEAR: &str = "near=Parramatta";

struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    fn read<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    fn problem(&self, status: u16, kind: &str) {
        assert!(self.read::<Problem>(status).is(kind), "{}", self.body);
    }
}

impl App {
    /// A request of somebody with these roles at the platform, and with a passkey.
    async fn asks(
        &self,
        platform: &[PlatformRole],
        (method, path): (Method, &str),
        key: Option<Uuid>,
        body: Option<&Value>,
    ) -> Answer {
        let claims = Claims {
            session_id: Uuid::from_u128(0x51).into(),
            account_id: Uuid::from_u128(0x52).into(),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: platform.to_vec(),
            issued_at: self.core.now(),
            expires_at: self.core.now() + SignedDuration::from_hours(1),
        };
        let cookie = TokenIssuer::known_to(&self.core).await.cookie(&claims);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key.to_string());
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.service.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn administrator(&self, wanted: (Method, &str), body: Option<&Value>) -> Answer {
        self.asks(&[PlatformRole::Administrator], wanted, Some(self.core.id()), body).await
    }

    async fn suspend(&self, listing: ListingId, reason: &str) -> Seen {
        let body = json!({"listing": listing, "reason": reason});
        self.administrator((Method::POST, SUSPENSIONS), Some(&body)).await.read(201)
    }

    async fn lift(&self, seen: &Seen) -> Answer {
        let id = seen.suspension.unwrap().listing_suspension_id;
        self.administrator((Method::POST, &format!("{SUSPENSIONS}/{id}/lift")), None).await
    }

    async fn listings(&self, query: &str) -> Page<Seen> {
        self.administrator((Method::GET, &format!("{LISTINGS}{query}")), None).await.read(200)
    }

    /// What bookings was told last of a role.
    async fn told(&self, role: Uuid) -> RoleFact {
        let body: Value = sqlx::query_scalar(
            "select body from outbox where name = 'practitioner_role_changed' and aggregate_id = $1 \
             order by position desc limit 1",
        )
        .bind(role.to_string())
        .fetch_one(&self.core.pool)
        .await
        .unwrap();
        serde_json::from_value(body).unwrap()
    }
}

fn profile(slug: &str) -> String {
    format!("/api/v1/providers/providers/{slug}")
}

#[tokio::test]
async fn a_suspended_role_is_neither_found_nor_shown_nor_sold_until_it_is_lifted() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    app.list(&Listing::new("Bo Example").north(1.0)).await;
    let suspended = app.suspend(ListingId::Role(role), "registration").await;
    let suspension = suspended.suspension.unwrap();
    assert_eq!(
        (suspension.reason, suspension.suspended_by.0, suspension.suspended_at, suspension.ends_at),
        (SuspensionReason::Registration, Uuid::from_u128(0x52), app.core.now(), None)
    );
    assert_eq!(app.found(NEAR).await, ["Bo Example"]);
    assert_eq!(app.found("q=Ada+Example").await, [""; 0]);
    let problem = app.problem(&profile("ada-example")).await;
    assert!(problem.is("not-listed") && problem.status == 410, "{problem:?}");
    let practice: PracticeProfile = app.read("/api/v1/providers/practices/banksia-clinic").await;
    assert_eq!(crate::app::names(&practice.practitioners), ["Bo Example"]);
    let told = app.told(role.0).await;
    assert_eq!((told.bookable, told.unlisted), (false, Some(Unlisted::RegistrationLapsed)));

    // It is suspended once at a time, and found by those who may lift it.
    let again = json!({"listing": ListingId::Role(role), "reason": "other"});
    app.administrator((Method::POST, SUSPENSIONS), Some(&again)).await.problem(409, "wrong-state");
    assert_eq!(app.listings("").await.items, std::slice::from_ref(&suspended));
    assert_eq!(app.listings("?q=ada").await.items, std::slice::from_ref(&suspended));

    let lifted: Seen = app.lift(&suspended).await.read(200);
    assert_eq!(lifted.suspension, None);
    assert_eq!(app.found(NEAR).await, ["Ada Example", "Bo Example"]);
    assert_eq!(app.get(&profile("ada-example")).await.status, 200);
    let told = app.told(role.0).await;
    assert_eq!((told.bookable, told.unlisted), (true, None));
    app.lift(&suspended).await.problem(409, "wrong-state");
    assert!(app.listings("").await.items.is_empty());
}

#[tokio::test]
async fn a_suspended_practice_takes_everybody_there_along_and_who_comes_later() {
    let app = App::new().await;
    let ada = app.list(&Listing::new("Ada Example")).await;
    app.list(&Listing::new("Else Example").practice("Elsewhere").north(1.0)).await;
    let practice = app.listings("?q=banksia").await.items;
    let practice = practice.iter().find(|seen| seen.slug == "banksia-clinic").unwrap().listing;
    let ada_alone = app.suspend(ListingId::Role(ada), "complaint").await;
    let suspended = app.suspend(practice, "practice_asked").await;
    app.list(&Listing::new("New Example").north(2.0)).await;
    assert_eq!(app.found(NEAR).await, ["Else Example"]);
    assert!(app.problem("/api/v1/providers/practices/banksia-clinic").await.is("not-listed"));
    let found = app.listings("?q=new+example").await.items;
    assert_eq!((found.len(), found[0].practice_suspended, found[0].suspension), (1, true, None));

    // Either suspension is enough.
    let lifted: Seen = app.lift(&ada_alone).await.read(200);
    assert!(lifted.practice_suspended);
    assert_eq!(app.found(NEAR).await, ["Else Example"]);
    assert_eq!(app.told(ada.0).await.unlisted, Some(Unlisted::Suspended));
    assert_eq!(app.lift(&suspended).await.status, 200);
    assert_eq!(app.found(NEAR).await, ["Ada Example", "Else Example", "New Example"]);
    assert_eq!(app.told(ada.0).await.unlisted, None);
}

/// Somebody comes to the practice of the others.
async fn comes(conn: &mut PgConnection) {
    let insert = "insert into practitioner_role (practitioner_role_id, slug, organization_id, name, search_text, origin, \
                  created_at, updated_at) select $1, 'new-example', organization_id, 'New Example', 'new example', \
                  'practice', now(), now() from organization where slug = 'banksia-clinic'";
    let done = sqlx::query(insert).bind(Uuid::from_u128(0x99)).execute(conn).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

/// Waits until somebody waits for what another holds.
async fn somebody_waits(app: &App) {
    let mut admin = app.database.administrator().await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let waits = async {
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut admin).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), waits).await.unwrap();
}

/// Whether each who is listed is suspended.
async fn suspended(app: &App) -> Vec<bool> {
    let listed = "select suspended from practitioner_role order by name";
    sqlx::query_scalar(listed).fetch_all(&app.core.pool).await.unwrap()
}

#[tokio::test]
async fn who_comes_to_a_practice_that_is_just_being_suspended_is_suspended_as_well() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    let mut suspending = app.core.begin().await.unwrap();
    for statement in [
        "insert into listing_suspension (listing_suspension_id, organization_id, reason, suspended_by, suspended_at) \
         select organization_id, organization_id, 'other', organization_id, now() from organization",
        "update organization set suspended = true",
        "update practitioner_role set suspended = true",
    ] {
        sqlx::query(statement).execute(&mut *suspending).await.unwrap();
    }
    let coming = async {
        let mut tx = app.core.begin().await.unwrap();
        comes(&mut tx).await;
        tx.commit().await.unwrap();
    };
    let suspends = async {
        somebody_waits(&app).await;
        suspending.commit().await.unwrap();
    };
    tokio::join!(coming, suspends);
    assert_eq!(suspended(&app).await, [true, true]);
}

#[tokio::test]
async fn a_practice_that_somebody_is_just_coming_to_is_suspended_with_them() {
    let app = App::new().await;
    app.list(&Listing::new("Ada Example")).await;
    let practice = app.listings("?q=banksia").await.items;
    let practice = practice.iter().find(|seen| seen.slug == "banksia-clinic").unwrap().listing;
    let mut coming = app.core.begin().await.unwrap();
    comes(&mut coming).await;
    let comes_at_last = async {
        somebody_waits(&app).await;
        coming.commit().await.unwrap();
    };
    tokio::join!(app.suspend(practice, "other"), comes_at_last);
    assert_eq!(suspended(&app).await, [true, true]);
}

#[tokio::test]
async fn a_suspension_with_an_end_is_lifted_by_itself() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let ends_at = app.core.now() + SignedDuration::from_hours(48);
    let body = json!({"listing": ListingId::Role(role), "reason": "identity", "ends_at": ends_at});
    assert_eq!(app.administrator((Method::POST, SUSPENSIONS), Some(&body)).await.status, 201);
    let job = app.service.jobs.iter().find(|job| job.name == "providers.lift_suspensions").unwrap();
    app.core.clock.advance(SignedDuration::from_hours(47));
    assert_eq!(job.run_once().await.unwrap(), 0);
    assert_eq!(app.found(NEAR).await, [""; 0]);
    app.core.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(job.run_once().await.unwrap(), 1);
    assert_eq!(job.run_once().await.unwrap(), 0);
    assert_eq!(app.found(NEAR).await, ["Ada Example"]);
    assert_eq!(app.told(role.0).await.unlisted, None);
    let past = json!({"listing": ListingId::Role(role), "reason": "identity", "ends_at": app.core.now()});
    app.administrator((Method::POST, SUSPENSIONS), Some(&past)).await.problem(422, "invalid");
}

#[tokio::test]
async fn the_same_request_twice_suspends_once() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let (key, body) = (app.core.id(), json!({"listing": ListingId::Role(role), "reason": "other"}));
    let administrator = [PlatformRole::Administrator];
    let first: Seen =
        app.asks(&administrator, (Method::POST, SUSPENSIONS), Some(key), Some(&body)).await.read(201);
    let second: Seen =
        app.asks(&administrator, (Method::POST, SUSPENSIONS), Some(key), Some(&body)).await.read(201);
    assert_eq!(first, second);
    let audited: Vec<String> = sqlx::query_scalar("select action from providers.audit_entry")
        .fetch_all(&mut app.database.administrator().await)
        .await
        .unwrap();
    assert_eq!(audited, ["suspend_listing"]);
}

#[tokio::test]
async fn listings_come_in_pages_and_by_words_long_enough() {
    let app = App::new().await;
    for nth in 0..52 {
        app.list(&Listing::new(&format!("Person {nth:02}"))).await;
    }
    let first = app.listings("?q=person").await;
    let next = first.next.unwrap();
    let second = app.listings(&format!("?q=person&cursor={next}")).await;
    let mut found: Vec<_> = first.items.into_iter().chain(second.items).map(|seen| seen.name).collect();
    assert_eq!((found.len(), second.next), (52, None));
    found.dedup();
    assert_eq!(found.len(), 52);
    for query in ["?q=ab", "?q=person&cursor=nothing"] {
        let path = format!("{LISTINGS}{query}");
        app.administrator((Method::GET, &path), None).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn nobody_but_an_administrator_suspends_or_looks() {
    let app = App::new().await;
    let role = app.list(&Listing::new("Ada Example")).await;
    let body = json!({"listing": ListingId::Role(role), "reason": "other"});
    let callers: [(&[PlatformRole], u16); 3] =
        [(&[], 404), (&[PlatformRole::Support], 403), (&[PlatformRole::Moderator], 403)];
    for (roles, status) in callers {
        let looked = app.asks(roles, (Method::GET, LISTINGS), None, None).await;
        let suspended = app.asks(roles, (Method::POST, SUSPENSIONS), Some(app.core.id()), Some(&body)).await;
        assert_eq!((looked.status, suspended.status), (status, status), "{roles:?}");
    }
    assert_eq!(app.get(LISTINGS).await.status, 401);
    let unknown = json!({"listing": ListingId::Role(Uuid::nil().into()), "reason": "other"});
    app.administrator((Method::POST, SUSPENSIONS), Some(&unknown)).await.problem(404, "not-found");
    assert_eq!(app.found(NEAR).await, ["Ada Example"]);
}

#[tokio::test]
async fn the_database_knows_the_same_reasons() {
    let app = App::new().await;
    let definition: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'listing_suspension_reason'",
    )
    .fetch_one(&mut app.database.administrator().await)
    .await
    .unwrap();
    let mut allowed: Vec<_> = definition.split('\'').skip(1).step_by(2).collect();
    allowed.sort_unstable();
    let mut known = SuspensionReason::ALL.map(SuspensionReason::code);
    known.sort_unstable();
    assert_eq!(allowed, known);
}
