//! Where somebody wants to be visited at home, while they write it.

use serde::{Deserialize, Serialize};
use shared_types::{
    GeoPoint,
    bookings::home_visit::VisitAddress,
    personal::Personal,
    problem::FieldError,
    providers::{Place, PlaceKind},
};

/// The box for the suburb or town, as errors name it.
pub const LOCALITY: &str = "/visit/locality";

/// What stands in the fields. No `Debug`: it is personal.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct VisitForm {
    /// The street and number.
    pub street: String,
    /// The suburb or town with its postcode.
    pub place: String,
    /// Where that is, once it was chosen from the list.
    pub point: Option<GeoPoint>,
}

impl VisitForm {
    /// With another street.
    pub fn with_street(&self, street: String) -> Self {
        Self { street, ..self.clone() }
    }

    /// With other words for the place, which nobody has looked up yet.
    pub fn with_words(&self, place: String) -> Self {
        Self { place, point: None, ..self.clone() }
    }

    /// With a place from the list.
    pub fn with_place(&self, place: &Place) -> Self {
        Self { place: place.label.clone(), point: GeoPoint::new(place.lat, place.lon).ok(), ..self.clone() }
    }

    /// The address as the API takes it.
    ///
    /// # Errors
    /// One entry for each field that is wrong: the postcode stands in the box for the suburb or town.
    pub fn read(&self) -> Result<VisitAddress, Vec<FieldError>> {
        let words = self.place.trim();
        let (locality, postcode) = words.rsplit_once(' ').unwrap_or((words, ""));
        let address = VisitAddress {
            street: self.street.clone().into(),
            locality: locality.to_owned().into(),
            postcode: postcode.to_owned().into(),
            point: self.point.map(Personal::new),
        };
        address.check().map_err(|errors| {
            let street = errors.iter().find(|error| error.pointer == "/visit/street").cloned();
            let place = errors.iter().any(|error| error.pointer != "/visit/street");
            let choose = FieldError::new(LOCALITY, "Choose the suburb or town from the list");
            street.into_iter().chain(place.then_some(choose)).collect()
        })
    }
}

/// The suburbs and towns among some places: a visit goes to none of the others.
pub fn localities(places: Vec<Place>) -> Vec<Place> {
    places.into_iter().filter(|place| place.kind == PlaceKind::Locality).collect()
}

#[cfg(test)]
mod tests {
    use shared_types::providers::{Place, PlaceKind};

    use super::{VisitForm, localities};

    fn place(kind: PlaceKind) -> Place {
        Place {
            kind,
            label: "Harris Park NSW 2150".to_owned(),
            name: "Harris Park".to_owned(),
            state: "NSW".to_owned(),
            postcode: "2150".to_owned(),
            lat: -33.82,
            lon: 151.01,
            slug: None,
            corrected_from: None,
        }
    }

    #[test]
    fn a_place_from_the_list_brings_its_postcode_and_where_it_is() {
        let form = VisitForm::default().with_street("12 Example Street".to_owned());
        let chosen = form.with_place(&place(PlaceKind::Locality));
        let address = chosen.read().unwrap();
        assert_eq!(address.line(), "12 Example Street, Harris Park NSW 2150");
        assert_eq!(address.point.unwrap().expose().lat(), -33.82);
        // Other words are another place.
        assert!(chosen.with_words("Sydney NSW 2000".to_owned()).read().unwrap().point.is_none());
    }

    #[test]
    fn what_is_missing_is_said_once_for_each_box() {
        let pointers = |form: VisitForm| {
            let errors = form.read().err().unwrap_or_default();
            errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(VisitForm::default()), ["/visit/street", "/visit/locality"]);
        let street = VisitForm::default().with_street("1 Example Street".to_owned());
        assert_eq!(pointers(street.with_words("Harris Park".to_owned())), ["/visit/locality"]);
        assert_eq!(pointers(street.with_words("2150".to_owned())), ["/visit/locality"]);
    }

    #[test]
    fn only_suburbs_and_towns_are_offered() {
        let all = vec![place(PlaceKind::Postcode), place(PlaceKind::Locality), place(PlaceKind::Window)];
        assert_eq!(localities(all), [place(PlaceKind::Locality)]);
    }
}
