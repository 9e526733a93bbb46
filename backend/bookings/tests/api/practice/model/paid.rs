//! What is booked once it is paid: it waits for its payment, and is over where none comes in time. Payments may tell of it again
//! later: of the same step or the next, of a card that said no, and that nobody gave another one.

use jiff::{Timestamp, civil::date};
use shared_types::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId,
    bookings::{
        AppointmentStatus::{
            AwaitingPayment, CancelledByAdmin, Completed, Confirmed, Expired, NoShowPatient, Requested,
        },
        Confirmation, Hold,
    },
    payments::{
        AskedFact, FailedStep, PaymentFailure, PaymentStep, PaymentsEvent, PracticeAccountFact,
        funding::{Cohort, FundedRule, FundingFact, FundingMode, FundingRule},
        practice::OnboardingStatus,
        quote::{Collection, TaxCode},
        rules::AWAITING_MINUTES,
    },
};
use uuid::Uuid;

use super::{
    Found, World,
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
    /// The step of its payment that was told of last, in time or too late.
    step: Option<PaymentStep>,
    /// Why its card was not charged, and until when another one can be given.
    failed: Option<(PaymentFailure, Timestamp)>,
    /// How often money was told of once it was over: each time it is told once more that it is.
    late: i64,
}

impl Pays {
    /// Whether money is held or was taken.
    pub fn has_moved(&self) -> bool {
        matches!(self.step, Some(PaymentStep::Authorised | PaymentStep::Captured))
    }

    /// Whether its card said no, and no other one was given yet.
    pub fn was_refused(&self) -> bool {
        self.failed.is_some()
    }

    /// What the database should have of it, where it is of that appointment.
    pub fn found(&self, of: AppointmentId) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some(step) = self.step {
            found.push(("paid".to_owned(), of.0, step.code().to_owned(), 0, 0, 0));
        }
        if let Some((why, until)) = self.failed {
            found.push(("not charged".to_owned(), of.0, why.code().to_owned(), 0, until.as_second(), 0));
        }
        if self.late > 0 {
            found.push(("paid too late".to_owned(), self.booking.0, String::new(), self.late, 0, 0));
        }
        found
    }
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
            let pays = Some(Pays { booking: made.booking_id, until, step: None, failed: None, late: 0 });
            let one = link(made.appointment_id, ROLE, AwaitingPayment, (start, end), Some(browser));
            self.links.push(Link { pays, ..one });
        }
        format!("book {start}, to be paid: {expected}")
    }

    /// It is told that somebody has paid, or left a card. What comes too late makes no appointment.
    pub async fn pay(&mut self) -> String {
        let is_owed = |nth: &usize| self.links[*nth].pays.is_some_and(|pays| pays.step.is_none());
        let owed: Vec<_> = (0..self.links.len()).filter(is_owed).collect();
        if owed.is_empty() {
            return "nothing is to be paid".to_owned();
        }
        let nth = owed[self.pick(owed.len())];
        let steps = [PaymentStep::CardSaved, PaymentStep::Authorised, PaymentStep::Captured];
        self.completed(nth, steps[self.pick(steps.len())]).await
    }

    /// Payments tells more of a booking's money.
    pub async fn hear(&mut self) -> String {
        let paying: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].pays.is_some()).collect();
        if paying.is_empty() {
            return "nobody pays".to_owned();
        }
        let nth = paying[self.pick(paying.len())];
        let Pays { booking, step, .. } = self.links[nth].pays.unwrap();
        match (self.pick(5), step) {
            // The same once more, or the next.
            (0, Some(step)) => {
                let step = if self.pick(2) == 0 { step } else { PaymentStep::Captured };
                self.completed(nth, step).await
            }
            (0..=2, _) => self.failed(nth).await,
            (3, _) => {
                let (agreed_cents, total_cents) = (AudCents(8_500), AudCents(9_500));
                let asked = AskedFact { booking_id: booking, agreed_cents, total_cents, again: false };
                self.app.receive("payments", 3, &PaymentsEvent::ChargeAsked(asked)).await;
                format!("more is asked for {nth}")
            }
            _ => self.lapsed(nth).await,
        }
    }

    /// A step of its payment is done: no other card is needed.
    async fn completed(&mut self, nth: usize, step: PaymentStep) -> String {
        let (now, booking_id) = (self.now(), self.links[nth].pays.unwrap().booking);
        let told = PaymentsEvent::PaymentStepCompleted { booking_id, step };
        self.app.receive("payments", 2, &told).await;
        let it = &mut self.links[nth];
        let waited = it.status == AwaitingPayment;
        let ended = !it.status.is_upcoming() && !matches!(it.status, Completed | NoShowPatient);
        let pays = it.pays.as_mut().unwrap();
        (pays.step, pays.failed) = (Some(step), None);
        pays.late += i64::from(ended);
        if waited {
            it.stand(Confirmed, now);
            self.takes_now(nth, None);
        }
        format!("{nth} is paid ({step:?}), it waited: {waited}, it was over: {ended}")
    }

    /// Its card said no, at whatever it was to pay: it stands where it stood, and another card can be given.
    async fn failed(&mut self, nth: usize) -> String {
        let failure = PaymentFailure::ALL[self.pick(PaymentFailure::ALL.len())];
        let repair_until = self.now() + minutes(60 * (1 + i64::try_from(self.pick(24)).unwrap()));
        let balance = (self.pick(2) == 0).then_some(AudCents(1_000));
        let pays = self.links[nth].pays.as_mut().unwrap();
        pays.failed = Some((failure, repair_until));
        let failed = FailedStep { booking_id: pays.booking, failure, repair_until, fee: None, balance };
        self.app.receive("payments", 3, &PaymentsEvent::PaymentStepFailed(failed)).await;
        format!("the card of {nth} says no: {failure:?}")
    }

    /// Nobody gave another card: what was booked is let go, and what waited for its first payment never was. Who is there already
    /// is seen.
    async fn lapsed(&mut self, nth: usize) -> String {
        let (now, booking_id) = (self.now(), self.links[nth].pays.unwrap().booking);
        self.app.receive("payments", 3, &PaymentsEvent::PaymentLapsed { booking_id }).await;
        let it = &mut self.links[nth];
        let to = match it.status {
            AwaitingPayment => Some(Expired),
            Requested | Confirmed => Some(CancelledByAdmin),
            _ => None,
        };
        if let Some(to) = to {
            it.stand(to, now);
        }
        format!("nobody pays for {nth}: {to:?}")
    }
}
