//! Refunds and cardholders' disputes.

use std::collections::HashMap;

use stripe::StripeRequest as _;
use stripe_connect::transfer_reversal::CreateIdTransferReversal;
use stripe_core::{
    dispute::{RetrieveDispute, UpdateDispute, UpdateDisputeEvidence},
    refund::{CreateRefund, RetrieveRefund},
};

use crate::{
    Client, ProcessorError, once,
    reading::REFERENCE,
    records::{DisputeRecord, Evidence, RefundRecord},
};

impl Client {
    /// Gives back part or all of what a payment took, and with it the practice's share and the platform's fee, in proportion. To ask
    /// for a fee where none was taken is refused (<https://github.com/alfio-event/alf.io/issues/739>, read 2026-11-26).
    ///
    /// # Errors
    /// When more would go back than was taken, or the processor does not answer.
    pub async fn refund(
        &self,
        key: &str,
        reference: &str,
        intent: &str,
        cents: i64,
        has_fee: bool,
    ) -> Result<RefundRecord, ProcessorError> {
        let mut request = CreateRefund::new()
            .payment_intent(intent)
            .amount(cents)
            .reverse_transfer(true)
            .metadata(HashMap::from([(REFERENCE.to_owned(), reference.to_owned())]));
        if has_fee {
            request = request.refund_application_fee(true);
        }
        Ok(request.customize().request_strategy(once(key)?).send(&self.client).await?.into())
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
