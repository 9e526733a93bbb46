//! Table `payments.claim_report`: that a report came, and its hash.

use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::ClaimId;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How a claim was assessed.
    Processing,
    /// How it was paid.
    Payment,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Payment => "payment",
        }
    }
}

/// Notes a report. The same one twice is one, as late as the second.
///
/// # Errors
/// When the database fails.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    claim_id: ClaimId,
    kind: Kind,
    status: &str,
    sha256: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.claim_report (claim_report_id, claim_id, kind, status, sha256, received_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint claim_report_once_key \
         do update set received_at = excluded.received_at",
        core.id::<Uuid>(),
        claim_id.0,
        kind.code(),
        status,
        sha256,
        core.now().to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
