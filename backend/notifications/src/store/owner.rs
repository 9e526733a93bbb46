//! Table `notifications.booking_owner`: whose a booking is.

use shared_types::{
    AccountId, BookingId, PatientId,
    personal::Personal,
    users::{ContactChannel, LeaveEnded, OwnDetailsChanged},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps whose a booking is. A guest's is nobody's, and what was taken from who may no longer act for its patient stays the patient's,
/// whatever an event says that was on its way by then.
pub async fn keep(
    conn: &mut PgConnection,
    booking_id: BookingId,
    account_id: Option<AccountId>,
    patient_id: Option<PatientId>,
) -> sqlx::Result<()> {
    if account_id.is_none() && patient_id.is_none() {
        return Ok(());
    }
    sqlx::query!(
        "insert into notifications.booking_owner (booking_id, account_id, patient_id) values ($1, $2, $3) \
         on conflict on constraint booking_owner_pkey do update set patient_id = excluded.patient_id, \
         account_id = case when booking_owner.write_to is null then excluded.account_id else booking_owner.account_id end",
        booking_id.0,
        account_id.map(|id| id.0),
        patient_id.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets whose a booking was.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.booking_owner where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets whose those bookings were, where nothing else is kept of them any more: neither a message, nor what one will be written from.
pub async fn forget_idle(conn: &mut PgConnection, bookings: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.booking_owner as owner where booking_id = any($1) \
         and not exists (select from notifications.message where message.booking_id = owner.booking_id) \
         and not exists (select from notifications.appointment where appointment.booking_id = owner.booking_id) \
         and not exists (select from notifications.payer where payer.booking_id = owner.booking_id)",
        bookings,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The account that is told of a booking while it looks: the one that made or claimed it, as an event says, or who it was given to
/// since.
pub async fn told(
    conn: &mut PgConnection,
    booking_id: BookingId,
    made_by: Option<AccountId>,
) -> sqlx::Result<Option<AccountId>> {
    let given = sqlx::query_scalar!(
        r#"select account_id as "account_id: AccountId" from notifications.booking_owner
           where booking_id = $1 and write_to is not null"#,
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(given.flatten().or(made_by))
}

/// Where a booking's messages go instead of the address that was typed when it was made, if anywhere.
pub async fn write_to(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> sqlx::Result<Option<Personal<String>>> {
    let address = sqlx::query_scalar!(
        "select write_to from notifications.booking_owner where booking_id = $1",
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(address.flatten().map(Personal::new))
}

/// An account is told nothing more of a patient's bookings, and what it was told goes. Where the patient has an account, what it
/// booked is that one's from now on: all later mail goes to its address, and what waits to be sent, too.
pub async fn tell_no_more(conn: &mut PgConnection, ended: &LeaveEnded) -> sqlx::Result<()> {
    let own = ended.own.as_ref();
    let address = own.map(|own| own.email.expose().as_str());
    sqlx::query!(
        "delete from notifications.notice using notifications.booking_owner owner \
         where notice.account_id = $1 and owner.booking_id = notice.booking_id and owner.patient_id = $2",
        ended.account_id.0,
        ended.patient_id.0,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message as waiting set recipient = $3 from notifications.booking_owner owner \
         where owner.account_id = $1 and owner.patient_id = $2 and waiting.booking_id = owner.booking_id \
             and $3::text is not null and waiting.recipient is not null and waiting.channel = $4",
        ended.account_id.0,
        ended.patient_id.0,
        address,
        ContactChannel::Email.code(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.booking_owner set account_id = $3, write_to = coalesce($4, write_to) \
         where account_id = $1 and patient_id = $2",
        ended.account_id.0,
        ended.patient_id.0,
        own.map(|own| own.account_id.0),
        address,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an account made or was given is written about where its holder reads now, and calls them what they are called now. What went by
/// another address or name stays so; a later fact of the booking says the same.
pub async fn tell_elsewhere(conn: &mut PgConnection, fact: &OwnDetailsChanged) -> sqlx::Result<()> {
    let (account_id, patient_id) = (fact.account_id.0, fact.patient_id.map(|id| id.0));
    let (was, is) = (fact.was.email.expose(), fact.is.email.expose());
    let was_called = fact.was.called().map(|name| name.expose().as_str());
    let is_called = fact.is.called().map(|name| name.expose().as_str());
    sqlx::query!(
        "update notifications.appointment as reminded set \
             email = case when lower(email) = lower($3) then $4 else email end, \
             patient_name = case when owner.patient_id = $2 and patient_name = $5 then coalesce($6, patient_name) \
                 else patient_name end \
         from notifications.booking_owner owner \
         where owner.account_id = $1 and reminded.booking_id = owner.booking_id and stands",
        account_id,
        patient_id,
        was,
        is,
        was_called,
        is_called,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.payer set \
             email = case when lower(email) = lower($3) then $4 else email end, \
             patient_name = case when owner.patient_id = $2 and patient_name = $5 then coalesce($6, patient_name) \
                 else patient_name end \
         from notifications.booking_owner owner \
         where owner.account_id = $1 and payer.booking_id = owner.booking_id",
        account_id,
        patient_id,
        was,
        is,
        was_called,
        is_called,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.booking_owner set write_to = $3 where account_id = $1 and lower(write_to) = lower($2)",
        account_id,
        was,
        is,
    )
    .execute(conn)
    .await?;
    Ok(())
}
