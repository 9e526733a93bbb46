//! What lies between the services: roles, schemas, crates. That each runs by itself is tested beside its program.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use hellomapper_tests::running::{SERVICES, workspace};
use kernel::testing::Database;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// The kinds of role each service has that can log in.
const KINDS: [&str; 3] = ["app", "migrate", "audit"];
/// PostgreSQL's code for "insufficient privilege".
const REFUSED: &str = "42501";
/// PostgreSQL's code for "invalid password".
const WRONG_PASSWORD: &str = "28P01";

#[tokio::test]
async fn a_services_roles_are_refused_every_other_schema() {
    let database = Database::new().await;
    for service in SERVICES {
        for kind in KINDS {
            let role = format!("{service}_{kind}");
            let mut conn = database.connect(&role).await;
            for other in SERVICES.into_iter().filter(|other| *other != service) {
                for attempt in [
                    format!("select from {other}.outbox"),
                    format!(
                        "insert into {other}.inbox (event_id, received_at) values (gen_random_uuid(), now())"
                    ),
                    format!("update {other}.outbox set attempts = 0"),
                    format!("delete from {other}.outbox"),
                    format!("create table {other}.intruder ()"),
                    format!("drop table {other}.outbox"),
                    format!("set role {other}_owner"),
                ] {
                    assert_refused(&mut conn, &role, &attempt).await;
                }
            }
            for schema in ["public", "extensions"] {
                assert_refused(&mut conn, &role, &format!("create table {schema}.intruder ()")).await;
            }
        }
    }
}

#[tokio::test]
async fn nothing_was_granted_across_schemas() {
    let database = Database::new().await;
    let mut admin = database.administrator().await;
    // Every table there is, so that a grant in a later migration is seen as well.
    let granted: Vec<String> = sqlx::query_scalar(
        "select roles.rolname || ' on ' || tables.schemaname || '.' || tables.tablename
         from pg_roles as roles, pg_tables as tables
         where roles.rolname ~ '_(app|migrate|audit|owner)$'
             and tables.schemaname = any($1)
             and split_part(roles.rolname, '_', 1) <> tables.schemaname
             and (
                 has_schema_privilege(roles.rolname, tables.schemaname, 'usage, create')
                 or has_table_privilege(
                     roles.rolname, format('%I.%I', tables.schemaname, tables.tablename),
                     'select, insert, update, delete, truncate, references, trigger'
                 )
             )",
    )
    .bind(SERVICES.map(str::to_owned).to_vec())
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(granted, Vec::<String>::new());
}

#[tokio::test]
async fn no_role_has_a_password_that_could_be_guessed() {
    let database = Database::new().await;
    // Of a database that an administrator prepares, none has a password until somebody gives it one.
    let roles = fs::read_to_string(workspace().join("migrations/bootstrap/roles.sql")).unwrap();
    let mut statements = roles.lines().filter(|line| !line.trim_start().starts_with("--"));
    assert!(statements.all(|line| !line.to_lowercase().contains("password")));
    let of_services = SERVICES.into_iter().flat_map(|service| KINDS.map(|kind| format!("{service}_{kind}")));
    for role in of_services.chain(["postgres".to_owned()]) {
        for guess in [role.as_str(), "postgres", "hellomapper"] {
            let options = database.options(&role).password(guess);
            let refused = PgConnection::connect_with(&options).await.expect_err("no password of this role");
            let code = refused.as_database_error().and_then(|error| error.code()).map(Cow::into_owned);
            assert_eq!(code.as_deref(), Some(WRONG_PASSWORD), "{role}: {refused}");
        }
    }
}

#[tokio::test]
async fn an_app_role_changes_no_schema_and_no_audit_row() {
    let database = Database::new().await;
    for service in SERVICES {
        let role = format!("{service}_app");
        let mut conn = database.connect(&role).await;
        for attempt in [
            format!("create table {service}.intruder ()"),
            format!("alter table {service}.outbox add column intruder text"),
            format!("select from {service}.audit_entry"),
            format!("update {service}.audit_entry set action = 'nothing'"),
            format!("delete from {service}.audit_entry"),
            format!("truncate {service}.audit_entry"),
        ] {
            assert_refused(&mut conn, &role, &attempt).await;
        }
        let role = format!("{service}_audit");
        let mut conn = database.connect(&role).await;
        sqlx::raw_sql(AssertSqlSafe(format!("select from {service}.audit_entry")))
            .execute(&mut conn)
            .await
            .unwrap();
        for attempt in [
            format!("select from {service}.outbox"),
            format!("insert into {service}.inbox (event_id, received_at) values (gen_random_uuid(), now())"),
        ] {
            assert_refused(&mut conn, &role, &attempt).await;
        }
        // Not even the schema's owner alters what was recorded.
        let role = format!("{service}_migrate");
        let mut conn = database.connect(&role).await;
        assert_refused(&mut conn, &role, &format!("update {service}.audit_entry set action = 'nothing'"))
            .await;
        assert_refused(&mut conn, &role, &format!("truncate {service}.audit_entry")).await;
    }
}

async fn assert_refused(conn: &mut PgConnection, role: &str, attempt: &str) {
    let error = sqlx::raw_sql(AssertSqlSafe(attempt.to_owned()))
        .execute(&mut *conn)
        .await
        .map(|_| ())
        .expect_err(&format!("{role} may: {attempt}"));
    let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
    assert_eq!(code.as_deref(), Some(REFUSED), "{role}: {attempt}: {error}");
}

/// Which of our crates each of our crates may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("shared-types", &[]),
    ("shared-types/sealing", &["shared-types"]),
    ("shared-types/transparency", &["shared-types"]),
    ("backend/cluster", &[]),
    ("backend/demo", &["shared-types"]),
    ("backend/kernel", &["cluster", "shared-types", "transparency"]),
    ("backend/users", &["kernel", "sealing", "shared-types", "transparency"]),
    ("backend/providers", &["demo", "kernel", "shared-types"]),
    ("backend/bookings", &["demo", "kernel", "shared-types"]),
    (
        "backend/payments",
        &["claims-simulator", "demo", "kernel", "processor-sandbox", "shared-types", "stripe-client"],
    ),
    ("backend/claims-simulator", &["kernel"]),
    ("backend/stripe-client", &[]),
    ("backend/processor-sandbox", &["kernel"]),
    ("backend/notifications", &["kernel", "shared-types"]),
    ("frontend", &["shared-types", "transparency"]),
    ("frontend/vault", &["sealing", "shared-types", "transparency"]),
    (
        "backend/all-in-one",
        &[
            "bookings",
            "claims-simulator",
            "cluster",
            "demo",
            "frontend",
            "kernel",
            "notifications",
            "payments",
            "processor-sandbox",
            "providers",
            "sealing",
            "shared-types",
            "transparency",
            "users",
        ],
    ),
    ("tests", &["claims-simulator", "hellomapper", "kernel", "processor-sandbox", "shared-types", "vault"]),
    ("xtask", &["cluster"]),
];

#[test]
fn crates_depend_on_each_other_one_way() {
    let members = members();
    let names: BTreeMap<_, _> = members.iter().map(|folder| (package_name(folder), folder.clone())).collect();
    let may_use: BTreeMap<_, _> = MAY_USE.iter().map(|(folder, allowed)| (*folder, *allowed)).collect();
    assert_eq!(
        members.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        may_use.keys().copied().collect::<BTreeSet<_>>(),
        "say in MAY_USE what a new crate may use"
    );
    for folder in &members {
        for dependency in dependencies(folder).iter().filter(|name| names.contains_key(*name)) {
            assert!(
                may_use[folder.as_str()].contains(&dependency.as_str()),
                "{folder} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn no_service_names_another_services_crate_or_schema() {
    for service in SERVICES {
        let others: Vec<_> = SERVICES.into_iter().filter(|other| *other != service).collect();
        let mut files = Vec::new();
        collect(&workspace().join("backend").join(service).join("src"), &mut files);
        collect(&workspace().join("migrations").join(service), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap().to_lowercase();
            for other in &others {
                for verb in ["from", "join", "into", "update", "references", "table", "on"] {
                    let sql = format!("{verb} {other}.");
                    // A sentence may end with the name of a service; a table's name follows at once.
                    let table = text.match_indices(&sql).any(|(at, _)| {
                        text[at + sql.len()..].starts_with(|next: char| next.is_ascii_lowercase())
                    });
                    assert!(!table, "{} has {sql}…", file.display());
                }
                assert!(!text.contains(&format!("use {other}::")), "{} uses {other}", file.display());
            }
        }
    }
}

/// The folders of the workspace's members.
fn members() -> Vec<String> {
    let manifest = manifest(".");
    let (_, list) = manifest.split_once("members = [").unwrap();
    let list = list.split(']').next().unwrap();
    list.split(',')
        .map(|member| member.trim().trim_matches('"').to_owned())
        .filter(|member| !member.is_empty())
        .collect()
}

fn package_name(folder: &str) -> String {
    let manifest = manifest(folder);
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = "));
    name.unwrap().trim_matches('"').to_owned()
}

/// The names in every table of dependencies: normal, for tests, for builds, for targets.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let manifest = manifest(folder);
    let (mut inside, mut found) = (false, BTreeSet::new());
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            inside = table.ends_with("dependencies");
            if let Some((_, name)) = table.split_once("dependencies.") {
                found.insert(name.to_owned());
            }
        } else if inside && let Some((name, _)) = line.split_once('=') {
            found.insert(name.split('.').next().unwrap_or_default().trim().to_owned());
        }
    }
    found
}

fn manifest(folder: &str) -> String {
    fs::read_to_string(workspace().join(folder).join("Cargo.toml")).unwrap()
}

fn collect(path: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "sql") {
            files.push(path);
        }
    }
}
