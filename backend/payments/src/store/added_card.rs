//! Tries that keep a card of somebody's without paying for anything.

use shared_types::{AccountId, CustomerId};
use sqlx::PgConnection;

/// How many there were of a customer.
///
/// # Errors
/// When the table cannot be read.
pub async fn count(conn: &mut PgConnection, customer_id: CustomerId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from payments.intent where customer_id = $1 and payment_id is null"#,
        customer_id.0,
    )
    .fetch_one(conn)
    .await
}

/// An account's pages that are open for it at the processor, by its names.
///
/// # Errors
/// When the tables cannot be read.
pub async fn open_pages(conn: &mut PgConnection, account_id: AccountId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select intent.checkout_session as "checkout_session!" from payments.intent
               join payments.customer on customer.customer_id = intent.customer_id
           where customer.account_id = $1 and intent.payment_id is null and intent.status = 'page_open'
               and intent.checkout_session is not null
           order by intent.created_at"#,
        account_id.0,
    )
    .fetch_all(conn)
    .await
}
