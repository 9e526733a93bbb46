//! Destroys the records of bookings whose time is over (C-43), fifty at a time, each hour. Whose last day has not come is
//! noted with that day. A failure leaves them due.

use anyhow::Result;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
    retention::{Destroyed, register},
};
use shared_types::{Zone, bookings::BookingsEvent};
use sqlx::PgConnection;

use crate::{
    state::State,
    store::retention::{self, Record},
};

const BATCH: i64 = 50;

/// One batch. Says how many records were looked at.
pub async fn destroy_expired(state: State) -> Result<u64> {
    let core = &state.core;
    let today = Zone::SYDNEY.date(core.now());
    let mut tx = core.begin().await?;
    let due = retention::claim_due(&mut tx, today, BATCH).await?;
    for record in &due {
        let until = record.keep_until();
        if until < today {
            destroy(&mut tx, core, record).await?;
        } else {
            retention::keep(&mut tx, record.booking_id, until).await?;
        }
    }
    core.commit(tx).await?;
    Ok(due.len() as u64)
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
