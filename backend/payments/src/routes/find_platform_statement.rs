//! `GET /api/v1/payments/platform/statement?month=`: a month of the platform's accounts, from the ledger alone.

use axum::{
    Json as Plain,
    extract::{Query, State as Extract},
};
use kernel::Reject;
use shared_types::{Zone, payments::platform::PlatformStatement};

use super::find_statement::Wanted;
use crate::{state::State, store::ledger};

/// Each kind of account before and after, and what happened. Debits are above zero, credits below.
pub async fn find_platform_statement(
    Extract(state): Extract<State>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<PlatformStatement>, Reject> {
    let (from, until) = wanted.days(state.core.now())?;
    let (begin, end) = (Zone::SYDNEY.start_of_day(from), Zone::SYDNEY.start_of_day(until));
    let mut conn = state.core.pool.acquire().await?;
    let balances = ledger::balances(&mut conn, begin, end).await?;
    let sums = ledger::debits(&mut conn, begin, end).await?;
    Ok(Plain(PlatformStatement { from, until, balances, sums }))
}
