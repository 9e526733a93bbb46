//! `hellomapper breach`: suspected data breaches, their thirty days, whom they affect, and the notice to write (C-17).

use std::{collections::BTreeSet, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::Subcommand;
use cluster::SERVICES;
use jiff::Timestamp;
use kernel::{Chance, Clock, Core, audit::search, config::Settings, database};
use shared_types::AccountId;
use users::breach::{self, BreachIncidentId, Decision};

use super::audit::During;
use crate::databases::Databases;

#[derive(Subcommand)]
pub enum Breach {
    /// Opens an incident; its thirty days run from the suspicion.
    Open {
        /// When somebody first suspected it: 2026-11-22T09:30:00+11:00.
        #[arg(long, value_name = "TIME")]
        suspected: Timestamp,
        /// What is suspected, without naming anybody.
        #[arg(long)]
        summary: String,
    },
    /// Writes down what was decided, and why.
    Decide {
        /// The incident.
        #[arg(long)]
        incident: BreachIncidentId,
        /// What was decided.
        #[arg(long)]
        decision: Decision,
        /// Why, without naming anybody.
        #[arg(long)]
        reason: String,
    },
    /// Lists whom and what an account reached, from the audit logs of all services.
    Affected {
        /// The account that somebody misused.
        #[arg(long, value_name = "ACCOUNT")]
        actor: AccountId,
        #[command(flatten)]
        during: During,
        /// Print one line of JSON for each.
        #[arg(long)]
        json: bool,
    },
    /// Prints a draft of the statement that the law asks for.
    Draft {
        /// The incident.
        #[arg(long)]
        incident: BreachIncidentId,
    },
}

/// Does what was asked.
///
/// # Errors
/// When a database cannot be reached, or there is no such incident.
pub async fn run(asked: Breach) -> Result<ExitCode> {
    let databases = Databases::open(&Settings::from_env()?).await?;
    let done = act(&databases, asked).await;
    databases.close(false)?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn act(databases: &Databases, asked: Breach) -> Result<()> {
    match asked {
        Breach::Open { suspected, summary } => {
            let incident = breach::open(&core(databases).await?, suspected, &summary).await?;
            println!("{} is open. Assess it by {}.", incident.breach_incident_id, incident.assess_by);
        }
        Breach::Decide { incident, decision, reason } => {
            breach::decide(&core(databases).await?, incident, decision, &reason).await?;
            println!("Written down.");
        }
        Breach::Affected { actor, during, json } => list_affected(databases, actor, during, json).await?,
        Breach::Draft { incident } => {
            let found = breach::find(&core(databases).await?, incident).await?;
            print!("{}", found.with_context(|| format!("there is no incident {incident}"))?.draft());
        }
    }
    Ok(())
}

async fn core(databases: &Databases) -> Result<Core> {
    let pool = database::pool(databases.app("users")?, "users", 1).await?;
    Ok(Core::new(pool, Clock::System, Chance::system()))
}

async fn list_affected(databases: &Databases, actor: AccountId, during: During, json: bool) -> Result<()> {
    let mut affected = BTreeSet::new();
    for service in SERVICES {
        let mut conn = databases.audit_connection(service).await?;
        affected.extend(search::touched(&mut conn, actor, during.from, during.to).await?);
    }
    for one in &affected {
        if json {
            println!("{}", serde_json::to_string(one)?);
        } else {
            let whose = one.whose.map_or_else(|| "-".to_owned(), |patient| patient.to_string());
            println!("patient {whose} {} {}", one.resource_kind, one.resource_id);
        }
    }
    let patients: BTreeSet<_> = affected.iter().filter_map(|one| one.whose).collect();
    let bookings = affected.iter().filter(|one| one.resource_kind == "booking").count();
    eprintln!("{} patients are named, and {bookings} bookings.", patients.len());
    Ok(())
}
