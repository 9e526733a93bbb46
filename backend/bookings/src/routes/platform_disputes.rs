//! `/api/v1/bookings/platform/disputes`: administrators decide. They see what was noted and when, both sides' words and the fee; they
//! do not see whose appointment it is.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{Disclosed, Json, Reject, SignedIn, audit};
use shared_types::{
    DisputeId, Problem,
    bookings::dispute::{DecideDispute, Dispute, DisputeCase, DisputeStatus, check_words},
    page::Page,
    time::when_words,
};
use sqlx::PgConnection;

use super::{
    cases::{appointment_of, platform_entry},
    dispute::{Open, fee_of, settle, stale_dispute},
    views::read_again,
};
use crate::{
    state::State,
    store::{
        appointment::{AppointmentRow, StepBy},
        calendar::Calendar,
        dispute::{self, Decided},
        reservation,
    },
};

/// Those to decide, the earliest first. Each that is read is written down.
pub async fn list_disputes(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<Page<DisputeCase>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let mut items = Vec::new();
    for found in dispute::open(&mut tx).await? {
        let Some((row, calendar)) = appointment_of(&mut tx, found.appointment_id).await? else { continue };
        let seen = platform_entry(&caller, &row, "list_disputes");
        items.push((view(&mut tx, &row, calendar, found.dispute, core.now()).await?, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Decides a dispute as last seen: the fee that hangs on it is reversed or kept, in the same transaction.
pub async fn decide_dispute(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(dispute_id): Path<DisputeId>,
    Json(body): Json<DecideDispute>,
) -> Result<Disclosed<DisputeCase>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let not_found = || Problem::not_found("This dispute");
    let note_text = check_words(&body.note, "/note", false).map_err(|error| Problem::invalid(vec![error]))?;
    let mut tx = core.begin().await?;
    let found = dispute::find(&mut tx, dispute_id).await?.ok_or_else(not_found)?;
    let (mut row, calendar) = appointment_of(&mut tx, found.appointment_id).await?.ok_or_else(not_found)?;
    match found.dispute.status {
        DisputeStatus::Open => {}
        DisputeStatus::Upheld | DisputeStatus::Rejected => return Err(stale_dispute().into()),
    }
    if !may_decide(&found.dispute, now) {
        let from = when_words(found.dispute.answer_by, now, row.offered.time_zone);
        return Err(Problem::new("too-early", 409, "It is too early for this")
            .detail(format!("Nothing was changed. The other side can answer until {from}."))
            .into());
    }
    reservation::lock(&mut tx, calendar.resource_id).await?;
    row = read_again(&mut tx, &row).await?;
    let status = if body.upheld { DisputeStatus::Upheld } else { DisputeStatus::Rejected };
    let decided = Decided { status, reason: body.reason, note: note_text };
    let open = Open { dispute: &found.dispute, version: body.version };
    let decision = (&decided, StepBy::Platform);
    let settled = settle(&mut tx, core, (&mut row, &calendar), open, decision).await?;
    let receipt = audit::record(&mut tx, core, platform_entry(&caller, &row, "decide_dispute")).await?;
    let view = view(&mut tx, &row, calendar, settled, now).await?;
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// Whether the other side has answered, or its time is over.
fn may_decide(dispute: &Dispute, now: Timestamp) -> bool {
    dispute.answer.is_some() || dispute.answer_by <= now
}

async fn view(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    calendar: Calendar,
    dispute: Dispute,
    now: Timestamp,
) -> Result<DisputeCase, Reject> {
    Ok(DisputeCase {
        may_decide: dispute.status == DisputeStatus::Open && may_decide(&dispute, now),
        dispute,
        noted: row.status,
        role: row.offered.on_its_clocks(calendar.role),
        start: row.starts_at,
        end: row.ends_at,
        policy: row.policy,
        late_fee: fee_of(conn, row).await?,
        history: dispute::history(conn, row.appointment_id).await?,
        as_of: now,
    })
}
