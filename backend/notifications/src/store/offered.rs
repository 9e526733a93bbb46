//! Table `notifications.offered`: for which patient a time is held that an account waits for, until it is over.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    bookings::{AppointmentFact, OfferFact},
    users::AccountMail,
};
use sqlx::PgConnection;

use crate::domain::message::Template;

/// Keeps it. Of two that end at the same moment a letter could mean either, so no patient and no start is known where they differ.
pub async fn keep(conn: &mut PgConnection, offer: &OfferFact) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notifications.offered as old (account_id, expires_at, patient_id, time_zone, starts_at) \
         values ($1, $2, $3, $4, $5) on conflict on constraint offered_pkey do update set \
         patient_id = case when old.patient_id = excluded.patient_id then old.patient_id end, \
         starts_at = case when old.starts_at = excluded.starts_at then old.starts_at end",
        offer.account_id.0,
        offer.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        offer.patient_id.map(|patient| patient.0),
        offer.role.time_zone.name(),
        offer.start.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was held for an account is booked: its letter goes no other way any more, should it be reported only now that it did not arrive.
pub async fn taken(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications.message as letter set expires_at = letter.created_at from notifications.offered \
         where offered.account_id = $1 and offered.starts_at = $2 and offered.patient_id is not distinct from $3 \
             and letter.account_id = offered.account_id and letter.expires_at = offered.expires_at and letter.template = $4",
        fact.account_id.map(|account| account.0),
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
        fact.patient_id.map(|patient| patient.0),
        Template::Account(AccountMail::TimeOffered).code(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets a batch that was over before `before`. Says how many.
pub async fn forget_over(conn: &mut PgConnection, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as materialized ( \
             select account_id, expires_at from notifications.offered where expires_at < $1 \
             order by expires_at limit $2 for update skip locked \
         ) \
         delete from notifications.offered as offered using old \
         where offered.account_id = old.account_id and offered.expires_at = old.expires_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
