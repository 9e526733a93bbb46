//! Money back: shared out over the tries that took it, and with four eyes where an administrator gives back much.

use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AccountId, AudCents, IntentId, PaymentId, RefundId,
    payments::{
        IntentStatus, PaymentsEvent, RefundFact, RefundReason, RefundStatus,
        platform::PlatformRefund,
        rules::{FOUR_EYES_ABOVE, fee_reversed},
    },
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use crate::store::refund::RequestedAs;
use crate::{
    domain::payment::{Change, Payment, TakenBy},
    settle::settle,
    store::{
        chargeback,
        intent::{self, Intent},
        payment,
        processor_call::{self, NewCall},
        refund::{self, Refund},
        transfer,
    },
};

/// A refund that is asked for.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// What it is a consequence of: an event, or the idempotency key of who asks. The same cause refunds once.
    pub cause_id: Uuid,
    /// How much.
    pub amount: AudCents,
    /// Why.
    pub reason: RefundReason,
    /// In words.
    pub note: Option<String>,
    /// In which capacity.
    pub requested_as: RequestedAs,
    /// Who asks; nobody where a rule does.
    pub requested_by: Option<AccountId>,
}

/// Why money does not go back.
#[derive(Debug, thiserror::Error)]
pub enum RefundRefused {
    /// More than was taken and has not gone back.
    #[error("more would go back than was taken")]
    TooMuch,
    /// Somebody decided on it before, or it does not wait for anybody.
    #[error("the refund does not wait for a decision")]
    WrongState,
    /// Whoever asks did so for another refund under the same key, longer ago than replies are kept, or somebody else did.
    #[error("the key was used for another refund")]
    KeyUsed,
    /// Who asked for it cannot agree to it.
    #[error("who asked for a refund cannot agree to it")]
    SamePerson,
    /// Our bug, or no database.
    #[error("the refund could not be written down")]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for RefundRefused {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

/// Begins to give money back, the latest taken first. The payment has to be locked, and has moved on afterwards: lock it anew
/// before it is changed again. With the money goes the practice's share of it, and the platform's fee in
/// proportion, cut to the cent over all that has gone back.
///
/// # Errors
/// When it is more than is there.
pub async fn begin_refund(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    new: NewRefund,
) -> Result<PlatformRefund, RefundRefused> {
    let mut before = refund::of_payment(conn, payment.payment_id).await?;
    if let Some(same) = before.iter().find(|it| it.cause_id == new.cause_id) {
        let is_same = !is_another(&before, same, &new);
        return is_same.then(|| view(same, payment)).ok_or(RefundRefused::KeyUsed);
    }
    // Several small ones are as much as a large one.
    let in_all = alone(&before).checked_add(new.amount).ok_or(RefundRefused::TooMuch)?;
    let waits = new.requested_as == RequestedAs::Platform && in_all > FOUR_EYES_ABOVE;
    if new.requested_as == RequestedAs::Rule {
        // What is owed back does not wait for what somebody has not decided yet.
        before.retain(|it| it.status != RefundStatus::AwaitingApproval);
    }
    let status = if waits { RefundStatus::AwaitingApproval } else { RefundStatus::Due };
    let mut parts = Vec::new();
    for (from, cents) in share_out(conn, payment, &before, new.amount).await? {
        let fee = fee_going_back(conn, &from, &before, cents).await?;
        let part = Refund {
            refund_id: core.id(),
            payment_id: payment.payment_id,
            intent_id: from.intent_id,
            cause_id: new.cause_id,
            amount_cents: cents,
            transfer_reversed_cents: if fee.is_some() { cents } else { AudCents::ZERO },
            fee_reversed_cents: fee.unwrap_or(AudCents::ZERO),
            reason: new.reason,
            note: new.note.clone(),
            status,
            requested_as: new.requested_as,
            requested_by: new.requested_by,
            decided_by: None,
            processor_refund: None,
            created_at: core.now(),
        };
        refund::insert(conn, &part).await?;
        parts.push(part);
    }
    if !waits {
        let mut payment = payment.clone();
        for part in &parts {
            payment = send(conn, core, payment, part, taken_by(new.requested_as)).await?;
        }
    }
    parts.first().map(|first| view(first, payment)).ok_or(RefundRefused::TooMuch)
}

/// Whether somebody asks for something else than was asked for under the same key. What a rule gives back is not asked for twice.
fn is_another(before: &[Refund], same: &Refund, new: &NewRefund) -> bool {
    let parts = before.iter().filter(|it| it.cause_id == same.cause_id);
    let asked = AudCents(parts.map(|it| it.amount_cents.0).sum());
    new.requested_as != RequestedAs::Rule
        && (same.requested_as, same.requested_by, asked) != (new.requested_as, new.requested_by, new.amount)
}

/// A second administrator's decision. `amount` is what was on the screen. The payment's lock is taken here.
///
/// # Errors
/// When it is somebody who asked for it, it does not wait, or what was taken has gone back meanwhile.
pub async fn decide(
    conn: &mut PgConnection,
    core: &Core,
    refund_id: RefundId,
    (approve, amount): (bool, AudCents),
    decided_by: AccountId,
) -> Result<Option<PlatformRefund>, RefundRefused> {
    let Some(payment_id) = refund::find_payment_of(conn, refund_id).await? else { return Ok(None) };
    let Some(payment) = payment::lock_by_id(conn, payment_id).await? else { return Ok(None) };
    let Some(asked) = refund::lock(conn, refund_id).await? else { return Ok(None) };
    if asked.status != RefundStatus::AwaitingApproval || asked.amount_cents != amount {
        return Err(RefundRefused::WrongState);
    }
    if asked.requested_by == Some(decided_by) {
        return Err(RefundRefused::SamePerson);
    }
    if approve && asked.amount_cents > left_of_try(conn, &payment, asked.intent_id).await? {
        return Err(RefundRefused::TooMuch);
    }
    let status = if approve { RefundStatus::Due } else { RefundStatus::Refused };
    refund::decide(conn, refund_id, status, decided_by, core.now()).await?;
    let decided = Refund { status, decided_by: Some(decided_by), ..asked };
    let decided_view = view(&decided, &payment);
    if approve {
        send(conn, core, payment, &decided, TakenBy::Platform).await?;
    }
    Ok(Some(decided_view))
}

/// How much of a payment can still go back, whatever waits for a decision: of each try what has neither gone back nor is with a bank.
///
/// # Errors
/// When a table cannot be read.
pub async fn left(conn: &mut PgConnection, payment: &Payment) -> anyhow::Result<AudCents> {
    let before = decided(conn, payment).await?;
    let free = free_of(conn, payment.payment_id, &before).await?;
    let sum = free.iter().map(|(_, cents)| cents.0).sum();
    Ok(AudCents(sum).min(payment.kept_cents()))
}

/// The same of one of its tries. What waited for a decision may have gone back with something else meanwhile.
async fn left_of_try(
    conn: &mut PgConnection,
    payment: &Payment,
    intent_id: IntentId,
) -> anyhow::Result<AudCents> {
    let before = decided(conn, payment).await?;
    let free = free_of(conn, payment.payment_id, &before).await?;
    let of_try = free.iter().find(|(from, _)| from.intent_id == intent_id).map(|(_, cents)| *cents);
    Ok(of_try.unwrap_or(AudCents::ZERO).min(payment.kept_cents()))
}

/// The refunds of a payment that wait for nobody.
async fn decided(conn: &mut PgConnection, payment: &Payment) -> anyhow::Result<Vec<Refund>> {
    let mut refunds = refund::of_payment(conn, payment.payment_id).await?;
    refunds.retain(|it| it.status != RefundStatus::AwaitingApproval);
    Ok(refunds)
}

/// Gives back what a try took that should have taken nothing: another had the money already. It was never booked, so nothing is
/// booked when it goes back.
///
/// # Errors
/// When a table cannot be changed.
pub async fn undo(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    stray: &Intent,
    cents: AudCents,
) -> anyhow::Result<()> {
    let part = Refund {
        refund_id: core.id(),
        payment_id: payment.payment_id,
        intent_id: stray.intent_id,
        cause_id: stray.intent_id.0,
        amount_cents: cents,
        transfer_reversed_cents: AudCents::ZERO,
        fee_reversed_cents: AudCents::ZERO,
        reason: RefundReason::Mistake,
        note: None,
        status: RefundStatus::Due,
        requested_as: RequestedAs::Rule,
        requested_by: None,
        decided_by: None,
        processor_refund: None,
        created_at: core.now(),
    };
    if refund::insert(conn, &part).await? {
        let call = NewCall::of_refund(payment.payment_id, part.refund_id, cents);
        processor_call::enqueue(conn, core, call).await?;
        tell(conn, core, payment, &part).await?;
    }
    Ok(())
}

/// Asks the processor, and says that money is on its way.
async fn send(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    part: &Refund,
    by: TakenBy,
) -> anyhow::Result<Payment> {
    let payment = settle(conn, core, payment, Change::RefundBegun { cents: part.amount_cents }, by).await?;
    let call = NewCall::of_refund(payment.payment_id, part.refund_id, part.amount_cents);
    processor_call::enqueue(conn, core, call).await?;
    tell(conn, core, &payment, part).await?;
    Ok(payment)
}

/// Tells that money is on its way back: the patient is written to.
///
/// # Errors
/// When the event cannot be written.
pub async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    part: &Refund,
) -> anyhow::Result<()> {
    let fact = RefundFact {
        refund_id: part.refund_id,
        booking_id: payment.booking_id,
        amount_cents: part.amount_cents,
        reason: part.reason,
    };
    let about = About { aggregate: "refund", id: part.refund_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &PaymentsEvent::RefundMade(fact)).await?;
    Ok(())
}

/// From which tries so much goes back, the latest first.
async fn share_out(
    conn: &mut PgConnection,
    payment: &Payment,
    before: &[Refund],
    amount: AudCents,
) -> Result<Vec<(Intent, AudCents)>, RefundRefused> {
    let mut left = amount;
    let mut parts = Vec::new();
    if amount <= AudCents::ZERO || amount > payment.kept_cents() {
        return Err(RefundRefused::TooMuch);
    }
    for (from, free) in free_of(conn, payment.payment_id, before).await? {
        let part = free.min(left);
        if part > AudCents::ZERO {
            left = AudCents(left.0 - part.0);
            parts.push((from, part));
        }
    }
    if left > AudCents::ZERO { Err(RefundRefused::TooMuch) } else { Ok(parts) }
}

/// What of each try can still go back beside those refunds, the latest try first. A bank that has taken of it, or keeps it for good,
/// leaves the rest; of which try it took is not known of old ones, and then nothing of any is given back beyond it.
async fn free_of(
    conn: &mut PgConnection,
    payment_id: PaymentId,
    before: &[Refund],
) -> anyhow::Result<Vec<(Intent, AudCents)>> {
    let with_banks = chargeback::taken_of(conn, payment_id).await?;
    let mut free = Vec::new();
    for from in intent::of_payment(conn, payment_id).await?.into_iter().rev() {
        if from.status != IntentStatus::Captured {
            continue;
        }
        let its_own = with_banks.iter().filter(|(of, _)| of.is_none_or(|of| of == from.intent_id));
        let with_bank: i64 = its_own.map(|(_, cents)| cents.0).sum();
        let back = gone(&from, before, |it| it.amount_cents);
        let cents = AudCents((from.captured_cents.0 - back.0 - with_bank).max(0));
        free.push((from, cents));
    }
    Ok(free)
}

/// What administrators give back of a payment without a second one.
fn alone(before: &[Refund]) -> AudCents {
    let one_alone = |it: &&Refund| {
        it.requested_as == RequestedAs::Platform && it.decided_by.is_none() && counts(it.status)
    };
    AudCents(before.iter().filter(one_alone).map(|it| it.amount_cents.0).sum())
}

/// Whether a refund has gone back, is on its way or waits for a decision.
fn counts(status: RefundStatus) -> bool {
    match status {
        RefundStatus::AwaitingApproval | RefundStatus::Due | RefundStatus::Sent | RefundStatus::Succeeded => {
            true
        }
        RefundStatus::Refused | RefundStatus::Failed => false,
    }
}

/// The sum of what counts of a try's refunds.
fn gone(from: &Intent, before: &[Refund], of: fn(&Refund) -> AudCents) -> AudCents {
    let of_it = before.iter().filter(|it| it.intent_id == from.intent_id && counts(it.status));
    AudCents(of_it.map(|it| of(it).0).sum())
}

/// The platform's fee that goes back with so much of a try that went back without us; none where no practice has a share. What of ours
/// was not sent yet may not go back any more, so it does not count.
///
/// # Errors
/// When a table cannot be read.
pub async fn fee_of(
    conn: &mut PgConnection,
    from: &Intent,
    cents: AudCents,
) -> anyhow::Result<Option<AudCents>> {
    let Some(payment_id) = from.payment_id else { return Ok(None) };
    let mut before = refund::of_payment(conn, payment_id).await?;
    before.retain(|it| matches!(it.status, RefundStatus::Sent | RefundStatus::Succeeded));
    fee_going_back(conn, from, &before, cents).await
}

/// The platform's fee that goes back with so much of a try; none where no practice has a share. A refund that failed may have left a
/// cent of it with a later one, so never more than is left.
async fn fee_going_back(
    conn: &mut PgConnection,
    from: &Intent,
    before: &[Refund],
    cents: AudCents,
) -> anyhow::Result<Option<AudCents>> {
    let Some((taken, fee)) = transfer::find_whole(conn, from.intent_id).await? else { return Ok(None) };
    let back = gone(from, before, |it| it.amount_cents);
    let left = fee.0 - gone(from, before, |it| it.fee_reversed_cents).0;
    let until_now = fee_reversed(fee, taken, back).unwrap_or(AudCents::ZERO);
    let then = back.checked_add(cents).and_then(|back| fee_reversed(fee, taken, back)).unwrap_or(fee);
    Ok(Some(AudCents((then.0 - until_now.0).min(left).max(0))))
}

fn taken_by(requested_as: RequestedAs) -> TakenBy {
    match requested_as {
        RequestedAs::Rule => TakenBy::Bookings,
        RequestedAs::Practice => TakenBy::Practice,
        RequestedAs::Platform => TakenBy::Platform,
        RequestedAs::Processor => TakenBy::Processor,
    }
}

/// A refund, as administrators see it.
pub fn view(refund: &Refund, payment: &Payment) -> PlatformRefund {
    PlatformRefund {
        refund_id: refund.refund_id,
        payment_id: refund.payment_id,
        organization_id: payment.organization_id,
        amount_cents: refund.amount_cents,
        reason: refund.reason,
        note: refund.note.clone().map(Personal::new),
        status: refund.status,
        requested_by: refund.requested_by,
        decided_by: refund.decided_by,
        created_at: refund.created_at,
    }
}
