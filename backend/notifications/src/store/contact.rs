//! Table `notifications.contact`: how patients want to be reminded, as users told it.

use shared_types::{
    AccountId, BookingId,
    users::{ContactChannel, PatientContact},
};
use sqlx::PgConnection;

use super::plan::read_channels;
use crate::domain::{channels::Wishes, locale::Locale, upcoming::Upcoming};

/// Keeps what was told, unless newer news came before.
pub async fn keep(conn: &mut PgConnection, contact: &PatientContact) -> sqlx::Result<()> {
    let by: Vec<_> = contact.contact_by.iter().map(|channel| channel.code().to_owned()).collect();
    sqlx::query!(
        "insert into notifications.contact as old (patient_id, version, contact_by, mobile, language) \
         values ($1, $2, $3, $4, $5) \
         on conflict on constraint contact_pkey do update set version = excluded.version, \
         contact_by = excluded.contact_by, mobile = excluded.mobile, language = excluded.language \
         where old.version < excluded.version",
        contact.patient_id.0,
        contact.version,
        &by,
        contact.mobile.as_ref().map(|mobile| mobile.expose().as_str()),
        contact.language,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The language for a booking's patient: a guest has named none.
pub async fn locale(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Locale> {
    let language = sqlx::query_scalar!(
        "select contact.language from notifications.booking_owner join notifications.contact using (patient_id) \
         where booking_owner.booking_id = $1",
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(language.map_or(Locale::English, |code| Locale::for_language(&code)))
}

/// What a booking's patient wants, and whether an account can see the booking. A guest has said nothing but whether a text message may
/// go where a letter does not arrive.
#[derive(Debug)]
pub struct Told {
    /// What the patient has said.
    pub wishes: Option<Wishes>,
    /// The account that made or claimed it.
    pub account_id: Option<AccountId>,
    /// Whether whoever reads the mail has asked for no more reminders there.
    pub mail_stopped: bool,
    /// The same of the mobile.
    pub texts_stopped: bool,
    /// Whether it is a guest, who agreed to text messages where a letter does not arrive and to none instead of one.
    pub letters_first: bool,
}

/// What is known of the patient of an appointment.
pub async fn of_booking(conn: &mut PgConnection, upcoming: &Upcoming) -> sqlx::Result<Told> {
    let row = sqlx::query!(
        r#"select owner.account_id as "account_id?: AccountId", contact.contact_by as "contact_by?", contact.mobile as "mobile?",
               contact.language as "language?", guest.mobile as "guest_mobile?",
               exists (select from notifications.reminder_stop where channel = $2 and address = lower($3)) as "mail_stopped!",
               exists (select from notifications.reminder_stop where channel = $4
                   and address = coalesce(contact.mobile, guest.mobile)) as "texts_stopped!"
           from (select $1::uuid as booking_id) as asked
               left join notifications.booking_owner as owner using (booking_id)
               left join notifications.contact using (patient_id)
               left join notifications.guest_number as guest on guest.booking_id = asked.booking_id"#,
        upcoming.booking_id.0,
        ContactChannel::Email.code(),
        upcoming.email.expose(),
        ContactChannel::Sms.code(),
    )
    .fetch_one(conn)
    .await?;
    let letters_first = row.contact_by.is_none() && row.guest_mobile.is_some();
    let wishes = match (row.contact_by.zip(row.language), row.guest_mobile) {
        (None, None) => None,
        (None, Some(mobile)) => Some(Wishes::of_guest(mobile.into())),
        (Some((by, language)), _) => {
            let contact_by: Vec<ContactChannel> = read_channels(&by)?;
            Some(Wishes { contact_by, mobile: row.mobile.map(Into::into), language })
        }
    };
    Ok(Told {
        wishes,
        account_id: row.account_id,
        mail_stopped: row.mail_stopped,
        texts_stopped: row.texts_stopped,
        letters_first,
    })
}
