//! Coded facts: what a directory's codes and words say that patients filter by. Where they say nothing clear,
//! nothing is concluded.

use std::collections::BTreeSet;

use serde_json::Value;

use super::json::{elements, text};

/// HL7's list of service types, in the address it has now and the one it had before.
pub(super) const SERVICE_TYPES: [&str; 2] =
    ["http://terminology.hl7.org/CodeSystem/service-type", "http://hl7.org/fhir/service-type"];
/// npm `hl7.fhir.au.base` 6.0.0, `CodeSystem-service-provision-conditions.json`, read on 2026-11-22.
const PROVISION_CONDITIONS: &str = "http://terminology.hl7.org.au/CodeSystem/service-provision-conditions";
/// Bulk billing only; fees and bulk billing.
const BULK_BILLING: [&str; 2] = ["BBO", "FBB"];
const LANGUAGE_TAGS: &str = "urn:ietf:bcp:47";

/// One code with its system and its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coding {
    /// The code system.
    pub system: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The code in words.
    pub display: Option<String>,
}

/// One thing meant, by one or more codes and perhaps in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// The codes.
    pub codings: Vec<Coding>,
    /// The words.
    pub text: Option<String>,
}

impl Concept {
    /// Reads a CodeableConcept.
    pub fn read(value: &Value) -> Self {
        let codings = elements(value, "", "coding");
        let coding = |coding: &Value| Coding {
            system: text(coding, "system"),
            code: text(coding, "code"),
            display: text(coding, "display"),
        };
        Self { codings: codings.iter().map(|(_, value)| coding(value)).collect(), text: text(value, "text") }
    }

    /// Text and displays.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.text
            .iter()
            .chain(self.codings.iter().filter_map(|coding| coding.display.as_ref()))
            .map(String::as_str)
    }

    /// Its codes of the given system.
    fn codes<'c>(&'c self, system: &'c str) -> impl Iterator<Item = &'c str> {
        let of_system = move |coding: &&Coding| coding.system.as_deref() == Some(system);
        self.codings.iter().filter(of_system).filter_map(|coding| coding.code.as_deref())
    }
}

/// The concepts of a member.
pub(super) fn concepts(parent: &Value, name: &str) -> Vec<Concept> {
    elements(parent, "", name).iter().map(|(_, value)| Concept::read(value)).collect()
}

/// Every word of the concepts once, for the search by words.
pub(super) fn words<'c>(concepts: impl IntoIterator<Item = &'c Concept>) -> Vec<String> {
    let words: BTreeSet<_> = concepts.into_iter().flat_map(Concept::words).map(str::to_lowercase).collect();
    words.into_iter().collect()
}

/// Codes of HL7's service types.
pub(super) fn service_type_codes(types: &[Concept]) -> Vec<String> {
    let codes =
        types.iter().flat_map(|concept| SERVICE_TYPES.iter().flat_map(|system| concept.codes(system)));
    codes.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a healthcare service says of itself, as search facets.
pub(super) fn service_facets(service: &Value) -> Vec<String> {
    let mut facets: BTreeSet<_> =
        languages(service).into_iter().map(|tag| format!("language:{tag}")).collect();
    let conditions = concepts(service, "serviceProvisionCode");
    let mut codes = conditions.iter().flat_map(|concept| concept.codes(PROVISION_CONDITIONS));
    if codes.any(|code| BULK_BILLING.contains(&code)) {
        facets.insert("bulk_billing".to_owned());
    }
    let said: Vec<_> =
        ["category", "type", "characteristic"].iter().flat_map(|name| concepts(service, name)).collect();
    let says = |phrases: &[&str]| said.iter().flat_map(Concept::words).any(|words| mentions(words, phrases));
    let telehealth = ["telehealth", "telemedicine", "video consultation", "phone consultation"];
    for (facet, phrases) in [
        ("telehealth", &telehealth[..]),
        ("wheelchair", &["wheelchair access"]),
        ("new_patients", &["accepting new patients", "accepts new patients"]),
    ] {
        if says(phrases) {
            facets.insert(facet.to_owned());
        }
    }
    facets.into_iter().collect()
}

/// Whether a place says that a wheelchair gets in.
pub(super) fn wheelchair(location: &Value) -> bool {
    let said = concepts(location, "characteristic");
    said.iter().flat_map(Concept::words).any(|words| mentions(words, &["wheelchair access"]))
}

/// Whether one of the phrases is said and not denied.
fn mentions(words: &str, phrases: &[&str]) -> bool {
    let words = words.to_lowercase();
    let denied = ["no ", "not ", "non-", "without "].iter().any(|denial| words.contains(denial));
    !denied && phrases.iter().any(|phrase| words.contains(phrase))
}

/// BCP 47 tags of the languages spoken, without region or script, in alphabetical order.
pub(super) fn languages(resource: &Value) -> Vec<String> {
    let tags = concepts(resource, "communication").into_iter().filter_map(|concept| language(&concept));
    tags.collect::<BTreeSet<_>>().into_iter().collect()
}

fn language(concept: &Concept) -> Option<String> {
    let tag = concept.codes(LANGUAGE_TAGS).next().map(str::to_lowercase);
    let primary = tag.and_then(|tag| tag.split(['-', '_']).next().map(str::to_owned));
    let well_formed =
        |tag: &String| (2..=3).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_lowercase());
    primary.filter(well_formed).or_else(|| concept.words().find_map(tag_of_name).map(str::to_owned))
}

/// The Australian language classification has codes of its own; its English names are clear.
fn tag_of_name(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 40] = [
        ("arabic", "ar"),
        ("assyrian", "aii"),
        ("auslan", "asf"),
        ("bengali", "bn"),
        ("bosnian", "bs"),
        ("burmese", "my"),
        ("cantonese", "yue"),
        ("croatian", "hr"),
        ("dari", "prs"),
        ("dutch", "nl"),
        ("english", "en"),
        ("farsi", "fa"),
        ("filipino", "fil"),
        ("french", "fr"),
        ("german", "de"),
        ("greek", "el"),
        ("gujarati", "gu"),
        ("hindi", "hi"),
        ("hungarian", "hu"),
        ("indonesian", "id"),
        ("italian", "it"),
        ("japanese", "ja"),
        ("khmer", "km"),
        ("korean", "ko"),
        ("macedonian", "mk"),
        ("malayalam", "ml"),
        ("maltese", "mt"),
        ("mandarin", "zh"),
        ("nepali", "ne"),
        ("persian", "fa"),
        ("polish", "pl"),
        ("portuguese", "pt"),
        ("punjabi", "pa"),
        ("russian", "ru"),
        ("serbian", "sr"),
        ("sinhalese", "si"),
        ("spanish", "es"),
        ("tamil", "ta"),
        ("turkish", "tr"),
        ("vietnamese", "vi"),
    ];
    let name = name.to_lowercase();
    NAMES.iter().find(|(known, _)| name == *known).map(|(_, tag)| *tag)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{concepts, languages, service_facets, service_type_codes, wheelchair, words};

    #[test]
    fn languages_become_tags() {
        let practitioner = json!({"communication": [
            {"coding": [{"system": "urn:ietf:bcp:47", "code": "zh-Hans"}]},
            {"coding": [{"system": "urn:example:languages", "code": "4202", "display": "Arabic"}]},
            {"text": "Vietnamese"},
            {"text": "Elvish"},
            {"coding": [{"system": "urn:ietf:bcp:47", "code": "ar"}]},
        ]});
        assert_eq!(languages(&practitioner), ["ar", "vi", "zh"]);
    }

    #[test]
    fn facets_are_what_is_said_and_nothing_more() {
        let conditions = "http://terminology.hl7.org.au/CodeSystem/service-provision-conditions";
        for (service, facets) in [
            (json!({}), vec![]),
            (
                json!({"serviceProvisionCode": [{"coding": [{"system": conditions, "code": "FBB"}]}]}),
                vec!["bulk_billing"],
            ),
            (json!({"serviceProvisionCode": [{"coding": [{"system": conditions, "code": "FAP"}]}]}), vec![]),
            (json!({"serviceProvisionCode": [{"coding": [{"system": "urn:other", "code": "BBO"}]}]}), vec![]),
            (
                json!({"characteristic": [{"text": "Wheelchair access"}, {"text": "Telehealth capable"}]}),
                vec!["telehealth", "wheelchair"],
            ),
            (json!({"characteristic": [{"text": "No wheelchair access"}]}), vec![]),
            (json!({"communication": [{"text": "Greek"}]}), vec!["language:el"]),
        ] {
            assert_eq!(service_facets(&service), facets, "{service}");
        }
        assert!(wheelchair(&json!({"characteristic": [{"text": "Wheelchair accessible entrance"}]})));
        assert!(!wheelchair(&json!({"characteristic": [{"text": "Not wheelchair accessible"}]})));
    }

    #[test]
    fn service_types_and_words_are_collected_once() {
        let system = "http://terminology.hl7.org/CodeSystem/service-type";
        let service = json!({"type": [
            {"coding": [{"system": system, "code": "65", "display": "Physiotherapy"}], "text": "physiotherapy"},
            {"coding": [{"system": system, "code": "65"}, {"system": "http://snomed.info/sct", "code": "722140001"}]},
        ]});
        let types = concepts(&service, "type");
        assert_eq!(service_type_codes(&types), ["65"]);
        assert_eq!(words(&types), ["physiotherapy"]);
    }
}
