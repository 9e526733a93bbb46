//! Table `bookings.mistake_request`: who asks that an appointment be entered in error, and what somebody else says. Each change is a
//! compare-and-swap on the version.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, BookingId, MistakeRequestId, OrganizationId,
    bookings::{
        ChangeReason,
        mistake::{MistakeDecider, MistakeRequest, MistakeStatus},
    },
    personal::Personal,
};
use sqlx::PgConnection;

/// A request, what it is about and who asked.
#[derive(Clone, Debug)]
pub struct MistakeRow {
    pub appointment_id: AppointmentId,
    /// The version that was asked about.
    pub appointment_version: i32,
    pub asked_by: AccountId,
    pub request: MistakeRequest,
}

/// Writes a new request.
///
/// # Errors
/// When the database fails, or one is open.
pub async fn insert(conn: &mut PgConnection, booking: BookingId, row: &MistakeRow) -> sqlx::Result<()> {
    let request = &row.request;
    sqlx::query!(
        "insert into bookings.mistake_request (mistake_request_id, booking_id, appointment_id, appointment_version, reason, \
         note, nobody_else, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        request.mistake_request_id as MistakeRequestId,
        booking as BookingId,
        row.appointment_id as AppointmentId,
        row.appointment_version,
        request.reason.code(),
        request.note.expose(),
        request.nobody_else,
        row.asked_by as AccountId,
        request.asked_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The open request about an appointment.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn open_of(conn: &mut PgConnection, appointment: AppointmentId) -> Result<Option<MistakeRow>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select mistake_request_id as "mistake_request_id: MistakeRequestId",
               appointment_id as "appointment_id: AppointmentId", appointment_version, version, status, reason, note,
               nobody_else, asked_by as "asked_by: AccountId", asked_at, decided_as, answer, ended_at
           from bookings.mistake_request where appointment_id = $1 and status = 'asked'"#,
        appointment as AppointmentId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// One request.
///
/// # Errors
/// As [`open_of`].
pub async fn find(conn: &mut PgConnection, id: MistakeRequestId) -> Result<Option<MistakeRow>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select mistake_request_id as "mistake_request_id: MistakeRequestId",
               appointment_id as "appointment_id: AppointmentId", appointment_version, version, status, reason, note,
               nobody_else, asked_by as "asked_by: AccountId", asked_at, decided_as, answer, ended_at
           from bookings.mistake_request where mistake_request_id = $1"#,
        id as MistakeRequestId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// Those of a practice that are open, the earliest first, and after them those that ended since `since`, the latest first.
///
/// # Errors
/// As [`open_of`].
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    since: Timestamp,
) -> Result<Vec<MistakeRow>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select request.mistake_request_id as "mistake_request_id: MistakeRequestId",
               request.appointment_id as "appointment_id: AppointmentId", request.appointment_version, request.version,
               request.status, request.reason, request.note, request.nobody_else,
               request.asked_by as "asked_by: AccountId", request.asked_at, request.decided_as, request.answer,
               request.ended_at
           from bookings.mistake_request request
               join bookings.appointment using (appointment_id)
               join bookings.role using (practitioner_role_id)
           where role.organization_id = $1 and (request.status = 'asked' or request.ended_at > $2)
           order by request.ended_at desc nulls first, request.asked_at, request.mistake_request_id limit 100"#,
        organization as OrganizationId,
        since.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Those that our administrators may answer, the earliest first.
///
/// # Errors
/// As [`open_of`].
pub async fn of_platform(conn: &mut PgConnection) -> Result<Vec<MistakeRow>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select mistake_request_id as "mistake_request_id: MistakeRequestId",
               appointment_id as "appointment_id: AppointmentId", appointment_version, version, status, reason, note,
               nobody_else, asked_by as "asked_by: AccountId", asked_at, decided_as, answer, ended_at
           from bookings.mistake_request where status = 'asked' and nobody_else
           order by asked_at, mistake_request_id limit 100"#,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// An answer by somebody else.
#[derive(Clone, Debug)]
pub struct Decided {
    pub by: AccountId,
    pub as_whom: MistakeDecider,
    /// Why they do not agree; none when they agree.
    pub declined: Option<Personal<String>>,
}

/// Answers an open request as last seen. False when it was changed meanwhile.
///
/// # Errors
/// When the database fails, or who asked answers.
pub async fn decide(
    conn: &mut PgConnection,
    id: MistakeRequestId,
    version: i32,
    decided: &Decided,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let status = if decided.declined.is_some() { MistakeStatus::Declined } else { MistakeStatus::Approved };
    let done = sqlx::query!(
        "update bookings.mistake_request set status = $3, decided_by = $4, decided_as = $5, answer = $6, ended_at = $7, \
         version = version + 1 where mistake_request_id = $1 and version = $2 and status = 'asked'",
        id as MistakeRequestId,
        version,
        status.code(),
        decided.by as AccountId,
        decided.as_whom.code(),
        decided.declined.as_ref().map(Personal::expose),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes an open request back, as last seen. False when it was changed meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    conn: &mut PgConnection,
    id: MistakeRequestId,
    version: i32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.mistake_request set status = 'withdrawn', ended_at = $3, version = version + 1 \
         where mistake_request_id = $1 and version = $2 and status = 'asked'",
        id as MistakeRequestId,
        version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A row as the database has it.
struct Columns {
    mistake_request_id: MistakeRequestId,
    appointment_id: AppointmentId,
    appointment_version: i32,
    version: i32,
    status: String,
    reason: String,
    note: String,
    nobody_else: bool,
    asked_by: AccountId,
    asked_at: jiff_sqlx::Timestamp,
    decided_as: Option<String>,
    answer: Option<String>,
    ended_at: Option<jiff_sqlx::Timestamp>,
}

impl Columns {
    fn read(self) -> Result<MistakeRow> {
        let decider = |code: String| MistakeDecider::from_code(&code).context("known who answered");
        let request = MistakeRequest {
            mistake_request_id: self.mistake_request_id,
            version: self.version,
            status: MistakeStatus::from_code(&self.status).context("a known state of a request")?,
            reason: ChangeReason::from_code(&self.reason).context("a known reason")?,
            note: self.note.into(),
            nobody_else: self.nobody_else,
            asked_at: self.asked_at.to_jiff(),
            decided_as: self.decided_as.map(decider).transpose()?,
            answer: self.answer.map(Personal::new),
            ended_at: self.ended_at.map(|at| at.to_jiff()),
        };
        Ok(MistakeRow {
            appointment_id: self.appointment_id,
            appointment_version: self.appointment_version,
            asked_by: self.asked_by,
            request,
        })
    }
}
