//! Files that somebody sends: how many, how large, and by which names they can be sealed.

/// The most files with one booking.
pub const MAX_FILES: usize = 5;
/// The largest file in bytes: a note with its padding has at most 7 MiB, and the file's name and type need some of it.
pub const MAX_FILE_BYTES: u64 = 7 * 1024 * 1024 - 1024;
/// The longest name in bytes of UTF-8.
const MAX_NAME_BYTES: usize = 255;
/// What a file is when its browser does not know.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Why a file cannot be sent, before it is read.
pub fn too_large(name: &str, size: u64) -> Option<String> {
    match size {
        0 => Some(format!("“{name}” is empty")),
        1..=MAX_FILE_BYTES => None,
        _ => Some(format!("“{name}” is larger than 7 MB. Send a smaller one, or bring it with you")),
    }
}

/// A name that can be sealed: without what makes a path of it or turns its letters around, and not too long. The ending
/// stays.
pub fn tidy_name(name: &str) -> String {
    let plain: String = name.chars().map(|c| if is_refused(c) { '_' } else { c }).collect();
    let plain = match plain.trim() {
        "" | "." | ".." => "file",
        plain => plain,
    };
    let (stem, ending) = match plain.rfind('.') {
        Some(at) if plain.len() - at <= 16 => plain.split_at(at),
        Some(_) | None => (plain, ""),
    };
    let room = stem.floor_char_boundary(MAX_NAME_BYTES - ending.len());
    format!("{}{ending}", &stem[..room])
}

/// The same characters that the sealed format refuses (`docs/sealing-format.md`).
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\')
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A media type that can be sealed: two names of RFC 6838 in lower case.
pub fn tidy_type(media_type: &str) -> String {
    let lower = media_type.to_ascii_lowercase();
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "!#$&-^_.+".contains(c))
    };
    let known = lower.len() <= 127
        && lower.split_once('/').is_some_and(|(kind, sort)| is_name(kind) && is_name(sort));
    if known { lower } else { UNKNOWN_TYPE.to_owned() }
}

/// `340 KB`, `1.2 MB`.
pub fn size_words(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = 1024 * KB;
    match bytes {
        ..KB => "less than 1 KB".to_owned(),
        KB..MB => format!("{} KB", bytes / KB),
        MB.. => format!("{}.{} MB", bytes / MB, bytes % MB * 10 / MB),
    }
}

/// How many bytes a text in base64 without padding stands for.
pub fn decoded_len(base64: &str) -> u64 {
    base64.len() as u64 * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::{MAX_FILE_BYTES, decoded_len, size_words, tidy_name, tidy_type, too_large};

    #[test]
    fn names_lose_what_cannot_be_sealed_and_keep_their_ending() {
        for (name, tidy) in [
            ("rash.jpg", "rash.jpg"),
            ("C:\\scans\\rash.jpg", "C:_scans_rash.jpg"),
            ("fdp\u{202e}exe", "fdp_exe"),
            (" Überweisung 2.pdf ", "Überweisung 2.pdf"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(tidy_name(name), tidy, "{name:?}");
        }
        let long = tidy_name(&format!("{}.pdf", "ü".repeat(200)));
        assert!(long.len() <= 255 && long.ends_with("ü.pdf"), "{long}");
    }

    #[test]
    fn types_are_two_plain_names_or_unknown() {
        assert_eq!(tidy_type("image/JPEG"), "image/jpeg");
        assert_eq!(tidy_type("image/svg+xml"), "image/svg+xml");
        for unknown in ["", "text/html; charset=utf-8", "image", "/x", "a/b/c"] {
            assert_eq!(tidy_type(unknown), "application/octet-stream", "{unknown}");
        }
    }

    #[test]
    fn the_largest_file_fits_and_an_empty_one_is_no_file() {
        assert_eq!(too_large("a", MAX_FILE_BYTES), None);
        assert!(too_large("a", MAX_FILE_BYTES + 1).is_some_and(|words| words.contains("7 MB")));
        assert!(too_large("a", 0).is_some_and(|words| words.contains("empty")));
    }

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        for (bytes, words) in
            [(10, "less than 1 KB"), (348_160, "340 KB"), (1_258_292, "1.2 MB"), (7_339_008, "6.9 MB")]
        {
            assert_eq!(size_words(bytes), words);
        }
        assert_eq!(decoded_len("AAAA"), 3);
        assert_eq!(decoded_len("AAA"), 2);
    }
}
