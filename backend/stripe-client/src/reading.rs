//! The processor's objects, read into our records.

use jiff::Timestamp;
use stripe_shared::{
    Account, BalanceTransaction, Charge, CheckoutSession, CheckoutSessionStatus, Dispute, DisputeStatus,
    PaymentIntent, PaymentIntentCancellationReason, PaymentIntentStatus, PaymentMethod, Payout, Refund,
    SetupIntent, SetupIntentStatus,
};
use stripe_types::Expandable;

use crate::records::{
    AccountRecord, BalanceLine, CardRecord, DisputeRecord, DisputeState, IntentRecord, IntentState, Page,
    PageState, PayoutRecord, RefundRecord, RefundState,
};

/// The key of our own name in the processor's metadata.
pub(crate) const REFERENCE: &str = "reference";

/// A moment; what cannot be one is the first there is, so that nothing looks newer than it is.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl From<PaymentIntent> for IntentRecord {
    fn from(intent: PaymentIntent) -> Self {
        let charge = intent.latest_charge.as_ref().and_then(Expandable::as_object);
        let state = match &intent.status {
            PaymentIntentStatus::Canceled => match intent.cancellation_reason {
                Some(
                    PaymentIntentCancellationReason::Automatic | PaymentIntentCancellationReason::Expired,
                ) => IntentState::RanOut,
                _ => IntentState::Canceled,
            },
            PaymentIntentStatus::RequiresAction => IntentState::NeedsAuthentication,
            PaymentIntentStatus::RequiresCapture => IntentState::Held,
            PaymentIntentStatus::RequiresConfirmation | PaymentIntentStatus::RequiresPaymentMethod => {
                IntentState::NeedsCard
            }
            PaymentIntentStatus::Succeeded => IntentState::Taken,
            // A state that this build does not know is one to wait in.
            _ => IntentState::Processing,
        };
        let error = intent.last_payment_error.as_ref();
        Self {
            reference: intent.metadata.get(REFERENCE).cloned(),
            state,
            amount_cents: intent.amount,
            taken_cents: intent.amount_received,
            card: intent.payment_method.as_ref().and_then(Expandable::as_object).and_then(card),
            charge: intent.latest_charge.as_ref().map(|charge| charge.id().to_string()),
            transfer: charge.and_then(|charge| charge.transfer.as_ref()).map(|it| it.id().to_string()),
            held_until: charge.and_then(held_until),
            processor_fee: charge
                .filter(|charge| charge.captured)
                .and_then(|charge| charge.balance_transaction.as_ref())
                .and_then(Expandable::as_object)
                .map(|line| (line.id.to_string(), line.fee)),
            failure: error.and_then(|error| {
                error
                    .decline_code
                    .clone()
                    .or_else(|| error.code.as_ref().map(|code| code.as_str().to_owned()))
            }),
            created_at: at(intent.created),
            id: intent.id.to_string(),
        }
    }
}

fn held_until(charge: &Charge) -> Option<Timestamp> {
    charge.payment_method_details.as_ref()?.card.as_ref()?.capture_before.map(at)
}

impl From<SetupIntent> for IntentRecord {
    fn from(intent: SetupIntent) -> Self {
        let state = match &intent.status {
            SetupIntentStatus::Canceled => IntentState::Canceled,
            SetupIntentStatus::RequiresAction => IntentState::NeedsAuthentication,
            SetupIntentStatus::RequiresConfirmation | SetupIntentStatus::RequiresPaymentMethod => {
                IntentState::NeedsCard
            }
            SetupIntentStatus::Succeeded => IntentState::Saved,
            // A state that this build does not know is one to wait in.
            _ => IntentState::Processing,
        };
        let error = intent.last_setup_error.as_ref();
        Self {
            reference: intent.metadata.as_ref().and_then(|metadata| metadata.get(REFERENCE)).cloned(),
            state,
            amount_cents: 0,
            taken_cents: 0,
            card: intent.payment_method.as_ref().and_then(Expandable::as_object).and_then(card),
            charge: None,
            transfer: None,
            held_until: None,
            processor_fee: None,
            failure: error.and_then(|error| {
                error
                    .decline_code
                    .clone()
                    .or_else(|| error.code.as_ref().map(|code| code.as_str().to_owned()))
            }),
            created_at: at(intent.created),
            id: intent.id.to_string(),
        }
    }
}

/// A card; none for what is no card.
fn card(method: &PaymentMethod) -> Option<CardRecord> {
    let card = method.card.as_ref()?;
    Some(CardRecord {
        id: method.id.to_string(),
        brand: card.brand.clone(),
        last_four: card.last4.clone(),
        good_until: (i16::try_from(card.exp_year).ok()?, i8::try_from(card.exp_month).ok()?),
    })
}

impl From<CheckoutSession> for Page {
    fn from(session: CheckoutSession) -> Self {
        let state = match session.status {
            Some(CheckoutSessionStatus::Complete) => PageState::Complete,
            Some(CheckoutSessionStatus::Expired) => PageState::Expired,
            _ => PageState::Open,
        };
        let payment = session.payment_intent.as_ref().map(|intent| intent.id().to_string());
        let setup = session.setup_intent.as_ref().map(|intent| intent.id().to_string());
        Self {
            id: session.id.to_string(),
            reference: session.client_reference_id,
            state,
            address: session.url,
            expires_at: at(session.expires_at),
            intent: payment.or(setup),
        }
    }
}

impl From<Refund> for RefundRecord {
    fn from(refund: Refund) -> Self {
        let state = match refund.status.as_deref() {
            Some("succeeded") => RefundState::Succeeded,
            Some("failed" | "canceled") => RefundState::Failed,
            _ => RefundState::Pending,
        };
        Self {
            id: refund.id.to_string(),
            reference: refund.metadata.as_ref().and_then(|metadata| metadata.get(REFERENCE)).cloned(),
            state,
            amount_cents: refund.amount,
            intent: refund.payment_intent.as_ref().map(|intent| intent.id().to_string()),
            takes_share_back: refund.transfer_reversal.is_some(),
            created_at: at(refund.created),
        }
    }
}

impl From<Dispute> for DisputeRecord {
    fn from(dispute: Dispute) -> Self {
        let (state, is_inquiry) = match dispute.status {
            DisputeStatus::Lost => (DisputeState::Lost, false),
            DisputeStatus::NeedsResponse => (DisputeState::NeedsResponse, false),
            DisputeStatus::Prevented | DisputeStatus::WarningClosed => (DisputeState::Closed, true),
            DisputeStatus::WarningNeedsResponse => (DisputeState::NeedsResponse, true),
            DisputeStatus::WarningUnderReview => (DisputeState::UnderReview, true),
            DisputeStatus::Won => (DisputeState::Won, false),
            // A state that this build does not know is one to wait in.
            _ => (DisputeState::UnderReview, false),
        };
        Self {
            id: dispute.id.to_string(),
            state,
            is_inquiry,
            amount_cents: dispute.amount,
            reason: dispute.reason,
            intent: dispute.payment_intent.as_ref().map(|intent| intent.id().to_string()),
            evidence_until: dispute.evidence_details.due_by.map(at),
            fees: dispute.balance_transactions.iter().map(|line| (line.id.to_string(), line.fee)).collect(),
            created_at: at(dispute.created),
        }
    }
}

impl From<Account> for AccountRecord {
    fn from(account: Account) -> Self {
        let requirements = account.requirements.as_ref();
        let asked = requirements.and_then(|asked| asked.currently_due.clone());
        Self {
            id: account.id.to_string(),
            reference: account.metadata.as_ref().and_then(|metadata| metadata.get(REFERENCE)).cloned(),
            details_submitted: account.details_submitted.unwrap_or(false),
            charges_enabled: account.charges_enabled.unwrap_or(false),
            payouts_enabled: account.payouts_enabled.unwrap_or(false),
            asked: asked.unwrap_or_default(),
            asked_until: requirements.and_then(|asked| asked.current_deadline).map(at),
        }
    }
}

impl From<Payout> for PayoutRecord {
    fn from(payout: Payout) -> Self {
        Self {
            id: payout.id.to_string(),
            amount_cents: payout.amount,
            status: payout.status,
            arrives_at: at(payout.arrival_date),
            failure: payout.failure_code,
            created_at: at(payout.created),
        }
    }
}

impl From<BalanceTransaction> for BalanceLine {
    fn from(line: BalanceTransaction) -> Self {
        Self {
            id: line.id.to_string(),
            kind: line.type_.as_str().to_owned(),
            source: line.source.as_ref().map(|source| source.id().to_string()),
            amount_cents: line.amount,
            fee_cents: line.fee,
            created_at: at(line.created),
        }
    }
}
