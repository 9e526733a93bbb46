//! Which operation can be called with what another one told. Ids are found by their names and types; what else follows
//! from a reply, the service says with [`crate::Routes::follows`].

use serde_json::{Map, Value, json};

/// That one operation's body can be made of another's reply: fields of the body, with where the reply has them.
#[derive(Debug)]
pub(crate) struct Follows {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) with: &'static [(&'static str, &'static str)],
}

/// Adds the links to the operations' replies. `schemas` are the components.
///
/// # Panics
/// When what the service says follows from a reply does not.
pub(super) fn add(operations: &mut [Value], follows: &[Follows], schemas: &Map<String, Value>) {
    let mut found = Vec::new();
    for from in operations.iter() {
        for (status, schema) in replies(from) {
            let told = Told { ids: ids_in(schema, schemas), fields: fields(schema, schemas) };
            let mut links: Map<String, Value> = operations
                .iter()
                .filter(|to| to["operationId"] != from["operationId"])
                .filter_map(|to| Some((name(to).to_owned(), link(from, to, &told, schemas)?)))
                .collect();
            for follow in follows.iter().filter(|follow| from["operationId"] == follow.from) {
                links.insert(follow.to.to_owned(), spelled_out(follow, schema, operations, schemas));
            }
            if !links.is_empty() {
                found.push((name(from).to_owned(), status.to_owned(), links));
            }
        }
    }
    for (from, status, links) in found {
        let operation = operations.iter_mut().find(|operation| operation["operationId"] == from.as_str());
        if let Some(Value::Object(response)) =
            operation.and_then(|operation| operation.pointer_mut(&format!("/responses/{status}")))
        {
            response.insert("links".to_owned(), links.into());
        }
    }
}

/// What a reply tells.
struct Told<'s> {
    /// Ids by name: their schema, and where they are.
    ids: Vec<(&'s str, &'s Value, String)>,
    /// Its own fields.
    fields: Vec<(&'s str, &'s Value)>,
}

impl Told<'_> {
    /// Where an id is: the one of that name, or the only one of its type.
    fn id(&self, name: &str, wanted: &Value) -> Option<&str> {
        let of_type: Vec<_> =
            self.ids.iter().filter(|(_, schema, _)| schema.get("$ref") == Some(wanted)).collect();
        let named = of_type.iter().find(|(known, ..)| *known == name);
        match (named, of_type.as_slice()) {
            (Some((_, _, pointer)), _) | (None, [(_, _, pointer)]) => Some(pointer),
            (None, _) => None,
        }
    }
}

/// A link, when each id that the other operation needs is told by the reply or was in the request, and at least one was
/// told. Its body comes along where all that it needs is told as well.
fn link(from: &Value, to: &Value, told: &Told<'_>, schemas: &Map<String, Value>) -> Option<Value> {
    let mut by_reply = false;
    let mut values = Map::new();
    for parameter in parameters(to).filter(|one| one["required"] == true) {
        let name = parameter["name"].as_str()?;
        let Some(id) = parameter["schema"].get("$ref") else {
            // What is no id may be left to the caller, but where it is part of the path.
            if parameter["in"] == "path" {
                return None;
            }
            continue;
        };
        let value = match told.id(name, id) {
            Some(pointer) => {
                by_reply = true;
                format!("$response.body#{pointer}")
            }
            None => {
                parameters(from).find(|one| one["in"] == "path" && one["name"] == name)?;
                format!("$request.path.{name}")
            }
        };
        values.insert(name.to_owned(), value.into());
    }
    if !by_reply {
        return None;
    }
    let mut link = json!({"operationId": name(to), "parameters": values});
    if let (Some(link), Some(body)) = (link.as_object_mut(), body(to, told, schemas)) {
        link.insert("requestBody".to_owned(), body);
    }
    Some(link)
}

/// A body made of a reply's own fields.
fn body(to: &Value, told: &Told<'_>, schemas: &Map<String, Value>) -> Option<Value> {
    let schema = resolved(to.pointer("/requestBody/content/application~1json/schema")?, schemas);
    let mut body = Map::new();
    for name in schema.get("required")?.as_array()?.iter().filter_map(Value::as_str) {
        let wanted = bare(&schema["properties"][name]);
        told.fields.iter().find(|(known, field)| *known == name && bare(field) == wanted)?;
        body.insert(name.to_owned(), format!("$response.body#/{name}").into());
    }
    Some(body.into())
}

/// A link that the service has spelled out.
fn spelled_out(
    follows: &Follows,
    reply: &Value,
    operations: &[Value],
    schemas: &Map<String, Value>,
) -> Value {
    let Follows { from, to, with } = follows;
    let target = operations.iter().find(|operation| operation["operationId"] == *to);
    let target = target.unwrap_or_else(|| panic!("{to} follows from {from} and is no operation"));
    let body = target.pointer("/requestBody/content/application~1json/schema");
    let body = resolved(body.unwrap_or(&Value::Null), schemas);
    let mut values = Map::new();
    for (field, pointer) in *with {
        assert!(body["properties"].get(field).is_some(), "{to} takes no {field}");
        assert!(at(reply, pointer, schemas).is_some(), "{from} does not tell {pointer}");
        values.insert((*field).to_owned(), format!("$response.body#{pointer}").into());
    }
    json!({"operationId": to, "requestBody": values})
}

/// The schema at a pointer into a value: `/starts/0`.
fn at<'s>(schema: &'s Value, pointer: &str, schemas: &'s Map<String, Value>) -> Option<&'s Value> {
    pointer.split('/').skip(1).try_fold(schema, |schema, part| {
        let schema = resolved(schema, schemas);
        match part.parse::<usize>() {
            Ok(_) => schema.get("items"),
            Err(_) => schema.get("properties")?.get(part),
        }
    })
}

/// Ids among a reply's fields, and among those of the first of its items.
fn ids_in<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> Vec<(&'s str, &'s Value, String)> {
    let own = fields(schema, schemas);
    let items = own.iter().find(|(name, _)| *name == "items").and_then(|(_, items)| items.get("items"));
    let of_items = items.map(|item| fields(item, schemas)).unwrap_or_default();
    let own = own.into_iter().map(|(name, schema)| (name, schema, format!("/{name}")));
    let of_items = of_items.into_iter().map(|(name, schema)| (name, schema, format!("/items/0/{name}")));
    own.chain(of_items).filter(|(_, schema, _)| schema.get("$ref").is_some()).collect()
}

/// The fields of an object.
fn fields<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> Vec<(&'s str, &'s Value)> {
    match resolved(schema, schemas).get("properties") {
        Some(Value::Object(fields)) => fields.iter().map(|(name, field)| (name.as_str(), field)).collect(),
        Some(_) | None => Vec::new(),
    }
}

/// A schema itself instead of a reference to it.
fn resolved<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> &'s Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.and_then(|name| schemas.get(name)).unwrap_or(schema)
}

/// A schema without its words.
fn bare(schema: &Value) -> Value {
    let mut bare = schema.clone();
    if let Some(fields) = bare.as_object_mut() {
        fields.remove("description");
    }
    bare
}

/// The JSON replies of an operation, by status.
fn replies(operation: &Value) -> impl Iterator<Item = (&str, &Value)> {
    operation["responses"].as_object().into_iter().flatten().filter_map(|(status, response)| {
        Some((status.as_str(), response.pointer("/content/application~1json/schema")?))
    })
}

fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().into_iter().flatten()
}

fn name(operation: &Value) -> &str {
    operation["operationId"].as_str().unwrap_or_default()
}
