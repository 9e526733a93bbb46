//! A patient does not agree with a practice's record: who runs the practice is written to, without a word of what it says.

use kernel::Core;
use shared_types::{bookings::StatementFact, users::AccountMail};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::membership,
};

/// Asks for a letter to each. A practice that nobody runs here sees it beside the appointment all the same.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &StatementFact) -> anyhow::Result<()> {
    for (account_id, email) in membership::who_runs(conn, fact.organization_id).await? {
        mail::ask(conn, core, account_id, &email, Letter::notice(AccountMail::PatientStatement)).await?;
    }
    Ok(())
}
