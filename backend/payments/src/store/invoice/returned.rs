//! Refunds that came back from the bank after their adjustment note was issued.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{BookingId, InvoiceId, OrganizationId, PaymentId, Zone, payments::pay::Invoice};
use sqlx::PgConnection;
use uuid::Uuid;

use super::find;

/// A refund that came back, and the note about it, which no document has taken back.
#[derive(Clone, Debug)]
pub struct Returned {
    /// The refund.
    pub cause_id: Uuid,
    /// Whose note it is.
    pub organization_id: OrganizationId,
    /// Of which payment.
    pub payment_id: Option<PaymentId>,
    /// For which booking.
    pub booking_id: Option<BookingId>,
    /// On whose clock documents of it are dated.
    pub zone: Zone,
    /// The note.
    pub note: Invoice,
}

/// Those since a moment, the earliest first.
///
/// # Errors
/// When the tables cannot be read, or hold an unknown name.
pub async fn returned(
    conn: &mut PgConnection,
    since: Timestamp,
    at_most: i64,
) -> anyhow::Result<Vec<Returned>> {
    let rows = sqlx::query!(
        r#"select note.invoice_id, note.cause_id, note.issuer_id, note.payment_id, note.booking_id,
               visit.time_zone as "time_zone?"
           from payments.posting
               join payments.invoice note on note.kind = 'adjustment_note' and note.cause_id = posting.cause_id
               left join payments.billed_visit visit on visit.booking_id = note.booking_id
           where posting.cause = 'refund_failed' and posting.occurred_at >= $1
               and not exists (
                   select from payments.invoice taken_back
                   where taken_back.kind = 'reversal_note' and taken_back.cause_id = posting.cause_id)
           order by posting.occurred_at, posting.posting_id limit $2"#,
        since.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let zone = row.time_zone.map(|zone| zone.parse::<Zone>()).transpose();
        let zone = zone.context("a time zone of ours")?.unwrap_or(Zone::SYDNEY);
        let note = find(conn, InvoiceId(row.invoice_id)).await?.context("a note that was there")?;
        found.push(Returned {
            cause_id: row.cause_id,
            organization_id: OrganizationId(row.issuer_id),
            payment_id: row.payment_id.map(PaymentId),
            booking_id: row.booking_id.map(BookingId),
            zone,
            note,
        });
    }
    Ok(found)
}
