//! Every route of every service, called by everybody: each is let in or refused exactly as the route's policy says, and
//! no stranger is told anything of a person whose record is really there.

use std::collections::BTreeMap;

use hellomapper_tests::{Person, Running, person::Reply, until_true};
use jiff::SignedDuration;
use kernel::{
    Chance, Clock,
    Policy::{self, Account, Holder, Platform, Practice, Public},
    fhir, session,
    testing::TokenIssuer,
};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId, PatientId,
    users::{Claims, Membership, PlatformRole, StaffRole, Strength},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// What only the person's own record says.
const MARKER: &str = "Quillfeather";
const PERSON: PatientId = PatientId(Uuid::from_u128(0xA1));
const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
/// Of the person's account, session, delegation, appointment and so on: one id for each, all the same.
const THING: Uuid = Uuid::from_u128(0xC1);

/// A record of everything that a path can name, so that a stranger's 404 is a refusal and no accident.
const RECORD: &[&str] = &[
    "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
     values ('{thing}', 'quillfeather@example.org', 'quillfeather@example.org', now(), now(), now())",
    "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
     values ('{thing}', '{thing}', 'passkey', 'Quillfeather', 'Quillfeather', now(), now())",
    "insert into users.patient (patient_id, account_id, name, date_of_birth, language, access_needs, contact_by, \
     created_at, updated_at) values ('{person}', '{thing}', 'Zoe Quillfeather', '1980-02-29', 'en', '{}', '{}', now(), now())",
    "insert into users.delegation (delegation_id, patient_id, account_id, basis, scopes, created_at, expires_at) \
     values ('{thing}', '{person}', '{thing}', 'consent', array['details'], now(), now() + interval '1 year')",
    "insert into users.access_grant (access_grant_id, account_id, patient_id, category, reason, granted_at, expires_at) \
     values ('{thing}', '{thing}', '{person}', 'fault', 'Quillfeather cannot be found any more.', now(), now() + interval '1 hour')",
    "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
     values ('{practice}', '{thing}', 'quillfeather@example.org', array['reception'], now(), now())",
    "insert into users.booking (booking_id, organization_id, account_id, patient_id, starts_at, status, version) \
     values ('{thing}', '{practice}', '{thing}', '{person}', now(), 'confirmed', 1)",
    "insert into payments.coverage (patient_id, key_id, medicare, created_at, updated_at) \
     values ('{person}', 'none', decode(repeat('00', 60), 'hex'), now(), now())",
    "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, organization_id, \
     created_at, updated_at) values ('{thing}', '{thing}', '{thing}', 'not_required', 8500, false, '{practice}', now(), now())",
    "insert into payments.booking_owner (booking_id, account_id, patient_id) values ('{thing}', '{thing}', '{person}')",
    "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, created_at, updated_at) \
     values ('{thing}', '{practice}', 'po_1', 100, 'paid', now(), now())",
    "insert into payments.payout_hold (payout_hold_id, organization_id, reason, held_by, held_at) \
     values ('{thing}', '{practice}', 'Somebody has to look', '{thing}', now())",
    "insert into payments.invoice_series (issuer_id, last_number) values ('{practice}', 1)",
    "insert into payments.invoice (invoice_id, issuer_id, number, kind, cause_id, booking_id, issued_on, issuer_name, \
     recipient_name, lines, total_cents, gst_cents, created_at, organization_id) values ('{thing}', '{practice}', 1, \
     'tax_invoice', '{thing}', '{thing}', '2026-11-23', 'Harbour', 'Zoe Quillfeather', '[]', 8500, 0, now(), '{practice}')",
    "insert into payments.assignment (assignment_id, booking_id, patient_id, organization_id, status, kind, method, document, \
     document_text, document_sha256, provider_number, service_category, service_from, service_until, offered_at, \
     answer_by, updated_at) values ('{thing}', '{thing}', '{person}', '{practice}', 'offered', 'pre', 'electronic', \
     jsonb_build_object('text', 'assignment-pre', 'text_version', 1, 'words', '', 'patient_name', 'Zoe Quillfeather', \
     'assignor_name', null, 'relation', 'patient', 'professional_name', 'Kim Lee', 'provider_number', '2447781L', \
     'practice_name', 'Harbour', 'service_category', 'Professional attendance', 'items', '[]'::jsonb, \
     'service_from', '2099-11-23', 'service_until', '2099-11-23'), 'Quillfeather', \
     sha256(convert_to('Quillfeather', 'UTF8')), '2447781L', 'Professional attendance', '2099-11-23', '2099-11-23', now(), \
     '2099-11-23T00:00:00Z', now())",
    "insert into payments.claim (claim_id, booking_id, organization_id, patient_id, status, service_type, professional_name, \
     service_date, lodge_until, claimed_cents, created_at, updated_at) values ('{thing}', '{thing}', '{practice}', \
     '{person}', 'draft', 'O', 'Kim Lee', '2026-11-20', '2027-11-20', 0, now(), now())",
    "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
     created_at) values ('{thing}', '{practice}', '1', '2026-11-23', 100, now())",
    "insert into payments.medicare_payment_part (medicare_payment_part_id, medicare_payment_id, claim_id, kind, amount_cents, \
     recorded_at) values ('{thing}', '{thing}', '{thing}', 'paid', 0, now())",
    "insert into bookings.resource (resource_id) values ('{thing}')",
    "insert into bookings.practice_resource (resource_id, organization_id, kind, name, created_at) \
     values ('{thing}', '{practice}', 'room', 'Room 1', now())",
    "insert into bookings.pool (pool_id, organization_id, name, rotation, created_at) \
     values ('{thing}', '{practice}', 'Anybody', 'fair', now())",
    "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, discreet, address, \
     time_zone, holiday_scopes, bookable, aggregate_version) values ('{thing}', '{thing}', '{practice}', 'kim-lee', \
     'Kim Lee', false, '1 Example Street', 'Australia/Sydney', array['AU'], true, 1)",
    "insert into bookings.group_session (group_session_id, practitioner_role_id, appointment_type_id, starts_at, seats) \
     values ('{thing}', '{thing}', '{thing}', '2026-11-23T10:00:00Z', 2)",
    "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, starts_at, \
     ends_at, status, appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at) \
     select '{thing}', '{thing}', '{thing}', '{thing}', '2026-11-23T10:00:00Z', '2026-11-23T10:30:00Z', 'confirmed', \
     jsonb_build_object('appointment_type_id', '{thing}', 'name', 'Quillfeather', 'duration_minutes', 30, \
     'price_cents', 0, 'bulk_billed', true, 'telehealth', false, 'audience', 'all'), \
     '{\"free_until_hours\": 24, \"late_fee_cents\": 0}', '{thing}', 0, true, now(), now()",
    "insert into bookings.mistake_request (mistake_request_id, booking_id, appointment_id, appointment_version, reason, note, \
     nobody_else, asked_by, asked_at) values ('{thing}', '{thing}', '{thing}', 1, 'mistake', 'Booked twice', true, '{thing}', \
     now())",
    "insert into bookings.appointment_party (booking_id, organization_id, guest_hash, name, date_of_birth, email, mobile, \
     created_at, updated_at, account_id, patient_id, series_id) values ('{thing}', '{practice}', \
     decode(repeat('01', 32), 'hex'), 'Zoe Quillfeather', '1980-02-29', 'quillfeather@example.org', '+61491570006', now(), \
     now(), '{thing}', '{person}', '{thing}')",
    "insert into bookings.waitlist_entry (waitlist_entry_id, account_id, patient_id, weekdays, from_time, until_time, \
     first_date, last_date, joined_at) values ('{thing}', '{thing}', '{person}', 127, '09:00', '17:00', '2026-11-23', \
     '2099-11-23', now())",
    "insert into bookings.webhook (webhook_id, organization_id, address, status, secret, created_at) values ('{thing}', \
     '{practice}', 'https://hooks.example/Quillfeather', 'off', decode(repeat('00', 32), 'hex'), now())",
    "insert into bookings.webhook_delivery (webhook_delivery_id, webhook_id, event, body, created_at, due_at, give_up_at) \
     values ('{thing}', '{thing}', 'ping', '{}', now(), now(), now())",
    "insert into bookings.waitlist_choice (waitlist_entry_id, practitioner_role_id, appointment_type_id, position) \
     values ('{thing}', '{thing}', '{thing}', 0)",
    "insert into providers.organization (organization_id, slug, name, origin, checked_on, created_at, updated_at) \
     values ('{practice}', 'harbour', 'Harbour', 'practice', '2026-11-20', now(), now())",
    "insert into providers.listing_suspension (listing_suspension_id, organization_id, reason, suspended_by, suspended_at) \
     values ('{thing}', '{practice}', 'other', '{thing}', now())",
    "insert into notifications.push_subscription (push_subscription_id, account_id, endpoint, p256dh, auth, created_at) \
     values ('{thing}', '{thing}', 'https://push.example/Quillfeather', decode(repeat('04', 65), 'hex'), \
     decode(repeat('00', 16), 'hex'), now())",
    "insert into notifications.message (message_id, event_id, template, booking_id, organization_id, recipient, subject, \
     body_text, body_html, status, next_attempt_at, created_at) values ('{thing}', '{thing}', 'appointment_confirmed', \
     '{thing}', '{practice}', 'quillfeather@example.org', 'Quillfeather', 'Quillfeather', 'Quillfeather', 'dead', now(), now())",
];

/// Somebody, and as what they call.
struct Somebody {
    name: &'static str,
    claims: Option<Claims>,
    /// Whether the person's record is none of their business, whatever their role.
    stranger: bool,
}

impl Somebody {
    /// A browser signed in anew, with an account and a session of its own: an act may end either, and the next one is no
    /// worse for it.
    async fn browser(&self, running: &Running, issuer: &TokenIssuer) -> Person {
        let person = Person::new(&running.settings.public_url);
        let Some(claims) = &self.claims else { return person };
        let (id, now): (Uuid, _) = (Chance::system().id(&Clock::System), Clock::System.now());
        for statement in [
            "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
             values ($1, $1::uuid::text || '@example.org', $1::uuid::text || '@example.org', now(), now(), now())",
            "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
             values ($1, $1, 'passkey', 'a browser', 'a network', now(), now())",
        ] {
            sqlx::query(statement).bind(id).execute(&running.pools.users).await.unwrap();
        }
        let claims = Claims {
            account_id: id.into(),
            session_id: id.into(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(5),
            ..claims.clone()
        };
        let cookie = issuer.cookie(&claims);
        person.set_cookie(session::COOKIE, cookie.split_once('=').unwrap().1);
        person
    }
}

fn everybody() -> Vec<Somebody> {
    let plain = Claims {
        session_id: Uuid::nil().into(),
        account_id: Uuid::nil().into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: jiff::Timestamp::UNIX_EPOCH,
        expires_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let staff = |practice: u128, role| {
        let membership = Membership { organization_id: Uuid::from_u128(practice).into(), roles: vec![role] };
        Some(Claims { memberships: vec![membership], ..plain.clone() })
    };
    let platform = |role| Some(Claims { platform: vec![role], ..plain.clone() });
    let patient =
        |number: u128| Some(Claims { patient_id: Some(Uuid::from_u128(number).into()), ..plain.clone() });
    let weak =
        |claims: Option<Claims>| claims.map(|claims| Claims { strength: Strength::Password, ..claims });
    let stranger = |name, claims| Somebody { name, claims, stranger: true };
    let mut all = vec![
        stranger("anonymous", None),
        Somebody { name: "the patient", claims: patient(0xA1), stranger: false },
        stranger("another patient", patient(0xA2)),
        stranger("another practice's owner", staff(0xB2, StaffRole::Owner)),
        Somebody {
            name: "staff with a password alone",
            claims: weak(staff(0xB1, StaffRole::Owner)),
            stranger: true,
        },
        stranger("support", platform(PlatformRole::Support)),
        stranger("moderator", platform(PlatformRole::Moderator)),
        stranger("administrator", platform(PlatformRole::Administrator)),
        stranger("administrator with a password alone", weak(platform(PlatformRole::Administrator))),
    ];
    for role in StaffRole::ALL {
        all.push(Somebody { name: role.code(), claims: staff(0xB1, role), stranger: false });
    }
    all
}

/// Status and kind of a refusal, by the policy's own words and not by its code; `None` when they are let in.
fn expected(policy: Policy, claims: Option<&Claims>) -> Option<(u16, &'static str)> {
    const HIDDEN: (u16, &str) = (404, "not-found");
    const NOT_ALLOWED: (u16, &str) = (403, "not-allowed");
    const TOO_WEAK: (u16, &str) = (403, "stronger-sign-in");
    let Some(claims) = claims else {
        return match policy {
            Public => None,
            Holder => Some(HIDDEN),
            Account | Practice(_) | Platform(_) => Some((401, "signed-out")),
        };
    };
    match policy {
        Public | Holder | Account => None,
        Practice(roles) => {
            let here = claims.memberships.iter().find(|at| at.organization_id == PRACTICE);
            match here {
                None => Some(HIDDEN),
                Some(at) if !at.roles.iter().any(|role| roles.contains(role)) => Some(NOT_ALLOWED),
                Some(_) => (claims.strength == Strength::Password).then_some(TOO_WEAK),
            }
        }
        Platform(roles) => match claims.platform.as_slice() {
            [] => Some(HIDDEN),
            held if !held.iter().any(|role| roles.contains(role)) => Some(NOT_ALLOWED),
            _ => (claims.strength != Strength::Passkey).then_some(TOO_WEAK),
        },
    }
}

/// The path with something real in each place.
fn path_to(route: &str) -> String {
    let known: BTreeMap<&str, String> = [
        ("access_grant_id", THING.to_string()),
        ("patient_id", PERSON.to_string()),
        ("organization_id", PRACTICE.to_string()),
        ("account_id", THING.to_string()),
        ("appointment_id", THING.to_string()),
        ("appointment_type_id", THING.to_string()),
        ("assignment_id", THING.to_string()),
        ("booking_id", THING.to_string()),
        ("claim_id", THING.to_string()),
        ("medicare_payment_id", THING.to_string()),
        ("item_number", "23".to_owned()),
        ("chargeback_id", THING.to_string()),
        ("invoice_id", THING.to_string()),
        ("listing_suspension_id", THING.to_string()),
        ("payment_id", THING.to_string()),
        ("payout_hold_id", THING.to_string()),
        ("payout_id", THING.to_string()),
        ("reconciliation_id", THING.to_string()),
        ("refund_id", THING.to_string()),
        ("saved_card_id", THING.to_string()),
        ("delegation_id", THING.to_string()),
        ("difference_id", THING.to_string()),
        ("dispute_id", THING.to_string()),
        ("group_session_id", THING.to_string()),
        ("hold_id", THING.to_string()),
        ("message_id", THING.to_string()),
        ("mistake_request_id", THING.to_string()),
        ("passkey_id", THING.to_string()),
        ("pool_id", THING.to_string()),
        ("practitioner_role_id", THING.to_string()),
        ("processor_call_id", THING.to_string()),
        ("push_subscription_id", THING.to_string()),
        ("resource_id", THING.to_string()),
        ("series_id", THING.to_string()),
        ("session_id", THING.to_string()),
        ("text", "booking-collection".to_owned()),
        ("token", "0123456789abcdef0123456789abcdef".to_owned()),
        ("token", "0123456789abcdef0123456789abcdef".to_owned()),
        ("waitlist_entry_id", THING.to_string()),
        ("webhook_delivery_id", THING.to_string()),
        ("webhook_id", THING.to_string()),
        ("prefix", "5BAA6".to_owned()),
        ("resource", "Slot".to_owned()),
        ("slot_id", "1.1.1".to_owned()),
        ("state", "NSW".to_owned()),
        ("slug", "kim-lee".to_owned()),
        ("profession", "physiotherapist".to_owned()),
        ("locality", "parramatta-nsw-2150".to_owned()),
        ("page", "1".to_owned()),
    ]
    .into();
    let pieces = route.split(['{', '}']).enumerate().map(|(at, piece)| match at % 2 {
        0 => piece.to_owned(),
        _ => known
            .get(piece)
            .unwrap_or_else(|| panic!("say here what a real {{{piece}}} is, and insert it"))
            .clone(),
    });
    let path: String = pieces.collect();
    match route {
        "/api/v1/bookings/me/appointments" => format!("{path}?when=upcoming"),
        "/api/v1/bookings/pools" => format!("{path}?organization={PRACTICE}"),
        "/api/v1/bookings/roles/{practitioner_role_id}/similar" => {
            format!("{path}?appointment_type={THING}")
        }
        "/api/v1/bookings/practices/{organization_id}/appointments" => {
            format!("{path}?from=2026-11-23&to=2026-11-23")
        }
        "/api/v1/bookings/practices/{organization_id}/bookings" => format!("{path}?ids={THING}"),
        "/api/v1/bookings/practices/{organization_id}/calendar" => {
            format!("{path}?from=2026-11-23&to=2026-11-23")
        }
        _ => path,
    }
}

fn check(who: &Somebody, method: &str, route: &str, policy: Policy, reply: &Reply) {
    let (status, call) = (reply.status.as_u16(), format!("{} calls {method} {route}", who.name));
    let problem: Value = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
    let (kind, title) = if fhir::is_spoken_at(route) {
        let details = &problem["issue"][0]["details"];
        (&details["coding"][0]["code"], &details["text"])
    } else {
        (&problem["type"], &problem["title"])
    };
    let kind = kind.as_str().unwrap_or_default().trim_start_matches("/problems/");
    match expected(policy, who.claims.as_ref()) {
        Some(refusal) => assert_eq!((status, kind), refusal, "{call}: {}", reply.body),
        // Open to everybody, and asks for a cookie of its own that nobody here carries.
        None if route == "/api/v1/users/refresh" => assert_eq!((status, kind), (401, "signed-out"), "{call}"),
        None => {
            let refused = matches!((status, kind), (401, "signed-out") | (403, "stronger-sign-in"))
                || (status == 403 && kind == "not-allowed" && !matches!(policy, Practice(_)));
            assert!(!refused, "{call}, which the policy allows: {}", reply.body);
            // The guard's own words; a handler names the thing that is not there.
            let hidden = status == 404 && *title == "That not found";
            assert!(!hidden || !matches!(policy, Practice(_) | Platform(_)), "{call}: {}", reply.body);
        }
    }
    if who.stranger {
        assert!(
            !reply.body.contains(MARKER) && !reply.body.contains("quillfeather@"),
            "{call} and reads: {}",
            reply.body
        );
        let names_somebodys = policy != Public && route.contains("_id}") && !matches!(policy, Platform(_));
        assert!(
            !names_somebodys || !reply.status.is_success(),
            "{call} and is let in: {status} {}",
            reply.body
        );
    }
}

#[tokio::test]
async fn everybody_is_let_in_and_refused_exactly_as_the_policies_say() {
    let running = Running::without_pages().await;
    let mut admin = running.database.administrator().await;
    for statement in RECORD {
        let statement = statement
            .replace("{thing}", &THING.to_string())
            .replace("{person}", &PERSON.to_string())
            .replace("{practice}", &PRACTICE.to_string());
        sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
    }
    let issuer = running.issuer().await;
    let everybody = everybody();
    let routes = running.inventory.iter().flat_map(|(_, routes)| routes);
    // A stream does not end while its reader is let in; notifications' own tests open it.
    let routes: Vec<_> = routes.filter(|route| route.operation != "watch_notices").collect();
    // Every service reads the keys it knows once a second.
    let patient = everybody.iter().find(|who| who.name == "another patient").unwrap();
    for route in routes.iter().filter(|route| route.policy == Account && route.method == "GET") {
        until_true("the services to know the key", || async {
            let reply = patient
                .browser(&running, &issuer)
                .await
                .send(Method::GET, &path_to(route.path), None::<&Value>)
                .await;
            reply.status != 401 && reply.status != 503
        })
        .await;
    }
    for who in &everybody {
        for route in &routes {
            let method: Method = route.method.parse().unwrap();
            let body = (method == Method::POST || method == Method::PUT).then(|| json!({}));
            let browser = who.browser(&running, &issuer).await;
            let reply = browser.send(method, &path_to(route.path), body.as_ref()).await;
            check(who, &route.method, route.path, route.policy, &reply);
        }
    }
}
