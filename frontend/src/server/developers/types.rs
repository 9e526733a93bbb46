//! Types in a few words.

use serde_json::Value;
use yew::prelude::*;

/// A field that is text; empty when it is not there.
pub fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// The address of a type on its page.
pub fn anchor(name: &str) -> String {
    format!("schema-{name}")
}

/// What a schema is, with a link where it has a name.
pub fn type_of(schema: &Value) -> Html {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return html! { <a href={format!("#{}", anchor(name))}><code>{ name.to_owned() }</code></a> };
    }
    if let Some(choices) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        return one_of(choices);
    }
    if let Some(only) = schema.get("const") {
        return html! { <code>{ only.to_string() }</code> };
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        return html! { <code>{ values.join(" or ") }</code> };
    }
    match &schema["type"] {
        Value::String(kind) => plain(kind, schema),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str).enumerate();
            html! { <>{ for kinds.map(|(at, kind)| html! {
                <>{ if at == 0 { "" } else { " or " } }{ plain(kind, schema) }</>
            }) }</> }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => html! { <>{ "anything" }</> },
    }
}

fn one_of(choices: &[Value]) -> Html {
    html! { <>{ for choices.iter().enumerate().map(|(at, choice)| html! {
        <>{ if at == 0 { "" } else { " or " } }{ type_of(choice) }</>
    }) }</> }
}

fn plain(kind: &str, schema: &Value) -> Html {
    match kind {
        "null" => html! { <>{ "nothing" }</> },
        "array" => match schema["prefixItems"].as_array() {
            Some(items) => html! { <>{ "list of exactly: " }{ for items.iter().map(|item| html! {
                <>{ type_of(item) }{ "; " }</>
            }) }</> },
            None => html! { <>{ "list of " }{ type_of(&schema["items"]) }</> },
        },
        "object" => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => html! { <>{ "map to " }{ type_of(values) }</> },
            Some(_) | None => html! { <>{ "object" }</> },
        },
        other => {
            let kind = match text(schema, "format") {
                "" => other.to_owned(),
                format => format!("{other} ({format})"),
            };
            html! { <>{ kind }{ bounds(schema) }</> }
        }
    }
}

/// What a value may be, where that is said.
fn bounds(schema: &Value) -> Html {
    const BOUNDS: [(&str, &str); 4] =
        [("minimum", "from "), ("maximum", "to "), ("maxLength", "at most "), ("pattern", "like ")];
    let words: Vec<_> = BOUNDS
        .into_iter()
        .filter_map(|(field, words)| {
            let value = schema.get(field)?;
            Some(format!("{words}{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        })
        .collect();
    if words.is_empty() {
        Html::default()
    } else {
        html! { <>{ format!(", {}", words.join(" ")) }</> }
    }
}
