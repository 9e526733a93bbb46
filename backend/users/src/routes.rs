//! Every path and method of the service.

mod access_grants;
mod accounts;
mod address_tickets;
mod begin_epoch;
mod booking_notes;
mod change_email;
mod change_password;
mod claim_tickets;
mod create_account;
mod create_passkey;
mod delegations;
mod dependants;
mod directory;
mod erasure;
mod export_record;
mod find_consent_text;
mod find_me;
mod find_patient_by_grant;
mod give_keys;
mod invitations;
mod list_breached_passwords;
mod mailbox;
mod own_record;
mod passkeys;
mod password_reset;
mod patient;
mod people;
mod platform;
mod practice_notes;
mod put_identity;
mod put_note;
mod put_wrapped_keys;
mod recovery_codes;
mod refresh_session;
mod sealed;
mod session_list;
mod sign_in;
mod sign_in_with_code;
mod sign_in_with_passkey;
mod sign_out;
mod staff;
mod start_sign_in;
mod totp;
mod verify_email;

use axum::{Router, http::Method};
use kernel::{Policy, Routes, audit::trail, export, routes::Route};

use crate::state::State;

/// The router and the same routes as data.
pub fn routes(state: State) -> (Router, Vec<Route>) {
    let routes = Routes::new("users", &state.core).route(
        Method::GET,
        "/api/v1/users/consent-texts/{text}",
        "find_consent_text",
        Policy::Public,
        find_consent_text::find_consent_text,
    );
    let routes = routes.route(
        Method::GET,
        "/api/v1/users/me/audit",
        trail::OPERATION,
        Policy::Account,
        trail::list_audit_trail(&state.core),
    );
    let routes = routes.route(
        Method::GET,
        "/api/v1/users/me/export",
        export::OPERATION,
        Policy::Account,
        export_record::export_record,
    );
    people::add(sealed::add(accounts::add(routes)), &state.signer).finish(state)
}
