//! Somebody is to be erased. Listings are of no account, so all there is are replies kept for a repeat.

use kernel::{
    Core, erasure,
    outbox::{self, About},
};
use shared_types::{providers::ProvidersEvent, users::ErasureRequest};
use sqlx::PgConnection;

/// Erases, and answers.
pub async fn receive(conn: &mut PgConnection, core: &Core, request: &ErasureRequest) -> anyhow::Result<()> {
    let erased = vec![erasure::forget_replies(conn, request.account_id).await?];
    let answer = erasure::answer(conn, core, "providers", request, erased, Vec::new()).await?;
    let about = About { aggregate: "erasure", id: request.erasure_id.to_string(), version: 1 };
    outbox::tell(conn, core, about, &ProvidersEvent::ErasureAnswered(answer)).await?;
    Ok(())
}
