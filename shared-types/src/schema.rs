//! JSON Schemas of types whose JSON is not what their fields say.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::{
    GeoPoint, Zone,
    personal::Personal,
    providers::{Gender, MAX_RADIUS_M, Order, SearchProviders},
};

/// What is wrapped, and nothing around it.
impl<T: JsonSchema> JsonSchema for Personal<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Self::ALL.iter().map(|zone| zone.name()).collect();
        json_schema!({
            "type": "string",
            "description": "An IANA time zone used on Australian soil.",
            "enum": names,
            "examples": [Self::SYDNEY.name()],
        })
    }
}

impl JsonSchema for GeoPoint {
    fn schema_name() -> Cow<'static, str> {
        "GeoPoint".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A point in WGS 84 degrees.",
            "properties": {
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lon": {"type": "number", "minimum": -180, "maximum": 180},
            },
            "required": ["lat", "lon"],
            "examples": [{"lat": -33.8688, "lon": 151.2093}],
        })
    }
}

/// The parameters of the query, by their names there.
impl JsonSchema for SearchProviders {
    fn schema_name() -> Cow<'static, str> {
        "SearchProviders".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (gender, order) = (generator.subschema_for::<Gender>(), generator.subschema_for::<Order>());
        json_schema!({
            "type": "object",
            "properties": {
                "q": words("Words: a name, a practice, a service."),
                "profession": words("A profession's slug."),
                "near": words("A suburb, town or postcode in words."),
                "lat": degrees(90, "A point's latitude, together with `lon`, instead of words."),
                "lon": degrees(180, "Its longitude."),
                "bbox": {
                    "type": "string",
                    "description": "A map window in degrees, instead of a point: west,south,east,north.",
                    "examples": ["150.9,-33.9,151.1,-33.7"],
                },
                "radius_m": whole(100, MAX_RADIUS_M, "How far, in metres; by default wide enough for the place."),
                "bulk_billing": flag("Bulk bills."),
                "telehealth": flag("Telehealth: anywhere in the place's state."),
                "home_visit": flag("Home visits to the place."),
                "wheelchair": flag("Wheelchair access."),
                "new_patients": flag("Accepts new patients."),
                "language": {
                    "type": "string",
                    "description": "A BCP 47 language tag.",
                    "pattern": "^[A-Za-z0-9-]{1,12}$",
                    "examples": ["ar"],
                },
                "gender": gender,
                "before": {
                    "type": "string",
                    "format": "date",
                    "description": "A first free time on or before this date.",
                },
                "order": order,
                "limit": whole(1, 100, "How many; 20 unless told."),
                "zoom": whole(0, 19, "The map's zoom; asks for clusters together with `bbox`."),
                "facets": flag("Asks how many have each facet."),
                "cursor": {"type": "string", "description": "Where to go on, as a reply's `next` said."},
            },
        })
    }
}

fn words(description: &str) -> Value {
    json!({"type": "string", "maxLength": 100, "description": description})
}

fn degrees(most: i32, description: &str) -> Value {
    json!({"type": "number", "minimum": -most, "maximum": most, "description": description})
}

fn whole(least: u32, most: u32, description: &str) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": most, "description": description})
}

fn flag(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema as _, SchemaGenerator};

    use crate::providers::SearchProviders;

    /// An absurd value is refused by each parameter that is read, but by those that take any words.
    #[test]
    fn each_parameter_of_the_search_that_is_described_is_read() {
        let schema = SearchProviders::json_schema(&mut SchemaGenerator::default());
        let described = schema.get("properties").unwrap().as_object().unwrap();
        for name in described.keys().filter(|name| *name != "cursor") {
            let absurd = "<>".repeat(60);
            let errors = SearchProviders::from_query(&format!("{name}={absurd}")).unwrap_err();
            assert!(errors.iter().any(|error| error.pointer == *name), "{name}: {errors:?}");
        }
    }
}
