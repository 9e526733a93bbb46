//! Reads practices' payouts from the processor, also those of which no webhook came, and what each is made of. Each hour, the last week
//! of every practice. A practice whose payouts cannot be read is logged, read again at the next look and stands in nobody's way.

use anyhow::{Result, ensure};
use jiff::SignedDuration;
use shared_types::{OrganizationId, PayoutId, payments::practice::PostingCause};

use crate::{
    applying,
    gateways::card_processor::{BalanceLine, Window},
    state::State,
    store::{
        payout::{self, NewLine},
        practice_account,
    },
};

const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(24 * 7);
const BATCH: i64 = 100;

/// All practices. Says how many payouts were looked at.
///
/// # Errors
/// When the database fails.
pub async fn read_payouts(state: &State) -> Result<u64> {
    let (mut after, mut looked_at) = (None, 0);
    loop {
        let mut conn = state.core.pool.acquire().await?;
        let practices = practice_account::at_processor(&mut conn, after, BATCH).await?;
        drop(conn);
        let Some((last, _)) = practices.last() else { return Ok(looked_at) };
        after = Some(*last);
        for (organization_id, account) in &practices {
            match of_practice(state, *organization_id, account).await {
                Ok(count) => looked_at += count,
                Err(error) => tracing::warn!(
                    organization.id = %organization_id,
                    error = format!("{error:#}"),
                    "a practice's payouts could not be read"
                ),
            }
        }
    }
}

async fn of_practice(state: &State, organization_id: OrganizationId, account: &str) -> Result<u64> {
    let (core, now) = (&state.core, state.core.now());
    let window = Window { from: now.saturating_sub(LOOKS_BACK).unwrap_or(now), until: now };
    let (mut next, mut looked_at) = (None::<String>, 0);
    loop {
        let page = state.processor.list_payouts(account, window, next.as_deref()).await?;
        for record in &page.items {
            let mut tx = core.begin().await?;
            applying::payout::apply(&mut tx, core, account, record).await?;
            core.commit(tx).await?;
            looked_at += 1;
        }
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    let mut conn = core.pool.acquire().await?;
    let waiting = payout::without_lines(&mut conn, organization_id, BATCH).await?;
    drop(conn);
    for (payout_id, processor_payout, amount) in waiting {
        let lines = lines_of(state, account, &processor_payout).await?;
        keep_lines(state, payout_id, amount.0, &lines).await?;
    }
    Ok(looked_at)
}

/// Everything that the payout is made of; not the payout itself, which the processor lists among it.
async fn lines_of(state: &State, account: &str, payout: &str) -> Result<Vec<BalanceLine>> {
    let (mut next, mut lines) = (None::<String>, Vec::new());
    loop {
        let page = state.processor.list_payout_lines(account, payout, next.as_deref()).await?;
        lines.extend(page.items.into_iter().filter(|line| line.source.as_deref() != Some(payout)));
        next = page.next;
        if next.is_none() {
            return Ok(lines);
        }
    }
}

/// Keeps the lines, if their sum is the payout's amount: while the processor still puts them together it is not. One that was made
/// by hand has none.
async fn keep_lines(state: &State, payout_id: PayoutId, amount: i64, lines: &[BalanceLine]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let sum: i64 = lines.iter().map(|line| line.amount_cents - line.fee_cents).sum();
    ensure!(sum == amount, "the lines of payout {payout_id} add up to {sum} cents and not to {amount}");
    let core = &state.core;
    let mut tx = core.begin().await?;
    for line in lines {
        let line = NewLine {
            processor_transaction: &line.id,
            cause: cause_of(&line.kind),
            source: line.source.as_deref(),
            gross_cents: line.amount_cents,
            fee_cents: line.fee_cents,
        };
        payout::insert_line(&mut tx, payout_id, &line).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

/// Why a line is there, by the processor's kinds of lines (<https://docs.stripe.com/reports/balance-transaction-types>, read
/// 2026-11-26). What we do not know is shown as a correction.
fn cause_of(kind: &str) -> PostingCause {
    match kind {
        "charge" | "payment" => PostingCause::Capture,
        "refund" | "payment_refund" | "transfer_refund" => PostingCause::Refund,
        "refund_failure" | "payment_failure_refund" => PostingCause::RefundFailed,
        "payout_failure" | "payout_cancel" => PostingCause::PayoutFailed,
        "stripe_fee" => PostingCause::ProcessorFee,
        _ => PostingCause::Correction,
    }
}

#[cfg(test)]
mod tests {
    use shared_types::payments::practice::PostingCause;

    use super::cause_of;

    #[test]
    fn kinds_of_lines_have_causes_and_others_are_corrections() {
        assert_eq!(cause_of("payment"), PostingCause::Capture);
        assert_eq!(cause_of("payment_refund"), PostingCause::Refund);
        assert_eq!(cause_of("adjustment"), PostingCause::Correction);
    }
}
