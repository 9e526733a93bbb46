//! An appointment is likely to begin later than booked, or on time after all.

use jiff::Timestamp;
use kernel::Core;
use shared_types::{BookingId, MessageId, PatientId, bookings::LatenessFact, users::ContactChannel};
use sqlx::PgConnection;

use crate::{
    by_text::Writing,
    domain::{
        channels::{Texts, Way, Works, choose, letters_first},
        lateness,
        locale::Locale,
        message::{About, Draft, Template, TextDraft},
        sender::Sender,
        upcoming::Upcoming,
    },
    noting,
    store::{
        appointment, by_text, contact,
        lateness::{self as of_lateness, Unsent},
        message,
    },
};

/// A text message is seen on the way there; a guest agreed to none before a letter.
const CHANNELS: [ContactChannel; 2] = [ContactChannel::Sms, ContactChannel::Email];

/// What is written, by the way that is taken.
pub enum News {
    /// To the address that was given with the booking.
    Mail(Draft),
    /// To the patient's mobile.
    Text(TextDraft),
}

/// A patient has another number by now, has said anew how they want to be written to, or has in their account what they booked as a
/// guest: a text message that is not sent goes to the number that they have, or is said by mail where they want no texts.
pub async fn chosen_anew(conn: &mut PgConnection, core: &Core, patient: PatientId) -> anyhow::Result<()> {
    of_lateness::redirect(conn, patient, core.now()).await?;
    let unsent = of_lateness::take_back_unwanted(conn, patient).await?;
    instead_by_mail(conn, core, unsent, "notifications.inbox").await
}

/// What text messages were to say that were taken back is said by mail: it cannot be switched off. `by` is who does it, for the log.
pub async fn instead_by_mail(
    conn: &mut PgConnection,
    core: &Core,
    unsent: Vec<Unsent>,
    by: &'static str,
) -> anyhow::Result<()> {
    for Unsent { event_id, booking_id, minutes } in unsent {
        let Some(minutes) = minutes else { continue };
        let Some(draft) = by_mail(conn, booking_id, minutes, core.now()).await? else { continue };
        if message::queue_message(conn, core.id(), event_id, &draft, core.now()).await? {
            noting::queued(conn, core, by, About::Booking(booking_id)).await?;
        }
    }
    Ok(())
}

/// A letter about lateness was given up: what it was to say goes by text message, once and at once, to a guest who agreed to that where
/// a letter does not arrive, or a patient who wants texts by now. Nothing goes about what does not stand any more or should have begun.
pub async fn instead_by_text(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    letter: MessageId,
) -> anyhow::Result<()> {
    let (core, now) = (writing.core, writing.core.now());
    let given_up = of_lateness::given_up(conn, letter, ContactChannel::Email, now).await?;
    let Some(Unsent { booking_id, minutes: Some(minutes), .. }) = given_up else { return Ok(()) };
    let upcoming = appointment::find(conn, booking_id).await?;
    let Some(upcoming) = upcoming.filter(|upcoming| now < upcoming.start) else { return Ok(()) };
    let reached = by_text::of_booking(conn, booking_id).await?;
    let Some(reached) = reached.filter(|_| writing.texts != Texts::None) else { return Ok(()) };
    let locale = Locale::for_language(&reached.language);
    let draft = lateness::write_text(minutes, &upcoming, reached.mobile, writing.sender, locale);
    let (told, while_useful) = ((&draft.recipient, &draft.text), (now, Some(upcoming.start)));
    if by_text::queue_instead(conn, core.id(), letter, told, while_useful).await? {
        noting::queued(conn, core, writing.by, About::Booking(booking_id)).await?;
    }
    Ok(())
}

/// Writes as mail what a text message was to say that is not sent any more; nothing where nobody can be written to, or about what does
/// not stand any more or should have begun.
async fn by_mail(
    conn: &mut PgConnection,
    booking_id: BookingId,
    minutes: u16,
    now: Timestamp,
) -> anyhow::Result<Option<Draft>> {
    let upcoming = appointment::find(conn, booking_id).await?;
    let told = |upcoming: &Upcoming| now < upcoming.start && !upcoming.email.expose().is_empty();
    let Some(upcoming) = upcoming.filter(told) else { return Ok(None) };
    let locale = contact::locale(conn, booking_id).await?;
    Ok(Some(lateness::write(minutes, &upcoming, locale)?))
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
    message::drop_unsent(conn, booking_id, &[Template::RunningLate]).await?;
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
    let channels = if told.letters_first { letters_first(&CHANNELS) } else { CHANNELS.to_vec() };
    let way = choose(&channels, wishes, works).map(|choice| choice.way);
    let news = match way {
        Ok(Way::Text(mobile)) => {
            News::Text(lateness::write_text(fact.minutes, &upcoming, mobile, sender, locale))
        }
        Ok(Way::Mail) | Err(_) => News::Mail(lateness::write(fact.minutes, &upcoming, locale)?),
    };
    Ok(Some(news))
}
