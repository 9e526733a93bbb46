//! `hellomapper platform-staff`: somebody has to be the first administrator. Later ones are named on the platform's own
//! pages.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Subcommand;
use kernel::{Chance, Clock, Core, config::Settings};
use shared_types::users::PlatformRole;

use crate::databases::Databases;

#[derive(Subcommand)]
pub enum PlatformStaff {
    /// Gives the holder of a verified e-mail address platform roles, instead of those they had.
    Add {
        /// The address that they signed up with.
        email: String,
        /// support, moderator or administrator; more than once for several.
        #[arg(long = "role", required = true, value_parser = read_role)]
        roles: Vec<PlatformRole>,
    },
}

fn read_role(text: &str) -> Result<PlatformRole> {
    match PlatformRole::from_code(text) {
        Some(role) => Ok(role),
        None => bail!("expected support, moderator or administrator"),
    }
}

/// Does what was asked.
///
/// # Errors
/// When nobody has an open account with that address, or the database refuses.
pub async fn run(action: PlatformStaff) -> Result<ExitCode> {
    let PlatformStaff::Add { email, roles } = action;
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let named = async {
        databases.migrate().await?;
        let pools = databases.pools().await?;
        let core = Core::new(pools.users.clone(), Clock::System, Chance::system());
        users::name_platform_staff(&core, &email, &roles).await
    };
    let named = named.await;
    databases.close(false)?;
    println!("Account {} has these roles from its next sign-in, which needs a passkey.", named?);
    Ok(ExitCode::SUCCESS)
}
