//! What the processor keeps, as far as anybody here asks. Amounts are whole Australian cents.

use jiff::Timestamp;

/// A practice's part in a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeShare {
    /// The practice's account with the processor.
    pub account: String,
    /// What the platform keeps of the charge, GST included.
    pub fee_cents: i64,
}

/// How a hosted page goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageMode {
    /// Keeps a card.
    Setup,
    /// Holds money.
    Hold,
    /// Takes money.
    Charge,
}

/// A hosted page to open.
#[derive(Clone, Debug)]
pub struct NewPage {
    /// Our name for the try; the processor keeps it with its object.
    pub reference: String,
    /// How.
    pub mode: PageMode,
    /// How much; zero where a card is kept.
    pub amount_cents: i64,
    /// What the page calls it; nothing clinical.
    pub title: String,
    /// Who pays.
    pub customer: String,
    /// Keeps the card so that it can be charged without its holder.
    pub keeps_card: bool,
    /// Whose money it is.
    pub share: Option<PracticeShare>,
    /// Where the page sends the browser when it is done.
    pub done_address: String,
    /// Where it sends who goes back.
    pub back_address: String,
    /// Until when it is open; at least half an hour from now.
    pub expires_at: Timestamp,
}

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Somebody can pay there.
    Open,
    /// It is done; what came of it, the intent says.
    Complete,
    /// It ran out or was closed.
    Expired,
}

/// A hosted page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The processor's name for it.
    pub id: String,
    /// Our name for the try.
    pub reference: Option<String>,
    /// Where it stands.
    pub state: PageState,
    /// Where it is; none once it is closed.
    pub address: Option<String>,
    /// Until when it is open.
    pub expires_at: Timestamp,
    /// What it made: a payment or a set-up; none before somebody began.
    pub intent: Option<String>,
}

/// A charge or hold of a card that is kept, without a page.
#[derive(Clone, Debug)]
pub struct NewCharge {
    /// Our name for the try.
    pub reference: String,
    /// Takes the money at once; otherwise it is held.
    pub takes: bool,
    /// How much.
    pub amount_cents: i64,
    /// Who pays.
    pub customer: String,
    /// With which card.
    pub card: String,
    /// Whose money it is.
    pub share: Option<PracticeShare>,
}

/// Where a payment or a set-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// It has no card that works.
    NeedsCard,
    /// The bank wants the cardholder to prove who they are.
    NeedsAuthentication,
    /// The processor works on it.
    Processing,
    /// The money is held.
    Held,
    /// The money was taken.
    Taken,
    /// A card is kept.
    Saved,
    /// It was called off.
    Canceled,
    /// The bank let the held money go.
    RanOut,
}

/// A card that the processor keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRecord {
    /// The processor's name for it.
    pub id: String,
    /// `visa`.
    pub brand: String,
    /// The last four digits.
    pub last_four: String,
    /// The last month in which it is good: year and month.
    pub good_until: (i16, i8),
}

/// A payment or a set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentRecord {
    /// The processor's name for it.
    pub id: String,
    /// Our name for the try.
    pub reference: Option<String>,
    /// Where it stands.
    pub state: IntentState,
    /// How much was asked for.
    pub amount_cents: i64,
    /// How much was taken.
    pub taken_cents: i64,
    /// The card.
    pub card: Option<CardRecord>,
    /// The charge.
    pub charge: Option<String>,
    /// The practice's share, once the money was taken.
    pub transfer: Option<String>,
    /// Until when the bank holds the money.
    pub held_until: Option<Timestamp>,
    /// The processor's own fee: its record of it, and how much.
    pub processor_fee: Option<(String, i64)>,
    /// The processor's word for why the last card did not work.
    pub failure: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// It is on its way.
    Pending,
    /// The money is back.
    Succeeded,
    /// The bank did not take it, or it was called off.
    Failed,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRecord {
    /// The processor's name for it.
    pub id: String,
    /// Our name for it.
    pub reference: Option<String>,
    /// Where it stands.
    pub state: RefundState,
    /// How much.
    pub amount_cents: i64,
    /// Of which payment.
    pub intent: Option<String>,
    /// Whether the practice's share was taken back with it.
    pub takes_share_back: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeState {
    /// The bank waits for evidence.
    NeedsResponse,
    /// The bank decides.
    UnderReview,
    /// The bank asked and took nothing.
    Closed,
    /// Decided for us.
    Won,
    /// Decided for the cardholder.
    Lost,
}

/// A cardholder's dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeRecord {
    /// The processor's name for it.
    pub id: String,
    /// Where it stands.
    pub state: DisputeState,
    /// The bank only asks, and the money stays where it is.
    pub is_inquiry: bool,
    /// How much.
    pub amount_cents: i64,
    /// The bank's reason: `fraudulent`.
    pub reason: String,
    /// Of which payment.
    pub intent: Option<String>,
    /// Until when evidence can be sent.
    pub evidence_until: Option<Timestamp>,
    /// What the processor charges for it, and gives back with one that is won, below zero: its records, and how much.
    pub fees: Vec<(String, i64)>,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// What speaks for a charge.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The day of the service, as text.
    pub service_date: Option<String>,
    /// The cancellation policy that was shown.
    pub policy: Option<String>,
    /// How and when it was shown and agreed to.
    pub policy_disclosure: Option<String>,
    /// What was noted of the visit.
    pub history: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// A practice's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The processor's name for it.
    pub id: String,
    /// Our name for it.
    pub reference: Option<String>,
    /// Everything was handed in that the processor asked for at first.
    pub details_submitted: bool,
    /// Money can be collected for it.
    pub charges_enabled: bool,
    /// It is paid out.
    pub payouts_enabled: bool,
    /// What the processor wants to know, in its words.
    pub asked: Vec<String>,
    /// Until when.
    pub asked_until: Option<Timestamp>,
}

/// A payout to a practice's bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutRecord {
    /// The processor's name for it.
    pub id: String,
    /// How much.
    pub amount_cents: i64,
    /// `pending`, `in_transit`, `paid`, `failed` or `canceled`.
    pub status: String,
    /// When it arrives.
    pub arrives_at: Timestamp,
    /// The processor's word for why it did not.
    pub failure: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A line of the processor's own ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// The processor's name for it.
    pub id: String,
    /// `charge`, `refund`, `payment`, `payout` …
    pub kind: String,
    /// What it is about.
    pub source: Option<String>,
    /// Before its fee.
    pub amount_cents: i64,
    /// The processor's fee.
    pub fee_cents: i64,
    /// When.
    pub created_at: Timestamp,
}

/// From when to when, half-open.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub until: Timestamp,
}

/// Some records, the latest first, and whether there are more.
#[derive(Clone, Debug)]
pub struct ListPage<T> {
    /// The records.
    pub items: Vec<T>,
    /// After which to go on; none on the last page.
    pub next: Option<String>,
}
