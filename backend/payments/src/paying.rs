//! Paying with the patient there: what a quote asks for, and the processor's page for it.
//!
//! What is tried is written down and committed before the processor is asked, and what it says is written afterwards. A crash in
//! between leaves a try that the same request, asked again, goes on with by the same key, or that `recover_intents` ends.

mod asking;
mod following;
mod standing;

use anyhow::Context as _;
use kernel::Reject;
use shared_types::{
    AccountId, AudCents, BookingId, IntentId, Problem,
    payments::{
        IntentKind, IntentStatus,
        pay::Checkout,
        quote::{Collection, QuoteTerms},
        rules::authorises_at_once,
    },
};
use sqlx::PgConnection;

pub use self::{
    asking::go_on,
    standing::{can_be_paid, standing},
};
use crate::{
    applying, charging,
    domain::payment::Payment,
    gateways::card_processor::PracticeShare,
    state::State,
    store::{
        customer::{self, Customer, Payer},
        intent::{self, Intent, StoreError},
        payment,
        saved_card::{self, SavedCardRow},
        transfer,
    },
};

/// How a try goes about it, and for how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How.
    pub kind: IntentKind,
    /// How much; zero where a card is kept.
    pub cents: AudCents,
}

/// What a quote asks for now.
pub fn step(terms: &QuoteTerms, total: AudCents, now: jiff::Timestamp) -> Step {
    match terms.collection {
        Collection::AtPractice => Step { kind: IntentKind::Setup, cents: AudCents::ZERO },
        Collection::AfterVisit if now >= terms.start => Step { kind: IntentKind::Charge, cents: total },
        Collection::AfterVisit if authorises_at_once(now, terms.start) => {
            Step { kind: IntentKind::Authorise, cents: total }
        }
        Collection::AfterVisit => Step { kind: IntentKind::Setup, cents: AudCents::ZERO },
        Collection::Deposit | Collection::Prepaid => {
            Step { kind: IntentKind::Charge, cents: terms.due_now() }
        }
    }
}

/// A try that is written down, with what the processor has to be told of it.
pub struct Begun {
    payment: Payment,
    it: Intent,
    customer: Customer,
    card: Option<SavedCardRow>,
    share: Option<PracticeShare>,
    keeps_card: bool,
}

/// By what a try is made.
#[derive(Clone, Copy, Debug)]
pub struct With {
    /// The account that is signed in.
    pub account_id: Option<AccountId>,
    /// A card of theirs that is kept; without one a page asks for it.
    pub saved_card_id: Option<shared_types::SavedCardId>,
    /// Keeps the card for another booking, or does not; none where that was not asked.
    pub keep_card: Option<bool>,
}

/// Writes a try down, or finds the one that is under way. To be called with the payment locked.
///
/// # Errors
/// 409 when the practice cannot be paid, or the booking is bulk billed; 404 for a card that is not theirs.
pub async fn begin(
    conn: &mut PgConnection,
    state: &State,
    payment: Payment,
    step: Step,
    with: With,
) -> Result<Begun, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let whose = with.account_id.map_or(Payer::Guest(payment.booking_id), Payer::Account);
    let customer = customer::find_or_make(conn, whose, core.id(), now).await?;
    let card = match with.saved_card_id {
        Some(saved_card_id) => {
            let card = saved_card::hold(conn, saved_card_id).await?;
            let theirs = card.filter(|card| card.kept && card.customer_id == customer.customer_id);
            Some(theirs.ok_or_else(|| Problem::not_found("This card"))?)
        }
        None => None,
    };
    let share = share(conn, &payment, step.cents).await?;
    let keeps_card = charging::keeps_card(conn, &payment).await?;
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let of = (payment.asks_for(), step.kind);
    let same = |it: &Intent| {
        let open = it.page_expires_at.is_none_or(|until| until > now);
        let waits = matches!(it.status, IntentStatus::Created | IntentStatus::PageOpen) && open;
        waits && (it.purpose, it.kind) == of && it.amount_cents == step.cents && it.saved_card_id.is_none()
    };
    let keeps_for_others = with.keep_card.map(|keep| keep && with.account_id.is_some());
    match tries.iter().find(|it| card.is_none() && same(it)) {
        Some(it) if keeps_for_others.is_none_or(|keeps| keeps == it.keeps_card) => {
            return Ok(Begun { payment, it: it.clone(), customer, card, share, keeps_card });
        }
        // What becomes of a card that is given there was settled when it was opened.
        Some(it) => charging::close_page(conn, core, &payment, it.intent_id).await?,
        None => {}
    }
    let number = tries.iter().filter(|it| (it.purpose, it.kind) == of).count();
    let number = i16::try_from(number + 1).context("fewer tries than a small number holds")?;
    let payment_id = Some(payment.payment_id);
    let mut it = Intent::new(core.id(), payment_id, customer.customer_id, of, number, step.cents, now);
    it.keeps_card = keeps_for_others.unwrap_or(false);
    it.saved_card_id = card.as_ref().map(|card| card.saved_card_id);
    intent::insert(conn, &it).await.map_err(refused)?;
    Ok(Begun { payment, it, customer, card, share, keeps_card })
}

fn refused(error: StoreError) -> Reject {
    match error {
        StoreError::UnderWay => Problem::new("already-paid", 409, "This is being paid already")
            .detail("Nothing was charged twice. Finish on the page that is open, or look again in a moment.")
            .into(),
        StoreError::BulkBilled => bulk_billed().into(),
        StoreError::NotOwed => Problem::new("nothing-due", 409, "Nothing is to be paid here")
            .detail("Nothing was charged. The fee is not owed any more.")
            .into(),
        StoreError::Database(error) => error.into(),
    }
}

/// A bulk-billed booking costs the patient nothing (C-52).
pub fn bulk_billed() -> Problem {
    Problem::new("bulk-billed", 409, "This booking is bulk billed")
        .detail("Medicare pays all of it. No card is needed and nothing is charged.")
}

/// The practice's part of a charge, once the processor knows the practice.
async fn share(
    conn: &mut PgConnection,
    payment: &Payment,
    cents: AudCents,
) -> Result<Option<PracticeShare>, Reject> {
    let organization_id = payment.organization_id.context("a payment through us names the practice")?;
    let Some(account) = transfer::find_destination(conn, organization_id).await? else {
        return Err(Problem::new("practice-not-ready", 409, "This practice cannot be paid online yet")
            .detail("Nothing was charged. Your time is still held: ask the practice how to pay.")
            .into());
    };
    Ok(Some(PracticeShare { account, fee_cents: payment.fee_in(cents).whole_cents.0 }))
}

/// Where somebody who pays goes on. To be called once the try was asked for.
///
/// # Errors
/// When a table cannot be read.
pub async fn checkout(conn: &mut PgConnection, payment: &Payment) -> anyhow::Result<Checkout> {
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    Ok(open_page(payment, &tries).unwrap_or(Checkout {
        payment_id: Some(payment.payment_id),
        status: payment.status,
        address: None,
        expires_at: None,
    }))
}

fn open_page(payment: &Payment, tries: &[Intent]) -> Option<Checkout> {
    let open = tries.iter().rev().find(|it| it.status == IntentStatus::PageOpen)?;
    Some(Checkout {
        payment_id: Some(payment.payment_id),
        status: payment.status,
        address: open.page_address.clone(),
        expires_at: open.page_expires_at,
    })
}

/// Looks at the pages of a payment that are open, so that what was done there is known here. Where the processor does not answer, the
/// webhook or the recovery brings it, and what we have counts meanwhile.
///
/// # Errors
/// When a table cannot be read.
pub async fn look_at_pages(state: &State, booking_id: BookingId) -> anyhow::Result<()> {
    let mut tx = state.core.begin().await?;
    let open = open_pages(&mut tx, booking_id).await?;
    state.core.commit(tx).await?;
    for (intent_id, page) in open {
        if let Err(error) = applying::apply_object(state, &page).await {
            tracing::warn!(intent.id = %intent_id, error = format!("{error:#}"), "a payment page could not be looked at");
        }
    }
    Ok(())
}

/// The pages of a payment that are open at the processor, by its names.
async fn open_pages(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> anyhow::Result<Vec<(IntentId, String)>> {
    let Some(payment) = payment::lock(conn, booking_id).await? else { return Ok(Vec::new()) };
    let tries = intent::of_payment(conn, payment.payment_id).await?;
    let open = tries.into_iter().filter(|it| it.status == IntentStatus::PageOpen);
    Ok(open.filter_map(|it| Some((it.intent_id, it.checkout_session?))).collect())
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use shared_types::{
        AudCents,
        payments::{
            IntentKind,
            funding::FundingMode,
            quote::{Collection, QuoteTerms, TaxCode},
        },
    };
    use uuid::Uuid;

    use super::{Step, step};

    fn asked(collection: Collection, days: i64) -> Step {
        let now = Timestamp::UNIX_EPOCH;
        let terms = QuoteTerms {
            hold_id: Uuid::from_u128(1).into(),
            organization_id: Uuid::from_u128(2).into(),
            appointment_type_id: Uuid::from_u128(3).into(),
            start: now + SignedDuration::from_hours(24 * days),
            funding: FundingMode::Private,
            collection,
            tax_code: TaxCode::FreeHealth,
            total_cents: AudCents(8_500),
            deposit_cents: AudCents(2_000),
            late_fee_cents: AudCents(4_000),
            no_show_fee_cents: AudCents(8_500),
            free_until_hours: 24,
        };
        step(&terms, terms.total_cents, now)
    }

    #[test]
    fn a_near_visit_is_held_and_a_far_one_keeps_a_card() {
        let hold = Step { kind: IntentKind::Authorise, cents: AudCents(8_500) };
        let setup = Step { kind: IntentKind::Setup, cents: AudCents::ZERO };
        assert_eq!(asked(Collection::AfterVisit, 6), hold);
        assert_eq!(asked(Collection::AfterVisit, 7), setup);
    }

    #[test]
    fn a_deposit_or_the_whole_is_taken_at_once() {
        for (collection, cents) in [(Collection::Deposit, 2_000), (Collection::Prepaid, 8_500)] {
            let charge = Step { kind: IntentKind::Charge, cents: AudCents(cents) };
            assert_eq!(asked(collection, 30), charge);
        }
    }
}
