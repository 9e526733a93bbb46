//! Telling an account something: where it looks, and on the devices where it wants to see that.

use jiff::Timestamp;
use kernel::Core;
use shared_types::{AccountId, Zone};
use sqlx::PgConnection;

use crate::{
    domain::{plan::Quiet, pushing::says_anew_of},
    store::{
        notice::{self, New},
        preference,
        push::{self, Queued},
    },
};

/// Tells it. Devices are silent in the night that the account has chosen: they are told the next morning, if it is still of use.
pub async fn tell(conn: &mut PgConnection, core: &Core, new: &New) -> sqlx::Result<()> {
    let (notice_id, now) = (core.id(), core.now());
    if !notice::tell(conn, notice_id, new, now).await? {
        return Ok(());
    }
    let New { account_id, kind, useful_until, .. } = *new;
    let booking_id = says_anew_of(kind, new.booking_id);
    let due = awake_from(conn, account_id, new.zone, now).await?;
    push::queue(conn, &Queued { notice_id, account_id, booking_id, due, useful_until }).await
}

/// The moment itself, or the next morning when it lies in the account's night; on the place's clocks where it has named none.
pub async fn awake_from(
    conn: &mut PgConnection,
    account_id: AccountId,
    place: Zone,
    instant: Timestamp,
) -> sqlx::Result<Timestamp> {
    let wants = preference::find(conn, account_id).await?;
    let zone = wants.time_zone.unwrap_or(place);
    Ok(Quiet { from: wants.quiet_from, until: wants.quiet_until, zone }.awake_from(instant))
}
