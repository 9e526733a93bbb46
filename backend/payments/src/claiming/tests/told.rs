//! Claims of which no report comes, and what staff learn of them by asking.

use jiff::civil::date;
use shared_types::{
    AudCents,
    payments::claim::{ClaimStatus, Told, ToldPayment},
};

use super::{GOOD_CARD, PRACTICE, World};
use crate::{
    claiming::{CannotTell, has_stopped, told},
    domain::{claim::Claim, ledger::Account},
    ledger_proof::verify,
    store::{claim, medicare_payment},
};

/// A claim that was taken, and that Medicare knows nothing of for weeks.
async fn not_found(world: &World) -> Claim {
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    sqlx::query("update payments.claim set medicare_claim_id = 'Z9999@'")
        .execute(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(world.ask_after(6).await, 1);
    assert!(!has_stopped(&world.claim(claim_id).await), "it may be found yet");
    assert_eq!(world.ask_after(28 * 24).await, 1);
    let stopped = world.claim(claim_id).await;
    assert!(has_stopped(&stopped));
    assert_eq!(world.ask_after(24).await, 0);
    stopped
}

/// By run 335, so much for the only service.
fn paid(cents: i64) -> ToldPayment {
    ToldPayment {
        run_date: date(2026, 11, 28),
        run_number: "335".to_owned(),
        deposit_cents: AudCents(9_000),
        benefits: vec![AudCents(cents)],
    }
}

async fn balances(world: &World) -> [i64; 3] {
    let mut found = [0; 3];
    let accounts = [Account::medicare_due, Account::medicare_paid, Account::medicare_benefits];
    for (at, account) in accounts.into_iter().enumerate() {
        found[at] = world.balance(account(PRACTICE)).await;
    }
    found
}

#[tokio::test]
async fn what_was_paid_is_booked_as_a_report_would_have_and_once() {
    for cents in [4_390, 4_000] {
        let world = World::new(GOOD_CARD).await;
        let before = not_found(&world).await;
        let payment = paid(cents);
        let mut tx = world.core.begin().await.unwrap();
        let said = told(&mut tx, &world.core, &before, (Told::Paid, Some(&payment))).await.unwrap();
        assert_eq!(said, Ok(()));
        let after = claim::lock(&mut tx, before.claim_id).await.unwrap().unwrap();
        let again = told(&mut tx, &world.core, &after, (Told::Paid, Some(&payment))).await.unwrap();
        assert_eq!(again, Err(CannotTell::NotStopped));
        world.core.commit(tx).await.unwrap();
        assert_eq!((after.status, after.paid_cents), (ClaimStatus::Reconciled, AudCents(cents)));
        assert_eq!(balances(&world).await, [0, cents, -cents]);
        let runs = medicare_payment::list(&mut *world.conn().await, PRACTICE, None, 10).await.unwrap();
        assert_eq!((runs.len(), runs[0].matched_cents), (1, AudCents(cents)));
        assert!(verify(&world.core, None).await.unwrap().is_whole());
        assert_eq!(world.ask_after(24).await, 0, "all is known");
    }
}

#[tokio::test]
async fn what_medicare_never_had_or_does_not_pay_can_be_claimed_again() {
    for (what, status) in
        [(Told::NeverReceived, ClaimStatus::Withdrawn), (Told::NothingPaid, ClaimStatus::AssessedRejected)]
    {
        let world = World::new(GOOD_CARD).await;
        let before = not_found(&world).await;
        let mut tx = world.core.begin().await.unwrap();
        assert_eq!(told(&mut tx, &world.core, &before, (what, None)).await.unwrap(), Ok(()));
        world.core.commit(tx).await.unwrap();
        assert_eq!(world.claim(before.claim_id).await.status, status);
        assert_eq!(balances(&world).await, [0; 3]);
        let again = world.draft(&mut *world.conn().await, None).await.unwrap();
        assert_eq!(again.status, ClaimStatus::Ready);
    }
}

#[tokio::test]
async fn what_was_assessed_and_is_not_paid_is_owed_no_more_and_medicare_has_had_it() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    assert_eq!(world.ask_after(24).await, 1);
    claim::ask_again(&mut *world.conn().await, claim_id, None).await.unwrap();
    let before = world.claim(claim_id).await;
    assert_eq!(
        (before.status, world.balance(Account::medicare_due(PRACTICE)).await),
        (ClaimStatus::AssessedPaid, 4_390)
    );
    let mut tx = world.core.begin().await.unwrap();
    let never = told(&mut tx, &world.core, &before, (Told::NeverReceived, None)).await.unwrap();
    assert_eq!(never, Err(CannotTell::HadIt));
    assert_eq!(told(&mut tx, &world.core, &before, (Told::NothingPaid, None)).await.unwrap(), Ok(()));
    world.core.commit(tx).await.unwrap();
    let after = world.claim(claim_id).await;
    assert_eq!((after.status, after.benefit_cents), (ClaimStatus::Adjusted, AudCents::ZERO));
    assert_eq!(balances(&world).await, [0; 3]);
    assert!(verify(&world.core, None).await.unwrap().is_whole());
    let again = world.draft(&mut *world.conn().await, Some(claim_id)).await.unwrap();
    assert_eq!(again.relodges, Some(claim_id));
}
