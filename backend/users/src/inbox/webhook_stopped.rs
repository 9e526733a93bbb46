//! A practice's webhook was stopped: who runs the practice is written to.

use kernel::Core;
use shared_types::{bookings::StoppedWebhook, users::AccountMail};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::membership,
};

/// Asks for a letter to each.
pub async fn receive(conn: &mut PgConnection, core: &Core, stopped: &StoppedWebhook) -> anyhow::Result<()> {
    for (account_id, email) in membership::who_runs(conn, stopped.organization_id).await? {
        mail::ask(conn, core, account_id, &email, Letter::notice(AccountMail::WebhookStopped)).await?;
    }
    Ok(())
}
