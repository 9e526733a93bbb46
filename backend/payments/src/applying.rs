//! Applies what the processor has to what we have. A webhook says only that something changed: the object is asked for, and where
//! it stands decides. So webhooks may come twice, late, in any order or not at all, and a forged one asks a question.

pub mod account;
pub mod chargeback;
pub mod intent;
pub mod payout;
pub mod platform_payout;
pub mod refund;
pub mod share;

use anyhow::Context as _;
use shared_types::payments::IntentStatus;

use crate::{
    gateways::card_processor::{PageState, ProcessorError},
    state::State,
    store::{self, webhook_received::Told},
};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// We stand elsewhere now.
    Changed,
    /// We stood there already.
    Same,
    /// It is about nothing of ours.
    Unknown,
}

/// Applies what a webhook is about. Of a practice's own account only its standing and its payouts are ours to know.
///
/// # Errors
/// When the processor does not answer, or what it has does not lead on from what we have.
pub async fn apply_told(state: &State, told: &Told) -> anyhow::Result<Applied> {
    let Some(object) = told.processor_object.as_deref() else { return Ok(Applied::Unknown) };
    let account = told.processor_account.as_deref();
    if told.kind == "account.application.deauthorized" {
        let mut tx = state.core.begin().await?;
        let applied = account::close(&mut tx, &state.core, account.unwrap_or(object)).await?;
        state.core.commit(tx).await?;
        return Ok(applied);
    }
    match (object.split('_').next().unwrap_or_default(), account) {
        ("acct", _) => apply_account(state, object).await,
        ("po", Some(account)) => apply_payout(state, account, object).await,
        (_, Some(_)) => Ok(Applied::Unknown),
        (_, None) => apply_object(state, object).await,
    }
}

/// Whether it is about a payment, a set-up, a page, a refund or a dispute of the platform's own account.
pub fn may_be_ours(told: &Told) -> bool {
    let kind = told.processor_object.as_deref().and_then(|object| object.split('_').next());
    let is_of_payment =
        |kind| matches!(kind, "pi" | "seti" | "cs" | "re" | "pyr" | "dp" | "du" | "ch" | "py");
    told.processor_account.is_none() && kind.is_some_and(is_of_payment)
}

/// Whether the processor lets a practice collect, by its name for it. It is asked and what it says is applied: what it refuses may be
/// because it lets the practice do nothing any more, and its word of that may be on its way.
///
/// # Errors
/// When the processor does not answer, or a table cannot be changed.
pub async fn still_collects(state: &State, account: &str) -> anyhow::Result<bool> {
    apply_account(state, account).await?;
    let mut conn = state.core.pool.acquire().await?;
    Ok(store::practice_account::collects(&mut conn, account).await?)
}

/// Asks the processor for a practice's account and applies it.
///
/// # Errors
/// When the processor does not answer, or a table cannot be changed.
pub async fn apply_account(state: &State, id: &str) -> anyhow::Result<Applied> {
    let Some(record) = known(state.processor.find_account(id).await)? else { return Ok(Applied::Unknown) };
    let mut tx = state.core.begin().await?;
    let applied = account::apply(&mut tx, &state.core, &record).await?;
    state.core.commit(tx).await?;
    Ok(applied)
}

async fn apply_payout(state: &State, account: &str, id: &str) -> anyhow::Result<Applied> {
    let Some(record) = known(state.processor.find_payout(Some(account), id).await)? else {
        return Ok(Applied::Unknown);
    };
    let mut tx = state.core.begin().await?;
    let applied = payout::apply(&mut tx, &state.core, account, &record).await?;
    state.core.commit(tx).await?;
    Ok(applied)
}

/// Asks the processor for an object of the platform's own account by its name and applies it. The name says what it is.
///
/// # Errors
/// When the processor does not answer, or what it has does not lead on from what we have.
pub async fn apply_object(state: &State, object: &str) -> anyhow::Result<Applied> {
    let (core, processor) = (&state.core, &state.processor);
    let kind = object.split('_').next().unwrap_or_default();
    let applied = match kind {
        "pi" | "seti" => {
            let record = known(processor.find_intent(object).await)?;
            let Some(record) = record else { return Ok(Applied::Unknown) };
            let mut tx = core.begin().await?;
            let applied = intent::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            applied
        }
        "cs" => return apply_page(state, object).await,
        "re" | "pyr" => {
            let record = known(processor.find_refund(object).await)?;
            let Some(record) = record else { return Ok(Applied::Unknown) };
            let mut tx = core.begin().await?;
            let applied = refund::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            applied
        }
        "dp" | "du" => {
            let record = known(processor.find_dispute(object).await)?;
            let Some(record) = record else { return Ok(Applied::Unknown) };
            let mut tx = core.begin().await?;
            let applied = chargeback::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            applied
        }
        "ch" | "py" => return apply_charge(state, object).await,
        "po" => {
            let record = known(processor.find_payout(None, object).await)?;
            let Some(record) = record else { return Ok(Applied::Unknown) };
            let mut tx = core.begin().await?;
            let applied = platform_payout::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            applied
        }
        _ => Applied::Unknown,
    };
    Ok(applied)
}

/// A page is done when what it made is; one that ran out makes room for another try.
async fn apply_page(state: &State, id: &str) -> anyhow::Result<Applied> {
    let Some(page) = known(state.processor.find_page(id).await)? else { return Ok(Applied::Unknown) };
    if let Some(made) = &page.intent {
        let record = state.processor.find_intent(made).await?;
        let mut tx = state.core.begin().await?;
        let applied = intent::apply(&mut tx, &state.core, &record).await?;
        state.core.commit(tx).await?;
        if page.state != PageState::Expired {
            return Ok(applied);
        }
    }
    match page.state {
        PageState::Open | PageState::Complete => Ok(Applied::Same),
        PageState::Expired => {
            let mut tx = state.core.begin().await?;
            let applied = intent::page_ran_out(&mut tx, &state.core, &page).await?;
            state.core.commit(tx).await?;
            Ok(applied)
        }
    }
}

/// A charge is looked at by the payment that made it, with what of it somebody gave back.
async fn apply_charge(state: &State, charge: &str) -> anyhow::Result<Applied> {
    let mut conn = state.core.pool.acquire().await?;
    let Some((intent_id, payment_id)) = store::intent::find_by_object(&mut conn, charge).await? else {
        return Ok(Applied::Unknown);
    };
    let payment_id = payment_id.context("a charge is of a payment")?;
    let tries = store::intent::of_payment(&mut conn, payment_id).await?;
    drop(conn);
    let it = tries.into_iter().find(|it| it.intent_id == intent_id).context("a try that was there")?;
    let made = it.processor_intent.context("a charge was made by a payment")?;
    let record = state.processor.find_intent(&made).await?;
    let refunds = state.processor.list_refunds_of(&made).await?;
    let mut tx = state.core.begin().await?;
    let mut applied = intent::apply(&mut tx, &state.core, &record).await?;
    state.core.commit(tx).await?;
    for record in &refunds {
        let mut tx = state.core.begin().await?;
        if refund::apply(&mut tx, &state.core, record).await? == Applied::Changed {
            applied = Applied::Changed;
        }
        state.core.commit(tx).await?;
    }
    Ok(applied)
}

/// An object, or none where the processor has no such thing.
fn known<T>(asked: Result<T, ProcessorError>) -> Result<Option<T>, ProcessorError> {
    match asked {
        Ok(record) => Ok(Some(record)),
        Err(ProcessorError::Missing) => Ok(None),
        Err(error @ (ProcessorError::Declined { .. } | ProcessorError::Refused { .. })) => Err(error),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error),
    }
}

/// Whether a try still waits for somebody or something.
fn is_under_way(status: IntentStatus) -> bool {
    match status {
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing => true,
        IntentStatus::Saved
        | IntentStatus::Authorised
        | IntentStatus::Captured
        | IntentStatus::Failed
        | IntentStatus::Expired
        | IntentStatus::Voided => false,
    }
}
