//! Somebody signed in: they book, see what is theirs, and claim what they booked as a guest.

use jiff::SignedDuration;
use kernel::{Chance, keys::Signer, session, testing::TokenIssuer, ticket};
use serde_json::json;
use shared_types::{
    OrganizationId, PatientId,
    bookings::{
        Appointment, BookingClaim, BookingsEvent, ClaimedBookings, Confirmation, Hold, MemberAppointment,
        PracticeAppointment, proposal::Proposal,
    },
    page::Page,
    users::{
        ActsFor, ClaimStatement, Claims, DelegationScope, LeaveEnded, Membership, NoteTicket, StaffRole,
        Strength, UsersEvent,
    },
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, LONG, ORGANIZATION, ROLE, details, monday},
    practice::{at_practice, desk},
};

pub const ADA: PatientId = PatientId(Uuid::from_u128(0xA));
pub const CHILD: PatientId = PatientId(Uuid::from_u128(0xC));
const ELSEWHERE: OrganizationId = OrganizationId(Uuid::from_u128(0x42));

pub fn claims(app: &App, account: u128) -> Claims {
    Claims {
        session_id: Uuid::from_u128(account + 100).into(),
        account_id: Uuid::from_u128(account).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: app.core.now(),
        expires_at: app.core.now() + SignedDuration::from_hours(1),
    }
}

/// A browser that is signed in.
pub async fn signed_in(app: &App, claims: &Claims) -> Browser {
    signed_in_by(&TokenIssuer::known_to(&app.core).await, app, claims)
}

/// The same by somebody whom the service believes already.
pub fn signed_in_by(issuer: &TokenIssuer, app: &App, claims: &Claims) -> Browser {
    let cookie = issuer.cookie(claims);
    let (name, value) = cookie.split_once('=').unwrap();
    assert_eq!(name, session::COOKIE);
    let mut browser = app.browser();
    browser.cookies.push((name.to_owned(), value.to_owned()));
    browser
}

pub fn ada(app: &App) -> Claims {
    let acts_for = vec![ActsFor { patient_id: CHILD, scopes: vec![DelegationScope::Appointments] }];
    Claims { patient_id: Some(ADA), acts_for, ..claims(app, 1) }
}

async fn mine(browser: &mut Browser, when: &str) -> Vec<MemberAppointment> {
    let reply = browser.get(&format!("/api/v1/bookings/me/appointments?when={when}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<Page<MemberAppointment>>().items
}

#[tokio::test]
async fn a_member_books_without_a_guests_cookie_and_sees_it_on_any_device() {
    let app = App::new().await;
    let mut phone = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut phone, monday(10, 0)).await;
    assert_eq!(phone.cookies.len(), 1, "a guest's cookie would outlive the sign-out");
    let (text, now) = (hold.note_ticket.as_ref().unwrap().expose(), app.core.now());
    let mut conn = app.core.pool.acquire().await.unwrap();
    let told = ticket::open::<NoteTicket>(&mut conn, "bookings", NoteTicket::KIND, text, now).await.unwrap();
    assert_eq!(told.unwrap().account_id, Some(Uuid::from_u128(1).into()));
    drop(conn);
    let mut laptop = signed_in(&app, &ada(&app)).await;
    let confirmation = app.confirm(&mut laptop, &hold).await;
    let seen = phone.appointment(confirmation.appointment_id).await;
    let upcoming = mine(&mut phone, "upcoming").await;
    assert_eq!(upcoming.len(), 1);
    assert_eq!((upcoming[0].patient_id, upcoming[0].appointment.booking_id), (Some(ADA), seen.booking_id));
    assert!(mine(&mut phone, "past").await.is_empty());
    let stored: (Option<Uuid>, Option<Uuid>) =
        sqlx::query_as("select account_id, patient_id from bookings.appointment_party")
            .fetch_one(&mut app.administrator().await)
            .await
            .unwrap();
    assert_eq!(stored, (Some(Uuid::from_u128(1)), Some(ADA.0)));
    let told = app.confirmed(seen.booking_id.0).await;
    assert_eq!((told.account_id, told.patient_id), (Some(Uuid::from_u128(1).into()), Some(ADA)));
    assert_eq!(laptop.cancel(seen.appointment_id, seen.version).await.status, 200);
    assert_eq!(mine(&mut phone, "past").await.len(), 1);
    let audited: Vec<(String, Option<Uuid>)> = sqlx::query_as(
        "select actor_kind, whose from bookings.audit_entry where action <> 'create_hold' order by ctid",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    assert!(audited.iter().all(|entry| *entry == ("account".to_owned(), Some(ADA.0))), "{audited:?}");
}

#[tokio::test]
async fn another_member_and_a_stranger_are_told_that_it_is_not_there() {
    let app = App::new().await;
    let booked = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    let other = Claims { patient_id: Some(PatientId(Uuid::from_u128(0xB))), ..claims(&app, 2) };
    let mut other = signed_in(&app, &other).await;
    other.find(booked.appointment_id).await.problem(404, "not-found");
    other.cancel(booked.appointment_id, booked.version).await.problem(404, "not-found");
    assert!(mine(&mut other, "upcoming").await.is_empty());
    app.browser().find(booked.appointment_id).await.problem(404, "not-found");
    app.browser().get("/api/v1/bookings/me/appointments?when=past").await.problem(401, "signed-out");
    let denied =
        app.audited(booked.booking_id.0).await.into_iter().filter(|(_, outcome)| outcome == "denied");
    assert_eq!(denied.count(), 2);
}

#[tokio::test]
async fn one_books_for_those_one_may_act_for_and_for_nobody_else() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut parent, monday(10, 0)).await;
    let mut stranger = details(1);
    stranger["patient_id"] = json!(Uuid::from_u128(0xB));
    parent.confirm(app.key(), &hold, &stranger).await.problem(404, "not-found");
    let mut child = details(1);
    child["patient_id"] = json!(CHILD);
    let confirmation: Confirmation = parent.confirm(app.key(), &hold, &child).await.read();
    assert_eq!(mine(&mut parent, "upcoming").await[0].patient_id, Some(CHILD));
    // Leave that has ended since hides it, though the same account made it.
    let without = Claims { acts_for: Vec::new(), ..ada(&app) };
    let mut without = signed_in(&app, &without).await;
    without.find(confirmation.appointment_id).await.problem(404, "not-found");
    assert!(mine(&mut without, "upcoming").await.is_empty());
    let fact = LeaveEnded { account_id: ada(&app).account_id, patient_id: CHILD, own: None };
    app.receive("users", 9, &UsersEvent::LeaveEnded(fact)).await;
    let tied = "select count(*) from bookings.appointment_party where account_id is not null";
    assert_eq!(app.count(tied).await, 0, "nothing later is told to the account");
    // Who is not signed in books for nobody we know.
    let mut guest = app.browser();
    let hold = app.hold(&mut guest, monday(11, 0)).await;
    guest.confirm(app.key(), &hold, &child).await.problem(401, "signed-out");
}

#[tokio::test]
async fn how_a_booking_is_paid_is_for_who_made_it_and_who_may_settle_what_is_owed() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut parent, monday(10, 0)).await;
    let mut child = details(1);
    child["patient_id"] = json!(CHILD);
    let booked: Confirmation = parent.confirm(app.key(), &hold, &child).await.read();
    let carer = |account, scopes| {
        let acts_for = vec![ActsFor { patient_id: CHILD, scopes }];
        Claims { acts_for, ..claims(&app, account) }
    };
    let helps = carer(3, vec![DelegationScope::Appointments]);
    let settles = carer(4, vec![DelegationScope::Appointments, DelegationScope::Payments]);
    for (who, sees) in [(ada(&app), true), (helps, false), (settles, true)] {
        let seen = signed_in(&app, &who).await.appointment(booked.appointment_id).await;
        assert_eq!((seen.quote.is_some(), seen.payment_ticket.is_some()), (sees, sees));
    }
}

#[tokio::test]
async fn who_only_helps_with_appointments_is_not_told_how_they_are_paid_whatever_they_do() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut parent, monday(10, 0)).await;
    let mut child = details(1);
    child["patient_id"] = json!(CHILD);
    let booked: Confirmation = parent.confirm(app.key(), &hold, &child).await.read();
    let acts_for = vec![ActsFor { patient_id: CHILD, scopes: vec![DelegationScope::Appointments] }];
    let mut helper = signed_in(&app, &Claims { acts_for, ..claims(&app, 3) }).await;
    assert!(mine(&mut parent, "upcoming").await[0].appointment.quote.is_some());
    assert!(mine(&mut helper, "upcoming").await[0].appointment.quote.is_none());
    let path = |rest: &str| format!("/api/v1/bookings/appointments/{}/{rest}", booked.appointment_id);
    let comes: Appointment = helper.post(&path("attendance"), None, &json!({"version": 1})).await.read();
    assert!(comes.attendance_confirmed_at.is_some() && comes.quote.is_none());
    let proposal = at_practice(&format!("appointments/{}/proposal", booked.appointment_id));
    let wanted = json!({"version": comes.version, "start": monday(14, 0)});
    let proposed: Proposal = desk(&app).await.post(&proposal, None, &wanted).await.read();
    let answer = json!({"proposal_id": proposed.proposal_id, "agree": true});
    let agreed: Appointment = helper.post(&path("proposal/answer"), None, &answer).await.read();
    assert!(agreed.start == monday(14, 0) && agreed.quote.is_none());
    // The same once more is told no more than the first time.
    let key = app.key();
    for _ in 0..2 {
        let reply = helper.r#move(key, agreed.appointment_id, agreed.version, monday(11, 0)).await;
        let moved: Appointment = reply.read();
        assert!(moved.start == monday(11, 0) && moved.quote.is_none());
    }
    assert!(mine(&mut parent, "upcoming").await[0].appointment.quote.is_some());
}

#[tokio::test]
async fn an_account_holds_two_times_at_once_in_all_its_browsers() {
    let app = App::new().await;
    for hour in [9, 10] {
        app.hold(&mut signed_in(&app, &ada(&app)).await, monday(hour, 0)).await;
    }
    let mut third = signed_in(&app, &ada(&app)).await;
    third.hold(app.key(), ROLE, LONG, monday(11, 0)).await.problem(409, "too-many-holds");
}

#[tokio::test]
async fn a_guests_booking_is_claimed_with_the_verified_address_and_the_date_of_birth() {
    let app = App::new().await;
    let signer = Signer::generate(&Chance::seeded(5));
    let mut conn = app.core.pool.acquire().await.unwrap();
    kernel::keys::learn(&mut conn, &app.core, &signer.published("users")).await.unwrap();
    drop(conn);
    let mut guest = app.browser();
    let hold = app.hold(&mut guest, monday(10, 0)).await;
    let confirmation: Confirmation = guest.confirm(app.key(), &hold, &details(7)).await.read();
    let ticket = |account: u128, email: &str, born: &str| {
        let statement = ClaimStatement {
            account_id: Uuid::from_u128(account).into(),
            patient_id: ADA,
            email: email.to_owned().into(),
            date_of_birth: born.parse::<jiff::civil::Date>().unwrap().into(),
        };
        let end = app.core.now() + SignedDuration::from_mins(5);
        json!({"ticket": ticket::sign(&signer, ClaimStatement::KIND, end, &statement).unwrap()})
    };
    let mut member = signed_in(&app, &Claims { patient_id: Some(ADA), ..claims(&app, 1) }).await;
    let claim = "/api/v1/bookings/me/claims";
    for other in [ticket(1, "ada8@example.org", BORN), ticket(1, "ada7@example.org", "1980-02-28")] {
        assert!(member.post(claim, None, &other).await.read::<ClaimedBookings>().bookings.is_empty());
    }
    member.post(claim, None, &ticket(2, "ada7@example.org", BORN)).await.problem(422, "invalid");
    member.post(claim, None, &json!({"ticket": "x.y"})).await.problem(422, "invalid");
    member.find(confirmation.appointment_id).await.problem(404, "not-found");
    let good = ticket(1, "ADA7@example.org", BORN);
    let claimed: ClaimedBookings = member.post(claim, None, &good).await.read();
    assert_eq!(claimed.bookings, [confirmation.booking_id]);
    let told = BookingClaim {
        booking_id: confirmation.booking_id,
        account_id: Uuid::from_u128(1).into(),
        patient_id: ADA,
    };
    assert_eq!(app.told("booking_claimed").await, [BookingsEvent::BookingClaimed(told)]);
    let _: Appointment = member.appointment(confirmation.appointment_id).await;
    // A booking is claimed once.
    assert!(member.post(claim, None, &good).await.read::<ClaimedBookings>().bookings.is_empty());
    app.advance(SignedDuration::from_mins(5));
    member.post(claim, None, &good).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_practices_staff_list_what_is_booked_with_it_and_each_reading_is_written_down() {
    let app = App::new().await;
    let booked = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    let works_at = |organization_id, strength| Claims {
        memberships: vec![Membership { organization_id, roles: vec![StaffRole::Reception] }],
        strength,
        ..claims(&app, 5)
    };
    let path = |from: &str, to: &str| {
        format!("/api/v1/bookings/practices/{ORGANIZATION}/appointments?from={from}&to={to}")
    };
    let day = path("2026-11-23", "2026-11-23");
    let mut desk = signed_in(&app, &works_at(ORGANIZATION, Strength::PasswordAndCode)).await;
    let page: Page<PracticeAppointment> = desk.get(&day).await.read();
    assert_eq!((page.items.len(), page.next), (1, None));
    assert_eq!(page.items[0].booking_id, booked.booking_id);
    assert_eq!(page.items[0].patient.date_of_birth.expose().to_string(), BORN);
    let audited: Vec<(String, String, Option<Uuid>, Option<Uuid>)> = sqlx::query_as(
        "select resource_id, purpose, organization_id, whose from bookings.audit_entry \
         where action = 'list_practice_appointments'",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    let expected = (booked.booking_id.to_string(), "practice".to_owned(), Some(ORGANIZATION.0), Some(ADA.0));
    assert_eq!(audited, [expected]);
    let page: Page<PracticeAppointment> = desk.get(&path("2026-11-24", "2026-12-24")).await.read();
    assert!(page.items.is_empty());
    desk.get(&path("2026-11-24", "2026-11-23")).await.problem(422, "invalid");
    desk.get(&path("2026-11-01", "2026-12-31")).await.problem(422, "invalid");
    desk.get(&path("-009999-01-01", "-009999-01-01")).await.problem(422, "invalid");
    let mut others = signed_in(&app, &works_at(ELSEWHERE, Strength::Passkey)).await;
    others.get(&day).await.problem(404, "not-found");
    let mut weak = signed_in(&app, &works_at(ORGANIZATION, Strength::Password)).await;
    weak.get(&day).await.problem(403, "stronger-sign-in");
    app.browser().get(&day).await.problem(401, "signed-out");
}

#[tokio::test]
async fn two_practices_do_not_see_each_others_bookings_of_one_patient() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let here = app.book(&mut patient, monday(10, 0)).await.booking_id;
    let (role, of) = (crate::app::ELSEWHERE, crate::app::LONG_ELSEWHERE);
    let hold: Hold = patient.hold(app.key(), role, of, monday(14, 0)).await.read();
    app.confirm(&mut patient, &hold).await;
    let there = hold.booking_id;
    assert_eq!(mine(&mut patient, "upcoming").await.len(), 2, "they are one patient's");
    for (organization_id, own, other) in [(ORGANIZATION, here, there), (ELSEWHERE, there, here)] {
        let memberships = vec![Membership { organization_id, roles: vec![StaffRole::Reception] }];
        let mut staff = signed_in(&app, &Claims { memberships, ..claims(&app, 5) }).await;
        let practice = format!("/api/v1/bookings/practices/{organization_id}");
        for path in [
            format!("{practice}/appointments?from=2026-11-23&to=2026-11-23"),
            format!("{practice}/bookings?ids={here},{there}"),
        ] {
            let page: Page<PracticeAppointment> = staff.get(&path).await.read();
            let seen: Vec<_> = page.items.iter().map(|item| item.booking_id).collect();
            assert_eq!(seen, [own], "{path}");
        }
        let days = format!("{practice}/calendar?from=2026-11-23&to=2026-11-23");
        let calendar = staff.get(&days).await;
        assert_eq!(calendar.status, 200, "{}", calendar.body);
        let calendar = calendar.body.to_string();
        assert!(calendar.contains(&own.to_string()), "{calendar}");
        assert!(!calendar.contains(&other.to_string()), "{calendar}");
    }
}

#[tokio::test]
async fn a_practice_finds_its_bookings_by_their_ids_wherever_they_were_moved_to() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let key = app.key();
    let moved = patient.r#move(key, booked.appointment_id, booked.version, monday(14, 0)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    let works_at = |organization_id| Claims {
        memberships: vec![Membership { organization_id, roles: vec![StaffRole::Reception] }],
        ..claims(&app, 5)
    };
    let path = |organization: OrganizationId, ids: &str| {
        format!("/api/v1/bookings/practices/{organization}/bookings?ids={ids}")
    };
    let id = booked.booking_id.to_string();
    let mut desk = signed_in(&app, &works_at(ORGANIZATION)).await;
    let page: Page<PracticeAppointment> =
        desk.get(&path(ORGANIZATION, &format!("{},{id}", Uuid::from_u128(9)))).await.read();
    assert_eq!(page.items.len(), 1);
    assert_eq!((page.items[0].booking_id, page.items[0].start), (booked.booking_id, monday(14, 0)));
    // What is another practice's is not there.
    let mut others = signed_in(&app, &works_at(ELSEWHERE)).await;
    let page: Page<PracticeAppointment> = others.get(&path(ELSEWHERE, &id)).await.read();
    assert!(page.items.is_empty());
    others.get(&path(ORGANIZATION, &id)).await.problem(404, "not-found");
    for wrong in ["", "x", &vec![id.as_str(); 51].join(",")] {
        desk.get(&path(ORGANIZATION, wrong)).await.problem(422, "invalid");
    }
}
