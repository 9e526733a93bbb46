//! A hold as its keeper sees it.

use jiff::SignedDuration;
use kernel::{Reject, ticket};
use shared_types::{AccountId, OrganizationId, bookings::Hold, personal::Personal, users::NoteTicket};
use sqlx::PgConnection;

use super::times::load_calendar;
use crate::{
    domain::cohorts,
    state::State,
    store::{calendar::Calendar, funding, hold::HoldRow, schedule},
};

/// How long after a hold's end its notes are still taken: what was typed in time may be on its way.
const NOTES_AFTER_HOLD: SignedDuration = SignedDuration::from_mins(5);

/// A hold as its keeper sees it, read again later: with its provider as they are now.
pub async fn hold_again(
    conn: &mut PgConnection,
    state: &State,
    hold: HoldRow,
    account_id: Option<AccountId>,
) -> Result<Hold, Reject> {
    let day = hold.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = load_calendar(conn, hold.practitioner_role_id, day, day).await?;
    hold_view(conn, state, hold, calendar, account_id).await
}

/// A hold as its keeper sees it; `account_id` is who is signed in.
pub async fn hold_view(
    conn: &mut PgConnection,
    state: &State,
    hold: HoldRow,
    calendar: Calendar,
    account_id: Option<AccountId>,
) -> Result<Hold, Reject> {
    let now = state.core.now();
    let note_ticket = note_ticket(state, &hold, calendar.role.organization_id, account_id)?;
    let questions = match &note_ticket {
        Some(_) => schedule::questions(conn, hold.appointment_type.appointment_type_id).await?,
        None => Vec::new(),
    };
    let rules = match calendar.role.organization_id {
        Some(practice) => {
            funding::rules_of(conn, practice, hold.appointment_type.appointment_type_id).await?
        }
        None => Vec::new(),
    };
    Ok(Hold {
        hold_id: hold.hold_id,
        booking_id: hold.booking_id,
        status: hold.status_at(now),
        role: hold.offered.on_its_clocks(calendar.role),
        appointment_type: hold.appointment_type,
        start: hold.starts_at,
        end: hold.ends_at,
        expires_at: hold.expires_at,
        as_of: now,
        quote: hold.quote,
        policy: hold.policy,
        questions,
        note_ticket,
        cohorts: cohorts(&rules),
        cohort: hold.cohort,
    })
}

/// By which users believes that this browser or account keeps the time; none where there is no practice to write to.
fn note_ticket(
    state: &State,
    hold: &HoldRow,
    organization_id: Option<OrganizationId>,
    account_id: Option<AccountId>,
) -> Result<Option<Personal<String>>, Reject> {
    let Some(organization_id) = organization_id else { return Ok(None) };
    let body = NoteTicket {
        booking_id: hold.booking_id,
        organization_id,
        account_id,
        // For whom it is, the confirmation says.
        patient_id: None,
        start: hold.starts_at,
    };
    let expires_at = hold.expires_at.saturating_add(NOTES_AFTER_HOLD).unwrap_or(hold.expires_at);
    let ticket = ticket::sign(&state.signer, NoteTicket::KIND, expires_at, &body);
    ticket.map(|ticket| Some(ticket.into())).map_err(|error| Reject::internal(&error))
}
