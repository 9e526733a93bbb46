//! Issues documents for money that was taken, went back, came back or was lost to a bank, once a minute, and the platform's invoices for
//! the month that is over, each hour. One worker at a time, so that numbers come in order. What fails is due again at the next look;
//! after thirty days without a name for the practice it is not looked for any more.

use anyhow::Result;
use jiff::SignedDuration;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    identifiers::Abn,
    payments::{InvoiceFact, PaymentsEvent},
};
use sqlx::PgConnection;

use crate::{
    invoicing,
    store::invoice::{self, NewInvoice},
};

const BATCH: i64 = 100;
const LOOKS_BACK: SignedDuration = SignedDuration::from_hours(24 * 30);

/// One batch of patients' documents. Says how many were issued.
///
/// # Errors
/// When a table cannot be changed.
pub async fn issue_invoices(core: &Core) -> Result<u64> {
    let now = core.now();
    let since = now.saturating_sub(LOOKS_BACK).unwrap_or(now);
    let mut tx = core.begin().await?;
    if !invoice::try_lock(&mut tx).await? {
        return Ok(0);
    }
    let mut issued = 0;
    for cause in invoice::captures(&mut tx, since, BATCH).await? {
        issue(&mut tx, core, invoicing::of_cause(core, cause)).await?;
        issued += 1;
    }
    // After the captures: what went back corrects what they were given.
    for cause in invoice::corrections(&mut tx, since, BATCH).await? {
        issue(&mut tx, core, invoicing::of_cause(core, cause)).await?;
        issued += 1;
    }
    // After the notes: what came back takes one of them back.
    for returned in invoice::returned(&mut tx, since, BATCH).await? {
        issue(&mut tx, core, invoicing::of_returned(core, returned)).await?;
        issued += 1;
    }
    core.commit(tx).await?;
    Ok(issued)
}

/// One batch of the platform's invoices, under its own number. Says how many were issued.
///
/// # Errors
/// When a table cannot be changed.
pub async fn issue_platform_invoices(core: &Core, abn: &Abn) -> Result<u64> {
    let (month, until) = invoicing::last_month(core.now());
    let mut tx = core.begin().await?;
    if !invoice::try_lock(&mut tx).await? {
        return Ok(0);
    }
    let mut issued = 0;
    for fees in invoice::fees_due(&mut tx, until, BATCH).await? {
        if invoice::is_invoiced(&mut tx, invoicing::month_id(fees.organization_id, month)).await? {
            continue;
        }
        issue(&mut tx, core, invoicing::of_month(core, month, fees, abn)).await?;
        issued += 1;
    }
    core.commit(tx).await?;
    Ok(issued)
}

async fn issue(conn: &mut PgConnection, core: &Core, new: NewInvoice) -> Result<()> {
    invoice::insert(conn, &new, core.now()).await?;
    let fact = InvoiceFact {
        invoice_id: new.invoice_id,
        kind: new.invoice.kind,
        booking_id: new.booking_id,
        total_cents: new.invoice.total_cents,
    };
    let about = About { aggregate: "invoice", id: new.invoice_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &PaymentsEvent::InvoiceIssued(fact)).await?;
    let entry = Entry {
        actor: Actor::System("payments.issue_invoices"),
        action: "issue_invoice",
        resource: new.booking_id.map_or(new.organization_id.into(), Into::into),
        whose: None,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
