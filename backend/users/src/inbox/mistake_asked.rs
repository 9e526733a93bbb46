//! Somebody asks a second person to agree that an appointment never was one: who else runs the practice is written to, without a word
//! of whose appointment it is; and who may decide for the platform, where nobody else of the practice could.

use kernel::Core;
use shared_types::{bookings::MistakeFact, users::AccountMail};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::{membership, platform_staff},
};

/// Asks for a letter to each but who asks.
pub async fn receive(conn: &mut PgConnection, core: &Core, asked: &MistakeFact) -> anyhow::Result<()> {
    let colleagues = membership::who_runs(conn, asked.organization_id).await?;
    let administrators =
        if asked.nobody_else { platform_staff::administrators(conn).await? } else { Vec::new() };
    let colleagues = colleagues.into_iter().map(|who| (who, AccountMail::MistakeAsked));
    let administrators = administrators.into_iter().map(|who| (who, AccountMail::MistakeToDecide));
    for ((account_id, email), about) in colleagues.chain(administrators) {
        if account_id != asked.asked_by {
            mail::ask(conn, core, account_id, &email, Letter::notice(about)).await?;
        }
    }
    Ok(())
}
