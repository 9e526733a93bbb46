//! What patients ask about, as small icons with words.

use shared_types::providers::{Facts, Gender};
use yew::prelude::*;

use super::icon::Icon;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FactListProps {
    pub facts: Facts,
}

/// The list of facts; nobody's silence is shown as a "no".
#[component]
pub fn FactList(props: &FactListProps) -> Html {
    let facts = fact_words(&props.facts).into_iter();
    html! {
        <ul class="facts">
            { for facts.map(|(icon, words)| html! { <li key={icon}><Icon name={icon} />{ words }</li> }) }
        </ul>
    }
}

/// Icon and words of each fact that is known.
pub fn fact_words(facts: &Facts) -> Vec<(&'static str, String)> {
    let flags = [
        (facts.bulk_billing, "bulk-billing", "Bulk billing"),
        (facts.new_patients, "new-patients", "New patients"),
        (facts.telehealth, "telehealth", "Telehealth"),
        (facts.home_visit, "home-visit", "Home visits"),
        (facts.wheelchair, "wheelchair", "Step-free"),
    ];
    let mut words = Vec::new();
    // English alone says nothing: everybody here speaks it.
    let languages: Vec<_> =
        facts.languages.iter().filter(|tag| *tag != "en").map(|tag| language_name(tag)).collect();
    if !languages.is_empty() {
        words.push(("language", languages.join(", ")));
    }
    words.extend(flags.into_iter().filter(|(on, ..)| *on).map(|(_, icon, text)| (icon, text.to_owned())));
    match facts.gender {
        Some(Gender::Female) => words.push(("user", "Woman".to_owned())),
        Some(Gender::Male) => words.push(("user", "Man".to_owned())),
        Some(Gender::Other) | None => {}
    }
    words
}

/// Languages other than English that people in Australia speak most (ABS Census 2021), Auslan first: tag of ISO 639, as records of
/// providers have it, and name.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("asf", "Auslan"),
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("aii", "Assyrian"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("my", "Burmese"),
    ("yue", "Cantonese"),
    ("hr", "Croatian"),
    ("prs", "Dari"),
    ("nl", "Dutch"),
    ("fil", "Filipino"),
    ("fr", "French"),
    ("de", "German"),
    ("el", "Greek"),
    ("gu", "Gujarati"),
    ("haz", "Hazaragi"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("km", "Khmer"),
    ("ko", "Korean"),
    ("mk", "Macedonian"),
    ("ms", "Malay"),
    ("ml", "Malayalam"),
    ("mt", "Maltese"),
    ("zh", "Mandarin"),
    ("mi", "Māori"),
    ("mr", "Marathi"),
    ("ne", "Nepali"),
    ("ps", "Pashto"),
    ("fa", "Persian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("pa", "Punjabi"),
    ("ru", "Russian"),
    ("sm", "Samoan"),
    ("sr", "Serbian"),
    ("si", "Sinhala"),
    ("so", "Somali"),
    ("es", "Spanish"),
    ("sw", "Swahili"),
    ("tl", "Tagalog"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("ti", "Tigrinya"),
    ("to", "Tongan"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
];

/// A language in English, from its tag; an unknown tag names itself.
pub fn language_name(tag: &str) -> String {
    let base = tag.split('-').next().unwrap_or(tag);
    match base {
        "en" => "English".to_owned(),
        _ => LANGUAGES
            .iter()
            .find(|(known, _)| *known == base)
            .map_or_else(|| tag.to_owned(), |(_, name)| (*name).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, language_name};

    #[test]
    fn languages_are_found_by_the_tags_that_records_have() {
        // `ase` is the sign language of America.
        assert_eq!(LANGUAGES[0], ("asf", "Auslan"));
        assert_eq!(language_name("asf"), "Auslan");
        assert_eq!(language_name("zh-Hant"), "Mandarin");
        let letters = |name: &str| name.replace('\u{101}', "a");
        assert!(LANGUAGES[1..].is_sorted_by_key(|(_, name)| letters(name)), "by their names");
        let mut tags: Vec<_> = LANGUAGES.iter().map(|(tag, _)| tag).collect();
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), LANGUAGES.len(), "each once");
    }
}
