//! Names as they stand in a page's address.

/// The longest slug, in characters.
const MAX_LENGTH: usize = 60;

/// `Dr Zoë O’Brien-Nguyễn` as `dr-zoe-obrien-nguyen`: lower-case ASCII letters, digits and single hyphens, 1 to 60
/// of them. Equal names give equal slugs, so whoever needs a unique one adds something to it.
///
/// Accents of Latin letters are dropped; other scripts are not transcribed, and a name without a Latin letter or
/// digit becomes `x`.
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => slug.push(character),
            // Accents written as characters of their own, and apostrophes, do not part words.
            '\u{300}'..='\u{36f}' | '\'' | '‘' | '’' | 'ʼ' => {}
            _ => match ascii(character) {
                Some(letters) => slug.push_str(letters),
                None if slug.is_empty() || slug.ends_with('-') => {}
                None => slug.push('-'),
            },
        }
    }
    let slug = shortened(&slug);
    if slug.is_empty() { "x".to_owned() } else { slug.to_owned() }
}

/// Cuts at a hyphen where there is one, within a word where a word is all there is.
fn shortened(slug: &str) -> &str {
    let cut = match slug.split_at_checked(MAX_LENGTH) {
        Some((head, tail)) if !tail.is_empty() && !tail.starts_with('-') => {
            head.rsplit_once('-').map_or(head, |(whole_words, _)| whole_words)
        }
        Some((head, _)) => head,
        None => slug,
    };
    cut.trim_end_matches('-')
}

/// A lower-case letter without its accent, for the Latin letters of names one meets in Australia: western and
/// central European, Māori, Turkish, Vietnamese and Pinyin.
fn ascii(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ'
        | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ'
        | 'ệ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ'
        | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ụ' | 'ủ' | 'ứ' | 'ừ'
        | 'ử' | 'ữ' | 'ự' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_LENGTH, slugify};

    #[test]
    fn names_become_addresses() {
        for (name, slug) in [
            ("Parramatta Physiotherapy", "parramatta-physiotherapy"),
            ("Dr Zoë O’Brien-Nguyễn", "dr-zoe-obrien-nguyen"),
            ("  St Mary's & Sons (24/7) ", "st-marys-sons-24-7"),
            ("ŁUKASZ Żółć", "lukasz-zolc"),
            ("Straße, Æther, Œuvre, Þór", "strasse-aether-oeuvre-thor"),
            ("İpek Ağaoğlu, Māori Health", "ipek-agaoglu-maori-health"),
            ("Jose\u{301} Nun\u{303}ez", "jose-nunez"),
            ("--a--b--", "a-b"),
            ("李医生 Clinic", "clinic"),
            ("李医生", "x"),
            ("", "x"),
            ("’", "x"),
        ] {
            assert_eq!(slugify(name), slug, "{name}");
        }
    }

    #[test]
    fn long_names_are_cut_at_a_hyphen() {
        let fifty = "a".repeat(50);
        let sixty = "a".repeat(60);
        for (name, slug) in [
            (format!("{fifty} nine-more"), format!("{fifty}-nine-more")),
            (format!("{fifty} ten-more-x"), format!("{fifty}-ten-more")),
            (format!("{fifty} eleven-more"), format!("{fifty}-eleven")),
            (format!("{fifty} indivisible"), fifty.clone()),
            (format!("{sixty} more"), sixty.clone()),
            (format!("{sixty}more"), sixty.clone()),
        ] {
            assert_eq!(slugify(&name), slug, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_slug_that_is_its_own_slug(text in any::<String>()) {
            let slug = slugify(&text);
            prop_assert!((1..=MAX_LENGTH).contains(&slug.len()));
            prop_assert!(slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
            prop_assert_eq!(slugify(&slug), slug);
        }
    }
}
