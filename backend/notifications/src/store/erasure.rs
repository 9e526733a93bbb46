//! Taking away what is there of somebody.

use shared_types::{AccountId, PatientId, users::AccountMail};
use sqlx::PgConnection;

use crate::domain::message::Template;

/// What is gone of somebody, by how many rows.
#[derive(Debug)]
pub struct Gone {
    /// Messages.
    pub messages: u64,
    /// What reminders would have been written from.
    pub appointments: u64,
    /// By whom bookings were paid.
    pub payers: u64,
    /// Where they were texted as a guest.
    pub guests: u64,
    /// Plans of reminders.
    pub plans: u64,
    /// How they wanted to be reminded.
    pub contacts: u64,
    /// Where they wanted no reminders.
    pub stops: u64,
    /// The ways out in their reminders.
    pub links: u64,
    /// How the account wanted to be told of things.
    pub preferences: u64,
    /// What it was told while it looked.
    pub notices: u64,
    /// The browsers where it was told that, too.
    pub browsers: u64,
    /// For whom times were held.
    pub offers: u64,
    /// Whose bookings were.
    pub ties: u64,
}

/// Deletes every message to or about somebody but the one that says that their account is closed, with what further ones would
/// be written from, and forgets which bookings were theirs.
pub async fn erase(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
    email: &str,
) -> sqlx::Result<Gone> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let reminded = sqlx::query_scalar!(
        "delete from notifications.appointment where lower(email) = lower($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)) \
         returning booking_id",
        account_id.0,
        &patients,
        email,
    )
    .fetch_all(&mut *conn)
    .await?;
    let plans = sqlx::query!(
        "delete from notifications.message_plan where booking_id = any($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1))",
        account_id.0,
        &patients,
        &reminded,
    )
    .execute(&mut *conn)
    .await?;
    let payers = sqlx::query!(
        "delete from notifications.payer where lower(email) = lower($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1))",
        account_id.0,
        &patients,
        email,
    )
    .execute(&mut *conn)
    .await?;
    // A number that others have, too, is still theirs.
    let stops = sqlx::query!(
        "delete from notifications.reminder_stop where (channel = 'email' and address = lower($2)) \
         or (channel = 'sms' and address in ( \
                 select mobile from notifications.contact where patient_id = any($1) \
                 union all select mobile from notifications.guest_number where lower(email) = lower($2)) \
             and address not in ( \
                 select mobile from notifications.contact where patient_id <> all($1) and mobile is not null \
                 union all select mobile from notifications.guest_number where lower(email) <> lower($2)))",
        &patients,
        email,
    )
    .execute(&mut *conn)
    .await?;
    let guests = sqlx::query_scalar!(
        "delete from notifications.guest_number where lower(email) = lower($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)) \
         returning booking_id",
        account_id.0,
        &patients,
        email,
    )
    .fetch_all(&mut *conn)
    .await?;
    let links = sqlx::query!(
        "delete from notifications.unsubscribe_link where lower(address) = lower($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1))",
        account_id.0,
        &patients,
        email,
    )
    .execute(&mut *conn)
    .await?;
    let preferences =
        sqlx::query!("delete from notifications.preference where account_id = $1", account_id.0)
            .execute(&mut *conn)
            .await?;
    let offers = sqlx::query!(
        "delete from notifications.offered where account_id = $1 or patient_id = any($2)",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    let contacts = sqlx::query!("delete from notifications.contact where patient_id = any($1)", &patients)
        .execute(&mut *conn)
        .await?;
    // Twice: of one that somebody gives up at the moment, what goes in its place is seen only once that is done. So is a notice of it,
    // which devices are told of, too.
    let mut messages = 0;
    for _ in 0..2 {
        let gone = sqlx::query!(
            "delete from notifications.message \
             where template <> $4 and (account_id = $1 or lower(recipient) = lower($3) or booking_id = any($5) or booking_id in ( \
                 select booking_id from notifications.booking_owner owner \
                 where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)))",
            account_id.0,
            &patients,
            email,
            Template::Account(AccountMail::AccountClosed).code(),
            &guests,
        )
        .execute(&mut *conn)
        .await?;
        messages += gone.rows_affected();
    }
    let notices = sqlx::query!("delete from notifications.notice where account_id = $1", account_id.0)
        .execute(&mut *conn)
        .await?;
    let browsers =
        sqlx::query!("delete from notifications.push_subscription where account_id = $1", account_id.0)
            .execute(&mut *conn)
            .await?;
    let ties = sqlx::query!(
        "delete from notifications.booking_owner \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    // What they booked for others stays those others'.
    sqlx::query!(
        "update notifications.booking_owner set account_id = null where account_id = $1",
        account_id.0
    )
    .execute(conn)
    .await?;
    Ok(Gone {
        messages,
        appointments: reminded.len() as u64,
        payers: payers.rows_affected(),
        guests: guests.len() as u64,
        plans: plans.rows_affected(),
        contacts: contacts.rows_affected(),
        stops: stops.rows_affected(),
        links: links.rows_affected(),
        preferences: preferences.rows_affected(),
        notices: notices.rows_affected(),
        browsers: browsers.rows_affected(),
        offers: offers.rows_affected(),
        ties: ties.rows_affected(),
    })
}
