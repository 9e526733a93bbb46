//! An appointment is likely to begin later than booked, or on time after all.

use jiff::Timestamp;
use shared_types::{bookings::LatenessFact, users::ContactChannel};
use sqlx::PgConnection;

use crate::{
    domain::{
        channels::{Texts, Way, Works, choose},
        lateness,
        locale::Locale,
        message::{Draft, Template, TextDraft},
        sender::Sender,
    },
    store::{appointment, contact, message},
};

/// A text message is seen on the way there.
const CHANNELS: [ContactChannel; 2] = [ContactChannel::Sms, ContactChannel::Email];

/// What is written, by the way that is taken.
pub enum News {
    /// To the address that was given with the booking.
    Mail(Draft),
    /// To the patient's mobile.
    Text(TextDraft),
}

/// Writes it, in the place of what was said before and is not sent; nothing about what does not stand any more at that time, or
/// should have begun. It cannot be switched off, and waits for no morning: whoever wants no reminders, or no more texts, gets it
/// by mail.
pub async fn write(
    conn: &mut PgConnection,
    fact: &LatenessFact,
    (sender, texts): (&Sender, Texts),
    now: Timestamp,
) -> anyhow::Result<Option<News>> {
    let (booking_id, start) = (fact.appointment.booking_id, fact.appointment.start);
    message::drop_unsent(conn, booking_id, Template::RunningLate).await?;
    let upcoming = appointment::find(conn, booking_id).await?;
    let Some(upcoming) = upcoming.filter(|upcoming| upcoming.start == start && now < start) else {
        return Ok(None);
    };
    let told = contact::of_booking(conn, &upcoming).await?;
    let works = Works {
        mail: !upcoming.email.expose().is_empty(),
        texts: texts != Texts::None && !told.texts_stopped,
    };
    let wishes = told.wishes.as_ref();
    let locale = wishes.map_or(Locale::English, |wishes| Locale::for_language(&wishes.language));
    let way = choose(&CHANNELS, wishes, works).map(|choice| choice.way);
    let news = match way {
        Ok(Way::Text(mobile)) => {
            News::Text(lateness::write_text(fact.minutes, &upcoming, mobile, sender, locale))
        }
        Ok(Way::Mail) | Err(_) => News::Mail(lateness::write(fact.minutes, &upcoming, locale)?),
    };
    Ok(Some(news))
}
