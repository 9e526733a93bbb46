use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use shared_types::users::{
    ActsFor, Claims, DelegationScope, Membership, PlatformRole, Revoked, StaffRole, Strength,
};
use uuid::Uuid;

use super::{Sessions, TOKEN_LIFETIME, TOKEN_MAX, TokenError, sign};
use crate::{Chance, keys::Signer};

fn now() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn claims() -> Claims {
    Claims {
        session_id: Uuid::from_u128(1).into(),
        account_id: Uuid::from_u128(2).into(),
        patient_id: Some(Uuid::from_u128(3).into()),
        strength: Strength::PasswordAndCode,
        acts_for: vec![ActsFor {
            patient_id: Uuid::from_u128(4).into(),
            scopes: vec![DelegationScope::Appointments],
        }],
        memberships: vec![Membership {
            organization_id: Uuid::from_u128(5).into(),
            roles: vec![StaffRole::Reception],
        }],
        platform: vec![PlatformRole::Support],
        issued_at: now(),
        expires_at: now() + TOKEN_LIFETIME,
    }
}

/// A process that has learned the signer's key and those revocations.
fn knowing(signer: &Signer, revoked: impl IntoIterator<Item = (Revoked, Timestamp)>) -> Sessions {
    let key = URL_SAFE_NO_PAD.decode(signer.published("users").public_key).unwrap().try_into().unwrap();
    let sessions = Sessions::default();
    *sessions.0.write().unwrap() = super::Known {
        keys: HashMap::from([(signer.kid().to_owned(), key)]),
        revoked: revoked.into_iter().collect(),
    };
    sessions
}

#[test]
fn a_token_says_what_was_signed_until_it_ends() {
    let signer = Signer::generate(&Chance::seeded(1));
    let sessions = knowing(&signer, []);
    let token = sign(&signer, &claims());
    assert_eq!(sessions.verify(&token, now()), Ok(claims()));
    let last = now() + TOKEN_LIFETIME - SignedDuration::from_millis(1);
    assert!(sessions.verify(&token, last).is_ok());
    assert_eq!(sessions.verify(&token, now() + TOKEN_LIFETIME), Err(TokenError::Expired));
}

#[test]
fn without_keys_nobody_is_believed_and_nobody_is_called_a_forger() {
    let signer = Signer::generate(&Chance::seeded(1));
    assert_eq!(Sessions::default().verify(&sign(&signer, &claims()), now()), Err(TokenError::NoKeys));
}

#[test]
fn a_changed_token_another_key_and_another_algorithm_are_refused() {
    let signer = Signer::generate(&Chance::seeded(1));
    let sessions = knowing(&signer, []);
    let token = sign(&signer, &claims());
    let stranger = sign(&Signer::generate(&Chance::seeded(2)), &claims());
    assert_eq!(sessions.verify(&stranger, now()), Err(TokenError::Forged));
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        // The last character of base64url may carry unused bits, which the decoder refuses as well.
        assert_eq!(sessions.verify(&changed, now()), Err(TokenError::Forged), "character {at}");
    }
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (_, body) = signed.split_once('.').unwrap();
    for header in
        [r#"{"alg":"none","typ":"hm-session+jwt","kid":"x"}"#, r#"{"alg":"EdDSA","typ":"JWT","kid":"x"}"#]
    {
        let forged = format!("{}.{body}.{signature}", URL_SAFE_NO_PAD.encode(header));
        assert_eq!(sessions.verify(&forged, now()), Err(TokenError::Forged), "{header}");
    }
    for garbage in ["", ".", "..", "a.b.c", &token[..token.len() - 1]] {
        assert_eq!(sessions.verify(garbage, now()), Err(TokenError::Forged), "{garbage:?}");
    }
}

#[test]
fn a_revocation_kills_what_was_issued_until_then_and_nothing_after() {
    let signer = Signer::generate(&Chance::seeded(1));
    let token = sign(&signer, &claims());
    let second = SignedDuration::from_secs(1);
    for of in [Revoked::Session(claims().session_id), Revoked::Account(claims().account_id)] {
        let dead = knowing(&signer, [(of, now())]);
        assert_eq!(dead.verify(&token, now()), Err(TokenError::Revoked));
        let alive = knowing(&signer, [(of, now() - second)]);
        assert!(alive.verify(&token, now()).is_ok());
    }
    let other = knowing(&signer, [(Revoked::Account(Uuid::from_u128(9).into()), now())]);
    assert!(other.verify(&token, now()).is_ok());
}

#[test]
fn a_token_with_fifteen_practices_fits_a_cookie() {
    let signer = Signer::generate(&Chance::seeded(1));
    let mut claims = claims();
    claims.memberships = (0..15)
        .map(|n| Membership { organization_id: Uuid::from_u128(n).into(), roles: vec![StaffRole::Reception] })
        .collect();
    assert!(sign(&signer, &claims).len() <= TOKEN_MAX);
}
