//! What a patient and a practice tell each other, as the server keeps it: sealed.
//!
//! Bytes are base64url without padding; what they hold is the crate `sealing`'s. The server checks an envelope's
//! signature, its epoch, its version and its recipients, and can read nothing else of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DirectoryEntry, KeyLogHead};
use crate::{
    AccountId, BookingId, NoteId, OrganizationId, PatientId,
    bookings::ConsentGiven,
    personal::{Personal, PersonalData},
};

/// What bookings signs for the holder of a held time (kind [`NoteTicket::KIND`]): users takes envelopes on it before it
/// has heard of the booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteTicket {
    /// Which booking.
    pub booking_id: BookingId,
    /// The practice it is with.
    pub organization_id: OrganizationId,
    /// Who is signed in; none for a guest.
    pub account_id: Option<AccountId>,
    /// For whom, once that is known.
    pub patient_id: Option<PatientId>,
    /// When the appointment starts.
    pub start: Timestamp,
}

impl NoteTicket {
    /// The ticket's kind.
    pub const KIND: &str = "note";
}

/// `POST /api/v1/users/notes`: a note for a booking that is being made, on bookings' word.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutNote {
    /// From the hold.
    pub ticket: Personal<String>,
    /// The notice `intake-collection` as it was read and agreed to.
    pub consent: ConsentGiven,
    /// The sealed note.
    pub envelope: String,
}

/// `POST …/bookings/{booking_id}/notes`: a further note, or a new version, from either side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddNote {
    /// The sealed note.
    pub envelope: String,
}

/// A note was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoteKept {
    /// Which.
    pub note_id: NoteId,
    /// In which version.
    pub version: u32,
}

/// Who wrote a note, as the server knows it; the reader checks it by the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum NoteAuthor {
    /// A browser without an account, for the booking that it made.
    Guest,
    /// Somebody on the patient's side.
    Patient {
        /// Who.
        account_id: AccountId,
    },
    /// A member of the practice's staff.
    Practice {
        /// Who.
        account_id: AccountId,
    },
}

/// One note in its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedNote {
    /// Which.
    pub note_id: NoteId,
    /// From 1.
    pub version: u32,
    /// The practice's epoch it is sealed to.
    pub epoch: u32,
    /// Who wrote it.
    pub author: NoteAuthor,
    /// When it came.
    pub created_at: Timestamp,
    /// The size with its padding, in bytes: all that the server sees of its length.
    pub padded_bytes: u64,
    /// The envelope.
    pub envelope: String,
}

/// Everything said about one booking, with all that is needed to open and to answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BookingNotes {
    /// Which booking.
    pub booking_id: BookingId,
    /// The practice it is with.
    pub organization_id: OrganizationId,
    /// The practice's epoch when the booking was made: no note of an earlier one is believed.
    pub minimum_epoch: u32,
    /// The log.
    pub head: KeyLogHead,
    /// The practice's leaf of each epoch from then on, the newest last.
    pub epochs: Vec<DirectoryEntry>,
    /// Every leaf of each account on the patient's side, now or when one of the notes was sealed, an account's newest last;
    /// none where a guest has booked.
    pub patients: Vec<DirectoryEntry>,
    /// Those of these accounts that may read now: a new note is sealed to the newest keys of each, and to the writer's own
    /// unless they write for the practice. Somebody whose leave has ended is among `patients` only, for what they wrote
    /// or were sent.
    #[serde(default)]
    pub seal_to: Vec<AccountId>,
    /// Certificates of the staff who wrote.
    pub certificates: Vec<String>,
    /// The mailbox keys of these epochs, sealed to the member of staff who asks; empty for the patient's side.
    pub grants: Vec<String>,
    /// The notes, the earliest first.
    pub items: Vec<SealedNote>,
}

impl PersonalData for BookingNotes {}

/// A booking that has notes, in a practice's inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BookingWithNotes {
    /// Which booking.
    pub booking_id: BookingId,
    /// When the appointment starts.
    pub start: Timestamp,
    /// How many notes there are.
    pub notes: u32,
    /// When the newest came.
    pub newest_at: Timestamp,
    /// Whether the newest is the patient's and nobody of the practice has opened the booking's notes since.
    pub unread: bool,
}

impl PersonalData for BookingWithNotes {}
