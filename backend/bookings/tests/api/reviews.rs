//! What is booked with somebody who is no longer listed: it waits for a look, and nothing of it ends by itself.

use serde_json::{Value, json};
use shared_types::{
    bookings::{
        Appointment, AppointmentStatus, BookingsEvent, ChangeReason,
        review::{ReviewAppointment, ReviewRole},
    },
    page::Page,
    providers::{ProvidersEvent, RoleFact, Unlisted},
    users::{Claims, PlatformRole},
};

use crate::{
    app::{App, Browser, ELSEWHERE, LONG, LONG_ELSEWHERE, ROLE, Reply, minutes, monday},
    inbox::fact,
    members::{claims, signed_in},
    practice::desk,
};

const QUEUE: &str = "/api/v1/bookings/platform/reviews";

fn at(rest: &str) -> String {
    format!("{QUEUE}/{ROLE}{rest}")
}

async fn administrator(app: &App) -> Browser {
    signed_in(app, &Claims { platform: vec![PlatformRole::Administrator], ..claims(app, 90) }).await
}

impl App {
    /// Providers tells that a role is not listed, or is again.
    pub async fn unlisted(&self, version: i64, unlisted: Option<Unlisted>) {
        let told = RoleFact { unlisted, bookable: unlisted.is_none(), ..fact(ROLE, "Dr Ada Nguyen") };
        self.receive("providers", version, &ProvidersEvent::PractitionerRoleChanged(told)).await;
    }

    async fn queue(&self) -> Vec<ReviewRole> {
        administrator(self).await.get(QUEUE).await.read::<Page<ReviewRole>>().items
    }

    async fn waiting(&self) -> Vec<ReviewAppointment> {
        administrator(self).await.get(&at("")).await.read::<Page<ReviewAppointment>>().items
    }

    async fn decide(&self, how: &str, seen: &[(&Appointment, i32)]) -> Reply {
        let seen: Vec<Value> = seen
            .iter()
            .map(|(one, version)| json!({"appointment_id": one.appointment_id, "version": version}))
            .collect();
        administrator(self).await.post(&at(how), None, &json!({"appointments": seen})).await
    }
}

#[tokio::test]
async fn what_is_booked_with_somebody_unlisted_waits_for_a_look_and_is_not_cancelled() {
    let app = App::new().await;
    let (mut one, mut other) = (app.browser(), app.browser());
    let ten = app.book(&mut one, monday(10, 0)).await;
    let eleven = app.book(&mut other, monday(11, 0)).await;
    let held = app.hold(&mut app.browser(), monday(12, 0)).await;
    assert!(app.queue().await.is_empty());

    app.unlisted(9, Some(Unlisted::Suspended)).await;
    app.browser().hold(app.key(), ROLE, LONG, monday(13, 0)).await.problem(409, "not-bookable");
    for (browser, booked) in [(&mut one, &ten), (&mut other, &eleven)] {
        assert_eq!(browser.appointment(booked.appointment_id).await.status, AppointmentStatus::Confirmed);
    }
    assert_eq!(app.count("select count(*) from bookings.hold where status = 'active'").await, 1, "{held:?}");
    let queue = app.queue().await;
    let [role] = queue.as_slice() else { panic!("{queue:?}") };
    assert_eq!(
        (role.practitioner_role_id, role.unlisted, role.since, role.appointments, role.next_start),
        (ROLE, Unlisted::Suspended, app.core.now(), 2, monday(10, 0))
    );
    let starts: Vec<_> = app.waiting().await.iter().map(|waiting| waiting.start).collect();
    assert_eq!(starts, [monday(10, 0), monday(11, 0)]);

    // One stands, the other is cancelled; then nothing waits.
    assert_eq!(app.decide("/keep", &[(&ten, ten.version)]).await.status, 200);
    assert_eq!(app.queue().await[0].appointments, 1);
    assert_eq!(app.decide("/cancel", &[(&eleven, eleven.version)]).await.status, 200);
    assert!(app.queue().await.is_empty());
    assert!(app.waiting().await.is_empty());
    assert_eq!(one.appointment(ten.appointment_id).await.status, AppointmentStatus::Confirmed);

    // Listed and then not again, it is looked at again; the reason alone changes nothing.
    app.unlisted(10, Some(Unlisted::RegistrationLapsed)).await;
    assert!(app.queue().await.is_empty());
    app.unlisted(11, None).await;
    assert!(app.queue().await.is_empty());
    app.advance(minutes(5));
    app.unlisted(12, Some(Unlisted::Left)).await;
    let queue = app.queue().await;
    assert_eq!((queue.len(), queue[0].unlisted, queue[0].appointments), (1, Unlisted::Left, 1));
}

#[tokio::test]
async fn what_the_platform_cancels_costs_its_patient_nothing_however_late() {
    let app = App::new().await;
    let mut browser = app.browser();
    // Less than a day ahead: cancelling it themselves, they would owe the fee.
    let booked = app.book(&mut browser, monday(9, 30)).await;
    app.unlisted(9, Some(Unlisted::RegistrationLapsed)).await;
    let cancelled: Page<ReviewAppointment> = app.decide("/cancel", &[(&booked, booked.version)]).await.read();
    assert_eq!(cancelled.items[0].status, AppointmentStatus::CancelledByAdmin);
    assert_eq!(browser.appointment(booked.appointment_id).await.status, AppointmentStatus::CancelledByAdmin);
    let told = app.told("appointment_cancelled").await;
    let [BookingsEvent::AppointmentCancelled(fact)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (fact.status, fact.reason, fact.late_fee_cents.0),
        (AppointmentStatus::CancelledByAdmin, Some(ChangeReason::NotListed), 0)
    );
    assert_eq!(app.count("select sum(late_fee_cents)::bigint from bookings.appointment").await, 0);
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 0, "the time is free");
    let steps: Vec<(String, String)> = sqlx::query_as(
        "select step, taken_by from bookings.appointment_transition order by version desc limit 1",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap();
    assert_eq!(steps, [("cancel_by_admin".to_owned(), "platform".to_owned())]);
    let audited = app.audited(booked.booking_id.0).await;
    assert!(audited.contains(&("cancel_reviewed".to_owned(), "allowed".to_owned())), "{audited:?}");
}

#[tokio::test]
async fn a_decision_is_about_what_was_seen_all_of_it_or_none() {
    let app = App::new().await;
    let mut browser = app.browser();
    let ten = app.book(&mut browser, monday(10, 0)).await;
    let mut other = app.browser();
    let hold = other.hold(app.key(), ELSEWHERE, LONG_ELSEWHERE, monday(14, 0)).await.read();
    let confirmed = app.confirm(&mut other, &hold).await;
    let elsewhere = other.appointment(confirmed.appointment_id).await;

    // Nobody decides about who is listed.
    app.decide("/cancel", &[(&ten, ten.version)]).await.problem(409, "wrong-state");
    app.unlisted(9, Some(Unlisted::Suspended)).await;
    for how in ["/keep", "/cancel"] {
        app.decide(how, &[]).await.problem(422, "invalid");
        app.decide(how, &[(&ten, ten.version + 1)]).await.problem(409, "stale-version");
        let both = [(&ten, ten.version), (&elsewhere, elsewhere.version)];
        app.decide(how, &both).await.problem(409, "stale-version");
    }
    assert_eq!(browser.appointment(ten.appointment_id).await.status, AppointmentStatus::Confirmed);
    assert_eq!(other.appointment(elsewhere.appointment_id).await.status, AppointmentStatus::Confirmed);
    assert_eq!(app.queue().await[0].appointments, 1);

    // The patient was quicker.
    assert_eq!(browser.cancel(ten.appointment_id, ten.version).await.status, 200);
    app.decide("/cancel", &[(&ten, ten.version)]).await.problem(409, "wrong-state");
    app.unlisted(10, None).await;
    app.decide("/keep", &[(&ten, ten.version)]).await.problem(409, "wrong-state");
    assert!(app.queue().await.is_empty());
}

#[tokio::test]
async fn what_one_administrator_lets_stand_another_with_an_old_page_does_not_cancel() {
    let app = App::new().await;
    let (mut one, mut other) = (app.browser(), app.browser());
    let ten = app.book(&mut one, monday(10, 0)).await;
    let eleven = app.book(&mut other, monday(11, 0)).await;
    app.unlisted(9, Some(Unlisted::Suspended)).await;
    assert_eq!(app.decide("/keep", &[(&ten, ten.version)]).await.status, 200);
    for seen in [vec![(&ten, ten.version)], vec![(&eleven, eleven.version), (&ten, ten.version)]] {
        app.decide("/cancel", &seen).await.problem(409, "stale-version");
    }
    assert_eq!(one.appointment(ten.appointment_id).await.status, AppointmentStatus::Confirmed);
    assert_eq!(other.appointment(eleven.appointment_id).await.status, AppointmentStatus::Confirmed);

    // Listed and then not again, it waits for another look, and can be cancelled.
    app.unlisted(10, None).await;
    app.advance(minutes(5));
    app.unlisted(11, Some(Unlisted::Left)).await;
    assert_eq!(app.decide("/cancel", &[(&ten, ten.version)]).await.status, 200);
}

#[tokio::test]
async fn nobody_but_an_administrator_sees_the_queue_or_decides() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    app.unlisted(9, Some(Unlisted::Suspended)).await;
    let body =
        json!({"appointments": [{"appointment_id": booked.appointment_id, "version": booked.version}]});
    let support = Claims { platform: vec![PlatformRole::Support], ..claims(&app, 91) };
    for (mut browser, status) in
        [(app.browser(), 401), (desk(&app).await, 404), (signed_in(&app, &support).await, 403)]
    {
        for path in [QUEUE.to_owned(), at("")] {
            assert_eq!(browser.get(&path).await.status, status, "{path}");
        }
        for path in [at("/keep"), at("/cancel")] {
            assert_eq!(browser.post(&path, None, &body).await.status, status, "{path}");
        }
    }
    assert_eq!(app.queue().await[0].appointments, 1);
}
