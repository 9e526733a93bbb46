//! Saying that an appointment never was one: one person is enough while nothing moved; where money moved or Medicare has a claim,
//! somebody else agrees.

use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AudCents, MistakeRequestId,
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent, ChangeReason,
        mistake::{IfMistake, MistakeCase, MistakeDecider, MistakeStatus, MoneyMoved, PracticeMistake},
        practice::{ActName, CalendarAppointment, PracticeCalendar},
    },
    page::Page,
    payments::{ClaimFact, PaymentFact, PaymentStatus, PaymentsEvent, claim::ClaimStatus},
    users::{Claims, Membership, PlatformRole, StaffRole},
};
use uuid::Uuid;

use crate::{
    app::{App, Browser, ORGANIZATION, Reply, minutes, monday},
    members::{claims, signed_in},
    practice::{act_as, at_practice, desk, staff_of},
};

const CASES: &str = "/api/v1/bookings/platform/mistakes";
/// Two people who answer for the practice.
const KIM: u128 = 60;
const LEE: u128 = 61;

/// One of those who answer for the practice, signed in a moment ago.
pub async fn manager(app: &App, account: u128) -> Browser {
    let memberships = vec![Membership { organization_id: ORGANIZATION, roles: vec![StaffRole::Manager] }];
    signed_in(app, &Claims { memberships, ..claims(app, account) }).await
}

async fn administrator(app: &App) -> Browser {
    signed_in(app, &Claims { platform: vec![PlatformRole::Administrator], ..claims(app, 90) }).await
}

fn mistake() -> Value {
    json!({"action": "enter_in_error", "reason": "mistake"})
}

impl App {
    /// Payments tells where a booking's money stands.
    async fn money(&self, booked: &Appointment, status: PaymentStatus, captured: i64, refunded: i64) {
        let fact = PaymentFact {
            payment_id: Uuid::from_u128(1).into(),
            booking_id: booked.booking_id,
            quote_id: Uuid::from_u128(2).into(),
            status,
            total_cents: AudCents(8_500),
            captured_cents: AudCents(captured),
            refunded_cents: AudCents(refunded),
            fee_cents: AudCents::ZERO,
            fee_owed_cents: AudCents::ZERO,
        };
        self.receive("payments", 5, &PaymentsEvent::PaymentChanged(fact)).await;
    }

    /// Booked for Monday at ten, and paid.
    async fn paid_visit(&self) -> Appointment {
        let booked = self.book(&mut self.browser(), monday(10, 0)).await;
        self.money(&booked, PaymentStatus::Captured, 8_500, 0).await;
        booked
    }
}

async fn ask(browser: &mut Browser, appointment: AppointmentId, version: i32, more: Value) -> Reply {
    let mut body = json!({"version": version, "reason": "mistake", "note": "Booked twice."});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    browser.post(&at_practice(&format!("appointments/{appointment}/mistake")), None, &body).await
}

async fn asks(browser: &mut Browser, appointment: AppointmentId, version: i32) -> PracticeMistake {
    let reply = ask(browser, appointment, version, json!({})).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

async fn approve(browser: &mut Browser, id: MistakeRequestId) -> Reply {
    browser.post(&at_practice(&format!("mistakes/{id}/approve")), None, &json!({"version": 1})).await
}

async fn decline(browser: &mut Browser, id: MistakeRequestId, why: &str) -> Reply {
    let body = json!({"version": 1, "why": why});
    browser.post(&at_practice(&format!("mistakes/{id}/decline")), None, &body).await
}

async fn listed(browser: &mut Browser) -> Vec<PracticeMistake> {
    browser.get(&at_practice("mistakes")).await.read::<Page<PracticeMistake>>().items
}

/// What Monday's calendar says of its only appointment.
async fn shown(browser: &mut Browser) -> CalendarAppointment {
    let path = at_practice("calendar?from=2026-11-23&to=2026-11-23");
    let calendar: PracticeCalendar = browser.get(&path).await.read();
    calendar.roles.into_iter().flat_map(|role| role.appointments).next().unwrap()
}

async fn status(app: &App) -> String {
    sqlx::query_scalar("select status from bookings.appointment")
        .fetch_one(&mut app.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn where_nothing_moved_one_person_is_enough() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    // A card that is kept is no money.
    app.money(&booked, PaymentStatus::CardSaved, 0, 0).await;
    let mut kim = manager(&app, KIM).await;
    let nothing = IfMistake { money: MoneyMoved::Nothing, claim_lodged: false, asked_at: None };
    assert_eq!(shown(&mut kim).await.if_mistake, Some(nothing));
    assert_eq!(shown(&mut desk(&app).await).await.if_mistake, None, "the desk cannot say so");
    ask(&mut kim, booked.appointment_id, 1, json!({})).await.problem(409, "wrong-state");
    let reply = act_as(&mut kim, booked.appointment_id, 1, mistake()).await;
    assert_eq!(reply.read::<CalendarAppointment>().status, AppointmentStatus::EnteredInError);
    assert_eq!(app.count("select count(*) from bookings.mistake_request").await, 0);
}

#[tokio::test]
async fn those_who_could_agree_are_told_once_that_somebody_asks_and_not_of_whom() {
    let app = App::new().await;
    let booked = app.paid_visit().await;
    let mut kim = manager(&app, KIM).await;
    for _ in 0..2 {
        let reply = ask(&mut kim, booked.appointment_id, 1, json!({"nobody_else": true})).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
    }
    let told = app.told("mistake_asked").await;
    let [BookingsEvent::MistakeAsked(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (fact.organization_id, fact.asked_by, fact.nobody_else),
        (ORGANIZATION, claims(&app, KIM).account_id, true)
    );
}

#[tokio::test]
async fn where_money_was_taken_somebody_else_agrees() {
    let app = App::new().await;
    let booked = app.paid_visit().await;
    let id = booked.appointment_id;
    let (mut kim, mut lee) = (manager(&app, KIM).await, manager(&app, LEE).await);
    let before = shown(&mut kim).await;
    assert!(before.acts.contains(&ActName::EnterInError));
    assert_eq!(before.if_mistake.unwrap().money, MoneyMoved::Taken { cents: AudCents(8_500) });
    act_as(&mut kim, id, 1, mistake()).await.problem(409, "needs-agreement");
    assert_eq!(status(&app).await, "confirmed");

    let asked = asks(&mut kim, id, 1).await;
    assert!(asked.mine && !asked.moved_on);
    assert_eq!(asked.if_mistake.money, MoneyMoved::Taken { cents: AudCents(8_500) });
    assert_eq!(shown(&mut lee).await.if_mistake.unwrap().asked_at, Some(app.core.now()));
    let request = asked.request.mistake_request_id;
    approve(&mut kim, request).await.problem(409, "same-person");
    decline(&mut kim, request, "No.").await.problem(409, "same-person");
    let own = "update bookings.mistake_request set status = 'approved', decided_by = asked_by, decided_as = 'practice', \
               ended_at = asked_at";
    let refused = sqlx::query(own).execute(&mut app.administrator().await).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("mistake_request_four_eyes"));
    assert_eq!(status(&app).await, "confirmed");

    let agreed: PracticeMistake = approve(&mut lee, request).await.read();
    assert_eq!(
        (agreed.request.status, agreed.request.decided_as, agreed.noted),
        (MistakeStatus::Approved, Some(MistakeDecider::Practice), AppointmentStatus::EnteredInError)
    );
    approve(&mut lee, request).await.problem(409, "stale-version");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (fact.status, fact.reason),
        (AppointmentStatus::EnteredInError, Some(ChangeReason::Mistake)),
        "payments gives back what was taken"
    );
    let done = app.audited(booked.booking_id.0).await;
    for action in ["ask_mistake", "approve_mistake"] {
        assert!(done.contains(&(action.to_owned(), "allowed".to_owned())), "{done:?}");
    }
}

#[tokio::test]
async fn money_that_is_held_and_a_claim_that_is_lodged_need_somebody_else_and_what_was_let_go_does_not() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let mut kim = manager(&app, KIM).await;
    app.money(&booked, PaymentStatus::Authorised, 0, 0).await;
    assert_eq!(shown(&mut kim).await.if_mistake.unwrap().money, MoneyMoved::Held);
    act_as(&mut kim, booked.appointment_id, 1, mistake()).await.problem(409, "needs-agreement");

    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    let claim = ClaimFact {
        claim_id: Uuid::from_u128(1).into(),
        booking_id: booked.booking_id,
        status: ClaimStatus::Ready,
        is_lodged: true,
    };
    app.receive("payments", 1, &PaymentsEvent::ClaimChanged(claim)).await;
    let mut kim = manager(&app, KIM).await;
    act_as(&mut kim, booked.appointment_id, 2, mistake()).await.problem(409, "needs-agreement");
    let asked = asks(&mut kim, booked.appointment_id, 2).await;
    let stays = IfMistake { money: MoneyMoved::Nothing, claim_lodged: true, asked_at: Some(app.core.now()) };
    assert_eq!(asked.if_mistake, stays, "that Medicare keeps the claim is said before anybody agrees");

    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.money(&booked, PaymentStatus::Voided, 0, 0).await;
    let mut kim = manager(&app, KIM).await;
    assert_eq!(act_as(&mut kim, booked.appointment_id, 1, mistake()).await.status, 200);
}

#[tokio::test]
async fn what_has_changed_since_it_was_asked_is_not_agreed_to_and_is_asked_anew() {
    let app = App::new().await;
    let id = app.paid_visit().await.appointment_id;
    let before = asks(&mut manager(&app, KIM).await, id, 1).await.request.mistake_request_id;
    app.advance_to(monday(9, 30));
    app.acts(id, 1, json!({"action": "arrive"})).await;
    let (mut kim, mut lee) = (manager(&app, KIM).await, manager(&app, LEE).await);
    let problem = approve(&mut lee, before).await.problem(409, "stale-version");
    assert!(problem.detail.unwrap().contains("asked anew"));
    assert_eq!(status(&app).await, "arrived");
    assert!(listed(&mut lee).await[0].moved_on);
    assert_eq!(shown(&mut kim).await.if_mistake.unwrap().asked_at, None);
    ask(&mut kim, id, 1, json!({})).await.problem(409, "stale-version");
    let anew = asks(&mut kim, id, 2).await.request.mistake_request_id;
    let found = listed(&mut lee).await;
    let [open, ended] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((open.request.mistake_request_id, open.moved_on), (anew, false));
    assert_eq!((ended.request.mistake_request_id, ended.request.status), (before, MistakeStatus::Withdrawn));
    assert_eq!(approve(&mut lee, anew).await.status, 200);
    assert_eq!(status(&app).await, "entered_in_error");
}

#[tokio::test]
async fn who_does_not_agree_says_why_and_who_asked_reads_it() {
    let app = App::new().await;
    let booked = app.paid_visit().await;
    let id = booked.appointment_id;
    let (mut kim, mut lee) = (manager(&app, KIM).await, manager(&app, LEE).await);
    let request = asks(&mut kim, id, 1).await.request.mistake_request_id;
    // One is open at a time: the same once more is the same, and other words are another.
    assert_eq!(asks(&mut kim, id, 1).await.request.mistake_request_id, request);
    ask(&mut kim, id, 1, json!({"note": "Other words."})).await.problem(409, "wrong-state");
    ask(&mut lee, id, 1, json!({})).await.problem(409, "wrong-state");
    ask(&mut kim, id, 1, json!({"reason": "not_listed"})).await.problem(422, "invalid");
    decline(&mut lee, request, " ").await.problem(422, "invalid");
    assert_eq!(decline(&mut lee, request, "She was here on Monday.").await.status, 200);
    let found = listed(&mut kim).await;
    let [declined] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(declined.request.status, MistakeStatus::Declined);
    let why = declined.request.answer.as_ref().map(|why| why.expose().as_str());
    assert_eq!((why, declined.mine), (Some("She was here on Monday."), true));
    assert_eq!(status(&app).await, "confirmed");
    assert!(app.told("appointment_cancelled").await.is_empty());
    let done = app.audited(booked.booking_id.0).await;
    assert!(done.contains(&("decline_mistake".to_owned(), "allowed".to_owned())), "{done:?}");

    // It can be asked again, and taken back by who asked and nobody else.
    let again = asks(&mut kim, id, 1).await.request.mistake_request_id;
    let withdraw = at_practice(&format!("mistakes/{again}/withdraw"));
    lee.post(&withdraw, None, &json!({"version": 1})).await.problem(403, "not-allowed");
    let back: PracticeMistake = kim.post(&withdraw, None, &json!({"version": 1})).await.read();
    assert_eq!(back.request.status, MistakeStatus::Withdrawn);
    approve(&mut lee, again).await.problem(409, "stale-version");
    app.advance(minutes(60 * 24 * 30));
    assert!(listed(&mut manager(&app, KIM).await).await.is_empty(), "after a month it is the record's alone");
}

#[tokio::test]
async fn administrators_answer_where_nobody_else_of_the_practice_may() {
    let app = App::new().await;
    let booked = app.paid_visit().await;
    let id = booked.appointment_id;
    let mut kim = manager(&app, KIM).await;
    let mut admin = administrator(&app).await;
    let of_case = |id: MistakeRequestId, act: &str| format!("{CASES}/{id}/{act}");
    let first = asks(&mut kim, id, 1).await.request.mistake_request_id;
    assert!(admin.get(CASES).await.read::<Page<MistakeCase>>().items.is_empty(), "a colleague is asked");
    let seen = json!({"version": 1});
    admin.post(&of_case(first, "approve"), None, &seen).await.problem(404, "not-found");
    kim.post(&at_practice(&format!("mistakes/{first}/withdraw")), None, &seen).await;

    let reply = ask(&mut kim, id, 1, json!({"nobody_else": true})).await;
    let alone = reply.read::<PracticeMistake>().request.mistake_request_id;
    let list = admin.get(CASES).await;
    let text = list.body.to_string();
    assert!(
        !text.contains("Ada Nguyen 0") && !text.contains("example.org"),
        "whose it is does not matter: {text}"
    );
    let cases = list.read::<Page<MistakeCase>>().items;
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((case.request.mistake_request_id, case.mine, case.moved_on), (alone, false, false));
    let mut support =
        signed_in(&app, &Claims { platform: vec![PlatformRole::Support], ..claims(&app, 91) }).await;
    support.post(&of_case(alone, "approve"), None, &seen).await.problem(403, "not-allowed");
    kim.post(&of_case(alone, "approve"), None, &seen).await.problem(404, "not-found");
    // Who asked is no second person in another capacity.
    let mut both =
        signed_in(&app, &Claims { platform: vec![PlatformRole::Administrator], ..claims(&app, KIM) }).await;
    both.post(&of_case(alone, "approve"), None, &seen).await.problem(409, "same-person");

    let agreed: MistakeCase = admin.post(&of_case(alone, "approve"), None, &seen).await.read();
    assert_eq!(agreed.request.decided_as, Some(MistakeDecider::Platform));
    assert_eq!(
        agreed.history.last().map(|step| (step.step.as_str(), step.taken_by.as_str())),
        Some(("enter_in_error", "platform"))
    );
    assert_eq!(status(&app).await, "entered_in_error");
    let done = app.audited(booked.booking_id.0).await;
    assert!(done.contains(&("approve_mistake_as_platform".to_owned(), "allowed".to_owned())), "{done:?}");
}

#[tokio::test]
async fn the_desk_and_other_practices_neither_ask_nor_answer() {
    let app = App::new().await;
    let id = app.paid_visit().await.appointment_id;
    ask(&mut desk(&app).await, id, 1, json!({})).await.problem(403, "not-allowed");
    let request = asks(&mut manager(&app, KIM).await, id, 1).await.request.mistake_request_id;
    approve(&mut desk(&app).await, request).await.problem(403, "not-allowed");
    let another = "00000000-0000-0000-0000-000000000042".parse().unwrap();
    let mut others = staff_of(&app, another, StaffRole::Owner).await;
    let theirs = format!("/api/v1/bookings/practices/{another}/mistakes");
    others
        .post(&format!("{theirs}/{request}/approve"), None, &json!({"version": 1}))
        .await
        .problem(404, "not-found");
    assert!(others.get(&theirs).await.read::<Page<PracticeMistake>>().items.is_empty());
    assert_eq!(status(&app).await, "confirmed");
}

#[tokio::test]
async fn of_several_who_ask_and_answer_at_once_one_counts() {
    let app = App::new().await;
    let id = app.paid_visit().await.appointment_id;
    let mut browsers = Vec::new();
    for nth in 0..6 {
        browsers.push(manager(&app, KIM + nth).await);
    }
    let asking = browsers
        .into_iter()
        .map(|mut browser| tokio::spawn(async move { ask(&mut browser, id, 1, json!({})).await.status }));
    let statuses: Vec<_> = futures::future::join_all(asking).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");

    let mut browsers = Vec::new();
    for nth in 10..20 {
        browsers.push(manager(&app, KIM + nth).await);
    }
    let request = listed(&mut browsers[0]).await[0].request.mistake_request_id;
    let answering = browsers.into_iter().enumerate().map(|(nth, mut browser)| {
        tokio::spawn(async move {
            let reply = if nth % 2 == 0 {
                approve(&mut browser, request).await
            } else {
                decline(&mut browser, request, "It took place.").await
            };
            reply.status
        })
    });
    let statuses: Vec<_> =
        futures::future::join_all(answering).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    let agreed = app.count("select count(*) from bookings.mistake_request where status = 'approved'").await;
    let entered =
        app.count("select count(*) from bookings.appointment where status = 'entered_in_error'").await;
    assert_eq!(agreed, entered, "the appointment follows the answer that counted");
}
