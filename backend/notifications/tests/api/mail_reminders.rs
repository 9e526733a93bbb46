//! An account sees whether reminders go to its own address, takes back what a reminder's way out stopped, and stops them itself.

use axum::http::Method;
use jiff::SignedDuration;
use kernel::{
    Chance,
    keys::{self, Signer},
    ticket,
};
use serde_json::{Value, json};
use shared_types::users::{AddressStatement, ClaimStatement};
use uuid::Uuid;

use crate::{
    World,
    notices::{ADA, BO, send},
    unsubscribe::{call, reminded, stops},
};

const EMAIL: &str = "ada@example.org";

/// The key by which users states things.
async fn users_key(world: &World) -> Signer {
    let signer = Signer::generate(&Chance::seeded(5));
    let mut conn = world.core.pool.acquire().await.unwrap();
    keys::learn(&mut conn, &world.core, &signer.published("users")).await.unwrap();
    signer
}

/// That somebody reads the mail of an address, for five minutes.
fn stated(world: &World, signer: &Signer, account: u128, kind: &str) -> String {
    let statement =
        AddressStatement { account_id: Uuid::from_u128(account).into(), email: EMAIL.to_owned().into() };
    let end = world.core.now() + SignedDuration::from_mins(5);
    ticket::sign(signer, kind, end, &statement).unwrap()
}

async fn find(world: &World, ticket: &str) -> (u16, Value) {
    send(world, ADA, Method::POST, "mail-reminders/find", &json!({"ticket": ticket})).await
}

async fn put(world: &World, ticket: &str, stopped: bool) -> (u16, Value) {
    send(world, ADA, Method::PUT, "mail-reminders", &json!({"ticket": ticket, "stopped": stopped})).await
}

fn holds(stopped: bool) -> (u16, Value) {
    (200, json!({ "stopped": stopped }))
}

/// Who stopped reminders and had them sent again, in order.
async fn audited(world: &World) -> Vec<(String, String)> {
    sqlx::query_as(
        "select action, actor_kind from notifications.audit_entry \
         where action in ('stop_reminders', 'resume_reminders') order by ctid",
    )
    .fetch_all(&mut world.database.administrator().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn an_account_takes_back_at_its_address_what_a_reminders_link_stopped() {
    let world = World::new().await;
    let signer = users_key(&world).await;
    let token = reminded(&world).await;
    let own = stated(&world, &signer, ADA, AddressStatement::KIND);
    assert_eq!(find(&world, &own).await, holds(false));
    assert_eq!(call(&world, Method::POST, &token).await, 204);
    assert_eq!(find(&world, &own).await, holds(true));
    for _ in 0..2 {
        assert_eq!(put(&world, &own, false).await, holds(false));
    }
    assert_eq!(find(&world, &own).await, holds(false));
    world.at("2026-12-01T00:00:00Z");
    assert_eq!((world.remind().await, world.send().await), (1, 1));
    let expected = [("stop_reminders", "link"), ("resume_reminders", "account")];
    let expected = expected.map(|(action, actor)| (action.to_owned(), actor.to_owned()));
    assert_eq!(audited(&world).await, expected, "to want what holds is no act");
}

#[tokio::test]
async fn an_account_stops_reminders_to_its_address_and_what_was_written_before_is_not_sent_after() {
    let world = World::new().await;
    let signer = users_key(&world).await;
    reminded(&world).await;
    world.at("2026-12-01T00:00:00Z");
    assert_eq!(world.remind().await, 1);
    let own = stated(&world, &signer, ADA, AddressStatement::KIND);
    for _ in 0..2 {
        assert_eq!(put(&world, &own, true).await, holds(true));
    }
    assert_eq!((find(&world, &own).await, stops(&world).await), (holds(true), 1));
    assert_eq!(world.send().await, 0);
    assert_eq!(audited(&world).await, [("stop_reminders".to_owned(), "account".to_owned())]);
}

#[tokio::test]
async fn an_address_is_an_accounts_only_by_a_ticket_of_its_own_for_this_and_of_the_last_minutes() {
    let world = World::new().await;
    let signer = users_key(&world).await;
    let old = stated(&world, &signer, ADA, AddressStatement::KIND);
    world.core.clock.advance(SignedDuration::from_mins(5));
    let unknown = Signer::generate(&Chance::seeded(6));
    for ticket in [
        old,
        stated(&world, &signer, BO, AddressStatement::KIND),
        stated(&world, &signer, ADA, ClaimStatement::KIND),
        stated(&world, &unknown, ADA, AddressStatement::KIND),
        "x.y".to_owned(),
    ] {
        for (status, problem) in [find(&world, &ticket).await, put(&world, &ticket, true).await] {
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/ticket")), "{problem}");
        }
    }
    assert_eq!(stops(&world).await, 0);
}
