//! A hold as it begins: for somebody who asks, for somebody who waits, and for a time that a practice proposes.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, BookingId, PractitionerRoleId,
    bookings::{AppointmentType, CancellationPolicy, HoldStatus, Quote},
};

use crate::{
    domain::sign_quote,
    state::State,
    store::{
        calendar::{Calendar, TypeRow},
        group::Session,
        hold::HoldRow,
        reservation::Place,
    },
};

/// A hold with its offer signed, good until it ends. Price and policy are as they are at this moment.
pub fn begin(
    state: &State,
    practitioner_role_id: PractitionerRoleId,
    (appointment_type, policy): (AppointmentType, CancellationPolicy),
    visit: &Range<Timestamp>,
    expires_at: Timestamp,
) -> HoldRow {
    let core = &state.core;
    let booking_id: BookingId = core.id();
    let quote = Quote {
        quote_id: core.id(),
        booking_id,
        fee_cents: appointment_type.price_cents,
        rebate_cents: AudCents::ZERO,
        gap_cents: appointment_type.price_cents,
        expires_at,
        kid: String::new(),
        signature: String::new(),
    };
    HoldRow {
        hold_id: core.id(),
        booking_id,
        practitioner_role_id,
        starts_at: visit.start,
        ends_at: visit.end,
        status: HoldStatus::Active,
        expires_at,
        appointment_type,
        policy,
        quote: sign_quote(quote, &state.signer),
    }
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
