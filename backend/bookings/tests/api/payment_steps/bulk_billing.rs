//! What a practice can ask a price for that bulk bills every eligible service.

use jiff::civil::{Date, date};
use shared_types::{
    AudCents,
    payments::{
        PaymentsEvent, PracticeAccountFact,
        eligibility::{Eligibility, EligibleFrom},
        funding::{Cohort, FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::Collection,
    },
};

use super::rule;
use crate::app::{App, LONG, MONDAY, ORGANIZATION, ROLE, monday, wall};

/// A week later.
const NEXT_MONDAY: Date = date(2026, 11, 30);

/// The practice says that it bulk bills every eligible service.
async fn says_so(app: &App) {
    let account = PracticeAccountFact {
        organization_id: ORGANIZATION,
        status: OnboardingStatus::Ready,
        bulk_bills_everything: true,
        attested_at: Some(app.core.now()),
    };
    app.receive("payments", 1, &PaymentsEvent::PracticeAccountChanged(account)).await;
}

/// What payments tells of the long appointment.
async fn told(app: &App, version: i32, rules: Vec<FundedRule>, eligibility: Vec<EligibleFrom>) {
    let fact =
        FundingFact { organization_id: ORGANIZATION, appointment_type_id: LONG, version, rules, eligibility };
    app.receive("payments", version.into(), &PaymentsEvent::FundingChanged(fact)).await;
}

fn from(from: Date, eligibility: Eligibility) -> EligibleFrom {
    EligibleFrom { from, eligibility }
}

/// A price for everybody that names no item.
fn unnamed() -> FundedRule {
    let private = rule(Cohort::Anyone, FundingMode::Private, Collection::AfterVisit);
    FundedRule { rule: FundingRule { item_numbers: Vec::new(), ..private.rule }, ..private }
}

/// What is said of a hold on a Monday at ten; none when it is made.
async fn refused(app: &App, day: Date) -> Option<String> {
    let reply = app.browser().hold(app.key(), ROLE, LONG, wall(day, 10, 0)).await;
    if reply.status == 201 {
        return None;
    }
    Some(reply.problem(409, "cannot-be-charged").detail.unwrap())
}

#[tokio::test]
async fn a_type_without_a_rule_is_answered_for_before_it_is_charged_for() {
    let app = App::new().await;
    says_so(&app).await;
    let why = refused(&app, MONDAY).await.unwrap();
    assert!(why.contains("has not said yet whether “"), "{why}");
    told(&app, 1, Vec::new(), vec![from(MONDAY, Eligibility::NoItem)]).await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(hold.quote.fee_cents, AudCents(8_500));
}

#[tokio::test]
async fn a_rule_without_items_is_answered_for_before_it_is_charged_for() {
    let app = App::new().await;
    let unanswered = vec![from(MONDAY, Eligibility::Unanswered)];
    told(&app, 1, vec![unnamed()], unanswered).await;
    assert_eq!(refused(&app, MONDAY).await, None, "the practice has not said that it bulk bills everything");
    says_so(&app).await;
    let why = refused(&app, NEXT_MONDAY).await.unwrap();
    assert!(why.contains("has not said yet"), "{why}");
    told(&app, 2, vec![unnamed()], vec![from(MONDAY, Eligibility::NoItem)]).await;
    assert_eq!(refused(&app, NEXT_MONDAY).await, None);
}

#[tokio::test]
async fn what_was_told_before_eligibility_was_is_unanswered() {
    let app = App::new().await;
    says_so(&app).await;
    let rules = || vec![rule(Cohort::Anyone, FundingMode::Private, Collection::AfterVisit)];
    told(&app, 1, rules(), Vec::new()).await;
    assert!(refused(&app, MONDAY).await.is_some());
    // Told once more as it stands, its version is the same.
    told(&app, 1, rules(), vec![from(MONDAY, Eligibility::NotEligible)]).await;
    assert_eq!(refused(&app, MONDAY).await, None);
}

#[tokio::test]
async fn the_list_of_the_day_of_the_visit_decides_whenever_the_rule_was_written() {
    let app = App::new().await;
    says_so(&app).await;
    let rules = || vec![rule(Cohort::Anyone, FundingMode::Private, Collection::AfterVisit)];
    let begins =
        vec![from(MONDAY, Eligibility::NotEligible), from(date(2026, 11, 25), Eligibility::Eligible)];
    told(&app, 1, rules(), begins).await;
    assert_eq!(refused(&app, MONDAY).await, None);
    let why = refused(&app, NEXT_MONDAY).await.unwrap();
    assert!(why.contains("is one on that day"), "{why}");
    // Another list: the same rule, and what was eligible ends.
    let ends = vec![from(MONDAY, Eligibility::Eligible), from(date(2026, 11, 25), Eligibility::NotEligible)];
    told(&app, 2, rules(), ends).await;
    assert_eq!(refused(&app, NEXT_MONDAY).await, None);
    let reply = app.browser().hold(app.key(), ROLE, LONG, monday(14, 0)).await;
    reply.problem(409, "cannot-be-charged");
}

#[tokio::test]
async fn a_visit_takes_its_price_to_no_day_on_which_it_could_not_be_asked() {
    let app = App::new().await;
    says_so(&app).await;
    let days = vec![from(MONDAY, Eligibility::NotEligible), from(date(2026, 11, 25), Eligibility::Eligible)];
    told(&app, 1, vec![rule(Cohort::Anyone, FundingMode::Private, Collection::AtPractice)], days).await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(10, 0)).await;
    let (id, version) = (booked.appointment_id, booked.version);
    let elsewhere = browser.r#move(app.key(), id, version, wall(NEXT_MONDAY, 10, 0)).await;
    elsewhere.problem(409, "cannot-be-charged");
    assert_eq!(browser.r#move(app.key(), id, version, monday(14, 0)).await.status, 200);
}

#[tokio::test]
async fn who_has_no_card_is_charged_where_cards_are_bulk_billed() {
    let app = App::new().await;
    says_so(&app).await;
    let rules = vec![
        rule(Cohort::Medicare, FundingMode::BulkBilled, Collection::AtPractice),
        rule(Cohort::Anyone, FundingMode::Private, Collection::AfterVisit),
    ];
    told(&app, 1, rules, vec![from(MONDAY, Eligibility::Eligible)]).await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(hold.quote.fee_cents, AudCents(11_000));
}
