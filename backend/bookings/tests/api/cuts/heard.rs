//! What users, providers, payments and reminders tell of people, places and prices, and what bookings tells to itself.

use jiff::SignedDuration;
use kernel::{chance::hash_secret, testing::Cuts};
use serde_json::json;
use shared_types::{
    notifications::{NotificationsEvent, ReplyLinkFact, ReplyPurpose},
    payments::{PaymentsEvent, PracticeAccountFact, funding::FundingFact, practice::OnboardingStatus},
    providers::ProvidersEvent,
    users::{
        AccessGrantFact, ErasureRequest, LeaveEnded, OwnDetails, OwnDetailsChanged, Revocation, Revoked,
        SigningKey, StaffLeft, StaffRole, UsersEvent,
    },
};
use uuid::Uuid;

use super::{nothing_is_wrong, receives};
use crate::{
    app::{App, LONG, ORGANIZATION, ROLE, consent_text, monday},
    inbox::fact,
    members::{ADA, CHILD, ada, claims, signed_in},
    practice::{at_practice, staff},
    webhooks::{self, Program},
};

/// How many of a booking's ties lead to Ada's account.
const TIES: &str = "select count(*) from bookings.appointment_party where account_id is not null";

#[tokio::test]
async fn what_users_tell_of_people_is_taken_whole_or_not_at_all() {
    let app = App::new().await;
    let mut member = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let hold = app.hold(&mut member, monday(11, 0)).await;
    let mut for_child = app.details();
    for_child["patient_id"] = json!(CHILD);
    let reply = member.confirm(app.key(), &hold, &for_child).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    app.hold(&mut member, monday(12, 0)).await;
    let reminded = ReplyLinkFact {
        booking_id: hold.booking_id,
        purpose: ReplyPurpose::Cancel,
        start: monday(11, 0),
        token_hash: hash_secret("cccccccccccccccccccccccccccccccc"),
    };
    let account_id = ada(&app).account_id;
    let moved = OwnDetailsChanged {
        account_id,
        patient_id: Some(ADA),
        was: OwnDetails::of(app.confirmed(booked.booking_id.0).await.email, None),
        is: OwnDetails::of("tran@example.org".to_owned().into(), None),
    };
    let left = LeaveEnded { account_id, patient_id: CHILD, own: None };
    let erasure = ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id,
        patient_id: Some(ADA),
        dependants: Vec::new(),
        email: "ada@example.org".to_owned().into(),
    };

    let mut cuts = Cuts::of(&app.database, "bookings").await;
    assert_eq!(app.count(TIES).await, 2);
    receives(&app, &mut cuts, ("notifications", 1), &NotificationsEvent::ReplyLinkMade(reminded)).await;
    assert_eq!(app.count("select count(*) from bookings.reply_link").await, 1);
    receives(&app, &mut cuts, ("users", 3), &UsersEvent::OwnDetailsChanged(moved)).await;
    let followed = "select count(*) from bookings.appointment_party where email = 'tran@example.org'";
    assert_eq!(app.count(followed).await, 1);
    receives(&app, &mut cuts, ("users", 1), &UsersEvent::LeaveEnded(left)).await;
    assert_eq!(app.count("select count(*) from bookings.reply_link").await, 0);
    assert_eq!(app.count(TIES).await, 1, "the child's booking is the child's");
    receives(&app, &mut cuts, ("users", 2), &UsersEvent::ErasureRequested(erasure)).await;
    assert_eq!(app.count(TIES).await, 0);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 2, "what she held is free");
    assert_eq!(app.told("erasure_answered").await.len(), 1);
    nothing_is_wrong(&app, &[]).await;
}

#[tokio::test]
async fn what_staff_and_platform_may_is_known_whole_or_not_at_all() {
    let app = App::new().await;
    let mut manager = staff(&app, StaffRole::Manager).await;
    let path = at_practice(&format!("roles/{ROLE}/calendar-feed"));
    assert_eq!(manager.post(&path, None, &json!({"detail": "times"})).await.status, 201);
    let now = app.core.now();
    let account_id = claims(&app, 50).account_id;
    let grant = AccessGrantFact {
        access_grant_id: Uuid::from_u128(77).into(),
        account_id: claims(&app, 5).account_id,
        patient_id: ADA,
        granted_at: now,
        expires_at: now + SignedDuration::from_hours(1),
    };
    let revocation = Revocation {
        of: Revoked::Account(account_id),
        issued_until: now,
        forget_at: now + SignedDuration::from_mins(10),
    };
    let key = SigningKey {
        kid: "k".to_owned(),
        issuer: "users".to_owned(),
        public_key: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    };
    let told = [
        UsersEvent::StaffLeft(StaffLeft { account_id, organization_id: ORGANIZATION }),
        UsersEvent::TokensRevoked(revocation),
        UsersEvent::AccessGranted(grant),
        UsersEvent::SigningKeyPublished(key),
        UsersEvent::ConsentTextPublished(consent_text(2)),
    ];
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    for (version, event) in (1..).zip(&told) {
        receives(&app, &mut cuts, ("users", version), event).await;
    }
    for (what, count) in [
        ("select count(*) from bookings.calendar_feed", 0),
        ("select count(*) from bookings.audit_entry where action = 'delete_role_feed'", 1),
        ("select count(*) from bookings.revocation", 1),
        ("select count(*) from bookings.access_grant", 1),
        ("select count(*) from bookings.signing_key where kid = 'k'", 1),
        ("select count(*) from bookings.consent_text where version = 2", 1),
    ] {
        assert_eq!(app.count(what).await, count, "{what}");
    }
}

#[tokio::test]
async fn what_is_told_of_places_and_prices_is_taken_whole_or_not_at_all() {
    let app = App::new().await;
    let account = PracticeAccountFact {
        organization_id: ORGANIZATION,
        status: OnboardingStatus::Ready,
        bulk_bills_everything: false,
        attested_at: None,
    };
    let funding = FundingFact {
        organization_id: ORGANIZATION,
        appointment_type_id: LONG,
        version: 1,
        rules: Vec::new(),
        eligibility: Vec::new(),
    };
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    let renamed = ProvidersEvent::PractitionerRoleChanged(fact(ROLE, "Dr Ada Tran"));
    receives(&app, &mut cuts, ("providers", 9), &renamed).await;
    receives(&app, &mut cuts, ("payments", 1), &PaymentsEvent::PracticeAccountChanged(account)).await;
    receives(&app, &mut cuts, ("payments", 2), &PaymentsEvent::FundingChanged(funding)).await;
    for one in [
        "select count(*) from bookings.role where name = 'Dr Ada Tran'",
        "select count(*) from bookings.practice_account where collects",
        "select count(*) from bookings.funding",
    ] {
        assert_eq!(app.count(one).await, 1, "{one}");
    }
}

#[tokio::test]
async fn a_webhook_is_given_what_bookings_told_whole_or_not_at_all() {
    let (app, program) = (App::new().await, Program::default());
    let hook = webhooks::create(&app, &program.start(204).await).await;
    app.book(&mut app.browser(), monday(10, 0)).await;
    let told = app.told("appointment_confirmed").await;
    let mut cuts = Cuts::of(&app.database, "bookings").await;
    for event in &told {
        receives(&app, &mut cuts, ("bookings", 1), event).await;
    }
    assert_eq!((told.len(), webhooks::log(&app, &hook).await.len()), (1, 1));
    nothing_is_wrong(&app, &[]).await;
}
