//! The processor's signature on what it tells: HMAC-SHA-256 over the time, a dot and the raw bytes, in hexadecimal, in a header
//! `t=…,v1=…`. While a secret is replaced both are sent as two `v1`, and either is believed.
//! (<https://docs.stripe.com/webhooks/signature>, read 2026-11-22.)

use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// How far the signature's time may be from ours: what is older was recorded and sent again.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Why something is not believed to be the processor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// The header is not one.
    #[error("the signature header cannot be read")]
    Malformed,
    /// Its time is too far away.
    #[error("the signature is too old or too new")]
    Stale,
    /// No signature in it is by one of the secrets.
    #[error("the signature is by nobody known")]
    Forged,
}

/// Whether these raw bytes were signed by one of the secrets, about now.
///
/// # Errors
/// Why they are not believed.
pub fn verify(raw: &[u8], header: &str, secrets: &[SecretString], now: Timestamp) -> Result<(), NotSigned> {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let at = parts().find(|(name, _)| *name == "t").and_then(|(_, at)| at.parse::<i64>().ok());
    let at = at.ok_or(NotSigned::Malformed)?;
    let signatures: Vec<Vec<u8>> = parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, signature)| hex::decode(signature).ok())
        .collect();
    if signatures.is_empty() {
        return Err(NotSigned::Malformed);
    }
    if now.as_second().abs_diff(at) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(NotSigned::Stale);
    }
    let is_known = secrets.iter().any(|secret| {
        // The comparison takes the same time wherever the two differ.
        signatures.iter().any(|signature| signed(raw, at, secret).verify_slice(signature).is_ok())
    });
    if is_known { Ok(()) } else { Err(NotSigned::Forged) }
}

/// The header that a secret signs these bytes with.
pub fn header(raw: &[u8], secret: &SecretString, at: Timestamp) -> String {
    let signature = signed(raw, at.as_second(), secret).finalize().into_bytes();
    format!("t={},v1={}", at.as_second(), hex::encode(signature))
}

fn signed(raw: &[u8], at: i64, secret: &SecretString) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("a key of any length will do");
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(raw);
    mac
}

#[cfg(test)]
mod tests {
    use std::slice;

    use jiff::{SignedDuration, Timestamp};
    use secrecy::SecretString;

    use super::{NotSigned, header, verify};

    const RAW: &[u8] = br#"{"id":"evt_1"}"#;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn now() -> Timestamp {
        "2026-11-26T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_one_of_the_secrets_signed_is_believed() {
        let (old, new) = (secret("whsec_old"), secret("whsec_new"));
        let both = [new.clone(), old.clone()];
        for signer in [&old, &new] {
            assert_eq!(verify(RAW, &header(RAW, signer, now()), &both, now()), Ok(()));
        }
        let by_another = header(RAW, &secret("whsec_other"), now());
        assert_eq!(verify(RAW, &by_another, &both, now()), Err(NotSigned::Forged));
        assert_eq!(verify(RAW, &header(RAW, &new, now()), &[], now()), Err(NotSigned::Forged));
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let (old, new) = (secret("whsec_old"), secret("whsec_new"));
        let second = header(RAW, &new, now());
        let both = format!("{},{}", header(RAW, &old, now()), second.split_once(',').unwrap().1);
        assert_eq!(verify(RAW, &both, &[new], now()), Ok(()));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let secret = secret("whsec_1");
        let header = header(RAW, &secret, now());
        for at in 0..RAW.len() {
            let mut changed = RAW.to_vec();
            changed[at] ^= 1;
            assert_eq!(verify(&changed, &header, slice::from_ref(&secret), now()), Err(NotSigned::Forged));
        }
    }

    #[test]
    fn what_was_recorded_is_not_believed_later() {
        let secret = secret("whsec_1");
        let header = header(RAW, &secret, now());
        let verified = |seconds: i64| {
            let at = now() + SignedDuration::from_secs(seconds);
            verify(RAW, &header, slice::from_ref(&secret), at)
        };
        assert_eq!(verified(300), Ok(()));
        assert_eq!(verified(-300), Ok(()));
        assert_eq!(verified(301), Err(NotSigned::Stale));
        assert_eq!(verified(-301), Err(NotSigned::Stale));
    }

    #[test]
    fn a_header_that_is_none_is_refused() {
        for header in ["", "t=", "v1=00", "t=1790000000", "t=1790000000,v0=00", "t=1790000000,v1=zz"] {
            assert_eq!(
                verify(RAW, header, &[secret("whsec_1")], now()),
                Err(NotSigned::Malformed),
                "{header}"
            );
        }
    }
}
