//! One act in the audit log: what is kept of it, and the leaf that vouches for it.
//!
//! A leaf holds no details, only their salted hash: details can be destroyed at the end of their time and the tree still
//! stands. Without the salt nobody could find out by trying what a leaf was about.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{Hash, hash::lower_hex};

/// The register of destroyed details: the action of an entry that destroyed some.
pub const DESTROY_DETAILS: &str = "destroy_audit_details";
/// What such an entry's resource is; its id is the first and the last index, `17-4711`.
pub const AUDIT_RANGE: &str = "audit_range";

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Allowed,
    /// Refused.
    Denied,
    /// Tried, and failed.
    Failed,
}

/// Sixteen random bytes. As text, 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self.0))
    }
}

impl<'d> Deserialize<'d> for Salt {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        lower_hex(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom("a salt is 32 lower-case hexadecimal digits"))
    }
}

/// Who did it, to what, on whose behalf and what for. Ids and names of acts only. The fields stand in the order of their
/// names and absent ones are left out, so that their JSON is the canonical one (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// The stated reason by which platform staff acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_grant_id: Option<Uuid>,
    /// Who: an account's id, a job's name, the beginning of a guest's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What kind of actor: `account`, `guest`, `link`, `system`, `anonymous`.
    pub actor_kind: String,
    /// The entry's own id.
    pub audit_entry_id: Uuid,
    /// The network the request came from, its last part left off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The patient for whom somebody else acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// The practice for which its staff acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Uuid>,
    /// What for.
    pub purpose: String,
    /// The request, as in the service's logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Which thing was touched.
    pub resource_id: String,
    /// What kind of thing.
    pub resource_kind: String,
    /// The session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Uuid>,
    /// How the session began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<String>,
    /// The patient whose record it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Uuid>,
}

impl Details {
    /// SHA-256 over the salt and the canonical bytes.
    pub fn commitment(&self, salt: Salt) -> Hash {
        Hash(Sha256::new().chain_update(salt.0).chain_update(canonical(self)).finalize().into())
    }
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The operation's name.
    pub action: String,
    /// The rest of it.
    pub details: Details,
    /// How it ended.
    pub outcome: Outcome,
    /// What the details are hashed with.
    pub salt: Salt,
    /// When, in microseconds since 1970.
    pub time_us: i64,
}

/// What the tree is made of. The fields stand in the order of their names: see [`Details`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The operation's name.
    pub action: String,
    /// The clock had been moved back when this was written: an earlier leaf is more than a minute later.
    #[serde(default, skip_serializing_if = "is_false")]
    pub clock_back: bool,
    /// The salted hash of the details.
    pub details: Hash,
    /// Its place, from 0 without gaps.
    pub index: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// When, in microseconds since 1970.
    pub time_us: i64,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Leaf {
    /// The leaf that vouches for an entry.
    pub fn of(entry: &Entry, index: u64, clock_back: bool) -> Self {
        Self {
            action: entry.action.clone(),
            clock_back,
            details: entry.details.commitment(entry.salt),
            index,
            outcome: entry.outcome,
            time_us: entry.time_us,
        }
    }

    /// The bytes that are hashed.
    pub fn data(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads those bytes; `None` when they are not the one form that [`Leaf::data`] writes.
    pub fn parse(data: &[u8]) -> Option<Self> {
        serde_json::from_slice(data).ok().filter(|leaf: &Self| leaf.data() == data)
    }
}

/// JSON without spaces; with fields in the order of their names, RFC 8785's.
fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("structs of text and numbers have a JSON form")
}

/// One line of the log with what it vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// Its place.
    pub index: u64,
    /// The leaf's bytes.
    pub leaf: String,
    /// The entry; absent once destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

impl Logged {
    /// The leaf, when it is well-formed, in its place, and the one of its entry.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn check(&self) -> Result<Leaf, &'static str> {
        let leaf = Leaf::parse(self.leaf.as_bytes()).ok_or("the leaf is not in its canonical form")?;
        if leaf.index != self.index {
            return Err("the leaf belongs to another place");
        }
        match &self.entry {
            Some(entry) if Leaf::of(entry, leaf.index, leaf.clock_back) != leaf => {
                Err("the entry is not the one that the leaf vouches for")
            }
            Some(_) | None => Ok(leaf),
        }
    }

    /// What the tree has for it.
    pub fn hash(&self) -> Hash {
        Hash::leaf(self.leaf.as_bytes())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::{Details, Entry, Leaf, Logged, Outcome, Salt};

    pub(crate) fn entry(n: u128) -> Entry {
        Entry {
            action: "find_appointment".to_owned(),
            details: Details {
                access_grant_id: None,
                actor: Some(Uuid::from_u128(7).to_string()),
                actor_kind: "account".to_owned(),
                audit_entry_id: Uuid::from_u128(n),
                network: Some("203.0.113.0/24".to_owned()),
                on_behalf_of: None,
                organization_id: None,
                purpose: "booking".to_owned(),
                request_id: None,
                resource_id: Uuid::from_u128(n + 1).to_string(),
                resource_kind: "booking".to_owned(),
                session_id: Some(Uuid::from_u128(9)),
                strength: Some("passkey".to_owned()),
                whose: Some(Uuid::from_u128(10)),
            },
            outcome: Outcome::Allowed,
            salt: Salt([n as u8; 16]),
            time_us: 1_763_769_600_000_000 + n as i64,
        }
    }

    pub(crate) fn logged(index: u64) -> Logged {
        let entry = entry(u128::from(index));
        let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap();
        Logged { index, leaf, entry: Some(entry) }
    }

    /// Computed with Python's json (sorted keys, no spaces) and hashlib, so that the page in docs/ is enough to do it.
    #[test]
    fn the_bytes_are_those_that_the_format_says() {
        let leaf = logged(0).leaf;
        assert_eq!(
            leaf,
            "{\"action\":\"find_appointment\",\
             \"details\":\"4c04795595436c1072b9d7fe68ebc703ae02d25aad5e658f21c564b8b0c22767\",\
             \"index\":0,\"outcome\":\"allowed\",\"time_us\":1763769600000000}"
        );
    }

    #[test]
    fn any_change_of_an_entry_is_seen() {
        let good = logged(3);
        assert!(good.check().is_ok());
        let changes: [fn(&mut Logged); 8] = [
            |line| line.index = 4,
            |line| line.leaf = line.leaf.replace("allowed", "denied"),
            |line| line.leaf = line.leaf.replace("\"index\":3", "\"index\": 3"),
            |line| line.entry.as_mut().unwrap().outcome = Outcome::Denied,
            |line| line.entry.as_mut().unwrap().time_us += 1,
            |line| line.entry.as_mut().unwrap().salt.0[15] ^= 1,
            |line| line.entry.as_mut().unwrap().details.whose = None,
            |line| line.entry.as_mut().unwrap().action.push('s'),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = good.clone();
            change(&mut changed);
            assert!(changed.check().is_err(), "change {number}");
        }
        // Destroyed details are no lie; whether they may be gone, the register says.
        assert!(Logged { entry: None, ..good }.check().is_ok());
    }
}
