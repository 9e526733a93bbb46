//! A patient waits for a practice's answer, which it can give for a while: who runs the practice is written to, without a word of who
//! waits, for what or for whom.

use jiff::Timestamp;
use kernel::Core;
use shared_types::{
    bookings::{AbsenceFact, AppointmentFact},
    users::{AccountMail, MailPractice},
};
use sqlx::PgConnection;

use crate::{
    mail::{self, Letter},
    store::membership,
};

/// A time is asked for, and kept until the practice answers. What is booked at once waits for nobody, and is told by another event.
pub async fn requested(conn: &mut PgConnection, core: &Core, fact: &AppointmentFact) -> anyhow::Result<()> {
    let Some((until, organization_id)) = fact.reply_by.zip(fact.role.organization_id) else { return Ok(()) };
    let practice = MailPractice { organization_id, time_zone: fact.role.time_zone };
    ask(conn, core, AccountMail::RequestWaits, practice, until).await
}

/// Nobody of the practice was there, as its patient says.
pub async fn absence_said(conn: &mut PgConnection, core: &Core, fact: &AbsenceFact) -> anyhow::Result<()> {
    let practice = MailPractice { organization_id: fact.organization_id, time_zone: fact.time_zone };
    ask(conn, core, AccountMail::AbsenceSaid, practice, fact.answer_by).await
}

/// Asks for a letter to each, while there is still something to answer.
async fn ask(
    conn: &mut PgConnection,
    core: &Core,
    about: AccountMail,
    practice: MailPractice,
    until: Timestamp,
) -> anyhow::Result<()> {
    if until <= core.now() {
        return Ok(());
    }
    for (account_id, email) in membership::who_runs(conn, practice.organization_id).await? {
        let letter = Letter { until: Some(until), practice: Some(practice), ..Letter::notice(about) };
        mail::ask(conn, core, account_id, &email, letter).await?;
    }
    Ok(())
}
