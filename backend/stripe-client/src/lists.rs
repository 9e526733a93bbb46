//! The processor's records of a time, the latest first, a hundred at a time.

use stripe::StripeRequest as _;
use stripe_core::{
    balance_transaction::ListBalanceTransaction,
    dispute::ListDispute,
    payment_intent::ListPaymentIntent,
    payout::{ListPayout, RetrievePayout},
    refund::ListRefund,
};
use stripe_shared::AccountId;
use stripe_types::{List, RangeBoundsTs, RangeQueryTs};

use crate::{
    Client, ProcessorError,
    intents::whole,
    records::{BalanceLine, DisputeRecord, IntentRecord, ListPage, PayoutRecord, RefundRecord, Window},
};

/// How many the processor gives at once at most.
const AT_ONCE: i64 = 100;

/// A request for a page of a list within a time, after a cursor.
macro_rules! listed {
    ($request:expr, $window:expr, $after:expr) => {{
        let request = $request.created(between($window)).limit(AT_ONCE);
        match $after {
            Some(after) => request.starting_after(after),
            None => request,
        }
    }};
}

impl Client {
    /// Payments that were made in that time.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_intents(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<ListPage<IntentRecord>, ProcessorError> {
        let expand = whole().iter().map(|part| format!("data.{part}")).collect::<Vec<_>>();
        let request = listed!(ListPaymentIntent::new(), window, after).expand(expand);
        Ok(page(request.send(&self.client).await?, |record: &IntentRecord| &record.id))
    }

    /// Refunds that were made in that time.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_refunds(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<ListPage<RefundRecord>, ProcessorError> {
        let request = listed!(ListRefund::new(), window, after);
        Ok(page(request.send(&self.client).await?, |record: &RefundRecord| &record.id))
    }

    /// The refunds of a payment, the latest hundred.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_refunds_of(&self, intent: &str) -> Result<Vec<RefundRecord>, ProcessorError> {
        let request = ListRefund::new().payment_intent(intent).limit(AT_ONCE);
        Ok(page(request.send(&self.client).await?, |record: &RefundRecord| &record.id).items)
    }

    /// Disputes that were opened in that time.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_disputes(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<ListPage<DisputeRecord>, ProcessorError> {
        let request = listed!(ListDispute::new(), window, after);
        Ok(page(request.send(&self.client).await?, |record: &DisputeRecord| &record.id))
    }

    /// Payouts of the platform, or a practice, that were made in that time.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_payouts(
        &self,
        account: Option<&str>,
        window: Window,
        after: Option<&str>,
    ) -> Result<ListPage<PayoutRecord>, ProcessorError> {
        let request = listed!(ListPayout::new(), window, after).customize();
        let request = match account {
            Some(account) => request.account_id(AccountId::from(account)),
            None => request,
        };
        Ok(page(request.send(&self.client).await?, |record: &PayoutRecord| &record.id))
    }

    /// A payout of the platform, or a practice, as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_payout(&self, account: Option<&str>, id: &str) -> Result<PayoutRecord, ProcessorError> {
        let request = RetrievePayout::new(id).customize();
        let request = match account {
            Some(account) => request.account_id(AccountId::from(account)),
            None => request,
        };
        Ok(request.send(&self.client).await?.into())
    }

    /// What a practice's payout is made of.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn list_payout_lines(
        &self,
        account: &str,
        payout: &str,
        after: Option<&str>,
    ) -> Result<ListPage<BalanceLine>, ProcessorError> {
        let mut request = ListBalanceTransaction::new().payout(payout).limit(AT_ONCE);
        if let Some(after) = after {
            request = request.starting_after(after);
        }
        let lines = request.customize().account_id(AccountId::from(account)).send(&self.client).await?;
        Ok(page(lines, |record: &BalanceLine| &record.id))
    }
}

fn between(window: Window) -> RangeQueryTs {
    RangeQueryTs::Bounds(RangeBoundsTs {
        gte: Some(window.from.as_second()),
        lt: Some(window.until.as_second()),
        ..RangeBoundsTs::default()
    })
}

fn page<T, R: From<T>>(list: List<T>, id: impl Fn(&R) -> &String) -> ListPage<R> {
    let items: Vec<R> = list.data.into_iter().map(R::from).collect();
    let next = items.last().map(|last| id(last).clone()).filter(|_| list.has_more);
    ListPage { items, next }
}
