//! Documents about money: a tax invoice for what a practice took, an adjustment note for what it gave back or lost to a bank, a reversal
//! note where that came back, and the platform's invoice for its fees of a month. They follow from the ledger; nobody asks for one.
//! Numbers of an issuer have no gaps.
//!
//! What a tax invoice has to say: that it is one, who issues it with their ABN, the day, what was sold, the GST and for which lines it
//! is payable (A New Tax System (Goods and Services Tax) Act 1999 s 29-70, read 2026-11-26).

mod pdf;
mod words;

use jiff::{Timestamp, civil::Date};
use kernel::Core;
use sha2::{Digest as _, Sha256};
use shared_types::{
    AudCents, OrganizationId, Zone,
    bookings::AppointmentFact,
    identifiers::Abn,
    payments::{
        IntentPurpose,
        pay::{Invoice, InvoiceKind, InvoiceLine},
        quote::{QuoteTerms, TaxCode},
        rules::gst_in,
    },
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::invoice::{self, BilledVisit, Cause, FeesDue, NewInvoice, Returned};

pub use self::pdf::pdf;

/// The platform as an issuer.
pub const PLATFORM: Uuid = Uuid::nil();
/// Its name.
const PLATFORM_NAME: &str = "HelloMapper";

/// Its own Australian Business Number, from `HELLOMAPPER_PLATFORM_ABN`. Without one it issues nothing to practices.
pub fn platform_abn() -> Option<Abn> {
    std::env::var("HELLOMAPPER_PLATFORM_ABN").ok()?.parse().ok()
}

/// Keeps what is written on a booking's documents: who comes, whom they see and when. Nothing is kept of what is not paid through us.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep_visit(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> sqlx::Result<()> {
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    if !terms.is_some_and(QuoteTerms::needs_payment_step) {
        return Ok(());
    }
    let service = match fact.discreet {
        true => "Appointment".to_owned(),
        false => fact.appointment_type_name.clone(),
    };
    let visit = BilledVisit {
        booking_id: fact.booking_id,
        recipient_name: fact.patient_name.clone(),
        practitioner_name: fact.role.name.clone(),
        service_text: service,
        starts_at: fact.start,
        zone: fact.role.time_zone,
    };
    invoice::keep_visit(conn, &visit, core.now()).await
}

/// The document of a capture, or of what corrects one: of how much of it, and of which GST, follows from what it corrects.
pub fn of_cause(core: &Core, cause: Cause) -> NewInvoice {
    let (visit, now) = (cause.visit.as_ref(), core.now());
    let kept = (cause.fee_cents < cause.cents).then_some(cause.fee_cents);
    let (kind, (cents, gst_cents)) = match cause.corrects {
        Some(corrected) => (InvoiceKind::AdjustmentNote, corrected.note_over(cause.cents)),
        None => (InvoiceKind::TaxInvoice, (cause.cents, gst_charged(&cause))),
    };
    let line = InvoiceLine {
        text: cause.corrected_text.unwrap_or_else(|| line_text(cause.purpose, visit, kept)),
        service_date: visit.map(|visit| visit.zone.date(visit.starts_at)),
        item_number: None,
        amount_cents: cents,
        gst_cents,
    };
    let is_of_visit = kind == InvoiceKind::TaxInvoice && cause.purpose == IntentPurpose::Visit;
    let rebate_cents = if is_of_visit { cause.rebate_cents } else { AudCents::ZERO };
    let document = Invoice {
        invoice_id: core.id(),
        kind,
        number: 0,
        issued_on: visit.map_or(Zone::SYDNEY, |visit| visit.zone).date(now),
        issuer_name: cause.legal_name,
        issuer_abn: cause.abn,
        recipient_name: visit.map(|visit| visit.recipient_name.clone()),
        lines: vec![line],
        total_cents: cents,
        gst_cents,
        rebate_cents,
        corrects: cause.corrects.map(|corrected| corrected.number),
    };
    NewInvoice {
        invoice_id: document.invoice_id,
        issuer_id: cause.organization_id.0,
        organization_id: cause.organization_id,
        cause_id: cause.cause_id,
        payment_id: Some(cause.payment_id),
        booking_id: Some(cause.booking_id),
        invoice: document,
    }
}

/// The document that takes an adjustment note back: the refund came back from the bank, so the money is the practice's as before.
pub fn of_returned(core: &Core, returned: Returned) -> NewInvoice {
    let Returned { cause_id, organization_id, payment_id, booking_id, zone, note } = returned;
    let document = Invoice {
        invoice_id: core.id(),
        kind: InvoiceKind::ReversalNote,
        number: 0,
        issued_on: zone.date(core.now()),
        corrects: Some(note.number),
        ..note
    };
    NewInvoice {
        invoice_id: document.invoice_id,
        issuer_id: organization_id.0,
        organization_id,
        cause_id,
        payment_id,
        booking_id,
        invoice: document,
    }
}

/// The GST in what is taken: who is not registered charges none.
fn gst_charged(cause: &Cause) -> AudCents {
    match (cause.tax_code, cause.gst_registered) {
        (TaxCode::Taxable, true) => gst_in(cause.cents).unwrap_or(AudCents::ZERO),
        (TaxCode::Taxable, false) | (TaxCode::FreeMedical | TaxCode::FreeHealth, _) => AudCents::ZERO,
    }
}

/// What was sold. Of what was paid beforehand only a part may be `kept` as a fee; the rest goes back, and a note of its own says so.
fn line_text(purpose: IntentPurpose, visit: Option<&BilledVisit>, kept: Option<AudCents>) -> String {
    let fee = |why: &str| match kept {
        Some(cents) => format!("Paid beforehand, of which ${} is the fee for {why}", words::amount(cents)),
        None => format!("Fee for {why}"),
    };
    match (purpose, visit) {
        (IntentPurpose::Visit, Some(visit)) => {
            format!("{} with {}", visit.service_text, visit.practitioner_name)
        }
        (IntentPurpose::Visit, None) => "Appointment".to_owned(),
        (IntentPurpose::Balance, _) => "Balance of an appointment".to_owned(),
        (IntentPurpose::LateFee, _) => fee("a late cancellation"),
        (IntentPurpose::NoShowFee, _) => fee("an appointment that was not kept"),
    }
}

/// The platform's invoice for the fees of a month, of which this is the first day.
pub fn of_month(core: &Core, month: Date, fees: FeesDue, abn: &Abn) -> NewInvoice {
    let document = Invoice {
        invoice_id: core.id(),
        kind: InvoiceKind::PlatformInvoice,
        number: 0,
        issued_on: Zone::SYDNEY.date(core.now()),
        issuer_name: PLATFORM_NAME.to_owned(),
        issuer_abn: Some(abn.to_string()),
        recipient_name: fees.legal_name.map(Personal::new),
        lines: vec![InvoiceLine {
            text: format!("Platform fees, {}", words::month(month)),
            service_date: None,
            item_number: None,
            amount_cents: fees.fee_cents,
            gst_cents: fees.gst_cents,
        }],
        total_cents: fees.fee_cents,
        gst_cents: fees.gst_cents,
        rebate_cents: AudCents::ZERO,
        corrects: None,
    };
    NewInvoice {
        invoice_id: document.invoice_id,
        issuer_id: PLATFORM,
        organization_id: fees.organization_id,
        cause_id: month_id(fees.organization_id, month),
        payment_id: None,
        booking_id: None,
        invoice: document,
    }
}

/// A practice's month as the cause of a document: the same every time.
pub fn month_id(organization_id: OrganizationId, month: Date) -> Uuid {
    let digest = Sha256::digest(format!("hellomapper-platform-invoice\n{organization_id}\n{month}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes)
}

/// The first day of the last month that is over, and the moment at which it was.
pub fn last_month(now: Timestamp) -> (Date, Timestamp) {
    let this = Zone::SYDNEY.date(now).first_of_month();
    let last = this.yesterday().map_or(this, Date::first_of_month);
    (last, Zone::SYDNEY.start_of_day(this))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::{last_month, month_id};

    #[test]
    fn a_month_is_over_at_midnight_in_sydney() {
        // Eleven in the evening of the last day of November, and an hour later.
        let (month, until) = last_month("2026-11-30T12:00:00Z".parse().unwrap());
        assert_eq!((month, until.to_string()), (date(2026, 10, 1), "2026-10-31T13:00:00Z".to_owned()));
        let (month, until) = last_month("2026-11-30T13:00:00Z".parse().unwrap());
        assert_eq!((month, until.to_string()), (date(2026, 11, 1), "2026-11-30T13:00:00Z".to_owned()));
    }

    #[test]
    fn a_practices_month_is_one_cause() {
        let practice = |number| Uuid::from_u128(number).into();
        let november = month_id(practice(1), date(2026, 11, 1));
        assert_eq!(november, month_id(practice(1), date(2026, 11, 1)));
        assert_ne!(november, month_id(practice(1), date(2026, 12, 1)));
        assert_ne!(november, month_id(practice(2), date(2026, 11, 1)));
    }
}
