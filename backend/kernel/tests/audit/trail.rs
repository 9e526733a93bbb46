//! Who looked at my record.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use kernel::{Policy, Routes, audit::trail, testing::TokenIssuer};
use shared_types::{
    PatientId,
    users::{ActsFor, Claims, DelegationScope, Strength},
};
use tower::ServiceExt as _;
use transparency::{
    Checkpoint, Hash, PublicKey, SignedCheckpoint, proof,
    trail::{AuditTrail, Vouched},
};
use uuid::Uuid;

use super::kept::Kept;

const PATH: &str = "/api/v1/bookings/me/audit";

fn claims(patient: Uuid) -> Claims {
    Claims {
        session_id: Uuid::from_u128(1).into(),
        account_id: Uuid::from_u128(2).into(),
        patient_id: Some(patient.into()),
        strength: Strength::Password,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: "2026-11-22T23:59:00Z".parse().unwrap(),
        expires_at: "2026-11-23T00:09:00Z".parse().unwrap(),
    }
}

struct Reader {
    kept: Kept,
    router: Router,
    issuer: TokenIssuer,
}

impl Reader {
    async fn new() -> Self {
        let kept = Kept::new().await;
        let issuer = TokenIssuer::known_to(&kept.core).await;
        let routes = Routes::new("bookings", &kept.core);
        let handler = trail::list_audit_trail(&kept.core);
        let (router, _) =
            routes.route(Method::GET, PATH, trail::OPERATION, Policy::Account, handler).finish(());
        Self { kept, router, issuer }
    }

    async fn ask(&self, claims: &Claims, query: &str) -> (StatusCode, Vec<u8>) {
        let request =
            Request::get(format!("{PATH}{query}")).header(header::COOKIE, self.issuer.cookie(claims));
        let reply = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (reply.status(), to_bytes(reply.into_body(), 1 << 20).await.unwrap().to_vec())
    }

    async fn read(&self, claims: &Claims, query: &str) -> AuditTrail {
        let (status, body) = self.ask(claims, query).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }
}

#[tokio::test]
async fn a_person_reads_who_touched_their_record_and_their_browser_checks_it() {
    let reader = Reader::new().await;
    let (ada, eve) = (PatientId(Uuid::from_u128(10)), PatientId(Uuid::from_u128(11)));
    for whose in [Some(ada), Some(eve), None, Some(ada)] {
        reader.kept.act(whose).await;
    }
    reader.kept.sign().await;
    reader.kept.act(Some(ada)).await;
    reader.kept.sequence().await;
    let trail = reader.read(&claims(ada.0), "").await;
    let indexes: Vec<_> = trail.items.iter().map(|item| item.logged.index).collect();
    assert_eq!(indexes, [4, 3, 0]);
    let signed: SignedCheckpoint = trail.checkpoint.unwrap().parse().unwrap();
    let key: PublicKey = trail.key.unwrap().parse().unwrap();
    assert_eq!(&key, reader.kept.log.key());
    let checkpoint = signed.verified(&key).unwrap();
    let vouched: Vec<_> = trail.items.iter().map(|item| item.vouched(checkpoint)).collect();
    assert_eq!(vouched, [Vouched::NotYet, Vouched::Yes, Vouched::Yes]);
    // Having read it is in it.
    reader.kept.sequence().await;
    let again = reader.read(&claims(ada.0), "").await;
    let newest = again.items[0].logged.entry.as_ref().unwrap();
    assert_eq!((newest.action.as_str(), newest.details.whose), (trail::OPERATION, Some(ada.0)));
    assert_eq!(again.items.len(), 4);
}

#[tokio::test]
async fn whoever_acts_for_somebody_in_everything_reads_theirs_and_nobody_else_does() {
    let reader = Reader::new().await;
    let child = PatientId(Uuid::from_u128(12));
    reader.kept.act(Some(child)).await;
    reader.kept.sequence().await;
    let query = format!("?patient_id={child}");
    let with = |scope| Claims {
        acts_for: vec![ActsFor { patient_id: child, scopes: vec![scope] }],
        ..claims(Uuid::from_u128(10))
    };
    assert_eq!(reader.read(&with(DelegationScope::Details), &query).await.items.len(), 1);
    for stranger in [with(DelegationScope::Appointments), claims(Uuid::from_u128(10))] {
        assert_eq!(reader.ask(&stranger, &query).await.0, StatusCode::NOT_FOUND);
    }
    let denied: i64 = sqlx::query_scalar(
        "select count(*) from bookings.audit_entry where action = 'list_audit_trail' and outcome = 'denied'",
    )
    .fetch_one(&mut reader.kept.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(denied, 2);
    assert_eq!(reader.ask(&claims(Uuid::from_u128(10)), "?cursor=x").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_long_trail_comes_in_pages_without_gap_or_repeat() {
    let reader = Reader::new().await;
    let ada = PatientId(Uuid::from_u128(10));
    for _ in 0..120 {
        reader.kept.act(Some(ada)).await;
    }
    reader.kept.sign().await;
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let page = reader.read(&claims(ada.0), &query).await;
        seen.extend(page.items.iter().map(|item| item.logged.index));
        match page.next {
            Some(cursor) => query = format!("?cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, (0..120).rev().collect::<Vec<_>>());
}

/// What the checkpoint says, once its signature is checked.
fn believed(trail: &AuditTrail, key: &PublicKey) -> Checkpoint {
    let signed: SignedCheckpoint = trail.checkpoint.as_ref().unwrap().parse().unwrap();
    signed.verified(key).unwrap().clone()
}

#[tokio::test]
async fn a_log_proves_that_it_has_only_grown_since_it_was_seen() {
    let reader = Reader::new().await;
    let ada = PatientId(Uuid::from_u128(10));
    let mut seen = vec![Checkpoint { origin: String::new(), size: 0, root: Hash::empty() }];
    for entries in [1, 2, 5, 3] {
        for _ in 0..entries {
            reader.kept.act(Some(ada)).await;
        }
        reader.kept.sign().await;
        for old in &seen {
            let trail = reader.read(&claims(ada.0), &format!("?since={}", old.size)).await;
            let (new, proof) = (believed(&trail, reader.kept.log.key()), trail.consistency.unwrap());
            assert!(proof::verify_consistency((old.size, old.root), (new.size, new.root), &proof));
        }
        let same = reader.read(&claims(ada.0), "").await;
        assert_eq!(same.consistency, None, "nobody asked");
        seen.push(believed(&same, reader.kept.log.key()));
    }
    // Nothing proves that a log goes on from where it has never been.
    let newest = seen.pop().unwrap();
    let ahead = reader.read(&claims(ada.0), &format!("?since={}", newest.size + 1)).await;
    assert_eq!(ahead.consistency, None);
    assert_eq!(reader.ask(&claims(ada.0), "?since=x").await.0, StatusCode::BAD_REQUEST);
}
