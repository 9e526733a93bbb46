//! Reminders that were written and are not sent, once the way on which they would go is closed: somebody wants no more there, or
//! has chosen other ways since. Each goes one that it has not gone yet and that its patient wants, if there is one.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{EventId, PatientId, notifications::MessageStatus, users::ContactChannel};
use sqlx::PgConnection;
use uuid::Uuid;

use super::plan::{mark_dropped, read_channels};
use crate::domain::plan::{Kind, PlanState, Why};

/// Nothing goes to an address or a number any more. What was given up there is forgotten, too.
pub async fn stopped(
    conn: &mut PgConnection,
    channel: ContactChannel,
    address: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    // The plans first, as everybody does who changes both.
    let plans = sqlx::query_scalar!(
        "select plan.message_plan_id from notifications.message \
         join notifications.message_plan as plan on plan.message_plan_id = message.event_id \
         where message.channel = $1 and lower(message.recipient) = lower($2) and message.status in ($3, $4) \
         order by plan.message_plan_id for update of plan",
        channel.code(),
        address,
        MessageStatus::Queued.code(),
        MessageStatus::Dead.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    // What was given up has gone another way already.
    forget(conn, &plans, (channel, address), MessageStatus::Dead).await?;
    let waited = forget(conn, &plans, (channel, address), MessageStatus::Queued).await?;
    go_on(conn, &waited, now).await
}

/// Drops what was written for some plans, would go there and stands there. Says for which of them.
async fn forget(
    conn: &mut PgConnection,
    plans: &[Uuid],
    (channel, address): (ContactChannel, &str),
    status: MessageStatus,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "update notifications.message set status = $4, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where event_id = any($1) and channel = $2 and lower(recipient) = lower($3) and status = $5 returning event_id",
        plans,
        channel.code(),
        address,
        MessageStatus::Dropped.code(),
        status.code(),
    )
    .fetch_all(conn)
    .await
}

/// A patient has said anew how they want to be reminded, or has in their account what they booked as a guest. A text message goes to
/// another number, where that is all that changed; also one that was given up at the old one, should a practice send it again.
pub async fn chosen_anew(conn: &mut PgConnection, patient: PatientId, now: Timestamp) -> sqlx::Result<()> {
    // Also those that somebody is writing at the moment, by what the patient had said before.
    let plans = sqlx::query_scalar!(
        "select plan.message_plan_id from notifications.booking_owner \
         join notifications.message_plan as plan using (booking_id) \
         where booking_owner.patient_id = $1 and plan.state <> $2 \
         order by plan.message_plan_id for update of plan",
        patient.0,
        PlanState::Dropped.code(),
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.message set recipient = contact.mobile from notifications.contact \
         where message.event_id = any($1) and message.status in ($3, $5) and message.channel = $4 \
             and message.recipient is not null \
             and contact.patient_id = $2 and contact.mobile is not null and not exists ( \
                 select from notifications.reminder_stop where channel = $4 and address = contact.mobile)",
        &plans,
        patient.0,
        MessageStatus::Queued.code(),
        ContactChannel::Sms.code(),
        MessageStatus::Dead.code(),
    )
    .execute(&mut *conn)
    .await?;
    // What was given up has gone another way already.
    drop_unwanted(conn, &plans, patient, MessageStatus::Dead).await?;
    let waited = drop_unwanted(conn, &plans, patient, MessageStatus::Queued).await?;
    go_on(conn, &waited, now).await
}

/// Drops what was written for some plans, stands there, and would go a way that its patient does not want, or to a number that is none of
/// theirs. Who has said nothing is written to by mail. Says for which plans.
async fn drop_unwanted(
    conn: &mut PgConnection,
    plans: &[Uuid],
    patient: PatientId,
    status: MessageStatus,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "update notifications.message set status = $4, recipient = null, subject = null, body_text = null, \
         body_html = null, calendar = null, unsubscribe_url = null \
         where event_id = any($1) and status = $3 and recipient is not null and not exists ( \
             select from notifications.contact where contact.patient_id = $2 and message.channel = any(contact.contact_by) \
                 and (message.channel <> $5 or message.recipient = contact.mobile)) \
             and (channel = $5 or exists (select from notifications.contact where contact.patient_id = $2)) \
         returning event_id",
        plans,
        patient.0,
        status.code(),
        MessageStatus::Dropped.code(),
        ContactChannel::Sms.code(),
    )
    .fetch_all(conn)
    .await
}

/// Has locked plans whose message was dropped written anew at the next look, by a way that is left; one that has none ends.
async fn go_on(conn: &mut PgConnection, plans: &[Uuid], now: Timestamp) -> sqlx::Result<()> {
    for plan in plans {
        let left = left(conn, *plan).await?;
        if left.is_empty() {
            mark_dropped(conn, EventId::from(*plan), Why::Unwanted).await?;
            continue;
        }
        sqlx::query!(
            "update notifications.message_plan set state = $2, channels = $3, due_at = $4 where message_plan_id = $1",
            *plan,
            PlanState::Planned.code(),
            &left,
            now.to_sqlx() as jiff_sqlx::Timestamp,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The ways of a reminder that it has not gone yet and that its patient wants; a guest is written to by mail.
async fn left(conn: &mut PgConnection, plan: Uuid) -> sqlx::Result<Vec<String>> {
    let row = sqlx::query!(
        r#"select plan.kind, contact.contact_by as "wanted?", array(
               select message.channel from notifications.message where message.event_id = plan.message_plan_id
           ) as "gone!"
           from notifications.message_plan as plan
               left join notifications.booking_owner using (booking_id)
               left join notifications.contact using (patient_id)
           where plan.message_plan_id = $1"#,
        plan,
    )
    .fetch_one(conn)
    .await?;
    let unknown = || sqlx::Error::Decode("the database holds an unknown kind of reminder".into());
    let kind = Kind::from_code(&row.kind).ok_or_else(unknown)?;
    let (gone, wanted) = (read_channels(&row.gone)?, row.wanted.as_deref().map(read_channels).transpose()?);
    let wanted = wanted.unwrap_or_else(|| vec![ContactChannel::Email]);
    let left = kind.channels().into_iter().filter(|way| wanted.contains(way) && !gone.contains(way));
    Ok(left.map(|way| way.code().to_owned()).collect())
}
