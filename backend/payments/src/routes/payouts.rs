//! `/api/v1/payments/practices/{organization_id}/payouts`: money sent to a practice's bank, and what each payout is made of.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use kernel::{Disclosed, Reject, SignedIn, audit::Actor};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    OrganizationId, PayoutId, Problem,
    page::Page,
    payments::practice::{Payout, PayoutLine, PayoutReport},
};
use sqlx::{Postgres, Transaction};

use super::money::{Csv, Download, download, note_practice, plain_amount, table};
use crate::{state::State, store::payout};

/// How many one page has.
const PAGE: i64 = 50;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<PayoutId>,
}

/// The latest first. They tell of a practice's bank and of no patient.
pub async fn list_payouts(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<Page<Payout>>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let mut items = payout::list(&mut conn, organization_id, wanted.cursor, PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let next = items.last().filter(|_| more).map(|last| last.payout_id.to_string());
    Ok(Plain(Page { items, next }))
}

/// One with its lines.
pub async fn find_payout(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payout_id)): Path<(OrganizationId, PayoutId)>,
) -> Result<Disclosed<PayoutReport>, Reject> {
    let core = &state.core;
    let (mut tx, report) = load(&state, organization_id, payout_id).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_practice(&mut tx, core, actor, "find_payout", organization_id).await?;
    Ok(Disclosed::commit(core, tx, recorded, report).await?)
}

/// Its lines as a file.
pub async fn export_payout(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, payout_id)): Path<(OrganizationId, PayoutId)>,
) -> Result<Download<Csv>, Reject> {
    let core = &state.core;
    let (mut tx, report) = load(&state, organization_id, payout_id).await?;
    let file = written(&report.lines)?;
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_practice(&mut tx, core, actor, "export_payout", organization_id).await?;
    let disclosed = Disclosed::commit(core, tx, recorded, report).await?;
    Ok(download("attachment; filename=\"payout.csv\"", disclosed.written_as::<Csv>(|_| file)))
}

async fn load(
    state: &State,
    organization_id: OrganizationId,
    payout_id: PayoutId,
) -> Result<(Transaction<'static, Postgres>, PayoutReport), Reject> {
    let mut tx = state.core.begin().await?;
    let found = payout::find(&mut tx, organization_id, payout_id).await?;
    let payout = found.ok_or_else(|| Problem::not_found("This payout"))?;
    let lines = payout::lines(&mut tx, payout_id).await?;
    Ok((tx, PayoutReport { payout, lines }))
}

fn written(lines: &[PayoutLine]) -> anyhow::Result<String> {
    let rows = lines.iter().map(|line| {
        vec![
            line.cause.code().to_owned(),
            line.payment_id.map(|id| id.to_string()).unwrap_or_default(),
            plain_amount(line.gross_cents),
            plain_amount(line.fee_cents),
            plain_amount(line.net_cents),
        ]
    });
    table(&["cause", "payment", "gross", "fee", "net"], rows)
}
