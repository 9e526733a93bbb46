//! `hellomapper demo-owner`: a practice of the invented Australia of one's own, to see the provider's side with.

use std::process::ExitCode;

use anyhow::{Result, bail};
use kernel::{
    Chance, Clock, Core,
    config::{Mode, Settings},
};
use users::DemoOwner;

use crate::{Pools, databases::Databases};

/// Does what was asked, beside a server that runs or without one.
///
/// # Errors
/// In production, when no invented practice collects payments, when the address cannot be one, or the database refuses.
pub async fn run(email: &str) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    if settings.mode == Mode::Production {
        bail!("production has no invented practices, and nobody owns a practice without an invitation");
    }
    let databases = Databases::open(&settings).await?;
    let named = async {
        databases.migrate().await?;
        name(&databases.pools().await?, email).await
    };
    let named = named.await;
    databases.close(false)?;
    print!("{}", words(&settings, &named?));
    Ok(ExitCode::SUCCESS)
}

/// The busiest of those that collect is the one that shows most.
async fn name(pools: &Pools, email: &str) -> Result<DemoOwner> {
    let collecting: Vec<_> =
        payments::demo::accounts(&pools.payments).await?.into_iter().map(|(id, _)| id).collect();
    let practices = bookings::demo::busiest(&pools.bookings, &collecting).await?;
    if practices.is_empty() {
        bail!(
            "no invented practice with payments and appointments is there: `cargo xtask run` loads them into an empty \
             database, `hellomapper demo` does so as well"
        );
    }
    let core = Core::new(pools.users.clone(), Clock::System, Chance::system());
    users::name_demo_owner(&core, email, &practices).await
}

/// What to open, in order.
fn words(settings: &Settings, owner: &DemoOwner) -> String {
    let (at, calendar) = (&settings.public_url, format!("/calendar/{}", owner.organization_id));
    let mut steps = Vec::new();
    if !owner.has_password {
        let mail = settings.home.join("mail");
        steps.push(format!(
            "Choose a password: {at}/account/forgotten; the letter with the link is in {}",
            mail.display()
        ));
    }
    steps.push(format!("Sign in: {at}/account/sign-in?to={calendar}"));
    steps.push(format!(
        "Staff need a second proof, so add a passkey or codes, and sign in once more with it: {at}/account/security"
    ));
    steps.push(format!("Calendar: {at}{calendar}"));
    let mut words = format!("Account {} owns {}.\n\n", owner.account_id, owner.name);
    for (nth, step) in steps.iter().enumerate() {
        words.push_str(&format!("  {}. {step}\n", nth + 1));
    }
    words
}
