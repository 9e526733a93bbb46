//! A dispute of the processor, applied to the payment that it is about.

use anyhow::Context as _;
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AudCents, ChargebackId, IntentId,
    payments::{ChargebackFact, ChargebackStatus, PaymentsEvent, platform::Evidence, practice::PostingCause},
};
use sqlx::PgConnection;

use super::{Applied, share::take_beyond};
use crate::{
    domain::{
        ledger::{Account, Posting},
        payment::{Change, Payment, TakenBy},
    },
    gateways::card_processor::{DisputeRecord, DisputeState},
    inbox::owed,
    settle::settle,
    store::{
        chargeback::{self, ChargebackRow},
        intent, ledger, payment,
        processor_call::{self, NewCall, Operation},
        transfer,
    },
};

/// Applies it. A bank that only asks has taken nothing, so nothing is booked until it does.
///
/// # Errors
/// When it does not lead on from what we have, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &DisputeRecord) -> anyhow::Result<Applied> {
    let Some(made) = &record.intent else { return Ok(Applied::Unknown) };
    let Some((intent_id, Some(payment_id))) = intent::find_by_object(conn, made).await? else {
        return Ok(Applied::Unknown);
    };
    let mut payment = payment::lock_by_id(conn, payment_id).await?.context("a dispute's payment")?;
    let new = ChargebackRow {
        chargeback_id: core.id(),
        payment_id,
        processor_dispute: record.id.clone(),
        amount_cents: AudCents(record.amount_cents),
        reason: record.reason.clone(),
        status: ChargebackStatus::NeedsResponse,
        evidence: Evidence::default(),
        evidence_due_at: record.evidence_until,
        submitted_at: None,
        version: 1,
        opened_at: core.now(),
    };
    let is_new = chargeback::insert(conn, &new, intent_id).await?;
    let it = chargeback::lock_by_object(conn, &record.id).await?.context("a chargeback that was there")?;
    let chargeback_id = it.chargeback_id;
    let to = match record.state {
        DisputeState::NeedsResponse => ChargebackStatus::NeedsResponse,
        DisputeState::UnderReview => ChargebackStatus::UnderReview,
        DisputeState::Closed => ChargebackStatus::Closed,
        DisputeState::Won => ChargebackStatus::Won,
        DisputeState::Lost => ChargebackStatus::Lost,
    };
    let moves = it.status.next().contains(&to)
        && (to != ChargebackStatus::NeedsResponse || becomes_dispute(conn, &it, record).await?);
    let until = record.evidence_until.or(it.evidence_due_at);
    let has_new_limit =
        to == it.status && to == ChargebackStatus::NeedsResponse && until != it.evidence_due_at;
    if moves || has_new_limit {
        chargeback::update_status(conn, &it, to, until, core.now()).await?;
    }
    if !record.is_inquiry {
        // Once: what is booked for a dispute is not booked again.
        let opened = Change::ChargebackOpened { chargeback_id, cents: it.amount_cents };
        payment = settle(conn, core, payment, opened, TakenBy::Processor).await?;
    }
    let decided = match to {
        ChargebackStatus::Won => Some(Change::ChargebackWon { chargeback_id }),
        ChargebackStatus::Lost => Some(Change::ChargebackLost { chargeback_id }),
        ChargebackStatus::NeedsResponse | ChargebackStatus::UnderReview | ChargebackStatus::Closed => None,
    };
    if let (true, Some(decided)) = (moves, decided) {
        payment = settle(conn, core, payment, decided, TakenBy::Processor).await?;
        if to == ChargebackStatus::Lost {
            take_share_back(conn, core, &payment, (chargeback_id, intent_id)).await?;
            owed::after_loss(conn, core, &payment, chargeback_id).await?;
        } else {
            owed::after_dispute(conn, core, &payment, chargeback_id).await?;
        }
    }
    for (object, cents) in record.fees.iter().filter(|(_, cents)| *cents != 0) {
        // Once for what was charged, and once for what came back.
        let fee = Posting::dispute_fee(chargeback_id, AudCents(*cents), object.clone(), core.now());
        ledger::post(conn, core, &fee).await?;
    }
    if !is_new && !moves {
        return Ok(Applied::Same);
    }
    let fact = ChargebackFact {
        chargeback_id,
        booking_id: payment.booking_id,
        organization_id: payment.organization_id,
        amount_cents: it.amount_cents,
        status: if moves { to } else { it.status },
    };
    let version = i64::from(it.version) + i64::from(moves);
    let about = About { aggregate: "chargeback", id: chargeback_id.to_string(), version };
    outbox::tell(conn, core, about, &PaymentsEvent::ChargebackChanged(fact)).await?;
    Ok(Applied::Changed)
}

/// A bank that only asked wants the money now: evidence is needed anew. What was fetched before our evidence was there does not lead
/// back.
async fn becomes_dispute(
    conn: &mut PgConnection,
    it: &ChargebackRow,
    record: &DisputeRecord,
) -> anyhow::Result<bool> {
    let opened = ledger::booked(conn, PostingCause::ChargebackOpened, it.chargeback_id.0).await?;
    Ok(!record.is_inquiry && opened.is_none())
}

/// The practice gives back what the ledger says it does: its share, without the platform's fee in it. What of the share went back with a
/// refund is not taken back once more.
async fn take_share_back(
    conn: &mut PgConnection,
    core: &Core,
    payment: &Payment,
    (chargeback_id, intent_id): (ChargebackId, IntentId),
) -> anyhow::Result<()> {
    let Some(organization_id) = payment.organization_id else { return Ok(()) };
    let Some(lost) = ledger::find(conn, PostingCause::ChargebackLost, chargeback_id.0).await? else {
        return Ok(());
    };
    let mut share = lost.change_of(Account::practice_balance(organization_id));
    if let Some((left, fee_left)) = transfer::find_left(conn, intent_id).await? {
        let (back, fee) =
            (AudCents(-lost.gross_cents.0).min(left), AudCents(-lost.fee_cents.0).min(fee_left));
        transfer::reverse(conn, intent_id, back, fee, core.now()).await?;
        share = share.min(left);
    }
    let cause = (payment.payment_id, intent_id, chargeback_id.0);
    share = take_beyond(conn, core, cause, share).await?;
    if share > AudCents::ZERO {
        let call = NewCall {
            payment_id: Some(payment.payment_id),
            intent_id: Some(intent_id),
            amount_cents: Some(share),
            ..NewCall::about(Operation::ReverseTransfer, chargeback_id.0)
        };
        processor_call::enqueue(conn, core, call).await?;
    }
    Ok(())
}
