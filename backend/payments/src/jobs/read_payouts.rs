//! Reads practices' payouts from the processor, also those of which no webhook came, and what each is made of. Each hour, the last week
//! of every practice. A practice whose payouts cannot be read, and a payout that cannot, is logged, read again at the next look and stands
//! in nobody's way; a payout of which nothing can be read for two weeks is left as it is.

use anyhow::{Result, ensure};
use jiff::SignedDuration;
use shared_types::{OrganizationId, PayoutId, payments::practice::PostingCause};

use crate::{
    applying,
    gateways::card_processor::{BalanceLine, PayoutRecord, ProcessorError, Window},
    state::State,
    store::{
        payout::{self, NewLine},
        practice_account,
    },
};

const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How old a payout is at most whose lines are still asked for. One that was made by hand never has any.
const LINES_COME_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 14);
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
    let now = state.core.now();
    let window = Window { from: now.saturating_sub(LOOKS_BACK).unwrap_or(now), until: now };
    let (mut next, mut looked_at) = (None::<String>, 0);
    loop {
        let page = state.processor.list_payouts(Some(account), window, next.as_deref()).await?;
        for record in &page.items {
            match apply(state, account, record).await {
                Ok(()) => looked_at += 1,
                Err(error) => tracing::warn!(
                    organization.id = %organization_id,
                    error = format!("{error:#}"),
                    "a payout could not be applied"
                ),
            }
        }
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    read_lines(state, organization_id, account).await?;
    Ok(looked_at)
}

async fn apply(state: &State, account: &str, record: &PayoutRecord) -> Result<()> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    applying::payout::apply(&mut tx, core, account, record).await?;
    core.commit(tx).await?;
    Ok(())
}

/// What each payout is made of that has no lines here yet, the earliest first.
async fn read_lines(state: &State, organization_id: OrganizationId, account: &str) -> Result<()> {
    let (core, mut after) = (&state.core, None);
    let since = core.now() - LINES_COME_WITHIN;
    loop {
        let mut conn = core.pool.acquire().await?;
        let waiting = payout::without_lines(&mut conn, organization_id, since, after, BATCH).await?;
        drop(conn);
        let Some((last, ..)) = waiting.last() else { return Ok(()) };
        after = Some(*last);
        for (payout_id, processor_payout, amount) in &waiting {
            let read = match lines_of(state, account, processor_payout).await {
                Ok(lines) => keep_lines(state, *payout_id, amount.0, &lines).await,
                Err(error @ ProcessorError::Unavailable(_)) => return Err(error.into()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = read {
                let error = format!("{error:#}");
                tracing::warn!(payout.id = %payout_id, error, "the lines of a payout could not be read");
            }
        }
    }
}

/// Everything that the payout is made of; not the payout itself, which the processor lists among it. Of one that was made by hand it
/// says nothing.
async fn lines_of(state: &State, account: &str, payout: &str) -> Result<Vec<BalanceLine>, ProcessorError> {
    let (mut next, mut lines) = (None::<String>, Vec::new());
    loop {
        let page = match state.processor.list_payout_lines(account, payout, next.as_deref()).await {
            Err(ProcessorError::Refused { code }) => {
                tracing::debug!(code, "the processor tells no lines of a payout");
                return Ok(Vec::new());
            }
            page => page?,
        };
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
