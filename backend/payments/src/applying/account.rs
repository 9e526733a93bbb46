//! Practices' accounts, as the processor says they are.

use anyhow::Result;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::payments::{PaymentsEvent, practice::OnboardingStatus};
use sqlx::PgConnection;

use super::Applied;
use crate::{
    gateways::card_processor::AccountRecord,
    store::practice_account::{self, AccountRow},
};

/// Applies an account as the processor has it now. One that is not ours is passed over.
///
/// # Errors
/// When a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &AccountRecord) -> Result<Applied> {
    let Some(before) = practice_account::lock_by_processor(conn, &record.id).await? else {
        return Ok(Applied::Unknown);
    };
    let after = AccountRow {
        status: status_of(record),
        asked: record.asked.clone(),
        asked_until: record.asked_until,
        ..before.clone()
    };
    change(conn, core, &before, after).await
}

/// The processor has closed an account, or it is no longer the platform's to use.
///
/// # Errors
/// When a table cannot be changed.
pub async fn close(conn: &mut PgConnection, core: &Core, processor_account: &str) -> Result<Applied> {
    let found = practice_account::lock_by_processor(conn, processor_account).await?;
    let Some(before) = found else { return Ok(Applied::Unknown) };
    let after = AccountRow {
        status: OnboardingStatus::Closed,
        asked: Vec::new(),
        asked_until: None,
        ..before.clone()
    };
    change(conn, core, &before, after).await
}

/// Tells how far a practice is.
///
/// # Errors
/// When the event cannot be written.
pub async fn tell(conn: &mut PgConnection, core: &Core, account: &AccountRow) -> sqlx::Result<()> {
    let (id, version) = (account.organization_id.to_string(), i64::from(account.version));
    let about = About { aggregate: "practice_account", id, version };
    outbox::tell(conn, core, about, &PaymentsEvent::PracticeAccountChanged(account.fact())).await?;
    Ok(())
}

async fn change(
    conn: &mut PgConnection,
    core: &Core,
    before: &AccountRow,
    after: AccountRow,
) -> Result<Applied> {
    if after == *before {
        return Ok(Applied::Same);
    }
    let after = AccountRow { version: before.version.saturating_add(1), ..after };
    practice_account::set_standing(conn, &after, core.now()).await?;
    tell(conn, core, &after).await?;
    let entry = Entry {
        actor: Actor::System("payments.applying"),
        action: "change_practice_account",
        resource: after.organization_id.into(),
        whose: None,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(Applied::Changed)
}

/// How far an account is: what the processor lets it do counts, not what was handed in.
fn status_of(record: &AccountRecord) -> OnboardingStatus {
    match (record.charges_enabled, record.payouts_enabled) {
        (true, true) => OnboardingStatus::Ready,
        (true, false) => OnboardingStatus::ChargesOnly,
        (false, _) => OnboardingStatus::Started,
    }
}
