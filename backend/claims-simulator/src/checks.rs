//! Check digits, dates and times. Written from the published algorithms (read 2026-11-22) and not shared with the services, so that
//! a slip in one of the two is seen.

use jiff::{Span, Timestamp, civil::Date, tz::Offset};

/// The ninth digit of a Medicare card by its first eight.
pub fn card_check_digit(body: &str) -> Option<u32> {
    let digits: Vec<u32> = body.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    let [a, b, c, d, e, f, g, h]: [u32; 8] = digits.try_into().ok()?;
    Some((a + 3 * b + 7 * c + 9 * d + e + 3 * f + 7 * g + 9 * h) % 10)
}

/// Ten digits: the first 2 to 6, the ninth a check, the last an issue from 1.
pub fn is_card_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().all(u8::is_ascii_digit)
        && (b'2'..=b'6').contains(&bytes[0])
        && bytes[9] != b'0'
        && card_check_digit(&text[..8]) == Some(u32::from(bytes[8] - b'0'))
}

/// Six digits, a place and a check letter.
pub fn is_provider_number(text: &str) -> bool {
    const PLACES: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUVWXY";
    const LETTERS: &[u8] = b"YXWTLKJHFBA";
    let &[a, b, c, d, e, f, place, letter] = text.as_bytes() else { return false };
    let stem = [a, b, c, d, e, f];
    let Some(place) = PLACES.iter().position(|known| *known == place) else { return false };
    let digit = |byte: u8| usize::from(byte - b'0');
    stem.iter().all(u8::is_ascii_digit) && {
        let sum = 3 * digit(a) + 5 * digit(b) + 8 * digit(c) + 4 * digit(d) + 2 * digit(e) + digit(f);
        LETTERS[(sum + 6 * place) % 11] == letter
    }
}

/// The day in Australia where it begins first, so that nobody's today is tomorrow.
pub fn day(now: Timestamp) -> Date {
    Offset::constant(11).to_datetime(now).date()
}

/// `2026-11-22` and no other way to write it.
pub fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| date.to_string() == text)
}

/// A time with its offset, such as `2026-11-22T10:00:00+11:00`.
pub fn is_instant(text: &str) -> bool {
    let has_offset =
        text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains('+') || rest.contains('-'));
    has_offset && text.parse::<Timestamp>().is_ok()
}

/// `10:30:00`, with or without an offset.
pub fn is_time(text: &str) -> bool {
    let (time, offset) = text.split_at_checked(8).unwrap_or((text, ""));
    let is_offset = offset.is_empty() || offset == "Z" || offset.starts_with(['+', '-']) && offset.len() == 6;
    // The parser of times takes `10:30` as well.
    is_offset && time.len() == 8 && jiff::civil::Time::strptime("%H:%M:%S", time).is_ok()
}

/// The last day on which a service of this day can be lodged: one year, two before 5 September 2025.
pub fn lodge_until(service: Date) -> Date {
    let years = if service < jiff::civil::date(2025, 9, 5) { 2 } else { 1 };
    service.saturating_add(Span::new().years(years))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as on;

    use super::{is_card_number, is_instant, is_provider_number, is_time, lodge_until};

    #[test]
    fn published_cards_are_told_from_slips() {
        for good in ["2123456701", "4951525561", "2952631861"] {
            assert!(is_card_number(good), "{good}");
        }
        for wrong in ["2123456711", "1123456791", "2123456700", "212345670", "21234567O1"] {
            assert!(!is_card_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn published_provider_numbers_are_told_from_slips() {
        for good in ["2447781L", "988939BJ", "2433411Y", "4024742F"] {
            assert!(is_provider_number(good), "{good}");
        }
        for wrong in ["988939BK", "2447781S", "2474781L", "447781L", "24477A1L"] {
            assert!(!is_provider_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_year_has_its_leap_day() {
        assert_eq!(lodge_until(on(2027, 2, 28)), on(2028, 2, 28));
        assert_eq!(lodge_until(on(2028, 2, 29)), on(2029, 2, 28));
        assert_eq!(lodge_until(on(2025, 9, 4)), on(2027, 9, 4));
    }

    #[test]
    fn times_have_one_form() {
        assert!(is_instant("2026-11-22T10:00:00+11:00") && is_instant("2026-11-22T10:00:00Z"));
        assert!(!is_instant("2026-11-22T10:00:00") && !is_instant("2026-11-22"));
        assert!(is_time("10:30:00") && is_time("10:30:00+11:00"));
        assert!(!is_time("25:00:00") && !is_time("10:30"));
    }
}
