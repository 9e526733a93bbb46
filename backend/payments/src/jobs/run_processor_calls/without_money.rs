//! What is asked that moves no money: a card to be forgotten, evidence for a dispute, payouts to be held.

use anyhow::Context as _;
use shared_types::{ChargebackId, SavedCardId};

use crate::{
    applying,
    domain::evidence::disclosure,
    gateways::card_processor::{Evidence, ProcessorError},
    state::State,
    store::{
        chargeback, payout_hold, practice_account,
        processor_call::{End, NewCall},
        saved_card,
    },
};

pub(super) async fn forget_card(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let saved_card_id = SavedCardId(call.subject().context("a card")?);
    let mut conn = state.core.pool.acquire().await?;
    let card = saved_card::find_name(&mut conn, saved_card_id).await?.context("the card")?;
    drop(conn);
    match state.processor.forget_card(&call.idempotency_key, &card).await {
        Ok(()) => Ok(End::Done(Some(card))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => Ok(End::Refused(error.to_string())),
    }
}

pub(super) async fn submit_evidence(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let core = &state.core;
    let chargeback_id = ChargebackId(call.subject().context("a chargeback")?);
    let mut tx = core.begin().await?;
    let it = chargeback::lock(&mut tx, chargeback_id).await?.context("the chargeback")?;
    core.commit(tx).await?;
    let policy_disclosure = disclosure(&it.evidence);
    let evidence = Evidence {
        service_date: it.evidence.service_date.map(|day| day.to_string()),
        policy: it.evidence.policy,
        policy_disclosure,
        history: it.evidence.history,
        note: it.evidence.note.map(shared_types::personal::Personal::into_inner),
    };
    let dispute = it.processor_dispute;
    match state.processor.submit_evidence(&call.idempotency_key, &dispute, &evidence).await {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::chargeback::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            Ok(End::Done(Some(record.id)))
        }
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(chargeback.id = %chargeback_id, error = %error, "evidence was not taken");
            Ok(End::Refused(error.to_string()))
        }
    }
}

pub(super) async fn hold_payouts(state: &State, call: &NewCall) -> anyhow::Result<End> {
    let organization_id = call.organization_id.context("a practice")?;
    let mut conn = state.core.pool.acquire().await?;
    // Also of one that collects no more.
    let account =
        practice_account::find(&mut conn, organization_id).await?.and_then(|it| it.processor_account);
    // As it is now: of a hold and its release the later may be asked first.
    let held = payout_hold::open_of(&mut conn, organization_id).await?.is_some();
    drop(conn);
    let Some(account) = account else { return Ok(End::Refused("no_account".to_owned())) };
    match state.processor.hold_payouts(&call.idempotency_key, &account, held).await {
        Ok(record) => Ok(End::Done(Some(record.id))),
        Err(error @ ProcessorError::Unavailable(_)) => Err(error.into()),
        Err(error) => {
            tracing::error!(organization.id = %organization_id, error = %error, "payouts were not changed");
            Ok(End::Refused(error.to_string()))
        }
    }
}
