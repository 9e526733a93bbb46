//! An appointment is there, changed or gone: its reminders are planned anew, and what was planned before and is not sent yet is
//! dropped in the same transaction. So is what was said of another time that was proposed for it as it stood.

use jiff::Timestamp;
use kernel::Core;
use shared_types::bookings::AppointmentFact;
use sqlx::PgConnection;

use crate::{
    domain::plan::{Quiet, Why, is_reminded_of, plan},
    store::{appointment, notice, plan as store, text},
};

/// It takes place, at that time, or it does not.
pub async fn anew(
    conn: &mut PgConnection,
    core: &Core,
    fact: &AppointmentFact,
    told_at: Timestamp,
) -> sqlx::Result<()> {
    if !is_reminded_of(fact.status) {
        return no_more(conn, fact).await;
    }
    if !appointment::keep(conn, fact, true).await? {
        return Ok(());
    }
    store::drop_before(conn, fact.booking_id, fact.sequence, Why::Changed).await?;
    text::drop_outdated(conn, fact.booking_id).await?;
    notice::forget_reminders(conn, fact.booking_id).await?;
    notice::forget_proposals(conn, fact.booking_id).await?;
    let quiet = appointment::quiet_of(conn, fact.booking_id).await?;
    let quiet = quiet.unwrap_or_else(|| Quiet::at(fact.role.time_zone));
    for planned in plan(fact.start, quiet, told_at) {
        store::insert(conn, core.id(), fact.booking_id, fact.sequence, &planned, core.now()).await?;
    }
    Ok(())
}

/// Nobody need be reminded any more: it does not take place, or they said that they will come, or they have come.
pub async fn no_more(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<()> {
    let stands = is_reminded_of(fact.status);
    // Later news that came before stays.
    if !appointment::keep(conn, fact, stands).await? {
        return Ok(());
    }
    let why = if stands { Why::Answered } else { Why::Cancelled };
    if !stands {
        text::drop_outdated(conn, fact.booking_id).await?;
        notice::forget_reminders(conn, fact.booking_id).await?;
        notice::forget_proposals(conn, fact.booking_id).await?;
    }
    store::drop_before(conn, fact.booking_id, fact.sequence.saturating_add(1), why).await
}
