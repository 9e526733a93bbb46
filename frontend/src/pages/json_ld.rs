//! Pages as schema.org data for search engines. Made on the server only, and of nothing that is not on the
//! page.
//!
//! Types and specialties are schema.org's, below `MedicalBusiness` and in `MedicalSpecialty`.

use serde_json::{Value, json};
use shared_types::{
    Zone,
    providers::{
        LocationSummary, OpeningHours, OrganizationRef, PracticeProfile, ProviderProfile, SearchProviders,
    },
    time::weekday_name,
};

/// Stands for the site's origin until the document is written.
const ORIGIN: &str = "{public_url}";

/// A page of the way from the start to here: words and path.
pub type Crumb = (String, String);

/// A provider's page.
pub fn provider(profile: &ProviderProfile, crumbs: &[Crumb]) -> Option<String> {
    let summary = &profile.summary;
    let (kind, specialty) = kind_of(summary.profession.as_deref());
    let mut data = json!({
        "@type": kind,
        "@id": format!("{ORIGIN}/providers/{}#provider", summary.slug),
        "name": summary.name,
        "url": format!("{ORIGIN}/providers/{}", summary.slug),
        "description": profile.about,
        "knowsLanguage": summary.facts.languages,
        "isAcceptingNewPatients": summary.facts.new_patients.then_some(true),
        "medicalSpecialty": specialty.map(|specialty| format!("https://schema.org/{specialty}")),
        "openingHoursSpecification": hours(&profile.opening_hours),
        "parentOrganization": summary.organization.as_ref().map(clinic_ref),
        "telephone": summary.organization.as_ref().and_then(|practice| practice.phone.clone()),
    });
    place(&mut data, summary.location.as_ref());
    on_server(vec![data, breadcrumbs(crumbs)])
}

/// A practice's page.
pub fn practice(profile: &PracticeProfile, crumbs: &[Crumb]) -> Option<String> {
    let mut data = json!({
        "@type": "MedicalClinic",
        "@id": format!("{ORIGIN}/practices/{}#practice", profile.organization.slug),
        "name": profile.organization.name,
        "url": format!("{ORIGIN}/practices/{}", profile.organization.slug),
        "sameAs": profile.website,
        "telephone": profile.organization.phone,
        "openingHoursSpecification": hours(&profile.opening_hours),
    });
    place(&mut data, profile.locations.first());
    on_server(vec![data, breadcrumbs(crumbs)])
}

/// The browser's build makes none of this: nobody reads it there.
fn on_server(graph: Vec<Value>) -> Option<String> {
    if !cfg!(feature = "ssr") {
        return None;
    }
    let graph: Vec<_> = graph.into_iter().map(without_gaps).collect();
    let json = json!({ "@context": "https://schema.org", "@graph": graph }).to_string();
    // A name may hold `</script>`; JSON allows any character to be written by its number.
    Some(json.replace('<', "\\u003c"))
}

/// Leaves out what is not known.
fn without_gaps(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.into_iter().filter(|(_, value)| !(value.is_null() || *value == json!([])));
            Value::Object(known.map(|(name, value)| (name, without_gaps(value))).collect())
        }
        other => other,
    }
}

fn clinic_ref(practice: &OrganizationRef) -> Value {
    json!({
        "@type": "MedicalClinic",
        "@id": format!("{ORIGIN}/practices/{}#practice", practice.slug),
        "name": practice.name,
        "url": format!("{ORIGIN}/practices/{}", practice.slug),
    })
}

fn place(data: &mut Value, location: Option<&LocationSummary>) {
    let Some(location) = location else { return };
    data["address"] = json!({
        "@type": "PostalAddress",
        "streetAddress": location.line,
        "addressLocality": location.suburb,
        "addressRegion": location.state,
        "postalCode": location.postcode,
        "addressCountry": "AU",
    });
    // The middle of a suburb is not where the door is.
    if !location.approximate {
        data["geo"] =
            json!({ "@type": "GeoCoordinates", "latitude": location.lat, "longitude": location.lon });
    }
}

fn hours(hours: &[OpeningHours]) -> Vec<Value> {
    let spec = |span: &OpeningHours| {
        // 5 January 1970 was a Monday.
        let day = jiff::civil::date(1970, 1, 4 + span.day()?.to_monday_one_offset());
        Some(json!({
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": format!("https://schema.org/{}", weekday_name(day)),
            "opens": span.opens.strftime("%H:%M").to_string(),
            "closes": span.closes.strftime("%H:%M").to_string(),
        }))
    };
    hours.iter().filter_map(spec).collect()
}

fn breadcrumbs(crumbs: &[Crumb]) -> Value {
    let items: Vec<_> = (1..)
        .zip(crumbs)
        .map(|(position, (words, path))| {
            json!({ "@type": "ListItem", "position": position, "name": words, "item": format!("{ORIGIN}{path}") })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// The type and specialty of a profession, as its pack names them; one that is not in this list is a
/// `MedicalBusiness`, which is true of all. "Physician" is said of medical practitioners only.
fn kind_of(profession: Option<&str>) -> (&'static str, Option<&'static str>) {
    match profession.unwrap_or_default() {
        "general-practitioner" => ("Physician", Some("PrimaryCare")),
        "cardiologist" => ("Physician", Some("Cardiovascular")),
        "dermatologist" => ("Physician", Some("Dermatologic")),
        "endocrinologist" => ("Physician", Some("Endocrine")),
        "ent-surgeon" => ("Physician", Some("Otolaryngologic")),
        "gastroenterologist" => ("Physician", Some("Gastroenterologic")),
        "general-surgeon" | "orthopaedic-surgeon" => ("Physician", Some("Surgical")),
        "obstetrician-gynaecologist" => ("Physician", Some("Gynecologic")),
        "paediatrician" => ("Physician", Some("Pediatric")),
        "psychiatrist" => ("Physician", Some("Psychiatric")),
        "radiologist" => ("Physician", Some("Radiography")),
        "ophthalmologist" | "sexual-health-physician" => ("Physician", None),
        "dentist" => ("Dentist", Some("Dentistry")),
        "dietitian" => ("DietNutrition", Some("DietNutrition")),
        "midwife" => ("Midwifery", Some("Midwifery")),
        "nurse-practitioner" | "registered-nurse" => ("Nursing", Some("Nursing")),
        "optometrist" => ("Optometric", Some("Optometric")),
        "pharmacist" => ("Pharmacy", None),
        "physiotherapist" => ("Physiotherapy", Some("Physiotherapy")),
        "podiatrist" => ("Podiatric", Some("Podiatric")),
        "speech-pathologist" => ("MedicalBusiness", Some("SpeechPathology")),
        _ => ("MedicalBusiness", None),
    }
}

/// The search for a profession around a place: one step above the people who are there.
pub fn search_crumb(profession: Option<(&str, &str)>, location: Option<&LocationSummary>) -> Option<Crumb> {
    let ((slug, name), location) = (profession?, location?);
    let search = SearchProviders {
        profession: Some(slug.to_owned()),
        near: Some(format!("{} {} {}", location.suburb, location.state, location.postcode)),
        ..SearchProviders::default()
    };
    Some((format!("{name} near {}", location.suburb), format!("/search?{}", search.to_query())))
}

/// The zone to read a page's times in.
pub fn zone_of(location: Option<&LocationSummary>) -> Zone {
    location.map_or(Zone::SYDNEY, |location| location.time_zone)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{breadcrumbs, hours, kind_of, on_server, without_gaps};

    #[test]
    #[cfg(feature = "ssr")]
    fn a_name_cannot_end_the_script() {
        let text = on_server(vec![json!({ "name": "</script><b>" })]).unwrap();
        assert!(!text.contains('<'), "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["@graph"][0]["name"], "</script><b>");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(
            without_gaps(json!({ "a": null, "b": [], "c": { "d": null, "e": 1 } })),
            json!({ "c": { "e": 1 } })
        );
    }

    #[test]
    fn hours_are_told_by_weekday() {
        let open = shared_types::providers::OpeningHours {
            weekday: 1,
            opens: jiff::civil::time(8, 0, 0, 0),
            closes: jiff::civil::time(19, 30, 0, 0),
        };
        let spec = &hours(&[open])[0];
        assert_eq!(spec["dayOfWeek"], "https://schema.org/Monday");
        assert_eq!((&spec["opens"], &spec["closes"]), (&json!("08:00"), &json!("19:30")));
    }

    #[test]
    fn crumbs_count_from_one() {
        let list = breadcrumbs(&[("Find care".to_owned(), "/search".to_owned())]);
        assert_eq!(list["itemListElement"][0]["position"], 1);
    }

    #[test]
    fn only_doctors_are_physicians() {
        assert_eq!(kind_of(Some("general-practitioner")).0, "Physician");
        assert_eq!(kind_of(Some("physiotherapist")).0, "Physiotherapy");
        assert_eq!(kind_of(None).0, "MedicalBusiness");
    }
}
