//! Tables `payments.invoice`, `payments.invoice_series` and `payments.billed_visit`: documents about money, and what is written on
//! them. Documents are never changed or deleted; only the person's name goes when its time is over.

mod causes;
mod fees;
mod returned;
mod visit;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, BookingId, InvoiceId, OrganizationId, PatientId, PaymentId,
    payments::pay::{Invoice, InvoiceKind, InvoiceLine},
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

pub use self::{
    causes::{Cause, captures, corrections},
    fees::{FeesDue, fees_due, is_invoiced},
    returned::{Returned, returned},
    visit::{BilledVisit, forget_bookings, forget_person, keep_visit, set_over, starts_at},
};

/// A document that is about to be issued.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// Which.
    pub invoice_id: InvoiceId,
    /// Whose numbers it is in: a practice, or nil for the platform.
    pub issuer_id: Uuid,
    /// Which practice it is about.
    pub organization_id: OrganizationId,
    /// What it is a consequence of; one document for each.
    pub cause_id: Uuid,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// For which booking.
    pub booking_id: Option<BookingId>,
    /// What stands on it; its number is given when it is written.
    pub invoice: Invoice,
}

/// The next number of an issuer. Others wait for this transaction, so that no number is left out.
///
/// # Errors
/// When the table cannot be changed.
async fn next_number(conn: &mut PgConnection, issuer_id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "insert into payments.invoice_series as old (issuer_id, last_number) values ($1, 1) \
         on conflict on constraint invoice_series_pkey do update set last_number = old.last_number + 1 \
         returning last_number",
        issuer_id,
    )
    .fetch_one(conn)
    .await
}

/// Writes a document under the next number of its issuer.
///
/// # Errors
/// When the tables cannot be changed, or there is a document for the same cause.
pub async fn insert(conn: &mut PgConnection, new: &NewInvoice, now: Timestamp) -> sqlx::Result<i64> {
    let number = next_number(conn, new.issuer_id).await?;
    let invoice = &new.invoice;
    sqlx::query!(
        "insert into payments.invoice (invoice_id, issuer_id, number, kind, cause_id, payment_id, booking_id, corrects, \
         issued_on, issuer_name, issuer_abn, recipient_name, lines, total_cents, gst_cents, rebate_cents, created_at, \
         organization_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        new.invoice_id.0,
        new.issuer_id,
        number,
        invoice.kind.code(),
        new.cause_id,
        new.payment_id.map(|id| id.0),
        new.booking_id.map(|id| id.0),
        invoice.corrects,
        invoice.issued_on.to_sqlx() as jiff_sqlx::Date,
        invoice.issuer_name,
        invoice.issuer_abn,
        invoice.recipient_name.as_ref().map(|name| name.expose().as_str()),
        Json(&invoice.lines) as Json<&Vec<InvoiceLine>>,
        invoice.total_cents.0,
        invoice.gst_cents.0,
        invoice.rebate_cents.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        new.organization_id.0,
    )
    .execute(conn)
    .await?;
    Ok(number)
}

struct Row {
    invoice_id: Uuid,
    kind: String,
    number: i64,
    issued_on: jiff_sqlx::Date,
    issuer_name: String,
    issuer_abn: Option<String>,
    recipient_name: Option<String>,
    lines: Json<Vec<InvoiceLine>>,
    total_cents: i64,
    gst_cents: i64,
    rebate_cents: i64,
    corrects: Option<i64>,
}

impl Row {
    fn read(self) -> anyhow::Result<Invoice> {
        Ok(Invoice {
            invoice_id: InvoiceId(self.invoice_id),
            kind: InvoiceKind::from_code(&self.kind).context("a known kind of document")?,
            number: self.number,
            issued_on: self.issued_on.to_jiff(),
            issuer_name: self.issuer_name,
            issuer_abn: self.issuer_abn,
            recipient_name: self.recipient_name.map(Personal::new),
            lines: self.lines.0,
            total_cents: AudCents(self.total_cents),
            gst_cents: AudCents(self.gst_cents),
            rebate_cents: AudCents(self.rebate_cents),
            corrects: self.corrects,
        })
    }
}

/// A booking's documents, the earliest first.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> anyhow::Result<Vec<Invoice>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select invoice_id, kind, number, issued_on, issuer_name, issuer_abn, recipient_name,
               lines as "lines: Json<Vec<InvoiceLine>>", total_cents, gst_cents, rebate_cents, corrects
           from payments.invoice where booking_id = $1 order by created_at, number"#,
        booking_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The documents that a practice issued or that the platform issued to it, the latest first; after one, those before it.
///
/// # Errors
/// As [`of_booking`].
pub async fn of_practice(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    after: Option<InvoiceId>,
    at_most: i64,
) -> anyhow::Result<Vec<Invoice>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select invoice_id, kind, number, issued_on, issuer_name, issuer_abn, recipient_name,
               lines as "lines: Json<Vec<InvoiceLine>>", total_cents, gst_cents, rebate_cents, corrects
           from payments.invoice
           where organization_id = $1 and ($2::uuid is null or (created_at, invoice_id) < (
               select created_at, invoice_id from payments.invoice where invoice_id = $2))
           order by created_at desc, invoice_id desc limit $3"#,
        organization_id.0,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Whose document one is: its booking and its patient, where it has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct About {
    /// For which booking.
    pub booking_id: Option<BookingId>,
    /// Whose.
    pub patient_id: Option<PatientId>,
}

/// What a document is about. `None` when there is no such document of the practice.
///
/// # Errors
/// When the table cannot be read.
pub async fn about(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    invoice_id: InvoiceId,
) -> sqlx::Result<Option<About>> {
    let row = sqlx::query!(
        r#"select invoice.booking_id, owner.patient_id as "patient_id?"
           from payments.invoice left join payments.booking_owner owner using (booking_id)
           where invoice.organization_id = $1 and invoice.invoice_id = $2"#,
        organization_id.0,
        invoice_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| About {
        booking_id: row.booking_id.map(BookingId),
        patient_id: row.patient_id.map(PatientId),
    }))
}

/// One document.
///
/// # Errors
/// As [`of_booking`].
pub async fn find(conn: &mut PgConnection, invoice_id: InvoiceId) -> anyhow::Result<Option<Invoice>> {
    let row = sqlx::query_as!(
        Row,
        r#"select invoice_id, kind, number, issued_on, issuer_name, issuer_abn, recipient_name,
               lines as "lines: Json<Vec<InvoiceLine>>", total_cents, gst_cents, rebate_cents, corrects
           from payments.invoice where invoice_id = $1"#,
        invoice_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// Lets one worker at a time issue documents. False when another does.
///
/// # Errors
/// When the database fails.
pub async fn try_lock(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock(hashtextextended('payments.invoice', 0)) as "is_ours!""#
    )
    .fetch_one(conn)
    .await
}
