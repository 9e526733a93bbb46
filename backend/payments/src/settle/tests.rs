//! Changes with their database: what is booked, written down and told, and what a repeat does.

use kernel::{Core, testing::Database};
use serde_json::{Value, json};
use shared_types::{
    AudCents, IntentId, RefundId,
    payments::{IntentPurpose, PaymentFailure, PaymentStatus},
};
use uuid::Uuid;

use super::settle;
use crate::{
    domain::{
        ledger::Account,
        payment::{
            Change, Payment, TakenBy, TransitionError,
            fixtures::{awaiting, days, not_required, now, number},
        },
    },
    store::{self, ledger},
};

/// A payment of $110 that waits for its patient.
struct World {
    database: Database,
    core: Core,
}

impl World {
    async fn new() -> Self {
        Self::with(&awaiting(1)).await
    }

    async fn with(payment: &Payment) -> Self {
        let database = Database::new().await;
        let core = database.core("payments", now()).await;
        let mut conn = core.pool.acquire().await.unwrap();
        assert!(store::payment::create_payment(&mut conn, payment, now()).await.unwrap());
        Self { database, core }
    }

    async fn change(&self, change: Change) -> anyhow::Result<Payment> {
        let mut tx = self.core.begin().await?;
        let payment = store::payment::lock(&mut tx, number(1)).await?.unwrap();
        let payment = settle(&mut tx, &self.core, payment, change, TakenBy::Processor).await?;
        // What settle gives is what is stored.
        assert_eq!(store::payment::lock(&mut tx, number(1)).await?.as_ref(), Some(&payment));
        self.core.commit(tx).await?;
        Ok(payment)
    }

    async fn take(&self, intent: u128, cents: i64) -> anyhow::Result<Payment> {
        let (intent_id, processor_charge): (IntentId, _) = (number(intent), format!("ch_{intent}"));
        self.change(Change::Taken { intent_id, cents: AudCents(cents), processor_charge }).await
    }

    /// A try that took so much, and a refund of it, as they are written down before the processor is asked.
    async fn refund_of(&self, refund: u128, cents: i64, fee: i64) -> RefundId {
        let mut conn = self.database.connect("payments_app").await;
        sqlx::query(
            "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, \
             captured_cents, created_at, updated_at) \
             values ($1, $1, 'visit', 'charge', 'captured', 1, 11000, 11000, now(), now()) on conflict do nothing",
        )
        .bind(Uuid::from_u128(1))
        .execute(&mut conn)
        .await
        .unwrap();
        sqlx::query(
            "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, \
             transfer_reversed_cents, fee_reversed_cents, reason, status, requested_as, processor_refund, created_at, \
             updated_at) values ($1, $2, $2, $1, $3, $3, $4, 'cancelled', 'sent', 'rule', $5, now(), now())",
        )
        .bind(Uuid::from_u128(refund))
        .bind(Uuid::from_u128(1))
        .bind(cents)
        .bind(fee)
        .bind(format!("re_{refund}"))
        .execute(&mut conn)
        .await
        .unwrap();
        number(refund)
    }

    /// Processor, practice, fees, GST and chargebacks.
    async fn balances(&self) -> [i64; 5] {
        let mut conn = self.core.pool.acquire().await.unwrap();
        let mut balances = [0; 5];
        for (at, account) in [
            Account::PROCESSOR,
            Account::practice_balance(number(9)),
            Account::PLATFORM_FEES,
            Account::GST_PAYABLE,
            Account::CHARGEBACKS,
        ]
        .into_iter()
        .enumerate()
        {
            balances[at] = ledger::balance(&mut conn, account).await.unwrap().0;
        }
        balances
    }

    async fn told(&self) -> Vec<(String, Value)> {
        sqlx::query_as("select name, body from payments.outbox order by position")
            .fetch_all(&self.core.pool)
            .await
            .unwrap()
    }

    async fn names_told(&self) -> Vec<String> {
        self.told().await.into_iter().map(|(name, _)| name).collect()
    }

    async fn steps(&self) -> Vec<(String, String, bool)> {
        sqlx::query_as(
            "select from_status, to_status, posting_id is not null from payments.payment_transition order by version",
        )
        .fetch_all(&self.core.pool)
        .await
        .unwrap()
    }

    async fn audited(&self) -> Vec<String> {
        let mut admin = self.database.administrator().await;
        sqlx::query_scalar("select action from payments.audit_entry order by occurred_at, audit_entry_id")
            .fetch_all(&mut admin)
            .await
            .unwrap()
    }
}

fn step(from: &str, to: &str, is_booked: bool) -> (String, String, bool) {
    (from.to_owned(), to.to_owned(), is_booked)
}

#[tokio::test]
async fn money_that_is_taken_is_booked_written_down_and_told_once() {
    let world = World::new().await;
    let paid = world.take(1, 11_000).await.unwrap();
    assert_eq!((paid.status, paid.version), (PaymentStatus::Captured, 2));
    assert_eq!(world.balances().await, [11_000, -10_450, -500, -50, 0]);
    assert_eq!(world.take(1, 11_000).await.unwrap().version, 2, "the webhook came twice");
    assert_eq!(world.balances().await, [11_000, -10_450, -500, -50, 0]);
    assert_eq!(world.steps().await, [step("awaiting", "captured", true)]);
    assert_eq!(world.audited().await, ["take_payment"]);
    let told = world.told().await;
    assert_eq!(world.names_told().await, ["payment_step_completed", "payment_changed"]);
    assert_eq!(told[0].1, json!({"booking_id": Uuid::from_u128(1), "step": "captured"}));
    assert_eq!(told[1].1["captured_cents"], 11_000);
}

#[tokio::test]
async fn a_hold_is_no_money_until_it_is_taken_and_may_be_taken_in_part() {
    let world = World::new().await;
    world.change(Change::Held { cents: AudCents(11_000) }).await.unwrap();
    assert_eq!(world.balances().await, [0; 5]);
    let purpose = IntentPurpose::LateFee;
    let owed = Change::FeeOwed { purpose, cents: AudCents(5_000), due_at: days(14) };
    world.change(owed).await.unwrap();
    let paid = world.take(1, 5_000).await.unwrap();
    assert_eq!((paid.fee_cents, paid.held_cents), (AudCents(5_000), AudCents::ZERO));
    assert_eq!(world.balances().await, [5_000, -4_450, -500, -50, 0]);
    let steps = [step("awaiting", "authorised", false), step("authorised", "captured", true)];
    assert_eq!(world.steps().await, steps);
    assert_eq!(world.audited().await.len(), 3);
}

#[tokio::test]
async fn a_refund_takes_the_practices_share_and_the_fee_back_and_may_itself_come_back() {
    let world = World::new().await;
    world.take(1, 11_000).await.unwrap();
    let (refund_id, cents) = (world.refund_of(7, 5_500, 275).await, AudCents(5_500));
    world.change(Change::RefundBegun { cents }).await.unwrap();
    let back = world.change(Change::RefundDone { refund_id, cents }).await.unwrap();
    assert_eq!((back.status, back.refunded_cents), (PaymentStatus::PartRefunded, cents));
    assert_eq!(back.refunding_cents, AudCents::ZERO);
    assert_eq!(world.balances().await, [5_500, -5_225, -250, -25, 0]);
    let failed = world.change(Change::RefundFailed { refund_id, cents }).await.unwrap();
    assert_eq!((failed.status, failed.refunded_cents), (PaymentStatus::Captured, AudCents::ZERO));
    assert_eq!(world.balances().await, [11_000, -10_450, -500, -50, 0]);
}

#[tokio::test]
async fn more_than_was_taken_does_not_go_back() {
    let world = World::new().await;
    world.take(1, 11_000).await.unwrap();
    let error = world.change(Change::RefundBegun { cents: AudCents(11_001) }).await.unwrap_err();
    let refused = error.downcast_ref::<TransitionError>().unwrap();
    assert_eq!((refused.from, refused.action), (PaymentStatus::Captured, "begin_refund"));
}

#[tokio::test]
async fn a_chargeback_is_with_the_bank_until_it_is_decided() {
    for (won, expected) in [(true, [11_000, -10_450, -500, -50, 0]), (false, [0; 5])] {
        let world = World::new().await;
        world.take(1, 11_000).await.unwrap();
        let chargeback_id = number(8);
        let opened = Change::ChargebackOpened { chargeback_id, cents: AudCents(11_000) };
        world.change(opened.clone()).await.unwrap();
        world.change(opened).await.unwrap();
        assert_eq!(world.balances().await, [0, -10_450, -500, -50, 11_000]);
        let decided = if won {
            Change::ChargebackWon { chargeback_id }
        } else {
            Change::ChargebackLost { chargeback_id }
        };
        world.change(decided).await.unwrap();
        assert_eq!(world.balances().await, expected, "won: {won}");
    }
}

#[tokio::test]
async fn a_card_that_says_no_is_told_with_the_time_that_is_left() {
    let world = World::new().await;
    world.change(Change::CardSaved).await.unwrap();
    let failed = Change::Failed { failure: PaymentFailure::ExpiredCard };
    world.change(failed.clone()).await.unwrap();
    world.change(failed).await.unwrap();
    let names = ["payment_step_completed", "payment_changed", "payment_step_failed", "payment_changed"];
    assert_eq!(world.names_told().await, names);
    let expected = json!({
        "booking_id": Uuid::from_u128(1), "failure": "expired_card", "repair_until": days(1).to_string(),
    });
    assert_eq!(world.told().await[2].1, expected);
}

#[tokio::test]
async fn a_card_that_said_no_is_told_of_once_more_when_a_fee_is_owed_for_which_there_is_none() {
    let world = World::new().await;
    world.change(Change::CardSaved).await.unwrap();
    world.change(Change::Failed { failure: PaymentFailure::Declined }).await.unwrap();
    let purpose = IntentPurpose::LateFee;
    let owed = Change::FeeOwed { purpose, cents: AudCents(5_000), due_at: days(14) };
    world.change(owed.clone()).await.unwrap();
    world.change(owed).await.unwrap();
    let told = world.told().await.into_iter().filter(|told| told.0 == "payment_step_failed");
    let fees: Vec<_> = told.map(|told| told.1.get("fee").cloned()).collect();
    assert_eq!(fees, [None, Some(json!({"kind": "late_fee", "cents": 5_000}))]);
}

#[tokio::test]
async fn whoever_saw_an_older_version_changes_nothing() {
    let world = World::new().await;
    let mut tx = world.core.begin().await.unwrap();
    let seen = store::payment::lock(&mut tx, number(1)).await.unwrap().unwrap();
    let core = &world.core;
    settle(&mut tx, core, seen.clone(), Change::CardSaved, TakenBy::Processor).await.unwrap();
    let held = Change::Held { cents: AudCents(11_000) };
    let error = settle(&mut tx, core, seen, held, TakenBy::Processor).await.unwrap_err();
    assert!(error.to_string().contains("was changed meanwhile"), "{error}");
}

/// Health Insurance Act 1973 s 20A (C-52), after the money is back and not before.
#[tokio::test]
async fn a_booking_becomes_bulk_billed_once_the_money_is_back() {
    let world = World::new().await;
    world.take(1, 11_000).await.unwrap();
    assert!(world.change(Change::BulkBilled).await.is_err());
    let (refund_id, cents) = (world.refund_of(7, 11_000, 550).await, AudCents(11_000));
    world.change(Change::RefundDone { refund_id, cents }).await.unwrap();
    assert_eq!(world.balances().await, [0; 5]);
    let billed = world.change(Change::BulkBilled).await.unwrap();
    assert_eq!((billed.status, billed.patient_charge_cents), (PaymentStatus::Refunded, AudCents::ZERO));
    assert!(world.take(2, 11_000).await.is_err());
}

#[tokio::test]
async fn nothing_is_taken_of_what_is_paid_at_the_practice() {
    let world = World::with(&not_required(1)).await;
    assert!(world.take(1, 1).await.is_err());
    let voided = world.change(Change::LetGo).await.unwrap();
    assert_eq!((voided.status, voided.due), (PaymentStatus::Voided, None));
}
