//! An appointment takes place at another time: the money follows the booking, and what is planned follows the start.

use kernel::Core;
use shared_types::{bookings::AppointmentFact, payments::PaymentStatus};
use sqlx::PgConnection;

use crate::{
    domain::payment::{Change, TakenBy},
    settle::settle,
    store,
};

/// Plans it anew.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> anyhow::Result<()> {
    let Some(payment) = store::payment::lock(conn, fact.booking_id).await? else { return Ok(()) };
    // Where nothing is collected, nothing is planned.
    if payment.status == PaymentStatus::NotRequired {
        return Ok(());
    }
    settle(conn, core, payment, Change::Moved { start: fact.start }, TakenBy::Bookings).await?;
    Ok(())
}
