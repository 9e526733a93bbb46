//! The schema changes while people book.

use bookings::MIGRATOR;
use kernel::{database, testing::Database};
use sqlx::{Connection as _, migrate::Migrator};

/// The first migration that is made so that people book meanwhile. Where people book, those before it are done.
const FIRST: i64 = 20_261_202_104_000;

/// Somebody in Perth, with a hold and an appointment of before.
const THERE: &str = "with place as (
        insert into bookings.resource (resource_id) values (gen_random_uuid()) returning resource_id
    ), role as (
        insert into bookings.role (practitioner_role_id, resource_id, slug, name, discreet, address, time_zone, holiday_scopes,
            bookable, aggregate_version)
        select gen_random_uuid(), resource_id, 'role', 'Dr Ada Nguyen', false, '1 Example Street', 'Australia/Perth', '{AU}',
            true, 1
        from place returning practitioner_role_id
    ), hold as (
        insert into bookings.hold (hold_id, booking_id, practitioner_role_id, appointment_type_id, guest_hash, starts_at, ends_at,
            expires_at, appointment_type, policy, quote, created_at)
        select gen_random_uuid(), gen_random_uuid(), practitioner_role_id, gen_random_uuid(), sha256(''), '2026-11-23T01:00:00Z',
            '2026-11-23T01:30:00Z', '2026-11-22T00:10:00Z', '{}', '{}', '{}', '2026-11-22T00:00:00Z'
        from role
    )
    insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, starts_at, ends_at,
        status, appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at)
    select gen_random_uuid(), gen_random_uuid(), practitioner_role_id, gen_random_uuid(), '2026-11-23T02:00:00Z',
        '2026-11-23T02:30:00Z', 'confirmed', '{}', '{}', gen_random_uuid(), 0, false, '2026-11-22T00:00:00Z',
        '2026-11-22T00:00:00Z'
    from role";

/// Tables that nobody books without, of which the transaction has looked through every row and which it lets nobody read until it
/// ends.
const SHUT_WHILE_READ: &str = "select relname::text from pg_stat_xact_user_tables
    where schemaname = 'bookings' and relname in ('appointment', 'appointment_party', 'hold', 'reservation') and seq_scan > 0
        and relid in (select relation from pg_locks where pid = pg_backend_pid() and mode = 'AccessExclusiveLock')
    order by relname";

#[tokio::test]
async fn a_migration_that_looks_through_what_is_booked_keeps_nobody_from_booking() {
    let database = Database::unmigrated().await;
    let before = MIGRATOR.iter().filter(|migration| migration.version < FIRST).cloned().collect();
    let before = Migrator::with_migrations(before);
    database::migrate(&database.options("bookings_migrate"), "bookings", &before).await.unwrap();
    let mut admin = database.administrator().await;
    sqlx::query(THERE).execute(&mut admin).await.unwrap();

    for migration in MIGRATOR.iter().filter(|migration| migration.version >= FIRST) {
        // What the last one looked through is not counted in this one's connection.
        let mut conn = database.connect("bookings_migrate").await;
        let mut tx = conn.begin().await.unwrap();
        sqlx::raw_sql(migration.sql.clone()).execute(&mut *tx).await.unwrap();
        let shut: Vec<String> = sqlx::query_scalar(SHUT_WHILE_READ).fetch_all(&mut *tx).await.unwrap();
        assert!(shut.is_empty(), "{} {}: {shut:?}", migration.version, migration.description);
        tx.commit().await.unwrap();
    }

    // What was there is on the clocks that it was shown on, and nothing is without any.
    let zones: Vec<String> = sqlx::query_scalar(
        "select time_zone from bookings.hold union all select time_zone from bookings.appointment",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(zones, ["Australia/Perth"; 2]);
    let may_lack: i64 = sqlx::query_scalar(
        "select count(*) from information_schema.columns where table_schema = 'bookings' and column_name = 'time_zone' \
         and table_name in ('hold', 'appointment') and is_nullable = 'YES'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(may_lack, 0);
}
