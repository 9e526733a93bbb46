//! Places, hours, the way to a page: what several pages say alike.

use serde_json::{Value, json};
use shared_types::{
    providers::{LocationSummary, OpeningHours},
    time::weekday_name,
};

use super::Crumb;

/// Stands for the site's origin until the document is written.
pub(super) const ORIGIN: &str = "{public_url}";

pub(super) fn address(location: &LocationSummary) -> Value {
    json!({
        "@type": "PostalAddress",
        "streetAddress": location.line,
        "addressLocality": location.suburb,
        "addressRegion": location.state,
        "postalCode": location.postcode,
        "addressCountry": "AU",
    })
}

/// `None` when only the suburb is known: the middle of it is not where the door is.
pub(super) fn geo(location: &LocationSummary) -> Option<Value> {
    (!location.approximate)
        .then(|| json!({ "@type": "GeoCoordinates", "latitude": location.lat, "longitude": location.lon }))
}

pub(super) fn opening_hours(hours: &[OpeningHours]) -> Vec<Value> {
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

pub(super) fn breadcrumbs(crumbs: &[Crumb]) -> Value {
    let items = (1..).zip(crumbs).map(|(position, (words, path))| {
        let item = format!("{ORIGIN}{path}");
        json!({ "@type": "ListItem", "position": position, "name": words, "item": item })
    });
    json!({ "@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{breadcrumbs, opening_hours};

    #[test]
    fn hours_are_told_by_weekday() {
        let open = shared_types::providers::OpeningHours {
            weekday: 1,
            opens: jiff::civil::time(8, 0, 0, 0),
            closes: jiff::civil::time(19, 30, 0, 0),
        };
        let spec = &opening_hours(&[open])[0];
        assert_eq!(spec["dayOfWeek"], "https://schema.org/Monday");
        assert_eq!((&spec["opens"], &spec["closes"]), (&json!("08:00"), &json!("19:30")));
    }

    #[test]
    fn crumbs_count_from_one() {
        let list = breadcrumbs(&[("Find care".to_owned(), "/search".to_owned())]);
        assert_eq!(list["itemListElement"][0]["position"], 1);
    }
}
