//! Checking what a service says of its audit log.

use sealing::book::Book;
use serde_json::Value;
use shared_types::vault::{TrailVerdict, VaultRefusal, VaultReply};
use transparency::{
    Checkpoint, Hash,
    trail::{AuditTrail, Vouched},
};

use crate::{log, refusal::Stop};

pub fn check(book: &mut Book, service: &str, trail: Value) -> Result<VaultReply, Stop> {
    let trail: AuditTrail = serde_json::from_value(trail).map_err(|_| VaultRefusal::Damaged)?;
    let checkpoint = log::audit(book, service, &trail)?;
    let checkpoint =
        checkpoint.unwrap_or_else(|| Checkpoint { origin: String::new(), size: 0, root: Hash::empty() });
    let vouched = trail.items.iter().map(|entry| match entry.vouched(&checkpoint) {
        Vouched::Yes => TrailVerdict::InLog,
        Vouched::NotYet => TrailVerdict::NotYet,
        Vouched::No => TrailVerdict::Contradicted,
    });
    Ok(VaultReply::TrailChecked { vouched: vouched.collect(), book: None })
}
