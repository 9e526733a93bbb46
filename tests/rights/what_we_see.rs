//! Section 4.3: what the page "What we see" says is compared with the database. A column without a row, a row without a
//! column, and a column that is said to be sealed, hashed or encrypted and is readable text, each fail.

use std::{collections::BTreeSet, fs};

use hellomapper_tests::{
    Running,
    running::{SERVICES, workspace},
};

use crate::schema::{Tables, tables};

/// The lines of a file of the page, split into so many fields; only the last may have commas.
fn lines(file: &str, fields: usize) -> Vec<Vec<String>> {
    let path = workspace().join("frontend/data").join(file);
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().skip(1).map(|line| line.splitn(fields, ',').map(str::to_owned).collect());
    lines.inspect(|line: &Vec<String>| assert_eq!(line.len(), fields, "{file}: {line:?}")).collect()
}

/// The schemas that a line speaks of.
fn schemas(of: &str) -> Vec<String> {
    if of == "*" { SERVICES.map(str::to_owned).to_vec() } else { vec![of.to_owned()] }
}

/// Every column that the page speaks of: schema, table, column, class.
fn said(tables: &Tables) -> Vec<(String, String, String, String)> {
    let mut said = Vec::new();
    for line in lines("what_we_see.csv", 5) {
        for schema in schemas(&line[0]) {
            let (table, class) = (line[1].clone(), line[3].clone());
            if line[2] == "*" {
                // For what is public anyway it is enough to say so once.
                assert_eq!((schema.as_str(), class.as_str()), ("providers", "public"), "{line:?}");
                for column in tables.get(&(schema.clone(), table.clone())).into_iter().flatten() {
                    said.push((schema.clone(), table.clone(), column.name.clone(), class.clone()));
                }
            } else {
                said.push((schema, table, line[2].clone(), class));
            }
        }
    }
    said
}

#[tokio::test]
async fn every_stored_column_is_on_the_page_and_the_page_says_nothing_that_is_not_stored() {
    let running = Running::without_pages().await;
    let tables = tables(&mut running.database.administrator().await).await;
    let said = said(&tables);
    let on_page: BTreeSet<_> = said.iter().map(|(s, t, c, _)| (s.clone(), t.clone(), c.clone())).collect();
    assert_eq!(on_page.len(), said.len(), "a column is there twice");
    let stored: BTreeSet<_> = tables
        .iter()
        .flat_map(|((s, t), columns)| columns.iter().map(|c| (s.clone(), t.clone(), c.name.clone())))
        .collect();
    let unsaid: Vec<_> = stored.difference(&on_page).collect();
    assert!(unsaid.is_empty(), "say in frontend/data/what_we_see.csv what these are: {unsaid:?}");
    let gone: Vec<_> = on_page.difference(&stored).collect();
    assert!(gone.is_empty(), "the page speaks of columns that are not there: {gone:?}");
    let titled: BTreeSet<_> = lines("what_we_see_tables.csv", 5)
        .into_iter()
        .flat_map(|line| schemas(&line[1]).into_iter().map(move |schema| (schema, line[2].clone())))
        .collect();
    assert_eq!(titled, tables.keys().cloned().collect(), "each table has a title, and each title a table");
}

#[tokio::test]
async fn what_is_said_to_be_unreadable_is_no_text() {
    let running = Running::without_pages().await;
    let mut admin = running.database.administrator().await;
    let tables = tables(&mut admin).await;
    for (schema, table, name, class) in said(&tables) {
        if !matches!(class.as_str(), "sealed" | "hash" | "encrypted") {
            continue;
        }
        let columns = &tables[&(schema.clone(), table.clone())];
        let column = columns.iter().find(|column| column.name == name).unwrap();
        if column.data_type == "bytea" {
            continue;
        }
        // A hash may be text where the database itself refuses any text that is none.
        let checked: bool = sqlx::query_scalar(
            "select exists(select from pg_constraint where contype = 'c' and conrelid = ($1 || '.' || $2)::regclass \
             and pg_get_constraintdef(oid) like '%' || $3 || '%$argon2id$%')",
        )
        .bind(&schema)
        .bind(&table)
        .bind(&name)
        .fetch_one(&mut admin)
        .await
        .unwrap();
        assert!(
            class == "hash" && checked,
            "{schema}.{table}.{name} is {} and said to be {class}",
            column.data_type
        );
    }
}

/// The accessors of `sealing::envelope::Envelope` are all that can be read of it without a key.
#[test]
fn what_stands_on_the_outside_of_a_note_is_on_the_page() {
    let path = workspace().join("shared-types/sealing/src/envelope.rs");
    let source = fs::read_to_string(path).unwrap();
    let (_, body) = source.split_once("\nimpl Envelope {\n").unwrap();
    let body = body.split("\n}\n").next().unwrap();
    let shown: BTreeSet<_> = body
        .split("    pub fn ")
        .skip(1)
        .map(|function| function.split('(').next().unwrap().to_owned())
        .filter(|name| name != "verify_signature")
        .collect();
    let said: BTreeSet<_> =
        lines("what_we_see_envelope.csv", 2).into_iter().map(|line| line[0].clone()).collect();
    assert_eq!(said, shown);
}
