//! How many parts a text message is sent, and paid, as: 3GPP TS 23.038 (alphabets) and 23.040 (joined parts), read
//! 2026-11-26.

/// What one part carries in the default alphabet, alone and joined to others.
const SEPTETS: (usize, usize) = (160, 153);
/// The same in UCS-2, where one letter outside the default alphabet puts the whole message.
const UNITS: (usize, usize) = (70, 67);
/// The default alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension: two septets each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many parts a text is; none for an empty one.
pub fn parts(text: &str) -> usize {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    match septets {
        Some(lengths) => joined(&lengths, SEPTETS),
        None => joined(&text.chars().map(char::len_utf16).collect::<Vec<_>>(), UNITS),
    }
}

fn septets(letter: char) -> Option<usize> {
    if BASIC.contains(letter) {
        Some(1)
    } else if EXTENDED.contains(letter) {
        Some(2)
    } else {
        None
    }
}

/// A letter of two is never split between parts.
fn joined(lengths: &[usize], (alone, with_others): (usize, usize)) -> usize {
    let whole: usize = lengths.iter().sum();
    if whole == 0 {
        return 0;
    }
    if whole <= alone {
        return 1;
    }
    let (mut parts, mut used) = (1, 0);
    for length in lengths {
        if used + length > with_others {
            parts += 1;
            used = 0;
        }
        used += length;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn the_default_alphabet_has_160_letters_in_one_part_and_153_in_each_of_several() {
        for (length, expected) in [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            assert_eq!(parts(&"a".repeat(length)), expected, "{length}");
        }
        assert_eq!(parts(&"€".repeat(80)), 1);
        assert_eq!(parts(&"€".repeat(81)), 2);
        // A letter of two that does not fit begins the next part.
        assert_eq!(parts(&format!("{}€{}", "a".repeat(152), "a".repeat(152))), 3);
    }

    #[test]
    fn one_other_letter_makes_parts_of_70_and_67() {
        for (length, expected) in [(69, 1), (70, 2), (133, 2), (134, 3)] {
            assert_eq!(parts(&format!("阮{}", "a".repeat(length))), expected, "{length}");
        }
        // Outside the basic plane a letter is two units.
        assert_eq!(parts(&"😀".repeat(35)), 1);
        assert_eq!(parts(&"😀".repeat(36)), 2);
    }
}
