use demo::{Plan, PlanInput, testing::input};
use kernel::testing::Database;
use sqlx::PgConnection;

use super::{load, load_either_way};

fn plan(roles: u32, seed: u64) -> Plan {
    Plan::new(PlanInput { appointments_max: 10_000, ..input(roles, seed) }).unwrap()
}

/// Indexes and constraints by name and definition.
async fn shape(conn: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select indexdef from pg_indexes where schemaname = 'bookings'
         union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where connamespace = 'bookings'::regnamespace
         order by 1",
    )
    .fetch_all(conn)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_plan_loads_once() {
    let mut conn = Database::new().await.connect("bookings_migrate").await;
    let plan = plan(60, 1);
    let loaded = load(&mut conn, &plan, &|_| ()).await.unwrap();
    let rows = |table: &str| loaded.rows.iter().find(|(name, _)| *name == table).unwrap().1;
    let appointments: usize =
        plan.practices().flat_map(|practice| practice.roles).map(|role| role.appointments.len()).sum();
    assert_eq!(rows("bookings.role"), 60);
    assert!(appointments > 100);
    for table in ["bookings.appointment", "bookings.appointment_party", "bookings.reservation"] {
        assert_eq!(rows(table), appointments as u64, "{table}");
    }
    assert!(load(&mut conn, &plan, &|_| ()).await.unwrap().already_there);
}

#[tokio::test]
async fn another_plan_is_refused() {
    let mut conn = Database::new().await.connect("bookings_migrate").await;
    load(&mut conn, &plan(30, 1), &|_| ()).await.unwrap();
    for other in [plan(40, 1), plan(30, 2)] {
        let error = load(&mut conn, &other, &|_| ()).await.unwrap_err();
        assert!(error.to_string().contains("30 demo roles already"), "{error}");
    }
}

#[tokio::test]
async fn indexes_and_constraints_are_put_back() {
    let mut conn = Database::new().await.connect("bookings_migrate").await;
    let before = shape(&mut conn).await;
    let loaded = load_either_way(&mut conn, &plan(60, 1), true, &|_| ()).await.unwrap();
    assert!(!loaded.already_there);
    assert_eq!(shape(&mut conn).await, before);
}
