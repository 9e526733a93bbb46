//! Money on its way to practices' banks, as the processor says it is. It leaves a practice's balance when the payout is made, and comes
//! back to it when the bank does not take it.

use anyhow::{Context as _, Result};
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AudCents, OrganizationId, Zone,
    payments::{
        PaymentsEvent, PayoutFact, PayoutStatus,
        practice::{Payout, PostingCause},
    },
};
use sqlx::PgConnection;

use super::Applied;
use crate::{
    domain::ledger::Posting,
    gateways::card_processor::PayoutRecord,
    store::{ledger, payout, practice_account},
};

/// Applies a payout of the practice that the processor calls so. A state that it has left already is passed over.
///
/// # Errors
/// When the state is unknown to this build, or a table cannot be changed.
pub async fn apply(
    conn: &mut PgConnection,
    core: &Core,
    processor_account: &str,
    record: &PayoutRecord,
) -> Result<Applied> {
    // Its lock is what keeps two from writing the same payout.
    let found = practice_account::lock_by_processor(conn, processor_account).await?;
    let Some(account) = found.filter(|_| record.amount_cents != 0) else { return Ok(Applied::Unknown) };
    let status = PayoutStatus::from_code(&record.status).context("a known status of a payout")?;
    let known = payout::lock_by_processor(conn, &record.id).await?;
    let (before, is_new) = match known {
        Some(known) => (known, false),
        None => (begin(conn, core, account.organization_id, record).await?, true),
    };
    let after = Payout {
        status,
        arrives_on: Some(Zone::SYDNEY.date(record.arrives_at)),
        failure: record.failure.clone(),
        ..before.clone()
    };
    if status != before.status && !before.status.next().contains(&status) {
        return Ok(Applied::Same);
    }
    if after != before {
        payout::update(conn, &after, core.now()).await?;
    }
    if status != before.status && has_come_back(status) {
        put_back(conn, core, &after).await?;
    }
    if is_new || status != before.status {
        tell(conn, core, account.organization_id, &after).await?;
    }
    Ok(if is_new || after != before { Applied::Changed } else { Applied::Same })
}

async fn begin(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    record: &PayoutRecord,
) -> Result<Payout> {
    let new = Payout {
        payout_id: core.id(),
        amount_cents: AudCents(record.amount_cents),
        status: PayoutStatus::Pending,
        arrives_on: None,
        failure: None,
        created_at: record.created_at,
    };
    payout::insert(conn, organization_id, &record.id, &new, core.now()).await?;
    let posting = Posting::payout(
        organization_id,
        new.payout_id,
        new.amount_cents,
        record.id.clone(),
        record.created_at,
    );
    ledger::post(conn, core, &posting).await?;
    Ok(new)
}

async fn put_back(conn: &mut PgConnection, core: &Core, payout: &Payout) -> Result<()> {
    let sent = ledger::find(conn, PostingCause::Payout, payout.payout_id.0).await?;
    let sent = sent.context("a payout that is known was booked")?;
    ledger::post(conn, core, &sent.reversed(PostingCause::PayoutFailed, core.now())).await?;
    Ok(())
}

async fn tell(
    conn: &mut PgConnection,
    core: &Core,
    organization_id: OrganizationId,
    payout: &Payout,
) -> sqlx::Result<()> {
    let fact = PayoutFact {
        payout_id: payout.payout_id,
        organization_id,
        amount_cents: payout.amount_cents,
        status: payout.status,
    };
    let about =
        About { aggregate: "payout", id: payout.payout_id.to_string(), version: version_of(payout.status) };
    outbox::tell(conn, core, about, &PaymentsEvent::PayoutChanged(fact)).await?;
    Ok(())
}

/// A payout goes through its states in this order and never back.
fn version_of(status: PayoutStatus) -> i64 {
    match status {
        PayoutStatus::Pending => 1,
        PayoutStatus::InTransit => 2,
        PayoutStatus::Paid => 3,
        PayoutStatus::Failed | PayoutStatus::Canceled => 4,
    }
}

/// Whether the bank did not take it, or it was stopped.
pub(super) fn has_come_back(status: PayoutStatus) -> bool {
    match status {
        PayoutStatus::Failed | PayoutStatus::Canceled => true,
        PayoutStatus::Pending | PayoutStatus::InTransit | PayoutStatus::Paid => false,
    }
}
