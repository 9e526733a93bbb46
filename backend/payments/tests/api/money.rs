//! What practices and patients see of money, and the documents that follow from the ledger.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    AccountId,
    users::{Claims, PlatformRole, StaffRole, Strength},
};
use uuid::Uuid;

use crate::desk::{Desk, PRACTICE};

pub const PAYMENT: Uuid = Uuid::from_u128(0xD1);
const INTENT: Uuid = Uuid::from_u128(0xD2);
pub const REFUND: Uuid = Uuid::from_u128(0xD3);
pub const BOOKING: Uuid = Uuid::from_u128(0xD4);
const CHARGEBACK: Uuid = Uuid::from_u128(0xD6);
/// Its check digits fit.
const ABN: &str = "51824753556";

/// A practice with a name, and Ada's visit of $110 that was paid, GST in it.
pub async fn paid() -> Desk {
    let desk = Desk::without_number().await;
    let account = json!({"legal_name": "Harbour Pty Ltd", "abn": ABN, "gst_registered": true, "version": 0});
    let (status, body) =
        desk.send(Method::PUT, &practice("/account"), Some(&desk.staff(StaffRole::Owner)), account).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!((&body["version"], &body["status"]), (&json!(1), &json!("none")));
    let mut tx = desk.world.core.begin().await.unwrap();
    for statement in [
        "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, \
         patient_charge_cents, captured_cents, organization_id, tax_code, collection, created_at, updated_at) values \
         ($1, $2, $1, 'captured', 11000, false, 11000, 11000, $3, 'taxable', 'prepaid', now(), now())",
        "insert into payments.booking_owner (booking_id, account_id, patient_id) \
         select $2, $1, '00000000-0000-0000-0000-0000000000a1' where $3::uuid is not null",
        "insert into payments.billed_visit (booking_id, recipient_name, practitioner_name, service_text, starts_at, \
         time_zone, updated_at) select $2, 'Ada Example', 'Kim Lee', 'Remedial massage', '2026-11-20T23:00:00Z', \
         'Australia/Sydney', now() where $1::uuid is not null and $3::uuid is not null",
    ] {
        sqlx::query(statement).bind(PAYMENT).bind(BOOKING).bind(PRACTICE.0).execute(&mut *tx).await.unwrap();
    }
    sqlx::query(
        "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, captured_cents, \
         processor_charge, created_at, updated_at) values ($1, $2, 'visit', 'charge', 'captured', 1, 11000, 11000, 'ch_1', \
         now(), now())",
    )
    .bind(INTENT)
    .bind(PAYMENT)
    .execute(&mut *tx)
    .await
    .unwrap();
    desk.world.core.commit(tx).await.unwrap();
    post(&desk, "capture", INTENT, [11_000, -10_450, -500, -50]).await;
    desk
}

/// Books a posting of the payment: the processor's, the practice's, the platform's fee and the GST in it.
pub async fn post(desk: &Desk, cause: &str, cause_id: Uuid, cents: [i64; 4]) {
    let core = &desk.world.core;
    let posting: Uuid = core.id();
    let mut tx = core.begin().await.unwrap();
    sqlx::query(
        "insert into payments.posting (posting_id, cause, cause_id, payment_id, booking_id, organization_id, gross_cents, \
         fee_cents, occurred_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, '2026-11-21T00:00:00Z', now())",
    )
    .bind(posting)
    .bind(cause)
    .bind(cause_id)
    .bind(PAYMENT)
    .bind(BOOKING)
    .bind(PRACTICE.0)
    .bind(cents[0])
    .bind(-cents[2] - cents[3])
    .execute(&mut *tx)
    .await
    .unwrap();
    let kinds = ["processor", "practice_balance", "platform_fees", "gst_payable"];
    for (position, (kind, cents)) in (1_i16..).zip(kinds.into_iter().zip(cents)) {
        let whose = (kind == "practice_balance").then_some(PRACTICE.0);
        sqlx::query(
            "insert into payments.account (ledger_account_id, kind, organization_id, created_at) values ($1, $2, $3, now()) \
             on conflict do nothing",
        )
        .bind(core.id::<Uuid>())
        .bind(kind)
        .bind(whose)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query(
            "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
             select $1, $2, ledger_account_id, $3 from payments.account where kind = $4",
        )
        .bind(posting)
        .bind(position)
        .bind(cents)
        .bind(kind)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    core.commit(tx).await.unwrap();
}

/// Half of it went back.
pub async fn half_back(desk: &Desk, refund_id: Uuid) {
    sqlx::query(
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, status, requested_as, \
         created_at, updated_at) values ($1, $2, $3, $1, 5500, 'cancelled', 'succeeded', 'rule', now(), now())",
    )
    .bind(refund_id)
    .bind(PAYMENT)
    .bind(INTENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    post(desk, "refund", refund_id, [-5_500, 5_225, 250, 25]).await;
}

/// A bank took back as much of it.
async fn lost(desk: &Desk, cents: i64) {
    sqlx::query(
        "insert into payments.chargeback (chargeback_id, payment_id, intent_id, processor_dispute, amount_cents, reason, \
         status, opened_at, updated_at) values ($1, $2, $3, 'dp_1', $4, 'general', 'lost', now(), now())",
    )
    .bind(CHARGEBACK)
    .bind(PAYMENT)
    .bind(INTENT)
    .bind(cents)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    post(desk, "chargeback_lost", CHARGEBACK, [-cents, cents - 550, 500, 50]).await;
}

/// The kind, number, whole, GST and corrected number of a document.
pub type Document = (String, i64, i64, i64, Option<i64>);

/// A note about the first one.
pub fn note(number: i64, total: i64, gst: i64) -> Document {
    ("adjustment_note".to_owned(), number, total, gst, Some(1))
}

/// Each document of the booking.
pub async fn documents(desk: &Desk) -> Vec<Document> {
    sqlx::query_as(
        "select kind, number, total_cents, gst_cents, corrects from payments.invoice where booking_id = $1 order by number",
    )
    .bind(BOOKING)
    .fetch_all(&desk.world.core.pool)
    .await
    .unwrap()
}

pub fn practice(rest: &str) -> String {
    format!("/practices/{PRACTICE}{rest}")
}

pub async fn issue(desk: &Desk) -> u64 {
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.issue_invoices").unwrap();
    job.run_once().await.unwrap()
}

/// An administrator of the platform, by the number of their account.
pub fn administrator(desk: &Desk, account: u128) -> String {
    let now = desk.world.core.now();
    desk.issuer.cookie(&Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: AccountId(Uuid::from_u128(account)),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: vec![PlatformRole::Administrator],
        issued_at: now,
        expires_at: now + jiff::SignedDuration::from_mins(10),
    })
}

/// What people did, as the log has it, in order.
async fn acts(desk: &Desk) -> Vec<String> {
    let acts =
        "select action from payments.audit_entry where actor_kind <> 'system' order by occurred_at, ctid";
    sqlx::query_scalar(acts).fetch_all(&mut desk.world.database.administrator().await).await.unwrap()
}

/// How often an act was written down.
async fn noted(desk: &Desk, action: &str) -> i64 {
    let mut admin = desk.world.database.administrator().await;
    sqlx::query_scalar("select count(*) from payments.audit_entry where action = $1")
        .bind(action)
        .fetch_one(&mut admin)
        .await
        .unwrap()
}

/// Gets it as staff, and finds the look written down once.
async fn get(desk: &Desk, role: StaffRole, operation: &str, rest: &str) -> Value {
    let before = noted(desk, operation).await;
    let (status, body) = desk.send(Method::GET, &practice(rest), Some(&desk.staff(role)), Value::Null).await;
    assert_eq!(status, 200, "{operation}: {body}");
    assert_eq!(noted(desk, operation).await, before + 1, "{operation}");
    body
}

#[tokio::test]
async fn money_that_was_taken_has_a_tax_invoice_and_what_went_back_an_adjustment_note() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let path = format!("/bookings/{BOOKING}/invoices");
    let (status, body) = desk.send(Method::GET, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let [invoice, note] = body["items"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!((&invoice["kind"], &invoice["number"]), (&json!("tax_invoice"), &json!(1)));
    assert_eq!((&invoice["total_cents"], &invoice["gst_cents"]), (&json!(11_000), &json!(1_000)));
    assert_eq!((&invoice["issuer_name"], &invoice["issuer_abn"]), (&json!("Harbour Pty Ltd"), &json!(ABN)));
    assert_eq!(invoice["recipient_name"], "Ada Example");
    assert_eq!(invoice["lines"][0]["text"], "Remedial massage with Kim Lee");
    assert_eq!(invoice["lines"][0]["service_date"], "2026-11-21");
    assert_eq!((&note["kind"], &note["number"]), (&json!("adjustment_note"), &json!(2)));
    assert_eq!((&note["total_cents"], &note["gst_cents"]), (&json!(5_500), &json!(500)));
    assert_eq!(note["corrects"], 1);
    assert_eq!(noted(&desk, "list_invoices").await, 1);
}

#[tokio::test]
async fn a_document_calls_a_fee_by_its_name_and_has_a_rebate_only_for_the_whole_price() {
    let visit = "Remedial massage with Kim Lee";
    let quoted = r#"update payments.payment set quote = '{"rebate_cents": 4000}'"#;
    let of_more = "update payments.payment set price_cents = 20000, patient_charge_cents = 20000";
    let fee = "update payments.payment set fee_kind = 'no_show_fee', fee_cents = 11000";
    for (what, text, rebate) in
        [(quoted, visit, 4_000), (of_more, visit, 0), (fee, "Fee for an appointment that was not kept", 0)]
    {
        let desk = paid().await;
        for statement in [quoted, what] {
            sqlx::query(statement).execute(&desk.world.core.pool).await.unwrap();
        }
        assert_eq!(issue(&desk).await, 1);
        half_back(&desk, REFUND).await;
        // Less of what is left is a fee by then; the note says what was sold as its invoice does.
        let less = "update payments.payment set fee_cents = fee_cents / 2";
        sqlx::query(less).execute(&desk.world.core.pool).await.unwrap();
        assert_eq!(issue(&desk).await, 1);
        let sold: Vec<(String, i64)> = sqlx::query_as(
            "select lines->0->>'text', rebate_cents from payments.invoice where booking_id = $1 order by number",
        )
        .bind(BOOKING)
        .fetch_all(&desk.world.core.pool)
        .await
        .unwrap();
        assert_eq!(sold, [(text.to_owned(), rebate), (text.to_owned(), 0)]);
    }
}

#[tokio::test]
async fn a_card_by_which_something_is_still_due_is_not_removed() {
    const CARD: Uuid = Uuid::from_u128(0xD8);
    let desk = paid().await;
    for statement in [
        "insert into payments.customer (customer_id, account_id, created_at) \
         values ($1, '00000000-0000-0000-0000-0000000000aa', now())",
        "insert into payments.saved_card (saved_card_id, customer_id, processor_card, brand, last_four, good_until, \
         kept, created_at) values ($1, $1, 'pm_1', 'visa', '4242', '2030-01-01', true, now())",
        "update payments.intent set customer_id = $1, saved_card_id = $1",
        "update payments.payment set due = 'charge_fee', due_at = now() where $1::uuid is not null",
    ] {
        sqlx::query(statement).bind(CARD).execute(&desk.world.core.pool).await.unwrap();
    }
    let path = format!("/me/cards/{CARD}");
    let (status, body) = desk.send(Method::DELETE, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/card-in-use")), "{body}");
    let done = "update payments.payment set due = null, due_at = null";
    sqlx::query(done).execute(&desk.world.core.pool).await.unwrap();
    let (status, body) = desk.send(Method::DELETE, &path, Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 204, "{body}");
}

#[tokio::test]
async fn what_a_bank_took_back_has_an_adjustment_note_too_once() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let invoice: Document = ("tax_invoice".to_owned(), 1, 11_000, 1_000, None);
    assert_eq!(documents(&desk).await, [invoice, note(2, 11_000, 1_000)]);
}

#[tokio::test]
async fn a_bank_that_takes_back_what_went_back_already_corrects_what_is_left_and_no_more() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    assert_eq!(issue(&desk).await, 1);
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 1);
    assert_eq!(issue(&desk).await, 0);
    let notes: Vec<_> = documents(&desk).await.into_iter().skip(1).collect();
    assert_eq!(notes, [note(2, 5_500, 500), note(3, 5_500, 500)]);
}

#[tokio::test]
async fn notes_about_an_invoice_come_one_after_another_and_none_is_left_when_it_went_back_whole() {
    let desk = paid().await;
    assert_eq!(issue(&desk).await, 1);
    half_back(&desk, REFUND).await;
    half_back(&desk, Uuid::from_u128(0xD7)).await;
    for issued in [1, 1, 0] {
        assert_eq!(issue(&desk).await, issued);
    }
    lost(&desk, 11_000).await;
    assert_eq!(issue(&desk).await, 0);
    let documents = documents(&desk).await;
    let gst: i64 = documents.iter().skip(1).map(|document| document.3).sum();
    assert_eq!((documents.len(), gst), (3, 1_000));
}

#[tokio::test]
async fn a_document_is_printed_for_whose_it_is_and_for_the_practice_and_for_nobody_else() {
    let desk = paid().await;
    issue(&desk).await;
    let invoices = get(&desk, StaffRole::Billing, "list_practice_invoices", "/invoices").await;
    let id = invoices["items"][0]["invoice_id"].as_str().unwrap();
    let own = format!("/bookings/{BOOKING}/invoices/{id}/pdf");
    let practices = practice(&format!("/invoices/{id}/pdf"));
    let billing = desk.staff(StaffRole::Billing);
    for (path, cookie, operation) in
        [(&own, desk.ada(), "print_invoice"), (&practices, billing.clone(), "print_practice_invoice")]
    {
        let (status, file) = desk.send_with(Method::GET, path, Some(&cookie), Value::Null, Uuid::nil()).await;
        assert_eq!(status, 200);
        assert!(file.starts_with("%PDF-1.4") && file.contains("(Tax invoice and receipt)"), "{file}");
        assert_eq!(noted(&desk, operation).await, 1);
    }
    let (status, _) = desk.send(Method::GET, &own, None, Value::Null).await;
    assert_eq!(status, 404);
    let (status, _) = desk.send(Method::GET, &own, Some(&billing), Value::Null).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn transactions_have_their_balance_and_are_a_file_too() {
    let desk = paid().await;
    half_back(&desk, REFUND).await;
    let page = {
        let before = noted(&desk, "list_transactions").await;
        let billing = desk.staff(StaffRole::Billing);
        let (status, body) =
            desk.send(Method::GET, &practice("/transactions"), Some(&billing), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        // Once for each booking that is read.
        assert_eq!(noted(&desk, "list_transactions").await, before + 2);
        body
    };
    let items = page["items"].as_array().unwrap();
    let shown: Vec<_> =
        items.iter().map(|item| (item["cause"].as_str().unwrap(), item["net_cents"].as_i64())).collect();
    assert!(
        shown.contains(&("capture", Some(10_450))) && shown.contains(&("refund", Some(-5_225))),
        "{page}"
    );
    assert_eq!(items[0]["balance_cents"], 5_225);
    let billing = desk.staff(StaffRole::Billing);
    let path = practice("/transactions/csv?from=2026-11-01&until=2026-12-01");
    let (status, file) = desk.send_with(Method::GET, &path, Some(&billing), Value::Null, Uuid::nil()).await;
    assert_eq!(status, 200);
    assert_eq!(file.lines().count(), 3);
    assert!(file.starts_with("when,cause,booking,payment,gross,fee,net,balance,id\n"), "{file}");
    assert!(file.contains(",110.00,5.50,104.50,"), "{file}");
    assert_eq!(noted(&desk, "export_transactions").await, 1);
    let (status, body) =
        desk.send(Method::GET, &practice("/transactions?from=2020-01-01"), Some(&billing), Value::Null).await;
    assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some("until")));
}

#[tokio::test]
async fn only_an_owner_says_what_stands_on_invoices_and_a_wrong_number_is_named() {
    let desk = paid().await;
    let path = practice("/account");
    let account = json!({"legal_name": "", "abn": "51824753557", "gst_registered": true, "version": 1});
    let (status, _) =
        desk.send(Method::PUT, &path, Some(&desk.staff(StaffRole::Manager)), account.clone()).await;
    assert_eq!(status, 403);
    let owner = desk.staff(StaffRole::Owner);
    let (status, body) = desk.send(Method::PUT, &path, Some(&owner), account).await;
    assert_eq!(status, 422);
    let wrong: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(wrong, ["/legal_name", "/abn"]);
    let stale = json!({"legal_name": "Harbour", "abn": ABN, "gst_registered": true, "version": 0});
    let (status, body) = desk.send(Method::PUT, &path, Some(&owner), stale).await;
    assert_eq!((status, body["type"].as_str()), (412, Some("/problems/stale-version")));
    let (status, body) =
        desk.send(Method::GET, &path, Some(&desk.staff(StaffRole::Billing)), Value::Null).await;
    assert_eq!((status, body["balance_cents"].as_i64()), (200, Some(10_450)));
}

#[tokio::test]
async fn the_fee_of_the_day_and_the_next_one_are_shown() {
    let desk = paid().await;
    sqlx::query(
        "insert into payments.platform_fee (platform_fee_id, organization_id, effective_from, fee_cents, gst_cents) \
         values ($1, null, '2027-01-01', 660, 60)",
    )
    .bind(PAYMENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::GET, &practice("/fees"), Some(&billing), Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({"fee_cents": 550, "gst_cents": 50, "effective_from": "2026-11-01", "next": [660, "2027-01-01"]})
    );
}

#[tokio::test]
async fn another_practices_payment_is_not_refunded_and_more_than_is_left_is_refused() {
    let desk = paid().await;
    let billing = desk.staff(StaffRole::Billing);
    let wish = json!({"amount_cents": 11_001, "reason": "goodwill"});
    let path = practice(&format!("/payments/{PAYMENT}/refunds"));
    let (status, body) = desk.send(Method::POST, &path, Some(&billing), wish.clone()).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/too-much")));
    let other = practice(&format!("/payments/{BOOKING}/refunds"));
    let (status, _) = desk.send(Method::POST, &other, Some(&billing), wish).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn payouts_are_held_once_with_a_reason_that_the_practice_reads() {
    let desk = paid().await;
    sqlx::query(
        "update payments.practice_account set processor_account = 'acct_1', status = 'ready' where organization_id = $1",
    )
    .bind(PRACTICE.0)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let admin = administrator(&desk, 0xEE);
    let wish = json!({"organization_id": PRACTICE, "reason": "Somebody has to look"});
    let (status, hold) = desk.send(Method::POST, "/platform/payout-holds", Some(&admin), wish.clone()).await;
    assert_eq!(status, 201, "{hold}");
    let (status, body) = desk.send(Method::POST, "/platform/payout-holds", Some(&admin), wish).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/wrong-state")));
    let billing = desk.staff(StaffRole::Billing);
    let (_, account) = desk.send(Method::GET, &practice("/account"), Some(&billing), Value::Null).await;
    assert_eq!(account["payout_hold"], "Somebody has to look");
    let release = format!("/platform/payout-holds/{}/release", hold["payout_hold_id"].as_str().unwrap());
    let (status, body) =
        desk.send(Method::POST, &release, Some(&admin), json!({"reason": "It is in order"})).await;
    assert_eq!((status, body["released"][1].as_str()), (200, Some("It is in order")));
    let asked: Vec<String> =
        sqlx::query_scalar("select operation from payments.processor_call order by created_at, operation")
            .fetch_all(&desk.world.core.pool)
            .await
            .unwrap();
    assert_eq!(asked, ["hold_payouts", "release_payouts"]);
}

#[tokio::test]
async fn what_somebody_paid_is_theirs_to_see() {
    let desk = paid().await;
    let (status, body) = desk.send(Method::GET, "/me/payments", Some(&desk.ada()), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["items"][0]["payment_id"], json!(PAYMENT));
    assert_eq!(body["items"][0]["paid_cents"], 11_000);
    assert_eq!(noted(&desk, "list_my_payments").await, 1);
    let stranger = desk.staff(StaffRole::Owner);
    let (status, body) = desk.send(Method::GET, "/me/payments", Some(&stranger), Value::Null).await;
    assert_eq!((status, body["items"].as_array().map(Vec::len)), (200, Some(0)));
}

#[tokio::test]
async fn every_look_at_money_and_every_refund_leaves_one_entry() {
    const THING: Uuid = Uuid::from_u128(0xD5);
    let desk = paid().await;
    for statement in [
        "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, created_at, \
         updated_at) values ($1, $2, 'po_1', 100, 'paid', now(), now())",
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         opened_at, updated_at) select $1, payment_id, 'dp_1', 1000, 'general', 'needs_response', now(), now() \
         from payments.payment where organization_id = $2",
        "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, note, status, \
         requested_as, requested_by, created_at, updated_at) select $1, payment_id, intent_id, $1, 1000, 'goodwill', \
         'A late start', 'awaiting_approval', 'platform', '00000000-0000-0000-0000-0000000000ee', now(), now() \
         from payments.intent join payments.payment using (payment_id) where organization_id = $2",
    ] {
        sqlx::query(statement).bind(THING).bind(PRACTICE.0).execute(&desk.world.core.pool).await.unwrap();
    }
    let (ada, billing) = (desk.ada(), desk.staff(StaffRole::Billing));
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let chargeback = format!("/platform/chargebacks/{THING}");
    let payment = format!("/platform/payments/{PAYMENT}");
    let evidence = json!({"evidence": {"policy": "Free until a day before."}, "version": 1});
    let decision = json!({"approve": true, "amount_cents": 1_000});
    let noted = json!({"amount_cents": 500, "reason": "goodwill", "note": "A late start"});
    let plain = json!({"amount_cents": 500, "reason": "goodwill"});
    let look = |operation, path, cookie| (operation, Method::GET, path, cookie, Value::Null);
    for (operation, method, path, cookie, body) in [
        look("list_refunds", format!("/bookings/{BOOKING}/refunds"), &ada),
        look("list_cards", "/me/cards".to_owned(), &ada),
        look("find_payout", practice(&format!("/payouts/{THING}")), &billing),
        look("export_payout", practice(&format!("/payouts/{THING}/csv")), &billing),
        look("list_practice_chargebacks", practice("/chargebacks"), &billing),
        look("list_chargebacks", "/platform/chargebacks".to_owned(), &one),
        look("find_chargeback", chargeback.clone(), &one),
        ("put_evidence", Method::PUT, format!("{chargeback}/evidence"), &one, evidence),
        ("submit_evidence", Method::POST, format!("{chargeback}/submit"), &one, Value::Null),
        look("find_platform_payment", payment.clone(), &one),
        ("decide_refund", Method::POST, format!("/platform/refunds/{THING}/decide"), &other, decision),
        look("list_platform_refunds", "/platform/refunds".to_owned(), &one),
        ("request_refund", Method::POST, format!("{payment}/refunds"), &one, noted),
        ("refund_payment", Method::POST, practice(&format!("/payments/{PAYMENT}/refunds")), &billing, plain),
    ] {
        let before = acts(&desk).await.len();
        let key: Uuid = desk.world.core.id();
        let (status, text) = desk.send_with(method, &path, Some(cookie), body, key).await;
        assert!((200..300).contains(&status), "{operation}: {status} {text}");
        assert_eq!(acts(&desk).await[before..], [operation]);
    }
}

#[tokio::test]
async fn small_refunds_that_add_up_to_a_large_one_wait_for_somebody_else() {
    let desk = paid().await;
    for statement in [
        "update payments.payment set price_cents = 30000, patient_charge_cents = 30000, captured_cents = 30000 \
         where payment_id = $1",
        "update payments.intent set amount_cents = 30000, captured_cents = 30000 where payment_id = $1",
    ] {
        sqlx::query(statement).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
    }
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let path = format!("/platform/payments/{PAYMENT}/refunds");
    let wish = json!({"amount_cents": 15_000, "reason": "goodwill", "note": "A late start"});
    let mut waits = Value::Null;
    for expected in ["due", "awaiting_approval"] {
        let (status, body) = desk.send(Method::POST, &path, Some(&one), wish.clone()).await;
        assert_eq!((status, &body["status"]), (201, &json!(expected)), "{body}");
        waits = body;
    }
    let decide = format!("/platform/refunds/{}/decide", waits["refund_id"].as_str().unwrap());
    let decision = json!({"approve": true, "amount_cents": 15_000});
    let (status, body) = desk.send(Method::POST, &decide, Some(&one), decision.clone()).await;
    assert_eq!((status, body["type"].as_str()), (409, Some("/problems/same-person")));
    let (status, body) = desk.send(Method::POST, &decide, Some(&other), decision).await;
    assert_eq!((status, &body["status"]), (200, &json!("due")), "{body}");
}
