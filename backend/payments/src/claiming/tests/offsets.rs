//! Runs that bring less than their claims, and what is said of them.

use claims_simulator::Offset;
use jiff::civil::date;
use shared_types::{
    AudCents,
    payments::claim::{ClaimStatus, MedicareRun, RunPartKind},
};

use super::{GOOD_CARD, PRACTICE, World};
use crate::{
    claiming::{CannotOffset, offset},
    domain::{
        claim::{Claim, PaymentRun},
        ledger::Account,
    },
    ledger_proof::verify,
    store::{medicare_payment, medicare_payment_part},
};

/// A claim that a run of 28 November has paid, by its reports.
async fn paid(world: &World) -> Claim {
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    for hours in [6, 18, 24] {
        assert_eq!(world.ask_after(hours).await, 1);
    }
    let paid = world.claim(claim_id).await;
    assert_eq!((paid.status, paid.paid_cents), (ClaimStatus::Reconciled, AudCents(4_390)));
    paid
}

async fn runs(world: &World) -> Vec<MedicareRun> {
    medicare_payment::list(&mut *world.conn().await, PRACTICE, None, 10).await.unwrap()
}

#[tokio::test]
async fn a_run_that_brings_less_than_its_claims_is_read_as_it_is_told() {
    let world = World::new(GOOD_CARD).await;
    let location_id = "AAA00000".to_owned();
    world.simulator.add_offset(Offset { location_id, run_date: date(2026, 11, 28), cents: 755 });
    let claim = paid(&world).await;
    let run = runs(&world).await.remove(0);
    assert_eq!((run.deposit_cents, run.matched_cents), (AudCents(3_635), AudCents(4_390)));
    assert_eq!((run.unmatched_cents, run.reconciled_at), (AudCents(-755), None));
    let parts =
        medicare_payment_part::list(&mut *world.conn().await, run.medicare_payment_id, None, 10).await;
    let parts = parts.unwrap();
    assert_eq!(parts.len(), 1);
    let part = &parts[0].part;
    assert_eq!((part.claim_id, part.kind), (claim.claim_id, RunPartKind::Paid));
    assert_eq!((part.claimed_cents, part.amount_cents), (AudCents(4_390), AudCents(4_390)));
    assert_eq!(world.balance(Account::medicare_paid(PRACTICE)).await, 4_390, "what the report says");
    assert!(verify(&world.core, None).await.unwrap().is_whole());
    assert_eq!(world.ask_after(24).await, 0, "all that a report says is known");
}

#[tokio::test]
async fn what_was_taken_back_is_in_the_ledger_once_and_the_run_adds_up() {
    let world = World::new(GOOD_CARD).await;
    let claim = paid(&world).await;
    assert!(runs(&world).await[0].reconciled_at.is_some());
    // Another claim of the practice, paid in a later run that brings less.
    let told = PaymentRun {
        run_date: date(2026, 12, 1),
        run_number: "335".to_owned(),
        deposit_cents: AudCents(3_635),
        masked_account: None,
        paid_cents: AudCents(4_390),
    };
    let mut tx = world.core.begin().await.unwrap();
    let later = medicare_payment::match_run(&mut tx, &world.core, PRACTICE, &told).await.unwrap();
    let said = offset(&mut tx, &world.core, &claim, later, AudCents(755)).await.unwrap();
    assert_eq!(said, Ok(()));
    let again = offset(&mut tx, &world.core, &claim, later, AudCents(755)).await.unwrap();
    assert_eq!(again, Err(CannotOffset::SaidBefore));
    world.core.commit(tx).await.unwrap();
    let stands = world.claim(claim.claim_id).await;
    assert_eq!((stands.status, stands.version), (ClaimStatus::Reconciled, claim.version + 2));
    assert_eq!((stands.benefit_cents, stands.paid_cents), (AudCents(3_635), AudCents(3_635)));
    for (account, cents) in [
        (Account::medicare_due(PRACTICE), 0),
        (Account::medicare_paid(PRACTICE), 3_635),
        (Account::medicare_benefits(PRACTICE), -3_635),
    ] {
        assert_eq!(world.balance(account).await, cents, "{account:?}");
    }
    let run = runs(&world).await.remove(0);
    assert_eq!((run.medicare_payment_id, run.offset_cents), (later, AudCents(755)));
    assert_eq!((run.matched_cents, run.unmatched_cents), (AudCents(3_635), AudCents::ZERO));
    assert!(run.reconciled_at.is_some());
    assert!(verify(&world.core, None).await.unwrap().is_whole());
    assert_eq!(world.ask_after(24).await, 0, "all is known");
}
