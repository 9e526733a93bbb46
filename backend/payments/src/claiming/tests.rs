//! Claims against the simulator, over HTTP, by one clock that is moved by hand.

mod failing;
mod offsets;
mod told;

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use claims_simulator::{Fault, Simulator, codes::card_for};
use jiff::{SignedDuration, civil::date};
use kernel::{Chance, Core, config::Settings, testing::Database};
use shared_types::{
    AudCents, BookingId, ClaimId, OrganizationId, PractitionerRoleId,
    payments::claim::{ClaimStatus, NoVisit, ReturnWay, RoleSetup, ServiceType},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    CannotLodge, CannotReturn, Wanted, WentBack, ask_next, begin_lodging, create, give_back, has_stopped,
    lodge_next, lodging::message, refused, rest, take,
};
use crate::{
    domain::{
        assignment::{CardHolder, Identity},
        claim::{Claim, StepBy},
        ledger::Account,
    },
    field_cipher::FieldCipher,
    gateways::{
        medicare::{Asking, MedicareGateway},
        medicare_http::{Device, HttpMedicare},
    },
    ledger_proof::verify,
    store::{
        claim::{self, StoreError},
        claimant, ledger, role_setup,
    },
};

const BOOKING: BookingId = BookingId(Uuid::from_u128(1));
const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(2));
const ROLE: PractitionerRoleId = PractitionerRoleId(Uuid::from_u128(3));
const GOOD_CARD: &str = "2123456701";

/// Made once: it takes a moment.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

struct World {
    core: Core,
    cipher: FieldCipher,
    simulator: Simulator,
    medicare: HttpMedicare,
    _database: Database,
    _home: tempfile::TempDir,
}

impl World {
    /// A practice with its numbers, item 23 in the schedule, a visit with a card, and the patient's assignment.
    async fn new(card: &str) -> Self {
        let database = Database::new().await;
        let core = database.core("payments", "2026-11-26T00:00:00Z".parse().unwrap()).await;
        let home = tempfile::tempdir().unwrap();
        let settings = Settings { home: home.path().to_owned(), ..Settings::from_env().unwrap() };
        let cipher = FieldCipher::of(&settings, &core.chance).unwrap();
        let simulator = Simulator::new(core.clock.clone(), Chance::seeded(7));
        simulator.add_device("desk", KEY.public_key().as_ref());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = claims_simulator::router(simulator.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let key: Pkcs8V1Der<'_> = KEY.as_der().unwrap();
        let device = Device {
            token_address: format!("{address}/token"),
            organisation: "1234567890".to_owned(),
            name: "desk".to_owned(),
            key: key.as_ref().to_vec(),
        };
        let medicare = HttpMedicare::new(core.clone(), &address, "client".to_owned(), device).unwrap();
        let world = Self { core, cipher, simulator, medicare, _database: database, _home: home };
        world.set_up(card).await;
        world
    }

    async fn conn(&self) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
        self.core.pool.acquire().await.unwrap()
    }

    async fn set_up(&self, card: &str) {
        let mut conn = self.conn().await;
        let now = self.core.now();
        assert!(role_setup::put_location(&mut conn, PRACTICE, "AAA00000", 1, now).await.unwrap());
        let setup = RoleSetup {
            practitioner_role_id: ROLE,
            provider_number: Some("2447781L".to_owned()),
            modified_monash: Some(1),
            version: 1,
        };
        assert!(role_setup::put(&mut conn, PRACTICE, &setup, now).await.unwrap());
        self.put_card(card).await;
        for statement in ROWS {
            sqlx::query(statement).execute(&mut *conn).await.unwrap();
        }
    }

    async fn put_card(&self, card: &str) {
        let name = |text: &str| text.to_owned().into();
        let identity = Identity {
            name: name("Ada Example"),
            date_of_birth: date(1980, 1, 1).into(),
            mobile_ends_with: name("156"),
            card: Some(CardHolder {
                family_name: name("Example"),
                given_name: name("Ada"),
                date_of_birth: date(1980, 1, 1).into(),
                medicare: format!("{card}/1").into(),
            }),
        };
        let text = serde_json::to_string(&identity).unwrap();
        let visit = claimant::Row {
            booking_id: BOOKING,
            organization_id: PRACTICE,
            practitioner_role_id: ROLE,
            appointment_type_id: None,
            professional_name: "Kim Lee".to_owned(),
            practice_name: "Harbour".to_owned(),
            service_name: "Consultation".to_owned(),
            service_on: date(2026, 11, 25),
            ends_at: "2026-11-25T01:00:00Z".parse().unwrap(),
            key_id: self.cipher.key_id().to_owned(),
            identity: self.cipher.seal_claimant(&self.core.chance, BOOKING, &text),
        };
        let mut conn = self.conn().await;
        claimant::put(&mut conn, &visit, self.core.now()).await.unwrap();
        claimant::set_completed(&mut conn, BOOKING, Some(visit.ends_at)).await.unwrap();
    }

    async fn draft(&self, conn: &mut PgConnection, relodges: Option<ClaimId>) -> anyhow::Result<Claim> {
        let visit = claimant::find(conn, BOOKING).await.unwrap().unwrap();
        let wanted = Wanted {
            service_type: ServiceType::General,
            item_numbers: vec!["23".to_owned()],
            payee_provider_number: None,
            referral: None,
            referral_override: None,
            relodges,
        };
        let created = create(conn, &self.core, &visit, &wanted, StepBy::System).await?;
        Ok(created.expect("the item is in force"))
    }

    /// Drafts a claim and writes its message down to be sent.
    async fn lodge(&self) -> Claim {
        let mut conn = self.conn().await;
        let claim = self.draft(&mut conn, None).await.unwrap();
        assert_eq!(claim.status, ClaimStatus::Ready);
        begin_lodging(&mut conn, &self.core, &self.cipher, &claim).await.unwrap().unwrap()
    }

    async fn send(&self) -> u64 {
        lodge_next(&self.core, &self.cipher, &self.medicare).await.unwrap()
    }

    async fn ask_after(&self, hours: i64) -> u64 {
        self.core.clock.advance(SignedDuration::from_hours(hours));
        ask_next(&self.core, &self.medicare).await.unwrap()
    }

    async fn claim(&self, claim_id: ClaimId) -> Claim {
        claim::lock(&mut *self.conn().await, claim_id).await.unwrap().unwrap()
    }

    async fn balance(&self, account: Account) -> i64 {
        ledger::balance(&mut *self.conn().await, account).await.unwrap().0
    }
}

/// Item 23 and an assignment of the visit's day.
const ROWS: [&str; 3] = [
    "insert into payments.mbs_load (mbs_load_id, file_name, sha256, status, effective_from, items, added, changed, ended, \
     loaded_at) values (gen_random_uuid(), 'schedule.xml', sha256('1'), 'applied', '2026-01-01', 1, 1, 0, 0, now())",
    "insert into payments.fee_item (item_number, effective_from, mbs_load_id, category, item_group, description, fee_type, \
     benefit_type, schedule_fee_cents, benefit_100_cents) select '23', '2026-01-01', mbs_load_id, '1', 'A1', 'Attendance', \
     'fixed', 'C', 4390, 4390 from payments.mbs_load",
    "insert into payments.assignment (assignment_id, booking_id, organization_id, status, kind, method, document, \
     document_text, document_sha256, provider_number, service_category, service_from, service_until, evidence, offered_at, \
     assigned_at, assigned_on, keep_until, updated_at) values ('00000000-0000-0000-0000-000000000001', \
     '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'assigned', 'pre', 'electronic', \
     jsonb_build_object('text', 'assignment-pre', 'text_version', 1, 'words', '', 'patient_name', 'Ada Example', \
     'assignor_name', null, 'relation', 'patient', 'professional_name', 'Kim Lee', 'provider_number', '2447781L', \
     'practice_name', 'Harbour', 'service_category', 'Professional attendance', 'items', '[]'::jsonb, \
     'service_from', '2026-11-25', 'service_until', '2026-11-25'), 'Example', sha256('Example'), '2447781L', \
     'Professional attendance', '2026-11-25', '2026-11-25', 'ticket', now(), now(), '2026-11-25', '2029-01-01', now())",
];

#[tokio::test]
async fn a_claim_is_lodged_assessed_paid_and_in_the_ledger_to_the_cent() {
    let world = World::new(GOOD_CARD).await;
    let claim = world.lodge().await;
    assert_eq!((world.send().await, world.send().await), (1, 0));
    let submitted = world.claim(claim.claim_id).await;
    assert_eq!(submitted.status, ClaimStatus::Submitted);
    assert_eq!(submitted.medicare_claim_id.as_deref(), Some("A0001@"));
    assert_eq!(world.ask_after(6).await, 1);
    assert_eq!(world.claim(claim.claim_id).await.status, ClaimStatus::Processing);
    assert_eq!(world.ask_after(18).await, 1);
    assert_eq!(world.claim(claim.claim_id).await.status, ClaimStatus::AssessedPaid);
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 4_390);
    assert_eq!(world.ask_after(24).await, 1);
    let reconciled = world.claim(claim.claim_id).await;
    assert_eq!((reconciled.status, reconciled.paid_cents), (ClaimStatus::Reconciled, AudCents(4_390)));
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 0);
    assert_eq!(world.balance(Account::medicare_paid(PRACTICE)).await, 4_390);
    assert_eq!(world.balance(Account::medicare_benefits(PRACTICE)).await, -4_390);
    assert_eq!(world.ask_after(24).await, 0, "all is known");
}

#[tokio::test]
async fn what_went_back_to_medicare_leaves_nothing_of_its_claim_in_the_ledger() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    let went_back = WentBack {
        way: ReturnWay::PaidByPractice,
        returned_on: date(2026, 11, 28),
        reason: "Letter of 27 November".to_owned().into(),
    };
    let mut tx = world.core.begin().await.unwrap();
    claimant::set_no_visit(&mut tx, BOOKING, NoVisit::PractitionerAbsent).await.unwrap();
    let submitted = claim::lock(&mut tx, claim_id).await.unwrap().unwrap();
    let too_early = give_back(&mut tx, &world.core, &submitted, &went_back).await.unwrap();
    assert_eq!(too_early.unwrap_err(), CannotReturn::NotPaid);
    world.core.commit(tx).await.unwrap();
    for hours in [6, 18, 24] {
        assert_eq!(world.ask_after(hours).await, 1);
    }
    let paid = world.claim(claim_id).await;
    assert_eq!((paid.status, paid.paid_cents), (ClaimStatus::Reconciled, AudCents(4_390)));
    let mut tx = world.core.begin().await.unwrap();
    let after = give_back(&mut tx, &world.core, &paid, &went_back).await.unwrap().unwrap();
    world.core.commit(tx).await.unwrap();
    // From where it stood before, as somebody would who was slower.
    let mut tx = world.core.begin().await.unwrap();
    let again = give_back(&mut tx, &world.core, &paid, &went_back).await.unwrap_err();
    assert!(matches!(refused(&again), Some(StoreError::Stale)), "{again:?}");
    tx.rollback().await.unwrap();
    assert_eq!((after.status, after.version), (ClaimStatus::Adjusted, paid.version + 1));
    let stands = world.claim(claim_id).await;
    assert_eq!(
        (stands.version, stands.benefit_cents, stands.paid_cents),
        (after.version, AudCents::ZERO, AudCents::ZERO)
    );
    for account in [Account::medicare_due, Account::medicare_paid, Account::medicare_benefits] {
        assert_eq!(world.balance(account(PRACTICE)).await, 0);
    }
    assert!(verify(&world.core, None).await.unwrap().is_whole());
    assert_eq!(world.ask_after(24).await, 0, "all is known");
}

/// Whatever happens on the way, in whatever order: one claim is with Medicare.
#[tokio::test]
async fn a_claim_is_with_medicare_once_whatever_is_lost() {
    for fault in [Fault::Lost, Fault::AnswerLost, Fault::Hidden] {
        let world = World::new(GOOD_CARD).await;
        let claim = world.lodge().await;
        world.simulator.add_faults([fault.clone()]);
        assert_eq!(world.send().await, 1);
        assert_eq!(world.claim(claim.claim_id).await.status, ClaimStatus::GatewayError, "{fault:?}");
        assert_eq!(world.send().await, 0, "not before a while");
        world.core.clock.advance(SignedDuration::from_mins(2));
        assert_eq!(world.send().await, 1);
        assert_eq!(world.claim(claim.claim_id).await.status, ClaimStatus::Submitted, "{fault:?}");
        assert_eq!(world.simulator.world().lodged().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_crash_after_sending_claims_nothing_twice() {
    let world = World::new(GOOD_CARD).await;
    let claim = world.lodge().await;
    // Sent, and the process ends before it has written what came of it.
    let correlation_id: String = sqlx::query_scalar("select correlation_id from payments.claim_submission")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    let asking = Asking { location_id: "AAA00000".to_owned(), correlation_id };
    let message = message(&mut *world.conn().await, &world.cipher, &claim, world.core.now()).await;
    let message = message.unwrap().unwrap();
    assert_eq!(world.medicare.lodge(&asking, &message).await.as_deref(), Ok("A0001@"));
    assert_eq!(world.send().await, 1);
    world.core.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(world.send().await, 1);
    let submitted = world.claim(claim.claim_id).await;
    assert_eq!(submitted.medicare_claim_id.as_deref(), Some("A0001@"));
    assert_eq!(world.simulator.world().lodged().len(), 1);
}

#[tokio::test]
async fn a_refused_claim_is_put_right_and_lodged_again() {
    let world = World::new(&card_for("9635").unwrap()).await;
    let claim = world.lodge().await;
    world.send().await;
    let before = world.claim(claim.claim_id).await;
    assert_eq!((before.status, &before.codes[..]), (ClaimStatus::Refused, &["9635".to_owned()][..]));
    world.put_card(GOOD_CARD).await;
    let mut conn = world.conn().await;
    let draft = before.step(ClaimStatus::Draft, world.core.now()).unwrap();
    take(&mut conn, &world.core, &before, &draft, StepBy::Practice, None).await.unwrap();
    let services = claim::services(&mut conn, claim.claim_id).await.unwrap();
    let ready =
        rest(&mut conn, &world.core, &draft, draft.clone(), &services, StepBy::Practice).await.unwrap();
    begin_lodging(&mut conn, &world.core, &world.cipher, &ready).await.unwrap().unwrap();
    assert_eq!(world.send().await, 1);
    assert_eq!(world.claim(claim.claim_id).await.status, ClaimStatus::Submitted);
}

#[tokio::test]
async fn what_was_rejected_can_be_claimed_again_and_nothing_else_can() {
    let world = World::new(&card_for("162").unwrap()).await;
    let claim = world.lodge().await;
    let again = world.draft(&mut *world.conn().await, None).await.unwrap_err();
    assert!(matches!(refused(&again), Some(StoreError::AlreadyClaimed)), "{again:?}");
    world.send().await;
    world.ask_after(24).await;
    let rejected = world.claim(claim.claim_id).await;
    assert_eq!(
        (rejected.status, &rejected.codes[..]),
        (ClaimStatus::AssessedRejected, &["162".to_owned()][..])
    );
    assert_eq!(world.balance(Account::medicare_due(PRACTICE)).await, 0);
    let new = world.draft(&mut *world.conn().await, Some(claim.claim_id)).await.unwrap();
    assert_eq!((new.status, new.relodges), (ClaimStatus::Ready, Some(claim.claim_id)));
}

#[tokio::test]
async fn a_claim_whose_report_is_gone_is_asked_about_no_more_until_somebody_wants_to_know() {
    let world = World::new(GOOD_CARD).await;
    let claim_id = world.lodge().await.claim_id;
    world.send().await;
    // Nobody was asked for more than the six months for which a report is kept.
    assert_eq!(world.ask_after(24 * 200).await, 1);
    let stopped = world.claim(claim_id).await;
    assert_eq!((stopped.status, has_stopped(&stopped)), (ClaimStatus::Submitted, true));
    let said = claim::beside(&mut *world.conn().await, &[claim_id]).await.unwrap();
    assert_eq!(said[&claim_id].last_report.as_deref(), Some("REPORT_EXPIRED"));
    assert_eq!(world.ask_after(24).await, 0);
    claim::ask_again(&mut *world.conn().await, claim_id, Some(world.core.now())).await.unwrap();
    assert!(!has_stopped(&world.claim(claim_id).await));
    assert_eq!(world.ask_after(0).await, 1);
    assert!(has_stopped(&world.claim(claim_id).await), "it is still gone");
}

#[tokio::test]
async fn what_cannot_be_sent_any_more_is_refused_and_what_arrived_is_there_all_the_same() {
    for (fault, stands) in [(Fault::Lost, ClaimStatus::Refused), (Fault::AnswerLost, ClaimStatus::Submitted)]
    {
        let world = World::new(GOOD_CARD).await;
        let claim_id = world.lodge().await.claim_id;
        world.simulator.add_faults([fault]);
        world.send().await;
        sqlx::query("delete from payments.claimant").execute(&world.core.pool).await.unwrap();
        world.core.clock.advance(SignedDuration::from_mins(2));
        assert_eq!(world.send().await, 1);
        let claim = world.claim(claim_id).await;
        let reasons: Vec<_> = claim.codes.iter().map(String::as_str).collect();
        let expected = if stands == ClaimStatus::Refused { vec!["NOT_MADE"] } else { Vec::new() };
        assert_eq!((claim.status, reasons), (stands, expected));
        world.core.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(world.send().await, 0, "nothing is tried for ever");
    }
}

#[tokio::test]
async fn without_an_assignment_nothing_leaves() {
    let world = World::new(GOOD_CARD).await;
    let mut conn = world.conn().await;
    sqlx::query("update payments.assignment set status = 'superseded'").execute(&mut *conn).await.unwrap();
    let claim = world.draft(&mut conn, None).await.unwrap();
    assert_eq!(claim.status, ClaimStatus::AssignmentPending);
    let begun = begin_lodging(&mut conn, &world.core, &world.cipher, &claim).await.unwrap();
    assert_eq!(begun.unwrap_err(), CannotLodge::NoAssignment);
    assert_eq!(world.send().await, 0);
}

#[tokio::test]
async fn a_claim_is_lodged_until_its_anniversary_and_not_after() {
    let world = World::new(GOOD_CARD).await;
    let mut conn = world.conn().await;
    let claim = world.draft(&mut conn, None).await.unwrap();
    assert_eq!(claim.lodge_until, date(2027, 11, 25));
    // In Sydney the anniversary ends at one in the afternoon of Greenwich's.
    world.core.clock.advance(SignedDuration::from_hours(24 * 364 + 13));
    let begun = begin_lodging(&mut conn, &world.core, &world.cipher, &claim).await.unwrap();
    assert_eq!(begun.unwrap_err(), CannotLodge::TooOld);
}
