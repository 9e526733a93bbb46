//! Refunds and cardholders' disputes.

use std::collections::HashMap;

use stripe::StripeRequest as _;
use stripe_connect::{
    application_fee_refund::{CreateIdApplicationFeeRefund, ListIdApplicationFeeRefund},
    transfer::CreateTransfer,
    transfer_reversal::CreateIdTransferReversal,
};
use stripe_core::{
    dispute::{RetrieveDispute, UpdateDispute, UpdateDisputeEvidence},
    payment_intent::RetrievePaymentIntent,
    refund::{CreateRefund, RetrieveRefund},
};
use stripe_types::{Currency, Expandable};

use crate::{
    Client, ProcessorError, once,
    reading::REFERENCE,
    records::{DisputeRecord, Evidence, RefundRecord},
};

/// The fee of a payment's charge, shown whole.
const FEE: &str = "latest_charge.application_fee";

/// The metadata that has our own name for what is made.
fn named(reference: &str) -> HashMap<String, String> {
    HashMap::from([(REFERENCE.to_owned(), reference.to_owned())])
}

impl Client {
    /// Gives back part or all of what a payment took, and with it the practice's share. The platform's fee stays: how much of it goes
    /// back with a part is not left to the processor, which says nowhere how it rounds ([`Client::give_fee_back`]).
    ///
    /// # Errors
    /// When more would go back than was taken, or the processor does not answer.
    pub async fn refund(
        &self,
        key: &str,
        reference: &str,
        intent: &str,
        cents: i64,
    ) -> Result<RefundRecord, ProcessorError> {
        let request = CreateRefund::new()
            .payment_intent(intent)
            .amount(cents)
            .reverse_transfer(true)
            .metadata(named(reference));
        Ok(request.customize().request_strategy(once(key)?).send(&self.client).await?.into())
    }

    /// Gives the practice part of the fee back that the platform took of a payment, or all that is left of it. Once for each
    /// `reference`, however long ago that was; never more than is left. Where all was asked for and no fee was taken, nothing is done.
    ///
    /// # Errors
    /// When there is no fee to take so much of, or the processor refuses or does not answer.
    pub async fn give_fee_back(
        &self,
        key: &str,
        reference: &str,
        intent: &str,
        cents: Option<i64>,
    ) -> Result<(), ProcessorError> {
        let request = RetrievePaymentIntent::new(intent).expand(vec![FEE.to_owned()]);
        let intent = request.send(&self.client).await?;
        let charge = intent.latest_charge.as_ref().and_then(Expandable::as_object);
        let charge = charge.ok_or_else(|| ProcessorError::refused("no_charge"))?;
        let Some(fee) = &charge.application_fee else {
            return if cents.is_none() { Ok(()) } else { Err(ProcessorError::refused("no_application_fee")) };
        };
        let fee = fee.as_object().ok_or_else(|| ProcessorError::refused("no_application_fee"))?;
        let left = fee.amount - fee.amount_refunded;
        let cents = cents.map_or(left, |cents| cents.min(left));
        if cents <= 0 {
            return Ok(());
        }
        let request = ListIdApplicationFeeRefund::new(fee.id.clone()).limit(100);
        let before = request.send(&self.client).await?;
        let is_this = |one: &HashMap<String, String>| one.get(REFERENCE).is_some_and(|it| it == reference);
        if before.data.iter().any(|one| one.metadata.as_ref().is_some_and(is_this)) {
            return Ok(());
        }
        let request =
            CreateIdApplicationFeeRefund::new(fee.id.clone()).amount(cents).metadata(named(reference));
        request.customize().request_strategy(once(key)?).send(&self.client).await?;
        Ok(())
    }

    /// Takes part of a practice's share back, without the cardholder getting anything.
    ///
    /// # Errors
    /// When the practice has not that much left of it, or the processor does not answer.
    pub async fn reverse_transfer(
        &self,
        key: &str,
        transfer: &str,
        cents: i64,
    ) -> Result<(), ProcessorError> {
        let request = CreateIdTransferReversal::new(transfer).amount(cents).customize();
        request.request_strategy(once(key)?).send(&self.client).await?;
        Ok(())
    }

    /// Sends a practice money of the platform's, under our name for what it is of; gives the processor's name for it.
    ///
    /// # Errors
    /// When the platform has not that much, the practice cannot be sent any, or the processor does not answer.
    pub async fn send_share(
        &self,
        key: &str,
        reference: &str,
        account: &str,
        cents: i64,
    ) -> Result<String, ProcessorError> {
        let request = CreateTransfer::new(Currency::AUD, account).amount(cents).metadata(named(reference));
        let made = request.customize().request_strategy(once(key)?).send(&self.client).await?;
        Ok(made.id.to_string())
    }

    /// A refund as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_refund(&self, id: &str) -> Result<RefundRecord, ProcessorError> {
        Ok(RetrieveRefund::new(id).send(&self.client).await?.into())
    }

    /// A dispute as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_dispute(&self, id: &str) -> Result<DisputeRecord, ProcessorError> {
        Ok(RetrieveDispute::new(id).send(&self.client).await?.into())
    }

    /// Sends evidence to the bank. It can be sent once.
    ///
    /// # Errors
    /// When it is too late, or the processor does not answer.
    pub async fn submit_evidence(
        &self,
        key: &str,
        id: &str,
        evidence: &Evidence,
    ) -> Result<DisputeRecord, ProcessorError> {
        let mut sent = UpdateDisputeEvidence::new();
        sent.service_date.clone_from(&evidence.service_date);
        sent.cancellation_policy_disclosure.clone_from(&evidence.policy_disclosure);
        sent.cancellation_rebuttal.clone_from(&evidence.policy);
        sent.access_activity_log.clone_from(&evidence.history);
        sent.uncategorized_text.clone_from(&evidence.note);
        let request = UpdateDispute::new(id).evidence(sent).submit(true).customize();
        Ok(request.request_strategy(once(key)?).send(&self.client).await?.into())
    }
}
