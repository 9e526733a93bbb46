//! An account that the processor does not show: it is written down, and whoever stands behind it is compared.

use jiff::SignedDuration;
use payments::ledger_proof::{AtProcessor, Unread, verify};
use shared_types::{AudCents, OrganizationId, payments::quote::Collection};
use uuid::Uuid;

use super::till::{GOOD_CARD, PAYS_AT_ONCE, Till};
use crate::desk::PRACTICE;

/// It is asked for before the till's own practice.
const LEFT: OrganizationId = OrganizationId(Uuid::from_u128(1));
const FOUND: &str = "select string_agg(concat_ws(' ', kind, action, ours, theirs), ', ' order by kind, subject) \
                     from payments.difference where subject <> 'platform'";
/// What was found beside closed accounts, night after night.
const CLOSED: &str = "select string_agg(concat_ws(' ', action, ours), ', ' order by found_at) from payments.difference \
                      where kind = 'account_closed'";

/// A visit of $110 that is paid.
async fn paid(card: &str) -> Till {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(card).await;
    assert_eq!(till.standing().await["paid_cents"], 11_000);
    till
}

/// The same, and the practice has closed its account since.
async fn closed() -> Till {
    let till = paid(GOOD_CARD).await;
    let account = till.read("select processor_account from payments.practice_account").await;
    till.control(&format!("accounts/{account}/leave"), "").await;
    sqlx::query("update payments.practice_account set status = 'closed'")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    till
}

async fn compared(till: &Till) {
    while till.run("payments.reconcile").await > 0 {}
    assert_eq!(till.read("select status from payments.reconciliation").await, "finished");
}

#[tokio::test]
async fn whoever_stands_behind_an_account_that_has_left_is_compared_and_so_is_the_platform() {
    let till = paid(PAYS_AT_ONCE).await;
    let account = till.client.create_account("left", &LEFT.to_string()).await.unwrap().id;
    till.control(&format!("accounts/{account}/leave"), "").await;
    sqlx::query(
        "insert into payments.practice_account (organization_id, processor_account, status, created_at, updated_at) \
         values ($1, $2, 'ready', now(), now())",
    )
    .bind(LEFT.0)
    .bind(account)
    .execute(&till.world.core.pool)
    .await
    .unwrap();
    // By the ledger the platform has a dollar more than it has; and at midnight the practice's share goes to its bank.
    sqlx::query(
        "with added as ( \
             insert into payments.posting (posting_id, cause, cause_id, occurred_at, created_at) \
             values (gen_random_uuid(), 'correction', gen_random_uuid(), now(), now()) returning posting_id \
         ) \
         insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
         select posting_id, case kind when 'processor' then 1 else 2 end, ledger_account_id, \
             case kind when 'processor' then 100 else -100 end \
         from added, payments.account where kind in ('processor', 'processor_fees')",
    )
    .execute(&till.world.core.pool)
    .await
    .unwrap();
    till.world.core.clock.advance(SignedDuration::from_hours(25));
    compared(&till).await;
    assert_eq!(
        till.read(FOUND).await,
        "account_unreadable flagged 0 cents refused, balance flagged 10450 cents 0 cents"
    );
    let platform = "select string_agg(concat_ws(' ', kind, ours, theirs), ', ') from payments.difference \
                    where subject = 'platform'";
    assert_eq!(till.read(platform).await, "balance 433 cents 333 cents");

    let proof = verify(&till.world.core, Some(&till.processor)).await.unwrap();
    assert!(proof.is_whole(), "{proof:?}");
    let left = Unread { organization_id: LEFT, ledger_cents: AudCents::ZERO, is_closed: false };
    assert_eq!(proof.unread, [left]);
    let differs = |organization_id, ledger, processor| AtProcessor {
        organization_id,
        ledger_cents: AudCents(ledger),
        processor_cents: AudCents(processor),
    };
    assert_eq!(proof.at_processor, [differs(Some(PRACTICE), 10_450, 0), differs(None, 10_883, 333)]);
}

#[tokio::test]
async fn a_closed_account_is_not_read_and_what_is_owed_beside_it_is_told() {
    let till = closed().await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    compared(&till).await;
    assert_eq!(till.read(FOUND).await, "account_closed flagged 10450 cents closed");
    let all = "select count(*)::text from payments.difference";
    assert_eq!(till.read(all).await, "1", "the platform's balance is as the ledger has it");

    let proof = verify(&till.world.core, Some(&till.processor)).await.unwrap();
    let closed = Unread { organization_id: PRACTICE, ledger_cents: AudCents(10_450), is_closed: true };
    assert_eq!((proof.unread, proof.at_processor), (vec![closed], vec![]));
}

#[tokio::test]
async fn what_is_owed_beside_a_closed_account_is_told_once_until_it_changes() {
    let till = closed().await;
    let nights = async |count: u8| {
        for _ in 0..count {
            till.world.core.clock.advance(SignedDuration::from_hours(25));
            while till.run("payments.reconcile").await > 0 {}
        }
    };
    nights(3).await;
    assert_eq!(till.read("select count(*)::text from payments.reconciliation").await, "3");
    assert_eq!(till.read(CLOSED).await, "flagged 10450 cents");
    // Half a dollar was paid out by hand, and came back: each is news.
    for cents in [50, -50] {
        till.world.core.clock.advance(SignedDuration::from_mins(1));
        booked(&till, cents).await;
        nights(2).await;
    }
    assert_eq!(till.read(CLOSED).await, "flagged 10450 cents, flagged 10400 cents, flagged 10450 cents");
}

/// So much is booked by hand as paid to the practice.
async fn booked(till: &Till, cents: i64) {
    sqlx::query(
        "with added as ( \
             insert into payments.posting (posting_id, cause, cause_id, occurred_at, created_at) \
             values (gen_random_uuid(), 'correction', gen_random_uuid(), $2, $2) returning posting_id \
         ) \
         insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
         select posting_id, case kind when 'practice_balance' then 1 else 2 end, ledger_account_id, \
             case kind when 'practice_balance' then $1::bigint else -$1::bigint end \
         from added, payments.account where kind in ('practice_balance', 'processor')",
    )
    .bind(cents)
    .bind(jiff_sqlx::ToSqlx::to_sqlx(till.world.core.now()))
    .execute(&till.world.core.pool)
    .await
    .unwrap();
}
