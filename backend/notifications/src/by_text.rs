//! Telling by text message what a letter cannot: where it was given up, or there is no address for one. It goes to a patient who wants
//! text messages, and once for each cause; what was said by mail is not said again.

use jiff::Timestamp;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{EventId, MessageId, Zone, personal::Personal};
use sqlx::PgConnection;

use crate::{
    domain::{
        by_text::{self, Known},
        channels::Texts,
        locale::Locale,
        message::{About, Draft, Template, TextDraft},
        plan::Quiet,
        sender::Sender,
    },
    store::{
        by_text::{self as store, Reached},
        message::queue_text,
    },
    telling,
};

/// What every text is written with.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// Clock and chance.
    pub core: &'a Core,
    /// Who writes.
    pub sender: &'a Sender,
    /// What can be done with text messages.
    pub texts: Texts,
    /// Who does it, for the log.
    pub by: &'static str,
}

/// A letter was given up: what it was to say goes by text message, if it may and is still of use.
pub async fn instead_of(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    letter: MessageId,
) -> anyhow::Result<()> {
    let (core, now) = (writing.core, writing.core.now());
    if writing.texts == Texts::None {
        return Ok(());
    }
    let Some(given_up) = store::given_up(conn, letter).await? else { return Ok(()) };
    let Some(template) = by_text::told(&given_up.template) else { return Ok(()) };
    let until = given_up.expires_at;
    if until.is_some_and(|until| until <= now) {
        return Ok(());
    }
    let (about, reached) = match (given_up.booking_id, given_up.account_id, until) {
        (Some(booking_id), _, _) => (About::Booking(booking_id), store::of_booking(conn, booking_id).await?),
        (None, Some(account_id), Some(until)) => {
            (About::Account(account_id), store::of_offer(conn, account_id, until).await?)
        }
        (None, _, _) => return Ok(()),
    };
    let Some(reached) = reached else { return Ok(()) };
    // A letter is tried for hours, and says nothing of what became of its appointment meanwhile.
    let is_to_come = by_text::is_of_a_visit_to_come(template);
    if is_to_come && !reached.lies_ahead(now) {
        return Ok(());
    }
    let Some(text) = words(writing, template, &reached, until).map(Personal::new) else { return Ok(()) };
    let due = due(conn, writing, &reached, until).await?;
    let of_use_until = until.or(reached.start.filter(|_| is_to_come));
    if store::queue_instead(conn, core.id(), letter, (&reached.mobile, &text), (due, of_use_until)).await? {
        note_queued(conn, writing, about).await?;
    }
    Ok(())
}

/// There is no address for a letter: what it would say goes by text message, if it may, with until when one can answer.
pub async fn without_address(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    event_id: EventId,
    (draft, until): (&Draft, Option<Timestamp>),
) -> anyhow::Result<()> {
    let (core, message_id) = (writing.core, writing.core.id());
    let Some(booking_id) = draft.about.booking_id().filter(|_| writing.texts != Texts::None) else {
        return Ok(());
    };
    let Some(reached) = store::of_booking(conn, booking_id).await? else { return Ok(()) };
    let Some(text) = words(writing, draft.template, &reached, until) else { return Ok(()) };
    let due = due(conn, writing, &reached, until).await?;
    let draft = TextDraft {
        template: draft.template,
        about: draft.about,
        organization_id: draft.organization_id,
        recipient: reached.mobile,
        text: text.into(),
    };
    if queue_text(conn, message_id, event_id, &draft, core.now()).await? {
        store::wait_until(conn, message_id, due).await?;
        note_queued(conn, writing, draft.about).await?;
    }
    Ok(())
}

fn words(
    writing: Writing<'_>,
    template: Template,
    reached: &Reached,
    until: Option<Timestamp>,
) -> Option<String> {
    let known = Known { start: reached.start, zone: reached.zone, until };
    by_text::write(template, known, writing.sender, Locale::for_language(&reached.language))
}

/// When it goes: nobody is woken by what can wait.
async fn due(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    reached: &Reached,
    until: Option<Timestamp>,
) -> sqlx::Result<Timestamp> {
    let (now, zone) = (writing.core.now(), reached.zone.unwrap_or(Zone::SYDNEY));
    let awake = match reached.account_id {
        Some(account_id) => telling::awake_from(conn, account_id, zone, now).await?,
        None => Quiet::at(zone).awake_from(now),
    };
    Ok(by_text::due(now, awake, [reached.start, until]))
}

async fn note_queued(conn: &mut PgConnection, writing: Writing<'_>, about: About) -> sqlx::Result<()> {
    let (resource, purpose) = match about {
        About::Booking(booking_id) => (booking_id.into(), Purpose::Booking),
        About::Account(account_id) => (account_id.into(), Purpose::Account),
        About::Invitation(invitation_id) => (invitation_id.into(), Purpose::Account),
    };
    let entry = Entry {
        actor: Actor::System(writing.by),
        action: "queue_message",
        resource,
        whose: None,
        purpose,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, writing.core, entry).await?;
    Ok(())
}
