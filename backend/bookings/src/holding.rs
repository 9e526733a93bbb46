//! A hold as it begins: for somebody who asks, for somebody who waits, and for a time that a practice proposes.

use std::ops::Range;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, BookingId, HoldId, OrganizationId, PractitionerRoleId,
    bookings::{HoldStatus, Quote},
    payments::{eligibility::eligibility_on, funding::Cohort, quote::QuoteTerms, rules},
};
use sqlx::PgConnection;

use crate::{
    domain::{Offer, Uncharged, rule_for, sign_quote, uncharged},
    state::State,
    store::{
        appointment::AppointmentRow,
        calendar::{Calendar, TypeRow},
        funding,
        group::Session,
        hold::HoldRow,
        offered::Offered,
        reservation::Place,
    },
};

/// What a visit of a type costs somebody at a start, by the rules of this moment; or why nobody can be charged for it, where the practice
/// bulk bills every eligible service. That goes by the day of the visit and by what was last told of that day, never by when a rule was
/// written, and a type of which nothing was said is no exception.
///
/// # Errors
/// When the database fails.
pub async fn offer(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    start: Timestamp,
    cohort: Option<Cohort>,
) -> Result<Result<Offer, Uncharged>> {
    let plain = |row: &TypeRow| Offer::at_practice(row.appointment_type(), calendar.policy_of(row));
    let Some(practice) = calendar.role.organization_id else { return Ok(Ok(plain(row))) };
    let day = calendar.role.time_zone.date(start);
    let rules = funding::rules_of(conn, practice, row.appointment_type_id).await?;
    let offer = match rule_for(&rules, cohort) {
        None => plain(row),
        Some(rule) => {
            let collects = funding::collects(conn, practice).await?;
            // The rule says who pays, whoever pays for everybody else.
            let row = TypeRow { bulk_billed: false, ..row.clone() };
            plain(&row).by_rule(rule, cohort, day, collects)
        }
    };
    if !offer.charges() {
        return Ok(Ok(offer));
    }
    let Some(days) = funding::bulk_billing_binds(conn, practice, row.appointment_type_id).await? else {
        return Ok(Ok(offer));
    };
    Ok(match uncharged(&rules, cohort, eligibility_on(&days, day)) {
        Some(why) => Err(why),
        None => Ok(offer),
    })
}

/// Why a booked visit cannot take its price along to another start: it could be charged for on its own day, and on the other one it
/// cannot. What is booked and stays where it is stays as it was quoted.
///
/// # Errors
/// When the database fails.
pub async fn stays_behind(
    conn: &mut PgConnection,
    calendar: &Calendar,
    visit: &AppointmentRow,
    start: Timestamp,
) -> Result<Option<Uncharged>> {
    let of = &visit.appointment_type;
    let Some(practice) = calendar.role.organization_id else { return Ok(None) };
    if of.bulk_billed || of.price_cents <= AudCents::ZERO {
        return Ok(None);
    }
    let Some(days) = funding::bulk_billing_binds(conn, practice, of.appointment_type_id).await? else {
        return Ok(None);
    };
    let rules = funding::rules_of(conn, practice, of.appointment_type_id).await?;
    let zone = calendar.role.time_zone;
    let why = |at| uncharged(&rules, visit.money.cohort, eligibility_on(&days, zone.date(at)));
    Ok(why(start).filter(|_| why(visit.starts_at).is_none()))
}

/// A hold with its offer signed, good until it ends. Price, policy, zone and rules are as they are at this moment.
pub fn begin(
    state: &State,
    (role, practice): (PractitionerRoleId, Option<OrganizationId>),
    (offer, offered): (Offer, Offered),
    visit: &Range<Timestamp>,
    expires_at: Timestamp,
) -> HoldRow {
    let (hold_id, booking_id): (HoldId, BookingId) = (state.core.id(), state.core.id());
    HoldRow {
        hold_id,
        booking_id,
        practitioner_role_id: role,
        starts_at: visit.start,
        ends_at: visit.end,
        status: HoldStatus::Active,
        expires_at,
        quote: quote(state, (hold_id, booking_id), practice, &offer, (visit.start, expires_at)),
        appointment_type: offer.appointment_type,
        policy: offer.policy,
        cohort: offer.cohort,
        offered,
    }
}

/// The offer for a hold, signed. Where a payment is needed it outlives the hold by the time that a booking waits for one.
pub fn quote(
    state: &State,
    (hold_id, booking_id): (HoldId, BookingId),
    practice: Option<OrganizationId>,
    offer: &Offer,
    (start, expires_at): (Timestamp, Timestamp),
) -> Quote {
    let price = offer.appointment_type.price_cents;
    let terms = practice.map(|organization_id| QuoteTerms {
        hold_id,
        organization_id,
        appointment_type_id: offer.appointment_type.appointment_type_id,
        start,
        funding: offer.funding,
        collection: offer.collection,
        tax_code: offer.tax_code,
        total_cents: price,
        deposit_cents: offer.deposit_cents,
        late_fee_cents: offer.policy.late_fee_cents,
        no_show_fee_cents: offer.no_show_fee_cents,
        free_until_hours: offer.policy.free_until_hours,
    });
    let waits = terms.as_ref().is_some_and(QuoteTerms::needs_payment_step);
    let binds_until = if waits { pay_until(expires_at) } else { expires_at };
    let quote = Quote {
        quote_id: state.core.id(),
        booking_id,
        fee_cents: price,
        rebate_cents: offer.rebate_cents,
        gap_cents: rules::gap(price, offer.rebate_cents),
        expires_at: binds_until,
        terms,
        kid: String::new(),
        signature: String::new(),
    };
    sign_quote(quote, &state.signer)
}

/// Until when a booking whose details are given now waits for its payment.
pub fn pay_until(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_mins(rules::AWAITING_MINUTES)).unwrap_or(now)
}

/// A visit with its buffers.
pub fn during(row: &TypeRow, visit: &Range<Timestamp>) -> Range<Timestamp> {
    let before = SignedDuration::from_mins(row.buffer_before_minutes.into());
    let after = SignedDuration::from_mins(row.buffer_after_minutes.into());
    visit.start.saturating_sub(before).unwrap_or(visit.start)
        ..visit.end.saturating_add(after).unwrap_or(visit.end)
}

/// What a visit of a type takes, with whom it is offered; in a group, a seat of the session that starts then.
pub fn place(calendar: &Calendar, row: &TypeRow, visit: &Range<Timestamp>) -> Place {
    let session = row.seats.and_then(|seats| i16::try_from(seats).ok()).map(|seats| Session {
        practitioner_role_id: calendar.role.practitioner_role_id,
        appointment_type_id: row.appointment_type_id,
        start: visit.start,
        seats,
    });
    Place { resources: calendar.takes(row), during: during(row, visit), fit_in: false, session }
}
