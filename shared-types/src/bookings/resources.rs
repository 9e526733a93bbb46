//! Rooms and devices of a practice, which appointment types can need.
//!
//! All paths are below `/api/v1/bookings/practices/{organization_id}`. Reading is for the staff in
//! [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF); changing is for managers and owners.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | GET `…/resources` | `list_resources` | → [`PracticeResources`]; those that are retired, too |
//! | POST `…/resources` | `create_resource` | [`CreateResource`] + Idempotency-Key → 201 [`PracticeResource`] |
//! | DELETE `…/resources/{resource_id}` | `retire_resource` | → 204 |
//!
//! What a type needs is in [`TypeDraft::resources`](super::schedule::TypeDraft): a time of it is free when the practitioner
//! and all that it needs are free, and booking it takes all of them or nothing.
//!
//! Problems: 409 `resource-needed` (types that are offered need it: change those first), 422 `invalid`.

use serde::{Deserialize, Serialize};

use super::party::tidy;
use crate::{ResourceId, problem::FieldError};

/// How many rooms and devices one practice may have in use.
pub const MOST_RESOURCES: usize = 200;
/// How many of them one appointment type may need.
pub const MOST_NEEDED: usize = 5;

/// What a practice has, for those who work there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeResources {
    /// In order of their names; what is retired comes last.
    pub items: Vec<PracticeResource>,
}

/// A room or a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeResource {
    /// Which.
    pub resource_id: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// `Treatment room 2`.
    pub name: String,
    /// Whether nothing new may need it.
    pub retired: bool,
}

/// What a resource of a practice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A room.
    Room,
    /// A device.
    Device,
}

impl ResourceKind {
    /// Every kind; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::Room, Self::Device];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Device => "device",
        }
    }

    /// Reads [`ResourceKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Adds a room or a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateResource {
    /// What it is.
    pub kind: ResourceKind,
    /// What it is called, in at most 80 characters.
    pub name: String,
}

impl CreateResource {
    /// Trims and checks the name.
    ///
    /// # Errors
    /// An entry when it is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let name = tidy(&self.name);
        if !(1..=80).contains(&name.chars().count()) {
            return Err(vec![FieldError::new("/name", "Use 1 to 80 characters")]);
        }
        Ok(Self { name, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::{CreateResource, ResourceKind};

    #[test]
    fn a_room_needs_a_name() {
        let named = |name: &str| CreateResource { kind: ResourceKind::Room, name: name.to_owned() };
        assert_eq!(named(" Room   2 ").check().unwrap().name, "Room 2");
        assert_eq!(named(" ").check().unwrap_err()[0].pointer, "/name");
        assert!(named(&"r".repeat(81)).check().is_err());
    }

    #[test]
    fn every_kind_reads_back_from_its_word() {
        for kind in ResourceKind::ALL {
            assert_eq!(ResourceKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
