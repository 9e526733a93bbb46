//! `hellomapper retention`: a restored backup is made to forget again who was erased since it was made (C-14).

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Subcommand;
use kernel::{Chance, Clock, Core, config::Settings};
use users::Reapplied;

use crate::databases::Databases;

#[derive(Subcommand)]
pub enum Retention {
    /// Applies the register of erasures to the databases as they are. Run it after restoring a backup, before serving.
    Reapply {
        /// The register; by default audit/users/erasures.ndjson under HELLOMAPPER_HOME.
        #[arg(long, value_name = "FILE")]
        register: Option<PathBuf>,
    },
}

/// Does what was asked. Fails where a line of the register cannot be read, once the others are applied.
///
/// # Errors
/// When there is no register, or the database refuses.
pub async fn run(asked: Retention) -> Result<ExitCode> {
    let Retention::Reapply { register } = asked;
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let done = async {
        databases.migrate().await?;
        let pools = databases.pools().await?;
        let core = Core::new(pools.users.clone(), Clock::System, Chance::system());
        users::reapply_erasures(&core, &settings, register.as_deref()).await
    };
    let done = done.await;
    databases.close(false)?;
    let done = done?;
    print!("{}", words(&done));
    Ok(if done.unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn words(done: &Reapplied) -> String {
    let Reapplied { erased, known, absent, unreadable, left_alone } = done;
    let mut words = format!(
        "{erased} accounts were there again and are erased once more; {known} erasures were known, {absent} accounts are \
         younger than this database.\nThe other services erase as soon as they run.\n"
    );
    for practice in left_alone {
        words.push_str(&format!(
            "Nobody owns practice {practice} now: have an administrator invite an owner.\n"
        ));
    }
    if *unreadable > 0 {
        words.push_str(&format!(
            "{unreadable} lines cannot be read: apply an older copy of the register as well.\n"
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use users::Reapplied;
    use uuid::Uuid;

    use super::words;

    #[test]
    fn what_is_left_to_do_is_said() {
        let done = Reapplied { erased: 2, known: 3, absent: 1, ..Reapplied::default() };
        assert_eq!(words(&done).lines().count(), 2);
        let left_alone = vec![Uuid::from_u128(1).into()];
        let more = words(&Reapplied { unreadable: 4, left_alone, ..done });
        assert!(more.contains("invite an owner") && more.contains("4 lines cannot be read"), "{more}");
    }
}
