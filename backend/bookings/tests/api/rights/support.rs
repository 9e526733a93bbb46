use shared_types::{
    bookings::MemberAppointment,
    page::Page,
    users::{AccessGrantFact, Claims, PlatformRole, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{App, minutes, monday},
    members::{ADA, CHILD, ada, claims, signed_in},
};

/// Account 5 may see Ada's record for an hour from now on.
fn grant(app: &App) -> AccessGrantFact {
    AccessGrantFact {
        access_grant_id: Uuid::from_u128(77).into(),
        account_id: Uuid::from_u128(5).into(),
        patient_id: ADA,
        granted_at: app.core.now(),
        expires_at: app.core.now() + minutes(60),
    }
}

fn support(app: &App, account: u128) -> Claims {
    Claims { platform: vec![PlatformRole::Support], ..claims(app, account) }
}

/// Each look at Ada's record by support: how it ended and by which reason.
async fn looks(app: &App) -> Vec<(String, Option<Uuid>, Option<Uuid>)> {
    sqlx::query_as(
        "select outcome, access_grant_id, whose from bookings.audit_entry \
         where action = 'list_patient_appointments' and purpose = 'support' order by ctid",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn support_sees_a_patients_appointments_by_a_stated_reason_and_for_its_time_only() {
    let app = App::new().await;
    let booked = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    let path = |patient| format!("/api/v1/bookings/platform/patients/{patient}/appointments");
    let mut helper = signed_in(&app, &support(&app, 5)).await;
    helper.get(&path(ADA)).await.problem(404, "not-found");

    app.users_tell(&UsersEvent::AccessGranted(grant(&app))).await;
    let page: Page<MemberAppointment> = helper.get(&path(ADA)).await.read();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].appointment.booking_id, booked.booking_id);
    // For that patient, and for that helper.
    helper.get(&path(CHILD)).await.problem(404, "not-found");
    signed_in(&app, &support(&app, 6)).await.get(&path(ADA)).await.problem(404, "not-found");

    app.advance(minutes(60));
    signed_in(&app, &support(&app, 5)).await.get(&path(ADA)).await.problem(404, "not-found");
    let (reason, whose) = (Some(Uuid::from_u128(77)), Some(ADA.0));
    let denied = |patient: Uuid| ("denied".to_owned(), None, Some(patient));
    let expected =
        [denied(ADA.0), ("allowed".to_owned(), reason, whose), denied(CHILD.0), denied(ADA.0), denied(ADA.0)];
    assert_eq!(looks(&app).await, expected);
    // Once it has ended it is forgotten here.
    app.run("bookings.forget_old").await;
    assert_eq!(app.count("select count(*) from bookings.access_grant").await, 0);
}

#[tokio::test]
async fn a_reason_is_no_use_to_who_does_not_serve_on_the_platform() {
    let app = App::new().await;
    app.users_tell(&UsersEvent::AccessGranted(grant(&app))).await;
    let path = format!("/api/v1/bookings/platform/patients/{ADA}/appointments");
    signed_in(&app, &claims(&app, 5)).await.get(&path).await.problem(404, "not-found");
    let moderator = Claims { platform: vec![PlatformRole::Moderator], ..claims(&app, 5) };
    signed_in(&app, &moderator).await.get(&path).await.problem(403, "not-allowed");
}

#[tokio::test]
async fn a_reason_that_is_ended_opens_nothing_and_none_is_made_longer() {
    let app = App::new().await;
    let path = format!("/api/v1/bookings/platform/patients/{ADA}/appointments");
    let mut helper = signed_in(&app, &support(&app, 5)).await;
    let stated = grant(&app);
    app.users_tell(&UsersEvent::AccessGranted(stated)).await;
    assert_eq!(helper.get(&path).await.status, 200);
    app.advance(minutes(5));
    let ended = AccessGrantFact { expires_at: app.core.now(), ..stated };
    app.users_tell(&UsersEvent::AccessGranted(ended)).await;
    helper.get(&path).await.problem(404, "not-found");
    app.users_tell(&UsersEvent::AccessGranted(stated)).await;
    helper.get(&path).await.problem(404, "not-found");
}
