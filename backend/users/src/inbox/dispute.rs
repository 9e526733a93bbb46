//! What was noted of an appointment is disputed, or that is decided: who runs the practice is written to, without a word of whose
//! appointment it is.

use kernel::Core;
use shared_types::{
    bookings::{
        DisputeFact,
        dispute::{DisputeParty, DisputeStatus},
    },
    users::AccountMail,
};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::membership,
};

/// Asks for a letter to each. What a practice disputes itself it knows.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &DisputeFact) -> anyhow::Result<()> {
    let about = match (fact.status, fact.opened_by) {
        (DisputeStatus::Open, DisputeParty::Practice) => return Ok(()),
        (DisputeStatus::Open, DisputeParty::Patient) => AccountMail::DisputeOpened,
        (DisputeStatus::Upheld | DisputeStatus::Rejected, DisputeParty::Patient | DisputeParty::Practice) => {
            AccountMail::DisputeDecided
        }
    };
    let Some(practice) = fact.appointment.role.organization_id else { return Ok(()) };
    for (account_id, email) in membership::who_runs(conn, practice).await? {
        mail::ask(conn, core, account_id, &email, Letter::notice(about)).await?;
    }
    Ok(())
}
