//! Loads the providers' part of the demo data: practices, places, people and what a search asks about them.
//!
//! Goes through the plan once, sends what has gathered table by table, and commits the whole or nothing. Rows carry
//! the origin `demo`, which pages show.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
pub use demo::Loaded;
use demo::{Plan, Practice, Role};
use jiff::{SignedDuration, Timestamp};
use kernel::bulk::Copies;
use shared_types::GeoPoint;
use sqlx::{Connection, PgConnection};

/// From this many roles on, building the indexes afterwards is quicker.
const MANY: u32 = 50_000;
/// What may wait in memory before it is sent.
const WAITING: usize = 8 << 20;

const ABN: &str = "http://hl7.org.au/id/abn";
const AHPRA: &str = "http://hl7.org.au/id/ahpra-registration-number";
const HPI_I: &str = "http://ns.electronichealth.net.au/id/hi/hpii/1.0";
const HPI_O: &str = "http://ns.electronichealth.net.au/id/hi/hpio/1.0";
const PROVIDER_NUMBER: &str = "http://ns.electronichealth.net.au/id/medicare-provider-number";

/// Tables with their columns, in the order in which they refer to each other.
const TABLES: [(&str, &str); 7] = [
    (
        "providers.organization",
        "organization_id, slug, name, phone, email, origin, checked_on, created_at, updated_at",
    ),
    (
        "providers.location",
        "location_id, organization_id, name, line, suburb, state, postcode, point, time_zone, \
         approximate, wheelchair, phone, opening_hours, origin, created_at, updated_at",
    ),
    (
        "providers.practitioner",
        "practitioner_id, name, gender, languages, about, origin, created_at, updated_at",
    ),
    (
        "providers.practitioner_role",
        "practitioner_role_id, slug, practitioner_id, organization_id, location_id, name, profession, \
         ahpra_number, point, state, facets, search_text, bookable, next_free, next_free_until, \
         next_free_as_of, origin, created_at, updated_at",
    ),
    ("providers.coverage_area", "practitioner_role_id, appointment_type_id, area"),
    (
        "providers.fee_line",
        "practitioner_role_id, appointment_type_id, position, name, duration_minutes, price_cents, \
         bulk_billed, telehealth, audience",
    ),
    ("providers.identifier", "owner_kind, owner_id, system, value, verified"),
];

/// Loads the plan. `progress` is told how many roles have gone to the database.
///
/// `conn` belongs to the role that migrates: loading many roles sets indexes and foreign keys aside and puts them
/// back at the end.
///
/// # Errors
/// When another plan's data is there, when a profession of the plan is not, and what the database says.
pub async fn load(conn: &mut PgConnection, plan: &Plan, progress: &(dyn Fn(u64) + Sync)) -> Result<Loaded> {
    load_either_way(conn, plan, plan.roles() > MANY, progress).await
}

async fn load_either_way(
    conn: &mut PgConnection,
    plan: &Plan,
    many: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Loaded> {
    let mut tx = conn.begin().await?;
    if same_plan_is_there(&mut tx, plan).await? {
        return Ok(Loaded { already_there: true, rows: Vec::new() });
    }
    let synonyms = synonyms(&mut tx).await?;
    let missing = plan.input().professions.iter().find(|profession| !synonyms.contains_key(&profession.slug));
    ensure!(
        missing.is_none(),
        "load the professions first: {:?} is not in the catalogue",
        missing.map(|p| &p.slug)
    );
    let mut rows = Rows(Copies::new(TABLES));
    let alone = many && is_empty(&mut tx).await?;
    let set_aside = if alone { Some(rows.0.set_aside(&mut tx).await?) } else { None };

    let mut roles = 0;
    for practice in plan.practices() {
        rows.practice(plan, &practice, &synonyms);
        roles += practice.roles.len() as u64;
        if rows.0.waiting() > WAITING {
            rows.0.flush(&mut tx).await.context("copying the demo practices")?;
            progress(roles);
        }
    }
    rows.0.flush(&mut tx).await.context("copying the demo practices")?;
    progress(roles);
    if let Some(set_aside) = set_aside {
        set_aside.put_back(&mut tx).await.context("building the indexes of the demo practices")?;
    }
    sqlx::raw_sql(
        "analyze providers.organization, providers.location, providers.practitioner, providers.practitioner_role,
         providers.coverage_area, providers.fee_line, providers.identifier",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Loaded { already_there: false, rows: rows.0.sent() })
}

/// Whether this plan's roles are there; an error when another plan's are.
async fn same_plan_is_there(conn: &mut PgConnection, plan: &Plan) -> Result<bool> {
    let there = sqlx::query_scalar!(
        r#"select count(*) as "count!" from providers.practitioner_role where practitioner_role_id < $1"#,
        demo::FIRST_REAL_ID
    )
    .fetch_one(&mut *conn)
    .await?;
    if there == 0 {
        return Ok(false);
    }
    let first =
        plan.practices().next().and_then(|practice| Some(practice.roles.first()?.practitioner_role_id.0));
    let same_seed = sqlx::query_scalar!(
        r#"select exists (select from providers.practitioner_role where practitioner_role_id = $1) as "exists!""#,
        first
    )
    .fetch_one(conn)
    .await?;
    let wanted = plan.roles();
    ensure!(
        same_seed && there == i64::from(wanted),
        "there are {there} demo roles already and {wanted} with seed {} were asked for; \
         demo data is loaded once, into a database without any",
        plan.input().seed
    );
    Ok(true)
}

async fn is_empty(conn: &mut PgConnection) -> Result<bool> {
    let any = sqlx::query_scalar!(r#"select exists (select from providers.organization) as "exists!""#);
    Ok(!any.fetch_one(conn).await?)
}

/// Other words for each profession, by slug.
async fn synonyms(conn: &mut PgConnection) -> Result<HashMap<String, Vec<String>>> {
    let rows = sqlx::query!("select slug, synonyms from providers.profession").fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.synonyms)).collect())
}

/// Rows under way.
struct Rows(Copies<7>);

impl Rows {
    fn practice(&mut self, plan: &Plan, practice: &Practice, synonyms: &HashMap<String, Vec<String>>) {
        let now = plan.input().now;
        let [organizations, ..] = &mut self.0.0;
        organizations.row(|row| {
            row.value(practice.organization_id)
                .value(&practice.slug)
                .value(&practice.name)
                .value(&practice.phone)
                .value(&practice.email)
                .value("demo")
                .value(plan.input().today)
                .value(now)
                .value(now);
        });
        self.location(practice, now);
        self.identifier("organization", practice.organization_id, HPI_O, practice.hpi_o.as_str());
        self.identifier("organization", practice.organization_id, ABN, practice.abn.as_str());
        for role in &practice.roles {
            if role.first_of_practitioner {
                self.practitioner(role, now);
            }
            let synonyms = synonyms.get(&plan.profession(role).slug).map_or(&[][..], Vec::as_slice);
            self.role(plan, practice, role, synonyms);
        }
    }

    fn location(&mut self, practice: &Practice, now: Timestamp) {
        let [_, locations, ..] = &mut self.0.0;
        let location = &practice.location;
        locations.row(|row| {
            row.value(location.location_id)
                .value(practice.organization_id)
                .value(&practice.name)
                .value(&location.line)
                .value(&location.suburb)
                .value(&location.state)
                .value(&location.postcode)
                .value(point(location.point))
                .value(location.zone)
                .value(false)
                .value(location.wheelchair)
                .value(&practice.phone)
                .value(serde_json::to_string(&location.opening_hours).unwrap_or_else(|_| "[]".to_owned()))
                .value("demo")
                .value(now)
                .value(now);
        });
    }

    fn practitioner(&mut self, role: &Role, now: Timestamp) {
        let [_, _, practitioners, ..] = &mut self.0.0;
        let person = &role.practitioner;
        practitioners.row(|row| {
            row.value(person.practitioner_id)
                .value(&person.name)
                .optional(person.gender.map(|gender| gender.code()))
                .list(&person.languages)
                .optional(person.about.as_ref())
                .value("demo")
                .value(now)
                .value(now);
        });
        self.identifier("practitioner", person.practitioner_id, HPI_I, person.hpi_i.as_str());
        if let Some(number) = &person.ahpra_number {
            self.identifier("practitioner", person.practitioner_id, AHPRA, number.as_str());
        }
    }

    fn role(&mut self, plan: &Plan, practice: &Practice, role: &Role, synonyms: &[String]) {
        let now = plan.input().now;
        let profession = plan.profession(role);
        let location = &practice.location;
        let id = role.practitioner_role_id;
        let notice = SignedDuration::from_mins(role.calendar.notice_minutes.into());
        let [_, _, _, roles, areas, fees, _] = &mut self.0.0;
        roles.row(|row| {
            row.value(id)
                .value(&role.slug)
                .value(role.practitioner.practitioner_id)
                .value(practice.organization_id)
                .value(location.location_id)
                .value(&role.practitioner.name)
                .value(&profession.slug)
                .optional(role.practitioner.ahpra_number.as_ref())
                .value(point(location.point))
                .value(&location.state)
                .list(role.facets(location))
                .value(search_text(practice, role, &profession.name, synonyms))
                .value(true)
                .list(&role.next_free)
                .list(role.next_free.iter().map(|start| *start - notice))
                .value(now)
                .value("demo")
                .value(now)
                .value(now);
        });
        if let Some((ring, of)) = role.home_visits.as_ref().zip(role.home_visit()) {
            areas.row(|row| {
                row.value(id).value(of.id()).value(polygon(ring));
            });
        }
        for (position, planned) in role.calendar.types.iter().enumerate() {
            let shown = &planned.shown;
            fees.row(|row| {
                row.value(id)
                    .value(shown.appointment_type_id)
                    .value(position)
                    .value(&shown.name)
                    .value(shown.duration_minutes)
                    .value(shown.price_cents.0)
                    .value(shown.bulk_billed)
                    .value(shown.telehealth)
                    .value(shown.audience.code());
            });
        }
        if let Some(number) = &role.provider_number {
            self.identifier("practitioner_role", id, PROVIDER_NUMBER, number.as_str());
        }
    }

    fn identifier(&mut self, owner_kind: &str, owner: impl std::fmt::Display, system: &str, value: &str) {
        let [.., identifiers] = &mut self.0.0;
        identifiers.row(|row| {
            row.value(owner_kind).value(owner).value(system).value(value).value(true);
        });
    }
}

/// Name, practice, profession, synonyms and services in lower case, for words.
fn search_text(practice: &Practice, role: &Role, profession: &str, synonyms: &[String]) -> String {
    let services = role.calendar.types.iter().map(|planned| planned.shown.name.as_str());
    let parts = [role.practitioner.name.as_str(), practice.name.as_str(), profession];
    let words: Vec<&str> =
        parts.into_iter().chain(synonyms.iter().map(String::as_str)).chain(services).collect();
    words.join(" ").to_lowercase()
}

/// As geography reads it, longitude first.
fn point(point: GeoPoint) -> String {
    format!("SRID=4326;POINT({} {})", point.lon(), point.lat())
}

/// As geography reads it: the first corner closes the ring.
fn polygon(ring: &[GeoPoint]) -> String {
    let corners: Vec<String> =
        ring.iter().chain(ring.first()).map(|corner| format!("{} {}", corner.lon(), corner.lat())).collect();
    format!("SRID=4326;POLYGON(({}))", corners.join(","))
}

#[cfg(test)]
mod tests;
