//! Finding out what somebody reached, and what nothing explains.

use jiff::{SignedDuration, Timestamp};
use kernel::audit::{self, Actor, Entry, Outcome, Purpose, search};
use shared_types::{
    AccountId, BookingId, OrganizationId, PatientId,
    users::{Claims, Strength},
};
use uuid::Uuid;

use super::kept::Kept;

const ADA: PatientId = PatientId(Uuid::from_u128(0xA));
const BOB: PatientId = PatientId(Uuid::from_u128(0xB));

fn staff(account: u128) -> Claims {
    Claims {
        session_id: Uuid::from_u128(1).into(),
        account_id: Uuid::from_u128(account).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
    }
}

async fn act(
    kept: &Kept,
    actor: Actor,
    whose: Option<PatientId>,
    purpose: Purpose,
    outcome: Outcome,
) -> BookingId {
    let booking: BookingId = kept.core.id();
    let mut tx = kept.core.begin().await.unwrap();
    let resource = booking.into();
    let entry = Entry { actor, action: "find_appointment", resource, whose, purpose, outcome };
    audit::record(&mut tx, &kept.core, entry).await.unwrap();
    kept.core.commit(tx).await.unwrap();
    booking
}

#[tokio::test]
async fn whom_a_misused_account_reached_is_told_exactly() {
    let kept = Kept::new().await;
    let (misused, other) = (Actor::of(&staff(2)), Actor::of(&staff(3)));
    let read = async |actor: &Actor, whose, outcome| {
        act(&kept, actor.clone(), whose, Purpose::Practice, outcome).await.to_string()
    };
    read(&misused, Some(ADA), Outcome::Allowed).await;
    kept.core.clock.advance(SignedDuration::from_hours(1));
    let from = kept.core.now();
    let (first, second) =
        (read(&misused, Some(BOB), Outcome::Allowed).await, read(&misused, None, Outcome::Allowed).await);
    read(&misused, Some(ADA), Outcome::Denied).await;
    read(&other, Some(ADA), Outcome::Allowed).await;
    kept.core.clock.advance(SignedDuration::from_hours(1));
    let to = kept.core.now();
    read(&misused, Some(ADA), Outcome::Allowed).await;
    let account = AccountId(Uuid::from_u128(2));
    let touched = search::touched(&mut kept.auditor().await, account, from, to).await.unwrap();
    let found: Vec<_> = touched.into_iter().map(|one| (one.whose, one.resource_id)).collect();
    assert_eq!(found, [(Some(BOB.0), first), (None, second)]);
    let wanted = search::Search { whose: Some(ADA), actor: Some(account), from: Timestamp::UNIX_EPOCH, to };
    let entries = search::search(&mut kept.auditor().await, &wanted, 10).await.unwrap();
    let outcomes: Vec<_> = entries.iter().map(|found| found.entry.outcome).collect();
    assert_eq!(outcomes, [transparency::Outcome::Allowed, transparency::Outcome::Denied]);
}

#[tokio::test]
async fn reads_that_nothing_explains_are_flagged() {
    let kept = Kept::new().await;
    let (ours, theirs) = (OrganizationId(Uuid::from_u128(5)), OrganizationId(Uuid::from_u128(6)));
    let reads = async |organization| {
        let actor = Actor::for_practice(&staff(2), organization);
        act(&kept, actor, Some(ADA), Purpose::Practice, Outcome::Allowed).await
    };
    let (own, _) = (reads(ours).await, reads(theirs).await);
    sqlx::query(
        "insert into bookings.appointment_party (booking_id, organization_id, guest_hash, name, date_of_birth, email, \
         mobile, created_at, updated_at) values ($1, $2, '', '', '1980-01-01', '', '', now(), now())",
    )
    .bind(own)
    .bind(ours)
    .execute(&mut kept.database.administrator().await)
    .await
    .unwrap();
    let helper = staff(4);
    act(&kept, Actor::by_grant(&helper, kept.core.id()), Some(ADA), Purpose::Support, Outcome::Allowed).await;
    act(&kept, Actor::of(&helper), Some(ADA), Purpose::Support, Outcome::Allowed).await;
    let to = kept.core.now() + SignedDuration::from_secs(1);
    let found = search::suspect(&mut kept.auditor().await, Timestamp::UNIX_EPOCH, to).await.unwrap();
    let mut why: Vec<_> = found.into_iter().map(|one| one.why).collect();
    why.sort_unstable();
    assert_eq!(why, ["a booking of another practice", "no stated reason"]);
}
