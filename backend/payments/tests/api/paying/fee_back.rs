//! How much of the platform's fee goes back with a part is the same to the cent in the ledger and at the processor, whatever either would
//! round.

use axum::http::Method;
use jiff::SignedDuration;
use processor_sandbox::Faults;
use shared_types::payments::quote::Collection;

use super::{
    staff::Staff,
    till::{GOOD_CARD, Till},
};

/// Of $110 it takes 16.65 cents of the fee of $5.50 back.
const PART: i64 = 333;

async fn prepaid() -> (Till, Staff) {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(GOOD_CARD).await;
    assert_eq!(till.standing().await["status"], "captured");
    let staff = Staff::at(&till).await;
    (till, staff)
}

/// What the practice has at the processor and by the ledger.
async fn of_practice(till: &Till) -> (i64, i64) {
    let account = till.read("select processor_account from payments.practice_account").await;
    let owed = "select coalesce(-sum(amount_cents), 0)::text from payments.entry \
                join payments.account using (ledger_account_id) where kind = 'practice_balance'";
    let owed = till.read(owed).await.parse().unwrap();
    (till.client.find_balance(Some(&account)).await.unwrap(), owed)
}

async fn both_say(till: &Till, cents: i64) {
    they_say(till, (cents, cents)).await;
}

/// So much the practice has at the processor, and so much by the ledger. What one side has less of, the other has for the platform: in all
/// it is the same.
async fn they_say(till: &Till, (at_processor, by_ledger): (i64, i64)) {
    assert_eq!(of_practice(till).await, (at_processor, by_ledger));
    let all = "select sum(amount_cents)::text from payments.entry \
               join payments.account using (ledger_account_id) where kind = 'processor'";
    let all: i64 = till.read(all).await.parse().unwrap();
    assert_eq!(till.client.find_balance(None).await.unwrap() + at_processor, all);
}

#[tokio::test]
async fn parts_that_do_not_divide_the_fee_take_the_same_back_on_both_sides() {
    let (till, staff) = prepaid().await;
    both_say(&till, 11_000 - 550).await;
    // Of the fee 16 cents go back, then 17, then the rest.
    for (part, left) in [(PART, 10_133), (PART, 9_817), (11_000 - 2 * PART, 0)] {
        let (status, body) = staff.refund(&till, part).await;
        assert_eq!(status, 201, "{body}");
        till.work().await;
        both_say(&till, left).await;
    }
    assert_eq!(till.standing().await["status"], "refunded");
}

/// The name of the one refund, the processor's of what it is of, and the key of what is asked.
async fn asked(till: &Till) -> [String; 3] {
    [
        till.read("select refund_id::text from payments.refund").await,
        till.object().await,
        till.read("select idempotency_key from payments.processor_call where operation = 'refund'").await,
    ]
}

#[tokio::test]
async fn a_fee_goes_back_once_whoever_died_before_or_after_it_and_however_long_ago() {
    for gave_fee in [false, true] {
        for later in [SignedDuration::from_mins(5), SignedDuration::from_hours(30)] {
            let (till, staff) = prepaid().await;
            let (status, body) = staff.refund(&till, PART).await;
            assert_eq!(status, 201, "{body}");
            // The program asked, and was gone before it wrote anything down.
            let [refund, made, key] = asked(&till).await;
            till.client.refund(&key, &refund, &made, PART).await.unwrap();
            if gave_fee {
                till.client.give_fee_back(&format!("{key}_fee"), &refund, &made, Some(16)).await.unwrap();
            }
            till.world.core.clock.advance(later);
            till.work().await;
            both_say(&till, 10_133).await;
        }
    }
}

/// The practice gives so much back.
async fn give_back(till: &Till, staff: &Staff, cents: i64) {
    let (status, body) = staff.refund(till, cents).await;
    assert_eq!(status, 201, "{body}");
    till.work().await;
}

/// The processor tells of something, and what follows is done.
async fn told(till: &Till, event: &str, object: &str) {
    assert_eq!(till.tell(event, object, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
    till.work().await;
}

/// The bank sends the latest refund back, and the processor tells so.
async fn sent_back(till: &Till) {
    known_sent_back(till).await;
    till.work().await;
}

/// The same, and what follows is not done yet.
async fn known_sent_back(till: &Till) {
    let latest =
        "select processor_refund from payments.refund order by created_at desc, refund_id desc limit 1";
    let refund = till.read(latest).await;
    till.control(&format!("refunds/{refund}/fail"), "").await;
    assert_eq!(till.tell(&format!("evt_{refund}"), &refund, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
}

/// What was asked about shares that were sent: operation, standing and amount, in order.
async fn asked_of_shares(till: &Till) -> String {
    till.read(
        "select coalesce(string_agg(concat_ws(' ', operation, status, amount_cents), ', ' order by operation, created_at), '') \
         from payments.processor_call where operation in ('send_share', 'take_sent_share')",
    )
    .await
}

#[tokio::test]
async fn of_a_part_that_a_bank_sends_back_the_practice_is_sent_its_share_and_gives_it_back_once() {
    let (till, staff) = prepaid().await;
    give_back(&till, &staff, PART).await;
    both_say(&till, 10_133).await;
    // What went back of the share (333 cents) and of the fee (16) is sent to the practice, however often it is told.
    sent_back(&till).await;
    both_say(&till, 10_450).await;
    let refund = till.read("select processor_refund from payments.refund").await;
    told(&till, "evt_again", &refund).await;
    both_say(&till, 10_450).await;
    // The next part takes what it would have taken without the first, of what was passed on at first.
    give_back(&till, &staff, PART).await;
    both_say(&till, 10_133).await;
    assert_eq!(asked_of_shares(&till).await, "send_share done 317");
    // For the rest that does not reach: what was sent is taken as well, and nothing is left on either side.
    give_back(&till, &staff, 11_000 - PART).await;
    both_say(&till, 0).await;
    assert_eq!(asked_of_shares(&till).await, "send_share done 317, take_sent_share done 317");
    assert_eq!(till.standing().await["status"], "refunded");
}

#[tokio::test]
async fn what_a_bank_sends_back_twice_the_practice_loses_once() {
    let (till, staff) = prepaid().await;
    for _ in 0..2 {
        give_back(&till, &staff, 11_000).await;
        both_say(&till, 0).await;
        sent_back(&till).await;
        both_say(&till, 10_450).await;
        till.world.core.clock.advance(SignedDuration::from_mins(1));
    }
    give_back(&till, &staff, 11_000).await;
    both_say(&till, 0).await;
    assert_eq!(till.standing().await["status"], "refunded");
    let all = "send_share done 10450, send_share done 10450, take_sent_share done 10450, take_sent_share done 10450";
    assert_eq!(asked_of_shares(&till).await, all);
}

#[tokio::test]
async fn what_was_given_up_and_is_sent_after_all_is_taken_again_by_a_refund_that_was_made_meanwhile() {
    let (till, staff) = prepaid().await;
    give_back(&till, &staff, 11_000).await;
    known_sent_back(&till).await;
    // The processor gives no answer, the last time of many.
    sqlx::query("update payments.processor_call set attempts = 19 where status = 'due'")
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    till.sandbox.set_faults(Faults { busy_percent: 100, ..Faults::default() });
    assert_eq!(till.run("payments.run_processor_calls").await, 1);
    till.sandbox.set_faults(Faults::default());
    assert_eq!(asked_of_shares(&till).await, "send_share given_up 10450");
    give_back(&till, &staff, 11_000).await;
    both_say(&till, 0).await;
    let given_up = "select processor_call_id::text from payments.processor_call where status = 'given_up'";
    let again = format!("/shares/{}/ask-again", till.read(given_up).await);
    assert_eq!(staff.of_platform(&till, Method::POST, &again).await.0, 200);
    till.work().await;
    assert_eq!(of_practice(&till).await, (10_450, 0), "it is sent, and to be taken again");
    till.world.core.clock.advance(SignedDuration::from_hours(1));
    till.work().await;
    both_say(&till, 0).await;
}

#[tokio::test]
async fn one_that_is_first_heard_of_once_it_came_back_takes_what_was_sent_for_the_one_before() {
    let (till, staff) = prepaid().await;
    give_back(&till, &staff, 11_000).await;
    sent_back(&till).await;
    till.world.core.clock.advance(SignedDuration::from_mins(1));
    let (status, body) = staff.refund(&till, 11_000).await;
    assert_eq!(status, 201, "{body}");
    // The processor makes it, its answer is lost, and the bank is quicker than the next try.
    let ours =
        till.read("select refund_id::text from payments.refund order by created_at desc limit 1").await;
    let made = till.read("select processor_intent from payments.intent").await;
    let key = format!("{ours}:refund");
    let record = till.client.refund(&key, &ours, &made, 11_000).await.unwrap();
    till.control(&format!("refunds/{}/fail", record.id), "").await;
    told(&till, "evt_quick", &record.id).await;
    both_say(&till, 10_450).await;
    let all = "send_share done 10450, send_share done 10450, take_sent_share done 10450";
    assert_eq!(asked_of_shares(&till).await, all);
}

#[tokio::test]
async fn what_was_sent_is_taken_again_where_a_bank_takes_the_money_after_all() {
    let (till, staff) = prepaid().await;
    give_back(&till, &staff, 11_000).await;
    sent_back(&till).await;
    both_say(&till, 10_450).await;
    let charge = till.sandbox.charges().remove(0).0;
    till.control(&format!("charges/{charge}/dispute"), "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    while till.run("payments.reconcile").await > 0 {}
    let dispute = till.read("select processor_dispute from payments.chargeback").await;
    till.control(&format!("disputes/{dispute}/lose"), "").await;
    for event in ["evt_lost", "evt_lost_again"] {
        told(&till, event, &dispute).await;
        assert_eq!(of_practice(&till).await, (0, 0), "nothing is left of what was passed on at first");
    }
    assert_eq!(asked_of_shares(&till).await, "send_share done 10450, take_sent_share done 10450");
}

#[tokio::test]
async fn what_was_given_back_past_us_leaves_between_both_sides_the_fee_that_went_with_it_there() {
    for (with, by_hand, part, rest) in [
        // The share is asked back as the ledger has it, and the fee's 16 cents with it.
        ("", (10_133, 10_133), (9_817, 9_817), (0, 0)),
        // All of it came from the practice. Its part of the fee stays the platform's, so the practice owes that in the end.
        ("&reverse_transfer=true", (10_117, 10_117), (9_801, 9_801), (-16, -16)),
        // The processor gave 17 cents of the fee back besides, which no refund says and the ledger has not. Of the fee one less is left
        // there for the last part than the ledger gives back with it.
        ("&reverse_transfer=true&refund_application_fee=true", (10_134, 10_117), (9_818, 9_801), (0, -16)),
        // The same 17 cents, beside the 16 of the share that is asked back.
        ("&refund_application_fee=true", (10_150, 10_133), (9_834, 9_817), (16, 0)),
    ] {
        let (till, staff) = prepaid().await;
        let charge = till.sandbox.charges().remove(0).0;
        till.control(&format!("charges/{charge}/refund"), &format!("amount={PART}{with}")).await;
        told(&till, "evt_1", &charge).await;
        they_say(&till, by_hand).await;
        give_back(&till, &staff, PART).await;
        they_say(&till, part).await;
        give_back(&till, &staff, 11_000 - 2 * PART).await;
        they_say(&till, rest).await;
        assert_eq!(till.standing().await["status"], "refunded", "{with}");
    }
}
