//! Operations, by the first part of their path and by their path.

use std::collections::BTreeMap;

use serde_json::Value;
use yew::prelude::*;

use super::types::{text, type_of};

/// One operation, and where it is.
#[derive(Clone, Copy)]
struct Shown<'d> {
    method: &'d str,
    path: &'d str,
    operation: &'d Value,
}

impl Shown<'_> {
    /// Whether each wanted word is in its name or its path.
    fn has(&self, wanted: &str) -> bool {
        let words = format!("{} {} {}", self.method, self.path, text(self.operation, "operationId"));
        let words = words.to_lowercase().replace('_', " ");
        wanted.to_lowercase().replace('_', " ").split_whitespace().all(|word| words.contains(word))
    }
}

/// Those that have the wanted words; all of them when there are none.
pub fn operations(document: &Value, wanted: &str) -> Html {
    let mut sections: BTreeMap<&str, BTreeMap<&str, Vec<Shown<'_>>>> = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let shown = Shown { method, path, operation };
            if shown.has(wanted) {
                let tag = operation["tags"][0].as_str().unwrap_or("other");
                sections.entry(tag).or_default().entry(path).or_default().push(shown);
            }
        }
    }
    if sections.is_empty() {
        return html! { <p role="status">{ "No operation has these words." }</p> };
    }
    html! { <>{ for sections.into_iter().map(|(tag, paths)| section(document, tag, paths)) }</> }
}

fn section(document: &Value, tag: &str, paths: BTreeMap<&str, Vec<Shown<'_>>>) -> Html {
    html! {
        <section key={tag.to_owned()} class="seen-group">
            <h2>{ tag.to_owned() }</h2>
            { for paths.into_iter().map(|(path, shown)| html! {
                <div key={path.to_owned()}>
                    <h3><code>{ path.to_owned() }</code></h3>
                    { for shown.into_iter().map(|shown| one(document, shown)) }
                </div>
            }) }
        </section>
    }
}

fn one(document: &Value, shown: Shown<'_>) -> Html {
    let Shown { method, operation, .. } = shown;
    let id = text(operation, "operationId").to_owned();
    html! {
        <details key={id.clone()} class="seen" id={id.clone()}>
            <summary>
                <span class="seen__title">
                    <code>{ method.to_uppercase() }</code>{ " " }{ text(operation, "summary").to_owned() }
                </span>
                <span class="seen__classes"><span class="badge">{ who(text(operation, "x-policy")) }</span></span>
            </summary>
            <p class="muted">{ "Called " }<code>{ id }</code>{ "." }</p>
            { parameters(operation) }
            { body(operation) }
            { replies(document, operation) }
        </details>
    }
}

/// Who may call it: the policy as the code writes it, in words.
fn who(policy: &str) -> String {
    let (kind, roles) = policy.split_once('(').unwrap_or((policy, ""));
    let roles = roles.trim_end_matches(')').trim_matches(['[', ']']);
    match kind {
        "Public" => "Anybody".to_owned(),
        "Holder" => "Guests and members, for what is theirs".to_owned(),
        "Account" => "Whoever is signed in".to_owned(),
        "Practice" => format!("The practice: {roles}"),
        "Platform" => format!("Our staff: {roles}"),
        other => other.to_owned(),
    }
}

fn parameters(operation: &Value) -> Html {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parameters.is_empty() {
        return Html::default();
    }
    html! {
        <table class="table table--stack">
            <caption>{ "Takes" }</caption>
            <thead><tr>
                <th scope="col">{ "Name" }</th><th scope="col">{ "Where" }</th>
                <th scope="col">{ "Type" }</th><th scope="col">{ "What" }</th>
            </tr></thead>
            <tbody>{ for parameters.iter().map(parameter) }</tbody>
        </table>
    }
}

fn parameter(parameter: &Value) -> Html {
    let name = text(parameter, "name").to_owned();
    let place = text(parameter, "in");
    let place = if parameter["required"] == true { place.to_owned() } else { format!("{place}, optional") };
    html! {
        <tr key={name.clone()}>
            <th scope="row"><code>{ name }</code></th>
            <td data-label="Where">{ place }</td>
            <td data-label="Type">{ type_of(&parameter["schema"]) }</td>
            <td data-label="What">{ text(parameter, "description").to_owned() }</td>
        </tr>
    }
}

fn body(operation: &Value) -> Html {
    let Some(content) = operation["requestBody"]["content"].as_object() else { return Html::default() };
    let most = operation["x-max-body"].as_u64().unwrap_or_default();
    html! {
        <p>
            { "Body: " }{ for content.iter().map(|(kind, media)| media_type(kind, media)) }
            { format!(", at most {most} bytes.") }
        </p>
    }
}

fn media_type(kind: &str, media: &Value) -> Html {
    html! { <span key={kind.to_owned()}>{ type_of(&media["schema"]) }{ " as " }<code>{ kind.to_owned() }</code></span> }
}

fn replies(document: &Value, operation: &Value) -> Html {
    let replies = operation["responses"].as_object().into_iter().flatten();
    html! {
        <table class="table table--stack">
            <caption>{ "Replies" }</caption>
            <thead><tr>
                <th scope="col">{ "Status" }</th><th scope="col">{ "What" }</th>
                <th scope="col">{ "Type" }</th><th scope="col">{ "What can follow" }</th>
            </tr></thead>
            <tbody>{ for replies.map(|(status, reply)| self::reply(document, status, reply)) }</tbody>
        </table>
    }
}

fn reply(document: &Value, status: &str, reply: &Value) -> Html {
    let shared = reply["$ref"].as_str().and_then(|path| document.pointer(path.trim_start_matches('#')));
    let reply = shared.unwrap_or(reply);
    let content = reply["content"].as_object().into_iter().flatten();
    let links = reply["links"].as_object().into_iter().flatten();
    html! {
        <tr key={status.to_owned()}>
            <th scope="row">{ status.to_owned() }</th>
            <td data-label="What">{ text(reply, "description").to_owned() }</td>
            <td data-label="Type">{ for content.map(|(kind, media)| media_type(kind, media)) }</td>
            <td data-label="What can follow">{ for links.map(|(to, _)| html! {
                <span key={to.clone()}><a href={format!("#{to}")}><code>{ to.clone() }</code></a>{ " " }</span>
            }) }</td>
        </tr>
    }
}
