//! Table `payments.intent`: tries to keep a card, to hold money or to take it.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, CustomerId, IntentId, PaymentId, SavedCardId,
    payments::{IntentKind, IntentPurpose, IntentStatus, PaymentFailure},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Which.
    pub intent_id: IntentId,
    /// Of which payment; none where somebody keeps a card without paying.
    pub payment_id: Option<PaymentId>,
    /// Whose card; none before the processor knows them.
    pub customer_id: Option<CustomerId>,
    /// What for.
    pub purpose: IntentPurpose,
    /// How.
    pub kind: IntentKind,
    /// Where it stands.
    pub status: IntentStatus,
    /// The how manieth of its purpose and kind, from one.
    pub number: i16,
    /// How much; zero where a card is kept.
    pub amount_cents: AudCents,
    /// Taken of it.
    pub captured_cents: AudCents,
    /// The card.
    pub saved_card_id: Option<SavedCardId>,
    /// The processor's page.
    pub checkout_session: Option<String>,
    /// The processor's payment or set-up.
    pub processor_intent: Option<String>,
    /// The processor's charge.
    pub processor_charge: Option<String>,
    /// Where the page is.
    pub page_address: Option<String>,
    /// Until when it is open.
    pub page_expires_at: Option<Timestamp>,
    /// When the bank lets held money go.
    pub hold_expires_at: Option<Timestamp>,
    /// Why it did not work.
    pub failure: Option<PaymentFailure>,
    /// The card is offered again for another booking.
    pub keeps_card: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A row as the queries give it.
struct Row {
    intent_id: Uuid,
    payment_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    purpose: String,
    kind: String,
    status: String,
    number: i16,
    amount_cents: i64,
    captured_cents: i64,
    saved_card_id: Option<Uuid>,
    checkout_session: Option<String>,
    processor_intent: Option<String>,
    processor_charge: Option<String>,
    page_address: Option<String>,
    page_expires_at: Option<jiff_sqlx::Timestamp>,
    hold_expires_at: Option<jiff_sqlx::Timestamp>,
    failure: Option<String>,
    keeps_card: bool,
    created_at: jiff_sqlx::Timestamp,
}

impl Intent {
    /// A new try, of which nobody but us knows.
    pub fn new(
        intent_id: IntentId,
        payment_id: Option<PaymentId>,
        customer_id: CustomerId,
        (purpose, kind): (IntentPurpose, IntentKind),
        number: i16,
        amount_cents: AudCents,
        now: Timestamp,
    ) -> Self {
        Self {
            intent_id,
            payment_id,
            customer_id: Some(customer_id),
            purpose,
            kind,
            status: IntentStatus::Created,
            number,
            amount_cents,
            captured_cents: AudCents::ZERO,
            saved_card_id: None,
            checkout_session: None,
            processor_intent: None,
            processor_charge: None,
            page_address: None,
            page_expires_at: None,
            hold_expires_at: None,
            failure: None,
            keeps_card: false,
            created_at: now,
        }
    }
}

impl Row {
    fn read(self) -> anyhow::Result<Intent> {
        let failure = |code: String| PaymentFailure::from_code(&code).context("a known payment failure");
        Ok(Intent {
            intent_id: IntentId(self.intent_id),
            payment_id: self.payment_id.map(PaymentId),
            customer_id: self.customer_id.map(CustomerId),
            purpose: IntentPurpose::from_code(&self.purpose).context("a known purpose of a try")?,
            kind: IntentKind::from_code(&self.kind).context("a known kind of try")?,
            status: IntentStatus::from_code(&self.status).context("a known status of a try")?,
            number: self.number,
            amount_cents: AudCents(self.amount_cents),
            captured_cents: AudCents(self.captured_cents),
            saved_card_id: self.saved_card_id.map(SavedCardId),
            checkout_session: self.checkout_session,
            processor_intent: self.processor_intent,
            processor_charge: self.processor_charge,
            page_address: self.page_address,
            page_expires_at: self.page_expires_at.map(jiff_sqlx::Timestamp::to_jiff),
            hold_expires_at: self.hold_expires_at.map(jiff_sqlx::Timestamp::to_jiff),
            failure: self.failure.map(failure).transpose()?,
            keeps_card: self.keeps_card,
            created_at: self.created_at.to_jiff(),
        })
    }
}

/// What the table refuses.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another try for the same purpose is under way or has the money: no card is charged twice.
    #[error("another try is under way or has the money")]
    UnderWay,
    /// A try for a bulk-billed booking (C-52).
    #[error("a bulk-billed booking carries no charge")]
    BulkBilled,
    /// A try for a fee that is not owed, or not so much of it.
    #[error("no such fee is owed")]
    NotOwed,
    /// Anything else.
    #[error("the table of tries could not be changed")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    /// The one place where this table's constraints get their meaning.
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|refused| refused.constraint());
        match constraint {
            Some("intent_once_idx" | "intent_number_key") => Self::UnderWay,
            Some("intent_bulk_billed") => Self::BulkBilled,
            Some("intent_fee_is_owed") => Self::NotOwed,
            _ => Self::Database(error),
        }
    }
}

/// Writes a try down, before anybody is asked for anything.
///
/// # Errors
/// When another stands in its way, or the booking is bulk billed.
pub async fn insert(conn: &mut PgConnection, intent: &Intent) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into payments.intent (intent_id, payment_id, customer_id, purpose, kind, status, number, amount_cents, \
         saved_card_id, keeps_card, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        intent.intent_id.0,
        intent.payment_id.map(|id| id.0),
        intent.customer_id.map(|id| id.0),
        intent.purpose.code(),
        intent.kind.code(),
        intent.status.code(),
        intent.number,
        intent.amount_cents.0,
        intent.saved_card_id.map(|id| id.0),
        intent.keeps_card,
        intent.created_at.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A try, locked until the transaction ends.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn lock(conn: &mut PgConnection, intent_id: IntentId) -> anyhow::Result<Option<Intent>> {
    let row = sqlx::query_as!(
        Row,
        "select intent_id, payment_id, customer_id, purpose, kind, status, number, amount_cents, captured_cents, \
         saved_card_id, checkout_session, processor_intent, processor_charge, page_address, page_expires_at, \
         hold_expires_at, failure, keeps_card, created_at from payments.intent where intent_id = $1 for update",
        intent_id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Row::read).transpose()
}

/// The tries of a payment, the earliest first. To be called with the payment locked.
///
/// # Errors
/// When the table cannot be read, or holds an unknown name.
pub async fn of_payment(conn: &mut PgConnection, payment_id: PaymentId) -> anyhow::Result<Vec<Intent>> {
    let rows = sqlx::query_as!(
        Row,
        "select intent_id, payment_id, customer_id, purpose, kind, status, number, amount_cents, captured_cents, \
         saved_card_id, checkout_session, processor_intent, processor_charge, page_address, page_expires_at, \
         hold_expires_at, failure, keeps_card, created_at from payments.intent where payment_id = $1 \
         order by created_at, intent_id",
        payment_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Which try a processor's page, payment, set-up or charge belongs to, and of which payment.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_by_object(
    conn: &mut PgConnection,
    object: &str,
) -> sqlx::Result<Option<(IntentId, Option<PaymentId>)>> {
    let row = sqlx::query!(
        "select intent_id, payment_id from payments.intent \
         where processor_intent = $1 or checkout_session = $1 or processor_charge = $1",
        object,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (IntentId(row.intent_id), row.payment_id.map(PaymentId))))
}

/// Of which payment a try is. `None` when there is no such try.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_payment_of(
    conn: &mut PgConnection,
    intent_id: IntentId,
) -> sqlx::Result<Option<Option<PaymentId>>> {
    let row = sqlx::query!("select payment_id from payments.intent where intent_id = $1", intent_id.0)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| row.payment_id.map(PaymentId)))
}

/// Writes where a try stands now, as long as it still stands where it did. False when it does not.
///
/// # Errors
/// When the table cannot be changed.
pub async fn update(
    conn: &mut PgConnection,
    intent: &Intent,
    from: IntentStatus,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.intent set status = $3, captured_cents = $4, saved_card_id = $5, checkout_session = $6, \
         processor_intent = $7, processor_charge = $8, page_address = $9, page_expires_at = $10, \
         hold_expires_at = $11, failure = $12, customer_id = $13, updated_at = $14 \
         where intent_id = $1 and status = $2",
        intent.intent_id.0,
        from.code(),
        intent.status.code(),
        intent.captured_cents.0,
        intent.saved_card_id.map(|id| id.0),
        intent.checkout_session,
        intent.processor_intent,
        intent.processor_charge,
        intent.page_address,
        intent.page_expires_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        intent.hold_expires_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        intent.failure.map(PaymentFailure::code),
        intent.customer_id.map(|id| id.0),
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Tries that nobody has heard of for a while: pages that ran out, holds that the bank let go, what the processor works on. The
/// longest untouched first.
///
/// # Errors
/// When the table cannot be read.
pub async fn stale(
    conn: &mut PgConnection,
    now: Timestamp,
    untouched_since: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<IntentId>> {
    let rows = sqlx::query!(
        "select intent_id from payments.intent where updated_at < $2 \
         and status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised') \
         and (status in ('created', 'needs_authentication', 'processing') or (status = 'page_open' and page_expires_at < $1) \
         or (status = 'authorised' and hold_expires_at < $1)) order by updated_at limit $3 for update skip locked",
        now.to_sqlx(),
        untouched_since.to_sqlx(),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| IntentId(row.intent_id)).collect())
}

/// Marks a try as looked at, so that the next look begins with others.
///
/// # Errors
/// When the table cannot be changed.
pub async fn touch(conn: &mut PgConnection, intent_id: IntentId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.intent set updated_at = $2 where intent_id = $1",
        intent_id.0,
        now.to_sqlx()
    )
    .execute(conn)
    .await?;
    Ok(())
}
