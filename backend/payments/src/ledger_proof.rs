//! Proves that the ledger is whole: every posting balances, nothing that was there is gone, payments say the same as their postings,
//! Medicare's payment runs say the same as theirs, what is kept of balances is what their entries add up to, and the processor has what
//! the ledger says it has.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::Core;
use shared_types::{
    AudCents, MedicarePaymentId, OrganizationId, PaymentId, PostingId, payments::practice::AccountKind,
};

use crate::{
    config::ProcessorSettings,
    gateways::card_processor::{CardProcessor, ProcessorError},
    store::ledger_proof::{self, Extent, Practice},
};

/// What a proof found. Of those that are wrong, the first twenty are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Proof {
    /// Postings.
    pub postings: i64,
    /// Their entries.
    pub entries: i64,
    /// The sum of all debits.
    pub debits_cents: AudCents,
    /// The sum of all entries.
    pub total_cents: AudCents,
    /// Each kind of account.
    pub sums: Vec<(AccountKind, AudCents)>,
    /// Postings that do not balance.
    pub unbalanced: Vec<PostingId>,
    /// Payments that say otherwise than their postings.
    pub differing_payments: Vec<PaymentId>,
    /// Days (UTC) on which what is kept of a practice's balance is not what its entries add up to.
    pub differing_days: Vec<(OrganizationId, Date)>,
    /// Payment runs of Medicare's of which a claim's part is not what its posting says.
    pub differing_runs: Vec<MedicarePaymentId>,
    /// There was more when the last proof was made.
    pub has_lost_entries: bool,
    /// Whether the processor was asked.
    pub asked_processor: bool,
    /// What the processor says otherwise. Money that is on its way makes a difference, until its record arrives.
    pub at_processor: Vec<AtProcessor>,
    /// Practices whose balance was not compared: the processor does not show it, or the account is closed and the ledger's balance is
    /// not nil.
    pub unread: Vec<Unread>,
}

/// A balance that the processor has otherwise than the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AtProcessor {
    /// Whose; none for everybody's together.
    pub organization_id: Option<OrganizationId>,
    /// By the ledger.
    pub ledger_cents: AudCents,
    /// By the processor.
    pub processor_cents: AudCents,
}

/// A practice's balance that the processor was not asked for, or did not tell.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unread {
    /// Whose.
    pub organization_id: OrganizationId,
    /// What the ledger says the practice is owed; below zero, it owes.
    pub ledger_cents: AudCents,
    /// Whether the account is closed.
    pub is_closed: bool,
}

impl Proof {
    /// Whether the ledger is whole in itself.
    pub fn is_whole(&self) -> bool {
        self.unbalanced.is_empty()
            && self.differing_payments.is_empty()
            && self.differing_days.is_empty()
            && self.differing_runs.is_empty()
            && !self.has_lost_entries
            && self.total_cents == AudCents::ZERO
    }
}

/// Proves the ledger and writes down how far it has come. Where a processor is named, it is asked, too.
///
/// # Errors
/// When the database or the processor cannot be asked.
pub async fn verify(core: &Core, with_processor: Option<&ProcessorSettings>) -> Result<Proof> {
    let mut tx = core.begin().await?;
    ledger_proof::see_one_moment(&mut tx).await?;
    let extent = ledger_proof::extent(&mut tx).await?;
    let before = ledger_proof::last_checkpoint(&mut tx).await?;
    let mut proof = Proof {
        postings: extent.postings,
        entries: extent.entries,
        debits_cents: extent.debits_cents,
        total_cents: extent.total_cents,
        sums: ledger_proof::sums(&mut tx).await?,
        unbalanced: ledger_proof::unbalanced(&mut tx).await?,
        differing_payments: ledger_proof::differing_payments(&mut tx).await?,
        differing_days: ledger_proof::differing_days(&mut tx).await?,
        differing_runs: ledger_proof::differing_runs(&mut tx).await?,
        has_lost_entries: before.is_some_and(|before| has_lost(before, extent)),
        asked_processor: with_processor.is_some(),
        at_processor: Vec::new(),
        unread: Vec::new(),
    };
    let practices = ledger_proof::practices(&mut tx).await?;
    ledger_proof::add_checkpoint(&mut tx, extent, proof.is_whole(), core.now()).await?;
    core.commit(tx).await?;
    if let Some(settings) = with_processor {
        let processor = settings.client()?;
        compare(&*processor, &practices, &mut proof).await?;
    }
    Ok(proof)
}

fn has_lost(before: Extent, now: Extent) -> bool {
    now.postings < before.postings || now.entries < before.entries || now.debits_cents < before.debits_cents
}

/// Asks the processor for each practice's balance and for the platform's own. They add up to what the ledger has there, but for what it
/// owes practices that cannot be read.
async fn compare(processor: &dyn CardProcessor, practices: &[Practice], proof: &mut Proof) -> Result<()> {
    let platform = processor.find_balance(None).await.context("asking for the platform's balance")?;
    let (mut all, mut not_compared) = (platform, 0);
    for practice in practices {
        let (organization_id, ledger_cents) = (practice.organization_id, practice.owed_cents);
        let Some(balance) = read_balance(processor, practice).await? else {
            not_compared += ledger_cents.0;
            if !practice.is_closed || ledger_cents != AudCents::ZERO {
                proof.unread.push(Unread { organization_id, ledger_cents, is_closed: practice.is_closed });
            }
            continue;
        };
        all += balance;
        if balance != ledger_cents.0 {
            proof.at_processor.push(AtProcessor {
                organization_id: Some(organization_id),
                ledger_cents,
                processor_cents: AudCents(balance),
            });
        }
    }
    let there = proof.sums.iter().find(|(kind, _)| *kind == AccountKind::Processor);
    let ledger_cents = AudCents(there.map_or(0, |(_, cents)| cents.0) - not_compared);
    if all != ledger_cents.0 {
        let processor_cents = AudCents(all);
        proof.at_processor.push(AtProcessor { organization_id: None, ledger_cents, processor_cents });
    }
    Ok(())
}

/// What a practice has with the processor; nothing where its account is closed, or the processor does not show it.
async fn read_balance(processor: &dyn CardProcessor, practice: &Practice) -> Result<Option<i64>> {
    if practice.is_closed {
        return Ok(None);
    }
    let organization_id = practice.organization_id;
    match processor.find_balance(Some(practice.processor_account.as_str())).await {
        Ok(balance) => Ok(Some(balance)),
        Err(error) => {
            // One that tells the platform's balance answers: it was about this account alone.
            let is_out = matches!(error, ProcessorError::Unavailable(_))
                && matches!(processor.find_balance(None).await, Err(ProcessorError::Unavailable(_)));
            if is_out {
                return Err(error)
                    .with_context(|| format!("asking for the balance of practice {organization_id}"));
            }
            tracing::warn!(organization.id = %organization_id, error = %error, "a practice's balance cannot be read");
            Ok(None)
        }
    }
}
