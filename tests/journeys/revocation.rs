//! Tokens that end before their time: users says so, and within seconds every service refuses them.

use hellomapper_tests::{Person, Running, acts, member, running::SERVICES, until_true};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId,
    page::Page,
    users::{SessionView, StaffMember},
};
use uuid::Uuid;

const EMAIL: &str = "ada.revoked@example.org";
const OWNER: &str = "olga.revoked@example.org";
const COLLEAGUE: &str = "rita.revoked@example.org";
const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
const REFRESH: &str = "/api/v1/users/refresh";

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_everywhere_is_refused_by_every_service_within_seconds() {
    let running = Running::without_pages().await;
    let first = member::open(&running, EMAIL).await;
    let second = member::sign_in(&running, EMAIL).await;
    let third = member::sign_in(&running, EMAIL).await;
    for person in [&first, &second, &third] {
        answered_everywhere(person, 200).await;
    }

    // One of three is ended by another; the third goes on.
    let sessions: Vec<SessionView> = first.get("/api/v1/users/sessions").await;
    assert_eq!(sessions.len(), 3);
    let seconds: Vec<SessionView> = second.get("/api/v1/users/sessions").await;
    let ended = seconds.iter().find(|session| session.current).unwrap().session_id;
    let path = format!("/api/v1/users/sessions/{ended}");
    assert_eq!(first.send(Method::DELETE, &path, None::<&Value>).await.status.as_u16(), 204);
    answered_everywhere(&second, 401).await;
    assert_eq!(second.send(Method::POST, REFRESH, None::<&Value>).await.status.as_u16(), 401);
    answered_everywhere(&third, 200).await;

    // Whoever has copied the cookies has nothing of them either.
    let thief = copy(&running, &first);
    let everywhere = "/api/v1/users/sign-out-everywhere";
    assert_eq!(first.send(Method::POST, everywhere, None::<&Value>).await.status.as_u16(), 204);
    for person in [&thief, &third] {
        answered_everywhere(person, 401).await;
        assert_eq!(person.send(Method::POST, REFRESH, None::<&Value>).await.status.as_u16(), 401);
    }

    // A sign-in of afterwards is none of those that have ended.
    answered_everywhere(&member::sign_in(&running, EMAIL).await, 200).await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_roles_ends_the_tokens_that_say_otherwise() {
    let running = Running::without_pages().await;
    for (email, role) in [(OWNER, "owner"), (COLLEAGUE, "reception")] {
        member::open(&running, email).await;
        acts::employ(&running, email, PRACTICE, role).await;
    }
    let owner = member::sign_in_with_app(&running, OWNER).await;
    let colleague = member::sign_in_with_app(&running, COLLEAGUE).await;
    let notes = format!("/api/v1/users/practices/{PRACTICE}/notes");
    let days = "from=2026-11-23&to=2026-11-24";
    let appointments = format!("/api/v1/bookings/practices/{PRACTICE}/appointments?{days}");
    for path in [&notes, &appointments] {
        answers(&colleague, path, 200).await;
    }

    let staff: Page<StaffMember> = owner.get(&format!("/api/v1/users/practices/{PRACTICE}/staff")).await;
    let theirs = staff.items.iter().find(|member| member.email.expose() == COLLEAGUE).unwrap();
    let change = json!({"roles": ["billing"], "version": theirs.version});
    let path = format!("/api/v1/users/practices/{PRACTICE}/staff/{}", theirs.account_id);
    assert_eq!(owner.send(Method::PUT, &path, Some(&change)).await.status.as_u16(), 204);
    answered_everywhere(&colleague, 401).await;

    // The session goes on with what is so now: the practice's list, and no sealed notes.
    assert_eq!(colleague.send(Method::POST, REFRESH, None::<&Value>).await.status.as_u16(), 200);
    answers(&colleague, &appointments, 200).await;
    answers(&colleague, &notes, 403).await;

    // Who is let go is told that there is nothing.
    assert_eq!(owner.send(Method::DELETE, &path, None::<&Value>).await.status.as_u16(), 204);
    answered_everywhere(&colleague, 401).await;
    assert_eq!(colleague.send(Method::POST, REFRESH, None::<&Value>).await.status.as_u16(), 200);
    for path in [&notes, &appointments] {
        answers(&colleague, path, 404).await;
    }
    answered_everywhere(&owner, 200).await;
    running.quiet().await;
}

/// Waits until every service answers somebody who is signed in, or says that they are not.
async fn answered_everywhere(person: &Person, status: u16) {
    for service in SERVICES {
        answers(person, &format!("/api/v1/{service}/me/audit"), status).await;
    }
}

/// Waits until a path answers so: the relay carries what has ended to the other services, which look each second.
async fn answers(person: &Person, path: &str, status: u16) {
    until_true(&format!("{path} to answer {status}"), || async {
        person.send(Method::GET, path, None::<&Value>).await.status.as_u16() == status
    })
    .await;
}

/// Another browser with the same cookies.
fn copy(running: &Running, of: &Person) -> Person {
    let other = Person::new(&running.settings.public_url);
    for name in of.cookie_names() {
        let value = of.cookie(&name).expect("a cookie that is named is there");
        other.set_cookie(&name, &value);
    }
    other
}
