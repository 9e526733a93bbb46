//! C-15: an export is the union of all tables that are keyed to the person.

use std::collections::{BTreeMap, BTreeSet};

use hellomapper_tests::{Running, running::SERVICES};
use shared_types::export::DataExport;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{
    schema::{Column, is_listed, tables},
    somebody::Somebody,
};

/// By columns of these names a row is somebody's.
const KEYS: [&str; 21] = [
    "accepted_by",
    "account_id",
    "actor",
    "booking_id",
    "caller",
    "date_of_birth",
    "email",
    "email_lower",
    "guest_hash",
    "invited_by",
    "mobile",
    "of_id",
    "on_behalf_of",
    "patient_id",
    "patients",
    "recipient",
    "session_id",
    "subject",
    "subject_id",
    "token_hash",
    "whose",
];

/// Tables with such a column that are not handed out, and why.
const NOT_HANDED_OUT: &[(&str, &str)] = &[
    ("*.audit_entry", "GET /api/v1/{service}/me/audit hands it out, with proofs"),
    ("*.revocation", "Says for ten minutes that tokens have ended; the sessions are handed out"),
    (
        "payments.difference",
        "What the card processor has otherwise: it names an object of theirs, and of people only our own staff",
    ),
    ("providers.organization", "The public address of a practice"),
    ("users.erasure", "Nobody can sign in after it; its receipt shows it"),
    ("users.patient_history", "Former details are for auditors only (C-16)"),
    ("users.sign_in_attempt", "A keyed fingerprint of an address: nobody can be told that it is theirs"),
    ("users.sign_up", "No account yet, and perhaps another person’s try with somebody’s address"),
];

async fn exports(running: &Running, somebody: Somebody) -> BTreeMap<String, DataExport> {
    let browser = somebody.browser(running).await;
    let mut exports = BTreeMap::new();
    for service in SERVICES {
        let export: DataExport = browser.get(&format!("/api/v1/{service}/me/export")).await;
        assert_eq!(export.service, service);
        exports.insert(service.to_owned(), export);
    }
    exports
}

#[tokio::test]
async fn every_table_keyed_to_a_person_is_handed_out_or_says_why_not() {
    let running = Running::without_pages().await;
    let somebody = Somebody::insert(&running, 1).await;
    let parts: BTreeSet<_> = exports(&running, somebody)
        .await
        .into_iter()
        .flat_map(|(service, export)| export.parts.into_iter().map(move |part| (service.clone(), part.name)))
        .collect();
    let tables = tables(&mut running.database.administrator().await).await;
    let keyed = tables.iter().filter(|(_, columns)| columns.iter().any(is_key));
    let unsaid: Vec<_> = keyed
        .map(|(table, _)| table)
        .filter(|(schema, table)| {
            !parts.contains(&(schema.clone(), table.clone())) && !is_listed(NOT_HANDED_OUT, schema, table)
        })
        .collect();
    assert!(unsaid.is_empty(), "hand out {unsaid:?}, or say here why not");
    for (schema, table) in &parts {
        assert!(tables.contains_key(&(schema.clone(), table.clone())), "{schema}.{table} is no table");
        assert!(!is_listed(NOT_HANDED_OUT, schema, table), "{schema}.{table} is handed out");
    }
    for (listed, _) in NOT_HANDED_OUT {
        let (schema, table) = listed.split_once('.').unwrap();
        let there = tables.keys().any(|(of, name)| name == table && (schema == "*" || schema == of));
        assert!(there, "{listed} is no table");
    }
}

fn is_key(column: &Column) -> bool {
    KEYS.contains(&column.name.as_str())
}

#[tokio::test]
async fn an_export_has_as_many_rows_as_the_tables_hold_of_the_person_and_none_of_others() {
    let running = Running::without_pages().await;
    let (ada, bo) = (Somebody::insert(&running, 1).await, Somebody::insert(&running, 2).await);
    let exports = exports(&running, ada).await;
    let mut admin = running.database.administrator().await;
    let tables = tables(&mut admin).await;
    let mut rows = 0;
    for (service, export) in &exports {
        for part in &export.parts {
            let columns = &tables[&(service.clone(), part.name.clone())];
            let held = count_of(&mut admin, service, &part.name, columns, ada).await;
            assert_eq!(part.rows.len() as i64, held, "{service}.{}: {:?}", part.name, part.rows);
            rows += part.rows.len();
        }
        let text = serde_json::to_string(export).unwrap();
        for of_bo in [bo.account(), bo.patient(), bo.booking()] {
            assert!(!text.contains(&of_bo.to_string()), "{service}: {text}");
        }
        assert!(!text.contains("$argon2id$") && !text.contains("\\\\x"), "a secret, or bytes: {text}");
    }
    assert!(rows > 30, "{rows}");
}

/// How many rows of a table are somebody's.
async fn count_of(
    admin: &mut PgConnection,
    schema: &str,
    table: &str,
    columns: &[Column],
    of: Somebody,
) -> i64 {
    let (account, patient, booking) = (of.account(), of.patient(), of.booking());
    let conditions: Vec<_> = columns
        .iter()
        .filter_map(|column| match column.name.as_str() {
            "account_id" | "invited_by" => Some(format!("{} = '{account}'", column.name)),
            "patient_id" => Some(format!("patient_id = '{patient}'")),
            "booking_id" => Some(format!("booking_id = '{booking}'")),
            "address" => Some(format!("address = '{}'", of.email())),
            "caller" => Some(format!("caller like '%{account}'")),
            "subject_id" => Some(format!("subject_id::text in ('{account}', '{patient}', '{booking}')")),
            "session_id" => Some(format!("session_id = '{account}'")),
            // A payment and who pays have the booking's number here.
            "payment_id" | "customer_id" => Some(format!("{} = '{booking}'", column.name)),
            _ => None,
        })
        .collect();
    assert!(!conditions.is_empty(), "{schema}.{table}");
    let statement = format!("select count(*) from {schema}.{table} where {}", conditions.join(" or "));
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(admin).await.unwrap()
}
