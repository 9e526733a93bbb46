//! What a schedule changes: each item beside the row that was the latest of it.

use anyhow::Result;
use jiff::civil::Date;
use shared_types::{AudCents, MbsLoadId};
use sqlx::PgConnection;

use super::Item;
use crate::store::schedule;

/// What a schedule changes, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Items that were not there.
    pub added: Vec<String>,
    /// Items that say something else now.
    pub changed: Vec<Change>,
    /// Items that are no longer there.
    pub ended: Vec<String>,
}

/// What changed of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub item_number: String,
    /// From which day.
    pub from: Date,
    /// What its fee was; none where it is derived.
    pub fee_before: Option<AudCents>,
    /// What its fee is.
    pub fee: Option<AudCents>,
}

impl Changes {
    /// Every item that is named in it.
    pub fn items(&self) -> Vec<String> {
        let changed = self.changed.iter().map(|change| &change.item_number);
        self.added.iter().chain(changed).chain(&self.ended).cloned().collect()
    }
}

/// Puts an item in the place of its latest row, and notes what that changes. What says the same is only marked as seen.
pub async fn apply(
    conn: &mut PgConnection,
    load: MbsLoadId,
    old: Option<Item>,
    item: Item,
    changes: &mut Changes,
) -> Result<()> {
    let Some(old) = old else {
        schedule::insert_item(conn, load, &item).await?;
        changes.added.push(item.item_number);
        return Ok(());
    };
    if old.is_same(&item) {
        return Ok(schedule::mark_seen(conn, load, &old).await?);
    }
    // What began on the same day, or is said to have begun earlier than we knew, is a correction: the row is written over.
    let item = Item { effective_from: item.effective_from.max(old.effective_from), ..item };
    if item.effective_from == old.effective_from {
        schedule::correct_item(conn, load, &item).await?;
    } else {
        schedule::close_item(conn, &old, item.effective_from).await?;
        schedule::insert_item(conn, load, &item).await?;
    }
    changes.changed.push(Change {
        from: item.effective_from,
        fee_before: old.schedule_fee,
        fee: item.schedule_fee,
        item_number: item.item_number,
    });
    Ok(())
}
