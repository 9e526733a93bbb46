//! What is taken of a calendar, whosever it is.

use std::ops::Range;

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{ResourceId, bookings::Busy};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::group::{self, Open};

/// What is taken of some resources, each time with whose it is.
#[derive(Clone, Debug)]
pub struct Taken {
    times: Vec<(ResourceId, Busy)>,
    /// Sessions with a seat left. Their times are taken like any other.
    pub(super) open: Vec<Open>,
}

impl Taken {
    /// What is taken of these. Free times ask [`Calendar::busy_for`], which knows more.
    pub fn of(&self, resources: &[ResourceId]) -> Vec<Busy> {
        self.times.iter().filter(|(of, _)| resources.contains(of)).map(|(_, busy)| *busy).collect()
    }

    /// Takes a time of each of these. Whether a session in it has a seat left is not known any more.
    pub fn add(&mut self, resources: &[ResourceId], busy: Busy) {
        self.times.extend(resources.iter().map(|of| (*of, busy)));
        self.open.retain(|open| !(busy.start..busy.end).contains(&open.start));
    }
}

/// What is taken of some resources within a window, whosever it is, holds that have lapsed left out.
///
/// # Errors
/// When the database fails.
pub async fn busy(
    conn: &mut PgConnection,
    resources: &[ResourceId],
    window: &Range<Timestamp>,
    now: Timestamp,
) -> Result<Taken> {
    let ids: Vec<Uuid> = resources.iter().map(|resource| resource.0).collect();
    let rows = sqlx::query!(
        r#"select reservation.resource_id as "resource_id: ResourceId", lower(reservation.during) as "start!",
               upper(reservation.during) as "end!"
           from bookings.reservation
           left join bookings.hold using (hold_id)
           where reservation.resource_id = any($1)
               -- Buffers reach out of the window by at most eight hours.
               and reservation.during && tstzrange($2::timestamptz - interval '8 hours', $3::timestamptz + interval '8 hours')
               and (hold.hold_id is null or hold.expires_at > $4)"#,
        &ids,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(&mut *conn)
    .await?;
    let times = rows.into_iter().map(|row| {
        let busy = Busy { start: row.start.to_jiff(), end: row.end.to_jiff() };
        (row.resource_id, busy)
    });
    let times = times.collect();
    Ok(Taken { times, open: group::open(conn, resources, window, now).await? })
}
