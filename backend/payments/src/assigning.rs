//! Asks patients of bulk-billed visits for their assignment of benefit, and sees to it that what they agreed to still fits the visit.
//!
//! A booking's patient is asked when it is confirmed, once the practice has said under which number its practitioner claims; staff can
//! ask later, and after the visit for its items. What was agreed to is superseded when something changes that matters. An enduring
//! assignment that holds on the day makes the question needless.

pub mod agreeing;
mod identity;
mod offering;
pub mod receipt;

use anyhow::Result;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose, Resource},
};
use shared_types::{
    BookingId,
    bookings::AppointmentFact,
    payments::assignment::{AssignmentDocument, AssignmentStatus},
};
use sqlx::PgConnection;

use self::identity::keep_claimant;
pub use self::{
    identity::{keep_card, open},
    offering::{Asked, live, offer, supersede, tell, write},
};
use crate::{
    claiming,
    domain::assignment::{StepBy, answer_by, category_words, is_material},
    field_cipher::FieldCipher,
    store::{
        assignment::{self, Row},
        claimant, funding, schedule,
    },
};

/// A bulk-billed visit is confirmed, or moved: keeps whose it is, and asks for what is not agreed to yet. Does nothing for others.
///
/// # Errors
/// When the database fails, or what was kept of the booking does not open.
pub async fn booked(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> Result<()> {
    if !fact.bulk_billed {
        return Ok(());
    }
    let Some(visit) = keep_claimant(conn, core, cipher, fact).await? else { return Ok(()) };
    let category = category_of(conn, &visit).await?;
    let identity = open(cipher, &visit)?;
    // Without a provider number, or before the text is known, staff ask once it is there.
    let Some(document) = write(conn, core, &visit, &identity, &Asked::Pre(category.clone())).await? else {
        return Ok(());
    };
    let good = assignment::good_for(conn, fact.booking_id, visit.service_on).await?;
    let live = live(conn, fact.booking_id).await?;
    match live {
        // Nobody is asked, so nobody says which card it is: the one that is kept for them, if any.
        None if good.is_some() => {
            keep_card(conn, core, cipher, fact.booking_id, None).await?;
            Ok(())
        }
        None => {
            let new = offer(conn, core, &visit, Asked::Pre(category), document).await?;
            Ok(note(conn, core, &new, "offer_assignment").await?)
        }
        Some(live) if still_fits(&live, &document) => {
            let until = answer_by(core.now(), visit.ends_at);
            Ok(assignment::set_answer_by(conn, live.assignment.assignment_id, until).await?)
        }
        Some(live) => {
            let old = supersede(conn, core, live).await?;
            let new = offer(conn, core, &visit, Asked::Pre(category), document).await?;
            assignment::point_to(conn, old.assignment.assignment_id, new.assignment.assignment_id).await?;
            Ok(note(conn, core, &new, "offer_assignment").await?)
        }
    }
}

/// A visit that is over is bulk billed after all: keeps whose it is, with the card that is kept for them. What is agreed to after a visit
/// names its items, so staff ask for it.
///
/// # Errors
/// As [`booked`].
pub async fn over(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    fact: &AppointmentFact,
) -> Result<()> {
    if keep_claimant(conn, core, cipher, fact).await?.is_some() {
        keep_card(conn, core, cipher, fact.booking_id, None).await?;
    }
    Ok(())
}

/// The visit will not take place: nobody is asked about it any more, and what was agreed to for it is of no use.
///
/// # Errors
/// When the database fails.
pub async fn called_off(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> Result<()> {
    let Some(live) = live(conn, booking_id).await? else { return Ok(()) };
    match live.assignment.status {
        AssignmentStatus::Offered | AssignmentStatus::DeliveryFailed | AssignmentStatus::Assigned => {
            let row = assignment::step(conn, core, live, AssignmentStatus::Void, StepBy::System).await?;
            tell(conn, core, &row, None).await?;
            note(conn, core, &row, "void_assignment").await?;
            claiming::assignment_changed(conn, core, booking_id).await
        }
        // A claim rests on it.
        AssignmentStatus::ReliedOn
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => Ok(()),
    }
}

/// What the visit is called before it is given: its usual items' category, or what the practice calls it.
async fn category_of(conn: &mut PgConnection, visit: &claimant::Row) -> Result<String> {
    let Some(of_type) = visit.appointment_type_id else { return Ok(visit.service_name.clone()) };
    let rules = funding::find(conn, visit.organization_id, of_type).await?;
    let first = rules.rules.iter().find_map(|(_, rule)| rule.item_numbers.first());
    let category = match first {
        Some(item) => schedule::category_on(conn, item, visit.service_on).await?,
        None => None,
    };
    let words = category.as_deref().and_then(category_words);
    Ok(words.map_or_else(|| visit.service_name.clone(), str::to_owned))
}

/// Whether the visit is still what was agreed to. Staff may have called it something else than its items' category.
fn still_fits(live: &Row, document: &AssignmentDocument) -> bool {
    let agreed = AssignmentDocument {
        service_category: document.service_category.clone(),
        ..live.assignment.document.clone()
    };
    !is_material(&agreed, document)
}

/// Notes what followed from an event, in the event's own transaction.
async fn note(conn: &mut PgConnection, core: &Core, row: &Row, action: &'static str) -> sqlx::Result<()> {
    let of_practice = || Resource::from(row.assignment.organization_id);
    let entry = Entry {
        actor: Actor::System("payments.inbox"),
        action,
        resource: row.assignment.booking_id.map_or_else(of_practice, Resource::from),
        whose: row.patient_id,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
