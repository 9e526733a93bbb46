use demo::{Plan, PlanInput, testing::input};
use kernel::testing::Database;
use sqlx::PgConnection;

use super::{load, load_either_way};

fn plan(roles: u32, seed: u64) -> Plan {
    Plan::new(PlanInput { appointments_max: 10_000, ..input(roles, seed) }).unwrap()
}

/// A database whose catalogue has the plan's professions.
async fn database(plan: &Plan) -> PgConnection {
    let mut conn = Database::new().await.connect("providers_migrate").await;
    for profession in &plan.input().professions {
        sqlx::query(
            "insert into providers.profession (slug, version, name, plural, synonyms, category, icon, regulation,
                 service_type_codes, schema_org, discreet, bulk_billing_possible, pack)
             values ($1, 1, $2, $2, array['a synonym'], 'allied', 'x', 'registered', '{}', 'Physician', false, true, '{}')
             on conflict (slug) do update set synonyms = excluded.synonyms",
        )
        .bind(&profession.slug)
        .bind(&profession.name)
        .execute(&mut conn)
        .await
        .unwrap();
    }
    conn
}

/// Indexes and constraints by name and definition.
async fn shape(conn: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select indexdef from pg_indexes where schemaname = 'providers'
         union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where connamespace = 'providers'::regnamespace
         order by 1",
    )
    .fetch_all(conn)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_plan_loads_once_and_is_found_by_words_and_place() {
    let plan = plan(200, 1);
    let mut conn = database(&plan).await;
    let loaded = load(&mut conn, &plan, &|_| ()).await.unwrap();
    let rows = |table: &str| loaded.rows.iter().find(|(name, _)| *name == table).unwrap().1;
    assert_eq!(rows("providers.practitioner_role"), 200);
    assert_eq!(rows("providers.organization"), plan.practices().count() as u64);
    assert!(rows("providers.coverage_area") > 0);
    let (near, in_words, covered): (i64, i64, i64) = sqlx::query_as(
        "select
             (select count(*) from providers.practitioner_role
              where extensions.st_dwithin(point, extensions.st_point(151.0, -33.9)::extensions.geography, 200000)),
             (select count(*) from providers.practitioner_role where search_text like '%a synonym%'),
             (select count(*) from providers.coverage_area join providers.practitioner_role using (practitioner_role_id)
              where extensions.st_covers(area, point))",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert!(near > 100, "{near}");
    assert_eq!(in_words, 200);
    assert_eq!(covered as u64, rows("providers.coverage_area"));
    assert!(load(&mut conn, &plan, &|_| ()).await.unwrap().already_there);
}

#[tokio::test]
async fn another_plan_is_refused() {
    let mut conn = database(&plan(30, 1)).await;
    load(&mut conn, &plan(30, 1), &|_| ()).await.unwrap();
    for other in [plan(40, 1), plan(30, 2)] {
        let error = load(&mut conn, &other, &|_| ()).await.unwrap_err();
        assert!(error.to_string().contains("30 demo roles already"), "{error}");
    }
}

#[tokio::test]
async fn a_profession_that_is_not_in_the_catalogue_is_named() {
    let mut conn = Database::new().await.connect("providers_migrate").await;
    sqlx::query("delete from providers.profession").execute(&mut conn).await.unwrap();
    let error = load(&mut conn, &plan(30, 1), &|_| ()).await.unwrap_err();
    assert!(error.to_string().contains("general-practitioner"), "{error}");
}

#[tokio::test]
async fn indexes_and_constraints_are_put_back() {
    let plan = plan(60, 1);
    let mut conn = database(&plan).await;
    let before = shape(&mut conn).await;
    let loaded = load_either_way(&mut conn, &plan, true, &|_| ()).await.unwrap();
    assert!(!loaded.already_there);
    assert_eq!(shape(&mut conn).await, before);
}
