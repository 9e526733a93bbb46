//! Lists of appointments, for members and for practices. The newest link of each chain only.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, BookingId, OrganizationId, PatientId, PractitionerRoleId, Zone,
    bookings::{AppointmentStatus, AppointmentType, PracticeAppointment, PracticePatient},
};
use sqlx::{PgConnection, types::Json};

use super::statement;

/// Where a page goes on: after that start and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last row starts.
    pub start: Timestamp,
    /// Which it is.
    pub appointment_id: AppointmentId,
}

impl After {
    /// As text for a URL.
    pub fn encode(self) -> String {
        format!("{}~{}", self.start.as_microsecond(), self.appointment_id)
    }

    /// Reads [`After::encode`]; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let (start, id) = text.split_once('~')?;
        let start = Timestamp::from_microsecond(start.parse().ok()?).ok()?;
        // The database knows none of some thousand years ago.
        let start = Some(start).filter(|start| *start >= Timestamp::UNIX_EPOCH)?;
        Some(Self { start, appointment_id: id.parse().ok()? })
    }
}

/// One row of a member's list.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Which appointment.
    pub appointment_id: AppointmentId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// Whose.
    pub patient_id: Option<PatientId>,
    /// When it starts.
    pub starts_at: Timestamp,
}

/// Appointments to come of some patients, or that an account made for nobody in particular; the next one first.
///
/// # Errors
/// When the database fails.
pub async fn upcoming(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
    after: Option<After>,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId", party.patient_id as "patient_id: PatientId",
               appointment.starts_at
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where (party.patient_id = any($2) or (party.patient_id is null and party.account_id = $1))
               and appointment.status in (
                   'requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult'
               )
               and appointment.starts_at >= $3
               and ($4::timestamptz is null or (appointment.starts_at, appointment.appointment_id) > ($4, $5))
           order by appointment.starts_at, appointment.appointment_id limit $6"#,
        account.0,
        &patients,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        after.map(|after| after.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after.map(|after| after.appointment_id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        patient_id: row.patient_id,
        starts_at: row.starts_at.to_jiff(),
    });
    Ok(listed.collect())
}

/// The rest of them, over or cancelled; the latest first.
///
/// # Errors
/// When the database fails.
pub async fn past(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
    after: Option<After>,
    now: Timestamp,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let patients: Vec<_> = patients.iter().map(|patient| patient.0).collect();
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId", party.patient_id as "patient_id: PatientId",
               appointment.starts_at
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where (party.patient_id = any($2) or (party.patient_id is null and party.account_id = $1))
               and appointment.status <> 'rescheduled'
               and (
                   appointment.status not in (
                       'requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult'
                   )
                   or appointment.starts_at < $3
               )
               and ($4::timestamptz is null or (appointment.starts_at, appointment.appointment_id) < ($4, $5))
           order by appointment.starts_at desc, appointment.appointment_id desc limit $6"#,
        account.0,
        &patients,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        after.map(|after| after.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after.map(|after| after.appointment_id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        patient_id: row.patient_id,
        starts_at: row.starts_at.to_jiff(),
    });
    Ok(listed.collect())
}

/// Every appointment of a patient, to come or over; the latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_patient(
    conn: &mut PgConnection,
    patient: PatientId,
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId", party.patient_id as "patient_id: PatientId",
               appointment.starts_at
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where party.patient_id = $1 and appointment.status <> 'rescheduled'
               and ($2::timestamptz is null or (appointment.starts_at, appointment.appointment_id) < ($2, $3))
           order by appointment.starts_at desc, appointment.appointment_id desc limit $4"#,
        patient.0,
        after.map(|after| after.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after.map(|after| after.appointment_id.0),
        limit,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        patient_id: row.patient_id,
        starts_at: row.starts_at.to_jiff(),
    });
    Ok(listed.collect())
}

/// What is booked with a practice on some days, both included, each on the clocks that it was booked by; in order of time.
/// Beside each, whose record it is.
///
/// # Errors
/// When the database fails, or holds a status that this build does not know.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
    (from, to): (Date, Date),
    after: Option<After>,
    limit: i64,
) -> sqlx::Result<Vec<(PracticeAppointment, Option<PatientId>)>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId", appointment.status,
               appointment.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", role.name as role_name,
               appointment.appointment_type as "appointment_type: Json<AppointmentType>", appointment.starts_at,
               appointment.ends_at, appointment.time_zone, party.name, party.preferred_name, party.date_of_birth, party.email,
               party.mobile, party.patient_id as "patient_id: PatientId"
           from bookings.role
               join bookings.appointment using (practitioner_role_id)
               join bookings.appointment_party party using (booking_id)
           where role.organization_id = $1 and appointment.status <> 'rescheduled'
               -- Wide enough for every zone, and what the index can use; the next condition is exact.
               and appointment.starts_at >= $2::date - interval '1 day'
               and appointment.starts_at < $3::date + interval '2 days'
               and (appointment.starts_at at time zone appointment.time_zone)::date between $2 and $3
               and ($4::timestamptz is null or (appointment.starts_at, appointment.appointment_id) > ($4, $5))
           order by appointment.starts_at, appointment.appointment_id limit $6"#,
        organization.0,
        from.to_sqlx() as jiff_sqlx::Date,
        to.to_sqlx() as jiff_sqlx::Date,
        after.map(|after| after.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        after.map(|after| after.appointment_id.0),
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let listed = rows.into_iter().map(Columns::read).collect::<sqlx::Result<_>>()?;
    with_statements(conn, listed).await
}

/// Some bookings, as far as they are with a practice; in order of time. Beside each, whose record it is.
///
/// # Errors
/// When the database fails, or holds a status that this build does not know.
pub async fn of_bookings(
    conn: &mut PgConnection,
    organization: OrganizationId,
    bookings: &[BookingId],
) -> sqlx::Result<Vec<(PracticeAppointment, Option<PatientId>)>> {
    let bookings: Vec<_> = bookings.iter().map(|booking| booking.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select appointment.appointment_id as "appointment_id: AppointmentId",
               appointment.booking_id as "booking_id: BookingId", appointment.status,
               appointment.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", role.name as role_name,
               appointment.appointment_type as "appointment_type: Json<AppointmentType>", appointment.starts_at,
               appointment.ends_at, appointment.time_zone, party.name, party.preferred_name, party.date_of_birth, party.email,
               party.mobile, party.patient_id as "patient_id: PatientId"
           from bookings.role
               join bookings.appointment using (practitioner_role_id)
               join bookings.appointment_party party using (booking_id)
           where role.organization_id = $1 and appointment.booking_id = any($2) and appointment.status <> 'rescheduled'
           order by appointment.starts_at, appointment.appointment_id"#,
        organization.0,
        &bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let listed = rows.into_iter().map(Columns::read).collect::<sqlx::Result<_>>()?;
    with_statements(conn, listed).await
}

/// A row as the database has it.
struct Columns {
    appointment_id: AppointmentId,
    booking_id: BookingId,
    status: String,
    practitioner_role_id: PractitionerRoleId,
    role_name: String,
    appointment_type: Json<AppointmentType>,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    time_zone: String,
    name: String,
    preferred_name: Option<String>,
    date_of_birth: jiff_sqlx::Date,
    email: String,
    mobile: String,
    patient_id: Option<PatientId>,
}

impl Columns {
    fn read(self) -> sqlx::Result<(PracticeAppointment, Option<PatientId>)> {
        let unknown =
            |what: &str| sqlx::Error::Decode(format!("the database holds an unknown {what}").into());
        let appointment = PracticeAppointment {
            appointment_id: self.appointment_id,
            booking_id: self.booking_id,
            status: AppointmentStatus::from_code(&self.status).ok_or_else(|| unknown("status"))?,
            practitioner_role_id: self.practitioner_role_id,
            practitioner_name: self.role_name,
            appointment_type_name: self.appointment_type.0.name,
            start: self.starts_at.to_jiff(),
            end: self.ends_at.to_jiff(),
            time_zone: self.time_zone.parse::<Zone>().map_err(|_| unknown("zone"))?,
            patient: PracticePatient {
                name: self.name.into(),
                preferred_name: self.preferred_name.map(Into::into),
                date_of_birth: self.date_of_birth.to_jiff().into(),
                email: self.email.into(),
                mobile: self.mobile.into(),
            },
            statements: Vec::new(),
        };
        Ok((appointment, self.patient_id))
    }
}

/// Adds what patients say beside these records.
async fn with_statements(
    conn: &mut PgConnection,
    mut listed: Vec<(PracticeAppointment, Option<PatientId>)>,
) -> sqlx::Result<Vec<(PracticeAppointment, Option<PatientId>)>> {
    let bookings: Vec<_> = listed.iter().map(|(appointment, _)| appointment.booking_id).collect();
    let mut said = statement::of_bookings(conn, &bookings).await?;
    for (appointment, _) in &mut listed {
        let its_own = said.extract_if(.., |(booking_id, _)| *booking_id == appointment.booking_id);
        appointment.statements = its_own.map(|(_, statement)| statement).collect();
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::After;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let after = After {
            start: "2026-11-23T09:15:00Z".parse().unwrap(),
            appointment_id: Uuid::from_u128(7).into(),
        };
        assert_eq!(After::decode(&after.encode()), Some(after));
        let ancient = "-250000000000000000~00000000-0000-0000-0000-000000000007";
        for text in
            ["", "~", "1~2", "x~00000000-0000-0000-0000-000000000007", "99999999999999999999~7", ancient]
        {
            assert_eq!(After::decode(text), None, "{text}");
        }
    }
}
