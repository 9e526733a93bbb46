//! Which texts are published, and their words.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::users::ConsentText;
use sqlx::PgConnection;

/// Lets one transaction publish at a time; readers are not held up.
pub async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("lock table users.published_text in share row exclusive mode").execute(conn).await?;
    Ok(())
}

/// Notes a publication. False when it was published before.
pub async fn publish_text(
    conn: &mut PgConnection,
    text: &str,
    version: i32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let noted = sqlx::query!(
        "insert into users.published_text (text, version, published_at) values ($1, $2, $3) on conflict do nothing",
        text,
        version,
        now.to_sqlx(),
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// A text as it was published.
pub async fn find_version(
    conn: &mut PgConnection,
    text: &str,
    version: i32,
) -> sqlx::Result<Option<ConsentText>> {
    let row = sqlx::query!(
        "select text, version, title, paragraphs, statement, effective_on from users.consent_text \
         where text = $1 and version = $2",
        text,
        version,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| ConsentText {
        text: row.text,
        version: row.version,
        title: row.title,
        paragraphs: row.paragraphs,
        statement: row.statement,
        effective_on: row.effective_on.to_jiff(),
    }))
}
