//! Medicare provider numbers: who gives a service, and where.

/// The characters for a practice's location, in the order of their values. There is no I, O, S or Z.
const LOCATIONS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUVWXY";
/// The check letters, in the order of the remainders.
const CHECKS: &[u8] = b"YXWTLKJHFBA";
/// Weights of the six digits; the location's value weighs six. (Services Australia's algorithm as vendors publish it, read
/// 2026-11-22.)
const WEIGHTS: [usize; 6] = [3, 5, 8, 4, 2, 1];

/// Reads a number: six digits, a character for the location, a check letter that matches. Spaces are allowed, and fewer digits are
/// filled with zeros from the left. `None` for what is none.
pub fn read(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if !bare.is_ascii() || !(3..=8).contains(&bare.len()) {
        return None;
    }
    let number = format!("{bare:0>8}");
    let (stem, end) = number.as_bytes().split_at(6);
    if !stem.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: usize = stem.iter().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    let location = LOCATIONS.iter().position(|known| *known == end[0])?;
    let matches = CHECKS[(sum + 6 * location) % 11] == end[1];
    matches.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Published samples (compliance notes, 2.2).
    #[test]
    fn the_check_letter_has_to_match() {
        for number in ["2447781L", "988939BJ", "2433411Y", "4024742F"] {
            assert_eq!(read(number).as_deref(), Some(number), "{number}");
        }
        assert_eq!(read(" 244 7781l").as_deref(), Some("2447781L"));
        for wrong in ["2447781K", "988939BK", "", "L", "244778IL", "2447781LL", "24x7781L", "٢447781L"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
