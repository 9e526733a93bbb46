//! The visits of a series are booked: their patient is told of all of them in one letter, which is written anew where one of them
//! changes before it is sent. Whoever speaks with the mail server already sends it as it was; the new one follows.

use jiff::Timestamp;
use kernel::outbox::Envelope;
use shared_types::{
    bookings::{AppointmentFact, SeriesFact},
    personal::Personal,
};
use sqlx::PgConnection;

use super::{Inbox, over, reader};
use crate::{
    domain::{
        by_text::{self, Known},
        message::Template,
        plan::is_reminded_of,
        reader::Reader,
        sender::Sender,
        series::{self, Letter},
    },
    store::{appointment, contact, series_letter},
};

/// The letter about those visits that later news has not overtaken; none where none is left.
pub async fn write(
    conn: &mut PgConnection,
    fact: SeriesFact,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> anyhow::Result<Option<Letter>> {
    let mut visits = Vec::with_capacity(fact.visits.len());
    for visit in fact.visits {
        if !appointment::is_overtaken(conn, &visit).await? {
            visits.push(visit);
        }
    }
    Ok(series::write(fact.series_id, visits, reader, sender, told_at)?)
}

impl Inbox {
    /// Writes the letter about an appointment's series anew, where it is not sent yet and names it as it was, or the text message that
    /// goes in its place. One in the place of a letter that came back later goes as long as any visit is to come.
    pub(super) async fn tell_series_anew(
        &self,
        conn: &mut PgConnection,
        envelope: &Envelope,
        fact: &AppointmentFact,
    ) -> anyhow::Result<()> {
        if text_anew(conn, fact, &self.sender).await? {
            return Ok(());
        }
        if let Some(series_id) = fact.series_id {
            series_letter::drop_over(conn, series_id, self.core.now()).await?;
        }
        let reader = reader::of(conn, fact).await?;
        let letter = write_anew(conn, fact, reader, &self.sender, envelope.occurred_at).await?;
        self.queue_letter(conn, envelope, letter).await
    }
}

/// Takes back a letter that is not sent yet and names a visit as it was; what is left to say stands in the one that is given.
async fn write_anew(
    conn: &mut PgConnection,
    changed: &AppointmentFact,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> anyhow::Result<Option<Letter>> {
    let Some(series_id) = changed.series_id else { return Ok(None) };
    if over::needs_first_letter(changed) {
        return Ok(None);
    }
    let Some(waiting) = series_letter::waiting(conn, series_id).await? else { return Ok(None) };
    let Some(visits) = as_they_are(waiting.visits, changed) else { return Ok(None) };
    series_letter::drop_letter(conn, waiting.message_id).await?;
    Ok(series::write(series_id, visits, reader, sender, told_at)?)
}

/// Has a text message that waits in the place of such a letter say what is left to say: it names no visit, so it stays as it is while
/// several are left; of one it says what its confirmation would; and where none is left none goes. False where none waits.
async fn text_anew(
    conn: &mut PgConnection,
    changed: &AppointmentFact,
    sender: &Sender,
) -> anyhow::Result<bool> {
    let Some(series_id) = changed.series_id else { return Ok(false) };
    let Some(waiting) = series_letter::waiting_text(conn, series_id).await? else { return Ok(false) };
    let Some(visits) = as_they_are(waiting.visits, changed) else { return Ok(true) };
    series_letter::forget_letter_of(conn, waiting.message_id).await?;
    let visits: Vec<_> = visits.into_iter().map(series::sayable).collect();
    let Some(first) = visits.first() else {
        series_letter::drop_letter(conn, waiting.message_id).await?;
        return Ok(true);
    };
    let locale = contact::locale(conn, first.booking_id).await?;
    let (start, zone) = (Some(first.start), Some(first.role.time_zone));
    // Whoever agreed to texts at the desk has no account to look at.
    let is_guest = first.account_id.is_none() && first.patient_id.is_none();
    let known = Known { start, zone, until: None, is_guest };
    let words = match visits.len() {
        1 => by_text::write(Template::AppointmentConfirmed, known, sender, locale),
        _ => None,
    };
    series_letter::keep_text(conn, waiting.message_id, &visits, words.map(Personal::new)).await?;
    Ok(true)
}

/// The visits of a series once one of them changed, without it where it is off; none where they were written with that news.
fn as_they_are(mut visits: Vec<AppointmentFact>, changed: &AppointmentFact) -> Option<Vec<AppointmentFact>> {
    let is_older =
        |visit: &AppointmentFact| visit.booking_id == changed.booking_id && visit.sequence < changed.sequence;
    let nth = visits.iter().position(is_older)?;
    let was = visits.remove(nth);
    if is_reminded_of(changed.status) {
        // Its link stays the same and was told once.
        visits.push(AppointmentFact { manage_token: was.manage_token, ..changed.clone() });
        visits.sort_by_key(|visit| visit.start);
    }
    Some(visits)
}
