//! Which assignment of benefit a claim can rest on: one for its day, to its provider number, and for what it claims.

use anyhow::Result;
use jiff::civil::Date;
use shared_types::{AssignmentId, BookingId, payments::assignment::AssignmentKind};
use sqlx::PgConnection;

use crate::{
    domain::{assignment::is_for, claim::Service},
    store::{
        assignment::{self, Agreed},
        schedule,
    },
};

/// The assignment that a claim for these services of a booking on a day, under a provider number, can rest on: the booking's own, or an
/// enduring one of its patient. `None` where none was agreed to that is for all of it, so that the patient has to be asked anew. Incentives
/// go with the services that they are for.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn rests_on(
    conn: &mut PgConnection,
    booking_id: BookingId,
    on: Date,
    provider_number: Option<&str>,
    services: &[Service],
) -> Result<Option<AssignmentId>> {
    let Some(number) = provider_number else { return Ok(None) };
    let mut given = Vec::new();
    for service in services.iter().filter(|service| !service.is_incentive) {
        let category = schedule::category_on(conn, &service.item_number, on).await?;
        given.push((&service.item_number, category.unwrap_or_default()));
    }
    let agreed = assignment::agreed_for(conn, booking_id, on, number).await?;
    Ok(agreed.into_iter().find(|agreed| is_for_all(agreed, &given)).map(|agreed| agreed.assignment_id))
}

/// Before the visit a patient agrees to sorts of service, after it to items by name, and to no others.
fn is_for_all(agreed: &Agreed, given: &[(&String, String)]) -> bool {
    let sorts = agreed.service_category.as_deref().unwrap_or_default();
    given.iter().all(|(item, category)| match agreed.kind {
        AssignmentKind::Pre => is_for(sorts, category),
        AssignmentKind::Post => agreed.item_numbers.contains(item),
        AssignmentKind::Enduring => true,
    })
}
