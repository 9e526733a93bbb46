//! Table `bookings.dispute`, and what an appointment says of its fee. Each change is a compare-and-swap on the version.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentId, AudCents, BookingId, DisputeId, OrganizationId,
    bookings::{
        AppointmentStatus, CancellationPolicy, Quote,
        dispute::{DecisionReason, Dispute, DisputeParty, DisputeStatus, HistoryStep, Instead},
    },
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};

use crate::domain::{FeeMarks, Noted, no_show_fee};

/// A dispute and what it is about.
#[derive(Clone, Debug)]
pub struct DisputeRow {
    pub appointment_id: AppointmentId,
    pub dispute: Dispute,
}

/// Writes a new dispute.
///
/// # Errors
/// When the database fails, or there is one already.
pub async fn insert(conn: &mut PgConnection, booking: BookingId, row: &DisputeRow) -> sqlx::Result<()> {
    let dispute = &row.dispute;
    sqlx::query!(
        "insert into bookings.dispute (dispute_id, booking_id, appointment_id, opened_by, text, instead, opened_at, answer_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        dispute.dispute_id as DisputeId,
        booking as BookingId,
        row.appointment_id as AppointmentId,
        dispute.opened_by.code(),
        dispute.text.expose(),
        dispute.instead.map(Instead::code),
        dispute.opened_at.to_sqlx() as jiff_sqlx::Timestamp,
        dispute.answer_by.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The dispute about an appointment.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_appointment(conn: &mut PgConnection, appointment: AppointmentId) -> Result<Option<Dispute>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select dispute_id as "dispute_id: DisputeId", appointment_id as "appointment_id: AppointmentId", version, status,
               opened_by, text, instead, opened_at, answer_by, answer, answered_at, reason, note, decided_at
           from bookings.dispute where appointment_id = $1"#,
        appointment as AppointmentId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(row.read()?.dispute)).transpose()
}

/// One dispute, locked.
///
/// # Errors
/// As [`of_appointment`].
pub async fn find(conn: &mut PgConnection, id: DisputeId) -> Result<Option<DisputeRow>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select dispute_id as "dispute_id: DisputeId", appointment_id as "appointment_id: AppointmentId", version, status,
               opened_by, text, instead, opened_at, answer_by, answer, answered_at, reason, note, decided_at
           from bookings.dispute where dispute_id = $1 for update"#,
        id as DisputeId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// Those to decide, the earliest first.
///
/// # Errors
/// As [`of_appointment`].
pub async fn open(conn: &mut PgConnection) -> Result<Vec<DisputeRow>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select dispute_id as "dispute_id: DisputeId", appointment_id as "appointment_id: AppointmentId", version, status,
               opened_by, text, instead, opened_at, answer_by, answer, answered_at, reason, note, decided_at
           from bookings.dispute where status = 'open' order by opened_at, dispute_id limit 100"#,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Appointments with a practice that are disputed or that it can dispute since `since`; the latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    since: Timestamp,
) -> sqlx::Result<Vec<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId"
           from bookings.appointment
               join bookings.role using (practitioner_role_id)
               left join bookings.dispute using (appointment_id)
           where role.organization_id = $1 and (
               dispute.dispute_id is not null
               or (appointment.status = 'no_show_provider' and exists (
                   select from bookings.appointment_transition transition
                   where transition.appointment_id = appointment.appointment_id and transition.taken_by = 'patient'
                       and transition.to_status = 'no_show_provider' and transition.taken_at > $2
               ))
           )
           order by appointment.starts_at desc, appointment.appointment_id limit 100"#,
        organization as OrganizationId,
        since.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}

/// Writes the other side's answer to a dispute that nobody has answered or decided. False when somebody has.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    conn: &mut PgConnection,
    id: DisputeId,
    version: i32,
    answer: &Personal<String>,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.dispute set answer = $3, answered_at = $4, version = version + 1 \
         where dispute_id = $1 and version = $2 and status = 'open' and answer is null",
        id as DisputeId,
        version,
        answer.expose(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Decided {
    pub status: DisputeStatus,
    pub reason: DecisionReason,
    pub note: Personal<String>,
}

/// Decides a dispute that is open. False when it was changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    conn: &mut PgConnection,
    id: DisputeId,
    version: i32,
    decided: &Decided,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.dispute set status = $3, reason = $4, note = $5, decided_at = $6, version = version + 1 \
         where dispute_id = $1 and version = $2 and status = 'open'",
        id as DisputeId,
        version,
        decided.status.code(),
        decided.reason.code(),
        decided.note.expose(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks what a decision made of an appointment's fee.
///
/// # Errors
/// When the database fails.
pub async fn mark_fee(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    reversed: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment set fee_outcome = $2 where appointment_id = $1",
        appointment as AppointmentId,
        if reversed { "reversed" } else { "kept" },
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an appointment says of its fee.
///
/// # Errors
/// When the database fails.
pub async fn fee_marks(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<FeeMarks> {
    let row = sqlx::query!(
        r#"select policy as "policy: Json<CancellationPolicy>", quote as "quote: Json<Quote>", status, bulk_billed,
               late_fee_cents as "late_fee_cents: AudCents", fee_waived_at is not null as "waived!",
               fee_outcome = 'reversed' as reversed
           from bookings.appointment where appointment_id = $1"#,
        appointment as AppointmentId,
    )
    .fetch_one(conn)
    .await?;
    let agreed = if row.status == AppointmentStatus::NoShowPatient.code() {
        no_show_fee(row.quote.as_deref(), row.policy.0, row.bulk_billed)
    } else {
        row.policy.0.late_fee_cents
    };
    Ok(FeeMarks { agreed, owed: row.late_fee_cents, waived: row.waived, reversed: row.reversed })
}

/// How an appointment came to stand where it does.
///
/// # Errors
/// When the database fails.
pub async fn noted(
    conn: &mut PgConnection,
    appointment: AppointmentId,
    status: AppointmentStatus,
) -> sqlx::Result<Option<Noted>> {
    let row = sqlx::query!(
        r#"select taken_at, taken_by = 'patient' as "by_patient!", step = 'complete_unmarked' as "presumed!"
           from bookings.appointment_transition
           where appointment_id = $1 and to_status = $2 and from_status <> to_status
           order by version desc limit 1"#,
        appointment as AppointmentId,
        status.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Noted {
        at: row.taken_at.to_jiff(),
        by_patient: row.by_patient,
        presumed: row.presumed,
    }))
}

/// What happened to an appointment, in order.
///
/// # Errors
/// When the database fails.
pub async fn history(conn: &mut PgConnection, appointment: AppointmentId) -> sqlx::Result<Vec<HistoryStep>> {
    let rows = sqlx::query!(
        "select step, taken_by, taken_at from bookings.appointment_transition where appointment_id = $1 order by version",
        appointment as AppointmentId,
    )
    .fetch_all(conn)
    .await?;
    let steps = rows.into_iter().map(|row| HistoryStep {
        step: row.step,
        taken_by: row.taken_by,
        taken_at: row.taken_at.to_jiff(),
    });
    Ok(steps.collect())
}

/// A row as the database has it.
struct Columns {
    dispute_id: DisputeId,
    appointment_id: AppointmentId,
    version: i32,
    status: String,
    opened_by: String,
    text: String,
    instead: Option<String>,
    opened_at: jiff_sqlx::Timestamp,
    answer_by: jiff_sqlx::Timestamp,
    answer: Option<String>,
    answered_at: Option<jiff_sqlx::Timestamp>,
    reason: Option<String>,
    note: Option<String>,
    decided_at: Option<jiff_sqlx::Timestamp>,
}

impl Columns {
    fn read(self) -> Result<DisputeRow> {
        let known = |code: String| DecisionReason::from_code(&code).context("a known reason of a decision");
        let instead = |code: String| Instead::from_code(&code).context("a known thing that happened instead");
        let dispute = Dispute {
            dispute_id: self.dispute_id,
            version: self.version,
            status: DisputeStatus::from_code(&self.status).context("a known state of a dispute")?,
            opened_by: DisputeParty::from_code(&self.opened_by).context("a known side of a dispute")?,
            text: self.text.into(),
            instead: self.instead.map(instead).transpose()?,
            opened_at: self.opened_at.to_jiff(),
            answer_by: self.answer_by.to_jiff(),
            answer: self.answer.map(Personal::new),
            answered_at: self.answered_at.map(|at| at.to_jiff()),
            reason: self.reason.map(known).transpose()?,
            note: self.note.map(Personal::new),
            decided_at: self.decided_at.map(|at| at.to_jiff()),
        };
        Ok(DisputeRow { appointment_id: self.appointment_id, dispute })
    }
}
