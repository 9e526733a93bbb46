//! Where mail servers report to what became of a letter that they took: an address of its own for each try of a letter, as the sender on
//! its envelope (a variable envelope return path). It says which letter, and that it is ours: `bounce+<message id>.<mac>@<domain>`. There
//! is no room for the number of the try, which the MAC is made with instead.
//! Whoever carries the letter, or gets it, can read the address, and can report on that letter and on no other.

use anyhow::Context as _;
use hmac::{Hmac, Mac as _};
use lettre::{Address, address::AddressError};
use sha2::Sha256;
use shared_types::MessageId;
use uuid::Uuid;

use super::push_key::PushKey;

/// How many bytes the MAC is cut to. What stands before `@` has 64 letters at most (RFC 5321, 4.5.3.1.1), and RFC 2104 asks for 80 bits.
const LENGTH: usize = 10;
/// How often a letter is tried at most, by far.
const TRIES: i32 = 99;
/// What the key is for, so that it is no other's.
const PURPOSE: &str = "notifications: address for reports on a letter";

/// The address that all of them are made from, and the key that they are known by.
#[derive(Clone)]
pub struct BounceAddress {
    base: Address,
    key: [u8; 32],
}

impl BounceAddress {
    /// `base` is one whose server delivers what is written to it with anything behind a `+` as well.
    ///
    /// # Errors
    /// When the name before the `@` has more than ten letters.
    pub fn new(base: Address, key: &PushKey) -> anyhow::Result<Self> {
        let bounces = Self { base, key: key.derived(PURPOSE) };
        let longest = bounces.of(Uuid::nil().into(), 1);
        longest.context(
            "HELLOMAPPER_MAIL_BOUNCE_ADDRESS should have no more than ten letters before the @, as bounce@example.org",
        )?;
        Ok(bounces)
    }

    /// That of one letter at that try, from 1.
    ///
    /// # Errors
    /// Never, once [`BounceAddress::new`] made one.
    pub fn of(&self, message_id: MessageId, attempt: i32) -> Result<Address, AddressError> {
        let mac = self.signed(message_id, Some(attempt)).finalize().into_bytes();
        let digits: String = mac.iter().take(LENGTH).map(|byte| format!("{byte:02x}")).collect();
        let user = format!("{}+{}.{digits}", self.base.user(), message_id.0.simple());
        Address::new(user, self.base.domain())
    }

    /// The letter whose address that is, and at which try; none of what we did not make. Those that were sent before addresses told their
    /// tries apart have none. Mail servers may write an address in other letters, great or small. The MAC is compared in a time that says
    /// nothing of where it differs.
    pub fn read(&self, recipient: &str) -> Option<(MessageId, Option<i32>)> {
        let recipient = recipient.trim().trim_matches(['<', '>']).to_ascii_lowercase();
        let (user, _) = recipient.rsplit_once('@')?;
        let user = user.strip_prefix(&self.base.user().to_ascii_lowercase())?.strip_prefix('+')?;
        let (id, digits) = user.split_once('.')?;
        let message_id = MessageId::from(Uuid::try_parse(id).ok()?);
        let given = bytes(digits)?;
        let is_of =
            |attempt: &Option<i32>| self.signed(message_id, *attempt).verify_truncated_left(&given).is_ok();
        let attempt = (1..=TRIES).map(Some).chain([None]).find(is_of)?;
        Some((message_id, attempt))
    }

    fn signed(&self, message_id: MessageId, attempt: Option<i32>) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes keys of any length");
        mac.update(message_id.0.as_bytes());
        if let Some(attempt) = attempt {
            mac.update(&attempt.to_be_bytes());
        }
        mac
    }
}

/// As many as there have to be, of their hexadecimal digits.
fn bytes(digits: &str) -> Option<[u8; LENGTH]> {
    let is_whole = digits.len() == 2 * LENGTH && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut bytes = [0; LENGTH];
    for (index, byte) in bytes.iter_mut().enumerate().filter(|_| is_whole) {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    is_whole.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{BounceAddress, PushKey};

    fn bounces(base: &str, key: u8) -> anyhow::Result<BounceAddress> {
        BounceAddress::new(base.parse().unwrap(), &PushKey::from_secret(&[key; 32]).unwrap())
    }

    #[test]
    fn an_address_names_its_letter_and_its_try_and_no_other_is_believed() {
        let ours = bounces("Bounce@example.org", 1).unwrap();
        let letter = Uuid::from_u128(7).into();
        let address = ours.of(letter, 2).unwrap().to_string();
        assert!(address.starts_with("Bounce+00000000000000000000000000000007."), "{address}");
        assert!(address.ends_with("@example.org") && address.len() == 6 + 1 + 32 + 1 + 20 + 12, "{address}");
        for written in [address.clone(), address.to_uppercase(), format!("<{address}>")] {
            assert_eq!(ours.read(&written), Some((letter, Some(2))), "{written}");
        }
        assert_ne!(ours.of(letter, 3).unwrap().to_string(), address);
        let (user, domain) = address.rsplit_once('@').unwrap();
        let last = if user.ends_with('0') { '1' } else { '0' };
        for forged in [
            address.replace("7.", "8."),
            format!("{}{last}@{domain}", &user[..user.len() - 1]),
            format!("{}@{domain}", &user[..user.len() - 2]),
            format!("{}@{domain}", &user[..user.len() - 20]),
            format!("{user}00@{domain}"),
            bounces("bounce@example.org", 2).unwrap().of(letter, 2).unwrap().to_string(),
            "bounce@example.org".to_owned(),
            "bounce+@example.org".to_owned(),
            String::new(),
        ] {
            assert_eq!(ours.read(&forged), None, "{forged}");
        }
    }

    #[test]
    fn a_name_that_leaves_no_room_is_refused() {
        assert!(bounces("0123456789@example.org", 1).is_ok());
        assert!(bounces("0123456789a@example.org", 1).is_err());
    }
}
