//! `/api/v1/bookings/platform/mistakes`: administrators answer requests to enter an appointment in error where nobody else of the
//! practice may. They see what happened when and where the money is; they do not see whose appointment it is.

use axum::extract::{Path, State as Extract};
use kernel::{Core, Disclosed, Json, Reject, SignedIn, audit};
use shared_types::{
    MistakeRequestId,
    bookings::{
        mistake::{DeclineMistake, MistakeCase, MistakeDecider, MistakeStatus},
        practice::SeenVersion,
    },
    page::Page,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{
    cases::{appointment_of, platform_entry},
    mistake::{self as deciding, Answering, if_mistake, not_found},
    views::read_again,
};
use crate::{
    state::State,
    store::{
        appointment::AppointmentRow,
        calendar::Calendar,
        dispute,
        mistake::{self, MistakeRow},
        reservation,
    },
};

/// Those to answer, the earliest first. Each that is read is written down.
pub async fn list_mistakes(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<Page<MistakeCase>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let mut items = Vec::new();
    for request in mistake::of_platform(&mut tx).await? {
        let Some((row, calendar)) = appointment_of(&mut tx, request.appointment_id).await? else { continue };
        let seen = platform_entry(&caller, &row, "list_mistakes");
        items.push((view(&mut tx, core, &caller, request, row, calendar).await?, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Agrees: the appointment is entered in error in the same transaction.
pub async fn approve_mistake_as_platform(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(mistake_request_id): Path<MistakeRequestId>,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<MistakeCase>, Reject> {
    let (core, action) = (&state.core, "approve_mistake_as_platform");
    let Case { mut tx, request, mut row, calendar } = begin(core, mistake_request_id).await?;
    let by = Answering { caller: &caller, as_whom: MistakeDecider::Platform, version: body.version };
    deciding::approve(&mut tx, core, (&request, &mut row, &calendar), by).await?;
    disclose(core, Case { tx, request, row, calendar }, &caller, action).await
}

/// Does not agree, and says why.
pub async fn decline_mistake_as_platform(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(mistake_request_id): Path<MistakeRequestId>,
    Json(body): Json<DeclineMistake>,
) -> Result<Disclosed<MistakeCase>, Reject> {
    let (core, action) = (&state.core, "decline_mistake_as_platform");
    let mut case = begin(core, mistake_request_id).await?;
    let by = Answering { caller: &caller, as_whom: MistakeDecider::Platform, version: body.version };
    deciding::decline(&mut case.tx, core, &case.request, by, &body).await?;
    disclose(core, case, &caller, action).await
}

/// A request and its appointment, in the transaction that they were read in.
struct Case {
    tx: Transaction<'static, Postgres>,
    request: MistakeRow,
    row: AppointmentRow,
    calendar: Calendar,
}

/// Begins a transaction with a request that is for administrators, the practitioner's time locked. 404 for every other.
async fn begin(core: &Core, id: MistakeRequestId) -> Result<Case, Reject> {
    let mut tx = core.begin().await?;
    let found = mistake::find(&mut tx, id).await?.filter(|found| found.request.nobody_else);
    let found = found.ok_or_else(not_found)?;
    let (row, calendar) = appointment_of(&mut tx, found.appointment_id).await?.ok_or_else(not_found)?;
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let row = read_again(&mut tx, &row).await?;
    let request = mistake::find(&mut tx, id).await?.ok_or_else(not_found)?;
    Ok(Case { tx, request, row, calendar })
}

async fn disclose(
    core: &Core,
    case: Case,
    caller: &SignedIn,
    action: &'static str,
) -> Result<Disclosed<MistakeCase>, Reject> {
    let Case { mut tx, request, row, calendar } = case;
    let receipt = audit::record(&mut tx, core, platform_entry(caller, &row, action)).await?;
    let id = request.request.mistake_request_id;
    let request = mistake::find(&mut tx, id).await?.ok_or_else(not_found)?;
    let view = view(&mut tx, core, caller, request, row, calendar).await?;
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

async fn view(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    of: MistakeRow,
    row: AppointmentRow,
    calendar: Calendar,
) -> Result<MistakeCase, Reject> {
    let open = of.request.status == MistakeStatus::Asked;
    Ok(MistakeCase {
        if_mistake: if_mistake(conn, &row).await?,
        history: dispute::history(conn, row.appointment_id).await?,
        moved_on: open && row.version != of.appointment_version,
        mine: of.asked_by == caller.account_id,
        request: of.request,
        role: row.offered.on_its_clocks(calendar.role),
        start: row.starts_at,
        noted: row.status,
        as_of: core.now(),
    })
}
