//! Keys, mailboxes and sealed notes. All keys are real: what the service cannot open, these tests open.

mod directory;
mod identity;
mod limits;
mod mailbox;
mod notes;
mod practice_notes;
mod refusals;

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx as _;
use kernel::{Chance, keys::Signer, outbox::Envelope as Event, ticket};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    counter::NoteVersion,
    directory::{Pin, Statement, VerifiedLeaf},
    envelope::{Envelope, Recipient, SealContext, Sender, seal},
    identity::GuestKey,
    mailbox::{
        EpochPlan, Grant, MailboxKey, NewEpoch, PracticeEpoch, Recovery, TrustedPractice, begin_epoch,
    },
    note::{Note, Text},
};
use serde_json::{Value, json};
use shared_types::{
    AccountId, AudCents, BookingId, NoteId, OrganizationId, PatientId, Zone,
    bookings::{AppointmentFact, AppointmentStatus, BookedRole, BookingsEvent, CancellationPolicy},
    users::{BeginEpoch, BookingNotes, Mailbox, MemberGrant, NoteTicket},
};
use uuid::Uuid;

use crate::{
    keys::{Keys, decoded, encoded, leaf},
    people::{People, Reply, account},
};

pub const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0x9A));
pub const ELSEWHERE: OrganizationId = OrganizationId(Uuid::from_u128(0x9B));
pub const BOOKING: BookingId = BookingId(Uuid::from_u128(0xB0));
/// Owns the practice.
pub const OWNER: u128 = 1;
/// Keeps its desk.
pub const RECEPTION: u128 = 2;
/// A patient with an account.
pub const MEMBER: u128 = 3;
/// Somebody else with an account.
pub const OTHER: u128 = 4;
/// Owns another practice.
pub const STRANGER: u128 = 5;

/// A practice and its patients, each with the keys they have made.
pub struct Clinic {
    pub people: People,
    pub keys: BTreeMap<u128, Keys>,
    pub rng: ChaCha20Rng,
    bookings: Signer,
}

impl Clinic {
    /// Nobody has keys yet.
    pub async fn new() -> Self {
        let people = People::new().await;
        let core = &people.world.core;
        for number in 1..=6_u128 {
            sqlx::query(
                "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
                 values ($1, $2, 'passkey', 'a browser', 'a network', $3, $3)",
            )
            .bind(Uuid::from_u128(number))
            .bind(account(number))
            .bind(core.now().to_sqlx())
            .execute(&core.pool)
            .await
            .unwrap();
        }
        let bookings = Signer::generate(&Chance::seeded(77));
        let mut conn = core.pool.acquire().await.unwrap();
        kernel::keys::learn(&mut conn, core, &bookings.published("bookings")).await.unwrap();
        drop(conn);
        let clinic = Self { people, keys: BTreeMap::new(), rng: ChaCha20Rng::seed_from_u64(1), bookings };
        clinic.employ(OWNER, PRACTICE, &["owner"]).await;
        clinic.employ(RECEPTION, PRACTICE, &["reception"]).await;
        clinic.employ(STRANGER, ELSEWHERE, &["owner"]).await;
        clinic
    }

    /// Everybody has keys, and the practice its first epoch.
    pub async fn open() -> Self {
        let mut clinic = Self::new().await;
        for number in [OWNER, RECEPTION, MEMBER, OTHER, STRANGER] {
            clinic.make_keys(number).await;
        }
        clinic.begin(OWNER, &[OWNER, RECEPTION]).await;
        clinic
    }

    pub async fn employ(&self, number: u128, practice: OrganizationId, roles: &[&str]) {
        sqlx::query(
            "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
             values ($1, $2, $3, $4, now(), now()) \
             on conflict (organization_id, account_id) do update set roles = excluded.roles",
        )
        .bind(practice)
        .bind(account(number))
        .bind(format!("p{number}@example.org"))
        .bind(roles.iter().map(|role| (*role).to_owned()).collect::<Vec<String>>())
        .execute(&self.people.world.core.pool)
        .await
        .unwrap();
    }

    /// Somebody makes their first keys and publishes them.
    pub async fn make_keys(&mut self, number: u128) {
        let mut keys = Keys::new(account(number).into(), u64::try_from(number).unwrap());
        let body = keys.first(self.people.world.core.now());
        self.people.send(number, Method::PUT, "/me/identity", json!(body)).await.ok(204);
        self.keys.insert(number, keys);
    }

    /// Somebody has lost theirs and makes others.
    pub async fn make_other_keys(&mut self, number: u128) {
        let path = format!("/directory/accounts/{}", account(number));
        let former = self.get(number, &path).await.ok(200);
        let former = leaf(former["entry"]["leaf"].as_str().unwrap());
        let mut keys = Keys::new(account(number).into(), 1000 + u64::try_from(number).unwrap());
        let body = keys.after(Some(&former), self.people.world.core.now());
        self.people.send(number, Method::PUT, "/me/identity", json!(body)).await.ok(204);
        self.keys.insert(number, keys);
    }

    pub async fn get(&self, number: u128, path: &str) -> Reply {
        self.people.send(number, Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, number: u128, path: &str, body: Value) -> Reply {
        self.people.send(number, Method::POST, path, body).await
    }

    /// The mailbox as somebody sees it.
    pub async fn mailbox(&self, number: u128) -> Mailbox {
        serde_json::from_value(self.get(number, &practice("/mailbox")).await.ok(200)).unwrap()
    }

    /// The next epoch as an owner's browser makes it, with these owners and for these members.
    pub async fn plan(&mut self, owner: u128, owners: &[u128], members: &[u128]) -> NewEpoch {
        let mailbox = self.mailbox(owner).await;
        let former = mailbox.epochs.last().map(|epoch| trusted(&leaf(&epoch.entry.leaf)));
        let trusted_keys =
            |numbers: &[u128]| numbers.iter().map(|number| self.keys[number].trusted()).collect::<Vec<_>>();
        let (owners, members) = (trusted_keys(owners), trusted_keys(members));
        let plan = EpochPlan {
            organization: PRACTICE,
            owners: &owners,
            members: &members,
            recovery: Recovery::Keep,
        };
        let (now, owner) = (self.people.world.core.now(), &self.keys[&owner].identity);
        begin_epoch(&plan, former.as_ref(), owner, now, &mut self.rng).unwrap()
    }

    /// Begins the next epoch with this owner alone.
    pub async fn begin(&mut self, owner: u128, members: &[u128]) -> NewEpoch {
        let new = self.plan(owner, &[owner], members).await;
        self.post(owner, &practice("/mailbox/epochs"), json!(body(&new, members, &[]))).await.ok(201);
        new
    }

    /// The practice's newest leaf, as everybody sees it.
    pub async fn leaf(&self) -> VerifiedLeaf {
        let path = format!("/api/v1/users/directory/practices/{PRACTICE}");
        let (status, published) = crate::get(&self.people.router, &path).await;
        assert_eq!(status, 200, "{published}");
        leaf(published["entry"]["leaf"].as_str().unwrap())
    }

    /// The practice and some accounts, to seal to.
    pub async fn recipients(&self, accounts: &[u128]) -> Vec<Recipient> {
        let practice = Recipient::practice(&trusted(&self.leaf().await));
        let patients = accounts.iter().map(|number| Recipient::patient(&self.keys[number].trusted()));
        [practice].into_iter().chain(patients).collect()
    }

    /// A note of an account, sealed to the practice as it is and to some accounts.
    pub async fn written_by(&mut self, number: u128, context: SealContext, to: &[u128]) -> Envelope {
        let recipients = self.recipients(to).await;
        let sender = Sender::Account(&self.keys[&number].identity);
        seal(&context, &reason(), &sender, &recipients, &mut self.rng).unwrap()
    }

    /// A guest's note.
    pub async fn written_by_guest(&mut self, guest: &GuestKey, context: SealContext) -> Envelope {
        let recipients = self.recipients(&[]).await;
        seal(&context, &reason(), &Sender::Guest(guest), &recipients, &mut self.rng).unwrap()
    }

    /// Bookings' word for whoever keeps the time of a booking.
    pub fn ticket(&self, booking: BookingId, number: Option<u128>) -> String {
        let body = NoteTicket {
            booking_id: booking,
            organization_id: PRACTICE,
            account_id: number.map(|number| account(number).into()),
            patient_id: None,
            start: self.people.world.core.now() + SignedDuration::from_hours(24),
        };
        let end = self.people.world.core.now() + SignedDuration::from_mins(15);
        ticket::sign(&self.bookings, NoteTicket::KIND, end, &body).unwrap()
    }

    /// Sends a note for a booking that is being made.
    pub async fn put_note(&self, ticket: &str, envelope: &Envelope) -> Reply {
        self.put_note_once(self.people.world.core.id(), note_body(ticket, envelope)).await
    }

    /// The same with a key for this one act.
    pub async fn put_note_once(&self, key: Uuid, body: Value) -> Reply {
        let request = Request::post("/api/v1/users/notes")
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key.to_string())
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = tower::ServiceExt::oneshot(self.people.router.clone(), request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Reply { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    /// Bookings tells something.
    pub async fn tell(&self, event: &BookingsEvent, version: i64) {
        let core = &self.people.world.core;
        let event = serde_json::to_value(event).unwrap();
        let event = Event {
            event_id: core.id(),
            producer: "bookings".to_owned(),
            name: event["name"].as_str().unwrap().to_owned(),
            version: 1,
            aggregate: "booking".to_owned(),
            aggregate_id: "1".to_owned(),
            aggregate_version: version,
            occurred_at: core.now(),
            request_id: None,
            body: event["body"].clone(),
        };
        kernel::inbox::receive(core, &*self.people.subscriber, &event).await.unwrap();
    }

    /// A booking is made, by an account or a guest, for a patient with an account or for nobody in particular.
    pub async fn book(&self, booking: BookingId, number: Option<u128>, patient: Option<PatientId>) {
        let fact = AppointmentFact {
            account_id: number.map(|number| account(number).into()),
            patient_id: patient,
            ..appointment(booking)
        };
        self.tell(&BookingsEvent::AppointmentConfirmed(fact), 1).await;
    }

    /// What was said about the booking, as a member sees it.
    pub async fn notes(&self, number: u128) -> BookingNotes {
        serde_json::from_value(self.get(number, &own_notes()).await.ok(200)).unwrap()
    }

    /// The same as staff of the practice see it.
    pub async fn practice_notes(&self, number: u128) -> BookingNotes {
        serde_json::from_value(self.get(number, &practice_notes()).await.ok(200)).unwrap()
    }

    /// The mailbox key that was sealed to somebody.
    pub fn mailbox_key(&self, number: u128, grant: &str, practice: &VerifiedLeaf) -> MailboxKey {
        let grant = Grant::parse(&decoded(grant)).unwrap();
        grant.open(&self.keys[&number].identity, epoch(practice), &[]).unwrap()
    }

    /// Acts in the log by name: purpose and outcome, in the order in which they were written.
    pub async fn audited(&self, action: &str) -> Vec<(String, String)> {
        sqlx::query_as("select purpose, outcome from users.audit_entry where action = $1 order by ctid")
            .bind(action)
            .fetch_all(&mut self.people.world.database.administrator().await)
            .await
            .unwrap()
    }

    pub async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement)
            .fetch_one(&mut self.people.world.database.administrator().await)
            .await
            .unwrap()
    }
}

/// The accounts of these numbers.
pub fn ids(numbers: &[u128]) -> Vec<AccountId> {
    numbers.iter().map(|number| account(*number).into()).collect()
}

/// A path of the practice's.
pub fn practice(path: &str) -> String {
    format!("/practices/{PRACTICE}{path}")
}

/// The notes of [`BOOKING`] on the patient's side.
pub fn own_notes() -> String {
    format!("/me/bookings/{BOOKING}/notes")
}

/// The same on the practice's.
pub fn practice_notes() -> String {
    practice(&format!("/bookings/{BOOKING}/notes"))
}

/// An epoch as it is sent; `members` are those it was made for.
pub fn body(new: &NewEpoch, members: &[u128], remove: &[u128]) -> BeginEpoch {
    let holders = [None].into_iter().chain(members.iter().map(|number| Some(account(*number).into())));
    let grants = holders.zip(&new.grants);
    BeginEpoch {
        leaf: encoded(&new.leaf.to_bytes()),
        grants: grants
            .map(|(account_id, grant)| MemberGrant { account_id, grant: encoded(&grant.to_bytes()) })
            .collect(),
        certificates: new.certificates.iter().map(|one| encoded(&one.to_bytes())).collect(),
        remove: ids(remove),
    }
}

/// A practice's leaf as a browser sees it that pins it at first sight.
pub fn trusted(leaf: &VerifiedLeaf) -> TrustedPractice {
    Pin::Unknown.observe(leaf).unwrap().practice(leaf).unwrap()
}

/// What a practice's leaf says.
pub fn epoch(leaf: &VerifiedLeaf) -> &PracticeEpoch {
    match leaf.statement() {
        Statement::Practice(practice) => practice,
        Statement::Account(_) => panic!("a practice's leaf"),
    }
}

/// The first version of a note of [`BOOKING`].
pub fn context(note: u128) -> SealContext {
    SealContext {
        booking: BOOKING,
        organization: PRACTICE,
        note: NoteId(Uuid::from_u128(note)),
        version: NoteVersion::FIRST,
    }
}

pub fn version(number: u32) -> NoteVersion {
    NoteVersion::new(number).unwrap()
}

pub fn reason() -> Note {
    Note::Reason(Text::new("a rash since Tuesday".to_owned()).unwrap())
}

/// A note with a ticket, as it is sent.
pub fn note_body(ticket: &str, envelope: &Envelope) -> Value {
    json!({
        "ticket": ticket,
        "consent": {"text": "intake-collection", "version": 1},
        "envelope": encoded(&envelope.to_bytes()),
    })
}

/// An envelope as it is sent without a ticket.
pub fn add_body(envelope: &Envelope) -> Value {
    json!({"envelope": encoded(&envelope.to_bytes())})
}

pub fn appointment(booking: BookingId) -> AppointmentFact {
    AppointmentFact {
        booking_id: booking,
        appointment_id: booking.0.into(),
        sequence: 0,
        status: AppointmentStatus::Confirmed,
        role: BookedRole {
            practitioner_role_id: Uuid::from_u128(9).into(),
            slug: "kim-lee-parramatta".to_owned(),
            name: "Kim Lee".to_owned(),
            profession_name: None,
            organization_id: Some(PRACTICE),
            organization_name: None,
            phone: None,
            address: "1 Example Street, Parramatta NSW 2150".to_owned(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
        discreet: false,
        appointment_type_name: "Initial consultation".to_owned(),
        telehealth: false,
        start: "2026-11-23T22:15:00Z".parse().unwrap(),
        end: "2026-11-23T22:45:00Z".parse().unwrap(),
        quote_id: booking.0.into(),
        price_cents: AudCents(8500),
        policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents(5000) },
        bulk_billed: false,
        patient_name: "Ada Nguyen".to_owned().into(),
        email: "ada@example.org".to_owned().into(),
        manage_token: None,
        account_id: None,
        patient_id: None,
        reason: None,
        reply_by: None,
        quote: None,
        late_fee_cents: AudCents::ZERO,
        claimant: None,
        series_id: None,
        text_to: None,
    }
}
