//! Phone numbers as people write them.

/// A phone number as people write it: `(02) 7010 4493`, `0491 570 006`, `1300 975 707`; anything else as it is.
pub fn phone_words(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("61") {
        Some(rest) if number.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    let part = |from: usize, to: usize| national.get(from..to).unwrap_or_default();
    match (national.len(), national.as_bytes()) {
        (10, [b'0', b'4' | b'5', ..]) => format!("{} {} {}", part(0, 4), part(4, 7), part(7, 10)),
        (10, [b'0', b'2' | b'3' | b'7' | b'8', ..]) => {
            format!("({}) {} {}", part(0, 2), part(2, 6), part(6, 10))
        }
        (10, [b'1', b'3' | b'8', ..]) => format!("{} {} {}", part(0, 4), part(4, 7), part(7, 10)),
        (6, [b'1', b'3', ..]) => format!("{} {} {}", part(0, 2), part(2, 4), part(4, 6)),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::phone_words;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (number, words) in [
            ("+61270104493", "(02) 7010 4493"),
            ("0755508297", "(07) 5550 8297"),
            ("+61 491 570 006", "0491 570 006"),
            ("1300975707", "1300 975 707"),
            ("131114", "13 11 14"),
            ("+44 20 7946 0000", "+44 20 7946 0000"),
            ("ask at the desk", "ask at the desk"),
        ] {
            assert_eq!(phone_words(number), words);
        }
    }
}
