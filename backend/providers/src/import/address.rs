//! Postal addresses and positions. The zone and the locality are found later; here words become fields.

use serde::Serialize;
use serde_json::Value;
use shared_types::{GeoPoint, Zone};

use super::{
    Warning,
    json::{clean, elements, text},
};

/// Finds the zone of a point (latitude, longitude); `None` outside Australia's territories.
pub type ZoneOf<'a> = dyn Fn(f64, f64) -> Option<Zone> + Sync + 'a;

/// An address as it is shown, and the name under which its locality is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Street and number, when given.
    pub line: Option<String>,
    /// Suburb or town; empty when not given.
    pub suburb: String,
    /// `NSW`; empty when not given or not one of ours.
    pub state: String,
    /// Four digits; empty when not given.
    pub postcode: String,
    /// `mount isa` for `Mt  Isa`; absent for an address in another country.
    pub lookup: Option<String>,
}

/// Where something is, to the metre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Position {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The zone of that point.
    pub time_zone: Zone,
}

/// The address to show: the first that is a place and still in use.
pub(super) fn address(resource: &Value, warnings: &mut Vec<Warning>) -> Option<Address> {
    let all = elements(resource, "", "address");
    let in_use = |address: &Value| text(address, "use").is_none_or(|usage| usage != "old");
    let a_place = |address: &Value| text(address, "type").is_none_or(|kind| kind != "postal");
    let current: Vec<_> = all.into_iter().filter(|(_, address)| in_use(address)).collect();
    let (pointer, chosen) = current.iter().find(|(_, address)| a_place(address)).or(current.first())?;
    Some(read(chosen, pointer, warnings))
}

fn read(address: &Value, pointer: &str, warnings: &mut Vec<Warning>) -> Address {
    let lines = address.get("line").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let lines: Vec<_> = lines.iter().filter_map(Value::as_str).filter_map(clean).collect();
    let line = if lines.is_empty() { text(address, "text") } else { Some(lines.join(", ")) };
    let suburb = text(address, "city").unwrap_or_default();
    let country = text(address, "country").unwrap_or_default().to_uppercase();
    if !matches!(country.as_str(), "" | "AU" | "AUS" | "AUSTRALIA") {
        warnings.push(Warning::new(format!("{pointer}/country"), "not in Australia; listed without a point"));
        return Address { line, suburb, ..Address::default() };
    }
    let given_state = text(address, "state").unwrap_or_default();
    let state = state(&given_state).unwrap_or_default();
    if state.is_empty() && !given_state.is_empty() {
        let reason = format!("{given_state:?} is no Australian state or territory");
        warnings.push(Warning::new(format!("{pointer}/state"), reason));
    }
    let given_postcode = text(address, "postalCode").unwrap_or_default();
    let postcode = postcode(&given_postcode).unwrap_or_default();
    if postcode.is_empty() && !given_postcode.is_empty() {
        let reason = format!("{given_postcode:?} is no postcode: four digits are expected");
        warnings.push(Warning::new(format!("{pointer}/postalCode"), reason));
    }
    let lookup = Some(lookup(&suburb));
    Address { line, suburb, state: state.to_owned(), postcode, lookup }
}

/// A state's or territory's short name, from its short or long one.
fn state(given: &str) -> Option<&'static str> {
    const STATES: [(&str, &str); 8] = [
        ("NSW", "NEW SOUTH WALES"),
        ("VIC", "VICTORIA"),
        ("QLD", "QUEENSLAND"),
        ("SA", "SOUTH AUSTRALIA"),
        ("WA", "WESTERN AUSTRALIA"),
        ("TAS", "TASMANIA"),
        ("NT", "NORTHERN TERRITORY"),
        ("ACT", "AUSTRALIAN CAPITAL TERRITORY"),
    ];
    let given = given.trim_start_matches("AU-").replace('.', "").to_uppercase();
    STATES.iter().find(|(short, long)| given == *short || given == *long).map(|(short, _)| *short)
}

/// Four digits; three are four whose leading zero a spreadsheet ate.
fn postcode(given: &str) -> Option<String> {
    let digits = given.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, given.len()) {
        (true, 4) => Some(given.to_owned()),
        (true, 3) => Some(format!("0{given}")),
        _ => None,
    }
}

fn lookup(suburb: &str) -> String {
    let plain = suburb.to_lowercase().replace(['’', 'ʼ', '‘'], "'");
    let long = |(short, long): (&str, &str)| plain.strip_prefix(short).map(|rest| format!("{long}{rest}"));
    [("mt. ", "mount "), ("mt ", "mount "), ("st. ", "st "), ("saint ", "st "), ("pt ", "port ")]
        .into_iter()
        .find_map(long)
        .unwrap_or(plain)
}

/// A location's position, unless it cannot be true; then the address decides.
pub(super) fn position(
    resource: &Value,
    zone_of: &ZoneOf<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<Position> {
    let position = resource.get("position").filter(|position| position.is_object())?;
    let number = |name: &str| position.get(name).and_then(Value::as_f64);
    let (Some(lat), Some(lon)) = (number("latitude"), number("longitude")) else {
        warnings.push(Warning::new(
            "/position",
            "latitude and longitude are not both numbers; the address is used",
        ));
        return None;
    };
    let reason = match GeoPoint::new(lat, lon) {
        _ if lat == 0.0 && lon == 0.0 => "latitude and longitude are both 0; the address is used",
        Ok(point) => match zone_of(point.lat(), point.lon()) {
            Some(time_zone) => return Some(Position { lat, lon, time_zone }),
            None if swapped(lat, lon, zone_of) => {
                "not in Australia as it stands; latitude and longitude look exchanged; the address is used"
            }
            None => "not in Australia or its territories; the address is used",
        },
        Err(_) if swapped(lat, lon, zone_of) => "latitude and longitude look exchanged; the address is used",
        Err(_) => "not a point on the globe; the address is used",
    };
    warnings.push(Warning::new("/position", reason));
    None
}

fn swapped(lat: f64, lon: f64, zone_of: &ZoneOf<'_>) -> bool {
    GeoPoint::new(lon, lat).is_ok_and(|point| zone_of(point.lat(), point.lon()).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared_types::Zone;

    use super::{Address, address, position};

    #[test]
    fn an_address_becomes_fields() {
        for (given, line, suburb, state, postcode, lookup, warned) in [
            (
                json!({"line": ["Building 18", "195 Maple Cct"], "city": "Barney View", "state": "QLD", "postalCode": "4287"}),
                Some("Building 18, 195 Maple Cct"),
                "Barney View",
                "QLD",
                "4287",
                Some("barney view"),
                0,
            ),
            (
                json!({"city": "Mt  Isa", "state": "Queensland", "postalCode": "4825", "country": "Australia"}),
                None,
                "Mt Isa",
                "QLD",
                "4825",
                Some("mount isa"),
                0,
            ),
            (
                json!({"city": "Darwin", "state": "NT", "postalCode": "800"}),
                None,
                "Darwin",
                "NT",
                "0800",
                Some("darwin"),
                0,
            ),
            (
                json!({"city": "Perth", "state": "ZZ", "postalCode": "6000x"}),
                None,
                "Perth",
                "",
                "",
                Some("perth"),
                2,
            ),
            (
                json!({"line": ["1 High St"], "city": "Auckland", "country": "NZ"}),
                Some("1 High St"),
                "Auckland",
                "",
                "",
                None,
                1,
            ),
            (json!({"text": "12 Church St"}), Some("12 Church St"), "", "", "", Some(""), 0),
        ] {
            let mut warnings = Vec::new();
            let read = address(&json!({ "address": [given] }), &mut warnings).unwrap();
            let expected = Address {
                line: line.map(str::to_owned),
                suburb: suburb.to_owned(),
                state: state.to_owned(),
                postcode: postcode.to_owned(),
                lookup: lookup.map(str::to_owned),
            };
            assert_eq!(read, expected);
            assert_eq!(warnings.len(), warned, "{warnings:?}");
        }
    }

    #[test]
    fn a_place_in_use_goes_before_a_letter_box() {
        let resource = json!({"address": [
            {"city": "Old", "use": "old"},
            {"city": "Box", "type": "postal"},
            {"city": "Place"},
        ]});
        assert_eq!(address(&resource, &mut Vec::new()).unwrap().suburb, "Place");
        let resource = json!({"address": [{"city": "Box", "type": "postal"}]});
        assert_eq!(address(&resource, &mut Vec::new()).unwrap().suburb, "Box");
        assert_eq!(address(&json!({}), &mut Vec::new()), None);
    }

    #[test]
    fn a_position_that_cannot_be_true_is_left_to_the_address() {
        let australia = |lat: f64, lon: f64| {
            let inside = (-44.0..=-10.0).contains(&lat) && (112.0..=154.0).contains(&lon);
            inside.then_some(Zone::SYDNEY)
        };
        for (given, reason) in [
            (json!({"latitude": -33.8, "longitude": 151.0}), None),
            (json!({"latitude": 0, "longitude": 0}), Some("both 0")),
            (json!({"latitude": 151.0, "longitude": -33.8}), Some("exchanged")),
            (json!({"latitude": 51.5, "longitude": -0.1}), Some("not in Australia")),
            (json!({"latitude": 951.5, "longitude": -0.1}), Some("not a point")),
            (json!({"latitude": "-33.8", "longitude": 151.0}), Some("not both numbers")),
        ] {
            let mut warnings = Vec::new();
            let found = position(&json!({ "position": given }), &australia, &mut warnings);
            assert_eq!(found.is_some(), reason.is_none());
            assert_eq!(warnings.len(), usize::from(reason.is_some()));
            if let Some(reason) = reason {
                assert!(warnings[0].reason.contains(reason), "{}", warnings[0].reason);
            }
        }
    }
}
