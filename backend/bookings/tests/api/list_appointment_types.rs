use shared_types::{AudCents, PractitionerRoleId, bookings::AppointmentTypes};
use uuid::Uuid;

use crate::app::{App, IMPORTED, LONG, ROLE, SHORT};

#[tokio::test]
async fn types_come_in_the_order_of_the_practice() {
    let app = App::new().await;
    let reply = app.browser().get(&format!("/api/v1/bookings/roles/{ROLE}/appointment-types")).await;
    let types: AppointmentTypes = reply.read();
    let ids: Vec<_> = types.items.iter().map(|item| item.appointment_type_id).collect();
    assert_eq!(ids, [LONG, SHORT]);
    assert_eq!((types.items[0].price_cents, types.items[0].bulk_billed), (AudCents(8500), false));
    assert_eq!((types.items[1].price_cents, types.items[1].bulk_billed), (AudCents::ZERO, true));
    assert_eq!((types.role.name.as_str(), types.role.bookable), ("Dr Ada Nguyen", true));
    app.change("update bookings.appointment_type set active = false where bulk_billed").await;
    let reply = app.browser().get(&format!("/api/v1/bookings/roles/{ROLE}/appointment-types")).await;
    assert_eq!(reply.read::<AppointmentTypes>().items.len(), 1);
}

#[tokio::test]
async fn an_imported_role_is_listed_with_nothing_to_book() {
    let app = App::new().await;
    let reply = app.browser().get(&format!("/api/v1/bookings/roles/{IMPORTED}/appointment-types")).await;
    let types: AppointmentTypes = reply.read();
    assert_eq!((types.items.len(), types.role.bookable), (0, false));
}

#[tokio::test]
async fn an_unknown_role_is_not_found() {
    let app = App::new().await;
    let unknown = PractitionerRoleId(Uuid::from_u128(9));
    let reply = app.browser().get(&format!("/api/v1/bookings/roles/{unknown}/appointment-types")).await;
    reply.problem(404, "not-found");
}
