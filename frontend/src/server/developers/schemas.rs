//! Types with their fields.

use serde_json::Value;
use yew::prelude::*;

use super::types::{anchor, text, type_of};

/// All of a service's types.
pub fn schemas(document: &Value) -> Html {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    html! {
        <section class="seen-group">
            <h2>{ "Types" }</h2>
            { for schemas.map(|(name, schema)| html! {
                <details key={name.clone()} class="seen" id={anchor(name)}>
                    <summary><span class="seen__title"><code>{ name.clone() }</code></span></summary>
                    { description(schema) }
                    { shape(schema) }
                </details>
            }) }
        </section>
    }
}

fn description(schema: &Value) -> Html {
    match text(schema, "description") {
        "" => Html::default(),
        words => html! { <p>{ words.to_owned() }</p> },
    }
}

/// Fields of an object, kinds of an enum, or a type in words.
fn shape(schema: &Value) -> Html {
    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    match (schema["properties"].as_object(), choices) {
        (None, None) => html! { <p>{ type_of(schema) }</p> },
        (fields, choices) => html! {
            <>
                { if fields.is_some() { self::fields(schema) } else { Html::default() } }
                { choices.map(|choices| kinds(choices)).unwrap_or_default() }
            </>
        },
    }
}

fn kinds(choices: &[Value]) -> Html {
    html! {
        <ul>{ for choices.iter().enumerate().map(|(at, choice)| html! {
            <li key={at}>
                { description(choice) }
                { if choice["properties"].is_object() { fields(choice) } else { type_of(choice) } }
            </li>
        }) }</ul>
    }
}

fn fields(schema: &Value) -> Html {
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema["properties"].as_object().into_iter().flatten();
    html! {
        <table class="table table--stack">
            <thead><tr>
                <th scope="col">{ "Field" }</th><th scope="col">{ "Type" }</th><th scope="col">{ "What" }</th>
            </tr></thead>
            <tbody>{ for fields.map(|(name, field)| html! {
                <tr key={name.clone()}>
                    <th scope="row">
                        <code>{ name.clone() }</code>
                        { if required.contains(&name.as_str()) { "" } else { ", optional" } }
                    </th>
                    <td data-label="Type">{ type_of(field) }</td>
                    <td data-label="What">{ text(field, "description").to_owned() }</td>
                </tr>
            }) }</tbody>
        </table>
    }
}
