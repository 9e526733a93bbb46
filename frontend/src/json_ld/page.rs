//! What each page is about.

use serde_json::{Value, json};
use shared_types::providers::{OrganizationRef, PracticeProfile, ProviderProfile, ProviderSummary};

use super::parts::{ORIGIN, address, geo, opening_hours};

/// What every provider is, when the provider type says nothing closer.
const ANY_PROVIDER: &str = "MedicalBusiness";

pub(super) fn site() -> Value {
    json!({
        "@type": "WebSite",
        "name": "HelloMapper",
        "url": format!("{ORIGIN}/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{ORIGIN}/search?near={{near}}") },
            "query-input": "required name=near",
        },
    })
}

pub(super) fn provider(profile: &ProviderProfile) -> Value {
    let summary = &profile.summary;
    let named = profile.schema_org.as_ref();
    let specialty = named.and_then(|named| named.specialty.as_deref());
    let mut data = listed(summary, named.map_or(ANY_PROVIDER, |named| &named.kind));
    data["@id"] = format!("{ORIGIN}/providers/{}#provider", summary.slug).into();
    data["description"] = profile.about.clone().into();
    data["knowsLanguage"] = summary.facts.languages.clone().into();
    data["isAcceptingNewPatients"] = summary.facts.new_patients.then_some(true).into();
    data["medicalSpecialty"] = specialty.map(|name| format!("https://schema.org/{name}")).into();
    data["openingHoursSpecification"] = opening_hours(&profile.opening_hours).into();
    data["telephone"] = summary.organization.as_ref().and_then(|practice| practice.phone.clone()).into();
    data
}

pub(super) fn practice(profile: &PracticeProfile) -> Value {
    let mut data = clinic(&profile.organization);
    data["sameAs"] = profile.website.clone().into();
    data["telephone"] = profile.organization.phone.clone().into();
    data["openingHoursSpecification"] = opening_hours(&profile.opening_hours).into();
    data["address"] = profile.locations.first().map(address).into();
    data["geo"] = profile.locations.first().and_then(geo).into();
    data
}

/// Providers in their order on the page.
pub(super) fn list(items: &[ProviderSummary]) -> Value {
    let entries = items.iter().zip(1..).map(|(item, position)| {
        let item = listed(item, ANY_PROVIDER);
        json!({ "@type": "ListItem", "position": position, "item": item })
    });
    json!({ "@type": "ItemList", "itemListElement": entries.collect::<Vec<_>>() })
}

/// What a list knows of somebody.
fn listed(summary: &ProviderSummary, kind: &str) -> Value {
    json!({
        "@type": kind,
        "name": summary.name,
        "url": format!("{ORIGIN}/providers/{}", summary.slug),
        "parentOrganization": summary.organization.as_ref().map(clinic),
        "address": summary.location.as_ref().map(address),
        "geo": summary.location.as_ref().and_then(geo),
    })
}

fn clinic(practice: &OrganizationRef) -> Value {
    json!({
        "@type": "MedicalClinic",
        "@id": format!("{ORIGIN}/practices/{}#practice", practice.slug),
        "name": practice.name,
        "url": format!("{ORIGIN}/practices/{}", practice.slug),
    })
}
