//! The paths about public keys, mailboxes and sealed notes.

use axum::http::Method;
use kernel::{
    Policy::{Account, Practice, Public},
    Routes,
};
use shared_types::users::StaffRole;

use super::{
    begin_epoch, booking_notes, directory, give_keys, mailbox, practice_notes, put_identity, put_note,
};
use crate::{notes::MAX_BODY, state::State};

const NOTES: &str = "/api/v1/users/me/bookings/{booking_id}/notes";
const PRACTICE_NOTES: &str = "/api/v1/users/practices/{organization_id}/bookings/{booking_id}/notes";
/// The largest body with keys for a practice's staff: some thousand, at three hundred bytes each.
const KEYS_BODY: usize = 1024 * 1024;

/// Adds them. Which bookings an `Account` may see is in the table of bookings and the token's delegations.
pub fn add(routes: Routes<State>) -> Routes<State> {
    add_mailbox(add_notes(add_directory(routes)))
}

fn add_directory(routes: Routes<State>) -> Routes<State> {
    routes
        .route(
            Method::GET,
            "/api/v1/users/directory/head",
            "find_key_log_head",
            Public,
            directory::find_key_log_head,
        )
        .route(
            Method::GET,
            "/api/v1/users/directory/practices/{organization_id}",
            "find_practice_keys",
            Public,
            directory::find_practice_keys,
        )
        .route(
            Method::GET,
            "/api/v1/users/directory/accounts/{account_id}",
            "find_account_keys",
            Account,
            directory::find_account_keys,
        )
        .route(Method::PUT, "/api/v1/users/me/identity", "put_identity", Account, put_identity::put_identity)
}

fn add_notes(routes: Routes<State>) -> Routes<State> {
    let readers = Practice(&StaffRole::READERS);
    routes
        // Who holds bookings' ticket may, whoever they are.
        .route_with_limit(
            Method::POST,
            "/api/v1/users/notes",
            "put_note",
            Public,
            MAX_BODY,
            put_note::put_note,
        )
        .route(Method::GET, NOTES, "list_notes", Account, booking_notes::list_notes)
        .route_with_limit(Method::POST, NOTES, "add_note", Account, MAX_BODY, booking_notes::add_note)
        .route(
            Method::GET,
            "/api/v1/users/practices/{organization_id}/notes",
            "list_note_inbox",
            readers,
            practice_notes::list_note_inbox,
        )
        .route(
            Method::GET,
            PRACTICE_NOTES,
            "list_practice_notes",
            readers,
            practice_notes::list_practice_notes,
        )
        .route_with_limit(
            Method::POST,
            PRACTICE_NOTES,
            "add_practice_note",
            readers,
            MAX_BODY,
            practice_notes::add_practice_note,
        )
}

fn add_mailbox(routes: Routes<State>) -> Routes<State> {
    let owners = Practice(&[StaffRole::Owner]);
    routes
        .route(
            Method::GET,
            "/api/v1/users/practices/{organization_id}/mailbox",
            "find_mailbox",
            Practice(&StaffRole::READERS),
            mailbox::find_mailbox,
        )
        .route_with_limit(
            Method::POST,
            "/api/v1/users/practices/{organization_id}/mailbox/epochs",
            "begin_epoch",
            owners,
            KEYS_BODY,
            begin_epoch::begin_epoch,
        )
        .route_with_limit(
            Method::POST,
            "/api/v1/users/practices/{organization_id}/mailbox/grants",
            "give_keys",
            owners,
            KEYS_BODY,
            give_keys::give_keys,
        )
}
