//! `GET /api/v1/bookings/platform/patients/{patient_id}/appointments`: for platform staff who have stated a reason, while it
//! stands. The patient reads the reason and each look.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{PatientId, Problem, bookings::MemberAppointment, page::Page};

use super::{
    list_my_appointments::read_cursor,
    views::{appointment_view, load_calendar},
};
use crate::{
    state::State,
    store::{
        access_grant, appointment,
        listing::{self, After},
    },
};

/// How many one page has.
const PAGE: usize = 20;

/// Where to go on.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    cursor: Option<String>,
}

/// One page, the latest first. Without a reason that stands the patient is not there, and the try is written down.
pub async fn list_patient_appointments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(patient_id): Path<PatientId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<MemberAppointment>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let after = read_cursor(wanted.cursor.as_deref())?;
    let mut tx = core.begin().await?;
    let grant = access_grant::live(&mut tx, caller.account_id, patient_id, now).await?;
    let entry = audit::Entry {
        actor: grant.map_or_else(|| Actor::of(&caller), |grant| Actor::by_grant(&caller, grant)),
        action: "list_patient_appointments",
        resource: patient_id.into(),
        whose: Some(patient_id),
        purpose: Purpose::Support,
        outcome: if grant.is_some() { Outcome::Allowed } else { Outcome::Denied },
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    if grant.is_none() {
        core.commit(tx).await?;
        return Err(Problem::not_found("This patient").into());
    }
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = listing::of_patient(&mut tx, patient_id, after, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().map(|row| After { start: row.starts_at, appointment_id: row.appointment_id });
    let mut items = Vec::with_capacity(rows.len());
    for listed in rows {
        let Some(row) = appointment::by_id(&mut tx, listed.appointment_id).await? else { continue };
        let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
        let appointment = appointment_view(&row, calendar, now);
        items.push(MemberAppointment { patient_id: listed.patient_id, appointment });
    }
    let next = last.filter(|_| more).map(After::encode);
    Ok(Disclosed::commit(core, tx, receipt, Page { items, next }).await?)
}
