//! The log as a file that can be checked without the database. Read row by row in one snapshot; memory does not grow.

use std::io::Write;

use anyhow::Result;
use futures::TryStreamExt as _;
use sqlx::{Connection as _, PgConnection, Row as _};
use transparency::export::{FORMAT, Header, Line};

use super::{
    rows::{entry_columns, index, logged},
    sequence,
};

/// Writes the log of a service to `out`. `conn` is under its audit role, without a time limit on statements. Says how many
/// leaves there were.
///
/// # Errors
/// When the log cannot be read or the file not written.
pub async fn export(
    conn: &mut PgConnection,
    service: &str,
    origin: &str,
    out: &mut impl Write,
) -> Result<u64> {
    let mut tx = conn.begin_with("begin isolation level repeatable read read only").await?;
    let size = sequence::size(&mut tx).await?;
    let mut checkpoints = checkpoints(&mut tx).await?.into_iter().peekable();
    let header =
        Header { format: FORMAT.to_owned(), origin: origin.to_owned(), service: service.to_owned(), size };
    write(out, &Line::Header(header))?;
    let mut rows = sqlx::query(concat!(
        "select leaf.leaf_index, leaf.data, ",
        entry_columns!(),
        " from audit_leaf as leaf left join audit_entry as entry using (audit_entry_id) order by leaf.leaf_index"
    ))
    .fetch(&mut *tx);
    let mut written = 0;
    while let Some(row) = rows.try_next().await? {
        let line = logged(&row)?;
        let next = line.index + 1;
        write(out, &Line::Logged(line))?;
        written += 1;
        while let Some((_, note)) = checkpoints.next_if(|(size, _)| *size <= next) {
            write(out, &Line::Checkpoint(note))?;
        }
    }
    out.flush()?;
    Ok(written)
}

fn write(out: &mut impl Write, line: &Line) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

/// Every checkpoint, the smallest first: one in five minutes, so a year's are a hundred thousand short texts at most.
async fn checkpoints(conn: &mut PgConnection) -> Result<Vec<(u64, String)>> {
    let rows = sqlx::query("select size, note from audit_checkpoint order by size").fetch_all(conn).await?;
    rows.iter().map(|row| Ok((index(row.try_get("size")?), row.try_get("note")?))).collect()
}
