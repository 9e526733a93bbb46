//! What the app role may not do, whatever the code asks.

use sqlx::PgConnection;

use crate::app::{App, LONG, ROLE, SHORT, monday};

/// The SQLSTATE that a statement is refused with.
async fn refusal(conn: &mut PgConnection, statement: &'static str) -> String {
    let error = sqlx::query(statement).execute(conn).await.expect_err(statement);
    error.into_database_error().unwrap().code().unwrap().into_owned()
}

#[tokio::test]
async fn audit_rows_are_added_and_never_read_or_altered_by_the_service() {
    let app = App::new().await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    let mut conn = app.database.connect("bookings_app").await;
    for statement in [
        "select from bookings.audit_entry",
        "update bookings.audit_entry set outcome = 'denied'",
        "delete from bookings.audit_entry",
        "truncate bookings.audit_entry",
        "drop table bookings.audit_entry",
        "alter table bookings.audit_entry disable trigger all",
    ] {
        assert_eq!(refusal(&mut conn, statement).await, "42501", "{statement}");
    }
    assert_eq!(app.count("select count(*) from bookings.audit_entry").await, 1);
}

#[tokio::test]
async fn even_the_owner_alters_no_audit_row() {
    let app = App::new().await;
    app.hold(&mut app.browser(), monday(10, 0)).await;
    let mut conn = app.database.connect("bookings_migrate").await;
    for statement in [
        "update bookings.audit_entry set outcome = 'denied'",
        "delete from bookings.audit_entry",
        "truncate bookings.audit_entry",
    ] {
        assert_eq!(refusal(&mut conn, statement).await, "42501", "{statement}");
    }
}

#[tokio::test]
async fn the_service_changes_no_schema_and_sees_no_other() {
    let app = App::new().await;
    let mut conn = app.database.connect("bookings_app").await;
    for statement in [
        "create table bookings.mine (n int)",
        "alter table bookings.reservation drop constraint reservation_no_overlap_excl",
        "drop table bookings.reservation",
        "select from users.outbox",
        "select from providers.outbox",
        "select from payments.outbox",
        "select from notifications.outbox",
        "set role bookings_owner",
    ] {
        assert_eq!(refusal(&mut conn, statement).await, "42501", "{statement}");
    }
}

#[tokio::test]
async fn the_database_itself_refuses_what_the_code_never_writes() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.book(&mut browser, monday(10, 0)).await;
    let bulk_billed = browser.hold(app.key(), ROLE, SHORT, monday(12, 0)).await.read();
    app.confirm(&mut browser, &bulk_billed).await;
    browser.hold(app.key(), ROLE, LONG, monday(14, 0)).await;
    let mut conn = app.database.connect("bookings_app").await;
    for (statement, code, constraint) in [
        ("update bookings.hold set status = 'lost'", "23514", "hold_status"),
        ("update bookings.appointment set status = 'lost'", "23514", "appointment_status"),
        ("update bookings.hold set ends_at = starts_at", "23514", "hold_range"),
        ("update bookings.appointment set ends_at = starts_at", "23514", "appointment_range"),
        (
            "update bookings.appointment set late_fee_cents = 1 where bulk_billed",
            "23514",
            "appointment_bulk_billed_is_uncharged",
        ),
        (
            "update bookings.appointment set late_fee_cents = 1 where not bulk_billed",
            "23514",
            "appointment_late_fee_is_owed",
        ),
        (
            "update bookings.appointment set policy = policy || '{\"late_fee_cents\": 1}' where bulk_billed",
            "23514",
            "appointment_bulk_billed_agrees_to_nothing",
        ),
        (
            "update bookings.appointment set appointment_type = appointment_type || '{\"price_cents\": 1}' \
             where bulk_billed",
            "23514",
            "appointment_bulk_billed_agrees_to_nothing",
        ),
        (
            "update bookings.appointment_type set price_cents = 1 where bulk_billed",
            "23514",
            "appointment_type_bulk_billed_is_uncharged",
        ),
        (
            "update bookings.reservation set during = '[2027-01-01, 2027-01-02)'",
            "23P01",
            "reservation_no_overlap_excl",
        ),
        (
            "update bookings.reservation set during = '[2027-01-01, 2027-01-02]' where hold_id is not null",
            "23514",
            "reservation_range",
        ),
        (
            "update bookings.reservation set during = 'empty' where hold_id is not null",
            "23514",
            "reservation_range",
        ),
        (
            "update bookings.reservation set hold_id = null where hold_id is not null",
            "23514",
            "reservation_has_one_owner",
        ),
        ("update bookings.manage_link set token_hash = 'short'", "23514", "manage_link_token_length"),
        ("update bookings.hold set guest_hash = 'short'", "23514", "hold_guest_hash"),
    ] {
        let error = sqlx::query(statement).execute(&mut conn).await.expect_err(statement);
        let error = error.into_database_error().unwrap();
        assert_eq!(
            (error.code().as_deref(), error.constraint()),
            (Some(code), Some(constraint)),
            "{statement}"
        );
    }
}
