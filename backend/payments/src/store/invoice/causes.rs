//! Money that was taken or went back and has no document yet, as the ledger has it.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, BookingId, OrganizationId, PaymentId,
    payments::{IntentPurpose, quote::TaxCode},
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::BilledVisit;
use crate::domain::invoice::Corrected;

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
    /// How much of it is a fee, where it was for one.
    pub fee_cents: AudCents,
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
    fee_cents: i64,
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
            fee_cents: AudCents(self.fee_cents),
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

/// Captures since a moment without a tax invoice, the earliest first. A practice that has no name yet gives none. What was taken or paid
/// beforehand for a visit is for a fee once one is owed: all of it, or a part, and the rest goes back.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn captures(conn: &mut PgConnection, since: Timestamp, at_most: i64) -> anyhow::Result<Vec<Cause>> {
    let rows = sqlx::query_as!(
        CauseRow,
        r#"select posting.cause_id as "cause_id!", payment.payment_id as "payment_id!", payment.booking_id as "booking_id!",
               practice.organization_id as "organization_id!", posting.gross_cents as "cents!",
               case
                   when intent.purpose = 'visit' and payment.fee_cents + payment.fee_owed_cents > 0 then payment.fee_kind
                   else intent.purpose
               end as "purpose!",
               case
                   when intent.purpose = 'visit' then least(payment.fee_cents + payment.fee_owed_cents, posting.gross_cents)
                   else posting.gross_cents
               end as "fee_cents!",
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
               back.purpose as "purpose!", back.cents as "fee_cents!", payment.tax_code as "tax_code!",
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
