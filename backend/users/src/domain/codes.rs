//! Codes beside a password: six digits of an authenticator app (RFC 6238, read 2026-11-23), and ten codes on paper.

use anyhow::Context as _;
use jiff::Timestamp;
use kernel::{Chance, chance::hash_secret};
use shared_types::personal::Personal;
use totp_rs::{Builder, Secret};

/// Bytes of an app's secret: as many as SHA-1 gives (RFC 4226, section 4).
pub const TOTP_SECRET: usize = 20;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;

/// The step whose code this is, of now, the one before or the one after. Every step's code works once: who calls keeps
/// the step and accepts only later ones.
///
/// # Errors
/// When the secret is none.
pub fn step_of_code(secret: &[u8], code: &str, now: Timestamp) -> anyhow::Result<Option<i64>> {
    let totp = Builder::new()
        .with_secret(Secret::new(secret.into()))
        .build()
        .map_err(|_| anyhow::anyhow!("an authenticator secret has at least 128 bits"))?;
    let seconds = u64::try_from(now.as_second()).context("the clock is before 1970")?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    Ok(totp.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// The secret in base32, and as the URI that apps scan. The address tells accounts apart in the app.
pub fn totp_words(secret: &[u8], email: &str) -> (String, String) {
    let base32 = Secret::new(secret.into()).to_base32();
    let label = percent_encoding::utf8_percent_encode(email, percent_encoding::NON_ALPHANUMERIC);
    let uri = format!("otpauth://totp/HelloMapper:{label}?secret={base32}&issuer=HelloMapper");
    (base32, uri)
}

/// Ten new recovery codes of 64 bits each, and what is kept of them.
pub fn recovery_codes(chance: &Chance) -> (Vec<Personal<String>>, Vec<[u8; 32]>) {
    (0..RECOVERY_CODES)
        .map(|_| {
            let groups: Vec<_> =
                chance.bytes::<8>().chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
            let code = groups.join("-");
            let hash = recovery_code_hash(&code);
            (Personal::new(code), hash)
        })
        .unzip()
}

/// What is kept of a recovery code, however it was typed.
pub fn recovery_code_hash(code: &str) -> [u8; 32] {
    let plain: String =
        code.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()).collect();
    hash_secret(&plain)
}

#[cfg(test)]
mod tests {
    use kernel::Chance;

    use super::{recovery_code_hash, recovery_codes, step_of_code, totp_words};

    const SECRET: &[u8] = b"12345678901234567890";

    /// The eight-digit vectors of RFC 6238, appendix B, end in the six digits that apps show.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code, step) in
            [(59, "287082", 1), (1_111_111_109, "081804", 37_037_036), (1_234_567_890, "005924", 41_152_263)]
        {
            let now = jiff::Timestamp::from_second(seconds).unwrap();
            assert_eq!(step_of_code(SECRET, code, now).unwrap(), Some(step), "{code}");
        }
        let now = jiff::Timestamp::from_second(59).unwrap();
        assert_eq!(step_of_code(SECRET, "287 082", now).unwrap(), Some(1));
        for wrong in ["287083", "", "28708", "abcdef", "2870822"] {
            assert_eq!(step_of_code(SECRET, wrong, now).unwrap(), None, "{wrong}");
        }
        let later = jiff::Timestamp::from_second(59 + 60).unwrap();
        assert_eq!(step_of_code(SECRET, "287082", later).unwrap(), None);
    }

    #[test]
    fn the_uri_names_the_account_and_keeps_its_shape() {
        let (base32, uri) = totp_words(SECRET, "a&b@example.org");
        assert_eq!(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            uri,
            "otpauth://totp/HelloMapper:a%26b%40example%2Eorg?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=HelloMapper"
        );
    }

    #[test]
    fn recovery_codes_are_known_however_they_are_typed() {
        let (codes, hashes) = recovery_codes(&Chance::seeded(1));
        assert_eq!((codes.len(), hashes.len()), (10, 10));
        let code = codes[0].expose();
        assert_eq!(code.len(), 19);
        assert_eq!(recovery_code_hash(&code.to_uppercase().replace('-', " ")), hashes[0]);
        assert_ne!(hashes[0], hashes[1]);
    }
}
