//! Who reads a letter about an appointment: whoever is told of it now, in the language of its patient.

use shared_types::bookings::AppointmentFact;
use sqlx::PgConnection;

use crate::{
    domain::reader::Reader,
    store::{contact, owner, preference},
};

/// What is known of them. A guest has said nothing.
pub async fn of(conn: &mut PgConnection, fact: &AppointmentFact) -> sqlx::Result<Reader> {
    let reader = Reader::of(contact::locale(conn, fact.booking_id).await?);
    let told = owner::told(conn, fact.booking_id, fact.account_id).await?;
    let Some(account_id) = told else { return Ok(reader) };
    let wants = preference::find(conn, account_id).await?;
    Ok(Reader { own: wants.time_zone, names: wants.names, ..reader })
}
