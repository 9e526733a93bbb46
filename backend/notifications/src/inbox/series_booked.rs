//! The visits of a series are booked: their patient is told of all of them in one letter, which is written anew where one of them
//! changes before it is sent. Whoever speaks with the mail server already sends it as it was; the new one follows.

use jiff::Timestamp;
use shared_types::{
    Zone,
    bookings::{AppointmentFact, SeriesFact},
};
use sqlx::PgConnection;

use crate::{
    domain::{
        plan::is_reminded_of,
        sender::Sender,
        series::{self, Letter},
    },
    store::{appointment, series_letter},
};

/// The letter about those visits that later news has not overtaken; none where none is left.
pub async fn write(
    conn: &mut PgConnection,
    fact: SeriesFact,
    own: Option<Zone>,
    sender: &Sender,
    told_at: Timestamp,
) -> anyhow::Result<Option<Letter>> {
    let mut visits = Vec::with_capacity(fact.visits.len());
    for visit in fact.visits {
        if !appointment::is_overtaken(conn, &visit).await? {
            visits.push(visit);
        }
    }
    Ok(series::write(fact.series_id, visits, own, sender, told_at)?)
}

/// Takes back a letter that is not sent yet and names a visit as it was; what is left to say stands in the one that is given.
pub async fn write_anew(
    conn: &mut PgConnection,
    changed: &AppointmentFact,
    own: Option<Zone>,
    sender: &Sender,
    told_at: Timestamp,
) -> anyhow::Result<Option<Letter>> {
    let Some(series_id) = changed.series_id else { return Ok(None) };
    let Some(waiting) = series_letter::waiting(conn, series_id).await? else { return Ok(None) };
    let mut visits = waiting.visits;
    let is_older =
        |visit: &AppointmentFact| visit.booking_id == changed.booking_id && visit.sequence < changed.sequence;
    let Some(nth) = visits.iter().position(is_older) else { return Ok(None) };
    let was = visits.remove(nth);
    if is_reminded_of(changed.status) {
        // Its link stays the same and was told once.
        visits.push(AppointmentFact { manage_token: was.manage_token, ..changed.clone() });
        visits.sort_by_key(|visit| visit.start);
    }
    series_letter::drop_letter(conn, waiting.message_id).await?;
    Ok(series::write(series_id, visits, own, sender, told_at)?)
}
