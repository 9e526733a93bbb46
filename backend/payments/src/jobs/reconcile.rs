//! Compares the processor's records with ours, each night those of the last two days, and whenever an administrator asks. What
//! stands elsewhere there is applied here, and every difference is written down with what was done. After a night without one, the
//! next begins where the last ended; a dispute is looked at until it is decided, which takes weeks, and a refund until it is through and
//! for sixty days more, as a bank may send it back. Page after page of a hundred records; where it has come to is a column, so that a
//! crash costs a page. When the processor does not answer, the rest of the page is asked for again after ten seconds; a comparison that
//! is not through after six hours is ended as failed, and the next night's begins anew.

mod balances;

use jiff::SignedDuration;
use shared_types::{
    IntentId, PaymentId, ReconciliationId,
    payments::{
        IntentStatus,
        platform::{DifferenceAction, DifferenceKind, ReconciliationStatus},
    },
};

use crate::{
    applying::{self, Applied},
    gateways::card_processor::{IntentRecord, IntentState, ProcessorError, Window},
    state::State,
    store::{
        chargeback,
        intent::{self, Intent},
        reconciliation::{self, Found, Running},
        refund, webhook_received,
    },
};

const BATCH: i64 = 100;
const EACH: SignedDuration = SignedDuration::from_hours(24);
const COVERS: SignedDuration = SignedDuration::from_hours(48);
/// The most that one comparison covers, after however long a time without any.
const COVERS_AT_MOST: SignedDuration = SignedDuration::from_hours(24 * 60);
/// What is younger may still be told by a webhook.
const SETTLES: SignedDuration = SignedDuration::from_mins(10);
/// How long after it went back a refund may still be sent back by a bank. What is on its way is looked at however long it takes.
const MAY_COME_BACK: SignedDuration = SignedDuration::from_hours(24 * 60);
/// How long after it was made the bank may send a payout of the platform's own back.
const PAYOUT_MAY_FAIL: SignedDuration = SignedDuration::from_hours(24 * 14);
const AT_MOST: SignedDuration = SignedDuration::from_hours(6);

/// One page, or the start of the night's comparison. Says whether there was something to do.
///
/// # Errors
/// When the database fails.
pub async fn reconcile(state: &State) -> anyhow::Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let Some(running) = reconciliation::find_running(&mut tx).await? else {
        let last = reconciliation::last_nightly(&mut tx).await?;
        let is_due = last.is_none_or(|last| core.now().duration_since(last) >= EACH);
        if is_due {
            let until = core.now() - SETTLES;
            let compared = reconciliation::compared_until(&mut tx).await?;
            let from = compared.map_or(until - COVERS, |compared| compared.min(until - COVERS));
            let range = (from.max(until - COVERS_AT_MOST), until);
            reconciliation::start(&mut tx, core.id(), range, None, core.now()).await?;
        }
        core.commit(tx).await?;
        return Ok(u64::from(is_due));
    };
    core.commit(tx).await?;
    match go_on(state, &running).await {
        Ok(()) => Ok(1),
        Err(error) => {
            let id = running.reconciliation_id;
            tracing::warn!(reconciliation.id = %id, error = format!("{error:#}"), "a comparison could not go on");
            if core.now().duration_since(running.started_at) > AT_MOST {
                tracing::error!(reconciliation.id = %id, "a comparison with the processor failed");
                finish(state, id, ReconciliationStatus::Failed).await?;
            }
            Ok(0)
        }
    }
}

async fn finish(state: &State, id: ReconciliationId, status: ReconciliationStatus) -> anyhow::Result<()> {
    let mut tx = state.core.begin().await?;
    reconciliation::end(&mut tx, id, status, state.core.now()).await?;
    state.core.commit(tx).await?;
    Ok(())
}

/// A page of one of the lists, the processor's first and ours after them; then of the balances.
async fn go_on(state: &State, running: &Running) -> anyhow::Result<()> {
    let window = Window { from: running.from, until: running.until };
    let (part, after) =
        running.cursor.as_deref().and_then(|at| at.split_once(':')).unwrap_or(("intents", ""));
    let next = Some(after).filter(|after| !after.is_empty());
    let processor = &state.processor;
    let (objects, cursor) = match part {
        "intents" => {
            let page = processor.list_intents(window, next).await?;
            for record in &page.items {
                compare(state, running, record).await?;
            }
            (page.items.len(), followed("intents", page.next, "refunds"))
        }
        "refunds" => {
            let page = processor.list_refunds(window, next).await?;
            let names: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
            let (applied, next) = apply_page(state, running, &names, page.next).await?;
            (applied, followed("refunds", next, "disputes"))
        }
        "disputes" => {
            let page = processor.list_disputes(window, next).await?;
            let names: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
            let (applied, next) = apply_page(state, running, &names, page.next).await?;
            (applied, followed("disputes", next, "undecided"))
        }
        "undecided" => {
            let mut conn = state.core.pool.acquire().await?;
            let names = chargeback::undecided(&mut conn, after, BATCH).await?;
            drop(conn);
            let applied = apply_all(state, running, &names, DifferenceKind::MissingThere).await?;
            (applied.len(), followed("undecided", applied.last().cloned(), "unsettled"))
        }
        "unsettled" => {
            let since = running.started_at - MAY_COME_BACK;
            let mut conn = state.core.pool.acquire().await?;
            let names = refund::unsettled(&mut conn, since, after, BATCH).await?;
            drop(conn);
            let applied = apply_all(state, running, &names, DifferenceKind::MissingThere).await?;
            (applied.len(), followed("unsettled", applied.last().cloned(), "payouts"))
        }
        "payouts" => {
            let from = running.from.min(running.until - PAYOUT_MAY_FAIL);
            let page = processor.list_payouts(None, Window { from, ..window }, next).await?;
            let names: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
            let (applied, next) = apply_page(state, running, &names, page.next).await?;
            (applied, followed("payouts", next, "ours"))
        }
        "ours" => {
            let range = (running.from, running.until);
            let mut conn = state.core.pool.acquire().await?;
            let names = reconciliation::intents_within(&mut conn, range, after, BATCH).await?;
            drop(conn);
            let looked_at = look_for_all(state, running, &names).await?;
            (looked_at.len(), followed("ours", looked_at.last().cloned(), "balances"))
        }
        "balances" => {
            let (compared, last) = balances::compare_balances(state, running, after).await?;
            (compared, followed("balances", last, "end"))
        }
        _ => return finish(state, running.reconciliation_id, ReconciliationStatus::Finished).await,
    };
    let mut tx = state.core.begin().await?;
    reconciliation::go_on(&mut tx, running, &cursor, i64::try_from(objects)?).await?;
    state.core.commit(tx).await?;
    Ok(())
}

fn followed(part: &str, next: Option<String>, then: &str) -> String {
    next.map_or_else(|| format!("{then}:"), |next| format!("{part}:{next}"))
}

/// A payment of the processor against our try.
async fn compare(state: &State, running: &Running, record: &IntentRecord) -> anyhow::Result<()> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let before = applying::intent::ours(&mut tx, record).await?;
    tx.rollback().await?;
    let Some(before) = before else {
        if has_money(record) {
            let found = flagged(DifferenceKind::MissingHere, &record.id, None, ("nothing", shown(record)));
            note(state, running, found).await?;
        }
        return Ok(());
    };
    let mut tx = core.begin().await?;
    let applied = applying::intent::apply(&mut tx, core, record).await;
    let found = match applied {
        Ok(Applied::Changed) => {
            core.commit(tx).await?;
            Some((kind(state, &record.id).await?, DifferenceAction::Applied))
        }
        Ok(Applied::Same | Applied::Unknown) => {
            core.commit(tx).await?;
            differs(&before, record).map(|kind| (kind, DifferenceAction::Flagged))
        }
        Err(error) => {
            tx.rollback().await?;
            tracing::warn!(intent.id = %before.intent_id, error = format!("{error:#}"), "a payment cannot be applied");
            Some((DifferenceKind::State, DifferenceAction::Flagged))
        }
    };
    if let Some((kind, action)) = found {
        let ours = format!("{} {} cents", before.status.code(), before.captured_cents.0);
        let found = flagged(kind, &record.id, before.payment_id, (ours.as_str(), shown(record)));
        note(state, running, Found { action, ..found }).await?;
    }
    Ok(())
}

/// What applying does not mend.
fn differs(ours: &Intent, theirs: &IntentRecord) -> Option<DifferenceKind> {
    let expected = match ours.status {
        IntentStatus::Captured => Some(IntentState::Taken),
        IntentStatus::Authorised => Some(IntentState::Held),
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Saved
        | IntentStatus::Failed
        | IntentStatus::Expired
        | IntentStatus::Voided => None,
    };
    let is_as_expected = expected.map_or(!has_money(theirs), |expected| expected == theirs.state);
    if !is_as_expected {
        return Some(DifferenceKind::State);
    }
    let ours_cents = ours.captured_cents.0;
    let other_amount = ours.status == IntentStatus::Captured && ours_cents != theirs.taken_cents;
    other_amount.then_some(DifferenceKind::Amount)
}

fn has_money(record: &IntentRecord) -> bool {
    match record.state {
        IntentState::Held | IntentState::Taken => true,
        IntentState::NeedsCard
        | IntentState::NeedsAuthentication
        | IntentState::Processing
        | IntentState::Saved
        | IntentState::Canceled
        | IntentState::RanOut => false,
    }
}

fn shown(record: &IntentRecord) -> String {
    format!("{:?} {} cents", record.state, record.taken_cents)
}

/// A page of a list of the processor's, as far as it answers. Says how many were looked at, and the last of them where there are more.
async fn apply_page(
    state: &State,
    running: &Running,
    names: &[String],
    next: Option<String>,
) -> anyhow::Result<(usize, Option<String>)> {
    let applied = apply_all(state, running, names, DifferenceKind::MissingHere).await?;
    let next = if applied.len() < names.len() { applied.last().cloned() } else { next };
    Ok((applied.len(), next))
}

/// Refunds, disputes or payouts, as far as the processor answers; what was looked at is not asked for again because another's reply was lost.
async fn apply_all<'a>(
    state: &State,
    running: &Running,
    names: &'a [String],
    missing: DifferenceKind,
) -> anyhow::Result<&'a [String]> {
    for (number, name) in names.iter().enumerate() {
        if let Err(error) = apply(state, running, name, missing).await {
            ends_early(number, error)?;
            return Ok(&names[..number]);
        }
    }
    Ok(names)
}

/// A refund, a dispute or a payout of the platform's own: where it stands there is applied here. It is asked for once more where there
/// was no answer. `missing` is what it means when one of the two has no such thing.
async fn apply(
    state: &State,
    running: &Running,
    object: &str,
    missing: DifferenceKind,
) -> anyhow::Result<()> {
    let applied = match applying::apply_object(state, object).await {
        Err(error) if is_unavailable(&error) => applying::apply_object(state, object).await,
        applied => applied,
    };
    let ends = match &applied {
        Ok(_) => false,
        Err(error) => ends_page(state, error).await,
    };
    let found = match applied {
        Ok(Applied::Same) => return Ok(()),
        Ok(Applied::Changed) => {
            let kind = kind(state, object).await?;
            let found = flagged(kind, object, None, ("another state", "applied".to_owned()));
            Found { action: DifferenceAction::Applied, ..found }
        }
        Ok(Applied::Unknown) => {
            let (ours, theirs) = match missing {
                DifferenceKind::MissingThere => ("an object", "nothing"),
                DifferenceKind::MissingHere
                | DifferenceKind::State
                | DifferenceKind::Amount
                | DifferenceKind::Balance
                | DifferenceKind::Webhook
                | DifferenceKind::AccountUnreadable
                | DifferenceKind::AccountClosed => ("nothing", "an object"),
            };
            flagged(missing, object, None, (ours, theirs.to_owned()))
        }
        Err(error) if ends => return Err(error),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "an object of the processor cannot be applied");
            flagged(DifferenceKind::State, object, None, ("another state", "not applied".to_owned()))
        }
    };
    note(state, running, found).await
}

/// Whether the processor did not answer, which says nothing of what it was asked about.
fn is_unavailable(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<ProcessorError>(), Some(ProcessorError::Unavailable(_)))
}

/// Whether it is the processor that does not answer. One that tells the platform's balance answers: it was about one object alone.
async fn ends_page(state: &State, error: &anyhow::Error) -> bool {
    is_unavailable(error)
        && matches!(state.processor.find_balance(None).await, Err(ProcessorError::Unavailable(_)))
}

/// Ours that the processor has to know, as far as it answers: each is asked for by itself, and what was looked at is not asked for
/// again because another's reply was lost.
async fn look_for_all<'a>(
    state: &State,
    running: &Running,
    names: &'a [String],
) -> anyhow::Result<&'a [String]> {
    for (number, name) in names.iter().enumerate() {
        if let Err(error) = look_for(state, running, name).await {
            ends_early(number, error)?;
            return Ok(&names[..number]);
        }
    }
    Ok(names)
}

/// What to make of it that the processor did not answer: after so many answers of a page, those are kept.
fn ends_early(looked_at: usize, error: anyhow::Error) -> anyhow::Result<()> {
    if looked_at == 0 {
        return Err(error);
    }
    tracing::warn!(error = format!("{error:#}"), "the page of a comparison ends early");
    Ok(())
}

/// One of ours that the processor has to know. It is asked once more where it did not answer, as it does now and then.
async fn look_for(state: &State, running: &Running, name: &str) -> anyhow::Result<()> {
    let found = match state.processor.find_intent(name).await {
        Err(ProcessorError::Unavailable(_)) => state.processor.find_intent(name).await,
        found => found,
    };
    let (kind, theirs) = match found {
        Ok(record) => return compare(state, running, &record).await,
        Err(ProcessorError::Missing) => (DifferenceKind::MissingThere, "nothing"),
        Err(error) => {
            let error = anyhow::Error::from(error);
            if ends_page(state, &error).await {
                return Err(error);
            }
            tracing::warn!(error = format!("{error:#}"), "a payment of the processor cannot be read");
            (DifferenceKind::State, "refused")
        }
    };
    let mut conn = state.core.pool.acquire().await?;
    let ours: Option<(IntentId, Option<PaymentId>)> = intent::find_by_object(&mut conn, name).await?;
    drop(conn);
    let payment_id = ours.and_then(|(_, payment_id)| payment_id);
    note(state, running, flagged(kind, name, payment_id, ("a try", theirs.to_owned()))).await
}

/// A state that nobody told us of is a webhook that never came.
async fn kind(state: &State, object: &str) -> anyhow::Result<DifferenceKind> {
    let mut conn = state.core.pool.acquire().await?;
    let told = webhook_received::is_told_of(&mut conn, object).await?;
    Ok(if told { DifferenceKind::State } else { DifferenceKind::Webhook })
}

fn flagged(
    kind: DifferenceKind,
    subject: &str,
    payment_id: Option<PaymentId>,
    (ours, theirs): (&str, String),
) -> Found {
    let (subject, ours) = (subject.to_owned(), ours.to_owned());
    Found { kind, subject, payment_id, ours, theirs, action: DifferenceAction::Flagged }
}

async fn note(state: &State, running: &Running, found: Found) -> anyhow::Result<()> {
    let mut tx = state.core.begin().await?;
    reconciliation::note(&mut tx, &state.core, running.reconciliation_id, &found).await?;
    state.core.commit(tx).await?;
    Ok(())
}
