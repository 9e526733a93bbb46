//! The card processor, as this service speaks to it. Whatever speaks the same HTTP is reached by another address, so there is one
//! implementation; tests and local development run it against the sandbox.

use futures::future::BoxFuture;
use jiff::Timestamp;
pub use stripe_client::{
    AccountRecord, BalanceLine, CardRecord, DisputeRecord, DisputeState, Evidence, IntentRecord, IntentState,
    ListPage, NewCharge, NewPage, Page, PageMode, PageState, PayoutRecord, PracticeShare, ProcessorError,
    RefundRecord, RefundState, Window,
};

/// What the processor answers.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, ProcessorError>>;

/// What is asked of the card processor. What changes something carries a key that is the same every time it is asked.
pub trait CardProcessor: Send + Sync {
    /// Makes a customer under our name for them, and says the processor's.
    fn create_customer<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, String>;
    /// Opens a page to the patient.
    fn open_page<'a>(&'a self, key: &'a str, page: &'a NewPage) -> Asked<'a, Page>;
    /// A page as it is now.
    fn find_page<'a>(&'a self, id: &'a str) -> Asked<'a, Page>;
    /// Closes a page.
    fn close_page<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, Page>;
    /// Holds or takes money from a card that is kept.
    fn charge_card<'a>(&'a self, key: &'a str, charge: &'a NewCharge) -> Asked<'a, IntentRecord>;
    /// Takes all or part of what is held; `fee_cents` is the platform's, where a practice has a share.
    fn capture<'a>(
        &'a self,
        key: &'a str,
        id: &'a str,
        cents: i64,
        fee_cents: Option<i64>,
    ) -> Asked<'a, IntentRecord>;
    /// Lets a payment or set-up go.
    fn cancel<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, IntentRecord>;
    /// A payment or set-up as it is now.
    fn find_intent<'a>(&'a self, id: &'a str) -> Asked<'a, IntentRecord>;
    /// Gives money back, under our name for the refund, and the practice's share with it; the platform's fee stays.
    fn refund<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        intent: &'a str,
        cents: i64,
    ) -> Asked<'a, RefundRecord>;
    /// Gives so much of the platform's fee back with a refund, or all that is left of it; once for each refund.
    fn give_fee_back<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        intent: &'a str,
        cents: Option<i64>,
    ) -> Asked<'a, ()>;
    /// Takes part of a practice's share back.
    fn reverse_transfer<'a>(&'a self, key: &'a str, transfer: &'a str, cents: i64) -> Asked<'a, ()>;
    /// Sends a practice a share of what a refund that did not come took of it, under our name for the refund; gives the processor's name for
    /// what it sent.
    fn send_share<'a>(
        &'a self,
        key: &'a str,
        reference: &'a str,
        account: &'a str,
        cents: i64,
    ) -> Asked<'a, String>;
    /// A refund as it is now.
    fn find_refund<'a>(&'a self, id: &'a str) -> Asked<'a, RefundRecord>;
    /// A dispute as it is now.
    fn find_dispute<'a>(&'a self, id: &'a str) -> Asked<'a, DisputeRecord>;
    /// Sends evidence to the bank.
    fn submit_evidence<'a>(
        &'a self,
        key: &'a str,
        id: &'a str,
        evidence: &'a Evidence,
    ) -> Asked<'a, DisputeRecord>;
    /// Forgets a card.
    fn forget_card<'a>(&'a self, key: &'a str, id: &'a str) -> Asked<'a, ()>;
    /// Makes an account for a practice, under our name for it.
    fn create_account<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, AccountRecord>;
    /// An account as it is now.
    fn find_account<'a>(&'a self, id: &'a str) -> Asked<'a, AccountRecord>;
    /// The page on which a practice tells about itself, and until when it is open.
    fn open_onboarding<'a>(
        &'a self,
        id: &'a str,
        done_address: &'a str,
        again_address: &'a str,
    ) -> Asked<'a, (String, Timestamp)>;
    /// Holds a practice's payouts, or lets them go on.
    fn hold_payouts<'a>(&'a self, key: &'a str, id: &'a str, held: bool) -> Asked<'a, AccountRecord>;
    /// What the platform, or a practice, has with the processor.
    fn find_balance<'a>(&'a self, account: Option<&'a str>) -> Asked<'a, i64>;
    /// Payments that were made in that time.
    fn list_intents<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<IntentRecord>>;
    /// Refunds that were made in that time.
    fn list_refunds<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<RefundRecord>>;
    /// The refunds of a payment.
    fn list_refunds_of<'a>(&'a self, intent: &'a str) -> Asked<'a, Vec<RefundRecord>>;
    /// Disputes that were opened in that time.
    fn list_disputes<'a>(
        &'a self,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<DisputeRecord>>;
    /// Payouts of the platform, or a practice, that were made in that time.
    fn list_payouts<'a>(
        &'a self,
        account: Option<&'a str>,
        window: Window,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<PayoutRecord>>;
    /// A payout of the platform, or a practice, as it is now.
    fn find_payout<'a>(&'a self, account: Option<&'a str>, id: &'a str) -> Asked<'a, PayoutRecord>;
    /// What a practice's payout is made of.
    fn list_payout_lines<'a>(
        &'a self,
        account: &'a str,
        payout: &'a str,
        after: Option<&'a str>,
    ) -> Asked<'a, ListPage<BalanceLine>>;
}
