//! Reference data: localities with their zones, and provider types. Loaded when what is compiled in differs from what
//! the database has.

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use shared_types::{GeoPoint, slug::slugify};
use sqlx::PgConnection;

use crate::{
    domain::Profession,
    store::{locality, profession},
    zones::zone_of,
};

static PACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/packs");
const LOCALITIES: &str = include_str!("../data/localities.csv");
const AREAS: &str = include_str!("../data/areas.csv");
const REJECTS: &str = include_str!("../data/localities.rejects.csv");

/// What a load did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Localities in the database now.
    pub localities: usize,
    /// Rows of the source that are no places; each is in `localities.rejects.csv` with its reason.
    pub rejects: usize,
    /// Provider types in the database now.
    pub professions: usize,
    /// False when everything was there already.
    pub changed: bool,
}

/// Brings localities and provider types up to date, in the caller's transaction.
///
/// # Errors
/// When a compiled-in file is malformed or a row cannot be written.
pub async fn load(conn: &mut PgConnection, now: Timestamp) -> Result<Loaded> {
    let professions = packs()?;
    for profession in &professions {
        profession::apply(conn, profession).await?;
    }
    let rejects = REJECTS.lines().count().saturating_sub(1);
    let sha256 = hex::encode(Sha256::new().chain_update(LOCALITIES).chain_update(AREAS).finalize());
    if let Some(localities) = locality::loaded(conn, &sha256).await? {
        return Ok(Loaded { localities, rejects, professions: professions.len(), changed: false });
    }
    let rows = localities()?;
    locality::replace(conn, &rows).await?;
    locality::note_source(conn, &sha256, rows.len(), rejects, now).await?;
    Ok(Loaded { localities: rows.len(), rejects, professions: professions.len(), changed: true })
}

/// A suburb, town or wider area.
#[derive(Clone, Debug, PartialEq)]
pub struct Locality {
    pub name: String,
    pub state: String,
    /// Empty for wider areas.
    pub postcode: String,
    pub slug: String,
    pub point: GeoPoint,
    pub zone: shared_types::Zone,
    pub modified_monash: Option<i16>,
    pub primary_health_network: Option<String>,
    pub population: i32,
}

/// The compiled-in localities and areas.
///
/// # Errors
/// When a row is malformed; names it.
pub fn localities() -> Result<Vec<Locality>> {
    let mut rows = Vec::with_capacity(18_000);
    for record in csv::Reader::from_reader(LOCALITIES.as_bytes()).records() {
        let record = record?;
        let field = |index: usize| record.get(index).unwrap_or_default();
        rows.push(locality(field(0), field(1), field(2), field(3), field(4), field(5), field(6), field(7))?);
    }
    for record in csv::Reader::from_reader(AREAS.as_bytes()).records() {
        let record = record?;
        let field = |index: usize| record.get(index).unwrap_or_default();
        rows.push(locality(field(0), field(1), "", field(2), field(3), "", "", field(4))?);
    }
    Ok(rows)
}

#[expect(clippy::too_many_arguments, reason = "one for each column")]
fn locality(
    name: &str,
    state: &str,
    postcode: &str,
    lat: &str,
    lon: &str,
    mmm: &str,
    phn: &str,
    population: &str,
) -> Result<Locality> {
    let what = || format!("locality {name} {state} {postcode}");
    let point = GeoPoint::new(lat.parse().with_context(what)?, lon.parse().with_context(what)?)?;
    Ok(Locality {
        name: name.to_owned(),
        state: state.to_owned(),
        postcode: postcode.to_owned(),
        slug: slugify(&format!("{name} {state} {postcode}")),
        point,
        zone: zone_of(point).with_context(|| format!("{} lies in no Australian zone", what()))?,
        modified_monash: mmm.parse().ok(),
        primary_health_network: Some(phn.to_owned()).filter(|phn| !phn.is_empty()),
        population: population.parse().unwrap_or_default(),
    })
}

/// The compiled-in provider types.
///
/// # Errors
/// Names the file that is malformed.
pub fn packs() -> Result<Vec<Profession>> {
    let files =
        PACKS.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "json"));
    let mut packs = files
        .map(|file| {
            let text = file.contents_utf8().context("a pack is UTF-8")?;
            Profession::parse(text).with_context(|| format!("provider type {}", file.path().display()))
        })
        .collect::<Result<Vec<_>>>()?;
    packs.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(packs)
}

#[cfg(test)]
mod tests {
    use shared_types::providers::Regulation;

    use super::{localities, packs};

    #[test]
    fn every_locality_has_a_point_a_zone_and_a_slug_of_its_own() {
        let rows = localities().unwrap();
        assert!(rows.len() > 17_000);
        let slugs: std::collections::HashSet<_> = rows.iter().map(|row| &row.slug).collect();
        assert_eq!(slugs.len(), rows.len());
        let zone = |slug: &str| rows.iter().find(|row| row.slug == slug).map(|row| row.zone.name());
        assert_eq!(zone("parramatta-nsw-2150"), Some("Australia/Sydney"));
        assert_eq!(zone("broken-hill-nsw-2880"), Some("Australia/Broken_Hill"));
        assert_eq!(zone("tweed-heads-nsw-2485"), Some("Australia/Sydney"));
        assert_eq!(zone("coolangatta-qld-4225"), Some("Australia/Brisbane"));
        assert_eq!(zone("alice-springs-nt-0870"), Some("Australia/Darwin"));
    }

    #[test]
    fn every_pack_reads_and_no_word_names_two_professions() {
        let packs = packs().unwrap();
        assert!(packs.len() >= 30);
        let weights: f64 = packs.iter().map(|pack| pack.weight).sum();
        assert!((weights - 1.0).abs() < 1e-6, "{weights}");
        for pack in &packs {
            for name in pack.synonyms.iter().chain([&pack.name, &pack.plural]) {
                let owners = packs.iter().filter(|other| other.is_called(name)).count();
                assert_eq!(owners, 1, "{name}");
            }
        }
    }

    #[test]
    fn no_badge_says_registered_where_no_register_is() {
        let packs = packs().unwrap();
        for pack in &packs {
            let words = pack.regulation.words().to_lowercase();
            if pack.regulation == Regulation::Registered {
                assert!(
                    words.contains("registered with ahpra") && pack.ahpra_prefix.is_some(),
                    "{}",
                    pack.slug
                );
            } else {
                let claims = words.replace("not a registered", "");
                assert!(
                    !claims.contains("registered") && !claims.contains("ahpra"),
                    "{}: {words}",
                    pack.slug
                );
                assert!(pack.ahpra_prefix.is_none(), "{}", pack.slug);
            }
        }
        // These have codes of conduct and no register under the National Law.
        for slug in
            ["counsellor", "dietitian", "exercise-physiologist", "social-worker", "speech-pathologist"]
        {
            let pack = packs.iter().find(|pack| pack.slug == slug).unwrap();
            assert_ne!(pack.regulation, Regulation::Registered, "{slug}");
        }
    }

    /// MedicalBusiness and what is below it, and the members of MedicalSpecialty (the vocabulary in
    /// <https://github.com/schemaorg/schemaorg> at cc71c8e, 20 August 2026, read 2026-11-23).
    const TYPES: &str = "Audiology CommunityHealth Dentist Dermatology DietNutrition Emergency Geriatric Gynecologic \
        MedicalBusiness MedicalClinic Midwifery Nursing Obstetric Oncologic Ophthalmology Optician \
        Optometric Otolaryngologic Pediatric Pharmacy Physician Physiotherapy PlasticSurgery Podiatric \
        PrimaryCare Psychiatric PublicHealth";
    const SPECIALTIES: &str = "Anesthesia Audiology Cardiovascular CommunityHealth Dentistry Dermatologic Dermatology \
        DietNutrition Emergency Endocrine Gastroenterologic Genetic Geriatric Gynecologic Hematologic \
        Infectious LaboratoryScience Midwifery Musculoskeletal Neurologic Nursing Obstetric Oncologic \
        Ophthalmology Optometric Otolaryngologic Pathology Pediatric PharmacySpecialty Physiotherapy \
        PlasticSurgery Podiatric PrimaryCare Psychiatric PublicHealth Pulmonary Radiography Renal \
        RespiratoryTherapy Rheumatologic SpeechPathology Surgical Toxicologic Urologic";

    #[test]
    fn every_pack_names_a_type_and_a_specialty_that_search_engines_know() {
        for pack in packs().unwrap() {
            let known = |names: &str, name: &str| names.split_whitespace().any(|known| known == name);
            assert!(known(TYPES, &pack.schema_org), "{}: {}", pack.slug, pack.schema_org);
            if let Some(specialty) = pack.schema_org_specialty {
                assert!(known(SPECIALTIES, &specialty), "{}: {specialty}", pack.slug);
            }
        }
    }
}
