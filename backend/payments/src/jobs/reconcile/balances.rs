//! Balances: what practices have at the processor, and what is left there for the platform. An account that the processor does not show
//! is written down and stands in nobody's way; only a processor that does not answer ends a page.

use shared_types::{
    AudCents,
    payments::{
        platform::{DifferenceAction, DifferenceKind},
        practice::AccountKind,
    },
};

use super::{BATCH, ends_early, ends_page, flagged, is_unavailable, kind, note};
use crate::{
    applying::{self, Applied},
    gateways::card_processor::ProcessorError,
    state::State,
    store::{
        difference,
        ledger_proof::{self, Practice},
        reconciliation::{Found, Running},
    },
};

/// What practices have at the processor against what the ledger owes them, and after the last of them what is left there for the
/// platform. Says how many balances were compared, and the last practice where there are more. Money on its way makes a difference
/// that nothing here mends: somebody has to look.
pub(super) async fn compare_balances(
    state: &State,
    running: &Running,
    after: &str,
) -> anyhow::Result<(usize, Option<String>)> {
    let mut conn = state.core.pool.acquire().await?;
    let practices = ledger_proof::practices(&mut conn).await?;
    let sums = ledger_proof::sums(&mut conn).await?;
    drop(conn);
    let rest = practices.iter().skip_while(|practice| practice.organization_id.to_string().as_str() <= after);
    let page: Vec<_> = rest.take(usize::try_from(BATCH)?).collect();
    for (number, practice) in page.iter().enumerate() {
        if let Err(error) = compare_practice(state, running, practice).await {
            ends_early(number, error)?;
            return Ok((number, Some(page[number - 1].organization_id.to_string())));
        }
    }
    if i64::try_from(page.len())? == BATCH {
        return Ok((page.len(), page.last().map(|practice| practice.organization_id.to_string())));
    }
    let at_processor = sums.iter().find(|(kind, _)| *kind == AccountKind::Processor);
    let owed: i64 = practices.iter().map(|practice| practice.owed_cents.0).sum();
    let left = AudCents(at_processor.map_or(0, |(_, cents)| cents.0) - owed);
    match compare_balance(state, running, None, left).await {
        Err(error) if is_unavailable(&error) => return Err(error),
        compared => or_unreadable(state, running, ("platform", left), compared).await?,
    }
    Ok((page.len() + 1, None))
}

/// A practice's account and its balance. Of a closed account only what is still owed beside it is told, once, until that changes.
async fn compare_practice(state: &State, running: &Running, practice: &Practice) -> anyhow::Result<()> {
    let (account, owed) = (practice.processor_account.as_str(), practice.owed_cents);
    if practice.is_closed {
        if owed == AudCents::ZERO {
            return Ok(());
        }
        let ours = format!("{} cents", owed.0);
        let found =
            flagged(DifferenceKind::AccountClosed, account, None, (ours.as_str(), "closed".to_owned()));
        let mut conn = state.core.pool.acquire().await?;
        let is_known = difference::is_known(&mut conn, &found, practice.organization_id).await?;
        drop(conn);
        return if is_known { Ok(()) } else { note(state, running, found).await };
    }
    let compared = match compare_account(state, running, account).await {
        Ok(()) => compare_balance(state, running, Some(account), owed).await,
        Err(error) => Err(error),
    };
    or_unreadable(state, running, (account, owed), compared).await
}

/// Writes an account down that the processor refuses to show. That it does not answer, or our own database does not, says nothing of the
/// account.
async fn or_unreadable(
    state: &State,
    running: &Running,
    (subject, ours): (&str, AudCents),
    compared: anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Err(error) = compared else { return Ok(()) };
    if ends_page(state, &error).await || error.chain().any(|cause| cause.is::<sqlx::Error>()) {
        return Err(error);
    }
    tracing::warn!(error = format!("{error:#}"), "an account at the processor cannot be read");
    let ours = format!("{} cents", ours.0);
    let found =
        flagged(DifferenceKind::AccountUnreadable, subject, None, (ours.as_str(), "refused".to_owned()));
    note(state, running, found).await
}

/// What the processor lets a practice do. It may have told us in vain, and what waits for the practice would wait for ever. It too is
/// asked for once more where there was no answer.
async fn compare_account(state: &State, running: &Running, account: &str) -> anyhow::Result<()> {
    let applied = match applying::apply_account(state, account).await {
        Err(_) => applying::apply_account(state, account).await?,
        Ok(applied) => applied,
    };
    if applied == Applied::Changed {
        let kind = kind(state, account).await?;
        let found = flagged(kind, account, None, ("another state", "applied".to_owned()));
        note(state, running, Found { action: DifferenceAction::Applied, ..found }).await?;
    }
    Ok(())
}

/// The balance of a practice's account, or the platform's own. It too is asked for once more where there was no answer.
async fn compare_balance(
    state: &State,
    running: &Running,
    account: Option<&str>,
    ours: AudCents,
) -> anyhow::Result<()> {
    let theirs = match state.processor.find_balance(account).await {
        Err(ProcessorError::Unavailable(_)) => state.processor.find_balance(account).await?,
        found => found?,
    };
    if theirs == ours.0 {
        return Ok(());
    }
    let (ours, theirs) = (format!("{} cents", ours.0), format!("{theirs} cents"));
    let subject = account.unwrap_or("platform");
    let found = flagged(DifferenceKind::Balance, subject, None, (ours.as_str(), theirs));
    note(state, running, found).await
}
