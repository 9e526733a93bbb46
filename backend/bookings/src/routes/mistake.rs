//! What the endpoints about requests to enter an appointment in error have in common: when somebody else has to agree, and what
//! their answer does.

use kernel::{Core, Reject, SignedIn};
use shared_types::{
    Problem,
    bookings::{
        dispute::check_words,
        mistake::{DeclineMistake, IfMistake, MistakeDecider, MistakeStatus},
        practice::{ActName, PracticeAct},
    },
    personal::Personal,
};
use sqlx::PgConnection;

use super::{dispute::refuse_act, views::refusal};
use crate::{
    domain::money_moved,
    steps::{self, Wanted},
    store::{
        appointment::{AppointmentRow, StepBy},
        calendar::Calendar,
        mistake::{self, Decided, MistakeRow},
        payment_standing,
    },
};

/// Somebody who answers a request, and as whom.
#[derive(Clone, Copy)]
pub(super) struct Answering<'a> {
    pub caller: &'a SignedIn,
    pub as_whom: MistakeDecider,
    /// The version of the request that was on their screen.
    pub version: i32,
}

/// What it means for its money and its claim to say that an appointment never was one.
pub(super) async fn if_mistake(conn: &mut PgConnection, row: &AppointmentRow) -> Result<IfMistake, Reject> {
    let payment = payment_standing::of(conn, row.booking_id).await?;
    let asked = mistake::open_of(conn, row.appointment_id).await?;
    let asked = asked.filter(|asked| asked.appointment_version == row.version);
    Ok(IfMistake {
        money: money_moved(payment, row.money.step),
        claim_lodged: row.money.claim_lodged,
        asked_at: asked.map(|asked| asked.request.asked_at),
    })
}

/// Refuses to let one person say that an appointment never was one, where money moved or Medicare has a claim for it.
pub(super) async fn refuse_alone(conn: &mut PgConnection, row: &AppointmentRow) -> Result<(), Reject> {
    if if_mistake(conn, row).await?.needs_agreement() {
        return Err(Problem::new("needs-agreement", 409, "Somebody else has to agree to this")
            .detail(
                "Nothing was changed. Money has moved for this appointment, or Medicare has a claim for it: ask an owner or a \
                 manager of the practice to agree that it was a mistake.",
            )
            .into());
    }
    Ok(())
}

/// Agrees to a request: in the same transaction the appointment, as it was asked about, is entered in error. Lock its resource
/// first, and read both after that.
pub(super) async fn approve(
    conn: &mut PgConnection,
    core: &Core,
    (request, row, calendar): (&MistakeRow, &mut AppointmentRow, &Calendar),
    by: Answering<'_>,
) -> Result<(), Reject> {
    let now = core.now();
    may_answer(request, by)?;
    if row.version != request.appointment_version {
        return Err(moved_on().into());
    }
    refuse_act(conn, row, ActName::EnterInError).await?;
    let reason = request.request.reason;
    let acted = row.standing().act(PracticeAct::EnterInError { reason }, now);
    let (to, step) = acted.map_err(|error| refusal(error, row.offered.time_zone, now))?;
    decide(conn, core, request, by, None).await?;
    let taken_by = match by.as_whom {
        MistakeDecider::Practice => StepBy::Practice,
        MistakeDecider::Platform => StepBy::Platform,
    };
    let wanted = Wanted { to, step, reason: Some(reason), by: taken_by };
    if !steps::take(conn, core, row, calendar, request.appointment_version, wanted).await? {
        return Err(moved_on().into());
    }
    Ok(())
}

/// Does not agree to a request. The appointment stands as it stood.
pub(super) async fn decline(
    conn: &mut PgConnection,
    core: &Core,
    request: &MistakeRow,
    by: Answering<'_>,
    body: &DeclineMistake,
) -> Result<(), Reject> {
    let why = check_words(&body.why, "/why", true).map_err(|error| Problem::invalid(vec![error]))?;
    may_answer(request, by)?;
    decide(conn, core, request, by, Some(why)).await
}

async fn decide(
    conn: &mut PgConnection,
    core: &Core,
    request: &MistakeRow,
    Answering { caller, as_whom, version }: Answering<'_>,
    declined: Option<Personal<String>>,
) -> Result<(), Reject> {
    let decided = Decided { by: caller.account_id, as_whom, declined };
    let id = request.request.mistake_request_id;
    if mistake::decide(conn, id, version, &decided, core.now()).await? {
        Ok(())
    } else {
        Err(stale_request().into())
    }
}

/// It is open, as it was last seen, and somebody else asked.
fn may_answer(request: &MistakeRow, by: Answering<'_>) -> Result<(), Problem> {
    if request.request.status != MistakeStatus::Asked || request.request.version != by.version {
        return Err(stale_request());
    }
    if request.asked_by == by.caller.account_id {
        return Err(Problem::new("same-person", 409, "Somebody else has to agree").detail(
            "Nothing was changed. You asked for this yourself: another owner or manager of the practice answers it.",
        ));
    }
    Ok(())
}

/// The request was answered or taken back since it was read.
pub(super) fn stale_request() -> Problem {
    Problem::new("stale-version", 409, "This request has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// The appointment is not what was asked about any more.
fn moved_on() -> Problem {
    Problem::new("stale-version", 409, "The appointment has changed since this was asked").detail(
        "Nothing was changed. Decline the request, or have it asked anew for the appointment as it stands now.",
    )
}

/// There is no such request, or it is another's to answer.
pub(super) fn not_found() -> Problem {
    Problem::not_found("This request")
}
