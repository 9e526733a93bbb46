//! Table `payments.customer`: somebody as the processor knows them. An account has one for all its bookings, a guest one for each.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{AccountId, BookingId, CustomerId};
use sqlx::PgConnection;

/// Whose a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
    /// Somebody with an account.
    Account(AccountId),
    /// A guest, for one booking.
    Guest(BookingId),
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Which.
    pub customer_id: CustomerId,
    /// The processor's name for them; none before it was asked.
    pub processor_customer: Option<String>,
}

/// The customer of that payer, made with the given id when there is none.
///
/// # Errors
/// When the table cannot be changed.
pub async fn find_or_make(
    conn: &mut PgConnection,
    payer: Payer,
    new_id: CustomerId,
    now: Timestamp,
) -> sqlx::Result<Customer> {
    let (account_id, booking_id) = match payer {
        Payer::Account(account_id) => (Some(account_id.0), None),
        Payer::Guest(booking_id) => (None, Some(booking_id.0)),
    };
    sqlx::query!(
        "insert into payments.customer (customer_id, account_id, booking_id, created_at) values ($1, $2, $3, $4) \
         on conflict do nothing",
        new_id.0,
        account_id,
        booking_id,
        now.to_sqlx(),
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!(
        "select customer_id, processor_customer from payments.customer where account_id = $1 or booking_id = $2",
        account_id,
        booking_id,
    )
    .fetch_one(conn)
    .await?;
    Ok(Customer { customer_id: CustomerId(row.customer_id), processor_customer: row.processor_customer })
}

/// A customer by their id.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(conn: &mut PgConnection, customer_id: CustomerId) -> sqlx::Result<Option<Customer>> {
    let row = sqlx::query!(
        "select processor_customer from payments.customer where customer_id = $1",
        customer_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Customer { customer_id, processor_customer: row.processor_customer }))
}

/// Keeps the processor's name for a customer. The first stays: the processor gives the same for the same key.
///
/// # Errors
/// When the table cannot be changed.
pub async fn name(
    conn: &mut PgConnection,
    customer_id: CustomerId,
    processor_customer: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.customer set processor_customer = $2 where customer_id = $1 and processor_customer is null",
        customer_id.0,
        processor_customer,
    )
    .execute(conn)
    .await?;
    Ok(())
}
