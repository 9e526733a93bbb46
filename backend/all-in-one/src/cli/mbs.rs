//! `hellomapper mbs`: loads the Medicare Benefits Schedule and what goes with it.

use std::{fs::File, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::{Subcommand, ValueEnum};
use kernel::{Chance, Clock, Core, config::Settings};
use payments::mbs::{self, Changes, Loaded, Wish};
use shared_types::{AudCents, payments::funding::MbsLoadStatus};

use crate::databases::Databases;

/// How many lines of each sort are shown.
const SHOWN: usize = 50;

#[derive(Subcommand)]
pub enum Mbs {
    /// Reads the official XML file of the schedule, shows what it changes, and puts it in force. A file that drops more than one item in
    /// twenty is refused.
    Load {
        /// The XML file.
        file: PathBuf,
        /// Only show what would change.
        #[arg(long)]
        preview: bool,
    },
    /// Puts a list, a CSV file with a header, in the place of the one before.
    List {
        /// Which list.
        list: List,
        /// The CSV file.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum List {
    /// Greatest permissible gaps: effective_from,cap_cents,source
    GapCaps,
    /// Incentives for bulk billing: item_number,kind,area_from,area_until,effective_from,effective_until,source
    Incentives,
    /// Items that are eligible where a practice bulk bills everything: item_number,effective_from,effective_until,incentive_kind,source
    EligibleItems,
}

/// Does what was asked. Fails where the file is refused.
///
/// # Errors
/// When the file cannot be read, or the database refuses.
pub async fn run(asked: Mbs) -> Result<ExitCode> {
    let settings = Settings::from_env()?;
    let databases = Databases::open(&settings).await?;
    let done = act(&databases, asked).await;
    databases.close(false)?;
    done
}

async fn act(databases: &Databases, asked: Mbs) -> Result<ExitCode> {
    databases.migrate().await?;
    let core = Core::new(databases.pools().await?.payments, Clock::System, Chance::system());
    match asked {
        Mbs::Load { file, preview } => {
            let name = file.file_name().context("naming the file")?.to_string_lossy().into_owned();
            let wish = if preview { Wish::Preview } else { Wish::Apply };
            let loaded = mbs::load(&core, &name, wish, || File::open(&file)).await?;
            print!("{}", words(&loaded));
            Ok(if loaded.refused.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        Mbs::List { list, file } => {
            let list = match list {
                List::GapCaps => mbs::List::GapCaps,
                List::Incentives => mbs::List::Incentives,
                List::EligibleItems => mbs::List::EligibleItems,
            };
            let opened = File::open(&file).with_context(|| format!("opening {}", file.display()))?;
            let rows = mbs::load_list(&core, list, opened).await?;
            println!("The list has {rows} rows now.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn words(loaded: &Loaded) -> String {
    let load = &loaded.load;
    let mut words = difference(&loaded.changes);
    words.push_str(&format!(
        "{} items: {} new, {} changed, {} ended.\n",
        load.items, load.added, load.changed, load.ended
    ));
    match (&loaded.refused, load.status) {
        (Some(why), _) => words.push_str(&format!("The file is refused, and nothing was changed: {why}.\n")),
        (None, MbsLoadStatus::Previewed) => {
            words.push_str("Nothing was changed. Leave out --preview to put it in force.\n");
        }
        (None, MbsLoadStatus::Applied | MbsLoadStatus::Refused) => words.push_str("It is in force.\n"),
    }
    words
}

fn difference(changes: &Changes) -> String {
    let fee = |cents: Option<AudCents>| cents.map_or_else(|| "derived".to_owned(), |cents| cents.to_string());
    let added = changes.added.iter().map(|item| format!("+ {item}"));
    let changed = changes.changed.iter().map(|change| {
        let (before, after) = (fee(change.fee_before), fee(change.fee));
        format!("~ {}: {before} → {after} from {}", change.item_number, change.from)
    });
    let ended = changes.ended.iter().map(|item| format!("- {item}"));
    let mut lines = String::new();
    let sorts: [Vec<String>; 3] = [added.collect(), changed.collect(), ended.collect()];
    for sort in sorts {
        for line in sort.iter().take(SHOWN) {
            lines.push_str(line);
            lines.push('\n');
        }
        if sort.len() > SHOWN {
            lines.push_str(&format!("… and {} more\n", sort.len() - SHOWN));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use payments::mbs::{Change, Changes};
    use shared_types::AudCents;

    use super::difference;

    #[test]
    fn what_changes_is_shown_and_long_lists_are_cut() {
        let change = Change {
            item_number: "23".to_owned(),
            from: "2026-11-01".parse().unwrap(),
            fee_before: Some(AudCents(4_390)),
            fee: None,
        };
        let added = (0..60).map(|number| number.to_string()).collect();
        let changes = Changes { added, changed: vec![change], ended: vec!["36".to_owned()] };
        let lines = difference(&changes);
        assert_eq!(lines.lines().count(), 53);
        assert!(lines.contains("… and 10 more\n~ 23: $43.90 → derived from 2026-11-01\n- 36\n"), "{lines}");
    }
}
