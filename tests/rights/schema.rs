//! What the five schemas hold, as the database says it.

use std::collections::BTreeMap;

use hellomapper_tests::running::SERVICES;
use sqlx::PgConnection;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As `information_schema` calls it: `text`, `bytea`.
    pub data_type: String,
}

/// Each table's columns, by schema and name; without what keeps migrations.
pub type Tables = BTreeMap<(String, String), Vec<Column>>;

pub async fn tables(conn: &mut PgConnection) -> Tables {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select columns.table_schema::text, columns.table_name::text, columns.column_name::text, columns.data_type::text \
         from information_schema.columns join information_schema.tables using (table_schema, table_name) \
         where tables.table_type = 'BASE TABLE' and columns.table_schema = any($1) and columns.table_name !~ '^_' \
         order by columns.table_schema, columns.table_name, columns.ordinal_position",
    )
    .bind(SERVICES.map(str::to_owned).to_vec())
    .fetch_all(conn)
    .await
    .unwrap();
    let mut tables = Tables::new();
    for (schema, table, name, data_type) in rows {
        tables.entry((schema, table)).or_default().push(Column { name, data_type });
    }
    tables
}

/// Whether a table stands in a list of `schema.table`, where a schema `*` is each service's.
pub fn is_listed<T>(list: &[(&str, T)], schema: &str, table: &str) -> bool {
    list.iter().any(|(listed, _)| {
        let (of, name) = listed.split_once('.').unwrap();
        name == table && (of == "*" || of == schema)
    })
}
