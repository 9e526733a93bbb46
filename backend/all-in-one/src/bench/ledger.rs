//! What it takes to prove a ledger of ten million entries, as `hellomapper ledger verify` does, without a processor to ask.

use std::time::Instant;

use anyhow::{Result, ensure};
use kernel::{Chance, Clock, Core, database};
use payments::ledger_proof::verify;
use serde::Serialize;

use super::{data, load::rounded};
use crate::databases::Databases;

/// Four entries each: what was taken, the practice's share, the platform's fee and its GST.
const POSTINGS: i64 = 2_500_000;

/// Rows as the store writes them. The database's own look at each of them is left out while they are made, and is no part of a
/// proof.
const PREPARE: &str = "set session_replication_role = replica; \
    insert into payments.account (ledger_account_id, kind, organization_id, created_at) \
    select lpad(to_hex(n), 32, '0')::uuid, (array['processor', 'platform_fees', 'gst_payable', 'practice_balance'])[least(n, 3) + 1], \
    case when n > 2 then lpad(to_hex(n), 32, '0')::uuid end, now() from generate_series(0, 1002) as n; \
    insert into payments.posting (posting_id, cause, cause_id, payment_id, organization_id, gross_cents, fee_cents, \
    occurred_at, created_at) select lpad(to_hex(n), 32, '0')::uuid, 'capture', lpad(to_hex(n), 32, '0')::uuid, \
    lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(3 + n % 1000), 32, '0')::uuid, 11000, 550, now(), now() \
    from generate_series(1, 2500000) as n; \
    insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
    select lpad(to_hex(n), 32, '0')::uuid, line.position, line.account, line.cents \
    from generate_series(1, 2500000) as n, lateral (values (1, lpad('0', 32, '0')::uuid, 11000), \
    (2, lpad(to_hex(3 + n % 1000), 32, '0')::uuid, -10450), (3, lpad('1', 32, '0')::uuid, -500), \
    (4, lpad('2', 32, '0')::uuid, -50)) as line (position, account, cents); \
    set session_replication_role = default; \
    analyze payments.account; analyze payments.posting; analyze payments.entry";

/// A proof.
#[derive(Debug, Serialize)]
pub struct LedgerVerify {
    pub entries: i64,
    pub seconds: f64,
    pub entries_per_second: f64,
}

/// Measures in a database that is dropped afterwards.
///
/// # Errors
/// When the rows cannot be made, or the proof finds something.
pub async fn measure(copy: &Databases) -> Result<LedgerVerify> {
    data::administer(copy, PREPARE.to_owned()).await?;
    let pool = database::pool(copy.app("payments")?, "payments", 1).await?;
    let core = Core::new(pool, Clock::System, Chance::system());
    let begun = Instant::now();
    let proof = verify(&core, None).await?;
    let seconds = begun.elapsed().as_secs_f64();
    core.pool.close().await;
    ensure!(
        proof.is_whole() && proof.postings >= POSTINGS,
        "the ledger that was made is not whole: {proof:?}"
    );
    Ok(LedgerVerify {
        entries: proof.entries,
        seconds: rounded(seconds),
        entries_per_second: rounded(proof.entries as f64 / seconds),
    })
}
