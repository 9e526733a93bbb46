//! Appointments: each change is a compare-and-swap on the version, and a row of the history.

mod holder;
mod money;
mod overdue;

use anyhow::{Context as _, Result};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use shared_types::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, BookingId, PatientId, PractitionerRoleId, QuoteId,
    ResourceId, SeriesId,
    bookings::{
        AppointmentStatus, AppointmentType, BookedPatient, CancellationPolicy, ChangeReason, Quote,
        practice::Reachable,
    },
    payments::{PaymentFailure, PaymentStep, funding::Cohort},
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

pub use self::{
    holder::access,
    money::{bulk_bill, ended_unpaid, note_claimed, note_paid, note_unpaid, waive_fee, waive_late_fees},
    overdue::{claim_overdue, claim_unmarked, claim_unpaid},
};
use super::{hold, offered::Offered};
use crate::domain::{Standing, Step, no_show_fee};

/// One link of a booking's chain, with how to reach the patient and whose it is.
#[derive(Clone, Debug)]
pub struct AppointmentRow {
    pub appointment_id: AppointmentId,
    pub booking_id: BookingId,
    pub practitioner_role_id: PractitionerRoleId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub status: AppointmentStatus,
    pub sequence: i32,
    pub version: i32,
    pub replaces: Option<AppointmentId>,
    pub appointment_type: AppointmentType,
    pub policy: CancellationPolicy,
    pub quote_id: QuoteId,
    pub late_fee_cents: AudCents,
    /// Until when a request can be answered.
    pub reply_by: Option<Timestamp>,
    /// When the patient said that they will come.
    pub attendance_confirmed_at: Option<Timestamp>,
    /// When it was over.
    pub completed_at: Option<Timestamp>,
    /// That it was over is only presumed, since nobody marked it.
    pub presumed: bool,
    /// Why it stands where it does, where somebody said so.
    pub reason: Option<ChangeReason>,
    pub patient_name: Personal<String>,
    pub email: Personal<String>,
    /// A guest's mobile, where they agreed to a text message in the place of a letter that does not arrive, or that there is no address
    /// for.
    pub text_to: Option<Personal<String>>,
    pub account_id: Option<AccountId>,
    pub patient_id: Option<PatientId>,
    /// The series that its booking is in.
    pub series_id: Option<SeriesId>,
    /// On whose clocks and by which rules its time was offered.
    pub offered: Offered,
    pub money: BookedMoney,
}

/// What an appointment knows of its money. A later link of the chain takes it over; what was paid is payments' to know.
#[derive(Clone, Debug, Default)]
pub struct BookedMoney {
    /// The offer as it was signed.
    pub quote: Option<Quote>,
    /// For which sort of patient it was priced.
    pub cohort: Option<Cohort>,
    /// Until when it waits for its payment, or waited.
    pub pay_until: Option<Timestamp>,
    /// Which step of its payment is done.
    pub step: Option<PaymentStep>,
    /// Why its card was not charged, while another one is needed.
    pub failure: Option<PaymentFailure>,
    /// Until when another card can be given.
    pub repair_until: Option<Timestamp>,
    /// Medicare has a claim for it.
    pub claim_lodged: bool,
    /// By what a bulk-billed patient shows who they are.
    pub claimant: Option<BookedPatient>,
}

impl AppointmentRow {
    /// By what its patient is told of it.
    pub fn reachable(&self) -> Reachable {
        Reachable::of(self.email.expose(), self.text_to.is_some())
    }

    /// What its next steps go by.
    pub fn standing(&self) -> Standing {
        Standing {
            status: self.status,
            start: self.starts_at,
            policy: self.policy,
            late_fee_cents: self.late_fee_cents,
            reply_by: self.reply_by,
            attendance_confirmed_at: self.attendance_confirmed_at,
            completed_at: self.completed_at,
            presumed: self.presumed,
            no_show_fee_cents: no_show_fee(
                self.money.quote.as_ref(),
                self.policy,
                self.appointment_type.bulk_billed,
            ),
            claim_lodged: self.money.claim_lodged,
        }
    }
}

/// Writes a new link. That Medicare has a claim for the visit goes over to it from the one that it replaces.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut PgConnection, row: &AppointmentRow, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.appointment (appointment_id, booking_id, practitioner_role_id, appointment_type_id, \
         starts_at, ends_at, status, sequence, version, replaces, appointment_type, policy, quote_id, price_cents, \
         bulk_billed, created_at, updated_at, reply_by, attendance_confirmed_at, quote, cohort, pay_until, payment_step, \
         payment_failure, repair_until, time_zone, rule_version, type_version, claim_lodged_at) values ($1, $2, $3, $4, $5, \
         $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         (select replaced.claim_lodged_at from bookings.appointment as replaced where replaced.appointment_id = $10))",
        row.appointment_id as AppointmentId,
        row.booking_id as BookingId,
        row.practitioner_role_id as PractitionerRoleId,
        row.appointment_type.appointment_type_id as AppointmentTypeId,
        row.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.status.code(),
        row.sequence,
        row.version,
        row.replaces as Option<AppointmentId>,
        Json(&row.appointment_type) as Json<&AppointmentType>,
        Json(&row.policy) as Json<&CancellationPolicy>,
        row.quote_id as QuoteId,
        row.appointment_type.price_cents.0,
        row.appointment_type.bulk_billed,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        row.reply_by.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        row.attendance_confirmed_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        row.money.quote.as_ref().map(Json) as Option<Json<&Quote>>,
        row.money.cohort.map(Cohort::code),
        row.money.pay_until.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        row.money.step.map(PaymentStep::code),
        row.money.failure.map(PaymentFailure::code),
        row.money.repair_until.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        row.offered.time_zone.name(),
        row.offered.rule_version,
        row.offered.type_version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest link of a booking's chain.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(conn: &mut PgConnection, booking: BookingId) -> Result<Option<AppointmentRow>> {
    let id = sqlx::query_scalar!(
        r#"select appointment_id as "appointment_id: AppointmentId" from bookings.appointment
           where booking_id = $1 order by sequence desc, created_at desc limit 1"#,
        booking as BookingId
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => by_id(conn, id).await,
        None => Ok(None),
    }
}

/// An appointment, whoever asks: see [`access`] first.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut PgConnection, appointment: AppointmentId) -> Result<Option<AppointmentRow>> {
    let row = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId",
               appointment.practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               appointment.starts_at, appointment.ends_at, appointment.status, appointment.sequence, appointment.version,
               appointment.replaces, appointment.appointment_type as "appointment_type: Json<AppointmentType>",
               appointment.policy as "policy: Json<CancellationPolicy>", appointment.quote_id as "quote_id: QuoteId",
               appointment.late_fee_cents as "late_fee_cents: AudCents", appointment.reply_by,
               appointment.attendance_confirmed_at, appointment.completed_at, appointment.presumed, appointment.reason,
               appointment.bulk_billed, appointment.time_zone, appointment.rule_version, appointment.type_version,
               appointment.quote as "quote: Json<Quote>", appointment.cohort, appointment.pay_until, appointment.payment_step,
               appointment.payment_failure, appointment.repair_until, appointment.claim_lodged_at,
               party.date_of_birth, party.mobile, party.name, party.preferred_name, party.email, party.wants_texts,
               party.account_id as "account_id: AccountId", party.patient_id as "patient_id: PatientId",
               party.series_id as "series_id: SeriesId"
           from bookings.appointment join bookings.appointment_party party using (booking_id)
           where appointment.appointment_id = $1"#,
        appointment as AppointmentId
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let status = AppointmentStatus::from_code(&row.status).context("a known appointment status")?;
    let known = |code: String| ChangeReason::from_code(&code).context("a known reason");
    let step = |code: String| PaymentStep::from_code(&code).context("a known payment step");
    let failure = |code: String| PaymentFailure::from_code(&code).context("a known payment failure");
    let money = BookedMoney {
        quote: row.quote.map(|quote| quote.0),
        cohort: row.cohort.map(|code| hold::cohort(&code)).transpose()?,
        pay_until: row.pay_until.map(|at| at.to_jiff()),
        step: row.payment_step.map(step).transpose()?,
        failure: row.payment_failure.map(failure).transpose()?,
        repair_until: row.repair_until.map(|at| at.to_jiff()),
        claim_lodged: row.claim_lodged_at.is_some(),
        claimant: row
            .bulk_billed
            .then(|| claimant(row.name.clone().into(), row.date_of_birth.to_jiff().into(), &row.mobile)),
    };
    Ok(Some(AppointmentRow {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        practitioner_role_id: row.practitioner_role_id,
        starts_at: row.starts_at.to_jiff(),
        ends_at: row.ends_at.to_jiff(),
        status,
        sequence: row.sequence,
        version: row.version,
        replaces: row.replaces.map(Into::into),
        appointment_type: row.appointment_type.0,
        policy: row.policy.0,
        quote_id: row.quote_id,
        late_fee_cents: row.late_fee_cents,
        reply_by: row.reply_by.map(|at| at.to_jiff()),
        attendance_confirmed_at: row.attendance_confirmed_at.map(|at| at.to_jiff()),
        completed_at: row.completed_at.map(|at| at.to_jiff()),
        presumed: row.presumed,
        reason: row.reason.map(known).transpose()?,
        patient_name: row.preferred_name.unwrap_or(row.name).into(),
        email: row.email.into(),
        text_to: row.wants_texts.then(|| row.mobile.into()),
        account_id: row.account_id,
        patient_id: row.patient_id,
        series_id: row.series_id,
        offered: Offered::read(&row.time_zone, row.rule_version, row.type_version)?,
        money,
    }))
}

/// By what a bulk-billed patient shows who they are; by how a mobile ends its owner is known again.
pub fn claimant(name: Personal<String>, date_of_birth: Personal<Date>, mobile: &str) -> BookedPatient {
    let end: String = mobile.chars().skip(mobile.chars().count().saturating_sub(3)).collect();
    BookedPatient { name, date_of_birth, mobile_ends_with: end.into() }
}

/// Whose time an appointment takes.
///
/// # Errors
/// When the database fails.
pub async fn resource_of(conn: &mut PgConnection, role: PractitionerRoleId) -> sqlx::Result<ResourceId> {
    sqlx::query_scalar!(
        r#"select resource_id as "resource_id: ResourceId" from bookings.role where practitioner_role_id = $1"#,
        role as PractitionerRoleId
    )
    .fetch_one(conn)
    .await
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepBy {
    Patient,
    Practice,
    System,
    Platform,
}

impl StepBy {
    fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practice => "practice",
            Self::System => "system",
            Self::Platform => "platform",
        }
    }
}

/// A step as the history has it.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    pub id: Uuid,
    pub step: Step,
    pub reason: Option<ChangeReason>,
    pub by: StepBy,
}

/// Has an appointment stand elsewhere, if it is still as last seen, and writes the step into its history. False when it is
/// not.
///
/// # Errors
/// When the database fails.
pub async fn change(
    conn: &mut PgConnection,
    seen: &AppointmentRow,
    version: i32,
    to: &Standing,
    taken: Taken,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.appointment set status = $4, late_fee_cents = $5, attendance_confirmed_at = $6, completed_at = $7, \
         reason = $8, sequence = sequence + case when $4 = 'rescheduled' then 0 else 1 end, \
         version = version + 1, updated_at = $9, reply_by = $10, presumed = $11 where appointment_id = $1 and version = $2 and status = $3",
        seen.appointment_id as AppointmentId,
        version,
        seen.status.code(),
        to.status.code(),
        to.late_fee_cents as AudCents,
        to.attendance_confirmed_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        to.completed_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        taken.reason.map(ChangeReason::code),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        to.reply_by.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        to.presumed,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    note(conn, seen, (version.saturating_add(1), to.status), taken, now).await?;
    Ok(true)
}

/// Writes into an appointment's history which step made this version of it, and where it stands since.
///
/// # Errors
/// When the database fails.
pub async fn note(
    conn: &mut PgConnection,
    seen: &AppointmentRow,
    (version, to): (i32, AppointmentStatus),
    taken: Taken,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.appointment_transition (appointment_transition_id, booking_id, appointment_id, version, step, \
         from_status, to_status, reason, taken_by, taken_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        taken.id,
        seen.booking_id as BookingId,
        seen.appointment_id as AppointmentId,
        version,
        taken.step.code(),
        seen.status.code(),
        to.code(),
        taken.reason.map(ChangeReason::code),
        taken.by.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The appointment that a hold became.
///
/// # Errors
/// When the database fails.
pub async fn of_booking(
    conn: &mut PgConnection,
    booking: BookingId,
) -> sqlx::Result<Option<(AppointmentId, String)>> {
    let row = sqlx::query!(
        r#"select appointment_id as "appointment_id: AppointmentId", status from bookings.appointment
           where booking_id = $1 order by sequence limit 1"#,
        booking as BookingId
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.appointment_id, row.status)))
}
