//! How the database answers: by index, not by reading everybody.

use demo::{Plan, PlanInput};
use jiff_sqlx::ToSqlx;
use providers::{catalogue, store::search};
use shared_types::Zone;
use sqlx::AssertSqlSafe;

use crate::app::{App, NOW};

/// Demo data as `hellomapper demo` makes it, without appointments.
fn australia(roles: u32) -> Plan {
    let localities = catalogue::localities().unwrap().into_iter().map(|row| demo::Locality {
        name: row.name,
        state: row.state,
        postcode: row.postcode,
        slug: row.slug,
        lat: row.point.lat(),
        lon: row.point.lon(),
        zone: row.zone,
        mmm: row.modified_monash.and_then(|class| u8::try_from(class).ok()),
        population: u32::try_from(row.population).unwrap_or_default(),
    });
    let professions = catalogue::packs().unwrap().into_iter();
    let professions =
        professions.map(|pack| serde_json::from_value(serde_json::to_value(pack).unwrap()).unwrap());
    let input = PlanInput {
        roles,
        seed: 1,
        today: Zone::SYDNEY.date(NOW),
        now: NOW,
        localities: localities.collect(),
        professions: professions.collect(),
        holidays: Vec::new(),
        holiday_regions: Vec::new(),
        appointments_max: 0,
    };
    Plan::new(input).unwrap()
}

/// The plan of a search by distance around a point; where there is a postcode, of one for home visits to it.
async fn explain(
    app: &App,
    (lat, lon): (f64, f64),
    profession: Option<&str>,
    postcode: Option<&str>,
) -> String {
    let statement = format!("explain {}", search::BY_DISTANCE);
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(lon)
        .bind(lat)
        .bind(postcode.is_none().then_some(10_000.0_f64))
        .bind(None::<&str>)
        .bind(postcode)
        .bind(None::<f64>)
        .bind(None::<f64>)
        .bind(None::<f64>)
        .bind(None::<f64>)
        .bind(profession)
        .bind(Vec::<String>::new())
        .bind(None::<&str>)
        .bind(Vec::<String>::new())
        .bind(None::<jiff_sqlx::Timestamp>)
        .bind(NOW.to_sqlx())
        .bind(21_i64)
        .bind(None::<f64>)
        .bind(None::<uuid::Uuid>)
        .fetch_all(&app.core.pool)
        .await
        .unwrap();
    lines.join("\n")
}

#[tokio::test]
async fn the_nearest_of_a_profession_come_from_the_index_on_profession_and_point() {
    let app = App::new().await;
    let mut conn = app.database.connect("providers_migrate").await;
    providers::demo::load(&mut conn, &australia(20_000), &|_| ()).await.unwrap();
    for (place, lat, lon) in
        [("Sydney", -33.87, 151.21), ("Parramatta", -33.81, 151.0), ("Melbourne", -37.81, 144.96)]
    {
        let plan = explain(&app, (lat, lon), Some("physiotherapist"), None).await;
        assert!(plan.contains("practitioner_role_profession_point_idx"), "{place}:\n{plan}");
        let plan = explain(&app, (lat, lon), None, None).await;
        assert!(plan.contains("practitioner_role_point_idx"), "{place}:\n{plan}");
    }
    // Where few work at all, reading every one of them by the other index is as quick.
    let plan = explain(&app, (-23.7, 133.88), Some("physiotherapist"), None).await;
    assert!(!plan.contains("Seq Scan on practitioner_role"), "{plan}");
    // Who comes somewhere is asked of the areas, and then only those who do are looked at, wherever they are.
    let plan = explain(&app, (-33.87, 151.21), None, Some("2000")).await;
    for index in ["coverage_area_area_idx", "coverage_area_postcodes_idx", "practitioner_role_pkey"] {
        assert!(plan.contains(index), "{index}:\n{plan}");
    }
    for everybody in ["Seq Scan on practitioner_role", "Order By: (point <->", "Order By: (role.point <->"] {
        assert!(!plan.contains(everybody), "{plan}");
    }
    // What the plan is for gives the answer that the page shows.
    let reply = app.search("q=physio+near+Parramatta").await;
    assert_eq!(reply.items.len(), 20);
    assert!(reply.items.iter().all(|item| item.profession.as_deref() == Some("physiotherapist")));
}
