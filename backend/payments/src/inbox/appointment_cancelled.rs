//! An appointment will not take place: its payment is void.

use anyhow::Context as _;
use kernel::Core;
use shared_types::bookings::AppointmentFact;
use sqlx::PgConnection;

use super::note;
use crate::{domain::payment::Payment, store};

/// Voids the payment. When the confirmation has not arrived yet, the payment is stored void already, so that the
/// confirmation finds it and does nothing.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> anyhow::Result<()> {
    let payment = Payment::not_required(core.id(), fact).void();
    let context = || format!("voiding the payment of booking {}", fact.booking_id);
    let changed = store::payment::void_payment(conn, &payment, core.now()).await.with_context(context)?
        || store::payment::create_payment(conn, &payment, core.now()).await.with_context(context)?;
    if changed {
        note(conn, core, "void_payment", fact.booking_id).await?;
    }
    Ok(())
}
