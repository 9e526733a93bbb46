//! What goes with the schedule and is not in its file: greatest permissible gaps, incentives for bulk billing, and which items are
//! eligible where a practice bulk bills everything. Each is a small CSV file with a header, in which every row names its source.

use std::io::Read;

use anyhow::{Context as _, Result};
use jiff::civil::Date;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use serde::{Deserialize, de::DeserializeOwned};
use shared_types::{AudCents, payments::funding::IncentiveKind};

use crate::{funding, store::schedule::lists};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// `effective_from,cap_cents,source`
    GapCaps,
    /// `item_number,kind,area_from,area_until,effective_from,effective_until,source`
    Incentives,
    /// `item_number,effective_from,effective_until,incentive_kind,source`
    EligibleItems,
}

/// The greatest permissible gap from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GapCap {
    /// The first day.
    pub effective_from: Date,
    /// How much.
    pub cap_cents: AudCents,
    /// Where it is written.
    pub source: String,
}

/// An incentive for bulk billing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Incentive {
    /// The item to claim beside the visit's.
    pub item_number: String,
    /// For what it is paid.
    pub kind: IncentiveKind,
    /// The first Modified Monash area.
    pub area_from: i16,
    /// The last.
    pub area_until: i16,
    /// The first day.
    pub effective_from: Date,
    /// The day after its last.
    pub effective_until: Option<Date>,
    /// Where it is written.
    pub source: String,
}

/// An item that is eligible where a practice bulk bills everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EligibleItem {
    /// Which.
    pub item_number: String,
    /// The first day.
    pub effective_from: Date,
    /// The day after its last.
    pub effective_until: Option<Date>,
    /// Which incentive goes with it.
    pub incentive_kind: Option<IncentiveKind>,
    /// Where it is written.
    pub source: String,
}

/// Puts a list in the place of the one before. Says how many rows it has. Whose items are eligible on other days now is told anew.
///
/// # Errors
/// When a row cannot be read or is refused; nothing is changed then.
pub async fn load_list(core: &Core, list: List, file: impl Read) -> Result<usize> {
    let mut tx = core.begin().await?;
    let rows = match list {
        List::GapCaps => {
            let rows: Vec<GapCap> = read(file)?;
            lists::replace_gap_caps(&mut tx, &rows).await?;
            rows.len()
        }
        List::Incentives => {
            let rows: Vec<Incentive> = read(file)?;
            lists::replace_incentives(&mut tx, &rows).await?;
            rows.len()
        }
        List::EligibleItems => {
            let rows: Vec<EligibleItem> = read(file)?;
            let changed = lists::replace_eligible_items(&mut tx, &rows).await?;
            funding::tell_of_items(&mut tx, core, &changed).await?;
            rows.len()
        }
    };
    let entry = audit::Entry {
        actor: Actor::System("payments.mbs_load"),
        action: "load_schedule_list",
        resource: Resource::ROUTE,
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(&mut tx, core, entry).await?;
    core.commit(tx).await?;
    Ok(rows)
}

fn read<T: DeserializeOwned>(file: impl Read) -> Result<Vec<T>> {
    let mut reader = csv::Reader::from_reader(file);
    let rows: Result<Vec<T>, _> = reader.deserialize().collect();
    rows.context("reading the list")
}
