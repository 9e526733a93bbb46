//! What payments says of a booking's money: it is awaited, and comes, fails or is not owed.

mod bulk_billing;
mod claimed;
mod failed_cards;
mod quotes;

use jiff::{Timestamp, civil::date};
use shared_types::{
    AudCents,
    bookings::{Appointment, AppointmentFact, AppointmentStatus, BookingsEvent, Confirmation},
    payments::{
        PaymentStep, PaymentsEvent, PracticeAccountFact,
        funding::{Cohort, FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
    },
};
use uuid::Uuid;

use crate::app::{App, Browser, LONG, ORGANIZATION, ROLE, minutes, monday};

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
        let fact = FundingFact {
            organization_id: ORGANIZATION,
            appointment_type_id: LONG,
            version: 1,
            rules,
            eligibility: Vec::new(),
        };
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
