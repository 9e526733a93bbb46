//! Where a practice makes the home visits of an appointment type, while it is edited.

use serde::Deserialize as _;
use serde_json::{Value, json};
use shared_types::{
    GeoPoint,
    bookings::home_visit::{HomeVisit, VisitArea},
    problem::FieldError,
    providers::Place,
};

/// How the area is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AreaBy {
    /// As a list of postcodes.
    #[default]
    Postcodes,
    /// Around a place.
    Circle,
    /// As a polygon that was drawn elsewhere.
    Polygon,
}

impl AreaBy {
    /// All of them, in the order of the field.
    pub const ALL: [Self; 3] = [Self::Postcodes, Self::Circle, Self::Polygon];

    /// The name in the field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Postcodes => "postcodes",
            Self::Circle => "circle",
            Self::Polygon => "polygon",
        }
    }

    /// How people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Postcodes => "To some postcodes",
            Self::Circle => "Around a place",
            Self::Polygon => "To an area drawn elsewhere",
        }
    }

    /// Reads [`AreaBy::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }
}

/// What stands in the fields. What was given in another way stays, for who changes their mind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VisitAreaForm {
    /// Whether it is a home visit at all.
    pub on: bool,
    /// Minutes for the way.
    pub travel: String,
    /// How the area is given.
    pub by: AreaBy,
    /// Postcodes with anything between.
    pub postcodes: String,
    /// Around which place.
    pub around: String,
    /// Where that is, once it was chosen from the list.
    pub center: Option<GeoPoint>,
    /// How far.
    pub kilometres: String,
    /// GeoJSON.
    pub geojson: String,
}

impl VisitAreaForm {
    /// The form of a home visit, or of none.
    pub fn of(visit: Option<&HomeVisit>) -> Self {
        let Some(HomeVisit { travel_minutes, area }) = visit else {
            return Self { travel: "20".to_owned(), ..Self::default() };
        };
        let form = Self { on: true, travel: travel_minutes.to_string(), ..Self::default() };
        match area {
            VisitArea::Postcodes { postcodes } => {
                Self { by: AreaBy::Postcodes, postcodes: postcodes.join(", "), ..form }
            }
            VisitArea::Circle { center, around, kilometres } => Self {
                by: AreaBy::Circle,
                around: around.clone(),
                center: Some(*center),
                kilometres: kilometres.to_string(),
                ..form
            },
            VisitArea::Polygon { corners } => {
                let ring: Vec<_> = corners.iter().map(|corner| [corner.lon(), corner.lat()]).collect();
                let geojson = json!({"type": "Polygon", "coordinates": [ring]}).to_string();
                Self { by: AreaBy::Polygon, geojson, ..form }
            }
        }
    }

    /// With other words for the middle, which nobody has looked up yet.
    pub fn with_words(&self, around: String) -> Self {
        Self { around, center: None, ..self.clone() }
    }

    /// With a middle from the list.
    pub fn with_place(&self, place: &Place) -> Self {
        Self { around: place.label.clone(), center: GeoPoint::new(place.lat, place.lon).ok(), ..self.clone() }
    }

    /// The home visit as the API takes it; none where it is none.
    ///
    /// # Errors
    /// One entry for each field that is wrong, by the service's pointers.
    pub fn read(&self) -> Result<Option<HomeVisit>, Vec<FieldError>> {
        if !self.on {
            return Ok(None);
        }
        let travel = whole(&self.travel, "/home_visit/travel_minutes");
        match (travel, self.area()) {
            (Ok(travel_minutes), Ok(area)) => HomeVisit { travel_minutes, area }.check().map(Some),
            (travel, area) => Err(travel.err().into_iter().chain(area.err()).collect()),
        }
    }

    fn area(&self) -> Result<VisitArea, FieldError> {
        match self.by {
            AreaBy::Postcodes => {
                let each = self.postcodes.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
                let postcodes = each.filter(|text| !text.is_empty()).map(str::to_owned).collect();
                Ok(VisitArea::Postcodes { postcodes })
            }
            AreaBy::Circle => {
                let chosen = self.center.ok_or("Choose the place from the list");
                Ok(VisitArea::Circle {
                    center: chosen.map_err(|detail| FieldError::new("/home_visit/area/center", detail))?,
                    around: self.around.clone(),
                    kilometres: whole(&self.kilometres, "/home_visit/area/kilometres")?,
                })
            }
            AreaBy::Polygon => {
                let corners = corners_of(&self.geojson);
                let corners =
                    corners.map_err(|detail| FieldError::new("/home_visit/area/corners", detail))?;
                Ok(VisitArea::Polygon { corners })
            }
        }
    }
}

fn whole(text: &str, pointer: &str) -> Result<u16, FieldError> {
    text.trim().parse().map_err(|_| FieldError::new(pointer, "Enter a whole number"))
}

/// The corners of a polygon, or of the only feature of a map.
fn corners_of(text: &str) -> Result<Vec<GeoPoint>, &'static str> {
    const NONE: &str = "Paste a GeoJSON Polygon, such as geojson.io or a map program saves";
    let all: Value = serde_json::from_str(text).map_err(|_| NONE)?;
    let feature = match all["features"].as_array().map(Vec::as_slice) {
        None => &all,
        Some([only]) => only,
        Some(_) => return Err("Paste one area: this has several, or none"),
    };
    let geometry = if feature["type"] == "Feature" { &feature["geometry"] } else { feature };
    if geometry["type"] != "Polygon" {
        return Err(NONE);
    }
    let rings: Vec<Vec<Vec<f64>>> = Vec::deserialize(&geometry["coordinates"]).map_err(|_| NONE)?;
    let [ring] = &rings[..] else { return Err("Paste an area without holes") };
    let corners = ring.iter().map(|corner| match corner[..] {
        // A height may follow.
        [lon, lat, ..] => GeoPoint::new(lat, lon).map_err(|_| "A corner is not on the globe"),
        _ => Err(NONE),
    });
    corners.collect()
}

#[cfg(test)]
mod tests {
    use shared_types::{
        GeoPoint,
        bookings::home_visit::{HomeVisit, VisitArea},
    };

    use super::{AreaBy, VisitAreaForm};

    const SQUARE: &str = "[[150.9,-33.9],[151.1,-33.9],[151.1,-33.7],[150.9,-33.7],[150.9,-33.9]]";

    fn form() -> VisitAreaForm {
        VisitAreaForm { on: true, ..VisitAreaForm::of(None) }
    }

    fn drawn(geojson: &str) -> Result<Option<HomeVisit>, String> {
        let form = VisitAreaForm { by: AreaBy::Polygon, geojson: geojson.to_owned(), ..form() };
        form.read().map_err(|errors| {
            assert_eq!(errors[0].pointer, "/home_visit/area/corners");
            errors[0].detail.clone()
        })
    }

    #[test]
    fn each_sort_of_area_goes_through_the_form_unchanged() {
        let postcodes = VisitAreaForm { postcodes: "2150, 2151;2145\n2150".to_owned(), ..form() };
        let circle = VisitAreaForm {
            by: AreaBy::Circle,
            around: "Harris Park NSW 2150".to_owned(),
            center: GeoPoint::new(-33.82, 151.01).ok(),
            kilometres: "12".to_owned(),
            ..form()
        };
        let geojson = format!("{{\"type\":\"Polygon\",\"coordinates\":[{SQUARE}]}}");
        let polygon = VisitAreaForm { by: AreaBy::Polygon, geojson, ..form() };
        for form in [postcodes, circle, polygon] {
            let visit = form.read().unwrap().unwrap();
            assert_eq!(visit.travel_minutes, 20);
            assert_eq!(VisitAreaForm::of(Some(&visit)).read().unwrap(), Some(visit));
        }
        assert_eq!(VisitAreaForm::of(None).read(), Ok(None));
    }

    #[test]
    fn a_drawn_area_is_read_as_map_programs_save_it() {
        let feature = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{SQUARE}]}}}}]}}"
        );
        let Some(HomeVisit { area: VisitArea::Polygon { corners }, .. }) = drawn(&feature).unwrap() else {
            panic!("it is a polygon")
        };
        assert_eq!((corners.len(), corners[0].lat(), corners[0].lon()), (5, -33.9, 150.9));
        let holed = format!("{{\"type\":\"Polygon\",\"coordinates\":[{SQUARE},{SQUARE}]}}");
        assert_eq!(drawn(&holed).unwrap_err(), "Paste an area without holes");
        assert!(
            drawn("{\"type\":\"FeatureCollection\",\"features\":[]}").unwrap_err().starts_with("Paste one")
        );
        for text in ["", "here", "{}", "{\"type\":\"Point\",\"coordinates\":[151,-33]}"] {
            assert!(drawn(text).unwrap_err().starts_with("Paste a GeoJSON Polygon"), "{text}");
        }
        let crossed = "{\"type\":\"Polygon\",\"coordinates\":[[[150.9,-33.9],[151.1,-33.7],[151.1,-33.9],\
                       [150.9,-33.7],[150.9,-33.9]]]}";
        assert!(drawn(crossed).unwrap_err().starts_with("The line meets itself"));
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let wrong = VisitAreaForm { by: AreaBy::Circle, travel: "soon".to_owned(), ..form() };
        let pointers: Vec<_> = wrong.read().unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/home_visit/travel_minutes", "/home_visit/area/center"]);
        assert_eq!(form().read().unwrap_err()[0].pointer, "/home_visit/area/postcodes");
    }
}
