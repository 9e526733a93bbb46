//! `/api/v1/bookings/appointments/{appointment_id}/disagreement`: what a patient says beside the practice's record of their
//! booking (APP 13.4). The practice sees it with the appointment and is told that it is there.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Created, Disclosed, Json, Reject,
    audit::{self, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, OrganizationId, Problem, StatementId,
    bookings::{AddStatement, BookingsEvent, PatientStatement, STATEMENTS, StatementFact},
    page::Page,
    personal::Personal,
};
use sqlx::PgConnection;

use super::views::{Held, begin_for_visitor};
use crate::{
    state::State,
    store::{appointment::AppointmentRow, statement},
    visitor::Visitor,
};

/// What was said so far, the earliest first.
pub async fn list_statements(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
) -> Result<Disclosed<Page<PatientStatement>>, Reject> {
    let core = &state.core;
    let held = begin_for_visitor(core, appointment_id, &visitor, "list_statements").await?;
    disclose(core, held, "list_statements").await
}

/// Adds a statement, and shows all of them. They are never changed: who has more to say says it in another one.
pub async fn add_statement(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(appointment_id): Path<AppointmentId>,
    key: IdempotencyKey,
    Json(body): Json<AddStatement>,
) -> Result<Created<Disclosed<Page<PatientStatement>>>, Reject> {
    let core = &state.core;
    let text = body.check().map_err(|error| Problem::invalid(vec![error]))?;
    let mut held = begin_for_visitor(core, appointment_id, &visitor, "add_statement").await?;
    let caller = held.row.booking_id.to_string();
    // The reply that is kept for a repeat is the id alone, so that the words are in one place.
    let begun = idempotency::begin(&mut held.tx, core, "add_statement", &caller, key, &body).await?;
    match begun {
        Begun::New(ticket) => {
            let practice = held.calendar.role.organization_id;
            let statement_id = add(&mut held.tx, core, &held.row, practice, text).await?;
            ticket.finish(&mut held.tx, 201, &statement_id).await?;
        }
        Begun::Replay(StatementId(_)) => {}
    }
    Ok(Created(disclose(core, held, "add_statement").await?))
}

async fn add(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    practice: Option<OrganizationId>,
    text: Personal<String>,
) -> Result<StatementId, Reject> {
    let booking_id = row.booking_id;
    statement::lock_booking(conn, booking_id).await?;
    if statement::of_booking(conn, booking_id).await?.len() >= STATEMENTS {
        return Err(Problem::new("too-many-statements", 409, "There are five statements already")
            .detail("Nothing was added, and those that are there stay. Call the practice or write to us.")
            .into());
    }
    let statement = PatientStatement { statement_id: core.id(), text, created_at: core.now() };
    statement::insert(conn, booking_id, &statement).await?;
    let statement_id = statement.statement_id;
    if let Some(organization_id) = practice {
        let about = About { aggregate: "statement", id: statement_id.to_string(), version: 1 };
        let fact = StatementFact { statement_id, booking_id, organization_id };
        outbox::tell(conn, core, about, &BookingsEvent::StatementAdded(fact)).await?;
    }
    Ok(statement_id)
}

async fn disclose(
    core: &Core,
    held: Held,
    action: &'static str,
) -> Result<Disclosed<Page<PatientStatement>>, Reject> {
    let Held { mut tx, row, actor, whose, .. } = held;
    let items = statement::of_booking(&mut tx, row.booking_id).await?;
    let entry = audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    Ok(Disclosed::commit(core, tx, receipt, Page { items, next: None }).await?)
}
