//! Provider types: versioned data files, applied at run time.

use serde::{Deserialize, Serialize};
use shared_types::providers::{ProfessionRef, Regulation};

/// A provider type's data file. The README beside the packs says what each field means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profession {
    pub slug: String,
    pub version: i32,
    pub name: String,
    pub plural: String,
    pub synonyms: Vec<String>,
    pub category: String,
    pub icon: String,
    pub regulation: Regulation,
    pub ahpra_prefix: Option<String>,
    pub service_type_codes: Vec<String>,
    pub schema_org: String,
    #[serde(default)]
    pub schema_org_specialty: Option<String>,
    pub bulk_billing_possible: bool,
    pub discreet: bool,
    pub appointment_types: Vec<TypeOffer>,
    /// The share of invented roles with this profession.
    pub weight: f64,
}

/// An appointment type that the profession usually offers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeOffer {
    pub slug: String,
    pub name: String,
    pub duration_minutes: u16,
    pub buffer_before_minutes: u16,
    pub buffer_after_minutes: u16,
    pub price_cents: shared_types::AudCents,
    pub audience: shared_types::bookings::Audience,
    pub telehealth: bool,
}

/// First segments of our own pages: no profession may take one.
const RESERVED: [&str; 23] = [
    "account",
    "admin",
    "api",
    "assets",
    "book",
    "calendar",
    "fhir",
    "health",
    "manage",
    "metrics",
    "practice",
    "practices",
    "privacy",
    "problems",
    "providers",
    "ready",
    "reply",
    "robots.txt",
    "search",
    "sitemap.xml",
    "support",
    "unsubscribe",
    "what-we-see",
];

impl Profession {
    /// Reads a data file.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(json: &str) -> anyhow::Result<Self> {
        let profession: Self = serde_json::from_str(json)?;
        if RESERVED.contains(&profession.slug.as_str()) {
            anyhow::bail!("the slug {:?} is the start of one of our own pages", profession.slug);
        }
        if profession.slug != shared_types::slug::slugify(&profession.slug) {
            anyhow::bail!("the slug {:?} should be lower case words joined by hyphens", profession.slug);
        }
        Ok(profession)
    }

    /// The profession in one line.
    pub fn to_ref(&self) -> ProfessionRef {
        ProfessionRef {
            slug: self.slug.clone(),
            name: self.name.clone(),
            plural: self.plural.clone(),
            icon: self.category_icon().to_owned(),
        }
    }

    /// Whether the words name this profession.
    pub fn is_called(&self, words: &str) -> bool {
        let same = |name: &str| name.eq_ignore_ascii_case(words);
        same(&self.name)
            || same(&self.plural)
            || same(&self.slug)
            || self.synonyms.iter().any(|name| same(name))
    }

    /// The sprite's icon: by what the profession is about, since there are more professions than pictures.
    fn category_icon(&self) -> &'static str {
        match self.slug.as_str() {
            "dentist" => "dental",
            "psychologist" | "psychiatrist" | "counsellor" => "mind",
            "optometrist" | "ophthalmologist" => "eye",
            "audiologist" | "ent-surgeon" => "ear",
            "podiatrist" => "feet",
            "midwife" | "obstetrician-gynaecologist" | "paediatrician" => "baby",
            "speech-pathologist" => "speech",
            "dietitian" | "gastroenterologist" => "food",
            "cardiologist" => "heart",
            "dermatologist" => "skin",
            _ => match self.category.as_str() {
                "nursing_midwifery" => "nurse",
                "pharmacy" => "pharmacy",
                "imaging" => "imaging",
                "community" => "community",
                "allied" | "complementary" => "body",
                _ => "medical",
            },
        }
    }
}
