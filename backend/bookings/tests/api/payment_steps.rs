use jiff::{Timestamp, civil::date};
use serde_json::json;
use shared_types::{
    AudCents, OrganizationId,
    bookings::{
        Appointment, AppointmentFact, AppointmentStatus, AppointmentTypes, BookingsEvent, Confirmation,
        FeeWaiver, Hold, practice::CalendarAppointment,
    },
    payments::{
        ClaimFact, FailedStep, PaymentFailure, PaymentStep, PaymentsEvent, PracticeAccountFact,
        claim::ClaimStatus,
        funding::{Cohort, FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
    },
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, LONG, ORGANIZATION, ROLE, minutes, monday, wanted},
    practice::{act_as, at_practice, desk, staff},
};

fn rule(cohort: Cohort, mode: FundingMode, collection: Collection) -> FundedRule {
    let bulk_billed = mode == FundingMode::BulkBilled;
    let cents = |cents: i64| if bulk_billed { AudCents::ZERO } else { AudCents(cents) };
    FundedRule {
        funding_rule_id: Uuid::from_u128(1).into(),
        rule: FundingRule {
            cohort,
            mode,
            item_numbers: vec!["10960".to_owned()],
            fee_cents: cents(11_000),
            collection,
            deposit_cents: cents(3_000),
            no_show_fee_cents: cents(9_000),
            tax_code: TaxCode::FreeMedical,
        },
        rebates: vec![(date(2026, 7, 1), cents(6_130))],
    }
}

impl App {
    /// The practice collects for the long appointment, by these rules.
    async fn collects(&self, rules: Vec<FundedRule>) {
        let account = PracticeAccountFact {
            organization_id: ORGANIZATION,
            status: OnboardingStatus::Ready,
            bulk_bills_everything: false,
            attested_at: None,
        };
        self.receive("payments", 1, &PaymentsEvent::PracticeAccountChanged(account)).await;
        let fact =
            FundingFact { organization_id: ORGANIZATION, appointment_type_id: LONG, version: 1, rules };
        self.receive("payments", 1, &PaymentsEvent::FundingChanged(fact)).await;
    }

    /// Paid after the visit, by everybody alike.
    pub async fn collects_after_visits(&self) {
        self.collects(vec![rule(Cohort::Anyone, FundingMode::Private, Collection::AfterVisit)]).await;
    }

    /// A booking that waits for its payment.
    pub async fn awaiting(&self, browser: &mut Browser, start: Timestamp) -> Confirmation {
        let hold = self.hold(browser, start).await;
        let reply = browser.confirm(self.key(), &hold, &self.details()).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        let confirmation: Confirmation = reply.read();
        assert_eq!(confirmation.status, AppointmentStatus::AwaitingPayment);
        confirmation
    }

    /// Its payment comes to this.
    pub async fn paid(&self, booking: &Confirmation, step: PaymentStep) {
        let booking_id = booking.booking_id;
        self.receive("payments", 2, &PaymentsEvent::PaymentStepCompleted { booking_id, step }).await;
    }

    /// The facts of one name that were told.
    async fn facts(&self, name: &str) -> Vec<AppointmentFact> {
        let facts = self.told(name).await.into_iter().map(|event| match event {
            BookingsEvent::PaymentAwaited(fact)
            | BookingsEvent::AppointmentRequested(fact)
            | BookingsEvent::AppointmentConfirmed(fact)
            | BookingsEvent::AppointmentCancelled(fact) => fact,
            other => panic!("{other:?}"),
        });
        facts.collect()
    }
}

async fn status(browser: &mut Browser, booking: &Confirmation) -> AppointmentStatus {
    browser.appointment(booking.appointment_id).await.status
}

#[tokio::test]
async fn a_quote_says_fee_rebate_gap_and_terms() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let hold = app.hold(&mut app.browser(), monday(10, 0)).await;
    let (quote, terms) = (&hold.quote, hold.quote.terms.as_ref().unwrap());
    let amounts = (quote.fee_cents.0, quote.rebate_cents.0, quote.gap_cents.0);
    assert_eq!(amounts, (11_000, 6_130, 4_870));
    assert_eq!((terms.hold_id, terms.organization_id, terms.start), (hold.hold_id, ORGANIZATION, hold.start));
    assert_eq!((terms.collection, terms.tax_code), (Collection::AfterVisit, TaxCode::FreeMedical));
    assert_eq!((terms.total_cents, terms.late_fee_cents), (AudCents(11_000), AudCents(5_000)));
    assert_eq!((terms.no_show_fee_cents, terms.free_until_hours), (AudCents(9_000), 24));
    assert_eq!(hold.appointment_type.price_cents, AudCents(11_000));
    // It binds as long as a booking can wait for its payment.
    assert_eq!(quote.expires_at, hold.expires_at + minutes(35));
}

#[tokio::test]
async fn everybody_is_told_the_price_of_the_rule_for_anyone() {
    let app = App::new().await;
    let price = async || {
        let path = format!("/api/v1/bookings/roles/{ROLE}/appointment-types");
        let types: AppointmentTypes = app.browser().get(&path).await.read();
        let of = types.items.into_iter().find(|of| of.appointment_type_id == LONG).unwrap();
        (of.price_cents, of.bulk_billed)
    };
    assert_eq!(price().await, (AudCents(8_500), false));
    app.collects_after_visits().await;
    assert_eq!(price().await, (AudCents(11_000), false));
    let rules = vec![rule(Cohort::Anyone, FundingMode::BulkBilled, Collection::AtPractice)];
    let fact = FundingFact { organization_id: ORGANIZATION, appointment_type_id: LONG, version: 2, rules };
    app.receive("payments", 2, &PaymentsEvent::FundingChanged(fact)).await;
    assert_eq!(price().await, (AudCents::ZERO, true));
}

#[tokio::test]
async fn without_an_account_that_collects_it_is_paid_at_the_practice() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let account = PracticeAccountFact {
        organization_id: ORGANIZATION,
        status: OnboardingStatus::Started,
        bulk_bills_everything: false,
        attested_at: None,
    };
    app.receive("payments", 2, &PaymentsEvent::PracticeAccountChanged(account)).await;
    let mut browser = app.browser();
    let hold = app.hold(&mut browser, monday(10, 0)).await;
    let terms = hold.quote.terms.clone().unwrap();
    assert_eq!((terms.collection, terms.needs_payment_step()), (Collection::AtPractice, false));
    assert_eq!(hold.quote.expires_at, hold.expires_at);
    assert_eq!(app.confirm(&mut browser, &hold).await.status, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn another_sort_of_patient_has_the_same_hold_at_another_price() {
    let app = App::new().await;
    app.collects(vec![
        rule(Cohort::Anyone, FundingMode::Private, Collection::Prepaid),
        rule(Cohort::Concession, FundingMode::BulkBilled, Collection::AtPractice),
    ])
    .await;
    let mut browser = app.browser();
    let first = app.hold(&mut browser, monday(10, 0)).await;
    assert_eq!((first.cohorts.as_slice(), first.cohort), (&[Cohort::Concession, Cohort::Anyone][..], None));
    let mut body = wanted(ROLE, LONG, monday(10, 0));
    body["cohort"] = json!("concession");
    let reply = browser.post("/api/v1/bookings/holds", Some(app.key()), &body).await;
    let priced: Hold = reply.read();
    assert_eq!((priced.hold_id, priced.expires_at), (first.hold_id, first.expires_at));
    // What was offered before cannot be paid for it.
    assert_ne!(priced.booking_id, first.booking_id);
    assert_eq!(priced.quote.booking_id, priced.booking_id);
    assert!(priced.appointment_type.bulk_billed);
    assert_eq!(priced.quote.terms.as_ref().unwrap().funding, FundingMode::BulkBilled);
    assert_eq!((priced.quote.fee_cents, priced.policy.late_fee_cents), (AudCents::ZERO, AudCents::ZERO));
    let confirmed = app.confirm(&mut browser, &priced).await;
    assert_eq!(confirmed.status, AppointmentStatus::Confirmed);
    let fact = app.confirmed(confirmed.booking_id.0).await;
    let claimant = fact.claimant.unwrap();
    assert_eq!(claimant.mobile_ends_with.expose().len(), 3);
    assert_eq!(fact.quote.unwrap().quote_id, priced.quote.quote_id);
}

#[tokio::test]
async fn a_price_for_children_is_for_children() {
    let app = App::new().await;
    app.collects(vec![rule(Cohort::Under16, FundingMode::BulkBilled, Collection::AtPractice)]).await;
    let mut browser = app.browser();
    let mut body = wanted(ROLE, LONG, monday(10, 0));
    body["cohort"] = json!("under_16");
    let hold: Hold = browser.post("/api/v1/bookings/holds", Some(app.key()), &body).await.read();
    let mut details = app.details();
    let refused = browser.confirm(app.key(), &hold, &details).await.problem(422, "invalid");
    assert_eq!(refused.errors[0].pointer, "/date_of_birth");
    details["date_of_birth"] = json!("2010-11-24");
    assert_eq!(browser.confirm(app.key(), &hold, &details).await.status, 200);
}

#[tokio::test]
async fn a_booking_waits_for_its_payment_and_is_made_by_it() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    let awaited = app.facts("payment_awaited").await;
    assert_eq!(awaited.len(), 1);
    assert!(awaited[0].quote.is_some() && awaited[0].manage_token.is_none());
    assert!(app.told("appointment_confirmed").await.is_empty());
    let view: Appointment = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.pay_until, Some(app.core.now() + minutes(35)));
    let ticket = view.payment_ticket.unwrap();
    assert_eq!((ticket.booking_id, ticket.organization_id), (booking.booking_id, Some(ORGANIZATION)));
    assert_eq!(booking.payment_ticket.as_ref().unwrap().booking_id, booking.booking_id);
    // The ten minutes of the hold are over, and the time is still kept.
    app.advance(minutes(30));
    app.run("bookings.expire_holds").await;
    app.run("bookings.give_up_awaiting").await;
    app.browser().hold(app.key(), ROLE, LONG, monday(10, 0)).await.problem(409, "time-taken");
    app.paid(&booking, PaymentStep::CardSaved).await;
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::Confirmed);
    let fact = app.confirmed(booking.booking_id.0).await;
    assert!(fact.manage_token.is_some());
    assert_eq!(app.count("select count(*) from bookings.manage_link").await, 1);
}

#[tokio::test]
async fn a_request_is_made_once_it_is_paid() {
    let app = App::new().await;
    app.change("update bookings.appointment_type set needs_acceptance = true where appointment_type_id = '00000000-0000-0000-0000-000000000021'")
        .await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(15, 0)).await;
    app.paid(&booking, PaymentStep::Authorised).await;
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::Requested);
    let asked = app.facts("appointment_requested").await;
    assert!(asked[0].reply_by.is_some() && asked[0].manage_token.is_some());
}

#[tokio::test]
async fn who_does_not_pay_has_not_booked_and_late_money_is_told_of_once_more() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.advance(minutes(35));
    assert_eq!(app.run("bookings.give_up_awaiting").await, 1);
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::Expired);
    assert_eq!(app.facts("appointment_cancelled").await.len(), 1);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    app.paid(&booking, PaymentStep::Captured).await;
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::Expired);
    let told = app.facts("appointment_cancelled").await;
    assert_eq!(told.len(), 2);
    assert!(told[1].reason.is_some());
}

#[tokio::test]
async fn nothing_is_owed_for_what_was_not_paid_for() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    let cancelled: Appointment = browser.cancel(booking.appointment_id, 1).await.read();
    assert_eq!(cancelled.status, AppointmentStatus::CancelledByPatient);
}

#[tokio::test]
async fn a_failed_card_is_shown_until_another_is_given() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::InsufficientFunds,
        repair_until: monday(9, 0),
        fee: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.status, AppointmentStatus::Confirmed);
    assert_eq!(view.payment_failure, Some(PaymentFailure::InsufficientFunds));
    assert_eq!(view.repair_until, Some(monday(9, 0)));
    app.paid(&booking, PaymentStep::Authorised).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!((view.payment_failure, view.repair_until), (None, None));
}

#[tokio::test]
async fn a_first_card_that_failed_is_changed_while_the_booking_waits_and_no_longer() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(9, 0),
        fee: None,
    };
    app.receive("payments", 2, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.status, AppointmentStatus::AwaitingPayment);
    assert!(view.pay_until.is_some() && view.repair_until == view.pay_until);
}

#[tokio::test]
async fn a_lapsed_payment_cancels_without_charge() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let booking_id = booking.booking_id;
    app.receive("payments", 3, &PaymentsEvent::PaymentLapsed { booking_id }).await;
    assert_eq!(status(&mut browser, &booking).await, AppointmentStatus::CancelledByAdmin);
    let told = app.facts("appointment_cancelled").await;
    assert_eq!((told.len(), told[0].late_fee_cents), (1, AudCents::ZERO));
}

#[tokio::test]
async fn once_the_time_for_another_card_is_over_it_is_said_that_it_was_not_charged_and_no_time_is_shown() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    app.advance_to(monday(10, 20));
    app.acts(booking.appointment_id, 2, json!({"action": "no_show", "attested": true})).await;
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(12, 0),
        fee: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    for (at, until) in [(monday(11, 59), Some(monday(12, 0))), (monday(12, 0), None)] {
        app.advance_to(at);
        let view = browser.appointment(booking.appointment_id).await;
        assert_eq!((view.payment_failure, view.repair_until), (Some(PaymentFailure::Declined), until));
    }
    app.paid(&booking, PaymentStep::Captured).await;
    assert_eq!(browser.appointment(booking.appointment_id).await.payment_failure, None);
}

#[tokio::test]
async fn not_coming_costs_what_was_quoted_and_the_practice_can_let_it_go() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    app.advance_to(monday(10, 20));
    app.acts(booking.appointment_id, 2, json!({"action": "no_show", "attested": true})).await;
    let owed = "select late_fee_cents from bookings.appointment";
    assert_eq!(app.count(owed).await, 9_000);
    // What is owed can be paid with another card when the first says no.
    let failed = FailedStep {
        booking_id: booking.booking_id,
        failure: PaymentFailure::Declined,
        repair_until: monday(23, 0),
        fee: None,
    };
    app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
    let view = browser.appointment(booking.appointment_id).await;
    assert_eq!(view.repair_until, Some(monday(23, 0)));
    let path = at_practice(&format!("appointments/{}/waive-fee", booking.appointment_id));
    let key = app.key();
    for _ in 0..2 {
        let waived = desk(&app).await.post(&path, Some(key), &json!({"version": 3})).await;
        assert_eq!(waived.status, 200, "{}", waived.body);
    }
    assert_eq!(app.count(owed).await, 0);
    let written = "select count(*) from bookings.appointment_transition join bookings.appointment using (appointment_id) \
                   where step = 'waive_fee' and taken_by = 'practice' and appointment_transition.version = appointment.version";
    assert_eq!(app.count(written).await, 1);
    assert_eq!(browser.appointment(booking.appointment_id).await.payment_failure, None);
    let told = app.told("late_fee_waived").await;
    let expected =
        BookingsEvent::LateFeeWaived { booking_id: booking.booking_id, waived_by: FeeWaiver::Practice };
    assert_eq!(told, [expected]);
    let again = desk(&app).await.post(&path, Some(app.key()), &json!({"version": 4})).await;
    again.problem(409, "nothing-owed");
}

#[tokio::test]
async fn a_move_takes_the_quote_along() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let mut browser = app.browser();
    let booking = app.awaiting(&mut browser, monday(10, 0)).await;
    app.paid(&booking, PaymentStep::CardSaved).await;
    let before = browser.appointment(booking.appointment_id).await;
    let moved = browser.r#move(app.key(), booking.appointment_id, before.version, monday(14, 0)).await;
    let moved: Appointment = moved.read();
    assert_eq!(moved.quote, before.quote);
    assert_eq!(moved.status, AppointmentStatus::Confirmed);
}

#[tokio::test]
async fn older_rules_and_another_practices_change_nothing() {
    let app = App::new().await;
    app.collects_after_visits().await;
    let fact = |version, organization_id| FundingFact {
        organization_id,
        appointment_type_id: LONG,
        version,
        rules: Vec::new(),
    };
    app.receive("payments", 9, &PaymentsEvent::FundingChanged(fact(0, ORGANIZATION))).await;
    let held = app.hold(&mut app.browser(), monday(10, 0)).await;
    assert_eq!(held.quote.fee_cents, AudCents(11_000));
    let other = OrganizationId(Uuid::from_u128(0x42));
    app.receive("payments", 10, &PaymentsEvent::FundingChanged(fact(2, other))).await;
    let held = app.hold(&mut app.browser(), monday(11, 0)).await;
    assert_eq!(held.quote.fee_cents, AudCents(11_000), "nobody sets another practice's prices");
}

#[tokio::test]
async fn a_visit_that_was_claimed_is_not_taken_back_even_if_it_was_at_that_moment() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let id = booked.appointment_id;
    app.advance_to(monday(10, 0));
    for (version, action) in [(1, "check_in"), (2, "start"), (3, "complete")] {
        app.acts(id, version, json!({"action": action})).await;
    }
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let undo = json!({"action": "undo_completion"});
    let back = act_as(&mut practitioner, id, 4, undo.clone()).await;
    assert_eq!(back.status, 200, "{}", back.body);
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: booked.booking_id,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    app.receive("payments", 1, &PaymentsEvent::ClaimChanged(claim)).await;
    // Whoever had it open looks at it again.
    app.act(id, 5, json!({"action": "start"})).await.problem(409, "stale-version");
    app.acts(id, 6, json!({"action": "start"})).await;
    app.acts(id, 7, json!({"action": "complete"})).await;
    act_as(&mut practitioner, id, 8, undo).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn that_a_visit_was_claimed_goes_with_it_when_the_practice_makes_it_longer() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: booked.booking_id,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    app.receive("payments", 1, &PaymentsEvent::ClaimChanged(claim)).await;
    let path = at_practice(&format!("appointments/{}/reschedule", booked.appointment_id));
    let longer = json!({"version": 2, "start": monday(10, 0), "end": monday(10, 45)});
    let moved = desk(&app).await.post(&path, Some(app.key()), &longer).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let id = moved.read::<CalendarAppointment>().appointment_id;
    app.advance_to(monday(10, 0));
    for (version, action) in [(1, "check_in"), (2, "start"), (3, "complete")] {
        app.acts(id, version, json!({"action": action})).await;
    }
    let mut practitioner = staff(&app, StaffRole::Practitioner).await;
    let undo = json!({"action": "undo_completion"});
    act_as(&mut practitioner, id, 4, undo).await.problem(409, "wrong-state");
}
