//! Taking a step of an appointment's life: the same for every endpoint and every job that does.

use std::ops::Range;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, BookingId, ProposalId,
    bookings::{
        AbsenceFact, AppointmentFact, AppointmentStatus, BookingsEvent, ChangeReason, FeeWaiver, HoldStatus,
        NoShowFact, NotTakenFact,
    },
};
use sqlx::PgConnection;

use crate::{
    domain::{Standing, Step, TransitionError, answer_by, came_to_nothing, dispute_by},
    routes::views::appointment_fact,
    store::{
        appointment::{self, AppointmentRow, StepBy, Taken},
        calendar::{self, Calendar},
        hold, manage,
        proposal::{self, Ended},
        reservation, waitlist, waitlist_offer,
    },
};

/// How long after its start an appointment's link still works.
const LINK_HOURS: i64 = 24;

/// A step to take.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Where the appointment stands after it.
    pub to: Standing,
    pub step: Step,
    /// Why, where somebody says so.
    pub reason: Option<ChangeReason>,
    pub by: StepBy,
}

/// Takes a step in the caller's transaction, from the version that was seen: where the appointment stands, its history, the
/// time that it no longer takes, and what others are told. Lock its resource first. False when somebody else took one
/// meanwhile; then nothing is changed.
///
/// # Errors
/// When the database fails.
pub async fn take(
    conn: &mut PgConnection,
    core: &Core,
    row: &mut AppointmentRow,
    calendar: &Calendar,
    version: i32,
    wanted: Wanted,
) -> anyhow::Result<bool> {
    take_with_link(conn, core, row, calendar, (version, wanted), None).await
}

/// The same, for a step after which the patient is sent their manage link: with its secret part.
///
/// # Errors
/// When the database fails.
pub async fn take_with_link(
    conn: &mut PgConnection,
    core: &Core,
    row: &mut AppointmentRow,
    calendar: &Calendar,
    seen: (i32, Wanted),
    manage_token: Option<String>,
) -> anyhow::Result<bool> {
    let before = row.status;
    let taken = take_one_of_several(conn, core, row, calendar, seen, manage_token).await?;
    if taken && frees_time(row.status) {
        tell_free_time(conn, row, before, core.now()).await?;
    }
    Ok(taken)
}

/// The same for one of several appointments: whoever takes them tells of the time that is free for all of their roles in one
/// call, so that nobody waits for each other in a circle.
///
/// # Errors
/// When the database fails.
pub async fn take_one_of_several(
    conn: &mut PgConnection,
    core: &Core,
    row: &mut AppointmentRow,
    calendar: &Calendar,
    (version, wanted): (i32, Wanted),
    manage_token: Option<String>,
) -> anyhow::Result<bool> {
    let (now, Wanted { to, step, reason, by }) = (core.now(), wanted);
    let taken = Taken { id: core.id(), step, reason, by };
    if !appointment::change(conn, row, version, &to, taken, now).await? {
        return Ok(false);
    }
    let stood = row.status.is_upcoming();
    row.status = to.status;
    row.late_fee_cents = to.late_fee_cents;
    row.attendance_confirmed_at = to.attendance_confirmed_at;
    row.completed_at = to.completed_at;
    row.presumed = to.presumed;
    row.reply_by = to.reply_by;
    row.reason = reason;
    row.version += 1;
    row.sequence += 1;
    free_time(conn, row, now).await?;
    if matches!(step, Step::Accept | Step::Pay) && row.status == AppointmentStatus::Confirmed {
        waive_late_fees(conn, core, row, None).await?;
    }
    let about =
        About { aggregate: "booking", id: row.booking_id.to_string(), version: i64::from(row.sequence) + 1 };
    outbox::tell(conn, core, about, &event(step, stood, appointment_fact(row, calendar, manage_token)))
        .await?;
    if step == Step::PractitionerAbsent && by == StepBy::Patient {
        tell_absence(conn, core, row, calendar).await?;
    }
    // A guest who may owe a fee from now on has no account in which they could object to it.
    if stood && row.status == AppointmentStatus::CancelledLate && row.account_id.is_none() {
        manage::extend_link(conn, row.booking_id, link_dies_at(row).max(dispute_by(now))).await?;
    }
    Ok(true)
}

/// Takes a step that nobody presses a button for, of an appointment whose resource the transaction has locked. False when it
/// stands elsewhere by now; then nothing is changed.
///
/// # Errors
/// When the database fails.
pub async fn take_by_itself(
    conn: &mut PgConnection,
    core: &Core,
    appointment_id: AppointmentId,
    (step, job, action): (Step, &'static str, &'static str),
    to: fn(Standing, Timestamp) -> Result<Standing, TransitionError>,
) -> anyhow::Result<bool> {
    let Some(mut row) = appointment::by_id(conn, appointment_id).await? else { return Ok(false) };
    let Ok(to) = to(row.standing(), core.now()) else { return Ok(false) };
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = calendar::load(conn, row.practitioner_role_id, day, day).await?;
    let calendar = found.context("the appointment's role is there")?;
    let (version, whose) = (row.version, row.patient_id);
    let wanted = Wanted { to, step, reason: reason_of(step), by: StepBy::System };
    if !take(conn, core, &mut row, &calendar, version, wanted).await? {
        return Ok(false);
    }
    let entry = audit::Entry {
        actor: Actor::System(job),
        action,
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(true)
}

/// Lets those off their late fee whose time this appointment takes, writes it into their history and tells it; nobody yet while it
/// waits for its payment. What the one that it replaces had already, it does not take. Lock its resource first.
///
/// # Errors
/// When the database fails.
pub async fn waive_late_fees(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    replaced: Option<&AppointmentRow>,
) -> anyhow::Result<()> {
    if row.status == AppointmentStatus::AwaitingPayment {
        return Ok(());
    }
    let now = core.now();
    let role = row.practitioner_role_id;
    let replaced = replaced.filter(|old| old.practitioner_role_id == role);
    let mut let_off = Vec::new();
    for taken in newly_taken(row, replaced) {
        let_off.extend(appointment::waive_late_fees(conn, role, &taken, now).await?);
    }
    for id in let_off {
        let waived = appointment::by_id(conn, id).await?.context("the appointment is there")?;
        let step = Taken { id: core.id(), step: Step::WaiveFee, reason: waived.reason, by: StepBy::System };
        appointment::note(conn, &waived, (waived.version, waived.status), step, now).await?;
        let booking_id = waived.booking_id;
        let entry = audit::Entry {
            actor: Actor::System("bookings.waive_late_fees"),
            action: "waive_late_fee",
            resource: booking_id.into(),
            whose: waived.patient_id,
            purpose: Purpose::Booking,
            outcome: Outcome::Allowed,
        };
        audit::record(conn, core, entry).await?;
        let about = About { aggregate: "late_fee", id: booking_id.to_string(), version: 1 };
        outbox::tell(
            conn,
            core,
            about,
            &BookingsEvent::LateFeeWaived { booking_id, waived_by: FeeWaiver::Refilled },
        )
        .await?;
    }
    Ok(())
}

/// The parts of a visit's time that the one that it replaces did not have.
fn newly_taken(row: &AppointmentRow, replaced: Option<&AppointmentRow>) -> Vec<Range<Timestamp>> {
    let (start, end) = (row.starts_at, row.ends_at);
    match replaced {
        Some(old) if old.starts_at < end && start < old.ends_at => {
            let parts = [start..old.starts_at, old.ends_at..end];
            parts.into_iter().filter(|part| part.start < part.end).collect()
        }
        Some(_) | None => vec![start..end],
    }
}

/// Makes a booking's manage link, which works until a day after the start. Says its secret part, which is kept nowhere.
///
/// # Errors
/// When the database fails.
pub async fn make_link(conn: &mut PgConnection, core: &Core, row: &AppointmentRow) -> sqlx::Result<String> {
    let (token, token_hash) = core.chance.link_token();
    manage::insert_link(conn, row.booking_id, &token_hash, link_dies_at(row)).await?;
    Ok(token)
}

/// Until when a booking's manage link works, unless something is left to say after that.
pub fn link_dies_at(row: &AppointmentRow) -> Timestamp {
    row.starts_at.saturating_add(SignedDuration::from_hours(LINK_HOURS)).unwrap_or(row.starts_at)
}

/// Has a booking's manage link work until then, under a new secret, which is kept nowhere: the old one is known to nobody here, and
/// opens nothing any more. Wrong proofs stay counted. Says the secret part; none where the booking has no link, or the old one died.
///
/// # Errors
/// When the database fails.
pub async fn renew_link(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    dies_at: Timestamp,
) -> sqlx::Result<Option<String>> {
    let (token, token_hash) = core.chance.link_token();
    let renewed = manage::renew_link(conn, row.booking_id, &token_hash, (core.now(), dies_at)).await?;
    Ok(renewed.then_some(token))
}

/// Tells a patient that they did not come, as it was noted just now, and until when they can say that it was otherwise. A guest has no
/// account in which they could, so their manage link is renewed and lives for as long. `presumed` is whether the visit counted as
/// having taken place before.
///
/// # Errors
/// When the database fails.
pub async fn tell_no_show(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    calendar: &Calendar,
    presumed: bool,
) -> anyhow::Result<()> {
    let dispute_by = dispute_by(core.now());
    let token = match row.account_id {
        Some(_) => None,
        None => renew_link(conn, core, row, dispute_by).await?,
    };
    let version = i64::from(row.sequence) + 1;
    let about = About { aggregate: "no_show", id: row.booking_id.to_string(), version };
    let appointment = appointment_fact(row, calendar, token);
    let told = BookingsEvent::NoShowNoted(NoShowFact { appointment, dispute_by, presumed });
    outbox::tell(conn, core, about, &told).await?;
    Ok(())
}

/// Tells a practice that nobody of it was there, as its patient said just now, and until when it can say that it was otherwise. What it
/// says of itself it knows.
async fn tell_absence(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    calendar: &Calendar,
) -> anyhow::Result<()> {
    let Some(organization_id) = calendar.role.organization_id else { return Ok(()) };
    let about =
        About { aggregate: "absence", id: row.booking_id.to_string(), version: i64::from(row.sequence) + 1 };
    let told = BookingsEvent::AbsenceSaid(AbsenceFact {
        booking_id: row.booking_id,
        organization_id,
        answer_by: answer_by(core.now()),
        time_zone: calendar.role.time_zone,
    });
    outbox::tell(conn, core, about, &told).await?;
    Ok(())
}

/// Ends the open proposal of a booking, if there is one, and frees the time that was kept for it. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn end_proposal(conn: &mut PgConnection, booking: BookingId, how: Ended) -> sqlx::Result<bool> {
    let Some(hold_id) = proposal::end(conn, booking, how).await? else { return Ok(false) };
    if hold::end(conn, hold_id, HoldStatus::Released).await? {
        reservation::free_hold(conn, hold_id).await?;
    }
    Ok(true)
}

/// Has whoever proposed a time told that the patient keeps the one that they have.
///
/// # Errors
/// When the database fails.
pub async fn tell_not_taken(
    conn: &mut PgConnection,
    core: &Core,
    proposal_id: ProposalId,
    fact: NotTakenFact,
) -> anyhow::Result<()> {
    let version = core.now().as_microsecond();
    let about = About { aggregate: "proposal", id: proposal_id.to_string(), version };
    outbox::tell(conn, core, about, &BookingsEvent::TimeNotTaken(fact)).await?;
    Ok(())
}

/// What is over early takes only the time it took, and what does not stand any more takes none.
async fn free_time(conn: &mut PgConnection, row: &AppointmentRow, now: Timestamp) -> sqlx::Result<()> {
    if !frees_time(row.status) {
        return Ok(());
    }
    if row.status == AppointmentStatus::Completed {
        return reservation::end_early(conn, row.appointment_id, now).await;
    }
    end_proposal(conn, row.booking_id, Ended::Withdrawn).await?;
    reservation::free_appointment(conn, row.appointment_id).await
}

/// Has the time told that is free. Whoever took it from a waitlist, and had nothing of it, waits again, and has the times of everybody
/// they wait for looked at: all roles in one call, so that nobody deadlocks.
async fn tell_free_time(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    before: AppointmentStatus,
    now: Timestamp,
) -> sqlx::Result<()> {
    let waited_for = match came_to_nothing(before, row.status, row.reason) {
        Some(how) => waitlist_offer::came_to_nothing(conn, row.booking_id, how).await?,
        None => Vec::new(),
    };
    let mut roles = vec![row.practitioner_role_id];
    roles.extend(&waited_for);
    reservation::tell_next_free_soon(conn, &roles, now).await?;
    if !waited_for.is_empty() {
        waitlist::look_again(conn, &waited_for, now).await?;
    }
    Ok(())
}

/// Whether what stands there takes less time than it did.
fn frees_time(status: AppointmentStatus) -> bool {
    status == AppointmentStatus::Completed || !status.is_upcoming()
}

/// Why, where money is the reason.
fn reason_of(step: Step) -> Option<ChangeReason> {
    matches!(step, Step::GiveUp | Step::Lapse).then_some(ChangeReason::Other)
}

/// As others are told of it; `stood` is whether it was to come, or under way.
fn event(step: Step, stood: bool, fact: AppointmentFact) -> BookingsEvent {
    match step {
        Step::Pay if fact.status == AppointmentStatus::Requested => BookingsEvent::AppointmentRequested(fact),
        Step::Accept | Step::Pay => BookingsEvent::AppointmentConfirmed(fact),
        Step::Reschedule => BookingsEvent::AppointmentMoved(fact),
        Step::BulkBill => BookingsEvent::AppointmentBulkBilled(fact),
        Step::Decline
        | Step::Expire
        | Step::GiveUp
        | Step::Lapse
        | Step::CancelByPatient
        | Step::CancelByProvider
        | Step::CancelByAdmin
        | Step::PractitionerAbsent => BookingsEvent::AppointmentCancelled(fact),
        Step::EnterInError if stood => BookingsEvent::AppointmentCancelled(fact),
        Step::EnterInError
        | Step::ConfirmAttendance
        | Step::Arrive
        | Step::UndoArrival
        | Step::CheckIn
        | Step::UndoCheckIn
        | Step::Start
        | Step::Complete
        | Step::TookPlace
        | Step::CompleteUnmarked
        | Step::UndoCompletion
        | Step::NoShow
        | Step::WaiveFee
        | Step::UpholdDispute
        | Step::RejectDispute => BookingsEvent::AppointmentChanged(fact),
    }
}
