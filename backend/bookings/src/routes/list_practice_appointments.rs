//! `GET /api/v1/bookings/practices/{organization_id}/appointments`: what is booked with a practice, for its staff.

use axum::extract::{Path, Query, State as Extract};
use jiff::civil::Date;
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{OrganizationId, Problem, bookings::PracticeAppointment, page::Page, problem::FieldError};

use super::list_my_appointments::read_cursor;
use crate::{
    state::State,
    store::listing::{self, After},
};

/// How many one page has.
const PAGE: usize = 100;
/// The most days one request may ask about.
const MAX_DAYS: i32 = 31;
/// Years that the database can reckon with and somebody may mean.
const YEARS: std::ops::Range<i16> = 2000..2200;

/// Days on the calendars of the practice's places, both included.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    from: Date,
    to: Date,
    cursor: Option<String>,
}

impl Wanted {
    fn days(&self) -> Result<(Date, Date), Problem> {
        let wrong = |detail: &str| Err(Problem::invalid(vec![FieldError::new("to", detail)]));
        if !YEARS.contains(&self.from.year()) || !YEARS.contains(&self.to.year()) {
            return wrong("give days between 2000 and 2199");
        }
        if self.to < self.from {
            return wrong("give a day that is not before `from`");
        }
        if (self.to - self.from).get_days() >= MAX_DAYS {
            return wrong("ask about at most 31 days at once");
        }
        Ok((self.from, self.to))
    }
}

/// One page. Each booking that is read is written down with the practice as the reason.
pub async fn list_practice_appointments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<PracticeAppointment>>, Reject> {
    let core = &state.core;
    let (days, after) = (wanted.days()?, read_cursor(wanted.cursor.as_deref())?);
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut tx = core.begin().await?;
    let mut rows = listing::of_practice(&mut tx, organization_id, days, after, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|(row, _)| After { start: row.start, appointment_id: row.appointment_id });
    let mut items = Vec::with_capacity(rows.len());
    for (row, whose) in rows {
        let entry = audit::Entry {
            actor: Actor::for_practice(&caller, organization_id),
            action: "list_practice_appointments",
            resource: row.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        items.push((row, entry));
    }
    let next = last.filter(|_| more).map(After::encode);
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}
