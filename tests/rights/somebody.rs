//! Somebody with a row in every table that can have one of theirs, and their browser.

use hellomapper_tests::{Person, Running, until_true};
use jiff::SignedDuration;
use kernel::{Clock, session};
use reqwest::Method;
use serde_json::Value;
use shared_types::{
    PatientId,
    users::{Claims, Strength},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// `{a}` is the account, and the id of whatever has one; `{p}` the patient, `{b}` the booking, `{n}` a number.
const ROWS: &[&str] = &[
    "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
     values ('{a}', 'p{n}@example.org', 'p{n}@example.org', now(), now(), now())",
    "insert into users.password_credential (account_id, kdf_salt, kdf_memory_kib, kdf_passes, kdf_lanes, auth_hash, \
     changed_at) values ('{a}', uuid_send('{a}'), 65536, 3, 1, '$argon2id$v=19$m=4096,t=1,p=1$AAAA$AAAA', now())",
    "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
     values ('{a}', '{a}', 'passkey', 'a browser', 'a network', now(), now())",
    "insert into users.refresh_token (token_hash, session_id, issued_at, expires_at) \
     values (uuid_send('{a}'), '{a}', now(), now() + interval '1 day')",
    "insert into users.passkey (passkey_id, account_id, credential_id, credential, name, created_at) \
     values ('{a}', '{a}', uuid_send('{a}'), '{}', 'a phone', now())",
    "insert into users.totp_credential (account_id, sealed_secret, created_at) values ('{a}', 'sealed', now())",
    "insert into users.recovery_code (account_id, code_hash) values ('{a}', uuid_send('{a}'))",
    "insert into users.wrapped_key (wrapped_key_id, account_id, kind, blob, created_at) \
     values ('{a}', '{a}', 'password', 'wrapped', now())",
    "insert into users.webauthn_ceremony (ceremony_id, account_id, state, expires_at) \
     values ('{a}', '{a}', '{}', now() + interval '1 hour')",
    "insert into users.email_token (token_hash, account_id, kind, created_at, expires_at) \
     values (uuid_send('{a}'), '{a}', 'reset', now(), now() + interval '1 hour')",
    "insert into users.sign_in_step (token_hash, account_id, expires_at) \
     values (uuid_send('{a}'), '{a}', now() + interval '1 hour')",
    "insert into users.key_leaf (leaf_index, subject_kind, subject_id, data, hash, added_at) \
     values ({n}, 'account', '{a}', 'leaf', sha256('{a}'), now())",
    "insert into users.identity (account_id, key_id, wrapped, leaf_index, created_at) \
     values ('{a}', sha256('{a}'), 'wrapped', {n}, now())",
    "insert into users.patient (patient_id, account_id, name, date_of_birth, language, access_needs, contact_by, \
     created_at, updated_at) values ('{p}', '{a}', 'Person {n}', '1980-02-29', 'en', '{}', '{}', now(), now())",
    "update users.patient set name = 'Changed {n}', version = 2 where patient_id = '{p}'",
    "insert into users.delegation (delegation_id, patient_id, account_id, basis, scopes, created_at, expires_at) \
     values ('{a}', '{p}', '{a}', 'consent', array['details'], now(), now() + interval '1 year')",
    "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
     values ('{b}', '{a}', 'desk{n}@example.org', array['billing'], now(), now())",
    "insert into users.invitation (invitation_id, kind, token_hash, email, invited_by, patient_id, created_at, expires_at) \
     values ('{a}', 'own_record', sha256('{a}'), 'x{n}@example.org', '{a}', '{p}', now(), now() + interval '1 day')",
    "insert into users.access_grant (access_grant_id, account_id, patient_id, category, reason, granted_at, expires_at) \
     values ('{a}', '{a}', '{p}', 'fault', 'Something of ours was broken.', now(), now() + interval '1 hour')",
    "insert into users.consent_withdrawal (patient_id, text, withdrawn_at) values ('{p}', 'medicare-collection', now())",
    "insert into users.consent_receipt (consent_receipt_id, text, version, subject_kind, subject_id, agreed_at) \
     values ('{a}', 'account-collection', 1, 'account', '{a}', now())",
    "insert into users.booking (booking_id, organization_id, account_id, patient_id, starts_at, status, version) \
     values ('{b}', '{b}', '{a}', '{p}', now(), 'confirmed', 1)",
    "insert into users.note_thread (booking_id, organization_id, epoch, newest_at) values ('{b}', '{b}', 1, now())",
    "insert into users.sealed_note (note_id, version, booking_id, epoch, author_side, account_id, key_id, padded_bytes, \
     envelope, created_at) values ('{b}', 1, '{b}', 1, 'patient', '{a}', sha256('{a}'), 1024, 'sealed', now())",
    "insert into users.mailbox_epoch (organization_id, epoch, key_id, leaf_index, begun_at) \
     values ('{b}', 1, sha256('{b}'), {n}, now())",
    "insert into users.mailbox_grant (organization_id, epoch, key_id, account_id, sealed, given_at) \
     values ('{b}', 1, sha256('{a}'), '{a}', 'sealed', now())",
    "insert into users.staff_certificate (organization_id, epoch, key_id, account_id, certificate, issued_at) \
     values ('{b}', 1, sha256('{a}'), '{a}', 'signed', now())",
    "insert into users.idempotency (route, caller, key, fingerprint, created_at) \
     values ('invite_carer', '{a}', '{a}', 'x', now()), ('invite_staff', '{b} {a}', '{a}', 'x', now())",
    "insert into bookings.resource (resource_id) values ('{b}')",
    "insert into bookings.role (practitioner_role_id, resource_id, organization_id, slug, name, discreet, address, \
     time_zone, holiday_scopes, bookable, aggregate_version) values ('{b}', '{b}', '{b}', 'kim-lee-{n}', 'Kim Lee', false, \
     '1 Example Street', 'Australia/Sydney', array['AU'], true, 1)",
    "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, starts_at, \
     ends_at, status, appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at) \
     values ('{b}', '{b}', '{b}', '{b}', now() + interval '1 day', now() + interval '25 hours', 'confirmed', '{}', '{}', \
     '{b}', 0, true, now(), now())",
    "insert into bookings.appointment_party (booking_id, organization_id, guest_hash, name, date_of_birth, email, mobile, \
     created_at, updated_at, account_id, patient_id) values ('{b}', '{b}', sha256('{b}'), 'Person {n}', '1980-02-29', \
     'p{n}@example.org', '+6149157000{n}', now(), now(), '{a}', '{p}')",
    "insert into bookings.appointment_transition (appointment_transition_id, booking_id, appointment_id, version, step, \
     from_status, to_status, taken_by, taken_at) values ('{b}', '{b}', '{b}', 2, 'arrive', 'confirmed', 'arrived', 'practice', \
     now())",
    "insert into bookings.proposal (proposal_id, booking_id, appointment_id, hold_id, starts_at, ends_at, proposed_at, \
     expires_at, proposed_by) values ('{b}', '{b}', '{b}', '{b}', now() + interval '2 days', now() + interval '49 hours', now(), \
     now() + interval '1 hour', '{a}')",
    "insert into bookings.party_statement (statement_id, booking_id, text, created_at) values ('{b}', '{b}', 'No.', now())",
    "insert into bookings.manage_link (booking_id, token_hash, expires_at) \
     values ('{b}', sha256('{b}'), now() + interval '2 days')",
    "insert into bookings.manage_session (session_hash, booking_id, expires_at) \
     values (sha256('{b}'), '{b}', now() + interval '1 hour')",
    "insert into bookings.reply_link (token_hash, booking_id, purpose, starts_at) \
     values (sha256('{b}'), '{b}', 'attend', now() + interval '1 day')",
    "insert into bookings.dispute (dispute_id, booking_id, appointment_id, opened_by, text, opened_at, answer_by) \
     values ('{b}', '{b}', '{b}', 'patient', 'I was there.', now(), now())",
    "insert into bookings.mistake_request (mistake_request_id, booking_id, appointment_id, appointment_version, reason, note, \
     nobody_else, asked_by, asked_at) values ('{b}', '{b}', '{b}', 1, 'mistake', 'Booked twice.', false, '{a}', now())",
    "insert into bookings.access_grant (access_grant_id, account_id, patient_id, granted_at, expires_at) \
     values ('{a}', '{a}', '{p}', now(), now() + interval '1 hour')",
    "insert into bookings.waitlist_entry (waitlist_entry_id, account_id, patient_id, weekdays, from_time, until_time, \
     first_date, last_date, joined_at) values ('{a}', '{a}', '{p}', 127, '09:00', '17:00', '2026-11-23', '2099-11-23', now())",
    "insert into bookings.waitlist_choice (waitlist_entry_id, practitioner_role_id, appointment_type_id, position) \
     values ('{a}', '{b}', '{b}', 0)",
    "insert into bookings.role_keeper (practitioner_role_id, account_id, given_at) values ('{b}', '{a}', now())",
    "insert into bookings.calendar_feed (calendar_feed_id, account_id, patient_id, token_hash, detail, created_at) \
     values ('{a}', '{a}', '{p}', sha256('{a}'), 'times', now())",
    "insert into bookings.external_calendar (practitioner_role_id, address, account_id, set_at, due_at) \
     values ('{b}', 'https://calendar.example/{n}.ics', '{a}', now(), 'infinity')",
    "insert into bookings.payment_standing (booking_id, status, total_cents, captured_cents, refunded_cents, fee_cents, \
     aggregate_version) values ('{b}', 'not_required', 0, 0, 0, 0, 1)",
    "insert into payments.payment (payment_id, booking_id, quote_id, status, price_cents, bulk_billed, account_id, created_at, \
     updated_at) values ('{b}', '{b}', '{b}', 'not_required', 0, false, '{a}', now(), now())",
    "with accounts as ( \
         insert into payments.account (ledger_account_id, kind, organization_id, created_at) \
         values (gen_random_uuid(), 'practice_balance', '{b}', now()), (gen_random_uuid(), 'medicare_due', '{b}', now()) \
         returning ledger_account_id, kind \
     ), booked as ( \
         insert into payments.posting (posting_id, cause, cause_id, payment_id, booking_id, organization_id, occurred_at, \
             created_at) values ('{b}', 'processor_fee', '{b}', '{b}', '{b}', '{b}', now(), now()) \
     ) insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
     select '{b}', row_number() over (order by kind), ledger_account_id, \
         case kind when 'medicare_due' then 100 else -100 end from accounts",
    "insert into payments.payment_transition (payment_id, version, from_status, to_status, posting_id, taken_by, taken_at) \
     values ('{b}', 2, 'awaiting', 'not_required', '{b}', 'system', now())",
    "insert into payments.customer (customer_id, account_id, processor_customer, created_at) \
     values ('{b}', '{a}', 'cus_{n}', now())",
    "insert into payments.saved_card (saved_card_id, customer_id, processor_card, brand, last_four, good_until, kept, \
     created_at) values ('{b}', '{b}', 'pm_{n}', 'visa', '4242', '2099-01-31', true, now())",
    "insert into payments.intent (intent_id, payment_id, customer_id, purpose, kind, status, number, amount_cents, created_at, \
     updated_at) values ('{b}', '{b}', '{b}', 'visit', 'setup', 'saved', 1, 0, now(), now())",
    "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, status, requested_as, \
     created_at, updated_at) values ('{b}', '{b}', '{b}', '{b}', 100, 'cancelled', 'succeeded', 'rule', now(), now())",
    "insert into payments.billed_visit (booking_id, recipient_name, practitioner_name, service_text, starts_at, time_zone, \
     updated_at) values ('{b}', 'Person {n}', 'Kim Lee', 'Consultation', now(), 'Australia/Sydney', now())",
    "insert into payments.invoice_series (issuer_id, last_number) values ('{b}', 1)",
    "insert into payments.invoice (invoice_id, issuer_id, number, kind, cause_id, booking_id, issued_on, issuer_name, \
     recipient_name, lines, total_cents, gst_cents, created_at, organization_id) values ('{b}', '{b}', 1, 'tax_invoice', \
     '{b}', '{b}', '2026-11-27', 'Harbour', 'Person {n}', '[]', 100, 0, now(), '{b}')",
    "insert into payments.booking_owner (booking_id, account_id, patient_id) values ('{b}', '{a}', '{p}')",
    "insert into payments.assignment (assignment_id, booking_id, patient_id, account_id, organization_id, status, kind, method, \
     document, document_text, document_sha256, provider_number, service_category, service_from, service_until, offered_at, \
     updated_at) values ('{b}', '{b}', '{p}', '{a}', '{b}', 'offered', 'pre', 'electronic', '{}', '', sha256(''), '2447781L', \
     'Professional attendance', '2026-11-27', '2026-11-27', now(), now())",
    "insert into payments.assignment_transition (assignment_id, version, to_status, taken_by, taken_at) \
     values ('{b}', 1, 'offered', 'system', now())",
    "insert into payments.claimant (booking_id, organization_id, practitioner_role_id, professional_name, practice_name, \
     service_name, service_on, ends_at, key_id, identity, created_at, updated_at) values ('{b}', '{b}', '{b}', 'Kim Lee', \
     'Harbour', 'Consultation', '2026-11-27', now(), 'none', decode(repeat('00', 60), 'hex'), now(), now())",
    "insert into payments.claim (claim_id, booking_id, organization_id, patient_id, status, service_type, professional_name, \
     service_date, lodge_until, claimed_cents, created_at, updated_at) values ('{b}', '{b}', '{b}', '{p}', 'draft', 'O', \
     'Kim Lee', '2026-11-20', '2027-11-20', 0, now(), now())",
    "insert into payments.claim_service (claim_service_id, claim_id, booking_id, position, item_number, occurrence, \
     charge_cents) values ('{b}', '{b}', '{b}', 1, '23', 1, 4390)",
    "insert into payments.claim_transition (claim_id, version, to_status, taken_by, taken_at) \
     values ('{b}', 1, 'draft', 'system', now())",
    "insert into payments.benefit_return (benefit_return_id, claim_id, booking_id, way, returned_on, reason, amount_cents, \
     posting_id, recorded_at) values ('{b}', '{b}', '{b}', 'taken_by_medicare', '2026-11-27', 'A letter', 100, '{b}', now())",
    "insert into payments.medicare_payment (medicare_payment_id, organization_id, run_number, run_date, deposit_cents, \
     created_at) values ('{b}', '{b}', '1', '2026-11-27', 0, now())",
    "insert into payments.medicare_payment_part (medicare_payment_part_id, medicare_payment_id, claim_id, kind, amount_cents, \
     recorded_at) values ('{b}', '{b}', '{b}', 'paid', 0, now())",
    "insert into payments.verification (verification_id, booking_id, organization_id, kind, result, code, verified_by, \
     verified_at) values ('{b}', '{b}', '{b}', 'medicare', 'verified', '0', '{a}', now())",
    "insert into payments.consent_withdrawal (patient_id, text, withdrawn_at) values ('{p}', 'medicare-collection', now())",
    "insert into notifications.booking_owner (booking_id, account_id, patient_id) values ('{b}', '{a}', '{p}')",
    "insert into notifications.appointment (booking_id, version, stands, organization_id, starts_at, ends_at, time_zone, \
     discreet, practitioner_name, address, patient_name, email) values ('{b}', 0, true, '{b}', now() + interval '1 day', \
     now() + interval '25 hours', 'Australia/Sydney', false, 'Kim Lee', '1 Example Street', 'Person {n}', \
     'p{n}@example.org')",
    "insert into notifications.payer (booking_id, organization_id, starts_at, time_zone, patient_name, email) \
     values ('{b}', '{b}', now() + interval '1 day', 'Australia/Sydney', 'Person {n}', 'p{n}@example.org')",
    "insert into notifications.guest_number (booking_id, email, mobile, starts_at, time_zone) \
     values ('{b}', 'p{n}@example.org', '+6149157000{n}', now() + interval '1 day', 'Australia/Sydney')",
    "insert into notifications.message_plan (message_plan_id, booking_id, version, kind, channels, due_at, useful_until, \
     state, created_at) values ('{b}', '{b}', 0, 'reminder_three_hours', array['email'], now() + interval '20 hours', \
     now() + interval '23 hours', 'planned', now())",
    "insert into notifications.contact (patient_id, version, contact_by, mobile, language) \
     values ('{p}', 1, array['email'], '+6149157000{n}', 'en')",
    "insert into notifications.preference (account_id, version, in_app, names, quiet_from, quiet_until) \
     values ('{a}', 1, true, 'plain', 1260, 480)",
    "insert into notifications.notice (notice_id, event_id, account_id, kind, booking_id, starts_at, time_zone, created_at) \
     values ('{a}', '{b}', '{a}', 'confirmed', '{b}', now() + interval '1 day', 'Australia/Sydney', now())",
    "insert into notifications.push_subscription (push_subscription_id, account_id, endpoint, p256dh, auth, created_at) \
     values ('{a}', '{a}', 'https://push.example/{n}', decode(repeat('04', 65), 'hex'), \
     decode(repeat('00', 16), 'hex'), now())",
    "insert into notifications.offered (account_id, expires_at, patient_id, time_zone) \
     values ('{a}', now() + interval '1 hour', '{p}', 'Australia/Sydney')",
    "insert into notifications.unsubscribe_link (token_hash, booking_id, address, expires_at) \
     values (sha256('{b}'), '{b}', 'p{n}@example.org', now() + interval '60 days')",
    "insert into notifications.reminder_stop (channel, address, stopped_at) values ('email', 'p{n}@example.org', now())",
    "insert into notifications.message (message_id, event_id, template, booking_id, status, next_attempt_at, created_at) \
     values ('{b}', '{b}', 'appointment_confirmed', '{b}', 'sent', now(), now())",
    "insert into notifications.message (message_id, event_id, template, account_id, status, next_attempt_at, created_at) \
     values ('{a}', '{a}', 'new_device', '{a}', 'sent', now(), now())",
];

/// Somebody's ids.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    number: u128,
}

impl Somebody {
    /// Puts their rows there.
    pub async fn insert(running: &Running, number: u128) -> Self {
        let somebody = Self { number };
        let mut admin = running.database.administrator().await;
        for row in ROWS {
            let statement = row
                .replace("{a}", &somebody.account().to_string())
                .replace("{p}", &somebody.patient().to_string())
                .replace("{b}", &somebody.booking().to_string())
                .replace("{n}", &number.to_string());
            let done = sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await;
            done.unwrap_or_else(|error| panic!("{row}: {error}"));
        }
        somebody
    }

    pub fn account(self) -> Uuid {
        Uuid::from_u128(0xA000 + self.number)
    }

    pub fn patient(self) -> Uuid {
        Uuid::from_u128(0xD000 + self.number)
    }

    pub fn booking(self) -> Uuid {
        Uuid::from_u128(0xB000 + self.number)
    }

    pub fn email(self) -> String {
        format!("p{}@example.org", self.number)
    }

    /// Their browser, signed in a moment ago; every service knows the key already.
    pub async fn browser(self, running: &Running) -> Person {
        let issuer = running.issuer().await;
        let now = Clock::System.now();
        let claims = Claims {
            session_id: self.account().into(),
            account_id: self.account().into(),
            patient_id: Some(PatientId(self.patient())),
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: Vec::new(),
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(5),
        };
        let cookie = issuer.cookie(&claims);
        let browser = Person::new(&running.settings.public_url);
        browser.set_cookie(session::COOKIE, cookie.split_once('=').unwrap().1);
        for service in hellomapper_tests::running::SERVICES {
            until_true("the services to know the key", || async {
                let path = format!("/api/v1/{service}/me/audit");
                browser.send(Method::GET, &path, None::<&Value>).await.status == 200
            })
            .await;
        }
        browser
    }
}
