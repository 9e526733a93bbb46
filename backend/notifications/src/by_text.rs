//! Telling another way what a letter cannot: where it was given up, or there is no address for one, in the order of
//! `channels::SERVICE_ORDER`. A text message goes to a patient who wants those or a guest who agreed to them, and once for each cause;
//! what was said by mail is not said again.

use jiff::{SignedDuration, Timestamp};
use kernel::Core;
use shared_types::{
    AccountId, BookingId, EventId, MessageId, Zone, notifications::NoticeKind, personal::Personal,
};
use sqlx::PgConnection;

use crate::{
    domain::{
        by_text::{self, Known},
        channels::{Open, Step, Texts, after},
        locale::Locale,
        message::{About, Draft, Template, TextDraft},
        plan::Quiet,
        sender::Sender,
    },
    noting,
    store::{
        by_text::{self as store, GivenUp, LooksAfter, Reached},
        message::queue_text,
        notice,
    },
    telling,
};

/// For how long a device may still say that a letter did not arrive: as long as a push service keeps a message.
const UNDELIVERED: SignedDuration = SignedDuration::from_hours(24);

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

/// A letter was given up: what it was to say goes by text message, if it may and is still of use; else a notice says to whoever looks
/// after the booking that it could not be delivered.
pub async fn instead_of(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    letter: MessageId,
) -> anyhow::Result<()> {
    let Some((given_up, template)) = still_of_use(conn, writing.core, letter).await? else { return Ok(()) };
    let until = given_up.expires_at;
    let about = (given_up.booking_id, given_up.account_id);
    let Some((about, reached)) = reached(conn, about, until).await? else { return Ok(()) };
    let reached = reached.filter(|_| writing.texts != Texts::None);
    let text = reached
        .and_then(|reached| Some((words(writing, template, &reached, until).map(Personal::new)?, reached)));
    let looks_after = looks_after(conn, &given_up).await?;
    match after(Step::Mail, Open { text: text.is_some(), notice: looks_after.is_some() }) {
        Some(Step::Text) => {
            let Some((text, reached)) = text else { return Ok(()) };
            go_by_text(conn, writing, letter, (template, about, until), (&reached, &text)).await
        }
        Some(Step::Notice) => tell_undelivered(conn, writing.core, &given_up, template, looks_after).await,
        Some(Step::Mail) | None => Ok(()),
    }
}

/// A text message in the place of a letter was given up: a notice says to whoever looks after the booking that a letter could not be
/// delivered. Of other text messages it says nothing.
pub async fn text_given_up(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    text: MessageId,
) -> anyhow::Result<()> {
    let Some(letter) = store::letter_of(conn, text).await? else { return Ok(()) };
    let Some((given_up, template)) = still_of_use(conn, writing.core, letter).await? else { return Ok(()) };
    let looks_after = looks_after(conn, &given_up).await?;
    match after(Step::Text, Open { text: false, notice: looks_after.is_some() }) {
        Some(Step::Notice) => tell_undelivered(conn, writing.core, &given_up, template, looks_after).await,
        Some(Step::Mail | Step::Text) | None => Ok(()),
    }
}

/// When a text message goes that stands in for a letter, if not now: it may have become night while it could not be sent.
pub async fn not_before(
    conn: &mut PgConnection,
    core: &Core,
    text: MessageId,
) -> anyhow::Result<Option<Timestamp>> {
    let Some(waiting) = store::text(conn, text).await? else { return Ok(None) };
    let (about, until) = ((waiting.booking_id, waiting.account_id), waiting.expires_at);
    let Some((_, Some(reached))) = reached(conn, about, until).await? else { return Ok(None) };
    let due = due(conn, core, &reached, until).await?;
    Ok(Some(due).filter(|due| *due > core.now()))
}

/// What it is about, if a text message can be about that, and whoever is sent one, if they may be.
async fn reached(
    conn: &mut PgConnection,
    about: (Option<BookingId>, Option<AccountId>),
    until: Option<Timestamp>,
) -> sqlx::Result<Option<(About, Option<Reached>)>> {
    Ok(match (about, until) {
        ((Some(booking_id), _), _) => {
            Some((About::Booking(booking_id), store::of_booking(conn, booking_id).await?))
        }
        ((None, Some(account_id)), Some(until)) => {
            Some((About::Account(account_id), store::of_offer(conn, account_id, until).await?))
        }
        ((None, _), _) => None,
    })
}

/// A letter that was given up and of which is told another way, if that is still of use.
async fn still_of_use(
    conn: &mut PgConnection,
    core: &Core,
    letter: MessageId,
) -> sqlx::Result<Option<(GivenUp, Template)>> {
    let Some(given_up) = store::given_up(conn, letter, core.now()).await? else { return Ok(None) };
    let Some(template) = by_text::told(&given_up.template) else { return Ok(None) };
    let is_over = given_up.expires_at.is_some_and(|until| until <= core.now());
    Ok((!is_over).then_some((given_up, template)))
}

async fn looks_after(conn: &mut PgConnection, given_up: &GivenUp) -> sqlx::Result<Option<LooksAfter>> {
    match given_up.booking_id {
        Some(booking_id) => store::looks_after(conn, booking_id).await,
        // Of a time that is held for who waits a notice told beside the letter.
        None => Ok(None),
    }
}

async fn go_by_text(
    conn: &mut PgConnection,
    writing: Writing<'_>,
    letter: MessageId,
    (template, about, until): (Template, About, Option<Timestamp>),
    (reached, text): (&Reached, &Personal<String>),
) -> anyhow::Result<()> {
    let (core, now) = (writing.core, writing.core.now());
    // A letter is tried for hours, and says nothing of what became of its appointment meanwhile.
    let is_to_come = by_text::is_of_a_visit_to_come(template);
    if is_to_come && !reached.lies_ahead(now) {
        return Ok(());
    }
    let due = due(conn, core, reached, until).await?;
    let of_use_until = until.or(reached.start.filter(|_| is_to_come));
    if store::queue_instead(conn, core.id(), letter, (&reached.mobile, text), (due, of_use_until)).await? {
        noting::queued(conn, core, writing.by, about).await?;
    }
    Ok(())
}

/// Says it once for each letter, unless that was about a visit to come that is none any more.
async fn tell_undelivered(
    conn: &mut PgConnection,
    core: &Core,
    given_up: &GivenUp,
    template: Template,
    looks_after: Option<LooksAfter>,
) -> anyhow::Result<()> {
    let now = core.now();
    let Some(LooksAfter { account_id, start, zone, stands }) = looks_after else { return Ok(()) };
    if by_text::is_of_a_visit_to_come(template) && (stands == Some(false) || start <= now) {
        return Ok(());
    }
    let new = notice::New {
        caused_by: given_up.event_id,
        account_id,
        kind: NoticeKind::LetterUndelivered,
        booking_id: given_up.booking_id,
        version: None,
        start,
        zone,
        useful_until: now + UNDELIVERED,
    };
    Ok(telling::tell(conn, core, &new).await?)
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
    let due = due(conn, core, &reached, until).await?;
    let draft = TextDraft {
        template: draft.template,
        about: draft.about,
        organization_id: draft.organization_id,
        recipient: reached.mobile,
        text: text.into(),
    };
    if queue_text(conn, message_id, event_id, &draft, core.now()).await? {
        store::wait_until(conn, message_id, due).await?;
        noting::queued(conn, core, writing.by, draft.about).await?;
    }
    Ok(())
}

fn words(
    writing: Writing<'_>,
    template: Template,
    reached: &Reached,
    until: Option<Timestamp>,
) -> Option<String> {
    let known = Known { start: reached.start, zone: reached.zone, until, is_guest: reached.is_guest };
    by_text::write(template, known, writing.sender, Locale::for_language(&reached.language))
}

/// When it goes: nobody is woken by what can wait.
async fn due(
    conn: &mut PgConnection,
    core: &Core,
    reached: &Reached,
    until: Option<Timestamp>,
) -> sqlx::Result<Timestamp> {
    let (now, zone) = (core.now(), reached.zone.unwrap_or(Zone::SYDNEY));
    let awake = match reached.account_id {
        Some(account_id) => telling::awake_from(conn, account_id, zone, now).await?,
        None => Quiet::at(zone).awake_from(now),
    };
    Ok(by_text::due(now, awake, [reached.start, until]))
}
