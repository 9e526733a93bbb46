//! The sealed part of the users service: published keys, notes and mailboxes. What comes back is checked by the vault
//! before anything of it is believed.
//!
//! `since` is how much of the key log this browser has seen.

use form_urlencoded::Serializer;
use shared_types::{
    AccountId, BookingId, OrganizationId, Problem,
    users::{
        AddNote, BeginEpoch, BookingNotes, GiveKeys, Mailbox, NoteKept, PublishedKeys, PutIdentity, PutNote,
    },
};

use super::{ApiClient, Method, own_record};

/// `Option<PublishedKeys>` of a practice: nothing when it has none.
pub fn get_practice_keys(organization_id: OrganizationId) -> String {
    format!("/api/v1/users/directory/practices/{organization_id}")
}

/// `ConsentText`: what somebody agrees to who tells a practice something beforehand.
pub fn get_intake_consent() -> String {
    super::users::get_consent_text("intake-collection")
}

/// `Page<BookingWithNotes>`: a practice's inbox, the newest first, from where on.
pub fn list_note_inbox(organization_id: OrganizationId, cursor: Option<&str>) -> String {
    let path = format!("/api/v1/users/practices/{organization_id}/notes");
    match cursor {
        None => path,
        Some(cursor) => {
            let query = Serializer::new(String::new()).append_pair("cursor", cursor).finish();
            format!("{path}?{query}")
        }
    }
}

/// A practice's newest keys, if it has any.
///
/// # Errors
/// The service's problem.
pub async fn find_practice_keys(
    client: &ApiClient,
    organization_id: OrganizationId,
    since: Option<u64>,
) -> Result<Option<PublishedKeys>, Problem> {
    client.get(&with_since(get_practice_keys(organization_id), since)).await.read()
}

/// A person's newest keys.
///
/// # Errors
/// `/problems/no-keys`.
pub async fn find_account_keys(
    client: &ApiClient,
    account_id: AccountId,
    since: Option<u64>,
) -> Result<PublishedKeys, Problem> {
    client.get(&with_since(format!("/api/v1/users/directory/accounts/{account_id}"), since)).await.read()
}

/// Publishes one's own keys.
///
/// # Errors
/// `/problems/sign-in-again`, `/problems/invalid`.
pub async fn put_identity(client: &ApiClient, identity: &PutIdentity) -> Result<(), Problem> {
    client.send(Method::Put, "/api/v1/users/me/identity", Some(identity), None).await
}

/// Gives a practice a note with a booking that is being made. The key makes a repeat harmless.
///
/// # Errors
/// `/problems/old-epoch`, `/problems/note-version`, `/problems/invalid`.
pub async fn put_note(client: &ApiClient, note: &PutNote, key: String) -> Result<NoteKept, Problem> {
    client.send(Method::Post, "/api/v1/users/notes", Some(note), Some(key)).await
}

/// Everything said about a booking, for the patient's side.
///
/// # Errors
/// 404.
pub async fn list_notes(
    client: &ApiClient,
    booking_id: BookingId,
    since: Option<u64>,
) -> Result<BookingNotes, Problem> {
    client.get(&own_record::list_notes(booking_id, since)).await.read()
}

/// Adds to it from the patient's side.
///
/// # Errors
/// `/problems/old-epoch`, `/problems/note-version`, `/problems/invalid`, 404.
pub async fn add_note(
    client: &ApiClient,
    booking_id: BookingId,
    note: &AddNote,
) -> Result<NoteKept, Problem> {
    client.send(Method::Post, &own_record::list_notes(booking_id, None), Some(note), None).await
}

/// Everything said about a booking, for the practice's staff.
///
/// # Errors
/// 404, `/problems/not-allowed`, `/problems/stronger-sign-in`.
pub async fn list_practice_notes(
    client: &ApiClient,
    organization_id: OrganizationId,
    booking_id: BookingId,
    since: Option<u64>,
) -> Result<BookingNotes, Problem> {
    client.get(&with_since(practice_notes(organization_id, booking_id), since)).await.read()
}

/// Adds to it from the practice's side.
///
/// # Errors
/// `/problems/old-epoch`, `/problems/note-version`, `/problems/invalid`, 404.
pub async fn add_practice_note(
    client: &ApiClient,
    organization_id: OrganizationId,
    booking_id: BookingId,
    note: &AddNote,
) -> Result<NoteKept, Problem> {
    client.send(Method::Post, &practice_notes(organization_id, booking_id), Some(note), None).await
}

/// A practice's mailbox.
///
/// # Errors
/// 404, `/problems/not-allowed`, `/problems/stronger-sign-in`.
pub async fn find_mailbox(
    client: &ApiClient,
    organization_id: OrganizationId,
    since: Option<u64>,
) -> Result<Mailbox, Problem> {
    client.get(&with_since(mailbox(organization_id), since)).await.read()
}

/// Begins a mailbox's next epoch.
///
/// # Errors
/// `/problems/old-epoch` when somebody else began one, `/problems/last-owner`, `/problems/invalid`.
pub async fn begin_epoch(
    client: &ApiClient,
    organization_id: OrganizationId,
    epoch: &BeginEpoch,
) -> Result<(), Problem> {
    let path = format!("{}/epochs", mailbox(organization_id));
    client.send::<_, serde::de::IgnoredAny>(Method::Post, &path, Some(epoch), None).await.map(drop)
}

/// Gives keys of a mailbox's epochs to members.
///
/// # Errors
/// `/problems/invalid`.
pub async fn give_keys(
    client: &ApiClient,
    organization_id: OrganizationId,
    keys: &GiveKeys,
) -> Result<(), Problem> {
    let path = format!("{}/grants", mailbox(organization_id));
    client.send(Method::Post, &path, Some(keys), None).await
}

fn mailbox(organization_id: OrganizationId) -> String {
    format!("/api/v1/users/practices/{organization_id}/mailbox")
}

fn practice_notes(organization_id: OrganizationId, booking_id: BookingId) -> String {
    format!("/api/v1/users/practices/{organization_id}/bookings/{booking_id}/notes")
}

fn with_since(path: String, since: Option<u64>) -> String {
    match since {
        None => path,
        Some(size) => format!("{path}?since={size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{get_practice_keys, list_note_inbox, with_since};

    #[test]
    fn paths_carry_what_is_known_and_nothing_else() {
        let practice = "00000000-0000-7000-8000-000000000001".parse().unwrap();
        let keys = "/api/v1/users/directory/practices/00000000-0000-7000-8000-000000000001";
        assert_eq!(with_since(get_practice_keys(practice), None), keys);
        assert_eq!(with_since(get_practice_keys(practice), Some(7)), format!("{keys}?since=7"));
        assert!(list_note_inbox(practice, Some("a~b")).ends_with("/notes?cursor=a%7Eb"));
    }
}
