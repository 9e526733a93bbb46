//! Hosted pages: the browser goes there in full, so that no script of the processor's runs beside personal data (C-60).

use std::collections::HashMap;

use stripe::StripeRequest as _;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionPaymentIntentDataCaptureMethod,
    CreateCheckoutSessionPaymentIntentDataSetupFutureUsage,
    CreateCheckoutSessionPaymentIntentDataTransferData, CreateCheckoutSessionSetupIntentData,
    ExpireCheckoutSession, ProductData, RetrieveCheckoutSession,
};
use stripe_shared::CheckoutSessionMode;
use stripe_types::Currency;

use crate::{
    Client, ProcessorError, once,
    reading::REFERENCE,
    records::{NewPage, Page, PageMode},
};

impl Client {
    /// Opens a page.
    ///
    /// # Errors
    /// When the processor refuses or does not answer.
    pub async fn open_page(&self, key: &str, page: &NewPage) -> Result<Page, ProcessorError> {
        let metadata = HashMap::from([(REFERENCE.to_owned(), page.reference.clone())]);
        let request = CreateCheckoutSession::new()
            .client_reference_id(page.reference.as_str())
            .customer(page.customer.as_str())
            .success_url(page.done_address.as_str())
            .cancel_url(page.back_address.as_str())
            .expires_at(page.expires_at.as_second())
            .metadata(metadata.clone());
        let request = match page.mode {
            PageMode::Setup => {
                let mut setup = CreateCheckoutSessionSetupIntentData::new();
                setup.metadata = Some(metadata);
                request.mode(CheckoutSessionMode::Setup).currency(Currency::AUD).setup_intent_data(setup)
            }
            PageMode::Hold | PageMode::Charge => request
                .mode(CheckoutSessionMode::Payment)
                .line_items(vec![line(page)])
                .payment_intent_data(payment(page, metadata)),
        };
        let session = request.customize().request_strategy(once(key)?).send(&self.client).await?;
        Ok(session.into())
    }

    /// A page as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_page(&self, id: &str) -> Result<Page, ProcessorError> {
        Ok(RetrieveCheckoutSession::new(id).send(&self.client).await?.into())
    }

    /// Closes a page, so that nobody can pay there any more.
    ///
    /// # Errors
    /// When it is not open, or the processor does not answer.
    pub async fn close_page(&self, key: &str, id: &str) -> Result<Page, ProcessorError> {
        let request = ExpireCheckoutSession::new(id).customize().request_strategy(once(key)?);
        Ok(request.send(&self.client).await?.into())
    }
}

fn line(page: &NewPage) -> CreateCheckoutSessionLineItems {
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(Currency::AUD);
    price.unit_amount = Some(page.amount_cents);
    price.product_data = Some(ProductData::new(page.title.as_str()));
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    line
}

fn payment(page: &NewPage, metadata: HashMap<String, String>) -> CreateCheckoutSessionPaymentIntentData {
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.metadata = Some(metadata);
    payment.capture_method = Some(match page.mode {
        PageMode::Hold => CreateCheckoutSessionPaymentIntentDataCaptureMethod::Manual,
        PageMode::Setup | PageMode::Charge => CreateCheckoutSessionPaymentIntentDataCaptureMethod::Automatic,
    });
    if page.keeps_card {
        payment.setup_future_usage = Some(CreateCheckoutSessionPaymentIntentDataSetupFutureUsage::OffSession);
    }
    if let Some(share) = &page.share {
        // A fee of nothing is none.
        payment.application_fee_amount = Some(share.fee_cents).filter(|cents| *cents > 0);
        payment.transfer_data =
            Some(CreateCheckoutSessionPaymentIntentDataTransferData::new(share.account.as_str()));
    }
    payment
}
