//! Places on the globe: WGS 84 degrees and metres.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A point in WGS 84 degrees. `lat` is -90..=90, `lon` is -180..=180; both finite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPoint")]
pub struct GeoPoint {
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct RawPoint {
    lat: f64,
    lon: f64,
}

impl TryFrom<RawPoint> for GeoPoint {
    type Error = OutOfRange;

    fn try_from(raw: RawPoint) -> Result<Self, OutOfRange> {
        Self::new(raw.lat, raw.lon)
    }
}

/// A coordinate that is not on the globe.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("latitude must be within -90..90 and longitude within -180..180")]
pub struct OutOfRange;

impl GeoPoint {
    /// A point, latitude first.
    ///
    /// # Errors
    /// [`OutOfRange`] when a coordinate is not finite or not on the globe.
    pub fn new(lat: f64, lon: f64) -> Result<Self, OutOfRange> {
        let on_globe = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        if on_globe { Ok(Self { lat, lon }) } else { Err(OutOfRange) }
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// The great-circle distance, on a sphere of 6,371,009 m (mean Earth radius, IUGG).
    pub fn distance_to(self, other: Self) -> Metres {
        const RADIUS: f64 = 6_371_009.0;
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (d_lat, d_lon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (d_lat / 2.0).sin().powi(2) + a.cos() * b.cos() * (d_lon / 2.0).sin().powi(2);
        Metres(2.0 * RADIUS * h.sqrt().min(1.0).asin())
    }
}

/// A distance in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Metres(pub f64);

impl fmt::Display for Metres {
    /// `350 m`, `4.2 km`, `128 km`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 950.0 {
            write!(f, "{:.0} m", (self.0 / 50.0).round() * 50.0)
        } else if self.0 < 99_950.0 {
            write!(f, "{:.1} km", self.0 / 1000.0)
        } else {
            write!(f, "{:.0} km", self.0 / 1000.0)
        }
    }
}

/// A map window: west, south, east, north in degrees. It does not cross the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bbox {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

impl Bbox {
    /// The middle of the window.
    pub fn center(self) -> GeoPoint {
        GeoPoint { lat: f64::midpoint(self.south, self.north), lon: f64::midpoint(self.west, self.east) }
    }
}

impl FromStr for Bbox {
    type Err = BadBbox;

    fn from_str(text: &str) -> Result<Self, BadBbox> {
        let mut edges = [0.0; 4];
        let mut parts = text.split(',');
        for edge in &mut edges {
            *edge = parts.next().and_then(|part| decimal(part.trim())).ok_or(BadBbox)?;
        }
        let [west, south, east, north] = edges;
        GeoPoint::new(south, west).map_err(|_| BadBbox)?;
        GeoPoint::new(north, east).map_err(|_| BadBbox)?;
        let in_order = west < east && south < north && parts.next().is_none();
        if in_order { Ok(Self { west, south, east, north }) } else { Err(BadBbox) }
    }
}

impl fmt::Display for Bbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.5},{:.5},{:.5},{:.5}", self.west, self.south, self.east, self.north)
    }
}

/// Degrees as a decimal number: `-33.8136`. Twelve places after the point count, which is a ten-thousandth of a millimetre.
/// The standard library reads every notation to the last bit, by ten kilobytes of tables that a browser need not load.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = &part[..part.len().min(12)];
    let units: u64 = format!("{whole}{part}").parse().ok()?;
    let places = i32::try_from(part.len()).ok()?;
    Some(sign * units as f64 / 10_f64.powi(places))
}

/// A window that is not `west,south,east,north` in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give four degrees as west,south,east,north, for example 150.9,-33.9,151.1,-33.7")]
pub struct BadBbox;

#[cfg(test)]
mod tests {
    use super::{Bbox, GeoPoint, Metres, decimal};

    #[test]
    fn points_off_the_globe_are_refused() {
        for (lat, lon) in [(91.0, 0.0), (0.0, 181.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(GeoPoint::new(lat, lon).is_err(), "{lat},{lon}");
        }
    }

    #[test]
    fn sydney_to_melbourne_is_about_713_km() {
        let sydney = GeoPoint::new(-33.8688, 151.2093).unwrap();
        let melbourne = GeoPoint::new(-37.8136, 144.9631).unwrap();
        assert!((sydney.distance_to(melbourne).0 - 713_400.0).abs() < 1_000.0);
    }

    #[test]
    fn distances_read_as_people_say_them() {
        for (metres, text) in
            [(340.0, "350 m"), (4_210.0, "4.2 km"), (128_400.0, "128 km"), (960.0, "1.0 km")]
        {
            assert_eq!(Metres(metres).to_string(), text);
        }
    }

    #[test]
    fn degrees_are_read_as_the_standard_library_reads_them() {
        for text in ["0", "-0", "151", "-33.8136", "151.0034", "-33.", "007.5", "-179.999999999999", "0.1"] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        let long = decimal("151.00340000000003").unwrap();
        assert!((long - 151.0034).abs() < 1e-11, "{long}");
        for text in
            ["", "-", ".5", "1e2", "NaN", "inf", "--1", "1.2.3", "1,5", " 1", "1.é", "99999999999999999999"]
        {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn windows_need_four_edges_in_order() {
        assert!("150.9,-33.9,151.1,-33.7".parse::<Bbox>().is_ok());
        for bad in ["", "1,2,3", "151,-33,150,-32", "150,-32,151,-33", "1,2,3,4,5", "a,b,c,d", "0,0,400,10"] {
            assert!(bad.parse::<Bbox>().is_err(), "{bad}");
        }
    }
}
