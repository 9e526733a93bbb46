//! What was agreed to before a visit, and the visit changes: what matters needs a fresh agreement, and nothing is claimed until there is
//! one.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent, Quote},
    payments::{
        funding::FundingMode,
        quote::{Collection, QuoteTerms, TaxCode},
    },
    users::StaffRole,
};
use uuid::Uuid;

use super::{agree, agreed, answer_path, kind, statuses};
use crate::{
    claims::{completed, items, only_claim, put},
    desk::{Desk, PRACTICE, ROLE, bulk_billed},
};

/// The number that the practitioner of a [`Desk`] has from its opening on, and another one.
const NUMBER: &str = "2447781L";
const OTHER_NUMBER: &str = "2433411Y";
const TYPE: Uuid = Uuid::from_u128(0xE1);

/// The practitioner claims under a number from now on, and patients are asked anew; a minute later, so that what is asked for then is the
/// latest.
async fn renumber(desk: &Desk, number: &str, version: i32) {
    save_number(desk, number, version).await;
    ask_anew(desk).await;
}

/// A round of the job. Says how much there was to do.
async fn ask_anew(desk: &Desk) -> u64 {
    let job = desk.world.service.jobs.iter().find(|job| job.name == "payments.ask_anew").unwrap();
    job.run_once().await.unwrap()
}

async fn save_number(desk: &Desk, number: &str, version: i32) {
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    let path = format!("/practices/{PRACTICE}/roles/{ROLE}/medicare");
    let setup = json!({"provider_number": number, "modified_monash": 2, "version": version});
    let (status, body) = desk.send(Method::PUT, &path, Some(&desk.staff(StaffRole::Billing)), setup).await;
    assert_eq!(status, 200, "{body}");
}

/// Item 36 is a therapeutic procedure.
async fn has_a_procedure(desk: &Desk) {
    sqlx::query("update payments.fee_item set category = '3' where item_number = '36'")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
}

async fn post(desk: &Desk, path: &str, body: Value) -> (u16, Value) {
    let path = format!("/practices/{PRACTICE}{path}");
    desk.send(Method::POST, &path, Some(&desk.staff(StaffRole::Billing)), body).await
}

#[tokio::test]
async fn who_agreed_to_an_attendance_has_agreed_to_no_procedure() {
    let desk = Desk::open().await;
    has_a_procedure(&desk).await;
    completed(&desk).await;
    assert_eq!(agree(&desk, 1).await["document"]["service_category"], "Professional attendance");
    let draft = only_claim(&desk).await;
    let mut version = draft["version"].as_i64().unwrap();
    for (wanted, stands) in
        [(&["36"][..], "aob_pending"), (&["23"][..], "ready"), (&["23", "36"][..], "aob_pending")]
    {
        let (status, case) = put(&desk, &draft, items(wanted, version)).await;
        assert_eq!((status, &case["claim"]["status"]), (200, &json!(stands)), "{wanted:?}: {case}");
        version = case["claim"]["version"].as_i64().unwrap();
    }
    let submit = format!("/claims/{}/submit", draft["claim_id"].as_str().unwrap());
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "no-assignment"), "{body}");
    // Asked anew, by item.
    let ask = format!("/bookings/{}/assignments", Uuid::from_u128(1));
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    let (status, body) = post(&desk, &ask, json!({"kind": "post", "item_numbers": ["23", "36"]})).await;
    assert_eq!(status, 201, "{body}");
    agree(&desk, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned", "superseded"]);
    assert_eq!(only_claim(&desk).await["status"], "ready");
}

#[tokio::test]
async fn another_provider_number_needs_a_fresh_agreement_for_what_is_still_to_come() {
    let desk = Desk::open().await;
    desk.book(1).await;
    agree(&desk, 1).await;
    let letters = desk.tokens().await.len();
    renumber(&desk, NUMBER, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned"], "the place moved to another area and no more");
    renumber(&desk, OTHER_NUMBER, 2).await;
    assert_eq!(statuses(&desk, 1).await, ["offered", "superseded"]);
    let all = desk.assignments(1).await;
    assert_eq!(all[0]["document"]["provider_number"], OTHER_NUMBER);
    assert_eq!(all[1]["document"]["provider_number"], NUMBER, "what was agreed to stays as it was");
    assert_eq!(all[1]["superseded_by"], all[0]["assignment_id"]);
    assert_eq!(desk.tokens().await.len(), letters + 1);
    agree(&desk, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned", "superseded"]);
}

#[tokio::test]
async fn a_visit_that_is_over_is_not_claimed_under_a_number_that_nobody_agreed_to() {
    let desk = Desk::open().await;
    completed(&desk).await;
    agree(&desk, 1).await;
    let draft = only_claim(&desk).await;
    let (_, case) = put(&desk, &draft, items(&["23"], draft["version"].as_i64().unwrap())).await;
    assert_eq!(case["claim"]["status"], "ready", "{case}");
    renumber(&desk, OTHER_NUMBER, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned"], "it is good for what was given under the old number");
    assert_eq!(only_claim(&desk).await["status"], "ready");
    let withdraw = format!("/claims/{}/withdraw", draft["claim_id"].as_str().unwrap());
    assert_eq!(post(&desk, &withdraw, Value::Null).await.0, 200);
    let by_hand = format!("/bookings/{}/claims", Uuid::from_u128(1));
    let (status, case) = post(&desk, &by_hand, items(&["23"], 0)).await;
    assert_eq!((status, &case["provider_number"]), (201, &json!(OTHER_NUMBER)), "{case}");
    assert_eq!(
        (&case["claim"]["status"], &case["assignment_id"]),
        (&json!("aob_pending"), &Value::Null),
        "{case}"
    );
}

#[tokio::test]
async fn an_enduring_agreement_is_to_one_number_and_patients_are_asked_again_for_another() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let ask = format!("/bookings/{}/assignments", fact.booking_id);
    let enduring = json!({"kind": "enduring", "ground": "my_medicare", "expires_on": "2027-11-21"});
    let (status, offered) = post(&desk, &ask, enduring).await;
    assert_eq!(status, 201, "{offered}");
    let (status, body) =
        desk.send(Method::POST, &answer_path(&offered), Some(&desk.ada()), agreed(&offered)).await;
    assert_eq!(status, 200, "{body}");
    desk.book(2).await;
    assert_eq!(statuses(&desk, 2).await, ["assigned"], "the enduring one");
    renumber(&desk, OTHER_NUMBER, 1).await;
    let all = desk.assignments(2).await;
    assert_eq!((&all[0]["status"], &all[0]["kind"]), (&json!("offered"), &json!("pre")), "{all:?}");
    assert_eq!(all[0]["document"]["provider_number"], OTHER_NUMBER);
    assert_eq!((&all[1]["status"], &all[1]["kind"]), (&json!("assigned"), &json!("enduring")), "{all:?}");
}

/// A booking of an appointment type with rules of its own.
fn of_type(booking: u128) -> AppointmentFact {
    let fact = bulk_billed(booking);
    let terms = QuoteTerms {
        hold_id: Uuid::from_u128(booking).into(),
        organization_id: PRACTICE,
        appointment_type_id: TYPE.into(),
        start: fact.start,
        funding: FundingMode::BulkBilled,
        collection: Collection::AtPractice,
        tax_code: TaxCode::FreeMedical,
        total_cents: AudCents::ZERO,
        deposit_cents: AudCents::ZERO,
        late_fee_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents::ZERO,
        free_until_hours: 24,
    };
    let quote = Quote {
        quote_id: fact.quote_id,
        booking_id: fact.booking_id,
        fee_cents: AudCents::ZERO,
        rebate_cents: AudCents::ZERO,
        gap_cents: AudCents::ZERO,
        expires_at: fact.start,
        terms: Some(terms),
        kid: "a test".to_owned(),
        signature: String::new(),
    };
    AppointmentFact { quote: Some(quote), ..fact }
}

/// The practice bulk bills these items for the appointment type from now on.
async fn bulk_bills(desk: &Desk, items: &[&str], version: i32) {
    let rule = json!({"cohort": "anyone", "mode": "bulk_billed", "item_numbers": items, "fee_cents": 0,
        "collection": "at_practice", "deposit_cents": 0, "no_show_fee_cents": 0, "tax_code": "free_medical"});
    let path = format!("/practices/{PRACTICE}/funding/{TYPE}");
    let body = json!({"rules": [rule], "version": version});
    let (status, body) = desk.send(Method::PUT, &path, Some(&desk.staff(StaffRole::Billing)), body).await;
    assert_eq!(status, 200, "{body}");
}

/// An hour later, which alone matters to nobody.
async fn is_moved(desk: &Desk, fact: &mut AppointmentFact) {
    let hour = SignedDuration::from_hours(1);
    (fact.start, fact.end, fact.sequence) = (fact.start + hour, fact.end + hour, fact.sequence + 1);
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    desk.world.receive(&desk.world.moved(fact)).await.unwrap();
}

#[tokio::test]
async fn another_sort_of_service_needs_a_fresh_agreement_and_what_staff_named_stays() {
    let desk = Desk::open().await;
    has_a_procedure(&desk).await;
    bulk_bills(&desk, &["23"], 0).await;
    let mut fact = of_type(1);
    desk.world.receive(&desk.world.confirmed(&fact)).await.unwrap();
    assert_eq!(agree(&desk, 1).await["document"]["service_category"], "Professional attendance");
    is_moved(&desk, &mut fact).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned"]);
    bulk_bills(&desk, &["23", "36"], 1).await;
    is_moved(&desk, &mut fact).await;
    assert_eq!(statuses(&desk, 1).await, ["offered", "superseded"]);
    let both = "Professional attendance; Therapeutic procedure";
    assert_eq!(desk.assignments(1).await[0]["document"]["service_category"], both);
    // Staff know better what the visit brings.
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    let named = json!({"kind": "pre", "service_category": "Therapeutic procedure"});
    let (status, body) = post(&desk, &format!("/bookings/{}/assignments", fact.booking_id), named).await;
    assert_eq!(status, 201, "{body}");
    agree(&desk, 1).await;
    is_moved(&desk, &mut fact).await;
    assert_eq!(statuses(&desk, 1).await[0], "assigned");
    assert_eq!(desk.assignments(1).await[0]["document"]["service_category"], "Therapeutic procedure");
}

#[tokio::test]
async fn staff_ask_for_sorts_that_the_schedule_knows() {
    let desk = Desk::open().await;
    let fact = desk.book(1).await;
    let ask = format!("/bookings/{}/assignments", fact.booking_id);
    let (status, body) = post(&desk, &ask, json!({"kind": "pre", "service_category": "A chat"})).await;
    assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!("/service_category")), "{body}");
}

#[tokio::test]
async fn a_new_number_is_saved_at_once_and_patients_are_asked_after_that_each_once() {
    let desk = Desk::open().await;
    for booking in [1, 2] {
        desk.book(booking).await;
        agree(&desk, booking).await;
    }
    save_number(&desk, OTHER_NUMBER, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned"], "nobody waits for the letters");
    assert_eq!(ask_anew(&desk).await, 3, "two visits, and the end of the role's");
    for booking in [1, 2] {
        assert_eq!(statuses(&desk, booking).await, ["offered", "superseded"], "{booking}");
    }
    assert_eq!(ask_anew(&desk).await, 0);
    assert_eq!(statuses(&desk, 1).await, ["offered", "superseded"]);
}

#[tokio::test]
async fn a_visit_whose_patient_cannot_be_asked_anew_is_in_nobodys_way() {
    let desk = Desk::open().await;
    for booking in [1, 2] {
        desk.book(booking).await;
        agree(&desk, booking).await;
    }
    sqlx::query(
        "update payments.claimant set identity = decode(repeat('00', 64), 'hex') where booking_id = $1",
    )
    .bind(Uuid::from_u128(1))
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    renumber(&desk, OTHER_NUMBER, 1).await;
    assert_eq!(statuses(&desk, 1).await, ["assigned"]);
    assert_eq!(statuses(&desk, 2).await, ["offered", "superseded"]);
    assert_eq!(ask_anew(&desk).await, 0);
}

/// What is asked for is in the practice's own words, as it was before there were sorts.
async fn is_in_own_words(desk: &Desk) {
    let own = "update payments.assignment set service_category = 'Initial consultation', \
               document = jsonb_set(document, '{service_category}', '\"Initial consultation\"') where assigned_at is null";
    sqlx::query(own).execute(&desk.world.core.pool).await.unwrap();
}

#[tokio::test]
async fn who_agreed_to_words_of_no_sort_before_a_visit_is_asked_anew_once() {
    for by_staff in [false, true] {
        let desk = Desk::open().await;
        let fact = desk.book(1).await;
        if by_staff {
            desk.world.core.clock.advance(SignedDuration::from_mins(1));
            let named = json!({"kind": "pre", "service_category": "Therapeutic procedure"});
            let ask = format!("/bookings/{}/assignments", fact.booking_id);
            assert_eq!(post(&desk, &ask, named).await.0, 201);
        }
        is_in_own_words(&desk).await;
        assert_eq!(agree(&desk, 1).await["document"]["service_category"], "Initial consultation");
        desk.world.core.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(ask_anew(&desk).await, 2, "the visit, and the end of the role's");
        let all = desk.assignments(1).await;
        assert_eq!(all[0]["document"]["service_category"], "Professional attendance", "by staff: {by_staff}");
        assert_eq!((&all[0]["status"], &all[1]["status"]), (&json!("offered"), &json!("superseded")));
        assert_eq!(all[1]["superseded_by"], all[0]["assignment_id"]);
        assert_eq!(ask_anew(&desk).await, 0);
        assert_eq!(desk.assignments(1).await.len(), all.len());
    }
}

#[tokio::test]
async fn a_claim_that_rests_on_nothing_any_more_waits_once_somebody_would_lodge_it() {
    let desk = Desk::open().await;
    let mut fact = desk.book(1).await;
    is_in_own_words(&desk).await;
    agree(&desk, 1).await;
    desk.world.core.clock.advance(fact.end.duration_since(desk.world.core.now()));
    fact.status = AppointmentStatus::Completed;
    let event = BookingsEvent::AppointmentChanged(fact);
    desk.world.receive(&desk.world.envelope("bookings", &event)).await.unwrap();
    let draft = only_claim(&desk).await;
    put(&desk, &draft, items(&["23"], draft["version"].as_i64().unwrap())).await;
    // As it was before there were sorts.
    sqlx::query("update payments.claim set status = 'ready', assignment_id = (select assignment_id from payments.assignment)")
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    let submit = format!("/claims/{}/submit", draft["claim_id"].as_str().unwrap());
    let (status, body) = post(&desk, &submit, Value::Null).await;
    assert_eq!((status, kind(&body)), (409, "no-assignment"), "{body}");
    assert_eq!(only_claim(&desk).await["status"], "aob_pending", "it is among those that wait");
}

#[tokio::test]
async fn staff_who_name_no_sort_ask_for_those_of_the_visits_usual_items() {
    let desk = Desk::open().await;
    has_a_procedure(&desk).await;
    bulk_bills(&desk, &["23", "36"], 0).await;
    let mut fact = of_type(1);
    desk.world.receive(&desk.world.confirmed(&fact)).await.unwrap();
    desk.world.core.clock.advance(SignedDuration::from_mins(1));
    let ask = format!("/bookings/{}/assignments", fact.booking_id);
    let (status, body) = post(&desk, &ask, json!({"kind": "pre"})).await;
    let both = "Professional attendance; Therapeutic procedure";
    assert_eq!((status, &body["document"]["service_category"]), (201, &json!(both)), "{body}");
    // They go with the items, since nobody at the practice chose them.
    bulk_bills(&desk, &["23"], 1).await;
    is_moved(&desk, &mut fact).await;
    assert_eq!(desk.assignments(1).await[0]["document"]["service_category"], "Professional attendance");
}
