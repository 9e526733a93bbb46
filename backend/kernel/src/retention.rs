//! The register of what was destroyed at the end of its time (C-43). How long things are kept is `shared_types::retention`'s.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{Zone, personal::Personal, retention};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Core;

/// Records of one kind that are gone.
#[derive(Clone, Debug)]
pub struct Destroyed {
    /// What kind: `booking`.
    pub class: &'static str,
    /// The patient's name, where it was a health record: the law asks for it.
    pub name: Option<Personal<String>>,
    /// How many rows.
    pub rows: u64,
    /// The first day that they covered.
    pub from: Date,
    /// The last.
    pub until: Date,
}

impl Destroyed {
    /// Records that name nobody, covering the time from the first of those moments to the last; `None` when there are
    /// none.
    pub fn unnamed(class: &'static str, moments: &[Timestamp]) -> Option<Self> {
        let (first, last) = (moments.iter().min()?, moments.iter().max()?);
        Some(Self {
            class,
            name: None,
            rows: moments.len() as u64,
            from: Zone::SYDNEY.date(*first),
            until: Zone::SYDNEY.date(*last),
        })
    }
}

/// Registers them, in the transaction that destroys them.
///
/// # Errors
/// When the row cannot be written.
pub async fn register(conn: &mut PgConnection, core: &Core, destroyed: &Destroyed) -> sqlx::Result<()> {
    sqlx::query(
        "insert into destruction (destruction_id, record_class, name, row_count, covers_from, covers_until, \
         destroyed_at) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(core.id::<Uuid>())
    .bind(destroyed.class)
    .bind(destroyed.name.as_ref().map(Personal::expose))
    .bind(i64::try_from(destroyed.rows).unwrap_or(i64::MAX))
    .bind(destroyed.from.to_sqlx())
    .bind(destroyed.until.to_sqlx())
    .bind(core.now().to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}

/// What ended before this moment has been kept for seven years. Days are Sydney's in the whole country.
pub fn seven_years_before(now: Timestamp) -> Timestamp {
    Zone::SYDNEY.start_of_day(retention::kept_from(Zone::SYDNEY.date(now)))
}
