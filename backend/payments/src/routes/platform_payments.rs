//! `/api/v1/payments/platform/payments`: an administrator finds a payment by one thing that is known of it, and sees all that became of
//! it. What is looked for is in the body, so that no address and no log has it.

use std::ops::RangeInclusive;

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use shared_types::{
    OrganizationId, PaymentId, Problem,
    page::Page,
    payments::platform::{FindPayments, FoundPayment, OBJECT_NAME, PlatformIntent, PlatformPayment},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    chargebacks,
    money::{note_payment, payment_entry},
};
use crate::{
    domain::payment::Payment,
    refunding,
    state::State,
    store::{chargeback, intent, payment, payment_search, practice_account, refund},
};

/// How many one page has.
const PAGE: i64 = 50;
/// The years in which visits are: the database knows fewer days than a date has.
const YEARS: RangeInclusive<i16> = 2000..=2099;

/// Looks for payments by a booking, a receipt, a name of the processor's, or a practice and a day. Each that is shown is written down.
pub async fn search_platform_payments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Json(body): Json<FindPayments>,
) -> Result<Disclosed<Page<FoundPayment>>, Reject> {
    let (core, action) = (&state.core, "search_platform_payments");
    let mut tx = core.begin().await?;
    let mut ids = look_for(&mut tx, &body).await?;
    let more = ids.len() > PAGE as usize;
    ids.truncate(PAGE as usize);
    let next = ids.last().filter(|_| more).map(ToString::to_string);
    let payments = payment::find_all(&mut tx, &ids).await?;
    let mut items = Vec::with_capacity(ids.len());
    for payment_id in ids {
        let found = payments.iter().find(|payment| payment.payment_id == payment_id);
        let Some(payment) = found else { continue };
        let begun = payment_search::begun(&mut tx, payment_id).await?;
        let legal_name = legal_name(&mut tx, payment.organization_id).await?;
        let item = FoundPayment {
            payment_id,
            booking_id: payment.booking_id,
            organization_id: payment.organization_id,
            legal_name,
            status: payment.status,
            total_cents: payment.agreed_cents.unwrap_or(payment.price_cents),
            captured_cents: payment.captured_cents,
            refunded_cents: payment.refunded_cents,
            starts_at: begun.and_then(|begun| begun.starts_at),
        };
        let actor = Actor::of(&caller);
        let seen = payment_entry(&mut tx, actor, action, payment, Purpose::Administration).await?;
        items.push((item, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, next).await?)
}

async fn look_for(conn: &mut PgConnection, wanted: &FindPayments) -> Result<Vec<PaymentId>, Reject> {
    let wrong = |pointer: &str, detail: &str| Problem::invalid(vec![FieldError::new(pointer, detail)]);
    Ok(match wanted {
        FindPayments::Booking { booking_id } => payment_search::of_booking(conn, *booking_id).await?,
        FindPayments::Receipt { organization_id, number } => {
            if *number < 1 {
                return Err(wrong("/number", "give a number above zero").into());
            }
            payment_search::of_receipt(conn, *organization_id, *number).await?
        }
        FindPayments::Object { object } => {
            let object = object.trim();
            if object.is_empty() || object.chars().count() > OBJECT_NAME || object.contains('\0') {
                return Err(wrong("/object", "give the card processor’s name: 1 to 255 characters").into());
            }
            payment_search::of_object(conn, object).await?
        }
        FindPayments::Day { organization_id, day, after } => {
            if !YEARS.contains(&day.year()) {
                return Err(wrong("/day", "give a day of this century").into());
            }
            payment_search::of_day(conn, *organization_id, *day, *after, PAGE + 1).await?
        }
    })
}

/// A payment, every try of it, and what went back.
pub async fn find_platform_payment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(payment_id): Path<PaymentId>,
) -> Result<Disclosed<PlatformPayment>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let payment = payment::lock_by_id(&mut tx, payment_id).await?;
    let payment = payment.ok_or_else(|| Problem::not_found("This payment"))?;
    let view = whole(&mut tx, &payment).await?;
    let actor = Actor::of(&caller);
    let recorded =
        note_payment(&mut tx, core, actor, "find_platform_payment", &payment, Purpose::Administration)
            .await?;
    Ok(Disclosed::commit(core, tx, recorded, view).await?)
}

async fn whole(conn: &mut PgConnection, payment: &Payment) -> Result<PlatformPayment, Reject> {
    let payment_id = payment.payment_id;
    let intents = intent::of_payment(conn, payment_id).await?.into_iter().map(|one| PlatformIntent {
        intent_id: one.intent_id,
        purpose: one.purpose,
        kind: one.kind,
        status: one.status,
        amount_cents: one.amount_cents,
        processor_object: one.processor_intent.or(one.checkout_session),
        created_at: one.created_at,
    });
    let intents = intents.collect();
    let refunds = refund::of_payment(conn, payment_id).await?;
    let disputes = chargeback::of_payment(conn, payment_id).await?;
    let begun = payment_search::begun(conn, payment_id).await?;
    Ok(PlatformPayment {
        payment_id,
        booking_id: payment.booking_id,
        organization_id: payment.organization_id,
        legal_name: legal_name(conn, payment.organization_id).await?,
        starts_at: begun.and_then(|begun| begun.starts_at),
        status: payment.status,
        total_cents: payment.agreed_cents.unwrap_or(payment.price_cents),
        captured_cents: payment.captured_cents,
        refunded_cents: payment.refunded_cents,
        refunding_cents: payment.refunding_cents,
        intents,
        refunds: refunds.iter().map(|row| refunding::view(row, payment)).collect(),
        chargebacks: disputes.iter().map(|row| chargebacks::view(row, payment.organization_id)).collect(),
    })
}

/// What a practice is called on documents.
async fn legal_name(
    conn: &mut PgConnection,
    organization_id: Option<OrganizationId>,
) -> Result<Option<String>, Reject> {
    let Some(organization_id) = organization_id else { return Ok(None) };
    let account = practice_account::find(conn, organization_id).await?;
    Ok(account.and_then(|account| account.legal_name))
}
