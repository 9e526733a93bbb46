//! The time zone of a point: from coordinates, never from a postcode or a state.
//!
//! Source: the time zone boundaries of tzf-dist (OpenStreetMap contributors, ODbL), through the crate tzf-rs.

use std::sync::LazyLock;

use shared_types::{GeoPoint, Zone};
use tzf_rs::EmbeddedFinder;

static FINDER: LazyLock<EmbeddedFinder> = LazyLock::new(EmbeddedFinder::new);

/// The Australian zone at a point; `None` at sea and abroad.
pub fn zone_of(point: GeoPoint) -> Option<Zone> {
    FINDER.get_tz_names(point.lon(), point.lat()).into_iter().find_map(|name| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use shared_types::GeoPoint;

    use super::zone_of;

    #[test]
    fn zones_come_from_coordinates() {
        for (place, lat, lon, zone) in [
            ("Parramatta", -33.8136, 151.0034, "Australia/Sydney"),
            ("Broken Hill", -31.9539, 141.4539, "Australia/Broken_Hill"),
            ("Lord Howe Island", -31.5553, 159.0821, "Australia/Lord_Howe"),
            ("Eucla", -31.6772, 128.8890, "Australia/Eucla"),
            ("Tweed Heads", -28.1780, 153.5370, "Australia/Sydney"),
            ("Coolangatta", -28.1700, 153.5310, "Australia/Brisbane"),
            ("Mildura", -34.2080, 142.1246, "Australia/Melbourne"),
            ("Norfolk Island", -29.0408, 167.9547, "Pacific/Norfolk"),
            ("Cocos", -12.1880, 96.8290, "Indian/Cocos"),
            ("Alice Springs", -23.6980, 133.8807, "Australia/Darwin"),
        ] {
            let found = zone_of(GeoPoint::new(lat, lon).unwrap());
            assert_eq!(found.map(|zone| zone.name()), Some(zone), "{place}");
        }
    }

    #[test]
    fn abroad_has_no_zone_of_ours() {
        assert_eq!(zone_of(GeoPoint::new(51.5, -0.12).unwrap()), None);
    }
}
