//! Texts people agree to, and the receipts. `users` owns the texts; every service keeps a copy and its own receipts.

use jiff_sqlx::ToSqlx;
use shared_types::users::ConsentText;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::Core;

/// Keeps a text as users told it. A version is never changed: a repeat does nothing.
///
/// # Errors
/// When the row cannot be written.
pub async fn keep_text(conn: &mut PgConnection, text: &ConsentText) -> sqlx::Result<()> {
    sqlx::query(
        "insert into consent_text (text, version, title, paragraphs, statement, effective_on) \
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
    )
    .bind(&text.text)
    .bind(text.version)
    .bind(&text.title)
    .bind(&text.paragraphs)
    .bind(&text.statement)
    .bind(text.effective_on.to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest version of a text.
///
/// # Errors
/// When the table cannot be read.
pub async fn current_text(conn: &mut PgConnection, text: &str) -> sqlx::Result<Option<ConsentText>> {
    let row = sqlx::query(
        "select text, version, title, paragraphs, statement, effective_on from consent_text \
         where text = $1 order by version desc limit 1",
    )
    .bind(text)
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(ConsentText {
            text: row.try_get("text")?,
            version: row.try_get("version")?,
            title: row.try_get("title")?,
            paragraphs: row.try_get("paragraphs")?,
            statement: row.try_get("statement")?,
            effective_on: row.try_get::<jiff_sqlx::Date, _>("effective_on")?.to_jiff(),
        })
    })
    .transpose()
}

/// Writes that somebody agreed, in the transaction that stores what they agreed to.
///
/// # Errors
/// When the row cannot be written, or no such text is known.
pub async fn store_receipt(
    conn: &mut PgConnection,
    core: &Core,
    text: &str,
    version: i32,
    subject_kind: &str,
    subject_id: Uuid,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into consent_receipt (consent_receipt_id, text, version, subject_kind, subject_id, agreed_at) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(core.id::<Uuid>())
    .bind(text)
    .bind(version)
    .bind(subject_kind)
    .bind(subject_id.to_string())
    .bind(core.now().to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}
