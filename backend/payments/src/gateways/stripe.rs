//! The real processor's client as a [`CardProcessor`].

use jiff::Timestamp;
use stripe_client::Client;

use super::card_processor::{
    AccountRecord, Asked, BalanceLine, CardProcessor, DisputeRecord, Evidence, IntentRecord, ListPage,
    NewCharge, NewPage, Page, PayoutRecord, RefundRecord, Window,
};

impl CardProcessor for Client {
    fn create_customer<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, String> {
        Box::pin(Client::create_customer(self, key, reference))
    }

    fn open_page<'a>(&'a self, key: &'a str, page: &'a NewPage) -> Asked<'a, Page> {
        Box::pin(Client::open_page(self, key, page))
    }

    fn find_page<'a>(&'a self, id: &'a str) -> Asked<'a, Page> {
        Box::pin(Client::find_page(self, id))
    }

    fn close_page<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, Page> {
        Box::pin(Client::close_page(self, key, id))
    }

    fn charge_card<'a>(&'a self, key: &'a str, charge: &'a NewCharge) -> Asked<'a, IntentRecord> {
        Box::pin(Client::charge_card(self, key, charge))
    }

    fn capture<'a>(
        &'a self,
        key: &'a str,
        id: &'a str,
        cents: i64,
        fee_cents: Option<i64>,
    ) -> Asked<'a, IntentRecord> {
        Box::pin(Client::capture(self, key, id, cents, fee_cents))
    }

    fn cancel<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, IntentRecord> {
        Box::pin(Client::cancel(self, key, id))
    }

    fn find_intent<'a>(&'a self, id: &'a str) -> Asked<'a, IntentRecord> {
        Box::pin(Client::find_intent(self, id))
    }

    fn refund<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        intent: &'a str,
        cents: i64,
    ) -> Asked<'a, RefundRecord> {
        Box::pin(Client::refund(self, key, reference, intent, cents))
    }

    fn give_fee_back<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        intent: &'a str,
        cents: Option<i64>,
    ) -> Asked<'a, ()> {
        Box::pin(Client::give_fee_back(self, key, reference, intent, cents))
    }

    fn reverse_transfer<'a>(&'a self, key: &'a str, transfer: &'a str, cents: i64) -> Asked<'a, ()> {
        Box::pin(Client::reverse_transfer(self, key, transfer, cents))
    }

    fn send_share<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        account: &'a str,
        cents: i64,
    ) -> Asked<'a, String> {
        Box::pin(Client::send_share(self, key, reference, account, cents))
    }

    fn find_refund<'a>(&'a self, id: &'a str) -> Asked<'a, RefundRecord> {
        Box::pin(Client::find_refund(self, id))
    }

    fn find_dispute<'a>(&'a self, id: &'a str) -> Asked<'a, DisputeRecord> {
        Box::pin(Client::find_dispute(self, id))
    }

    fn submit_evidence<'a>(
        &'a self,
        key: &'a str,
        id: &'a str,
        evidence: &'a Evidence,
    ) -> Asked<'a, DisputeRecord> {
        Box::pin(Client::submit_evidence(self, key, id, evidence))
    }

    fn forget_card<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, ()> {
        Box::pin(Client::forget_card(self, key, id))
    }

    fn create_account<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, AccountRecord> {
        Box::pin(Client::create_account(self, key, reference))
    }

    fn find_account<'a>(&'a self, id: &'a str) -> Asked<'a, AccountRecord> {
        Box::pin(Client::find_account(self, id))
    }

    fn open_onboarding<'a>(
        &'a self,
        id: &'a str,
        done_address: &'a str,
        again_address: &'a str,
    ) -> Asked<'a, (String, Timestamp)> {
        Box::pin(Client::open_onboarding(self, id, done_address, again_address))
    }

    fn hold_payouts<'a>(&'a self, key: &'a str, id: &'a str, held: bool) -> Asked<'a, AccountRecord> {
        Box::pin(Client::hold_payouts(self, key, id, held))
    }

    fn find_balance<'a>(&'a self, account: Option<&'a str>) -> Asked<'a, i64> {
        Box::pin(Client::find_balance(self, account))
    }

    fn list_intents<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<IntentRecord>> {
        Box::pin(Client::list_intents(self, window, after))
    }

    fn list_refunds<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<RefundRecord>> {
        Box::pin(Client::list_refunds(self, window, after))
    }

    fn list_refunds_of<'a>(&'a self, intent: &'a str) -> Asked<'a, Vec<RefundRecord>> {
        Box::pin(Client::list_refunds_of(self, intent))
    }

    fn list_disputes<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<DisputeRecord>> {
        Box::pin(Client::list_disputes(self, window, after))
    }

    fn list_payouts<'a>(
        &'a self,
        account: Option<&'a str>,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<PayoutRecord>> {
        Box::pin(Client::list_payouts(self, account, window, after))
    }

    fn find_payout<'a>(&'a self, account: Option<&'a str>, id: &'a str) -> Asked<'a, PayoutRecord> {
        Box::pin(Client::find_payout(self, account, id))
    }

    fn list_payout_lines<'a>(
        &'a self,
        account: &'a str,
        payout: &'a str,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<BalanceLine>> {
        Box::pin(Client::list_payout_lines(self, account, payout, after))
    }
}
