//! "Who looked at my record": what a service tells a person of its audit log, with what their browser needs to check it.

use serde::{Deserialize, Serialize};
use shared_types::personal::PersonalData;

use crate::{Checkpoint, Hash, entry::Logged, proof};

/// Entries about one person, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditTrail {
    /// The entries.
    pub items: Vec<TrailEntry>,
    /// The newest signed checkpoint; absent until there is one.
    pub checkpoint: Option<String>,
    /// The key that signs this log's checkpoints, as a `vkey`. A browser that has pinned one ignores this.
    pub key: Option<String>,
    /// That the log has only grown from the size that was asked with: the consistency proof of RFC 6962 from there to the
    /// checkpoint. Absent when nothing was asked, and when the log has not grown from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consistency: Option<Vec<Hash>>,
    /// Send this back as `cursor` for the next page; absent on the last one.
    pub next: Option<String>,
}

impl PersonalData for AuditTrail {}

/// One entry with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrailEntry {
    /// The leaf and the entry.
    #[serde(flatten)]
    pub logged: Logged,
    /// The way from the leaf to the checkpoint's root; absent while the next checkpoint is awaited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Vec<Hash>>,
}

/// What a checkpoint says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// It is in the log, as shown.
    Yes,
    /// It is newer than the checkpoint.
    NotYet,
    /// It was changed, or is not in the log.
    No,
}

impl TrailEntry {
    /// Whether a checkpoint, which somebody must have verified, vouches for the entry.
    pub fn vouched(&self, checkpoint: &Checkpoint) -> Vouched {
        let index = self.logged.index;
        if self.logged.check().is_err() {
            return Vouched::No;
        }
        match &self.proof {
            None if index >= checkpoint.size => Vouched::NotYet,
            None => Vouched::No,
            Some(path) => {
                let (hash, size, root) = (self.logged.hash(), checkpoint.size, checkpoint.root);
                if proof::verify_inclusion(hash, index, size, path, root) {
                    Vouched::Yes
                } else {
                    Vouched::No
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TrailEntry, Vouched};
    use crate::{Checkpoint, CompactRange, entry::tests::logged, proof};

    #[test]
    fn a_browser_tells_a_true_entry_from_a_changed_one() {
        let (mut range, mut nodes) = (CompactRange::new(), std::collections::HashMap::new());
        for index in 0..11 {
            range.push(logged(index).hash(), |id, hash| {
                nodes.insert(id, hash);
            });
        }
        let checkpoint = Checkpoint { origin: "x".to_owned(), size: range.size(), root: range.root() };
        let proof = proof::inclusion(4, 11, &mut |id| nodes.get(&id).copied());
        let entry = TrailEntry { logged: logged(4), proof };
        assert_eq!(entry.vouched(&checkpoint), Vouched::Yes);
        let sent: TrailEntry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
        assert_eq!(sent, entry);
        let mut changed = entry.clone();
        changed.logged.entry.as_mut().unwrap().details.actor = None;
        assert_eq!(changed.vouched(&checkpoint), Vouched::No);
        let elsewhere = TrailEntry { logged: logged(5), ..entry };
        assert_eq!(elsewhere.vouched(&checkpoint), Vouched::No);
        let hidden = TrailEntry { logged: logged(4), proof: None };
        assert_eq!(hidden.vouched(&checkpoint), Vouched::No);
        let newer = TrailEntry { logged: logged(11), proof: None };
        assert_eq!(newer.vouched(&checkpoint), Vouched::NotYet);
    }
}
