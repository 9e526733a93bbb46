//! Payments and set-ups.

use std::collections::HashMap;

use stripe::StripeRequest as _;
use stripe_core::{
    payment_intent::{
        CancelPaymentIntent, CapturePaymentIntent, CreatePaymentIntent,
        CreatePaymentIntentAutomaticPaymentMethods, CreatePaymentIntentAutomaticPaymentMethodsAllowRedirects,
        CreatePaymentIntentOffSession, CreatePaymentIntentTransferData, RetrievePaymentIntent,
    },
    setup_intent::{CancelSetupIntent, RetrieveSetupIntent},
};
use stripe_shared::PaymentIntentCaptureMethod;
use stripe_types::Currency;

use crate::{
    Client, ProcessorError, once,
    reading::REFERENCE,
    records::{IntentRecord, NewCharge},
};

/// What is shown whole of a payment: its card, and its charge with the processor's fee.
pub(crate) fn whole() -> Vec<String> {
    ["payment_method", "latest_charge.balance_transaction"].map(str::to_owned).to_vec()
}

impl Client {
    /// Holds or takes money from a card that is kept, without its holder.
    ///
    /// # Errors
    /// When the bank declines, or the processor refuses or does not answer.
    pub async fn charge_card(&self, key: &str, charge: &NewCharge) -> Result<IntentRecord, ProcessorError> {
        // No bank's page can be shown to who is not there.
        let mut methods = CreatePaymentIntentAutomaticPaymentMethods::new(true);
        methods.allow_redirects = Some(CreatePaymentIntentAutomaticPaymentMethodsAllowRedirects::Never);
        let capture = match charge.takes {
            true => PaymentIntentCaptureMethod::Automatic,
            false => PaymentIntentCaptureMethod::Manual,
        };
        let mut request = CreatePaymentIntent::new(charge.amount_cents, Currency::AUD)
            .customer(charge.customer.as_str())
            .payment_method(charge.card.as_str())
            .automatic_payment_methods(methods)
            .capture_method(capture)
            .confirm(true)
            .off_session(CreatePaymentIntentOffSession::Bool(true))
            .metadata(HashMap::from([(REFERENCE.to_owned(), charge.reference.clone())]))
            .expand(whole());
        if let Some(share) = &charge.share {
            request = request.transfer_data(CreatePaymentIntentTransferData::new(share.account.as_str()));
            // A fee of nothing is none.
            if share.fee_cents > 0 {
                request = request.application_fee_amount(share.fee_cents);
            }
        }
        Ok(request.customize().request_strategy(once(key)?).send(&self.client).await?.into())
    }

    /// Takes all or part of what is held; the rest is let go. `fee_cents` is what the platform keeps of it, where a practice has a
    /// share.
    ///
    /// # Errors
    /// When nothing is held any more, or the processor does not answer.
    pub async fn capture(
        &self,
        key: &str,
        id: &str,
        cents: i64,
        fee_cents: Option<i64>,
    ) -> Result<IntentRecord, ProcessorError> {
        let mut request = CapturePaymentIntent::new(id).amount_to_capture(cents).expand(whole());
        if let Some(fee_cents) = fee_cents.filter(|cents| *cents > 0) {
            request = request.application_fee_amount(fee_cents);
        }
        Ok(request.customize().request_strategy(once(key)?).send(&self.client).await?.into())
    }

    /// Lets a payment or set-up go.
    ///
    /// # Errors
    /// When its money was taken, or the processor does not answer.
    pub async fn cancel(&self, key: &str, id: &str) -> Result<IntentRecord, ProcessorError> {
        if is_setup(id) {
            let request = CancelSetupIntent::new(id).customize().request_strategy(once(key)?);
            return Ok(request.send(&self.client).await?.into());
        }
        let request = CancelPaymentIntent::new(id).expand(whole()).customize().request_strategy(once(key)?);
        Ok(request.send(&self.client).await?.into())
    }

    /// A payment or set-up as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_intent(&self, id: &str) -> Result<IntentRecord, ProcessorError> {
        if is_setup(id) {
            let request = RetrieveSetupIntent::new(id).expand(vec!["payment_method".to_owned()]);
            return Ok(request.send(&self.client).await?.into());
        }
        Ok(RetrievePaymentIntent::new(id).expand(whole()).send(&self.client).await?.into())
    }
}

/// The processor's names say what they name.
fn is_setup(id: &str) -> bool {
    id.starts_with("seti_")
}
