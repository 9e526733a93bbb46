//! Table `payments.saved_card`: cards that the processor keeps, as far as one needs to know one again.

use jiff::{SignedDuration, Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, BookingId, CustomerId, PaymentId, SavedCardId};
use sqlx::PgConnection;

/// So long after its start a visit that nobody marks is completed, and until then its patient may be found not to have come.
const MARKED_WITHIN: SignedDuration = SignedDuration::from_hours(14);

/// A card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCardRow {
    /// Which.
    pub saved_card_id: SavedCardId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The processor's name for it.
    pub processor_card: String,
    /// `visa`.
    pub brand: String,
    /// The last four digits.
    pub last_four: String,
    /// The last month in which it is good, as its first day.
    pub good_until: Date,
    /// Offered again for another booking.
    pub kept: bool,
    /// When it was kept.
    pub created_at: Timestamp,
}

struct Row {
    saved_card_id: uuid::Uuid,
    customer_id: uuid::Uuid,
    processor_card: String,
    brand: String,
    last_four: String,
    good_until: jiff_sqlx::Date,
    kept: bool,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for SavedCardRow {
    fn from(row: Row) -> Self {
        Self {
            saved_card_id: SavedCardId(row.saved_card_id),
            customer_id: CustomerId(row.customer_id),
            processor_card: row.processor_card,
            brand: row.brand,
            last_four: row.last_four,
            good_until: row.good_until.to_jiff(),
            kept: row.kept,
            created_at: row.created_at.to_jiff(),
        }
    }
}

/// Keeps a card, or finds it again by the processor's name. One that is offered again stays so. Says which it is.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep(conn: &mut PgConnection, card: &SavedCardRow) -> sqlx::Result<SavedCardId> {
    let row = sqlx::query!(
        "insert into payments.saved_card as old (saved_card_id, customer_id, processor_card, brand, last_four, \
         good_until, kept, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict on constraint saved_card_processor_key do update set kept = old.kept or excluded.kept, \
         brand = excluded.brand, last_four = excluded.last_four, good_until = excluded.good_until \
         returning old.saved_card_id",
        card.saved_card_id.0,
        card.customer_id.0,
        card.processor_card,
        card.brand,
        card.last_four,
        card.good_until.to_sqlx(),
        card.kept,
        card.created_at.to_sqlx(),
    )
    .fetch_one(conn)
    .await?;
    Ok(SavedCardId(row.saved_card_id))
}

/// A card that was not removed.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(conn: &mut PgConnection, saved_card_id: SavedCardId) -> sqlx::Result<Option<SavedCardRow>> {
    let row = sqlx::query_as!(
        Row,
        "select saved_card_id, customer_id, processor_card, brand, last_four, good_until, kept, created_at \
         from payments.saved_card where saved_card_id = $1 and removed_at is null",
        saved_card_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(SavedCardRow::from))
}

/// The same for whoever is about to charge it: until their transaction ends nobody removes it, and one that is just being removed is
/// found by nobody.
///
/// # Errors
/// When the table cannot be read.
pub async fn hold(conn: &mut PgConnection, saved_card_id: SavedCardId) -> sqlx::Result<Option<SavedCardRow>> {
    let row = sqlx::query_as!(
        Row,
        "select saved_card_id, customer_id, processor_card, brand, last_four, good_until, kept, created_at \
         from payments.saved_card where saved_card_id = $1 and removed_at is null for share",
        saved_card_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(SavedCardRow::from))
}

/// Locks a card for whoever removes it, who waits for those that are about to charge it. False when it was removed before.
///
/// # Errors
/// When the table cannot be read.
pub async fn lock(conn: &mut PgConnection, saved_card_id: SavedCardId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "select saved_card_id from payments.saved_card where saved_card_id = $1 and removed_at is null for update",
        saved_card_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// The processor's name for a card, also for one that was removed.
///
/// # Errors
/// When the table cannot be read.
pub async fn find_name(conn: &mut PgConnection, saved_card_id: SavedCardId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select processor_card from payments.saved_card where saved_card_id = $1",
        saved_card_id.0,
    )
    .fetch_optional(conn)
    .await
}

/// The card that was last given for a payment and not removed.
///
/// # Errors
/// When the table cannot be read.
pub async fn of_payment(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Option<SavedCardRow>> {
    let row = sqlx::query_as!(
        Row,
        "select card.saved_card_id, card.customer_id, card.processor_card, card.brand, card.last_four, card.good_until, \
         card.kept, card.created_at from payments.intent \
         join payments.saved_card card on card.saved_card_id = intent.saved_card_id \
         where intent.payment_id = $1 and card.removed_at is null \
         and intent.status in ('saved', 'authorised', 'captured', 'expired', 'voided') \
         order by intent.created_at desc, intent.intent_id desc limit 1",
        payment_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(SavedCardRow::from))
}

/// The same for whoever is about to charge it, as [`hold`] gives it.
///
/// # Errors
/// When the table cannot be read.
pub async fn hold_of_payment(
    conn: &mut PgConnection,
    payment_id: PaymentId,
) -> sqlx::Result<Option<SavedCardRow>> {
    match of_payment(conn, payment_id).await? {
        Some(card) => hold(conn, card.saved_card_id).await,
        None => Ok(None),
    }
}

/// The cards that an account keeps, the latest first.
///
/// # Errors
/// When the table cannot be read.
pub async fn of_account(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<SavedCardRow>> {
    let rows = sqlx::query_as!(
        Row,
        "select card.saved_card_id, card.customer_id, card.processor_card, card.brand, card.last_four, card.good_until, \
         card.kept, card.created_at from payments.saved_card card \
         join payments.customer on customer.customer_id = card.customer_id \
         where customer.account_id = $1 and card.kept and card.removed_at is null \
         order by card.created_at desc, card.saved_card_id",
        account_id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(SavedCardRow::from).collect())
}

/// Which booking this card is still needed for: a try is under way, its payment is not over or has something due, or its visit is to
/// come and its policy has a fee that is more than what was taken. None where it is needed for none. To be called with the card locked.
///
/// # Errors
/// When the table cannot be read.
pub async fn needed_for(
    conn: &mut PgConnection,
    saved_card_id: SavedCardId,
    now: Timestamp,
) -> sqlx::Result<Option<BookingId>> {
    let booking_id = sqlx::query_scalar!(
        "select payment.booking_id from payments.intent join payments.payment using (payment_id) \
         where intent.saved_card_id = $1 and ( \
             intent.status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised') \
             or payment.status in ('awaiting', 'card_saved', 'authorised') \
             or (payment.status in ('captured', 'part_refunded', 'won') and (payment.due is not null \
                 or (payment.starts_at >= $2 and payment.fee_kind is null and payment.refunded_cents = 0 \
                     and payment.refunding_cents = 0 \
                     and greatest((payment.quote #>> '{terms,late_fee_cents}')::bigint, \
                         (payment.quote #>> '{terms,no_show_fee_cents}')::bigint) > payment.captured_cents)))) \
         order by payment.starts_at, payment.booking_id limit 1",
        saved_card_id.0,
        (now - MARKED_WITHIN).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    Ok(booking_id.map(BookingId))
}

/// Removes cards that are not offered again, or that nobody is there to offer to, and by which nothing is paid any more. A payment is
/// over when all of it went back or was let go, or when its visit began before `visited_before` and nothing is due. Says which.
///
/// # Errors
/// When the table cannot be changed.
pub async fn remove_unneeded(
    conn: &mut PgConnection,
    visited_before: Timestamp,
    now: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<SavedCardId>> {
    let ids = sqlx::query_scalar!(
        "update payments.saved_card set removed_at = $2, kept = false where saved_card_id in ( \
             select card.saved_card_id from payments.saved_card card join payments.customer using (customer_id) \
             where card.removed_at is null \
             and (not card.kept or num_nonnulls(customer.account_id, customer.booking_id) = 0) \
             and not exists ( \
                 select from payments.intent left join payments.payment using (payment_id) \
                 where intent.saved_card_id = card.saved_card_id and ( \
                     intent.status in ('created', 'page_open', 'needs_authentication', 'processing', 'authorised') \
                     or payment.status in ('awaiting', 'card_saved', 'authorised') \
                     or (payment.status in ('captured', 'part_refunded', 'failed', 'auth_expired', 'disputed', 'won') \
                         and (payment.due is not null or coalesce(payment.starts_at, payment.updated_at) >= $1)))) \
             order by card.created_at limit $3 for update of card skip locked) \
         returning saved_card_id",
        visited_before.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(SavedCardId).collect())
}

/// Removes a card. False when that was done before.
///
/// # Errors
/// When the table cannot be changed.
pub async fn remove(
    conn: &mut PgConnection,
    saved_card_id: SavedCardId,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.saved_card set removed_at = $2, kept = false where saved_card_id = $1 and removed_at is null",
        saved_card_id.0,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
