//! Whose appointment the practice did not keep is asked first: once for each, at that practice, for that kind of visit.

use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AppointmentTypeId, PractitionerRoleId,
    bookings::{
        Appointment, Hold,
        waitlist::{PracticeWaiting, Priority, PriorityCause, WaitlistEntry, WaitlistStatus},
    },
    page::Page,
    users::{ActsFor, Claims, DelegationScope},
};

use crate::{
    app::{
        App, Browser, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, ROLE, SHORT, minutes,
        monday,
    },
    members::{ADA, ada, claims, signed_in},
    practice::{at_practice, desk},
};

const WAITLIST: &str = "/api/v1/bookings/me/waitlist";

/// Any time of some months that starts at ten at the earliest.
fn wanted(role: PractitionerRoleId, of: AppointmentTypeId) -> Value {
    json!({
        "practitioner_role_id": role, "appointment_type_id": of,
        "wishes": {"weekdays": 127, "from": "10:00:00", "until": "10:59:00", "first": "2026-11-22", "last": "2027-06-30"},
    })
}

async fn join(app: &App, browser: &mut Browser, wanted: &Value) -> WaitlistEntry {
    let reply = browser.post(WAITLIST, Some(app.key()), wanted).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.read()
}

/// Ada, signed in a moment ago.
async fn patient(app: &App) -> Browser {
    signed_in(app, &ada(app)).await
}

/// Ada joins for the usual visit. Says why she comes first, if she does.
async fn joins(app: &App) -> Option<Priority> {
    join(app, &mut patient(app).await, &wanted(ROLE, LONG)).await.priority
}

/// Booked by Ada for Monday at noon.
async fn booked(app: &App) -> Appointment {
    app.book(&mut patient(app).await, monday(12, 0)).await
}

async fn called_off(app: &App) -> AppointmentId {
    let id = booked(app).await.appointment_id;
    app.acts(id, 1, json!({"action": "cancel", "reason": "practitioner_unwell"})).await;
    id
}

/// Whether the appointment's page says that Ada comes first.
async fn comes_first(app: &App, id: AppointmentId) -> bool {
    patient(app).await.appointment(id).await.asked_first
}

#[tokio::test]
async fn whose_appointment_the_practice_cancelled_is_asked_first_and_both_sides_read_why() {
    let app = App::new().await;
    let monday_only = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG,
        "wishes": {"weekdays": 1, "from": "10:00:00", "until": "10:59:00", "first": "2026-11-23", "last": "2026-11-23"},
    });
    let mut guest = app.browser();
    let taken = app.book(&mut guest, monday(10, 0)).await;
    app.book(&mut app.browser(), monday(10, 30)).await;
    let mut earlier = signed_in(&app, &claims(&app, 2)).await;
    assert_eq!(join(&app, &mut earlier, &monday_only).await.priority, None);
    let lost = booked(&app).await.appointment_id;
    assert!(!comes_first(&app, lost).await, "it stands");
    app.acts(lost, 1, json!({"action": "cancel", "reason": "practitioner_unwell"})).await;
    assert!(comes_first(&app, lost).await);
    app.advance(minutes(1));
    let joined = join(&app, &mut patient(&app).await, &monday_only).await;
    let why = Some(Priority { cause: PriorityCause::CancelledByProvider, start: monday(12, 0) });
    assert_eq!((joined.priority, joined.ahead), (why, 0));
    assert!(!comes_first(&app, lost).await, "once");
    let page: Page<WaitlistEntry> = earlier.get(WAITLIST).await.read();
    assert_eq!(page.items[0].ahead, 1);
    guest.cancel(taken.appointment_id, 1).await;
    app.advance(minutes(1));
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let waiting: Page<PracticeWaiting> = desk(&app).await.get(&at_practice("waitlist")).await.read();
    let seen: Vec<_> = waiting.items.iter().map(|one| (one.position, one.priority, one.status)).collect();
    assert_eq!(seen, [(1, why, WaitlistStatus::Offered), (2, None, WaitlistStatus::Waiting)]);
}

#[tokio::test]
async fn it_counts_once_with_that_practice_alone_and_for_that_kind_of_visit() {
    let app = App::new().await;
    let id = called_off(&app).await;
    let mut browser = patient(&app).await;
    let mut both = wanted(ROLE, LONG);
    both["others"] = json!([{"practitioner_role_id": ELSEWHERE, "appointment_type_id": LONG_ELSEWHERE}]);
    for other in [wanted(ROLE, SHORT), wanted(ELSEWHERE, LONG_ELSEWHERE), both] {
        assert_eq!(join(&app, &mut browser, &other).await.priority, None, "{other}");
    }
    let mut stranger = signed_in(&app, &claims(&app, 2)).await;
    assert_eq!(join(&app, &mut stranger, &wanted(ROLE, LONG)).await.priority, None);
    assert!(comes_first(&app, id).await, "nobody used it");
    // A word of the client's is no reason.
    let mut said = wanted(ROLE, SHORT);
    said["priority"] = json!({"cause": "cancelled_by_provider", "start": monday(12, 0)});
    let reply = browser.post(WAITLIST, Some(app.key()), &said).await;
    assert!(reply.status == 201 && reply.body.get("priority").is_none(), "{}", reply.body);
    // The same kind of visit with a colleague of the practice will do.
    assert!(join(&app, &mut browser, &wanted(COLLEAGUE, LONG_COLLEAGUE)).await.priority.is_some());
    assert_eq!(joins(&app).await, None, "it is used");
    // Another appointment that was not kept counts anew.
    called_off(&app).await;
    assert!(joins(&app).await.is_some());
}

#[tokio::test]
async fn what_the_patient_wished_or_the_practice_never_promised_gives_nothing() {
    for (name, act) in [
        ("as the patient asked", json!({"action": "cancel", "reason": "patient_asked"})),
        ("for the patient", json!({"action": "cancel_for_patient", "waive_fee": true})),
    ] {
        let app = App::new().await;
        let id = booked(&app).await.appointment_id;
        app.acts(id, 1, act).await;
        assert!(!comes_first(&app, id).await, "{name}");
        assert_eq!(joins(&app).await, None, "{name}");
    }
    let app = App::new().await;
    let id = booked(&app).await.appointment_id;
    assert_eq!(patient(&app).await.cancel(id, 1).await.status, 200);
    assert_eq!(joins(&app).await, None, "cancelled by the patient");

    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    let mut browser = patient(&app).await;
    let reply = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(12, 0)).await;
    let asked = app.confirm(&mut browser, &reply.read::<Hold>()).await;
    app.acts(asked.appointment_id, 1, json!({"action": "decline", "reason": "no_time"})).await;
    assert_eq!(joins(&app).await, None, "a request that was not taken");
}

#[tokio::test]
async fn who_could_not_keep_the_time_that_they_took_comes_first_again() {
    let app = App::new().await;
    called_off(&app).await;
    app.collects_after_visits().await;
    let mut browser = patient(&app).await;
    let joined = join(&app, &mut browser, &wanted(ROLE, LONG)).await;
    assert!(joined.priority.is_some());
    assert_eq!(app.run("bookings.offer_times").await, 1);
    let asked: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    let path = format!("/api/v1/bookings/holds/{}/confirm", asked.items[0].offer.unwrap().hold_id);
    let reply = browser.post(&path, Some(app.key()), &app.details()).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    app.advance(minutes(35));
    assert_eq!(app.run("bookings.give_up_awaiting").await, 1);
    let back: Page<WaitlistEntry> = browser.get(WAITLIST).await.read();
    let [back] = back.items.as_slice() else { panic!("{back:?}") };
    assert_eq!((back.status, back.priority), (WaitlistStatus::Waiting, joined.priority));
}

#[tokio::test]
async fn after_ninety_days_one_waits_like_anybody_else() {
    for (days, expected) in [(89, true), (90, false)] {
        let app = App::new().await;
        let id = called_off(&app).await;
        app.advance(SignedDuration::from_hours(24 * days));
        assert_eq!(comes_first(&app, id).await, expected, "{days} days");
        assert_eq!(joins(&app).await.is_some(), expected, "{days} days");
    }
}

#[tokio::test]
async fn who_found_nobody_there_comes_first_unless_the_practice_disputes_it() {
    for disputed in [false, true] {
        let app = App::new().await;
        let id = booked(&app).await.appointment_id;
        app.advance_to(monday(12, 30));
        let absence = format!("/api/v1/bookings/appointments/{id}/absence");
        assert_eq!(patient(&app).await.post(&absence, None, &json!({"version": 1})).await.status, 200);
        if disputed {
            let path = at_practice(&format!("appointments/{id}/dispute"));
            let words = json!({"version": 2, "text": "We were there."});
            assert_eq!(desk(&app).await.post(&path, None, &words).await.status, 201);
        }
        let why = Priority { cause: PriorityCause::NoShowProvider, start: monday(12, 0) };
        assert_eq!(joins(&app).await, (!disputed).then_some(why), "disputed: {disputed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_join_for_the_patient_at_once_one_comes_first() {
    let app = std::sync::Arc::new(App::new().await);
    called_off(&app).await;
    let acts_for = vec![ActsFor { patient_id: ADA, scopes: vec![DelegationScope::Appointments] }];
    let carer = signed_in(&app, &Claims { acts_for, ..claims(&app, 7) }).await;
    let own = patient(&app).await;
    let tries = (0..10).map(|nth| {
        let (app, mut browser) = (app.clone(), if nth % 2 == 0 { own.clone() } else { carer.clone() });
        tokio::spawn(async move {
            let mut wanted = wanted(ROLE, LONG);
            wanted["patient_id"] = json!(ADA);
            join(&app, &mut browser, &wanted).await.priority.is_some()
        })
    });
    let first: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(first.iter().filter(|first| **first).count(), 1, "{first:?}");
}
