//! What `hellomapper bench` measures of payments: rows as a booking leaves them, and the changes that follow. The processor is not asked.

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use kernel::Core;
use shared_types::{
    AudCents, IntentId, OrganizationId, PaymentId, Zone,
    bookings::Quote,
    payments::{
        IntentKind, IntentPurpose,
        funding::FundingMode,
        quote::{Collection, QuoteTerms, TaxCode},
    },
};

use crate::{
    domain::payment::{Change, Payment, TakenBy},
    settle::settle,
    store::{
        customer::{self, Payer},
        intent::{self, Intent},
        payment, platform_fee,
    },
};

/// What each of them is for.
pub const CENTS: AudCents = AudCents(11_000);

/// A payment that waits, and the try that is under way.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// The processor knows it by this.
    pub intent_id: IntentId,
}

/// Writes down a payment that is to be made in advance, with its try, as it is before the processor is asked.
///
/// # Errors
/// When the database refuses.
pub async fn begin(core: &Core, organization_id: OrganizationId) -> Result<Waiting> {
    let quote = quote(core, organization_id);
    let terms = quote.terms.as_ref().context("a quote with terms")?;
    let mut tx = core.begin().await?;
    let fee = platform_fee::on(&mut tx, organization_id, Zone::SYDNEY.date(core.now())).await?;
    let payment = Payment::awaiting(core.id(), &quote, terms, fee, None);
    payment::create_payment(&mut tx, &payment, core.now()).await?;
    let whose = Payer::Guest(payment.booking_id);
    let customer = customer::find_or_make(&mut tx, whose, core.id(), core.now()).await?;
    let (payment_id, of) = (payment.payment_id, (IntentPurpose::Visit, IntentKind::Charge));
    let it = Intent::new(core.id(), Some(payment_id), customer.customer_id, of, 1, CENTS, core.now());
    intent::insert(&mut tx, &it).await?;
    core.commit(tx).await?;
    Ok(Waiting { payment_id, intent_id: it.intent_id })
}

/// Its money is held, and then taken: two changes with their postings, histories, log entries and events, each in a transaction of its
/// own.
///
/// # Errors
/// When the database refuses.
pub async fn hold_and_take(core: &Core, waiting: Waiting) -> Result<()> {
    let Waiting { payment_id, intent_id } = waiting;
    let processor_charge = format!("ch_{intent_id}");
    for change in [Change::Held { cents: CENTS }, Change::Taken { intent_id, cents: CENTS, processor_charge }]
    {
        let mut tx = core.begin().await?;
        let payment = payment::lock_by_id(&mut tx, payment_id).await?.context("a payment that was begun")?;
        settle(&mut tx, core, payment, change, TakenBy::Processor).await?;
        core.commit(tx).await?;
    }
    Ok(())
}

fn quote(core: &Core, organization_id: OrganizationId) -> Quote {
    let terms = QuoteTerms {
        hold_id: core.id(),
        organization_id,
        appointment_type_id: core.id(),
        start: core.now() + SignedDuration::from_hours(72),
        funding: FundingMode::Private,
        collection: Collection::Prepaid,
        tax_code: TaxCode::FreeHealth,
        total_cents: CENTS,
        deposit_cents: AudCents::ZERO,
        late_fee_cents: AudCents::ZERO,
        no_show_fee_cents: AudCents::ZERO,
        free_until_hours: 24,
    };
    Quote {
        quote_id: core.id(),
        booking_id: core.id(),
        fee_cents: CENTS,
        rebate_cents: AudCents::ZERO,
        gap_cents: CENTS,
        expires_at: core.now() + SignedDuration::from_mins(10),
        terms: Some(terms),
        kid: String::new(),
        signature: String::new(),
    }
}
