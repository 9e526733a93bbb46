//! What is booked once it is paid: it waits for its payment, and is over where none comes in time.

use jiff::{Timestamp, civil::date};
use shared_types::{
    AppointmentTypeId, AudCents, BookingId,
    bookings::{
        AppointmentStatus::{AwaitingPayment, Confirmed},
        Confirmation, Hold,
    },
    payments::{
        PaymentStep, PaymentsEvent, PracticeAccountFact,
        funding::{Cohort, FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
        rules::AWAITING_MINUTES,
    },
};
use uuid::Uuid;

use super::{
    World,
    link::{FEE_CENTS, Link, link},
};
use crate::app::{App, ORGANIZATION, ROLE, minutes};

/// Half an hour with [`ROLE`], of which a part is paid when it is booked.
const DEPOSIT: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x27));

/// What a booking is to be paid by.
#[derive(Clone, Copy)]
pub struct Pays {
    booking: BookingId,
    /// Until when it waits.
    pub until: Timestamp,
    /// Whether the money was told of, in time or too late.
    pub paid: bool,
}

/// The practice collects, for a type of its own, by the name of what others wait for.
pub async fn make(app: &App) {
    app.change(
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
             duration_minutes, price_cents, bulk_billed) \
         select '00000000-0000-0000-0000-000000000027', practitioner_role_id, 4, name, \
             duration_minutes, price_cents, bulk_billed \
         from bookings.appointment_type where appointment_type_id = '00000000-0000-0000-0000-000000000021'",
    )
    .await;
    let account = PracticeAccountFact {
        organization_id: ORGANIZATION,
        status: OnboardingStatus::Ready,
        bulk_bills_everything: false,
        attested_at: None,
    };
    app.receive("payments", 1, &PaymentsEvent::PracticeAccountChanged(account)).await;
    let rule = FundedRule {
        funding_rule_id: Uuid::from_u128(1).into(),
        rule: FundingRule {
            cohort: Cohort::Anyone,
            mode: FundingMode::Private,
            item_numbers: vec!["10960".to_owned()],
            fee_cents: AudCents(8_500),
            collection: Collection::Deposit,
            deposit_cents: AudCents(3_000),
            no_show_fee_cents: AudCents(FEE_CENTS),
            tax_code: TaxCode::FreeMedical,
        },
        rebates: vec![(date(2026, 7, 1), AudCents(6_130))],
    };
    let funding = FundingFact {
        organization_id: ORGANIZATION,
        appointment_type_id: DEPOSIT,
        version: 1,
        rules: vec![rule],
        eligibility: Vec::new(),
    };
    app.receive("payments", 1, &PaymentsEvent::FundingChanged(funding)).await;
}

impl World {
    pub async fn book_to_pay(&mut self) -> String {
        let (start, mut browser) = (self.slot(), self.app.browser());
        let end = start + minutes(30);
        let expected = self.is_offered(false, start, end) && self.is_clear(ROLE, start, end, None);
        let reply = browser.hold(self.app.key(), ROLE, DEPOSIT, start).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            let hold: Hold = reply.read();
            let reply = browser.confirm(self.app.key(), &hold, &self.app.details()).await;
            assert_eq!(reply.status, 202, "{}", reply.body);
            let made: Confirmation = reply.read();
            assert_eq!(made.status, AwaitingPayment);
            let until = self.now() + minutes(AWAITING_MINUTES);
            let pays = Some(Pays { booking: made.booking_id, until, paid: false });
            let one = link(made.appointment_id, ROLE, AwaitingPayment, (start, end), Some(browser));
            self.links.push(Link { pays, ..one });
        }
        format!("book {start}, to be paid: {expected}")
    }

    /// It is told that somebody has paid. What comes too late makes no appointment.
    pub async fn pay(&mut self) -> String {
        let is_owed = |nth: &usize| self.links[*nth].pays.is_some_and(|pays| !pays.paid);
        let owed: Vec<_> = (0..self.links.len()).filter(is_owed).collect();
        if owed.is_empty() {
            return "nothing is to be paid".to_owned();
        }
        let (nth, now) = (owed[self.pick(owed.len())], self.now());
        let pays = self.links[nth].pays.unwrap();
        let step = PaymentStep::Captured;
        let told = PaymentsEvent::PaymentStepCompleted { booking_id: pays.booking, step };
        self.app.receive("payments", 2, &told).await;
        let it = &mut self.links[nth];
        it.pays = Some(Pays { paid: true, ..pays });
        let waited = it.status == AwaitingPayment;
        if waited {
            it.stand(Confirmed, now);
            let (role, start, end) = (it.role, it.start, it.end);
            self.let_off(role, start, end);
        }
        format!("{nth} is paid, in time: {waited}")
    }
}
