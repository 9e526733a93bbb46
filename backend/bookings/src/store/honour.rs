//! How many of the appointments that people were promised a practice kept, from what became of each.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    OrganizationId,
    bookings::{dispute::ANSWER_HOURS, honour::HONOUR_DAYS},
};
use sqlx::PgConnection;

/// What counts of a practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many say something of the practice.
    pub all: i64,
    /// How many of those it kept.
    pub honoured: i64,
}

/// Counts a practice's appointments that were to start in the last [`HONOUR_DAYS`]. What is not ended or may still be disputed
/// by the practice says nothing yet. An appointment that was moved is found by its own start, and its successor by its own; one
/// that was moved back, or kept its start, was not moved away. Served by `role_organization_idx` and `appointment_role_time_idx`.
///
/// # Errors
/// When the database fails.
pub async fn count(
    conn: &mut PgConnection,
    organization: OrganizationId,
    now: Timestamp,
) -> sqlx::Result<Counted> {
    let before = |hours| now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(now);
    let row = sqlx::query!(
        r#"select count(*) filter (where outcome.kept is not null) as "all!",
               count(*) filter (where outcome.kept) as "honoured!"
           from bookings.role
               join bookings.appointment using (practitioner_role_id)
               left join bookings.dispute on dispute.appointment_id = appointment.appointment_id
               left join lateral (
                   select transition.step, transition.from_status, transition.reason, transition.taken_by, transition.taken_at
                   from bookings.appointment_transition transition
                   -- What took place is most of it, and its history is not looked at.
                   where appointment.status not in ('completed', 'no_show_patient')
                       and transition.appointment_id = appointment.appointment_id
                       and transition.to_status = appointment.status and transition.from_status <> transition.to_status
                   order by transition.version desc limit 1
               ) ended on true
               cross join lateral (
                   select case appointment.status
                       when 'completed' then case when dispute.status is distinct from 'open' then true end
                       when 'no_show_patient' then case
                           when dispute.status is null or dispute.status = 'rejected' then true
                           when dispute.status = 'upheld' and dispute.instead = 'did_not_go' then true
                       end
                       when 'cancelled_by_provider' then case
                           when ended.from_status <> 'awaiting_payment' and ended.reason is distinct from 'patient_asked'
                               then false
                       end
                       when 'expired' then case when ended.step = 'expire' then false end
                       when 'no_show_provider' then case
                           when dispute.opened_by = 'practice' and dispute.status = 'upheld' then true
                           when dispute.opened_by = 'practice' and dispute.status = 'open' then null
                           when dispute.dispute_id is null and ended.taken_by = 'patient' and ended.taken_at > $4
                               then null
                           else false
                       end
                       when 'rescheduled' then case
                           when ended.taken_by = 'practice' and ended.from_status <> 'awaiting_payment'
                               and ended.reason is distinct from 'patient_asked'
                               and not exists (
                                   select from bookings.appointment latest
                                       join bookings.appointment earlier on earlier.booking_id = latest.booking_id
                                   where latest.booking_id = appointment.booking_id and latest.status <> 'rescheduled'
                                       and earlier.sequence <= appointment.sequence
                                       and earlier.starts_at = latest.starts_at
                               ) then false
                       end
                   end as kept
               ) outcome
           where role.organization_id = $1 and appointment.starts_at > $2 and appointment.starts_at <= $3"#,
        organization as OrganizationId,
        before(24 * i64::from(HONOUR_DAYS)).to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        before(ANSWER_HOURS).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await?;
    Ok(Counted { all: row.all, honoured: row.honoured })
}
