//! What users does with other services' events: it learns practices' names from providers, for the letters it writes.

use futures::future::BoxFuture;
use kernel::{Subscriber, outbox::Envelope};
use shared_types::providers::ProvidersEvent;
use sqlx::PgConnection;

use crate::store::organization;

/// Listens to providers.
pub struct Inbox;

impl Subscriber for Inbox {
    fn listens_to(&self) -> &'static [&'static str] {
        &["providers"]
    }

    fn receive<'a>(
        &'a self,
        conn: &'a mut PgConnection,
        envelope: &'a Envelope,
    ) -> BoxFuture<'a, anyhow::Result<()>> {
        Box::pin(async move {
            match envelope.event()? {
                ProvidersEvent::PractitionerRoleChanged(role) => {
                    // A role carries its practice's name; of several roles the last told counts.
                    if let (Some(id), Some(name)) = (role.organization_id, role.organization_name) {
                        organization::keep(conn, id, &name, envelope.occurred_at).await?;
                    }
                    Ok(())
                }
            }
        })
    }
}
