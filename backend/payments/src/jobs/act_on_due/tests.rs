use jiff::{SignedDuration, Timestamp};
use kernel::{Core, testing::Database};
use shared_types::{
    AudCents,
    payments::{IntentPurpose, PaymentFailure, PaymentStatus},
};
use uuid::Uuid;

use super::act_on_due;
use crate::{
    domain::payment::{
        Change, Due, Payment, TakenBy,
        fixtures::{awaiting, days, now, number},
    },
    settle::settle,
    store::payment as store,
};

/// A payment whose patient gave a card for a visit in two weeks.
struct World {
    database: Database,
    core: Core,
}

impl World {
    async fn new(has_card: bool) -> Self {
        let database = Database::new().await;
        let core = database.core("payments", now()).await;
        let mut conn = core.pool.acquire().await.unwrap();
        store::create_payment(&mut conn, &awaiting(1), now()).await.unwrap();
        let world = Self { database, core };
        world.practice_is("ready").await;
        if has_card {
            world.give_card().await;
        }
        world.change(Change::CardSaved).await;
        world
    }

    /// How far the practice is with the processor.
    async fn practice_is(&self, status: &str) {
        sqlx::query(
            "insert into payments.practice_account (organization_id, processor_account, status, created_at, updated_at) \
             values ($1, 'acct_1', $2, now(), now()) \
             on conflict (organization_id) do update set status = excluded.status",
        )
        .bind(Uuid::from_u128(9))
        .bind(status)
        .execute(&self.core.pool)
        .await
        .unwrap();
    }

    async fn give_card(&self) {
        let mut conn = self.database.connect("payments_app").await;
        for statement in [
            "insert into payments.customer (customer_id, booking_id, created_at) values ($1, $1, now())",
            "insert into payments.saved_card (saved_card_id, customer_id, processor_card, brand, last_four, good_until, \
             kept, created_at) values ($1, $1, 'pm_1', 'visa', '4242', '2030-01-01', false, now())",
            "insert into payments.intent (intent_id, payment_id, customer_id, purpose, kind, status, number, \
             amount_cents, saved_card_id, created_at, updated_at) \
             values ($1, $1, $1, 'visit', 'setup', 'saved', 1, 0, $1, now(), now())",
        ] {
            sqlx::query(statement).bind(Uuid::from_u128(1)).execute(&mut conn).await.unwrap();
        }
    }

    async fn change(&self, change: Change) -> Payment {
        let mut tx = self.core.begin().await.unwrap();
        let payment = store::lock(&mut tx, number(1)).await.unwrap().unwrap();
        let payment = settle(&mut tx, &self.core, payment, change, TakenBy::Bookings).await.unwrap();
        self.core.commit(tx).await.unwrap();
        payment
    }

    async fn payment(&self) -> Payment {
        let mut tx = self.core.begin().await.unwrap();
        store::lock(&mut tx, number(1)).await.unwrap().unwrap()
    }

    /// Until nothing is due at that time.
    async fn run_at(&self, at: Timestamp) -> u64 {
        self.core.clock.advance(at.duration_since(self.core.now()));
        let mut acted = 0;
        while act_on_due(&self.core).await.unwrap() > 0 {
            acted += 1;
        }
        acted
    }

    async fn asked(&self) -> Vec<(String, Option<i64>)> {
        sqlx::query_as(
            "select operation, amount_cents from payments.processor_call order by created_at, operation",
        )
        .fetch_all(&self.core.pool)
        .await
        .unwrap()
    }
}

fn call(operation: &str, cents: i64) -> (String, Option<i64>) {
    (operation.to_owned(), Some(cents))
}

#[tokio::test]
async fn a_saved_card_is_held_four_days_before_the_visit_and_not_earlier() {
    let world = World::new(true).await;
    assert_eq!(world.run_at(days(10) - SignedDuration::from_secs(1)).await, 0);
    assert_eq!(world.run_at(days(10)).await, 1);
    assert_eq!(world.asked().await, [call("authorise", 11_000)]);
    assert_eq!(world.payment().await.due, None);
}

#[tokio::test]
async fn a_visit_that_is_over_is_charged_to_the_card_where_nothing_is_held() {
    let world = World::new(true).await;
    world.change(Change::Completed).await;
    assert_eq!(world.run_at(now()).await, 1);
    assert_eq!(world.asked().await, [call("charge", 11_000)]);
    world.change(Change::Moved { start: days(20) }).await;
    world.run_at(now()).await;
    assert_eq!(world.asked().await.len(), 1, "one is under way");
}

#[tokio::test]
async fn a_late_fee_is_charged_at_the_start_and_not_before() {
    let world = World::new(true).await;
    let (purpose, cents) = (IntentPurpose::LateFee, AudCents(5_000));
    world.change(Change::FeeOwed { purpose, cents, due_at: days(14) }).await;
    assert_eq!(world.run_at(days(13)).await, 0);
    assert_eq!(world.run_at(days(14)).await, 1);
    assert_eq!(world.asked().await, [call("charge", 5_000)]);
}

#[tokio::test]
async fn a_repair_window_that_ends_gives_the_appointment_up_and_lets_everything_go() {
    let world = World::new(true).await;
    world.change(Change::Failed { failure: PaymentFailure::Declined }).await;
    assert_eq!(world.run_at(days(1) - SignedDuration::from_secs(1)).await, 0);
    assert_eq!(world.run_at(days(1)).await, 2, "given up, then let go");
    let payment = world.payment().await;
    assert_eq!((payment.status, payment.due), (PaymentStatus::Voided, None));
    let told: Vec<String> = sqlx::query_scalar("select name from payments.outbox order by position")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(told.iter().filter(|name| *name == "payment_lapsed").count(), 1);
    assert_eq!(world.asked().await, [], "nothing was held or open");
}

#[tokio::test]
async fn nothing_is_asked_of_a_card_for_a_practice_that_may_not_collect_until_it_may_again() {
    let world = World::new(true).await;
    for status in ["started", "closed"] {
        world.practice_is(status).await;
        assert_eq!(world.run_at(days(10)).await, 0, "{status}");
    }
    assert_eq!((world.payment().await.due, world.asked().await), (Some((Due::Authorise, days(10))), vec![]));
    world.practice_is("charges_only").await;
    assert_eq!(world.run_at(days(10)).await, 1);
    assert_eq!(world.asked().await, [call("authorise", 11_000)]);
}

#[tokio::test]
async fn what_cannot_be_acted_on_is_put_off_and_stands_in_nobodys_way() {
    let world = World::new(false).await;
    assert_eq!(world.run_at(days(10)).await, 1);
    let later = days(10) + SignedDuration::from_mins(10);
    assert_eq!(world.payment().await.due, Some((Due::Authorise, later)));
    assert_eq!(world.asked().await, []);
}

/// Another build runs beside this one while it is being replaced.
#[tokio::test]
async fn what_only_a_later_build_knows_is_left_to_it_and_holds_nothing_up() {
    let world = World::new(true).await;
    let mut conn = world.core.pool.acquire().await.unwrap();
    store::create_payment(&mut conn, &awaiting(2), now()).await.unwrap();
    let mut administrator = world.database.administrator().await;
    let allow = "alter table payments.payment drop constraint payment_due";
    sqlx::query(allow).execute(&mut administrator).await.unwrap();
    sqlx::query(
        "update payments.payment set due = 'ask_the_moon', due_at = created_at where booking_id = $1",
    )
    .bind(Uuid::from_u128(2))
    .execute(&mut administrator)
    .await
    .unwrap();
    assert_eq!(world.run_at(days(10)).await, 1);
    assert_eq!(world.asked().await, [call("authorise", 11_000)]);
}
