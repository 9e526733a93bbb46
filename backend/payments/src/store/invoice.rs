//! Tables `payments.invoice`, `payments.invoice_series` and `payments.billed_visit`: documents about money, and what is written on
//! them. Documents are never changed or deleted; only the person's name goes when its time is over.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AudCents, BookingId, InvoiceId, OrganizationId, PatientId, PaymentId, Zone,
    payments::{
        IntentPurpose,
        pay::{Invoice, InvoiceKind, InvoiceLine},
        quote::TaxCode,
    },
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::domain::invoice::Corrected;

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

/// Who came, whom they saw and when.
#[derive(Clone, Debug)]
pub struct BilledVisit {
    /// For which booking.
    pub booking_id: BookingId,
    /// Who came.
    pub recipient_name: Personal<String>,
    /// Whom they saw.
    pub practitioner_name: String,
    /// What it is called on a document.
    pub service_text: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// Where.
    pub zone: Zone,
}

/// Keeps what is written on a booking's documents. Those that were issued stay as they are.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep_visit(conn: &mut PgConnection, visit: &BilledVisit, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.billed_visit (booking_id, recipient_name, practitioner_name, service_text, starts_at, \
         time_zone, updated_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict on constraint billed_visit_pkey do update set recipient_name = excluded.recipient_name, \
         practitioner_name = excluded.practitioner_name, service_text = excluded.service_text, \
         starts_at = excluded.starts_at, time_zone = excluded.time_zone, updated_at = excluded.updated_at",
        visit.booking_id.0,
        visit.recipient_name.expose(),
        visit.practitioner_name,
        visit.service_text,
        visit.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        visit.zone.name(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When a booking's visit starts, as bookings last told; none before it did.
///
/// # Errors
/// When the table cannot be read.
pub async fn starts_at(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Timestamp>> {
    let found = sqlx::query_scalar!(
        "select starts_at from payments.billed_visit where booking_id = $1",
        booking_id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(jiff_sqlx::Timestamp::to_jiff))
}

/// Takes the names of somebody off their documents, and forgets what else was kept for those. To be called while their bookings are
/// still theirs. Says how many bookings that were.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_person(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<u64> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let bookings = sqlx::query_scalar!(
        "select booking_id from payments.booking_owner \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        account_id.0,
        &patients,
    )
    .fetch_all(&mut *conn)
    .await?;
    forget_bookings(conn, &bookings).await
}

/// The same for bookings. Says of how many something was kept.
///
/// # Errors
/// When a table cannot be changed.
pub async fn forget_bookings(conn: &mut PgConnection, bookings: &[Uuid]) -> sqlx::Result<u64> {
    sqlx::query!(
        "update payments.invoice set recipient_name = null \
         where booking_id = any($1) and recipient_name is not null",
        bookings,
    )
    .execute(&mut *conn)
    .await?;
    let gone = sqlx::query!("delete from payments.billed_visit where booking_id = any($1)", bookings)
        .execute(conn)
        .await?;
    Ok(gone.rows_affected())
}

/// Money that was taken or went back and that has no document yet.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The try that took it, the refund or the chargeback.
    pub cause_id: Uuid,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// Who is paid.
    pub organization_id: OrganizationId,
    /// How much, above zero.
    pub cents: AudCents,
    /// What the money was for.
    pub purpose: IntentPurpose,
    /// How it is taxed.
    pub tax_code: TaxCode,
    /// What Medicare is expected to pay back, as quoted; nothing where less than the whole price was taken.
    pub rebate_cents: AudCents,
    /// The practice's name.
    pub legal_name: String,
    /// The practice's number.
    pub abn: Option<String>,
    /// Whether it is registered for GST; who is not charges none.
    pub gst_registered: bool,
    /// Who came, whom they saw and when, where that is known.
    pub visit: Option<BilledVisit>,
    /// Which document it corrects.
    pub corrects: Option<Corrected>,
    /// What that one says was sold.
    pub corrected_text: Option<String>,
}

struct CauseRow {
    cause_id: Uuid,
    payment_id: Uuid,
    booking_id: Uuid,
    organization_id: Uuid,
    cents: i64,
    purpose: String,
    tax_code: String,
    rebate_cents: i64,
    legal_name: String,
    abn: Option<String>,
    gst_registered: bool,
    recipient_name: Option<String>,
    practitioner_name: Option<String>,
    service_text: Option<String>,
    starts_at: Option<jiff_sqlx::Timestamp>,
    time_zone: Option<String>,
    corrects: Option<i64>,
    corrected_cents: Option<i64>,
    corrected_gst_cents: Option<i64>,
    corrected_text: Option<String>,
    given_cents: Option<i64>,
    given_gst_cents: Option<i64>,
}

impl CauseRow {
    fn read(self) -> anyhow::Result<Cause> {
        let booking_id = BookingId(self.booking_id);
        let corrects = match (
            self.corrects,
            self.corrected_cents,
            self.corrected_gst_cents,
            self.given_cents,
            self.given_gst_cents,
        ) {
            (Some(number), Some(total), Some(gst), Some(given), Some(given_gst)) => Some(Corrected {
                number,
                total_cents: AudCents(total),
                gst_cents: AudCents(gst),
                given_cents: AudCents(given),
                given_gst_cents: AudCents(given_gst),
            }),
            _ => None,
        };
        let visit = match (
            self.recipient_name,
            self.practitioner_name,
            self.service_text,
            self.starts_at,
            self.time_zone,
        ) {
            (Some(recipient), Some(practitioner_name), Some(service_text), Some(starts_at), Some(zone)) => {
                Some(BilledVisit {
                    booking_id,
                    recipient_name: Personal::new(recipient),
                    practitioner_name,
                    service_text,
                    starts_at: starts_at.to_jiff(),
                    zone: zone.parse().context("a time zone of ours")?,
                })
            }
            _ => None,
        };
        Ok(Cause {
            cause_id: self.cause_id,
            payment_id: PaymentId(self.payment_id),
            booking_id,
            organization_id: OrganizationId(self.organization_id),
            cents: AudCents(self.cents),
            purpose: IntentPurpose::from_code(&self.purpose).context("a known purpose of a try")?,
            tax_code: TaxCode::from_code(&self.tax_code).context("a known tax code")?,
            rebate_cents: AudCents(self.rebate_cents),
            legal_name: self.legal_name,
            abn: self.abn,
            gst_registered: self.gst_registered,
            visit,
            corrects,
            corrected_text: self.corrected_text,
        })
    }
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

/// Captures since a moment without a tax invoice, the earliest first. A practice that has no name yet gives none. A fee may be taken of
/// what was held for the visit: then all that was taken is a fee.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn captures(conn: &mut PgConnection, since: Timestamp, at_most: i64) -> anyhow::Result<Vec<Cause>> {
    let rows = sqlx::query_as!(
        CauseRow,
        r#"select posting.cause_id as "cause_id!", payment.payment_id as "payment_id!", payment.booking_id as "booking_id!",
               practice.organization_id as "organization_id!", posting.gross_cents as "cents!",
               case
                   when intent.purpose = 'visit' and payment.fee_cents >= posting.gross_cents then payment.fee_kind
                   else intent.purpose
               end as "purpose!",
               payment.tax_code as "tax_code!",
               case
                   when posting.gross_cents < payment.price_cents then 0
                   else coalesce((payment.quote->>'rebate_cents')::bigint, 0)
               end as "rebate_cents!",
               practice.legal_name as "legal_name!", practice.abn,
               practice.gst_registered as "gst_registered!",
               visit.recipient_name as "recipient_name?", visit.practitioner_name as "practitioner_name?",
               visit.service_text as "service_text?", visit.starts_at as "starts_at?", visit.time_zone as "time_zone?",
               null::bigint as corrects, null::bigint as corrected_cents, null::bigint as corrected_gst_cents,
               null::text as corrected_text, null::bigint as given_cents, null::bigint as given_gst_cents
           from payments.posting
               join payments.practice_account practice on practice.organization_id = posting.organization_id
               join payments.payment on payment.payment_id = posting.payment_id
               join payments.intent on intent.intent_id = posting.cause_id
               left join payments.billed_visit visit on visit.booking_id = payment.booking_id
           where posting.cause = 'capture' and posting.occurred_at >= $1 and practice.legal_name is not null
               and not exists (
                   select from payments.invoice where kind = 'tax_invoice' and invoice.cause_id = posting.cause_id)
           order by posting.occurred_at, posting.posting_id limit $2"#,
        since.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CauseRow::read).collect()
}

/// What went back since a moment and has no adjustment note, the earliest first: refunds, and chargebacks that were lost. One for each
/// tax invoice at a time, since what a note says depends on those before it. Money without a tax invoice waits for it; nothing is
/// corrected that was corrected whole. A note about a refund that came back takes nothing off what is left.
///
/// # Errors
/// As [`captures`].
pub async fn corrections(
    conn: &mut PgConnection,
    since: Timestamp,
    at_most: i64,
) -> anyhow::Result<Vec<Cause>> {
    let rows = sqlx::query_as!(
        CauseRow,
        r#"with back as (
               select distinct on (corrected.invoice_id) posting.posting_id, posting.cause_id, posting.payment_id,
                   posting.organization_id, posting.occurred_at, -posting.gross_cents as cents, intent.purpose,
                   corrected.number, corrected.total_cents, corrected.gst_cents, corrected.lines->0->>'text' as sold,
                   given.cents as given_cents, given.gst_cents as given_gst_cents
               from payments.posting
                   left join payments.refund on posting.cause = 'refund' and refund.refund_id = posting.cause_id
                   left join payments.chargeback
                       on posting.cause = 'chargeback_lost' and chargeback.chargeback_id = posting.cause_id
                   join payments.intent on intent.intent_id = coalesce(refund.intent_id, chargeback.intent_id)
                   join payments.invoice corrected
                       on corrected.kind = 'tax_invoice' and corrected.cause_id = intent.intent_id
                   cross join lateral (
                       select coalesce(sum(note.total_cents), 0)::bigint as cents,
                           coalesce(sum(note.gst_cents), 0)::bigint as gst_cents
                       from payments.invoice note
                       where note.kind = 'adjustment_note' and note.payment_id = corrected.payment_id
                           and note.corrects = corrected.number
                           and not exists (select from payments.posting returned
                               where returned.cause = 'refund_failed' and returned.cause_id = note.cause_id)
                   ) given
               where posting.cause in ('refund', 'chargeback_lost') and posting.occurred_at >= $1
                   and given.cents < corrected.total_cents
                   and not exists (
                       select from payments.invoice
                       where kind = 'adjustment_note' and invoice.cause_id = posting.cause_id)
               order by corrected.invoice_id, posting.occurred_at, posting.posting_id
           )
           select back.cause_id as "cause_id!", payment.payment_id as "payment_id!", payment.booking_id as "booking_id!",
               practice.organization_id as "organization_id!", back.cents as "cents!",
               back.purpose as "purpose!", payment.tax_code as "tax_code!",
               0::bigint as "rebate_cents!", practice.legal_name as "legal_name!", practice.abn,
               practice.gst_registered as "gst_registered!",
               visit.recipient_name as "recipient_name?", visit.practitioner_name as "practitioner_name?",
               visit.service_text as "service_text?", visit.starts_at as "starts_at?", visit.time_zone as "time_zone?",
               back.number as "corrects?", back.total_cents as "corrected_cents?",
               back.gst_cents as "corrected_gst_cents?", back.sold as "corrected_text?",
               back.given_cents as "given_cents?", back.given_gst_cents as "given_gst_cents?"
           from back
               join payments.practice_account practice on practice.organization_id = back.organization_id
               join payments.payment on payment.payment_id = back.payment_id
               left join payments.billed_visit visit on visit.booking_id = payment.booking_id
           where practice.legal_name is not null
           order by back.occurred_at, back.posting_id limit $2"#,
        since.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CauseRow::read).collect()
}

/// What the platform has taken of a practice and not invoiced yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeesDue {
    /// Whom.
    pub organization_id: OrganizationId,
    /// Its name.
    pub legal_name: Option<String>,
    /// All of it, GST included; fees that went back are taken off.
    pub fee_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
}

/// Fees before a moment that are on no invoice of the platform's. Where more went back than was taken, that waits for a month in
/// which there is more to take.
///
/// # Errors
/// When the tables cannot be read.
pub async fn fees_due(conn: &mut PgConnection, until: Timestamp, at_most: i64) -> sqlx::Result<Vec<FeesDue>> {
    let rows = sqlx::query!(
        r#"with taken as (
               select posting.organization_id,
                   sum(-entry.amount_cents)::bigint as fee_cents,
                   coalesce(sum(-entry.amount_cents) filter (where account.kind = 'gst_payable'), 0)::bigint as gst_cents
               from payments.posting join payments.entry using (posting_id)
                   join payments.account using (ledger_account_id)
               where account.kind in ('platform_fees', 'gst_payable') and posting.organization_id is not null
                   and posting.occurred_at < $1
               group by posting.organization_id
           ), invoiced as (
               select organization_id, sum(total_cents)::bigint as fee_cents, sum(gst_cents)::bigint as gst_cents
               from payments.invoice where kind = 'platform_invoice' group by organization_id
           )
           select taken.organization_id as "organization_id!", practice.legal_name as "legal_name?",
               taken.fee_cents - coalesce(invoiced.fee_cents, 0) as "fee_cents!",
               taken.gst_cents - coalesce(invoiced.gst_cents, 0) as "gst_cents!"
           from taken left join invoiced using (organization_id)
               left join payments.practice_account practice using (organization_id)
           where taken.fee_cents > coalesce(invoiced.fee_cents, 0)
               and taken.gst_cents - coalesce(invoiced.gst_cents, 0)
                   between 0 and taken.fee_cents - coalesce(invoiced.fee_cents, 0)
           order by taken.organization_id limit $2"#,
        until.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| FeesDue {
            organization_id: OrganizationId(row.organization_id),
            legal_name: row.legal_name,
            fee_cents: AudCents(row.fee_cents),
            gst_cents: AudCents(row.gst_cents),
        })
        .collect())
}

/// Whether the platform has invoiced a practice for that month.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_invoiced(conn: &mut PgConnection, cause_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.invoice where kind = 'platform_invoice' and cause_id = $1) as "is_invoiced!""#,
        cause_id,
    )
    .fetch_one(conn)
    .await
}
