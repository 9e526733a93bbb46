//! `hellomapper ledger`: proves that the ledger of payments is whole.

use std::{env, process::ExitCode};

use anyhow::Result;
use clap::Subcommand;
use kernel::{
    Chance, Clock, Core,
    config::{Mode, Settings},
};
use payments::{
    ProcessorSettings,
    ledger_proof::{self, Proof},
};

use crate::databases::Databases;

#[derive(Subcommand)]
pub enum Ledger {
    /// Adds every entry up and compares the sums with the payments, and with the processor where STRIPE_SECRET_KEY or PROCESSOR_URL
    /// names one. Ends with 0 whole, 1 not whole, 2 whole, but the processor says otherwise or does not show an account.
    Verify {
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does what was asked.
///
/// # Errors
/// When the database or the processor cannot be asked.
pub async fn run(asked: Ledger) -> Result<ExitCode> {
    let Ledger::Verify { json } = asked;
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let proof = prove(&databases, with_processor(settings.mode)).await;
    databases.close(false)?;
    let proof = proof?;
    if json {
        println!("{}", serde_json::to_string(&proof)?);
    } else {
        print!("{}", words(&proof));
    }
    Ok(code(&proof))
}

fn with_processor(mode: Mode) -> Option<Mode> {
    let is_named = ["STRIPE_SECRET_KEY", "PROCESSOR_URL"].iter().any(|name| env::var_os(name).is_some());
    is_named.then_some(mode)
}

async fn prove(databases: &Databases, with_processor: Option<Mode>) -> Result<Proof> {
    databases.migrate().await?;
    let core = Core::new(databases.pools().await?.payments, Clock::System, Chance::system());
    let processor = with_processor.map(ProcessorSettings::from_env).transpose()?;
    ledger_proof::verify(&core, processor.as_ref()).await
}

fn code(proof: &Proof) -> ExitCode {
    // A closed account stays closed: what is owed beside it is said, and is no news.
    let is_as_said = proof.at_processor.is_empty() && proof.unread.iter().all(|one| one.is_closed);
    match (proof.is_whole(), is_as_said) {
        (false, _) => ExitCode::from(1),
        (true, false) => ExitCode::from(2),
        (true, true) => ExitCode::SUCCESS,
    }
}

fn words(proof: &Proof) -> String {
    let mut words = format!(
        "{} postings with {} entries, {} of debits and as much of credits.\n",
        proof.postings, proof.entries, proof.debits_cents
    );
    for (kind, cents) in &proof.sums {
        words.push_str(&format!("  {:<18} {cents}\n", kind.code()));
    }
    for posting in &proof.unbalanced {
        words.push_str(&format!("Posting {posting} does not balance.\n"));
    }
    for payment in &proof.differing_payments {
        words.push_str(&format!("Payment {payment} says otherwise than its postings.\n"));
    }
    for (practice, day) in &proof.differing_days {
        words.push_str(&format!(
            "What is kept of {day} for practice {practice} is not what its entries add up to.\n"
        ));
    }
    for run in &proof.differing_runs {
        words.push_str(&format!(
            "A claim's part of Medicare's payment run {run} is not what its posting says.\n"
        ));
    }
    if proof.has_lost_entries {
        words.push_str("There was more when the last proof was made: compare with a backup.\n");
    }
    for one in &proof.at_processor {
        let whose =
            one.organization_id.map_or_else(|| "all together".to_owned(), |id| format!("practice {id}"));
        words.push_str(&format!(
            "The processor has {} for {whose}, and the ledger {}: start a reconciliation.\n",
            one.processor_cents, one.ledger_cents
        ));
    }
    for one in &proof.unread {
        let (practice, owed) = (one.organization_id, one.ledger_cents);
        words.push_str(&if one.is_closed {
            format!("The account of practice {practice} is closed, and by the ledger it is owed {owed}.\n")
        } else {
            format!(
                "The processor does not show the account of practice {practice}, which by the ledger is owed {owed}: it was \
                 deleted, or our access was taken away.\n"
            )
        });
    }
    if !proof.asked_processor {
        words.push_str(
            "The processor was not asked: neither STRIPE_SECRET_KEY nor PROCESSOR_URL names one.\n",
        );
    }
    words.push_str(if proof.is_whole() { "The ledger is whole.\n" } else { "The ledger is not whole.\n" });
    words
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use payments::ledger_proof::{AtProcessor, Proof, Unread};
    use shared_types::{AudCents, payments::practice::AccountKind};
    use uuid::Uuid;

    use super::{code, words};

    #[test]
    fn what_is_wrong_is_named() {
        let sums = vec![(AccountKind::Processor, AudCents(10_000))];
        let whole =
            Proof { postings: 1, entries: 2, debits_cents: AudCents(10_000), sums, ..Proof::default() };
        let said = words(&whole);
        assert!(said.contains("The processor was not asked"), "{said}");
        assert_eq!(said.lines().last(), Some("The ledger is whole."));
        let asked = words(&Proof { asked_processor: true, ..whole.clone() });
        assert!(!asked.contains("not asked"), "{asked}");
        let there = AtProcessor {
            organization_id: None,
            ledger_cents: AudCents(10_000),
            processor_cents: AudCents(9_000),
        };
        let said = words(&Proof { at_processor: vec![there], ..whole.clone() });
        assert!(said.contains("The processor has $90 for all together, and the ledger $100"), "{said}");
        for (is_closed, line, ends) in [
            (false, "The processor does not show the account of practice", ExitCode::from(2)),
            (true, "is closed, and by the ledger it is owed $50.", ExitCode::SUCCESS),
        ] {
            let (organization_id, ledger_cents) = (Uuid::from_u128(9).into(), AudCents(5_000));
            let unread = Unread { organization_id, ledger_cents, is_closed };
            let proof = Proof { unread: vec![unread], ..whole.clone() };
            assert!(words(&proof).contains(line), "{}", words(&proof));
            assert_eq!(format!("{:?}", code(&proof)), format!("{ends:?}"), "{line}");
        }
        let said = words(&Proof { unbalanced: vec![Uuid::from_u128(1).into()], ..whole });
        assert!(said.contains("does not balance") && said.ends_with("The ledger is not whole.\n"), "{said}");
    }
}
