//! The paths about accounts, signing in, and what proves who somebody is.

use axum::http::Method;
use kernel::{
    Policy::{Account, Public},
    Routes,
};

use super::{
    change_email, change_password, create_account, create_passkey, erasure, find_me, list_breached_passwords,
    passkeys, password_reset, put_wrapped_keys, recovery_codes, refresh_session, session_list, sign_in,
    sign_in_with_code, sign_in_with_passkey, sign_out, start_sign_in, totp, verify_email,
};
use crate::state::State;

/// Adds them. `Account` routes are about the caller's own account only.
pub fn add(routes: Routes<State>) -> Routes<State> {
    add_erasure(add_own(add_proofs(add_ways_in(routes))))
}

fn add_ways_in(routes: Routes<State>) -> Routes<State> {
    let post = Method::POST;
    routes
        .route(
            Method::GET,
            "/api/v1/users/breached-passwords/{prefix}",
            "list_breached_passwords",
            Public,
            list_breached_passwords::list_breached_passwords,
        )
        .route(
            post.clone(),
            "/api/v1/users/accounts",
            "create_account",
            Public,
            create_account::create_account,
        )
        .route(post.clone(), "/api/v1/users/email/verify", "verify_email", Public, verify_email::verify_email)
        .route(
            post.clone(),
            "/api/v1/users/sign-in/start",
            "start_sign_in",
            Public,
            start_sign_in::start_sign_in,
        )
        .route(post.clone(), "/api/v1/users/sign-in", "sign_in", Public, sign_in::sign_in)
        .route(
            post.clone(),
            "/api/v1/users/sign-in/code",
            "sign_in_with_code",
            Public,
            sign_in_with_code::sign_in_with_code,
        )
        .route(
            post.clone(),
            "/api/v1/users/sign-in/passkey/start",
            "start_passkey_sign_in",
            Public,
            sign_in_with_passkey::start_passkey_sign_in,
        )
        .route(
            post.clone(),
            "/api/v1/users/sign-in/passkey",
            "sign_in_with_passkey",
            Public,
            sign_in_with_passkey::sign_in_with_passkey,
        )
        .route(
            post.clone(),
            "/api/v1/users/refresh",
            "refresh_session",
            Public,
            refresh_session::refresh_session,
        )
        .route(
            post.clone(),
            "/api/v1/users/password/reset/start",
            "start_password_reset",
            Public,
            password_reset::start_password_reset,
        )
        .route(post, "/api/v1/users/password/reset", "reset_password", Public, password_reset::reset_password)
}

fn add_proofs(routes: Routes<State>) -> Routes<State> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    routes
        .route(
            post.clone(),
            "/api/v1/users/passkeys/start",
            "start_passkey",
            Account,
            create_passkey::start_passkey,
        )
        .route(
            post.clone(),
            "/api/v1/users/passkeys",
            "create_passkey",
            Account,
            create_passkey::create_passkey,
        )
        .route(get, "/api/v1/users/passkeys", "list_passkeys", Account, passkeys::list_passkeys)
        .route(
            delete.clone(),
            "/api/v1/users/passkeys/{passkey_id}",
            "delete_passkey",
            Account,
            passkeys::delete_passkey,
        )
        .route(post.clone(), "/api/v1/users/totp/start", "start_totp", Account, totp::start_totp)
        .route(post.clone(), "/api/v1/users/totp/confirm", "confirm_totp", Account, totp::confirm_totp)
        .route(delete, "/api/v1/users/totp", "delete_totp", Account, totp::delete_totp)
        .route(
            post.clone(),
            "/api/v1/users/recovery-codes",
            "create_recovery_codes",
            Account,
            recovery_codes::create_recovery_codes,
        )
        .route(
            post.clone(),
            "/api/v1/users/password/change",
            "change_password",
            Account,
            change_password::change_password,
        )
        .route(post, "/api/v1/users/email/change", "change_email", Account, change_email::change_email)
}

fn add_own(routes: Routes<State>) -> Routes<State> {
    routes
        .route(Method::GET, "/api/v1/users/me", "find_me", Account, find_me::find_me)
        .route(Method::GET, "/api/v1/users/sessions", "list_sessions", Account, session_list::list_sessions)
        .route(
            Method::DELETE,
            "/api/v1/users/sessions/{session_id}",
            "delete_session",
            Account,
            session_list::delete_session,
        )
        .route(Method::POST, "/api/v1/users/sign-out", "sign_out", Account, sign_out::sign_out)
        .route(
            Method::POST,
            "/api/v1/users/sign-out-everywhere",
            "sign_out_everywhere",
            Account,
            sign_out::sign_out_everywhere,
        )
        .route(
            Method::PUT,
            "/api/v1/users/wrapped-keys",
            "put_wrapped_keys",
            Account,
            put_wrapped_keys::put_wrapped_keys,
        )
}

fn add_erasure(routes: Routes<State>) -> Routes<State> {
    const ERASURE: &str = "/api/v1/users/me/erasure";
    routes
        .route(Method::GET, ERASURE, "plan_erasure", Account, erasure::plan_erasure)
        .route(Method::POST, ERASURE, "ask_erasure", Account, erasure::ask_erasure)
        // Who has the receipt may: there is no session any more.
        .route(Method::POST, "/api/v1/users/erasures/find", "find_erasure", Public, erasure::find_erasure)
}
