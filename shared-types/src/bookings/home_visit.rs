//! Visits at the patient's home: how far the practice goes, and where a patient wants to be visited.
//!
//! A type that is a home visit has [`HomeVisit`] in its [`TypeDraft`](super::schedule::TypeDraft). Its minutes on the way are
//! kept free before and after each visit, on top of the buffers, whatever the practitioner does next: two home visits one after
//! the other have both ways between them. Nobody works out a route.
//!
//! Who books one gives a [`VisitAddress`] with the confirmation. A place that the practice does not go to is refused with 422
//! `outside-coverage`; the time stays held.

use serde::{Deserialize, Serialize};

use super::party::tidy;
use crate::{GeoPoint, personal::Personal, problem::FieldError};

/// The longest way to a home visit, in minutes.
pub const MOST_TRAVEL: u16 = 180;
/// How many postcodes one area may name.
pub const MOST_POSTCODES: usize = 200;
/// How many corners one area may have, the first counted once more at the end.
pub const MOST_CORNERS: usize = 500;
/// The widest circle, in kilometres.
pub const MOST_KILOMETRES: u16 = 300;

/// What makes a home visit of an appointment type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HomeVisit {
    /// To be kept free for the way, before and after each visit: at most [`MOST_TRAVEL`].
    pub travel_minutes: u16,
    /// Where the practice goes.
    pub area: VisitArea,
}

/// Where a practice makes home visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum VisitArea {
    /// To every place with one of these postcodes.
    Postcodes {
        /// Four digits each, 1 to [`MOST_POSTCODES`].
        postcodes: Vec<String>,
    },
    /// To every suburb or town whose middle is this near.
    Circle {
        /// The middle of the circle.
        center: GeoPoint,
        /// What the middle is called: `Parramatta NSW 2150`.
        around: String,
        /// How far, 1 to [`MOST_KILOMETRES`].
        kilometres: u16,
    },
    /// To every suburb or town whose middle lies inside.
    Polygon {
        /// Its corners in order, the first once more at the end: 4 to [`MOST_CORNERS`].
        corners: Vec<GeoPoint>,
    },
}

impl HomeVisit {
    /// Puts postcodes in order, each once, and checks every part.
    ///
    /// # Errors
    /// One entry for each part that is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.travel_minutes > MOST_TRAVEL {
            errors.push(FieldError::new("/home_visit/travel_minutes", "Use at most 180 minutes"));
        }
        let area = self.area.check(&mut errors);
        if errors.is_empty() { Ok(Self { area, ..self }) } else { Err(errors) }
    }
}

impl VisitArea {
    fn check(self, errors: &mut Vec<FieldError>) -> Self {
        let mut wrong = |field: &str, detail: String| {
            errors.push(FieldError::new(format!("/home_visit/area/{field}"), detail));
        };
        match self {
            Self::Postcodes { mut postcodes } => {
                postcodes.sort_unstable();
                postcodes.dedup();
                if let Some(text) = postcodes.iter().find(|text| !is_postcode(text)) {
                    let shown: String = text.chars().take(10).collect();
                    wrong("postcodes", format!("“{shown}” is no postcode: use four digits, such as 2150"));
                }
                if !(1..=MOST_POSTCODES).contains(&postcodes.len()) {
                    wrong("postcodes", "Give 1 to 200 postcodes".to_owned());
                }
                Self::Postcodes { postcodes }
            }
            Self::Circle { center, around, kilometres } => {
                let around = tidy(&around);
                if !(1..=100).contains(&around.chars().count()) {
                    wrong("around", "Say around which place, in at most 100 characters".to_owned());
                }
                if !is_in_australia(center) {
                    wrong("center", outside_words(center));
                }
                if !(1..=MOST_KILOMETRES).contains(&kilometres) {
                    wrong("kilometres", "Use 1 to 300 kilometres".to_owned());
                }
                Self::Circle { center, around, kilometres }
            }
            Self::Polygon { corners } => {
                if let Some(detail) = ring_fault(&corners) {
                    wrong("corners", detail);
                }
                Self::Polygon { corners }
            }
        }
    }
}

/// Whether a text is an Australian postcode as far as its look goes.
pub fn is_postcode(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// With Christmas, Cocos, Lord Howe and Norfolk Island.
fn is_in_australia(point: GeoPoint) -> bool {
    (-44.0..=-9.0).contains(&point.lat()) && (96.0..=168.5).contains(&point.lon())
}

fn outside_words(point: GeoPoint) -> String {
    let (lat, lon) = (point.lat(), point.lon());
    format!("Latitude {lat}, longitude {lon} is outside Australia. In GeoJSON the longitude comes first")
}

/// What keeps a line of corners from enclosing an area; none when it does.
fn ring_fault(corners: &[GeoPoint]) -> Option<String> {
    if corners.len() > MOST_CORNERS {
        return Some(format!("This has {} corners. Use at most {MOST_CORNERS}", corners.len()));
    }
    if let Some(outside) = corners.iter().find(|corner| !is_in_australia(**corner)) {
        return Some(outside_words(*outside));
    }
    if corners.len() < 4 || corners.first() != corners.last() {
        return Some("Give at least three corners, and the first once more at the end".to_owned());
    }
    let at = crossing(corners)?;
    Some(format!("The line meets itself near latitude {:.4}, longitude {:.4}", at.lat(), at.lon()))
}

/// Near which corner a closed line meets itself, anywhere but where one side follows the other. The corners are taken as points
/// on a flat map, as they are drawn.
fn crossing(corners: &[GeoPoint]) -> Option<GeoPoint> {
    let sides: Vec<_> = corners.windows(2).map(|side| (side[0], side[1])).collect();
    for (nth, one) in sides.iter().enumerate() {
        // Two sides with one corner in common go on from it: they must not go back the way they came.
        let next = sides[(nth + 1) % sides.len()];
        let goes_back = turn(one.0, one.1, next.1) == 0.0 && !is_between(one.1, one.0, next.1);
        if one.0 == one.1 || goes_back {
            return Some(one.1);
        }
        let last = if nth == 0 { sides.len() - 1 } else { sides.len() };
        if let Some(other) = sides[..last].iter().skip(nth + 2).find(|other| meet(*one, **other)) {
            return Some(other.0);
        }
    }
    None
}

type Side = (GeoPoint, GeoPoint);

fn meet(one: Side, other: Side) -> bool {
    let (a, b) = (turn(one.0, one.1, other.0), turn(one.0, one.1, other.1));
    let (c, d) = (turn(other.0, other.1, one.0), turn(other.0, other.1, one.1));
    if a * b < 0.0 && c * d < 0.0 {
        return true;
    }
    let touches =
        |turned: f64, point: GeoPoint, side: Side| turned == 0.0 && is_between(point, side.0, side.1);
    touches(a, other.0, one)
        || touches(b, other.1, one)
        || touches(c, one.0, other)
        || touches(d, one.1, other)
}

/// Above zero where the way from `a` over `b` to `c` turns left, zero where it is straight.
fn turn(a: GeoPoint, b: GeoPoint, c: GeoPoint) -> f64 {
    (b.lon() - a.lon()) * (c.lat() - a.lat()) - (b.lat() - a.lat()) * (c.lon() - a.lon())
}

/// Whether a point on the line through two others is no further than they are.
fn is_between(point: GeoPoint, a: GeoPoint, b: GeoPoint) -> bool {
    let within = |at: f64, one: f64, other: f64| (one.min(other)..=one.max(other)).contains(&at);
    within(point.lon(), a.lon(), b.lon()) && within(point.lat(), a.lat(), b.lat())
}

/// Where somebody wants to be visited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitAddress {
    /// `Unit 3, 12 Example Street`.
    pub street: Personal<String>,
    /// `Parramatta NSW`.
    pub locality: Personal<String>,
    /// Four digits.
    pub postcode: Personal<String>,
    /// The middle of the suburb or town, for areas that are drawn. It is looked at and not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Personal<GeoPoint>>,
}

impl VisitAddress {
    /// Trims and checks every field.
    ///
    /// # Errors
    /// One entry for each field that is wrong, saying what would be right.
    pub fn check(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let street = tidy(self.street.expose());
        if !(1..=120).contains(&street.chars().count()) {
            let detail = "Enter the street and number, in at most 120 characters";
            errors.push(FieldError::new("/visit/street", detail));
        }
        let locality = tidy(self.locality.expose());
        if !(1..=80).contains(&locality.chars().count()) {
            errors.push(FieldError::new("/visit/locality", "Enter the suburb or town"));
        }
        let postcode = self.postcode.expose().trim().to_owned();
        if !is_postcode(&postcode) {
            errors.push(FieldError::new("/visit/postcode", "Enter the postcode, four digits"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            street: street.into(),
            locality: locality.into(),
            postcode: postcode.into(),
            point: self.point,
        })
    }

    /// `12 Example Street, Parramatta NSW 2150`.
    pub fn line(&self) -> String {
        format!("{}, {} {}", self.street.expose(), self.locality.expose(), self.postcode.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::{HomeVisit, MOST_CORNERS, VisitAddress, VisitArea};
    use crate::GeoPoint;

    fn at(lat: f64, lon: f64) -> GeoPoint {
        GeoPoint::new(lat, lon).unwrap()
    }

    fn visit(area: VisitArea) -> HomeVisit {
        HomeVisit { travel_minutes: 20, area }
    }

    /// What is wrong with a line of corners, each as latitude and longitude.
    fn fault(corners: &[(f64, f64)]) -> Option<String> {
        let corners = corners.iter().map(|(lat, lon)| at(*lat, *lon)).collect();
        let errors = visit(VisitArea::Polygon { corners }).check().err()?;
        assert_eq!(errors[0].pointer, "/home_visit/area/corners");
        Some(errors[0].detail.clone())
    }

    const SQUARE: [(f64, f64); 5] =
        [(-33.9, 150.9), (-33.9, 151.1), (-33.7, 151.1), (-33.7, 150.9), (-33.9, 150.9)];

    #[test]
    fn an_area_is_enclosed_by_a_line_that_does_not_meet_itself() {
        assert_eq!(fault(&SQUARE), None);
        let mut backwards = SQUARE;
        backwards.reverse();
        assert_eq!(fault(&backwards), None);
        assert_eq!(fault(&[SQUARE[0], SQUARE[1], SQUARE[2], SQUARE[0]]), None, "three corners");
        // A corner on the way of a side is no turning back.
        assert_eq!(fault(&[SQUARE[0], (-33.9, 151.0), SQUARE[1], SQUARE[2], SQUARE[3], SQUARE[0]]), None);
        let bow = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]];
        assert!(fault(&bow).unwrap().starts_with("The line meets itself near latitude -33.9"));
        let spike = [SQUARE[0], SQUARE[1], (-33.9, 151.3), SQUARE[1], SQUARE[2], SQUARE[0]];
        assert!(fault(&spike).unwrap().starts_with("The line meets itself"));
        let middle = (-33.8, 151.0);
        let eight = [SQUARE[0], middle, SQUARE[3], SQUARE[2], middle, SQUARE[1], SQUARE[0]];
        assert!(fault(&eight).unwrap().starts_with("The line meets itself"));
        let flat = [SQUARE[0], SQUARE[1], (-33.9, 151.0), SQUARE[0]];
        assert!(fault(&flat).unwrap().starts_with("The line meets itself"));
    }

    #[test]
    fn what_encloses_nothing_or_too_much_is_named() {
        let open = "Give at least three corners, and the first once more at the end";
        assert_eq!(fault(&SQUARE[..4]).as_deref(), Some(open));
        assert_eq!(fault(&[]).as_deref(), Some(open));
        let swapped = [(51.5, -0.1), (51.6, -0.1), (51.6, 0.1), (51.5, -0.1)];
        assert!(fault(&swapped).unwrap().starts_with("Latitude 51.5, longitude -0.1 is outside Australia"));
        let many = vec![(-33.9, 151.0); MOST_CORNERS + 1];
        assert_eq!(fault(&many).as_deref(), Some("This has 501 corners. Use at most 500"));
    }

    #[test]
    fn postcodes_come_back_in_order_and_each_once() {
        let of = |texts: &[&str]| {
            let postcodes = texts.iter().map(|text| (*text).to_owned()).collect();
            visit(VisitArea::Postcodes { postcodes }).check()
        };
        let VisitArea::Postcodes { postcodes } = of(&["2151", "2150", "2151"]).unwrap().area else {
            panic!()
        };
        assert_eq!(postcodes, ["2150", "2151"]);
        assert_eq!(of(&[]).unwrap_err()[0].detail, "Give 1 to 200 postcodes");
        let wrong = of(&["215"]).unwrap_err();
        assert_eq!(wrong[0].detail, "“215” is no postcode: use four digits, such as 2150");
    }

    #[test]
    fn a_circle_has_a_middle_in_australia_and_an_end() {
        let circle = |center, kilometres| {
            visit(VisitArea::Circle { center, around: "Parramatta".to_owned(), kilometres }).check()
        };
        assert!(circle(at(-33.8, 151.0), 12).is_ok());
        assert_eq!(circle(at(-33.8, 151.0), 301).unwrap_err()[0].pointer, "/home_visit/area/kilometres");
        assert_eq!(circle(at(51.5, 0.0), 12).unwrap_err()[0].pointer, "/home_visit/area/center");
        let far = HomeVisit { travel_minutes: 181, ..circle(at(-33.8, 151.0), 12).unwrap() };
        assert_eq!(far.check().unwrap_err()[0].pointer, "/home_visit/travel_minutes");
    }

    #[test]
    fn an_address_names_what_is_missing_and_prints_nothing() {
        let address = |street: &str, locality: &str, postcode: &str| VisitAddress {
            street: street.to_owned().into(),
            locality: locality.to_owned().into(),
            postcode: postcode.to_owned().into(),
            point: None,
        };
        let good = address(" 12  Example Street", "Parramatta NSW ", "2150").check().unwrap();
        assert_eq!(good.line(), "12 Example Street, Parramatta NSW 2150");
        assert!(!format!("{good:?}").contains("Example"));
        let pointers: Vec<_> =
            address("", " ", "21").check().unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/visit/street", "/visit/locality", "/visit/postcode"]);
    }
}
