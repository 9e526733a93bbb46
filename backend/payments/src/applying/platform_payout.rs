//! Money on its way to the platform's own bank, as the processor says it is. It leaves what we have at the processor when the payout is
//! made, and comes back when the bank does not take it. The ledger is all that is kept of it, and nobody is told.

use anyhow::{Context as _, Result};
use kernel::Core;
use shared_types::{
    AudCents,
    payments::{PayoutStatus, practice::PostingCause},
};
use sqlx::PgConnection;

use super::{Applied, payout::has_come_back};
use crate::{domain::ledger::Posting, gateways::card_processor::PayoutRecord, store::ledger};

/// Applies a payout of the platform's own.
///
/// # Errors
/// When the state is unknown to this build, somebody else books it just now, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &PayoutRecord) -> Result<Applied> {
    if record.amount_cents == 0 {
        return Ok(Applied::Unknown);
    }
    let status = PayoutStatus::from_code(&record.status).context("a known status of a payout")?;
    let known = ledger::find_by_object(conn, PostingCause::PlatformPayout, &record.id).await?;
    let (sent, mut is_new) = match known {
        Some(sent) => (sent, false),
        None => {
            let cents = AudCents(record.amount_cents);
            let sent = Posting::platform_payout(core.id(), cents, record.id.clone(), record.created_at);
            ledger::post(conn, core, &sent).await?;
            (sent, true)
        }
    };
    if has_come_back(status) {
        let back = sent.reversed(PostingCause::PayoutFailed, core.now());
        is_new |= ledger::post(conn, core, &back).await?.is_new;
    }
    Ok(if is_new { Applied::Changed } else { Applied::Same })
}
