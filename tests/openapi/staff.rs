//! Whom the operations of practices and of the platform are tried as, and on what. How they are called is in `staff.py`.

use std::collections::BTreeSet;

use hellomapper_tests::{Person, Running, acts, member, until_true};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, session, testing::TokenIssuer};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId,
    bookings::{AppointmentType, AppointmentTypes},
    providers::{ProviderSummary, SearchReply},
    users::{Claims, Membership, PlatformRole, StaffRole, Strength},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::tried::NEAR;

/// Longer than a trial: nobody asks for another token meanwhile.
const SIGNED_IN: SignedDuration = SignedDuration::from_mins(30);

const OWNER: Somebody = Somebody { id: Uuid::from_u128(0xE1), email: "owner.schemas@example.org" };
const ADMINISTRATOR: Somebody =
    Somebody { id: Uuid::from_u128(0xE2), email: "administrator.schemas@example.org" };
/// Whose roles are changed, and who is a patient too.
const COLLEAGUE: Somebody = Somebody { id: Uuid::from_u128(0xE3), email: "colleague.schemas@example.org" };
/// Who is let go.
const LEAVER: Somebody = Somebody { id: Uuid::from_u128(0xE4), email: "leaver.schemas@example.org" };
/// Whose roles on the platform end.
const DISMISSED: Somebody = Somebody { id: Uuid::from_u128(0xE5), email: "dismissed.schemas@example.org" };
const PATIENT: Uuid = Uuid::from_u128(0xE6);
/// What the practice has of money: one id for each thing, all the same.
const THING: Uuid = Uuid::from_u128(0xE7);

/// Money that takes weeks to come about, `{practice}`'s each: with one of each, what reads and changes it is tried past its door.
const MONEY: &[&str] = &[
    "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, organization_id, \
     created_at, updated_at) values ('{thing}', '{thing}', '{thing}', 'not_required', 8500, false, '{practice}', now(), now())",
    "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, created_at, updated_at) \
     values ('{thing}', '{practice}', 'po_1', 100, 'paid', now(), now())",
    "insert into payments.invoice_series (issuer_id, last_number) values ('{practice}', 1)",
    "insert into payments.invoice (invoice_id, issuer_id, number, kind, cause_id, booking_id, issued_on, issuer_name, \
     recipient_name, lines, total_cents, gst_cents, created_at, organization_id) values ('{thing}', '{practice}', 1, \
     'tax_invoice', '{thing}', '{thing}', '2026-11-23', 'Harbour', 'Ada Nguyen', '[]', 8500, 0, now(), '{practice}')",
    "insert into payments.assignment (assignment_id, booking_id, patient_id, organization_id, status, kind, method, document, \
     document_text, document_sha256, provider_number, service_category, service_from, service_until, offered_at, \
     answer_by, updated_at) values ('{thing}', '{thing}', '{patient}', '{practice}', 'offered', 'pre', 'electronic', \
     jsonb_build_object('text', 'assignment-pre', 'text_version', 1, 'words', '', 'patient_name', 'Ada Nguyen', \
     'assignor_name', null, 'relation', 'patient', 'professional_name', 'Kim Lee', 'provider_number', '2447781L', \
     'practice_name', 'Harbour', 'service_category', 'Professional attendance', 'items', '[]'::jsonb, \
     'service_from', '2099-11-23', 'service_until', '2099-11-23'), 'An agreement', \
     sha256(convert_to('An agreement', 'UTF8')), '2447781L', 'Professional attendance', '2099-11-23', '2099-11-23', now(), \
     '2099-11-23T00:00:00Z', now())",
    "insert into payments.claim (claim_id, booking_id, organization_id, patient_id, status, service_type, professional_name, \
     service_date, lodge_until, claimed_cents, created_at, updated_at) values ('{thing}', '{thing}', '{practice}', \
     '{patient}', 'draft', 'O', 'Kim Lee', '2026-11-20', '2027-11-20', 0, now(), now())",
    "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
     created_at) values ('{thing}', '{practice}', '1', '2026-11-23', 100, now())",
    "insert into payments.medicare_payment_part (medicare_payment_part_id, medicare_payment_id, claim_id, kind, amount_cents, \
     recorded_at) values ('{thing}', '{thing}', '{thing}', 'paid', 0, now())",
];

/// An account.
#[derive(Clone, Copy)]
struct Somebody {
    id: Uuid,
    email: &'static str,
}

/// An owner of a practice and an administrator, with what there is for them to work on.
pub struct Staff {
    /// The owner's session.
    pub owner: String,
    /// The administrator's session.
    pub administrator: String,
    /// What is there, by the names of ids.
    pub ground: Value,
}

impl Staff {
    /// They are signed in with passkeys, as their policies ask at most. The practice is another than that of `role`, which is
    /// booked meanwhile.
    pub async fn at_work(running: &Running, role: PractitionerRoleId) -> Self {
        let stranger = Person::new(&running.settings.public_url);
        let (ours, others) = practices(&stranger, role).await;
        insert_people(running, ours.practice).await;
        insert_money(running, ours.practice).await;
        let issuer = running.issuer().await;
        let membership = Membership { organization_id: ours.practice, roles: vec![StaffRole::Owner] };
        let owner = token(&issuer, OWNER, vec![membership], Vec::new());
        let administrator = token(&issuer, ADMINISTRATOR, Vec::new(), vec![PlatformRole::Administrator]);
        let (at_desk, at_platform) = (browser(running, &owner).await, browser(running, &administrator).await);
        let ground = ground(&at_desk, &at_platform, &ours, &others).await;
        running.quiet().await;
        Self { owner, administrator, ground }
    }
}

/// A practice, one of its people, and what they can be booked for.
struct Ours {
    practice: OrganizationId,
    role: PractitionerRoleId,
    of_type: AppointmentTypeId,
}

/// A practice at which a patient can come to somebody, and somebody else who can be booked at a third.
async fn practices(stranger: &Person, role: PractitionerRoleId) -> (Ours, ProviderSummary) {
    let reply: SearchReply = stranger.get(&format!("/api/v1/providers/search?{NEAR}")).await;
    let theirs = reply.items.iter().find(|found| found.practitioner_role_id == role);
    let mut known: BTreeSet<OrganizationId> = theirs.and_then(practice_of).into_iter().collect();
    let mut ours = None;
    for found in reply.items.into_iter().filter(|found| found.bookable) {
        let Some(practice) = practice_of(&found).filter(|practice| !known.contains(practice)) else {
            continue;
        };
        if let Some(ours) = ours {
            return (ours, found);
        }
        let role = found.practitioner_role_id;
        let types: AppointmentTypes =
            stranger.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
        let plain = |of: &&AppointmentType| of.is_at_practice() && of.seats.is_none();
        if let Some(of) = types.items.iter().find(plain) {
            ours = Some(Ours { practice, role, of_type: of.appointment_type_id });
            known.insert(practice);
        }
    }
    panic!("the invented Australia has three practices near Sydney where somebody can be booked");
}

fn practice_of(found: &ProviderSummary) -> Option<OrganizationId> {
    found.organization.as_ref().map(|practice| practice.organization_id)
}

async fn insert_people(running: &Running, practice: OrganizationId) {
    let mut admin = running.database.administrator().await;
    for who in [OWNER, ADMINISTRATOR, COLLEAGUE, LEAVER, DISMISSED] {
        sqlx::query(
            "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
             values ($1, $2, $2, now(), now(), now())",
        )
        .bind(who.id)
        .bind(who.email)
        .execute(&mut admin)
        .await
        .unwrap();
        sqlx::query(
            "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
             values ($1, $1, 'passkey', 'a browser', 'a network', now(), now())",
        )
        .bind(who.id)
        .execute(&mut admin)
        .await
        .unwrap();
    }
    sqlx::query(
        "insert into users.patient (patient_id, account_id, name, date_of_birth, language, access_needs, contact_by, \
         created_at, updated_at) values ($1, $2, 'Ada Nguyen', '1985-03-27', 'en', '{}', '{}', now(), now())",
    )
    .bind(PATIENT)
    .bind(COLLEAGUE.id)
    .execute(&mut admin)
    .await
    .unwrap();
    acts::employ(running, OWNER.email, practice, StaffRole::Owner.code()).await;
    acts::employ(running, COLLEAGUE.email, practice, StaffRole::Reception.code()).await;
    acts::employ(running, LEAVER.email, practice, StaffRole::Reception.code()).await;
    acts::name_administrator(running, ADMINISTRATOR.email).await;
    acts::name_support(running, DISMISSED.email).await;
}

async fn insert_money(running: &Running, practice: OrganizationId) {
    let mut admin = running.database.administrator().await;
    for statement in MONEY {
        let statement = statement
            .replace("{thing}", &THING.to_string())
            .replace("{patient}", &PATIENT.to_string())
            .replace("{practice}", &practice.to_string());
        sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
    }
}

fn token(
    issuer: &TokenIssuer,
    who: Somebody,
    memberships: Vec<Membership>,
    platform: Vec<PlatformRole>,
) -> String {
    let now = Clock::System.now();
    let claims = Claims {
        session_id: who.id.into(),
        account_id: who.id.into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships,
        platform,
        issued_at: now,
        expires_at: now + SIGNED_IN,
    };
    let cookie = issuer.cookie(&claims);
    cookie.split_once('=').unwrap().1.to_owned()
}

/// Their browser, once every service knows the key: each reads those that it knows once a second.
async fn browser(running: &Running, token: &str) -> Person {
    let person = Person::new(&running.settings.public_url);
    person.set_cookie(session::COOKIE, token);
    for service in hellomapper_tests::running::SERVICES {
        let path = format!("/api/v1/{service}/me/audit");
        until_true("the services to know the key", || async {
            let status = person.send(Method::GET, &path, None::<&Value>).await.status.as_u16();
            status != 401 && status != 503
        })
        .await;
    }
    person
}

/// What is there to be worked on. What an operation ends is its own, so that nothing else is tried on what is no longer there.
async fn ground(owner: &Person, administrator: &Person, ours: &Ours, others: &ProviderSummary) -> Value {
    let at_practice = |rest: &str| format!("/api/v1/bookings/practices/{}{rest}", ours.practice);
    let in_three_days = (Clock::System.now().as_second() / 60 + 3 * 24 * 60) * 60;
    let visit = json!({
        "practitioner_role_id": ours.role,
        "appointment_type_id": ours.of_type,
        "start": Timestamp::from_second(in_three_days).unwrap(),
        "fit_in": true,
        "patient": {"name": "Ada Nguyen", "date_of_birth": "1985-03-27"},
    });
    let visit = member::post(owner, &at_practice("/appointments"), &visit, 201).await;
    let mut webhooks = Vec::new();
    // A name that no resolver knows (RFC 2606): nobody is called.
    for address in ["https://hooks.invalid/kept", "https://hooks.invalid/removed"] {
        let made = member::post(owner, &at_practice("/webhooks"), &json!({"address": address}), 201).await;
        webhooks.push(made["webhook"]["webhook_id"].clone());
    }
    let mut grants = Vec::new();
    for reason in ["They asked us to find out why.", "They asked us, and asked no more."] {
        let grant =
            json!({"patient_id": PATIENT, "category": "person_asked", "reason": reason, "minutes": 60});
        grants.push(member::post(administrator, "/api/v1/users/platform/access-grants", &grant, 201).await);
    }
    let schedule: Value = owner.get(&at_practice(&format!("/roles/{}/schedule", ours.role))).await;
    let mut ground = json!({
        "organization_id": ours.practice,
        "practitioner_role_id": ours.role,
        "appointment_type_id": ours.of_type,
        "appointment_id": visit["appointment_id"],
        "booking_id": visit["booking_id"],
        "webhook_id": webhooks[0],
        "delete_webhook.webhook_id": webhooks[1],
        "schedule": schedule["schedule"],
        "account_id": COLLEAGUE.id,
        "remove_staff.account_id": LEAVER.id,
        "dismiss_platform_staff.account_id": DISMISSED.id,
        "patient_id": PATIENT,
        "access_grant_id": grants[0]["access_grant_id"],
        "end_grant.access_grant_id": grants[1]["access_grant_id"],
        // Ours has an owner.
        "invite_owner.organization_id": practice_of(others),
        "suspended_role_id": others.practitioner_role_id,
    });
    for name in ["assignment_id", "claim_id", "invoice_id", "medicare_payment_id", "payment_id", "payout_id"]
    {
        ground[name] = json!(THING);
    }
    ground
}
