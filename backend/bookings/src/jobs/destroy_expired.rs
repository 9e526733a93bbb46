//! Destroys the records of bookings whose time is over (C-43), each in a transaction of its own, fifty in a row, each hour. Whose
//! last day has not come is noted with that day. A failure leaves them due, and fails the job once the others are looked at.

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
    retention::{Destroyed, register},
};
use shared_types::{BookingId, Zone, bookings::BookingsEvent};
use sqlx::PgConnection;

use super::one_by_one::OneByOne;
use crate::{
    state::State,
    store::retention::{self, Record},
};

const BATCH: u64 = 50;

/// One batch. Says how many records were looked at.
pub async fn destroy_expired(state: State) -> Result<u64> {
    let (core, mut run) = (&state.core, OneByOne::new());
    let today = Zone::SYDNEY.date(core.now());
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let Some(due) = retention::claim_due(&mut tx, &run.failed, today).await? else { break };
        let looked_at = look_at(&mut tx, core, due, today).await;
        run.settle(core, tx, due, looked_at).await?;
    }
    run.end()
}

async fn look_at(conn: &mut PgConnection, core: &Core, due: BookingId, today: Date) -> Result<()> {
    let record = retention::records(conn, &[due]).await?.pop().context("the booking is there")?;
    let until = record.keep_until();
    if until < today {
        destroy(conn, core, &record).await?;
    } else {
        retention::keep(conn, due, until).await?;
    }
    Ok(())
}

async fn destroy(conn: &mut PgConnection, core: &Core, record: &Record) -> sqlx::Result<()> {
    let booking_id = record.booking_id;
    retention::destroy(conn, booking_id).await?;
    let name = Some(record.name.clone());
    let destroyed = Destroyed { class: "booking", name, rows: 1, from: record.from, until: record.until };
    register(conn, core, &destroyed).await?;
    let entry = audit::Entry {
        actor: Actor::System("bookings.destroy_expired"),
        action: "destroy_booking",
        resource: booking_id.into(),
        whose: record.patient_id,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    let about = About { aggregate: "booking_record", id: booking_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &BookingsEvent::BookingDestroyed { booking_id }).await?;
    Ok(())
}
