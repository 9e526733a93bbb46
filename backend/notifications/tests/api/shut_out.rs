//! A young person has shut out the parent who booked for them: their own account is told of the booking as anybody's who booked.

use shared_types::{
    AccountId, PatientId,
    bookings::{AppointmentFact, AppointmentStatus, BookingsEvent},
    users::{LeaveEnded, OwnAccount, UsersEvent},
};
use uuid::Uuid;

use crate::{
    World, envelope,
    notices::{ADA, BO, cancel, confirm, notices, of},
};

const YOUNG: PatientId = PatientId(Uuid::from_u128(0xC));

fn parents() -> AppointmentFact {
    AppointmentFact { patient_id: Some(YOUNG), ..of(ADA, 1) }
}

/// The patient, who is signed in as BO, shuts ADA out.
async fn shut_out(world: &World) {
    let own =
        OwnAccount { account_id: Uuid::from_u128(BO).into(), email: "young@example.org".to_owned().into() };
    let ended = LeaveEnded { account_id: Uuid::from_u128(ADA).into(), patient_id: YOUNG, own: Some(own) };
    world.receive(&envelope(&world.core, "users", &UsersEvent::LeaveEnded(ended))).await;
}

async fn moved(world: &World, fact: AppointmentFact) {
    let fact = AppointmentFact { sequence: 1, ..fact };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentMoved(fact))).await;
}

/// What an account reads, in the order of the words.
async fn kinds(world: &World, account: u128) -> Vec<String> {
    let told = notices(world, account).await;
    let items = told["items"].as_array().unwrap().iter();
    let mut kinds: Vec<_> = items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect();
    kinds.sort_unstable();
    kinds
}

#[tokio::test]
async fn a_young_person_is_told_of_each_change_in_their_own_account_and_the_parent_of_none() {
    let young: AccountId = Uuid::from_u128(BO).into();
    // As bookings tells once it has heard of it; before, from what was on its way; and of nobody in particular.
    for account_id in [Some(young), parents().account_id, None] {
        let world = World::new().await;
        confirm(&world, parents()).await;
        assert_eq!(kinds(&world, ADA).await, ["confirmed"]);
        shut_out(&world).await;
        assert!(kinds(&world, ADA).await.is_empty(), "what was told goes");
        moved(&world, AppointmentFact { account_id, ..parents() }).await;
        assert_eq!(kinds(&world, BO).await, ["moved"], "{account_id:?}");
        cancel(&world, AppointmentFact { account_id, ..parents() }).await;
        assert_eq!(kinds(&world, BO).await, ["cancelled", "moved"], "{account_id:?}");
        assert!(kinds(&world, ADA).await.is_empty(), "{account_id:?}");
    }
}

#[tokio::test]
async fn what_a_practice_accepts_afterwards_is_confirmed_to_the_young_person() {
    for account_id in [Some(Uuid::from_u128(BO).into()), parents().account_id, None] {
        let world = World::new().await;
        let asked = AppointmentFact { status: AppointmentStatus::Requested, ..parents() };
        world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentRequested(asked))).await;
        shut_out(&world).await;
        confirm(&world, AppointmentFact { account_id, ..parents() }).await;
        assert_eq!(kinds(&world, BO).await, ["confirmed"], "{account_id:?}");
        // It stays theirs for what comes later.
        world.at("2026-11-29T03:00:00Z");
        world.remind().await;
        assert_eq!(kinds(&world, BO).await, ["confirmed", "reminder"], "{account_id:?}");
        assert!(kinds(&world, ADA).await.is_empty(), "{account_id:?}");
    }
}
