//! Ids of free slots. A free time is stored nowhere, so its id says all that is needed to find it again.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use shared_types::{AppointmentTypeId, PractitionerRoleId};
use uuid::Uuid;

/// A start of one appointment type with one role: `{role}.{type}.{start}`, each a number of base 36, since an id of FHIR has
/// at most 64 letters, digits, dots and hyphens. They sort by their starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlotId {
    pub start: Timestamp,
    pub practitioner_role_id: PractitionerRoleId,
    pub appointment_type_id: AppointmentTypeId,
}

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No time before 1970 is ever free.
        let start = u128::try_from(self.start.as_second()).unwrap_or_default();
        let numbers = [self.practitioner_role_id.0.as_u128(), self.appointment_type_id.0.as_u128(), start];
        f.write_str(&numbers.map(base36).join("."))
    }
}

/// It is no id of a slot as we write them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no id of a slot")]
pub struct NotASlot;

impl FromStr for SlotId {
    type Err = NotASlot;

    fn from_str(text: &str) -> Result<Self, NotASlot> {
        let mut numbers = text.split('.').map(|digits| u128::from_str_radix(digits, 36));
        let mut next = || numbers.next().and_then(Result::ok).ok_or(NotASlot);
        let (role, of, start) = (next()?, next()?, next()?);
        let start = i64::try_from(start).map_err(|_| NotASlot)?;
        let id = Self {
            start: Timestamp::from_second(start).map_err(|_| NotASlot)?,
            practitioner_role_id: Uuid::from_u128(role).into(),
            appointment_type_id: Uuid::from_u128(of).into(),
        };
        // One slot has one id: no capitals, no leading zeros, nothing behind.
        if id.to_string() == text { Ok(id) } else { Err(NotASlot) }
    }
}

fn base36(mut number: u128) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36));
        digits.extend(digit);
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::SlotId;

    fn id(role: u128, of: u128, start: i64) -> SlotId {
        SlotId {
            start: Timestamp::from_second(start).unwrap(),
            practitioner_role_id: Uuid::from_u128(role).into(),
            appointment_type_id: Uuid::from_u128(of).into(),
        }
    }

    #[test]
    fn an_id_reads_back_and_is_one_of_fhir() {
        for id in [id(0, 0, 0), id(17, 33, 1_795_388_400), id(u128::MAX, u128::MAX, 253_402_207_200)] {
            let text = id.to_string();
            assert!(text.len() <= 64, "{text}");
            assert!(text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.'), "{text}");
            assert_eq!(text.parse::<SlotId>(), Ok(id), "{text}");
        }
        assert_eq!(id(17, 33, 1_795_388_400).to_string(), "h.x.toxek0");
    }

    #[test]
    fn what_is_no_id_of_ours_is_refused() {
        for text in
            ["", "h", "h.x", "h.x.", "H.x.1", "0h.x.1", "h.x.1.1", "h.x.-1", "h.x.+1", "h.x.zzzzzzzzzzzz"]
        {
            assert!(text.parse::<SlotId>().is_err(), "{text}");
        }
        assert!(format!("{}.x.1", "z".repeat(26)).parse::<SlotId>().is_err());
    }

    #[test]
    fn ids_sort_by_their_starts() {
        assert!(id(9, 9, 1) < id(1, 1, 2));
    }
}
