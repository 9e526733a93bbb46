//! A payment or set-up of the processor, applied to the try that it is of.

use anyhow::Context as _;
use jiff::civil::Date;
use kernel::Core;
use shared_types::{
    AudCents, IntentId, PaymentId,
    payments::{IntentKind, IntentPurpose, IntentStatus, PaymentFailure, PaymentStatus, RefundReason},
};
use sqlx::PgConnection;

use super::{Applied, is_under_way};
use crate::{
    charging,
    domain::{
        ledger::Posting,
        payment::{Change, Payment, TakenBy},
    },
    gateways::card_processor::{CardRecord, IntentRecord, IntentState, Page},
    refunding::{self, NewRefund},
    settle::settle,
    store::{
        intent::{self, Intent},
        ledger, payment,
        processor_call::{self, NewCall, Operation},
        refund::{self, RequestedAs},
        saved_card::{self, SavedCardRow},
        transfer::{self, Transfer},
    },
};

/// Applies it.
///
/// # Errors
/// When it does not lead on from what we have, or a table cannot be changed.
pub async fn apply(conn: &mut PgConnection, core: &Core, record: &IntentRecord) -> anyhow::Result<Applied> {
    let Some((intent_id, payment_id)) = which(conn, record).await? else { return Ok(Applied::Unknown) };
    // Whoever changes a payment or its tries locks the payment first.
    let payment = match payment_id {
        Some(payment_id) => payment::lock_by_id(conn, payment_id).await?,
        None => None,
    };
    let Some(mut it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    let (before, was) = (it.clone(), it.status);
    learn(conn, core, &mut it, record).await?;
    let to = status_of(record, &it);
    let moves = to != was && (was.next().contains(&to) || to == IntentStatus::Captured);
    if to == IntentStatus::Captured && moves && is_stray(conn, &it, payment.as_ref(), record).await? {
        let payment = payment.as_ref().context("money is taken for a payment")?;
        if was.next().contains(&IntentStatus::Expired) {
            (it.status, it.page_address) = (IntentStatus::Expired, None);
        }
        // By its name it is given back.
        intent::update(conn, &it, was, core.now()).await?;
        refunding::undo(conn, core, payment, &it, AudCents(record.taken_cents)).await?;
        return Ok(Applied::Changed);
    }
    // Held for a try that is over, or made for one that failed: nobody waits for it.
    let is_idle =
        if moves { to == IntentStatus::Failed } else { to == IntentStatus::Authorised && to != was };
    if let (true, Some(payment_id)) = (is_idle, payment_id) {
        let mut call = NewCall::of_intent(Operation::Cancel, payment_id, intent_id, None);
        if to == IntentStatus::Authorised {
            // It may have been called off before it was there, under the usual key.
            call.idempotency_key.push_str("_held");
        }
        processor_call::enqueue(conn, core, call).await?;
    }
    if moves {
        move_to(&mut it, to, record);
    }
    if it != before {
        intent::update(conn, &it, was, core.now()).await?;
    }
    if let Some(payment) = payment {
        if moves {
            follow(conn, core, payment, &it, was, record).await?;
        }
        book_processor_fee(conn, core, &it, record).await?;
    }
    Ok(if moves { Applied::Changed } else { Applied::Same })
}

/// A page ran out or was closed: its try is over unless somebody paid there.
///
/// # Errors
/// When a table cannot be changed.
pub async fn page_ran_out(conn: &mut PgConnection, core: &Core, page: &Page) -> anyhow::Result<Applied> {
    let found = match intent::find_by_object(conn, &page.id).await? {
        Some(found) => Some(found),
        None => by_reference(conn, page.reference.as_deref()).await?,
    };
    let Some((intent_id, payment_id)) = found else { return Ok(Applied::Unknown) };
    if let Some(payment_id) = payment_id {
        payment::lock_by_id(conn, payment_id).await?;
    }
    expire(conn, core, intent_id).await
}

/// Ends a try that waits for somebody. To be called with its payment locked.
///
/// # Errors
/// When a table cannot be changed.
pub async fn expire(conn: &mut PgConnection, core: &Core, intent_id: IntentId) -> anyhow::Result<Applied> {
    let Some(it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    if !is_under_way(it.status) {
        return Ok(Applied::Same);
    }
    let from = it.status;
    let over = Intent { status: IntentStatus::Expired, page_address: None, ..it };
    intent::update(conn, &over, from, core.now()).await?;
    Ok(Applied::Changed)
}

/// The card said no, or the processor does not do it: the try is over, and the patient can give another card. Nothing can come of
/// it any more, so what the processor made of it is let go.
///
/// # Errors
/// When a table cannot be changed.
pub async fn fail(
    conn: &mut PgConnection,
    core: &Core,
    payment_id: PaymentId,
    intent_id: IntentId,
    failure: PaymentFailure,
    record: Option<&IntentRecord>,
) -> anyhow::Result<Applied> {
    let payment = payment::lock_by_id(conn, payment_id).await?.context("a try's payment")?;
    let Some(it) = intent::lock(conn, intent_id).await? else { return Ok(Applied::Unknown) };
    if !is_under_way(it.status) {
        return Ok(Applied::Same);
    }
    let from = it.status;
    let made = record.map(|record| record.id.clone()).or_else(|| it.processor_intent.clone());
    let over = Intent {
        status: IntentStatus::Failed,
        failure: Some(failure),
        processor_intent: made,
        page_address: None,
        ..it
    };
    intent::update(conn, &over, from, core.now()).await?;
    if over.processor_intent.is_some() {
        let call = NewCall::of_intent(Operation::Cancel, payment_id, intent_id, None);
        processor_call::enqueue(conn, core, call).await?;
    }
    settle(conn, core, payment, Change::Failed { failure }, TakenBy::Processor).await?;
    Ok(Applied::Changed)
}

/// The processor's word for a failure, as far as the patient is told.
pub fn failure_of(code: &str) -> PaymentFailure {
    match code {
        "insufficient_funds" => PaymentFailure::InsufficientFunds,
        "expired_card" => PaymentFailure::ExpiredCard,
        "authentication_required"
        | "payment_intent_authentication_failure"
        | "setup_intent_authentication_failure" => PaymentFailure::AuthenticationRequired,
        _ => PaymentFailure::Declined,
    }
}

/// The try that it is of, as it stands here.
///
/// # Errors
/// When a table cannot be read.
pub async fn ours(conn: &mut PgConnection, record: &IntentRecord) -> anyhow::Result<Option<Intent>> {
    match which(conn, record).await? {
        Some((intent_id, _)) => intent::lock(conn, intent_id).await,
        None => Ok(None),
    }
}

/// Which try it is of: by the processor's name, or by ours where we did not hear of it yet.
async fn which(
    conn: &mut PgConnection,
    record: &IntentRecord,
) -> anyhow::Result<Option<(IntentId, Option<PaymentId>)>> {
    match intent::find_by_object(conn, &record.id).await? {
        Some(found) => Ok(Some(found)),
        None => by_reference(conn, record.reference.as_deref()).await,
    }
}

async fn by_reference(
    conn: &mut PgConnection,
    reference: Option<&str>,
) -> anyhow::Result<Option<(IntentId, Option<PaymentId>)>> {
    let Some(intent_id) = reference.and_then(|it| it.parse::<IntentId>().ok()) else { return Ok(None) };
    let payment_id = intent::find_payment_of(conn, intent_id).await?;
    Ok(payment_id.map(|payment_id| (intent_id, payment_id)))
}

/// Money that is not the payment's to take: another try has it, nothing is collected for the booking, or it is more than was agreed
/// to.
async fn is_stray(
    conn: &mut PgConnection,
    it: &Intent,
    payment: Option<&Payment>,
    record: &IntentRecord,
) -> anyhow::Result<bool> {
    let refused = payment.is_some_and(|payment| !payment.may_take(AudCents(record.taken_cents)));
    Ok((refused && record.taken_cents > 0) || is_second(conn, it).await?)
}

/// Another try for the same purpose has the money or may still get it; or it had when this one was found, and what it took was given
/// back.
async fn is_second(conn: &mut PgConnection, it: &Intent) -> anyhow::Result<bool> {
    let Some(payment_id) = it.payment_id else { return Ok(false) };
    let refunds = refund::of_payment(conn, payment_id).await?;
    if refunds.iter().any(|back| back.cause_id == it.intent_id.0) {
        return Ok(true);
    }
    let others = intent::of_payment(conn, payment_id).await?;
    Ok(it.kind != IntentKind::Setup
        && others.iter().any(|other| {
            let same = other.purpose == it.purpose && other.kind != IntentKind::Setup;
            same && other.intent_id != it.intent_id && other.status.is_live()
        }))
}

/// The processor's names, and the card.
async fn learn(
    conn: &mut PgConnection,
    core: &Core,
    it: &mut Intent,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    it.processor_intent = Some(record.id.clone());
    if record.charge.is_some() {
        it.processor_charge.clone_from(&record.charge);
    }
    if record.held_until.is_some() {
        it.hold_expires_at = record.held_until;
    }
    let is_good = match record.state {
        IntentState::Saved | IntentState::Held | IntentState::Taken => true,
        IntentState::NeedsCard
        | IntentState::NeedsAuthentication
        | IntentState::Processing
        | IntentState::Canceled
        | IntentState::RanOut => false,
    };
    if let (true, None, Some(card), Some(customer_id)) =
        (is_good, it.saved_card_id, &record.card, it.customer_id)
    {
        let row = SavedCardRow {
            saved_card_id: core.id(),
            customer_id,
            processor_card: card.id.clone(),
            brand: card.brand.clone(),
            last_four: card.last_four.clone(),
            good_until: good_until(card)?,
            kept: it.keeps_card,
            created_at: core.now(),
        };
        it.saved_card_id = Some(saved_card::keep(conn, &row).await?);
    }
    Ok(())
}

fn good_until(card: &CardRecord) -> anyhow::Result<Date> {
    let (year, month) = card.good_until;
    Date::new(year, month, 1).context("a card's last month")
}

/// Where a try stands by what the processor has. A card that did not work on a page is no end: the page asks for another.
fn status_of(record: &IntentRecord, it: &Intent) -> IntentStatus {
    let on_page = it.saved_card_id.is_none() || it.checkout_session.is_some();
    match record.state {
        IntentState::NeedsCard if on_page || record.failure.is_none() => it.status,
        // Nobody is there to give another card or to prove who they are.
        IntentState::NeedsCard => IntentStatus::Failed,
        IntentState::NeedsAuthentication if on_page => it.status,
        IntentState::NeedsAuthentication => IntentStatus::Failed,
        IntentState::Processing => IntentStatus::Processing,
        IntentState::Held => IntentStatus::Authorised,
        IntentState::Taken => IntentStatus::Captured,
        IntentState::Saved => IntentStatus::Saved,
        IntentState::Canceled => IntentStatus::Voided,
        IntentState::RanOut => IntentStatus::Expired,
    }
}

fn move_to(it: &mut Intent, to: IntentStatus, record: &IntentRecord) {
    it.status = to;
    match to {
        IntentStatus::Captured => {
            it.captured_cents = AudCents(record.taken_cents);
            it.failure = None;
        }
        IntentStatus::Failed => {
            it.failure =
                Some(record.failure.as_deref().map_or(PaymentFailure::AuthenticationRequired, failure_of));
        }
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Saved
        | IntentStatus::Authorised
        | IntentStatus::Expired
        | IntentStatus::Voided => {}
    }
    if !is_under_way(to) {
        it.page_address = None;
    }
}

/// What follows for the payment.
async fn follow(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    it: &Intent,
    was: IntentStatus,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let change = match it.status {
        IntentStatus::Saved => Change::CardSaved,
        IntentStatus::Authorised => Change::Held { cents: it.amount_cents },
        IntentStatus::Captured => return captured(conn, core, payment, it, record).await,
        IntentStatus::Failed => Change::Failed { failure: it.failure.unwrap_or(PaymentFailure::Declined) },
        // Held money that somebody else let go is gone as if the bank had.
        IntentStatus::Expired | IntentStatus::Voided
            if was == IntentStatus::Authorised && payment.status == PaymentStatus::Authorised =>
        {
            Change::HoldExpired { now: core.now() }
        }
        IntentStatus::Created
        | IntentStatus::PageOpen
        | IntentStatus::NeedsAuthentication
        | IntentStatus::Processing
        | IntentStatus::Expired
        | IntentStatus::Voided => return Ok(()),
    };
    settle(conn, core, payment, change, TakenBy::Processor).await?;
    Ok(())
}

/// Money that was taken, with the practice's share. What comes once it is not owed any more goes back at once; a bank that disputes
/// has the money, and what goes back then is decided with it.
async fn captured(
    conn: &mut PgConnection,
    core: &Core,
    payment: Payment,
    it: &Intent,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let cents = it.captured_cents;
    let (beyond, reason) = not_owed(&payment, it);
    if let Some(organization_id) = payment.organization_id {
        let share = Transfer {
            transfer_id: core.id(),
            payment_id: payment.payment_id,
            intent_id: it.intent_id,
            organization_id,
            processor_transfer: record.transfer.clone(),
            amount_cents: cents,
            fee_cents: payment.fee_in(cents).whole_cents,
        };
        transfer::insert(conn, &share, core.now()).await?;
    }
    let taken = Change::Taken {
        intent_id: it.intent_id,
        cents,
        processor_charge: record.charge.clone().context("money is taken by a charge")?,
    };
    let payment = settle(conn, core, payment, taken, TakenBy::Processor).await?;
    if beyond > AudCents::ZERO && payment.status.keeps_money() {
        let back = NewRefund {
            cause_id: it.intent_id.0,
            amount: beyond,
            reason,
            note: None,
            requested_as: RequestedAs::Rule,
            requested_by: None,
        };
        refunding::begin_refund(conn, core, &payment, back).await?;
    } else if it.purpose == IntentPurpose::Visit && payment.fee_cents == AudCents::ZERO {
        // What was agreed to beyond what could be held.
        charging::charge_balance(conn, core, &payment).await?;
    }
    Ok(())
}

/// How much of what a try took is not owed any more, and why it goes back.
fn not_owed(payment: &Payment, it: &Intent) -> (AudCents, RefundReason) {
    let cents = it.captured_cents;
    if payment.status == PaymentStatus::Voided {
        return (cents, RefundReason::TooLate);
    }
    match it.purpose {
        IntentPurpose::Visit => (AudCents::ZERO, RefundReason::TooLate),
        IntentPurpose::Balance => {
            let owed = payment.still_owes(it.purpose, cents);
            (if owed { AudCents::ZERO } else { cents }, RefundReason::Cancelled)
        }
        IntentPurpose::LateFee | IntentPurpose::NoShowFee => {
            let beyond = AudCents((cents.0 - payment.fee_owed_cents.0).max(0));
            (beyond, RefundReason::FeeWaived)
        }
    }
}

/// What the processor kept for itself, once for each try.
async fn book_processor_fee(
    conn: &mut PgConnection,
    core: &Core,
    it: &Intent,
    record: &IntentRecord,
) -> anyhow::Result<()> {
    let Some((object, cents)) = &record.processor_fee else { return Ok(()) };
    if it.status == IntentStatus::Captured && *cents > 0 {
        let fee = Posting::processor_fee(it.intent_id.0, AudCents(*cents), object.clone(), core.now());
        ledger::post(conn, core, &fee).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{
        AudCents,
        payments::{IntentKind, IntentPurpose, IntentStatus, PaymentFailure},
    };
    use uuid::Uuid;

    use super::{failure_of, status_of};
    use crate::{
        gateways::card_processor::{IntentRecord, IntentState},
        store::intent::Intent,
    };

    fn record(state: IntentState, failure: Option<&str>) -> IntentRecord {
        IntentRecord {
            id: "pi_1".to_owned(),
            reference: None,
            state,
            amount_cents: 8_500,
            taken_cents: 0,
            card: None,
            charge: None,
            transfer: None,
            held_until: None,
            processor_fee: None,
            failure: failure.map(str::to_owned),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn tried(on_page: bool) -> Intent {
        let of = (IntentPurpose::Visit, IntentKind::Authorise);
        let id = |number| Uuid::from_u128(number);
        let mut it = Intent::new(
            id(1).into(),
            Some(id(2).into()),
            id(3).into(),
            of,
            1,
            AudCents(8_500),
            Timestamp::UNIX_EPOCH,
        );
        if on_page {
            it.status = IntentStatus::PageOpen;
            it.checkout_session = Some("cs_1".to_owned());
        } else {
            it.saved_card_id = Some(id(4).into());
        }
        it
    }

    #[test]
    fn a_declined_card_ends_a_try_only_where_nobody_can_give_another() {
        let declined = record(IntentState::NeedsCard, Some("insufficient_funds"));
        assert_eq!(status_of(&declined, &tried(true)), IntentStatus::PageOpen);
        assert_eq!(status_of(&declined, &tried(false)), IntentStatus::Failed);
        let asked = record(IntentState::NeedsAuthentication, None);
        assert_eq!(status_of(&asked, &tried(true)), IntentStatus::PageOpen);
        assert_eq!(status_of(&asked, &tried(false)), IntentStatus::Failed);
    }

    #[test]
    fn what_the_processor_has_decides() {
        for (state, status) in [
            (IntentState::Processing, IntentStatus::Processing),
            (IntentState::Held, IntentStatus::Authorised),
            (IntentState::Taken, IntentStatus::Captured),
            (IntentState::Saved, IntentStatus::Saved),
            (IntentState::Canceled, IntentStatus::Voided),
            (IntentState::RanOut, IntentStatus::Expired),
        ] {
            assert_eq!(status_of(&record(state, None), &tried(true)), status, "{state:?}");
        }
    }

    #[test]
    fn the_patient_is_told_what_helps() {
        for (code, failure) in [
            ("insufficient_funds", PaymentFailure::InsufficientFunds),
            ("expired_card", PaymentFailure::ExpiredCard),
            ("authentication_required", PaymentFailure::AuthenticationRequired),
            ("stolen_card", PaymentFailure::Declined),
        ] {
            assert_eq!(failure_of(code), failure, "{code}");
        }
    }
}
