//! Texts people agree to, and the receipts. `users` owns the texts; every service keeps a copy and its own receipts.
//!
//! A version may be told days before it applies, so that everybody has it when its day comes.

use jiff_sqlx::ToSqlx;
use shared_types::{Problem, Zone, bookings::ConsentGiven, problem::FieldError, users::ConsentText};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::{Core, Reject};

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

/// The version of a text that applies now: the newest whose day has come. Days are Sydney's for everybody, so that one
/// version applies in the whole country. `None` when there is no such text or its first day is still to come.
///
/// # Errors
/// When the table cannot be read.
pub async fn current_text(
    conn: &mut PgConnection,
    core: &Core,
    text: &str,
) -> sqlx::Result<Option<ConsentText>> {
    let row = sqlx::query(
        "select text, version, title, paragraphs, statement, effective_on from consent_text \
         where text = $1 and effective_on <= $2 order by version desc limit 1",
    )
    .bind(text)
    .bind(Zone::SYDNEY.date(core.now()).to_sqlx())
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

/// Insists that what somebody agreed to is the version of that text that applies now.
///
/// # Errors
/// 422 when it is another text or version, or no such text applies yet.
pub async fn require_current(
    conn: &mut PgConnection,
    core: &Core,
    text: &str,
    given: &ConsentGiven,
) -> Result<(), Reject> {
    let current = current_text(conn, core, text).await?;
    if current.is_some_and(|current| given.text == current.text && given.version == current.version) {
        return Ok(());
    }
    let detail = "Read the notice again and agree to it: it has changed";
    Err(Problem::invalid(vec![FieldError::new("/consent", detail)]).into())
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
