//! Structured data for search engines (schema.org, read 2026-11-22). Made only on the server: the browser's
//! bundle carries stand-ins that say nothing. `{public_url}` is filled in with the page.

use shared_types::providers::{Landing, ProviderSummary};

/// The site, and how to search it.
pub fn site() -> Option<String> {
    #[cfg(feature = "ssr")]
    return Some(on_server::site());
    #[cfg(not(feature = "ssr"))]
    None
}

/// A list of providers with the way to it.
pub fn landing(landing: &Landing, path: &str) -> Option<String> {
    #[cfg(feature = "ssr")]
    return Some(on_server::landing(landing, path));
    #[cfg(not(feature = "ssr"))]
    {
        let _ = (landing, path);
        None
    }
}

/// The results of a search.
pub fn results(items: &[ProviderSummary]) -> Option<String> {
    #[cfg(feature = "ssr")]
    return Some(on_server::results(items));
    #[cfg(not(feature = "ssr"))]
    {
        let _ = items;
        None
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use serde_json::{Value, json};
    use shared_types::providers::{Landing, ProviderSummary};

    const CONTEXT: &str = "https://schema.org";

    pub fn site() -> String {
        json!({
            "@context": CONTEXT,
            "@type": "WebSite",
            "name": "HelloMapper",
            "url": "{public_url}/",
            "potentialAction": {
                "@type": "SearchAction",
                "target": { "@type": "EntryPoint", "urlTemplate": "{public_url}/search?near={near}" },
                "query-input": "required name=near",
            },
        })
        .to_string()
    }

    pub fn landing(landing: &Landing, path: &str) -> String {
        let plural = &landing.profession.plural;
        let trail = [("Find care", "/search"), (plural.as_str(), path)];
        let crumbs: Vec<_> = trail
            .into_iter()
            .zip(1..)
            .map(|((name, path), position)| {
                json!({ "@type": "ListItem", "position": position, "name": name, "item": address(path) })
            })
            .collect();
        json!({
            "@context": CONTEXT,
            "@graph": [
                { "@type": "BreadcrumbList", "itemListElement": crumbs },
                list(&landing.results.items),
            ],
        })
        .to_string()
    }

    pub fn results(items: &[ProviderSummary]) -> String {
        let mut list = list(items);
        list["@context"] = CONTEXT.into();
        list.to_string()
    }

    fn list(items: &[ProviderSummary]) -> Value {
        let entries: Vec<_> = items
            .iter()
            .zip(1..)
            .map(|(item, position)| json!({ "@type": "ListItem", "position": position, "item": provider(item) }))
            .collect();
        json!({ "@type": "ItemList", "itemListElement": entries })
    }

    fn provider(item: &ProviderSummary) -> Value {
        let mut provider = json!({
            "@type": "MedicalBusiness",
            "name": item.name,
            "url": address(&format!("/providers/{}", item.slug)),
        });
        if let Some(practice) = &item.organization {
            provider["parentOrganization"] = json!({
                "@type": "MedicalOrganization",
                "name": practice.name,
                "url": address(&format!("/practices/{}", practice.slug)),
            });
        }
        if let Some(location) = &item.location {
            provider["address"] = json!({
                "@type": "PostalAddress",
                "streetAddress": location.line,
                "addressLocality": location.suburb,
                "addressRegion": location.state,
                "postalCode": location.postcode,
                "addressCountry": "AU",
            });
            if !location.approximate {
                provider["geo"] =
                    json!({ "@type": "GeoCoordinates", "latitude": location.lat, "longitude": location.lon });
            }
        }
        provider
    }

    fn address(path: &str) -> String {
        format!("{{public_url}}{path}")
    }
}
