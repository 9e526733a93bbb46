//! Somebody who waits is offered a time: they are written to, without a word of with whom it is.

use kernel::Core;
use shared_types::{bookings::OfferFact, users::AccountMail};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::account,
};

/// Asks for a letter, while the time is still held. A closed account is on no waitlist any more.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: &OfferFact) -> anyhow::Result<()> {
    if fact.expires_at <= core.now() {
        return Ok(());
    }
    if let Some(account) = account::find_account(conn, fact.account_id).await? {
        let letter = Letter { until: Some(fact.expires_at), ..Letter::notice(AccountMail::TimeOffered) };
        mail::ask(conn, core, fact.account_id, &account.email, letter).await?;
    }
    Ok(())
}
