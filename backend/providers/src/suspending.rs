//! What follows from a suspension that was written or lifted: the same for administrators and for the job.

use kernel::{Core, audit::Resource};
use shared_types::providers::listing::ListingId;
use sqlx::PgConnection;

use crate::store::{listing, role_fact};

/// Has the listed rows say it, and tells the other services, in the caller's transaction.
///
/// # Errors
/// When a row cannot be changed or the event not be written.
pub async fn refreshed(conn: &mut PgConnection, core: &Core, listing: ListingId) -> anyhow::Result<()> {
    let roles = listing::refresh(conn, listing, core.now()).await?;
    role_fact::tell(conn, core, &roles).await
}

/// As the audit log names it.
pub fn resource(listing: ListingId) -> Resource {
    match listing {
        ListingId::Role(role) => Resource { kind: "practitioner_role", id: role.0 },
        ListingId::Practice(organization) => organization.into(),
    }
}
