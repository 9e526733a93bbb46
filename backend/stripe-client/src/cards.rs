//! Customers and their cards. A customer has our id and nothing else: no name, no address of theirs goes to the processor from us.

use std::collections::HashMap;

use stripe::StripeRequest as _;
use stripe_core::customer::CreateCustomer;
use stripe_payment::payment_method::DetachPaymentMethod;

use crate::{Client, ProcessorError, once, reading::REFERENCE};

impl Client {
    /// Makes a customer under our name for them, and says the processor's.
    ///
    /// # Errors
    /// When the processor refuses or does not answer.
    pub async fn create_customer(&self, key: &str, reference: &str) -> Result<String, ProcessorError> {
        let request = CreateCustomer::new()
            .metadata(HashMap::from([(REFERENCE.to_owned(), reference.to_owned())]))
            .customize()
            .request_strategy(once(key)?);
        Ok(request.send(&self.client).await?.id.to_string())
    }

    /// Forgets a card: it can never be charged again.
    ///
    /// # Errors
    /// When it was forgotten before, or the processor does not answer.
    pub async fn forget_card(&self, key: &str, id: &str) -> Result<(), ProcessorError> {
        let request = DetachPaymentMethod::new(id).customize().request_strategy(once(key)?);
        request.send(&self.client).await?;
        Ok(())
    }
}
