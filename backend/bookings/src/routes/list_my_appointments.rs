//! `GET /api/v1/bookings/me/appointments`: those of the caller and of everybody whose appointments they look after.

use axum::extract::{Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    Problem,
    bookings::{Appointment, MemberAppointment, When},
    page::Page,
    problem::FieldError,
    users::DelegationScope,
};

use super::views::{appointment_view, load_calendar, without_money};
use crate::{
    state::State,
    store::{
        appointment,
        listing::{self, After},
        proposal::{self, ProposalRow},
    },
    visitor::{actor_for, may_see_money},
};

/// How many one page has.
const PAGE: usize = 20;

/// Which ones, and where to go on.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    when: When,
    cursor: Option<String>,
}

/// One page. Each booking that is read is written down.
pub async fn list_my_appointments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<MemberAppointment>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let after = read_cursor(wanted.cursor.as_deref())?;
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Appointments));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    let (me, limit) = (caller.account_id, i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1));
    let mut tx = core.begin().await?;
    let mut rows = match wanted.when {
        When::Upcoming => listing::upcoming(&mut tx, me, &patients, after, now, limit).await?,
        When::Past => listing::past(&mut tx, me, &patients, after, now, limit).await?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|row| After { start: row.starts_at, appointment_id: row.appointment_id });
    let bookings: Vec<_> = rows.iter().map(|row| row.booking_id).collect();
    let open = proposal::open_of(&mut tx, &bookings, now).await?;
    let mut items = Vec::with_capacity(rows.len());
    for listed in rows {
        let Some(row) = appointment::by_id(&mut tx, listed.appointment_id).await? else { continue };
        let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
        let patient_id = listed.patient_id;
        let its_own = open.iter().find(|open| open.appointment_id == row.appointment_id);
        let view = Appointment {
            proposed: its_own.map(ProposalRow::proposed),
            ..appointment_view(&row, calendar, now)
        };
        let sees_money = may_see_money(&caller, row.account_id, patient_id);
        let appointment = if sees_money { view } else { without_money(view) };
        let item = MemberAppointment { patient_id, appointment };
        let entry = audit::Entry {
            actor: actor_for(&caller, patient_id),
            action: "list_my_appointments",
            resource: listed.booking_id.into(),
            whose: patient_id,
            purpose: Purpose::OwnRecord,
            outcome: Outcome::Allowed,
        };
        items.push((item, entry));
    }
    let next = last.filter(|_| more).map(After::encode);
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// Reads where to go on.
pub fn read_cursor(text: Option<&str>) -> Result<Option<After>, Problem> {
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
    text.map(|text| After::decode(text).ok_or_else(wrong)).transpose()
}
