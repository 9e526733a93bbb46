//! One operation while its handler's types say what they are.

use std::collections::BTreeMap;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::{MediaType as _, Policy, fhir, routes::Route};

/// One operation of a service while it is being described.
#[derive(Debug)]
pub struct Operation<'d> {
    route: &'d Route,
    generator: &'d mut SchemaGenerator,
    parameters: Vec<Value>,
    body: Option<Value>,
    responses: BTreeMap<String, Value>,
}

impl<'d> Operation<'d> {
    pub(super) fn new(route: &'d Route, generator: &'d mut SchemaGenerator) -> Self {
        let mut new =
            Self { route, generator, parameters: Vec::new(), body: None, responses: BTreeMap::new() };
        let refusals: &[u16] = match route.policy {
            Policy::Public => &[],
            Policy::Holder => &[404],
            Policy::Account => &[401],
            Policy::Practice(_) | Policy::Platform(_) => &[401, 403, 404],
        };
        for status in refusals {
            new.problem(*status);
        }
        new
    }

    /// Says that its path names these: one value, or a tuple in the path's order.
    ///
    /// # Panics
    /// When the path has more or fewer places than that.
    pub fn path<T: JsonSchema>(&mut self) {
        let schema = self.generator.subschema_for::<T>();
        let schemas = match schema.get("prefixItems") {
            Some(Value::Array(schemas)) => schemas.clone(),
            Some(_) | None => vec![schema.to_value()],
        };
        let names: Vec<_> = places(self.route.path).collect();
        let (path, operation) = (self.route.path, self.route.operation);
        assert_eq!(names.len(), schemas.len(), "{path} and what {operation} reads of it");
        for (name, schema) in names.into_iter().zip(schemas) {
            self.parameter("path", name, true, schema);
        }
        self.problem(400);
    }

    /// Says that its query is these fields.
    pub fn query<T: JsonSchema>(&mut self) {
        let schema = T::json_schema(self.generator);
        let Some(Value::Object(fields)) = schema.get("properties") else { return };
        let required: Vec<_> = match schema.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(_) | None => Vec::new(),
        };
        for (name, field) in fields {
            self.parameter("query", name, required.contains(&name.as_str()), without_null(field.clone()));
        }
        self.problem(400);
    }

    /// Says that it wants a header.
    pub fn header<T: JsonSchema>(&mut self, name: &str, description: &str) {
        let mut schema = self.generator.subschema_for::<T>();
        schema.insert("description".to_owned(), description.into());
        self.parameter("header", name, true, schema.to_value());
    }

    fn parameter(&mut self, place: &str, name: &str, required: bool, mut schema: Value) {
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let mut parameter = json!({"name": name, "in": place, "required": required, "schema": schema});
        if let (Some(parameter), Some(description)) = (parameter.as_object_mut(), description) {
            parameter.insert("description".to_owned(), description);
        }
        self.parameters.push(parameter);
    }

    /// Says that its body is JSON of that shape.
    pub fn json_body<T: JsonSchema>(&mut self) {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.body("application/json", &schema);
        for status in [400, 415, 422] {
            self.problem(status);
        }
    }

    /// Says that its body is of that media type and shape.
    pub fn body(&mut self, media_type: &str, schema: &Value) {
        self.body = Some(json!({"required": true, "content": {media_type: {"schema": schema}}}));
        self.problem(413);
    }

    /// Says that it replies JSON of that shape.
    pub fn json_reply<T: JsonSchema>(&mut self, status: u16) {
        let schema = self.generator.subschema_for::<T>().to_value();
        self.reply(status, json!({"application/json": {"schema": schema}}));
    }

    /// Says that it replies something of another media type. What such JSON looks like is its own standard's to say.
    pub fn written_reply(&mut self, status: u16, media_type: &str) {
        let essence = media_type.split(';').next().unwrap_or(media_type).trim();
        let schema = if essence.ends_with("json") { json!({}) } else { json!({"type": "string"}) };
        self.reply(status, json!({essence: {"schema": schema}}));
    }

    /// Says that it replies without a body.
    pub fn empty_reply(&mut self, status: u16) {
        self.reply(status, Value::Null);
    }

    /// Several replies of one status are told apart by their media types.
    fn reply(&mut self, status: u16, content: Value) {
        let description = match status {
            201 => "Made",
            202 => "Accepted; it will be done",
            204 => "Done; there is nothing to tell",
            303 => "See the address in `Location`",
            304 => "Not changed since",
            _ => "The reply",
        };
        let response =
            self.responses.entry(status.to_string()).or_insert_with(|| json!({"description": description}));
        if let (Some(response), Value::Object(content)) = (response.as_object_mut(), content) {
            let kept = response.entry("content").or_insert_with(|| Map::new().into());
            if let Some(kept) = kept.as_object_mut() {
                kept.extend(content);
            }
        }
    }

    /// Says that it may be refused with that status.
    pub fn problem(&mut self, status: u16) {
        let refusal = self.refusal(&status.to_string());
        self.responses.entry(status.to_string()).or_insert(refusal);
    }

    /// Where FHIR is spoken, problems leave as operation outcomes.
    fn refusal(&self, name: &str) -> Value {
        if fhir::is_spoken_at(self.route.path) {
            let kind = fhir::FhirJson::NAME;
            return json!({"description": "A refusal, as an OperationOutcome.", "content": {kind: {}}});
        }
        json!({"$ref": format!("#/components/responses/{name}")})
    }

    /// The operation as the description shows it.
    ///
    /// # Panics
    /// When its handler leaves a place of the path unread.
    pub(super) fn finish(mut self) -> Value {
        let route = self.route;
        for name in places(route.path) {
            let read = self.parameters.iter().any(|one| one["in"] == "path" && one["name"] == name);
            assert!(read, "{} does not read {name} of {}", route.operation, route.path);
        }
        let other = self.refusal("problem");
        self.responses.insert("default".to_owned(), other);
        let mut operation = json!({
            "operationId": route.operation,
            "summary": summary(route.operation),
            "tags": [tag(route.path)],
            "parameters": self.parameters,
            "responses": self.responses,
            "security": security(route.policy),
            "x-policy": format!("{:?}", route.policy),
            "x-max-body": route.max_body,
        });
        if let (Some(operation), Some(body)) = (operation.as_object_mut(), self.body) {
            operation.insert("requestBody".to_owned(), body);
        }
        operation
    }
}

/// The names in a path's braces.
fn places(path: &str) -> impl Iterator<Item = &str> {
    path.split(['{', '}']).skip(1).step_by(2)
}

/// `create_hold` as `Create hold`.
fn summary(operation: &str) -> String {
    let words = operation.replace('_', " ");
    match words.split_at_checked(1) {
        Some((first, rest)) => first.to_uppercase() + rest,
        None => words,
    }
}

/// The first part of the path that is the service's own: `holds`.
fn tag(path: &str) -> &str {
    let own = path.strip_prefix("/api/v1/").and_then(|path| path.split_once('/')).map(|(_, own)| own);
    own.unwrap_or(path).split('/').find(|part| !part.is_empty()).unwrap_or_default()
}

/// Any one of these cookies lets a caller in; which things they see is the policy's and the handler's to say.
fn security(policy: Policy) -> Value {
    match policy {
        Policy::Public => json!([]),
        Policy::Holder => json!([{"guest": []}, {"manage": []}, {"session": []}]),
        Policy::Account | Policy::Practice(_) | Policy::Platform(_) => json!([{"session": []}]),
    }
}

/// A query leaves out what is not there; it has no null.
fn without_null(mut schema: Value) -> Value {
    let Some(fields) = schema.as_object_mut() else { return schema };
    if fields.get("default").is_some_and(Value::is_null) {
        fields.remove("default");
    }
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            fields.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = fields.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            fields.remove("anyOf");
            fields.extend(only);
        }
    }
    schema
}
