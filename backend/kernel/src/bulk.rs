//! Many rows at once: COPY in PostgreSQL's text format, and indexes and foreign keys set aside meanwhile.
//!
//! Owns the escaping and the putting back. Does not own which rows there are, nor the transaction: whoever loads
//! begins and commits, so a failure leaves the tables, their indexes and their keys as they were.

use std::fmt::{self, Display, Write};

use sqlx::{AssertSqlSafe, PgConnection, Result};

/// How much goes into one message.
const CHUNK: usize = 1 << 20;

/// Rows for one table, gathered in memory and sent when the owner says so.
#[derive(Debug)]
pub struct Copy {
    table: &'static str,
    columns: &'static str,
    text: String,
    gathered: u64,
    sent: u64,
}

impl Copy {
    /// Rows for these columns (`a, b, c`) of a table (`schema.table`).
    pub fn new(table: &'static str, columns: &'static str) -> Self {
        Self { table, columns, text: String::new(), gathered: 0, sent: 0 }
    }

    /// How many rows the database has taken.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many bytes wait to be sent.
    pub fn waiting(&self) -> usize {
        self.text.len()
    }

    /// Adds a row: one call on [`Row`] for each column, in their order.
    pub fn row(&mut self, fill: impl FnOnce(&mut Row<'_>)) {
        let mut row = Row { text: &mut self.text, first: true };
        fill(&mut row);
        self.text.push('\n');
        self.gathered += 1;
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// What the database says, and when it took another number of rows than were gathered.
    pub async fn flush(&mut self, conn: &mut PgConnection) -> Result<()> {
        if self.gathered == 0 {
            return Ok(());
        }
        let statement = format!("copy {} ({}) from stdin", self.table, self.columns);
        let mut copy = conn.copy_in_raw(&statement).await?;
        for chunk in self.text.as_bytes().chunks(CHUNK) {
            copy.send(chunk).await?;
        }
        let taken = copy.finish().await?;
        if taken != self.gathered {
            let gathered = self.gathered;
            return Err(sqlx::Error::Protocol(format!("{} took {taken} rows of {gathered}", self.table)));
        }
        self.sent += taken;
        self.gathered = 0;
        self.text.clear();
        Ok(())
    }
}

/// Rows for several tables that one pass fills, in the order in which the tables refer to each other.
#[derive(Debug)]
pub struct Copies<const N: usize>(pub [Copy; N]);

impl<const N: usize> Copies<N> {
    /// Rows for these columns of these tables: `("schema.table", "a, b, c")`.
    pub fn new(tables: [(&'static str, &'static str); N]) -> Self {
        Self(tables.map(|(table, columns)| Copy::new(table, columns)))
    }

    /// How many bytes wait to be sent.
    pub fn waiting(&self) -> usize {
        self.0.iter().map(Copy::waiting).sum()
    }

    /// Sends what waits, table by table.
    ///
    /// # Errors
    /// As [`Copy::flush`].
    pub async fn flush(&mut self, conn: &mut PgConnection) -> Result<()> {
        for copy in &mut self.0 {
            copy.flush(conn).await?;
        }
        Ok(())
    }

    /// How many rows each table has taken.
    pub fn sent(&self) -> Vec<(&'static str, u64)> {
        self.0.iter().map(|copy| (copy.table, copy.sent)).collect()
    }

    /// Drops the foreign keys, exclusion constraints and non-unique indexes of the tables and remembers them. The
    /// names and definitions are the database's own, so migrations stay their only home. Needs the owner.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_aside(&self, conn: &mut PgConnection) -> Result<SetAside> {
        let tables = self.0.each_ref().map(|copy| copy.table);
        set_aside(conn, &tables).await
    }
}

/// One row being written.
#[derive(Debug)]
pub struct Row<'a> {
    text: &'a mut String,
    first: bool,
}

impl Row<'_> {
    /// A value as PostgreSQL reads it: text, number, id, timestamp, `true`, `[a,b)`.
    pub fn value(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        // Writing to a string cannot fail.
        let _ = write!(Escaped(self.text), "{value}");
        self
    }

    /// A value, or null.
    pub fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.value(value),
            None => {
                self.separate();
                self.text.push_str("\\N");
                self
            }
        }
    }

    /// An array.
    pub fn list<T: Display>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut array = String::from("{");
        for value in values {
            if array.len() > 1 {
                array.push(',');
            }
            array.push('"');
            for character in value.to_string().chars() {
                if matches!(character, '"' | '\\') {
                    array.push('\\');
                }
                array.push(character);
            }
            array.push('"');
        }
        array.push('}');
        self.value(array)
    }

    fn separate(&mut self) {
        if !self.first {
            self.text.push('\t');
        }
        self.first = false;
    }
}

/// Escapes what the text format gives a meaning
/// (<https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2>).
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !text.bytes().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
            self.0.push_str(text);
            return Ok(());
        }
        for character in text.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

/// Statements that put back what was set aside.
#[derive(Debug)]
#[must_use = "what is set aside must be put back before the commit"]
pub struct SetAside(Vec<String>);

async fn set_aside(conn: &mut PgConnection, tables: &[&str]) -> Result<SetAside> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "with wanted as (select name::regclass as oid from unnest($1::text[]) name)
         select what, again from (
             select 2 as place, conname::text as name,
                    format('alter table %s drop constraint %I', conrelid::regclass, conname) as what,
                    format('alter table %s add constraint %I %s', conrelid::regclass, conname,
                           pg_get_constraintdef(pg_constraint.oid)) as again
             from pg_constraint where conrelid in (select oid from wanted) and contype in ('f', 'x')
             union all
             select 1, indexrelid::regclass::text,
                    format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
             from pg_index
             where indrelid in (select oid from wanted) and not indisunique and not indisexclusion
         ) all_of_them order by place, name",
    )
    .bind(tables)
    .fetch_all(&mut *conn)
    .await?;
    let mut again = Vec::with_capacity(found.len());
    for (what, put_back) in found {
        run(conn, what).await?;
        again.push(put_back);
    }
    Ok(SetAside(again))
}

impl SetAside {
    /// Puts everything back, indexes first.
    ///
    /// # Errors
    /// What the database says: a row that breaks a constraint, above all.
    pub async fn put_back(self, conn: &mut PgConnection) -> Result<()> {
        // Sorting is what takes the time; the default is meant for many sessions at once.
        sqlx::query("set local maintenance_work_mem = '256MB'").execute(&mut *conn).await?;
        for statement in self.0 {
            run(conn, statement).await?;
        }
        Ok(())
    }
}

/// Runs a statement that the database's own catalogue wrote.
async fn run(conn: &mut PgConnection, statement: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Copy;

    #[test]
    fn rows_are_escaped_as_copy_reads_them() {
        let mut copy = Copy::new("a.b", "c, d, e, f");
        copy.row(|row| {
            row.value("tab\there\\there").optional(None::<i32>).list(["a b", "\"q\" \\"]).value(5);
        });
        copy.row(|row| {
            row.value("").optional(Some("x\ny")).list(Vec::<i32>::new()).value(true);
        });
        let expected = concat!(
            "tab\\there\\\\there\t\\N\t{\"a b\",\"\\\\\"q\\\\\" \\\\\\\\\"}\t5\n",
            "\tx\\ny\t{}\ttrue\n",
        );
        assert_eq!(copy.text, expected);
        assert_eq!((copy.gathered, copy.sent()), (2, 0));
    }
}
