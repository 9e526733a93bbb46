//! Claims for bulk-billed visits, from the visit to the ledger.
//!
//! A claim is drafted when its visit is completed, waits for the patient's assignment, and is lodged when staff say so, as long as the
//! visit counts as completed: where that is taken back, so is what is not lodged. What is sent has an id that is written down before,
//! with the claim, in one transaction: whatever crashes, the id says afterwards whether the message arrived. Nothing is sent twice
//! without asking first, and an item of a visit belongs to one claim that stands; both are the database's to see to. Tested against a
//! simulator written from public material; not certified by Services Australia.

mod compose;
mod lodging;
mod offsetting;
mod reporting;
mod resting;
mod returning;
mod telling;
#[cfg(test)]
mod tests;

use anyhow::Result;
use jiff::civil::Date;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    BookingId, Zone,
    bookings::AppointmentFact,
    payments::{
        ClaimFact, PaymentsEvent,
        claim::{ClaimStatus, ServiceType},
        funding::FundingMode,
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::{
    compose::{Wanted, claimed, compose, create},
    lodging::{CannotLodge, asking, begin_lodging, lodge_next},
    offsetting::{CannotOffset, offset},
    reporting::{ask_next, awaits_report, has_stopped},
    resting::rests_on,
    returning::{CannotReturn, WentBack, give_back},
    telling::{CannotTell, told},
};
use crate::{
    domain::claim::{Claim, Service, StepBy, is_lodged},
    store::{
        claim::{self, StoreError},
        claimant, funding,
    },
};

/// The zone by whose calendar a claim is late: the east's, where the day ends first, so that none is sent a day too late.
pub const CLAIM_ZONE: Zone = Zone::SYDNEY;

/// Drafts the claim of a bulk-billed visit that is over, of the items that its appointment type usually has. Does nothing for others,
/// nor where there is a claim already that was not taken back.
///
/// # Errors
/// When the database fails.
pub async fn draft(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> Result<()> {
    if !fact.bulk_billed || claim::has_any_left(conn, fact.booking_id).await? {
        return Ok(());
    }
    // Without the patient's details staff draft it themselves.
    let Some(visit) = claimant::find(conn, fact.booking_id).await? else { return Ok(()) };
    let mut wanted = Wanted {
        service_type: ServiceType::General,
        item_numbers: usual_items(conn, &visit).await?,
        payee_provider_number: None,
        referral: None,
        referral_override: None,
        relodges: None,
    };
    let created = create(conn, core, &visit, &wanted, StepBy::System).await?;
    if created.is_err() {
        // An item that is not in force any more: staff choose another.
        wanted.item_numbers.clear();
        let emptied = create(conn, core, &visit, &wanted, StepBy::System).await?;
        anyhow::ensure!(emptied.is_ok(), "a claim without items names none that is wrong");
    }
    Ok(())
}

/// The items of the appointment type's rule for who is bulk billed; where nobody is by a rule, those that Medicare pays part of. A visit
/// that was to be paid for may be bulk billed all the same.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn usual_items(conn: &mut PgConnection, visit: &claimant::Row) -> Result<Vec<String>> {
    let Some(of_type) = visit.appointment_type_id else { return Ok(Vec::new()) };
    let rules = funding::find(conn, visit.organization_id, of_type).await?.plain();
    let of = |mode: FundingMode| rules.iter().find(|rule| rule.mode == mode && !rule.item_numbers.is_empty());
    let rule = of(FundingMode::BulkBilled).or_else(|| of(FundingMode::Private));
    Ok(rule.map(|rule| rule.item_numbers.clone()).unwrap_or_default())
}

/// An assignment of a booking has changed: its claims that are not lodged wait for one, or can be lodged now.
///
/// # Errors
/// When the database fails.
pub async fn assignment_changed(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> Result<()> {
    for claim_id in claim::of_booking(conn, booking_id).await? {
        let Some(before) = claim::lock(conn, claim_id).await? else { continue };
        match before.status {
            ClaimStatus::Draft | ClaimStatus::AssignmentPending | ClaimStatus::Ready => {
                let services = claim::services(conn, claim_id).await?;
                let mut after = before.clone();
                let number = before.provider_number.as_deref();
                after.assignment_id =
                    rests_on(conn, booking_id, before.service_date, number, &services).await?;
                if after.assignment_id != before.assignment_id {
                    rest(conn, core, &before, after, &services, StepBy::Patient).await?;
                }
            }
            // What was sent stays as it was sent, and what was refused is looked at again when it is put right.
            ClaimStatus::Sending
            | ClaimStatus::Submitted
            | ClaimStatus::Processing
            | ClaimStatus::AssessedPaid
            | ClaimStatus::AssessedPart
            | ClaimStatus::AssessedRejected
            | ClaimStatus::AssessedManual
            | ClaimStatus::PaymentReported
            | ClaimStatus::Reconciled
            | ClaimStatus::Refused
            | ClaimStatus::GatewayError
            | ClaimStatus::Withdrawn
            | ClaimStatus::Adjusted => {}
        }
    }
    Ok(())
}

/// Whether Medicare has none of a booking's claims, or paid nothing for those that it had: what they rested on can be agreed to anew.
///
/// # Errors
/// When the database fails.
pub async fn pays_nothing(conn: &mut PgConnection, booking_id: BookingId) -> Result<bool> {
    for claim_id in claim::of_booking(conn, booking_id).await? {
        let Some(claim) = claim::lock(conn, claim_id).await? else { continue };
        if is_lodged(claim.status) && claim.status != ClaimStatus::AssessedRejected {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The visit did not take place after all: its claims that Medicare does not have are taken back.
///
/// # Errors
/// When the database fails.
pub async fn called_off(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> Result<()> {
    claimant::set_completed(conn, booking_id, None).await?;
    take_back_all(conn, core, booking_id, |_| true).await
}

/// That the visit was over is taken back: so are its claims that Medicare does not have. One that is about to be sent is not sent any more
/// (`lodging.rs`).
///
/// # Errors
/// When the database fails.
pub async fn not_over(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> Result<()> {
    take_back_all(conn, core, booking_id, |_| true).await
}

/// The visit is on this day now: claims that were drafted for another one, and that Medicare does not have, are taken back.
///
/// # Errors
/// When the database fails.
pub async fn moved(conn: &mut PgConnection, core: &Core, booking_id: BookingId, on: Date) -> Result<()> {
    take_back_all(conn, core, booking_id, |claim| claim.service_date != on).await
}

/// Takes those of a booking's claims back that Medicare does not have.
async fn take_back_all(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    which: impl Fn(&Claim) -> bool,
) -> Result<()> {
    for claim_id in claim::of_booking(conn, booking_id).await? {
        let Some(before) = claim::lock(conn, claim_id).await? else { continue };
        if !is_lodged(before.status) && before.status != ClaimStatus::Withdrawn && which(&before) {
            take_back(conn, core, &before).await?;
        }
    }
    Ok(())
}

/// Takes a claim back by itself, so that its services can be claimed anew.
async fn take_back(conn: &mut PgConnection, core: &Core, before: &Claim) -> Result<()> {
    let after = before.step(ClaimStatus::Withdrawn, core.now())?;
    take(conn, core, before, &after, StepBy::System, None).await?;
    Ok(claim::release_services(conn, before.claim_id).await?)
}

/// Writes a claim that is not lodged, to where what it holds puts it, and gives it as it is now.
///
/// # Errors
/// When a charge stands, somebody was quicker, or the database fails.
pub async fn rest(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    after: Claim,
    services: &[Service],
    by: StepBy,
) -> Result<Claim> {
    let now = core.now();
    let to = after.readiness(services);
    let after = if to == before.status {
        Claim { version: after.version + 1, updated_at: now, ..after }
    } else {
        after.step(to, now)?
    };
    take(conn, core, before, &after, by, None).await?;
    Ok(after)
}

/// Writes a step: the claim and its history, the log where it was no person's, and the event.
///
/// # Errors
/// A [`StoreError`] when a charge stands or somebody was quicker; else when the database fails.
pub async fn take(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    after: &Claim,
    by: StepBy,
    posting_id: Option<Uuid>,
) -> Result<()> {
    claim::change(conn, before.status, after, by, posting_id).await?;
    match by {
        // Who acts writes the entry itself, with their name.
        StepBy::Practice => {}
        StepBy::Patient | StepBy::Medicare | StepBy::System => note(conn, core, after).await?,
    }
    tell(conn, core, after).await
}

/// Tells where a claim stands.
///
/// # Errors
/// When the database fails.
pub async fn tell(conn: &mut PgConnection, core: &Core, claim: &Claim) -> Result<()> {
    let about =
        About { aggregate: "claim", id: claim.claim_id.to_string(), version: i64::from(claim.version) };
    let fact = ClaimFact {
        claim_id: claim.claim_id,
        booking_id: claim.booking_id,
        status: claim.status,
        is_lodged: is_lodged(claim.status),
    };
    outbox::tell(conn, core, about, &PaymentsEvent::ClaimChanged(fact)).await?;
    Ok(())
}

/// Writes down that a claim took a step by itself.
///
/// # Errors
/// When the database fails.
pub async fn note(conn: &mut PgConnection, core: &Core, claim: &Claim) -> Result<()> {
    let entry = Entry {
        actor: Actor::System("payments.claiming"),
        action: "change_claim",
        resource: claim.booking_id.into(),
        whose: claim.patient_id,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}

/// What the tables refused, where they did.
pub fn refused(error: &anyhow::Error) -> Option<&StoreError> {
    error.downcast_ref()
}
