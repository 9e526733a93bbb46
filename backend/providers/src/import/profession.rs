//! Which of our professions a directory means: by code where one is certain, by an exact word where it is not,
//! and none where neither fits. A wrong title is worse than a missing one.

use std::collections::HashMap;

use super::concepts::{Concept, SERVICE_TYPES};

const ANZSCO: &str = "http://www.abs.gov.au/ausstats/abs@.nsf/mf/1220.0";
const SNOMED: &str = "http://snomed.info/sct";
/// ANZSCO occupation to profession; see SOURCES.md beside it.
const ANZSCO_PROFESSIONS: &str = include_str!("../../data/anzsco_professions.csv");

/// SNOMED CT occupations that may come without their words, as the AU Core samples have them.
const SNOMED_WORDS: [(&str, &str); 16] = [
    ("106289002", "dentist"),
    ("106328005", "social worker"),
    ("159026005", "speech pathologist"),
    ("159033005", "dietitian"),
    ("159034004", "podiatrist"),
    ("17561000", "cardiologist"),
    ("224535009", "registered nurse"),
    ("224571005", "nurse practitioner"),
    ("28229004", "optometrist"),
    ("309418004", "audiologist"),
    ("309453006", "midwife"),
    ("310191001", "clinical psychologist"),
    ("36682004", "physiotherapist"),
    ("46255001", "pharmacist"),
    ("62247001", "general practitioner"),
    ("80546007", "occupational therapist"),
];

/// What directories write, and the word by which a provider type knows it.
const DIRECTORY_WORDS: [(&str, &str); 19] = [
    ("clinical psychology", "clinical psychologist"),
    ("community pharmacist", "pharmacist"),
    ("community pharmacy", "pharmacy"),
    ("dentistry", "dental"),
    ("dietetics and nutrition", "dietetics"),
    ("family medicine", "general practitioner"),
    ("general medical practice", "general practitioner"),
    ("general medical practitioner", "general practitioner"),
    ("general paediatric", "paediatrics"),
    ("general practice", "general practitioner"),
    ("general surgery", "general surgeon"),
    ("obstetrics and gynaecology", "obstetrician and gynaecologist"),
    ("orthopedic surgeon", "orthopaedic surgeon"),
    ("otolaryngology", "otolaryngologist"),
    ("professional counsellor", "counsellor"),
    ("professional counselor", "counsellor"),
    ("registered midwife", "midwife"),
    ("speech/language therapist", "speech therapist"),
    ("surgical orthopedic", "orthopaedics"),
];

/// Endings that change nothing.
const ENDINGS: [&str; 7] =
    [" - speciality", " - specialty", " specialty", " services", " service", " operation", " nec"];

/// What matching needs of a provider type.
#[derive(Clone, Debug, Default)]
pub struct ProfessionWords {
    /// Its key.
    pub slug: String,
    /// As shown.
    pub name: String,
    /// As shown for several.
    pub plural: String,
    /// Words people type.
    pub synonyms: Vec<String>,
    /// HL7 service types that mean it.
    pub service_type_codes: Vec<String>,
}

/// The provider types, by what may name them. A word of two professions names neither.
#[derive(Clone, Debug, Default)]
pub struct Professions {
    by_word: HashMap<String, Option<String>>,
    by_service_type: HashMap<String, Option<String>>,
    by_occupation: HashMap<&'static str, &'static str>,
}

impl Professions {
    /// Makes the index.
    pub fn new(professions: &[ProfessionWords]) -> Self {
        let mut index = Self::default();
        for profession in professions {
            let names = [&profession.name, &profession.plural].into_iter().chain(&profession.synonyms);
            for word in names.map(|name| name.to_lowercase()).chain([profession.slug.replace('-', " ")]) {
                put(&mut index.by_word, word, &profession.slug);
            }
            for code in &profession.service_type_codes {
                put(&mut index.by_service_type, code.clone(), &profession.slug);
            }
        }
        let known = |slug: &str| professions.iter().any(|profession| profession.slug == slug);
        for row in ANZSCO_PROFESSIONS.lines().skip(1) {
            let mut fields = row.splitn(3, ',');
            if let (Some(code), Some(slug)) = (fields.next(), fields.next().filter(|slug| known(slug))) {
                index.by_occupation.insert(code, slug);
            }
        }
        index
    }

    /// The profession that the concepts mean: codes and words in their order, occupations by ANZSCO last, because its
    /// units are wider than the words beside them.
    pub fn of<'c>(&self, concepts: impl IntoIterator<Item = &'c Concept> + Clone) -> Option<String> {
        let by_meaning = concepts.clone().into_iter().find_map(|concept| self.by_meaning(concept));
        by_meaning.or_else(|| concepts.into_iter().find_map(|concept| self.by_occupation(concept)))
    }

    fn by_meaning(&self, concept: &Concept) -> Option<String> {
        let by_code = concept.codings.iter().find_map(|coding| {
            let code = coding.code.as_deref()?;
            match coding.system.as_deref()? {
                system if SERVICE_TYPES.contains(&system) => self.by_service_type.get(code)?.clone(),
                SNOMED => SNOMED_WORDS
                    .iter()
                    .find(|(known, _)| *known == code)
                    .and_then(|(_, word)| self.by_word(word)),
                _ => None,
            }
        });
        by_code.or_else(|| concept.words().find_map(|words| self.by_word(words)))
    }

    fn by_word(&self, words: &str) -> Option<String> {
        let words = words.trim().to_lowercase();
        let shorter = ENDINGS.iter().find_map(|ending| words.strip_suffix(ending)).map(str::trim);
        [Some(words.as_str()), shorter].into_iter().flatten().find_map(|words| {
            let ours =
                DIRECTORY_WORDS.iter().find(|(theirs, _)| *theirs == words).map_or(words, |(_, ours)| *ours);
            self.by_word.get(ours)?.clone()
        })
    }

    fn by_occupation(&self, concept: &Concept) -> Option<String> {
        concept.codings.iter().find_map(|coding| {
            let of_occupations = coding.system.as_deref() == Some(ANZSCO);
            let code = coding.code.as_deref().filter(|_| of_occupations)?;
            self.by_occupation.get(code).map(|slug| (*slug).to_owned())
        })
    }
}

fn put(index: &mut HashMap<String, Option<String>>, word: String, slug: &str) {
    let entry = index.entry(word).or_insert_with(|| Some(slug.to_owned()));
    if entry.as_deref() != Some(slug) {
        *entry = None;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::{super::concepts::concepts, ProfessionWords, Professions};

    /// A few provider types, as the packs have them.
    pub(in crate::import) fn professions() -> Professions {
        let row = |slug: &str, name: &str, synonyms: &[&str], codes: &[&str]| ProfessionWords {
            slug: slug.to_owned(),
            name: name.to_owned(),
            plural: format!("{name}s"),
            synonyms: synonyms.iter().map(|&word| word.to_owned()).collect(),
            service_type_codes: codes.iter().map(|&code| code.to_owned()).collect(),
        };
        Professions::new(&[
            row("physiotherapist", "Physiotherapist", &["physio", "physiotherapy"], &["65"]),
            row("general-practitioner", "General practitioner", &["gp", "doctor"], &["124"]),
            row("pharmacist", "Pharmacist", &["pharmacy", "chemist"], &["64"]),
            row("radiologist", "Radiologist", &["diagnostic imaging", "radiology"], &["209"]),
            row("counsellor", "Counsellor", &["counselling", "therapist"], &["74"]),
            row("psychologist", "Psychologist", &["therapist", "clinical psychologist"], &["142"]),
            row("registered-nurse", "Registered nurse", &["nurse"], &["59"]),
        ])
    }

    fn check(given: Value, expected: Option<&str>) {
        let found = professions().of(&concepts(&json!({ "code": given }), "code"));
        assert_eq!(found.as_deref(), expected, "{given}");
    }

    #[test]
    fn professions_are_found_by_code_and_by_exact_words() {
        let hl7 = "http://terminology.hl7.org/CodeSystem/service-type";
        check(json!([{"coding": [{"system": hl7, "code": "65"}]}]), Some("physiotherapist"));
        check(json!([{"coding": [{"system": "urn:other", "code": "65"}]}]), None);
        check(
            json!([{"coding": [{"system": super::SNOMED, "code": "62247001"}]}]),
            Some("general-practitioner"),
        );
        check(
            json!([{"coding": [{"system": super::ANZSCO, "code": "253111"}]}]),
            Some("general-practitioner"),
        );
        check(json!([{"coding": [{"display": "Physiotherapy service"}]}]), Some("physiotherapist"));
        check(json!([{"coding": [{"display": "Radiology - speciality"}]}]), Some("radiologist"));
        check(json!([{"text": "General medical practitioner service"}]), Some("general-practitioner"));
        check(json!([{"text": "Community Pharmacy"}]), Some("pharmacist"));
        check(json!([{"text": "Registered Nurses"}]), Some("registered-nurse"));
    }

    #[test]
    fn words_that_are_near_or_ambiguous_name_nobody() {
        for words in ["Physiotherapy assistant", "Therapist", "Surgical service", "Medical Practitioner", ""]
        {
            check(json!([{ "text": words }]), None);
        }
    }

    #[test]
    fn words_go_before_an_occupation_unit() {
        let nec = json!([
            {"coding": [{"system": super::ANZSCO, "code": "272199", "display": "Counsellors nec"}]},
            {"text": "Clinical psychology"},
        ]);
        check(nec, Some("counsellor"));
        let words_beside = json!([
            {"coding": [{"system": super::ANZSCO, "code": "272199"}], "text": "Clinical Psychologist"},
        ]);
        check(words_beside, Some("psychologist"));
    }
}
