//! Writes reminders that are due, every five seconds, a hundred at a time. A plan is taken, its message queued and the plan
//! marked in one transaction, so that a process that dies leaves it as it was, and two workers never write the same one. After
//! a downtime it catches up with what is still of use, and drops the rest. A failure is tried again at the next look.

use kernel::Core;
use shared_types::notifications::{NoticeKind, ReplyPurpose};
use sqlx::PgConnection;

use crate::{
    domain::{
        channels::{Choice, Texts, Way, Wishes, Works, choose, letters_first},
        locale::Locale,
        message::About,
        plan::{Turn, Why, turn},
        reminder::{self, Links, WayOut},
        sender::Sender,
        unsubscribing::{self, header_link, page_link},
        upcoming::Upcoming,
    },
    links, noting,
    store::{
        appointment,
        contact::{self, Told},
        message::{queue_message, queue_text},
        notice,
        plan::{self, Due},
        unsubscribe::{self, New},
    },
    telling,
};

/// Who does it, for the log.
const SELF: &str = "notifications.write_reminders";
const BATCH: i64 = 100;

/// What every reminder is written with.
#[derive(Clone, Copy)]
struct Writing<'a> {
    core: &'a Core,
    sender: &'a Sender,
    texts: Texts,
}

/// One batch. Says how many plans were looked at.
///
/// # Errors
/// When a table cannot be read or changed, or a template fails.
pub async fn write_reminders(core: &Core, sender: &Sender, texts: Texts) -> anyhow::Result<u64> {
    let writing = Writing { core, sender, texts };
    let mut tx = core.begin().await?;
    let due = plan::claim_due(&mut tx, core.now(), BATCH).await?;
    for one in &due {
        act(&mut tx, &writing, one).await?;
    }
    core.commit(tx).await?;
    Ok(due.len() as u64)
}

async fn act(conn: &mut PgConnection, writing: &Writing<'_>, due: &Due) -> anyhow::Result<()> {
    let id = due.message_plan_id;
    let Some(upcoming) = appointment::find(conn, due.booking_id).await? else {
        return drop_it(conn, due, Why::Cancelled).await;
    };
    match turn(writing.core.now(), due.useful_until, upcoming.quiet) {
        Turn::Late => return drop_it(conn, due, Why::Late).await,
        Turn::Wait(until) => return Ok(plan::postpone(conn, id, until).await?),
        Turn::Write => {}
    }
    let told = contact::of_booking(conn, &upcoming).await?;
    if let Some(account_id) = told.account_id {
        let (caused_by, booking_id) = (id, Some(due.booking_id));
        let (kind, start, zone) = (NoticeKind::Reminder, upcoming.start, upcoming.zone);
        let (version, useful_until) = (None, due.useful_until);
        let new = notice::New { caused_by, account_id, kind, booking_id, version, start, zone, useful_until };
        telling::tell(conn, writing.core, &new).await?;
    }
    let works = Works {
        mail: !upcoming.email.expose().is_empty() && !told.mail_stopped,
        // A guest who wants no reminders where the letters go did not ask for texts instead.
        texts: writing.texts != Texts::None
            && !told.texts_stopped
            && !(told.letters_first && told.mail_stopped),
    };
    let channels = if told.letters_first { letters_first(&due.channels) } else { due.channels.clone() };
    match choose(&channels, told.wishes.as_ref(), works) {
        Err(_) if told.mail_stopped || told.texts_stopped => drop_it(conn, due, Why::Unwanted).await,
        Err(why) => drop_it(conn, due, why).await,
        Ok(choice) => write(conn, writing, due, &upcoming, &told, choice).await,
    }
}

async fn drop_it(conn: &mut PgConnection, due: &Due, why: Why) -> anyhow::Result<()> {
    tracing::info!(
        plan.id = %due.message_plan_id, reminder = due.kind.code(), why = why.code(), "a reminder is not sent"
    );
    Ok(plan::mark_dropped(conn, due.message_plan_id, why).await?)
}

async fn write(
    conn: &mut PgConnection,
    writing: &Writing<'_>,
    due: &Due,
    upcoming: &Upcoming,
    told: &Told,
    choice: Choice,
) -> anyhow::Result<()> {
    let (id, Writing { core, sender, texts }) = (due.message_plan_id, *writing);
    let locale = told.wishes.as_ref().map_or(Locale::English, wanted_locale);
    let Choice { way, left } = choice;
    let queued = match way {
        Way::Mail => write_mail(conn, writing, due, upcoming, told.account_id.is_some(), locale).await?,
        Way::Text(mobile) => {
            let way_out = match (texts, told.account_id) {
                (Texts::Answered, _) => WayOut::Answer,
                (Texts::OneWay | Texts::None, Some(_)) => WayOut::Account,
                (Texts::OneWay | Texts::None, None) => WayOut::None,
            };
            let draft = reminder::write_text(due.kind, upcoming, mobile, way_out, sender, locale);
            queue_text(conn, core.id(), id, &draft, core.now()).await?
        }
    };
    plan::mark_written(conn, id, &left).await?;
    if queued {
        noting::queued(conn, core, SELF, About::Booking(due.booking_id)).await?;
    }
    Ok(())
}

/// With links of its own, each for one thing.
async fn write_mail(
    conn: &mut PgConnection,
    writing: &Writing<'_>,
    due: &Due,
    upcoming: &Upcoming,
    has_account: bool,
    locale: Locale,
) -> anyhow::Result<bool> {
    let (Writing { core, sender, .. }, now) = (*writing, writing.core.now());
    let (booking_id, start) = (due.booking_id, upcoming.start);
    let attend = links::make(conn, core, booking_id, ReplyPurpose::Attend, start).await?;
    let cancel = links::make(conn, core, booking_id, ReplyPurpose::Cancel, start).await?;
    let (way_out, token_hash) = core.chance.link_token();
    let links = Links {
        attend: sender.attend_link(&attend),
        cancel: sender.cancel_link(&cancel),
        unsubscribe: page_link(&sender.public_url, &way_out),
    };
    let draft = reminder::write(due.kind, upcoming, has_account, &links, sender, locale)?;
    let message_id = core.id();
    if !queue_message(conn, message_id, due.message_plan_id, &draft, now).await? {
        return Ok(false);
    }
    let new = New {
        message_id,
        url: &header_link(&sender.public_url, &way_out),
        token_hash: &token_hash,
        booking_id,
        address: upcoming.email.expose(),
        expires_at: now + unsubscribing::WORKS,
    };
    unsubscribe::insert(conn, &new).await?;
    Ok(true)
}

fn wanted_locale(wishes: &Wishes) -> Locale {
    Locale::for_language(&wishes.language)
}
