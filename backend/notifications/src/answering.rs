//! What an answer to a text message brings about, in one transaction with the note that it came.

use jiff::SignedDuration;
use kernel::{
    Core, Reject,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
    outbox::{self, About},
};
use shared_types::{
    notifications::{AttendanceFact, NotificationsEvent, ReplyPurpose},
    users::ContactChannel,
};
use sqlx::PgConnection;

use crate::{
    domain::{answer::Answer, locale::Locale, message, reminder},
    inbox::lateness_said,
    links,
    state::State,
    store::{
        by_text, guest_number, lateness,
        message::queue_text,
        stop,
        text::{self, Reminded},
    },
};

/// How many answers of ours about one booking go out in a day: nobody, and no machine, makes us write on and on.
const ANSWERS: i64 = 3;
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A text message that came in.
pub struct Came<'a> {
    /// The gateway's own id for it.
    pub provider_id: &'a str,
    /// From which Australian mobile, in E.164.
    pub mobile: &'a str,
    /// What it says.
    pub answer: Answer,
}

/// Takes it, unless it came before.
pub async fn take(state: &State, came: &Came<'_>) -> Result<(), Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    if text::receive(&mut tx, came.provider_id, core.now()).await? {
        match came.answer {
            Answer::Stop => opt(&mut tx, core, came.mobile, true).await?,
            Answer::Start => opt(&mut tx, core, came.mobile, false).await?,
            Answer::Coming | Answer::NotComing | Answer::Unclear => answer(&mut tx, state, came).await?,
        }
    }
    core.commit(tx).await?;
    Ok(())
}

/// Text messages to a number end, or begin again. A number that is nobody's is not written down.
async fn opt(conn: &mut PgConnection, core: &Core, mobile: &str, out: bool) -> anyhow::Result<()> {
    let patients = stop::patients_at(conn, mobile).await?;
    let guests = guest_number::bookings_at(conn, mobile).await?;
    let of_patients = patients.into_iter().map(|id| (Resource::from(id), Some(id), Purpose::OwnRecord));
    let of_guests = guests.into_iter().map(|id| (Resource::from(id), None, Purpose::Booking));
    let whose: Vec<_> = of_patients.chain(of_guests).collect();
    if whose.is_empty() {
        return Ok(());
    }
    let (changed, action) = if out {
        (stop::stop(conn, ContactChannel::Sms, mobile, core.now()).await?, "stop_reminders")
    } else {
        (stop::resume(conn, ContactChannel::Sms, mobile).await?, "resume_reminders")
    };
    for (resource, whose, purpose) in whose.into_iter().filter(|_| changed) {
        let entry =
            Entry { actor: Actor::Anonymous, action, resource, whose, purpose, outcome: Outcome::Allowed };
        audit::record(conn, core, entry).await?;
    }
    if !out {
        return Ok(());
    }
    // What goes there in the place of a letter has no other way.
    by_text::take_back(conn, mobile).await?;
    // From now on lateness is told by mail, and so is what was to be said of it there.
    let unsent = lateness::take_back(conn, mobile).await?;
    lateness_said::instead_by_mail(conn, core, unsent, "notifications.answering").await
}

/// An answer to a reminder. Where it could be to several, it is to none.
async fn answer(conn: &mut PgConnection, state: &State, came: &Came<'_>) -> anyhow::Result<()> {
    let reminded = text::reminded_at(conn, came.mobile, state.core.now()).await?;
    let Some(first) = reminded.first() else { return Ok(()) };
    if reminded.len() > 1 {
        return reply(conn, state, came, first, false).await;
    }
    match came.answer {
        Answer::Coming => Ok(coming(conn, &state.core, first).await?),
        Answer::NotComing => reply(conn, state, came, first, true).await,
        Answer::Unclear | Answer::Stop | Answer::Start => reply(conn, state, came, first, false).await,
    }
}

/// bookings notes it, and tells everybody.
async fn coming(conn: &mut PgConnection, core: &Core, reminded: &Reminded) -> sqlx::Result<()> {
    let about = About {
        aggregate: "attendance",
        id: reminded.booking_id.to_string(),
        version: reminded.start.as_millisecond(),
    };
    let fact = AttendanceFact { booking_id: reminded.booking_id, start: reminded.start };
    outbox::tell(conn, core, about, &NotificationsEvent::AttendanceAnswered(fact)).await?;
    note(conn, core, reminded).await
}

/// Writes back: how to cancel, which shows first what that costs; or that the answer could not be read.
async fn reply(
    conn: &mut PgConnection,
    state: &State,
    came: &Came<'_>,
    reminded: &Reminded,
    cancels: bool,
) -> anyhow::Result<()> {
    let core = &state.core;
    if text::count_answers(conn, reminded.booking_id, core.now() - A_DAY).await? >= ANSWERS {
        return Ok(());
    }
    let locale = Locale::for_language(&reminded.language);
    let words = if cancels {
        let token =
            links::make(conn, core, reminded.booking_id, ReplyPurpose::Cancel, reminded.start).await?;
        reminder::how_to_cancel(&state.sender, &token, locale)
    } else {
        reminder::not_read(&state.sender, locale)
    };
    let draft = message::TextDraft {
        template: message::Template::TextAnswer,
        about: message::About::Booking(reminded.booking_id),
        organization_id: reminded.organization_id,
        recipient: came.mobile.to_owned().into(),
        text: words.into(),
    };
    // Its cause is what came in, which is taken once.
    queue_text(conn, core.id(), core.id(), &draft, core.now()).await?;
    Ok(note(conn, core, reminded).await?)
}

async fn note(conn: &mut PgConnection, core: &Core, reminded: &Reminded) -> sqlx::Result<()> {
    let entry = Entry {
        actor: Actor::Anonymous,
        action: "answer_text",
        resource: reminded.booking_id.into(),
        whose: reminded.patient_id,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
