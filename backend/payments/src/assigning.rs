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
    payments::assignment::{AssignmentDocument, AssignmentKind, AssignmentStatus, USUAL_SORT},
};
use sqlx::PgConnection;

use self::identity::{keep_claimant, keep_known_card};
pub use self::{
    identity::{keep_card, keep_card_of_patient, open},
    offering::{Asked, live, offer, supersede, tell, write},
};
use crate::{
    claiming,
    domain::assignment::{StepBy, answer_by, is_material, names_sorts, sorts_of},
    field_cipher::FieldCipher,
    store::{
        assignment::{self, Row},
        claim, claimant, schedule,
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
    ask(conn, core, cipher, &visit).await
}

/// Asks anew for a visit that is still to come, where its patient agreed, or is asked, to another number than its practitioner claims under
/// by now, or in words that cover no item. Does nothing where it fits. Visits that are over are claimed under the number that was agreed
/// to, or not before staff have asked.
///
/// # Errors
/// As [`booked`].
pub async fn anew(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    booking_id: BookingId,
) -> Result<()> {
    let Some(visit) = claimant::find(conn, booking_id).await? else { return Ok(()) };
    ask(conn, core, cipher, &visit).await
}

/// An enduring assignment is good no more: claims that cannot rest on it any longer and are not lodged wait for another one, and its
/// patient is asked for the visits to come of which they were not, since it was good for them. One that was taken back still covers the
/// visits that were over by then.
///
/// # Errors
/// As [`booked`].
pub async fn enduring_ended(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    row: &Row,
) -> Result<()> {
    let of = &row.assignment;
    if let Some(patient_id) = row.patient_id {
        for booking_id in claimant::never_asked(conn, of.organization_id, patient_id, core.now()).await? {
            if let Some(visit) = claimant::find(conn, booking_id).await? {
                ask(conn, core, cipher, &visit).await?;
            }
        }
    }
    for booking_id in claim::resting_on(conn, of.assignment_id).await? {
        claiming::assignment_changed(conn, core, booking_id).await?;
    }
    Ok(())
}

/// An enduring assignment is agreed to: claims of its patient that wait, for visits since, can rest on it.
///
/// # Errors
/// When the database fails.
pub async fn enduring_agreed(conn: &mut PgConnection, core: &Core, row: &Row) -> Result<()> {
    let Some(patient_id) = row.patient_id else { return Ok(()) };
    let whose = (row.assignment.organization_id, patient_id);
    for booking_id in claim::waiting_of_patient(conn, whose).await? {
        claiming::assignment_changed(conn, core, booking_id).await?;
    }
    Ok(())
}

/// Asks for what is not agreed to yet for a visit as it stands. What was agreed to for something else is superseded.
async fn ask(
    conn: &mut PgConnection,
    core: &Core,
    cipher: &FieldCipher,
    visit: &claimant::Row,
) -> Result<()> {
    let booking_id = visit.booking_id;
    let live = live(conn, booking_id).await?;
    let (category, asked_by) = match staff_words(conn, live.as_ref()).await? {
        Some(words) => (words, StepBy::Practice),
        None => (category_of(conn, visit).await?, StepBy::System),
    };
    let identity = open(cipher, visit)?;
    let asked = Asked::Pre(category);
    // Without a provider number, or before the text is known, staff ask once it is there.
    let Some(document) = write(conn, core, visit, &identity, &asked).await? else {
        return Ok(());
    };
    let Some(live) = live else {
        let number = Some(document.provider_number.as_str());
        let good = claiming::rests_on(conn, booking_id, visit.service_on, number, &[]).await?;
        // Nobody is asked, so nobody says which card it is.
        if good.is_some() {
            return keep_known_card(conn, core, cipher, visit).await;
        }
        let new = offer(conn, core, visit, asked, document, asked_by).await?;
        return Ok(note(conn, core, &new, "offer_assignment").await?);
    };
    if still_fits(&live, &document) {
        let until = answer_by(core.now(), visit.ends_at);
        return Ok(assignment::set_answer_by(conn, live.assignment.assignment_id, until).await?);
    }
    let old = supersede(conn, core, live).await?;
    let new = offer(conn, core, visit, asked, document, asked_by).await?;
    assignment::point_to(conn, old.assignment.assignment_id, new.assignment.assignment_id).await?;
    Ok(note(conn, core, &new, "offer_assignment").await?)
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

/// What staff asked for, where they did: they may know better than the rules what the visit brings. Words that name no sort are no
/// knowledge: nothing is claimed on them.
async fn staff_words(conn: &mut PgConnection, live: Option<&Row>) -> Result<Option<String>> {
    let Some(live) = live else { return Ok(None) };
    let by_staff = assignment::is_asked_by_staff(conn, live.assignment.assignment_id).await?;
    let words = live.assignment.document.service_category.clone();
    Ok(words.filter(|words| by_staff && names_sorts(words)))
}

/// What the visit is called before it is given: the sorts of its usual items. Where these are not known it is what most visits are, and
/// items of another sort are asked for by name after it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn category_of(conn: &mut PgConnection, visit: &claimant::Row) -> Result<String> {
    let items = claiming::usual_items(conn, visit).await?;
    let incentives = schedule::incentives_among(conn, &items, visit.service_on).await?;
    let mut categories = Vec::new();
    for item in items.iter().filter(|item| !incentives.contains(item)) {
        categories.extend(schedule::category_on(conn, item, visit.service_on).await?);
    }
    Ok(sorts_of(&categories).unwrap_or_else(|| USUAL_SORT.to_owned()))
}

/// Whether the visit is still what was agreed to, or is asked for.
fn still_fits(live: &Row, document: &AssignmentDocument) -> bool {
    let agreed = &live.assignment.document;
    match live.assignment.kind {
        AssignmentKind::Pre => !is_material(agreed, document),
        // Its items are agreed to by name, and what sort they are of says no more.
        AssignmentKind::Post | AssignmentKind::Enduring => {
            let service_category = agreed.service_category.clone();
            !is_material(agreed, &AssignmentDocument { service_category, ..document.clone() })
        }
    }
}

/// Notes what followed from an event, in the event's own transaction.
async fn note(conn: &mut PgConnection, core: &Core, row: &Row, action: &'static str) -> sqlx::Result<()> {
    let of_practice = || Resource::from(row.assignment.organization_id);
    let entry = Entry {
        actor: Actor::System("payments.assigning"),
        action,
        resource: row.assignment.booking_id.map_or_else(of_practice, Resource::from),
        whose: row.patient_id,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
