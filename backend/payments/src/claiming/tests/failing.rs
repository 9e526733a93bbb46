//! What cannot be sent or booked of one claim, and is in nobody's way; and what is not sent any more.

use claims_simulator::Fault;
use jiff::{SignedDuration, civil::date};
use shared_types::{AudCents, payments::claim::ClaimStatus};

use super::{BOOKING, GOOD_CARD, PRACTICE, World};
use crate::{
    claiming::{has_stopped, not_over, reporting::paid, take},
    domain::{
        claim::{PaymentRun, StepBy},
        ledger::Account,
    },
    ledger_proof::verify,
    store::{claim, claimant},
};

async fn run(world: &World, statement: &'static str) {
    sqlx::query(statement).execute(&world.core.pool).await.unwrap();
}

#[tokio::test]
async fn a_claim_that_cannot_be_read_is_asked_about_later() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    // As a newer build may write it.
    run(&world, "update payments.claim set service_type = 'S', referral = '{}'").await;
    assert_eq!((world.ask_after(6).await, world.ask_after(0).await), (1, 0), "it waits its turn");
    run(&world, "update payments.claim set service_type = 'O', referral = null").await;
    assert_eq!(world.ask_after(18).await, 1);
    assert_eq!(world.claim(claim_id).await.status, ClaimStatus::AssessedPaid);
}

#[tokio::test]
async fn a_message_that_cannot_be_put_together_is_tried_later() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    run(&world, "update payments.practice_account set location_id = null").await;
    assert_eq!((world.send().await, world.send().await), (1, 0), "it waits its turn");
    assert_eq!(world.claim(claim_id).await.status, ClaimStatus::Sending);
    run(&world, "update payments.practice_account set location_id = 'AAA00000'").await;
    world.core.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(world.send().await, 1);
    assert_eq!(world.claim(claim_id).await.status, ClaimStatus::Submitted);
}

#[tokio::test]
async fn what_medicare_pays_after_all_of_what_another_claim_names_is_for_staff_to_see() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    // It was not paid at first, and somebody at Medicare looks at it once more.
    run(&world, "update payments.claim_service set outcome = 'rejected', stands = false").await;
    let mut conn = world.conn().await;
    let other = world.draft(&mut conn, None).await.unwrap();
    assert_eq!(world.ask_after(24).await, 1);
    let stopped = world.claim(claim_id).await;
    assert_eq!((stopped.status, has_stopped(&stopped)), (ClaimStatus::Submitted, true));
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 0);
    assert_eq!(world.ask_after(24).await, 0, "asking again changes nothing of it");
    // Staff take the other one back, and have Medicare asked once more.
    let gone = other.step(ClaimStatus::Withdrawn, world.core.now()).unwrap();
    take(&mut conn, &world.core, &other, &gone, StepBy::Practice, None).await.unwrap();
    claim::release_services(&mut conn, other.claim_id).await.unwrap();
    claim::ask_again(&mut conn, claim_id, Some(world.core.now())).await.unwrap();
    assert_eq!(world.ask_after(0).await, 1);
    assert_eq!(world.claim(claim_id).await.status, ClaimStatus::AssessedPaid);
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 4_390);
}

#[tokio::test]
async fn what_a_run_pays_nothing_of_can_be_claimed_again_whatever_was_assessed() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    assert_eq!(world.ask_after(24).await, 1);
    let assessed = world.claim(claim_id).await;
    assert_eq!((assessed.status, assessed.benefit_cents), (ClaimStatus::AssessedPaid, AudCents(4_390)));
    let run = PaymentRun {
        run_date: date(2026, 11, 28),
        run_number: "335".to_owned(),
        deposit_cents: AudCents::ZERO,
        masked_account: None,
        paid_cents: AudCents::ZERO,
    };
    let mut tx = world.core.begin().await.unwrap();
    paid(&mut tx, &world.core, &assessed, &run, StepBy::Medicare).await.unwrap();
    world.core.commit(tx).await.unwrap();
    let unpaid = world.claim(claim_id).await;
    assert_eq!((unpaid.status, unpaid.benefit_cents), (ClaimStatus::Adjusted, AudCents::ZERO));
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 0);
    let again = world.draft(&mut *world.conn().await, Some(claim_id)).await.unwrap();
    assert_eq!((again.status, again.relodges), (ClaimStatus::Ready, Some(claim_id)));
    assert!(verify(&world.core, None).await.unwrap().is_whole());
}

/// That the visit was over is taken back while its claim is about to be sent.
#[tokio::test]
async fn what_has_not_reached_medicare_goes_with_its_visit_and_what_has_is_there() {
    for (fault, stands) in [
        (None, ClaimStatus::Withdrawn),
        (Some(Fault::Lost), ClaimStatus::Withdrawn),
        (Some(Fault::AnswerLost), ClaimStatus::Submitted),
    ] {
        let world = World::new(GOOD_CARD).await;
        let claim_id = world.lodge().await.claim_id;
        if let Some(fault) = fault.clone() {
            world.simulator.add_faults([fault]);
            assert_eq!(world.send().await, 1);
            world.core.clock.advance(SignedDuration::from_mins(2));
        }
        let mut tx = world.core.begin().await.unwrap();
        claimant::set_completed(&mut tx, BOOKING, None).await.unwrap();
        not_over(&mut tx, &world.core, BOOKING).await.unwrap();
        world.core.commit(tx).await.unwrap();
        assert_eq!(world.send().await, 1, "{fault:?}");
        let claim = world.claim(claim_id).await;
        assert_eq!(claim.status, stands, "{fault:?}");
        let lodged = usize::from(stands == ClaimStatus::Submitted);
        assert_eq!(world.simulator.world().lodged().len(), lodged, "{fault:?}");
        // Its services are free where it was taken back.
        let again = world.draft(&mut *world.conn().await, None).await;
        assert_eq!(again.is_ok(), lodged == 0, "{fault:?}");
        world.core.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(world.send().await, 0, "nothing is tried for ever");
    }
}

/// It is taken back that the visit was over, it is moved, and it is over again, while nobody reaches Medicare.
#[tokio::test]
async fn what_is_to_be_sent_for_a_day_on_which_there_was_no_visit_is_not_sent() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    run(&world, "update payments.claimant set service_on = '2026-11-26'").await;
    assert_eq!(world.send().await, 1);
    let claim = world.claim(claim_id).await;
    assert_eq!((claim.status, claim.codes), (ClaimStatus::Withdrawn, vec!["NOT_OVER".to_owned()]));
    assert_eq!(world.simulator.world().lodged().len(), 0);
}
