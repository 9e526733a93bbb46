//! `/api/v1/payments/bookings/{booking_id}/invoices` and `…/refunds`, and a practice's documents: what there is to read and to print
//! about money.

use axum::extract::{Path, Query, State as Extract};
use kernel::{
    Core, Disclosed, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Recorded, Resource},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    BookingId, InvoiceId, OrganizationId, Problem,
    page::Page,
    payments::pay::{Invoice, PatientRefund},
};
use sqlx::PgConnection;

use super::money::{Download, Pdf, download};
use crate::{
    invoicing,
    payer::Payer,
    state::State,
    store::{invoice, owner, payment, refund},
};

/// How many one page has.
const PAGE: i64 = 50;
/// What a browser calls the file.
const FILE: &str = "attachment; filename=\"invoice.pdf\"";

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The `next` of the page before.
    cursor: Option<InvoiceId>,
}

/// What has gone back of a booking's money, or is on its way; the earliest first.
pub async fn list_refunds(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    payer: Payer,
) -> Result<Disclosed<Page<PatientRefund>>, Reject> {
    let (core, action) = (&state.core, "list_refunds");
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, action).await?;
    let mut items = Vec::new();
    if let Some(payment) = payment::lock(&mut tx, booking_id).await? {
        let rows = refund::of_payment(&mut tx, payment.payment_id).await?;
        items.extend(rows.into_iter().map(|row| PatientRefund {
            refund_id: row.refund_id,
            amount_cents: row.amount_cents,
            reason: row.reason,
            status: row.status,
            created_at: row.created_at,
        }));
    }
    let recorded = note(&mut tx, core, actor, action, booking_id).await?;
    Ok(Disclosed::commit(core, tx, recorded, Page { items, next: None }).await?)
}

/// A booking's documents, the earliest first.
pub async fn list_invoices(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    payer: Payer,
) -> Result<Disclosed<Page<Invoice>>, Reject> {
    let (core, action) = (&state.core, "list_invoices");
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, action).await?;
    let items = invoice::of_booking(&mut tx, booking_id).await?;
    let recorded = note(&mut tx, core, actor, action, booking_id).await?;
    Ok(Disclosed::commit(core, tx, recorded, Page { items, next: None }).await?)
}

/// One of them, to print.
pub async fn print_invoice(
    Extract(state): Extract<State>,
    Path((booking_id, invoice_id)): Path<(BookingId, InvoiceId)>,
    payer: Payer,
) -> Result<Download<Pdf>, Reject> {
    let (core, action) = (&state.core, "print_invoice");
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, action).await?;
    let documents = invoice::of_booking(&mut tx, booking_id).await?;
    let found = documents.into_iter().find(|one| one.invoice_id == invoice_id);
    let document = found.ok_or_else(|| Problem::not_found("This document"))?;
    let recorded = note(&mut tx, core, actor, action, booking_id).await?;
    let disclosed = Disclosed::commit(core, tx, recorded, document).await?;
    Ok(download(FILE, disclosed.written_as::<Pdf>(|document| invoicing::pdf(&document))))
}

/// What a practice issued, and what the platform issued to it; the latest first. Each that is read is written down.
pub async fn list_practice_invoices(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Disclosed<Page<Invoice>>, Reject> {
    let (core, action) = (&state.core, "list_practice_invoices");
    let mut tx = core.begin().await?;
    let mut rows = invoice::of_practice(&mut tx, organization_id, wanted.cursor, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|last| last.invoice_id.to_string());
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let seen = entry_of(&mut tx, &caller, organization_id, row.invoice_id, action).await?;
        items.push((row, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

/// One of them, to print.
pub async fn print_practice_invoice(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, invoice_id)): Path<(OrganizationId, InvoiceId)>,
) -> Result<Download<Pdf>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let action = "print_practice_invoice";
    let recorded = note_of(&mut tx, core, &caller, organization_id, invoice_id, action).await?;
    let found = invoice::find(&mut tx, invoice_id).await?;
    let document = found.ok_or_else(|| Problem::not_found("This document"))?;
    let disclosed = Disclosed::commit(core, tx, recorded, document).await?;
    Ok(download(FILE, disclosed.written_as::<Pdf>(|document| invoicing::pdf(&document))))
}

/// Writes that who pays for a booking read of its money.
async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    action: &'static str,
    booking_id: BookingId,
) -> sqlx::Result<Recorded> {
    let whose = owner::find(conn, booking_id).await?.and_then(|(_, patient)| patient);
    let entry = audit::Entry {
        actor,
        action,
        resource: booking_id.into(),
        whose,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}

/// Writes that a practice's staff read a document of the practice. 404 for another's.
async fn note_of(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    organization_id: OrganizationId,
    invoice_id: InvoiceId,
    action: &'static str,
) -> Result<Recorded, Reject> {
    let entry = entry_of(conn, caller, organization_id, invoice_id, action).await?;
    Ok(audit::record(conn, core, entry).await?)
}

async fn entry_of(
    conn: &mut PgConnection,
    caller: &SignedIn,
    organization_id: OrganizationId,
    invoice_id: InvoiceId,
    action: &'static str,
) -> Result<audit::Entry, Reject> {
    let about = invoice::about(conn, organization_id, invoice_id).await?;
    let about = about.ok_or_else(|| Problem::not_found("This document"))?;
    Ok(audit::Entry {
        actor: Actor::for_practice(caller, organization_id),
        action,
        resource: about.booking_id.map_or_else(|| Resource::from(organization_id), Resource::from),
        whose: about.patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    })
}
