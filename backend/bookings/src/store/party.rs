//! Who comes: the practice's booking record.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{
    AccountId, BookingId, OrganizationId, PatientId,
    bookings::{PartyDetails, home_visit::VisitAddress},
    users::{ClaimStatement, LeaveEnded, OwnDetailsChanged},
};
use sqlx::PgConnection;

/// Whose a booking is.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// SHA-256 of the cookie of the guest who made it.
    pub guest_hash: [u8; 32],
    /// The account that made or claimed it.
    pub account_id: Option<AccountId>,
    /// The patient with an account or a carer.
    pub patient_id: Option<PatientId>,
}

/// Writes the record of a booking.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    booking: BookingId,
    organization: Option<OrganizationId>,
    owner: &Owner,
    party: &PartyDetails,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.appointment_party (booking_id, organization_id, guest_hash, name, preferred_name, \
         date_of_birth, email, mobile, created_at, updated_at, account_id, patient_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)",
        booking as BookingId,
        organization as Option<OrganizationId>,
        owner.guest_hash.as_slice(),
        party.name.expose(),
        party.preferred_name.as_ref().map(|name| name.expose().as_str()),
        party.date_of_birth.expose().to_sqlx() as jiff_sqlx::Date,
        party.email.expose(),
        party.mobile.expose(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        owner.account_id.map(|account| account.0),
        owner.patient_id.map(|patient| patient.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down where who comes is visited. Where that is on the map is not kept.
///
/// # Errors
/// When the database fails.
pub async fn set_visit(
    conn: &mut PgConnection,
    booking: BookingId,
    visit: &VisitAddress,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment_party set visit_street = $2, visit_locality = $3, visit_postcode = $4 \
         where booking_id = $1",
        booking as BookingId,
        visit.street.expose(),
        visit.locality.expose(),
        visit.postcode.expose(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that a guest agrees to a text message where a letter does not arrive, or there is no address for one.
///
/// # Errors
/// When the database fails.
pub async fn agree_to_texts(conn: &mut PgConnection, booking: BookingId) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.appointment_party set wants_texts = true where booking_id = $1",
        booking as BookingId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives what a guest booked to the patient with that address and date of birth, and their account. Says what was
/// given; a booking that has a patient already is nobody else's to claim.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut PgConnection,
    statement: &ClaimStatement,
    now: Timestamp,
) -> sqlx::Result<Vec<BookingId>> {
    sqlx::query_scalar!(
        r#"update bookings.appointment_party
           set account_id = $3, patient_id = $4, claimed_at = $5, email_verified_at = $5, updated_at = $5, wants_texts = false
           where lower(email) = lower($1) and date_of_birth = $2 and account_id is null and patient_id is null
           returning booking_id as "booking_id: BookingId""#,
        statement.email.expose(),
        statement.date_of_birth.expose().to_sqlx() as jiff_sqlx::Date,
        statement.account_id.0,
        statement.patient_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}

/// What an account booked for a patient is the patient's alone from now on: their own account's, where they have one, and no
/// browser's. `nobody` is the hash of a cookie that nobody has. Says which bookings.
///
/// # Errors
/// When the database fails.
pub async fn untie(
    conn: &mut PgConnection,
    ended: &LeaveEnded,
    nobody: &[u8; 32],
) -> sqlx::Result<Vec<BookingId>> {
    sqlx::query_scalar!(
        r#"update bookings.appointment_party set account_id = $3, guest_hash = $4
           where account_id = $1 and patient_id = $2
           returning booking_id as "booking_id: BookingId""#,
        ended.account_id.0,
        ended.patient_id.0,
        ended.own.as_ref().map(|own| own.account_id.0),
        nobody.as_slice(),
    )
    .fetch_all(conn)
    .await
}

/// What an account booked and is to come goes by what its holder says of themselves now: how to reach them whoever comes, and their name
/// where it is they who come. What was typed otherwise stays. Says which bookings changed, and whose they are.
///
/// # Errors
/// When the database fails.
pub async fn follow(
    conn: &mut PgConnection,
    fact: &OwnDetailsChanged,
    now: Timestamp,
) -> sqlx::Result<Vec<(BookingId, Option<PatientId>)>> {
    let (was, is) = (&fact.was, &fact.is);
    let rows = sqlx::query!(
        r#"with told as materialized (
               select booking_id,
                   case when lower(email) = lower($3) then $4 else email end as email,
                   case when mobile = $5 then coalesce($6, mobile) else mobile end as mobile,
                   case when patient_id = $2 and name = $7 then coalesce($8, name) else name end as name,
                   case when patient_id = $2 and preferred_name is not distinct from $9 then $10 else preferred_name end
                       as preferred_name
               from bookings.appointment_party
               where account_id = $1 and exists (
                   select from bookings.appointment
                   where appointment.booking_id = appointment_party.booking_id and starts_at > $11 and status in
                       ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult')
               )
               order by booking_id for update
           )
           update bookings.appointment_party as party set email = told.email, mobile = told.mobile, name = told.name,
               preferred_name = told.preferred_name, updated_at = $11
           from told
           where party.booking_id = told.booking_id
               and (party.email, party.mobile, party.name, party.preferred_name)
                   is distinct from (told.email, told.mobile, told.name, told.preferred_name)
           returning party.booking_id as "booking_id!: BookingId", party.patient_id as "patient_id?: PatientId""#,
        fact.account_id.0,
        fact.patient_id.map(|id| id.0),
        was.email.expose(),
        is.email.expose(),
        was.mobile.as_ref().map(|mobile| mobile.expose().as_str()),
        is.mobile.as_ref().map(|mobile| mobile.expose().as_str()),
        was.name.as_ref().map(|name| name.expose().as_str()),
        is.name.as_ref().map(|name| name.expose().as_str()),
        was.preferred_name.as_ref().map(|name| name.expose().as_str()),
        is.preferred_name.as_ref().map(|name| name.expose().as_str()),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.booking_id, row.patient_id)).collect())
}

/// Has confirmations with the same address or number wait for each other until the transaction ends, so that a count
/// stays true. Take this after the resource.
///
/// # Errors
/// When the database fails.
pub async fn lock_contacts(conn: &mut PgConnection, party: &PartyDetails) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(contact.key) from (
             select distinct hashtextextended('booking of ' || text, 0) as key from unnest(array[lower($1), $2]) text
             order by key
         ) contact",
        party.email.expose(),
        party.mobile.expose(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many appointments still to come this address or number has at the practice, its address never verified.
///
/// # Errors
/// When the database fails.
pub async fn count_upcoming(
    conn: &mut PgConnection,
    organization: Option<OrganizationId>,
    party: &PartyDetails,
    now: Timestamp,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from bookings.appointment_party party join bookings.appointment using (booking_id)
           where (lower(party.email) = lower($2) or party.mobile = $3)
               and party.organization_id is not distinct from $1 and party.email_verified_at is null
               and appointment.status in ('requested', 'awaiting_payment', 'confirmed') and appointment.starts_at > $4"#,
        organization as Option<OrganizationId>,
        party.email.expose(),
        party.mobile.expose(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}
