//! Ids and identifiers. Ids look like UUIDs of version 7; their time is a count near zero, the first weeks of 1970,
//! so that demo data can be told from everything else by its ids and sorts before it. Identifiers have right check
//! digits and are spread over their range by a multiplication that hits each number once.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use shared_types::identifiers::{Abn, AhpraNumber, HpiI, HpiO, MedicareProviderNumber};
use uuid::{Builder, Uuid};

/// The most roles of one practice.
pub(crate) const MOST_ROLES: usize = 12;

/// Every demo id is below this one, every other id of version 7 is not.
pub const FIRST_REAL_ID: Uuid = Uuid::from_u128(1 << 112);

/// Whether an id was made by a plan.
pub fn is_demo(id: Uuid) -> bool {
    id < FIRST_REAL_ID
}

/// An id of one neighbourhood. Later neighbourhoods have later ids, so that indexes grow at their end.
pub(crate) fn id(rng: &mut ChaCha8Rng, neighbourhood: u64) -> Uuid {
    let mut random = [0; 10];
    rng.fill_bytes(&mut random);
    Builder::from_unix_timestamp_millis(neighbourhood, &random).into_uuid()
}

/// The number of somebody among all practitioners there could be, or of a role among all roles.
pub(crate) fn count(neighbourhood: u64, nth: usize) -> u64 {
    neighbourhood * (2 * MOST_ROLES as u64) + nth as u64
}

/// A short tag for the end of a slug: `4f2`.
pub(crate) fn tag(mut count: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    loop {
        text.push(char::from(DIGITS[(count % 36) as usize]));
        count /= 36;
        if count == 0 {
            return text.into_iter().rev().collect();
        }
    }
}

pub(crate) fn hpi_i(practitioner: u64) -> HpiI {
    HpiI::from_body(spread(practitioner, NINE_DIGITS) as u32).expect("the body has nine digits")
}

pub(crate) fn hpi_o(practice: u64) -> HpiO {
    HpiO::from_body(spread(practice, NINE_DIGITS) as u32).expect("the body has nine digits")
}

pub(crate) fn abn(practice: u64) -> Abn {
    Abn::from_body(spread(practice, NINE_DIGITS) as u32).expect("the body has nine digits")
}

/// `None` when the prefix is not three letters.
pub(crate) fn ahpra(prefix: &str, practitioner: u64) -> Option<AhpraNumber> {
    AhpraNumber::from_parts(prefix, spread(practitioner, SEVEN_DIGITS))
}

/// The number of a practitioner at the first or second place they work at. The stem is the person's. `None` past
/// five million practitioners, where the stems and places end.
pub(crate) fn provider_number(practitioner: u64, place: usize) -> Option<MedicareProviderNumber> {
    let stem = spread(practitioner % SIX_DIGITS, SIX_DIGITS) as u32;
    // Place zero is unusual, so counting starts at one; six places for each time round the stems.
    let place_index = 1 + (practitioner / SIX_DIGITS) as usize * 6 + place;
    MedicareProviderNumber::from_stem(stem, place_index)
}

const SIX_DIGITS: u64 = 1_000_000;
const SEVEN_DIGITS: u64 = 10_000_000;
const NINE_DIGITS: u64 = 1_000_000_000;

/// Another number below `range`, a different one for each below `range`: the factor shares no divisor with ten.
fn spread(count: u64, range: u64) -> u64 {
    (count * 736_338_717 + 123_456_789) % range
}
