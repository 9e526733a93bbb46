//! Who did what to whose record, on whose behalf and what for: one row for each act, in the act's own transaction.
//!
//! A row holds ids and names of acts, never what was read or written. The app role adds rows and can do nothing else with
//! them. Under the audit role a [`log::Log`] gives each row its place in a Merkle tree and signs checkpoints of it, so that
//! nobody can change the log unnoticed; the formats are the crate `transparency`'s.

pub mod export;
mod files;
mod list;
pub mod log;
mod rows;
pub mod search;
mod sequence;
pub mod trail;

use shared_types::{
    AccessGrantId, AccountId, BookingId, BreachIncidentId, CalendarFeedId, DelegationId, ErasureId,
    InvitationId, OrganizationId, PatientId, SessionId,
    users::{Claims, Strength},
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::list::record_all;
use crate::Core;

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody we know.
    Anonymous,
    /// A browser with a guest cookie; the first bytes of its hash tell guests apart without naming anyone.
    Guest([u8; 32]),
    /// Somebody with a manage link and proof.
    Link(BookingId),
    /// Whoever has the secret address of a calendar.
    Feed(CalendarFeedId),
    /// Somebody who is signed in.
    Account(Signed),
    /// One of our own jobs.
    System(&'static str),
}

/// Somebody who is signed in, and in which capacity they act.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account.
    pub account_id: AccountId,
    /// The session.
    pub session_id: SessionId,
    /// How they proved who they are.
    pub strength: Strength,
    /// The practice they act for, when they act as its staff.
    pub organization_id: Option<OrganizationId>,
    /// The patient on whose behalf they act, when that is not themselves.
    pub on_behalf_of: Option<PatientId>,
    /// The stated, time-boxed reason by which platform staff act.
    pub access_grant_id: Option<AccessGrantId>,
}

impl Actor {
    /// Somebody acting for themselves.
    pub fn of(claims: &Claims) -> Self {
        Self::Account(Signed::of(claims))
    }

    /// Somebody acting for a patient, who may be themselves.
    pub fn for_patient(claims: &Claims, patient_id: PatientId) -> Self {
        let on_behalf_of = Some(patient_id).filter(|_| claims.patient_id != Some(patient_id));
        Self::Account(Signed { on_behalf_of, ..Signed::of(claims) })
    }

    /// Somebody acting as staff of a practice.
    pub fn for_practice(claims: &Claims, organization_id: OrganizationId) -> Self {
        Self::Account(Signed { organization_id: Some(organization_id), ..Signed::of(claims) })
    }

    /// Platform staff acting by a stated reason.
    pub fn by_grant(claims: &Claims, access_grant_id: AccessGrantId) -> Self {
        Self::Account(Signed { access_grant_id: Some(access_grant_id), ..Signed::of(claims) })
    }

    /// As stored.
    fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Guest(_) => "guest",
            Self::Link(_) | Self::Feed(_) => "link",
            Self::Account(_) => "account",
            Self::System(_) => "system",
        }
    }

    /// Which of the kind, as stored.
    fn id(&self) -> Option<String> {
        match self {
            Self::Anonymous => None,
            Self::Guest(hash) => Some(hex::encode(&hash[..8])),
            Self::Link(booking) => Some(booking.to_string()),
            Self::Feed(feed) => Some(feed.to_string()),
            Self::Account(signed) => Some(signed.account_id.to_string()),
            Self::System(job) => Some((*job).to_owned()),
        }
    }

    fn signed(&self) -> Option<&Signed> {
        match self {
            Self::Account(signed) => Some(signed),
            Self::Anonymous | Self::Guest(_) | Self::Link(_) | Self::Feed(_) | Self::System(_) => None,
        }
    }
}

impl Signed {
    fn of(claims: &Claims) -> Self {
        Self {
            account_id: claims.account_id,
            session_id: claims.session_id,
            strength: claims.strength,
            organization_id: None,
            on_behalf_of: None,
            access_grant_id: None,
        }
    }
}

/// What was touched.
#[derive(Clone, Copy, Debug)]
pub struct Resource {
    /// The kind of thing: `booking`.
    pub kind: &'static str,
    /// Which; nil where there is only one, such as a route.
    pub id: Uuid,
}

impl Resource {
    /// A route that somebody was refused, whatever it would have led to.
    pub const ROUTE: Self = Self { kind: "route", id: Uuid::nil() };
}

macro_rules! resources {
    ($($id:ident => $kind:literal,)*) => {$(
        impl From<$id> for Resource {
            fn from(id: $id) -> Self {
                Self { kind: $kind, id: id.0 }
            }
        }
    )*};
}

resources! {
    AccessGrantId => "access_grant",
    AccountId => "account",
    BookingId => "booking",
    BreachIncidentId => "breach_incident",
    CalendarFeedId => "calendar_feed",
    DelegationId => "delegation",
    ErasureId => "erasure",
    InvitationId => "invitation",
    OrganizationId => "organization",
    PatientId => "patient",
    SessionId => "session",
}

/// What somebody's data was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making, moving or cancelling an appointment.
    Booking,
    /// Giving care.
    Care,
    /// Settling what is owed.
    Payment,
    /// Signing in and keeping an account safe.
    Account,
    /// A person looking at or changing what is theirs.
    OwnRecord,
    /// Running a practice.
    Practice,
    /// Helping somebody, by a stated reason.
    Support,
    /// Running the platform.
    Administration,
}

impl Purpose {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Care => "care",
            Self::Payment => "payment",
            Self::Account => "account",
            Self::OwnRecord => "own_record",
            Self::Practice => "practice",
            Self::Support => "support",
            Self::Administration => "administration",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Allowed,
    /// Refused.
    Denied,
}

impl Outcome {
    /// As stored.
    fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        }
    }
}

/// One act.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub actor: Actor,
    /// The operation's name, such as `confirm_hold`.
    pub action: &'static str,
    /// What was touched.
    pub resource: Resource,
    /// Whose record it is, when that is a patient with an account or a carer; guests are known by their booking.
    pub whose: Option<PatientId>,
    /// What for.
    pub purpose: Purpose,
    /// How it ended.
    pub outcome: Outcome,
}

/// The receipt of an entry: nobody can make one but [`record`] and [`record_all`]. [`crate::Disclosed`] asks for it.
#[derive(Debug)]
pub struct Recorded(());

/// An entry could not be written or committed. It travels as [`sqlx::Error`], which is what those who write entries
/// return, and at the edge [`crate::Reject`] makes a 503 of it.
#[derive(Debug, thiserror::Error)]
#[error("an audit entry could not be kept")]
pub struct NotRecorded(#[source] pub(crate) sqlx::Error);

impl NotRecorded {
    /// The failure that such an error carries.
    pub(crate) fn within(error: &sqlx::Error) -> Option<&Self> {
        match error {
            // Nothing of ours uses sqlx's driver for any database, whose errors have room for those of others.
            sqlx::Error::AnyDriverError(carried) => carried.downcast_ref(),
            _ => None,
        }
    }
}

impl From<NotRecorded> for sqlx::Error {
    fn from(failure: NotRecorded) -> Self {
        Self::AnyDriverError(Box::new(failure))
    }
}

/// Writes the entry. When this fails, so must the act: its transaction is not to be committed.
///
/// # Errors
/// [`NotRecorded`] when the row cannot be written.
pub async fn record(conn: &mut PgConnection, core: &Core, entry: Entry) -> sqlx::Result<Recorded> {
    list::write(conn, core, &[entry]).await
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Password => "password",
        Strength::PasswordAndCode => "password_and_code",
        Strength::Passkey => "passkey",
    }
}
