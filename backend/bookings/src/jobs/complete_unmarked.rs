//! Has visits that nobody marked count as having taken place, fourteen hours after their start: each in a transaction of its own,
//! fifty in a row. The history says that nobody pressed a button, and the patient is told, who can say for a week that it did not
//! take place. A failure leaves them due, and fails the job once the others are done.

use anyhow::{Context as _, Result};
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AppointmentId,
    bookings::{BookingsEvent, PresumedFact},
};
use sqlx::PgConnection;

use super::one_by_one::OneByOne;
use crate::{
    domain::{Standing, Step, UNMARKED, dispute_by},
    routes::views::appointment_fact,
    state::State,
    steps,
    store::{appointment, calendar},
};

const BATCH: u64 = 50;

/// One batch.
pub async fn complete_unmarked(state: State) -> Result<u64> {
    let (core, mut run) = (&state.core, OneByOne::new());
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let began_before = core.now().saturating_sub(UNMARKED)?;
        let due = appointment::claim_unmarked(&mut tx, &run.failed, began_before).await?;
        let Some(due) = due else { break };
        let completed = complete(&mut tx, core, due).await;
        run.settle(core, tx, due, completed).await?;
    }
    run.end()
}

async fn complete(conn: &mut PgConnection, core: &Core, due: AppointmentId) -> Result<()> {
    let step = (Step::CompleteUnmarked, "bookings.complete_unmarked", "complete_unmarked");
    if steps::take_by_itself(conn, core, due, step, Standing::complete_unmarked).await? {
        tell_patient(conn, core, due).await?;
    }
    Ok(())
}

/// Tells it. A guest has no account in which they could dispute it, so their manage link is renewed and lives for as long.
async fn tell_patient(conn: &mut PgConnection, core: &Core, id: AppointmentId) -> Result<()> {
    let row = appointment::by_id(conn, id).await?.context("the appointment is there")?;
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = calendar::load(conn, row.practitioner_role_id, day, day).await?;
    let calendar = calendar.context("the appointment's role is there")?;
    let dispute_by = dispute_by(core.now());
    let token = match row.account_id {
        Some(_) => None,
        None => steps::renew_link(conn, core, &row, dispute_by).await?,
    };
    let version = i64::from(row.sequence) + 1;
    let about = About { aggregate: "presumed_visit", id: row.booking_id.to_string(), version };
    let appointment = appointment_fact(&row, &calendar, token);
    let told = BookingsEvent::VisitPresumed(PresumedFact { appointment, dispute_by });
    outbox::tell(conn, core, about, &told).await?;
    Ok(())
}
